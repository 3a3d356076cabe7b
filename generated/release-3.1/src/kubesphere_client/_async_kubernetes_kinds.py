"""Where kinds are, asked of the server where they are not known by name; async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from kubesphere_client._any_group import without_query
from kubesphere_client._async_group import AsyncGroup
from kubesphere_client._kubernetes_lookup import discovery
from kubesphere_client._kubernetes_resources import DeferredOperation, Resource, Undiscovered
from kubesphere_client._operation import Operation, RequestOptions

if TYPE_CHECKING:
    from kubesphere_client.models import APIResourceList, KubernetesObject

M = TypeVar("M", bound="KubernetesObject")


class AsyncKubernetesKinds(AsyncGroup):
    """What is known of the kinds of Kubernetes objects."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._discovered: dict[str, APIResourceList] = {}

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
        found = self._found(kind)
        if isinstance(found, Resource):
            return found
        return found.found_in(await self.discover(found.api_version), "kubernetes.discover")

    def _found(self, kind: Resource | Undiscovered) -> Resource | Undiscovered:
        if isinstance(kind, Resource):
            return kind
        resources = self._discovered.get(kind.api_version)
        known = resources is not None and kind.is_in(resources)  # what was missing may have come since
        return kind.found_in(resources, "kubernetes.discover") if known and resources is not None else kind

    def _plain(self) -> Self:
        plain = super()._plain()
        plain._discovered = self._discovered
        return plain
