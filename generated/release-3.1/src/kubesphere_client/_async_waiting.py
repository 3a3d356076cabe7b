"""Waiting: what `AsyncKubeSphere.wait_for()` takes; see `_async_polling` for what it does."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from kubesphere_client._patience import FIRST_PAUSE, WAIT_TIMEOUT

if TYPE_CHECKING:
    from kubesphere_client._conditions import Missing
    from kubesphere_client._watch import AsyncWatch

T = TypeVar("T")


async def sleep_in_loop(seconds: float) -> None:
    """`asyncio.sleep`, for which asyncio is not imported before it is needed."""
    import asyncio

    await asyncio.sleep(seconds)


class AsyncWaiting:
    """What an AsyncKubeSphere can wait for."""

    @overload
    async def wait_for(
        self,
        condition: Callable[[], Awaitable[object]],
        *,
        until: Literal["gone"],
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = sleep_in_loop,
    ) -> None: ...
    @overload
    async def wait_for(
        self,
        condition: Callable[[], Awaitable[T]],
        *,
        until: Callable[[T], object] | None = None,
        missing: Missing = "raise",
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = sleep_in_loop,
    ) -> T: ...
    @overload
    async def wait_for(
        self,
        condition: AsyncWatch[T],
        *,
        until: Callable[[T], object],
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = sleep_in_loop,
    ) -> T: ...
    async def wait_for(
        self,
        condition: Any,
        *,
        until: Any = None,
        missing: Missing = "raise",
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = sleep_in_loop,
    ) -> Any:
        """Wait until something is true, an object is as you want it, or an object is gone; see `KubeSphere.wait_for`.

        The condition is a function that returns something to await, such as a call of this client, or a watch.

        Example:
            await ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until=lambda user: user.status.state == "Active")
        """
        from kubesphere_client._async_polling import wait

        return await wait(
            condition, until=until, missing=missing, timeout=timeout, interval=interval, clock=clock, sleep=sleep
        )
