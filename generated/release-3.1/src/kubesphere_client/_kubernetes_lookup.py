"""From a kind, or from an object, to the resource that it belongs to. No input or output here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from kubesphere_client._described import described
from kubesphere_client._kinds import KINDS
from kubesphere_client._kubernetes_resources import Resource, Undiscovered, plain_object
from kubesphere_client._objects import Model
from kubesphere_client._operation import Operation
from kubesphere_client.errors import InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client.models import KubernetesObject

Kind: TypeAlias = "str | type[KubernetesObject]"

_API_VERSION = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[0-9][a-z0-9]*")


def resource_of(kind: Kind, api_version: str | None, operation: str) -> Resource | Undiscovered:
    """Where the objects of a kind are.

    Args:
        kind: as Kubernetes writes it, such as "Deployment", or the class of its objects.
        api_version: such as "apps/v1"; None where the kind alone says enough.

    Raises:
        InvalidArgumentError: this does not tell which resource is meant.
    """
    if api_version is not None and not (isinstance(api_version, str) and _API_VERSION.fullmatch(api_version)):
        raise InvalidArgumentError(
            f'{operation}: api_version is written as in "v1" or "apps/v1", not {str(api_version)[:80]!a}.'
        )
    if not isinstance(kind, str | type):
        raise InvalidArgumentError(
            f'{operation}: a kind is text such as "Deployment", or a class such as models.Deployment, '
            f"not {type(kind).__name__}."
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
    if not isinstance(obj, Model | Mapping):
        raise InvalidArgumentError(f"{operation}: the object is a model or a mapping, not {type(obj).__name__}.")
    api_version, kind = obj.get("apiVersion"), obj.get("kind")
    model = type(obj) if isinstance(obj, Model) else None
    entry = None if model is None else _entry_of(model)
    if isinstance(kind, str) and (isinstance(api_version, str) or entry is None):
        found = resource_of(kind, api_version, operation)
        if entry is not None and entry[1] == kind and isinstance(found, Undiscovered):
            return Undiscovered(found.api_version, kind, model)
        return found
    if model is None or entry is None:
        raise InvalidArgumentError(f"{operation}: the object does not say what it is; give it apiVersion and kind.")
    return resource_of(cast("type[KubernetesObject]", model), api_version, operation)  # it is the class of a kind


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
        version, _, plural, namespaced, named = entries[0]
        return Resource(version, kind, plural, namespaced, model or _model(named))
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


def _model(named: tuple[str, str] | None) -> type[Model]:
    if named is None:
        return plain_object()
    module, name = named
    model: type[Model] = getattr(import_module(f"kubesphere_client.models.{module}"), name)
    return model


def _api_resources(data: Any) -> Any:
    return described("APIResourceList").decode(data)


def _metadata(obj: Model | Mapping[str, Any], name: str) -> Any:
    metadata = obj.get("metadata")
    return metadata.get(name) if isinstance(metadata, Model | Mapping) else None
