"""drift.toml: findings that somebody looked at and accepts, each with a reason and the day on which that ends."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from generator.drift.drift import Accepted, Drift
from generator.drift.finding import Finding
from generator.errors import GeneratorError

FILE = "drift.toml"
_KEYS = {"fingerprint", "reason", "until"}
_OPTIONAL = {"release", "finding"}
_FINGERPRINT = re.compile(r"[0-9a-f]{12}\Z")


@frozen
class Acceptance:
    """One entry of drift.toml."""

    fingerprint: str
    reason: str
    until: date  # the last day on which it holds
    release: str | None = None  # the one release that it is for; None for all
    finding: str = ""  # what was accepted, for the reader of the file


def load(path: Path, *, needed: bool = False) -> tuple[Acceptance, ...]:
    """The entries of the file; none where there is no file, unless it is needed.

    Raises:
        GeneratorError: it cannot be read, or an entry lacks something or has no meaning.
    """
    if not needed and not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GeneratorError(f"{path.name} cannot be read: {error}.\nCorrect the file.") from None
    entries = content.pop("accept", [])
    if content or not isinstance(entries, list):
        stray = f"{sorted(content)[0]!a} means nothing there" if content else "`accept` is no list of tables"
        raise GeneratorError(f"{path.name}: {stray}.\nWrite each accepted finding as [[accept]].")
    found = tuple(_entry(one, f"{path.name}, entry {number}") for number, one in enumerate(entries, start=1))
    seen: set[tuple[str, str | None]] = set()
    for number, one in enumerate(found, start=1):
        if (one.fingerprint, one.release) in seen:
            raise GeneratorError(f"{path.name}, entry {number} accepts {one.fingerprint} again.\nKeep one of the two.")
        seen.add((one.fingerprint, one.release))
    return found


def accept(drift: Drift, acceptances: tuple[Acceptance, ...], *, today: date) -> Drift:
    """The comparison without the findings that are accepted today; what no longer accepts anything is told in its notices."""
    ours = [one for one in acceptances if one.release in (None, drift.release)]
    current = {one.fingerprint: one for one in ours if one.until >= today}
    present = {one.fingerprint for one in drift.findings} | {one.finding.fingerprint for one in drift.sources if one}
    notices = [
        f"drift.toml accepts {one.fingerprint} no longer: that ended on {one.until.isoformat()}"
        if one.fingerprint in present
        else f"drift.toml accepts {one.fingerprint}, which is not found: remove the entry"
        for one in ours
        if one.fingerprint not in present or one.until < today
    ]
    return evolve(
        drift,
        sources=tuple(evolve(one, accepted=one.finding.fingerprint in current) for one in drift.sources),
        api=_without(drift.api, current),
        python=_without(drift.python, current),
        accepted=tuple(
            Accepted(one, current[one.fingerprint].reason, current[one.fingerprint].until)
            for one in drift.findings
            if one.fingerprint in current
        ),
        notices=(*drift.notices, *notices),
    )


def _without(findings: tuple[Finding, ...], current: dict[str, Acceptance]) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.fingerprint not in current)


def _entry(node: Any, where: str) -> Acceptance:
    if not isinstance(node, dict):
        raise GeneratorError(f"{where} is no table.\nWrite each accepted finding as [[accept]].")
    for name in sorted(_KEYS - node.keys()):
        raise GeneratorError(
            f"{where} has no `{name}`.\nGive each a fingerprint, a reason and the day it ends, `until`."
        )
    for name in sorted(node.keys() - _KEYS - _OPTIONAL):
        raise GeneratorError(f"{where} has a key {name!a} that means nothing.\nRemove it or correct its spelling.")
    for name in ("fingerprint", "reason", *sorted(_OPTIONAL & node.keys())):
        if not isinstance(node[name], str) or not node[name].strip() or not node[name].isprintable():
            raise GeneratorError(f"{where}: `{name}` is a line of text.\nCorrect the file.")
    if not _FINGERPRINT.match(node["fingerprint"]):
        raise GeneratorError(
            f"{where}: `fingerprint` is the 12 hexadecimal digits that the report shows.\nCorrect the file."
        )
    if type(node["until"]) is not date:
        raise GeneratorError(f"{where}: `until` is a day, such as 2027-06-30, without quotes.\nCorrect the file.")
    return Acceptance(**node)
