"""Which operation of the old document is which of the new one, whatever became of its path."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from generator.document import PUBLISHED
from generator.drift.api.document import Operation, mapping, sequence
from generator.drift.api.renames import renamed

_VERSION = re.compile(r"v[0-9]+(?:(?:alpha|beta)[0-9]+)?\Z")
_SIMILAR = 0.6  # of the segments of two paths, as difflib counts
_SURE = 0.4  # the same where both operations have the same id


@frozen
class Pairing:
    """The operations that are in both documents, and those that are in one only."""

    pairs: tuple[tuple[Operation, Operation], ...]
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]


def pair(old: Iterable[Operation], new: Iterable[Operation]) -> Pairing:
    pairs, gone, come = _same_on_the_wire(list(old), list(new))
    for may_be in (_same_id, _other_version, _similar):
        moved = _moved(gone, come, may_be)
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
    gone: Sequence[Operation], come: Sequence[Operation], may_be: Callable[[Operation, Operation], bool]
) -> list[tuple[Operation, Operation]]:
    left, arrived = {one.name: one for one in gone}, {other.name: other for other in come}
    counts = Counter(map(published_id, gone)), Counter(map(published_id, come))

    def test(name: str, name_now: str) -> bool:
        one, other = left[name], arrived[name_now]
        if may_be is _same_id and any(count[published_id(one)] > 1 for count in counts):
            return False  # an id that several bear tells nothing
        return one.method == other.method and may_be(one, other)

    return [(left[name], arrived[name_now]) for name, name_now in renamed(left, arrived, test).items()]


def published_id(operation: Operation) -> str:
    """The id that upstream gave the operation."""
    published = mapping(operation.node.get(PUBLISHED)).get("operationId")
    return published if isinstance(published, str) else operation.id


def _same_id(old: Operation, new: Operation) -> bool:
    same = old.id == new.id or published_id(old) == published_id(new)
    return bool(same and published_id(old)) and _likeness(old, new) >= _SURE


def _other_version(old: Operation, new: Operation) -> bool:
    return _unversioned(old) == _unversioned(new) and _shape(old) == _shape(new)


def _similar(old: Operation, new: Operation) -> bool:
    return _shape(old) == _shape(new) and _ends_alike(old, new) and _likeness(old, new) >= _SIMILAR


def _segments(operation: Operation) -> list[str]:
    return operation.wire.partition(" ")[2].strip("/").split("/")


def _unversioned(operation: Operation) -> list[str]:
    return ["{version}" if _VERSION.match(one) else one for one in _segments(operation)]


def _ends_alike(old: Operation, new: Operation) -> bool:
    """Whether two paths are about the same thing: the last words of both are the same."""
    words, words_now = ([one for one in _segments(each) if one != "{}"] for each in (old, new))
    return bool(words and words_now) and words[-1] == words_now[-1]


def _likeness(old: Operation, new: Operation) -> float:
    return SequenceMatcher(a=_unversioned(old), b=_unversioned(new), autojunk=False).ratio()


def _shape(operation: Operation) -> tuple[object, ...]:
    """What an operation takes and gives, without the variables of its path."""
    parameters = (mapping(one) for one in sequence(operation.node.get("parameters")))
    names = sorted((str(one.get("in")), str(one.get("name"))) for one in parameters if one.get("in") != "path")
    statuses = sorted(map(str, mapping(operation.node.get("responses"))))
    return (tuple(names), "requestBody" in operation.node, tuple(statuses), len(operation.variables) >= 1)
