"""The picture of what changed: for each group and section a mark for each change, whose shape says how badly it hurts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.drift.reports import wording

_ACROSS = 25  # marks in a line
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
class Lane:
    """The changes of a group in one section: the outline of each level, its numbers, and where the page tells of it."""

    section: str
    anchor: str  # "" where there is no change
    outlines: dict[Level, str]
    height: int
    counts: dict[Level, int]


@frozen
class Row:
    name: str
    lanes: tuple[Lane, ...]
    operations: int


@frozen
class Picture:
    """Rows, the groups first that are hurt most."""

    sections: tuple[str, ...]
    rows: tuple[Row, ...]
    width: int  # one for all lanes, so that their marks are of one size on a narrow screen too
    each: int  # how many changes a mark stands for, rounded up
    key: dict[Level, str]  # the outline of one mark


def picture(drift: Drift, anchors: Mapping[tuple[str, str], str]) -> Picture:
    """Draw a comparison; `anchors` has the place in the page for a section's and a group's name."""
    sections = [one for one in wording.sections(drift) if one.compared]
    found = {one.name: dict(wording.groups(one.findings)) for one in sections}
    amounts = [len(ones) for groups in found.values() for ones in groups.values()]
    each = -(-max(amounts, default=1) // _MOST)
    rows = tuple(
        Row(
            wording.group_name(group),
            tuple(
                _lane(one.name, found[one.name].get(group, []), anchors.get((one.name, group), ""), each)
                for one in sections
            ),
            wording.touched(every),
        )
        for group, every in wording.worst_groups(drift.findings)
    )
    key = {level: shape.format(x=0, y=0) for level, shape in _SHAPES.items()}
    return Picture(tuple(one.name for one in sections), rows, _ACROSS * _STEP, each, key)


def _lane(section: str, findings: Sequence[Finding], anchor: str, each: int) -> Lane:
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
    shown = {level: outline for level, outline in outlines.items() if outline}
    return Lane(section, anchor, shown, lines * _LINE, counts)
