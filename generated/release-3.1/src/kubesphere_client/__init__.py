"""Typed client of the KubeSphere API, sync and async.

from kubesphere_client import KubeSphere

with KubeSphere("http://10.0.0.1:30881", username="admin", password="P@88w0rd") as ks:
    for node in ks.resources.v1alpha3.list_cluster_resources("nodes"):
        print(node.metadata.name)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubesphere_client._api import VERSION as __version__

if TYPE_CHECKING:
    from kubesphere_client import auth as auth
    from kubesphere_client import errors as errors
    from kubesphere_client import models as models
    from kubesphere_client import testing as testing
    from kubesphere_client._client import AsyncKubeSphere, KubeSphere
    from kubesphere_client._logs import AsyncLogLines, LogLines
    from kubesphere_client._operation import RequestOptions
    from kubesphere_client._page import AsyncPage, AsyncPageRequest, Page
    from kubesphere_client._preload import preload
    from kubesphere_client._raw import RawResponse
    from kubesphere_client._scalars import IntOrString, Quantity, Timestamp
    from kubesphere_client._streams import AsyncStreamedResponse, StreamedResponse
    from kubesphere_client._terminal import AsyncTerminal, Terminal
    from kubesphere_client._upload import Upload
    from kubesphere_client._watch import AsyncWatch, Watch, WatchEvent
    from kubesphere_client.errors import (
        AccountInactiveError,
        AccountLockedError,
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        BadRequestError,
        ClientClosedError,
        ClusterNotFoundError,
        ClusterNotReadyError,
        ClusterUnreachableError,
        ConfigError,
        ConflictError,
        DecodeError,
        GoneError,
        InsecureFileWarning,
        InvalidArgumentError,
        KubeSphereError,
        LoginError,
        MethodNotAllowedError,
        NotAcceptableError,
        NotAuthenticatedError,
        NotFoundError,
        PayloadTooLargeError,
        PermissionDeniedError,
        RateLimitedError,
        RedirectError,
        ServerError,
        TokenCacheWarning,
        UnexpectedStatusError,
        UnprocessableEntityError,
        UnsupportedMediaTypeError,
        WaitTimeoutError,
        WrongCredentialsError,
    )

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AccountInactiveError",
    "AccountLockedError",
    "AsyncKubeSphere",
    "AsyncLogLines",
    "AsyncPage",
    "AsyncPageRequest",
    "AsyncStreamedResponse",
    "AsyncTerminal",
    "AsyncWatch",
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
    "IntOrString",
    "InvalidArgumentError",
    "KubeSphere",
    "KubeSphereError",
    "LogLines",
    "LoginError",
    "MethodNotAllowedError",
    "NotAcceptableError",
    "NotAuthenticatedError",
    "NotFoundError",
    "Page",
    "PayloadTooLargeError",
    "PermissionDeniedError",
    "Quantity",
    "RateLimitedError",
    "RawResponse",
    "RedirectError",
    "RequestOptions",
    "ServerError",
    "StreamedResponse",
    "Terminal",
    "Timestamp",
    "TokenCacheWarning",
    "UnexpectedStatusError",
    "UnprocessableEntityError",
    "UnsupportedMediaTypeError",
    "Upload",
    "WaitTimeoutError",
    "Watch",
    "WatchEvent",
    "WrongCredentialsError",
    "__version__",
    "preload",
]

# The modules of the names that are not errors. A module is imported when one of its names is first used, so that
# importing the package takes no time to speak of, and httpx is not imported before it is needed.
_MODULES = {
    "_client": ("AsyncKubeSphere", "KubeSphere"),
    "_logs": ("AsyncLogLines", "LogLines"),
    "_operation": ("RequestOptions",),
    "_page": ("AsyncPage", "AsyncPageRequest", "Page"),
    "_preload": ("preload",),
    "_raw": ("RawResponse",),
    "_scalars": ("IntOrString", "Quantity", "Timestamp"),
    "_streams": ("AsyncStreamedResponse", "StreamedResponse"),
    "_terminal": ("AsyncTerminal", "Terminal"),
    "_upload": ("Upload",),
    "_watch": ("AsyncWatch", "Watch", "WatchEvent"),
}
if not TYPE_CHECKING:  # else a type checker would believe that every name exists
    from kubesphere_client._lazy import lazy_exports

    _EXPORTS = {name: module for module, names in _MODULES.items() for name in names}
    _EXPORTS = {name: _EXPORTS.get(name, "errors") for name in __all__ if name != "__version__"}
    __getattr__, __dir__ = lazy_exports(__name__, _EXPORTS, ("auth", "errors", "models", "testing"))
