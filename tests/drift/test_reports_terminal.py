"""The report in a terminal."""

from __future__ import annotations

import io

import pytest
from attrs import evolve
from rich.cells import cell_len
from rich.console import Console

from generator.drift.drift import Drift
from generator.drift.finding import Level
from generator.drift.reports import terminal
from generator.drift.reports.lines import broken
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
    assert lines[2] == "BREAKING: 1 change of the API breaks code that was right; seen from Python, 1"


def test_no_change_is_said_in_a_few_lines() -> None:
    text = _written(sample_drift.nothing_changed())
    assert "Nothing changed." in text
    assert len(text.splitlines()) < 10


def test_a_finding_shows_what_stood_there_and_what_stands_there_now() -> None:
    text = _unwrapped(_written(sample_drift.small()))
    assert "the query parameter verbose was removed [" in text
    assert '{"type": "boolean", "default": false} → nothing' in text


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
    text = _unwrapped(_written(sample_drift.small(), verbose=True))
    assert "Corrections, gone (1)" in text
    assert "overlays/iam.yaml, action 2 (kubesphere)" in text
    assert "1 applies as before" in text
    assert "action 1 " not in text


def test_many_corrections_of_a_file_take_a_line_unless_all_is_asked_for() -> None:
    text = _written(sample_drift.large())
    assert "  overlays/iam.yaml, action 3, 8, 13, 18\n" in text
    assert "The answer is a list of users" not in text


def test_the_report_ends_with_the_verdict_and_what_to_do_next() -> None:
    end = _unwrapped(_written(sample_drift.large())[-700:])
    assert "BREAKING:" in end
    assert end.endswith("in `drift.toml`, with a reason and an end date.")


def test_a_path_is_broken_after_a_slash_and_a_word_stays_whole() -> None:
    path = "/kapis/servicemesh.kubesphere.io/v1alpha2/namespaces/{namespace}/services/{service}/health"
    text = " ".join(list(broken(f"GET {path} 200: the operation was removed", 60)))
    assert text.replace("/ ", "/") == f"GET {path} 200: the operation was removed"
    assert list(broken("one two three", 9)) == ["one two", "three"]


@pytest.mark.parametrize("text", ["x" * 100, "漢" * 70, "/" * 90, "", "a.b/" * 40])
def test_no_line_is_wider_than_there_is_room(text: str) -> None:
    lines = list(broken(text, 40))
    assert "".join(lines) == text
    assert all(cell_len(line) <= 40 for line in lines)


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
