"""A run on an unchanged input is spared, and never one on a changed input or for a changed package."""

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

from generator import last_run, pipeline
from generator.cli import main
from generator.last_run import LastRun
from generator.release import Release, load_release
from tests.generator.test_cli import COMMIT, ROOT, Project, project

__all__ = ["project"]

FILES = {"a": b"1", "folder/b": b"2"}
LINES = ["one line", "another"]


class Kept:
    """A small project whose last run is in the cache, and whose package stands where the run put it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.target = root / "generated" / "release-1.0"
        self.folder = root / "specs" / "release-1.0"
        for name, content in {
            "templates/a.jinja": "a",
            "templates/src/b.py": "b",
            "specs/names.toml": "",
            "specs/shared/one.yaml": "one",
            "specs/release-1.0/overlays/two.yaml": "two",
            "LICENSE": "l",
            "NOTICE": "n",
            **{f"generated/release-1.0/{name}": content.decode() for name, content in FILES.items()},
        }.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        (self.folder / "release.toml").write_text(
            'name = "release-1.0"\nversion = "1.0.0"\ntitle = "Test 1.0"\n'
            'overlays = ["overlays/*.yaml", "../shared/*.yaml"]\nnames = "../names.toml"\n'
            '[[sources]]\nname = "ks"\nwriter = "go-restful"\nrepository = "https://example.test/a/b"\n'
            f'ref = "main"\ncommit = "{COMMIT}"\npath = "ks.json"\nsha256 = "{"0" * 64}"\n'
        )
        self.last().keep(FILES, LINES)

    @property
    def release(self) -> Release:
        return load_release(self.folder)

    @property
    def entry(self) -> Path:
        (found,) = (self.root / "cache").iterdir()
        return found

    def last(self) -> LastRun:
        return LastRun(self.release, root=self.root, cache=self.root / "cache")

    def recalled(self) -> Any:
        return self.last().recall(self.target)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_an_unchanged_input_gives_the_package_that_is_there_and_what_was_reported(kept: Kept) -> None:
    assert kept.recalled() == (FILES, LINES)


@pytest.mark.parametrize(
    "changed",
    [
        *("templates/a.jinja", "templates/src/b.py", "templates/src/new.py", "LICENSE", "NOTICE", "specs/names.toml"),
        *("specs/shared/one.yaml", "specs/shared/new.yaml", "specs/release-1.0/overlays/two.yaml"),
        *("specs/release-1.0/overlays/new.yaml", "specs/release-1.0/CHANGELOG.md", "specs/release-1.0/defects.toml"),
    ],
)
def test_a_file_that_is_changed_or_new_leads_to_a_run(kept: Kept, changed: str) -> None:
    (kept.root / changed).write_text("changed")

    assert kept.recalled() is None


@pytest.mark.parametrize("removed", ["templates/src/b.py", "specs/shared/one.yaml", "NOTICE"])
def test_a_file_that_is_missing_leads_to_a_run(kept: Kept, removed: str) -> None:
    shutil.copy(kept.root / "specs/shared/one.yaml", kept.root / "specs/shared/other.yaml")
    kept.last().keep(FILES, LINES)
    assert kept.recalled()

    (kept.root / removed).unlink()

    assert kept.recalled() is None


def test_a_pin_that_moves_leads_to_a_run(kept: Kept) -> None:
    file = kept.folder / "release.toml"
    file.write_text(file.read_text().replace("0" * 64, "1" * 64))

    assert kept.recalled() is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name has to be text")
def test_a_file_whose_name_is_no_text_counts_too(kept: Kept) -> None:
    odd = Path(os.fsdecode(os.fsencode(kept.root / "templates") + b"/\xff"))
    odd.write_text("odd")
    assert kept.recalled() is None
    kept.last().keep(FILES, LINES)

    assert kept.recalled()


def test_what_tools_leave_behind_among_the_templates_does_not(kept: Kept) -> None:
    (kept.root / "templates/src/__pycache__").mkdir()
    (kept.root / "templates/src/__pycache__/b.pyc").write_text("compiled")

    assert kept.recalled()


def test_other_code_leads_to_a_run(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    code = kept.root / "code"
    shutil.copytree(last_run._CODE, code, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(last_run, "_CODE", code)
    kept.last().keep(FILES, LINES)
    assert kept.recalled()

    with (code / "naming" / "words.py").open("a") as file:
        file.write("# changed\n")

    assert kept.recalled() is None


def test_another_package_in_the_environment_leads_to_a_run(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = kept.root / "installed"
    (installed / "some_package-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(installed)
    kept.last().keep(FILES, LINES)
    assert kept.recalled()

    (installed / "some_package-1.0.dist-info").rename(installed / "some_package-1.1.dist-info")

    assert kept.recalled() is None


def test_another_python_leads_to_a_run(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version", f"{sys.version} of tomorrow")

    assert kept.recalled() is None


def _edit(target: Path) -> None:
    (target / "a").write_text("by hand")


def _remove(target: Path) -> None:
    (target / "a").unlink()


def _add(target: Path) -> None:
    (target / "folder" / "new").write_text("")


def _rename(target: Path) -> None:
    (target / "a").rename(target / "b")


@pytest.mark.parametrize("touch", [_edit, _remove, _add, _rename, shutil.rmtree])
def test_a_package_that_is_not_what_came_out_leads_to_a_run(kept: Kept, touch: Callable[[Path], object]) -> None:
    touch(kept.target)

    assert kept.recalled() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b'{"inputs": 1}',
        b"[" * 100_000,
        b'{"inputs": "", "content": "", "lines": []}',
    ],
)
def test_a_damaged_entry_leads_to_a_run(kept: Kept, content: bytes) -> None:
    kept.entry.write_bytes(content)

    assert kept.recalled() is None


@pytest.mark.parametrize("change", [{"lines": [1]}, {"lines": "one"}, {"content": None}, {"inputs": "0" * 64}])
def test_an_entry_that_says_something_else_leads_to_a_run(kept: Kept, change: dict[str, Any]) -> None:
    kept.entry.write_text(json.dumps(json.loads(kept.entry.read_bytes()) | change))

    assert kept.recalled() is None


def test_an_entry_that_cannot_be_read_leads_to_a_run(kept: Kept) -> None:
    entry = kept.entry
    entry.unlink()
    entry.mkdir()

    assert kept.recalled() is None


def test_the_entry_of_another_project_is_not_taken(kept: Kept, tmp_path: Path) -> None:
    other = Kept(tmp_path / "other")
    (other.root / "templates/a.jinja").write_text("other")
    other.entry.write_bytes(kept.entry.read_bytes())

    assert other.recalled() is None


def test_a_cache_that_cannot_be_written_is_done_without(kept: Kept) -> None:
    (kept.root / "file").write_text("in the way")
    last = LastRun(kept.release, root=kept.root, cache=kept.root / "file" / "cache")

    last.keep(FILES, LINES)

    assert last.recall(kept.target) is None


def test_a_run_whose_input_changed_meanwhile_is_not_kept(kept: Kept) -> None:
    (kept.root / "LICENSE").write_text("before")
    running = kept.last()
    (kept.root / "LICENSE").write_text("after")
    running.keep(FILES, LINES)

    assert kept.recalled() is None
    (kept.root / "LICENSE").write_text("before")
    assert kept.recalled() is None


# -- the command ---------------------------------------------------------------------------------------------------


class Counted:
    """Runs, counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        run = pipeline.generate

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.number += 1
            return run(*args, **kwargs)

        monkeypatch.setattr(pipeline, "generate", counted)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def test_the_command_makes_one_run_and_says_the_same_again(project: Project, runs: Counted) -> None:
    first = project.run("generate")
    again, check = project.run("generate"), project.run("generate", "--check")

    assert runs.number == 1
    assert (first.exit_code, again.exit_code, check.exit_code) == (0, 0, 0)
    assert again.output == first.output.replace(" written to ", " unchanged in ")
    assert check.output.splitlines()[:-1] == first.output.splitlines()[:-1]
    assert check.output.splitlines()[-1] == "generated/release-1.0 is what the sources give."


def test_a_check_on_an_edited_package_makes_a_run_and_shows_the_edit(project: Project, runs: Counted) -> None:
    project.run("generate")
    (project.root / "generated/release-1.0/README.md").write_text("by hand\n")

    result = project.run("generate", "--check")

    assert runs.number == 2
    assert result.exit_code == 1
    assert "different: README.md" in result.output


def test_fresh_makes_a_run_in_any_case(project: Project, runs: Counted) -> None:
    project.run("generate")

    assert project.run("generate", "--check", "--fresh").exit_code == 0
    assert runs.number == 2


def test_the_sources_are_not_read_again_since_their_digests_are_pinned(project: Project, runs: Counted) -> None:
    project.run("generate")
    for source in (project.root / "cache/ks-codegen").glob("?" * 64 + ".json"):
        source.unlink()
    (project.root / "mirror" / COMMIT / "ks.json").write_bytes(b"other bytes")

    assert project.run("generate", "--check").exit_code == 0
    assert runs.number == 1
    assert project.run("generate", "--check", "--fresh").exit_code == 2


def test_a_run_that_started_from_what_is_committed_proves_nothing_for_the_next(project: Project, runs: Counted) -> None:
    project.run("generate")
    shutil.rmtree(project.root / "cache")
    offline = ["generate", "--root", str(project.root), "--release", "release-1.0", "--offline", "--check"]

    results = [_invoked(offline), _invoked(offline)]

    assert runs.number == 3
    assert all("No source can be reached" in result.output for result in results)


def _invoked(arguments: list[str]) -> Result:
    return CliRunner().invoke(main, arguments)


def test_whatever_file_a_run_opens_decides_whether_the_next_is_spared(project: Project) -> None:
    (project.root / "specs/release-1.0/CHANGELOG.md").write_text("# Changelog\n")
    arguments = ["generate", "--root", str(project.root), "--release", "release-1.0", "--offline"]
    run = subprocess.run(
        [sys.executable, "-c", _OPENED, *arguments, "--mirror", str(project.root / "mirror")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    release = load_release(project.root / "specs/release-1.0")

    opened = {Path(line) for line in run.stdout.splitlines() if line.startswith(("/", "\\"))}
    ours = {path for path in opened if path.is_relative_to(project.root) or path.is_relative_to(last_run._CODE)}
    # The sources, whose digests release.toml pins, and what a run writes.
    elsewhere = ("mirror", "cache", "generated")
    decisive = {
        path
        for path in ours
        if "__pycache__" not in path.parts
        and not any(path.is_relative_to(project.root / folder) for folder in elsewhere)
    }

    assert run.returncode == 0, run.stderr
    assert project.root / "templates/src/kubesphere_client/_json.py" in decisive
    assert decisive <= set(LastRun(release, root=project.root)._files())


_OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, about: opened.append(about[0]) if event == "open" else None)
from generator.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    status = end.code
for one in opened:
    if isinstance(one, str):
        print(one)
sys.exit(status)
"""
