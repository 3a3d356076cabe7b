"""One difference at one public name, and which differences say the same thing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from generator.drift.finding import Level
from generator.drift.python import checks, type_changes
from generator.drift.python.checks import Check

_OF_FIELDS = ("python-parameter-removed", "python-parameter-added", "python-parameter-changed-type")
_MUST_BE_GIVEN = ("python-parameter-changed-required", "python-parameter-added-required")
_SHIFTING = ("python-parameter-removed", "python-parameter-added-required")


@frozen
class Change:
    """One difference at one name."""

    check: Check
    level: Level
    path: str
    parameter: str = ""  # or the argument of an overload
    before: str | None = None
    after: str | None = None


def merged(sync: Iterable[Change], asynchronous: Iterable[Change]) -> list[tuple[Change, bool, bool]]:
    """The changes of both clients, each once, with whether it is one of the sync and one of the async client."""
    found: dict[tuple[str, Level, str, str], tuple[Change, bool, bool]] = {}
    for one in sync:
        found[one.check.id, one.level, one.path, one.parameter] = (one, True, False)
    for one in asynchronous:
        key = (one.check.id, one.level, one.path, one.parameter)
        found[key] = (found[key][0], True, True) if key in found else (one, False, True)
    return list(found.values())


def without_repetition(found: list[Change], elsewhere: set[str]) -> Iterator[Change]:
    """The changes, each once, without those that follow from another one; `elsewhere` are the names that went or came."""
    shifted = {one.path for one in found if one.check.id in _SHIFTING}
    given = {_field(one) for one in found if one.check.id in _MUST_BE_GIVEN}
    answers = {
        one.path for one in found if one.check.id == "python-return-changed-type" and one.level is Level.BREAKING
    }
    fields = elsewhere | {one.path for one in found if not one.parameter}
    seen: set[tuple[str, str, str]] = set()
    for one in found:
        key = (one.check.id, one.path, one.parameter)
        if key in seen or _repeats_field(one, fields) or _is_of_argument(one, given) or _is_shifted(one, shifted):
            continue
        if one.check.id == "python-object-changed-kind" and one.path in answers:
            continue  # a list is awaited in another way than an object: what is returned changed, and that is told
        seen.add(key)
        yield one


def _repeats_field(one: Change, fields: set[str]) -> bool:
    """A field is an argument of the constructor too."""
    return one.check.id in _OF_FIELDS and _field(one) in fields


def _is_of_argument(one: Change, given: set[str | None]) -> bool:
    """A field that must be given now is there, and is not None: what matters is said of the argument."""
    if one.path not in given:
        return False
    if one.check.id == "python-attribute-changed-type":
        return type_changes.read(one.before or "", one.after or "") is Level.COMPATIBLE
    return one.check is checks.OBJECT_ADDED


def _is_shifted(one: Change, shifted: set[str]) -> bool:
    """After a parameter that went, or that must be given now, the others stand elsewhere without having moved."""
    return one.check.id == "python-parameter-moved" and one.path in shifted


def _field(one: Change) -> str | None:
    """The field that an argument of a constructor sets."""
    owner, _, method = one.path.rpartition(".")
    return f"{owner}.{one.parameter}" if method == "__init__" else None
