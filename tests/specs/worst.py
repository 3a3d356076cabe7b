"""The 25 worst defects of the published files: how a test says which it is of, and how it shows who is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from attrs import frozen

from tests.specs.description import Description

F = TypeVar("F", bound=Callable[..., None])
_RANGE = re.compile(r"([A-Z]+)-(\d{4})\.\.(\d{4})")


@frozen
class Documents:
    """The corrected document and the published ones.

    Attributes:
        published: None where the published files are not beside the project: then only ours is looked at.
    """

    ours: Description
    published: Description | None

    def corrected(self, fault: Callable[..., str | None], *arguments: Any, was: str) -> None:
        """Show that ours has no fault of a kind, and that the published files have it.

        Args:
            fault: what finds the fault of a description, which is its first argument.
            arguments: the others.
            was: what the fault of the published files says, so that it is this one and no other.
        """
        ours = fault(self.ours, *arguments)
        assert ours is None, f"ours: {ours}"
        if self.published is not None:
            published = fault(self.published, *arguments)
            assert published is not None, f"the published files have no such fault: {was}"
            assert was in published, f"published: {published}"


def worst(number: int, defects: str) -> Callable[[F], F]:
    """Say which of the 25 a test is of, as evidence/README.md counts them, and which defects these are.

    Args:
        defects: their ids; `KS-0380..0389` are all from the one to the other.
    """

    def mark(test: F) -> F:
        test.worst = (number, tuple(ids(defects)))  # type: ignore[attr-defined]  # a mark on a function
        return test

    return mark


def ids(defects: str) -> list[str]:
    found = []
    for word in defects.split():
        match = _RANGE.fullmatch(word)
        if match is None:
            found.append(word)
        else:
            first, last = int(match[2]), int(match[3])
            found += [f"{match[1]}-{number:04}" for number in range(first, last + 1)]
    return found
