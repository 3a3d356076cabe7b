"""JSON in and out without loss: what is read and written again is equal, number by number."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NoReturn

from kubesphere_client._garbage import LARGE, paused
from kubesphere_client._items import Items
from kubesphere_client._scalars import Timestamp

if TYPE_CHECKING:
    from kubesphere_client._msgspec import Reader

__all__ = ["dumps", "encode", "excerpt", "loads", "loads_list"]

_LONGEST_EXCERPT = 120
# Bytes from which a list is read twice rather than kept whole: as dicts it takes five times as much as its text.
_HUGE = 32 * 1024 * 1024


def loads(data: bytes | str) -> Any:
    """Read a JSON document.

    A number with a fraction or an exponent is a float, or a Decimal where a float would change its value.

    Args:
        data: the document; bytes are UTF-8, with or without a byte order mark.

    Raises:
        ValueError: the text is not JSON, is not UTF-8, holds NaN or Infinity, is nested too deeply for the
            interpreter's stack, or holds an integer longer than `sys.get_int_max_str_digits()` (4300 digits).
    """
    if len(data) < LARGE:
        return _loads(data)
    with paused():
        return _loads_fast(data) if isinstance(data, bytes) else _loads(data)


def loads_list(data: bytes, otherwise: Callable[[bytes], Any]) -> tuple[Any, Items[Any]] | None:
    """Read a large JSON document, but for its items, which are read when they are reached, and give both.

    None where this cannot be done, or saves nothing; also where the document is not JSON: that is for `loads` to say.

    Args:
        data: a list, or an object with a list under "items".
        otherwise: reads an item that is refused here.
    """
    if len(data) < LARGE:
        return None
    from kubesphere_client import _large_lists

    reader = _reader()
    if reader is None and len(data) < _HUGE:
        return None
    cut = partial(_large_lists.pieces_of, decoder=_DECODER) if reader is None else reader.pieces_of
    try:
        with paused():
            return _large_lists.read_list(data, _loads, cut, otherwise)
    except (_large_lists.Refused, ValueError):
        return None


def dumps(value: Any) -> bytes:
    """Write a value as a compact JSON document in UTF-8.

    Args:
        value: models, times, numbers, text, mappings and sequences of these; a lone surrogate is escaped.

    Raises:
        ValueError: a number is NaN or infinite or an integer longer than `sys.get_int_max_str_digits()`, a
            time has no time zone, or the value is nested too deeply or contains itself.
        TypeError: a value has no JSON form.
    """
    try:
        plain = encode(value)
        try:
            text = _ENCODER.encode(plain)
        except _DecimalFound:
            text = _write(plain)
    except RecursionError:
        raise ValueError("The value contains itself or is nested too deeply to be written as JSON.") from None
    # All that UTF-8 cannot hold are surrogates, and \udXXX is how JSON escapes them (RFC 8259 §7).
    return text.encode("utf-8", "backslashreplace")


def encode(value: Any) -> Any:
    """A value as JSON can hold it: dict, list, str, int, float, Decimal, bool or None; containers are copied.

    Raises:
        ValueError: a time has no time zone.
        TypeError: a value has no JSON form.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {key: encode(one) for key, one in value.items()}
    if kind is list:
        return [encode(one) for one in value]
    return _encode_object(value)


def excerpt(text: str, error: Exception) -> str:
    """What to show of a body that is not JSON: its beginning, unless it is JSON that broke and may hold a token."""
    text = text.strip()
    if text[:1] in ("{", "[", '"'):
        position = getattr(error, "pos", None)
        return f"{len(text)} characters" + ("" if position is None else f", broken at {position}")
    return ascii(text[:_LONGEST_EXCERPT] + ("…" if len(text) > _LONGEST_EXCERPT else ""))


@cache
def _reader() -> Reader | None:
    """What reads large documents in two thirds of the time; None without [speed]."""
    if os.environ.get("KUBESPHERE_NO_SPEED"):
        return None
    try:
        # Not before it is needed: its import takes as long as to read a document of a megabyte.
        from kubesphere_client._msgspec import Reader
    except ImportError:
        return None
    return Reader(_read_number)


def _loads_fast(data: bytes) -> Any:
    reader = _reader()
    if reader is None:
        return _loads(data)
    from kubesphere_client._large_lists import Refused

    try:
        return reader.loads(data)
    except Refused:
        return _loads(data)


def _loads(data: bytes | str) -> Any:
    text = data.decode("utf-8", "surrogatepass") if isinstance(data, bytes) else data
    try:
        return _DECODER.decode(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("The JSON document is nested too deeply to be read.") from None


def _encode_object(value: Any) -> Any:
    to_dict = getattr(value, "to_dict", None)
    if to_dict is not None:
        return to_dict()
    if isinstance(value, datetime):
        return Timestamp.of(value).text
    if isinstance(value, str):
        return str.__str__(value)  # the text itself, also of a subclass that prints in another way
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, Mapping):
        return {key: encode(one) for key, one in value.items()}
    if isinstance(value, list):
        # What is undecoded stays so.
        return [encode(one) for one in (value.stored() if isinstance(value, Items) else list.__iter__(value))]
    if isinstance(value, Sequence | Set) and not isinstance(value, bytes | bytearray | memoryview):
        return [encode(one) for one in value]
    hint = "; give it as base64 text" if isinstance(value, bytes | bytearray | memoryview) else ""
    raise TypeError(f"A {type(value).__name__} has no JSON form{hint}.")


def _write(value: Any) -> str:
    """The text of plain JSON that holds a Decimal, for which the standard encoder has no way."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"The number {value} cannot be written as JSON.")
        return str(value)
    if isinstance(value, dict):
        # The standard encoder decides how a key is written that is not a string.
        fields = (_ENCODER.encode({key: 0})[1:-2] + _write(one) for key, one in value.items())
        return "{" + ",".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return _ENCODER.encode(value)


class _DecimalFound(Exception):
    """The standard encoder met a Decimal."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")


def _read_number(text: str) -> float | Decimal:
    number = float(text)
    if repr(number) == text:
        return number
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"The exponent of the number {text[:40]} is too large.") from None
    return number if Decimal(repr(number)) == exact else exact


def _meet_decimal(value: Any) -> NoReturn:
    raise _DecimalFound


_PLAIN = frozenset({str, int, float, bool, type(None), Decimal})
_DECODER = json.JSONDecoder(parse_float=_read_number, parse_constant=_refuse_constant)
_ENCODER = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,  # `encode` has walked the value before
    separators=(",", ":"),
    default=_meet_decimal,
)
