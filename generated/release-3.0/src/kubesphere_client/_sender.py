"""The senders: they take the steps of a call, one of them for KubeSphere and one for AsyncKubeSphere."""

from __future__ import annotations

import copy
import os
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from kubesphere_client._bodies import paced
from kubesphere_client._exchange import Wire
from kubesphere_client._http import AsyncClient, Client, translated
from kubesphere_client._open_streams import abandon
from kubesphere_client._steps import Close, GetToken, Pause, Read, Reject, Send
from kubesphere_client.errors import ClientClosedError, KubeSphereError

if TYPE_CHECKING:
    import asyncio

    from kubesphere_client._auth import Check, Form
    from kubesphere_client._http import AsyncByteStream, Response
    from kubesphere_client._operation import Operation, PreparedRequest
    from kubesphere_client._steps import Step, Steps
    from kubesphere_client._token_source import AsyncTokenSource, TokenSource

C = TypeVar("C", bound="Client | AsyncClient")
_CLOSED = "This client is closed; make a new one, or keep it open for as long as it is used."


class Connections(Generic[C]):
    """The httpx client behind a KubeSphere and all that derive from it.

    Args:
        make: makes it; anew in a process that was forked, and in an event loop that follows one that is closed, as
            neither can use the connections of the other.
        owned: whether it is closed with the KubeSphere.
    """

    def __init__(self, make: Callable[[], C], *, owned: bool) -> None:
        self._make = make
        self._client = make()
        self._abandoned: list[C] = []
        self._process = os.getpid()
        self._loop: weakref.ref[asyncio.AbstractEventLoop] | None = None
        self._streams: weakref.WeakSet[Response] = weakref.WeakSet()
        self.owned = owned
        self.closed = False

    def client(self) -> C:
        """
        Raises:
            ClientClosedError: it was closed.
        """
        if self.closed or self._client.is_closed:
            raise ClientClosedError(_CLOSED)
        if self._process != os.getpid():
            self._process, self._loop = os.getpid(), None
            self._renew()
        return self._client

    def check_loop(self) -> None:
        """
        Raises:
            ClientClosedError: this runs in another event loop than the one to which the connections belong.
        """
        import asyncio  # what costs a sync client 8 ms is imported where it is needed

        loop = asyncio.get_running_loop()
        if self._process != os.getpid() or self._loop is None:
            self._loop = weakref.ref(loop)
            return
        first = self._loop()
        if first is loop:
            return
        if not self.owned or (first is not None and not first.is_closed()):
            raise ClientClosedError(
                "This client is used in another event loop, to which its connections belong; "
                "make one AsyncKubeSphere in each loop."
            )
        self._loop = weakref.ref(loop)
        self._renew()

    def streams(self, response: Response) -> None:
        """Take note of an answer whose body is still to be read."""
        self._streams.add(response)

    def close_streams(self) -> None:
        """Let whoever reads an answer hear that the client is closed, which closing a socket does not tell a thread."""
        self.closed = True
        for response in list(self._streams):
            abandon(response)

    def _renew(self) -> None:
        # The old one is kept: closing it would say goodbye on connections that are the parent's, or wake a dead loop.
        self._abandoned.append(self._client)
        self._client = self._make()


class _AnySender(Generic[C]):
    def __init__(self, connections: Connections[C], *, content: Callable[[Any], Any], **settings: Any) -> None:
        self._connections = connections
        self._wire = Wire(connections.client, content=content, **settings)
        self._derived = False
        self._closed = False

    def on_cluster(self, prefix: str) -> Self:
        """The same sender for a member cluster, whose addresses have a prefix such as "/clusters/member-1"."""
        member = self.derived()
        member._wire = copy.copy(self._wire)
        member._wire.cluster = prefix
        return member

    def derived(self) -> Self:
        """A sender that shares connections and token with this one, and can be closed without closing this one."""
        other = copy.copy(self)
        other._derived = True
        return other

    def _check_open(self) -> None:
        if self._closed:
            raise ClientClosedError(_CLOSED)
        self._connections.client()


class Sender(_AnySender[Client]):
    """Sends for a KubeSphere."""

    def __init__(self, connections: Connections[Client], *, tokens: TokenSource | None, **settings: Any) -> None:
        super().__init__(connections, content=lambda content: content, tokens=tokens is not None, **settings)
        self._tokens = tokens

    def send(
        self, operation: Operation[Any], prepared: PreparedRequest, *, stream: bool = False, endless: bool = False
    ) -> Response:
        """Send a request and return the answer, whatever its status; the body of a stream is not read yet.

        Args:
            stream: leave the body to be read.
            endless: let the body of a success be silent for as long as it likes; its headers have the client's time.

        Raises:
            LoginError: no token was to be had.
            APIConnectionError: there was no answer.
        """
        response = self._run(self._wire.steps(operation, prepared, stream, endless))
        if stream:
            self._connections.streams(response)
        return response

    def close(self) -> None:
        self._closed = True
        if not self._derived:
            self._connections.close_streams()
            if self._connections.owned:
                self._connections._client.close()

    def _run(self, steps: Steps) -> Response:
        self._check_open()
        step: Step | None = None
        try:
            step = next(steps)
            while True:
                try:
                    outcome = self._take(step)
                except KubeSphereError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration as done:
            response: Response = done.value
            return response
        except BaseException:  # KeyboardInterrupt too
            if (unread := _open_answer(step)) is not None:
                unread.close()
            raise

    def _take(self, step: Step) -> Any:
        match step:
            case Send():
                with translated(step.operation, private=step.private):
                    step.response = self._connections.client().send(
                        step.request, auth=step.auth, stream=True, follow_redirects=False
                    )
                return step.response
            case Read():
                paced(step.response, private=step.private)
                try:
                    with translated(step.operation, private=step.private, answered=True):
                        return step.response.read()
                finally:
                    step.response.close()
            case Close():
                return step.response.close()
            case Pause():
                return time.sleep(step.seconds)
            case GetToken():
                return None if self._tokens is None else self._tokens.get(self._ask)
            case Reject():
                return self._tokens is not None and self._tokens.reject(step.token)

    def _ask(self, form: Form | Check) -> Response:
        return self._run(self._wire.login(form))


class AsyncSender(_AnySender[AsyncClient]):
    """Sends for an AsyncKubeSphere."""

    def __init__(
        self, connections: Connections[AsyncClient], *, tokens: AsyncTokenSource | None, **settings: Any
    ) -> None:
        super().__init__(connections, content=_async_content, tokens=tokens is not None, **settings)
        self._tokens = tokens

    async def send(
        self, operation: Operation[Any], prepared: PreparedRequest, *, stream: bool = False, endless: bool = False
    ) -> Response:
        """Send a request and return the answer; see `Sender.send`."""
        response = await self._run(self._wire.steps(operation, prepared, stream, endless))
        if stream:
            self._connections.streams(response)
        return response

    async def close(self) -> None:
        self._closed = True
        if not self._derived:
            self._connections.close_streams()
            if self._tokens is not None:
                self._tokens.close()
            if self._connections.owned:
                await self._connections._client.aclose()

    async def _run(self, steps: Steps) -> Response:
        import asyncio

        self._check_open()
        self._connections.check_loop()
        step: Step | None = None
        try:
            step = next(steps)
            while True:
                try:
                    outcome = await self._take(step)
                except KubeSphereError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration as done:
            response: Response = done.value
            return response
        except (Exception, asyncio.CancelledError):
            if (unread := _open_answer(step)) is not None:
                await unread.aclose()
            raise

    async def _take(self, step: Step) -> Any:
        match step:
            case Send():
                from kubesphere_client._closing import ClosingStream  # which imports asyncio

                with translated(step.operation, private=step.private):
                    step.response = await self._connections.client().send(
                        step.request, auth=step.auth, stream=True, follow_redirects=False
                    )
                step.response.stream = ClosingStream(cast("AsyncByteStream", step.response.stream))
                return step.response
            case Read():
                paced(step.response, private=step.private)
                try:
                    with translated(step.operation, private=step.private, answered=True):
                        return await step.response.aread()
                finally:
                    await step.response.aclose()
            case Close():
                return await step.response.aclose()
            case Pause():
                import asyncio

                return await asyncio.sleep(step.seconds)
            case GetToken():
                return None if self._tokens is None else await self._tokens.get(self._ask)
            case Reject():
                return self._tokens is not None and self._tokens.reject(step.token)

    async def _ask(self, form: Form | Check) -> Response:
        return await self._run(self._wire.login(form))


def _open_answer(step: Step | None) -> Response | None:
    """The answer that a step is about, which holds a connection until it is closed."""
    return step.response if isinstance(step, Send | Read | Close | Reject) else None


def _async_content(content: Any) -> Any:
    if hasattr(content, "read"):
        return _chunks(content)
    if hasattr(content, "__next__"):
        return _items(content)
    return content


async def _chunks(file: Any) -> AsyncIterator[bytes]:
    import asyncio

    while chunk := await asyncio.to_thread(file.read, 65_536):
        yield chunk


async def _items(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    for item in content:
        yield item
