"""Reading Kubernetes objects of any kind, and the logs of pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from kubesphere_client._kubernetes_arguments import (
    Listing,
    Part,
    Watching,
    Whole,
)
from kubesphere_client._kubernetes_kinds import KubernetesKinds
from kubesphere_client._kubernetes_lookup import Kind, resource_of
from kubesphere_client._kubernetes_queries import LOG, STREAMED_LOG, log_query, watch_query
from kubesphere_client._operation import RequestOptions

if TYPE_CHECKING:
    from kubesphere_client._logs import LogLines
    from kubesphere_client._page import Page
    from kubesphere_client._watch import Watch
    from kubesphere_client.models import KubernetesObject

M = TypeVar("M", bound="KubernetesObject")
A = TypeVar("A")


class KubernetesReading(KubernetesKinds):
    """Lists, objects, watches and logs."""

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
