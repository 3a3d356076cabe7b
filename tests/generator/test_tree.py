"""The output is written all or nothing, and compared with what is there."""

from __future__ import annotations

import difflib
import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator import tree
from generator.errors import GeneratorError

ROOT = Path(__file__).parents[2]
OLD = {"a.txt": b"old\n", "src/b.py": b"old = 1\n"}
NEW = {"a.txt": b"new\n", "src/c.py": b"new = 1\n"}


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    tree.write(OLD, tmp_path / "out")
    return tmp_path / "out"


def test_the_folder_holds_exactly_the_tree(target: Path) -> None:
    assert held(target) == OLD
    assert tree.write(NEW, target)
    assert held(target) == NEW
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_an_equal_tree_is_not_written_again(target: Path) -> None:
    before = (target / "a.txt").stat().st_mtime_ns

    assert not tree.write(OLD, target)
    assert (target / "a.txt").stat().st_mtime_ns == before


def test_it_works_where_folders_cannot_be_exchanged(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_exchanged", lambda one, other: False)

    tree.write(NEW, target)

    assert held(target) == NEW
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a//b", "a/./b", "", "a\n", "a\\b", "\u202ex"])
def test_a_path_that_may_leave_the_folder_is_refused(name: str, target: Path) -> None:
    with pytest.raises(GeneratorError, match="nothing was written"):
        tree.write({name: b""}, target)

    assert held(target) == OLD


def test_a_full_disk_leaves_the_old_tree(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(GeneratorError, match="No space left on device"):
        tree.write(NEW, target)

    assert held(target) == OLD
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_an_output_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(GeneratorError, match="cannot be written"):
        tree.write(NEW, tmp_path / "file" / "out")


def test_a_killed_run_leaves_the_old_tree_and_the_next_one_cleans_up(target: Path) -> None:
    blocked = subprocess.Popen([sys.executable, "-c", _BLOCKS_WHILE_WRITING, str(target)], cwd=ROOT)
    while not list(target.parent.glob(".out.new-*/*")):
        assert blocked.poll() is None
        time.sleep(0.01)
    blocked.send_signal(signal.SIGKILL)
    blocked.wait()

    assert held(target) == OLD

    tree.write(NEW, target)

    assert held(target) == NEW
    assert [path.name for path in target.parent.iterdir()] == ["out"]


_BLOCKS_WHILE_WRITING = """
import os, sys, time
from pathlib import Path
from generator import tree
os.fsync = lambda handle: time.sleep(60)
tree.write({"a.txt": b"new", "b.txt": b"new"}, Path(sys.argv[1]))
"""


def test_a_run_that_was_killed_between_two_renames_is_undone(target: Path) -> None:
    target.rename(target.with_name(".out.old"))

    assert not tree.write(OLD, target)
    assert held(target) == OLD


def test_a_difference_names_files_and_shows_a_short_diff(target: Path) -> None:
    lines = list(tree.compare(NEW, target).lines())

    assert lines[:3] == ["missing: src/c.py", "unexpected: src/b.py", "different: a.txt"]
    assert "  -old" in lines
    assert "  +new" in lines


def test_a_long_diff_is_cut(target: Path) -> None:
    many = b"".join(b"%d\n" % number for number in range(1000))

    assert len(list(tree.compare({**OLD, "a.txt": many}, target).lines())) < 20


def test_binary_files_are_compared(target: Path) -> None:
    (target / "a.txt").write_bytes(b"\xff\x00")

    assert "  binary content differs" in list(tree.compare(OLD, target).lines())


def test_what_tools_leave_behind_is_no_difference(target: Path) -> None:
    (target / "src" / "__pycache__").mkdir()
    (target / "src" / "__pycache__" / "b.pyc").write_bytes(b"")
    (target / "dist").mkdir()
    (target / "dist" / "a.whl").write_bytes(b"")

    assert not tree.compare(OLD, target)


def test_a_folder_that_is_not_there_lacks_everything(tmp_path: Path) -> None:
    assert tree.compare(OLD, tmp_path / "nowhere").added == ("a.txt", "src/b.py")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b c d e f", "a b x d e f"),
        ("a b c", "x b c"),
        ("a b c", "a b x"),
        ("a a a", "a a a a"),
        ("a", "b"),
        ("", "a"),
        ("a b", ""),
        ("a b c d e f g h", "a x c d e f y h"),
        ("@@ -1 +1 @@ b", "@@ -1 +1 @@ c"),
        ("a b c d", "b c d"),
    ],
)
def test_the_diff_is_that_of_the_whole_files(target: Path, old: str, new: str) -> None:
    before, after = old.split(), new.split()
    target.mkdir(exist_ok=True)
    (target / "a.txt").write_text("".join(f"{line}\n" for line in before))
    shown = tree.compare({"a.txt": "".join(f"{line}\n" for line in after).encode()}, target).diffs["a.txt"]

    assert list(shown) == list(difflib.unified_diff(before, after, "committed", "generated", lineterm="", n=1))


def test_of_a_long_file_the_lines_from_the_first_difference_on_are_compared(target: Path) -> None:
    before = [f"{number}" for number in range(100_000)]
    after = [*before[:50_000], "new", *before[50_000:90_000], "another", *before[90_000:]]
    target.mkdir(exist_ok=True)
    (target / "a.txt").write_text("\n".join(before))

    shown = tree.compare({"a.txt": "\n".join(after).encode()}, target).diffs["a.txt"]

    assert list(shown[2:]) == ["@@ -50000,2 +50000,3 @@", " 49999", "+new", " 50000", "… and more lines"]
