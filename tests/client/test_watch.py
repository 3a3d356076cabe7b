"""One stream of a watch gives typed events however it is cut, and lets go of its connection."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kubesphere_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncKubeSphere,
    DecodeError,
    GoneError,
    KubeSphere,
    PermissionDeniedError,
    ServerError,
)
from kubesphere_client.models import tenant_v1alpha1
from tests.client.connections import until
from tests.client.fake_server import WORKSPACES, Answer, FakeServer, events, kubernetes_status, text


def event(kind: str, name: str) -> dict[str, Any]:
    return {"type": kind, "object": {"kind": "Workspace", "metadata": {"name": name}}}


# Recording watch-05: the status is 200, the refusal comes as an event.
EXPIRED = {
    "type": "ERROR",
    "object": {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "too old resource version: 1 (455)",
        "reason": "Expired",
        "code": 410,
    },
}
THREE = b"".join(events(event("ADDED", "a"), event("MODIFIED", "ü"), event("DELETED", "a")))
SEEN = [("ADDED", "a"), ("MODIFIED", "ü"), ("DELETED", "a")]
SILENCE: tuple[bytes | float, ...] = (0.02, b"\n") * 100


@pytest.fixture
def ks(server: FakeServer) -> Any:
    with KubeSphere(server.url, username="admin", password="P@88w0rd", timeout=1) as client:
        yield client


def stream(server: FakeServer, *chunks: bytes | float) -> None:
    server.answers["GET", WORKSPACES] = Answer(chunks=chunks)


def shown(event: Any) -> tuple[str, str]:
    return event.type, event.object.metadata.name


UTF8 = json.dumps(event("ADDED", "ü"), ensure_ascii=False).encode() + b"\n"


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ((THREE,), SEEN),
        (tuple(THREE[i : i + 7] for i in range(0, len(THREE), 7)), SEEN),
        (tuple(THREE.splitlines(keepends=True)), SEEN),
        ((UTF8[:50], UTF8[50:]), [("ADDED", "ü")]),
        (tuple(bytes([one]) for one in UTF8), [("ADDED", "ü")]),
        ((THREE.rstrip(b"\n"),), SEEN),
        ((b"\n\r\n", THREE, b"\n"), SEEN),
        ((), []),
    ],
)
def test_events_are_read_however_the_stream_is_cut(
    server: FakeServer, ks: KubeSphere, chunks: tuple[bytes, ...], expected: list[tuple[str, str]]
) -> None:
    stream(server, *chunks)
    assert [shown(one) for one in ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False)] == expected


def test_async_events_too(server: FakeServer) -> None:
    stream(server, THREE[:100], 0.05, THREE[100:])

    async def run() -> list[tuple[str, str]]:
        async with AsyncKubeSphere(server.url, username="admin", password="P@88w0rd") as ks:
            return [shown(one) async for one in ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False)]

    assert asyncio.run(run()) == SEEN


def test_objects_are_typed(server: FakeServer, ks: KubeSphere) -> None:
    stream(server, THREE)
    (first, *_) = ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False)
    assert isinstance(first.object, tenant_v1alpha1.Workspace)


def test_the_list_is_asked_to_be_watched(server: FakeServer, ks: KubeSphere) -> None:
    stream(server)
    list(ks.crd.tenant.v1alpha1.watch_workspaces(resource_version="5", timeout_seconds=3, reconnect=False))
    assert sorted(server.seen[-1].query.split("&")) == ["resourceVersion=5", "timeoutSeconds=3", "watch=true"]


def test_an_error_event_is_an_error(server: FakeServer, ks: KubeSphere) -> None:
    stream(server, THREE, *events(EXPIRED))
    walk = iter(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))
    assert [shown(next(walk)) for _ in SEEN] == SEEN
    with pytest.raises(GoneError, match="410 Expired: too old resource version") as caught:
        next(walk)
    assert caught.value.body == EXPIRED["object"]


@pytest.mark.parametrize(
    "line", [b"{}\n", b"[]\n", b'{"type": 1}\n', b"<html>\n", b'{"type": "ADDED", "obj\n', b"\xff\n"]
)
def test_a_line_that_is_no_event_is_an_error(server: FakeServer, ks: KubeSphere, line: bytes) -> None:
    stream(server, line)
    with pytest.raises(DecodeError, match="not an event"):
        list(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (kubernetes_status(403, "Forbidden", "no"), PermissionDeniedError),
        (kubernetes_status(500, "", 'resourceVersion: Invalid value: "abc"'), ServerError),  # watch-06
        (text(503, "Error trying to reach service"), ServerError),
        (Answer(drop=True), APIConnectionError),
    ],
)
def test_a_refused_watch_is_an_error(server: FakeServer, ks: KubeSphere, answer: Answer, error: Any) -> None:
    server.answers["GET", WORKSPACES] = answer
    with pytest.raises(error):
        list(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))


def test_a_refused_async_watch_is_an_error(server: FakeServer) -> None:
    server.answers["GET", WORKSPACES] = kubernetes_status(403, "Forbidden", "no")

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            with pytest.raises(PermissionDeniedError, match="no"):
                async for _ in ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False):
                    pass

    asyncio.run(run())


def test_a_watch_renews_the_token(server: FakeServer, ks: KubeSphere) -> None:
    ks.iam.v1alpha2.list_users()
    server.expire()
    stream(server, THREE)
    assert len(list(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))) == 3
    assert server.grants() == ["password", "refresh_token"]


def test_silence_is_no_timeout(server: FakeServer) -> None:
    stream(server, 0.3, THREE)
    with KubeSphere(server.url, token=server.issue(), timeout=0.1) as ks:
        assert len(list(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))) == 3


def test_silence_is_a_timeout_where_one_is_given(server: FakeServer, ks: KubeSphere) -> None:
    stream(server, THREE, 0.5)
    walk = iter(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False, timeout=0.1))
    assert [shown(next(walk)) for _ in SEEN] == SEEN
    with pytest.raises(APITimeoutError):
        next(walk)


def test_a_stream_that_breaks_is_a_connection_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", WORKSPACES] = Answer(chunks=(THREE, THREE[:20]), broken=True)
    walk = iter(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))
    assert [shown(next(walk)) for _ in SEEN] == SEEN
    with pytest.raises(APIConnectionError):
        next(walk)


def test_leaving_the_loop_closes_the_connection(server: FakeServer, ks: KubeSphere) -> None:
    stream(server, THREE, *SILENCE)
    before = server.open_connections
    for _ in ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False):
        break
    until(lambda: server.open_connections <= before)


def test_an_error_closes_the_connection(server: FakeServer, ks: KubeSphere) -> None:
    stream(server, *events(EXPIRED), *SILENCE)
    with pytest.raises(GoneError) as caught:
        list(ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False))
    until(lambda: server.open_connections == 0)
    assert caught.tb is not None  # which keeps the watch's frames alive until here


def test_leaving_with_closes_the_connection(server: FakeServer, ks: KubeSphere) -> None:
    stream(server, THREE, *SILENCE)
    with ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False) as watch:
        walk = iter(watch)
        next(walk)
    until(lambda: server.open_connections == 0)


def test_leaving_async_with_closes_the_connection(server: FakeServer) -> None:
    stream(server, THREE, *SILENCE)

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            async with ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False) as watch:
                async for _ in watch:
                    break
            await asyncio.to_thread(until, lambda: server.open_connections == 0)

    asyncio.run(run())


def test_a_watch_can_be_cancelled(server: FakeServer) -> None:
    stream(server, THREE, 0.2, *SILENCE)

    async def run() -> int:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            count = 0

            async def watch() -> None:
                nonlocal count
                async for _ in ks.crd.tenant.v1alpha1.watch_workspaces(reconnect=False):
                    count += 1

            task = asyncio.create_task(watch())
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await asyncio.to_thread(until, lambda: server.open_connections == 0)
            return count

    assert asyncio.run(run()) == 3
