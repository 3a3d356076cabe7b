"""What an operation answers: its successes with their types, its errors, and how the body of a success is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.document import primary_media
from generator.errors import GeneratorError
from generator.package import Response
from generator.pytypes import NONE, STR, PyType
from generator.refine.text import text
from generator.schema import Schema
from generator.typing_rules import media_kind, type_of


def answers_of(
    operation: Mapping[str, Any], schemas: Mapping[str, Schema], where: str
) -> tuple[tuple[Response, ...], tuple[tuple[str, str], ...], str]:
    """The declared successes, the declared errors with their descriptions, and how a success's body is read."""
    # 101 is the success of a request for a WebSocket.
    successes = {
        status: one for status, one in operation["responses"].items() if status == "101" or status[:1] in ("2", "3")
    }
    errors = {status: one for status, one in operation["responses"].items() if status not in successes}
    if not successes:
        # Nothing else is declared, so what `default` describes is the success.
        successes = {"200": errors.pop("default", {})}
    kinds = {_reads(one) for one in successes.values() if one.get("content")}
    if not kinds and all(_redirects(status, one) for status, one in successes.items()):
        return tuple(Response(_status(status, where), STR) for status in sorted(successes)), _errors(errors), "location"
    kinds = kinds or {"json"}
    if len(kinds) > 1:
        raise GeneratorError(
            f"{where} declares successes of different kinds ({', '.join(sorted(kinds))}).\n"
            "Correct its media types with an overlay."
        )
    (reads,) = kinds
    responses = tuple(
        Response(_status(status, where), _response_type(one, schemas, reads, where))
        for status, one in sorted(successes.items())
    )
    return responses, _errors(errors), reads


def _errors(errors: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((status, text(one.get("description"))) for status, one in sorted(errors.items()))


def _redirects(status: str, response: Mapping[str, Any]) -> bool:
    """Whether what an answer gives is the address that it sends the caller to."""
    return status.startswith("3") and "Location" in response.get("headers", {})


def _status(status: str, where: str) -> int:
    if not (status.isdecimal() and len(status) == 3):
        raise GeneratorError(
            f"{where} declares the success {status!r}, which is not one status code.\n"
            "Name the status codes that the server sends with an overlay."
        )
    return int(status)


def _reads(response: Mapping[str, Any]) -> str:
    return media_kind(primary_media(response["content"]) or "application/json")


def _response_type(response: Mapping[str, Any], schemas: Mapping[str, Schema], reads: str, where: str) -> PyType:
    content = response.get("content")
    if not content:
        return NONE
    described = {media: type_of(one.get("schema", {}), schemas) for media, one in content.items()}
    if len(set(described.values())) > 1:
        raise GeneratorError(
            f"{where} declares one response with different schemas for {', '.join(described)}.\n"
            "Correct it with an overlay so that one schema is left."
        )
    return {
        "text": type_of({"type": "string"}, {}),
        "bytes": type_of({"type": "string", "format": "binary"}, {}),
    }.get(reads, next(iter(described.values())))
