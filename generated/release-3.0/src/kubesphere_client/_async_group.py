"""What the groups of operations of an AsyncKubeSphere are made of; see `_group`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from kubesphere_client._any_group import AnyGroup, lasting, walked, with_pages, without_query
from kubesphere_client._masking import concealed
from kubesphere_client._operation import Operation, RequestOptions, check_options, with_defaults
from kubesphere_client._page import AsyncPage, AsyncPageRequest
from kubesphere_client._paging import paging_of

if TYPE_CHECKING:
    from kubesphere_client._http import Response
    from kubesphere_client._logs import AsyncLogLines
    from kubesphere_client._operation import PreparedRequest
    from kubesphere_client._raw import RawResponse
    from kubesphere_client._streams import AsyncStreamedResponse
    from kubesphere_client._terminal import AsyncTerminal
    from kubesphere_client._watch import AsyncWatch
    from kubesphere_client._watch_session import OnGone

T = TypeVar("T")


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
        body = concealed(body)
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
            operation.refuse(response)
        if client._answers == "raw":
            from kubesphere_client._raw import RawResponse

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
        query, options = walked(query, with_defaults(self._client._options, options))
        group = self._plain()

        async def fetch(query: Mapping[str, Any]) -> Any:
            return await group._call(operation, path=path, query=query, headers=headers, options=options)

        async def answered() -> Any:
            answer = await self._call(operation, path=path, query=query, headers=headers, options=options)
            return with_pages(answer, lambda envelope: AsyncPage(envelope, query, paging, fetch))

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
        from kubesphere_client._async_polling import async_delete_and_wait
        from kubesphere_client._conditions import check_waitable

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
        from kubesphere_client._watch import AsyncWatch

        query, prepare = lasting(self._client, operation, path, query, headers, options)

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
        from kubesphere_client._terminal import AsyncTerminal

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
        from kubesphere_client._logs import AsyncLogLines

        query, prepare = lasting(self._client, operation, path, query, None, options)

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
        from kubesphere_client._logs import AsyncGrowingLogLines

        query, prepare = lasting(self._client, operation, path, {"start": start}, None, options)

        async def open_part(start: int) -> Response:
            prepared = prepare(query={**query, "start": start})
            response: Response = await self._client._sender.send(operation, prepared, stream=True)
            return response

        return AsyncGrowingLogLines(operation.name, open_part, start=start)
