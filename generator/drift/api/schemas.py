"""Compares two schemas as a user meets them: through `$ref`s, in the direction that they travel, each component once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from attrs import define, field

from generator.drift.api import properties, types, values
from generator.drift.api.components import Components
from generator.drift.api.document import UNKNOWN, Document, mapping, schema_key, sequence
from generator.drift.api.keywords import meaning
from generator.drift.api.ledger import Ledger, Spot, quoted
from generator.drift.api.renames import renamed
from generator.drift.api.shapes import MISSING, Shape, Shapes, Use
from generator.drift.api.types import Verdict
from generator.drift.api.unchanged import Unchanged
from generator.drift.api.variants import compare_discriminators, paired

_DEPTH = 40  # schemas inside each other without a name; deeper ones are taken for any value
_ELSEWHERE = frozenset(("$ref", "oneOf", "anyOf"))  # what makes the shape of a schema depend on another one


@define(eq=False)
class Schemas:
    """Compares schemas of two documents and writes down in the ledger what it finds."""

    old: Document
    new: Document
    unchanged: Unchanged
    ledger: Ledger
    before: Shapes
    after: Shapes
    components: Components
    _open: set[tuple[int, int]] = field(factory=set, init=False)  # pairs that are being compared
    _waiting: list[tuple[str, str, Spot]] = field(factory=list, init=False)  # pairs of components that are not yet
    _same: dict[tuple[int, int], bool] = field(factory=dict, init=False)

    def compare(self, old: Any, new: Any, spot: Spot) -> None:
        self._compare(old, new, spot)
        while self._waiting:
            one, other, inside = self._waiting.pop()
            self._compare_nodes(self.old.at(one), self.new.at(other), inside)

    def _compare(self, old: Any, new: Any, spot: Spot) -> None:
        if not self._is_plainly_same(old, new):
            self._compare_different(old, new, spot)

    def _is_plainly_same(self, old: Any, new: Any) -> bool:
        return self.unchanged.same(old, new) or self._says_the_same(old, new)

    def _compare_different(self, old: Any, new: Any, spot: Spot) -> None:
        one, other = self.before.use(old), self.after.use(new)
        if one.component and other.component and self.components.corresponds(one.component, other.component):
            self._compare_uses(one, other, spot)
            self._compare_components(one.component, other.component, spot)
        elif one.component and not other.component and schema_key(one.component) not in self.new.schemas():
            self._compare_written_out(one, new, old, new, spot)
        elif other.component and not one.component and schema_key(other.component) not in self.old.schemas():
            self._compare_written_out(other, old, old, new, spot)
        else:
            pair = (id(old), id(new))
            if pair not in self._open and len(self._open) < _DEPTH:  # else it is inside itself, and compared already
                self._open.add(pair)
                self._compare_nodes(old, new, spot)
                self._open.discard(pair)

    def _compare_nodes(self, old: Any, new: Any, spot: Spot) -> None:
        if old == new and self._is_same_outside(old):
            self._compare_inside(old, new, spot)
        else:
            self._compare_shapes(self.before.shape(old), self.after.shape(new), spot)

    def _is_same_outside(self, node: Any) -> bool:
        """Whether what changed below a schema that is equal in both documents is in its parts alone."""
        if not isinstance(node, dict) or not _ELSEWHERE.isdisjoint(node):
            return False
        return all(self.unchanged.same(one, one) or self._is_same_outside(one) for one in sequence(node.get("allOf")))

    def _compare_inside(self, old: Any, new: Any, spot: Spot) -> None:
        """Compare the parts of two equal schemas, for what these refer to."""
        for one, other in zip(sequence(old.get("allOf")), sequence(new.get("allOf")), strict=True):
            if not self.unchanged.same(one, other):
                self._compare_inside(one, other, spot)
        now = mapping(new.get("properties"))
        for name, inner in mapping(old.get("properties")).items():
            if not self.unchanged.same(inner, now[name]):
                self._compare_different(inner, now[name], spot.property(name))
        self._compare(old.get("items"), new.get("items"), spot.items())
        self._compare(old.get("additionalProperties"), new.get("additionalProperties"), spot.values())
        places = zip(sequence(old.get("prefixItems")), sequence(new.get("prefixItems")), strict=True)
        for index, (one, other) in enumerate(places):
            self._compare(one, other, spot.position(index))

    def _says_the_same(self, old: Any, new: Any) -> bool:
        """Whether two schemas without a `$ref` of their own plainly differ in words for people at most."""
        if type(old) is not dict or type(new) is not dict or "properties" in old or "$ref" in old or "$ref" in new:
            return False
        return self.unchanged.same(meaning(old), meaning(new))

    def same(self, old: Any, new: Any) -> bool:
        """Whether two schemas say the same, as far as a user can tell."""
        if self.unchanged.same(old, new):
            return True
        pair = (id(old), id(new))
        if pair not in self._same:
            settled = dict(self._same)
            self._same[pair] = True  # as long as nothing else is known: it may be inside itself
            aside = Schemas(self.old, self.new, self.unchanged, Ledger(), self.before, self.after, self.components)
            aside._same = self._same
            aside.compare(old, new, Spot(aside.ledger.document("", ()), "response", "property"))
            if not aside.ledger.is_clean():  # then what was found under this assumption is void
                self._same.clear()
                self._same.update({**settled, pair: False})
        return self._same[pair]

    def may_be(self, name: str, name_now: str, old: Any, new: Any) -> bool:
        """Whether what had one name in the old document may be what has another name in the new one."""
        if types.same_letters(name, name_now):
            return types.compare(self.before.shape(old), self.after.shape(new)) is Verdict.SAME
        return (types.similar(name, name_now) or types.described_alike(old, new)) and self.same(old, new)

    def _compare_uses(self, old: Use, new: Use, spot: Spot) -> None:
        """What is said where a component is used, and not by the component."""
        if old.null is not new.null:
            null = old.null or self.before.shape(self.old.at(old.component)).null
            null_now = new.null or self.after.shape(self.new.at(new.component)).null
            values.compare_null(null, null_now, spot)
        values.compare_defaults(old.default, new.default, spot)
        values.compare_deprecated(old.deprecated, new.deprecated, spot)

    def _compare_components(self, old: str, new: str, spot: Spot) -> None:
        owner, is_new = self.ledger.shared(new, old, spot.direction)
        owner.users.add(spot.owner)
        owner.sites.add(spot.site)
        if is_new:
            self._waiting.append((old, new, Spot(owner, spot.direction, "")))

    def _compare_written_out(self, use: Use, written: Any, old: Any, new: Any, spot: Spot) -> None:
        """A component of one state that the other writes out in its stead: told once for all places that say the same."""
        words = json.dumps(meaning(written), sort_keys=True, default=str)
        owner, is_new = self.ledger.shared(use.component, words, str(use.null), spot.direction)
        owner.users.add(spot.owner)
        owner.sites.add(spot.site)
        if is_new:
            self._compare_shapes(self.before.shape(old), self.after.shape(new), Spot(owner, spot.direction, ""))

    def _compare_shapes(self, old: Shape, new: Shape, spot: Spot) -> None:
        shared = self._in_common(old, new)
        for one, other in shared:
            self._compare_components(one, other, spot)
        verdict = types.compare(old, new)
        if verdict is not Verdict.SAME:
            types.write(verdict, old, new, spot)
            if verdict is not Verdict.COMPATIBLE:
                return
        if not old.is_any and not new.is_any:
            values.compare_null(old.null, new.null, spot)
        if old.variants or new.variants:
            self._compare_variants(old, new, spot)
            if not (old.variants and new.variants):
                return  # the plain one was compared as a variant
        compare_discriminators(
            old.words.get("discriminator"), new.words.get("discriminator"), self.components.corresponds, spot
        )
        rest, rest_now = self._rests(old, new, shared)
        values.compare_enums(rest.enum, rest_now.enum, spot)
        values.compare_defaults(rest.words.get("default", MISSING), rest_now.words.get("default", MISSING), spot)
        values.compare_deprecated(rest.words.get("deprecated") is True, rest_now.words.get("deprecated") is True, spot)
        if rest.rules != rest_now.rules:
            values.compare_limits(rest.rules, rest_now.rules, spot)
            values.compare_rules(rest.rules, rest_now.rules, spot)
        self._compare_properties(old, new, rest, rest_now, spot)
        self._compare_insides(rest, rest_now, spot)

    def _in_common(self, old: Shape, new: Shape) -> Sequence[tuple[str, str]]:
        """The components that both are made of; none where a property moved between these and the rest."""
        shared, _, _ = paired(old.parts, new.parts, (str.__eq__, self.components.corresponds))
        if not shared:
            return ()
        rest, rest_now = map(_said, self._rests(old, new, shared))
        both = (rest ^ rest_now) & _said(old) & _said(new)
        if both:
            theirs = {one for name, _ in shared for one in _said(self.before.shape(self.old.at(name)))}
            theirs_now = {one for _, name in shared for one in _said(self.after.shape(self.new.at(name)))}
            if both & (theirs ^ theirs_now):
                return ()
        return shared

    def _rests(self, old: Shape, new: Shape, shared: Sequence[tuple[str, str]]) -> tuple[Shape, Shape]:
        """What both say beside the components that they have in common."""
        if not shared:
            return old, new
        return (
            self.before.shape(old.node, frozenset(one for one, _ in shared)),
            self.after.shape(new.node, frozenset(other for _, other in shared)),
        )

    def _compare_variants(self, old: Shape, new: Shape, spot: Spot) -> None:
        tests = (self._same_component, self.same)
        pairs, gone, come = paired(old.variants or (old.node,), new.variants or (new.node,), tests)
        if not pairs and not (old.variants and new.variants):
            types.write(Verdict.CHANGED, old, new, spot)
            return
        if len(gone) == len(come) == 1 and self._alike(gone[0], come[0]):
            pairs, gone, come = [*pairs, (gone[0], come[0])], [], []
        for one, other in pairs:
            self._compare(one, other, spot.variant(types.label_of(other)))
        union = "one-of" if (new.union or old.union) == "oneOf" else "any-of"
        for name in sorted(map(types.label_of, gone)):
            spot.write(f"{union}-removed", f"the variant {name} was removed", name, None)
        for name in sorted(map(types.label_of, come)):
            spot.write(f"{union}-added", f"the variant {name} was added", None, name)

    def _same_component(self, old: Any, new: Any) -> bool:
        one, other = self.before.use(old).component, self.after.use(new).component
        return bool(one and other) and self.components.corresponds(one, other)

    def _alike(self, old: Any, new: Any) -> bool:
        """Whether one variant may be what became of another; two components are not."""
        named = self.before.use(old).component and self.after.use(new).component
        return not named and types.alike(self.before.shape(old), self.after.shape(new))

    def _compare_properties(self, old: Shape, new: Shape, rest: Shape, rest_now: Shape, spot: Spot) -> None:
        own, own_now = rest.properties, rest_now.properties
        if not own and not own_now and not rest.required and not rest_now.required:
            return
        gone = {name: value for name, value in own.items() if name not in new.properties}
        come = {name: value for name, value in own_now.items() if name not in old.properties}
        must, must_now = properties.always(old, spot), properties.always(new, spot)

        def may_be(name: str, name_now: str) -> bool:
            return (name in must) is (name_now in must_now) and self.may_be(name, name_now, gone[name], come[name_now])

        names = renamed(gone, come, may_be)
        for name in sorted(own.keys() | own_now.keys()):
            if name in names:
                self._compare_renamed(name, names[name], gone[name], come[names[name]], spot)
            elif name in gone:
                properties.write_removed(name, gone[name], name in must, spot)
            elif name in come:
                if name not in names.values():
                    properties.write_added(name, come[name], name in must_now, spot)
            elif name in own and name in own_now:
                if not self._is_plainly_same(own[name], own_now[name]):
                    self._compare_different(own[name], own_now[name], spot.property(name))
            else:  # a component that both have in common says it in one state, so the whole is compared
                self._compare(old.properties[name], new.properties[name], spot.property(name))
        asked = own.keys() | own_now.keys() | properties.always(rest, spot) | properties.always(rest_now, spot)
        properties.write_presence(asked - gone.keys() - come.keys(), must, must_now, spot)

    def _compare_renamed(self, name: str, name_now: str, old: Any, new: Any, spot: Spot) -> None:
        text = f"the property is called {quoted(name_now)} now"
        spot.property(name).write_check(f"{spot.direction}-property-renamed", text, name, name_now)
        self._compare(old, new, spot.property(name_now))

    def _compare_insides(self, old: Shape, new: Shape, spot: Spot) -> None:
        """What is in maps, arrays and tuples."""
        if "object" in old.kinds & new.kinds:
            more, more_now = (shape.words.get("additionalProperties", True) for shape in (old, new))
            if more is False or more_now is False:
                if more is not more_now:
                    verb = "allowed" if more is False else "disallowed"
                    text = f"undeclared properties are {'allowed' if more is False else 'no longer allowed'}"
                    spot.write(f"additional-properties-{verb}", text, more is not False, more_now is not False)
            else:
                one, other = (UNKNOWN if value is True else value for value in (more, more_now))
                self._compare(one, other, spot.values())
        if "array" in old.kinds & new.kinds:
            places, places_now = (sequence(shape.words.get("prefixItems")) for shape in (old, new))
            for index, (one, other) in enumerate(zip(places, places_now, strict=False)):
                self._compare(one, other, spot.position(index))
            if len(places) != len(places_now):
                verb = "added" if len(places) < len(places_now) else "removed"
                text = f"the tuple has {len(places_now)} places, not {len(places)}"
                spot.write(f"prefix-items-{verb}", text, len(places), len(places_now))
            else:
                self._compare(_items(old), _items(new), spot.items())


def _items(shape: Shape) -> Any:
    """The schema of the items; any value where a tuple has no place for more."""
    places, most = len(sequence(shape.words.get("prefixItems"))), shape.words.get("maxItems")
    full = places > 0 and isinstance(most, int) and most <= places
    return UNKNOWN if full else shape.words.get("items", UNKNOWN)


def _said(shape: Shape) -> frozenset[tuple[str, str]]:
    """The properties that a shape declares, and those that it requires."""
    declared = frozenset(("declared", name) for name in shape.properties)
    return declared | frozenset(("required", name) for name in shape.required)
