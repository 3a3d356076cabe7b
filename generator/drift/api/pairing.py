"""Which operation of the old document is which of the new one, whatever became of its path."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from generator.document import PUBLISHED
from generator.drift.api.document import Operation, mapping, sequence
from generator.drift.api.renames import renamed

_VERSION = re.compile(r"v[0-9]+(?:(?:alpha|beta)[0-9]+)?\Z")
_SIMILAR = 0.6  # of the segments of two paths, as difflib counts
_SURE = 0.5  # the same where both operations have the same id


@frozen
class Pairing:
    """The operations that are in both documents, and those that are in one only."""

    pairs: tuple[tuple[Operation, Operation], ...]
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]


def pair(old: Iterable[Operation], new: Iterable[Operation]) -> Pairing:
    pairs, gone, come = _same_on_the_wire(list(old), list(new))
    for key, likeness in ((_by_id, _SURE), (_by_version, 0.0), (_by_path, 0.0), (_by_shape, _SIMILAR)):
        moved = _moved(gone, come, key, likeness)
        pairs += moved
        left, arrived = {id(one) for one, _ in moved}, {id(other) for _, other in moved}
        gone = [one for one in gone if id(one) not in left]
        come = [other for other in come if id(other) not in arrived]
    return Pairing(tuple(pairs), tuple(gone), tuple(come))


def _same_on_the_wire(
    old: list[Operation], new: list[Operation]
) -> tuple[list[tuple[Operation, Operation]], list[Operation], list[Operation]]:
    """By method and path; then by what is left of the path without the names of its variables."""
    by_name = {one.name: one for one in new}
    pairs = [(one, by_name[one.name]) for one in old if one.name in by_name]
    found = {one.name for one, _ in pairs}
    waiting: defaultdict[str, list[Operation]] = defaultdict(list)
    for other in new:
        if other.name not in found:
            waiting[other.wire].append(other)
    gone = []
    for one in old:
        if one.name not in found:
            if waiting[one.wire]:
                pairs.append((one, waiting[one.wire].pop(0)))
            else:
                gone.append(one)
    return pairs, gone, [other for others in waiting.values() for other in others]


def _moved(
    gone: Sequence[Operation], come: Sequence[Operation], key: Callable[[Operation], Hashable], likeness: float
) -> list[tuple[Operation, Operation]]:
    """Those that share a key, whose paths are alike, and which can be nothing else."""
    left, arrived = _by(key, gone), _by(key, come)
    moved = []
    for shared in left.keys() & arrived.keys() - {None}:
        moved += _unambiguous(left[shared], arrived[shared], likeness)
    return sorted(moved, key=lambda both: both[0].name)


def _unambiguous(
    gone: Sequence[Operation], come: Sequence[Operation], likeness: float
) -> list[tuple[Operation, Operation]]:
    before, after = {one.name: one for one in gone}, {other.name: other for other in come}
    names = renamed(before, after, lambda one, other: _likeness(before[one], after[other]) >= likeness)
    return [(before[name], after[name_now]) for name, name_now in names.items()]


def _by(key: Callable[[Operation], Hashable], operations: Sequence[Operation]) -> dict[Hashable, list[Operation]]:
    found: defaultdict[Hashable, list[Operation]] = defaultdict(list)
    for operation in operations:
        found[key(operation)].append(operation)
    return found


def _by_id(operation: Operation) -> Hashable:
    """The id that upstream gave the operation, for its method; None for one without."""
    published = mapping(operation.node.get(PUBLISHED)).get("operationId")
    name = published if isinstance(published, str) else operation.id
    return (operation.method, name) if name else None


def _by_version(operation: Operation) -> Hashable:
    """What stays the same where only the version in the path changes."""
    return (operation.method, tuple(_unversioned(operation)), _shape(operation))


def _by_path(operation: Operation) -> Hashable:
    """The path without its version alone: what it takes may have changed with the version."""
    return (operation.method, tuple(_unversioned(operation)))


def _by_shape(operation: Operation) -> Hashable:
    """What stays the same where an operation moves: what it takes and gives, and what its path speaks of last."""
    words = [one for one in _segments(operation) if one != "{}"]
    return (operation.method, words[-1] if words else "", _shape(operation))


def _segments(operation: Operation) -> list[str]:
    return operation.wire.partition(" ")[2].strip("/").split("/")


def _unversioned(operation: Operation) -> list[str]:
    return ["{version}" if _VERSION.match(one) else one for one in _segments(operation)]


def _likeness(old: Operation, new: Operation) -> float:
    return SequenceMatcher(a=_unversioned(old), b=_unversioned(new), autojunk=False).ratio()


def _shape(operation: Operation) -> tuple[object, ...]:
    """What an operation takes and gives, without the variables of its path."""
    parameters = (mapping(one) for one in sequence(operation.node.get("parameters")))
    names = sorted((str(one.get("in")), str(one.get("name"))) for one in parameters if one.get("in") != "path")
    statuses = sorted(map(str, mapping(operation.node.get("responses"))))
    return (tuple(names), "requestBody" in operation.node, tuple(statuses), len(operation.variables) >= 1)
