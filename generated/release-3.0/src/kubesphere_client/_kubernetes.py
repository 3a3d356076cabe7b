"""`ks.kubernetes`: Kubernetes itself through the server, any kind of object by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, Unpack, overload

from kubesphere_client._group import Group, without_query
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
from kubesphere_client._operation import RequestOptions
from kubesphere_client._patience import DELETION_TIMEOUT

if TYPE_CHECKING:
    from kubesphere_client._logs import LogLines
    from kubesphere_client._page import Page
    from kubesphere_client._watch import Watch
    from kubesphere_client.models import APIResourceList, KubernetesObject, Status

M = TypeVar("M", bound="KubernetesObject")
A = TypeVar("A")


class Kubernetes(Group):
    """Kubernetes itself, through the server: /api/v1 and any /apis/<group>/<version>.

    A kind is given as Kubernetes writes it ("Deployment"), or as its class (`models.Deployment`), which is what type
    checkers then know the objects as. Objects are of that class either way, where there is one. Kinds that are not known
    by name need `api_version`, and the server is then asked once where they are.

    Objects of a list or watch are given the apiVersion and kind that Kubernetes leaves out there.
    """

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._discovered: dict[str, APIResourceList] = {}

    @overload
    def list(self, kind: type[M], **arguments: Unpack[Listing]) -> Page[M]: ...
    @overload
    def list(self, kind: str, **arguments: Unpack[Listing]) -> Page[KubernetesObject]: ...
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
        """List the objects of a kind.

        Args:
            kind: such as "Deployment", or the class of its objects.
            namespace: whose objects; by default those of all namespaces.
            api_version: such as "apps/v1"; needed for kinds that are not known by name.
            label_selector, field_selector: such as "app=web" and "status.phase=Running".
            limit: the size of a page; by default all come at once.
            continue_: the token of a page, to begin with the one that follows it.
            resource_version: the version of the list, as Kubernetes has it.
            options: settings of this one call, see RequestOptions.

        Returns:
            a page of the list; iterating over it walks all pages.

        Example:
            ks.kubernetes.list("Pod", namespace="shop", label_selector="app=web")
        """
        resource = self._find(resource_of(kind, api_version, "kubernetes.list"))
        query = {
            "labelSelector": label_selector,
            "fieldSelector": field_selector,
            "limit": limit,
            "continue": continue_,
            "resourceVersion": resource_version,
        }
        return self._list(resource.list(namespace), path={"namespace": namespace}, query=query, options=options)

    @overload
    def get(self, kind: type[M], name: str, **arguments: Unpack[Whole]) -> M: ...
    @overload
    def get(self, kind: Kind, name: str, **arguments: Unpack[Part]) -> KubernetesObject: ...
    def get(
        self,
        kind: Kind,
        name: str,
        *,
        namespace: str | None = None,
        api_version: str | None = None,
        subresource: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Get one object.

        Args:
            kind, api_version: as `list` takes them.
            name: of the object.
            namespace: it is in; left out for a kind that is in none.
            subresource: a part of it, such as "status" or "scale".
            options: settings of this one call, see RequestOptions.

        Raises:
            NotFoundError: there is no such object.
            InvalidArgumentError: the kind is not known, or the namespace is missing.

        Example:
            ks.kubernetes.get(models.Deployment, "web", namespace="shop").spec.replicas
        """
        resource = self._find(resource_of(kind, api_version, "kubernetes.get"))
        path = {"namespace": namespace, "name": name, "subresource": subresource}
        return self._call(resource.read(namespace, subresource), path=path, options=options)

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
        resource = self._find(resource_of(kind, api_version, "kubernetes.patch"))
        return self._call(
            resource.patch(namespace, subresource),
            path={"namespace": namespace, "name": name, "subresource": subresource},
            query={**writing_query(dry_run, field_manager), "force": force},
            body=body,
            content_type=content_type,
            options=options,
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

    @overload
    def watch(self, kind: type[M], **arguments: Unpack[Watching]) -> Watch[M]: ...
    @overload
    def watch(self, kind: str, **arguments: Unpack[Watching]) -> Watch[KubernetesObject]: ...
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
        """Watch the objects of a kind, or one of them: yields an event for each change.

        Args:
            kind, namespace, api_version, label_selector, field_selector: as `list` takes them.
            name: of the one object to watch.
            resource_version: what to begin after; by default the objects there are come first, as ADDED.
            timeout_seconds: after which the server ends its answer.
            options: settings of this one call, see RequestOptions.

        Example:
            for event in ks.kubernetes.watch("Pod", namespace="shop"):
                print(event.type, event.object.metadata.name)
        """
        resource = self._find(resource_of(kind, api_version, "kubernetes.watch"))
        return self._watch(
            resource.list(namespace),
            item=resource.item,
            path={"namespace": namespace},
            query=watch_query(name, label_selector, field_selector, resource_version, timeout_seconds),
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
        body = {"spec": {"replicas": replicas}}
        return self.patch(
            kind, name, body, namespace=namespace, api_version=api_version, subresource="scale", **options
        )

    def logs(
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
        """The log of a pod as it is now.

        Args:
            pod: its name.
            container: needed where the pod has several.
            previous: the log of the container that ran before.
            since_seconds, since_time: only what is as young; a number of seconds, or a time such as 2026-11-24T08:00:00Z.
            tail_lines: only so many of the last lines.
            limit_bytes: no more than this.
            timestamps: whether each line begins with its time.
            options: settings of this one call, see RequestOptions.
        """
        query = log_query(container, previous, since_seconds, since_time, tail_lines, limit_bytes, timestamps)
        return self._call(LOG, path={"namespace": namespace, "pod": pod}, query=query, options=options)

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
    ) -> LogLines:
        """The log of a pod line by line, while it grows.

        Args:
            follow: go on until the container ends; a pause in the log is then as long as it is, unless you give a timeout.
            pod, namespace, container, previous, since_seconds, since_time, tail_lines, limit_bytes, timestamps: as `logs`
                takes them.
            options: settings of this one call, see RequestOptions.

        Example:
            for line in ks.kubernetes.stream_logs("web-0", namespace="shop", tail_lines=10):
                print(line)
        """
        query = log_query(container, previous, since_seconds, since_time, tail_lines, limit_bytes, timestamps)
        return self._log(
            STREAMED_LOG,
            path={"namespace": namespace, "pod": pod},
            query={**query, "follow": follow},
            follow=follow,
            options=options,
        )

    def discover(self, api_version: str, **options: Unpack[RequestOptions]) -> APIResourceList:
        """What a group and version has, such as "apps/v1"; kinds that are found are known from then on.

        Raises:
            InvalidArgumentError: "v1", of which the server tells nothing.
            NotFoundError: there is no such group and version.
        """
        operation = discovery(api_version)
        found: APIResourceList = self._plain()._call(operation, options=without_query(options))
        self._discovered[api_version] = found
        return found

    def _find(self, kind: Resource | Undiscovered) -> Resource:
        if isinstance(kind, Resource):
            return kind
        resources = self._discovered.get(kind.api_version) or self.discover(kind.api_version)
        return kind.found_in(resources, "kubernetes.discover")

    def _plain(self) -> Self:
        plain = super()._plain()
        plain._discovered = self._discovered
        return plain


class KubernetesMethods(Generic[A]):
    """What `ks.kubernetes` is in a view that gives answers in another form; for type checkers."""

    list: Callable[..., A]
    get: Callable[..., A]
    create: Callable[..., A]
    replace: Callable[..., A]
    patch: Callable[..., A]
    delete: Callable[..., A]
    delete_collection: Callable[..., A]
    scale: Callable[..., A]
    logs: Callable[..., A]


def watch_query(
    name: str | None,
    label_selector: str | None,
    field_selector: str | None,
    resource_version: str | None,
    timeout_seconds: int | None,
) -> dict[str, Any]:
    """The parameters of a watch. One object is chosen by a field selector."""
    fields = [one for one in (None if name is None else f"metadata.name={name}", field_selector) if one is not None]
    return {
        "labelSelector": label_selector,
        "fieldSelector": ",".join(fields) or None,
        "resourceVersion": resource_version,
        "timeoutSeconds": timeout_seconds,
    }


def writing_query(dry_run: bool, field_manager: str | None) -> dict[str, Any]:
    return {"dryRun": "All" if dry_run else None, "fieldManager": field_manager}
