"""Which error an answer is that the server refused a call with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kubesphere_client._cluster_refusal import cluster_trouble
from kubesphere_client._refusal import meant_status, phrase, readable, refusal, said
from kubesphere_client.errors import (
    APIStatusError,
    BadRequestError,
    ClusterNotFoundError,
    ClusterNotReadyError,
    ClusterUnreachableError,
    ConflictError,
    GoneError,
    MethodNotAllowedError,
    NotAcceptableError,
    NotAuthenticatedError,
    NotFoundError,
    PayloadTooLargeError,
    PermissionDeniedError,
    RateLimitedError,
    RedirectError,
    ServerError,
    UnexpectedStatusError,
    UnprocessableEntityError,
    UnsupportedMediaTypeError,
)

if TYPE_CHECKING:
    from kubesphere_client._http import Response

__all__ = ["error_class", "event_error", "status_error"]

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
