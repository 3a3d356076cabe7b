"""The pod terminal over a real WebSocket: what is typed arrives, what is printed comes back, and it ends when told to."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kubesphere_client import (
    AsyncKubeSphere,
    ClientClosedError,
    ConfigError,
    DecodeError,
    InvalidArgumentError,
    KubeSphere,
    NotAuthenticatedError,
    ServerError,
)
from kubesphere_client.testing import FakeKubeSphere
from tests.client.connections import pooled, until
from tests.client.fake_server import FakeServer
from tests.client.terminal_server import TerminalServer


@pytest.fixture
def shell() -> Iterator[TerminalServer]:
    with TerminalServer() as server:
        yield server


@pytest.fixture
def ks(shell: TerminalServer) -> Iterator[KubeSphere]:
    with KubeSphere(shell.url, token="token-1", timeout=5) as client:
        yield client


def connect(ks: Any, **options: Any) -> Any:
    return ks.terminal.v1alpha2.connect_pod_terminal("shop", "web-0", **options)


def test_what_is_typed_is_printed_until_the_shell_ends(shell: TerminalServer, ks: KubeSphere) -> None:
    with connect(ks, container="c", shell="sh") as terminal:
        terminal.resize(rows=40, cols=120)
        terminal.send("echo é中\n")
        terminal.send("exit\n")
        assert "".join(terminal) == "echo é中\nexit\n"
    assert shell.seen == [
        {"Op": "resize", "Rows": 40, "Cols": 120},
        {"Op": "stdin", "Data": "echo é中\n"},
        {"Op": "stdin", "Data": "exit\n"},
    ]
    # Recording proxy-053-terminal-ws.
    path = "/kapis/terminal.kubesphere.io/v1alpha2/namespaces/shop/pods/web-0?container=c&shell=sh"
    (request,) = shell.requests
    assert request.target == path
    assert (b"authorization", b"Bearer token-1") in request.extra_headers
    assert pooled(ks) == 0


def test_an_async_terminal_too(shell: TerminalServer) -> None:
    async def run() -> str:
        async with AsyncKubeSphere(shell.url, token="token-1") as ks, connect(ks) as terminal:
            await terminal.resize(rows=40, cols=120)
            await terminal.send("echo é中\n")
            await terminal.send("exit\n")
            return "".join([text async for text in terminal])

    assert asyncio.run(run()) == "echo é中\nexit\n"
    assert shell.seen[0] == {"Op": "resize", "Rows": 40, "Cols": 120}


def test_long_input_is_sent_in_frames_that_the_server_takes(shell: TerminalServer, ks: KubeSphere) -> None:
    text = "é" * 10_000
    with connect(ks) as terminal:
        terminal.send(text)
        until(lambda: sum(len(frame["Data"]) for frame in shell.seen) == len(text))
    assert max(len(frame["Data"].encode()) for frame in shell.seen) <= 32_768


def test_leaving_with_ends_the_session_though_output_is_left(shell: TerminalServer, ks: KubeSphere) -> None:
    shell.frames = [json.dumps({"Op": "stdout", "Data": "x" * 1000})] * 2000
    with connect(ks) as terminal:
        assert next(iter(terminal)) == "x" * 1000
    until(lambda: shell.sessions == 0)
    assert pooled(ks) == 0


def test_the_server_is_told_goodbye(shell: TerminalServer, ks: KubeSphere) -> None:
    with connect(ks):
        pass
    until(lambda: shell.goodbyes == [1000])


def test_another_thread_closes_a_terminal_that_waits(shell: TerminalServer, ks: KubeSphere) -> None:
    with connect(ks) as terminal:
        threading.Timer(0.1, terminal.close).start()
        assert list(terminal) == []
        assert list(terminal) == []
    assert pooled(ks) == 0


def test_another_task_closes_an_async_terminal_that_waits(shell: TerminalServer) -> None:
    async def run() -> list[str]:
        async with AsyncKubeSphere(shell.url, token="token-1") as ks, connect(ks) as terminal:
            asyncio.get_running_loop().call_later(0.1, lambda: tasks.append(asyncio.create_task(terminal.close())))
            async with asyncio.timeout(10):
                return [text async for text in terminal]

    tasks: list[asyncio.Task[None]] = []
    assert asyncio.run(run()) == []


def test_an_error_within_an_async_terminal_stays_as_it_is(shell: TerminalServer) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(shell.url, token="token-1") as ks, connect(ks):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(run())
    until(lambda: shell.sessions == 0)


def test_an_async_terminal_can_be_cancelled(shell: TerminalServer) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(shell.url, token="token-1") as ks:

            async def read() -> None:
                async with connect(ks) as terminal:
                    async for _ in terminal:
                        pass

            task = asyncio.create_task(read())
            await asyncio.to_thread(until, lambda: shell.sessions == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.to_thread(until, lambda: shell.sessions == 0)

    asyncio.run(run())


def test_typing_after_the_shell_has_ended_is_an_error(shell: TerminalServer, ks: KubeSphere) -> None:
    with connect(ks) as terminal:
        terminal.send("exit\n")
        list(terminal)
        with pytest.raises(ClientClosedError, match="its shell has ended"):
            terminal.send("more\n")


def test_a_terminal_is_used_within_with_and_once(shell: TerminalServer, ks: KubeSphere) -> None:
    terminal = connect(ks)
    for use in (lambda: terminal.send("x"), lambda: terminal.resize(1, 1), lambda: list(terminal)):
        with pytest.raises(ClientClosedError, match="inside `with`"):
            use()
    with terminal:
        pass
    with pytest.raises(ClientClosedError, match="opened once"), terminal:
        pass


@pytest.mark.parametrize(("rows", "cols"), [(0, 80), (24, 65_536), (-1, 80), (24, 1.5)])
def test_a_size_that_no_terminal_has_is_refused(ks: KubeSphere, rows: Any, cols: Any) -> None:
    with connect(ks) as terminal, pytest.raises(InvalidArgumentError, match="must be a number from 1 to 65535"):
        terminal.resize(rows, cols)


@pytest.mark.parametrize("frame", ["no json", "[]", '{"Op": "bind"}', '{"Op": "stdout", "Data": 1}'])
def test_a_frame_that_is_no_output_is_an_error(shell: TerminalServer, ks: KubeSphere, frame: str) -> None:
    shell.frames = [frame]
    with connect(ks) as terminal, pytest.raises(DecodeError, match="not output"):
        list(terminal)


def test_a_refusal_is_the_error_that_it_is(shell: TerminalServer, ks: KubeSphere) -> None:
    shell.refusals = [501]
    with pytest.raises(ServerError), connect(ks):
        pass
    shell.refusals = [401]
    with pytest.raises(NotAuthenticatedError), connect(ks):
        pass
    assert pooled(ks) == 0


def test_an_answer_that_opens_no_websocket_is_an_error(server: FakeServer) -> None:
    with KubeSphere(server.url, token=server.issue()) as ks, pytest.raises(Exception, match="404"), connect(ks):
        pass


def test_what_cannot_be_sent_is_refused_at_once(ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError):
        ks.terminal.v1alpha2.connect_pod_terminal("a/b", "web-0")


def test_without_the_extra_one_sentence_names_it(ks: KubeSphere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx_ws", None)
    with pytest.raises(ConfigError, match=r'pip install "kubesphere-client\[terminal\]"'), connect(ks):
        pass


@pytest.mark.parametrize("typed", ["ls\nexit\n", "ls; exit\n", "exit\n"])
def test_the_fakes_shell_ends_with_the_last_of_several_commands(typed: str) -> None:
    with FakeKubeSphere.demo() as fake, KubeSphere(fake.url, username="admin", password="P@88w0rd") as ks:
        terminal = connect(ks, container="web", shell="sh")
        with terminal:
            terminal.send(typed)
            assert "".join(terminal) == "web-0:/# " + typed.replace("\n", "\r\n")


def test_a_terminal_shows_whether_it_is_open(ks: KubeSphere) -> None:
    terminal = connect(ks)
    assert repr(terminal) == "<Terminal, not open>"
    with terminal:
        assert repr(terminal) == "<Terminal, open>"
    assert repr(terminal) == "<Terminal, ended>"
