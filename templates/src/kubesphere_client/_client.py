"""The clients: KubeSphere and AsyncKubeSphere, and what they can be told when they are made."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, Unpack

from kubesphere_client._async_waiting import AsyncWaiting
from kubesphere_client._clusters import Clusters
from kubesphere_client._groups import AsyncGroups, Groups
from kubesphere_client._http import (
    DEFAULT_LIMITS,
    DEFAULT_TIMEOUT,
    AsyncClient,
    Client,
    hooks_of,
    timeout_of,
)
from kubesphere_client._late_tls import async_client_for, client_for
from kubesphere_client._login import NOT_GIVEN, Login, NotGiven, check_only
from kubesphere_client._masking import Concealed
from kubesphere_client._request import AsyncRequests, Requests
from kubesphere_client._retry import MAX_RETRIES
from kubesphere_client._sender import AsyncSender, Connections, Sender
from kubesphere_client._token_source import AsyncTokenSource, TokenSource
from kubesphere_client._views import AsyncRawViews, RawViews
from kubesphere_client._waiting import Waiting
from kubesphere_client.errors import ConfigError

if TYPE_CHECKING:
    from kubesphere_client._client_options import AsyncClientOptions, ClientOptions
    from kubesphere_client._http import AsyncBaseTransport, AuthTypes, BaseTransport, Limits, Proxy, Timeout
    from kubesphere_client.auth import CredentialsTypes


class KubeSphere(Requests, RawViews, Waiting, Clusters, Groups):
    """A client of a KubeSphere server; it can be shared by threads.

    Args:
        base_url: the address of ks-apiserver, such as "http://10.0.0.1:30881"; a path before its own paths is kept.
            Without it, and without credentials, the environment (KS_ENDPOINT, KS_TOKEN, …) and then the file
            ~/.ksctl/config.yaml are looked at.
        username, password: log in when the first call is made; the token is renewed as needed.
        token: a token to send as it is.
        credentials: one of `kubesphere_client.auth`, a function that returns a token, or any object with `get_token`.
        auth: an httpx.Auth (or what else httpx takes for one), or None for an anonymous client.
        timeout: seconds or an httpx.Timeout for each step of a call, or None to wait for ever; by default 10 seconds
            to connect, 60 for the rest.
        max_retries: how often a call is made again that failed in passing: a broken connection, or the status 429, 502,
            503 or 504. A POST or PATCH is made again only where nothing of it was sent.
        cluster: the member cluster that every call is for, see `on_cluster`.
        headers: sent with every request.
        verify, proxy, transport, limits, event_hooks, follow_redirects, trust_env: as httpx.Client has them. The
            token is never sent to another origin, wherever a redirect leads.
        http_client: an httpx.Client to send with, instead of the settings above; it is not closed with this client.

    Raises:
        ConfigError: settings that cannot work.

    Example:
        with KubeSphere("http://10.0.0.1:30881", username="admin", password=password) as ks:
            print(ks.platform.get_version())
    """

    _address = ""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        credentials: CredentialsTypes | None = None,
        auth: AuthTypes | NotGiven | None = NOT_GIVEN,
        cluster: str | None = None,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        verify: bool | ssl.SSLContext | NotGiven = NOT_GIVEN,
        proxy: str | Proxy | None = None,
        transport: BaseTransport | None = None,
        limits: Limits = DEFAULT_LIMITS,
        event_hooks: Mapping[str, list[Callable[..., Any]]] | None = None,
        follow_redirects: bool = False,
        trust_env: bool = True,
        http_client: Client | None = None,
    ) -> None:
        self._login = login = Login(base_url, username, password, token, credentials, auth)
        del base_url, password, token, credentials, auth  # nothing that shows the locals of this frame may show them
        headers = Concealed(headers or {})
        if isinstance(http_client, AsyncClient):
            raise ConfigError("http_client is an httpx.AsyncClient, which goes with AsyncKubeSphere.")
        settled = login.settle(http_client, verify, cluster)
        self._address = settled.address
        if http_client is None:
            make = partial(
                client_for,
                settled.address,
                timeout=timeout_of(timeout),
                verify=settled.verify,
                proxy=proxy,
                transport=transport,
                limits=limits,
                event_hooks=hooks_of(event_hooks),
                follow_redirects=follow_redirects,
                trust_env=trust_env,
            )
            connections = Connections(make, owned=True)
        else:
            check_only(timeout, verify, proxy, transport, limits, event_hooks, trust_env)
            connections = Connections(lambda: http_client, owned=False)
        self._sender = Sender(
            connections,
            tokens=None if settled.source is None else TokenSource(settled.source),
            base_url=self._address,
            headers=headers,
            auth=settled.auth,
            cluster=settled.cluster,
            redirects=follow_redirects,
            max_retries=max_retries,
        )

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """A client whose settings come from the environment alone: KS_ENDPOINT, and KS_TOKEN, KS_TOKEN_FILE, or
        KS_USERNAME and KS_PASSWORD; also KS_CLUSTER, KS_CA_FILE and KS_INSECURE.

        Raises:
            ConfigError: something is missing or cannot be read.

        Example:
            with KubeSphere.from_env() as ks:
                print(ks.platform.get_version())
        """
        from kubesphere_client._settings import Variables, from_environment

        return cls(**from_environment(Variables()).arguments(), **options)

    @classmethod
    def from_config(
        cls, *, context: str | None = None, path: str | os.PathLike[str] | None = None, **options: Unpack[ClientOptions]
    ) -> Self:
        """A client whose settings come from a context of a configuration file alone; takes the extra `config`.

        Args:
            context: by default the file's currentContext.
            path: by default what KSCTL_CONFIG names, or ~/.ksctl/config.yaml.

        Raises:
            ConfigError: something is missing or cannot be read.
        """
        from kubesphere_client._settings import Variables, from_file

        return cls(**from_file(path, context, Variables()).arguments(), **options)

    def close(self) -> None:
        """Close the connections; the client cannot be used after that."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __aenter__(self) -> NoReturn:
        raise TypeError("KubeSphere goes with `with`; for `async with` take AsyncKubeSphere.")

    def __aexit__(self, *_: object) -> NoReturn:
        raise TypeError("KubeSphere goes with `with`; for `async with` take AsyncKubeSphere.")

    def __repr__(self) -> str:
        return f"KubeSphere({self._address!r}, {self._login})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client cannot be pickled or copied; make a new one.")


class AsyncKubeSphere(AsyncRequests, AsyncRawViews, AsyncWaiting, Clusters, AsyncGroups):
    """A client of a KubeSphere server for asyncio; it can be shared by tasks.

    Takes what `KubeSphere` takes; a transport, hooks and an http_client are httpx's async ones.

    Example:
        async with AsyncKubeSphere("http://10.0.0.1:30881", username="admin", password=password) as ks:
            print(await ks.platform.get_version())
    """

    _address = ""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        credentials: CredentialsTypes | None = None,
        auth: AuthTypes | NotGiven | None = NOT_GIVEN,
        cluster: str | None = None,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        verify: bool | ssl.SSLContext | NotGiven = NOT_GIVEN,
        proxy: str | Proxy | None = None,
        transport: AsyncBaseTransport | None = None,
        limits: Limits = DEFAULT_LIMITS,
        event_hooks: Mapping[str, list[Callable[..., Any]]] | None = None,
        follow_redirects: bool = False,
        trust_env: bool = True,
        http_client: AsyncClient | None = None,
    ) -> None:
        self._login = login = Login(base_url, username, password, token, credentials, auth)
        del base_url, password, token, credentials, auth  # nothing that shows the locals of this frame may show them
        headers = Concealed(headers or {})
        if isinstance(http_client, Client):
            raise ConfigError("http_client is an httpx.Client, which goes with KubeSphere.")
        settled = login.settle(http_client, verify, cluster)
        self._address = settled.address
        if http_client is None:
            make = partial(
                async_client_for,
                settled.address,
                timeout=timeout_of(timeout),
                verify=settled.verify,
                proxy=proxy,
                transport=transport,
                limits=limits,
                event_hooks=hooks_of(event_hooks),
                follow_redirects=follow_redirects,
                trust_env=trust_env,
            )
            connections = Connections(make, owned=True)
        else:
            check_only(timeout, verify, proxy, transport, limits, event_hooks, trust_env)
            connections = Connections(lambda: http_client, owned=False)
        self._sender = AsyncSender(
            connections,
            tokens=None if settled.source is None else AsyncTokenSource(settled.source),
            base_url=self._address,
            headers=headers,
            auth=settled.auth,
            cluster=settled.cluster,
            redirects=follow_redirects,
            max_retries=max_retries,
        )

    @classmethod
    def from_env(cls, **options: Unpack[AsyncClientOptions]) -> Self:
        """See `KubeSphere.from_env`."""
        from kubesphere_client._settings import Variables, from_environment

        return cls(**from_environment(Variables()).arguments(), **options)

    @classmethod
    def from_config(
        cls,
        *,
        context: str | None = None,
        path: str | os.PathLike[str] | None = None,
        **options: Unpack[AsyncClientOptions],
    ) -> Self:
        """See `KubeSphere.from_config`."""
        from kubesphere_client._settings import Variables, from_file

        return cls(**from_file(path, context, Variables()).arguments(), **options)

    async def close(self) -> None:
        """Close the connections; the client cannot be used after that."""
        await self._sender.close()

    aclose = close

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __enter__(self) -> NoReturn:
        raise TypeError("AsyncKubeSphere goes with `async with`; for `with` take KubeSphere.")

    def __exit__(self, *_: object) -> NoReturn:
        raise TypeError("AsyncKubeSphere goes with `async with`; for `with` take KubeSphere.")

    def __repr__(self) -> str:
        return f"AsyncKubeSphere({self._address!r}, {self._login})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client cannot be pickled or copied; make a new one.")
