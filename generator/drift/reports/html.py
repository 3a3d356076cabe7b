"""A comparison as a web page that needs nothing but itself."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from importlib.resources import files
from typing import Any

from attrs import frozen
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.drift.reports import wording
from generator.drift.reports.picture import Picture, picture

_MOST_LINES = 60  # of a value
_SHORT = 60  # characters of a value that stays on one line
_LONGEST = 1_000  # characters of one text
_NAMED = 2  # operations that stand in the page unfolded
_PART_ENDS = re.compile(r"([/.])(?=[\w{])")


def render(drift: Drift) -> str:
    """The page: one file that requests nothing, with a policy that keeps any browser from doing so."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_visible, trim_blocks=True, keep_trailing_newline=True
    )
    environment.filters.update(breakable=_breakable, coded=_coded)
    style, script = _file("report.css"), _file("report.js")
    sections = tuple(_sections(drift))
    return environment.from_string(_file("report.html.jinja")).render(
        drift=drift,
        wording=wording,
        levels=tuple(Level),
        compared=wording.sections(drift),
        steps=wording.next_steps(drift),
        sections=sections,
        picture=_picture(drift, sections),
        attention=wording.attention(drift),
        # What stands between the tags must be the text whose digests the policy names.
        style=Markup(style),
        script=Markup(script),
        policy=(
            f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
    )


@frozen
class _Line:
    text: str
    changed: bool  # whether the other value does without it


@frozen
class _Change:
    """A finding as the page shows it."""

    finding: Finding
    anchor: str | None  # None where an earlier one has the same fingerprint
    before: tuple[_Line, ...]
    after: tuple[_Line, ...]
    touches: str
    more: tuple[str, ...]  # the operations that `touches` only counts, where it does not name all
    called: str

    @property
    def is_short(self) -> bool:
        """Whether before and after can stand in one line."""
        return all(
            len(lines) <= 1 and sum(len(one.text) for one in lines) <= _SHORT for lines in (self.before, self.after)
        )


@frozen
class _Group:
    name: str
    anchor: str
    counts: dict[Level, int]
    hurting: tuple[_Change, ...]  # breaking and risky
    compatible: tuple[_Change, ...]


@frozen
class _Section:
    of: wording.Section
    anchor: str
    groups: tuple[_Group, ...]


def _sections(drift: Drift) -> Iterator[_Section]:
    taken: set[str] = set()
    for section in wording.sections(drift):
        anchor = section.name.lower()
        groups = [
            _group(group, f"{anchor}-{place}", found, taken)
            for place, (group, found) in enumerate(wording.worst_groups(section.findings), 1)
        ]
        if groups or not section.compared:
            yield _Section(section, anchor, tuple(groups))


def _group(name: str, anchor: str, findings: Sequence[Finding], taken: set[str]) -> _Group:
    changes = [_change(one, taken) for one in findings]
    return _Group(
        name,
        anchor,
        wording.levels(findings),
        tuple(one for one in changes if one.finding.level is not Level.COMPATIBLE),
        tuple(one for one in changes if one.finding.level is Level.COMPATIBLE),
    )


def _change(finding: Finding, taken: set[str]) -> _Change:
    anchor = None if finding.fingerprint in taken else f"f-{finding.fingerprint}"
    taken.add(finding.fingerprint)
    before, after = ((), ()) if wording.says_all(finding) else (_pretty(finding.before), _pretty(finding.after))
    alone = finding.before is None or finding.after is None
    return _Change(
        finding,
        anchor,
        tuple(_marked(before, () if alone else after, alone=alone)),
        tuple(_marked(after, () if alone else before, alone=alone)),
        wording.touches(finding, _NAMED),
        finding.operations if len(finding.operations) > _NAMED else (),
        wording.called(finding),
    )


def _pretty(found: Any) -> tuple[str, ...]:
    """A value as JSON in lines: on one where it is short."""
    if found is None:
        return ()
    short = wording.value(found, _LONGEST)
    lines = (
        [short]
        if len(short) <= _SHORT or wording.is_words(found)
        else json.dumps(found, ensure_ascii=False, indent=2).split("\n")
    )
    rest = len(lines) - _MOST_LINES
    return (*lines[:_MOST_LINES], *([f"… ({wording.count(rest, 'more line')})"] if rest > 0 else []))


def _marked(lines: Sequence[str], others: Sequence[str], *, alone: bool) -> Iterator[_Line]:
    """The lines, those marked that the other value does without; none where there is no other value."""
    same: set[int] = set()
    # A comma at the end says that another line was added, which is marked itself.
    mine, theirs = ([line.rstrip(",") for line in one] for one in (lines, others))
    for start, _, size in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
        same.update(range(start, start + size))
    for place, line in enumerate(lines):
        yield _Line(line, not alone and place not in same)


def _picture(drift: Drift, sections: Iterable[_Section]) -> Picture:
    anchors = {(one.of.name, group.name): group.anchor for one in sections for group in one.groups}
    return picture(drift, anchors)


def _breakable(text: object) -> Markup:
    """Text from outside that may be broken after each part of a path or a name, and is copied without a trace of it."""
    return Markup(_PART_ENDS.sub(r"\1<wbr>", str(escape(wording.shown(text, _LONGEST) or "(empty)"))))


def _coded(text: str) -> Markup:
    """A sentence of ours, in which what is between ` is code."""
    parts = [str(escape(one)) for one in text.split("`")]
    return Markup("".join(f"<code>{one}</code>" if place % 2 else one for place, one in enumerate(parts)))


def _visible(printed: object) -> object:
    """What the template prints: text from outside loses what cannot be seen before it is escaped."""
    return wording.shown(printed, _LONGEST) if type(printed) is str or isinstance(printed, Level) else printed


def _file(name: str) -> str:
    return files("generator.drift.reports").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
