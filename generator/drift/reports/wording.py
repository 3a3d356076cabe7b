"""How a comparison reads: the words, counts and orders that all reports share, and text from outside made harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

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

ACCEPT = "To accept a finding, name its fingerprint (12 digits) in drift.toml, with a reason and an end date."


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
    """The worst of it in one sentence."""
    amount = drift.count(drift.worst) if drift.worst else 0
    if drift.worst is Level.BREAKING:
        return f"{count(amount, 'change')} {'breaks' if amount == 1 else 'break'} code that was right."
    if drift.worst is Level.RISKY:
        return f"Nothing breaks for certain, but {count(amount, 'change')} may break code that was right."
    if drift.worst is Level.COMPATIBLE:
        return f"Nothing breaks: {count(amount, 'change')}, {'which is' if amount == 1 else 'all'} compatible."
    accepted = f" {count(len(drift.accepted), 'finding')} accepted." if drift.accepted else ""
    if drift:
        return f"The files differ, but in nothing that a user can meet.{accepted}"
    return f"Nothing changed.{accepted}"


def levels(findings: Iterable[Finding]) -> dict[Level, int]:
    """How many findings each level has, the worst level first."""
    found = [one.level for one in findings]
    return {level: found.count(level) for level in Level}


def counted(findings: Iterable[Finding]) -> str:
    """`3 breaking, 0 risky, 12 compatible`."""
    return ", ".join(f"{number(amount)} {level}" for level, amount in levels(findings).items())


def shares(drift: Drift, level: Level) -> str:
    """`17 API, 25 Python`: one change upstream may be met in both."""
    return ", ".join(f"{number(len(by_level(findings, level)))} {name}" for name, _, findings in sections(drift))


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


def sections(drift: Drift) -> tuple[tuple[str, str, tuple[Finding, ...]], ...]:
    """The two levels on which a user meets a change: a word for it, what it is about, and its findings."""
    return (("API", "what the server takes and answers", drift.api), ("Python", "what the client offers", drift.python))


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
    """The corrections that need a person, by what became of them."""
    found = [(standing, [one for one in drift.corrections if one.standing is standing]) for standing in TO_DO]
    return [(standing, ones) for standing, ones in found if ones]


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
