"""Kinds of Kubernetes objects: where their objects are, and the operations on them. No input or output here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from kubesphere_client._described import described
from kubesphere_client._objects import Items, Model, decode_items, decode_tagged
from kubesphere_client._operation import Operation
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    pass

_PLURAL = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_JSON = ("application/json",)
# What is sent first where the caller does not choose: a mapping as the first, a list of steps as the second. Custom
# resources take no strategic patch (evidence/server.md §4).
PATCHES = (
    "application/merge-patch+json",
    "application/json-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
)


@frozen
class Undiscovered:
    """A kind that the server has to be asked about: where `api_version` has its objects.

    Attributes:
        model: the class to read its objects as; None for what any object has.
    """

    api_version: str
    kind: str
    model: type[Model] | None = None

    def is_in(self, resources: Model) -> bool:
        """Whether an APIResourceList has this kind."""
        return any("/" not in one["name"] and one["kind"] == self.kind for one in resources.get("resources") or ())

    def found_in(self, resources: Model, operation: str) -> Resource:
        """The resource that an APIResourceList has for this kind (recording proxy-014-get).

        Raises:
            InvalidArgumentError: there is none.
        """
        served = [one for one in resources.get("resources") or () if "/" not in one["name"]]
        for one in served:
            if one["kind"] == self.kind and _PLURAL.fullmatch(one["name"]):
                model = self.model or plain_object()
                return Resource(self.api_version, self.kind, one["name"], one["namespaced"] is True, model)
        kinds = ", ".join(sorted({str(one["kind"]) for one in served})) or "nothing"
        raise InvalidArgumentError(f"{operation}: {self.api_version} has no kind {self.kind!a}; it has {kinds}.")


@frozen
class Resource:
    """A kind of objects and their place under the API.

    Attributes:
        plural: its name in addresses, such as "deployments".
        model: the class of its objects.
    """

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    model: type[Model]

    def list(self, namespace: str | None) -> Operation[Any]:
        return self._operation("list", "GET", self._collection(namespace), {200: self._page}, paging="continue")

    def read(self, namespace: str | None, subresource: str | None) -> Operation[Any]:
        return self._operation("get", "GET", self._object(namespace, subresource, "get"), (200,), subresource)

    def create(self, namespace: str | None) -> Operation[Any]:
        self._check_namespace(namespace, "create")
        return self._operation(
            "create", "POST", self._collection(namespace), (200, 201, 202), media=_JSON, required=True
        )

    def replace(self, namespace: str | None, subresource: str | None) -> Operation[Any]:
        place = self._object(namespace, subresource, "replace")
        return self._operation("replace", "PUT", place, (200, 201), subresource, media=_JSON, required=True)

    def patch(self, namespace: str | None, subresource: str | None) -> Operation[Any]:
        place = self._object(namespace, subresource, "patch")
        return self._operation("patch", "PATCH", place, (200, 201), subresource, media=PATCHES, required=True)

    def delete(self, namespace: str | None) -> Operation[Any]:
        answers = {200: self._deleted, 202: self._deleted}
        return self._operation("delete", "DELETE", self._object(namespace, None, "delete"), answers, media=_JSON)

    def delete_collection(self, namespace: str | None) -> Operation[Any]:
        self._check_namespace(namespace, "delete_collection")
        answers = {200: self._deleted_items, 202: self._deleted_items}
        return self._operation("delete_collection", "DELETE", self._collection(namespace), answers)

    def stamped(self, data: Any) -> Any:
        """An object that says what it is, as Kubernetes leaves that out of the items of a list."""
        return {"apiVersion": self.api_version, "kind": self.kind, **data} if isinstance(data, dict) else data

    def item(self, data: Any) -> Any:
        """An object out of its JSON."""
        return self.model.decode(self.stamped(data))

    def _operation(
        self,
        verb: str,
        method: str,
        path: str,
        answers: tuple[int, ...] | Mapping[int, Callable[[Any], Any]],
        subresource: str | None = None,
        *,
        media: tuple[str, ...] = (),
        required: bool = False,
        paging: Any = None,
    ) -> Operation[Any]:
        # A subresource is an object of another kind, such as Scale, but for the status.
        model = self.model if subresource in (None, "status") else plain_object()
        responses = answers if isinstance(answers, Mapping) else dict.fromkeys(answers, model.decode)
        return Operation(
            f"kubernetes.{verb}", method, path, responses, body_media=media, body_required=required, paging=paging
        )

    def _collection(self, namespace: str | None) -> str:
        root = f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"
        return f"{root}/namespaces/{{namespace}}/{self.plural}" if self._inside(namespace) else f"{root}/{self.plural}"

    def _object(self, namespace: str | None, subresource: str | None, verb: str) -> str:
        self._check_namespace(namespace, verb)
        one = f"{self._collection(namespace)}/{{name}}"
        return one if subresource is None else f"{one}/{{subresource}}"

    def _inside(self, namespace: str | None) -> bool:
        if namespace is not None and not self.namespaced:
            raise InvalidArgumentError(f"kubernetes: a {self.kind} is in no namespace; leave namespace out.")
        return namespace is not None

    def _check_namespace(self, namespace: str | None, verb: str) -> None:
        if self.namespaced and namespace is None:
            raise InvalidArgumentError(f"kubernetes.{verb}: a {self.kind} is in a namespace; name it with namespace=.")

    def _page(self, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("items"), list):
            return data
        items = data["items"]
        if isinstance(items, Items) and items.is_open:
            items.changed_by(self.stamped)
        else:
            items = [self.stamped(one) for one in items]
        return {**data, "items": decode_items(self.model.decode, items)}

    def _deleted(self, data: Any) -> Any:
        status = described("Status").decode
        return decode_tagged("kind", {"Status": status, self.kind: self.model.decode}, data)

    def _deleted_items(self, data: Any) -> Any:
        items = data.get("items") if isinstance(data, dict) else None
        return [self.item(one) for one in items] if isinstance(items, list) else []


class DeferredOperation(Operation[Any]):
    """A list whose kind is asked for when the list is.

    Args:
        kind: what to ask for.
        settle: the operation, once the resource is known.
    """

    __slots__ = ("kind", "settle")

    def __init__(self, kind: Undiscovered, settle: Callable[[Resource], Operation[Any]]) -> None:
        super().__init__("kubernetes.list", "GET", "", {}, paging="continue")
        self.kind = kind
        self.settle = settle


def plain_object() -> type[Model]:
    """The class of objects that no other is known for."""
    return described("KubernetesObject")
