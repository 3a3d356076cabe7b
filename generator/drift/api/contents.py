"""Compares bodies and answers: whether there are any, their statuses, headers, media types and schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from generator.document import primary_media
from generator.drift.api import types
from generator.drift.api.document import UNKNOWN, Operation, Part, mapping
from generator.drift.api.ledger import Ledger, Owner, Spot, quoted
from generator.drift.api.schemas import Schemas


def compare_bodies(old: Operation, new: Operation, schemas: Schemas, ledger: Ledger) -> None:
    """The body of a request."""
    has, has_now = "requestBody" in old.node, "requestBody" in new.node
    if schemas.unchanged.same(old.node.get("requestBody"), new.node.get("requestBody")) and has is has_now:
        return
    owner = ledger.operation(new)
    before = schemas.old.part(old.node.get("requestBody"))
    after = schemas.new.part(new.node.get("requestBody"))
    must, must_now = before.node.get("required") is True, after.node.get("required") is True
    spot = _spot(owner, "request", "body")
    if not has and has_now:
        need = "required" if must_now else "optional"
        spot.write_check(f"request-body-added-{need}", f"the {need} body was added", None, sorted(_content(after)))
    elif has and not has_now:
        spot.write_check("request-body-removed", "the body was removed", sorted(_content(before)), None)
    if not (has and has_now):
        return
    owner = _owned(owner, before, after, ledger)
    spot = _spot(owner, "request", "body")
    if must_now and not must:
        spot.write_check("request-body-became-required", "the body is required now", False, True)
    elif must and not must_now:
        spot.write_check("request-body-became-optional", "the body is optional now", True, False)
    _compare_contents(before, after, "request", "body", owner, schemas, [])


def compare_responses(old: Operation, new: Operation, schemas: Schemas, ledger: Ledger) -> None:
    """The answers, by their statuses."""
    before, after = (
        {str(status): one for status, one in mapping(of.node.get("responses")).items()} for of in (old, new)
    )
    owner = ledger.operation(new)
    compared: list[tuple[Any, Any]] = []
    for status in sorted(before.keys() | after.keys()):
        if status in before and status in after:
            if not schemas.unchanged.same(before[status], after[status]):
                part, part_now = schemas.old.part(before[status]), schemas.new.part(after[status])
                shared = _owned(owner, part, part_now, ledger)
                where = "" if shared is not owner else status
                _compare_headers(part, part_now, where, shared, schemas)
                _compare_contents(part, part_now, "response", where, shared, schemas, compared)
            continue
        kind = "success" if _is_success(status, after if status in after else before) else "non-success"
        spot = _spot(owner, "response", status)
        if status not in after:
            text = f"the answer with the status {status} was removed"
            spot.write_check(f"response-{kind}-status-removed", text, status, None)
        else:
            text = f"an answer with the status {status} was added"
            spot.write_check(f"response-{kind}-status-added", text, None, status)


def _owned(owner: Owner, old: Part, new: Part, ledger: Ledger) -> Owner:
    """Whose a change is: the operation's, or that of the component that the part stands in, in both states."""
    if not old.shared or old.shared != new.shared:
        return owner
    shared, _ = ledger.shared(new.shared)
    shared.users.add(owner)
    return shared


def _compare_contents(
    old: Part,
    new: Part,
    direction: str,
    where: str,
    owner: Owner,
    schemas: Schemas,
    compared: list[tuple[Any, Any]],
) -> None:
    """Compare by media types; what an operation says twice, as YAML or for another status too, is compared once."""
    before, after = _content(old), _content(new)
    if before.keys() != after.keys():
        _compare_media(before, after, _spot(owner, direction, where))
    shared = dict.fromkeys(sorted(before.keys() & after.keys()))
    first = primary_media(shared)
    for media in sorted(shared, key=lambda one: (one != first, one)):
        schema, schema_now = before[media], after[media]
        if (schema, schema_now) in compared:
            continue
        compared.append((schema, schema_now))
        inner = where if media == first else f"{where} {media}".strip()
        schemas.compare(schema, schema_now, _spot(owner, direction, inner, "body"))


def _compare_media(before: Mapping[str, Any], after: Mapping[str, Any], spot: Spot) -> None:
    name = "request-body-media-type" if spot.direction == "request" else "response-media-type"
    for media in sorted(before.keys() - after.keys()):
        spot.write_check(f"{name}-removed", f"the media type {quoted(media)} was removed", media, None)
    for media in sorted(after.keys() - before.keys()):
        spot.write_check(f"{name}-added", f"the media type {quoted(media)} was added", None, media)


def _compare_headers(old: Part, new: Part, where: str, owner: Owner, schemas: Schemas) -> None:
    before, after = (
        {str(name).lower(): document.part(value) for name, value in mapping(part.node.get("headers")).items()}
        for document, part in ((schemas.old, old), (schemas.new, new))
    )
    for name in sorted(before.keys() | after.keys()):
        spot = _spot(owner, "response", f"{where} header:{name}".strip(), "header")
        if name not in after:
            need = "required" if _is_sent(before[name]) else "optional"
            spot.write_check(f"{need}-response-header-removed", "the header was removed", name, None)
        elif name not in before:
            spot.write_check("response-header-added", "the header was added", None, name)
        else:
            if _is_sent(before[name]) and not _is_sent(after[name]):
                spot.write_check("response-header-became-optional", "the header is no longer always sent", True, False)
            one, other = (
                shapes.shape(part.node.get("schema", UNKNOWN))
                for shapes, part in ((schemas.before, before[name]), (schemas.after, after[name]))
            )
            verdict = types.compare(one, other)
            if verdict not in (types.Verdict.SAME, types.Verdict.COMPATIBLE):
                types.write(verdict, one, other, spot)


def _content(part: Part) -> Mapping[str, Any]:
    """The schemas by media type; what follows a `;` is no other type."""
    found: dict[str, Any] = {}
    for media, value in mapping(part.node.get("content")).items():
        found.setdefault(_essence(str(media)), mapping(value).get("schema", UNKNOWN))
    return found


@cache
def _essence(media: str) -> str:
    return media.partition(";")[0].strip().lower()


def _spot(owner: Owner, direction: str, where: str, site: str = "") -> Spot:
    """A spot in an operation or a shared part; what is inside of it is told after a space."""
    if site == "header":
        return Spot(owner, direction, site, where, f" {where.replace(':', ' ')}")
    start = f"{where} " if where else ""
    return Spot(owner, direction, site or "body", start, f" {start}" if start else " ")


def _is_success(status: str, responses: Iterable[str]) -> bool:
    """Whether a status says that all went well; `default` does where no other does."""
    if status == "default":
        return not any(_is_success(one, responses) for one in responses if one != "default")
    return status[:1] in ("1", "2", "3")


def _is_sent(part: Part) -> bool:
    return part.node.get("required") is True
