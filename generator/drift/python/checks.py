"""The checks: what each says, and how badly it hurts the user of a typed client."""

from __future__ import annotations

from collections.abc import Mapping

import griffe
from attrs import frozen

from generator.drift.finding import Level

_BREAKING, _RISKY, _COMPATIBLE = Level.BREAKING, Level.RISKY, Level.COMPATIBLE


@frozen
class Check:
    """One check. `level` is None where the two types decide it; see `type_changes`."""

    id: str
    level: Level | None
    text: str  # {before} and {after} are filled in


# griffe's kinds; its order.
GRIFFE: Mapping[griffe.BreakageKind, Check] = {
    # Calls that give the arguments by position put them into the wrong parameters, and nothing says so.
    griffe.BreakageKind.PARAMETER_MOVED: Check(
        "python-parameter-moved", _BREAKING, "the parameter moved from position {before} to position {after}"
    ),
    # A call that gives it ends in a TypeError.
    griffe.BreakageKind.PARAMETER_REMOVED: Check("python-parameter-removed", _BREAKING, "the parameter was removed"),
    # A call that gives it by position, or by name, ends in a TypeError.
    griffe.BreakageKind.PARAMETER_CHANGED_KIND: Check(
        "python-parameter-changed-kind", _BREAKING, "the parameter was {before} and is {after}"
    ),
    # The same call asks for something else; whether that matters depends on what the caller expected.
    griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT: Check(
        "python-parameter-changed-default", _RISKY, "the default changed from {before} to {after}"
    ),
    # A call without it ends in a TypeError.
    griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED: Check(
        "python-parameter-changed-required", _BREAKING, "the parameter is required now"
    ),
    # No call gives it yet.
    griffe.BreakageKind.PARAMETER_ADDED_REQUIRED: Check(
        "python-parameter-added-required", _BREAKING, "a required parameter was added"
    ),
    griffe.BreakageKind.RETURN_CHANGED_TYPE: Check(
        "python-return-changed-type", None, "what is returned changed from {before} to {after}"
    ),
    griffe.BreakageKind.OBJECT_REMOVED: Check("python-object-removed", _BREAKING, "{before} was removed"),
    # A method that became an attribute is called no more, a class that became a function has no members.
    griffe.BreakageKind.OBJECT_CHANGED_KIND: Check("python-object-changed-kind", _BREAKING, "{before} became {after}"),
    griffe.BreakageKind.ATTRIBUTE_CHANGED_TYPE: Check(
        "python-attribute-changed-type", None, "the type changed from {before} to {after}"
    ),
    # `except` and `isinstance` no longer match.
    griffe.BreakageKind.CLASS_REMOVED_BASE: Check(
        "python-class-removed-base", _BREAKING, "the class no longer derives from {before}"
    ),
    # Code that uses the name goes on working; code that knew the value may not.
    griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE: Check(
        "python-attribute-changed-value", _RISKY, "the value changed from {before} to {after}"
    ),
}

# What griffe does not look at.
PARAMETER_CHANGED_TYPE = Check(
    "python-parameter-changed-type", None, "the type of the parameter changed from {before} to {after}"
)
# The type checker no longer knows what the answer to this argument is.
OVERLOAD_REMOVED = Check(
    "python-overload-removed", _BREAKING, "the type of the answer is no longer known for this argument; it was {before}"
)
OVERLOAD_ADDED = Check("python-overload-added", _COMPATIBLE, "the answer to this argument is known as {after}")
# The name is gone, although what it stands for is still there.
EXPORT_REMOVED = Check("python-export-removed", _BREAKING, "the name can no longer be imported from here; take {after}")
OBJECT_RENAMED = Check("python-object-renamed", _BREAKING, "it was called {before} before")
OBJECT_ADDED = Check("python-object-added", _COMPATIBLE, "{after} was added")
PARAMETER_ADDED = Check("python-parameter-added", _COMPATIBLE, "an optional parameter was added")

ALL = (
    *GRIFFE.values(), PARAMETER_CHANGED_TYPE, OVERLOAD_REMOVED, OVERLOAD_ADDED, EXPORT_REMOVED, OBJECT_RENAMED,
    OBJECT_ADDED, PARAMETER_ADDED,
)  # fmt: skip
