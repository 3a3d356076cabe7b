"""Model classes as the generator prints them, written by hand for the tests of their base class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from kubesphere_client._define import define, field
from kubesphere_client._masking import masked
from kubesphere_client._objects import (
    IntOrString,
    Model,
    Quantity,
    Timestamp,
    constructed,
    decode_items,
    decode_list,
    decode_map,
    encode,
    leftovers,
)


@define(kw_only=True, repr=False)
class PodList(Model):
    """A list of pods, which names a class that comes later."""

    __wire__: ClassVar[dict[str, str]] = {"items": "items", "totalItems": "total_items"}

    items: list[Pod] = field(default=None)
    total_items: int | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if cls is not PodList:
            return constructed(cls, PodList, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        get: Any = data.get
        self.items = decode_items(Pod.decode, one) if isinstance(one := get("items"), list) else one
        self.total_items = get("totalItems")
        return self

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.items is not None:
            out["items"] = encode(self.items)
        if self.total_items is not None:
            out["totalItems"] = encode(self.total_items)
        return out


@define(kw_only=True, repr=False)
class Pod(Model):
    """A pod, with its kind filled in."""

    __wire__: ClassVar[dict[str, str]] = {"kind": "kind", "metadata": "metadata", "spec": "spec"}

    kind: str | None = "Pod"
    metadata: ObjectMeta | None = None
    spec: PodSpec | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if cls is not Pod:
            return constructed(cls, Pod, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        get: Any = data.get
        self.kind = get("kind")
        self.metadata = ObjectMeta.from_dict(one) if isinstance(one := get("metadata"), dict) else one
        self.spec = PodSpec.from_dict(one) if isinstance(one := get("spec"), dict) else one
        return self

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.kind is not None:
            out["kind"] = encode(self.kind)
        if self.metadata is not None:
            out["metadata"] = encode(self.metadata)
        if self.spec is not None:
            out["spec"] = encode(self.spec)
        return out


@define(kw_only=True, repr=False)
class ObjectMeta(Model):
    """Name, labels and time of creation."""

    __wire__: ClassVar[dict[str, str]] = {
        "creationTimestamp": "creation_timestamp",
        "labels": "labels",
        "name": "name",
    }

    creation_timestamp: Timestamp | None = None
    labels: dict[str, str] | None = None
    name: str = field(default=None)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if cls is not ObjectMeta:
            return constructed(cls, ObjectMeta, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        get: Any = data.get
        self.creation_timestamp = Timestamp.decode(one) if isinstance(one := get("creationTimestamp"), str) else one
        self.labels = get("labels")
        self.name = get("name")
        return self

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.creation_timestamp is not None:
            out["creationTimestamp"] = encode(self.creation_timestamp)
        if self.labels is not None:
            out["labels"] = encode(self.labels)
        if self.name is not None:
            out["name"] = encode(self.name)
        return out


@define(kw_only=True, repr=False)
class PodSpec(Model):
    """Containers, a port and limits."""

    __wire__: ClassVar[dict[str, str]] = {"containers": "containers", "limits": "limits", "port": "port"}

    containers: list[Container] | None = None
    limits: dict[str, Quantity] | None = None
    port: IntOrString | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if cls is not PodSpec:
            return constructed(cls, PodSpec, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        get: Any = data.get
        self.containers = decode_list(Container.decode, one) if isinstance(one := get("containers"), list) else one
        self.limits = decode_map(Quantity.decode, one) if isinstance(one := get("limits"), dict) else one
        self.port = get("port")
        return self

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.containers is not None:
            out["containers"] = encode(self.containers)
        if self.limits is not None:
            out["limits"] = encode(self.limits)
        if self.port is not None:
            out["port"] = encode(self.port)
        return out


@define(kw_only=True, repr=False)
class Container(Model):
    """A container, which may hold others."""

    __wire__: ClassVar[dict[str, str]] = {"image": "image", "name": "name", "sidecars": "sidecars"}

    image: str | None = None
    name: str | None = None
    sidecars: dict[str, list[Container]] | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if cls is not Container:
            return constructed(cls, Container, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        get: Any = data.get
        self.image = get("image")
        self.name = get("name")
        self.sidecars = (
            decode_map(lambda value: decode_list(Container.decode, value), one)
            if isinstance(one := get("sidecars"), dict)
            else one
        )
        return self

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.image is not None:
            out["image"] = encode(self.image)
        if self.name is not None:
            out["name"] = encode(self.name)
        if self.sidecars is not None:
            out["sidecars"] = encode(self.sidecars)
        return out


@define(kw_only=True, repr=False)
class Account(Model):
    """A user account with a secret field."""

    __wire__: ClassVar[dict[str, str]] = {"passPhrase": "pass_phrase", "token": "token", "user": "user"}
    __secret__: ClassVar[frozenset[str]] = frozenset({"pass_phrase", "token"})

    pass_phrase: str | None = field(default=None, repr=masked)
    token: str | None = field(default=None, repr=masked)
    user: str | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        if cls is not Account:
            return constructed(cls, Account, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        get: Any = data.get
        self.pass_phrase = get("passPhrase")
        self.token = get("token")
        self.user = get("user")
        return self

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.pass_phrase is not None:
            out["passPhrase"] = encode(self.pass_phrase)
        if self.token is not None:
            out["token"] = encode(self.token)
        if self.user is not None:
            out["user"] = encode(self.user)
        return out
