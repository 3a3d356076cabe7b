"""Logins with user name and password, and what they remember: the last token, and that they were refused."""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Callable
from time import time
from typing import TYPE_CHECKING

from kubesphere_client._auth import (
    Check,
    Conversation,
    Form,
    Secret,
    Token,
    basic_token,
    login_refused,
    read_token,
)
from kubesphere_client.errors import (
    AccountLockedError,
    APIConnectionError,
    LoginError,
    WrongCredentialsError,
)

if TYPE_CHECKING:
    from kubesphere_client._http import Response
    from kubesphere_client._token_cache import CacheEntry

log = logging.getLogger("kubesphere_client")
_REFUSED = frozenset((400, 401, 403))
# A token dies 10 seconds before `expires_in` says (evidence/auth.md §4).
_SKEW = 10.0
_RENEWAL_PAUSE = 10.0
# What a locked account is told on other calls, `Retry-After: 60` (evidence/auth.md §5).
_LOCK_PAUSE = 60.0


class PasswordLogin:
    """A user name and password, and the token they gave last.

    Args:
        cache: where tokens are shared with other processes.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        username: str,
        password: Secret,
        *,
        cache: CacheEntry | None = None,
        clock: Callable[[], float] = time,
    ) -> None:
        self.username = username
        self._password = password
        self._cache = cache
        self._clock = clock
        self._refusal = _Refusal(clock)
        self._token: Token | None = None
        self._rejected: Token | None = None
        self._renew_later = -math.inf

    def current(self) -> Token | None:
        token, now = self._token, self._clock()
        if token is None or token is self._rejected:
            return None
        return token if now < token.renew_at or now < min(self._renew_later, token.expires_at - _SKEW) else None

    def reject(self, token: Token) -> bool:
        # Kept beside the token, not as a mark on it: a 401 that belongs to an older one says nothing about a newer one,
        # which may be taking its place at this moment, nor does it take back that the newer one was refused too.
        if token is self._token:
            self._rejected = token
        return True

    def renewal(self) -> Conversation:
        """Take what another process has cached; else refresh; else log in, where there is nothing to refresh or the
        server refuses, as it does after another login of the same user when it allows one login only (recordings
        short-04 to short-10)."""
        if self._cache is None:
            return self._accept((yield from self._renewed(self._token)))
        lock = yield from self._cache.locked()
        try:
            cached = self._cache.read()
            if cached is not None and self._is_news(cached):
                return self._accept(cached)
            token = yield from self._renewed(cached or self._token)
            if token is not self._token:
                self._cache.write(token)
            return self._accept(token)
        finally:
            lock.release()

    def _renewed(self, old: Token | None) -> Conversation:
        if old is not None and old.refresh is not None:
            asked_at = self._clock()
            try:
                response = yield Form("refresh_token", refresh_token=old.refresh)
            except APIConnectionError as error:
                if self._token is None or not self._goes_on(str(error)):
                    raise
                return self._token
            if response.status_code == 200:
                return read_token(response, asked_at)
            if response.status_code not in _REFUSED:
                failure = login_refused(response)
                if self._token is None or not self._goes_on(failure.message):
                    raise failure
                return self._token
        self._refusal.check()
        asked_at = self._clock()
        response = yield Form("password", username=Secret(self.username), password=self._password)
        with self._refusal:
            return read_token(response, asked_at)

    def _is_news(self, cached: Token) -> bool:
        rejected = None if self._rejected is None else self._rejected.access.reveal()
        return self._clock() < cached.renew_at and cached.access.reveal() != rejected

    def _goes_on(self, why: str) -> bool:
        """Whether the token that was to be renewed ahead of time is good for a while yet."""
        token, now = self._token, self._clock()
        if token is None or token is self._rejected or now >= token.expires_at - _SKEW:
            return False
        log.warning("the token could not be renewed (%s); trying again in %.0f s", why, _RENEWAL_PAUSE)
        self._renew_later = now + _RENEWAL_PAUSE
        return True

    def _accept(self, token: Token) -> Token:
        self._token = token
        return token


class BasicLogin:
    """A user name and password that go with every call (HTTP Basic).

    They are checked once before the first call: each call with a wrong password counts as a failed login, and many
    threads would lock the account at once (evidence/auth.md §5).
    """

    def __init__(self, username: str, password: Secret, *, clock: Callable[[], float] = time) -> None:
        self._token = basic_token(username, password)
        self._refusal = _Refusal(clock)
        self._taken = False

    def current(self) -> Token | None:
        return self._token if self._taken else None

    def reject(self, token: Token) -> bool:
        self._taken = False
        return True

    def renewal(self) -> Conversation:
        self._refusal.check()
        response: Response = yield Check(self._token)
        if response.status_code in (401, 429) or response.status_code >= 500:
            with self._refusal:
                raise login_refused(response)
        self._taken = True
        return self._token


class _Refusal:
    """Remembers that a login was refused: sending the same once more would only bring the account nearer to its lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._error: LoginError | None = None
        self._until = -math.inf

    def check(self) -> None:
        """
        Raises:
            LoginError: what was refused before, and is not to be sent again now.
        """
        error = self._error
        if error is not None and self._clock() < self._until:
            raise type(error)(
                error.message,
                status_code=error.status_code,
                reason=error.reason,
                body=error.body,
                response=error.response,
                hint=f"{error.hint} This was the answer before; {self._remedy()}",
            )

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if isinstance(error, WrongCredentialsError) and "incorrect password" in error.message:
            self._error, self._until = copy.copy(error), math.inf
        elif isinstance(error, WrongCredentialsError | AccountLockedError):
            self._error, self._until = copy.copy(error), self._clock() + _LOCK_PAUSE

    def _remedy(self) -> str:
        if self._until == math.inf:
            return "make a new client with the right ones, as these are not sent again."
        return f"the next attempt is made in {self._until - self._clock():.0f} s at the earliest."
