"""Streams whose server says nothing: before the headers it has the client's time, after them all the time there is."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from kubesphere_client import APITimeoutError, AsyncKubeSphere, ClientClosedError, KubeSphere
from tests.client.scripted_server import ScriptedServer, answer, stalls

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
FIRST_LINE = HEADERS + b"6\r\nfirst\n\r\n"
LATE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nfirst\n"
ITEM = {"metadata": {"name": "demo", "resourceVersion": "7"}}
LISTED = answer(200, json.dumps({"metadata": {"resourceVersion": "10"}, "items": [ITEM]}).encode())
LONG = 30.0
STREAMS = {
    "a watch": (lambda ks: ks.crd.tenant.v1alpha1.watch_workspaces(), (LISTED,), HEADERS),
    "a log": (lambda ks: ks.kubernetes.stream_logs("web-0", namespace="shop"), (), FIRST_LINE),
}
every_stream = pytest.mark.parametrize(("opened", "before", "begun"), STREAMS.values(), ids=STREAMS)


def _read(stream: Any, begun: threading.Event, outcome: list[Any]) -> None:
    try:
        for _ in stream:
            begun.set()
    except Exception as error:
        outcome.append(error)
    else:
        outcome.append("ended")


@every_stream
def test_a_client_that_is_closed_ends_what_another_thread_reads(
    opened: Callable[[Any], Any], before: tuple[bytes, ...], begun: bytes
) -> None:
    outcome: list[Any] = []
    reads = threading.Event()
    with ScriptedServer(*before, stalls(begun, seconds=LONG)) as server:
        ks = KubeSphere(server.url, token="t")
        reader = threading.Thread(target=_read, args=(opened(ks), reads, outcome))
        reader.start()
        assert reads.wait(5)
        while len(server.requests) <= len(before):
            reader.join(0.01)
        ks.close()
        reader.join(5)
    assert [type(one) for one in outcome] == [ClientClosedError]


@every_stream
def test_an_async_client_that_is_closed_ends_what_a_task_reads(
    opened: Callable[[Any], Any], before: tuple[bytes, ...], begun: bytes
) -> None:
    async def run(url: str) -> None:
        ks = AsyncKubeSphere(url, token="t")
        reads = asyncio.Event()

        async def read() -> None:
            async for _ in opened(ks):
                reads.set()

        reader = asyncio.create_task(read())
        await reads.wait()
        while len(server.requests) <= len(before):
            await asyncio.sleep(0.01)
        await ks.close()
        with pytest.raises(ClientClosedError):
            await asyncio.wait_for(reader, 5)

    with ScriptedServer(*before, stalls(begun, seconds=LONG)) as server:
        asyncio.run(run(server.url))


@every_stream
def test_a_server_without_an_answer_does_not_hold_what_was_stopped(
    opened: Callable[[Any], Any], before: tuple[bytes, ...], begun: bytes
) -> None:
    outcome: list[Any] = []
    with (
        ScriptedServer(*before, stalls(seconds=LONG)) as server,
        KubeSphere(server.url, token="t", timeout=0.3) as ks,
        opened(ks) as stream,
    ):
        reader = threading.Thread(target=_read, args=(stream, threading.Event(), outcome))
        reader.start()
        while len(server.requests) <= len(before):
            reader.join(0.01)
        stream.close()
        reader.join(5)
    assert outcome == ["ended"]


@every_stream
def test_an_async_stream_is_stopped_before_its_headers_came(
    opened: Callable[[Any], Any], before: tuple[bytes, ...], begun: bytes
) -> None:
    async def run(url: str) -> None:
        async with AsyncKubeSphere(url, token="t") as ks:
            stream = opened(ks)

            async def read() -> None:
                async for _ in stream:
                    pass

            reader = asyncio.create_task(read())
            while len(server.requests) <= len(before):
                await asyncio.sleep(0.01)
            stream.stop()
            await asyncio.wait_for(reader, 5)

    with ScriptedServer(*before, stalls(seconds=LONG)) as server:
        asyncio.run(run(server.url))


def test_a_followed_log_is_waited_for_though_its_headers_come_with_its_first_line() -> None:
    with (
        ScriptedServer(stalls(seconds=LONG), LATE) as server,
        KubeSphere(server.url, token="t", timeout=0.2) as ks,
    ):
        assert list(ks.kubernetes.stream_logs("web-0", namespace="shop")) == ["first"]


def test_a_log_that_is_not_followed_is_not_waited_for() -> None:
    with (
        ScriptedServer(stalls(FIRST_LINE, seconds=LONG)) as server,
        KubeSphere(server.url, token="t", timeout=0.2) as ks,
        pytest.raises(APITimeoutError),
    ):
        list(ks.kubernetes.stream_logs("web-0", namespace="shop", follow=False))


def test_an_error_whose_body_does_not_come_is_no_stream() -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{"
    with (
        ScriptedServer(stalls(refusal, seconds=LONG)) as server,
        KubeSphere(server.url, token="t", timeout=0.2) as ks,
        pytest.raises(APITimeoutError),
    ):
        list(ks.crd.tenant.v1alpha1.watch_workspaces(resource_version="5"))


def test_a_download_that_stands_still_is_an_error() -> None:
    with (
        ScriptedServer(stalls(LATE[:-3], seconds=LONG)) as server,
        KubeSphere(server.url, token="t", timeout=0.2) as ks,
        ks.with_streaming_response.platform.get_version() as response,
        pytest.raises(APITimeoutError),
    ):
        response.read()


def test_a_log_that_is_stopped_in_the_middle_of_a_line_shows_no_half_line() -> None:
    begun = HEADERS + b"8\r\nfirst\nse\r\n"
    with ScriptedServer(stalls(begun, seconds=LONG)) as server, KubeSphere(server.url, token="t") as ks:
        log = ks.kubernetes.stream_logs("web-0", namespace="shop")
        lines = []
        for line in log:
            lines.append(line)
            threading.Timer(0.1, log.close).start()
    assert lines == ["first"]
