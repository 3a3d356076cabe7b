"""A finding reads the same in every report."""

from __future__ import annotations

import json
import re

import pytest
from attrs import evolve

from generator.drift.drift import SourceChange
from generator.drift.finding import Finding, Level
from generator.drift.reports import FORMATS, render, wording
from tests.drift import sample_drift

_FINDING = Finding("endpoint-removed", Level.BREAKING, "GET /a", "GET /a", "the operation was removed")


def test_what_cannot_be_seen_is_written_as_an_escape() -> None:
    assert wording.shown("a\x1b[0m\u202eb\ud800\n\u00a0c") == "a\\x1b[0m\\u202eb\\ud800\\n\\xa0c"


def test_what_is_too_long_is_cut_and_says_by_how_much() -> None:
    assert wording.shown("x" * 12, 10) == "x" * 10 + "… (2 more characters)"
    assert wording.shown("x" * 10, 10) == "x" * 10


def test_an_empty_text_is_not_nothing() -> None:
    assert wording.value("") == '""'
    assert wording.value(None) == "nothing"


def test_the_operations_that_are_touched_are_named_up_to_three_and_then_counted() -> None:
    one = evolve(_FINDING, subject="User.email", operations=("GET /a", "GET /b", "GET /c", "GET /d"))
    assert wording.touches(one) == "touches GET /a, GET /b, GET /c and 1 more operation"
    assert wording.touches(evolve(one, operations=("GET /a",))) == "touches GET /a"


@pytest.mark.parametrize("found", ["12", "true", "nothing", "null", "", " a", "[]", '"a"', "1.5", "a\n\nb"])
def test_a_text_that_could_be_taken_for_something_else_has_quotes(found: str) -> None:
    assert wording.value(found) == wording.shown(json.dumps(found))


def test_words_have_no_quotes() -> None:
    assert wording.value("array of string") == "array of string"


def test_values_that_the_sentence_names_are_all_said() -> None:
    one = evolve(_FINDING, text="the type changed from string to any value", before="string", after="any value")
    assert wording.says_all(one)
    assert not wording.says_all(evolve(one, after="integer"))
    assert not wording.says_all(evolve(one, before={"type": "string"}))


@pytest.mark.parametrize("subject", ["GET /a", "GET /a 200", "GET /a query b"])
def test_a_subject_that_names_the_operation_is_not_repeated(subject: str) -> None:
    assert wording.touches(evolve(_FINDING, subject=subject, operations=("GET /a",))) == ""
    assert wording.touches(evolve(_FINDING, subject=subject, operations=("GET /a", "GET /b"))) != ""
    assert wording.touches(evolve(_FINDING, subject="GET /abc", operations=("GET /a",))) != ""


def test_a_subject_that_names_the_method_is_not_repeated() -> None:
    assert wording.called(evolve(_FINDING, subject="a.list_b(c)", calls=("a.list_b",))) == ""
    assert wording.called(evolve(_FINDING, subject="ks.a.list_b", calls=("a.list_b",))) == ""
    assert wording.called(_FINDING) == ""
    assert wording.called(evolve(_FINDING, calls=("a.list_b",))) == "called as a.list_b"


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ((Level.BREAKING,), "1 change of the API breaks code that was right."),
        ((Level.RISKY, Level.BREAKING, Level.BREAKING), "2 changes of the API break code that was right."),
        (
            (Level.COMPATIBLE, Level.RISKY),
            "Nothing breaks for certain, but 1 change of the API may break code that was right.",
        ),
        ((Level.COMPATIBLE,), "Nothing breaks: compatible changes only, 1 of the API."),
        ((), "Nothing changed."),
    ],
)
def test_the_verdict_names_the_worst(levels: tuple[Level, ...], verdict: str) -> None:
    api = tuple(evolve(_FINDING, level=level) for level in levels)
    assert wording.verdict(evolve(sample_drift.nothing_changed(), api=api)) == verdict


@pytest.mark.parametrize(
    ("level", "verdict"),
    [
        (Level.BREAKING, "1 change of the API breaks code that was right; seen from Python, 2 do."),
        (
            Level.RISKY,
            "Nothing breaks for certain, but 1 change of the API may break code that was right; seen from Python, 2 may.",
        ),
        (Level.COMPATIBLE, "Nothing breaks: compatible changes only, 1 of the API, 2 seen from Python."),
    ],
)
def test_one_change_upstream_that_is_met_in_both_is_not_counted_as_two(level: Level, verdict: str) -> None:
    one = evolve(_FINDING, level=level)
    assert wording.verdict(evolve(sample_drift.nothing_changed(), api=(one,), python=(one, one))) == verdict


def test_what_breaks_in_python_alone_is_not_said_of_the_api() -> None:
    drift = evolve(sample_drift.nothing_changed(), python=(_FINDING,))
    assert wording.verdict(drift) == "No change of the API breaks code that was right; seen from Python, 1 does."


def test_what_was_not_compared_is_never_said_to_be_unbroken() -> None:
    source = SourceChange("kubesphere", "api/swagger.json", "a" * 64, "b" * 64, 1, 2)
    drift = evolve(sample_drift.nothing_changed(), sources=(source,), uncompared=("python",))
    assert wording.verdict(drift) == "The API has no change that a user can meet. Python was not compared."
    compatible = evolve(drift, api=(evolve(_FINDING, level=Level.COMPATIBLE),))
    assert wording.verdict(compatible).startswith("In the API nothing breaks:")


@pytest.mark.parametrize("format", FORMATS)
def test_every_report_says_that_python_was_not_compared_and_not_that_nothing_was_found(format: str) -> None:
    drift = evolve(sample_drift.small(), python=(), uncompared=("python",))
    text = render(drift, format).lower()
    assert "python was not compared" in text
    assert not re.search(r"python +0 breaking|\| breaking \| 1 \| 0 \|", text)


@pytest.mark.parametrize("format", FORMATS)
def test_every_report_says_which_corrections_cannot_be_made_any_more(format: str) -> None:
    fitting = sample_drift.small()
    misfits = evolve(fitting, corrections=tuple(evolve(one, fits=False) for one in fitting.corrections[1:2]))
    said = '"fits": false' if format == "json" else "cannot be made"
    assert said in render(misfits, format)
    assert said not in render(fitting, format)


def test_the_next_step_is_what_stands_in_the_way_of_an_update_and_else_the_update() -> None:
    drift = sample_drift.small()
    assert any("`ks-codegen update` moves the pin" in one for one in wording.next_steps(drift))
    misfits = evolve(drift, corrections=tuple(evolve(one, fits=False) for one in drift.corrections))
    first, *others = wording.next_steps(misfits)
    assert first.startswith("3 corrections cannot be made in the new files")
    assert not any("moves the pin" in one for one in others)
    assert wording.next_steps(sample_drift.nothing_changed()) == []


def test_files_that_differ_in_nothing_a_user_meets_are_told_from_no_change() -> None:
    source = SourceChange("kubesphere", "api/swagger.json", "a" * 64, "b" * 64, 1, 2)
    drift = evolve(sample_drift.nothing_changed(), sources=(source,))
    assert wording.verdict(drift) == "The files differ, but in nothing that a user can meet."


def test_groups_that_are_hurt_most_come_first_and_equals_by_name() -> None:
    levels = {"b": Level.COMPATIBLE, "a": Level.COMPATIBLE, "z": Level.BREAKING, "y": Level.RISKY}
    found = wording.worst_groups(evolve(_FINDING, group=group, level=level) for group, level in levels.items())
    assert [group for group, _ in found] == ["z", "y", "a", "b"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_is_the_same_each_time_and_ends_with_a_line(format: str) -> None:
    text = render(sample_drift.large(), format)
    assert text == render(sample_drift.large(), format)
    assert text.endswith("\n")


@pytest.mark.parametrize("format", FORMATS)
def test_every_report_can_be_encoded_and_has_no_hidden_character(format: str) -> None:
    text = render(sample_drift.hostile(), format, fail_on=Level.COMPATIBLE, verbose=True)
    text.encode("utf-8")
    assert {char for char in text if not char.isprintable()} <= {"\n"}


@pytest.mark.parametrize("format", FORMATS)
def test_every_report_shows_the_fingerprint_of_each_breaking_finding(format: str) -> None:
    drift = sample_drift.small()
    text = render(drift, format)
    breaking = [one.fingerprint for one in drift.findings if one.level is Level.BREAKING]
    assert len(breaking) == 2
    assert all(fingerprint in text for fingerprint in breaking)


@pytest.mark.parametrize("format", [one for one in FORMATS if one != "json"])
def test_a_text_of_a_hundred_thousand_characters_does_not_swamp_a_report(format: str) -> None:
    assert len(render(sample_drift.hostile(), format)) < 400_000
