"""What a caller got, compared with the recorded answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import kubesphere_client as client
from tests.contract.differences import Difference
from tests.contract.driving import Outcome
from tests.contract.exchange import Answer
from tests.contract.json_values import first_difference, parsed, shown

_ERRORS: dict[int, type[client.APIStatusError]] = {
    400: client.BadRequestError,
    401: client.NotAuthenticatedError,
    403: client.PermissionDeniedError,
    404: client.NotFoundError,
    405: client.MethodNotAllowedError,
    406: client.NotAcceptableError,
    409: client.ConflictError,
    410: client.GoneError,
    413: client.PayloadTooLargeError,
    415: client.UnsupportedMediaTypeError,
    422: client.UnprocessableEntityError,
    429: client.RateLimitedError,
}

# What the host says in place of a member cluster (evidence/server.md §7).
_ERRORS_OF_CLUSTERS: tuple[tuple[int, bytes, type[client.APIStatusError]], ...] = (
    (404, rb"cluster \S+ not found\n", client.ClusterNotFoundError),
    (500, rb"cluster \S+ is not ready\n", client.ClusterNotReadyError),
    (502, rb"", client.ClusterUnreachableError),
)


def plain_differences(answer: Answer, outcome: Outcome) -> Iterator[Difference]:
    """All that differs after a call of `request()`."""
    if outcome.error is not None or answer.status is None:
        yield from _error(answer, outcome.error)
        return
    response = outcome.value
    if response.status_code != answer.status:
        yield Difference("answer: status", f"recorded {answer.status}, found {response.status_code}")
    if response.content != answer.content:
        yield Difference("answer: body", f"recorded {shown(answer.content)}, found {shown(response.content)}")


def typed_differences(answer: Answer, outcome: Outcome, *, reads: str) -> Iterator[Difference]:
    """All that differs after a typed call.

    Args:
        reads: what a success's body is read as: "json", "text", "bytes", or "nothing" where none is declared;
            "location" where a success says where to go.
    """
    if outcome.error is not None or answer.status is None:
        yield from _error(answer, outcome.error)
    elif not 200 <= answer.status < 400:
        yield Difference("answer: status", f"recorded {answer.status}, but the call returned a value")
    elif reads == "location":
        if outcome.value != answer.header("Location"):
            yield Difference("answer: location", f"recorded {answer.header('Location')}, found {shown(outcome.value)}")
    else:
        text = _value_difference(answer.content, reads, outcome.value)
        if text is not None:
            yield Difference("answer: body", text)


def watch_differences(answer: Answer, outcome: Outcome) -> Iterator[Difference]:
    """All that differs after the events of a watch, and after what ended it."""
    if answer.status != 200:
        yield from _error(answer, outcome.error)
        return
    recorded, end, status = _recorded_events(answer.content)
    text = first_difference(recorded, list(outcome.events))
    if text is not None:
        yield Difference("answer: events", text)
    error = outcome.error
    if end == "error":
        yield from _error_event(status, error)
    elif end == "broken" and not isinstance(error, client.DecodeError):
        yield Difference("answer: events", f"recorded a line that is no event, found {described(error)}")
    elif end == "quiet" and error is not None:
        yield Difference("answer: events", f"recorded the end of the stream, found {described(error)}")


def described(error: Exception | None) -> str:
    return "no error" if error is None else f"{type(error).__name__}: {shown(str(error))}"


def _value_difference(content: bytes, reads: str, value: Any) -> str | None:
    if not content:
        return None if value in (None, "", b"") else f"recorded an empty body, found {shown(value)}"
    if reads == "nothing":
        return f"recorded {shown(content)}, but the operation declares no body"
    if reads == "bytes":
        return None if value == content else f"recorded {shown(content)}, found {shown(value)}"
    if reads == "text":
        text = content.decode("utf-8", "replace")
        return None if value == text else f"recorded {shown(text)}, found {shown(value)}"
    try:
        return first_difference(parsed(content), value)
    except ValueError:
        return f"recorded {shown(content)}, which is not JSON, found {shown(value)}"


def _error(answer: Answer, error: Exception | None) -> Iterator[Difference]:
    if answer.status is None:
        if not isinstance(error, client.APIConnectionError) or isinstance(error, client.APITimeoutError):
            yield Difference("answer: error", f"recorded a closed connection, found {described(error)}")
        return
    if not isinstance(error, client.APIStatusError):
        yield Difference("answer: error", f"recorded {answer.status}, found {described(error)}")
        return
    if error.status_code != answer.status or 200 <= answer.status < 300:
        yield Difference("answer: status", f"recorded {answer.status}, found {described(error)}")
        return
    of_cluster = (kind for status, text, kind in _ERRORS_OF_CLUSTERS if _is(answer, status, text))
    if type(error) is not next(of_cluster, _error_class(error.read_as or answer.status)):
        yield Difference("answer: error", f"recorded {answer.status}, found {type(error).__name__}")
    text = _error_body_difference(answer.content, error.body)
    if text is not None:
        yield Difference("answer: error body", text)


def _error_body_difference(content: bytes, body: Any) -> str | None:
    text = content.decode("utf-8", "replace")
    if text.lstrip()[:1] in ("{", "[") or not isinstance(body, str):
        try:
            return first_difference(parsed(content), body)
        except ValueError:
            pass
    return None if body == text else f"recorded {shown(text)}, found {shown(body)}"


def _error_event(status: Any, error: Exception | None) -> Iterator[Difference]:
    code = status.get("code") if isinstance(status, dict) else None
    code = code if isinstance(code, int) else 500
    if not isinstance(error, client.APIStatusError) or type(error) is not _error_class(code):
        yield Difference("answer: error event", f"recorded {shown(status)}, found {described(error)}")
        return
    text = first_difference(status, error.body)
    if error.status_code != code or text is not None:
        yield Difference("answer: error event", text or f"recorded code {code}, found {error.status_code}")


def _recorded_events(stream: bytes) -> tuple[list[Any], str, Any]:
    """The events of a stream, what ended it ("quiet", "error" or "broken"), and the Status of an error."""
    events: list[Any] = []
    for line in stream.split(b"\n"):
        if not line.strip():
            continue
        try:
            event = parsed(line)
        except ValueError:
            return events, "broken", None
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            return events, "broken", None
        if event["type"] == "ERROR":
            return events, "error", event.get("object")
        events.append({"type": event["type"], "object": event.get("object")})
    return events, "quiet", None


def _is(answer: Answer, status: int, text: bytes) -> bool:
    return answer.status == status and re.fullmatch(text, answer.content) is not None


def _error_class(status: int) -> type[client.APIStatusError]:
    if status in _ERRORS:
        return _ERRORS[status]
    return {3: client.RedirectError, 5: client.ServerError}.get(status // 100, client.UnexpectedStatusError)
