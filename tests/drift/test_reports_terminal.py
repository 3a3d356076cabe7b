"""The report in a terminal."""

from __future__ import annotations

import io

import pytest
from attrs import evolve
from rich.console import Console

from generator.drift.drift import Drift
from generator.drift.finding import Level
from generator.drift.reports import terminal
from tests.drift import sample_drift


def _written(drift: Drift, *, verbose: bool = False, width: int = 80) -> str:
    text = io.StringIO()
    terminal.write(drift, Console(file=text, width=width), verbose=verbose)
    return text.getvalue()


def _unwrapped(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["nothing_changed", "small", "large", "hostile"])
def test_piped_text_has_80_columns_and_no_escape(name: str) -> None:
    text = _written(getattr(sample_drift, name)(), verbose=True)
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_no_color_gives_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = io.StringIO()
    terminal.write(sample_drift.small(), Console(file=text, width=80, force_terminal=True))
    assert "\x1b[31m" not in text.getvalue()
    assert "\x1b[1;31m" not in text.getvalue()


def test_colour_adds_nothing_but_escapes() -> None:
    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=True, color_system="standard", record=True)
    terminal.write(sample_drift.small(), console)
    assert "\x1b[1;31m" in text.getvalue()
    assert console.export_text() == _written(sample_drift.small())


def test_the_verdict_stands_above_everything_else_with_its_level_spelled_out() -> None:
    lines = _written(sample_drift.small()).splitlines()
    assert lines[0] == "Drift of release-3.0: 60e5896 → release-3.0"
    assert lines[2] == "BREAKING: 2 changes break code that was right."


def test_no_change_is_said_in_a_few_lines() -> None:
    text = _written(sample_drift.nothing_changed())
    assert "Nothing changed." in text
    assert len(text.splitlines()) < 10


def test_a_finding_shows_what_stood_there_and_what_stands_there_now() -> None:
    text = _unwrapped(_written(sample_drift.small()))
    assert 'the query parameter verbose was removed {"type": "boolean", "default": false} → nothing' in text


def test_breaking_and_risky_findings_are_never_left_out() -> None:
    drift = sample_drift.large()
    text = _written(drift)
    assert all(one.fingerprint in text for one in drift.findings if one.level is not Level.COMPATIBLE)


def test_compatible_findings_are_shortened_and_say_how_to_see_all() -> None:
    drift = sample_drift.large()
    compatible = [one for one in drift.findings if one.level is Level.COMPATIBLE]
    short, whole = _written(drift), _written(drift, verbose=True)
    assert sum(one.fingerprint in short for one in compatible) < len(compatible)
    assert "--verbose" in short
    assert all(one.fingerprint in whole for one in compatible)
    assert "--verbose" not in whole


def test_corrections_that_need_a_person_are_listed_and_the_others_counted() -> None:
    text = _unwrapped(_written(sample_drift.small()))
    assert "Corrections, gone (1)" in text
    assert "overlays/iam.yaml, action 2 (kubesphere)" in text
    assert "1 applies as before" in text
    assert "action 1 " not in text


def test_accepted_findings_show_their_reason_and_their_end() -> None:
    assert "nobody calls it (until 2027-03-31)" in _unwrapped(_written(sample_drift.small()))


def test_a_terminal_that_knows_ascii_only_gets_ascii() -> None:
    raw = io.BytesIO()
    drift = evolve(sample_drift.small(), notices=("Ünicode → 漢字",))
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        terminal.write(drift, Console(file=stream, width=80))
        stream.flush()
        text = raw.getvalue().decode("ascii")
    assert "60e5896 -> release-3.0" in text
    assert "\\xdcnicode -> \\u6f22\\u5b57" in text


def test_markup_of_rich_in_a_text_is_text() -> None:
    drift = evolve(sample_drift.small(), notices=("[bold red]loud[/] :warning:",))
    assert "[bold red]loud[/] :warning:" in _written(drift)
