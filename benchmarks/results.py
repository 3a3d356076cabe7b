"""benchmarks/RESULTS.md: the rows as tables, with the machine and the versions they are true of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figures import described
from benchmarks.rows import OURS, Goal, Row, Section

_HEAD = """# What it costs

Written by `make bench`; do not edit. Each figure is the median of several runs, with the quartiles in brackets (the least
and the greatest where there were fewer than four). A ratio is the median of the ratios of runs that took turns, each
with its own spread. Sizes are in units of 1000.
"""
_COLUMNS = ("what", "who", "measured", "ratio", "goal", "verdict", "note, or what bounds it")


def text(
    sections: Sequence[Section], *, machine: Sequence[str], versions: Mapping[str, Mapping[str, str]], seconds: float
) -> str:
    """The page."""
    parts = [_HEAD, _summary(sections), "## Measured on\n", *(f"- {line}" for line in machine)]
    parts += [f"- The whole run took {seconds / 60:.1f} minutes.", ""]
    for section in sections:
        parts += [f"## {section.title}\n"]
        if section.about:
            parts += [f"{section.about}\n"]
        parts += [*table(section.rows), ""]
    parts += ["## Versions\n", "| environment | packages |", "| --- | --- |"]
    parts += [
        f"| {name} | {', '.join(f'{one} {version}' for one, version in packages.items())} |"
        for name, packages in versions.items()
        if packages
    ]
    return "\n".join(parts) + "\n"


def table(rows: Sequence[Row]) -> list[str]:
    """The lines of a table of rows; our own rows stand out."""
    lines = [_line(_COLUMNS), _line(["---"] * len(_COLUMNS))]
    return lines + [_line(_cells(one)) for one in rows]


def shown_goal(goal: Goal | None, unit: str) -> str:
    """A goal as a table has it."""
    from benchmarks.figures import shown

    return "" if goal is None else f"≤ {shown(goal.at_most, 'x' if goal.of == 'ratio' else unit)}"


def _summary(sections: Sequence[Section]) -> str:
    judged = [one for section in sections for one in section.rows if one.goal is not None]
    missed = [(section, one) for section in sections for one in section.rows if one.missed]
    open_ = [one for one in judged if one.verdict == "not measured"]
    told = f"{len(judged)} goals: {len(judged) - len(missed) - len(open_)} met, {len(missed)} missed"
    lines = [told + (f", {len(open_)} not measured." if open_ else "."), ""]
    lines += [f"- {section.title}: {one.what}, {one.who}: {one.verdict}" for section, one in missed]
    return "\n".join([*lines, ""] if missed else lines)


def _cells(one: Row) -> list[str]:
    measured = described(one.figure, one.unit) if one.figure else ""
    ratio = f"{described(one.ratio, 'x')} of {one.to}" if one.ratio else ""
    said = "; ".join(part for part in (one.note, one.bound if one.goal else "") if part)
    who = f"**{one.who}**" if one.who.startswith(OURS) else one.who
    return [one.what, who, measured, ratio, shown_goal(one.goal, one.unit), one.verdict, said]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
