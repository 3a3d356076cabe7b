"""Recorded exchanges: what a line says, read strictly, so that what is wrong with a recording is said once and early."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import evolve

from tests.contract.exchange import Answer, Exchange, decoded
from tests.contract.streams import dechunked, streamed

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class RecordingError(Exception):
    """A directory or a line that is no recording; the text names the place."""


def read_recordings(folder: Path) -> list[Exchange]:
    """All exchanges of a directory, in the order of the file names and lines.

    Raises:
        RecordingError: there is nothing to read, or a line is no exchange.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".jsonl" and path.is_file())
    except OSError as error:
        raise RecordingError(f"{folder}: cannot be read: {error.strerror or error}.") from None
    exchanges = [exchange for path in files for exchange in _read_file(path)]
    if not exchanges:
        raise RecordingError(f"{folder}: holds no recorded exchange; recordings are lines of *.jsonl files.")
    return exchanges


def _read_file(path: Path) -> Iterator[Exchange]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}.") from None
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield read_line(line, file=path.name, number=number)
        except RecordingError as error:
            raise RecordingError(f"{path}:{number}: {error}.") from None


def read_line(line: bytes | str, *, file: str = "-", number: int = 1) -> Exchange:
    """One exchange.

    Raises:
        RecordingError: the line is no exchange; the text says why and does not name the place.
    """
    try:
        fields = json.loads(line)
    except UnicodeDecodeError:
        raise RecordingError("is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise RecordingError(f"is not JSON: {error.msg} at column {error.pos + 1}") from None
    except (ValueError, RecursionError):
        raise RecordingError("is JSON that is nested too deeply or holds too long a number") from None
    if not isinstance(fields, dict):
        raise RecordingError("is not a JSON object")
    request = _of(fields, "request", dict)
    method = _of(request, "method", str, "request.")
    if not _TOKEN.fullmatch(method):
        raise RecordingError(f"request.method {method[:40]!a} is not the name of a method")
    target = _of(request, "path", str, "request.")
    if not target.startswith("/"):
        raise RecordingError(f'request.path {target[:40]!a} does not start with "/"')
    _encoded(target, "request.path")
    headers = _headers(request.get("headers"), "request.headers")
    body = _body(request.get("body"), "request.body")
    if body is not None and "chunked" in dict(headers).get("transfer-encoding", "").lower():
        body = b"".join(dechunked(body))
    return Exchange(
        file=file,
        line=number,
        name=str(fields.get("name") or f"{file}:{number}"),
        method=method.upper(),
        target=target,
        answer=_answer(_of(fields, "response", dict), method),
        headers=headers,
        body=body,
        lacks_body=isinstance(request.get("body"), dict) and body is None,
        artefact=bool(fields.get("artefact")),
    )


def _answer(response: dict[str, Any], method: str) -> Answer:
    if response.get("error") is not None:
        return Answer(None)
    if response.get("chunks") is not None:
        pieces = tuple(
            _body(one, f"response.chunks[{number}]") or b""
            for number, one in enumerate(_of(response, "chunks", list, "response."))
        )
        try:
            return streamed(pieces)
        except ValueError as error:
            raise RecordingError(f"response.chunks {error}") from None
    status = _of(response, "status", int, "response.")
    if isinstance(status, bool) or not (status == 101 or 200 <= status <= 999):
        raise RecordingError(f"response.status {status} is not the status of an answer")
    body = _body(response.get("body"), "response.body")
    headers = _headers(response.get("headers"), "response.headers", lower=False)
    if (body is None and response.get("body") is None) or method == "HEAD" or status in (101, 204, 304):
        body = b""
    answer = Answer(status, headers, body)
    if body is None or decoded(body, answer.header("Content-Encoding")) is not None:
        return answer
    # Whoever recorded it took the encoding off and kept the header.
    return evolve(answer, headers=tuple(pair for pair in headers if pair[0].lower() != "content-encoding"))


def _of(fields: dict[str, Any], name: str, kind: type, where: str = "") -> Any:
    value = fields.get(name)
    if not isinstance(value, kind):
        kinds = {dict: "an object", str: "a text", int: "a whole number", list: "a list"}
        raise RecordingError(f"{where}{name} is {'missing' if name not in fields else f'not {kinds[kind]}'}")
    return value


def _headers(value: Any, where: str, *, lower: bool = True) -> tuple[tuple[str, str], ...]:
    """Headers, written as an object or as a list of pairs."""
    pairs = list(value.items()) if isinstance(value, dict) else value or []
    if not isinstance(pairs, list):
        raise RecordingError(f"{where} is neither an object nor a list of pairs")
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise RecordingError(f"{where} holds {ascii(pair)[:40]}, which is not a name with its value")
        name, text = pair
        if not _TOKEN.fullmatch(name) or re.search(r"[\x00\r\n]", text):
            raise RecordingError(f"{where} holds {ascii(name)[:40]}, which cannot be sent")
        _encoded(text, where)
    return tuple((name.lower() if lower else name, text.strip()) for name, text in pairs)


def _body(value: Any, where: str) -> bytes | None:
    """A body as bytes; None where there is none, or where the recording lacks it."""
    if value is None:
        return None
    if isinstance(value, str):
        return _encoded(value, where)
    if isinstance(value, dict) and isinstance(value.get("base64"), str):
        try:
            return base64.b64decode(value["base64"], validate=True)
        except (binascii.Error, ValueError):
            raise RecordingError(f"{where}.base64 is not base64") from None
    if isinstance(value, dict) and "text_truncated" in value:
        return None
    raise RecordingError(f"{where} is neither a text nor base64 nor a text that was cut short")


def _encoded(text: str, where: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise RecordingError(f"{where} holds half of a surrogate pair, which no server sent") from None
