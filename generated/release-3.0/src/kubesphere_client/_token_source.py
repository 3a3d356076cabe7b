"""Who asks for a token: one caller at a time, across threads and across tasks, while the others wait for it."""

from __future__ import annotations

import copy
import inspect
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary, WeakSet

from kubesphere_client._auth import Call, Given, Wait
from kubesphere_client.errors import ConfigError, KubeSphereError

if TYPE_CHECKING:
    import asyncio

    from kubesphere_client._auth import Check, Conversation, Credentials, Form, Step, Token
    from kubesphere_client._http import Response


class _Forkable(ABC):
    """Begins anew in a process that was forked: a thread that held the lock or was asking stayed in the parent."""

    _all: ClassVar[WeakSet[_Forkable]] = WeakSet()

    def __init__(self) -> None:
        self._begin()
        self._all.add(self)

    @abstractmethod
    def _begin(self) -> None:
        """Take a lock of its own, and no question that is under way."""

    @classmethod
    def begin_anew(cls) -> None:
        for one in list(cls._all):
            one._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Forkable.begin_anew)


class TokenSource(_Forkable):
    """Gives the threads of a client its token; while one thread asks for a new one, the others wait for it."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        super().__init__()

    def _begin(self) -> None:
        self._lock = Lock()
        # Whoever holds it asks. A lock is free again however a thread is interrupted, which nothing else can promise; and
        # credentials that call their own client end in a RecursionError instead of waiting for themselves.
        self._asking = RLock()
        self._landed: _Landed | None = None

    def get(self, ask: Callable[[Form | Check], Response]) -> Token:
        with self._lock:
            token, before = self._credentials.current(), self._landed
        if token is not None:
            return token
        with self._asking:
            with self._lock:
                token, landed = self._credentials.current(), self._landed
            if token is not None:
                return token
            if landed is not None and landed is not before:
                return _landed(landed.outcome)  # it came while this thread waited
            return self._ask(ask)

    def reject(self, token: Token) -> bool:
        with self._lock:
            return self._credentials.reject(token)

    def _ask(self, ask: Callable[[Form | Check], Response]) -> Token:
        try:
            token = _converse(self._credentials.renewal(), ask)
        except Exception as error:
            # A copy has no traceback, which would keep all that the frames hold.
            self._landed = _Landed(copy.copy(error) if isinstance(error, KubeSphereError) else error)
            raise
        self._landed = _Landed(token)
        return token


class _Landed:
    """What came of asking, which is told apart from what came before by being another object."""

    def __init__(self, outcome: Token | Exception) -> None:
        self.outcome = outcome


class AsyncTokenSource(_Forkable):
    """Gives the tasks of a client its token; while one asks for a new one, the others wait for it.

    It is asked for in a task of its own, so that cancelling a caller harms no other. Each event loop has its own such
    task: waiting for another loop's could last for ever, as that loop may have stopped.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        super().__init__()

    def _begin(self) -> None:
        self._flights: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[Token | Exception]]
        self._flights = WeakKeyDictionary()
        self._lock = Lock()

    async def get(self, ask: Callable[[Form | Check], Awaitable[Response]]) -> Token:
        import asyncio

        while True:
            with self._lock:
                token = self._credentials.current()
                if token is not None:
                    return token
                flight = self._flight(ask)
            if flight is asyncio.current_task():
                raise ConfigError("The credentials call the client that they are for, and would wait for themselves.")
            try:
                return _landed(await asyncio.shield(flight))
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not flight.cancelled() or task is None or task.cancelling():
                    raise
                # Only the task that asked was cancelled: ask again.

    def reject(self, token: Token) -> bool:
        with self._lock:
            return self._credentials.reject(token)

    def close(self) -> None:
        """Stop asking in the running loop."""
        import asyncio

        flight = self._flights.get(asyncio.get_running_loop())
        if flight is not None:
            flight.cancel()

    def _flight(self, ask: Callable[[Form | Check], Awaitable[Response]]) -> asyncio.Task[Token | Exception]:
        import asyncio

        loop = asyncio.get_running_loop()
        flight = self._flights.get(loop)
        if flight is None or flight.done():
            flight = self._flights[loop] = loop.create_task(_outcome(self._credentials.renewal(), ask))
        return flight


def _landed(outcome: Token | Exception) -> Token:
    if isinstance(outcome, KubeSphereError):
        # A copy for each waiter: tracebacks grow on the exception itself.
        raise copy.copy(outcome) from outcome.__cause__
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _converse(conversation: Conversation, ask: Callable[[Form | Check], Response]) -> Token:
    try:
        step = next(conversation)
        while True:
            try:
                outcome = _take(step, ask)
            except KubeSphereError as error:
                step = conversation.throw(error)
            else:
                step = conversation.send(outcome)
    except StopIteration as done:
        token: Token = done.value
        return token
    finally:
        conversation.close()  # it may hold the lock of a cache


def _take(step: Step, ask: Callable[[Form | Check], Response]) -> Any:
    match step:
        case Wait():
            return time.sleep(step.seconds)
        case Call():
            given = Given(step.function())
            if inspect.isawaitable(given.value):
                if inspect.iscoroutine(given.value):
                    given.value.close()
                raise ConfigError("These credentials are async, which goes with AsyncKubeSphere.")
            return given
        case _:
            return ask(step)


async def _outcome(conversation: Conversation, ask: Callable[[Form | Check], Awaitable[Response]]) -> Token | Exception:
    # Errors are returned: those of a task that nobody awaits any more would be logged.
    try:
        step = next(conversation)
        while True:
            try:
                outcome = await _take_async(step, ask)
            except KubeSphereError as error:
                step = conversation.throw(error)
            else:
                step = conversation.send(outcome)
    except StopIteration as done:
        token: Token = done.value
        return token
    except Exception as error:
        return error
    finally:
        conversation.close()  # it may hold the lock of a cache


async def _take_async(step: Step, ask: Callable[[Form | Check], Awaitable[Response]]) -> Any:
    import asyncio

    match step:
        case Wait():
            return await asyncio.sleep(step.seconds)
        case Call():
            # In a thread, as it may well block; the call of a coroutine function does not.
            given = Given(await asyncio.to_thread(step.function))
            return Given(await given.value) if inspect.isawaitable(given.value) else given
        case _:
            return await ask(step)
