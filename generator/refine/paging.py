"""How a list comes in pages, and the keyword arguments `limit` and `page` in place of what the wire calls them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from generator.errors import GeneratorError
from generator.package import Argument
from generator.pytypes import EnvelopeOf, ListOf, ModelType, Nullable, Plain, PyType
from generator.schema import Schema, reference
from generator.typing_rules import type_of

_INT = Plain("int")
# What the families call the size and the number of a page, and the number of items before it (evidence/pagination.md §1).
_KEYWORDS = {"pageSize": "limit", "pageNumber": "page", "size": "limit", "from": "start"}
_LIMIT = "Size of a page, from 1; it is also how many items come at a time where all are iterated over."
_PAGE = "Number of the page to begin at, from 1."
_PAGE_IN_PLACE_OF_START = "Number of the page to begin at, from 1, in place of start."


@frozen
class Pages:
    """How a list comes.

    Attributes:
        item: the type of what it lists.
        family: the query parameter by which the runtime knows how the next page is asked for; None where it all comes
            at once.
    """

    item: PyType
    family: str | None


def pages_of(returns: PyType, query: tuple[Argument, ...], schemas: Mapping[str, Schema]) -> Pages | None:
    """How the answer is a page of a list; None where it is none.

    Args:
        query: what an operation takes, those that it always sends apart.
    """
    wires = {argument.wire for argument in query}
    if isinstance(returns, ListOf):
        return Pages(returns.item, "start") if {"start", "limit"} <= wires else None
    item = _item(returns, schemas)
    if item is not None:
        return Pages(item, _family(wires))
    for family, size, place in _NESTED:
        nested = _nested(returns, place, schemas)
        if {family, size} <= wires and nested is not None and _is_asked_for(family, query):
            return Pages(nested, family)
    return None


def with_keywords(query: tuple[Argument, ...], family: str | None) -> tuple[Argument, ...]:
    """The query parameters under the names that they have as keyword arguments.

    Raises:
        GeneratorError: two would have one name.
    """
    found: list[Argument] = []
    for argument in query:
        if argument.wire == "paging" and family == "paging":
            found += [
                Argument("limit", "limit", _INT, False, f"{_LIMIT} Ten, if it is left out."),
                Argument("page", "page", _INT, False, _PAGE),
            ]
        elif argument.wire in _KEYWORDS and _renames({one.wire for one in query}):
            required = argument.required and family != "pageNumber"  # the runtime fills these in
            found.append(evolve(argument, name=_KEYWORDS[argument.wire], required=required))
        else:
            found.append(argument)
    if family in ("start", "from"):
        found.append(Argument("page", "page", _INT, False, _PAGE_IN_PLACE_OF_START))
    names = [argument.name for argument in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise GeneratorError(
            f"A list takes {' and '.join(twice)} twice: once as the keyword of every list.\n"
            "Remove the parameter that is no page with an overlay."
        )
    return tuple(found)


# By the parameter that tells a family: the one for the size of its pages, and where the items are in the answer.
_NESTED = (
    ("pageNumber", "pageSize", ("repositories", "items")),
    ("from", "size", ("query", "records")),
    ("sort_metric", "limit", ("results",)),
)


def _family(query: set[str]) -> str | None:
    if {"page", "limit"} <= query:
        return "page"
    if "paging" in query:
        return "paging"
    if {"start", "limit"} <= query:
        return "start"
    return "continue" if {"continue", "limit"} <= query else None


def _renames(query: set[str]) -> bool:
    return {"pageNumber", "pageSize"} <= query or {"from", "size"} <= query


def _is_asked_for(family: str, query: tuple[Argument, ...]) -> bool:
    """Whether the answer has a list in any case: not where another parameter may ask for something else."""
    if family == "from":
        # statistics and histogram are no lists, so `operation` must be settled.
        return all(argument.wire != "operation" for argument in query)
    if family == "sort_metric":
        # Metrics come in pages only where they are sorted (evidence/pagination.md §5).
        return any(argument.wire == family and argument.required for argument in query)
    return True


def _item(returns: PyType, schemas: Mapping[str, Schema]) -> PyType | None:
    """The type of the items when an answer is a list in an envelope: `items` beside a total or a list's metadata."""
    if isinstance(returns, EnvelopeOf):
        return returns.item
    properties = _properties(returns, schemas)
    metadata = reference(properties.get("metadata", {})) or ""
    if not ({"totalItems", "total_count"} & set(properties) or metadata.endswith(".ListMeta")):
        return None
    return _nested(returns, ("items",), schemas)


def _nested(kind: PyType, path: tuple[str, ...], schemas: Mapping[str, Schema]) -> PyType | None:
    """The type of the items of the list at a path of properties; None where there is no list."""
    for name in path:
        properties = _properties(kind, schemas)
        if name not in properties:
            return None
        kind = type_of(properties[name], schemas)
        kind = kind.inner if isinstance(kind, Nullable) else kind
    return kind.item if isinstance(kind, ListOf) else None


def _properties(kind: PyType, schemas: Mapping[str, Schema]) -> Mapping[str, Schema]:
    if not isinstance(kind, ModelType):
        return {}
    properties: Mapping[str, Schema] = schemas[f"{kind.module}.{kind.name}"].get("properties", {})
    return properties
