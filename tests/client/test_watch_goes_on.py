"""Watches go on after breaks, timeouts and refusals, and end at once when they are told to; over real connections."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from kubesphere_client import (
    APIStatusError,
    AsyncKubeSphere,
    GoneError,
    InvalidArgumentError,
    KubeSphere,
    NotFoundError,
)
from kubesphere_client import _watch_session as watch_session
from tests.client.connections import pooled, until
from tests.client.fake_server import WORKSPACES, Answer, FakeServer, Seen, data, events, kubernetes_status, text
from tests.client.test_watch import EXPIRED

SILENCE: tuple[bytes | float, ...] = (0.02, b"\n") * 250


def thing(name: str, version: int) -> dict[str, Any]:
    return {"kind": "Workspace", "metadata": {"name": name, "uid": name, "resourceVersion": str(version)}}


def event(kind: str, name: str, version: int) -> dict[str, Any]:
    return {"type": kind, "object": thing(name, version)}


def items(version: int, *things: dict[str, Any]) -> Answer:
    return data({"kind": "WorkspaceList", "metadata": {"resourceVersion": str(version)}, "items": things})


def stream(*lines: dict[str, Any], broken: bool = False) -> Answer:
    return Answer(chunks=events(*lines), broken=broken)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_session, "FIRST_PAUSE", 0.01)


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    with KubeSphere(server.url, username="admin", password="P@88w0rd", timeout=5) as client:
        yield client


def script(server: FakeServer, *answers: Answer) -> None:
    """Give one answer after the other; a request too many waits in silence."""
    left = iter(answers)
    server.answers["GET", WORKSPACES] = lambda _: next(left, Answer(chunks=SILENCE))


def asked(server: FakeServer) -> list[str | None]:
    """The version that each watch began at; "list" for a list."""
    queries = [parse_qs(one.query) for one in server.calls(WORKSPACES)]
    return [one.get("resourceVersion", [""])[0] if "watch" in one else "list" for one in queries]


def first(count: int, watch: Any) -> list[tuple[str, str]]:
    found = []
    for one in watch:
        found.append((one.type, one.object.metadata.name))
        if len(found) == count:
            break
    return found


async def async_first(count: int, watch: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    async with watch:
        async for one in watch:
            found.append((one.type, one.object.metadata.name))
            if len(found) == count:
                break
    return found


LIFE = (
    items(10, thing("a", 3)),
    stream(event("ADDED", "b", 11), event("BOOKMARK", "", 20)),  # the server's timeout
    stream(event("MODIFIED", "b", 21), broken=True),
    kubernetes_status(429, "TooManyRequests", "slow down"),
    Answer(drop=True),
    text(503, "Error trying to reach service"),
    stream(event("DELETED", "b", 22)),
)
LIVED = [("ADDED", "a"), ("ADDED", "b"), ("MODIFIED", "b"), ("DELETED", "b")]


def test_a_watch_goes_on_from_the_last_version_whatever_ends_a_stream(server: FakeServer, ks: KubeSphere) -> None:
    script(server, *LIFE)
    assert first(4, ks.crd.tenant.v1alpha1.watch_workspaces()) == LIVED
    seen = asked(server)
    assert seen[:3] == ["list", "10", "20"]
    assert set(seen[3:]) == {"21"}


def test_an_async_watch_goes_on_too(server: FakeServer) -> None:
    script(server, *LIFE)

    async def run() -> list[tuple[str, str]]:
        async with AsyncKubeSphere(server.url, token=server.issue(), timeout=5) as ks:
            return await async_first(4, ks.crd.tenant.v1alpha1.watch_workspaces())

    assert asyncio.run(run()) == LIVED


GONE = (
    items(10, thing("a", 3), thing("b", 4)),
    stream(EXPIRED),
    items(50, thing("b", 40), thing("c", 41)),
    stream(event("DELETED", "c", 51)),
)
CAUGHT_UP = [
    *(("ADDED", "a"), ("ADDED", "b")),
    *(("DELETED", "a"), ("MODIFIED", "b"), ("ADDED", "c")),
    ("DELETED", "c"),
]


def test_a_gone_version_is_made_up_for_with_a_list(server: FakeServer, ks: KubeSphere) -> None:
    script(server, *GONE)
    assert first(6, ks.crd.tenant.v1alpha1.watch_workspaces()) == CAUGHT_UP
    assert asked(server)[:4] == ["list", "10", "list", "50"]


def test_a_gone_version_is_made_up_for_in_an_async_watch(server: FakeServer) -> None:
    script(server, *GONE)

    async def run() -> list[tuple[str, str]]:
        async with AsyncKubeSphere(server.url, token=server.issue(), timeout=5) as ks:
            return await async_first(6, ks.crd.tenant.v1alpha1.watch_workspaces())

    assert asyncio.run(run()) == CAUGHT_UP


def test_410_as_a_status_is_the_same(server: FakeServer, ks: KubeSphere) -> None:
    script(server, kubernetes_status(410, "Expired", "too old"), items(50, thing("a", 3)), stream())
    assert first(1, ks.crd.tenant.v1alpha1.watch_workspaces(resource_version="1")) == [("ADDED", "a")]


def test_a_gone_version_is_raised_where_that_is_asked_for(server: FakeServer, ks: KubeSphere) -> None:
    script(server, *GONE)
    with pytest.raises(GoneError, match="too old resource version"):
        list(ks.crd.tenant.v1alpha1.watch_workspaces(on_gone="raise"))


def test_a_watch_of_one_object_keeps_its_selector(server: FakeServer, ks: KubeSphere) -> None:
    script(server, items(10, thing("a", 3)), stream(), stream(event("MODIFIED", "a", 11)))
    assert first(2, ks.crd.tenant.v1alpha1.watch_workspace("a")) == [("ADDED", "a"), ("MODIFIED", "a")]
    queries = [parse_qs(one.query) for one in server.calls(WORKSPACES)]
    assert [one["fieldSelector"] for one in queries] == [["metadata.name=a"]] * 3


def test_the_token_is_renewed_between_streams(server: FakeServer, ks: KubeSphere) -> None:
    def expire(_: Seen) -> Answer:
        server.expire()
        return stream(event("ADDED", "b", 11))

    left: list[Callable[[Seen], Answer]] = [
        lambda _: items(10),
        expire,
        lambda _: stream(event("DELETED", "b", 12)),
    ]
    server.answers["GET", WORKSPACES] = lambda seen: left.pop(0)(seen) if left else Answer(chunks=SILENCE)
    assert first(2, ks.crd.tenant.v1alpha1.watch_workspaces()) == [("ADDED", "b"), ("DELETED", "b")]
    assert server.grants() == ["password", "refresh_token"]


def test_what_does_not_pass_ends_the_loop_with_an_error(server: FakeServer, ks: KubeSphere) -> None:
    script(server, items(10), stream(), kubernetes_status(404, "NotFound", "the kind was taken away"))
    with pytest.raises(NotFoundError, match="taken away"):
        list(ks.crd.tenant.v1alpha1.watch_workspaces())


def test_a_watch_that_never_began_is_an_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", WORKSPACES] = kubernetes_status(500, "", 'resourceVersion: Invalid value: "abc"')  # watch-06
    with pytest.raises(APIStatusError, match="Invalid value"):
        list(ks.crd.tenant.v1alpha1.watch_workspaces(resource_version="abc"))


def test_the_time_limit_ends_the_loop(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", WORKSPACES] = Answer(chunks=(0.3,))
    watch = ks.crd.tenant.v1alpha1.watch_workspaces(resource_version="5", timeout_seconds=1)
    assert list(watch) == []
    assert len(server.calls(WORKSPACES)) > 1
    assert {parse_qs(one.query)["timeoutSeconds"][0] for one in server.calls(WORKSPACES)} == {"1"}


def test_what_cannot_be_sent_is_refused_before_the_loop(ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError):
        ks.crd.devops.v1alpha3.watch_namespaced_pipelines("a/b")
    with pytest.raises(TypeError, match="resourceVersion"):
        ks.crd.tenant.v1alpha1.watch_workspaces(resourceVersion="5")  # type: ignore[call-arg]  # what is refused


def _finishes(run: Callable[[], object]) -> None:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_another_thread_ends_a_watch_that_waits(server: FakeServer, ks: KubeSphere) -> None:
    script(server, items(10, thing("a", 3)), Answer(chunks=(b"\n", 30.0)))
    watch = ks.crd.tenant.v1alpha1.watch_workspaces()
    threading.Thread(target=lambda: (until(lambda: len(asked(server)) == 2), watch.close())).start()
    seen: list[str] = []
    _finishes(lambda: seen.extend(one.type for one in watch))
    assert seen == ["ADDED"]
    assert pooled(ks) <= 1
    assert ks.iam.v1alpha2.list_users().items


def test_another_thread_ends_a_watch_that_pauses(
    server: FakeServer, ks: KubeSphere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_session, "FIRST_PAUSE", 25.0)
    script(server, items(10), stream(), stream())
    watch = ks.crd.tenant.v1alpha1.watch_workspaces()
    threading.Thread(target=lambda: (until(lambda: len(asked(server)) == 3), watch.stop())).start()
    _finishes(lambda: list(watch))


def test_a_watch_that_is_closed_yields_no_more(server: FakeServer, ks: KubeSphere) -> None:
    script(server, items(10), Answer(chunks=(b"".join(events(*[event("ADDED", "a", 11)] * 5)), *SILENCE)))
    seen = []
    with ks.crd.tenant.v1alpha1.watch_workspaces() as watch:
        for one in watch:
            seen.append(one)
            watch.close()
    assert len(seen) == 1
    assert list(watch) == []
    until(lambda: server.open_connections <= 1)


def test_another_task_ends_an_async_watch_that_waits(server: FakeServer) -> None:
    script(server, items(10, thing("a", 3)), Answer(chunks=(b"\n", 30.0)))

    async def run() -> list[str]:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            watch = ks.crd.tenant.v1alpha1.watch_workspaces()

            async def follow() -> list[str]:
                return [one.type async for one in watch]

            task = asyncio.create_task(follow())
            await asyncio.to_thread(until, lambda: len(asked(server)) == 2)
            await watch.close()
            async with asyncio.timeout(10):
                seen = await task
            assert pooled(ks) <= 1
            await ks.iam.v1alpha2.list_users()
            return seen

    assert asyncio.run(run()) == ["ADDED"]


def test_a_thread_ends_an_async_watch(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_session, "FIRST_PAUSE", 25.0)
    for answers in ((items(10), stream(), stream()), (items(10), Answer(chunks=(b"\n", 30.0)))):
        script(server, *answers)
        server.seen.clear()

        async def run(requests: int = len(answers)) -> None:
            async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
                watch = ks.crd.tenant.v1alpha1.watch_workspaces()
                threading.Thread(target=lambda: (until(lambda: len(asked(server)) == requests), watch.stop())).start()
                async with asyncio.timeout(10):
                    assert [one async for one in watch] == []

        asyncio.run(run())


def test_ctrl_c_ends_a_watch_and_leaves_the_client_usable(server: FakeServer, ks: KubeSphere) -> None:
    script(server, items(10, thing("a", 3)), Answer(chunks=(b"\n", 30.0)))
    main = threading.main_thread().ident
    assert main is not None

    def press() -> None:
        until(lambda: len(asked(server)) == 2)
        time.sleep(0.1)
        signal.pthread_kill(main, signal.SIGINT)

    threading.Thread(target=press).start()
    with pytest.raises(KeyboardInterrupt):
        list(ks.crd.tenant.v1alpha1.watch_workspaces())
    assert pooled(ks) <= 1
    assert ks.iam.v1alpha2.list_users().items


def test_cancelling_ends_an_async_watch_that_waits(server: FakeServer) -> None:
    script(server, items(10), Answer(chunks=(b"\n", 30.0)))

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            task = asyncio.create_task(async_first(1, ks.crd.tenant.v1alpha1.watch_workspaces()))
            await asyncio.to_thread(until, lambda: len(asked(server)) == 2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert pooled(ks) <= 1
            await ks.iam.v1alpha2.list_users()

    asyncio.run(run())


def test_many_reconnects_use_one_connection_at_a_time(server: FakeServer, ks: KubeSphere) -> None:
    script(server, items(10), *[stream(event("ADDED", "a", number), broken=True) for number in range(11, 31)])
    assert len(first(20, ks.crd.tenant.v1alpha1.watch_workspaces())) == 20
    assert pooled(ks) <= 1
    until(lambda: server.open_connections <= 1)
