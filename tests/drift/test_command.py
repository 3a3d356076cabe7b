"""`ks-codegen drift`: what it compares, what it ends with, and one to three lines for whatever it cannot do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from tests.drift.project import COMMIT, CRD, NEXT, ROOT, USER, USERS, Project, published

GROUPS = {"/kapis/iam.kubesphere.io/v1alpha2/groups": {"get": {"responses": {"200": {"description": "ok"}}}}}
AGE = "kubesphere_client.models.kubernetes.User.age"
WITHOUT_AGE = {"type": "object", "properties": {"name": {"type": "string"}}}


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code in (0, 1), result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def checks(result: Result) -> list[str]:
    return [one["check"] for one in report(result)["api"]]


def stopped(result: Result, said: str) -> None:
    assert result.exit_code == 2, result.output
    assert 1 <= len(result.stderr.splitlines()) <= 3, result.stderr
    assert said in result.stderr
    assert "mistake in ks-codegen" not in result.stderr


def test_no_drift_ends_0(project: Project) -> None:
    result = project.run("drift")

    assert result.exit_code == 0
    assert "0 breaking, 0 risky, 0 compatible" in result.output


def test_drift_ends_1_and_tells_it_on_three_levels(project: Project) -> None:
    project.publish(published(user=WITHOUT_AGE), "main")

    content = report(project.run("drift", "--format", "json"))

    assert [one["changed"] for one in content["sources"]] == [True, False]
    assert [one["check"] for one in content["api"]] == ["response-optional-property-removed"]
    assert [(one["level"], one["subject"]) for one in content["python"]] == [("breaking", AGE)]


def test_other_bytes_with_the_same_meaning_are_drift_without_a_finding(project: Project) -> None:
    project.publish(json.dumps(published(), indent=3).encode(), "main")

    result = project.run("drift", "--format", "json")

    assert result.exit_code == 1
    assert (report(result)["api"], report(result)["python"]) == ([], [])
    assert project.run("drift", "--fail-on", "risky").exit_code == 0


@pytest.mark.parametrize(
    ("paths", "user", "breaking", "risky"), [(GROUPS, USER, 0, 0), ({}, {**USER, "properties": {"x": {}}}, 1, 1)]
)
def test_fail_on_says_from_which_level_on_it_ends_1(
    paths: dict[str, Any], user: dict[str, Any], breaking: int, risky: int, project: Project
) -> None:
    project.publish(published(paths, user), "main")

    assert project.run("drift", "--fail-on", "breaking").exit_code == breaking
    assert project.run("drift", "--fail-on", "risky").exit_code == risky
    assert project.run("drift", "--fail-on", "any").exit_code == 1


def test_any_two_states_are_compared_a_ref_a_folder_or_a_file(project: Project) -> None:
    project.publish(published(GROUPS), NEXT)
    mirror = project.root / "mirror"

    for old in (COMMIT, str(mirror / COMMIT), str(mirror / COMMIT / "ks.json")):
        for new in (NEXT, str(mirror / NEXT), str(mirror / NEXT / "ks.json")):
            assert checks(project.run("drift", "--from", old, "--to", new, "--format", "json")) == ["endpoint-added"]


def test_corrected_documents_are_compared_too(project: Project) -> None:
    assert project.run("generate").exit_code == 0
    document = project.root / "generated" / "release-1.0" / "openapi.json"
    changed = json.loads(document.read_text())
    changed["components"]["schemas"]["kubernetes.User"]["properties"]["age"]["type"] = "string"
    (project.root / "other.json").write_text(json.dumps(changed))

    content = report(project.run("drift", "--from", str(document), "--to", "other.json", "--format", "json"))

    assert [one["check"] for one in content["api"]] == ["response-property-type-changed"]
    assert [one["subject"] for one in content["python"]] == [AGE]


def test_both_states_are_corrected(project: Project) -> None:
    project.correct(
        {
            "target": "$.components.schemas['v1.User'].properties.age",
            "description": "It is text.",
            "x-evidence": {"source": ["a.go:1"]},
            "update": {"type": "string"},
        }
    )
    project.publish(published(user={**USER, "properties": {**USER["properties"], "age": {"type": "boolean"}}}), "main")

    content = report(project.run("drift", "--format", "json"))

    assert content["api"] == []
    assert [(one["where"], one["standing"]) for one in content["corrections"] if one["target"]] == [
        ("overlays/ours.yaml, action 1", "look-again")
    ]


def test_a_correction_that_refers_to_what_a_state_lacks_is_made_in_neither_and_told(project: Project) -> None:
    project.correct(
        {
            "target": "$.components.schemas['v1.User'].properties",
            "description": "The group is missing.",
            "x-evidence": {"source": ["a.go:1"]},
            "update": {"group": {"$ref": "#/components/schemas/v1.Group"}},
        }
    )
    group = {"type": "object", "properties": {"name": {"type": "string"}}}
    with_group, without = published(), published(GROUPS)
    with_group["definitions"]["v1.Group"] = group
    project.publish(with_group, COMMIT)
    project.publish(without, "main")

    content = report(project.run("drift", "--from", COMMIT, "--to", "main", "--format", "json"))

    (change,) = [one for one in content["corrections"] if one["where"] == "overlays/ours.yaml, action 1"]
    assert (change["standing"], change["fits"]) == ("look-again", False)
    assert change["reason"] == "it refers to v1.Group, which main does not describe"
    assert [one["check"] for one in content["api"]] == ["endpoint-added"]


def test_what_one_state_is_lent_does_not_count_as_in_its_file(project: Project) -> None:
    group = {"type": "object", "properties": {"name": {"type": "string"}, "mail": {"type": "string"}}}
    evidence = {"description": "It is wrong.", "x-evidence": {"source": ["a.go:1"]}}
    project.correct(
        {
            "target": "$.components.schemas['v1.User'].properties",
            "update": {"group": {"$ref": "#/components/schemas/v1.Group"}},
            **evidence,
        },
        {"target": "$.components.schemas['v1.Group'].properties.mail", "remove": True, **evidence},
    )
    with_group = published()
    with_group["definitions"]["v1.Group"] = group
    project.publish(with_group, COMMIT)
    project.publish(published(), "main")

    content = report(project.run("drift", "--from", COMMIT, "--to", "main", "--format", "json"))

    (change,) = [one for one in content["corrections"] if one["where"] == "overlays/ours.yaml, action 2"]
    assert (change["standing"], change["reason"]) == ("gone", "schema v1.Group is no longer in the file")


def test_accepted_findings_no_longer_end_1(project: Project) -> None:
    project.publish(published(GROUPS), "main")
    found = report(project.run("drift", "--format", "json"))
    fingerprints = [one["fingerprint"] for one in (*found["api"], *found["python"])]
    fingerprints += [one["fingerprint"] for one in found["sources"] if one["changed"]]
    (project.root / "drift.toml").write_text(
        "".join(f'[[accept]]\nfingerprint = "{one}"\nreason = "known"\nuntil = 2999-12-31\n' for one in fingerprints)
    )

    result = project.run("drift")

    assert result.exit_code == 0, result.output
    assert "known" in result.output


def test_several_reports_are_written_in_one_run(project: Project) -> None:
    project.publish(published(GROUPS), "main")

    result = project.run("drift", "--report", "html=d.html", "--report", "json=d.json", "--output", "d.txt")

    assert (result.exit_code, result.output) == (1, "")
    assert (project.root / "d.html").read_text().startswith("<!DOCTYPE html>")
    assert json.loads((project.root / "d.json").read_text())["release"] == "release-1.0"
    assert "/groups" in (project.root / "d.txt").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--report", "pdf=d.pdf"], "'pdf=d.pdf' is not FORMAT=FILE"),
        (["--report", "html"], "'html' is not FORMAT=FILE"),
        (["--report", "html=a", "--report", "json=a"], "Two reports are to be written to a"),
        (["--output", "nowhere/a"], "there is no such folder"),
        (["--accept", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["--to", "./nowhere.json"], "There is no file './nowhere.json'"),
        (["--to", "a..b"], "a..b"),
        (["--to", "-x"], "-x"),
        (["--to", "gone"], "ks.json is not at"),
        (["--from", "plain.txt", "--to", "main"], "not JSON"),
        (["--from", "list.json"], "neither Swagger 2.0 nor OpenAPI 3.1"),
    ],
)
def test_what_cannot_be_done_ends_2_and_says_why(options: list[str], said: str, project: Project) -> None:
    (project.root / "plain.txt").write_text("<html>")
    (project.root / "list.json").write_text("[]")

    stopped(project.run("drift", *options), said)


@pytest.mark.parametrize(("tip", "said"), [(b'{"swagger": "2.0"', "not JSON"), (b"{}", "Swagger 2.0")])
def test_a_tip_that_cannot_be_compared_ends_2(tip: bytes, said: str, project: Project) -> None:
    project.publish(tip, "main")

    stopped(project.run("drift"), said)


def test_a_branch_that_is_gone_ends_2(project: Project) -> None:
    project.run("generate")
    shutil.rmtree(project.root / "mirror" / "main")

    stopped(project.run("drift"), "ks.json is not at")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "'' cannot be a branch"),
        ("a" * 5000, "File name too long"),
        ("pipe", "pipe is a pipe or a device"),
        ("other.json", "other.json: Not OpenAPI 3.1"),
    ],
)
def test_a_state_that_is_none_ends_2_and_says_why(name: str, said: str, project: Project) -> None:
    os.mkfifo(project.root / "pipe")
    (project.root / "other.json").write_text('{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}')

    stopped(project.run("drift", "--to", name), said)


def test_a_document_compared_with_itself_has_no_drift_whoever_made_it(project: Project) -> None:
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    (project.root / "other.json").write_text(json.dumps(document))

    assert project.run("drift", "--from", "other.json", "--to", "other.json").exit_code == 0


def test_files_of_another_api_are_compared_as_they_are_published(project: Project) -> None:
    answer = {"responses": {"200": {"description": "ok"}}}
    project.correct(
        {
            "target": "$.paths",
            "description": "It is missing.",
            "x-evidence": {"source": ["a.go:1"]},
            "update": {"/kapis/iam.kubesphere.io/v1alpha2/ours": {"get": {**answer, "x-kubesphere-added": True}}},
        }
    )
    pets = {"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "basePath": "/v1"}
    pets["paths"] = {"/pets": {"get": {"responses": {"200": {"description": "ok"}}}}}
    (project.root / "old.json").write_text(json.dumps(pets))
    (project.root / "new.json").write_text(json.dumps({**pets, "basePath": "/v2"}))

    content = report(project.run("drift", "--from", "old.json", "--to", "new.json", "--format", "json"))

    assert [(one["check"], one["subject"]) for one in content["api"]] == [("endpoint-moved", "GET /v2/pets")]
    assert not [one for one in content["corrections"] if one["target"]]
    assert "without our corrections" in content["notices"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["components"].pop("schemas"),
        lambda document: document["paths"][USERS]["get"].pop("operationId"),
        lambda document: document["paths"][USERS]["get"]["x-kubesphere-published"].pop("path"),
        lambda document: document["x-kubesphere"].pop("sources"),
    ],
)
def test_a_document_of_ours_that_was_damaged_is_compared_as_far_as_it_goes(
    change: Callable[[Any], Any], project: Project
) -> None:
    assert project.run("generate").exit_code == 0
    path = project.root / "generated" / "release-1.0" / "openapi.json"
    document = json.loads(path.read_text())
    change(document)
    (project.root / "damaged.json").write_text(json.dumps(document))

    result = project.run("drift", "--from", str(path), "--to", "damaged.json", "--format", "json")

    assert "mistake in ks-codegen" not in result.stderr
    assert json.loads(result.stdout)["uncompared"] == ["python"]
    assert "damaged.json was changed so that no package can be made of it" in json.loads(result.stdout)["notices"][0]


@pytest.mark.parametrize("turned", [False, True])
def test_one_file_compared_with_a_ref_tells_nothing_of_the_other_files(turned: bool, project: Project) -> None:
    project.publish(published(GROUPS), "main")
    path = "/apis/a.example.com/v1/namespaces/{namespace}/things"
    thing = {
        "parameters": [{"name": "namespace", "in": "path", "required": True, "type": "string"}],
        "get": {"operationId": "list", "produces": ["application/json"], "responses": {"200": {"description": "ok"}}},
    }
    (project.root / "mirror" / "main" / "crd.json").write_text(json.dumps({**CRD, "paths": {path: thing}}))
    states = [str(project.root / "mirror" / COMMIT / "ks.json"), "main"]
    old, new = reversed(states) if turned else states

    content = report(project.run("drift", "--from", old, "--to", new, "--format", "json"))

    assert [one["name"] for one in content["sources"]] == ["ks"]
    assert {operation for one in content["api"] for operation in one["operations"]} == {f"GET {next(iter(GROUPS))}"}


@pytest.mark.parametrize("form", ["terminal", "markdown", "json", "junit", "html"])
@pytest.mark.parametrize("charset", ["ascii", "latin-1"])
def test_each_report_is_written_whatever_the_locale_is(form: str, charset: str, project: Project) -> None:
    project.publish(published(GROUPS), "main")
    options = ["--root", str(project.root), "--release", "release-1.0", "--mirror", "mirror", "--offline"]

    result = CliRunner(charset=charset).invoke(main, ["drift", *options, "--format", form])

    assert (result.exit_code, result.stderr) == (1, "")
    assert b"groups" in result.stdout_bytes
    assert form == "terminal" or result.stdout_bytes.decode("utf-8")


def test_a_full_disk_behind_standard_output_is_told(project: Project) -> None:
    command = [sys.executable, "-m", "generator.cli", "drift", "--root", str(project.root), "--release", "release-1.0"]
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [*command, "--mirror", "mirror", "--offline"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert (run.returncode, run.stderr.splitlines()[0]) == (2, "The system refuses: No space left on device.")


def test_the_committed_package_compared_with_itself_has_no_drift(tmp_path: Path, project: Project) -> None:
    document = str(ROOT / "generated" / "release-3.0" / "openapi.json")

    content = report(project.run("drift", "--from", document, "--to", document, "--format", "json"))

    assert (content["api"], content["python"]) == ([], [])


def test_the_path_of_a_list_is_shown_as_it_is_called(project: Project) -> None:
    changed = published(user={**USER, "properties": {"name": {"type": "integer"}}})
    project.publish(changed, "main")

    content = report(project.run("drift", "--format", "json"))

    assert {tuple(one["calls"]) for one in content["api"]} == {("iam.v1alpha2.list_users",)}
    assert all(one["operations"] == [f"GET {USERS}"] for one in content["api"])


def test_an_operation_of_ours_gives_way_to_a_published_one_of_its_name(project: Project) -> None:
    apps = "/kapis/openpitrix.io/v1{}/namespaces/{{namespace}}/applications"
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "string"}}}}}
    names = [{"in": "path", "name": name, "required": True} for name in ("workspace", "namespace")]
    ours = {
        "x-kubesphere-added": True,
        "operationId": "ours",
        "parameters": [{**one, "schema": {"type": "string"}} for one in names],
        "responses": answer,
    }
    project.correct(
        {
            "target": "$.paths",
            "description": "It is missing.",
            "x-evidence": {"source": ["a.go:1"]},
            "update": {apps.format("/workspaces/{workspace}"): {"get": ours}},
        }
    )
    theirs = {"get": {"parameters": [{**names[1], "type": "string"}], "responses": {"200": {"description": "ok"}}}}
    project.publish(published({apps.format(""): theirs}), "main")

    content = report(project.run("drift", "--format", "json"))

    assert ["ours was left out of both" in one for one in content["notices"]] == [True]
    assert not content["uncompared"]
    assert [(one["check"], one["place"]) for one in content["api"]] == [("endpoint-added", f"GET {apps.format('')}")]


def test_a_released_version_is_compared_with_the_package_that_follows_it(project: Project) -> None:
    (project.specs / "CHANGELOG.md").write_text("# Changelog\n\n## [1.0.1]\n\nMore.\n\n## [1.0.0]\n\nThe first.\n")
    project.run("generate")
    assert project.run("release").exit_code == 0
    project.correct(
        {
            "target": "$.components.schemas['v1.User'].properties.age",
            "description": "It is text.",
            "x-evidence": {"source": ["a.go:1"]},
            "update": {"type": "string"},
        }
    )
    pins = (project.specs / "release.toml").read_text().replace('"1.0.0"', '"1.0.1"')
    (project.specs / "release.toml").write_text(pins)
    project.run("generate")

    content = report(project.run("drift", "--from", "1.0.0", "--to", "generated/release-1.0", "--format", "json"))
    released = project.run("release")

    assert [one["check"] for one in content["api"]] == ["response-property-type-changed"]
    assert [one["subject"] for one in content["python"]] == [AGE]
    assert "Since 1.0.0: 1 change of the API breaks code that was right; seen from Python, 1 does." in released.output
    stopped(project.run("drift", "--from", "1.0.0"), "The surface of 1.0.0 is not kept")
