"""Who asks for a token: one caller at a time, across threads and across tasks, while the others wait for it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from kubesphere_client.errors import KubeSphereError

if TYPE_CHECKING:
    from kubesphere_client._auth import Conversation, Credentials, Form, Token
    from kubesphere_client._http import Response


class TokenSource:
    """Gives the threads of a client its token; while one thread asks for a new one, the others wait for it."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._lock = Lock()
        self._flight: Future[Token | Exception | None] | None = None

    def get(self, ask: Callable[[Form], Response]) -> Token:
        while True:
            with self._lock:
                token = self._credentials.current()
                if token is not None:
                    return token
                leading = self._flight is None
                flight = self._flight = self._flight or Future()
            if leading:
                return self._lead(flight, ask)
            outcome = flight.result()
            if outcome is not None:
                return _landed(outcome)
            # The thread that asked was interrupted, which is none of this one's business: ask again.

    def reject(self, token: Token) -> bool:
        with self._lock:
            return self._credentials.reject(token)

    def _lead(self, flight: Future[Token | Exception | None], ask: Callable[[Form], Response]) -> Token:
        outcome: Token | Exception | None = None
        try:
            outcome = token = _converse(self._credentials.renewal(), ask)
        except Exception as error:
            outcome = error
            raise
        finally:  # after KeyboardInterrupt too, else the others would wait for ever
            with self._lock:
                self._flight = None
            flight.set_result(outcome)
        return token


class AsyncTokenSource:
    """Gives the tasks of a client its token; while one asks for a new one, the others wait for it.

    It is asked for in a task of its own, so that cancelling a caller harms no other. Each event loop has its own such
    task: waiting for another loop's could last for ever, as that loop may have stopped.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._flights: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[Token | Exception]]
        self._flights = WeakKeyDictionary()
        self._lock = Lock()

    async def get(self, ask: Callable[[Form], Awaitable[Response]]) -> Token:
        while True:
            with self._lock:
                token = self._credentials.current()
                if token is not None:
                    return token
                flight = self._flight(ask)
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
        flight = self._flights.get(asyncio.get_running_loop())
        if flight is not None:
            flight.cancel()

    def _flight(self, ask: Callable[[Form], Awaitable[Response]]) -> asyncio.Task[Token | Exception]:
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


def _converse(conversation: Conversation, ask: Callable[[Form], Response]) -> Token:
    form = next(conversation)
    while True:
        response = ask(form)
        try:
            form = conversation.send(response)
        except StopIteration as done:
            token: Token = done.value
            return token


async def _outcome(conversation: Conversation, ask: Callable[[Form], Awaitable[Response]]) -> Token | Exception:
    # Errors are returned: those of a task that nobody awaits any more would be logged.
    try:
        form = next(conversation)
        while True:
            response = await ask(form)
            form = conversation.send(response)
    except StopIteration as done:
        token: Token = done.value
        return token
    except Exception as error:
        return error
