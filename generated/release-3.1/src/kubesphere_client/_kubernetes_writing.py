"""Writing Kubernetes objects of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, overload

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
from kubesphere_client._kubernetes_kinds import KubernetesKinds
from kubesphere_client._kubernetes_lookup import Kind, name_of, namespace_of, resource_of, resource_of_object, written
from kubesphere_client._kubernetes_queries import patch_query, scale_patch, writing_query
from kubesphere_client._masking import concealed
from kubesphere_client._objects import Model
from kubesphere_client._operation import RequestOptions
from kubesphere_client._patience import DELETION_TIMEOUT

if TYPE_CHECKING:
    from kubesphere_client.models import KubernetesObject, Status

M = TypeVar("M", bound="KubernetesObject")
A = TypeVar("A")


class KubernetesWriting(KubernetesKinds):
    """What makes, changes and deletes objects."""

    @overload
    def create(self, obj: M, **arguments: Unpack[Writing]) -> M: ...
    @overload
    def create(self, obj: Mapping[str, Any], **arguments: Unpack[Writing]) -> KubernetesObject: ...
    def create(
        self,
        obj: Any,
        *,
        namespace: str | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Create an object of the kind that it says it is, or that its class says.

        Args:
            obj: a model, or a mapping with apiVersion and kind.
            namespace: where; by default what the object says.
            dry_run: let the server check it, and create nothing.
            field_manager: whom the fields belong to from then on.
            options: settings of this one call, see RequestOptions.

        Raises:
            ConflictError: there is one of that name.
            UnprocessableEntityError: it is not valid.
        """
        obj = concealed(obj)
        resource = self._find(resource_of_object(obj, "kubernetes.create"))
        namespace = namespace_of(obj, namespace, "kubernetes.create")
        return self._call(
            resource.create(namespace),
            path={"namespace": namespace},
            query=writing_query(dry_run, field_manager),
            body=written(obj, resource),
            options=options,
        )

    @overload
    def replace(self, obj: M, **arguments: Unpack[Replacing]) -> M: ...
    @overload
    def replace(self, obj: Mapping[str, Any], **arguments: Unpack[Replacing]) -> KubernetesObject: ...
    def replace(
        self,
        obj: Any,
        *,
        namespace: str | None = None,
        subresource: Literal["status"] | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Put an object in the place of the one of its name: get it, change it, put it back.

        Args:
            subresource: "status" replaces the status, and nothing else.
            obj, namespace, dry_run, field_manager: as `create` takes them.
            options: settings of this one call, see RequestOptions.

        Raises:
            ConflictError: the object was changed since you got it.
        """
        obj = concealed(obj)
        resource = self._find(resource_of_object(obj, "kubernetes.replace"))
        namespace = namespace_of(obj, namespace, "kubernetes.replace")
        name = name_of(obj, "kubernetes.replace")
        return self._call(
            resource.replace(namespace, subresource),
            path={"namespace": namespace, "name": name, "subresource": subresource},
            query=writing_query(dry_run, field_manager),
            body=written(obj, resource),
            options=options,
        )

    @overload
    def patch(
        self,
        kind: type[M],
        name: str,
        body: Model | Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | bytes,
        **arguments: Unpack[Patching],
    ) -> M: ...
    @overload
    def patch(
        self,
        kind: Kind,
        name: str,
        body: Model | Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | bytes,
        **arguments: Unpack[PatchingPart],
    ) -> KubernetesObject: ...
    def patch(
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
        """Change what the patch holds, and leave the rest.

        Args:
            kind, name, namespace, api_version, subresource: as `get` takes them.
            body: a mapping is a merge patch, in which None takes a field away; a list of steps is a JSON patch.
            content_type: another kind of patch. Custom resources take no strategic one; an apply patch is a whole object and
                needs field_manager.
            dry_run: let the server check it, and change nothing.
            field_manager: whom the fields belong to from then on.
            force: with an apply patch, whether to take fields over that belong to others.
            options: settings of this one call, see RequestOptions.

        Example:
            ks.kubernetes.patch("Deployment", "web", {"spec": {"paused": True}}, namespace="shop")
        """
        body = concealed(body)
        resource = self._find(resource_of(kind, api_version, "kubernetes.patch"))
        return self._call(
            resource.patch(namespace, subresource),
            path={"namespace": namespace, "name": name, "subresource": subresource},
            query=patch_query(body, dry_run, field_manager, force, content_type),
            body=body,
            content_type=content_type,
            options=options,
        )

    def scale(
        self,
        kind: Kind,
        name: str,
        replicas: int,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> KubernetesObject:
        """Set how many replicas a Deployment, StatefulSet, ReplicaSet or another object with a scale has.

        Returns:
            its Scale.
        """
        body = scale_patch(replicas)
        return self.patch(
            kind, name, body, namespace=namespace, api_version=api_version, subresource="scale", **options
        )

    @overload
    def delete(self, kind: type[M], name: str, **arguments: Unpack[Deleting]) -> Status | M: ...
    @overload
    def delete(self, kind: str, name: str, **arguments: Unpack[Deleting]) -> Status | KubernetesObject: ...
    def delete(
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
        """Delete one object.

        Args:
            kind, name, namespace, api_version: as `get` takes them.
            propagation_policy: what becomes of the objects that belong to it.
            grace_period_seconds: how long its containers may take to end.
            dry_run: let the server check it, and delete nothing.
            wait: whether to return only when the object is gone.
            wait_timeout: seconds to wait for that, or None to wait for ever.
            options: settings of this one call, see RequestOptions.

        Returns:
            a Status, or the object where something is still to be done before it goes.

        Raises:
            NotFoundError: there is no such object.
            WaitTimeoutError: the object was still there when wait_timeout was over.
        """
        resource = self._find(resource_of(kind, api_version, "kubernetes.delete"))
        return self._delete(
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
    def delete_collection(self, kind: type[M], **arguments: Unpack[DeletingMany]) -> Sequence[M]: ...
    @overload
    def delete_collection(self, kind: str, **arguments: Unpack[DeletingMany]) -> Sequence[KubernetesObject]: ...
    def delete_collection(
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
        """Delete all objects of a kind that the selectors choose: without selectors, all there are in the namespace.

        Args:
            kind, namespace, api_version: as `get` takes them.
            label_selector, field_selector: such as "app=web" and "status.phase=Failed".
            dry_run: let the server check it, and delete nothing.
            options: settings of this one call, see RequestOptions.

        Returns:
            what is being deleted, where the server says so.
        """
        resource = self._find(resource_of(kind, api_version, "kubernetes.delete_collection"))
        query = {"labelSelector": label_selector, "fieldSelector": field_selector, **writing_query(dry_run, None)}
        operation = resource.delete_collection(namespace)
        return self._call(operation, path={"namespace": namespace}, query=query, options=options)
