"""The bytes of each source: from the cache, a mirror or upstream, and never without their digest checked."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
from attrs import field, frozen
from platformdirs import user_cache_path

from generator.errors import GeneratorError
from generator.release import Release, Source

UPSTREAM = "https://raw.githubusercontent.com"
MAXIMUM_BYTES = 16 * 1024 * 1024
_ATTEMPTS = 4
_MAXIMUM_WAIT = 10.0  # seconds; a server that asks for more is not waited for longer
_DEADLINE = 60.0  # seconds for one attempt, however slowly its bytes arrive
_MAXIMUM_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_RETRIED_STATUS = (429, 500, 502, 503, 504)
_PROXY_REFUSALS = (403, 407)


class SourcesUnreachable(GeneratorError):
    """No place that has the sources can be reached at all: no network, no such host, or a proxy that refuses."""


@frozen
class Network:
    """How the network is used; tests replace the waiting and the address of upstream."""

    upstream: str = UPSTREAM
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    deadline: float = _DEADLINE
    timeout: httpx.Timeout = field(default=_TIMEOUT)


def fetch(
    release: Release,
    *,
    mirror: str | None = None,
    offline: bool = False,
    cache: Path | None = None,
    network: Network | None = None,
) -> tuple[bytes, ...]:
    """The bytes of every source of a release, in the release's order, each with the digest that release.toml pins.

    Args:
        mirror: a folder, or an http(s) address, with the layout `<ref or commit>/<path>`.
        offline: take the cache or a mirror folder, nothing over the network.
        cache: the folder of the cache; by default the user's cache folder.

    Raises:
        SourcesUnreachable: nothing that has a source can be reached.
        GeneratorError: a source is not what is pinned, or a place that can be reached does not have it.
    """
    folder = user_cache_path("ks-codegen", appauthor=False) if cache is None else cache
    reader = _Reader(mirror, offline, network or Network())
    return tuple(_one(source, folder, reader) for source in release.sources)


def fetch_tip(
    source: Source, *, mirror: str | None = None, offline: bool = False, network: Network | None = None
) -> bytes:
    """The bytes that stand at the tip of a source's branch today; neither cached nor pinned.

    Raises:
        GeneratorError: nothing has them, or nothing can be reached.
    """
    data, _ = _Reader(mirror, offline, network or Network()).read(source, (source.ref,))
    return data


def _one(source: Source, cache: Path, reader: _Reader) -> bytes:
    entry = cache / f"{source.sha256}.json"
    cached = _cached(entry)
    if cached is not None and _digest(cached) == source.sha256:
        return cached
    data, origin = reader.read(source, (source.commit, source.ref))
    if _digest(data) != source.sha256:
        raise GeneratorError(
            f"{source.path} from {origin} has the digest {_digest(data)}; release.toml pins {source.sha256}.\n"
            "Look at what changed with `ks-codegen drift`; nothing was generated."
        )
    _keep(entry, data)
    return data


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _cached(entry: Path) -> bytes | None:
    try:
        return entry.read_bytes()
    except OSError:
        return None


def _keep(entry: Path, data: bytes) -> None:
    """Write an entry at once or not at all; a cache that cannot be written is done without."""
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, entry)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return


class _NoAnswer(Exception):
    """A place could not be reached."""


class _NotThere(Exception):
    """A place was reached and does not have the file."""


class _Reader:
    """Reads a source from the first place that has it."""

    def __init__(self, mirror: str | None, offline: bool, network: Network) -> None:
        self._mirror = mirror
        self._offline = offline
        self._network = network

    def read(self, source: Source, versions: tuple[str, ...]) -> tuple[bytes, str]:
        """The bytes of a source at the first of some versions that a place has, and where they were read from."""
        unreachable: list[str] = []
        missing: list[str] = []
        for place, reads in self._places(source, versions):
            try:
                return reads(), place
            except _NoAnswer as reason:
                unreachable.append(f"{place} ({reason})")
            except _NotThere as reason:
                missing.append(f"{place} ({reason})")
        if missing:
            raise GeneratorError(
                f"{source.path} is not at {'; nor at '.join(missing + unreachable)}.\n"
                "Name a mirror that has it with --mirror, or pin another commit in release.toml."
            )
        tried = "; ".join(unreachable) or "only the cache was allowed, and it does not have it"
        raise SourcesUnreachable(
            f"{source.path} cannot be fetched: {tried}.\nConnect to the network, or name a mirror with --mirror."
        )

    def _places(self, source: Source, versions: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], bytes]]]:
        mirror = self._mirror
        if mirror is not None and "://" not in mirror:
            folder = Path(mirror)
            if not folder.is_dir():
                raise GeneratorError(f"The mirror {mirror} is not a folder.\nCorrect --mirror or SPEC_MIRROR.")
            for version in versions:
                file = folder / version / source.path
                yield str(file), partial(_from_file, file)
        if self._offline:
            return
        if mirror is not None and "://" in mirror:
            for version in versions:
                address = f"{mirror.rstrip('/')}/{quote(version)}/{quote(source.path)}"
                yield address, partial(self._download, address)
        repository = urlsplit(source.repository).path.strip("/")
        address = f"{self._network.upstream}/{repository}/{versions[0]}/{quote(source.path)}"
        yield address, partial(self._download, address)

    def _download(self, address: str) -> bytes:
        """One file over http, tried again where that may help."""
        wait = 0.5
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                return self._attempt(address)
            except _TryAgain as reason:
                if last:
                    raise (_NotThere if reason.reached else _NoAnswer)(str(reason)) from None
                self._network.sleep(min(reason.after or wait * random.uniform(1, 1.5), _MAXIMUM_WAIT))
                wait *= 2
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, address: str) -> bytes:
        try:
            with httpx.Client(timeout=self._network.timeout) as client:
                for _ in range(_MAXIMUM_REDIRECTS + 1):
                    _check_address(address)
                    with client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as response:
                        if response.next_request is None:
                            return self._body(address, response)
                        address = str(response.next_request.url)
        except httpx.ProxyError as error:
            raise _NoAnswer(f"the proxy refuses: {error}") from None
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            raise _TryAgain(f"the connection broke off: {error}", reached=True) from None
        except httpx.TimeoutException:
            raise _TryAgain("no answer in time", reached=False) from None
        except httpx.TransportError as error:
            raise _TryAgain(str(error) or type(error).__name__, reached=False) from None
        raise GeneratorError(
            f"{address} redirects more than {_MAXIMUM_REDIRECTS} times.\nCorrect the mirror's address."
        )

    def _body(self, address: str, response: httpx.Response) -> bytes:
        status = response.status_code
        if status in _RETRIED_STATUS:
            raise _TryAgain(f"status {status}", reached=True, after=_seconds(response.headers.get("Retry-After")))
        if status in _PROXY_REFUSALS and "x-github-request-id" not in response.headers and _is_proxied(address):
            raise _NoAnswer(f"the proxy refuses with status {status}")
        if status != 200:
            raise _NotThere(f"status {status}")
        begin, chunks, size = self._network.clock(), [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MAXIMUM_BYTES:
                raise GeneratorError(
                    f"{address} is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB, which no API description is.\n"
                    "Check the mirror."
                )
            if self._network.clock() - begin > self._network.deadline:
                raise _TryAgain(f"its bytes took longer than {self._network.deadline:g} seconds", reached=True)
            chunks.append(chunk)
        return b"".join(chunks)


class _TryAgain(Exception):
    """An attempt failed in a way that another may not; `after` is how many seconds the server asks to wait."""

    def __init__(self, reason: str, *, reached: bool, after: float | None = None) -> None:
        super().__init__(reason)
        self.reached = reached
        self.after = after


def _from_file(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAXIMUM_BYTES:
            raise GeneratorError(f"{file} is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB.\nCheck the mirror.")
        return file.read_bytes()
    except FileNotFoundError:
        raise _NotThere("no such file") from None
    except OSError as error:
        raise _NotThere(error.strerror or str(error)) from None


def _check_address(address: str) -> None:
    """https everywhere but on this machine."""
    parts = urlsplit(address)
    local = parts.hostname in ("localhost", "::1") or (parts.hostname or "").startswith("127.")
    if parts.scheme == "https" or (parts.scheme == "http" and local):
        return
    raise GeneratorError(f"{address} is not https, so its bytes could come from anyone.\nUse an https address.")


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
