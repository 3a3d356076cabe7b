"""What a value of a type is in JSON, and the expression that makes it out of JSON."""

from __future__ import annotations

from generator.pytypes import EnvelopeOf, ListOf, MapOf, ModelType, Nullable, PyType, Scalar, Tagged, TupleOf, Union


def json_kind(kind: PyType) -> str | None:
    """Whether a type is an object or a list in JSON; None where it is neither, or either."""
    match kind:
        case ModelType() | MapOf() | EnvelopeOf() | Tagged():
            return "object"
        case ListOf() | TupleOf():
            return "list"
        case _:
            return None


def decode_call(kind: PyType, here: str, value: str) -> str:
    """An expression that decodes the expression `value`."""
    match kind:
        case ListOf() | MapOf():
            item = kind.item if isinstance(kind, ListOf) else kind.value
            decoder = item.decoder(here)
            function = "decode_map" if isinstance(kind, MapOf) else "decode_items" if kind.lazy else "decode_list"
            return value if decoder is None else f"{function}({decoder}, {value})"
        case EnvelopeOf():
            decoder = kind.item.decoder(here)
            envelope = kind.envelope.decoder(here)
            return f"{envelope}({value})" if decoder is None else f"decode_page({envelope}, {decoder}, {value})"
        case Tagged():
            return kind.call(here, value)
        case Nullable():
            return decode_call(kind.inner, here, value)
        case Union():
            chosen = next((one for one in kind.variants if one.decoder(here) is not None), None)
            return value if chosen is None else decode_call(chosen, here, value)
        case _:
            decoder = kind.decoder(here)
            return value if decoder is None else f"{decoder}({value})"


def decode_member(kind: PyType, here: str, value: str) -> str:
    """An expression that decodes the expression `value`, a member of an object that is most often absent.

    Whether there is something to decode is found out in place: most members of most objects are absent, and a call for
    each of them took a third of the time that reading a Pod takes.
    """
    decoded = decode_call(kind, here, "one")
    if decoded == "one":
        return value
    python = _python_kind(kind)
    if python is None:
        return decode_call(kind, here, value)
    if isinstance(kind, ModelType):
        decoded = f"{kind.annotation(here)}.from_dict(one)"
    return f"{decoded} if isinstance(one := {value}, {python}) else one"


def _python_kind(kind: PyType) -> str | None:
    """The class of what `decode_call` does something with, where it is one."""
    match kind:
        case ModelType() | MapOf():
            return "dict"
        case ListOf() | TupleOf():
            return "list"
        case Scalar():
            return "str"
        case _:
            return None
