"""Compares the parameters of an operation: which there are, where they stand, and what they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.drift.api import types
from generator.drift.api.document import UNKNOWN, Operation, Part, mapping
from generator.drift.api.ledger import Ledger, Owner, Spot, quoted
from generator.drift.api.renames import renamed
from generator.drift.api.schemas import Schemas
from generator.drift.api.shapes import Shapes

_Key = tuple[str, str]  # (in, name)
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def compare_parameters(old: Operation, new: Operation, schemas: Schemas, ledger: Ledger) -> None:
    lists = [(one.inherited, one.node.get("parameters"), one.variables) for one in (old, new)]
    if schemas.unchanged.same(*lists):
        return
    before, after = schemas.old.parameters(old), schemas.new.parameters(new)
    owner = ledger.operation(new)
    names = _variables(old, new, before, after)
    for one, other in sorted(names.items()):
        _compare_variable_names(one, other, owner)
        if one != other or not schemas.unchanged.same(before[one].node, after[other].node):
            _compare(one, other, before[one], after[other], _owned(owner, before[one], after[other], ledger), schemas)
    known = set(names.values())
    gone = {f"{where}:{name}": (where, name) for where, name in before if (where, name) not in names}
    come = {f"{where}:{name}": (where, name) for where, name in after if (where, name) not in known}

    def may_be(key: str, key_now: str) -> bool:
        return _renamed(gone[key], come[key_now], before, after, schemas)

    def moved(key: str, key_now: str) -> bool:
        return gone[key][1].lower() == come[key_now][1].lower()

    for test, check in ((moved, "request-parameter-location-changed"), (may_be, "request-parameter-renamed")):
        for one_name, other_name in renamed(gone, come, test).items():
            _write_moved(check, gone.pop(one_name), come.pop(other_name), before, after, owner, schemas)
    for key in sorted(gone.values()):
        _spot(owner, key).write_check(
            "request-parameter-removed", f"the {_title(key)} was removed", _summary(before[key])
        )
    for key in sorted(come.values()):
        need = "required" if _required(key, after[key].node) else "optional"
        text = f"the {need} {_title(key)} was added"
        _spot(owner, key).write_check(f"new-{need}-request-parameter", text, None, _summary(after[key]))


def _variables(
    old: Operation, new: Operation, before: Mapping[_Key, Part], after: Mapping[_Key, Part]
) -> dict[_Key, _Key]:
    """What the parameters that are kept are called now: the variables of a path are the same by their places in it."""
    found = {key: key for key in before if key in after}
    if len(old.variables) == len(new.variables):
        in_place = {("path", one): ("path", other) for one, other in zip(old.variables, new.variables, strict=True)}
        found |= {key: other for key, other in in_place.items() if key in before and other in after}
    return found


def _compare_variable_names(one: _Key, other: _Key, owner: Owner) -> None:
    if one != other:
        text = f"the variable {quoted(one[1])} of the path is called {quoted(other[1])} now"
        _spot(owner, other).write_check("request-path-parameter-renamed", text, one[1], other[1])


def _renamed(one: _Key, other: _Key, before: Mapping[_Key, Part], after: Mapping[_Key, Part], schemas: Schemas) -> bool:
    old, new = before[one].node, after[other].node
    if one[0] != other[0] or _required(one, old) is not _required(other, new):
        return False
    if schemas.may_be(one[1], other[1], _schema(old), _schema(new)):
        return True
    return types.described_alike(old, new) and schemas.same(_schema(old), _schema(new))


def _write_moved(
    check: str,
    one: _Key,
    other: _Key,
    before: Mapping[_Key, Part],
    after: Mapping[_Key, Part],
    owner: Owner,
    schemas: Schemas,
) -> None:
    text = f"the {_title(one)} is called {quoted(other[1])} now"
    if check == "request-parameter-location-changed":
        text = f"the parameter moved from the {one[0]} to the {other[0]}"
    _spot(owner, other).write_check(check, text, ":".join(one), ":".join(other))
    _compare(one, other, before[one], after[other], owner, schemas)


def _owned(owner: Owner, old: Part, new: Part, ledger: Ledger) -> Owner:
    """Whose a change of a parameter is: the operation's, or that of the component that the parameter stands in."""
    if not old.shared or not new.shared or old.shared.rpartition("/")[0] != new.shared.rpartition("/")[0]:
        return owner
    shared, _ = ledger.shared(new.shared, old.shared)
    shared.users.add(owner)
    return shared


def _compare(one: _Key, other: _Key, old: Part, new: Part, owner: Owner, schemas: Schemas) -> None:
    node, node_now = old.node, new.node
    spot = _spot(owner, other)
    must, must_now = _required(one, node), _required(other, node_now)
    if "path" in (one[0], other[0]):
        must = must_now  # a variable of a path is always required; that it moved is told already
    if must_now and not must:
        spot.write_check("request-parameter-became-required", "the parameter is required now", False, True)
    elif must and not must_now:
        spot.write_check("request-parameter-became-optional", "the parameter is optional now", True, False)
    if (node.get("deprecated") is True) is not (node_now.get("deprecated") is True):
        if node_now.get("deprecated") is True:
            spot.write_check("request-parameter-deprecated", "it was deprecated", False, True)
        else:
            spot.write_check("request-parameter-reactivated", "it is no longer deprecated", True, False)
    style, style_now = _serialization(one[0], node), _serialization(one[0], node_now)
    if (
        style != style_now
        and one[0] == other[0]
        and _is_long(node, schemas.before)
        and _is_long(node_now, schemas.after)
    ):
        text = f"it is written as {style_now}, not as {style}"
        spot.write_check("request-parameter-serialization-changed", text, style, style_now)
    schemas.compare(_schema(node), _schema(node_now), spot)


def _spot(owner: Owner, key: _Key) -> Spot:
    return Spot(owner, "request", "parameter", ":".join(key), f" {' '.join(key)}")


def _title(key: _Key) -> str:
    return f"{key[0]} parameter {quoted(key[1])}"


def _required(key: _Key, node: Mapping[str, Any]) -> bool:
    return key[0] == "path" or node.get("required") is True


def _schema(node: Mapping[str, Any]) -> Any:
    """The schema of a parameter, which may also stand in its content."""
    content = mapping(node.get("content"))
    return node["schema"] if "schema" in node else mapping(next(iter(content.values()), UNKNOWN)).get("schema", UNKNOWN)


def _summary(part: Part) -> str:
    return types.label_of(_schema(part.node))


def _serialization(where: str, node: Mapping[str, Any]) -> str:
    style = node.get("style") if isinstance(node.get("style"), str) else _STYLES.get(where, "form")
    explode = node["explode"] if isinstance(node.get("explode"), bool) else style == "form"
    return f"{style}, {'exploded' if explode else 'not exploded'}"


def _is_long(node: Mapping[str, Any], shapes: Shapes) -> bool:
    """Whether a value has parts: only then it matters how these are joined."""
    return bool(shapes.shape(_schema(node)).kinds & {"array", "object"})
