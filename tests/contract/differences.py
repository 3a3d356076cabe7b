"""A difference between what was recorded and what the client did."""

from __future__ import annotations

from attrs import field, frozen

_LONGEST = 480


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


@frozen
class Difference:
    """Something that is not as it was recorded.

    Attributes:
        what: its kind, such as "request: query".
        detail: what was recorded and what was found, shortened.
    """

    what: str
    detail: str = field(converter=_shortened)
