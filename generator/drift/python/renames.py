"""What has another name but is the same: a method of the same operation, a class with the same fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping

import griffe
from attrs import evolve

from generator.drift.python.public import Name

Calls = Mapping[str, frozenset[str]]  # the operations of each method, as "GET /kapis/version"
_FEWEST_FIELDS = 2  # classes with fewer are alike by chance


def renames(old: Mapping[str, Name], new: Mapping[str, Name], old_calls: Calls, new_calls: Calls) -> dict[str, str]:
    """The new path for each old one that is gone and has a successor."""
    gone = [path for path in sorted(old) if path not in new]
    come = [path for path in sorted(new) if path not in old]
    found = _methods(gone, come, old_calls, new_calls)
    gone_classes = [path for path in gone if _is_model(old[path], path)]
    come_classes = [path for path in come if _is_model(new[path], path)]
    moved = _pairs({path: _class(path) for path in gone_classes}, {path: _class(path) for path in come_classes})
    found |= {
        path: target for path, target in moved.items() if _alike(_attributes(path, old), _attributes(target, new))
    }
    while more := _pairs(
        {path: _fields(path, old, found) for path in gone_classes if path not in found},
        {path: _fields(path, new, {}) for path in come_classes if path not in found.values()},
    ):
        found |= more  # what mentions them may be alike now
    return found


def follow(names: Mapping[str, Name], renamed: Mapping[str, str]) -> dict[str, Name]:
    """The old names with annotations that mention what was renamed by its new name: their types did not change."""
    short = {_short(path): _short(target) for path, target in renamed.items() if not path.startswith("ks.")}
    if not short:
        return dict(names)
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(re.escape(one) for one in sorted(short, key=len, reverse=True))})\b")
    # Inside its own module, a class is named without it.
    siblings: dict[str, dict[str, str]] = defaultdict(dict)
    for path, name in names.items():
        if isinstance(name.object, griffe.Class):
            siblings[path.rpartition(".")[0]][_class(path)] = _short(renamed.get(path, path))
    rewritten = {}
    for path, name in names.items():
        # A method's address says nothing of the module that it is written in.
        home = "" if path.startswith("ks.") else _module_of(followed(path, renamed)).rpartition(".")[2]
        rewritten[path] = _rewritten(name, pattern, short, siblings[_module_of(path)], home)
    return rewritten


def followed(path: str, renamed: Mapping[str, str]) -> str:
    """The new path of a name that was renamed itself, or whose owner was."""
    head, rest = path, ""
    while head:
        if head in renamed:
            return renamed[head] + rest
        head, dot, last = head.rpartition(".")
        rest = f"{dot}{last}{rest}"
    return path


def _methods(gone: list[str], come: list[str], old_calls: Calls, new_calls: Calls) -> dict[str, str]:
    found: dict[str, str] = {}
    candidates: dict[frozenset[str], list[str]] = defaultdict(list)
    for path in come:
        if operations := new_calls.get(path.removeprefix("ks.")):
            candidates[operations].append(path)
    for path in gone:
        operations = old_calls.get(path.removeprefix("ks."), frozenset())
        free = [one for one in candidates.get(operations, ()) if one not in found.values()]
        # A list and its watch are one operation: the verb tells them apart.
        alike = [one for one in free if _verb(one) == _verb(path)]
        if len(alike or free) == 1:
            found[path] = (alike or free)[0]
    return found


def _verb(path: str) -> str:
    return path.rpartition(".")[2].partition("_")[0]


def _is_model(name: Name, path: str) -> bool:
    return isinstance(name.object, griffe.Class) and not path.startswith("ks.")


def _class(path: str) -> str:
    """What a class that moved to another module keeps: its name."""
    return path.rpartition(".")[2]


def _attributes(path: str, names: Mapping[str, Name]) -> set[str]:
    return {
        one.rpartition(".")[2]
        for one, name in names.items()
        if one.rpartition(".")[0] == path and isinstance(name.object, griffe.Attribute)
    }


def _alike(old: set[str], new: set[str]) -> bool:
    """Whether two classes of one name are one class: more than half of their fields are the same."""
    return 2 * len(old & new) > len(old | new) or not old | new


def _fields(path: str, names: Mapping[str, Name], renamed: Mapping[str, str]) -> Hashable | None:
    """What a class that was renamed keeps: its attributes with their types, in which others may have new names."""
    known = {_class(one): _class(target) for one, target in renamed.items()} | {_class(path): "Self"}
    fields = [
        (
            one.rpartition(".")[2],
            re.sub(r"\w+", lambda match: known.get(match[0], match[0]), str(name.object.annotation)),
        )
        for one, name in names.items()
        if one.rpartition(".")[0] == path and isinstance(name.object, griffe.Attribute)
    ]
    return tuple(sorted(fields)) if len(fields) >= _FEWEST_FIELDS else None


def _pairs(gone: Mapping[str, Hashable | None], come: Mapping[str, Hashable | None]) -> dict[str, str]:
    """Those that are alike, where it is only one on each side."""
    found = {}
    for path, key in gone.items():
        same = [one for one, other in come.items() if key is not None and other == key]
        if len(same) == 1 and sum(other == key for other in gone.values()) == 1:
            found[path] = same[0]
    return found


def _short(path: str) -> str:
    """A class as annotations in other modules name it: `iam_v1alpha2.User`."""
    return ".".join(path.split(".")[-2:])


def _module_of(path: str) -> str:
    """The module that a class, a member of one, or a function stands in."""
    parts = path.split(".")
    end = next((index for index, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[:end])


def _rewritten(
    name: Name, pattern: re.Pattern[str], short: Mapping[str, str], siblings: Mapping[str, str], home: str
) -> Name:
    """A name with its annotations as they read in the module that is its home now."""

    def text(annotation: str | griffe.Expr | None) -> str | griffe.Expr | None:
        if annotation is None:
            return None
        plain = str(annotation)
        changed = pattern.sub(lambda match: short[match[0]], plain)
        if siblings:
            names: Iterable[str] = (re.escape(one) for one in siblings)
            changed = re.sub(rf"(?<![\w.'\"])(?:{'|'.join(names)})\b", lambda match: siblings[match[0]], changed)
        if home:
            changed = re.sub(rf"(?<![\w.'\"]){re.escape(home)}\.(?=[A-Z])", "", changed)
        return annotation if changed == plain else changed

    one = name.object
    if isinstance(one, griffe.Function):
        parameters = [
            griffe.Parameter(each.name, annotation=text(each.annotation), kind=each.kind, default=each.default)
            for each in one.parameters
        ]
        copy: griffe.Function | griffe.Attribute = griffe.Function(
            one.name, parameters=griffe.Parameters(*parameters), returns=text(one.returns)
        )
    elif isinstance(one, griffe.Attribute):
        copy = griffe.Attribute(one.name, value=one.value, annotation=text(one.annotation))
    else:
        return name
    copy.labels |= one.labels
    copy.public = True
    overloads = {argument: str(text(answer)) for argument, answer in name.overloads.items()}
    return evolve(name, object=copy, overloads=overloads)
