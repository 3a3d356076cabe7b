"""Credentials: what a client can be given to be known to the server with.

from kubesphere_client import KubeSphere
from kubesphere_client.auth import TokenFile

ks = KubeSphere("http://10.0.0.1:30881", credentials=TokenFile("/run/secrets/ks"))

All of them are descriptions: they hold no token themselves, so the clients of two servers can share one.
"""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Protocol, TypeAlias

from kubesphere_client._api import TOKEN_PATH
from kubesphere_client._auth import Given, Secret, Token
from kubesphere_client._logins import BasicLogin, PasswordLogin
from kubesphere_client._tokens import FileToken, FixedToken, ProvidedToken, token_of
from kubesphere_client.errors import ConfigError

if TYPE_CHECKING:
    from kubesphere_client._auth import Credentials as Login
    from kubesphere_client._token_cache import CacheEntry

__all__ = [
    "AccessToken",
    "AsyncCredentialProvider",
    "BasicCredentials",
    "CredentialProvider",
    "Credentials",
    "CredentialsTypes",
    "PasswordCredentials",
    "StaticToken",
    "TokenCache",
    "TokenFile",
]


def __dir__() -> list[str]:
    return sorted(__all__)


class AccessToken:
    """A token and when it expires. It shows itself in no repr, and cannot be pickled.

    Args:
        token: the token alone, without "Bearer".
        expires_at: a datetime with a time zone, or seconds since 1970; None where it does not expire.
    """

    __slots__ = ("_text", "expires_at")

    def __init__(self, token: str, *, expires_at: datetime | float | None = None) -> None:
        self._text = Secret(token)
        del token
        if isinstance(expires_at, datetime) and expires_at.tzinfo is None:
            raise ConfigError("expires_at has no time zone; give datetime.now(UTC) + timedelta(…), or seconds.")
        if isinstance(expires_at, int | float):
            expires_at = datetime.fromtimestamp(expires_at, UTC)
        self.expires_at: datetime | None = expires_at

    def reveal(self) -> str:
        """The token itself."""
        return self._text.reveal()

    def __repr__(self) -> str:
        return f"AccessToken(***, expires_at={self.expires_at and self.expires_at.isoformat()})"


class CredentialProvider(Protocol):
    """Anything that has this method can be given as `credentials`."""

    def get_token(self, refused: AccessToken | None) -> AccessToken | str:
        """A token; asked for on first use, before the last one expires, and after the server refused it.

        A client asks once for all its threads. AsyncKubeSphere does so in a thread of its own.

        Args:
            refused: the last token, where the server refused it; else None.
        """
        ...


class AsyncCredentialProvider(Protocol):
    """A `CredentialProvider` for AsyncKubeSphere."""

    async def get_token(self, refused: AccessToken | None) -> AccessToken | str:
        """See `CredentialProvider.get_token`."""
        ...


class Credentials(ABC):
    """Base of what this module offers."""

    @abstractmethod
    def _login(self, address: str) -> Login:
        """The state that a client of this server keeps."""


class PasswordCredentials(Credentials):
    """A user name and password, for which the server gives a token that is renewed as needed.

    A password that was refused is not sent again by the same client, since failures lock the account.

    Args:
        cache: where processes that share the account share the token.
        clock: seconds since 1970; for tests.
    """

    def __init__(
        self, username: str, password: str, *, cache: TokenCache | None = None, clock: Callable[[], float] = time
    ) -> None:
        self.username = username
        self._password = Secret(password)
        del password
        _check_pair(username, self._password)
        self._cache = cache
        self._clock = clock

    def _login(self, address: str) -> PasswordLogin:
        if TOKEN_PATH is None:
            raise ConfigError("This API describes no token endpoint; give token or auth instead.")
        entry = None if self._cache is None else self._cache._entry(address, self.username)
        return PasswordLogin(self.username, self._password, cache=entry, clock=self._clock)

    def __repr__(self) -> str:
        return f"PasswordCredentials({self.username!r}, ***)"


class BasicCredentials(Credentials):
    """A user name and password that go with every call (HTTP Basic), without a token.

    This is how two processes share an account where the server allows one login at a time, as each login revokes the
    tokens of the other. The server checks the password on every call, which takes it a tenth of a second.
    """

    def __init__(self, username: str, password: str) -> None:
        self.username = username
        self._password = Secret(password)
        del password
        _check_pair(username, self._password)
        if ":" in username:
            raise ConfigError("HTTP Basic allows no colon in a user name.")

    def _login(self, address: str) -> BasicLogin:
        return BasicLogin(self.username, self._password)

    def __repr__(self) -> str:
        return f"BasicCredentials({self.username!r}, ***)"


class StaticToken(Credentials):
    """A token that is sent as it is, and never renewed."""

    def __init__(self, token: str) -> None:
        self._token = Secret(token)
        del token

    def _login(self, address: str) -> FixedToken:
        return FixedToken(self._token)

    def __repr__(self) -> str:
        return "StaticToken(***)"


class TokenFile(Credentials):
    """A file that holds a token and nothing else; it is read again when it changes, and after the server refused the
    token.

    Raises:
        ConfigError: it cannot be read when the client is made.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser()

    def _login(self, address: str) -> FileToken:
        return FileToken(self.path)

    def __repr__(self) -> str:
        return f"TokenFile({str(self.path)!r})"


class TokenCache:
    """A folder in which processes of one user share tokens, so that they log in once.

    The folder is made with mode 0700, its files with 0600; there is one for each server and user. A file that others can
    read, or that is damaged, is ignored with a `TokenCacheWarning`.

    Args:
        path: the folder; by default ~/.cache/kubesphere-client/tokens, or below XDG_CACHE_HOME.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        if path is None:
            path = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "kubesphere-client" / "tokens"
        self.path = Path(path).expanduser()

    def _entry(self, address: str, username: str) -> CacheEntry:
        from kubesphere_client._token_cache import CacheEntry  # files and locks, which few clients need

        return CacheEntry(self.path, address, username)

    def __repr__(self) -> str:
        return f"TokenCache({str(self.path)!r})"


_Given: TypeAlias = AccessToken | str
CredentialsTypes: TypeAlias = (
    Credentials
    | AccessToken
    | CredentialProvider
    | AsyncCredentialProvider
    | Callable[[], _Given]
    | Callable[[], Awaitable[_Given]]
)


def login_for(credentials: CredentialsTypes, address: str) -> Login:
    """The state that a client keeps for the credentials it was given.

    Raises:
        ConfigError: they are none.
    """
    if isinstance(credentials, Credentials):
        return credentials._login(address)
    if isinstance(credentials, AccessToken):
        return FixedToken(credentials._text)
    if isinstance(credentials, type):
        raise ConfigError(f"credentials is the class {credentials.__name__} itself; give an instance of it.")
    get_token = getattr(credentials, "get_token", None)
    if callable(get_token):
        return ProvidedToken(get_token, public=_public, private=_private)
    if callable(credentials):
        function = credentials
        return ProvidedToken(lambda refused: function(), public=_public, private=_private)
    raise ConfigError(
        f"credentials cannot be of the type {type(credentials).__name__}; give one of kubesphere_client.auth, such as "
        "TokenFile(path), an object with a method get_token, or a function that returns a token. A token itself goes in token=."
    )


def _public(token: Token) -> AccessToken:
    expires_at = None if token.expires_at == math.inf else token.expires_at
    return AccessToken(token.access.reveal(), expires_at=expires_at)


def _private(given: Given) -> Token:
    token = AccessToken(given.value) if isinstance(given.value, str) else given.value
    if not isinstance(token, AccessToken):
        kind = type(token).__name__
        del token
        raise ConfigError(f"The credentials gave a {kind} where a str or an AccessToken was expected.")
    expires_at = math.inf if token.expires_at is None else token.expires_at.timestamp()
    return token_of(token._text, expires_at, time(), "The token that the credentials gave")


def _check_pair(username: str, password: Secret) -> None:
    if not username or not password.reveal():
        raise ConfigError("A login takes both username and password, and neither may be empty.")
    for what, text in (("user name", Secret(username)), ("password", password)):
        if any("\ud800" <= letter <= "\udfff" for letter in text.reveal()):
            raise ConfigError(f"The {what} holds half a character, which cannot be sent.")
