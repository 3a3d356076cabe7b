"""Each release has its turn, drift and failure are told apart, and moving a pin leaves a patch and no other trace."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "drift"
# Stands for the program: it ends as specs/<release>/<command> says, and an update writes into the tree it is given.
KS_CODEGEN = """#!/usr/bin/env bash
command=$1; shift
while [[ $# -gt 0 ]]; do
  case $1 in
    --release) release=$2 ;;
    --root) root=$2 ;;
    --summary) echo "what was done to $release" >"$2" ;;
    --report) echo "report on $release" >"${2#*=}" ;;
  esac
  shift 2
done
status=$(cat "specs/$release/$command")
if [[ $status -eq 2 ]]; then
  echo "$release cannot be had: <b>" >&2
elif [[ $command == update ]] && ! grep -q stays "specs/$release/release.toml"; then
  echo moved >"$root/specs/$release/release.toml"
  mkdir -p "$root/generated/$release"
  echo new >"$root/generated/$release/new.py"
fi
exit "$status"
"""


class Project:
    """A repository with releases of which each command ends with a given status."""

    def __init__(self, root: Path, *, drift: dict[str, int], update: dict[str, int] | None = None) -> None:
        self.root, self.outputs, self.summary = root / "project", root / "outputs", root / "summary"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GITHUB_OUTPUT": str(self.outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        for release, status in drift.items():
            self.write(f"specs/{release}/release.toml", "pinned\n")
            self.write(f"specs/{release}/drift", str(status))
            self.write(f"specs/{release}/update", str((update or {}).get(release, 0)))
        self.write(".gitignore", "build/\n.venv/\n")
        self.write(".venv/bin/ks-codegen", KS_CODEGEN).chmod(0o755)
        shutil.copy(SCRIPT, self.write(".ci/drift", ""))
        for arguments in (
            ("init", "-q"),
            ("add", "-A"),
            ("-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"),
        ):
            self.git(*arguments)

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.environment, capture_output=True, text=True, check=True
        ).stdout

    def run(self, *arguments: str) -> int:
        return subprocess.run(
            [".ci/drift", *arguments], cwd=self.root, env=self.environment, capture_output=True, check=False
        ).returncode


def test_without_drift_it_ends_0_and_names_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 0, "release-3.1": 0})

    assert project.run("compare") == 0
    assert project.outputs.read_text() == "drifted=[]\n"


def test_drift_is_no_failure(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 1, "release-3.1": 1})

    assert project.run("compare") == 0
    assert project.outputs.read_text() == 'drifted=["release-3.0","release-3.1"]\n'
    assert {file.name for file in (project.root / "build/drift/release-3.0").iterdir()} >= {
        *("drift.md", "drift.html", "drift.json", "drift.xml"),
    }


def test_a_release_that_cannot_be_compared_fails_the_run_after_the_others_had_their_turn(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 2, "release-3.1": 1})

    assert project.run("compare") == 2
    assert project.outputs.read_text() == 'drifted=["release-3.1"]\n'
    summary = project.summary.read_text()
    assert "## release-3.0 could not be compared\n\n    release-3.0 cannot be had: <b>\n" in summary
    assert "report on release-3.1" in summary


def test_what_an_earlier_run_found_is_forgotten(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 1})
    project.run("compare")
    project.outputs.unlink()
    project.write("specs/release-3.0/drift", "0")

    project.run("compare")

    assert project.outputs.read_text() == "drifted=[]\n"


def test_an_update_is_a_patch_and_leaves_the_tree_alone(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 1})

    assert project.run("update", "release-3.0") == 0

    assert project.outputs.read_text() == 'changed=["release-3.0"]\n'
    assert project.git("status", "--porcelain") == ""
    assert len(project.git("worktree", "list").splitlines()) == 1
    project.git("apply", "build/drift/release-3.0/update.patch")
    assert (project.root / "specs/release-3.0/release.toml").read_text() == "moved\n"
    assert (project.root / "generated/release-3.0/new.py").read_text() == "new\n"


def test_an_update_that_changes_nothing_proposes_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 1})
    project.write("specs/release-3.0/release.toml", "stays\n")

    assert project.run("update", "release-3.0") == 0
    assert project.outputs.read_text() == "changed=[]\n"


def test_an_update_that_needs_a_person_fails_the_run_and_says_so_but_keeps_the_others(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 1, "release-3.1": 1}, update={"release-3.0": 2})

    assert project.run("update", "release-3.0", "release-3.1") == 2
    assert project.outputs.read_text() == 'changed=["release-3.1"]\n'
    assert "release-3.0 drifted, and the pin could not be moved" in project.summary.read_text()


def test_a_patch_of_an_earlier_update_is_forgotten(tmp_path: Path) -> None:
    project = Project(tmp_path, drift={"release-3.0": 1})
    project.run("update", "release-3.0")
    project.outputs.unlink()
    project.write("specs/release-3.0/update", "2")

    assert project.run("update", "release-3.0") == 2
    assert project.outputs.read_text() == "changed=[]\n"


@pytest.mark.parametrize("arguments", [(), ("compere",)])
def test_a_command_that_is_none_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert Project(tmp_path, drift={}).run(*arguments) == 2
