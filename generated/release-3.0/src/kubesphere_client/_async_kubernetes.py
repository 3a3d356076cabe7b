"""`ks.kubernetes` of an AsyncKubeSphere; see `_kubernetes`, which says what the arguments are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, Unpack, overload

from kubesphere_client._group import AsyncGroup, without_query
from kubesphere_client._kubernetes import watch_query, writing_query
from kubesphere_client._kubernetes_arguments import (
    Deleting,
    DeletingMany,
    Listing,
    Part,
    Patching,
    PatchingPart,
    PatchType,
    Propagation,
    Replacing,
    Watching,
    Whole,
    Writing,
)
from kubesphere_client._kubernetes_logs import LOG, STREAMED_LOG, log_query
from kubesphere_client._kubernetes_resources import (
    DeferredOperation,
    Kind,
    Resource,
    Undiscovered,
    discovery,
    name_of,
    namespace_of,
    resource_of,
    resource_of_object,
    written,
)
from kubesphere_client._objects import Model
from kubesphere_client._operation import Operation, RequestOptions
from kubesphere_client._patience import DELETION_TIMEOUT
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._logs import AsyncLogLines
    from kubesphere_client._page import AsyncPageRequest
    from kubesphere_client._watch import AsyncWatch
    from kubesphere_client.models import APIResourceList, KubernetesObject, Status

M = TypeVar("M", bound="KubernetesObject")


class AsyncKubernetes(AsyncGroup):
    """Kubernetes itself, through the server: /api/v1 and any /apis/<group>/<version>; see `Kubernetes`."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._discovered: dict[str, APIResourceList] = {}

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
    async def create(self, obj: M, **arguments: Unpack[Writing]) -> M: ...
    @overload
    async def create(self, obj: Mapping[str, Any], **arguments: Unpack[Writing]) -> KubernetesObject: ...
    async def create(
        self,
        obj: Any,
        *,
        namespace: str | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Create an object of the kind that it says it is, or that its class says; see `Kubernetes.create`."""
        resource = await self._find(resource_of_object(obj, "kubernetes.create"))
        namespace = namespace_of(obj, namespace, "kubernetes.create")
        return await self._call(
            resource.create(namespace),
            path={"namespace": namespace},
            query=writing_query(dry_run, field_manager),
            body=written(obj, resource),
            options=options,
        )

    @overload
    async def replace(self, obj: M, **arguments: Unpack[Replacing]) -> M: ...
    @overload
    async def replace(self, obj: Mapping[str, Any], **arguments: Unpack[Replacing]) -> KubernetesObject: ...
    async def replace(
        self,
        obj: Any,
        *,
        namespace: str | None = None,
        subresource: Literal["status"] | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Put an object in the place of the one of its name: get it, change it, put it back; see `Kubernetes.replace`."""
        resource = await self._find(resource_of_object(obj, "kubernetes.replace"))
        namespace = namespace_of(obj, namespace, "kubernetes.replace")
        name = name_of(obj, "kubernetes.replace")
        return await self._call(
            resource.replace(namespace, subresource),
            path={"namespace": namespace, "name": name, "subresource": subresource},
            query=writing_query(dry_run, field_manager),
            body=written(obj, resource),
            options=options,
        )

    @overload
    async def patch(
        self,
        kind: type[M],
        name: str,
        body: Model | Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | bytes,
        **arguments: Unpack[Patching],
    ) -> M: ...
    @overload
    async def patch(
        self,
        kind: Kind,
        name: str,
        body: Model | Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | bytes,
        **arguments: Unpack[PatchingPart],
    ) -> KubernetesObject: ...
    async def patch(
        self,
        kind: Kind,
        name: str,
        body: Model | Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | bytes,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        subresource: str | None = None,
        content_type: PatchType | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        force: bool | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Change what the patch holds, and leave the rest; see `Kubernetes.patch`."""
        resource = await self._find(resource_of(kind, api_version, "kubernetes.patch"))
        return await self._call(
            resource.patch(namespace, subresource),
            path={"namespace": namespace, "name": name, "subresource": subresource},
            query={**writing_query(dry_run, field_manager), "force": force},
            body=body,
            content_type=content_type,
            options=options,
        )

    @overload
    async def delete(self, kind: type[M], name: str, **arguments: Unpack[Deleting]) -> Status | M: ...
    @overload
    async def delete(self, kind: str, name: str, **arguments: Unpack[Deleting]) -> Status | KubernetesObject: ...
    async def delete(
        self,
        kind: Kind,
        name: str,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        propagation_policy: Propagation | None = None,
        grace_period_seconds: int | None = None,
        dry_run: bool = False,
        wait: bool = False,
        wait_timeout: float | None = DELETION_TIMEOUT,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Delete one object; see `Kubernetes.delete`."""
        resource = await self._find(resource_of(kind, api_version, "kubernetes.delete"))
        return await self._delete(
            resource.delete(namespace),
            get=resource.read(namespace, None),
            wait=wait,
            wait_timeout=wait_timeout,
            path={"namespace": namespace, "name": name},
            query={
                "propagationPolicy": propagation_policy,
                "gracePeriodSeconds": grace_period_seconds,
                **writing_query(dry_run, None),
            },
            options=options,
        )

    @overload
    async def delete_collection(self, kind: type[M], **arguments: Unpack[DeletingMany]) -> Sequence[M]: ...
    @overload
    async def delete_collection(self, kind: str, **arguments: Unpack[DeletingMany]) -> Sequence[KubernetesObject]: ...
    async def delete_collection(
        self,
        kind: Kind,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        label_selector: str | None = None,
        field_selector: str | None = None,
        dry_run: bool = False,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Delete all objects of a kind that the selectors choose; see `Kubernetes.delete_collection`."""
        resource = await self._find(resource_of(kind, api_version, "kubernetes.delete_collection"))
        query = {"labelSelector": label_selector, "fieldSelector": field_selector, **writing_query(dry_run, None)}
        operation = resource.delete_collection(namespace)
        return await self._call(operation, path={"namespace": namespace}, query=query, options=options)

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

    async def scale(
        self,
        kind: Kind,
        name: str,
        replicas: int,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> KubernetesObject:
        """Set how many replicas an object with a scale has; see `Kubernetes.scale`."""
        body = {"spec": {"replicas": replicas}}
        return await self.patch(
            kind, name, body, namespace=namespace, api_version=api_version, subresource="scale", **options
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

    async def discover(self, api_version: str, **options: Unpack[RequestOptions]) -> APIResourceList:
        """What a group and version has, such as "apps/v1"; kinds that are found are known from then on; see `Kubernetes.discover`."""
        operation = discovery(api_version)
        found: APIResourceList = await self._plain()._call(operation, options=without_query(options))
        self._discovered[api_version] = found
        return found

    async def _call(self, operation: Operation[Any], **sent: Any) -> Any:
        if isinstance(operation, DeferredOperation):
            operation = operation.settle(await self._find(operation.kind))
        return await super()._call(operation, **sent)

    async def _find(self, kind: Resource | Undiscovered) -> Resource:
        if isinstance(kind, Undiscovered) and kind.api_version not in self._discovered:
            await self.discover(kind.api_version)
        found = self._found(kind)
        assert isinstance(found, Resource)
        return found

    def _found(self, kind: Resource | Undiscovered) -> Resource | Undiscovered:
        if isinstance(kind, Undiscovered) and kind.api_version in self._discovered:
            return kind.found_in(self._discovered[kind.api_version], "kubernetes.discover")
        return kind

    def _plain(self) -> Self:
        plain = super()._plain()
        plain._discovered = self._discovered
        return plain
