"""Answers as they came, with the value one call away; and the types of the methods that give them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from kubesphere_client._http import Headers, Request, Response
    from kubesphere_client._streams import AsyncStreamRequest, StreamedResponse

P = ParamSpec("P")
T = TypeVar("T")


class RawResponse(Generic[T]):
    """The answer to a call that succeeded.

    Attributes:
        response: the answer as httpx has it; its body has been read.
    """

    def __init__(self, response: Response, parse: Callable[[Response], T]) -> None:
        self.response = response
        self._parse = parse

    @property
    def status_code(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> Headers:
        return self.response.headers

    @property
    def request(self) -> Request:
        """What was sent. Its headers hold the token."""
        return self.response.request

    @property
    def content(self) -> bytes:
        return self.response.content

    @property
    def text(self) -> str:
        return self.response.text

    def parse(self) -> T:
        """What the method returns without the raw response.

        Raises:
            DecodeError: the body is not what the operation declares.
        """
        return self._parse(self.response)

    def __repr__(self) -> str:
        return f"<RawResponse with status {self.status_code} and {len(self.content)} bytes>"


class RawMethod(Generic[P, T]):
    """A method of a group, as `with_raw_response` has it; for type checkers."""

    def __init__(self, method: Callable[Concatenate[Any, P], T]) -> None: ...

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: object = None) -> Callable[P, RawResponse[T]]: ...


class AsyncRawMethod(Generic[P, T]):
    """A method of an async group, as `with_raw_response` has it; for type checkers."""

    def __init__(self, method: Callable[Concatenate[Any, P], Awaitable[T]]) -> None: ...

    if TYPE_CHECKING:

        def __get__(
            self, instance: object, owner: object = None
        ) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]: ...


class StreamedMethod(Generic[P]):
    """A method of a group, as `with_streaming_response` has it; for type checkers."""

    def __init__(self, method: Callable[Concatenate[Any, P], object]) -> None: ...

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: object = None) -> Callable[P, StreamedResponse]: ...


class AsyncStreamedMethod(Generic[P]):
    """A method of an async group, as `with_streaming_response` has it; for type checkers."""

    def __init__(self, method: Callable[Concatenate[Any, P], object]) -> None: ...

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: object = None) -> Callable[P, AsyncStreamRequest]: ...
