"""drift.toml: what is accepted, until when, and what is wrong in the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from generator.drift import acceptance
from generator.drift.drift import Drift, SourceChange
from generator.drift.finding import Finding, Level
from generator.errors import GeneratorError

FINDING = Finding("endpoint-added", Level.COMPATIBLE, "GET /a", "GET /a", "it is new", after="GET /a")
OTHER = Finding("api-removed-without-deprecation", Level.BREAKING, "GET /b", "GET /b", "it is gone", before="GET /b")
TODAY = date(2026, 11, 25)


def drift(*findings: Finding, sources: tuple[SourceChange, ...] = ()) -> Drift:
    return Drift("release-1.0", "old", "new", sources, findings, (), ())


def accepted(folder: Path, found: Drift, text: str, today: date = TODAY) -> Drift:
    path = folder / "drift.toml"
    path.write_text(text)
    return acceptance.accept(found, acceptance.load(path), today=today)


def entry(fingerprint: str, until: str = "2026-11-25", **members: str) -> str:
    more = "".join(f'{name} = "{value}"\n' for name, value in members.items())
    return f'[[accept]]\nfingerprint = "{fingerprint}"\nreason = "known"\nuntil = {until}\n{more}'


def test_an_accepted_finding_is_out_of_the_findings_and_keeps_its_reason(tmp_path: Path) -> None:
    found = accepted(tmp_path, drift(FINDING, OTHER), entry(FINDING.fingerprint))

    assert found.api == (OTHER,)
    assert [(one.finding, one.reason, one.until) for one in found.accepted] == [(FINDING, "known", TODAY)]
    assert not found.notices


def test_an_acceptance_ends_after_its_last_day(tmp_path: Path) -> None:
    found = accepted(tmp_path, drift(FINDING), entry(FINDING.fingerprint), today=date(2026, 11, 26))

    assert found.api == (FINDING,)
    assert not found.accepted
    assert found.notices == (f"drift.toml accepts {FINDING.fingerprint} no longer: that ended on 2026-11-25",)


def test_an_acceptance_of_what_is_not_found_is_told(tmp_path: Path) -> None:
    found = accepted(tmp_path, drift(OTHER), entry(FINDING.fingerprint))

    assert found.notices == (f"drift.toml accepts {FINDING.fingerprint}, which is not found: remove the entry",)


def test_an_acceptance_for_another_release_is_none_here(tmp_path: Path) -> None:
    found = accepted(tmp_path, drift(FINDING), entry(FINDING.fingerprint, release="release-2.0"))

    assert found.api == (FINDING,)
    assert not found.notices


def test_changed_bytes_can_be_accepted_too(tmp_path: Path) -> None:
    change = SourceChange("ks", "api/swagger.json", "a" * 64, "b" * 64, 1, 1)

    found = accepted(tmp_path, drift(sources=(change,)), entry(change.finding.fingerprint))

    assert not found
    assert drift(sources=(change,))


def test_the_same_change_keeps_its_fingerprint_under_other_words() -> None:
    same = Finding("endpoint-added", Level.RISKY, "GET /a", "the list of a", "a new operation", after="GET /a")

    assert same.fingerprint == FINDING.fingerprint
    assert same.fingerprint != OTHER.fingerprint


def test_without_the_file_nothing_is_accepted(tmp_path: Path) -> None:
    assert acceptance.load(tmp_path / "drift.toml") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[accept", "cannot be read"),
        ("accept = 1", "no list of tables"),
        ("[[accepted]]\n", "'accepted' means nothing"),
        ('[[accept]]\nreason = "a"\nuntil = 2027-01-01\n', "no `fingerprint`"),
        ('[[accept]]\nfingerprint = "0123456789ab"\nuntil = 2027-01-01\n', "no `reason`"),
        ('[[accept]]\nfingerprint = "0123456789ab"\nreason = "a"\n', "no `until`"),
        (entry("0123456789ab", until='"2027-01-01"'), "`until` is a day"),
        (entry("0123456789ab", until="2027-01-01T00:00:00"), "`until` is a day"),
        (entry("xyz"), "12 hexadecimal digits"),
        (entry("0123456789ab", levle="x"), "'levle' that means nothing"),
        (entry("0123456789ab") * 2, "accepts 0123456789ab again"),
        ('[[accept]]\nfingerprint = "0123456789ab"\nreason = " "\nuntil = 2027-01-01\n', "`reason` is a line of text"),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=said):
        accepted(tmp_path, drift(), text)
