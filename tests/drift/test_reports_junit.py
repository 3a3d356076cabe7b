"""The report as JUnit XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from attrs import evolve

from generator.drift.drift import Drift
from generator.drift.finding import Level
from generator.drift.reports import junit
from tests.drift import sample_drift


def _parsed(drift: Drift, fail_on: Level | None = None) -> ET.Element:
    return ET.fromstring(junit.render(drift, fail_on).encode("utf-8"))


def _failing(drift: Drift, fail_on: Level | None) -> list[str]:
    return [failure.get("type", "") for failure in _parsed(drift, fail_on).iter("failure")]


@pytest.mark.parametrize("name", ["nothing_changed", "small", "large", "hostile"])
def test_it_is_xml_with_a_suite_for_each_level(name: str) -> None:
    root = _parsed(getattr(sample_drift, name)())
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root][:4] == ["bytes", "API", "Python", "corrections"]


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        (None, []),
        (Level.BREAKING, ["breaking", "breaking"]),
        (Level.RISKY, ["breaking", "risky", "breaking"]),
        (
            Level.COMPATIBLE,
            ["changed", "breaking", "risky", "compatible", "breaking", "gone", "fixed-upstream"],
        ),
    ],
)
def test_findings_fail_from_the_level_that_was_asked_for(fail_on: Level | None, failing: list[str]) -> None:
    assert _failing(sample_drift.small(), fail_on) == failing


def test_a_finding_that_does_not_fail_passes_and_says_what_it_is() -> None:
    (case,) = [one for one in _parsed(sample_drift.small()).iter("testcase") if "list_users" in one.get("name", "")]
    assert case.get("classname") == "iam.v1alpha2"
    assert case.get("name", "").startswith("parameter-removed: iam.v1alpha2.list_users(verbose)")
    assert "breaking: the parameter was removed" in case.findtext("system-out", "")


def test_an_accepted_finding_is_skipped_with_its_reason() -> None:
    (skipped,) = _parsed(sample_drift.small(), Level.BREAKING).iter("skipped")
    assert skipped.get("message") == "nobody calls it (until 2027-03-31)"


def test_no_change_shows_a_case_that_passes_for_each_level() -> None:
    root = _parsed(sample_drift.nothing_changed(), Level.COMPATIBLE)
    names = [case.get("name") for case in root.iter("testcase")]
    assert (
        names.count("no breaking change") == names.count("no risky change") == names.count("no compatible change") == 2
    )
    assert not list(root.iter("failure"))


def test_what_was_not_compared_is_an_error_and_passes_nothing() -> None:
    root = _parsed(evolve(sample_drift.small(), python=(), uncompared=("python",)))
    (suite,) = root.iterfind("testsuite[@name='Python']")
    (case,) = suite
    assert case.find("error") is not None
    assert (suite.get("errors"), root.get("errors")) == ("1", "1")


@pytest.mark.parametrize("name", ["nothing_changed", "small", "large", "hostile"])
def test_the_counts_are_those_of_the_cases(name: str) -> None:
    root = _parsed(getattr(sample_drift, name)(), Level.RISKY)
    for node in (root, *root):
        cases = list(node.iter("testcase"))
        assert int(node.get("tests", "")) == len(cases)
        assert int(node.get("failures", "")) == sum(case.find("failure") is not None for case in cases)
        assert int(node.get("skipped", "")) == sum(case.find("skipped") is not None for case in cases)


def test_no_two_cases_of_a_suite_have_one_name() -> None:
    for suite in _parsed(sample_drift.large()):
        names = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
        assert len(names) == len(set(names))
