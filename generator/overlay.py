"""What one release gets wrong in particular: OpenAPI Overlay 1.0 documents, each action with its evidence."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch

from generator import plain_yaml
from generator.document import METHODS
from generator.errors import GeneratorError
from generator.evidence import owners, record
from generator.release import LeftOut, Release, Source
from generator.repair.rule import withdraw
from generator.swagger.place import shown

_SHOWN = 10  # actions in one message
_JSONPATH = JSONPathEnvironment(strict=True)  # RFC 9535 and nothing beyond it


@frozen
class Action:
    """One correction."""

    target: str
    description: str
    evidence: Any
    update: Any
    remove: bool
    where: str  # the file and the number of the action, for messages

    @property
    def entry(self) -> dict[str, Any]:
        """The action as `x-kubesphere-evidence` has it."""
        return {"by": self.where, "says": self.description, "evidence": self.evidence}


@frozen
class Overlay:
    """One overlay document; `extends` is the path of the published file that it corrects."""

    name: str
    extends: str
    actions: tuple[Action, ...]


def load(release: Release) -> tuple[Overlay, ...]:
    """The overlays of a release, less what it does without.

    Raises:
        GeneratorError: a file is not an overlay, one of its actions has no description or no evidence, or what the
            release does without is not there.
    """
    overlays = tuple(read(path, name=release.overlay_name(path)) for path in release.overlays)
    for one in release.without:
        _check_left_out(one, [overlay.actions for overlay in overlays if overlay.name == one.overlay])
    return tuple(evolve(one, actions=tuple(_kept(one, release.without))) for one in overlays)


def _kept(overlay: Overlay, without: Sequence[LeftOut]) -> Iterator[Action]:
    several = [one for one in without if one.overlay == overlay.name]
    for action in overlay.actions:
        if not any(action.target in one.targets or not one.targets for one in several):
            yield action


def _check_left_out(left_out: LeftOut, actions: Sequence[Sequence[Action]]) -> None:
    said = f"release.toml does without {ascii(left_out.overlay)[1:-1]}"
    if not actions:
        raise GeneratorError(f"{said}, which is none of its overlays.\nName it as messages do, or remove the table.")
    known = {action.target for action in actions[0]}
    for target in left_out.targets:
        if target not in known:
            raise GeneratorError(
                f"{said}, {shown(ascii(target))}, where there is no such action.\n"
                "Write the target as the action has it, or remove it."
            )


def check_extends(overlays: Sequence[Overlay], sources: Sequence[Source]) -> None:
    """Refuse an overlay that corrects a file which the release does not have."""
    known = [source.path for source in sources]
    for overlay in overlays:
        if overlay.extends not in known:
            raise GeneratorError(
                f"{overlay.name} extends {overlay.extends!a}, which is no source of the release.\n"
                f"Write one of {', '.join(known)} in its `extends`."
            )


def apply(document: Mapping[str, Any], overlays: Sequence[Overlay], *, source: Source) -> dict[str, Any]:
    """The document with every action of the overlays for its source.

    Raises:
        GeneratorError: an action matches nothing, or does not fit what it matches.
    """
    working = copy.deepcopy(dict(document))
    lost = []
    for action in actions_for(overlays, source):
        matches = find(working, action)
        if not matches:
            lost.append(action)
        for match in matches:
            act(working, match, action)
    if lost:
        raise GeneratorError(_told(lost))
    return working


def _told(lost: Sequence[Action]) -> str:
    first, *others = lost
    more = "".join(f"; {one.where}" for one in others[:_SHOWN]) + (" …" if len(others) > _SHOWN else "")
    also = f"\n{len(others)} more match nothing: {more.removeprefix('; ')}" if others else ""
    return (
        f"{first.where} matches nothing: {first.target}{also}\n"
        "The published file changed, or an earlier correction did: change or remove the action, or do `without` it in "
        "release.toml."
    )


def actions_for(overlays: Sequence[Overlay], source: Source) -> Iterator[Action]:
    """The actions that correct one source, in the order in which they are applied."""
    for overlay in overlays:
        if overlay.extends == source.path:
            yield from overlay.actions


def find(document: dict[str, Any], action: Action) -> list[JSONPathMatch]:
    """The places that an action's target names, back to front: removing one array element leaves the places before it.

    Raises:
        GeneratorError: the target is not RFC 9535 JSONPath.
    """
    try:
        matches = list(_JSONPATH.finditer(action.target, document))
    except JSONPathError as error:
        raise GeneratorError(
            f"{action.where}: the target {action.target!a} is not RFC 9535 JSONPath: {' '.join(str(error).split())[:200]}."
        ) from None
    return sorted(matches, key=lambda one: [str(part).zfill(9) for part in one.parts], reverse=True)


def act(document: dict[str, Any], match: JSONPathMatch, action: Action) -> None:
    """Carry out an action at one place that its target names.

    Raises:
        GeneratorError: the action does not fit what stands there.
    """
    if action.remove:
        _remove(document, list(match.parts), action)
        return
    _update(match.obj, action)
    for owner in owners(document, match.parts, action.update):
        record(owner, action.entry)


def _remove(document: dict[str, Any], parts: list[Any], action: Action) -> None:
    if not parts:
        raise GeneratorError(f"{action.where} would remove the whole document.\nName a part of it in `target`.")
    if parts[0] == "paths" and len(parts) in (2, 3):
        for method in [parts[2]] if len(parts) == 3 else [one for one in METHODS if one in document["paths"][parts[1]]]:
            record(document["paths"][parts[1]][method], action.entry)
            withdraw(document, method, parts[1], action.description)
        return
    if parts[:2] != ["components", "schemas"] or len(parts) > 3:  # a schema that goes takes its evidence with it
        for owner in owners(document, parts):
            record(owner, action.entry)
    parent: Any = document
    for part in parts[:-1]:
        parent = parent[part]
    del parent[parts[-1]]


def _update(target: Any, action: Action) -> None:
    if isinstance(target, list):
        target.append(copy.deepcopy(action.update))
    elif isinstance(target, dict) and isinstance(action.update, dict):
        _merge(target, action.update, action)
    else:
        raise GeneratorError(
            f"{action.where}: an object is merged into an object, anything into an array; {action.target} is neither.\n"
            "Let the target name the object or array that holds the value."
        )


def _merge(target: dict[str, Any], update: Mapping[str, Any], action: Action) -> None:
    for name, value in update.items():
        present = target.get(name)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value, action)
        elif isinstance(present, list) and isinstance(value, list):
            again = [one for one in value if one in present]
            if again:
                raise GeneratorError(
                    f"{action.where} appends {shown(ascii(again[0]))} to `{name}` of {shown(action.target)}, which holds it already.\n"
                    "An update extends an array: name what is new, or remove the array with an action before this one."
                )
            present.extend(copy.deepcopy(value))
        else:
            target[name] = copy.deepcopy(value)


def read(path: Path, *, name: str) -> Overlay:
    """The overlay in a file, called so in messages.

    Raises:
        GeneratorError: it is none.
    """
    content = plain_yaml.read(path, name=name)
    if not isinstance(content, dict) or content.get("overlay") != "1.0.0":
        raise GeneratorError(f"{name} is not an OpenAPI Overlay 1.0 document.\nIt begins with `overlay: 1.0.0`.")
    actions = content.get("actions")
    if not isinstance(content.get("extends"), str) or not isinstance(actions, list) or not actions:
        raise GeneratorError(f"{name} needs `extends`, the path of the published file, and a list of `actions`.")
    return Overlay(
        name=name,
        extends=content["extends"],
        actions=tuple(_action(one, f"{name}, action {number}") for number, one in enumerate(actions, start=1)),
    )


def _action(node: Any, where: str) -> Action:
    if not isinstance(node, dict) or not isinstance(node.get("target"), str):
        raise GeneratorError(f"{where} has no `target`, the JSONPath of what it corrects.")
    for member in ("description", "x-evidence"):
        if not node.get(member):
            raise GeneratorError(f"{where} has no `{member}`.\nSay what is wrong and how it is known.")
    if ("update" in node) == (node.get("remove") is True):
        raise GeneratorError(f"{where} needs either `update` or `remove: true`.")
    return Action(
        target=node["target"],
        description=" ".join(str(node["description"]).split()),
        evidence=node["x-evidence"],
        update=node.get("update"),
        remove=node.get("remove") is True,
        where=where,
    )
