"""What the groups of operations are made of: a call, a list and a watch, sync and async."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from kubesphere_client._async_waiting import async_delete_and_wait
from kubesphere_client._conditions import check_waitable
from kubesphere_client._logs import AsyncGrowingLogLines, AsyncLogLines, GrowingLogLines, LogLines
from kubesphere_client._operation import Concealed, Operation, RequestOptions, check_options, with_defaults
from kubesphere_client._page import AsyncPage, AsyncPageRequest, Page
from kubesphere_client._paging import paging_of
from kubesphere_client._raw import RawResponse
from kubesphere_client._terminal import AsyncTerminal, Terminal
from kubesphere_client._waiting import delete_and_wait
from kubesphere_client._watch import AsyncWatch, Watch
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._http import Response
    from kubesphere_client._operation import PreparedRequest
    from kubesphere_client._streams import AsyncStreamedResponse, StreamedResponse
    from kubesphere_client._watch_session import OnGone

T = TypeVar("T")


class AnyGroup:
    """What a sync and an async group share.

    Args:
        client: the KubeSphere or AsyncKubeSphere whose operations these are.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"

    def _plain(self) -> Self:
        """This group where its operations give values."""
        return self if self._client._answers == "value" else type(self)(self._client._derived(_answers="value"))


class Group(AnyGroup):
    """Base of every group of operations of a KubeSphere."""

    def _call(
        self,
        operation: Operation[T],
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str | None = None,
        options: RequestOptions,
    ) -> T:
        client = self._client
        prepared = operation.prepare(
            path=path,
            query=query,
            headers=headers,
            body=body,
            content_type=content_type,
            options=with_defaults(client._options, options),
        )
        if client._answers == "value":
            return operation.judge(client._sender.send(operation, prepared))
        return cast("T", self._answer(operation, prepared))  # a view's methods have types of their own

    def _answer(self, operation: Operation[Any], prepared: PreparedRequest) -> RawResponse[Any] | StreamedResponse:
        """What a call gives in a view; see `_views`."""
        client = self._client
        response = client._sender.send(operation, prepared, stream=client._answers == "stream")
        if not operation.succeeds(response):
            response.read()
            operation.refuse(response)
        if client._answers == "raw":
            return RawResponse(response, operation.judge)
        from kubesphere_client._streams import StreamedResponse

        return StreamedResponse(response, operation.name)

    def _list(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        options: RequestOptions,
    ) -> Page[Any]:
        paging = paging_of(operation.paging)
        query = paging.asked(query or {}, operation.name)
        query, options = _walked(query, with_defaults(self._client._options, options))
        group = self._plain()

        def fetch(query: Mapping[str, Any]) -> Any:
            return group._call(operation, path=path, query=query, headers=headers, options=options)

        if self._client._answers == "value":
            return Page.first(query, paging, fetch)
        answer = self._call(operation, path=path, query=query, headers=headers, options=options)
        return cast("Page[Any]", _with_pages(answer, lambda envelope: Page(envelope, query, paging, fetch)))

    def _delete(
        self,
        operation: Operation[T],
        *,
        get: Operation[Any],
        wait: bool,
        wait_timeout: float | None,
        path: Mapping[str, Any],
        options: RequestOptions,
        **sent: Any,
    ) -> T:
        """Delete one object and, if asked, return when `get` does not find it any more."""
        delete: Callable[[], Any] = partial(self._call, operation, path=path, options=options, **sent)
        if not wait:
            return cast("T", delete())
        check_waitable(operation, sent.get("query"), options)
        looking = partial(self._plain()._call, get, path=path, options=without_query(options))
        return cast("T", delete_and_wait(delete, looking, name=operation.name, timeout=wait_timeout))

    def _watch(
        self,
        operation: Operation[Any],
        *,
        item: Callable[[Any], T],
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        on_gone: OnGone = "relist",
        reconnect: bool = True,
        options: RequestOptions,
    ) -> Watch[T]:
        query, prepare = _lasting(self._client, operation, path, query, headers, options)

        def send(query: Mapping[str, Any], *, stream: bool) -> Response:
            response: Response = self._client._sender.send(
                operation, prepare(query=query), stream=stream, endless=stream
            )
            return response

        return Watch(operation.name, item, query, send, on_gone=on_gone, reconnect=reconnect)

    def _terminal(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any],
        query: Mapping[str, Any],
        options: RequestOptions,
    ) -> Terminal:
        options = with_defaults(self._client._options, options)
        prepare = partial(operation.prepare, path=path, query=query, options=options)
        prepare()  # what cannot be sent is refused now, not when the terminal is opened

        def open_stream(headers: Mapping[str, str]) -> Response:
            response: Response = self._client._sender.send(operation, prepare(headers=headers), stream=True)
            return response

        return Terminal(operation.name, open_stream)

    def _log(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any],
        query: Mapping[str, Any],
        follow: bool,
        options: RequestOptions,
    ) -> LogLines:
        """The lines of a log that is one stream, which stays open where it is followed."""
        query, prepare = _lasting(self._client, operation, path, query, None, options)

        def open_stream() -> Response:
            response: Response = self._client._sender.send(operation, prepare(query=query), stream=True, endless=follow)
            return response

        return LogLines(operation.name, open_stream, patient=follow)

    def _follow(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any],
        start: int,
        options: RequestOptions,
    ) -> LogLines:
        query, prepare = _lasting(self._client, operation, path, {"start": start}, None, options)

        def open_part(start: int) -> Response:
            prepared = prepare(query={**query, "start": start})
            response: Response = self._client._sender.send(operation, prepared, stream=True)
            return response

        return GrowingLogLines(operation.name, open_part, start=start)


class AsyncGroup(AnyGroup):
    """Base of every group of operations of an AsyncKubeSphere."""

    async def _call(
        self,
        operation: Operation[T],
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str | None = None,
        options: RequestOptions,
    ) -> T:
        client = self._client
        prepared = operation.prepare(
            path=path,
            query=query,
            headers=headers,
            body=body,
            content_type=content_type,
            options=with_defaults(client._options, options),
        )
        if client._answers == "value":
            return operation.judge(await client._sender.send(operation, prepared))
        return cast("T", await self._answer(operation, prepared))  # a view's methods have types of their own

    async def _answer(
        self, operation: Operation[Any], prepared: PreparedRequest
    ) -> RawResponse[Any] | AsyncStreamedResponse:
        client = self._client
        response = await client._sender.send(operation, prepared, stream=client._answers == "stream")
        if not operation.succeeds(response):
            await response.aread()
            operation.refuse(response)
        if client._answers == "raw":
            return RawResponse(response, operation.judge)
        from kubesphere_client._streams import AsyncStreamedResponse

        return AsyncStreamedResponse(response, operation.name)

    def _list(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        options: RequestOptions,
    ) -> AsyncPageRequest[Any]:
        check_options(options, operation.name.rpartition(".")[2])
        paging = paging_of(operation.paging)
        query = paging.asked(query or {}, operation.name)
        query, options = _walked(query, with_defaults(self._client._options, options))
        group = self._plain()

        async def fetch(query: Mapping[str, Any]) -> Any:
            return await group._call(operation, path=path, query=query, headers=headers, options=options)

        async def answered() -> Any:
            answer = await self._call(operation, path=path, query=query, headers=headers, options=options)
            return _with_pages(answer, lambda envelope: AsyncPage(envelope, query, paging, fetch))

        if self._client._answers == "value":
            return AsyncPageRequest(query, paging, fetch)
        return cast("AsyncPageRequest[Any]", answered())

    async def _delete(
        self,
        operation: Operation[T],
        *,
        get: Operation[Any],
        wait: bool,
        wait_timeout: float | None,
        path: Mapping[str, Any],
        options: RequestOptions,
        **sent: Any,
    ) -> T:
        """Delete one object and, if asked, return when `get` does not find it any more."""
        delete: Callable[[], Any] = partial(self._call, operation, path=path, options=options, **sent)
        if not wait:
            return cast("T", await delete())
        check_waitable(operation, sent.get("query"), options)
        looking = partial(self._plain()._call, get, path=path, options=without_query(options))
        return cast("T", await async_delete_and_wait(delete, looking, name=operation.name, timeout=wait_timeout))

    def _watch(
        self,
        operation: Operation[Any],
        *,
        item: Callable[[Any], T],
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        on_gone: OnGone = "relist",
        reconnect: bool = True,
        options: RequestOptions,
    ) -> AsyncWatch[T]:
        query, prepare = _lasting(self._client, operation, path, query, headers, options)

        async def send(query: Mapping[str, Any], *, stream: bool) -> Response:
            prepared = prepare(query=query)
            response: Response = await self._client._sender.send(operation, prepared, stream=stream, endless=stream)
            return response

        return AsyncWatch(operation.name, item, query, send, on_gone=on_gone, reconnect=reconnect)

    def _terminal(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any],
        query: Mapping[str, Any],
        options: RequestOptions,
    ) -> AsyncTerminal:
        options = with_defaults(self._client._options, options)
        prepare = partial(operation.prepare, path=path, query=query, options=options)
        prepare()  # what cannot be sent is refused now, not when the terminal is opened

        async def open_stream(headers: Mapping[str, str]) -> Response:
            response: Response = await self._client._sender.send(operation, prepare(headers=headers), stream=True)
            return response

        return AsyncTerminal(operation.name, open_stream)

    def _log(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any],
        query: Mapping[str, Any],
        follow: bool,
        options: RequestOptions,
    ) -> AsyncLogLines:
        """The lines of a log that is one stream, which stays open where it is followed."""
        query, prepare = _lasting(self._client, operation, path, query, None, options)

        async def open_stream() -> Response:
            prepared = prepare(query=query)
            response: Response = await self._client._sender.send(operation, prepared, stream=True, endless=follow)
            return response

        return AsyncLogLines(operation.name, open_stream, patient=follow)

    def _follow(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any],
        start: int,
        options: RequestOptions,
    ) -> AsyncLogLines:
        query, prepare = _lasting(self._client, operation, path, {"start": start}, None, options)

        async def open_part(start: int) -> Response:
            prepared = prepare(query={**query, "start": start})
            response: Response = await self._client._sender.send(operation, prepared, stream=True)
            return response

        return AsyncGrowingLogLines(operation.name, open_part, start=start)


def chosen(operations: Mapping[str, Operation[T]], method: str) -> Operation[T]:
    """The operation for an HTTP method, of those that one address takes.

    Raises:
        InvalidArgumentError: the address takes other methods only.
    """
    if method not in operations:
        one = next(iter(operations.values()))
        raise InvalidArgumentError(f"{one.name}: the method must be one of {', '.join(operations)}, not {method!r}.")
    return operations[method]


def without_query(options: RequestOptions) -> RequestOptions:
    """Options without the query parameters, which are of one operation only."""
    options = cast("RequestOptions", Concealed(options))
    options.pop("extra_query", None)
    return options


def _walked(query: Mapping[str, Any], options: RequestOptions) -> tuple[Mapping[str, Any], RequestOptions]:
    # Paging must see a limit or a page that came as an extra parameter, and must be able to replace it.
    options = cast("RequestOptions", Concealed(options))
    return {**query, **options.pop("extra_query", {})}, options


def _with_pages(answer: Any, page: Callable[[Any], Any]) -> Any:
    """A raw answer to a list that parses to a page; a streamed one as it is."""
    if not isinstance(answer, RawResponse):
        return answer
    parse = answer._parse
    return RawResponse(answer.response, lambda response: page(parse(response)))


def _lasting(
    client: Any,
    operation: Operation[Any],
    path: Mapping[str, Any] | None,
    query: Mapping[str, Any] | None,
    headers: Mapping[str, Any] | None,
    options: RequestOptions,
) -> tuple[Mapping[str, Any], Callable[..., PreparedRequest]]:
    """The parameters of a watch or a log, and what prepares each of its requests."""
    if client._answers != "value":
        raise TypeError(
            f"{operation.name}: a watch gives events and a log lines, and neither a raw nor a streamed response."
        )
    query, options = _walked(query or {}, with_defaults(client._options, options))
    prepare = partial(operation.prepare, path=path, headers=headers, options=options)
    prepare(query=query)  # what cannot be sent is refused now, not when the loop begins
    return query, prepare
