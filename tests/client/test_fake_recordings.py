"""The fake answers recorded requests as the real server did: status, media type, errors word for word, shapes of lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubesphere_client.testing import FakeKubeSphere
from tests.client.recorded_server import Exchange, Reply, exchanges, fill, replay

EXCHANGES = exchanges("exchanges.jsonl")
READING = [one for one in EXCHANGES if one.request["method"] == "GET"]
WRITING = [one for one in EXCHANGES if one.request["method"] != "GET"]


@pytest.fixture(scope="module")
def held() -> Iterator[FakeKubeSphere]:
    """A server whose objects no test changes."""
    with FakeKubeSphere() as fake:
        fill(fake)
        yield fake


@pytest.fixture
def fresh() -> Iterator[FakeKubeSphere]:
    with FakeKubeSphere(settle_reads=99) as fake:
        fill(fake)
        yield fake


@pytest.mark.parametrize("exchange", READING, ids=lambda one: one.name)
def test_a_recorded_read_gets_the_recorded_answer(exchange: Exchange, held: FakeKubeSphere) -> None:
    assert _shape(replay(held, exchange)) == _shape(exchange.reply)


@pytest.mark.parametrize("exchange", WRITING, ids=lambda one: one.name)
def test_a_recorded_write_gets_the_recorded_answer(exchange: Exchange, fresh: FakeKubeSphere) -> None:
    assert _shape(replay(fresh, exchange)) == _shape(exchange.reply)


def test_there_are_recordings_of_every_kind() -> None:
    statuses = {one.reply.status for one in EXCHANGES}
    assert statuses >= {None, 200, 201, 302, 400, 401, 403, 404, 405, 406, 415, 500, 502}
    assert len(EXCHANGES) > 500


def _shape(reply: Reply) -> tuple[int | None, str | None, Any]:
    """What must agree: texts and Status objects word for word, of a list the names and the totals, of an object its parts."""
    body: Any = reply.body or ""
    if reply.media == "application/json" and body:
        body = _json_shape(json.loads(body))
    return reply.status, reply.media, body


def _json_shape(body: Any) -> Any:
    if not isinstance(body, dict):
        return type(body)
    if body.get("kind") == "Status":
        return {key: value for key, value in body.items() if key != "details"} | {"details": _details(body)}
    if "items" in body:
        names = [(item.get("metadata") or {}).get("name") for item in body["items"]]
        return sorted(body), names, body.get("totalItems"), body.get("total_count")
    return sorted(body)


def _details(status: dict[str, Any]) -> Any:
    """Who, but not which one: a uid is made anew."""
    return {key: value for key, value in (status.get("details") or {}).items() if key != "uid"}
