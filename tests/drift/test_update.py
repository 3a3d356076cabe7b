"""`ks-codegen update`: everything that a new state needs is written at once, or nothing is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import Result

from generator import update as updates
from generator.release import load_release
from tests.drift import sample_drift
from tests.drift.project import COMMIT, CRD, NEXT, USER, USERS, Project, published

GROUPS = {"/kapis/iam.kubesphere.io/v1alpha2/groups": {"get": {"responses": {"200": {"description": "ok"}}}}}
WITHOUT_AGE = {"type": "object", "properties": {"name": {"type": "string"}}}
CHANGELOG = "# Changelog\n\n## [1.0.0]\n\n### Added\n\n- All.\n"


def correction(target: str, **members: Any) -> dict[str, Any]:
    return {"target": target, "description": "It is wrong.", "x-evidence": {"source": ["a.go:1"]}, **members}


OF_AGE = correction("$.components.schemas['v1.User'].properties.age", update={"minimum": 0})
OF_LIST = correction(f"$.paths['{USERS}'].get", update={"summary": "List the users."})


@pytest.fixture(autouse=True)
def changelog(project: Project) -> None:
    (project.specs / "CHANGELOG.md").write_text(CHANGELOG)


def moved(project: Project, document: Any, *options: str) -> Result:
    """Publish a document as the next commit and the tip, and update to it."""
    project.publish(document, NEXT, "main")
    return project.run("update", *options)


def everything(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for folder in ("specs", "generated")
        for path in (project.root / folder).rglob("*")
        if path.is_file()
    }


def shared(project: Project) -> None:
    """Let another release use the same overlays."""
    other = project.root / "specs" / "release-2.0"
    other.mkdir()
    text = (project.specs / "release.toml").read_text()
    text = text.replace("release-1.0", "release-2.0").replace("overlays/*", "../release-1.0/overlays/*")
    (other / "release.toml").write_text(text)


def pins(project: Project) -> dict[str, Any]:
    return tomllib.loads((project.specs / "release.toml").read_text())


def test_without_drift_there_is_nothing_to_do(project: Project) -> None:
    before = everything(project)

    result = project.run("update")

    assert (result.exit_code, result.output) == (
        0,
        "release-1.0 is up to date: main (aaaaaaaaaaaa) has the pinned files.\n",
    )
    assert everything(project) == before


def test_the_pin_moves_and_what_a_person_wrote_stays(project: Project) -> None:
    result = moved(project, published(GROUPS))

    assert result.exit_code == 0, result.output
    assert {one["commit"] for one in pins(project)["sources"]} == {NEXT}
    assert {one["ref"] for one in pins(project)["sources"]} == {"main"}
    assert (project.specs / "release.toml").read_text().startswith("# What a person wrote stays.\n")


def test_the_package_is_what_a_fresh_run_gives(project: Project) -> None:
    moved(project, published(GROUPS))

    assert project.run("generate", "--check").exit_code == 0
    assert (
        "list_groups"
        in (project.root / "generated/release-1.0/src/kubesphere_client/operations/iam_v1alpha2.py").read_text()
    )


def test_the_changelog_speaks_of_methods_and_is_in_the_package(project: Project) -> None:
    moved(project, published(GROUPS))

    text = (project.specs / "CHANGELOG.md").read_text()
    assert "- All.\n- `iam.v1alpha2`: `list_groups`\n" in text
    assert (project.root / "generated/release-1.0/CHANGELOG.md").read_text() == text


def test_a_released_version_is_followed_by_the_next_one(project: Project) -> None:
    assert project.run("generate").exit_code == 0
    assert project.run("release").exit_code == 0

    result = moved(project, published(user=WITHOUT_AGE))

    assert pins(project)["version"] == "1.0.1"
    assert "BREAKING: " in result.output
    assert "Proposed version: 1.0.1; it was 1.0.0." in result.output
    assert "## [1.0.1]\n\n### Removed\n\n- **Breaking:**" in (project.specs / "CHANGELOG.md").read_text()


def test_a_dry_run_writes_nothing(project: Project) -> None:
    before = everything(project)

    result = moved(project, published(GROUPS), "--dry-run")

    assert result.exit_code == 0
    assert "would move to main (bbbbbbbbbbbb)" in result.output
    assert everything(project) == before


def test_another_branch_is_followed_from_then_on_and_a_commit_is_not(project: Project) -> None:
    project.publish(published(GROUPS), NEXT, "other")

    project.run("update", "--to", NEXT)
    assert {(one["ref"], one["commit"]) for one in pins(project)["sources"]} == {("main", NEXT)}

    project.run("update", "--to", COMMIT)
    project.run("update", "--to", "other")
    assert {(one["ref"], one["commit"]) for one in pins(project)["sources"]} == {("other", NEXT)}


def test_a_correction_that_no_longer_fits_stops_the_update_before_anything_is_written(project: Project) -> None:
    project.correct(OF_AGE, OF_LIST)
    before = everything(project)

    result = moved(project, published(user=WITHOUT_AGE))

    assert result.exit_code == 2
    assert "ours.yaml, action 1 cannot be made in the new files" in result.stderr
    assert "--retire" in result.stderr
    assert everything(project) == before


def test_retiring_takes_out_what_matches_nothing_and_leaves_the_rest(project: Project) -> None:
    project.correct(OF_AGE, OF_LIST)

    result = moved(project, published(user=WITHOUT_AGE), "--retire", "--summary", "summary.md")

    assert result.exit_code == 0, result.output
    assert "Took out overlays/ours.yaml, action 1" in result.output
    text = (project.specs / "overlays" / "ours.yaml").read_text()
    assert json.dumps(OF_LIST) in text
    assert json.dumps(OF_AGE) not in text
    assert project.run("generate", "--check").exit_code == 0
    assert "Took out overlays/ours.yaml, action 1" in (project.root / "summary.md").read_text()


def test_an_overlay_of_which_nothing_is_left_goes(project: Project) -> None:
    project.correct(OF_AGE)

    assert moved(project, published(user=WITHOUT_AGE), "--retire").exit_code == 0
    assert not (project.specs / "overlays" / "ours.yaml").exists()


def test_what_needs_a_person_is_not_retired(project: Project) -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    project.correct(correction(f"$.paths['{USERS}'].get", update={"parameters": [limit]}))
    document = published()
    document["paths"][USERS]["get"]["parameters"] = [{"name": "limit", "in": "query", "type": "string"}]
    before = everything(project)

    result = moved(project, document, "--retire")

    assert result.exit_code == 2
    assert "only a person can say what is right there" in result.stderr
    assert everything(project) == before


def test_what_another_release_shares_stays_and_is_left_out(project: Project) -> None:
    project.correct(OF_AGE, OF_LIST)
    overlay = (project.specs / "overlays" / "ours.yaml").read_text()
    shared(project)

    result = moved(project, published(user=WITHOUT_AGE), "--retire")

    assert result.exit_code == 0, result.output
    assert "Left out overlays/ours.yaml, action 1, which other releases share: " in result.output
    assert (project.specs / "overlays" / "ours.yaml").read_text() == overlay
    assert [(one["overlay"], one["targets"]) for one in pins(project)["without"]] == [
        ("overlays/ours.yaml", [OF_AGE["target"]])
    ]
    assert all(one["reason"] for one in pins(project)["without"])
    assert '"\n\n[[without]]\n' in (project.specs / "release.toml").read_text()
    assert project.run("generate", "--check").exit_code == 0


def test_what_fits_is_not_left_out_for_having_the_same_target(project: Project) -> None:
    minimum = correction("$.components.schemas['v1.User'].properties.*", update={"minimum": 0})
    removed = correction(OF_AGE["target"], remove=True)
    back = correction("$.components.schemas['v1.User'].properties", update={"age": {"type": "integer"}})
    project.correct(removed, back, OF_AGE, minimum)
    shared(project)

    result = moved(project, published(user=WITHOUT_AGE), "--retire")

    assert result.exit_code == 2
    assert "overlays/ours.yaml, action 3 would be left out too" in result.stderr


@pytest.mark.parametrize(("document", "said"), [(b"<html>", "not JSON"), ({}, "Swagger 2.0")])
def test_files_that_cannot_be_generated_from_change_nothing(document: Any, said: str, project: Project) -> None:
    before = everything(project)

    result = moved(project, document)

    assert result.exit_code == 2
    assert said in result.stderr
    assert everything(project) == before


def test_a_ref_that_is_no_known_commit_has_to_be_named_by_one(project: Project) -> None:
    project.publish(published(GROUPS), "feature")

    result = project.run("update", "--to", "feature")

    assert result.exit_code == 2
    assert "Name the commit" in result.stderr


def test_there_and_back_again_gives_the_same_files(project: Project) -> None:
    project.publish(published(GROUPS, WITHOUT_AGE), NEXT)
    assert project.run("generate").exit_code == 0
    before = everything(project)

    assert "moved to" in project.run("update", "--to", NEXT).output
    assert everything(project) != before
    assert "moved to" in project.run("update", "--to", COMMIT).output

    assert everything(project) == before


def test_the_ends_of_lines_stay_as_they_were(project: Project) -> None:
    files = [project.specs / name for name in ("release.toml", "CHANGELOG.md")]
    for file in files:
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    moved(project, published(GROUPS))

    for file in files:
        content = file.read_bytes()
        assert NEXT.encode() in content or b"list_groups" in content
        assert content.count(b"\n") == content.count(b"\r\n")
        assert b"\r\r" not in content


def test_sources_as_inline_tables_stay_so(project: Project) -> None:
    file = project.specs / "release.toml"
    head, *sources = file.read_text().split("\n[[sources]]\n")
    inline = ",\n".join(f"  {{ {', '.join(one.strip().splitlines())} }}" for one in sources)
    file.write_text(f"{head}sources = [ # both\n{inline},\n]\n")

    assert moved(project, published(GROUPS)).exit_code == 0

    text = file.read_text()
    assert text.count(NEXT) == 2
    assert text.replace(NEXT, COMMIT).splitlines()[:7] == f"{head}sources = [ # both".splitlines()


def test_a_run_that_cannot_write_has_not_moved_the_pin_and_the_next_one_does_it_all(project: Project) -> None:
    (project.root / "generated").write_text("in the way")

    stopped = moved(project, published(GROUPS))
    assert (stopped.exit_code, {one["commit"] for one in pins(project)["sources"]}) == (2, {COMMIT})

    (project.root / "generated").unlink()
    assert project.run("update").exit_code == 0

    assert {one["commit"] for one in pins(project)["sources"]} == {NEXT}
    assert (project.specs / "CHANGELOG.md").read_text().count("list_groups") == 1
    assert project.run("generate", "--check").exit_code == 0


def test_each_source_is_pinned_to_a_commit_of_the_branch_that_it_follows(project: Project) -> None:
    other = "d" * 40
    file = project.specs / "release.toml"
    first, second, third = file.read_text().split("[[sources]]")
    file.write_text("[[sources]]".join([first, second, third.replace('"main"', '"crds"')]))
    for version in (other, "crds"):
        folder = project.root / "mirror" / version
        folder.mkdir()
        (folder / "crd.json").write_text(json.dumps(CRD, indent=1))

    result = moved(project, published(GROUPS))

    assert "moved to main (bbbbbbbbbbbb) and crds (dddddddddddd)." in result.output
    assert [(one["ref"], one["commit"]) for one in pins(project)["sources"]] == [("main", NEXT), ("crds", other)]


def test_a_branch_may_have_a_slash_in_its_name(project: Project) -> None:
    project.publish(published(GROUPS), NEXT, "feature/groups")

    assert project.run("update", "--to", "feature/groups").exit_code == 0
    assert {one["ref"] for one in pins(project)["sources"]} == {"feature/groups"}
    assert project.run("generate", "--check").exit_code == 0


def test_a_summary_that_cannot_be_written_stops_the_update_before_anything_is(project: Project) -> None:
    before = everything(project)

    result = moved(project, published(GROUPS), "--summary", "nowhere/summary.md")

    assert (result.exit_code, "there is no such folder" in result.stderr) == (2, True)
    assert everything(project) == before


def test_a_changelog_that_is_no_text_is_told(project: Project) -> None:
    (project.specs / "CHANGELOG.md").write_bytes(b"# Changelog \xff\n")

    result = moved(project, published(GROUPS))

    assert (result.exit_code, "CHANGELOG.md of release-1.0 cannot be read" in result.stderr) == (2, True)


def test_an_update_is_the_same_from_anywhere(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    moved(project, published(user=USER, paths=GROUPS))
    once = everything(project)
    project.run("update", "--to", COMMIT)
    monkeypatch.chdir("/")
    project.run("update", "--to", NEXT)

    assert {name: one for name, one in everything(project).items() if name.endswith(".py")} == {
        name: one for name, one in once.items() if name.endswith(".py")
    }


def test_the_summary_leaves_room_for_what_opens_the_pull_request(project: Project) -> None:
    release = load_release(project.specs)
    drift = evolve(sample_drift.large(), api=sample_drift.large().api * 3)
    update = updates.Update(release, "1.0.1", ("a" * 40,), drift, package={"a": b""})
    summary = updates.summary(update)
    assert len(summary.encode()) <= 60_000
    assert "Left out here" in summary
