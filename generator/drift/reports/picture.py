"""The picture of what changed: for each group a mark for each of its changes, whose shape says how badly it hurts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from generator.drift.finding import Finding, Level
from generator.drift.reports import wording

_ACROSS = 48  # marks in a line
_STEP = 12  # from a mark to the next one, in pixels
_LINE = 14  # from a line of marks to the next one
_MOST = 400  # marks of one group; more changes share a mark

# A full square, a full triangle, a ring: they differ without colour.
_SHAPES = {
    Level.BREAKING: "M{x} {y}h9v9h-9z",
    Level.RISKY: "M{x} {y}m0 9l4.5-9l4.5 9z",
    Level.COMPATIBLE: "M{x} {y}m1.5 4.5a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
}


@frozen
class Row:
    """A group: its marks as the outline of each level, its numbers, and where the page tells of it."""

    name: str
    anchor: str
    outlines: dict[Level, str]
    height: int
    counts: dict[Level, int]
    operations: int


@frozen
class Picture:
    """Rows, the groups first that are hurt most."""

    rows: tuple[Row, ...]
    width: int  # one for all rows, so that their marks are of one size on a narrow screen too
    each: int  # how many changes a mark stands for, rounded up
    key: dict[Level, str]  # the outline of one mark


def picture(findings: Iterable[Finding], anchors: Mapping[str, str]) -> Picture:
    """Draw findings; `anchors` has the place in the page for each group's name."""
    groups = wording.worst_groups(findings)
    each = max((-(-len(found) // _MOST) for _, found in groups), default=1)
    rows = tuple(_row(wording.group_name(name), found, anchors, each) for name, found in groups)
    longest = max((-(-len(found) // each) for _, found in groups), default=0)
    key = {level: shape.format(x=0, y=0) for level, shape in _SHAPES.items()}
    return Picture(rows, min(longest + len(Level), _ACROSS) * _STEP, each, key)


def _row(name: str, findings: list[Finding], anchors: Mapping[str, str], each: int) -> Row:
    counts = wording.levels(findings)
    outlines = {}
    drawn = 0
    for level, amount in counts.items():
        marks = range(drawn, drawn + -(-amount // each))
        outlines[level] = "".join(
            _SHAPES[level].format(x=place % _ACROSS * _STEP, y=place // _ACROSS * _LINE) for place in marks
        )
        drawn = marks.stop
    lines = -(-drawn // _ACROSS)
    return Row(
        name,
        anchors[name],
        {level: outline for level, outline in outlines.items() if outline},
        lines * _LINE,
        counts,
        wording.touched(findings),
    )
