"""Two states of the client package: what of it breaks a user's code, and what was added."""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import griffe
from attrs import field, frozen

from generator.drift.finding import Finding, Level
from generator.drift.python.change import Change, merged
from generator.drift.python.changes import changes
from generator.drift.python.checks import EXPORT_REMOVED
from generator.drift.python.public import PACKAGE, Surface, surface
from generator.drift.python.renames import Calls, follow, renames
from generator.drift.python.skeleton import SOURCE, skeleton
from generator.errors import GeneratorError

_SHOWN = 200  # characters of a value


def compare(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """The findings between two trees as `pipeline.package()` returns them, or as `surface.load()` does; sorted.

    Raises:
        GeneratorError: a tree has no client package, or a file that is not Python.
    """
    return () if _same(old, new) else _between(_read(old), _read(new))


def both_ways(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings between two trees, and those of the way back; like `compare`, and each tree is read once."""
    if _same(old, new):
        return (), ()
    before, after = _read(old), _read(new)
    return _between(before, after), _between(after, before)


def _same(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> bool:
    return all(old.get(name) == new.get(name) for name in old.keys() | new.keys() if name.startswith(SOURCE))


@frozen
class _Package:
    surface: Surface
    calls: Calls = field(factory=dict)


def _between(before: _Package, after: _Package) -> tuple[Finding, ...]:
    renamed = renames(before.surface.sync, after.surface.sync, before.calls, after.calls)
    found = merged(
        changes(follow(before.surface.sync, renamed), after.surface.sync, renamed),
        changes(follow(before.surface.asynchronous, renamed), after.surface.asynchronous, renamed),
    )
    paired = before.surface.asynchronous.keys() | after.surface.asynchronous.keys()
    findings = [_finding(*one, one[0].path in paired, before.calls, after.calls) for one in found]
    return tuple(sorted([*findings, *_exports(before, after)], key=lambda one: one.order))


def _read(tree: Mapping[str, bytes]) -> _Package:
    files = skeleton(tree)
    if f"{SOURCE}{PACKAGE}/__init__.py" not in files:
        raise GeneratorError(f"There is no {SOURCE}{PACKAGE}/ to compare.\nGenerate the package first.")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        package = griffe.load(PACKAGE, search_paths=[Path(folder, SOURCE)], allow_inspection=False, store_source=False)
        if not isinstance(package, griffe.Module):
            raise GeneratorError(f"{PACKAGE} is no package.\nGenerate the package again.")
        return _Package(surface(package), _calls(tree))


def _calls(tree: Mapping[str, bytes]) -> Calls:
    """The operations of each method, from the manifest."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in json.loads(tree.get("manifest.json", b"{}")).get("methods", ()):
        found[one["call"]].add(f"{one['method']} {one['path']}")
    return {call: frozenset(operations) for call, operations in found.items()}


def _finding(
    change: Change, in_sync: bool, in_async: bool, paired: bool, old_calls: Calls, new_calls: Calls
) -> Finding:
    subject = _subject(change.path, change.parameter)
    text = change.check.text.format(before=_brief(change.before), after=_brief(change.after))
    # What is true of both clients goes without saying.
    which = "" if in_sync and in_async else "async only" if in_async else "sync only" if paired else ""
    calls = _below(change.path, old_calls.keys() | new_calls.keys())
    operations = {each for one in calls for each in new_calls.get(one) or old_calls[one]}
    return Finding(
        check=change.check.id,
        level=change.level,
        place=subject if in_sync else f"async {subject}",
        subject=subject,
        text=f"{text} ({which})" if which else text,
        group=_group(change.path),
        operations=tuple(sorted(operations)),
        calls=tuple(calls),
        before=None if change.before is None else _brief(change.before),
        after=None if change.after is None else _brief(change.after),
    )


def _below(path: str, calls: Iterable[str]) -> list[str]:
    """The method of a path, or all methods of a group."""
    return sorted(one for one in calls if f"ks.{one}" == path or f"ks.{one}".startswith(f"{path}."))


def _exports(before: _Package, after: _Package) -> Iterator[Finding]:
    """Names that cannot be imported from where they could, although what they stand for is there."""
    offered = after.surface.exports.keys() | after.surface.sync.keys()
    for path, home in sorted(before.surface.exports.items()):
        if path not in offered and home in after.surface.sync and not home.startswith("ks."):
            yield Finding(
                check=EXPORT_REMOVED.id,
                level=Level.BREAKING,
                place=path,
                subject=path,
                text=EXPORT_REMOVED.text.format(after=home),
                group=_group(home),
                before=path,
                after=home,
            )


def _subject(path: str, parameter: str) -> str:
    """What a user writes: `ks.iam.v1alpha2.list_users(limit)`; a constructor has the name of its class."""
    written = path.removesuffix(".__init__")
    return f"{written}({parameter})" if parameter or written != path else written


def _group(path: str) -> str:
    """The group of operations, or of models, that a name belongs to."""
    parts = path.split(".")
    if parts[0] == "ks":
        return ".".join(parts[1:-1])
    if parts[:2] == [PACKAGE, "models"] and len(parts) > 3 and parts[2] != "*":
        return re.sub(r"_(v\d)", r".\1", parts[2])
    return ""


def _brief(value: str | None) -> str:
    text = value or ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
