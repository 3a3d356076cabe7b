"""Reading Kubernetes objects of any kind, and the logs of pods; async, see `_kubernetes_reading`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from kubesphere_client._async_kubernetes_kinds import AsyncKubernetesKinds
from kubesphere_client._kubernetes_arguments import (
    Listing,
    Part,
    Watching,
    Whole,
)
from kubesphere_client._kubernetes_lookup import Kind, resource_of
from kubesphere_client._kubernetes_queries import LOG, STREAMED_LOG, log_query, watch_query
from kubesphere_client._kubernetes_resources import DeferredOperation, Resource, Undiscovered
from kubesphere_client._operation import RequestOptions
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._logs import AsyncLogLines
    from kubesphere_client._page import AsyncPageRequest
    from kubesphere_client._watch import AsyncWatch
    from kubesphere_client.models import KubernetesObject

M = TypeVar("M", bound="KubernetesObject")


class AsyncKubernetesReading(AsyncKubernetesKinds):
    """Lists, objects, watches and logs."""

    @overload
    def list(self, kind: type[M], **arguments: Unpack[Listing]) -> AsyncPageRequest[M]: ...
    @overload
    def list(self, kind: str, **arguments: Unpack[Listing]) -> AsyncPageRequest[KubernetesObject]: ...
    def list(
        self,
        kind: Kind,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        label_selector: str | None = None,
        field_selector: str | None = None,
        limit: int | None = None,
        continue_: str | None = None,
        resource_version: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """List the objects of a kind; see `Kubernetes.list`."""
        found = self._found(resource_of(kind, api_version, "kubernetes.list"))
        query = {
            "labelSelector": label_selector,
            "fieldSelector": field_selector,
            "limit": limit,
            "continue": continue_,
            "resourceVersion": resource_version,
        }
        operation = (
            found.list(namespace)
            if isinstance(found, Resource)
            else DeferredOperation(found, lambda resource: resource.list(namespace))
        )
        return self._list(operation, path={"namespace": namespace}, query=query, options=options)

    @overload
    async def get(self, kind: type[M], name: str, **arguments: Unpack[Whole]) -> M: ...
    @overload
    async def get(self, kind: Kind, name: str, **arguments: Unpack[Part]) -> KubernetesObject: ...
    async def get(
        self,
        kind: Kind,
        name: str,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        subresource: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Get one object; see `Kubernetes.get`."""
        resource = await self._find(resource_of(kind, api_version, "kubernetes.get"))
        path = {"namespace": namespace, "name": name, "subresource": subresource}
        return await self._call(resource.read(namespace, subresource), path=path, options=options)

    @overload
    def watch(self, kind: type[M], **arguments: Unpack[Watching]) -> AsyncWatch[M]: ...
    @overload
    def watch(self, kind: str, **arguments: Unpack[Watching]) -> AsyncWatch[KubernetesObject]: ...
    def watch(
        self,
        kind: Kind,
        *,
        name: str | None = None,
        namespace: str | None = None,
        api_version: str | None = None,
        label_selector: str | None = None,
        field_selector: str | None = None,
        resource_version: str | None = None,
        timeout_seconds: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Watch the objects of a kind, or one of them: yields an event for each change; see `Kubernetes.watch`."""
        resource = self._found(resource_of(kind, api_version, "kubernetes.watch"))
        if isinstance(resource, Undiscovered):
            raise InvalidArgumentError(
                f"kubernetes.watch: where a {resource.kind} is has not been asked for yet; "
                f"`await ks.kubernetes.discover({resource.api_version!r})` first."
            )
        return self._watch(
            resource.list(namespace),
            item=resource.item,
            path={"namespace": namespace},
            query=watch_query(name, label_selector, field_selector, resource_version, timeout_seconds),
            options=options,
        )

    async def logs(
        self,
        pod: str,
        *,
        namespace: str,
        container: str | None = None,
        previous: bool | None = None,
        since_seconds: int | None = None,
        since_time: str | None = None,
        tail_lines: int | None = None,
        limit_bytes: int | None = None,
        timestamps: bool | None = None,
        **options: Unpack[RequestOptions],
    ) -> str:
        """The log of a pod as it is now; see `Kubernetes.logs`."""
        query = log_query(container, previous, since_seconds, since_time, tail_lines, limit_bytes, timestamps)
        log: str = await self._call(LOG, path={"namespace": namespace, "pod": pod}, query=query, options=options)
        return log

    def stream_logs(
        self,
        pod: str,
        *,
        namespace: str,
        follow: bool = True,
        container: str | None = None,
        previous: bool | None = None,
        since_seconds: int | None = None,
        since_time: str | None = None,
        tail_lines: int | None = None,
        limit_bytes: int | None = None,
        timestamps: bool | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncLogLines:
        """The log of a pod line by line, while it grows; see `Kubernetes.stream_logs`."""
        query = log_query(container, previous, since_seconds, since_time, tail_lines, limit_bytes, timestamps)
        return self._log(
            STREAMED_LOG,
            path={"namespace": namespace, "pod": pod},
            query={**query, "follow": follow},
            follow=follow,
            options=options,
        )
