"""What the comparison writes down, and the findings that come of it: each change once, with all operations it touches."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from generator.drift.api.checks import CHECKS, Check
from generator.drift.api.document import Operation, schema_key, unescaped
from generator.drift.finding import Finding
from generator.errors import GeneratorError
from generator.naming.placement import place as client_place

_LIMIT = 200  # characters of a value in a sentence
_SINGULAR = {"requestBodies": "requestBody"}
_BY_GROUP = re.compile(r"/(kapis|apis)/([A-Za-z0-9-]+)[A-Za-z0-9.-]*/(v[0-9]+(?:(?:alpha|beta)[0-9]+)?)(?:/|\Z)")


@frozen
class Change:
    """One change, told by the check with {} where the site of a shared schema is not known yet."""

    check: str
    where: str  # inside its owner; "" for the owner itself
    shown: str  # the same for a person
    text: str
    before: Any
    after: Any


@define(eq=False)
class Owner:
    """What changes are written down for: an operation, a part that operations share, or the document itself."""

    place: str
    subject: str
    operation: Operation | None = None
    changes: list[Change] = field(factory=list)
    users: set[Owner] = field(factory=set)  # who refers to it
    sites: set[str] = field(factory=set)  # as what they do: "parameter", "body", "property", or "" for what they are

    def site(self) -> str:
        """As what a shared schema is used: as the least special of all that refer to it."""
        sites = set(self.sites)
        if "" in sites:
            sites |= {site for user in _and_users(self, lambda owner: "" in owner.sites) for site in user.sites}
        return next((site for site in ("property", "body", "parameter") if site in sites), "property")


@frozen
class Spot:
    """Where a schema stands: whose it is, which way it travels, as what, and how to get there."""

    owner: Owner
    direction: str  # "request" or "response"
    site: str  # "parameter", "body", "property", "header", or "" for a shared schema itself
    where: str = ""
    shown: str = ""

    def property(self, name: str) -> Spot:
        return self._inside(
            name if not self.where or self.where.endswith(" ") else f".{name}",
            name if self.shown.endswith(" ") else f".{name}",
        )

    def items(self) -> Spot:
        return self._inside("[]", "[]", "parameter" if self.site == "parameter" else "property")

    def values(self) -> Spot:
        return self._inside("{}", "{}")

    def position(self, index: int) -> Spot:
        return self._inside(f"[{index}]", f"[{index}]")

    def variant(self, name: str) -> Spot:
        return self._inside(f"<{name}>", f"<{name}>")

    def _inside(self, where: str, shown: str, site: str = "property") -> Spot:
        return Spot(self.owner, self.direction, site, self.where + where, self.shown + shown)

    def write(self, facet: str, text: str, before: Any = None, after: Any = None) -> None:
        """Write down a change whose check is called after the direction and the site."""
        self.write_check(f"{self.direction}-{self.site or '{}'}-{facet}", text, before, after)

    def write_check(self, check: str, text: str, before: Any = None, after: Any = None) -> None:
        self.owner.changes.append(Change(check, self.where.rstrip(), self.shown.rstrip(), text, before, after))


@define(eq=False)
class Ledger:
    """All owners of a comparison."""

    _operations: dict[Operation, Owner] = field(factory=dict, init=False)
    _shared: dict[tuple[str, ...], Owner] = field(factory=dict, init=False)

    def operation(self, operation: Operation) -> Owner:
        if operation not in self._operations:
            self._operations[operation] = Owner(operation.name, operation.name, operation)
        return self._operations[operation]

    def shared(self, pointer: str, *key: str) -> tuple[Owner, bool]:
        """The owner of a component, told apart by the key, and whether it is a new one."""
        known = self._shared.get((pointer, *key))
        if known is not None:
            return known, False
        owner = self._shared[(pointer, *key)] = Owner(*_titles(pointer))
        return owner, True

    def document(self, part: str, operations: Iterable[Operation]) -> Owner:
        """The owner of what the document says for some operations."""
        owner = self._shared[(part,)] = Owner(part, f"The API's {part}")
        owner.users.update(map(self.operation, operations))
        return owner

    def findings(self) -> tuple[Finding, ...]:
        found: dict[tuple[str, ...], Finding] = {}
        groups: dict[str, str] = {}
        for owner in (*self._operations.values(), *self._shared.values()):
            if owner.changes:
                for finding in _findings(owner, groups):
                    key = (finding.check, finding.place, repr(finding.before), repr(finding.after))
                    found[key] = _joined(found[key], finding) if key in found else finding
        return tuple(sorted(found.values(), key=lambda finding: finding.order))

    def is_clean(self) -> bool:
        return not any(owner.changes for owner in (*self._operations.values(), *self._shared.values()))


def quoted(value: Any) -> str:
    """A value of the document in a sentence."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return text if len(text) <= _LIMIT else text[: _LIMIT - 3] + "..."


def group_of(operation: Operation) -> str:
    """The part of the client that an operation belongs to; "" where none can be told."""
    if operation.call:
        return operation.call.rpartition(".")[0]
    try:
        return client_place(operation.path).attribute
    except GeneratorError:
        match = _BY_GROUP.match(operation.path)
        return f"{'crd.' if match[1] == 'apis' else ''}{match[2]}.{match[3]}" if match else ""


def _titles(pointer: str) -> tuple[str, str]:
    """The place and the subject of a component."""
    front, _, name = pointer.rpartition("/")
    key = schema_key(pointer)
    if key:
        return f"schema {key}", key.rpartition(".")[2]
    kind = front.rpartition("/")[2]
    title = f"{_SINGULAR.get(kind, kind.removesuffix('s'))} {unescaped(name)}"
    return title, title


def _and_users(owner: Owner, goes_on: Callable[[Owner], bool] = lambda owner: True) -> set[Owner]:
    """An owner, and all who refer to it, directly or through others."""
    seen, waiting = {owner}, [owner]
    while waiting:
        one = waiting.pop()
        if goes_on(one):
            waiting += one.users - seen
            seen |= one.users
    return seen


def _joined(one: Finding, other: Finding) -> Finding:
    """The same change, met by the operations of both: two components became one."""
    return evolve(
        one,
        group=one.group if one.group == other.group else "shared",
        operations=tuple(sorted({*one.operations, *other.operations})),
        calls=tuple(sorted({*one.calls, *other.calls})),
    )


def _findings(owner: Owner, known: dict[str, str]) -> Iterator[Finding]:
    """The findings of an owner; the groups of calls and paths that are known already need not be found again."""
    operations = [one.operation for one in _and_users(owner) if one.operation is not None]
    called = [(operation, operation.call) for operation in operations]
    groups = set()
    for operation, call in called:
        key = call or operation.path
        if key not in known:
            known[key] = group_of(operation)
        groups.add(known[key])
    names = tuple(sorted({operation.name for operation in operations}))
    calls = tuple(sorted({call for _, call in called if call}))
    for change in owner.changes:
        check = _check(owner, change)
        yield Finding(
            check=check.id,
            level=check.level,
            place=f"{owner.place} {change.where}" if change.where else owner.place,
            subject=owner.subject + change.shown,
            text=change.text,
            group=next(iter(groups)) if len(groups) == 1 else "shared" if groups else "",
            operations=names,
            calls=calls,
            before=change.before,
            after=change.after,
        )


def _check(owner: Owner, change: Change) -> Check:
    """The check of a change; what a parameter is made of is judged as what a body is made of."""
    check = change.check.replace("{}", owner.site()) if "{}" in change.check else change.check
    return CHECKS.get(check) or CHECKS[check.replace("request-parameter-", "request-property-", 1)]
