"""What the server says when it refuses: one message out of all the shapes in which it answers."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from kubesphere_client._api import MISREPORTED

if TYPE_CHECKING:
    from kubesphere_client._http import Request, Response

_ERROR = TypeVar("_ERROR", bound=Exception)

_LONGEST_MESSAGE = 500
_LONGEST_PAGE = 20_000
_LONGEST_LINE = 4_000
# All that a pickled error keeps of its request's headers: any other may be a credential.
_HARMLESS_HEADERS = frozenset(("accept", "content-type", "host", "user-agent"))


def refusal(response: Response) -> tuple[str, str, Any]:
    """Message, reason and body of a refusal, out of the shapes that evidence/auth.md §9 lists."""
    text = response.text
    body: Any = text
    reason = phrase(response.status_code)
    if text.lstrip()[:1] in ("{", "["):
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            body = text
    if body is not text:
        message = said(body)
        reason = str((isinstance(body, dict) and body.get("reason")) or reason)
    elif "html" in response.headers.get("Content-Type", "") or re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
        message = readable(_without_markup(text[:_LONGEST_PAGE]))
    else:
        message = readable(_unescaped(text))
    return message or phrase(response.status_code), reason, body


def meant_status(response: Response) -> int | None:
    """The status that the server meant where it sent another: it reports some objects that are missing as its own
    failure, and some that exist already as a bad request (evidence/auth.md §9). None where it meant what it sent."""
    request, text = request_of(response), response.text.strip()
    if request is None or len(text) > _LONGEST_LINE:
        return None
    path = request.url.path
    for status, place, message, means in MISREPORTED:
        # The server may stand behind a path of its own, so the place is where the path ends.
        if status == response.status_code and re.search(f"(?:{place})\\Z", path) and re.fullmatch(message, text):
            return means
    return None


def phrase(status_code: int) -> str:
    """A status in words, in Kubernetes' manner: 404 is "NotFound"."""
    try:
        return re.sub("[^A-Za-z]", "", HTTPStatus(status_code).phrase)
    except ValueError:
        return "Unknown"


def request_of(response: Response) -> Request | None:
    """The request that a response answers, where it has one."""
    try:
        return response.request
    except RuntimeError:
        return None


def scrubbed(value: Any) -> Any:
    """A request or response without the parts that hold credentials; any other value as it is."""
    kind = type(value)
    if hasattr(value, "status_code") and hasattr(value, "headers"):
        # The content is decoded already, so what speaks of its encoding must go.
        dropped = ("content-encoding", "content-length", "transfer-encoding", "set-cookie", "location")
        headers = [(name, text) for name, text in value.headers.multi_items() if name.lower() not in dropped]
        if "location" in value.headers:
            headers.append(("location", value.headers["location"].partition("#")[0]))
        content = value.content if value.is_closed and hasattr(value, "_content") else b""
        return kind(
            value.status_code, headers=headers, content=content, request=scrubbed(request_of(value)), history=[]
        )
    if hasattr(value, "method") and hasattr(value, "url") and hasattr(value, "headers"):
        return kind(
            value.method,
            value.url,
            headers=[(name, text) for name, text in value.headers.items() if name.lower() in _HARMLESS_HEADERS],
        )
    return value


def restored(kind: type[_ERROR], arguments: tuple[Any, ...], state: dict[str, Any]) -> _ERROR:
    """An error as it was before it was pickled or copied."""
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error


def said(body: Any) -> str:
    """What an error's JSON says to a person: {"message"}, {"error"}, or all of it."""
    if isinstance(body, dict):
        for said in (body.get("message"), body.get("error")):
            if isinstance(said, dict):
                said = said.get("message")
            if isinstance(said, str) and said.strip():
                return readable(said)
    return readable(json.dumps(body, ensure_ascii=False)) if body else ""


def called(request: Request | None, operation: str | None) -> str:
    """What was called, as a message ends with it."""
    # The query stays out: /oauth/callback takes its codes there.
    parts = []
    if request is not None:
        parts.append(f"{request.method} {request.url.raw_path.decode('ascii', 'replace').partition('?')[0]}")
    if operation is not None:
        parts.append(operation)
    return f" ({', '.join(parts)})" if parts else ""


def _without_markup(page: str) -> str:
    page = re.sub(r"<(script|style|head)\b.*?</\1\s*>", " ", page, flags=re.IGNORECASE | re.DOTALL)
    return " ".join(_unescaped(re.sub(r"<[^>]*>", " ", page)).split())


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    import html  # a table of two thousand names

    return html.unescape(text)


def readable(text: str) -> str:
    """A text of a sensible length that cannot move a terminal's cursor."""
    text = text.strip()
    if len(text) > _LONGEST_MESSAGE:
        text = text[: _LONGEST_MESSAGE - 1] + "…"
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
