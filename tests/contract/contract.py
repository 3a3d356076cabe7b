"""The run: every exchange is sorted, driven with both clients and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

import kubesphere_client as client
from generator.document import primary_media
from generator.typing_rules import media_kind
from tests.contract.answers import described, plain_differences, typed_differences, watch_differences
from tests.contract.differences import Difference
from tests.contract.driving import Driver, Outcome
from tests.contract.exchange import Exchange
from tests.contract.methods import Methods
from tests.contract.plans import PlainCall, Plan, Sort, TypedCall
from tests.contract.replay import Replay
from tests.contract.requests import request_differences
from tests.contract.routes import Routes, Template
from tests.contract.sorting import Sorter

_MISSING_ARGUMENT = re.compile(r"missing \d+ required (positional|keyword-only) argument")


@frozen
class Verdict:
    """What an exchange is.

    Attributes:
        reason: why it is of that sort.
        operation: the operation that covers it, or "".
        differences: each with the client that it was found with.
    """

    exchange: Exchange
    sort: Sort
    reason: str
    operation: str = ""
    differences: tuple[tuple[str, Difference], ...] = ()


def judged(exchanges: Sequence[Exchange], document: Mapping[str, Any]) -> list[Verdict]:
    """The verdict on each exchange, in their order.

    Args:
        document: the OpenAPI document that the client was made from.
    """
    with Replay() as replay, Driver(replay) as driver:
        sorter = Sorter(Routes(document), Methods(driver.client("sync", None)))
        return [_verdict(exchange, sorter.sort(exchange), driver) for exchange in exchanges]


def _verdict(exchange: Exchange, plan: Plan, driver: Driver) -> Verdict:
    operation = plan.call.template.identifier if isinstance(plan.call, TypedCall) else ""
    if plan.call is None:
        return Verdict(exchange, plan.sort, plan.reason, operation)
    found = [
        (outcome.mode, difference)
        for outcome in driver.drive(exchange, plan.call)
        for difference in _differences(exchange, plan, plan.call, outcome)
    ]
    if found:
        return Verdict(exchange, Sort.DIFFERENT, found[0][1].what, operation, tuple(found))
    return Verdict(exchange, plan.sort, plan.reason, operation)


def _differences(exchange: Exchange, plan: Plan, call: TypedCall | PlainCall, outcome: Outcome) -> Iterator[Difference]:
    """All that differs, in the order in which it came about."""
    if plan.sort is Sort.REFUSED:
        yield from _not_refused(outcome)
    elif outcome.error is not None and not isinstance(outcome.error, client.KubeSphereError):
        yield Difference("crash", described(outcome.error))
    elif not exchange.artefact:
        if len(outcome.seen) != 1:
            yield Difference("request: not sent once", f"{len(outcome.seen)} arrived; {described(outcome.error)}")
            return
        if plan.compares_request:
            yield from request_differences(exchange, outcome.seen[0], typed=isinstance(call, TypedCall))
        if isinstance(call, PlainCall) or call.template.passes_on:
            yield from plain_differences(exchange.answer, outcome)
        elif call.watch:
            yield from watch_differences(exchange.answer, outcome)
        else:
            yield from typed_differences(exchange.answer, outcome, reads=_reads(call.template))


def _not_refused(outcome: Outcome) -> Iterator[Difference]:
    error = outcome.error
    refused = isinstance(error, client.InvalidArgumentError | client.APIConnectionError) or (
        isinstance(error, TypeError) and _MISSING_ARGUMENT.search(str(error))
    )
    if outcome.seen or not refused:
        sent = "".join(f"{seen.method} {seen.target} was sent; " for seen in outcome.seen)
        yield Difference("not refused", f"{sent}{described(error)}")


def _reads(template: Template) -> str:
    if any(status.startswith("3") for status in template.described["responses"]):
        return "location"
    contents = [
        one["content"]
        for status, one in template.described["responses"].items()
        if status.startswith("2") and one.get("content")
    ]
    return media_kind(primary_media(contents[0]) or "application/json") if contents else "nothing"
