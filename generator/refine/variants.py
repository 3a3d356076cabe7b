"""One operation whose answer depends on one query value: a method for each of these values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import VARIANTS, WATCH

# Of a variant: the operation it is one of, and the query parameters that it always sends.
VARIANT_OF = "x-kubesphere-variant-of"
FIXED = "x-kubesphere-fixed"


def variants(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each variant as an operation of its own.

    `x-kubesphere-variants` maps a method's name to {summary, query, content, without}. A value in `query` is always sent;
    null makes a parameter of the operation required; an object describes a required parameter that only the variant has;
    `without` names the parameters that mean nothing to it. Where `content` is absent the answer is the operation's own.
    """
    group, _, name = operation["operationId"].rpartition(".")
    for method, variant in operation.get(VARIANTS, {}).items():
        query: Mapping[str, Any] = variant["query"]
        left_out = {*variant.get("without", ())}
        fixed = {wire: value for wire, value in query.items() if value is not None and not isinstance(value, dict)}
        yield {
            **{key: value for key, value in operation.items() if key not in (VARIANTS, WATCH)},
            **{key: variant[key] for key in ("summary", "description") if key in variant},
            "operationId": f"{group}.{method}",
            "parameters": _parameters(operation.get("parameters", []), query, left_out | fixed.keys()),
            "responses": {**operation["responses"], **_answer(variant)},
            VARIANT_OF: name,
            FIXED: fixed,
        }


def _answer(variant: Mapping[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "", "content": variant["content"]}} if "content" in variant else {}


def _parameters(every: list[Any], query: Mapping[str, Any], left_out: set[str]) -> list[Any]:
    kept = [
        {**one, "required": True} if one["in"] == "query" and query.get(one["name"], one) is None else one
        for one in every
        if one["in"] != "query" or one["name"] not in left_out
    ]
    own = [
        {"name": wire, "in": "query", "required": True, **described}
        for wire, described in query.items()
        if isinstance(described, dict)
    ]
    return kept + own
