"""What can go wrong, as exceptions: one class for each kind of refusal, with the server's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from kubesphere_client._refusal import phrase, readable, refusal, request_of, said, scrubbed

if TYPE_CHECKING:
    from kubesphere_client._http import Request, Response

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "BadRequestError",
    "ClientClosedError",
    "ConfigError",
    "ConflictError",
    "DecodeError",
    "GoneError",
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
    "UnexpectedStatusError",
    "UnprocessableEntityError",
    "UnsupportedMediaTypeError",
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


class APIConnectionError(KubeSphereError):
    """No answer came: the server was not reached, or the connection broke.

    Attributes:
        request: what was being sent, if it had come to that.
        operation: the name of the operation, such as "iam.v1alpha2.get_user".
    """

    def __init__(self, message: str, *, request: Request | None = None, operation: str | None = None) -> None:
        super().__init__(message + _called(request, operation))
        self.message = message
        self.request = request
        self.operation = operation


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
        status_code: the status, such as 404.
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
    ) -> None:
        request = request_of(response)
        super().__init__(self._text(f"{status_code} {reason}: {message}{_called(request, operation)}"))
        self.message = message
        self.status_code = status_code
        self.reason = reason
        self.body = body
        self.response = response
        self.request = request
        self.operation = operation

    def _text(self, text: str) -> str:
        return text


class BadRequestError(APIStatusError):
    """400: the server cannot make sense of the request."""


class NotAuthenticatedError(APIStatusError):
    """401: the token was refused."""


class PermissionDeniedError(APIStatusError):
    """403: the user may not do this. A call without a token also ends here, as the user "system:anonymous"."""


class NotFoundError(APIStatusError):
    """404: there is no such object, or no such address."""


class MethodNotAllowedError(APIStatusError):
    """405: the address knows other methods only."""


class NotAcceptableError(APIStatusError):
    """406: the server has no answer in a media type that was asked for."""


class ConflictError(APIStatusError):
    """409: the object exists already, or was changed meanwhile."""


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
    return error_class(status_code)(
        message, status_code=status_code, reason=reason, body=body, response=response, operation=operation
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
