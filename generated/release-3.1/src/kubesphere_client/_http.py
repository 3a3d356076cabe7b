"""httpx: the only module that imports it. Its names for the others, addresses, and its errors turned into ours."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import httpx
from httpx import URL as URL
from httpx import AsyncBaseTransport as AsyncBaseTransport
from httpx import AsyncByteStream as AsyncByteStream
from httpx import AsyncClient as AsyncClient
from httpx import AsyncHTTPTransport as AsyncHTTPTransport
from httpx import Auth as Auth
from httpx import BaseTransport as BaseTransport
from httpx import Client as Client
from httpx import Headers as Headers
from httpx import HTTPTransport as HTTPTransport
from httpx import Limits as Limits
from httpx import Proxy as Proxy
from httpx import ReadTimeout as ReadTimeout
from httpx import RemoteProtocolError as RemoteProtocolError
from httpx import Request as Request
from httpx import Response as Response
from httpx import SyncByteStream as SyncByteStream
from httpx import Timeout as Timeout
from httpx import TooManyRedirects as TooManyRedirects

from kubesphere_client._refusal import scrubbed
from kubesphere_client.errors import APIConnectionError, APITimeoutError, ConfigError

if TYPE_CHECKING:
    from kubesphere_client._auth import Secret
    from kubesphere_client._operation import PreparedRequest

AuthTypes: TypeAlias = "Auth | tuple[str, str] | Callable[[Request], Request]"
DEFAULT_TIMEOUT = Timeout(60.0, connect=10.0)
_LONGEST_TIMEOUT = 2_000_000  # what poll() can wait, in milliseconds, is 2^31
OWN_AUTH = httpx.USE_CLIENT_DEFAULT
# All are kept: httpcore counts the open ones where it should count the idle ones, and closes what a thread is about to use.
DEFAULT_LIMITS = Limits(max_connections=100, max_keepalive_connections=100)
_WITHOUT_BODY = frozenset(("GET", "HEAD", "DELETE", "OPTIONS"))


def timeout_of(value: Any) -> Any:
    """A timeout as a setting or an option gives it. httpx takes anything, and fails with it in the middle of a call.

    Raises:
        ConfigError: it is no time, or none that a system can wait for.
    """
    steps = value.as_dict().values() if isinstance(value, Timeout) else (value,)
    for seconds in steps:
        is_time = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= _LONGEST_TIMEOUT
        if seconds is not None and not is_time:
            raise ConfigError(
                f"timeout must be seconds above 0 and up to {_LONGEST_TIMEOUT}, an httpx.Timeout, or None to wait for "
                f"ever; not {seconds!r:.80}."
            )
    return value


def hooks_of(value: Any) -> Any:
    """Event hooks as httpx takes them, which is silent about those that it never calls.

    Raises:
        ConfigError: a hook for what there is not.
    """
    for name in value or ():
        if name not in ("request", "response"):
            raise ConfigError(f"event_hooks are for 'request' and 'response'; there is no {name!r:.80}.")
    return value


def server_address(base_url: Secret) -> str:
    """The server's address without a slash at its end.

    Raises:
        ConfigError: an address that is none, or that holds what belongs elsewhere. It is not shown where it may hold
            a password.
    """
    try:
        url = URL(base_url.reveal())
        scheme, host, port = origin(url)
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


def origin(url: URL) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    port = url.port if url.port is not None else {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, port


def built_request(
    client: Client | AsyncClient,
    address: str,
    prepared: PreparedRequest,
    *,
    headers: list[tuple[bytes, bytes]],
    content: Callable[[Any], Any],
) -> Request:
    """The request that `client.build_request` would make, whose 27 µs are a third of a whole call of httpx; this takes 6.

    Args:
        address: without the query.
        headers: all of them, Host and those of the client too.
        content: makes of a body what the client takes.
    """
    body, method = prepared.body, prepared.method
    url = _parsed(address, prepared.query, client)
    extensions = {"timeout": Timeout(prepared.options.get("timeout", client.timeout)).as_dict()}
    if body.content is None and body.files is None and method in _WITHOUT_BODY:
        # No header speaks of a body, so that Request need not look for what it would add.
        nothing = httpx.ByteStream(b"")
        request = Request(method, url, headers=headers, cookies=client.cookies, stream=nothing, extensions=extensions)
        request.read()
        return request
    if headers[0] == (b"Host", url.netloc):
        del headers[0]  # Request adds it, before all else that it adds
    return Request(
        method,
        url,
        headers=headers,
        cookies=client.cookies,
        content=content(body.content),
        files=body.files,
        extensions=extensions,
    )


def _parsed(address: str, query: str, client: Client | AsyncClient) -> URL:
    if client.params:
        # Joined by hand: httpx would let a client's own parameters replace these.
        url = URL(address, params=client.params)
        return url.copy_with(query=b"&".join((url.query, query.encode()))) if query else url
    # A query is not kept in memory: it may hold a secret, as that of /oauth/callback does.
    return URL(f"{address}?{query}") if query else _known(address)


# Parsing takes 12 µs, and what is called is often called again. A URL never changes.
_known = lru_cache(maxsize=256)(URL)


def unhurried(response: Response) -> None:
    """Let the body of an answer come as it may: silence is no timeout from here on."""
    # httpcore looks at the limits when it begins to read a body, in the mapping that the request was made with.
    response.request.extensions.get("timeout", {})["read"] = None


class translated:
    """Turn httpx's errors into ours: a context manager.

    A class, as @contextmanager costs three times as much and each call comes by here three times, which was 3 % of it.

    Args:
        private: the request's body and headers, which hold secrets, are left behind.
        answered: the answer has begun.
    """

    __slots__ = ("_answered", "_operation", "_private")

    def __init__(self, operation: str, *, private: bool = False, answered: bool = False) -> None:
        self._operation = operation
        self._private = private
        self._answered = answered

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            return
        if isinstance(error, httpx.TimeoutException):
            _bare(error)
            raise self._failed(APITimeoutError, "no answer in time{}", error) from error
        if isinstance(error, httpx.RequestError | httpx.InvalidURL | httpx.StreamError):
            what = "the answer{} broke off" if self._answered else "no answer{}"
            _bare(error)
            raise self._failed(APIConnectionError, what, error) from error

    def _failed(self, kind: type[APIConnectionError], what: str, error: Exception) -> APIConnectionError:
        request: Request | None = getattr(error, "_request", None)
        server = f" from {request.url.scheme}://{request.url.netloc.decode('ascii', 'replace')}" if request else ""
        detail = str(error) or type(error).__name__
        return kind(
            f"{what.format(server)}: {detail}",
            request=scrubbed(request) if self._private else request,
            operation=self._operation,
            failure=_failure(error, self._answered),
        )


def _failure(error: Exception, answered: bool) -> Literal["unsent", "unanswered", "broken", ""]:
    """How far a call came that may be made again; "" for one that may not."""
    if isinstance(error, httpx.ConnectError):
        return "" if _is_certificate(error) else "unsent"
    if isinstance(error, httpx.ConnectTimeout):
        return "unsent"
    if isinstance(error, httpx.NetworkError):
        return "broken" if answered else "unanswered"
    if isinstance(error, httpx.RemoteProtocolError):
        return "unanswered" if not answered and "without sending a response" in str(error) else "broken"
    return ""


def _is_certificate(error: BaseException) -> bool:
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return True
        link = link.__cause__ or link.__context__
    return False


def _bare(error: BaseException) -> None:
    """Take the frames below us from an error: the locals of httpx and h11 hold headers and bodies in the clear."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        if str(link).startswith("Illegal header value"):
            link.args = ("a header holds what cannot be sent, such as a line break",)  # h11 shows it; it may be a token
        link = link.__cause__ or link.__context__
