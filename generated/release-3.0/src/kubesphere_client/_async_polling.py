"""How an AsyncKubeSphere waits; see `_polling`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from kubesphere_client._conditions import (
    WAIT_FOR,
    Absence,
    Missing,
    awaitable,
    check_condition,
    condition_test,
    fits,
    is_missing,
    not_yet,
)
from kubesphere_client._patience import FIRST_PAUSE, Patience
from kubesphere_client._watch import AsyncWatch
from kubesphere_client.errors import NotFoundError

T = TypeVar("T")


async def wait(
    condition: Any,
    *,
    until: Any,
    missing: Missing,
    timeout: float | None,
    interval: float,
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
) -> Any:
    """Wait as `AsyncKubeSphere.wait_for` says."""
    patience = Patience(WAIT_FOR, timeout=timeout, interval=interval, clock=clock)
    if isinstance(condition, AsyncWatch):
        return await _watched(condition, condition_test(until, watches=True), patience, sleep)
    check_condition(condition, "a watch of this client")
    if until == "gone":
        return await wait_until_gone(condition, patience, sleep=sleep)
    return await _polled(condition, condition_test(until), missing, patience, sleep)


async def wait_until_gone(
    get: Callable[[], Awaitable[object]],
    patience: Patience,
    *,
    absence: Absence | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Return when an object is gone."""
    absence = absence or Absence(patience)
    while True:
        try:
            if absence.after(await awaitable(get())):
                return
        except NotFoundError as error:
            if not is_missing(error):
                raise
            return
        await sleep(patience.pause())


async def async_delete_and_wait(
    delete: Callable[[], Awaitable[T]], get: Callable[[], Awaitable[object]], *, name: str, timeout: float | None
) -> T:
    """Delete an object and return when it is gone; see `delete_and_wait`."""
    patience = Patience(name, timeout=timeout, interval=FIRST_PAUSE, clock=time.monotonic)
    absence = Absence(patience)
    try:
        absence.after(await get())
    except NotFoundError as error:
        if not is_missing(error):
            raise
    answer = await delete()
    await wait_until_gone(get, patience, absence=absence)
    return answer


async def _polled(
    condition: Callable[[], Awaitable[Any]],
    test: Callable[[Any], object],
    missing: Missing,
    patience: Patience,
    sleep: Callable[[float], Awaitable[object]],
) -> Any:
    while True:
        try:
            value = await awaitable(condition())
            patience.saw(value)
            if test(value):
                return value
        except NotFoundError as error:
            not_yet(error, missing, patience)
        await sleep(patience.pause())


async def _watched(
    watch: AsyncWatch[Any],
    test: Callable[[Any], object],
    patience: Patience,
    sleep: Callable[[float], Awaitable[object]],
) -> Any:
    limit = asyncio.timeout(patience.remaining)
    try:
        async with limit:
            while True:
                async for event in watch:
                    if fits(event, test, patience):
                        return event.object
                await sleep(patience.pause())
    except TimeoutError:
        if not limit.expired():
            raise
        raise patience.over() from None
    finally:
        await watch.close()
