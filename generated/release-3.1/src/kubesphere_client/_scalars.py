"""Small values that keep the text they came from: times, quantities, a number or a name; and what a file can be."""

import re
from datetime import datetime
from decimal import Context, Decimal
from pathlib import Path
from typing import IO, Any, Self, TypeAlias

from kubesphere_client._upload import Upload

__all__ = ["File", "IntOrString", "Quantity", "Timestamp"]

File: TypeAlias = bytes | Path | IO[bytes] | Upload | tuple[str, bytes | Path | IO[bytes]]
"""A file of a form: its path, its content, an open file, an Upload, or a pair of the name it is sent under and its path,
its content or an open file."""

IntOrString: TypeAlias = int | str
"""A number or a text, such as a port or "25%"."""


class Timestamp(datetime):
    """A time that remembers how it was written.

    It is an aware datetime in every respect: it compares, subtracts and formats as one, to the microsecond.
    `str()` and JSON give the text it came from, with all its digits and its offset. A time computed from it
    is a new time with a text of its own.
    """

    __slots__ = ("_text",)
    _text: str

    @classmethod
    def decode(cls, value: Any) -> Any:
        """A Timestamp where the value is an RFC 3339 time; any other value as it came.

        Times that a datetime cannot hold, such as a leap second, are kept as text as well.
        """
        if not isinstance(value, str) or _RFC_3339(value) is None:
            return value
        try:
            time = cls.fromisoformat(value.upper())
        except ValueError:
            return value
        time._text = value
        return time

    @classmethod
    def of(cls, time: datetime) -> Self:
        """The same time as a Timestamp.

        Raises:
            ValueError: the time has no time zone.
        """
        if time.utcoffset() is None:
            raise ValueError(
                f"The time {time.isoformat()} has no time zone: give it one, for example with"
                " .replace(tzinfo=timezone.utc)."
            )
        if isinstance(time, cls):
            return time
        day = (time.year, time.month, time.day)
        return cls(*day, time.hour, time.minute, time.second, time.microsecond, time.tzinfo, fold=time.fold)

    @property
    def text(self) -> str:
        """The time in RFC 3339: the text it came from, if it came from one."""
        try:
            return self._text
        except AttributeError:
            return _rfc_3339(self)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Timestamp({self.text!r})"

    def __reduce_ex__(self, protocol: Any) -> Any:
        try:
            return Timestamp.decode, (self._text,)
        except AttributeError:
            return super().__reduce_ex__(protocol)


class Quantity(str):
    """An amount as Kubernetes writes it, such as "500m", "2Gi" or "1e3"; it compares as the text it is."""

    __slots__ = ()

    @classmethod
    def decode(cls, value: Any) -> Any:
        """A Quantity where the value is text; any other value as it came."""
        return cls(value) if isinstance(value, str) else value

    def to_decimal(self) -> Decimal:
        """The amount in units, exactly.

        Example:
            >>> Quantity("500m").to_decimal()
            Decimal('0.500')

        Raises:
            ValueError: the text is not a quantity.
        """
        match = _QUANTITY(self)
        if match is None:
            raise ValueError(f"{str(self)!r} is not a quantity such as '500m', '2Gi' or '1e3'.")
        number, exponent, suffix = match.groups()
        if exponent is not None:
            return Decimal(f"{number}e{exponent}")
        if suffix in _BINARY:
            return _exact(len(number)).multiply(Decimal(number), Decimal(1024) ** _BINARY[suffix])
        return Decimal(f"{number}e{_DECIMAL[suffix]}")


def _rfc_3339(time: datetime) -> str:
    offset = time.utcoffset()
    if offset is None:
        return time.isoformat()
    if offset.total_seconds() % 60:
        time = time - offset  # RFC 3339 has no offsets with seconds, as in the local mean times of old
        return f"{time.replace(tzinfo=None).isoformat()}Z"
    return time.isoformat().replace("+00:00", "Z")


def _exact(digits: int) -> Context:
    """Arithmetic that does not round the product of a number of so many digits and 1024⁶."""
    return Context(prec=digits + 19)


_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-9]{2})"
).fullmatch
# The grammar is in k8s.io/apimachinery/pkg/api/resource/quantity.go, above `type Quantity`.
_QUANTITY = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE]([+-]?[0-9]{1,9})|([KMGTPE]i|[numkMGTPE]|))"
).fullmatch
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
