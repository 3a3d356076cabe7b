"""Kinds of Kubernetes objects: where their objects are, and the operations on them. No input or output here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from kubesphere_client._kinds import KINDS
from kubesphere_client._objects import Model, decode_items, decode_tagged
from kubesphere_client._operation import Operation
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client.models import KubernetesObject

Kind: TypeAlias = "str | type[KubernetesObject]"

_MODELS = "kubesphere_client.models"
_API_VERSION = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[0-9][a-z0-9]*")
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

    def found_in(self, resources: Model, operation: str) -> Resource:
        """The resource that an APIResourceList has for this kind (recording proxy-014-get).

        Raises:
            InvalidArgumentError: there is none.
        """
        served = [one for one in resources.get("resources") or () if "/" not in one["name"]]
        for one in served:
            if one["kind"] == self.kind and _PLURAL.fullmatch(one["name"]):
                model = self.model or _plain_object()
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
        return self._operation("create", "POST", self._collection(namespace), (200, 201, 202), media=_JSON)

    def replace(self, namespace: str | None, subresource: str | None) -> Operation[Any]:
        place = self._object(namespace, subresource, "replace")
        return self._operation("replace", "PUT", place, (200, 201), subresource, media=_JSON)

    def patch(self, namespace: str | None, subresource: str | None) -> Operation[Any]:
        place = self._object(namespace, subresource, "patch")
        return self._operation("patch", "PATCH", place, (200, 201), subresource, media=PATCHES)

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
        paging: Any = None,
    ) -> Operation[Any]:
        # A subresource is an object of another kind, such as Scale, but for the status.
        model = self.model if subresource in (None, "status") else _plain_object()
        responses = answers if isinstance(answers, Mapping) else dict.fromkeys(answers, model.decode)
        return Operation(f"kubernetes.{verb}", method, path, responses, body_media=media, paging=paging)

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
        return {**data, "items": decode_items(self.model.decode, [self.stamped(one) for one in data["items"]])}

    def _deleted(self, data: Any) -> Any:
        status = import_module(_MODELS).Status.decode
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


def resource_of(kind: Kind, api_version: str | None, operation: str) -> Resource | Undiscovered:
    """Where the objects of a kind are.

    Args:
        kind: as Kubernetes writes it, such as "Deployment", or the class of its objects.
        api_version: such as "apps/v1"; None where the kind alone says enough.

    Raises:
        InvalidArgumentError: this does not tell which resource is meant.
    """
    if api_version is not None and not _API_VERSION.fullmatch(api_version):
        raise InvalidArgumentError(
            f'{operation}: api_version is written as in "v1" or "apps/v1", not {api_version[:80]!a}.'
        )
    if isinstance(kind, str):
        return _named(kind, api_version, operation, None)
    entry = _entry_of(kind)
    if entry is None:
        raise InvalidArgumentError(f"{operation}: {kind.__name__} is not the class of a kind; give the kind as text.")
    return _named(entry[1], api_version or entry[0], operation, kind)


def resource_of_object(obj: Model | Mapping[str, Any], operation: str) -> Resource | Undiscovered:
    """Where an object belongs: as its apiVersion and kind say, or as its class does.

    Raises:
        InvalidArgumentError: it does not say.
    """
    api_version, kind = obj.get("apiVersion"), obj.get("kind")
    entry = _entry_of(type(obj)) if isinstance(obj, Model) else None
    if isinstance(kind, str) and (isinstance(api_version, str) or entry is None):
        found = resource_of(kind, api_version, operation)
        if entry is not None and entry[1] == kind and isinstance(found, Undiscovered):
            return Undiscovered(found.api_version, kind, type(obj))  # type: ignore[arg-type]  # it is a Model
        return found
    if entry is None:
        raise InvalidArgumentError(f"{operation}: the object does not say what it is; give it apiVersion and kind.")
    return resource_of(type(obj), api_version, operation)  # type: ignore[arg-type]  # it is a Model


def discovery(api_version: str) -> Operation[Any]:
    """What a group and version has.

    Raises:
        InvalidArgumentError: the server does not tell: it serves /apis/apps/v1, and not /api/v1 (recordings proxy-008-get,
            proxy-014-get).
    """
    if not _API_VERSION.fullmatch(api_version) or "/" not in api_version:
        raise InvalidArgumentError(
            f'kubernetes.discover: the server tells what a group has, as in "apps/v1", and nothing of {api_version[:80]!a}.'
        )
    return Operation("kubernetes.discover", "GET", f"/apis/{api_version}", {200: _api_resources})


def name_of(obj: Model | Mapping[str, Any], operation: str) -> str:
    """The name that an object has.

    Raises:
        InvalidArgumentError: it has none.
    """
    name = _metadata(obj, "name")
    if not isinstance(name, str) or not name:
        raise InvalidArgumentError(f"{operation}: the object has no metadata.name.")
    return name


def namespace_of(obj: Model | Mapping[str, Any], given: str | None, operation: str) -> str | None:
    """The namespace of an object: as given, or as it says itself.

    Raises:
        InvalidArgumentError: the two differ.
    """
    own = _metadata(obj, "namespace")
    if given is not None and own and own != given:
        raise InvalidArgumentError(f"{operation}: the object is of the namespace {own!a}, not {given!a}.")
    return given if given is not None else own or None


def written(obj: Model | Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    """An object as Kubernetes takes it, which wants apiVersion and kind (evidence/server.md §4)."""
    data: dict[str, Any] = obj.to_dict() if isinstance(obj, Model) else dict(obj)
    said = {name: value for name, value in data.items() if name not in ("apiVersion", "kind") or value is not None}
    return {"apiVersion": resource.api_version, "kind": resource.kind, **said}


def _named(kind: str, api_version: str | None, operation: str, model: type[Model] | None) -> Resource | Undiscovered:
    entries = [one for one in KINDS if one[1] == kind and api_version in (None, one[0])]
    if len(entries) == 1:
        version, _, plural, namespaced, described = entries[0]
        return Resource(version, kind, plural, namespaced, model or _model(described))
    if entries:
        versions = " or ".join(f'"{one[0]}"' for one in entries)
        raise InvalidArgumentError(f"{operation}: several kinds are called {kind}; choose with api_version={versions}.")
    if api_version is not None and "/" in api_version:
        return Undiscovered(api_version, kind, model)
    raise InvalidArgumentError(f"{operation}: the kind {kind[:80]!a} is not known{_hint(kind, api_version)}")


def _hint(kind: str, api_version: str | None) -> str:
    folded = {one[1].casefold(): one[1] for one in KINDS} | {one[2]: one[1] for one in KINDS}
    near = difflib.get_close_matches(kind.casefold(), folded, n=1, cutoff=0.8)
    if near:
        return f"; is {folded[near[0]]} meant?"
    if api_version is not None:
        return f" in {api_version}, and the server does not tell what that has; use ks.request() with its address."
    return '; say where it is with api_version=, as in "apps/v1".'


def _entry_of(model: type[Any]) -> tuple[str, str, str, bool, tuple[str, str] | None] | None:
    module = model.__module__.rpartition(".")[2]
    return next((one for one in KINDS if one[4] == (module, model.__name__)), None)


def _model(described: tuple[str, str] | None) -> type[Model]:
    if described is None:
        return _plain_object()
    module, name = described
    model: type[Model] = getattr(import_module(f"{_MODELS}.{module}"), name)
    return model


def _plain_object() -> type[Model]:
    model: type[Model] = import_module(_MODELS).KubernetesObject
    return model


def _api_resources(data: Any) -> Any:
    return import_module(_MODELS).APIResourceList.decode(data)


def _metadata(obj: Model | Mapping[str, Any], name: str) -> Any:
    metadata = obj.get("metadata")
    return metadata.get(name) if isinstance(metadata, Model | Mapping) else None
