"""What a benchmark tells: a row for each thing measured, and the verdict where there is a goal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import field, frozen

from benchmarks.figures import Figure, figure, ratio, shown

OURS = "kubesphere_client"


class NotMeasured(Exception):
    """What was to be measured cannot be here; the text says why, in one line."""


@frozen
class Goal:
    """What a row should come to at most: its ratio, or the figure itself in the row's unit (seconds or bytes)."""

    at_most: float
    of: Literal["ratio", "figure"] = "ratio"


@frozen
class Row:
    """One line of the results.

    `bound` says what keeps the figure from being lower, in words; it is shown where there is a goal.
    """

    what: str
    who: str
    unit: str = "ms"
    figure: Figure | None = None
    to: str = ""
    ratio: Figure | None = None
    goal: Goal | None = None
    bound: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """`met`, or by how much the goal is missed; empty where there is none."""
        if self.goal is None:
            return ""
        judged, unit = (self.ratio, "x") if self.goal.of == "ratio" else (self.figure, self.unit)
        if judged is None:
            return "not measured"
        over = judged.median - self.goal.at_most
        if over <= 0:
            return "met"
        return f"**missed by {shown(over, unit)}** ({over / self.goal.at_most:.0%})"

    @property
    def missed(self) -> bool:
        return self.verdict.startswith("**missed")


@frozen
class Section:
    """The rows of one family, under one heading."""

    title: str
    rows: list[Row] = field(factory=list)
    about: str = ""  # how it was measured


def row(
    what: str,
    who: str,
    values: Sequence[float],
    *,
    unit: str = "ms",
    against: Sequence[float] = (),
    to: str = "",
    goal: Goal | None = None,
    bound: str = "",
    note: str = "",
) -> Row:
    """A row of measurements, with their ratio to those of another that took turns with them."""
    if not values:
        return Row(what, who, unit, goal=goal, bound=bound, note=note or "not measured")
    return Row(
        what,
        who,
        unit,
        figure(values),
        to if against else "",
        ratio(values, against) if against else None,
        goal,
        bound,
        note,
    )


def absent(what: str, who: str, reason: str, *, unit: str = "ms", goal: Goal | None = None) -> Row:
    """The row of what could not be measured."""
    return Row(what, who, unit, goal=goal, note=f"not measured: {reason}")
