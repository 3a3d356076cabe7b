"""The parameters of pages: every list takes them as `limit`, `page` and `start`, whatever the wire calls them."""

from __future__ import annotations

import re
from typing import Any

from tests.contract.methods import Methods
from tests.contract.routes import Template

_PAIR = re.compile(r"limit=([1-9][0-9]*),page=([1-9][0-9]*)")
_NOT_POSITIVE = re.compile(r"0|-[1-9][0-9]*")
_NUMBERS = ("limit", "page", "size", "pageSize", "pageNumber")


def page_arguments(
    methods: Methods, template: Template, query: dict[str, list[str]]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The arguments that only lists have, and what is left of the query.

    What is no size or number of a page, such as limit=-1, a list refuses as a keyword and takes in `extra_query`.
    """
    declared, method = template.parameters("query"), template.identifier
    arguments: dict[str, Any] = {}
    extra: dict[str, str] = {}
    left = dict(query)
    if len(left.get("paging", ())) == 1 and "paging" in declared and methods.takes(method, "limit"):
        (text,) = left.pop("paging")
        pair = _PAIR.fullmatch(text)
        if pair is None:
            extra["paging"] = text
        else:
            arguments |= {"limit": int(pair[1]), "page": int(pair[2])}
    for wire in _NUMBERS:
        texts = left.get(wire, [])
        if wire in declared and len(texts) == 1 and _NOT_POSITIVE.fullmatch(texts[0]):
            extra[wire] = left.pop(wire)[0]
    return arguments | ({"extra_query": extra} if extra else {}), left
