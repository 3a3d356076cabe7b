"""What the groups of operations are made of: a call, a list and a watch, sync and async."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from kubesphere_client._http import translated
from kubesphere_client._operation import Operation, RequestOptions
from kubesphere_client._page import AsyncPageRequest, Page
from kubesphere_client._watch import AsyncWatch, Watch
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._http import Response
    from kubesphere_client._operation import PreparedRequest

T = TypeVar("T")


class _AnyGroup:
    """What a sync and an async group share.

    Args:
        client: the KubeSphere or AsyncKubeSphere whose operations these are.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


class Group(_AnyGroup):
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
        prepared = operation.prepare(
            path=path, query=query, headers=headers, body=body, content_type=content_type, options=options
        )
        return operation.judge(self._client._sender.send(operation, prepared))

    def _list(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        options: RequestOptions,
    ) -> Page[Any]:
        query, options = _walked(query, options)

        def fetch(query: Mapping[str, Any]) -> Any:
            return self._call(operation, path=path, query=query, headers=headers, options=options)

        return Page.first(query, operation.paging, fetch)

    def _watch(
        self,
        operation: Operation[Any],
        *,
        item: Callable[[Any], T],
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        options: RequestOptions,
    ) -> Watch[T]:
        prepared = _watching(operation, path, query, headers, options)

        def open_stream() -> Response:
            response: Response = self._client._sender.send(operation, prepared, stream=True)
            return response

        return Watch(operation.name, item, translated, open_stream)


class AsyncGroup(_AnyGroup):
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
        prepared = operation.prepare(
            path=path, query=query, headers=headers, body=body, content_type=content_type, options=options
        )
        return operation.judge(await self._client._sender.send(operation, prepared))

    def _list(
        self,
        operation: Operation[Any],
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        options: RequestOptions,
    ) -> AsyncPageRequest[Any]:
        operation.check(options)
        query, options = _walked(query, options)

        async def fetch(query: Mapping[str, Any]) -> Any:
            return await self._call(operation, path=path, query=query, headers=headers, options=options)

        return AsyncPageRequest(query, operation.paging, fetch)

    def _watch(
        self,
        operation: Operation[Any],
        *,
        item: Callable[[Any], T],
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        options: RequestOptions,
    ) -> AsyncWatch[T]:
        prepared = _watching(operation, path, query, headers, options)

        async def open_stream() -> Response:
            response: Response = await self._client._sender.send(operation, prepared, stream=True)
            return response

        return AsyncWatch(operation.name, item, translated, open_stream)


def chosen(operations: Mapping[str, Operation[T]], method: str) -> Operation[T]:
    """The operation for an HTTP method, of those that one address takes.

    Raises:
        InvalidArgumentError: the address takes other methods only.
    """
    if method not in operations:
        one = next(iter(operations.values()))
        raise InvalidArgumentError(f"{one.name}: the method must be one of {', '.join(operations)}, not {method!r}.")
    return operations[method]


def _walked(query: Mapping[str, Any] | None, options: RequestOptions) -> tuple[Mapping[str, Any], RequestOptions]:
    # Paging must see a limit or a page that came as an extra parameter, and must be able to replace it.
    options = options.copy()
    return {**(query or {}), **options.pop("extra_query", {})}, options


def _watching(
    operation: Operation[Any],
    path: Mapping[str, Any] | None,
    query: Mapping[str, Any] | None,
    headers: Mapping[str, Any] | None,
    options: RequestOptions,
) -> PreparedRequest:
    return operation.prepare(path=path, query={**(query or {}), "watch": True}, headers=headers, options=options)
