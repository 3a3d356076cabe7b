"""How long something is waited for, and how long between two looks at it. No input or output here."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from kubesphere_client._masking import shown
from kubesphere_client._retry import backoff
from kubesphere_client.errors import InvalidArgumentError, WaitTimeoutError

# Seconds. A workspace is gone when all that is in it is.
DELETION_TIMEOUT = 300.0
WAIT_TIMEOUT = 300.0
FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 10.0
_LONGEST_SHOWN = 300


class Patience:
    """How much longer to wait.

    Args:
        what: what is waited for, as the error says it.
        timeout: seconds in all, or None to wait for ever.
        interval: seconds between the first two looks; they double from one to the next, up to ten seconds or, where that is
            more, the interval itself. Up to half of each is left out by chance.
        clock: tells the seconds.

    Raises:
        InvalidArgumentError: times that cannot be.
    """

    def __init__(self, what: str, *, timeout: float | None, interval: float, clock: Callable[[], float]) -> None:
        if timeout is not None and not (isinstance(timeout, int | float) and timeout >= 0):
            raise InvalidArgumentError(f"{what}: the timeout must be a number of seconds or None, not {timeout!r:.80}.")
        if not (isinstance(interval, int | float) and 0 < interval < math.inf):
            raise InvalidArgumentError(f"{what}: the interval must be a number of seconds, not {interval!r:.80}.")
        self._what = what
        self._timeout = timeout
        self._clock = clock
        self._end = None if timeout is None else clock() + timeout
        self._interval = interval
        self._pauses = 0
        self._last: Any = None
        self._looked = False

    @property
    def remaining(self) -> float | None:
        """Seconds that are left, 0 at the end; None without a limit."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    def saw(self, value: Any) -> None:
        """Remember what was seen last."""
        self._last, self._looked = value, True

    def pause(self) -> float:
        """Seconds until the next look. The last look is when the time is up.

        Raises:
            WaitTimeoutError: the time was up before the look that just failed.
        """
        left = self.remaining
        if left == 0.0:
            raise self.over()
        pause = backoff(self._pauses, first=self._interval, longest=max(_LONGEST_PAUSE, self._interval))
        self._pauses += 1
        return pause if left is None else min(pause, left)

    def over(self) -> WaitTimeoutError:
        """The error that says so."""
        return WaitTimeoutError(
            f"{self._what}: not within {self._timeout:g} s; {self._seen()}.", last=self._last if self._looked else None
        )

    def _seen(self) -> str:
        if not self._looked:
            return "nothing was seen"
        text = str(self._last) if isinstance(self._last, Exception) else shown(self._last)
        return "seen last: " + (text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…").rstrip(".")
