"""The report as JSON, and the schema that describes it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from attrs import evolve

from generator.drift.drift import Standing
from generator.drift.finding import Level
from generator.drift.reports import as_json
from tests.drift import sample_drift

_VALIDATOR = jsonschema.Draft202012Validator(
    as_json.schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def _report(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json.render(getattr(sample_drift, name)()))
    return found


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(as_json.schema())


@pytest.mark.parametrize("name", ["nothing_changed", "small", "large", "hostile"])
def test_a_report_is_as_the_schema_says(name: str) -> None:
    _VALIDATOR.validate(_report(name))


def test_every_object_of_the_schema_is_closed_and_each_member_is_always_there() -> None:
    objects = [node for node in _nodes(as_json.schema()) if "properties" in node]
    assert len(objects) == 8
    for node in objects:
        assert node["additionalProperties"] is False
        assert sorted(node["required"]) == sorted(node["properties"])


def test_the_schema_knows_each_level_and_each_standing() -> None:
    definitions = as_json.schema()["$defs"]
    assert definitions["level"]["enum"] == [one.value for one in Level]
    assert definitions["correction"]["properties"]["standing"]["enum"] == [one.value for one in Standing]


@pytest.mark.parametrize(
    ("member", "value"), [("format", 2), ("worst", "bad"), ("more", 1), ("drift", None), ("api", [{}])]
)
def test_the_schema_refuses_another_form(member: str, value: object) -> None:
    assert not _VALIDATOR.is_valid({**_report("small"), member: value})


def test_nothing_is_cut() -> None:
    drift = sample_drift.hostile()
    report = _report("hostile")
    assert report["notices"] == list(drift.notices)
    assert [one["subject"] for one in report["api"]] == [one.subject for one in drift.api]
    assert report["api"][8]["after"] == "x" * 100_000


def test_an_accepted_finding_is_told_with_its_reason_and_stands_nowhere_else() -> None:
    report = _report("small")
    (accepted,) = report["accepted"]
    assert (accepted["reason"], accepted["until"]) == ("nobody calls it", "2027-03-31")
    assert accepted["finding"]["fingerprint"] not in {one["fingerprint"] for one in report["api"] + report["python"]}


def test_counts_and_worst_are_those_of_the_findings() -> None:
    report = _report("small")
    assert report["counts"]["api"] == {"breaking": 1, "risky": 1, "compatible": 1}
    assert report["counts"]["python"] == {"breaking": 1, "risky": 0, "compatible": 0}
    assert report["worst"] == "breaking"
    assert _report("nothing_changed")["worst"] is None


def test_what_was_not_compared_has_no_counts() -> None:
    drift = evolve(sample_drift.small(), python=(), uncompared=("python",))
    report = json.loads(as_json.render(drift))
    _VALIDATOR.validate(report)
    assert report["counts"]["python"] is None


def _nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(node for member in value.values() for node in _nodes(member))]
    return [node for member in value for node in _nodes(member)] if isinstance(value, list) else []
