"""What a client can be told about its connections, wherever its settings come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from kubesphere_client._http import AsyncBaseTransport, BaseTransport, Limits, Proxy, Timeout


class _AnyClientOptions(TypedDict, total=False):
    timeout: float | Timeout | None
    max_retries: int
    headers: Mapping[str, str] | None
    proxy: str | Proxy | None
    limits: Limits
    event_hooks: Mapping[str, list[Callable[..., Any]]] | None
    follow_redirects: bool
    trust_env: bool


class ClientOptions(_AnyClientOptions, total=False):
    """What `KubeSphere.from_env` and `KubeSphere.from_config` take; see `KubeSphere`."""

    transport: BaseTransport | None


class AsyncClientOptions(_AnyClientOptions, total=False):
    """What `AsyncKubeSphere.from_env` and `AsyncKubeSphere.from_config` take; see `KubeSphere`."""

    transport: AsyncBaseTransport | None
