"""What a schema says, however it is written: `allOf` is one object, `[string, null]` and `anyOf` with null are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

from generator.document import ALWAYS
from generator.drift.api.document import UNKNOWN, Document, mapping, schema_key, sequence
from generator.drift.api.keywords import (
    SINGLE,
    implied_kinds,
    is_null,
    is_number,
    is_plain,
    kind_of,
    meaning,
    named_kinds,
)

MISSING: Any = object()  # no value at all, where None is one
_UNIONS = ("oneOf", "anyOf")


@frozen(eq=False)
class Use:
    """A schema where it is used: the component that it names, if that is all it says, and whether null is allowed too."""

    component: str = ""  # its pointer; "" where the schema is more than a name
    null: bool = False
    default: Any = MISSING
    deprecated: bool = False


_ITSELF = Use()


@frozen(eq=False)
class Shape:
    """What a schema says."""

    node: Any
    kinds: frozenset[str]  # JSON types without null; empty for any
    null: bool
    format: str
    enum: tuple[Any, ...] | None  # without null
    words: Mapping[str, Any]  # what else its keywords say
    rules: Mapping[str, Any]  # what of it limits single values: LIMITS, RULES and the pattern
    properties: Mapping[str, Any]
    required: frozenset[str]
    always: frozenset[str]  # always sent in a response
    variants: tuple[Any, ...]
    union: str  # "oneOf", "anyOf" or ""
    parts: tuple[str, ...]  # pointers to the components that it is made of

    @property
    def is_any(self) -> bool:
        return not self.kinds and not self.variants


@define(eq=False)
class Shapes:
    """Reads the schemas of one document, each once."""

    document: Document
    _made: dict[tuple[int, int], Any] = field(factory=dict, init=False)  # each once, so that what is inside itself ends
    _uses: dict[int, tuple[Any, Use]] = field(factory=dict, init=False)
    _named: dict[str, Use] = field(factory=dict, init=False)  # by the `$ref` that is all a schema says
    _shapes: dict[tuple[int, frozenset[str]], tuple[Any, Shape]] = field(factory=dict, init=False)

    def use(self, node: Any) -> Use:
        if type(node) is dict and len(node) == 1 and type(pointer := node.get("$ref")) is str:
            if pointer not in self._named:
                self._named[pointer] = self._use(node)
            return self._named[pointer]
        known = self._uses.get(id(node))
        if known is None:
            known = self._uses[id(node)] = (node, self._use(node))
        return known[1]

    def shape(self, node: Any, without: frozenset[str] = frozenset()) -> Shape:
        """What a schema says, less what the components named by `without` say."""
        known = self._shapes.get((id(node), without))
        if known is None:
            known = self._shapes[(id(node), without)] = (node, self._shape(node, without))
        return known[1]

    def _use(self, node: Any) -> Use:
        if (
            isinstance(node, dict)
            and "$ref" not in node
            and "allOf" not in node
            and "oneOf" not in node
            and "anyOf" not in node
        ):
            return _ITSELF
        words = meaning(node)
        default, deprecated = words.pop("default", MISSING), words.pop("deprecated", False) is True
        for union in _UNIONS:
            if set(words) == {union} and "$ref" not in mapping(node):
                others = [one for one in sequence(words[union]) if not is_null(one)]
                if len(others) == 1 and len(sequence(words[union])) > 1:
                    inner = self.use(others[0])
                    if inner.component:
                        return Use(inner.component, True, default, deprecated)
        if isinstance(node, dict) and isinstance(node.get("$ref"), str) and not words:
            component = self._last(node["$ref"])
            if component:
                return Use(component, False, default, deprecated)
        if set(words) == {"allOf"} and "$ref" not in mapping(node) and len(sequence(words["allOf"])) == 1:
            inner = self.use(words["allOf"][0])
            if inner.component:
                known = inner.default if default is MISSING else default
                return Use(inner.component, inner.null, known, deprecated or inner.deprecated)
        return _ITSELF

    def _last(self, pointer: str) -> str:
        """The component at the end of a chain of `$ref`s, or "" where it leads to none."""
        seen: set[str] = set()
        while pointer not in seen:
            seen.add(pointer)
            target = self.document.at(pointer)
            if target is UNKNOWN or not isinstance(target, (dict, bool)) or not schema_key(pointer):
                return ""
            if not (isinstance(target, dict) and isinstance(target.get("$ref"), str) and not meaning(target)):
                return pointer
            pointer = target["$ref"]
        return ""

    def _shape(self, node: Any, without: frozenset[str]) -> Shape:
        pieces = list(self._pieces(node, without, frozenset()))
        words: dict[str, Any] = {}
        properties: dict[str, Any] = {}
        required: set[str] = set()
        always: set[str] = set()
        parts: list[str] = []
        for pointer, piece in pieces:
            if pointer and pointer not in parts:
                parts.append(pointer)
            for name, inner in mapping(piece.get("properties")).items():
                properties[name] = self._both(properties[name], inner) if name in properties else inner
            required.update(one for one in sequence(piece.get("required")) if isinstance(one, str))
            always.update(one for one in sequence(piece.get(ALWAYS)) if isinstance(one, str))
            for word, value in meaning(piece).items():
                words[word] = self._narrower(word, words[word], value) if word in words else value
        return _shape_of(node, words, properties, frozenset(required), frozenset(always), tuple(parts))

    def _pieces(
        self, node: Any, without: frozenset[str], seen: frozenset[str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The schemas that all hold for a value: the schema, what its `$ref` names and what its `allOf` lists."""
        if not isinstance(node, dict):
            if node is False:
                yield "", {"not": {}}
            return
        pointer = node.get("$ref")
        if isinstance(pointer, str):
            if pointer in without:
                pass
            elif pointer not in seen:
                target = self.document.at(pointer)
                inner = list(self._pieces(target, without, seen | {pointer}))
                if schema_key(pointer) and target is not UNKNOWN:
                    yield pointer, UNKNOWN
                yield from inner
        yield "", node
        for one in sequence(node.get("allOf")):
            yield from self._pieces(one, without, seen)
        for union in _UNIONS:  # one variant beside null is what the schema is
            others = [one for one in sequence(node.get(union)) if not is_null(one)]
            if len(others) == 1:
                yield from self._pieces(others[0], without, seen)
                if len(sequence(node[union])) > 1:
                    yield "", {"x-null": True}

    def _both(self, one: Any, other: Any) -> Any:
        """The schema of a property that two schemas declare."""
        if one == other or not (meaning(other) or "$ref" in mapping(other)):
            return one
        if not (meaning(one) or "$ref" in mapping(one)):
            return other
        made = self._made.get((id(one), id(other)))
        if made is None:
            made = self._made[(id(one), id(other))] = {"allOf": [one, other]}
        return made

    def _narrower(self, word: str, one: Any, other: Any) -> Any:
        """What a keyword says where two schemas hold that both have it."""
        if word in ("items", "additionalProperties"):
            return (
                self._both(one, other)
                if isinstance(one, dict) and isinstance(other, dict)
                else other
                if one is True
                else one
            )
        if word == "type":
            (kinds, null), (kinds_too, null_too) = named_kinds(one), named_kinds(other)
            shared = kinds & kinds_too or kinds_too
            return [*sorted(shared), *(["null"] if null and null_too else [])]
        if word == "enum" and isinstance(one, list) and isinstance(other, list):
            return [value for value in one if value in other]
        if is_number(one) and is_number(other):
            return max(one, other) if word.startswith(("min", "exclusiveMin")) else min(one, other)
        return other


def _shape_of(
    node: Any,
    words: dict[str, Any],
    properties: dict[str, Any],
    required: frozenset[str],
    always: frozenset[str],
    parts: tuple[str, ...],
) -> Shape:
    kinds, null = named_kinds(words.pop("type", None))
    beside = words.pop("x-null", False) is True
    union, variants = "", ()
    for name in _UNIONS:
        found = sequence(words.pop(name, None))
        beside = beside or any(is_null(one) for one in found)
        found = [one for one in found if not is_null(one)]
        if len(found) > 1 and not variants:
            union, variants = name, tuple(found)
    if variants and not kinds and all(is_plain(one) for one in variants):
        kinds, union, variants = frozenset(one["type"] for one in variants), "", ()
    enum = words.pop("enum", None)
    if "const" in words:
        enum = [words.pop("const")]
    values = tuple(one for one in enum if one is not None) if isinstance(enum, list) else None
    null = beside or (None in enum if isinstance(enum, list) else null)
    if values and not kinds:
        kinds = frozenset(map(kind_of, values))
    form = words.pop("format", "")
    for word in ("allOf", "properties", "required", "$defs"):
        words.pop(word, None)
    if not kinds and not variants:
        kinds = implied_kinds(words, properties)
    return Shape(
        node=node,
        kinds=kinds,
        null=null,
        format=form if isinstance(form, str) else "",
        enum=values,
        words=words,
        rules={word: words[word] for word in words.keys() & SINGLE},
        properties=properties,
        required=required,
        always=always,
        variants=variants,
        union=union,
        parts=parts,
    )
