"""What sync and async groups of operations share. No input or output here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from kubesphere_client._masking import Concealed
from kubesphere_client._operation import Operation, RequestOptions, with_defaults
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._operation import PreparedRequest

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


def walked(query: Mapping[str, Any], options: RequestOptions) -> tuple[Mapping[str, Any], RequestOptions]:
    """The query of a list with the extra parameters in it, and the options without them."""
    # Paging must see a limit or a page that came as an extra parameter, and must be able to replace it.
    options = cast("RequestOptions", Concealed(options))
    return {**query, **options.pop("extra_query", {})}, options


def with_pages(answer: Any, page: Callable[[Any], Any]) -> Any:
    """A raw answer to a list that parses to a page; a streamed one as it is."""
    from kubesphere_client._raw import RawResponse

    if not isinstance(answer, RawResponse):
        return answer
    parse = answer._parse
    return RawResponse(answer.response, lambda response: page(parse(response)))


def lasting(
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
    query, options = walked(query or {}, with_defaults(client._options, options))
    prepare = partial(operation.prepare, path=path, headers=headers, options=options)
    prepare(query=query)  # what cannot be sent is refused now, not when the loop begins
    return query, prepare
