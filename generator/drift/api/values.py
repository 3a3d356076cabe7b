"""Compares what schemas say of single values: null, enum, default, limits, patterns and other rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.drift.api.checks import LIMITS
from generator.drift.api.keywords import RULES
from generator.drift.api.ledger import Spot, quoted
from generator.drift.api.shapes import MISSING


def compare_null(old: bool, new: bool, spot: Spot) -> None:
    if new and not old:
        spot.write("became-nullable", "null is allowed now", False, True)
    elif old and not new:
        spot.write("became-not-nullable", "null is no longer allowed", True, False)


def compare_deprecated(old: bool, new: bool, spot: Spot) -> None:
    if new and not old:
        spot.write("deprecated", "it was deprecated", False, True)
    elif old and not new:
        spot.write("reactivated", "it is no longer deprecated", True, False)


def compare_defaults(old: Any, new: Any, spot: Spot) -> None:
    """Defaults; one of null is none."""
    old, new = (MISSING if value is None else value for value in (old, new))
    if _equal(old, new):
        return
    if old is MISSING:
        spot.write("default-value-added", f"the default {quoted(new)} was added", None, brief(new))
    elif new is MISSING:
        spot.write("default-value-removed", f"the default {quoted(old)} was removed", brief(old), None)
    else:
        text = f"the default changed from {quoted(old)} to {quoted(new)}"
        spot.write("default-value-changed", text, brief(old), brief(new))


def compare_enums(old: tuple[Any, ...] | None, new: tuple[Any, ...] | None, spot: Spot) -> None:
    if old is None and new is None:
        return
    if old is None:
        spot.write("became-enum", f"it was restricted to {_listed(new)}", None, [brief(one) for one in _sorted(new)])
    elif new is None:
        text = f"it is no longer restricted to {_listed(old)}"
        spot.write("became-not-enum", text, [brief(one) for one in _sorted(old)], None)
    else:
        for value in _without(old, new):
            spot.write("enum-value-removed", f"the value {quoted(value)} was removed", brief(value), None)
        for value in _without(new, old):
            spot.write("enum-value-added", f"the value {quoted(value)} was added", None, brief(value))


def compare_limits(old: Mapping[str, Any], new: Mapping[str, Any], spot: Spot) -> None:
    """The limits of numbers, lengths and counts, and the pattern."""
    for keyword, name in LIMITS.items():
        before, after = _number(old.get(keyword)), _number(new.get(keyword))
        if before == after:
            continue
        if before is None:
            spot.write(f"{name}-set", f"{keyword} was set to {quoted(after)}", None, after)
        elif after is None:
            spot.write(f"{name}-unset", f"{keyword} was {quoted(before)} and is not set now", before, None)
        else:
            verb = "increased" if after > before else "decreased"
            spot.write(f"{name}-{verb}", f"{keyword} {verb} from {quoted(before)} to {quoted(after)}", before, after)
    _compare_patterns(old.get("pattern"), new.get("pattern"), spot)


def compare_rules(old: Mapping[str, Any], new: Mapping[str, Any], spot: Spot) -> None:
    """The keywords that are compared as a whole: what has become of them cannot be told."""
    for keyword in RULES:
        before, after = old.get(keyword), new.get(keyword)
        if not _equal(before, after):
            text = f"{keyword} changed from {quoted(brief(before))} to {quoted(brief(after))}"
            spot.write("constraint-changed", text, {keyword: brief(before)}, {keyword: brief(after)})


def brief(value: Any) -> Any:
    """A value as small JSON."""
    if isinstance(value, dict) and value:
        return f"an object of {len(value)}"
    if isinstance(value, list) and value:
        return f"a list of {len(value)}"
    return value


def _compare_patterns(old: Any, new: Any, spot: Spot) -> None:
    if old == new:
        return
    if old is None:
        spot.write("pattern-added", f"the pattern {quoted(new)} was added", None, new)
    elif new is None:
        spot.write("pattern-removed", f"the pattern {quoted(old)} was removed", old, None)
    else:
        spot.write("pattern-changed", f"the pattern changed from {quoted(old)} to {quoted(new)}", old, new)


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON; to Python 1 is True."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _without(some: tuple[Any, ...], others: tuple[Any, ...]) -> list[Any]:
    return [one for one in _sorted(some) if not any(_equal(one, other) for other in others)]


def _sorted(some: tuple[Any, ...] | None) -> list[Any]:
    return sorted(some or (), key=quoted)


def _listed(some: tuple[Any, ...] | None) -> str:
    return ", ".join(map(quoted, _sorted(some)))


def _number(value: Any) -> int | float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
