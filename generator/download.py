"""One file over https: bounded in size and in time, tried again where that may help, never from just anyone."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from generator.errors import GeneratorError

UPSTREAM = "https://raw.githubusercontent.com"
API = "https://api.github.com"
MAXIMUM_BYTES = 16 * 1024 * 1024
_ATTEMPTS = 4
_MAXIMUM_WAIT = 10.0  # seconds; a server that asks for more is not waited for longer
_DEADLINE = 60.0  # seconds for one attempt, however slowly its bytes arrive
_MAXIMUM_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_RETRIED_STATUS = (429, 500, 502, 503, 504)
_PROXY_REFUSALS = (403, 407)


@frozen
class Network:
    """How the network is used; tests replace the waiting and the addresses."""

    upstream: str = UPSTREAM  # has the files, at `<owner>/<repository>/<ref or commit>/<path>`
    api: str = API  # says which commit a branch or tag is
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    deadline: float = _DEADLINE
    timeout: httpx.Timeout = field(default=_TIMEOUT)


class NoAnswer(Exception):
    """A place could not be reached."""


class NotThere(Exception):
    """A place was reached and does not have the file."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


def download(address: str, network: Network, *, headers: Mapping[str, str] | None = None) -> bytes:
    """The body that an address answers with.

    Args:
        headers: sent to this origin alone; a redirect elsewhere goes without them.

    Raises:
        NoAnswer: the place cannot be reached.
        NotThere: it can, and does not give the file.
        GeneratorError: it must not be asked: no https, more redirects than make sense, or too many bytes.
    """
    wait = 0.5
    for attempt in range(_ATTEMPTS):
        last = attempt == _ATTEMPTS - 1
        try:
            return _attempt(address, network, headers or {})
        except _TryAgain as reason:
            if last:
                raise (NotThere if reason.reached else NoAnswer)(str(reason)) from None
            network.sleep(min(reason.after or wait * random.uniform(1, 1.5), _MAXIMUM_WAIT))
            wait *= 2
    raise AssertionError("the last attempt returns or raises")


class _TryAgain(Exception):
    """An attempt failed in a way that another may not; `after` is how many seconds the server asks to wait."""

    def __init__(self, reason: str, *, reached: bool, after: float | None = None) -> None:
        super().__init__(reason)
        self.reached = reached
        self.after = after


def _attempt(address: str, network: Network, headers: Mapping[str, str]) -> bytes:
    origin = _origin(address)
    try:
        with _client(network) as client:
            for _ in range(_MAXIMUM_REDIRECTS + 1):
                _check_address(address)
                sent = {"Accept-Encoding": "identity", **(headers if _origin(address) == origin else {})}
                with client.stream("GET", address, headers=sent) as response:
                    if response.next_request is None:
                        return _body(address, response, network)
                    address = str(response.next_request.url)
    except httpx.ProxyError as error:
        raise NoAnswer(f"the proxy refuses: {error}") from None
    except (httpx.RemoteProtocolError, httpx.ReadError) as error:
        raise _TryAgain(f"the connection broke off: {error}", reached=True) from None
    except httpx.TimeoutException:
        raise _TryAgain("no answer in time", reached=False) from None
    except httpx.TransportError as error:
        raise _TryAgain(str(error) or type(error).__name__, reached=False) from None
    except httpx.InvalidURL as error:
        raise _no_address(address, error) from None
    except httpx.DecodingError as error:
        raise NotThere(f"its content is not encoded as it says: {error}") from None
    raise GeneratorError(f"{address} redirects more than {_MAXIMUM_REDIRECTS} times.\nCorrect the mirror's address.")


def _client(network: Network) -> httpx.Client:
    try:
        return httpx.Client(timeout=network.timeout)
    except (OSError, ValueError, httpx.InvalidURL) as error:  # the environment names certificates and proxies
        reason = " ".join(str(error).split())
        raise GeneratorError(
            f"The network cannot be used as the environment says: {reason}.\n"
            "Correct HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR."
        ) from None


def _body(address: str, response: httpx.Response, network: Network) -> bytes:
    status = response.status_code
    if _is_used_up(response):
        raise NotThere("GitHub's limit of requests is used up; GITHUB_TOKEN raises it", status=status)
    if status in _RETRIED_STATUS:
        raise _TryAgain(f"status {status}", reached=True, after=_seconds(response.headers.get("Retry-After")))
    if status in _PROXY_REFUSALS and "x-github-request-id" not in response.headers and _is_proxied(address):
        raise NoAnswer(f"the proxy refuses with status {status}")
    if status != 200:
        raise NotThere(f"status {status}", status=status)
    begin, chunks, size = network.clock(), [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAXIMUM_BYTES:
            raise GeneratorError(
                f"{address} is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB, which no API description is.\n"
                "Check the mirror."
            )
        if network.clock() - begin > network.deadline:
            raise _TryAgain(f"its bytes took longer than {network.deadline:g} seconds", reached=True)
        chunks.append(chunk)
    return b"".join(chunks)


def _is_used_up(response: httpx.Response) -> bool:
    """Whether GitHub's API refuses because too much was asked of it: the limit counts by the hour, so nobody waits."""
    return response.status_code in (403, 429) and response.headers.get("x-ratelimit-remaining") == "0"


def _check_address(address: str) -> None:
    """https everywhere but on this machine."""
    parts = urlsplit(address)
    local = parts.hostname in ("localhost", "::1") or (parts.hostname or "").startswith("127.")
    if parts.scheme == "https" or (parts.scheme == "http" and local):
        return
    raise GeneratorError(f"{address} is not https, so its bytes could come from anyone.\nUse an https address.")


def _origin(address: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise _no_address(address, error) from None


def _no_address(address: str, error: Exception) -> GeneratorError:
    return GeneratorError(f"{address} is no address: {error}.\nCorrect --mirror or SPEC_MIRROR.")


def _is_proxied(address: str) -> bool:
    """Whether the environment names a proxy for an address."""
    parts = urlsplit(address)
    proxies = {name.lower() for name in os.environ}
    return f"{parts.scheme}_proxy" in proxies or "all_proxy" in proxies


def _seconds(text: str | None) -> float | None:
    try:
        return max(float(text), 0.0) if text is not None else None
    except ValueError:
        return None
