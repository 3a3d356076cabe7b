"""Writing Kubernetes objects of any kind; async, see `_kubernetes_writing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, overload

from kubesphere_client._async_kubernetes_kinds import AsyncKubernetesKinds
from kubesphere_client._kubernetes_arguments import (
    Deleting,
    DeletingMany,
    Patching,
    PatchingPart,
    PatchType,
    Propagation,
    Replacing,
    Writing,
)
from kubesphere_client._kubernetes_lookup import Kind, name_of, namespace_of, resource_of, resource_of_object, written
from kubesphere_client._kubernetes_queries import patch_query, scale_patch, writing_query
from kubesphere_client._masking import concealed
from kubesphere_client._objects import Model
from kubesphere_client._operation import RequestOptions
from kubesphere_client._patience import DELETION_TIMEOUT

if TYPE_CHECKING:
    from kubesphere_client.models import KubernetesObject, Status

M = TypeVar("M", bound="KubernetesObject")


class AsyncKubernetesWriting(AsyncKubernetesKinds):
    """What makes, changes and deletes objects."""

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
        obj = concealed(obj)
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
        obj = concealed(obj)
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
        body = concealed(body)
        resource = await self._find(resource_of(kind, api_version, "kubernetes.patch"))
        return await self._call(
            resource.patch(namespace, subresource),
            path={"namespace": namespace, "name": name, "subresource": subresource},
            query=patch_query(body, dry_run, field_manager, force, content_type),
            body=body,
            content_type=content_type,
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
        body = scale_patch(replicas)
        return await self.patch(
            kind, name, body, namespace=namespace, api_version=api_version, subresource="scale", **options
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
