"""3.1 is described by configuration: shared corrections, a few of its own, and nothing that 3.0 can do is lost."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator import overlay, pipeline
from generator.release import Release, load_release

ROOT = Path(__file__).parents[2]
RELEASES = [load_release(ROOT / "specs" / name) for name in ("release-3.0", "release-3.1")]
OLD, NEW = (json.loads((ROOT / "generated" / one.name / "manifest.json").read_bytes()) for one in RELEASES)
DOCUMENT = json.loads((ROOT / "generated" / "release-3.1" / "openapi.json").read_bytes())


def _calls(manifest: dict[str, Any]) -> set[str]:
    return {one["call"] for one in manifest["methods"]}


def test_each_shared_correction_is_applied_to_both_releases() -> None:
    every = set((ROOT / "specs" / "shared").rglob("*.yaml"))

    assert len(every) > 20
    assert [every - {path.resolve() for path in one.overlays} for one in RELEASES] == [set(), set()]


def test_no_correction_stands_twice() -> None:
    every = [load_release(file.parent) for file in sorted((ROOT / "specs").glob("*/release.toml"))]
    files = {path.resolve() for one in every for path in one.overlays}
    overlays = [overlay.read(path, name=path.name) for path in sorted(files)]
    actions = [(one.extends, action) for one in overlays for action in one.actions]
    said = Counter((source, one.target, json.dumps(one.update, sort_keys=True)) for source, one in actions)

    assert [target for (_, target, _), times in said.items() if times > 1] == []


def test_what_3_0_can_do_3_1_can_do_but_for_the_graph_it_no_longer_publishes() -> None:
    assert _calls(OLD) - _calls(NEW) == {"servicemesh.v1alpha2.get_multi_namespace_graph"}


def test_every_published_operation_is_there_or_withdrawn_with_a_reason() -> None:
    marked = {one["x-kubesphere-published"]["path"] for one in _operations() if "x-kubesphere-published" in one}
    count = sum("x-kubesphere-published" in one for one in _operations())

    assert count + len(NEW["withdrawn"]) == NEW["counts"]["operations"]["published"] == 428
    assert all(one["reason"] for one in NEW["withdrawn"])
    assert "/oauth/token" in marked


def test_an_operation_is_published_or_added_and_never_both() -> None:
    assert [one["operationId"] for one in _operations() if ("x-kubesphere-published" in one) == _added(one)] == []


def test_its_readme_counts_the_corrections_of_3_0_as_they_are() -> None:
    overlays = overlay.load(RELEASES[0])
    shared = sum(len(one.actions) for one in overlays if one.name.startswith("shared/"))
    own = sum(len(one.actions) for one in overlays) - shared
    text = (ROOT / "specs" / "release-3.1" / "README.md").read_text()

    assert f"Of the {shared + own} actions of 3.0\n\n- {shared} are shared" in text
    assert sum(int(number) for number in re.findall(r"^- (\d+) stay with 3\.0", text, re.MULTILINE)) == own


def test_a_run_says_how_much_is_left() -> None:
    lines = pipeline.report(DOCUMENT, RELEASES[1])

    assert f"{len(NEW['untyped'])} methods take or give JSON of no known type; manifest.json lists them" in lines
    assert f"{len(NEW['unchecked'])} operations stand as published, unchecked; manifest.json lists them" in lines


def test_what_has_no_known_type_is_told_and_belongs_to_the_mesh() -> None:
    assert OLD["untyped"] == []
    assert {one["call"].rpartition(".")[0] for one in NEW["untyped"]} == {"servicemesh.v1alpha2"}


def test_what_nobody_checked_is_told_of_3_1_alone() -> None:
    assert OLD["unchecked"] == []
    assert "iam.v1alpha2.create_workspace_group" in NEW["unchecked"]
    assert "oauth.issue_token" not in NEW["unchecked"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("connect_pod_terminal", "/kapis/terminal.kubesphere.io/v1alpha2/namespaces/{namespace}/pods/{pod}/exec"),
        ("issue_token", "/oauth/token"),
        ("list_ip_pools", "/apis/network.kubesphere.io/v1alpha1/ippools"),
        (
            "list_workspace_group_bindings",
            "/kapis/iam.kubesphere.io/v1alpha2/workspaces/{workspace}/groups/{group}/groupbindings",
        ),
    ],
)
def test_what_moved_or_is_new_has_the_name_that_it_should(method: str, path: str) -> None:
    assert {one["path"] for one in NEW["methods"] if one["call"].endswith(f".{method}")} == {path}


def _importable(release: Release) -> set[tuple[str, str]]:
    """The names that `kubesphere_client.models` has itself, each with the module that it comes from."""
    text = (ROOT / "generated" / release.name / "src/kubesphere_client/models/__init__.py").read_text()
    return set(re.findall(r'^    "(\w+)": "(\w+)",$', text, re.MULTILINE))


def test_no_name_of_the_models_is_lost_to_another_class_of_that_name() -> None:
    old, new = (_importable(one) for one in RELEASES)

    assert len(old) > 300
    assert {module for _, module in old - new} == {"servicemesh_v1alpha2"}


def test_the_data_of_a_secret_are_base64() -> None:
    schema = DOCUMENT["components"]["schemas"]["kubernetes.Secret"]
    assert schema["properties"]["data"]["additionalProperties"] == {"type": "string", "format": "byte"}


def test_the_token_can_be_renewed() -> None:
    schema = DOCUMENT["components"]["schemas"]["oauth.TokenRequest"]
    assert "refresh_token" in schema["properties"]


def _operations() -> list[dict[str, Any]]:
    return [one for item in DOCUMENT["paths"].values() for one in item.values() if "responses" in one]


def _added(operation: dict[str, Any]) -> bool:
    return bool(operation.get("x-kubesphere-added"))
