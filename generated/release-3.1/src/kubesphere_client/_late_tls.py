"""httpx's clients, made so that TLS is set up when an https address is first met: a client of an http server may never
meet one.

Reading the certificates of all authorities, which httpx does for each client that it makes, takes 17 ms: as long as all
else that this package does before its first call.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from kubesphere_client._http import (
    AsyncBaseTransport,
    AsyncClient,
    AsyncHTTPTransport,
    BaseTransport,
    Client,
    HTTPTransport,
)
from kubesphere_client.errors import ConfigError

if TYPE_CHECKING:
    from kubesphere_client._http import Request, Response


def client_for(address: str, **settings: Any) -> Client:
    """An httpx.Client with these settings, of which a server at this address is the one that is called.

    Raises:
        ConfigError: the certificates cannot be read. Where it is a redirect that leads to https, the call raises it.
    """
    if not _may_wait(address, **settings):
        with _reading_certificates():
            return Client(**settings)
    pool = {"limits": settings["limits"], "trust_env": settings["trust_env"]}
    settings["transport"] = HTTPTransport(verify=_trusting_nobody(), **pool)
    return Client(**settings, mounts={"https://": LateTransport(partial(HTTPTransport, **pool))})


def async_client_for(address: str, **settings: Any) -> AsyncClient:
    """As `client_for`."""
    if not _may_wait(address, **settings):
        with _reading_certificates():
            return AsyncClient(**settings)
    pool = {"limits": settings["limits"], "trust_env": settings["trust_env"]}
    settings["transport"] = AsyncHTTPTransport(verify=_trusting_nobody(), **pool)
    return AsyncClient(**settings, mounts={"https://": AsyncLateTransport(partial(AsyncHTTPTransport, **pool))})


class LateTransport(BaseTransport):
    """A transport that is made for its first request.

    Args:
        make: makes it.
    """

    def __init__(self, make: Callable[[], BaseTransport]) -> None:
        self._make = make
        self._made: BaseTransport | None = None
        self._lock = Lock()

    def handle_request(self, request: Request) -> Response:
        with self._lock:
            if self._made is None:
                with _reading_certificates():
                    self._made = self._make()
        return self._made.handle_request(request)

    def close(self) -> None:
        if self._made is not None:
            self._made.close()


class AsyncLateTransport(AsyncBaseTransport):
    """A transport that is made for its first request; see `LateTransport`."""

    def __init__(self, make: Callable[[], AsyncBaseTransport]) -> None:
        self._make = make
        self._made: AsyncBaseTransport | None = None

    async def handle_async_request(self, request: Request) -> Response:
        if self._made is None:
            with _reading_certificates():
                self._made = self._make()
        return await self._made.handle_async_request(request)

    async def aclose(self) -> None:
        if self._made is not None:
            await self._made.aclose()


def _may_wait(address: str, *, verify: Any, proxy: Any, transport: Any, trust_env: bool, **_: Any) -> bool:
    """Whether TLS is httpx's own, and is needed only where a redirect leads to https. A proxy may want it at once."""
    if verify is not True or proxy is not None or transport is not None or not address.startswith("http://"):
        return False
    proxies = getproxies() if trust_env else {}
    return not any(proxies.get(scheme) for scheme in ("http", "https", "all"))


@contextmanager
def _reading_certificates() -> Iterator[None]:
    try:
        yield
    except OSError as error:  # ssl.SSLError is one, and none names the file
        raise ConfigError(
            f"The certificates to trust cannot be read: {error}. Look at SSL_CERT_FILE, SSL_CERT_DIR and verify."
        ) from None


def _trusting_nobody() -> ssl.SSLContext:
    """What is never used, as https has a transport of its own; if it were, it would refuse all certificates."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
