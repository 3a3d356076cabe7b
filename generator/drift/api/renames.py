"""Tells a rename from a removal and an addition, where nothing is left to guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def renamed(gone: Iterable[str], come: Iterable[str], may_be: Callable[[str, str], bool]) -> dict[str, str]:
    """The new name of each that can only have become one other, which in turn can only have been this one."""
    gone, come = sorted(gone), sorted(come)
    candidates = {one: [other for other in come if may_be(one, other)] for one in gone}
    found = {}
    for one, others in candidates.items():
        if len(others) == 1 and sum(others[0] in some for some in candidates.values()) == 1:
            found[one] = others[0]
    return found
