"""The clients: KubeSphere and AsyncKubeSphere, and what they can be told when they are made."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from kubesphere_client._api import TOKEN_PATH
from kubesphere_client._auth import Credentials, PasswordLogin, Secret, StaticToken
from kubesphere_client._clusters import Clusters
from kubesphere_client._groups import AsyncGroups, Groups
from kubesphere_client._http import (
    DEFAULT_LIMITS,
    DEFAULT_TIMEOUT,
    OWN_AUTH,
    AsyncClient,
    Client,
    client_auth,
    server_address,
)
from kubesphere_client._operation import Concealed
from kubesphere_client._request import AsyncRequests, Requests
from kubesphere_client._retry import MAX_RETRIES
from kubesphere_client._sender import AsyncSender, Connections, Sender
from kubesphere_client._token_source import AsyncTokenSource, TokenSource
from kubesphere_client._views import AsyncRawViews, RawViews
from kubesphere_client.errors import ConfigError

if TYPE_CHECKING:
    from kubesphere_client._http import AsyncBaseTransport, AuthTypes, BaseTransport, Limits, Proxy, Timeout


class _NotGiven:
    """Told apart from None, which means something of its own."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = _NotGiven()


class KubeSphere(Requests, RawViews, Clusters, Groups):
    """A client of a KubeSphere server; it can be shared by threads.

    Args:
        base_url: the address of ks-apiserver, such as "http://10.0.0.1:30881"; a path before its own paths is kept.
        username, password: log in when the first call is made; the token is renewed as needed.
        token: a token to send as it is.
        auth: an httpx.Auth (or what else httpx takes for one), or None for an anonymous client.
        timeout: seconds or an httpx.Timeout for each step of a call, or None to wait for ever; by default 10 seconds
            to connect, 60 for the rest.
        max_retries: how often a call is made again that failed in passing: a broken connection, or the status 429, 502,
            503 or 504. A POST or PATCH is made again only where nothing of it was sent.
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
        base_url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        auth: AuthTypes | _NotGiven | None = NOT_GIVEN,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        verify: bool | ssl.SSLContext = True,
        proxy: str | Proxy | None = None,
        transport: BaseTransport | None = None,
        limits: Limits = DEFAULT_LIMITS,
        event_hooks: Mapping[str, list[Callable[..., Any]]] | None = None,
        follow_redirects: bool = False,
        trust_env: bool = True,
        http_client: Client | None = None,
    ) -> None:
        self._login = login = _Login(base_url, username, password, token, auth)
        del base_url, password, token, auth  # nothing that shows the locals of this frame may show them
        headers = Concealed(headers or {})
        if isinstance(http_client, AsyncClient):
            raise ConfigError("http_client is an httpx.AsyncClient, which goes with AsyncKubeSphere.")
        self._address = server_address(login.base_url)
        credentials, sent_auth = login.settle(http_client)
        if http_client is None:
            make = partial(
                Client,
                timeout=timeout,
                verify=verify,
                proxy=proxy,
                transport=transport,
                limits=limits,
                event_hooks=event_hooks,
                follow_redirects=follow_redirects,
                trust_env=trust_env,
            )
            connections = Connections(make, owned=True)
        else:
            _check_only(timeout, verify, proxy, transport, limits, event_hooks, trust_env)
            connections = Connections(lambda: http_client, owned=False)
        self._sender = Sender(
            connections,
            tokens=None if credentials is None else TokenSource(credentials),
            base_url=self._address,
            headers=headers,
            auth=sent_auth,
            redirects=follow_redirects,
            max_retries=max_retries,
        )

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


class AsyncKubeSphere(AsyncRequests, AsyncRawViews, Clusters, AsyncGroups):
    """A client of a KubeSphere server for asyncio; it can be shared by tasks.

    Takes what `KubeSphere` takes; a transport, hooks and an http_client are httpx's async ones.

    Example:
        async with AsyncKubeSphere("http://10.0.0.1:30881", username="admin", password=password) as ks:
            print(await ks.platform.get_version())
    """

    _address = ""

    def __init__(
        self,
        base_url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        auth: AuthTypes | _NotGiven | None = NOT_GIVEN,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        verify: bool | ssl.SSLContext = True,
        proxy: str | Proxy | None = None,
        transport: AsyncBaseTransport | None = None,
        limits: Limits = DEFAULT_LIMITS,
        event_hooks: Mapping[str, list[Callable[..., Any]]] | None = None,
        follow_redirects: bool = False,
        trust_env: bool = True,
        http_client: AsyncClient | None = None,
    ) -> None:
        self._login = login = _Login(base_url, username, password, token, auth)
        del base_url, password, token, auth  # nothing that shows the locals of this frame may show them
        headers = Concealed(headers or {})
        if isinstance(http_client, Client):
            raise ConfigError("http_client is an httpx.Client, which goes with KubeSphere.")
        self._address = server_address(login.base_url)
        credentials, sent_auth = login.settle(http_client)
        if http_client is None:
            make = partial(
                AsyncClient,
                timeout=timeout,
                verify=verify,
                proxy=proxy,
                transport=transport,
                limits=limits,
                event_hooks=event_hooks,
                follow_redirects=follow_redirects,
                trust_env=trust_env,
            )
            connections = Connections(make, owned=True)
        else:
            _check_only(timeout, verify, proxy, transport, limits, event_hooks, trust_env)
            connections = Connections(lambda: http_client, owned=False)
        self._sender = AsyncSender(
            connections,
            tokens=None if credentials is None else AsyncTokenSource(credentials),
            base_url=self._address,
            headers=headers,
            auth=sent_auth,
            redirects=follow_redirects,
            max_retries=max_retries,
        )

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


class _Login:
    """How the user wants to be known to the server. Making one raises nothing, as its caller still holds secrets."""

    def __init__(
        self,
        base_url: str,
        username: str | None,
        password: str | None,
        token: str | None,
        auth: AuthTypes | _NotGiven | None,
    ) -> None:
        self.base_url = Secret(base_url)  # it may hold a password, which is refused later
        self._username = username
        self._password = None if password is None else Secret(password)
        self._token = None if token is None else Secret(token)
        self._auth_given = not isinstance(auth, _NotGiven)
        self._auth = OWN_AUTH if isinstance(auth, _NotGiven) else client_auth(auth)

    def settle(self, http_client: Client | AsyncClient | None) -> tuple[Credentials | None, Any]:
        """The credentials to keep a token with, and what httpx is to use as `auth` where there are none."""
        given = [
            name
            for name, is_given in (
                ("username and password", self._username is not None or self._password is not None),
                ("token", self._token is not None),
                ("auth", self._auth_given),
            )
            if is_given
        ]
        if len(given) > 1:
            raise ConfigError(f"Give either {' or '.join(given)}, not both.")
        if self._token is not None:
            return StaticToken(self._token), None
        if self._username is not None or self._password is not None:
            return self._password_login(), None
        if not self._auth_given and http_client is None:
            raise ConfigError("Give username and password, token, or auth; auth=None makes an anonymous client.")
        return None, self._auth

    def _password_login(self) -> PasswordLogin:
        if not self._username or self._password is None or not self._password.reveal():
            raise ConfigError("A login takes both username and password, and neither may be empty.")
        if TOKEN_PATH is None:
            raise ConfigError("This API describes no token endpoint; give token or auth instead.")
        return PasswordLogin(self._username, self._password)

    def __str__(self) -> str:
        if self._username is not None:
            return f"username={self._username!r}"
        if self._token is not None:
            return "token=***"
        return "auth=None" if self._auth is None else "auth=***"


def _check_only(
    timeout: Any, verify: Any, proxy: Any, transport: Any, limits: Any, event_hooks: Any, trust_env: Any
) -> None:
    given = {
        "timeout": timeout is not DEFAULT_TIMEOUT,
        "verify": verify is not True,
        "proxy": proxy is not None,
        "transport": transport is not None,
        "limits": limits is not DEFAULT_LIMITS,
        "event_hooks": event_hooks is not None,
        "trust_env": trust_env is not True,
    }
    names = [name for name, is_given in given.items() if is_given]
    if names:
        raise ConfigError(f"Give {' and '.join(names)} to the http_client itself, not beside it.")
