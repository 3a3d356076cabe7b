"""Which components are the same in both documents, with all that they refer to: these need no look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from typing import Any

from attrs import define, field

from generator.document import ALWAYS
from generator.drift.api.document import Document, mapping

_CONTAINERS = frozenset((dict, list, tuple))
_EVIDENCE = "x-kubesphere-evidence"  # of a correction: long, and without a `$ref`


@define(eq=False)
class Unchanged:
    """Says of parts of the two documents whether they are the same with all that they refer to."""

    old: Document
    new: Document
    _changed: set[str] = field(factory=set, init=False)  # pointers to components that differ, or reach one that does

    def __attrs_post_init__(self) -> None:
        before, after = _components(self.old), _components(self.new)
        differ = before.keys() ^ after.keys()
        differ |= {key for key in before.keys() & after.keys() if _differ(before[key], after[key])}
        users: defaultdict[str, list[str]] = defaultdict(list)
        for key, value in before.items():
            if key not in differ:  # the others are changed already, whatever they refer to
                for pointer in references(value):
                    users[pointer].append(key)
        waiting = list(differ)
        while waiting:
            key = waiting.pop()
            if key not in self._changed:
                self._changed.add(key)
                waiting += users[key]

    def same(self, old: Any, new: Any) -> bool:
        """Whether two parts are equal, and all that they refer to is."""
        if old is not new and old != new:
            return False
        if not self._changed:
            return True
        pointers = references(old, self._changed)
        return not pointers or (
            self._changed.isdisjoint(pointers) and all(one.startswith("#/components/") for one in pointers)
        )


def references(node: Any, wanted: Set[str] = frozenset()) -> set[str]:
    """Every `$ref` in a part of a document, however deep; those up to the first wanted one, if there is one."""
    found: set[str] = set()
    waiting = [node] if type(node) in _CONTAINERS else []
    while waiting:
        value = waiting.pop()
        if type(value) is dict:
            for key, inner in value.items():
                kind = type(inner)
                if kind is dict or kind is list:
                    if key != _EVIDENCE:
                        waiting.append(inner)
                elif key == "$ref" and kind is str:
                    found.add(inner)
                    if inner in wanted:
                        return found
        else:
            waiting += [inner for inner in value if type(inner) in _CONTAINERS]
    return found


def _differ(old: Any, new: Any) -> bool:
    """Whether two components differ in more than the words about them."""
    return bool(old != new and _wordless(old) != _wordless(new))


def _wordless(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        word: inner
        for word, inner in value.items()
        if word != "description" and (not word.startswith("x-") or word == ALWAYS)
    }


def _components(document: Document) -> dict[str, Any]:
    found = {}
    for kind, members in mapping(document.root.get("components")).items():
        for name, value in mapping(members).items():
            found[f"#/components/{kind}/{_escaped(str(name))}"] = value
    return found


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
