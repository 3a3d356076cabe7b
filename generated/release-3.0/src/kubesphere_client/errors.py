"""What can go wrong, as exceptions: one class for each kind of refusal, with the server's own words."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from kubesphere_client._cluster_refusal import cluster_trouble
from kubesphere_client._refusal import meant_status, phrase, readable, refusal, request_of, said, scrubbed

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

_ERROR = TypeVar("_ERROR", bound="KubeSphereError")


class KubeSphereError(Exception):
    """Base of every error that this package raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles keep all but the request's body and headers, which hold passwords and tokens.
        state = {name: scrubbed(value) for name, value in self.__dict__.items()}
        return _restored, (type(self), self.args, state)


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
        super().__init__(message + _called(request, operation))
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
        super().__init__(message + _called(request_of(response), operation))
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
        super().__init__(self._text(f"{what}: {message}{_called(request, operation)}"))
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
        status: Status | None = import_module("kubesphere_client.models").Status.from_dict(self.body)
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


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: NotAuthenticatedError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    406: NotAcceptableError,
    409: ConflictError,
    410: GoneError,
    413: PayloadTooLargeError,
    415: UnsupportedMediaTypeError,
    422: UnprocessableEntityError,
    429: RateLimitedError,
}

_BY_TROUBLE: dict[str, type[APIStatusError]] = {
    "unknown": ClusterNotFoundError,
    "not ready": ClusterNotReadyError,
    "unreachable": ClusterUnreachableError,
}


def error_class(status_code: int) -> type[APIStatusError]:
    """The class of error that a status becomes."""
    if status_code in _BY_STATUS:
        return _BY_STATUS[status_code]
    return {3: RedirectError, 5: ServerError}.get(status_code // 100, UnexpectedStatusError)


def status_error(response: Response, operation: str | None) -> APIStatusError:
    """The error for an answer whose body has been read."""
    status_code = response.status_code
    message, reason, body = refusal(response)
    if error_class(status_code) is RedirectError and "Location" in response.headers:
        # Without its query and fragment: /oauth/authorize puts a token there (recording oauth-41).
        location = re.sub(r"[?#].*|(?<=//)[^/@]*@", "", response.headers["Location"], flags=re.DOTALL)
        message = f"the server sends this call to {readable(location)}; use that address as base_url if it is right"
    read_as = meant_status(response)
    if read_as is not None:
        reason = phrase(read_as)
    trouble = cluster_trouble(response)
    if trouble == "not served":
        message += "; the host may manage no member clusters (its multicluster setting), or the address does not exist"
    elif trouble == "unreachable":
        message = "the host cannot reach the cluster"
    return _BY_TROUBLE.get(trouble or "", error_class(read_as or status_code))(
        message,
        status_code=status_code,
        reason=reason,
        body=body,
        response=response,
        operation=operation,
        read_as=read_as,
    )


def event_error(status: Any, response: Response, operation: str | None) -> APIStatusError:
    """The error for a Kubernetes Status that came as the object of an ERROR event (recording watch-05)."""
    fields = status if isinstance(status, dict) else {}
    code = fields.get("code")
    status_code = code if isinstance(code, int) else 500
    return error_class(status_code)(
        said(status) or phrase(status_code),
        status_code=status_code,
        reason=str(fields.get("reason") or phrase(status_code)),
        body=status,
        response=response,
        operation=operation,
    )


def _restored(kind: type[_ERROR], arguments: tuple[Any, ...], state: dict[str, Any]) -> _ERROR:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error


def _called(request: Request | None, operation: str | None) -> str:
    # The query stays out: /oauth/callback takes its codes there.
    parts = []
    if request is not None:
        parts.append(f"{request.method} {request.url.raw_path.decode('ascii', 'replace').partition('?')[0]}")
    if operation is not None:
        parts.append(operation)
    return f" ({', '.join(parts)})" if parts else ""
