"""How a comparison reads: the words, counts and orders that all reports share, and text from outside made harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from attrs import frozen

from generator.drift.drift import Accepted, CorrectionChange, Drift, SourceChange, Standing
from generator.drift.finding import Finding, Level

LONGEST = 300  # characters of one name or sentence
NOTHING = "nothing"  # what a value that was not there reads as
_NOT_WORDS = (NOTHING, "true", "false", "null")

MEANS = {
    Level.BREAKING: "code that was right stops working",
    Level.RISKY: "code that was right may stop working",
    Level.COMPATIBLE: "code that was right goes on working",
}

# The standings that a person has to do something about, and what.
TO_DO = {
    Standing.GONE: "remove it, or correct what stands there in its place",
    Standing.FIXED_UPSTREAM: "upstream says the same now: remove it",
    Standing.LOOK_AGAIN: "what it corrects says something else now: check that it is still right",
    Standing.WIDER: "it corrects more than before: check that it is right there too",
    Standing.MATCHES_NOTHING: "it matched nothing before either: correct its target, or remove it",
}

STANDS = {
    Standing.GONE: "gone",
    Standing.FIXED_UPSTREAM: "fixed upstream",
    Standing.LOOK_AGAIN: "look again",
    Standing.WIDER: "wider",
    Standing.MATCHES_NOTHING: "matches nothing",
}

ACCEPT = "To accept a finding, name its fingerprint (12 digits) in `drift.toml`, with a reason and an end date."


def shown(text: object, most: int = LONGEST) -> str:
    """Text from outside on one line, without characters that cannot be seen, and not longer than a person reads."""
    whole = str(text)
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in whole[:most])
    return line if len(whole) <= most else f"{line}… ({count(len(whole) - most, 'more character')})"


def value(found: Any, most: int = LONGEST) -> str:
    """What stood at a place on one line: words as they are, else JSON; `nothing` where nothing did."""
    if found is None:
        return NOTHING
    return shown(found if is_words(found) else json.dumps(found, ensure_ascii=False), most)


def is_words(found: Any) -> bool:
    """Whether a value is a text that nobody takes for a number, for JSON or for nothing when it has no quotes."""
    return isinstance(found, str) and bool(re.fullmatch(r"[A-Za-z]\S*( \S+)*", found)) and found not in _NOT_WORDS


def number(amount: int) -> str:
    return f"{amount:,}"


def count(amount: int, noun: str) -> str:
    """`1 operation`, `12 operations`."""
    return f"{number(amount)} {noun}{'' if amount == 1 else 's'}"


def title(drift: Drift) -> str:
    return f"Drift of {shown(drift.release)}: {shown(drift.old)} → {shown(drift.new)}"


def verdict(drift: Drift) -> str:
    """The worst of it in one sentence, each section counted for itself: one change upstream may be met in both."""
    return " ".join([_worst(drift), *(f"{name} was not compared." for name in uncompared(drift))])


def _worst(drift: Drift) -> str:
    api, python = (len(by_level(one.findings, drift.worst)) if drift.worst else 0 for one in sections(drift))
    if drift.worst is Level.BREAKING:
        verb, none, also = (
            ("breaks" if api == 1 else "break"),
            "No change of the API breaks",
            "does" if python == 1 else "do",
        )
        said = f"{count(api, 'change')} of the API {verb}" if api else none
        return f"{said} code that was right{f'; seen from Python, {number(python)} {also}' if python else ''}."
    if drift.worst is Level.RISKY:
        said = f"{count(api, 'change')} of the API" if api else "no change of the API"
        seen = f"; seen from Python, {number(python)} may" if python else ""
        return f"Nothing breaks for certain, but {said} may break code that was right{seen}."
    if drift.worst is Level.COMPATIBLE:
        where = "In the API nothing" if drift.uncompared else "Nothing"
        seen = f", {number(python)} seen from Python" if python else ""
        return f"{where} breaks: compatible changes only, {number(api)} of the API{seen}."
    accepted = f" {count(len(drift.accepted), 'finding')} accepted." if drift.accepted else ""
    if drift.uncompared:
        return f"The API has no change that a user can meet.{accepted}"
    if drift:
        return f"The files differ, but in nothing that a user can meet.{accepted}"
    return f"Nothing changed.{accepted}"


def loud(drift: Drift) -> str:
    """The verdict with its level spelled out, for readers without colour."""
    level = drift.worst if drift.worst in (Level.BREAKING, Level.RISKY) else None
    return f"{level.upper()}: {verdict(drift)}" if level else verdict(drift)


def next_steps(drift: Drift) -> list[str]:
    """What a maintainer does now, the most pressing first."""
    steps = []
    misfits = [one for one in drift.corrections if not one.fits]
    others = [one for one in drift.corrections if one.fits and one.standing is not Standing.APPLIES]
    if misfits:
        steps.append(
            f"{count(len(misfits), 'correction')} cannot be made in the new files and keep{'s' if len(misfits) == 1 else ''} "
            "`ks-codegen update` from moving the pin: change what they say, or take out those that match nothing with `--retire`."
        )
    if others:
        more = "more " if misfits else ""
        steps.append(
            f"{number(len(others))} {more}correction{'' if len(others) == 1 else 's'} to look at; the rest apply as before."
        )
    if drift.findings and not misfits and drift.sources:
        steps.append(
            "`ks-codegen update` moves the pin, generates anew and writes the changelog; what breaks is marked there."
        )
    if drift.findings:
        steps.append(ACCEPT)
    return steps


def levels(findings: Iterable[Finding]) -> dict[Level, int]:
    """How many findings each level has, the worst level first."""
    found = [one.level for one in findings]
    return {level: found.count(level) for level in Level}


def group_name(group: str) -> str:
    return shown(group) if group else "no single group"


def groups(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by their group, in the order of the groups' names and with those that have none at the end."""
    found: dict[str, list[Finding]] = {}
    for one in sorted(findings, key=lambda one: one.order):
        found.setdefault(one.group, []).append(one)
    return sorted(found.items(), key=lambda item: (not item[0], item[0]))


def worst_groups(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The same with the groups first that are hurt most."""
    return sorted(groups(findings), key=lambda item: [-amount for amount in levels(item[1]).values()])


@frozen
class Section:
    """One of the two levels on which a user meets a change."""

    name: str
    about: str
    findings: tuple[Finding, ...]
    compared: bool  # where it was not, that there are no findings says nothing

    @property
    def counted(self) -> str:
        """`3 breaking, 0 risky, 12 compatible`, or that nobody knows."""
        if not self.compared:
            return "NOT COMPARED"
        return ", ".join(f"{number(amount)} {level}" for level, amount in levels(self.findings).items())


def sections(drift: Drift) -> tuple[Section, Section]:
    return (
        Section("API", "what the server takes and answers", drift.api, "api" not in drift.uncompared),
        Section("Python", "what the client offers", drift.python, "python" not in drift.uncompared),
    )


def uncompared(drift: Drift) -> list[str]:
    """The names of the sections that could not be compared."""
    return [one.name for one in sections(drift) if not one.compared]


def touches(finding: Finding, most: int = 3, named: Callable[[str], str] = shown) -> str:
    """`touches GET /a, PUT /b and 10 more operations`; "" where its subject says so already or none is touched."""
    if not finding.operations or _is_about(finding, finding.operations):
        return ""
    return f"touches {_first(finding.operations, most, 'more operation', named)}"


def called(finding: Finding, most: int = 3, named: Callable[[str], str] = shown) -> str:
    """`called as iam.v1alpha2.list_users`; "" where its subject says so already or no method is known."""
    if not finding.calls or finding.subject.removeprefix("ks.").startswith(finding.calls[0]):
        return ""
    return f"called as {_first(finding.calls, most, 'more method', named)}"


def met(finding: Finding) -> str:
    """Where a user meets it, as short as it goes: the methods where they are known, else the operations."""
    return called(finding, 1) or ("" if finding.calls else touches(finding, 1))


def says_all(finding: Finding) -> bool:
    """Whether subject and sentence name already what stood there and what stands there now."""
    told = f"{finding.subject} {finding.text}"
    return all(one is None or (is_words(one) and one in told) for one in (finding.before, finding.after))


def touched(findings: Iterable[Finding]) -> int:
    """How many operations these findings touch."""
    return len({operation for one in findings for operation in one.operations})


def changed_size(source: SourceChange) -> str:
    """`812,345 → 830,111 bytes (+17,766)`, or that it is unchanged."""
    if not source:
        return f"unchanged, {number(source.new_size)} bytes"
    sizes = f"{number(source.old_size)} → {number(source.new_size)} bytes ({source.new_size - source.old_size:+,})"
    return f"{sizes}, {'accepted, ' if source.accepted else ''}fingerprint {source.finding.fingerprint}"


def attention(drift: Drift) -> list[tuple[Standing, list[CorrectionChange]]]:
    """The corrections that need a person, by what became of them, those first that cannot be made any more."""
    ordered = sorted(drift.corrections, key=lambda one: one.fits)
    found = [(standing, [one for one in ordered if one.standing is standing]) for standing in TO_DO]
    return [(standing, ones) for standing, ones in found if ones]


def misfit(correction: CorrectionChange) -> str:
    """A warning where the new files cannot be generated from with it; else ""."""
    return "" if correction.fits else "it cannot be made in the new files"


def still_apply(drift: Drift) -> int:
    return sum(one.standing is Standing.APPLIES for one in drift.corrections)


def stand(drift: Drift) -> str:
    """`2 gone, 1 fixed upstream, 410 apply as before`; "" when there are no corrections."""
    counts = [f"{number(len(ones))} {STANDS[standing]}" for standing, ones in attention(drift)]
    apply = still_apply(drift)
    return ", ".join(
        [*counts, *([f"{number(apply)} {'applies' if apply == 1 else 'apply'} as before"] if apply else [])]
    )


def accepted_until(accepted: Accepted) -> str:
    return f"until {accepted.until.isoformat()}" if accepted.until else "without an end date"


def by_level(findings: Sequence[Finding], level: Level) -> list[Finding]:
    return [one for one in findings if one.level is level]


def _is_about(finding: Finding, operations: Sequence[str]) -> bool:
    return len(operations) == 1 and f"{finding.subject} ".startswith(f"{operations[0]} ")


def _first(names: Sequence[str], most: int, noun: str, named: Callable[[str], str]) -> str:
    rest = len(names) - most
    return ", ".join(named(one) for one in names[:most]) + (f" and {count(rest, noun)}" if rest > 0 else "")
