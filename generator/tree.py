"""The output: written all or nothing, or compared with what is committed."""

from __future__ import annotations

import ctypes
import difflib
import errno
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from attrs import frozen

from generator.errors import GeneratorError

Tree = Mapping[str, bytes]

# What tools leave behind in a folder; it is no part of the output and no difference.
_LEFT_BY_TOOLS = ("__pycache__", ".ruff_cache", ".mypy_cache", ".pytest_cache", "dist", "build", ".venv")
_DIFF_LINES = 12
_LOOKED_AT = 5_000  # lines from the first that differs on; difflib takes 3.3 s for the 128,000 lines of openapi.json
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@frozen
class Difference:
    """How a tree differs from a folder; empty, and false, when it does not."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    diffs: Mapping[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def lines(self) -> Iterator[str]:
        """A line for each file, and a short unified diff of the changed ones."""
        for sign, names in (("missing", self.added), ("unexpected", self.removed), ("different", self.changed)):
            for name in names:
                yield f"{sign}: {name}"
                yield from (f"  {line}" for line in self.diffs.get(name, ()))


def write(tree: Tree, target: Path) -> bool:
    """Make a folder hold exactly a tree; the old content stays whole until the new one takes its place.

    Returns whether anything had to be written.

    Raises:
        GeneratorError: the tree has a path that leaves the folder, or the disk refuses; the old content is untouched.
    """
    for name in tree:
        _check_name(name)
    try:
        _recover(target)
        if target.is_dir() and not compare(tree, target):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.new-"))
        try:
            _fill(new, tree)
            _swap(new, target)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise GeneratorError(
            f"{target} cannot be written: {reason}.\nWhat was there is untouched; make room or allow writing, and try again."
        ) from error
    return True


def write_file(path: Path, content: bytes) -> None:
    """Write one file at once or not at all; who may read it stays as it was.

    Raises:
        OSError: the disk refuses; the old content is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def compare(tree: Tree, target: Path) -> Difference:
    """How a tree differs from what a folder holds."""
    present = {path.relative_to(target).as_posix(): path for path in _files(target)} if target.is_dir() else {}
    changed = [name for name in sorted(tree.keys() & present.keys()) if present[name].read_bytes() != tree[name]]
    return Difference(
        added=tuple(sorted(tree.keys() - present.keys())),
        removed=tuple(sorted(present.keys() - tree.keys())),
        changed=tuple(changed),
        diffs={name: _diff(present[name].read_bytes(), tree[name]) for name in changed},
    )


def read(folder: Path) -> dict[str, bytes]:
    """The tree that a folder holds, without what tools left there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(_files(folder))}


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        left_by_tools = any(part in _LEFT_BY_TOOLS or part.endswith(".egg-info") for part in inside)
        if not left_by_tools and (path.is_symlink() or path.is_file()):
            yield path


def _diff(old: bytes, new: bytes) -> tuple[str, ...]:
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return ("binary content differs",)
    begin = max(_in_common(before, after) - 1, 0)  # with the line before it, as context
    before, after = before[begin:], after[begin:]
    end = _in_common(reversed(before[1:]), reversed(after[1:]))
    before, after = before[: len(before) - end + 1], after[: len(after) - end + 1]
    whole = max(len(before), len(after)) <= _LOOKED_AT
    lines = list(
        difflib.unified_diff(before[:_LOOKED_AT], after[:_LOOKED_AT], "committed", "generated", lineterm="", n=1)
    )
    lines = [_moved(line, begin) if line.startswith("@@") else line for line in lines]
    if not whole:  # what differs at the end may do so because one of the two goes on
        last = max(number for number, line in enumerate(lines) if line.startswith("@@"))
        lines = lines[:last] if last > 2 else lines
    more = len(lines) - _DIFF_LINES
    rest = [f"… and {more} more lines" if whole else "… and more lines"] if more > 0 or not whole else []
    return (*lines[:_DIFF_LINES], *rest)


def _moved(header: str, by: int) -> str:
    """The header of a hunk of two texts that begin so many lines later."""
    return re.sub(r"(?<=[-+])\d+", lambda number: str(int(number[0]) + by), header)


def _in_common(one: Iterable[str], other: Iterable[str]) -> int:
    """How many lines two texts begin with that are the same."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _check_name(name: str) -> None:
    parts = name.split("/")
    if (
        PurePosixPath(name).is_absolute()
        or any(part in ("", ".", "..") for part in parts)
        or not name.isprintable()
        or "\\" in name
    ):
        raise GeneratorError(
            f"The output would hold the path {name!a}, which may leave its folder; nothing was written."
        )


def _fill(folder: Path, tree: Tree) -> None:
    for name, content in sorted(tree.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    folder.chmod(0o755)


def _swap(new: Path, target: Path) -> None:
    """Put the new folder in the old one's place; afterwards `new` holds what was there before."""
    if not target.exists():
        new.rename(target)
    elif not _exchanged(new, target):
        old = _old(target)
        target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    _sync_folder(target.parent)


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system can."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number))


def _recover(target: Path) -> None:
    """Undo what a killed run left: bring the old folder back if its place is empty, remove unfinished new ones."""
    old = _old(target)
    if old.is_dir():
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    for unfinished in target.parent.glob(f".{target.name}.new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
