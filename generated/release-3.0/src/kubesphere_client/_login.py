"""How the user wants to be known to which server: what the constructors were given, settled before anything is sent."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

from kubesphere_client._auth import Secret
from kubesphere_client._http import DEFAULT_LIMITS, DEFAULT_TIMEOUT, OWN_AUTH, client_auth, server_address
from kubesphere_client._parameters import fill_path
from kubesphere_client.auth import PasswordCredentials, StaticToken, login_for
from kubesphere_client.errors import ConfigError

if TYPE_CHECKING:
    from kubesphere_client._auth import Credentials as Source
    from kubesphere_client._http import AsyncClient, AuthTypes, Client
    from kubesphere_client.auth import CredentialsTypes


class NotGiven:
    """Told apart from None, which means something of its own."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven()


class Settled:
    """What a client is set up with.

    Attributes:
        address: the server, without a slash at its end.
        source: keeps the token; None where there is none to keep.
        auth: what httpx is to use as `auth` where there is no source.
        cluster: the part of the addresses that names a member cluster, or "".
        verify: what httpx takes for TLS.
    """

    __slots__ = ("address", "auth", "cluster", "source", "verify")

    def __init__(
        self, *, address: str, source: Source | None, auth: Any, cluster: str, verify: bool | ssl.SSLContext
    ) -> None:
        self.address = address
        self.source = source
        self.auth = auth
        self.cluster = cluster
        self.verify = verify


class Login:
    """What a constructor was told. Making one raises nothing, as its caller still holds secrets."""

    def __init__(
        self,
        base_url: str | None,
        username: str | None,
        password: str | None,
        token: str | None,
        credentials: CredentialsTypes | None,
        auth: AuthTypes | NotGiven | None,
    ) -> None:
        self._base_url = (
            None if base_url is None else Secret(base_url)
        )  # it may hold a password, which is refused later
        self._username = username
        self._password = None if password is None else Secret(password)
        self._token = None if token is None else Secret(token)
        self._credentials = credentials
        self._auth_given = not isinstance(auth, NotGiven)
        self._auth = OWN_AUTH if isinstance(auth, NotGiven) else client_auth(auth)

    def settle(
        self,
        http_client: Client | AsyncClient | None,
        verify: bool | ssl.SSLContext | NotGiven,
        cluster: str | None,
    ) -> Settled:
        """Settle what the constructor was not told, from the environment and the configuration file.

        Raises:
            ConfigError: something is missing, or cannot work.
        """
        address = None if self._base_url is None else server_address(self._base_url)
        self._check_one_credential()
        if not self._is_known(http_client) or address is None:
            from kubesphere_client._settings import (  # most clients are told all that they need
                Variables,
                Wanted,
                resolve,
            )

            found = resolve(Wanted(address, credentials=not self._is_known(http_client)), Variables())
            address = address or server_address(found.endpoint)
            if not self._is_known(http_client):
                self._credentials = found.credentials
            cluster = found.cluster if cluster is None else cluster
            if isinstance(verify, NotGiven) and http_client is None:
                verify = found.verify()
        return Settled(
            address=address,
            source=None if self._credentials is None else login_for(self._credentials, address),
            auth=self._auth,
            cluster=cluster_prefix(cluster),
            verify=True if isinstance(verify, NotGiven) else verify,
        )

    def _check_one_credential(self) -> None:
        given = [
            name
            for name, is_given in (
                ("username and password", self._username is not None or self._password is not None),
                ("token", self._token is not None),
                ("credentials", self._credentials is not None),
                ("auth", self._auth_given),
            )
            if is_given
        ]
        if len(given) > 1:
            raise ConfigError(f"Give either {' or '.join(given)}, not both.")
        if self._token is not None:
            self._credentials = StaticToken(self._token.reveal())
        elif self._username is not None or self._password is not None:
            password = self._password or Secret("")
            self._credentials = PasswordCredentials(self._username or "", password.reveal())

    def _is_known(self, http_client: Client | AsyncClient | None) -> bool:
        """Whether it is settled who calls: an http_client may have an auth of its own."""
        return self._credentials is not None or self._auth_given or http_client is not None

    def __str__(self) -> str:
        username = getattr(self._credentials, "username", self._username)
        if username is not None:
            return f"username={username!r}"
        if self._token is not None or isinstance(self._credentials, StaticToken):
            return "token=***"
        if self._credentials is not None:
            return f"credentials={type(self._credentials).__name__}"
        return "auth=None" if self._auth is None else "auth=***"


def cluster_prefix(name: str | None) -> str:
    """The part of the addresses that names a member cluster."""
    return "" if name is None else fill_path("/clusters/{name}", {"name": name}, tail=(), operation="cluster")


def check_only(
    timeout: Any, verify: Any, proxy: Any, transport: Any, limits: Any, event_hooks: Any, trust_env: Any
) -> None:
    """Refuse the settings of connections beside an http_client, which has its own."""
    given = {
        "timeout": timeout is not DEFAULT_TIMEOUT,
        "verify": not isinstance(verify, NotGiven),
        "proxy": proxy is not None,
        "transport": transport is not None,
        "limits": limits is not DEFAULT_LIMITS,
        "event_hooks": event_hooks is not None,
        "trust_env": trust_env is not True,
    }
    names = [name for name, is_given in given.items() if is_given]
    if names:
        raise ConfigError(f"Give {' and '.join(names)} to the http_client itself, not beside it.")
