"""JSON values compared: 1, 1.0 and true are three values, and where two documents differ first is said."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

_LONGEST = 160


def parsed(content: bytes) -> Any:
    """A JSON document whose numbers have lost nothing.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(content.decode(), parse_float=Decimal, parse_constant=_refuse_constant)
    except InvalidOperation:
        raise ValueError("the exponent of a number is too large") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def first_difference(recorded: Any, found: Any) -> str | None:
    """Where two JSON values differ, with both values there; None where they do not."""
    waiting = [("", recorded, found)]
    while waiting:
        where, one, other = waiting.pop()
        if type(one) is dict and isinstance(other, dict):
            missing = next((name for name in one if name not in other), None)
            if missing is not None:
                return f"{where}.{missing}: recorded {shown(one[missing])}, found nothing"
            added = next((name for name in other if name not in one), None)
            if added is not None:
                return f"{where}.{added}: recorded nothing, found {shown(other[added])}"
            waiting += [(f"{where}.{name}", value, other[name]) for name, value in reversed(one.items())]
        elif type(one) is list and isinstance(other, list):
            if len(one) != len(other):
                return f"{where or 'the list'}: recorded {len(one)} items, found {len(other)}"
            pairs = list(enumerate(zip(one, other, strict=True)))
            waiting += [(f"{where}[{index}]", *pair) for index, pair in reversed(pairs)]
        else:
            other = Decimal(repr(other)) if type(other) is float else other
            if type(one) is not type(other) or one != other:
                return f"{where or 'the value'}: recorded {shown(one)}, found {shown(other)}"
    return None


def shown(value: Any) -> str:
    """The beginning of a value on one line, in ASCII."""
    text = value if isinstance(value, str) else repr(value)
    return ascii(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")[1:-1]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
