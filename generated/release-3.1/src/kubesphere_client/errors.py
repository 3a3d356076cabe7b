"""What can go wrong, as exceptions: one class for each kind of refusal, with the server's own words."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from kubesphere_client._refusal import called, request_of, restored, scrubbed

if TYPE_CHECKING:
    from kubesphere_client._http import Request, Response
    from kubesphere_client.models import Status

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AccountInactiveError",
    "AccountLockedError",
    "BadRequestError",
    "ClientClosedError",
    "ClusterNotFoundError",
    "ClusterNotReadyError",
    "ClusterUnreachableError",
    "ConfigError",
    "ConflictError",
    "DecodeError",
    "GoneError",
    "InsecureFileWarning",
    "InvalidArgumentError",
    "KubeSphereError",
    "LoginError",
    "MethodNotAllowedError",
    "NotAcceptableError",
    "NotAuthenticatedError",
    "NotFoundError",
    "PayloadTooLargeError",
    "PermissionDeniedError",
    "RateLimitedError",
    "RedirectError",
    "ServerError",
    "TokenCacheWarning",
    "UnexpectedStatusError",
    "UnprocessableEntityError",
    "UnsupportedMediaTypeError",
    "WaitTimeoutError",
    "WrongCredentialsError",
]


class KubeSphereError(Exception):
    """Base of every error that this package raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles keep all but the request's body and headers, which hold passwords and tokens.
        state = {name: scrubbed(value) for name, value in self.__dict__.items()}
        return restored, (type(self), self.args, state)


class ConfigError(KubeSphereError, ValueError):
    """The client was set up in a way that cannot work; nothing was sent."""


class InvalidArgumentError(KubeSphereError, ValueError):
    """An argument of a call cannot be sent as it is; nothing was sent."""


class ClientClosedError(KubeSphereError, RuntimeError):
    """The client was used after it was closed."""


class WaitTimeoutError(KubeSphereError, TimeoutError):
    """What was waited for did not come in time.

    Attributes:
        last: what was seen last: a value, an error, or None where nothing was seen.
    """

    def __init__(self, message: str, *, last: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.last = last


class APIConnectionError(KubeSphereError):
    """No answer came: the server was not reached, or the connection broke.

    Attributes:
        request: what was being sent, if it had come to that.
        operation: the name of the operation, such as "iam.v1alpha2.get_user".
        failure: how far the call came. "unsent": nothing reached the server. "unanswered": the connection was closed
            before a byte of the answer came, so nobody knows whether the server did what was asked. "broken": the answer
            had begun. "" where the call cannot be made like this at all, or its time was up.
    """

    def __init__(
        self,
        message: str,
        *,
        request: Request | None = None,
        operation: str | None = None,
        failure: Literal["unsent", "unanswered", "broken", ""] = "",
    ) -> None:
        super().__init__(message + called(request, operation))
        self.message = message
        self.request = request
        self.operation = operation
        self.failure = failure


class APITimeoutError(APIConnectionError):
    """The server did not answer in time."""


class DecodeError(KubeSphereError):
    """The server reported success, but its answer is not what the operation declares.

    Attributes:
        response: the answer; `body` is its text.
        operation: the name of the operation.
    """

    def __init__(self, message: str, *, response: Response, body: str = "", operation: str | None = None) -> None:
        super().__init__(message + called(request_of(response), operation))
        self.message = message
        self.response = response
        self.request = request_of(response)
        self.body = body
        self.operation = operation


class APIStatusError(KubeSphereError):
    """The server answered with a status that the operation does not declare as a success.

    Attributes:
        status_code: the status that came, such as 404.
        read_as: the status as which it was read, where what the server said means another than it sent: a missing object
            that is reported with status 500 is a NotFoundError, whose `status_code` is 500 and `read_as` 404. Else None.
        reason: Kubernetes' reason where the server gave one ("AlreadyExists"), else the status in words ("NotFound").
        message: what the server said, without markup.
        body: the decoded JSON of the answer, or its text.
        response, request: the exchange, as httpx has it.
        operation: the name of the operation, such as "iam.v1alpha2.get_user".
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        reason: str,
        body: Any,
        response: Response,
        operation: str | None = None,
        read_as: int | None = None,
    ) -> None:
        request = request_of(response)
        what = f"{status_code} {reason}" if read_as is None else f"{status_code}, read as {read_as} {reason}"
        super().__init__(self._text(f"{what}: {message}{called(request, operation)}"))
        self.message = message
        self.status_code = status_code
        self.read_as = read_as
        self.reason = reason
        self.body = body
        self.response = response
        self.request = request
        self.operation = operation

    @property
    def status(self) -> Status | None:
        """The Kubernetes Status that came as the body; None where the body was something else."""
        if not isinstance(self.body, dict) or self.body.get("kind") != "Status":
            return None
        status: Status = import_module("kubesphere_client._described").described("Status").from_dict(self.body)
        return status

    def _text(self, text: str) -> str:
        return text


class BadRequestError(APIStatusError):
    """400: the server cannot make sense of the request."""


class NotAuthenticatedError(APIStatusError):
    """401: the token was refused."""


class PermissionDeniedError(APIStatusError):
    """403: the user may not do this. A call without a token also ends here, as the user "system:anonymous"."""


class NotFoundError(APIStatusError):
    """404: there is no such object, or no such address. Some objects that are missing are reported as 500."""


class ClusterNotFoundError(NotFoundError):
    """A call for a member cluster, and the host knows no cluster of that name."""


class MethodNotAllowedError(APIStatusError):
    """405: the address knows other methods only."""


class NotAcceptableError(APIStatusError):
    """406: the server has no answer in a media type that was asked for."""


class ConflictError(APIStatusError):
    """409: the object exists already, or was changed meanwhile. Some of that is reported as 400 or 500."""


class GoneError(APIStatusError):
    """410: the resourceVersion or the continue token is too old; list again."""


class PayloadTooLargeError(APIStatusError):
    """413: the body is larger than the server takes."""


class UnsupportedMediaTypeError(APIStatusError):
    """415: the server does not read bodies of this media type here."""


class UnprocessableEntityError(APIStatusError):
    """422: the object is not valid."""


class RateLimitedError(APIStatusError):
    """429: too many requests, or the account is locked after failed logins."""


class ServerError(APIStatusError):
    """5xx: the server failed."""


class ClusterNotReadyError(ServerError):
    """A call for a member cluster that the host knows, and that is not ready."""


class ClusterUnreachableError(ServerError):
    """A call for a member cluster that the host cannot reach."""


class RedirectError(APIStatusError):
    """3xx: the server sends the caller elsewhere, and redirects are not followed.

    Attributes:
        location: where to, or None when the server did not say.
    """

    @property
    def location(self) -> str | None:
        location: str | None = self.response.headers.get("Location")
        return location


class UnexpectedStatusError(APIStatusError):
    """Any other status that the operation does not declare."""


class LoginError(APIStatusError):
    """The token endpoint refused a login or a refresh.

    Attributes:
        hint: what to do about it, or "".
    """

    def __init__(
        self, message: str, *, status_code: int, reason: str, body: Any, response: Response, hint: str = ""
    ) -> None:
        self.hint = hint
        # Without the form, which holds the password.
        response = scrubbed(response)
        super().__init__(message, status_code=status_code, reason=reason, body=body, response=response)

    def _text(self, text: str) -> str:
        return f"Login refused: {text}. {self.hint}".rstrip()


class WrongCredentialsError(LoginError):
    """The user name or the password is wrong. They are not sent again: too many failures lock the account."""


class AccountLockedError(LoginError):
    """The account is locked for a while after too many failed logins."""


class AccountInactiveError(LoginError):
    """The account is disabled, or was created a moment ago and is not ready yet."""


class InsecureFileWarning(UserWarning):
    """A file that holds a secret can be read by others."""


class TokenCacheWarning(UserWarning):
    """The token cache could not be used, and the client goes on without it."""
