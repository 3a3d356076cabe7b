"""Our corrections under drift: which go on, which upstream made itself, which have lost what they correct."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen
from jsonpath import JSONPathMatch

from generator import overlay
from generator.document import METHODS, PUBLISHED, REPAIRS
from generator.drift.drift import CorrectionChange, Standing
from generator.drift.places import Parts, is_there, named, owner, some
from generator.errors import GeneratorError
from generator.overlay import Action, Overlay
from generator.release import Source

_ANNOTATIONS = frozenset(("description", "summary", "tags", "operationId", "example", "title"))
_SETS = frozenset(("required", "enum"))  # lists whose order says nothing; the tools write them in any
# Where one of these is written, the rest of the object says what was wrong.
_SCHEMA_WORDS = frozenset(("$ref", "type", "items", "properties", "additionalProperties", "allOf", "anyOf", "oneOf"))
# The keys of these members are names that somebody chose.
_NAMED = frozenset(("properties", "schemas", "paths", "responses", "content", "mapping", "securitySchemes"))


@frozen
class Trace:
    """What one action did to one state of a source."""

    action: Action
    places: Mapping[Parts, Any]  # what stood at each place that the target names, as far as the action is about it
    changes: bool  # whether the document says something else after it
    clashes: tuple[str, ...]  # parameters that it adds and the file has itself, with other words
    agrees: frozenset[Parts] = frozenset()  # the places that say all of it themselves
    repeats: bool = False  # whether it adds to a list what is there already
    refusal: str = ""  # why it could not be carried out; "" if it could

    @property
    def fits(self) -> bool:
        """Whether it can be carried out to the letter, as `overlay.apply` does."""
        return bool(self.places) and not self.repeats and not self.clashes and not self.refusal


def follow(
    document: Mapping[str, Any], overlays: Sequence[Overlay], *, source: Source
) -> tuple[dict[str, Any], tuple[Trace, ...]]:
    """The document with every action for its source that fits it, and what each one did.

    Unlike `overlay.apply`, what matches nothing or does not fit is left out and told.
    """
    working = copy.deepcopy(dict(document))
    return working, tuple(_trace(working, action) for action in overlay.actions_for(overlays, source))


def compare(
    source: Source,
    old: tuple[Mapping[str, Any], Sequence[Trace]],
    new: tuple[Mapping[str, Any], Sequence[Trace]],
) -> tuple[CorrectionChange, ...]:
    """How each action for one source stands; `old` and `new` are what `follow` gave for the two states."""
    changes = []
    for before, after in zip(old[1], new[1], strict=True):
        standing, reason = _standing(before, after, new[0])
        action = after.action
        where, text = action.where, action.description
        changes.append(CorrectionChange(where, source.name, standing, text, action.target, reason, fits=after.fits))
    return tuple(changes)


def compare_rules(source: Source, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[CorrectionChange, ...]:
    """How each rule stands that mended something in one of the two repaired states."""
    before, after = ({one["rule"]: one for one in document[REPAIRS]} for document in (old, new))
    changes = []
    for name, rule in after.items():
        was, now = before[name]["places"], rule["places"]
        if not was and not now:
            continue
        standing = Standing.APPLIES if now else Standing.FIXED_UPSTREAM
        reason = f"it mends {now} places" if was == now else f"it mends {now} places, {was} before"
        changes.append(CorrectionChange(f"rule {name}", source.name, standing, rule["title"], "", reason))
    return tuple(changes)


def _trace(document: dict[str, Any], action: Action) -> Trace:
    matches = overlay.find(document, action)
    places = {parts: value for one in reversed(matches) for parts, value in _footprints(one, action)}
    changes, repeats, clashes = False, False, []
    agrees = frozenset(place for one in matches for place in _agreeing(one, action))
    try:
        for match in matches:
            if action.remove:
                changes = True
                overlay.act(document, match, action)
                continue
            _clear(document, match, action)
            rest, same_name = _without_present(match.obj, action.update)
            clashes += same_name
            repeats = repeats or (rest != action.update and not same_name)
            if rest is not _NOTHING and not _holds(match.obj, rest):
                changes = changes or not agrees.issuperset(_places(match, action))
                overlay.act(document, match, evolve(action, update=rest))
    except GeneratorError as error:
        return Trace(action, places, changes, tuple(clashes), agrees, repeats, refusal=str(error).splitlines()[0])
    return Trace(action, places, changes, tuple(clashes), agrees, repeats)


def _standing(old: Trace, new: Trace, document: Mapping[str, Any]) -> tuple[Standing, str]:
    """How an action stands, and why; `document` is the new state with all actions that fit it."""
    if new.refusal:
        return Standing.LOOK_AGAIN, new.refusal
    if not new.places:
        return _lost(old, document)
    if not new.changes and old.changes and not new.clashes:
        return Standing.FIXED_UPSTREAM, "the new file says the same itself"
    itself = [
        parts
        for parts, value in new.places.items()
        if value is not None and old.places.get(parts, 0) is None and parts not in new.agrees
    ]
    if itself:
        return Standing.LOOK_AGAIN, f"the new file has it itself and says something else, at {named(itself)}"
    if new.clashes and new.clashes != old.clashes:
        names = ", ".join(sorted(set(new.clashes)))
        return Standing.LOOK_AGAIN, f"the new file has {names} itself and says something else of it"
    changed = [parts for parts, value in new.places.items() if parts in old.places and old.places[parts] != value]
    dropped = [parts for parts in changed if new.places[parts] is None]
    if dropped:
        return Standing.LOOK_AGAIN, f"the new file no longer has itself what it corrects, at {named(dropped)}"
    if changed:
        return Standing.LOOK_AGAIN, f"what it corrects says something else now, at {named(changed)}"
    added = [parts for parts in new.places if parts not in old.places]
    if added and not old.places:
        return Standing.WIDER, f"it matches only now, at {named(added)}"
    if added:
        return Standing.WIDER, f"it matches more than before: {named(added)}"
    gone = [parts for parts in old.places if parts not in new.places]
    if gone:
        return Standing.APPLIES, f"it matches fewer places than before, without {named(gone)}"
    return Standing.APPLIES, "what it corrects is unchanged"


def _lost(old: Trace, document: Mapping[str, Any]) -> tuple[Standing, str]:
    if not old.places:
        return Standing.MATCHES_NOTHING, "neither file has what it corrects"
    gone = sorted({one for one in map(owner, old.places) if not is_there(document, one)})
    if old.action.remove and all(parts in gone or owner(parts) not in gone for parts in old.places):
        return Standing.FIXED_UPSTREAM, "what it removes is no longer in the file"
    if gone:
        return Standing.GONE, f"{some(gone)} {'is' if len(gone) == 1 else 'are'} no longer in the file"
    return Standing.GONE, f"its target is no longer there, at {named(list(old.places))}"


class _Nothing:
    """Stands for an update of which nothing is left."""


_NOTHING = _Nothing()


def _without_present(target: Any, update: Any) -> tuple[Any, list[str]]:
    """An update without what its lists would add a second time, and the parameters that are there with other words.

    Those are taken out of the target, so that what we know of them takes their place.
    """
    if isinstance(target, list):
        if update in target:
            return _NOTHING, []
        clash = _same_parameter(update, target)
        if clash is not None:
            target.remove(clash)
        return update, [f"the {clash['in']} parameter {clash['name']}"] if clash else []
    if not isinstance(target, dict) or not isinstance(update, dict):
        return update, []
    rest, clashes = {}, []
    for name, value in update.items():
        present = target.get(name)
        if isinstance(present, list) and isinstance(value, list):
            found = [(one, _without_present(present, one)) for one in value]
            clashes += [clash for _, (_, several) in found for clash in several]
            value = [one for one, (kept, _) in found if kept is not _NOTHING]
        elif isinstance(present, dict):
            value, several = _without_present(present, value)
            clashes += several
        rest[name] = value
    return rest, clashes


def _same_parameter(parameter: Any, present: list[Any]) -> dict[str, Any] | None:
    if not isinstance(parameter, dict) or "in" not in parameter:
        return None
    for one in present:
        if isinstance(one, dict) and (one.get("name"), one.get("in")) == (parameter.get("name"), parameter["in"]):
            return one
    return None


def _clear(document: dict[str, Any], match: JSONPathMatch, action: Action) -> None:
    """Take out what a state says itself of the whole operations and schemas that an action adds: ours takes its place.

    Two descriptions of one would else be mixed. Where an operation was published stays with it.
    """
    for names in _members(tuple(match.parts), action.update):
        parts: Parts = (*match.parts, *names)
        if not names or (parts[0] == "paths" and "responses" not in _at(action.update, names)):
            continue
        theirs = _at(document, parts, missing={})
        for word in [one for one in theirs if one != PUBLISHED]:
            del theirs[word]


def _at(node: Any, steps: Parts, missing: Any = None) -> Any:
    for step in steps:
        if step not in node:
            return missing
        node = node[step]
    return node


def _holds(present: Any, update: Any) -> bool:
    """Whether a value says already all that an update says."""
    if isinstance(present, dict) and isinstance(update, dict):
        return all(name in present and _holds(present[name], value) for name, value in update.items())
    if isinstance(present, list) and isinstance(update, list):
        return all(one in present for one in update)
    return bool(present == update)


def _footprints(match: JSONPathMatch, action: Action) -> Iterator[tuple[Parts, Any]]:
    """What an action is about at a place: all of it where it is removed, else what is overwritten; None for what is new.

    An update of all paths or all schemas is about each operation or schema that it names.
    """
    parts = tuple(match.parts)
    if action.remove:
        yield parts, _plain(match.obj)
        return
    for names in _members(parts, action.update):
        present: Any = match.obj
        update: Any = action.update
        for name in names:
            present, update = (present or {}).get(name), update[name]
        yield (*parts, *names), _overlap(present, update, named=bool(parts) and parts[-1] in _NAMED and not names)


def _agreeing(match: JSONPathMatch, action: Action) -> Iterator[Parts]:
    """The places that an update is about and that hold all of it already."""
    if action.remove:
        return
    for names in _members(tuple(match.parts), action.update):
        if names and _holds(_at(match.obj, names), _at(action.update, names)):
            yield (*match.parts, *names)


def _places(match: JSONPathMatch, action: Action) -> set[Parts]:
    return {(*match.parts, *names) for names in _members(tuple(match.parts), action.update)}


def _members(parts: Parts, update: Any) -> list[Parts]:
    """The operations or schemas that an update of their container names, as the steps to them; else the one empty step."""
    if not isinstance(update, dict):
        return [()]
    if parts == ("paths",):
        return [(path, *steps) for path, item in update.items() for steps in _members(("paths", path), item)]
    if len(parts) == 2 and parts[0] == "paths" and any(name in METHODS for name in update):
        return [(name,) for name in update]
    if parts == ("components", "schemas"):
        return [(name,) for name in update]
    return [()]


def _overlap(present: Any, update: Any, *, named: bool) -> Any:
    if isinstance(present, dict) and isinstance(update, dict):
        if not named and _SCHEMA_WORDS & update.keys():
            return _plain(present)
        return {
            name: _overlap(present.get(name), value, named=name in _NAMED)
            for name, value in update.items()
            if name not in _ANNOTATIONS or named
        }
    if isinstance(present, list):
        return None  # a list is only added to
    return _plain(present)


def _plain(node: Any) -> Any:
    """A part of a document without what only people read."""
    if isinstance(node, dict):
        return {
            name: sorted(value, key=repr) if name in _SETS and isinstance(value, list) else _plain(value)
            for name, value in node.items()
            if not name.startswith("x-") and not (name in _ANNOTATIONS and isinstance(value, str | list))
        }
    if isinstance(node, list):
        return [_plain(one) for one in node]
    return node
