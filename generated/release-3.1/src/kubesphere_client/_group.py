"""What the groups of operations of a KubeSphere are made of: a call, a list, a watch, a log, a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from kubesphere_client._any_group import AnyGroup, lasting, walked, with_pages, without_query
from kubesphere_client._masking import concealed
from kubesphere_client._operation import Operation, RequestOptions, with_defaults
from kubesphere_client._page import Page
from kubesphere_client._paging import paging_of

if TYPE_CHECKING:
    from kubesphere_client._http import Response
    from kubesphere_client._logs import LogLines
    from kubesphere_client._operation import PreparedRequest
    from kubesphere_client._raw import RawResponse
    from kubesphere_client._streams import StreamedResponse
    from kubesphere_client._terminal import Terminal
    from kubesphere_client._watch import Watch
    from kubesphere_client._watch_session import OnGone

T = TypeVar("T")


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
            return operation.judge(client._sender.send(operation, prepared))
        return cast("T", self._answer(operation, prepared))  # a view's methods have types of their own

    def _answer(self, operation: Operation[Any], prepared: PreparedRequest) -> RawResponse[Any] | StreamedResponse:
        """What a call gives in a view; see `_views`."""
        client = self._client
        response = client._sender.send(operation, prepared, stream=client._answers == "stream")
        if not operation.succeeds(response):
            operation.refuse(response)
        if client._answers == "raw":
            from kubesphere_client._raw import RawResponse

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
        query, options = walked(query, with_defaults(self._client._options, options))
        group = self._plain()

        def fetch(query: Mapping[str, Any]) -> Any:
            return group._call(operation, path=path, query=query, headers=headers, options=options)

        if self._client._answers == "value":
            return Page.first(query, paging, fetch)
        answer = self._call(operation, path=path, query=query, headers=headers, options=options)
        return cast("Page[Any]", with_pages(answer, lambda envelope: Page(envelope, query, paging, fetch)))

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
        from kubesphere_client._conditions import check_waitable
        from kubesphere_client._polling import delete_and_wait

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
        from kubesphere_client._watch import Watch

        query, prepare = lasting(self._client, operation, path, query, headers, options)

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
        from kubesphere_client._terminal import Terminal

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
        from kubesphere_client._logs import LogLines

        query, prepare = lasting(self._client, operation, path, query, None, options)

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
        from kubesphere_client._logs import GrowingLogLines

        query, prepare = lasting(self._client, operation, path, {"start": start}, None, options)

        def open_part(start: int) -> Response:
            prepared = prepare(query={**query, "start": start})
            response: Response = self._client._sender.send(operation, prepared, stream=True)
            return response

        return GrowingLogLines(operation.name, open_part, start=start)
