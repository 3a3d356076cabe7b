"""Which components of two documents are the same one, of one name or of another."""

from __future__ import annotations

from collections.abc import Set

from attrs import define, field

from generator.drift.api import types
from generator.drift.api.document import schema_key
from generator.drift.api.shapes import Shapes


@define(eq=False)
class Components:
    """The schemas of two documents that have a name."""

    before: Shapes
    after: Shapes
    _before: Set[str] = field(init=False)
    _after: Set[str] = field(init=False)
    _gone: frozenset[str] = field(init=False)  # the last words of the names of components in one document only
    _come: frozenset[str] = field(init=False)
    _renamed: dict[tuple[str, str], bool] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        before, after = self.before.document.schemas().keys(), self.after.document.schemas().keys()
        self._before, self._after = before, after
        self._gone, self._come = (
            frozenset(types.short(str(key)) for key in one) for one in (before - after, after - before)
        )

    def corresponds(self, old: str, new: str) -> bool:
        """Whether two components are the same one: of one name, or one that got another name."""
        if old == new:
            return True
        if schema_key(old) in self._after or schema_key(new) in self._before:
            return False
        if (old, new) not in self._renamed:
            self._renamed[(old, new)] = self._was_renamed(old, new)
        return self._renamed[(old, new)]

    def _was_renamed(self, old: str, new: str) -> bool:
        """Whether a component that is gone may be one that came: no other has the same last word in its name."""
        name, name_now = types.short(schema_key(old)), types.short(schema_key(new))
        if name != name_now and (name in self._come or name_now in self._gone):
            return False
        one, other = self.before.shape(self.before.document.at(old)), self.after.shape(self.after.document.at(new))
        return types.alike(one, other, name, name_now)
