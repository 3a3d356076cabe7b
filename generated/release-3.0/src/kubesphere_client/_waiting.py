"""Waiting: what `KubeSphere.wait_for()` takes; see `_polling` for what it does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from kubesphere_client._patience import FIRST_PAUSE, WAIT_TIMEOUT

if TYPE_CHECKING:
    from kubesphere_client._conditions import Missing
    from kubesphere_client._watch import Watch

T = TypeVar("T")


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
        from kubesphere_client._polling import wait

        return wait(
            condition, until=until, missing=missing, timeout=timeout, interval=interval, clock=clock, sleep=sleep
        )
