"""The types of schemas: which of two is the wider one, whether they are the same thing at all, and what to call them."""

from __future__ import annotations

import re
from enum import Enum

from generator.drift.api.document import mapping, schema_key
from generator.drift.api.keywords import meaning
from generator.drift.api.ledger import Spot, quoted
from generator.drift.api.shapes import Shape

# The formats of text that make another type of it for a client; the others only say what the text is like.
_FORMATS = frozenset(("date-time", "date", "time", "duration", "binary", "int-or-string", "quantity"))
_META = frozenset(("apiVersion", "kind", "metadata", "spec", "status"))  # every Kubernetes object has them
_SHOWN = 3  # properties of an object
_LONG = 5  # letters of a name that may have lost or won one at an end
_TELLING = 4  # words of a description that is not of many things
DIGEST = re.compile(r"#[0-9a-f]{8}\Z")  # what a kept surface has of such a description


class Verdict(Enum):
    """How the type of a schema changed."""

    SAME = "same"
    COMPATIBLE = "compatible"  # another format of the same type
    GENERALIZED = "generalized"  # every old value is a new one
    SPECIALIZED = "specialized"  # every new value is an old one
    CHANGED = "changed"


def compare(old: Shape, new: Shape) -> Verdict:
    if old.is_any or new.is_any:
        if old.is_any and new.is_any:
            return Verdict.SAME
        return Verdict.SPECIALIZED if old.is_any else Verdict.GENERALIZED
    if old.variants or new.variants:
        return Verdict.SAME  # the variants are compared one by one
    kinds, kinds_now = _widened(old.kinds), _widened(new.kinds)
    if kinds != kinds_now:
        if kinds < kinds_now:
            return Verdict.GENERALIZED
        return Verdict.SPECIALIZED if kinds > kinds_now else Verdict.CHANGED
    verdict = _compare_objects(old, new) if old.kinds == {"object"} else Verdict.SAME
    return _compare_formats(old, new) if verdict is Verdict.SAME else verdict


def write(verdict: Verdict, old: Shape, new: Shape, spot: Spot) -> None:
    """Write down that a type changed."""
    before, after = label(old), label(new)
    if before == after:
        before, after = _in_full(old), _in_full(new)
    facet = f"type-{verdict.value}"
    wider = Verdict.GENERALIZED if spot.direction == "request" else Verdict.SPECIALIZED
    if spot.site == "header" or verdict not in (Verdict.COMPATIBLE, wider):
        facet = "type-changed"
    spot.write(facet, f"the type changed from {before} to {after}", before, after)


def alike(old: Shape, new: Shape, name: str = "", name_now: str = "") -> bool:
    """Whether two schemas may well be the same thing in two states, rather than two things."""
    if old.kinds != new.kinds:
        return False
    if name and short(name) == short(name_now):
        return True
    if old.enum and new.enum:
        return bool(set(map(repr, old.enum)) & set(map(repr, new.enum)))
    names, names_now = old.properties.keys() - _META, new.properties.keys() - _META
    if names and names_now:
        return 2 * len(names & names_now) >= min(len(names), len(names_now))
    if names or names_now:
        return False
    if old.properties or new.properties:
        word, word_now = short(name).lower(), short(name_now).lower()
        return bool(word and word_now) and (word in word_now or word_now in word)
    return True


def similar(one: str, other: str) -> bool:
    """Whether two names are so much alike that one may have become the other: `minCount` is not `maxCount`."""
    shorter, longer = sorted((_letters(one), _letters(other)), key=len)
    return shorter == longer != "" or (len(shorter) >= _LONG and shorter in (longer[:-1], longer[1:]))


def same_letters(one: str, other: str) -> bool:
    """Whether two names are the same one spelled otherwise: `page_size` and `pageSize`."""
    return _letters(one) == _letters(other) != ""


def described_alike(old: object, new: object) -> bool:
    """Whether two parts are described by the same words, and by so many that it is no accident."""
    text = mapping(old).get("description")
    return isinstance(text, str) and text == mapping(new).get("description") and is_telling(text)


def is_telling(description: str) -> bool:
    """Whether a description, or the digest that is kept of one, is of one thing and not of many."""
    return DIGEST.match(description) is not None or len(description.split()) >= _TELLING


def _letters(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(".", "")


def short(name: str) -> str:
    """The last word of a component's key: `User` of `iam_v1alpha2.User`."""
    return name.rpartition(".")[2]


def label(shape: Shape) -> str:
    """What to call a type in a sentence: `string`, `integer (int64)`, `array of User`, `User`."""
    names = [short(schema_key(part)) for part in shape.parts]
    if names and not shape.variants:
        return names[0]
    if shape.variants:
        return " or ".join(sorted(set(map(label_of, shape.variants))))
    return _plain(shape)


def _plain(shape: Shape) -> str:
    if shape.is_any:
        return "any value"
    words = []
    for kind in sorted(shape.kinds):
        if kind == "array" and mapping(shape.words.get("items")):
            words.append(f"array of {label_of(shape.words['items'])}")
        elif kind == "object" and not shape.properties and mapping(shape.words.get("additionalProperties")):
            words.append(f"map of {label_of(shape.words['additionalProperties'])}")
        else:
            words.append(kind)
    form = f" ({shape.format})" if shape.format else ""
    return " or ".join(words) + form


def _in_full(shape: Shape) -> str:
    """What to call a type beside another one that is called the same."""
    names = sorted(map(str, shape.properties))
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return f"object with {', '.join(map(quoted, names[:_SHOWN]))}{more}"
    return _plain(shape)


def label_of(node: object) -> str:
    """What to call a schema without a look at what it refers to."""
    target = mapping(node).get("$ref")
    if isinstance(target, str):
        return short(schema_key(target)) or "any value"
    words = meaning(node)
    kind = words.get("type")
    if isinstance(kind, list):
        kind = " or ".join(sorted(str(one) for one in kind if one != "null"))
    if kind == "array" and mapping(words.get("items")):
        return f"array of {label_of(words['items'])}"
    if not kind and isinstance(words.get("allOf"), list):
        return " and ".join(label_of(one) for one in words["allOf"])
    return f"{kind or ('object' if 'properties' in words else 'any value')}"


def _widened(kinds: frozenset[str]) -> frozenset[str]:
    """The types with integer as a part of number."""
    return kinds | {"integer"} if "number" in kinds else kinds


def _compare_objects(old: Shape, new: Shape) -> Verdict:
    kept, kept_now = _holds(old), _holds(new)
    if kept == kept_now:
        named = old.parts and new.parts and not set(old.parts) & set(new.parts)
        if not named:
            return Verdict.SAME
        name, name_now = schema_key(old.parts[0]), schema_key(new.parts[0])
        return Verdict.SAME if alike(old, new, name, name_now) else Verdict.CHANGED
    if kept == "anything" and kept_now == "properties":
        return Verdict.SPECIALIZED
    if "anything" in (kept, kept_now):
        return Verdict.SAME  # told by the properties, or by the values of the map
    return Verdict.CHANGED


def _holds(shape: Shape) -> str:
    """What an object holds: what its properties say, the values of a map, or anything."""
    if shape.properties:
        return "properties"
    return "values" if mapping(shape.words.get("additionalProperties")) else "anything"


def _compare_formats(old: Shape, new: Shape) -> Verdict:
    if old.format == new.format:
        return Verdict.SAME
    before, after = (
        shape.format if "string" in shape.kinds and shape.format in _FORMATS else "" for shape in (old, new)
    )
    if before == after:
        return Verdict.COMPATIBLE
    if (before and after) or "binary" in (before, after):  # what is sent for text is no file
        return Verdict.CHANGED
    return Verdict.GENERALIZED if before else Verdict.SPECIALIZED
