"""A tag is published only when it is a listed version of one release, reviewed on main, with something said of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANGELOG = "# Changelog\n\n## [3.0.1]\n\n### Added\n\n- A method.\n\n## [3.0.0]\n\n### Added\n\n- All of it.\n"


class Project:
    """A repository with one release that may be tagged as v3.0.1."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
            "GITHUB_OUTPUT": str(root / "outputs"),
            **{
                f"GIT_{role}_{what}": "a@example.test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
            },
        }
        self.write("specs/release-3.0/release.toml", 'name = "release-3.0"\nversion = "3.0.1"\n')
        self.write("specs/releases.toml", '[releases."3.0.1"]\nrelease = "release-3.0"\n')
        self.write("generated/release-3.0/CHANGELOG.md", CHANGELOG)
        shutil.copy(ROOT / ".ci" / "release", self.write(".ci/release", ""))
        self.write(".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n').chmod(0o755)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("Begin")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, env=self.environment, capture_output=True, check=True)

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def verify(self, tag: str = "v3.0.1") -> subprocess.CompletedProcess[str]:
        command = [".ci/release", tag]
        return subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def refused(done: subprocess.CompletedProcess[str], said: str) -> None:
    assert done.returncode == 2
    assert said in done.stderr


def test_a_listed_version_is_verified_and_its_notes_are_its_section(project: Project) -> None:
    done = project.verify()

    assert done.returncode == 0, done.stderr
    assert (project.root / "outputs").read_text() == "release=release-3.0\n"
    assert (project.root / "build/release/notes.md").read_text() == "### Added\n\n- A method.\n"


@pytest.mark.parametrize("tag", ["3.0.1", "v3.0", "v3.0.1-rc1", "v3.0.1; true", "v.*"])
def test_a_tag_that_is_no_version_is_refused(tag: str, project: Project) -> None:
    refused(project.verify(tag), "is no tag of a version")


def test_a_tag_of_no_release_is_refused(project: Project) -> None:
    refused(project.verify("v3.0.2"), "the version of 0 releases")


def test_a_version_of_two_releases_is_refused(project: Project) -> None:
    project.write("specs/other/release.toml", 'version = "3.0.1"\n')

    refused(project.verify(), "the version of 2 releases")


def test_a_version_that_is_not_listed_is_refused(project: Project) -> None:
    project.write("specs/releases.toml", '[releases."3.0.0"]\n')

    refused(project.verify(), "is not listed in specs/releases.toml; run `make release RELEASE=release-3.0`")


def test_a_commit_that_is_not_on_main_is_refused(project: Project) -> None:
    project.commit("Slip this in")

    refused(project.verify(), "is not on main")


def test_a_version_that_the_changelog_says_nothing_of_is_refused(project: Project) -> None:
    project.write("generated/release-3.0/CHANGELOG.md", "# Changelog\n\n## [3.0.0]\n\n- All of it.\n")

    refused(project.verify(), "says nothing of 3.0.1")
