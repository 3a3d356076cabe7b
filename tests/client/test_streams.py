"""Bodies read piece by piece: what comes is whole or an error, and no connection is left behind."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kubesphere_client import (
    APIConnectionError,
    AsyncKubeSphere,
    InvalidArgumentError,
    KubeSphere,
    PermissionDeniedError,
)
from kubesphere_client import _logs as logs
from kubesphere_client._logs import AsyncGrowingLogLines, AsyncLogLines, GrowingLogLines, LogLines
from kubesphere_client._operation import Operation
from kubesphere_client._streams import AsyncStreamedResponse, StreamedResponse
from tests.client.connections import until
from tests.client.fake_server import Answer, FakeServer, Seen, kubernetes_status

PATH = "/kapis/x.kubesphere.io/v1/file"
OPERATION: Operation[bytes] = Operation("x.v1.get_file", "GET", PATH, {200: bytes}, reads="bytes")
TEXT = "line 0 é中\r\nline 1 \u2028 goes on\n\nno end".encode()
LINES = ["line 0 é中", "line 1 \u2028 goes on", "", "no end"]
SILENT = Answer(chunks=(b"first\n", 30.0))


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    with KubeSphere(server.url, token=server.issue(), timeout=5) as client:
        yield client


def open_stream(ks: Any, **query: Any) -> Any:
    return ks._sender.send(OPERATION, OPERATION.prepare(query=query, options={}), stream=True)


def streamed(ks: KubeSphere) -> StreamedResponse:
    return StreamedResponse(open_stream(ks), OPERATION.name)


def run_async(server: FakeServer, use: Callable[[AsyncStreamedResponse], Any]) -> Any:
    async def run() -> Any:
        async with AsyncKubeSphere(server.url, token=server.issue(), timeout=5) as ks:
            async with AsyncStreamedResponse(await open_stream(ks), OPERATION.name) as response:
                found = await use(response)
            assert _pooled(ks) <= 1
            return found

    return asyncio.run(run())


def bytewise(body: bytes) -> Answer:
    return Answer(chunks=tuple(bytes([one]) for one in body), media="text/plain")


def test_lines_are_whole_however_the_stream_is_cut(server: FakeServer, ks: KubeSphere) -> None:
    for answer in (bytewise(TEXT), Answer(body=TEXT, media="text/plain")):
        server.answers["GET", PATH] = answer
        with streamed(ks) as response:
            assert list(response.iter_lines()) == LINES

        async def lines(response: AsyncStreamedResponse) -> list[str]:
            return [line async for line in response.iter_lines()]

        assert run_async(server, lines) == LINES


def test_no_character_of_a_text_is_cut(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = bytewise("é中".encode())
    with streamed(ks) as response:
        assert list(response.iter_text()) == ["é", "中"]

    async def texts(response: AsyncStreamedResponse) -> list[str]:
        return [text async for text in response.iter_text()]

    assert run_async(server, texts) == ["é", "中"]


def test_pieces_have_the_size_that_was_asked_for(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = bytewise(b"abcdefgh")
    with streamed(ks) as response:
        assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain")
        assert response.request.url.path == PATH
        assert list(response.iter_bytes(3)) == [b"abc", b"def", b"gh"]


READS: list[Callable[[StreamedResponse], object]] = [
    StreamedResponse.read,
    lambda response: list(response.iter_bytes()),
    lambda response: list(response.iter_text()),
    lambda response: list(response.iter_lines()),
]


@pytest.mark.parametrize("read", READS)
def test_a_body_that_breaks_off_is_an_error(server: FakeServer, ks: KubeSphere, read: Any) -> None:
    server.answers["GET", PATH] = Answer(chunks=(b"half",), broken=True)
    with streamed(ks) as response, pytest.raises(APIConnectionError):
        read(response)
    assert _pooled(ks) == 0


def test_a_file_is_saved_and_progress_is_told(server: FakeServer, ks: KubeSphere, tmp_path: Path) -> None:
    body = bytes(range(256)) * 1024
    server.answers["GET", PATH] = Answer(body=body)
    told: list[tuple[int, int | None]] = []
    (tmp_path / "file").write_bytes(b"old")
    with streamed(ks) as response:
        assert response.save(tmp_path / "file", progress=lambda done, size: told.append((done, size))) == len(body)
    assert (tmp_path / "file").read_bytes() == body
    assert told[-1] == (len(body), len(body))
    assert len(told) == 4
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_file_is_saved_by_a_task(server: FakeServer, tmp_path: Path) -> None:
    server.answers["GET", PATH] = Answer(chunks=(b"ab", b"c"))
    told: list[tuple[int, int | None]] = []

    async def save(response: AsyncStreamedResponse) -> int:
        return await response.save(tmp_path / "file", progress=lambda done, size: told.append((done, size)))

    assert run_async(server, save) == 3
    assert (tmp_path / "file").read_bytes() == b"abc"
    assert told == [(3, None)]


def test_a_file_that_did_not_come_whole_is_not_there(server: FakeServer, ks: KubeSphere, tmp_path: Path) -> None:
    server.answers["GET", PATH] = Answer(chunks=(b"x" * 70_000,), broken=True)
    (tmp_path / "old").write_bytes(b"old")
    with streamed(ks) as response, pytest.raises(APIConnectionError):
        response.save(tmp_path / "old")

    async def save(response: AsyncStreamedResponse) -> None:
        with pytest.raises(APIConnectionError):
            await response.save(tmp_path / "new")

    run_async(server, save)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("old", b"old")]


def test_a_file_whose_name_is_as_long_as_names_can_be_is_saved(
    server: FakeServer, ks: KubeSphere, tmp_path: Path
) -> None:
    server.answers["GET", PATH] = Answer(body=b"one", media="text/plain")
    with streamed(ks) as response:
        assert response.save(tmp_path / ("中" * 85)) == 3
    assert [len(one.name.encode()) for one in tmp_path.iterdir()] == [255]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_written_to_and_not_replaced(server: FakeServer, ks: KubeSphere, tmp_path: Path) -> None:
    server.answers["GET", PATH] = Answer(body=b"one", media="text/plain")
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("target")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    for path in (pipe, link):
        with streamed(ks) as response:
            response.save(path)
    reader.join(5)
    assert read == [b"one"]
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"one"


def test_an_error_of_the_progress_callback_leaves_no_file(server: FakeServer, ks: KubeSphere, tmp_path: Path) -> None:
    server.answers["GET", PATH] = Answer(body=b"abc")

    def fail(done: int, size: int | None) -> None:
        raise RuntimeError(done)

    with streamed(ks) as response, pytest.raises(RuntimeError):
        response.save(tmp_path / "file", progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_leaving_with_closes_what_was_not_read(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = SILENT
    with streamed(ks) as response:
        assert next(iter(response.iter_lines())) == "first"
    assert _pooled(ks) == 0


def test_another_thread_closes_a_body_that_is_read(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = SILENT
    response = streamed(ks)
    pieces = response.iter_bytes()
    next(pieces)
    threading.Timer(0.05, response.close).start()
    with pytest.raises(APIConnectionError, match="broke off"):
        next(pieces)
    assert _pooled(ks) == 0


def test_a_log_is_told_line_by_line_while_it_grows(server: FakeServer, ks: KubeSphere) -> None:
    """Recordings proxy-032 and proxy-044: text/plain, chunked, with characters beyond ASCII."""
    server.answers["GET", PATH] = bytewise(TEXT)
    assert list(LogLines("logs", lambda: open_stream(ks))) == LINES
    server.answers["GET", PATH] = SILENT
    with LogLines("logs", lambda: open_stream(ks)) as lines:
        assert next(iter(lines)) == "first"
    assert _pooled(ks) == 0


def test_an_async_log_is_told_line_by_line(server: FakeServer) -> None:
    server.answers["GET", PATH] = bytewise(TEXT)

    async def run() -> list[str]:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            return [line async for line in AsyncLogLines("logs", lambda: open_stream(ks))]

    assert asyncio.run(run()) == LINES


def test_a_refused_log_is_an_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = kubernetes_status(403, "Forbidden", "no")
    with pytest.raises(PermissionDeniedError, match="no"):
        list(LogLines("logs", lambda: open_stream(ks)))


def test_a_log_that_breaks_off_is_an_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = Answer(chunks=(b"first\n",), broken=True)
    with pytest.raises(APIConnectionError):
        list(LogLines("logs", lambda: open_stream(ks)))


def test_another_thread_ends_a_log_that_waits(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", PATH] = SILENT
    lines = LogLines("logs", lambda: open_stream(ks))
    seen = []
    for line in lines:
        seen.append(line)
        threading.Timer(0.05, lines.close).start()
    assert seen == ["first"]
    assert list(lines) == []
    assert _pooled(ks) == 0


def test_another_task_ends_a_log_that_waits(server: FakeServer) -> None:
    server.answers["GET", PATH] = SILENT

    async def run() -> list[str]:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            lines = AsyncLogLines("logs", lambda: open_stream(ks))
            seen = []
            async with asyncio.timeout(10):
                async for line in lines:
                    seen.append(line)
                    asyncio.get_running_loop().call_later(0.05, lines.stop)
            assert _pooled(ks) == 0
            return seen

    assert asyncio.run(run()) == ["first"]


def jenkins(server: FakeServer) -> list[str]:
    """A log that grows with each request, and is cut within a line and a character."""
    log = "stage one\nbüild\ndone".encode()
    ends = [3, 12, 12, len(log)]
    asked: list[str] = []

    def part(request: Seen) -> Answer:
        start = int(request.query.removeprefix("start="))
        asked.append(request.query)
        end = ends.pop(0)
        more = (("X-More-Data", "true"),) if ends else ()
        return Answer(body=log[start:end], media="text/plain", headers=(("X-Text-Size", str(end)), *more))

    server.answers["GET", PATH] = part
    return asked


GROWN = ["stage one", "büild", "done"]


def test_a_log_on_jenkins_is_asked_for_until_no_more_comes(
    server: FakeServer, ks: KubeSphere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "POLL_SECONDS", 0.01)
    asked = jenkins(server)
    assert list(GrowingLogLines("logs", lambda start: open_stream(ks, start=start))) == GROWN
    assert asked == ["start=0", "start=3", "start=12", "start=12"]


def test_an_async_log_on_jenkins_too(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "POLL_SECONDS", 0.01)
    jenkins(server)

    async def run() -> list[str]:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            return [line async for line in AsyncGrowingLogLines("logs", lambda start: open_stream(ks, start=start))]

    assert asyncio.run(run()) == GROWN


def test_a_log_on_jenkins_can_be_ended_between_two_requests(
    server: FakeServer, ks: KubeSphere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "POLL_SECONDS", 25.0)
    jenkins(server)
    lines = GrowingLogLines("logs", lambda start: open_stream(ks, start=start))
    threading.Thread(target=lambda: (until(lambda: len(server.calls(PATH)) == 1), lines.close())).start()
    assert list(lines) in ([], ["sta"])
    assert len(server.calls(PATH)) == 1


def test_the_log_of_a_step_is_followed_by_its_method(
    server: FakeServer, ks: KubeSphere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "POLL_SECONDS", 0.01)
    jenkins(server)
    path = "/kapis/devops.kubesphere.io/v1alpha2/devops/d/pipelines/p/runs/1/nodes/2/steps/3/log"
    server.answers["GET", path] = server.answers["GET", PATH]
    with ks.devops.v1alpha2.follow_run_step_log("d", "p", "1", "2", "3") as lines:
        assert list(lines) == GROWN
    with pytest.raises(InvalidArgumentError):
        ks.devops.v1alpha2.follow_run_step_log("d/", "p", "1", "2", "3")


def _pooled(ks: Any) -> int:
    """The connections in use, or kept for the next call."""
    sender = ks._sender
    client = sender._client if hasattr(sender, "_client") else sender._connections.client()
    return len([one for one in client._transport._pool.connections if not one.is_idle()])
