"""A comparison in GitHub's Markdown, for a pull request or the summary of a step, cut where GitHub would refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import define

from generator.drift.drift import Accepted, CorrectionChange, Drift, Standing
from generator.drift.finding import Finding, Level
from generator.drift.reports import wording

# GitHub takes 65,536 characters in a pull request and 1 MiB in the summary of a step.
LIMIT = 65_000
WHOLE = "what `ks-codegen drift --format html` writes"

_LONGEST = 160  # characters of a value in a table
_MARKUP = re.compile(r"[\\`*_\[\]<>#|~$&@]")  # what stands at the start of a line never is from outside
# What GitHub makes a link of, or a message to somebody: mentions, issues, addresses.
_REFERENCE = re.compile(r"(@|#|\bGH-|:(?=//)|\bwww\.)", re.IGNORECASE)
_TABLE = ("| what changed | before | after | touches | fingerprint |", "| --- | --- | --- | --- | --- |")
_NOTE_OF_BLOCK = 120  # bytes that the line about what a block left out may take


def render(drift: Drift, limit: int = LIMIT, *, whole: str = WHOLE, steps: bool = True) -> str:
    """The comparison as Markdown.

    Args:
        limit: bytes of UTF-8, and so no more characters, that it may have; the least important rows go first.
            Verdict and counts always stay: they take some 4,000 bytes.
        whole: where the reader of one that was cut finds all of it, as Markdown.
        steps: whether to say what a maintainer does next.
    """
    head, blocks = _head(drift), _blocks(drift)
    told = wording.next_steps(drift) if steps else []
    head += ["", "What to do next:", "", *(f"1. {one}" for one in told)] if told else []
    fixed = [*head, *_cut(limit, "", whole), *(line for one in blocks for line in (*one.before, *one.after))]
    room = limit - sum(_size(line) for line in fixed) - _NOTE_OF_BLOCK * 2 * len(blocks)
    for block in sorted(blocks, key=lambda one: one.importance):
        room = block.fill(room)
    left = ", ".join(one.left for one in blocks if one.left)
    body = [line for one in blocks for line in one.lines()]
    return "\n".join([*head, *(_cut(limit, left, whole) if left else ()), *body, ""])


def code(text: object, most: int = wording.LONGEST) -> str:
    """Text from outside as code; nothing in it ends the code, the cell of a table or the line, or mentions somebody."""
    line = wording.shown(text, most)
    if not line or re.search(r"[`|\\]|^ | $", line):
        return f"<code>{prose(line, len(line))}</code>"
    return f"`{line}`"


def prose(text: object, most: int = wording.LONGEST) -> str:
    """Text from outside as plain words: no markup, no HTML, no link, no reference to an issue, no mention."""
    pieces = _REFERENCE.split(wording.shown(text, most))
    # A space without width, as an entity, keeps GitHub from reading a reference.
    return "".join(_entities(piece) + ("&#8203;" if place % 2 else "") for place, piece in enumerate(pieces))


@define
class _Block:
    """A part of the report of which rows may be left out."""

    name: str  # what its rows are
    importance: int  # 0 is cut last
    before: Sequence[str]
    rows: Sequence[str]
    after: Sequence[str] = ()
    kept: int = 0

    def fill(self, room: int) -> int:
        """Keep as many rows as there is room for, in bytes; gives back what is left for less important blocks."""
        for row in self.rows:
            room -= _size(row)
            if room < 0:
                return 0
            self.kept += 1
        return room

    @property
    def left(self) -> str:
        rest = len(self.rows) - self.kept
        return f"{wording.number(rest)} of {wording.number(len(self.rows))} {self.name}" if rest else ""

    def lines(self) -> Iterator[str]:
        if self.kept:
            yield from (*self.before, *self.rows[: self.kept], *self.after)
        if self.left:
            yield from ("", f"*Left out here: {self.left}.*")


def _head(drift: Drift) -> list[str]:
    sections = wording.sections(drift)
    lines = [
        f"## Drift of {prose(drift.release, 80)}",
        "",
        f"**{wording.loud(drift)}**",
        "",
        f"From {code(drift.old, 120)} to {code(drift.new, 120)}.",
        "",
        f"| level | {' | '.join(one.name for one in sections)} | |",
        f"| --- |{' ---: |' * len(sections)} --- |",
    ]
    for level in Level:
        amounts = [
            wording.number(len(wording.by_level(one.findings, level))) if one.compared else "not compared"
            for one in sections
        ]
        lines.append(f"| {level} | {' | '.join(amounts)} | {wording.MEANS[level]} |")
    return [*lines, *(["", f"Corrections: {wording.stand(drift)}."] if drift.corrections else [])]


def _cut(limit: int, left: str, whole: str) -> list[str]:
    said = f"Cut to {wording.number(limit)} bytes; left out are {left}. All of it is in {whole}."
    return ["", "> [!NOTE]", f"> {said}"]


def _blocks(drift: Drift) -> list[_Block]:
    """The parts in the order in which they are shown."""
    sources = [f"- {code(one.name)} ({code(one.path)}): {wording.changed_size(one)}" for one in drift.sources]
    notices = [f"- Notice: {prose(one)}" for one in drift.notices]
    accepted = [_accepted(one) for one in drift.accepted]
    blocks = [
        _Block("files", 0, [""], sources),
        _Block("notices", 0, [""], notices),
        *_changes(drift, Level.BREAKING, 1),
        *_to_do(drift),
        *_changes(drift, Level.RISKY, 4),
        *_changes(drift, Level.COMPATIBLE, 7),
        _Block("accepted findings", 6, *_folded("Accepted in drift.toml", accepted)),
    ]
    return [one for one in blocks if one.rows]


def _to_do(drift: Drift) -> Iterator[_Block]:
    for standing, corrections in wording.attention(drift):
        name = wording.STANDS[standing]
        heading = f"Corrections, {name}"
        rows = [_correction(one) for one in corrections]
        importance = 9 if standing is Standing.WIDER else 3
        to_do = f"To do: {wording.TO_DO[standing]}."
        if standing is Standing.WIDER:  # mostly many, and mostly right
            parts = _folded(heading, rows, (to_do, ""))
        else:
            parts = ["", f"### {heading} ({wording.number(len(rows))})", "", to_do, ""], rows, ()
        yield _Block(f"corrections that are {name}", importance, *parts)


def _changes(drift: Drift, level: Level, importance: int) -> Iterator[_Block]:
    for place, section in enumerate(wording.sections(drift)):
        found = wording.by_level(section.findings, level)
        heading, what = f"{section.name}: {level}", f"{level} changes of {section.name}"
        if level is Level.COMPATIBLE:
            yield _Block(what, importance + place, *_folded(heading, [_item(one) for one in found]))
        elif level is Level.RISKY:
            yield _Block(what, importance + place, *_folded(heading, [_row(one) for one in found], _TABLE))
        else:
            before = ["", f"### {heading} ({wording.number(len(found))})", "", *_TABLE]
            yield _Block(what, importance + place, before, [_row(one) for one in found])


def _folded(
    heading: str, rows: Sequence[str], table: Sequence[str] = ()
) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """What stands before the rows, the rows, and what stands after them."""
    summary = f"<details><summary>{heading} ({wording.number(len(rows))})</summary>"
    return ["", summary, "", *table], rows, ["", "</details>"]


def _row(finding: Finding) -> str:
    said = [f"{code(finding.subject)}: {prose(finding.text)}", wording.called(finding, 2, code)]
    cells = [
        "<br>".join(filter(None, said)),
        *("" if wording.says_all(finding) else _value(one) for one in (finding.before, finding.after)),
        wording.touches(finding, 2, code).removeprefix("touches "),
        f"{code(finding.check)} `{finding.fingerprint}`",
    ]
    return f"| {' | '.join(cells)} |"


def _item(finding: Finding) -> str:
    return f"- {code(finding.subject)}: {prose(finding.text)} ({code(finding.check)} `{finding.fingerprint}`)"


def _correction(one: CorrectionChange) -> str:
    misfit = f"**{wording.misfit(one)}**: " if wording.misfit(one) else ""
    return f"- [ ] {code(one.where)} ({code(one.source)}): {prose(one.text)}<br>{misfit}{prose(one.reason)}"


def _accepted(one: Accepted) -> str:
    finding = one.finding
    said = f"{prose(one.reason)} ({wording.accepted_until(one)})"
    return f"- `{finding.fingerprint}` {finding.level} {code(finding.subject)}: {said}"


def _value(found: object) -> str:
    return wording.NOTHING if found is None else code(wording.value(found, _LONGEST), 2 * _LONGEST)


def _entities(text: str) -> str:
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)


def _size(line: str) -> int:
    return len(line.encode("utf-8")) + 1
