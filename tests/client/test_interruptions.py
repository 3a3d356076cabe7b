"""Calls that are cancelled or interrupted wherever that can be: no connection is lost, and the client stays usable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import httpx
import pytest

from kubesphere_client import AsyncKubeSphere, KubeSphere, _closing, _exchange
from kubesphere_client._closing import ClosingStream
from kubesphere_client.testing import FakeKubeSphere

_ADMIN = {"username": "admin", "password": "P@88w0rd", "max_retries": 0}


class CancelledAt:
    """Awaits something, and cancels the task that does so when it waits for the nth time."""

    def __init__(self, awaitable: Awaitable[Any], nth: int) -> None:
        self.awaitable = awaitable
        self.nth = nth
        self.waits = 0

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self.awaitable.__await__()
        take, value = steps.send, None
        while True:
            try:
                waiting = take(value)
            except StopIteration as done:
                return done.value
            if self.waits == self.nth:
                task = asyncio.current_task()
                assert task is not None
                asyncio.get_running_loop().call_soon(task.cancel)
            self.waits += 1
            try:
                value = yield waiting
                take = steps.send
            except BaseException as error:
                take, value = steps.throw, error


async def got(ks: AsyncKubeSphere) -> None:
    await ks.iam.v1alpha2.get_user("admin")


async def listed(ks: AsyncKubeSphere) -> None:
    assert [user async for user in ks.iam.v1alpha2.list_users(limit=1)]


async def streamed(ks: AsyncKubeSphere) -> None:
    async with ks.with_streaming_response.iam.v1alpha2.get_user("admin") as response:
        assert [chunk async for chunk in response.iter_bytes()]


@pytest.mark.parametrize("call", [got, listed, streamed])
def test_a_call_that_is_cancelled_wherever_it_waits_gives_its_connection_back(
    call: Callable[[AsyncKubeSphere], Awaitable[None]],
) -> None:
    async def cancelled(address: str, nth: int) -> bool:
        """Whether the call waited so often."""
        async with AsyncKubeSphere(address, **_ADMIN) as ks:
            await call(ks)
            waiting = CancelledAt(call(ks), nth)

            async def run() -> None:
                await waiting

            task = asyncio.create_task(run())
            await asyncio.wait([task])
            await asyncio.wait_for(idle(ks), 5.0)
            await asyncio.wait_for(call(ks), 5.0)
            return waiting.waits > nth

    async def run(address: str) -> int:
        nth = 0
        while await cancelled(address, nth):
            nth += 1
        return nth

    with FakeKubeSphere.demo() as fake:
        assert asyncio.run(run(fake.url)) > 2


def test_a_body_is_closed_to_the_end_however_often_its_reader_is_cancelled() -> None:
    class Body(httpx.AsyncByteStream):
        def __init__(self) -> None:
            self.lets_go = asyncio.get_running_loop().create_future()
            self.closed = False

        async def aclose(self) -> None:
            await asyncio.sleep(0)
            await self.lets_go
            await asyncio.sleep(0)
            self.closed = True

    async def run() -> None:
        body = Body()
        task = asyncio.create_task(ClosingStream(body).aclose())
        for _ in range(5):
            await asyncio.sleep(0)
            task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        body.lets_go.set_result(None)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert body.closed

    asyncio.run(run())


def test_a_body_that_cannot_be_closed_says_why() -> None:
    class Body(httpx.AsyncByteStream):
        async def aclose(self) -> None:
            await asyncio.sleep(0)
            await asyncio.wait_for(asyncio.get_running_loop().create_future(), 0.001)

    with pytest.raises(TimeoutError):
        asyncio.run(ClosingStream(Body()).aclose())


def test_a_body_whose_closing_has_a_time_limit_of_its_own_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_closing, "_GRACE", 0.01)

    class Body(httpx.AsyncByteStream):
        gave_up = False

        async def aclose(self) -> None:
            try:
                async with asyncio.timeout(0.001):
                    await asyncio.get_running_loop().create_future()
            except TimeoutError:
                self.gave_up = True

    async def run() -> bool:
        body = Body()
        await ClosingStream(body).aclose()  # and the task is not cancelled by it
        return body.gave_up

    assert asyncio.run(run())


def test_a_body_that_never_lets_itself_be_closed_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_closing, "_GRACE", 0.01)

    class Body(httpx.AsyncByteStream):
        async def aclose(self) -> None:
            await asyncio.get_running_loop().create_future()

    async def run() -> None:
        async with asyncio.timeout(0.001):
            await ClosingStream(Body()).aclose()

    with pytest.raises(TimeoutError):
        asyncio.run(run())


async def idle(ks: AsyncKubeSphere) -> None:
    """Returns when all connections wait for the next call."""
    while busy(ks):
        await asyncio.sleep(0.001)


def busy(ks: Any) -> list[Any]:
    pool = ks._sender._connections._client._transport._pool
    return [*pool._requests, *(one for one in pool.connections if not (one.is_idle() or one.is_closed()))]


@pytest.mark.parametrize("moment", ["_refuses", "_log_answer", "Read"])
def test_ctrl_c_between_two_steps_gives_the_connection_back(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with FakeKubeSphere.demo() as fake, KubeSphere(fake.url, **_ADMIN) as ks:
        ks.iam.v1alpha2.get_user("admin")
        with monkeypatch.context() as patch:
            patch.setattr(_exchange, moment, interrupted)
            with pytest.raises(KeyboardInterrupt):
                ks.with_streaming_response.iam.v1alpha2.get_user("zzz")
        assert busy(ks) == []
        assert ks.iam.v1alpha2.get_user("admin").metadata.name == "admin"
