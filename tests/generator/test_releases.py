"""A version that was released never changes again."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from generator import releases, surface
from generator.errors import GeneratorError
from generator.release import Release, load_release
from generator.releases import Released
from tests.generator.test_cli import KS, USERS, Project, project, stopped

__all__ = ["project"]  # a fixture

ROOT = Path(__file__).parents[2]
DIGEST = "a" * 64
CHANGELOG = "# Changelog\n\n## [1.0.0]\n\nThe first version.\n"


def listed(*versions: str, release: str = "release-1.0") -> dict[str, Released]:
    return {one: Released(one, release, DIGEST, DIGEST) for one in versions}


def release_of(version: str, name: str = "release-1.0") -> Release:
    return evolve(load_release(ROOT / "specs" / "release-3.0"), name=name, version=version)


def package(changelog: str = CHANGELOG) -> dict[str, bytes]:
    return {"openapi.json": b"{}", "CHANGELOG.md": changelog.encode()}


def entry(version: str = "1.0.0", **members: str) -> str:
    values = {"release": "release-1.0", "content": DIGEST, "openapi": DIGEST, **members}
    return f'[releases."{version}"]\n' + "".join(f'{key} = "{value}"\n' for key, value in values.items())


def loaded(text: str, tmp_path: Path) -> Mapping[str, Released]:
    (tmp_path / "specs").mkdir(exist_ok=True)
    (tmp_path / "specs" / "releases.toml").write_text(text)
    return releases.load(tmp_path)


def test_the_committed_list_can_be_read() -> None:
    assert all(one.release.startswith("release-") for one in releases.load(ROOT).values())


def test_no_file_lists_nothing(tmp_path: Path) -> None:
    assert releases.load(tmp_path) == {}


def test_versions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    found = loaded(entry("1.0.10") + entry("1.0.9"), tmp_path)

    assert list(found) == ["1.0.9", "1.0.10"]
    assert found["1.0.9"] == Released("1.0.9", "release-1.0", DIGEST, DIGEST)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "cannot be read"),
        ("[other]", "'other' that means nothing"),
        ("releases = 1", "`releases` is no table"),
        ('releases."1.0.0" = 1', '"1.0.0" is no table'),
        (entry("1.0"), "'1.0' is no version"),
        (entry("1.0.01"), "'1.0.01' is no version"),
        (entry("1.0.0-rc1"), "no version"),
        (entry(date="today"), "'date' that means nothing"),
        ('[releases."1.0.0"]\nrelease = "release-1.0"\n', "no `content`"),
        (entry(content="a" * 63), "`content` is not a SHA-256"),
        (entry(openapi="A" * 64), "`openapi` is not a SHA-256"),
        (entry(release="../x"), "`release` is not the name of a folder"),
        (entry("1.1.0"), "1.1.0 cannot be a version of release-1.0, whose versions begin with 1.0"),
        (entry("1.0.0\\u001b"), "no version"),
    ],
)
def test_a_mistake_in_the_list_is_named_with_what_to_do(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError) as caught:
        loaded(text, tmp_path)

    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "versions", "expected"),
    [
        ("1.0.0", (), "1.0.0"),
        ("1.0.0", ("1.0.0",), "1.0.1"),
        ("1.0.1", ("1.0.0",), "1.0.1"),
        ("1.0.0", ("1.0.0", "1.0.9", "1.0.10"), "1.0.11"),
    ],
)
def test_the_next_version_is_the_present_one_until_it_is_released(
    version: str, versions: tuple[str, ...], expected: str
) -> None:
    assert releases.next_version(release_of(version), listed(*versions)) == expected


def test_the_previous_version_is_the_last_one_of_the_same_release() -> None:
    every = {**listed("1.0.2", "1.0.10", "1.0.9"), **listed("1.1.5", release="release-1.1")}

    found = releases.previous(release_of("1.0.11"), every)

    assert found is not None
    assert found.version == "1.0.10"
    assert releases.previous(release_of("2.0.0", "release-2.0"), every) is None


def test_the_content_digest_is_over_paths_and_bytes_and_not_over_their_order() -> None:
    digest = releases.content_digest({"a": b"1", "b": b"2"})

    assert digest == releases.content_digest({"b": b"2", "a": b"1"})
    assert digest != releases.content_digest({"a": b"2", "b": b"1"})
    assert digest != releases.content_digest({"a": b"1", "c": b"2"})


def test_content_may_change_until_its_version_is_released() -> None:
    files = package()
    same = {"1.0.0": Released("1.0.0", "release-1.0", releases.content_digest(files), DIGEST)}

    assert releases.changed(release_of("1.0.0"), files, {}) is None
    assert releases.changed(release_of("1.0.0"), files, same) is None
    assert releases.changed(release_of("1.0.0"), package("other"), same) == (
        "1.0.0 was released with other content (specs/releases.toml): raise `version` in "
        "specs/release-1.0/release.toml to 1.0.1, then run `make generate`."
    )


@pytest.mark.parametrize(
    ("version", "versions", "changelog", "said"),
    [
        ("1.0.0", ("1.0.0",), CHANGELOG, "1.0.0 is released already"),
        ("1.0.1", ("1.0.1", "1.0.3"), CHANGELOG, "to 1.0.4"),
        ("1.0.1", ("1.0.3",), CHANGELOG, "1.0.1 does not come after 1.0.3"),
        ("1.1.0", (), CHANGELOG, "1.1.0 cannot be a version of release-1.0"),
        ("1.0.1", (), CHANGELOG, "has no section `## [1.0.1]`"),
        ("1.0.0", (), "## [1.0.0]\n\n## [0.9.0]\n\nOld.\n", "has no section"),
        ("1.0.0", (), "## 1.0.0\n\nText.\n", "has no section"),
        ("1.0.0", (), "## [1x0.0]\n\nText.\n", "has no section"),
    ],
)
def test_a_version_that_cannot_be_released_is_refused(
    version: str, versions: tuple[str, ...], changelog: str, said: str
) -> None:
    with pytest.raises(GeneratorError) as caught:
        releases.check(release_of(version), package(changelog), listed(*versions))

    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2


def test_a_section_may_bear_more_than_the_version() -> None:
    text = "## [1.0.1] - Unreleased\n\n### Added\n\n- A method.\n\n## [1.0.0]\n"

    assert releases.check(release_of("1.0.1"), package(text), listed("1.0.0")).version == "1.0.1"


class Releasing:
    """A project with a generated package and a changelog."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.root = project.root
        self.specs = project.root / "specs" / "release-1.0"
        (self.root / "specs" / "releases.toml").write_text("# What was released.\n")
        (self.specs / "CHANGELOG.md").write_text(CHANGELOG)
        project.run("generate")

    def raise_version(self, version: str) -> None:
        file = self.specs / "release.toml"
        file.write_text(file.read_text().replace('version = "1.0.0"', f'version = "{version}"'))
        with (self.specs / "CHANGELOG.md").open("a") as changelog:
            changelog.write(f"\n## [{version}]\n\nMore.\n")

    def listed(self) -> dict[str, Any]:
        text = (self.root / "specs" / "releases.toml").read_text()
        return dict(tomllib.loads(text).get("releases", {}))


@pytest.fixture
def releasing(project: Project) -> Releasing:
    return Releasing(project)


def published(**members: Any) -> dict[str, Any]:
    """The published file with a change in its one operation."""
    return {**KS, "paths": {USERS: {"get": {**KS["paths"][USERS]["get"], **members}}}}


def test_release_lists_the_digests_and_keeps_the_surface(releasing: Releasing) -> None:
    result = releasing.project.run("release")

    generated = releasing.root / "generated" / "release-1.0"
    files = {
        path.relative_to(generated).as_posix(): path.read_bytes() for path in generated.rglob("*") if path.is_file()
    }
    assert result.exit_code == 0, result.output
    assert releasing.listed() == {
        "1.0.0": {
            "release": "release-1.0",
            "content": releases.content_digest(files),
            "openapi": hashlib.sha256(files["openapi.json"]).hexdigest(),
        }
    }
    assert "git tag v1.0.0" in result.output
    assert (releasing.root / "specs" / "releases.toml").read_text().startswith("# What was released.\n")
    kept = surface.load(releasing.specs)
    assert kept is not None
    assert kept.version == "1.0.0"


def test_the_changelog_of_the_release_is_part_of_the_package(releasing: Releasing) -> None:
    assert (releasing.root / "generated" / "release-1.0" / "CHANGELOG.md").read_text() == CHANGELOG


def test_a_dry_run_writes_nothing(releasing: Releasing) -> None:
    result = releasing.project.run("release", "--dry-run")

    assert result.exit_code == 0, result.output
    assert "1.0.0 can be released" in result.output
    assert releasing.listed() == {}
    assert surface.load(releasing.specs) is None


def test_a_released_version_is_not_released_again(releasing: Releasing) -> None:
    releasing.project.run("release")

    stopped(releasing.project.run("release"), "1.0.0 is released already")


def test_a_package_that_is_not_what_the_sources_give_is_not_released(releasing: Releasing) -> None:
    (releasing.root / "generated" / "release-1.0" / "README.md").write_text("by hand\n")

    result = releasing.project.run("release")

    assert result.exit_code == 1
    assert "is not what the sources give" in result.output
    assert releasing.listed() == {}


def test_a_version_without_a_changelog_is_not_released(releasing: Releasing) -> None:
    (releasing.specs / "CHANGELOG.md").write_text("# Changelog\n")
    releasing.project.run("generate")

    stopped(releasing.project.run("release"), "has no section `## [1.0.0]`")


def test_a_list_that_is_damaged_ends_in_one_to_three_lines(releasing: Releasing) -> None:
    (releasing.root / "specs" / "releases.toml").write_text("[releases")

    stopped(releasing.project.run("release"), "specs/releases.toml cannot be read")
    stopped(releasing.project.run("generate", "--check"), "specs/releases.toml cannot be read")


def test_the_next_version_replaces_the_kept_surface_and_leaves_the_list(releasing: Releasing) -> None:
    releasing.project.run("release")
    first = releasing.listed()["1.0.0"]
    releasing.raise_version("1.0.1")
    releasing.project.run("generate")

    assert releasing.project.run("release").exit_code == 0

    assert list(releasing.listed()) == ["1.0.0", "1.0.1"]
    assert releasing.listed()["1.0.0"] == first
    kept = surface.load(releasing.specs)
    assert kept is not None
    assert kept.version == "1.0.1"


def test_a_version_that_cannot_be_compared_with_the_last_one_is_not_released(releasing: Releasing) -> None:
    releasing.project.run("release")
    releasing.raise_version("1.0.1")
    releasing.project.run("generate")
    modules = releasing.specs / surface.FOLDER / "modules.txt"
    modules.write_text(modules.read_text().replace("class ", "klass "))

    stopped(releasing.project.run("release"), "1.0.0 and generated/release-1.0 cannot be compared")
    assert list(releasing.listed()) == ["1.0.0"]


def test_check_passes_while_the_version_is_not_released(releasing: Releasing) -> None:
    releasing.project.publish(published(summary="Words."))
    releasing.project.run("generate")

    assert releasing.project.run("generate", "--check").exit_code == 0


def test_check_passes_for_a_released_version_that_is_unchanged(releasing: Releasing) -> None:
    releasing.project.run("release")

    assert releasing.project.run("generate", "--check").exit_code == 0


@pytest.mark.parametrize("regenerated", [True, False])
def test_check_fails_when_a_released_version_would_change(regenerated: bool, releasing: Releasing) -> None:
    releasing.project.run("release")
    releasing.project.publish(published(summary="Words."))
    if regenerated:
        releasing.project.run("generate")

    result = releasing.project.run("generate", "--check")

    assert result.exit_code == 1
    assert "1.0.0 was released with other content" in result.output
    assert "specs/release-1.0/release.toml to 1.0.1" in result.output


def test_check_passes_when_the_version_is_raised(releasing: Releasing) -> None:
    releasing.project.run("release")
    releasing.project.publish(published(summary="Words."))
    releasing.raise_version("1.0.1")
    releasing.project.run("generate")

    assert releasing.project.run("generate", "--check").exit_code == 0


def test_check_does_not_ask_for_a_new_version_where_only_the_committed_package_is_wrong(releasing: Releasing) -> None:
    releasing.project.run("release")
    (releasing.root / "generated" / "release-1.0" / "README.md").write_text("by hand\n")

    result = releasing.project.run("generate", "--check")

    assert result.exit_code == 1
    assert "was released with other content" not in result.output


def test_the_manifest_and_the_kept_surface_name_the_same_methods(releasing: Releasing) -> None:
    releasing.project.run("release")
    manifest = json.loads((releasing.root / "generated" / "release-1.0" / "manifest.json").read_bytes())

    kept = surface.load(releasing.specs)

    assert kept is not None
    found = json.loads(kept.tree["manifest.json"])["methods"]
    assert [one["call"] for one in found] == [one["call"] for one in manifest["methods"]]
