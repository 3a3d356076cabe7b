"""Tokens: where one comes from, what the token endpoint is told, and how long its answer is good for.

No input or output here: what is to be sent is yielded, and the answer comes back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeAlias
from urllib.parse import urlencode

from attrs import frozen

from kubesphere_client import _json
from kubesphere_client._refusal import refusal
from kubesphere_client.errors import ConfigError, LoginError

if TYPE_CHECKING:
    from kubesphere_client._http import Response

# A token dies 10 seconds before `expires_in` says (evidence/auth.md §4), and a call takes its time.
_MARGIN = 60.0
_REFUSED = frozenset((400, 401, 403))


class Secret:
    """A text that no repr, log or pickle shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client and its credentials cannot be pickled or copied.")


@frozen(eq=False)
class Token:
    """A token from the server. Two are the same only if they are one object: within a second the server issues
    tokens that are equal byte for byte (evidence/server.md §1)."""

    access: Secret
    refresh: Secret | None = None
    expires_at: float = math.inf
    renew_at: float = math.inf


class Form:
    """What is sent to the token endpoint."""

    def __init__(self, grant: str, **fields: Secret) -> None:
        self.grant = grant
        self._fields = fields

    def encode(self) -> bytes:
        fields = {name: secret.reveal() for name, secret in self._fields.items()}
        return urlencode({"grant_type": self.grant, **fields}).encode()

    def __repr__(self) -> str:
        return f"Form({self.grant})"


Conversation: TypeAlias = "Generator[Form, Response, Token]"


class Credentials(Protocol):
    """What can give a token."""

    def current(self) -> Token | None:
        """The token to send; None when a new one must be had first."""
        ...

    def reject(self, token: Token) -> bool:
        """Hear that the server refused a token; whether another one can be had."""
        ...

    def renewal(self) -> Conversation:
        """Talk to the token endpoint: yields what to send, takes the answers, returns the new token."""
        ...


class StaticToken:
    """A token that the user gave, which nothing can renew."""

    def __init__(self, token: Secret) -> None:
        text = token.reveal()
        if not _fits_header(text):
            raise ConfigError("The token is empty or holds spaces or line breaks; give the token alone.")
        self._token = Token(token)

    def current(self) -> Token:
        return self._token

    def reject(self, token: Token) -> bool:
        return False

    def renewal(self) -> Conversation:
        raise AssertionError("a static token is always current")


class PasswordLogin:
    """A user name and password, and the token they gave last.

    Args:
        clock: seconds on a clock that never goes back.
    """

    def __init__(self, username: str, password: Secret, *, clock: Callable[[], float] = monotonic) -> None:
        self.username = username
        self._password = password
        self._clock = clock
        self._token: Token | None = None
        self._rejected = False

    def current(self) -> Token | None:
        token = self._token
        if token is None or self._rejected or self._clock() >= token.renew_at:
            return None
        return token

    def reject(self, token: Token) -> bool:
        # A 401 that belongs to an older token says nothing about this one.
        if token is self._token:
            self._rejected = True
        return True

    def renewal(self) -> Conversation:
        """Refresh; log in where there is nothing to refresh or the server refuses, as it does after another login
        of the same user when it allows one login only (recordings short-04 to short-10)."""
        old = self._token
        if old is not None and old.refresh is not None:
            asked_at = self._clock()
            response = yield Form("refresh_token", refresh_token=old.refresh)
            if response.status_code not in _REFUSED:
                return self._accept(response, asked_at)
        asked_at = self._clock()
        response = yield Form("password", username=Secret(self.username), password=self._password)
        return self._accept(response, asked_at)

    def _accept(self, response: Response, asked_at: float) -> Token:
        token = read_token(response, asked_at)
        self._token, self._rejected = token, False
        return token


def read_token(response: Response, asked_at: float) -> Token:
    """The token that the token endpoint answered with.

    Raises:
        LoginError: it answered anything else.
    """
    if response.status_code != 200:
        raise _login_refused(response)
    answer = _decoded(response)
    access = answer.get("access_token")
    if not isinstance(access, str) or not _fits_header(access):
        raise LoginError(
            "the answer holds no token",
            status_code=response.status_code,
            reason="OK",
            body=None,
            response=response,
            hint="Check that base_url is the address of ks-apiserver.",
        )
    refresh = answer.get("refresh_token")
    expires_at, renew_at = _lifetime(answer.get("expires_in"), asked_at)
    return Token(
        access=Secret(access),
        refresh=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        expires_at=expires_at,
        renew_at=renew_at,
    )


def _decoded(response: Response) -> dict[str, Any]:
    try:
        answer = _json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _lifetime(seconds: Any, asked_at: float) -> tuple[float, float]:
    # The server leaves `expires_in` out when tokens never expire (recording short-20).
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        return math.inf, math.inf
    return asked_at + seconds, asked_at + seconds - min(_MARGIN, seconds / 2)


def _fits_header(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def _login_refused(response: Response) -> LoginError:
    message, reason, body = refusal(response)
    status = response.status_code
    if "rate limit" in message or status == 429:
        hint = "The account is locked after too many failed logins; wait, as more attempts may prolong the lock."
    elif "not active" in message:
        hint = "The account is disabled, or was created a moment ago and is not ready yet."
    elif status == 401:
        hint = "Check the user name and the password."
    elif status < 500:
        hint = "Check that base_url is the address of ks-apiserver."
    else:
        hint = ""
    return LoginError(message, status_code=status, reason=reason, body=body, response=response, hint=hint)
