"""However a watch is cut, and whatever the server forgets, its events tell the history: none is missing, none comes twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import httpx
import pytest
from attrs import define, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubesphere_client import _watch_session as watch_session
from kubesphere_client._watch import AsyncWatch, Watch, WatchEvent

Told = list[tuple[str, str, int]]
STEPS = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=25)
CUTS = st.lists(
    st.tuples(st.integers(0, 700), st.booleans(), st.integers(1, 400), st.booleans(), st.integers(0, 3)), max_size=12
)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_session, "FIRST_PAUSE", 0.0)


@define
class Source:
    """A list with a history. Each cut says after how many bytes a stream ends and whether it breaks then, the size of its
    pieces, whether the server then forgets all but the last version, and how much happens before the next request."""

    steps: list[tuple[str, bool]]
    cuts: list[tuple[int, bool, int, bool, int]]
    happened: Told = field(factory=list)
    forgotten: int = 0
    lists: int = 0
    requests: int = 0

    def happen(self, count: int) -> None:
        """Go on with the history; each name has a life after each deletion."""
        for name, deletes in self.steps[:count]:
            there = name in self.state()
            kind = "DELETED" if deletes and there else "MODIFIED" if there else "ADDED"
            self.happened.append((kind, name, self.version + 1))
        del self.steps[:count]

    @property
    def version(self) -> int:
        return len(self.happened) + 1

    def state(self) -> dict[str, int]:
        return folded(self.happened)

    def answer(self, query: Mapping[str, Any]) -> tuple[int, Iterator[bytes]]:
        self.requests += 1
        assert self.requests < 200, "the watch does not come to its end"
        if "watch" not in query:
            self.lists += 1
            things = [self.thing(name, version) for name, version in self.state().items()]
            metadata = {"resourceVersion": str(self.version)}
            return 200, iter([json.dumps({"metadata": metadata, "items": things}).encode()])
        start = int(query["resourceVersion"])
        if start < self.forgotten:
            gone = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}}
            return 200, iter([json.dumps(gone).encode() + b"\n"])
        cut, breaks, size, forgets, more = self.cuts.pop(0) if self.cuts else (10**9, False, 10**9, False, 0)
        if not self.cuts:
            more = len(self.steps)
        self.happen(more)
        body = b"".join(self.line(one) for one in self.happened if one[2] > start)
        if forgets:
            self.forgotten = self.version
        return 200, self.pieces(body[:cut], size, breaks and cut < len(body))

    def thing(self, name: str, version: int) -> dict[str, Any]:
        born = max(at for kind, other, at in self.happened if (kind, other) == ("ADDED", name) and at <= version)
        return {"metadata": {"name": name, "uid": f"{name}-{born}-é中", "resourceVersion": str(version)}}

    def line(self, one: tuple[str, str, int]) -> bytes:
        kind, name, version = one
        event = {"type": kind, "object": self.thing(name, version)}
        return json.dumps(event, ensure_ascii=False).encode() + b"\n"

    @staticmethod
    def pieces(body: bytes, size: int, breaks: bool) -> Iterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]
        if breaks:
            raise httpx.RemoteProtocolError("cut")

    @property
    def is_over(self) -> bool:
        return not self.steps and not self.cuts


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


def folded(told: Told) -> dict[str, int]:
    """The list that events lead to; an event that cannot follow those before it fails."""
    state: dict[str, int] = {}
    for kind, name, version in told:
        assert (name in state) == (kind != "ADDED"), (kind, name, told)
        if kind == "DELETED":
            del state[name]
        else:
            assert version > state.get(name, 0)
            state[name] = version
    return state


def plain(event: WatchEvent[Any]) -> tuple[str, str, int]:
    metadata = event.object["metadata"]
    return event.type, metadata["name"], int(metadata["resourceVersion"])


def respond(source: Source, query: Mapping[str, Any], stream: bool) -> httpx.Response:
    status, pieces = source.answer({name: value for name, value in query.items() if value is not None})
    request = httpx.Request("GET", "http://server/")
    if stream:
        return httpx.Response(status, stream=Pieces(pieces), request=request)
    return httpx.Response(status, content=b"".join(pieces), request=request)


def check(source: Source, before: int, told: Told) -> None:
    assert folded(told) == source.state()
    if source.lists == 1:
        # Nothing was forgotten: what was there at first, and then every event as it was, once.
        begun = source.happened[:before]
        assert told == [("ADDED", name, at) for name, at in folded(begun).items()] + source.happened[before:]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.integers(0, 5), steps=STEPS, cuts=CUTS)
def test_events_lead_to_the_state_of_the_server(
    before: int, steps: list[tuple[str, bool]], cuts: list[tuple[int, bool, int, bool, int]]
) -> None:
    source = Source(list(steps), list(cuts))
    source.happen(before)
    told: Told = []

    def send(query: Mapping[str, Any], *, stream: bool) -> httpx.Response:
        if stream and source.is_over and query["resourceVersion"] == str(source.version):
            watch.close()
        return respond(source, query, stream)

    watch = Watch("a watch", lambda raw: raw, {}, send)
    for event in watch:
        told.append(plain(event))
    check(source, min(before, len(steps)), told)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.integers(0, 5), steps=STEPS, cuts=CUTS)
def test_async_events_do_too(
    before: int, steps: list[tuple[str, bool]], cuts: list[tuple[int, bool, int, bool, int]]
) -> None:
    source = Source(list(steps), list(cuts))
    source.happen(before)
    told: Told = []

    async def send(query: Mapping[str, Any], *, stream: bool) -> httpx.Response:
        if stream and source.is_over and query["resourceVersion"] == str(source.version):
            watch.stop()
        return respond(source, query, stream)

    watch = AsyncWatch("a watch", lambda raw: raw, {}, send)

    async def run() -> None:
        async for event in watch:
            told.append(plain(event))

    asyncio.run(run())
    check(source, min(before, len(steps)), told)
