"""Waiting: `wait_for()` on both clients, and deletions that return when the object is gone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from kubesphere_client._patience import FIRST_PAUSE, WAIT_TIMEOUT, Patience
from kubesphere_client._watch import AsyncWatch, Watch
from kubesphere_client.errors import ClusterNotFoundError, InvalidArgumentError, KubeSphereError, NotFoundError

if TYPE_CHECKING:
    from kubesphere_client._operation import Operation

T = TypeVar("T")
Missing: TypeAlias = Literal["raise", "wait"]
_NAME = "wait_for"
# A router's words for an address that is not served, which says nothing of an object (recordings mc-005-off, mc-007-off).
_NO_ROUTE = ("404: Page Not Found", "404 page not found")


class Waiting:
    """What a KubeSphere can wait for."""

    @overload
    def wait_for(
        self,
        condition: Callable[[], object],
        *,
        until: Literal["gone"],
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None: ...
    @overload
    def wait_for(
        self,
        condition: Callable[[], T],
        *,
        until: Callable[[T], object] | None = None,
        missing: Missing = "raise",
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> T: ...
    @overload
    def wait_for(
        self,
        condition: Watch[T],
        *,
        until: Callable[[T], object],
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> T: ...
    def wait_for(
        self,
        condition: Any,
        *,
        until: Any = None,
        missing: Missing = "raise",
        timeout: float | None = WAIT_TIMEOUT,
        interval: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> Any:
        """Wait until something is true, an object is as you want it, or an object is gone; return what was seen then.

        Args:
            condition: a function that is called again and again, or a watch whose objects are looked at as they change.
                A watch is closed at the end.
            until: what the value must fulfil, as a function of it; by default the value itself must be true. "gone" waits
                until the function finds no object, or another one of the same name.
            missing: "wait" takes a NotFoundError of the condition for "not yet"; "raise" lets it through.
            timeout: seconds to wait, or None to wait for ever. A call that is under way is not broken off.
            interval: seconds between the first two calls of a function; the pauses double, up to ten seconds.
            clock, sleep: replace them in a test that must not take its time.

        Raises:
            WaitTimeoutError: the time is up. It says what was seen last.
            InvalidArgumentError: times or a condition that cannot be waited for.

        Example:
            ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane").status.state == "Active")
        """
        patience = Patience(_NAME, timeout=timeout, interval=interval, clock=clock)
        if isinstance(condition, Watch):
            return _watched(condition, _test(until, watches=True), patience, sleep)
        if until == "gone":
            return wait_until_gone(condition, patience, sleep=sleep)
        return _polled(condition, _test(until), missing, patience, sleep)


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
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
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
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
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
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
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
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> Any:
        """Wait until something is true, an object is as you want it, or an object is gone; see `KubeSphere.wait_for`.

        The condition is a function that returns something to await, such as a call of this client, or a watch.

        Example:
            await ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until=lambda user: user.status.state == "Active")
        """
        patience = Patience(_NAME, timeout=timeout, interval=interval, clock=clock)
        if isinstance(condition, AsyncWatch):
            return await _async_watched(condition, _test(until, watches=True), patience, sleep)
        if until == "gone":
            return await async_wait_until_gone(condition, patience, sleep=sleep)
        return await _async_polled(condition, _test(until), missing, patience, sleep)


class Absence:
    """Decides whether an object is gone: it is not found, or another one has its name.

    Args:
        patience: told of what is seen.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._uid: Any = None

    def after(self, value: Any) -> bool:
        """Whether the object that was first seen is gone, now that this was found."""
        self._patience.saw(value)
        metadata = getattr(value, "metadata", None)
        uid = getattr(metadata, "uid", None)
        if self._uid is None:
            self._uid = uid
        return uid is not None and uid != self._uid


def wait_until_gone(
    get: Callable[[], object],
    patience: Patience,
    *,
    absence: Absence | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Return when an object is gone."""
    absence = absence or Absence(patience)
    while True:
        try:
            if absence.after(get()):
                return
        except NotFoundError as error:
            if not is_missing(error):
                raise
            return
        sleep(patience.pause())


async def async_wait_until_gone(
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
            if absence.after(await get()):
                return
        except NotFoundError as error:
            if not is_missing(error):
                raise
            return
        await sleep(patience.pause())


def delete_and_wait(delete: Callable[[], T], get: Callable[[], object], *, name: str, timeout: float | None) -> T:
    """Delete an object and return when it is gone: not found, or there again as another one.

    It is looked at before, so that one who may not see it hears of that while it is still there.
    """
    patience = Patience(name, timeout=timeout, interval=FIRST_PAUSE, clock=time.monotonic)
    absence = Absence(patience)
    try:
        absence.after(get())
    except NotFoundError as error:
        if not is_missing(error):
            raise
    answer = delete()
    wait_until_gone(get, patience, absence=absence)
    return answer


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
    await async_wait_until_gone(get, patience, absence=absence)
    return answer


def check_waitable(operation: Operation[Any], query: Mapping[str, Any] | None, options: Mapping[str, Any]) -> None:
    """
    Raises:
        InvalidArgumentError: nothing will be deleted.
    """
    given = {**(query or {}), **(options.get("extra_query") or {})}
    if given.get("dryRun"):
        raise InvalidArgumentError(f"{operation.name}: a dry run deletes nothing that could be waited for.")


def is_missing(error: NotFoundError) -> bool:
    """Whether an object is missing, and not the cluster or the address."""
    return not isinstance(error, ClusterNotFoundError) and error.response.text.strip() not in _NO_ROUTE


def _test(until: Any, *, watches: bool = False) -> Callable[[Any], object]:
    if callable(until):
        return until  # type: ignore[no-any-return]  # it is the user's
    if until is None and not watches:
        return bool
    raise InvalidArgumentError(
        f"{_NAME}: until must be a function of the object"
        + (', as a watch tells nothing of what is gone already; poll for "gone".' if watches else ', or "gone".')
    )


def _polled(
    condition: Callable[[], Any],
    test: Callable[[Any], object],
    missing: Missing,
    patience: Patience,
    sleep: Callable[[float], object],
) -> Any:
    while True:
        try:
            value = condition()
            patience.saw(value)
            if test(value):
                return value
        except NotFoundError as error:
            _not_yet(error, missing, patience)
        sleep(patience.pause())


async def _async_polled(
    condition: Callable[[], Awaitable[Any]],
    test: Callable[[Any], object],
    missing: Missing,
    patience: Patience,
    sleep: Callable[[float], Awaitable[object]],
) -> Any:
    while True:
        try:
            value = await condition()
            patience.saw(value)
            if test(value):
                return value
        except NotFoundError as error:
            _not_yet(error, missing, patience)
        await sleep(patience.pause())


def _not_yet(error: NotFoundError, missing: Missing, patience: Patience) -> None:
    if missing != "wait" or not is_missing(error):
        raise error
    patience.saw(error)


def _watched(
    watch: Watch[Any], test: Callable[[Any], object], patience: Patience, sleep: Callable[[float], object]
) -> Any:
    left = patience.remaining
    # The thread that waits for an event cannot look at the clock.
    alarm = None if left is None else threading.Timer(left, watch.close)
    if alarm is not None:
        alarm.daemon = True
        alarm.start()
    try:
        while True:
            try:
                for event in watch:
                    if _fits(event, test, patience):
                        return event.object
            except KubeSphereError:
                if patience.remaining != 0.0:
                    raise
            sleep(patience.pause())
    finally:
        if alarm is not None:
            alarm.cancel()
        watch.close()


async def _async_watched(
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
                    if _fits(event, test, patience):
                        return event.object
                await sleep(patience.pause())
    except TimeoutError:
        if not limit.expired():
            raise
        raise patience.over() from None
    finally:
        await watch.close()


def _fits(event: Any, test: Callable[[Any], object], patience: Patience) -> bool:
    if event.type not in ("ADDED", "MODIFIED"):
        if event.type == "DELETED":
            patience.saw("it was deleted")
        return False
    patience.saw(event.object)
    return bool(test(event.object))
