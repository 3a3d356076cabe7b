"""Tokens: where one comes from, what the token endpoint is told, and how long its answer is good for.

No input or output here: what is to be sent is yielded, and the answer comes back.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeAlias
from urllib.parse import urlencode

from kubesphere_client import _json
from kubesphere_client._refusal import refusal, request_of
from kubesphere_client.errors import AccountInactiveError, AccountLockedError, LoginError, WrongCredentialsError

if TYPE_CHECKING:
    from kubesphere_client._http import Response

# A token dies 10 seconds before `expires_in` says (evidence/auth.md §4), and a call takes its time.
_MARGIN = 60.0
# Any path will do: credentials are looked at on every one, public or not (evidence/auth.md §1).
_CHECKED_PATH = "/kapis/version"


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


class Token:
    """A token from the server. Two are the same only if they are one object: within a second the server issues
    tokens that are equal byte for byte (evidence/server.md §1).

    Attributes:
        access: what stands after the scheme in the Authorization header.
        expires_at, renew_at: seconds since 1970.
    """

    __slots__ = ("access", "expires_at", "refresh", "renew_at", "scheme")

    def __init__(
        self,
        access: Secret,
        refresh: Secret | None = None,
        expires_at: float = math.inf,
        renew_at: float = math.inf,
        scheme: str = "Bearer",
    ) -> None:
        self.access = access
        self.refresh = refresh
        self.expires_at = expires_at
        self.renew_at = renew_at
        self.scheme = scheme

    @property
    def header(self) -> str:
        return f"{self.scheme} {self.access.reveal()}"

    def __repr__(self) -> str:
        return f"Token({self.access!r}, expires_at={self.expires_at!r})"


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


class Check:
    """A request that shows whether the server takes an Authorization header."""

    grant = "check"
    path = _CHECKED_PATH

    def __init__(self, token: Token) -> None:
        self.token = token


class Wait:
    """A pause of some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Call:
    """A function of the user's that gives a token, and may be a coroutine function; comes to what it gave."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function


class Given:
    """Whatever a function of the user's gave; it may be a secret."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Given(***)"


Step: TypeAlias = Form | Check | Wait | Call
Conversation: TypeAlias = "Generator[Step, Any, Token]"


class Credentials(Protocol):
    """What can give a token."""

    def current(self) -> Token | None:
        """The token to send; None when a new one must be had first."""
        ...

    def reject(self, token: Token) -> bool:
        """Hear that the server refused a token; whether another one can be had."""
        ...

    def renewal(self) -> Conversation:
        """Get a new token: yields what to do, takes what came of it (an error is thrown in), returns the token."""
        ...


def read_token(response: Response, asked_at: float) -> Token:
    """The token that the token endpoint answered with.

    Raises:
        LoginError: it answered anything else.
    """
    if response.status_code != 200:
        raise login_refused(response)
    answer = _decoded(response)
    access = answer.get("access_token")
    if not isinstance(access, str) or not fits_header(access):
        del answer, access  # a traceback that shows the locals of this frame may not show a refresh token
        raise LoginError(
            "the answer holds no token",
            status_code=response.status_code,
            reason="OK",
            body=None,
            # Without its content, in which there may be half of what was asked for.
            response=type(response)(response.status_code, request=request_of(response)),
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
    return asked_at + seconds, asked_at + seconds - margin(seconds)


def margin(lifetime: float) -> float:
    """How many seconds before its end a token is renewed."""
    return min(_MARGIN, lifetime / 2)


def fits_header(token: str) -> bool:
    """Whether a text can stand in an Authorization header."""
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def basic_token(username: str, password: Secret) -> Token:
    """User name and password as HTTP Basic writes them (RFC 7617)."""
    pair = f"{username}:{password.reveal()}".encode()
    return Token(Secret(b64encode(pair).decode("ascii")), scheme="Basic")


def login_refused(response: Response) -> LoginError:
    """The error for an answer that is no token, with what to do about it."""
    message, reason, body = refusal(response)
    status = response.status_code
    kind = LoginError
    if "rate limit" in message or status == 429:
        kind = AccountLockedError
        hint = "The account is locked after too many failed logins; wait, as more attempts may prolong the lock."
    elif "not active" in message:
        kind = AccountInactiveError
        hint = "The account is disabled, or was created a moment ago and is not ready yet."
    elif status == 401:
        kind = WrongCredentialsError
        hint = "Check the user name and the password."
    elif status < 500:
        hint = "Check that base_url is the address of ks-apiserver."
    else:
        hint = ""
    return kind(message, status_code=status, reason=reason, body=body, response=response, hint=hint)
