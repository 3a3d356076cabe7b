"""Where kinds are, asked of the server where they are not known by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from kubesphere_client._any_group import without_query
from kubesphere_client._group import Group
from kubesphere_client._kubernetes_lookup import discovery
from kubesphere_client._kubernetes_resources import Resource, Undiscovered
from kubesphere_client._operation import RequestOptions

if TYPE_CHECKING:
    from kubesphere_client.models import APIResourceList, KubernetesObject

M = TypeVar("M", bound="KubernetesObject")
A = TypeVar("A")


class KubernetesKinds(Group):
    """What is known of the kinds of Kubernetes objects."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._discovered: dict[str, APIResourceList] = {}

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
        resources = self._discovered.get(kind.api_version)
        if resources is None or not kind.is_in(resources):  # what was missing may have come since
            resources = self.discover(kind.api_version)
        return kind.found_in(resources, "kubernetes.discover")

    def _plain(self) -> Self:
        plain = super()._plain()
        plain._discovered = self._discovered
        return plain
