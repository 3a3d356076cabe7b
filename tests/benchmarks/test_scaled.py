"""A specification several times as large: the road runs over it, and it has several times the operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import scaled
from generator import fetch, pipeline
from generator.document import operations
from generator.release import load_release
from tests.drift.project import USERS, Project

CORRECTION = {
    "target": f"$.paths['{USERS}'].get",
    "description": "The list is not described.",
    "x-evidence": {"defects": ["KS-0001"]},
    "update": {"description": "Lists the users."},
}
ADDITION = {
    "target": "$.components.schemas",
    "description": "A type is missing.",
    "x-evidence": {"defects": ["KS-0002"]},
    "update": {"v1alpha2.Extra": {"type": "object", "properties": {"user": {"$ref": "#/components/schemas/v1.User"}}}},
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project", CORRECTION, ADDITION)


def corrected(project: Project, times: int, target: Path) -> dict[str, Any]:
    """The document that so many copies of the project's release give."""
    release = load_release(project.specs)
    sources = fetch.fetch(release, mirror=str(project.root / "mirror"), offline=True, cache=target / "cache")
    target.mkdir(exist_ok=True)
    mirror = scaled.write_project(project.root, release, sources, times, target)
    larger = load_release(target / "specs" / release.name)
    found = fetch.fetch(larger, mirror=str(mirror), offline=True, cache=target / "cache")
    return pipeline.corrected(larger, found)


def test_one_copy_is_the_release_as_it_stands(project: Project, tmp_path: Path) -> None:
    release = load_release(project.specs)
    sources = fetch.fetch(release, mirror=str(project.root / "mirror"), offline=True, cache=tmp_path / "cache")
    original = pipeline.corrected(release, sources)

    assert json.dumps(corrected(project, 1, tmp_path / "one")) == json.dumps(original)


def test_three_copies_have_three_times_the_operations_and_types(project: Project, tmp_path: Path) -> None:
    one, three = (corrected(project, times, tmp_path / str(times)) for times in (1, 3))

    assert len(list(operations(three))) == 3 * len(list(operations(one)))
    assert len(three["components"]["schemas"]) == 3 * len(one["components"]["schemas"])
    assert {operation["operationId"] for _, _, operation in operations(three)} == {
        "iam.v1alpha2.list_users",
        "iam2.v1alpha2.list_users",
        "iam3.v1alpha2.list_users",
    }


def test_each_copy_is_corrected_as_the_original_is_and_refers_to_its_own_types(
    project: Project, tmp_path: Path
) -> None:
    document = corrected(project, 2, tmp_path / "two")
    listing = document["paths"][USERS.replace("iam.", "iam2.")]["get"]
    schema = listing["responses"]["200"]["content"]["application/json"]["schema"]

    assert listing["description"] == "Lists the users."
    assert schema["items"]["$ref"].endswith("UserCopy2")
