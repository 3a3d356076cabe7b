"""What sorting comes to: the sorts, and the calls that show that an exchange is of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from tests.contract.exchange import Exchange
from tests.contract.routes import Template, has_steps

STEPS = "a path with steps, which lead to another address"
_BEARER = re.compile(r"Bearer ([\x21-\x7e]+)")


class Sort(StrEnum):
    """What an exchange can be: it is exactly one of these."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNTYPED = "untyped"
    REFUSED = "refused"
    NO_OPERATION = "no such operation"
    INCOMPLETE = "incomplete"


@frozen
class TypedCall:
    """A call of a method of the client.

    Attributes:
        method: such as "iam.v1alpha2.list_users".
        arguments: by their Python names.
        token: what the client is made with; None for an anonymous one.
        media: what the body can be sent as if the client would not choose it, by the keyword `content_type`.
        watch: whether the result is a watch.
        template: the operation.
        cluster: the member cluster that the call is made on.
    """

    method: str
    arguments: Mapping[str, Any] = field(repr=False)
    template: Template
    token: str | None
    media: str | None = None
    watch: bool = False
    cluster: str | None = None


@frozen
class PlainCall:
    """A call of the client's `request()`."""

    token: str | None
    headers: Mapping[str, str]
    content_type: str | None
    chunked: bool


@frozen
class Plan:
    """What an exchange is if all goes as it was recorded, and the call that shows it.

    Attributes:
        call: None where nothing can be called.
        compares_request: False where only the answer counts.
    """

    sort: Sort
    reason: str
    call: TypedCall | PlainCall | None
    compares_request: bool = True


def plain_plan(exchange: Exchange, sort: Sort, reason: str) -> Plan:
    """The plan to make an exchange with `request()`, with all the headers that it has."""
    if has_steps(exchange.path):
        sort, reason = Sort.REFUSED, STEPS
    elif any(not value.isascii() or not value.isprintable() for _, value in exchange.headers):
        sort, reason = Sort.REFUSED, "a header that is not plain ASCII text"
    token = token_of(exchange)
    chunked = "chunked" in exchange.header("transfer-encoding").lower()
    left_out = {"content-length", "host", *(["transfer-encoding"] if chunked else [])}
    left_out |= {"authorization"} if token is not None else set()
    left_out |= {"content-type"} if exchange.body else set()
    headers: dict[str, str] = {}
    for name, value in exchange.headers:
        if name not in left_out:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    content_type = exchange.header("content-type") or None if exchange.body else None
    return Plan(sort, reason, PlainCall(token, headers, content_type, chunked))


def token_of(exchange: Exchange) -> str | None:
    """The bearer token; None where there is none, or credentials of another kind."""
    match = _BEARER.fullmatch(exchange.header("authorization"))
    return None if match is None else match[1]
