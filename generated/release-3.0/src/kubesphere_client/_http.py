"""Sending: the only module that knows httpx. Adds the token, follows redirects, and turns httpx's errors into ours."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import httpx
from httpx import URL as URL
from httpx import AsyncBaseTransport as AsyncBaseTransport
from httpx import AsyncClient as AsyncClient
from httpx import Auth as Auth
from httpx import BaseTransport as BaseTransport
from httpx import Client as Client
from httpx import Limits as Limits
from httpx import Proxy as Proxy
from httpx import Request as Request
from httpx import Response as Response
from httpx import Timeout as Timeout

from kubesphere_client._api import TOKEN_PATH, USER_AGENT
from kubesphere_client._clusters import placed
from kubesphere_client._refusal import scrubbed
from kubesphere_client.errors import APIConnectionError, APITimeoutError, ClientClosedError, ConfigError

if TYPE_CHECKING:
    from kubesphere_client._auth import Form, Secret, Token
    from kubesphere_client._operation import Operation, PreparedRequest
    from kubesphere_client._token_source import AsyncTokenSource, TokenSource

AuthTypes: TypeAlias = "Auth | tuple[str, str] | Callable[[Request], Request]"
DEFAULT_TIMEOUT = Timeout(60.0, connect=10.0)
OWN_AUTH = httpx.USE_CLIENT_DEFAULT
DEFAULT_LIMITS = Limits(max_connections=100, max_keepalive_connections=20)
# What identifies the caller must not go with a login: an old bearer makes the server refuse it (recordings oauth-17
# and oauth-18). What describes an API call's body or answer is the login's own.
_NOT_FOR_LOGIN = (
    *("authorization", "x-kubesphere-authorization", "cookie"),
    *("accept", "content-type", "content-length", "transfer-encoding"),
)


def server_address(base_url: Secret) -> str:
    """The server's address without a slash at its end.

    Raises:
        ConfigError: an address that is none, or that holds what belongs elsewhere. It is not shown where it may hold
            a password.
    """
    try:
        url = URL(base_url.reveal())
        scheme, host, port = _origin(url)
    except (TypeError, ValueError, httpx.InvalidURL):
        raise ConfigError("base_url is not an address such as http://10.0.0.1:30881.") from None
    if "@" in base_url.reveal():
        raise ConfigError("base_url holds a user name or a password; give them as username and password instead.")
    if scheme not in ("http", "https") or not host or port == 0:
        raise ConfigError(f"base_url {str(url)!r} must begin with http:// or https:// and name a host.")
    if "?" in base_url.reveal() or "#" in base_url.reveal():
        raise ConfigError(f"base_url {str(url)!r} must not hold a query or a fragment.")
    return str(url).rstrip("/")


def client_auth(auth: AuthTypes | None) -> Any:
    """What httpx takes for authentication; a pair is put away where no repr shows it."""
    return httpx.BasicAuth(*auth) if isinstance(auth, tuple) else auth


class _Wire:
    """What the sync and the async sender share: all that does no input or output.

    Args:
        client: what sends.
        base_url: the server, without a slash at its end.
        headers: sent with every request.
        auth: an httpx.Auth for every request that takes credentials, None for none, or httpx's mark for the client's
            own; it has no say where there is a token source.
    """

    def __init__(
        self, client: Client | AsyncClient, *, base_url: str, headers: Mapping[str, str], auth: Any, redirects: bool
    ) -> None:
        self._base_url = base_url
        self._origin = _origin(URL(base_url))
        self._headers = httpx.Headers(headers)
        self._auth = auth
        self._redirects = redirects or client.follow_redirects
        self._settings = client
        self._cluster = ""
        self._host: _Wire | None = None
        self.closed = False

    def on_cluster(self, prefix: str) -> Self:
        """The same sender for a member cluster, whose addresses have a prefix such as "/clusters/member-1"."""
        member = copy.copy(self)
        member._cluster, member._host = prefix, self
        return member

    def _check_open(self) -> None:
        if self.closed or self._settings.is_closed or (self._host is not None and self._host.closed):
            raise ClientClosedError("This client is closed; make a new one, or keep it open for as long as it is used.")

    def _request(
        self, operation: Operation[Any], prepared: PreparedRequest, content: Any, timeout: Any, token: Token | None
    ) -> Request:
        self._check_open()
        path = placed(prepared.path, self._cluster, operation.name) if self._cluster else prepared.path
        with translated(operation.name):
            request = self._settings.build_request(
                prepared.method,
                self._base_url + path,
                headers=self._merged(prepared, operation.authenticated),
                content=content,
                files=prepared.body.files,
                timeout=timeout,
            )
            # Joined by hand: httpx would write a space as "+", and a client's own parameters would replace these.
            query = b"&".join(part for part in (request.url.query, prepared.query.encode()) if part)
            request.url = request.url.copy_with(query=query or None)
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token.access.reveal()}"
        return request

    def _merged(self, prepared: PreparedRequest, authenticated: bool) -> httpx.Headers:
        headers = self._defaults()
        if not authenticated:
            headers.pop("authorization", None)
        headers.update(prepared.headers)
        return headers

    def _defaults(self) -> httpx.Headers:
        headers = httpx.Headers(self._settings.headers)
        if headers.get("user-agent", "").startswith("python-httpx/"):
            headers["user-agent"] = USER_AGENT
        headers.update(self._headers)
        return headers

    def _timeout(self, prepared: PreparedRequest, stream: bool) -> Any:
        if "timeout" in prepared.options:
            return prepared.options["timeout"]
        if stream:
            # A watch is silent for as long as nothing changes.
            given = self._settings.timeout
            return Timeout(connect=given.connect, read=None, write=given.write, pool=given.pool)
        return self._settings.timeout

    def _login_request(self, form: Form) -> Request:
        self._check_open()
        # Not made by the client, which would add its cookies.
        headers = self._defaults()
        for name in _NOT_FOR_LOGIN:
            headers.pop(name, None)
        headers["accept"] = "application/json"
        headers["content-type"] = "application/x-www-form-urlencoded"
        return Request("POST", f"{self._base_url}{TOKEN_PATH}", headers=headers, content=form.encode())

    def _auth_for(self, operation: Operation[Any], prepared: PreparedRequest) -> Any:
        return None if "authorization" in prepared.headers or not operation.authenticated else self._auth

    def _redirected(self, response: Response, operation: Operation[Any]) -> Request | None:
        """The request that a redirect asks for, without the token where it leads to another origin.

        httpx would keep the token from http to https of the same host, which is another origin all the same. Where an
        operation always redirects, it is to a storage, which must not see the token wherever it stands.
        """
        request = response.next_request if self._redirects or operation.follows else None
        if request is not None and (operation.follows or _origin(request.url) != self._origin):
            request.headers.pop("Authorization", None)
        return request

    def _too_many(self, response: Response) -> httpx.TooManyRedirects:
        return httpx.TooManyRedirects("Exceeded maximum allowed redirects.", request=response.request)


class Sender(_Wire):
    """Sends for a KubeSphere."""

    def __init__(self, client: Client, *, tokens: TokenSource | None, owned: bool, **settings: Any) -> None:
        super().__init__(client, **settings)
        self._client = client
        self._tokens = tokens
        self._owned = owned

    def send(self, operation: Operation[Any], prepared: PreparedRequest, *, stream: bool = False) -> Response:
        """Send a request and return the answer, whatever its status; the body of a stream is not read yet.

        Raises:
            LoginError: no token was to be had.
            APIConnectionError: there was no answer.
        """
        tokens = self._tokens
        if tokens is None or not operation.authenticated or "authorization" in prepared.headers:
            return self._exchange(operation, prepared, None, stream)
        token = tokens.get(self._ask)
        response = self._exchange(operation, prepared, token, stream)
        if _refuses(response) and tokens.reject(token) and prepared.body.rewind():
            response.close()
            response = self._exchange(operation, prepared, tokens.get(self._ask), stream)
        return response

    def close(self) -> None:
        self.closed = True
        if self._owned and self._host is None:
            self._client.close()

    def _ask(self, form: Form) -> Response:
        with translated("login", private=True):
            return self._client.send(self._login_request(form), auth=None, follow_redirects=False)

    def _exchange(
        self, operation: Operation[Any], prepared: PreparedRequest, token: Token | None, stream: bool
    ) -> Response:
        content = prepared.body.content
        request = self._request(operation, prepared, content, self._timeout(prepared, stream), token)
        with translated(operation.name):
            if token is None:
                auth = self._auth_for(operation, prepared)
                follows = self._redirects or operation.follows
                return self._client.send(request, auth=auth, stream=stream, follow_redirects=follows)
            response = self._client.send(request, auth=None, stream=stream, follow_redirects=False)
            history: list[Response] = []
            while (following := self._redirected(response, operation)) is not None:
                response.read()
                history.append(response)
                if len(history) > self._client.max_redirects:
                    raise self._too_many(response)
                response = self._client.send(following, auth=None, stream=stream, follow_redirects=False)
                response.history = list(history)
            return response


class AsyncSender(_Wire):
    """Sends for an AsyncKubeSphere."""

    def __init__(self, client: AsyncClient, *, tokens: AsyncTokenSource | None, owned: bool, **settings: Any) -> None:
        super().__init__(client, **settings)
        self._client = client
        self._tokens = tokens
        self._owned = owned

    async def send(self, operation: Operation[Any], prepared: PreparedRequest, *, stream: bool = False) -> Response:
        """Send a request and return the answer; see `Sender.send`."""
        tokens = self._tokens
        if tokens is None or not operation.authenticated or "authorization" in prepared.headers:
            return await self._exchange(operation, prepared, None, stream)
        token = await tokens.get(self._ask)
        response = await self._exchange(operation, prepared, token, stream)
        if _refuses(response) and tokens.reject(token) and prepared.body.rewind():
            await response.aclose()
            response = await self._exchange(operation, prepared, await tokens.get(self._ask), stream)
        return response

    async def close(self) -> None:
        self.closed = True
        if self._host is not None:
            return
        if self._tokens is not None:
            self._tokens.close()
        if self._owned:
            await self._client.aclose()

    async def _ask(self, form: Form) -> Response:
        with translated("login", private=True):
            return await self._client.send(self._login_request(form), auth=None, follow_redirects=False)

    async def _exchange(
        self, operation: Operation[Any], prepared: PreparedRequest, token: Token | None, stream: bool
    ) -> Response:
        content = _async_content(prepared.body.content)
        request = self._request(operation, prepared, content, self._timeout(prepared, stream), token)
        with translated(operation.name):
            if token is None:
                auth = self._auth_for(operation, prepared)
                follows = self._redirects or operation.follows
                return await self._client.send(request, auth=auth, stream=stream, follow_redirects=follows)
            response = await self._client.send(request, auth=None, stream=stream, follow_redirects=False)
            history: list[Response] = []
            while (following := self._redirected(response, operation)) is not None:
                await response.aread()
                history.append(response)
                if len(history) > self._client.max_redirects:
                    raise self._too_many(response)
                response = await self._client.send(following, auth=None, stream=stream, follow_redirects=False)
                response.history = list(history)
            return response


@contextmanager
def translated(operation: str, *, private: bool = False) -> Iterator[None]:
    """Turn httpx's errors into ours; a private request leaves its body and headers behind."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise _failed(APITimeoutError, "no answer in time", error, operation, private) from _without_frames(error)
    except (httpx.RequestError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _failed(APIConnectionError, "no answer", error, operation, private) from _without_frames(error)


def _failed(
    kind: type[APIConnectionError], what: str, error: Exception, operation: str, private: bool
) -> APIConnectionError:
    request: Request | None = getattr(error, "_request", None)
    server = f" from {request.url.scheme}://{request.url.netloc.decode('ascii', 'replace')}" if request else ""
    detail = str(error) or type(error).__name__
    return kind(f"{what}{server}: {detail}", request=scrubbed(request) if private else request, operation=operation)


def _without_frames(error: BaseException) -> BaseException:
    """The error without the frames below us: the locals of httpx and h11 hold headers and bodies in the clear."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error


def _refuses(response: Response) -> bool:
    # After a redirect to another origin the answer is not about our token, which was not sent there.
    return response.status_code == 401 and "authorization" in response.request.headers


def _origin(url: URL) -> tuple[str, str, int | None]:
    port = url.port if url.port is not None else {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, port


def _async_content(content: Any) -> Any:
    if hasattr(content, "read"):
        return _chunks(content)
    if hasattr(content, "__next__"):
        return _items(content)
    return content


async def _chunks(file: Any) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, 65_536):
        yield chunk


async def _items(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    for item in content:
        yield item
