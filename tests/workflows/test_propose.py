"""One branch and one pull request a release: opened, brought up to date, and left alone where a person decided."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "propose"
BRANCH = "drift/release-3.0"
PINS = "specs/release-3.0/release.toml"
# What GitHub's program would be asked: the answers are files that a test writes, the questions are kept.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$GH_FOLDER/asked"
case "$*" in
  *"--state closed"*) cat "$GH_FOLDER/closed" ;;
  *"--state open"*) cat "$GH_FOLDER/open" ;;
esac
"""


class Repository:
    """A clone whose `origin` is a folder, with a patch that moves a pin, as the artifact of the run before has it."""

    def __init__(self, root: Path) -> None:
        self.origin, self.clone, self.gh = root / "origin.git", root / "clone", root / "gh"
        self.environment = {
            "PATH": f"{self.gh}:{os.environ['PATH']}",
            "HOME": str(root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GH_FOLDER": str(self.gh),
            **{
                f"GIT_{role}_{what}": "a@example.test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
            },
        }
        self.gh.mkdir()
        (self.gh / "gh").write_text(GH)
        (self.gh / "gh").chmod(0o755)
        self.pull_requests()
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin), at=root)
        self.git("clone", "--quiet", str(self.origin), str(self.clone), at=root)
        self.git("switch", "--quiet", "--create", "main")
        (self.clone / ".ci").mkdir()
        shutil.copy(SCRIPT, self.clone / ".ci")
        (self.clone / ".gitignore").write_text("build/\n")
        self.write(PINS, "one\n")
        self.commit("Begin")
        self.git("push", "--quiet", "origin", "main")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=at or self.clone, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def patch(
        self, path: str = PINS, text: str = "two\n", *, worst: str = "risky", summary: str = "What changed."
    ) -> None:
        """Leave in build/ what a run finds out that wants this text at this path."""
        self.git("switch", "--quiet", "--detach", "main")
        self.write(path, text)
        self.git("add", "--all")
        patch = self.git("diff", "--cached", "--binary") + "\n"
        self.git("reset", "--quiet", "--hard")
        for name, content in (
            ("update.patch", patch),
            ("summary.md", summary),
            ("drift.json", json.dumps({"worst": worst}, indent=2)),
        ):
            self.write(f"build/drift/release-3.0/{name}", content)

    def pull_requests(self, *, open_number: str = "", closed: str = "") -> None:
        (self.gh / "open").write_text(open_number)
        (self.gh / "closed").write_text(closed)

    def propose(self) -> subprocess.CompletedProcess[str]:
        (self.gh / "asked").write_text("")
        return subprocess.run(
            [".ci/propose", "release-3.0"],
            cwd=self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def asked(self) -> str:
        return (self.gh / "asked").read_text()

    @property
    def body(self) -> str:
        return (self.clone / "build/drift/release-3.0/body.md").read_text()

    def at_origin(self, ref: str) -> str:
        return self.git("rev-parse", "--verify", "--quiet", ref, at=self.origin)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def branches(repository: Repository) -> list[str]:
    return repository.git("branch", "--format=%(refname:short)", at=repository.origin).split()


def test_an_update_is_pushed_to_its_branch_and_opened(repository: Repository) -> None:
    repository.patch()
    main = repository.at_origin("main")

    done = repository.propose()

    assert done.returncode == 0, done.stderr
    assert repository.git("show", f"{BRANCH}:{PINS}", at=repository.origin) == "two"
    assert repository.at_origin("main") == main
    assert (
        f"pr create --base main --head {BRANCH} --title Follow upstream's release-3.0 --body-file" in repository.asked
    )
    assert repository.body.startswith("What changed.\n")


def test_what_breaks_users_is_in_the_title(repository: Repository) -> None:
    repository.patch(worst="breaking")

    repository.propose()

    assert "--title Follow upstream's release-3.0 (breaking) --body-file" in repository.asked


def test_no_patch_does_nothing(repository: Repository) -> None:
    assert "nothing to propose" in repository.propose().stdout
    assert branches(repository) == ["main"]
    assert repository.asked == ""


def test_an_open_pull_request_is_brought_up_to_date_and_not_opened_again(repository: Repository) -> None:
    repository.patch()
    repository.propose()
    repository.pull_requests(open_number="7")
    repository.patch(text="three\n")

    done = repository.propose()

    assert done.returncode == 0, done.stderr
    assert repository.git("show", f"{BRANCH}:{PINS}", at=repository.origin) == "three"
    assert "--method PATCH repos/{owner}/{repo}/pulls/7" in repository.asked
    assert "pr create" not in repository.asked


def test_the_same_state_is_not_pushed_again(repository: Repository) -> None:
    repository.patch()
    repository.propose()
    before = repository.at_origin(BRANCH)
    repository.pull_requests(open_number="7")
    repository.patch()

    repository.propose()

    assert repository.at_origin(BRANCH) == before
    assert "PATCH" in repository.asked


def test_a_branch_that_somebody_works_on_is_left_alone(repository: Repository) -> None:
    repository.patch()
    repository.propose()
    repository.git("switch", "--quiet", "--detach", BRANCH)
    repository.write("specs/shared/mended.yaml", "by hand\n")
    repository.commit("Mend a correction")
    repository.git("push", "--quiet", "origin", f"HEAD:refs/heads/{BRANCH}")
    theirs = repository.at_origin(BRANCH)
    repository.pull_requests(open_number="7")
    repository.patch(text="three\n")

    done = repository.propose()

    assert done.returncode == 0, done.stderr
    assert f"somebody works on {BRANCH}" in done.stdout
    assert repository.at_origin(BRANCH) == theirs
    assert "PATCH" not in repository.asked


def test_a_state_that_was_turned_down_is_not_proposed_again_but_a_later_one_is(repository: Repository) -> None:
    repository.patch()
    repository.propose()
    repository.git("push", "--quiet", "origin", "--delete", BRANCH)
    repository.pull_requests(closed=repository.body)

    repository.patch()
    assert "turned down" in repository.propose().stdout
    assert branches(repository) == ["main"]

    repository.patch(text="three\n")
    repository.propose()
    assert "pr create" in repository.asked
    assert BRANCH in branches(repository)


@pytest.mark.parametrize(
    "path", [".github/workflows/ci.yml", "generator/cli.py", ".ci/run", "specs2/x", "CHANGELOG.md.py"]
)
def test_a_patch_that_touches_anything_else_is_refused(path: str, repository: Repository) -> None:
    repository.patch(path, "mine now\n")

    done = repository.propose()

    assert done.returncode == 2
    assert f"touches what it should not: {path}" in done.stdout
    assert branches(repository) == ["main"]


def test_a_long_summary_is_cut_at_a_line_and_keeps_its_end(repository: Repository) -> None:
    repository.patch(summary="a line of what changed\n" * 10_000)

    repository.propose()

    assert len(repository.body) < 65_536
    assert "a line of what changed\n\nThe whole report is in the artifact" in repository.body
    assert "<!-- pins " in repository.body
