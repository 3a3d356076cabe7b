"""Views of a client: the same connections and the same token, with other options or other answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, cast

from kubesphere_client._any_group import AnyGroup
from kubesphere_client._operation import RequestOptions, check_options, with_defaults

if TYPE_CHECKING:
    from kubesphere_client._raw_groups import AsyncRawGroups, AsyncStreamedGroups, RawGroups, StreamedGroups


class Views:
    """What both clients can be asked for that gives a view of themselves."""

    _sender: Any
    _login: Any
    _address: str
    _options = with_defaults({}, {})
    _answers: Literal["value", "raw", "stream"] = "value"

    def with_options(self, **options: Unpack[RequestOptions]) -> Self:
        """This client with other settings for each call; it shares connections and token, and need not be closed.

        Args:
            options: timeout, max_retries, extra_headers and extra_query, as every method takes them. What a method is
                given itself wins.

        Example:
            ks.with_options(timeout=5.0, max_retries=0).platform.get_version()
        """
        check_options(options, "with_options")
        return self._derived(_options=with_defaults(self._options, options))

    def _derived(self, **changes: Any) -> Self:
        view = object.__new__(type(self))
        view._login, view._address = self._login, self._address
        view._options, view._answers = self._options, self._answers
        view._sender = self._sender.derived()
        for name, value in changes.items():
            setattr(view, name, value)
        return view


class RawViews(Views):
    """The views of a KubeSphere that give answers in another form."""

    @property
    def with_raw_response(self) -> RawGroups:
        """The same operations, each giving a `RawResponse`: status, headers, request, and `parse()` for the value.

        Example:
            ks.with_raw_response.iam.v1alpha2.get_user("admin").headers["Content-Type"]
        """
        return cast("RawGroups", OperationsOnly(self._derived(_answers="raw"), "with_raw_response"))

    @property
    def with_streaming_response(self) -> StreamedGroups:
        """The same operations, each giving a `StreamedResponse`, whose body is read as you ask for it.

        Example:
            with ks.with_streaming_response.iam.v1alpha2.get_user("admin") as response:
                for chunk in response.iter_bytes():
                    ...
        """
        return cast("StreamedGroups", OperationsOnly(self._derived(_answers="stream"), "with_streaming_response"))


class AsyncRawViews(Views):
    """The views of an AsyncKubeSphere that give answers in another form."""

    @property
    def with_raw_response(self) -> AsyncRawGroups:
        """The same operations, each giving a `RawResponse`; see `KubeSphere.with_raw_response`."""
        return cast("AsyncRawGroups", OperationsOnly(self._derived(_answers="raw"), "with_raw_response"))

    @property
    def with_streaming_response(self) -> AsyncStreamedGroups:
        """The same operations, each giving an `AsyncStreamedResponse` to `async with`.

        Example:
            async with ks.with_streaming_response.iam.v1alpha2.get_user("admin") as response:
                async for chunk in response.iter_bytes():
                    ...
        """
        from kubesphere_client._streams import AsyncStreamRequest

        return cast(
            "AsyncStreamedGroups",
            OperationsOnly(self._derived(_answers="stream"), "with_streaming_response", AsyncStreamRequest),
        )


class OperationsOnly:
    """The groups of a view and their operations, and nothing else of the client.

    Args:
        target: the client, or one of its groups.
        name: what the view is called.
        wrap: what is made of what an operation returns.
    """

    def __init__(self, target: Any, name: str, wrap: Callable[[Any], Any] | None = None) -> None:
        self._target = target
        self._name = name
        self._wrap = wrap

    def __getattr__(self, name: str) -> Any:
        value = None if name.startswith("_") else getattr(self._target, name, None)
        if isinstance(value, AnyGroup):
            return OperationsOnly(value, f"{self._name}.{name}", self._wrap)
        if not isinstance(self._target, AnyGroup) or not callable(value):
            raise AttributeError(f"{self._name} has no operation {name!r}")
        return value if self._wrap is None else _wrapped(value, self._wrap)

    def __dir__(self) -> list[str]:
        return [name for name in dir(self._target) if not name.startswith("_")]

    def __repr__(self) -> str:
        return f"<{self._name} of {self._target!r}>"


def _wrapped(method: Callable[..., Any], wrap: Callable[[Any], Any]) -> Callable[..., Any]:
    @wraps(method)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        return wrap(method(*arguments, **options))

    return wrapped
