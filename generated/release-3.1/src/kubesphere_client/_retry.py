"""Whether a call is made again after it failed, and how long to wait before that. No input or output here."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from kubesphere_client.errors import APIConnectionError, ConfigError

if TYPE_CHECKING:
    from kubesphere_client._http import Response

MAX_RETRIES = 2
_IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
_TRANSIENT = frozenset((429, 502, 503, 504))
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
_DOUBLINGS = 30  # which no pause needs, and no number is too large for
# A server that asks for more than this is not waited for: the caller hears of it at once.
_LONGEST_WISH = 30.0


def retries(value: Any) -> int:
    """A number of retries as a setting or an option gives it.

    Raises:
        ConfigError: it is no whole number from 0 on.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigError(f"max_retries must be a whole number, 0 or more, not {value!r:.80}.")
    return value


def backoff(
    attempt: int,
    *,
    first: float = _FIRST_PAUSE,
    longest: float = _LONGEST_PAUSE,
    chance: Callable[[], float] = random.random,
) -> float:
    """Seconds to wait after an attempt that failed, counted from 0: twice as long each time, the half of it by chance,
    so that clients which failed together do not come back together."""
    pause: float = min(longest, first * 2.0 ** min(attempt, _DOUBLINGS))
    return pause * (0.5 + chance() / 2)


class Attempts:
    """The attempts of one call.

    Args:
        method: the HTTP method. Those that are not idempotent are tried again only if nothing of them was sent.
        retries: how many attempts may follow the first one.
    """

    def __init__(self, method: str, retries: int) -> None:
        self._method = method
        self._idempotent = method in _IDEMPOTENT
        self._left = retries
        self._made = 0
        self._unanswered = 0
        self._may_have_worked = False

    def after_error(self, error: APIConnectionError) -> float | None:
        """Seconds to wait before the next attempt; None where the error is to be raised."""
        failure = error.failure
        if failure == "unsent":
            return self._next()
        if failure not in ("unanswered", "broken") or not self._idempotent:
            return None
        if failure == "unanswered":
            self._unanswered += 1
            # The server closes a connection without a byte when a handler panics, and it panics again on the same
            # call (evidence/auth.md, res-111). Once may have been a connection that it had grown tired of.
            if self._unanswered > 1:
                return None
        pause = self._next()
        self._may_have_worked = self._may_have_worked or pause is not None
        return pause

    def after_answer(self, response: Response) -> float | None:
        """Seconds to wait before the next attempt; None where the answer is the one to give."""
        if response.status_code not in _TRANSIENT or not self._idempotent:
            return None
        wish = retry_after(response)
        if wish is not None and wish > _LONGEST_WISH:
            return None
        pause = self._next()
        return pause if pause is None or wish is None else max(wish, 0.0)

    @property
    def deleted_before(self) -> bool:
        """Whether a DELETE that finds nothing may have deleted it itself, in an attempt whose answer was lost."""
        return self._method == "DELETE" and self._may_have_worked

    def _next(self) -> float | None:
        if self._left == 0:
            return None
        self._left -= 1
        self._made += 1
        return backoff(self._made - 1)


def retry_after(response: Response) -> float | None:
    """Seconds that the server asks for (RFC 9110, 10.2.3); None where it does not, or not so that it can be read."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
