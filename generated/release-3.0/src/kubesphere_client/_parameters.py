"""How values become text in a path, a query string or a header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from kubesphere_client._scalars import Timestamp
from kubesphere_client.errors import InvalidArgumentError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# What stands in an address as it is, and leads nowhere else: most values are such names, and need no further look.
_PLAIN = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*").fullmatch
is_token = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch  # of which names are made (RFC 9110, 5.6.2)


def fill_path(template: str, values: Mapping[str, Any], *, tail: Sequence[str], operation: str) -> str:
    """A path template with its parameters filled in, percent-encoded.

    Args:
        template: such as "/kapis/iam.kubesphere.io/v1alpha2/users/{user}".
        tail: the parameters that may hold "/".

    Raises:
        InvalidArgumentError: a value that would lead to another address: the server decodes %2F before it routes
            (evidence/server.md §8), and takes "." and ".." as steps.
    """

    pieces = list(_pieces(template))
    for at in range(1, len(pieces), 2):
        pieces[at] = _filled(pieces[at], values, tail, operation)
    return "".join(pieces)


@lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[str, ...]:
    """A path template in pieces, of which every other one is the name of a parameter."""
    return tuple(re.split(r"\{([^{}]*)\}", template))


def _filled(name: str, values: Mapping[str, Any], tail: Sequence[str], operation: str) -> str:
    text = _path_text(name, values.get(name), operation)
    if name in tail:
        return "/".join(_segment(name, part, operation) for part in text.split("/"))
    if "/" in text:
        raise _refused(name, operation, f"must not hold a slash, but is {_shown(text)}")
    return _segment(name, text, operation)


def query_string(
    values: Mapping[str, Any], joined: Mapping[str, str], *, operation: str, unix: Mapping[str, int] | None = None
) -> str:
    """A query string without its "?".

    None is left out, booleans are "true" and "false", a space is %20, and a sequence repeats its key unless `joined`
    says what stands between its values. A datetime is RFC 3339, unless `unix` says how many units of the parameter
    make a second of Unix time.
    """
    units = unix or {}
    return "&".join(
        f"{_quoted(name)}={_quoted(text)}"
        for name, value in values.items()
        if value is not None
        for text in _texts(name, _unix_time(name, value, units.get(name), operation), joined.get(name), operation)
    )


def header_fields(values: Mapping[str, Any], *, operation: str) -> Iterator[tuple[str, str]]:
    """Header names in lower case with their values as text; None is left out."""
    for name, value in values.items():
        if not isinstance(name, str) or not is_token(name):
            raise InvalidArgumentError(f"{operation}: {ascii(name)[:80]} is not the name of a header.")
        for text in _texts(name, value, ",", operation):
            if _CONTROL.search(text) or not text.isascii():
                # Not shown, as it may be a token; a traceback may show the locals of this frame.
                del value, text
                raise _refused(name, operation, "must be ASCII text without line breaks to be sent as a header")
            yield name.lower(), text.strip()


def form_fields(values: Mapping[str, Any], *, operation: str) -> list[tuple[str, str]]:
    """The fields of a form as text; None is left out and a sequence repeats its name."""
    return [(name, text) for name, value in values.items() for text in _texts(name, value, None, operation)]


def _path_text(name: str, value: Any, operation: str) -> str:
    if type(value) is str:
        return value
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _refused(name, operation, f"must be a string, not {type(value).__name__}")
    return str(value)


def _segment(name: str, text: str, operation: str) -> str:
    if _PLAIN(text):
        return text
    if not text:
        raise _refused(name, operation, "must not be empty")
    if text in (".", ".."):
        raise _refused(name, operation, f"must not be {_shown(text)}, which leads to another address")
    if "\\" in text or _CONTROL.search(text):
        raise _refused(name, operation, f"must not hold backslashes or control characters, but is {_shown(text)}")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise _refused(name, operation, f"is not valid Unicode: {_shown(text)}") from None


def _quoted(text: str) -> str:
    return text if _PLAIN(text) else quote(text, safe="")


def _texts(name: str, value: Any, joiner: str | None, operation: str) -> Iterable[str]:
    if value is None:
        return ()
    if type(value) is int:
        return (str(value),)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes | bytearray | memoryview):
        texts = [_text(name, item, operation) for item in value if item is not None]
        return [joiner.join(texts)] if joiner is not None and texts else texts
    return (_text(name, value, operation),)


def _text(name: str, value: Any, operation: str) -> str:
    if type(value) is str and _PLAIN(value):
        return value
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _time(name, value, operation)
    if isinstance(value, Mapping | bytes | bytearray | memoryview):
        raise _refused(name, operation, f"must be text, a number or a boolean, not {type(value).__name__}")
    text = str.__str__(value) if isinstance(value, str) else str(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _refused(name, operation, f"is not valid Unicode: {_shown(text)}") from None
    return text


def _unix_time(name: str, value: Any, units: int | None, operation: str) -> Any:
    """A datetime as a whole number of units since 1970, rounded down; any other value as it came."""
    if units is None or not isinstance(value, datetime):
        return value
    if value.utcoffset() is None:
        raise _without_zone(name, operation)
    return (value - _EPOCH) // _MICROSECOND * units // 1_000_000


def _time(name: str, value: datetime, operation: str) -> str:
    try:
        return Timestamp.of(value).text
    except ValueError:
        raise _without_zone(name, operation) from None


def _without_zone(name: str, operation: str) -> InvalidArgumentError:
    return _refused(name, operation, "is a time without a time zone; give it one, such as datetime.UTC")


def _refused(name: str, operation: str, why: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"{operation}: {name} {why}.")


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 80 else text[:79] + "…")
