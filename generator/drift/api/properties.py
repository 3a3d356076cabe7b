"""What is told of a property: that it came, went, or is now needed or always sent, or no longer."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from generator.drift.api import types
from generator.drift.api.ledger import Spot
from generator.drift.api.shapes import Shape

_NOW = {"request": "the property is required now", "response": "the property is always sent now"}
_NO_LONGER = {"request": "the property is optional now", "response": "the property is no longer always sent"}


def always(shape: Shape, spot: Spot) -> frozenset[str]:
    """The properties that a request must have, or that a response always has."""
    return shape.required | shape.always if spot.direction == "response" else shape.required


def write_removed(name: str, node: Any, must: bool, spot: Spot) -> None:
    check = "request-property-removed"
    if spot.direction == "response":
        check = f"response-{'required' if must else 'optional'}-property-removed"
    spot.property(name).write_check(check, "the property was removed", types.label_of(node), None)


def write_added(name: str, node: Any, must: bool, spot: Spot) -> None:
    need = "required" if must else "optional"
    check = f"new-{need}-request-property" if spot.direction == "request" else f"response-{need}-property-added"
    text = f"the {need} property was added" if spot.direction == "request" else "the property was added"
    spot.property(name).write_check(check, text, None, types.label_of(node))


def write_presence(names: Set[str], must: Set[str], must_now: Set[str], spot: Spot) -> None:
    """Tell which of some properties in both states are needed, or always sent, in one of them only."""
    for name in sorted(names):
        if name in must_now and name not in must:
            spot.property(name).write_check(
                f"{spot.direction}-property-became-required", _NOW[spot.direction], False, True
            )
        elif name in must and name not in must_now:
            spot.property(name).write_check(
                f"{spot.direction}-property-became-optional", _NO_LONGER[spot.direction], True, False
            )
