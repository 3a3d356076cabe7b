"""Two maps of public names: every difference between them that a user can meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import griffe

from generator.drift.finding import Level
from generator.drift.python import checks, type_changes
from generator.drift.python.change import Change, without_repetition
from generator.drift.python.checks import Check
from generator.drift.python.public import Name
from generator.drift.python.renames import followed

_KINDS = griffe.BreakageKind
_POSITIONAL = (griffe.ParameterKind.positional_only, griffe.ParameterKind.positional_or_keyword)


def changes(old: Mapping[str, Name], new: Mapping[str, Name], renamed: Mapping[str, str]) -> Iterator[Change]:
    """Every difference; `renamed` says which old path is which new one. What went or came whole is said once."""
    moved = set(renamed.values())
    # What was renamed is compared with what it became, under its new path.
    before = {followed(path, renamed): name for path, name in old.items()}
    for path, target in sorted(renamed.items()):
        if path in old:
            yield _change(checks.OBJECT_RENAMED, target, before=path, after=target)
    removed = checks.GRIFFE[_KINDS.OBJECT_REMOVED]
    gone = before.keys() - new.keys()
    come = new.keys() - before.keys() - moved
    both = sorted(before.keys() & new.keys())
    found = [
        *(_change(removed, path, before=_kind(before[path], path)) for path in _whole(gone)),
        *(_change(checks.OBJECT_ADDED, path, after=_kind(new[path], path)) for path in _whole(come)),
        *_griffe({path: before[path] for path in both}, {path: new[path] for path in both}),
        *(change for path in both for change in _further(path, before[path], new[path])),
    ]
    yield from without_repetition(found, gone | come)


def _whole(paths: Collection[str]) -> Iterator[str]:
    """The names, sorted, without those whose class, or group, went or came with them."""
    for path in sorted(paths):
        parts = path.split(".")
        owners = (".".join(parts[:end]) for end in range(1, len(parts)))
        if not path.endswith(".__init__") and not any(owner in paths for owner in owners):
            yield path


def _kind(name: Name, path: str) -> str:
    owner = path.rpartition(".")[0].rpartition(".")[2]
    is_member = path.startswith("ks.") or owner[:1].isupper() or owner == "*"
    if isinstance(name.object, griffe.Class):
        return "the group" if path.startswith("ks.") else "the class"
    if isinstance(name.object, griffe.Function):
        return "the method" if is_member else "the function"
    return "the attribute" if is_member else "the name"


def _griffe(old: Mapping[str, Name], new: Mapping[str, Name]) -> Iterator[Change]:
    """What griffe finds between the two."""
    for one in griffe.find_breaking_changes(_module(old), _module(new)):
        before, after, parameter = _values(one)
        yield _change(checks.GRIFFE[one.kind], one.obj.name, parameter, before=before, after=after)


def _module(names: Mapping[str, Name]) -> griffe.Module:
    module = griffe.Module("api")
    for path, name in names.items():
        module.members[path] = name.object
        name.object.parent = module
    return module


def _values(one: griffe.Breakage) -> tuple[str | None, str | None, str]:
    """The values that a breakage shows, and the parameter that it is about."""
    old, new = one.old_value, one.new_value
    if isinstance(old, griffe.Parameter) or isinstance(new, griffe.Parameter):
        parameter = (old or new).name
        if one.kind is _KINDS.PARAMETER_CHANGED_KIND:
            return str(old.kind and old.kind.value), str(new.kind and new.kind.value), parameter
        if one.kind is _KINDS.PARAMETER_CHANGED_DEFAULT:
            return str(old.default), str(new.default), parameter
        if one.kind is _KINDS.PARAMETER_MOVED:
            start, _, end = one.details.removeprefix("position: from ").partition(" to ")
            return str(int(start) + 1), str(int(end.partition(" ")[0]) + 1), parameter
        return _parameter(old), _parameter(new), parameter
    if one.kind is _KINDS.CLASS_REMOVED_BASE:
        return ", ".join(sorted({str(base) for base in old} - {str(base) for base in new})), None, ""
    if one.kind is _KINDS.OBJECT_CHANGED_KIND:
        return f"the {old.value}", f"the {new.value}", ""
    return (None if old is None else str(old)), (None if new is None else str(new)), ""


def _parameter(one: griffe.Parameter | None) -> str | None:
    """A parameter as it is written."""
    if one is None:
        return None
    text = one.name if one.annotation is None else f"{one.name}: {one.annotation}"
    return text if one.required or one.default in (None, "...") else f"{text} = {one.default}"


def _further(path: str, old: Name, new: Name) -> Iterator[Change]:
    """What griffe does not look at: types, overloads, values, and what was added."""
    before, after = old.object, new.object
    if isinstance(before, griffe.Function) and isinstance(after, griffe.Function):
        yield from _function(path, before, after)
        yield from _overloads(path, old.overloads, new.overloads)
    elif isinstance(before, griffe.Attribute) and isinstance(after, griffe.Attribute):
        yield from _attribute(path, before, after)
    elif isinstance(before, griffe.Class) and isinstance(after, griffe.Class):
        lost = sorted({str(one) for one in before.bases} - {str(one) for one in after.bases})
        if lost:
            yield _change(checks.GRIFFE[_KINDS.CLASS_REMOVED_BASE], path, before=", ".join(lost))


def _function(path: str, old: griffe.Function, new: griffe.Function) -> Iterator[Change]:
    known = {one.name: one for one in old.parameters}
    for one in new.parameters:
        before = known.get(one.name)
        if before is None:
            if not one.required:
                yield _change(checks.PARAMETER_ADDED, path, one.name, after=_parameter(one))
        elif before.annotation is not None and one.annotation is not None:
            types = str(before.annotation), str(one.annotation)
            level = type_changes.written(*types)
            if level is not None:
                yield _change(checks.PARAMETER_CHANGED_TYPE, path, one.name, level, *types)
    is_async = "async" in old.labels
    if is_async is not ("async" in new.labels):
        shown = ("a coroutine", "a plain method") if is_async else ("a plain method", "a coroutine")
        yield _change(checks.GRIFFE[_KINDS.OBJECT_CHANGED_KIND], path, before=shown[0], after=shown[1])
    if old.returns is not None and new.returns is not None:
        types = str(old.returns), str(new.returns)
        level = type_changes.read(*types)
        if level is not None:
            yield _change(checks.GRIFFE[_KINDS.RETURN_CHANGED_TYPE], path, "", level, *types)


def _overloads(path: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for argument in sorted(old.keys() | new.keys()):
        before, after = old.get(argument), new.get(argument)
        if after is None:
            yield _change(checks.OVERLOAD_REMOVED, path, argument, before=before)
        elif before is None:
            yield _change(checks.OVERLOAD_ADDED, path, argument, after=after)
        elif (level := type_changes.read(before, after)) is not None:
            yield _change(checks.GRIFFE[_KINDS.RETURN_CHANGED_TYPE], path, argument, level, before, after)


def _attribute(path: str, old: griffe.Attribute, new: griffe.Attribute) -> Iterator[Change]:
    """The type counts where there is one, as it is that of a field; else the value, as it is that of a constant."""
    if old.annotation is not None and new.annotation is not None:
        types = str(old.annotation), str(new.annotation)
        levels = type_changes.read(*types), type_changes.written(*types)
        if levels[0] is not None and levels[1] is not None:
            # A field is given when an object is made, and read from one that the server sent.
            level = min(levels[0], levels[1], key=lambda one: one.rank)
            yield _change(checks.GRIFFE[_KINDS.ATTRIBUTE_CHANGED_TYPE], path, "", level, *types)
    elif old.annotation is None and new.annotation is None and str(old.value) != str(new.value):
        yield _change(checks.GRIFFE[_KINDS.ATTRIBUTE_CHANGED_VALUE], path, before=str(old.value), after=str(new.value))


def _change(
    check: Check,
    path: str,
    parameter: str = "",
    level: Level | None = None,
    before: str | None = None,
    after: str | None = None,
) -> Change:
    return Change(check, level or check.level or Level.BREAKING, path, parameter, before, after)
