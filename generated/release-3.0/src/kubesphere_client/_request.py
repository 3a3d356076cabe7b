"""`request()`: a call of any address of the server, for what has no method of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import quote, unquote

from kubesphere_client._body import encode_body
from kubesphere_client._masking import Concealed, concealed
from kubesphere_client._operation import (
    Operation,
    PreparedRequest,
    RequestOptions,
    check_options,
    with_defaults,
)
from kubesphere_client._parameters import header_fields, is_token, query_string
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._http import Response
    from kubesphere_client._sender import AsyncSender, Sender

_NAME = "request"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_VISIBLE_ASCII = "".join(map(chr, range(0x21, 0x7F)))


class Requests:
    """What a KubeSphere can be asked for beside its operations."""

    _sender: Sender
    _options: RequestOptions

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Response:
        """Send any request to the server, with the token, and return the answer if it is a success.

        Args:
            method: such as "GET"; any method goes.
            path: below the server's address, beginning with "/", as it goes over the wire: what is percent-encoded
                stays as it is. It may hold a query.
            query: parameters to add; None is left out, and a sequence repeats its name.
            headers: headers to send; an Authorization among them is sent in place of the token.
            body: a model, mapping or sequence, sent as JSON; str, bytes and open files are sent as they are.
            content_type: the media type of the body.

        Raises:
            InvalidArgumentError: a method, address or header that cannot be sent as it is, or a path with the steps
                "." or "..", which lead to another address (recordings odd-008 and odd-009).
            APIStatusError: any status but 2xx.
            APIConnectionError: there was no answer.

        Example:
            ks.request("GET", "/api/v1/namespaces/demo/configmaps?limit=5").json()["items"]
        """
        headers, body = Concealed(headers or {}), concealed(body)  # a traceback may show the locals of this frame
        operation, prepared = _prepared(
            method, path, query, headers, body, content_type, with_defaults(self._options, options)
        )
        return _judged(self._sender.send(operation, prepared))


class AsyncRequests:
    """What an AsyncKubeSphere can be asked for beside its operations."""

    _sender: AsyncSender
    _options: RequestOptions

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Response:
        """Send any request to the server, with the token; see `KubeSphere.request`."""
        headers, body = Concealed(headers or {}), concealed(body)  # a traceback may show the locals of this frame
        operation, prepared = _prepared(
            method, path, query, headers, body, content_type, with_defaults(self._options, options)
        )
        return _judged(await self._sender.send(operation, prepared))


def _prepared(
    method: str,
    path: str,
    query: Mapping[str, Any] | None,
    headers: Mapping[str, Any] | None,
    body: Any,
    content_type: str | None,
    options: RequestOptions,
) -> tuple[Operation[Any], PreparedRequest]:
    operation: Operation[Any] = Operation(_NAME, method, path, {})
    check_options(options, _NAME)
    if not is_token(method):
        raise InvalidArgumentError(f"{_NAME}: method {method[:80]!a} is not the name of an HTTP method.")
    path, given = _address(path)
    content = encode_body(body, () if content_type is None else (content_type,), operation=_NAME)
    media = content_type if content.media is None and content.files is None else content.media
    parameters = {**(query or {}), **options.get("extra_query", {})}
    fields = {"accept": "application/json, */*", "content-type": media}
    return operation, PreparedRequest(
        method=method,
        path=path,
        query="&".join(part for part in (given, query_string(parameters, {}, operation=_NAME)) if part),
        headers=Concealed(
            field
            for some in (fields, headers or {}, options.get("extra_headers", {}))
            for field in header_fields(some, operation=_NAME)
        ),
        body=content,
        options=options,
    )


def _address(address: str) -> tuple[str, str]:
    """Path and query of an address, with what no address can hold escaped."""
    if not address.startswith("/"):
        raise _refused(address, 'must start with "/"')
    if "#" in address or _CONTROL.search(address):
        raise _refused(address, 'must not hold "#" or control characters; write "#" as %23')
    if _STRAY_PERCENT.search(address):
        raise _refused(address, 'holds a "%" that escapes nothing; write it as %25')
    try:
        path, _, query = quote(address, safe=_VISIBLE_ASCII).partition("?")
    except UnicodeEncodeError:
        raise _refused(address, "is not valid Unicode") from None
    # The server decodes a path before it looks for steps, and httpx would take the plain ones out in silence.
    if not {".", ".."}.isdisjoint(unquote(path).split("/")):
        raise _refused(address, 'must not hold the steps "." or "..", which lead to another address')
    return path, query


def _refused(address: str, why: str) -> InvalidArgumentError:
    # Without its query, which may hold a token.
    return InvalidArgumentError(f"{_NAME}: path {address.partition('?')[0][:80]!a} {why}.")


def _judged(response: Response) -> Response:
    if not response.is_success:
        from kubesphere_client._status_errors import status_error

        raise status_error(response, _NAME)
    return response
