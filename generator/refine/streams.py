"""What goes on after the first answer: watches, logs that grow, and the terminal of a pod."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.document import GROWING_LOG, WATCH, WEBSOCKET
from generator.errors import GeneratorError
from generator.package import Argument, Operation, Watch
from generator.pytypes import PyType

# A watch has no pages, and a line of it that is printed prettily would be many.
_NOT_WATCHED = ("limit", "continue", "pretty")


def watch_of(
    operation: Mapping[str, Any], item: PyType | None, query: tuple[Argument, ...], where: str
) -> Watch | None:
    names = operation.get(WATCH)
    if names is None:
        return None
    if item is None:
        raise GeneratorError(
            f"{where} can be watched but does not return a list.\nCorrect its response with an overlay."
        )
    return Watch(
        list_method=names.get("list"),
        object_method=names.get("object") if any(one.wire == "fieldSelector" for one in query) else None,
        item=item,
        query=tuple(one for one in query if one.wire not in _NOT_WATCHED),
    )


def check_streams(members: Iterable[Operation]) -> None:
    """Refuse what the client could not read as the log or the terminal that it is said to be."""
    for one in members:
        if one.growing_log and not _can_grow(one):
            raise GeneratorError(
                f"{one.method} {one.path} has {GROWING_LOG}, but is no GET of text with a query parameter `start` "
                "and no other that must be given.\nCorrect it with an overlay."
            )
        if one.websocket and not (one.method == "GET" and one.body is None and one.responses[0].status == 101):
            raise GeneratorError(
                f"{one.method} {one.path} has {WEBSOCKET}, but is no GET that is answered with 101.\n"
                "Correct it with an overlay."
            )


def _can_grow(one: Operation) -> bool:
    required = {argument.wire for argument in (*one.query, *one.headers) if argument.required}
    return (
        one.method == "GET"
        and one.reads == "text"
        and any(argument.wire == "start" for argument in one.query)
        and required <= {"start"}
    )
