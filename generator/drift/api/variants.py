"""Compares the variants of `oneOf` and `anyOf`, and the discriminators that tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from generator.drift.api.document import mapping, schema_key
from generator.drift.api.ledger import Spot, quoted


def paired(
    old: Sequence[Any], new: Sequence[Any], tests: Sequence[Callable[[Any, Any], bool]]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Which variants are the same in both states, by the first test that says so, and which are in one state only."""
    pairs: list[tuple[Any, Any]] = []
    gone, come = list(old), list(new)
    for test in tests:
        for one in list(gone):
            other = next((other for other in come if test(one, other)), None)
            if other is not None:
                pairs.append((one, other))
                gone = [left for left in gone if left is not one]
                come = [left for left in come if left is not other]
    return pairs, gone, come


def compare_discriminators(old: Any, new: Any, corresponds: Callable[[str, str], bool], spot: Spot) -> None:
    before, after = mapping(old), mapping(new)
    name, name_now = before.get("propertyName"), after.get("propertyName")
    if not before and not after:
        return
    if not before:
        spot.write("discriminator-added", f"{quoted(name_now)} says now which variant it is", None, name_now)
    elif not after:
        spot.write("discriminator-removed", f"{quoted(name)} no longer says which variant it is", name, None)
    else:
        if name != name_now:
            text = f"{quoted(name_now)} says now which variant it is, not {quoted(name)}"
            spot.write("discriminator-property-name-changed", text, name, name_now)
        _compare_mappings(mapping(before.get("mapping")), mapping(after.get("mapping")), corresponds, spot)


def _compare_mappings(old: Any, new: Any, corresponds: Callable[[str, str], bool], spot: Spot) -> None:
    for value in sorted(old.keys() | new.keys()):
        before, after = (_pointer(one[value]) if value in one else None for one in (old, new))
        if before is None:
            text = f"{quoted(value)} stands for {_short(after)} now"
            spot.write("discriminator-mapping-added", text, None, {value: _short(after)})
        elif after is None:
            text = f"{quoted(value)} no longer stands for {_short(before)}"
            spot.write("discriminator-mapping-deleted", text, {value: _short(before)}, None)
        elif not corresponds(before, after):
            text = f"{quoted(value)} stands for {_short(after)} now, not for {_short(before)}"
            spot.write("discriminator-mapping-changed", text, {value: _short(before)}, {value: _short(after)})


def _pointer(target: Any) -> str:
    """What a mapping names: a pointer, or the key of a schema."""
    return str(target) if "/" in str(target) else f"#/components/schemas/{target}"


def _short(pointer: str | None) -> str:
    return schema_key(pointer or "").rpartition(".")[2] or str(pointer)
