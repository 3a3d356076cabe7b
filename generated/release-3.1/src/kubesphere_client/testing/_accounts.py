"""Who may come in: passwords, tokens, the lock after too many failures, and the check before every request."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kubesphere_client.testing._messages import (
    Answer,
    ReceivedRequest,
    data,
    kubernetes_status,
    method_not_allowed,
    page_not_found,
    plain,
    refusal,
)

ANONYMOUS = "system:anonymous"
_USER_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?(@.+)?")
_RECORDS = "/apis/iam.kubesphere.io/v1alpha2/loginrecords"
_FORM = "application/x-www-form-urlencoded"
_SEGMENTS = "token contains an invalid number of segments"
_REVOKED = "token not found in cache"


class Refused(Exception):
    """A credential is no good; `status` is 401, or 429 where the account is locked."""

    def __init__(self, message: str, status: int = 401) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass
class Account:
    """A user who may log in."""

    password: str
    active: bool = True
    email: str | None = None
    failures: int = 0


@dataclass
class _Token:
    user: str
    refreshes: bool
    expires: float | None


class Accounts:
    """The users' passwords and tokens.

    Args:
        multiple_login: False makes every login and refresh revoke all other tokens of the user, as the server does
            where its administrator did not switch it off (recordings short-04 to short-10).
        token_seconds: how long an access token lives; None for ever, and then the answer has no `expires_in`
            (recording short-20).
        lock_after: failed logins after which the account is locked (recordings lockout-00 to lockout-13).
        clock: seconds since the epoch.
    """

    def __init__(
        self, *, multiple_login: bool, token_seconds: int | None, lock_after: int, clock: Callable[[], float]
    ) -> None:
        self.multiple_login = multiple_login
        self.token_seconds = token_seconds
        self.lock_after = lock_after
        self.by_name: dict[str, Account] = {}
        self._clock = clock
        self._tokens: dict[str, _Token] = {}
        self._issued = 0
        self._lock = threading.RLock()

    def user_of(self, request: ReceivedRequest) -> str:
        """The user whose credential came with the request; without one it is the anonymous one.

        Raises:
            Refused: there is a credential and it is not valid, whatever the path (recording oauth-18).
        """
        given = request.headers.get("authorization") or request.headers.get("x-kubesphere-authorization") or ""
        scheme, _, credential = given.strip().partition(" ")
        if not scheme:
            return ANONYMOUS
        if scheme.lower() == "bearer" and credential:
            with self._lock:
                return self._valid(credential).user
        if scheme.lower() == "basic":
            return self._checked(*_basic(credential))
        raise Refused("%!s(<nil>)")  # recording oauth-56

    def token_request(self, request: ReceivedRequest) -> Answer:
        """POST /oauth/token."""
        if request.method != "POST":
            return method_not_allowed()
        if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
            return plain(415, "415: Unsupported Media Type")
        accepted = request.headers.get("accept", "*/*")
        if "*/*" not in accepted and "application/json" not in accepted:
            return plain(406, "406: Not Acceptable")
        form = request.form
        grant = form.get("grant_type", "")
        try:
            with self._lock:
                if grant == "password":
                    return self._password_grant(form.get("username", ""), form.get("password", ""))
                if grant == "refresh_token":
                    return self._issue(self._valid(form.get("refresh_token", "")).user)
        except Refused as refused:
            return plain(refused.status, f"Unauthorized: {refused.message}")
        return plain(400, f"Grant type {grant} is not supported")

    def authorize(self, request: ReceivedRequest, user: str) -> Answer:
        """GET /oauth/authorize: a token in the fragment of a redirect (recordings oauth-40 to oauth-45)."""
        query = request.parameters
        if query.get("client_id") != "default":
            return plain(401, "Unauthorized: the OAuth client was not found")
        if query.get("response_type") != "token":
            return plain(401, f"Response type {query.get('response_type', '')} is not supported")
        access, _ = self.issue(user)
        lifetime = "" if self.token_seconds is None else f"&expires_in={self.token_seconds}"
        target = f"{query.get('redirect_uri', '')}#access_token={access}&token_type=Bearer{lifetime}"
        return Answer(302, media="text/plain", headers={"Location": target})

    def review(self, request: ReceivedRequest) -> Answer:
        """POST /oauth/authenticate: Kubernetes asks whose token this is (recordings oauth-49, oauth-50)."""
        try:
            token = str(request.json()["spec"]["token"])
            user = self._valid(token).user
        except (ValueError, KeyError, TypeError):
            return refusal(400, "EOF")
        except Refused as refused:
            return refusal(500, refused.message)
        status = {"authenticated": True, "user": {"uid": user, "username": user}}
        return data({"apiVersion": "authentication.k8s.io/v1beta1", "kind": "TokenReview", "status": status})

    def issue(self, user: str) -> tuple[str, str]:
        """An access token and a refresh token for the user, under the policy of the server."""
        with self._lock:
            if not self.multiple_login:
                self.revoke([user])
            access = self._new_token(user, refreshes=False)
            return access, self._new_token(user, refreshes=True)

    def expire(self, *, refresh_tokens: bool) -> None:
        """Let all access tokens run out now; refresh tokens live longer (recording short-16)."""
        with self._lock:
            for token in self._tokens.values():
                if refresh_tokens or not token.refreshes:
                    token.expires = self._clock()

    def revoke(self, users: Iterable[str]) -> None:
        """Forget all tokens of these users."""
        gone = set(users)
        with self._lock:
            self._tokens = {text: token for text, token in self._tokens.items() if token.user not in gone}

    def _password_grant(self, name: str, password: str) -> Answer:
        if not name:  # the record of the login has no name then, and cannot be written (recordings oauth-06, oauth-07)
            return plain(500, f'Internal error occurred: Post "https://127.0.0.1:16443{_RECORDS}": EOF')
        if not _USER_NAME.fullmatch(name):
            problem = f'metadata.generateName: Invalid value: "{name}-": a lowercase RFC 1123 subdomain is needed'
            record = f'LoginRecord.iam.kubesphere.io "{name}-00000" is invalid: [{problem}]'
            return plain(500, f"Internal error occurred: {record}")
        user = self._named(name)
        account = self.by_name.get(user)
        if account is not None and not account.active:
            return plain(500, "Internal error occurred: account is not active")
        return self._issue(self._checked(name, password))

    def _issue(self, user: str) -> Answer:
        access, refresh = self.issue(user)
        answer: dict[str, object] = {"access_token": access, "token_type": "Bearer", "refresh_token": refresh}
        return data(answer if self.token_seconds is None else {**answer, "expires_in": self.token_seconds})

    def _checked(self, name: str, password: str) -> str:
        """The user with this password; a failure counts, also one of a Basic header."""
        user = self._named(name)
        with self._lock:
            account = self.by_name.get(user)
            if account is None:
                raise Refused("incorrect password")
            if account.failures >= self.lock_after:
                raise Refused("auth rate limit exceeded", 429)
            if account.password != password:
                account.failures += 1
                raise Refused("incorrect password")
            return user

    def _named(self, name: str) -> str:
        """The user's name where an e-mail address was given (recording oauth-03)."""
        return next((user for user, account in self.by_name.items() if account.email and account.email == name), name)

    def _valid(self, text: str) -> _Token:
        if text.count(".") != 2:
            raise Refused(_SEGMENTS)
        token = self._tokens.get(text)
        if token is None:
            raise Refused(_REVOKED)
        if token.expires is not None and (late := self._clock() - token.expires) >= 0:
            raise Refused(f"token is expired by {_duration(int(late) or 1)}")
        return token

    def _new_token(self, user: str, *, refreshes: bool) -> str:
        self._issued += 1
        kind = "refresh_token" if refreshes else "access_token"
        claims = {"username": user, "token_type": kind, "iss": "kubesphere", "number": self._issued}
        signature = f"signature{self._issued:06}"
        text = ".".join((_segment({"alg": "HS256", "typ": "JWT"}), _segment(claims), signature))
        # A refresh token outlives its access token by the time a session may idle: two hours.
        lifetime = None if self.token_seconds is None else self.token_seconds + (7200 if refreshes else 0)
        self._tokens[text] = _Token(user, refreshes, None if lifetime is None else self._clock() + lifetime)
        return text


def unauthorized(refused: Refused) -> Answer:
    """What a bad credential gets on any path but the token's (recordings oauth-28, lockout-basic)."""
    message = f"Unauthorized: {refused.message}"
    if refused.status == 429:
        answer = kubernetes_status(429, "TooManyRequests", message, {"retryAfterSeconds": 60})
        answer.headers["Retry-After"] = "60"
        return answer
    return kubernetes_status(401, "Unauthorized", message)


def oauth(accounts: Accounts, request: ReceivedRequest, user: str) -> Answer:
    """The routes below /oauth; there is no logout (recordings oauth-31 to oauth-38)."""
    match request.path.rstrip("/").removeprefix("/oauth"):
        case "/token":
            return accounts.token_request(request)
        case "/authorize" if request.method == "GET":
            return accounts.authorize(request, user)
        case "/authenticate" if request.method == "POST":
            return accounts.review(request)
        case path if path.startswith("/callback/"):
            return Answer(dropped=True)  # recordings oauth-47, oauth-48
    return page_not_found()


def _basic(credential: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(credential).decode().partition(":")
    except ValueError:
        raise Refused("%!s(<nil>)") from None
    return name, password


def _segment(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
