"""The base of every model, and the functions with which models read and write JSON."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from kubesphere_client import _json
from kubesphere_client._define import Signature, define, field
from kubesphere_client._items import Items
from kubesphere_client._json import encode
from kubesphere_client._masking import MASK, shown
from kubesphere_client._scalars import File, IntOrString, Quantity, Timestamp

__all__ = [
    "File",
    "IntOrString",
    "Items",
    "Model",
    "Quantity",
    "Timestamp",
    "constructed",
    "decode_items",
    "decode_list",
    "decode_map",
    "decode_page",
    "decode_tagged",
    "decode_tuple",
    "encode",
    "leftovers",
]

M = TypeVar("M", bound="Model")


@define(kw_only=True, repr=False)
class Model:
    """A JSON object with typed attributes that loses nothing of what the server sent.

    A field that is absent or null reads as None; which of the two it was is remembered, and so are the fields
    that the class does not know. A value of another type than the field's is kept as it came. Reading an
    object and writing it again therefore gives equal JSON.

    By the names that JSON uses, fields can be reached as in a dict, unknown ones too: `obj["someNewField"]`,
    `"someNewField" in obj`, `obj["someNewField"] = 1`. Setting an item to None sends null.

    Objects are equal when they are of one class and their attributes and unknown fields are equal.
    """

    __wire__: ClassVar[dict[str, str]] = {}
    __secret__: ClassVar[frozenset[str]] = frozenset()
    if not TYPE_CHECKING:  # which know the signature from the fields
        __signature__ = Signature()

    _extra: dict[str, Any] | None = field(default=None, alias="_extra", repr=shown)
    _nulls: tuple[str, ...] = field(default=(), alias="_nulls", eq=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the object out of decoded JSON.

        What is in the data is taken over, not copied: a list or dict changed there is changed here as well.

        Raises:
            TypeError: the data is not a JSON object.
        """
        if cls is not Model:
            return constructed(cls, Model, data)
        self = cls.__new__(cls)
        self._extra, self._nulls = leftovers(data, cls.__wire__)
        return self

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON can hold it, in containers of its own."""
        return self._leftovers()

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read the object out of a JSON document.

        Raises:
            ValueError: the document is not JSON.
            TypeError: the document is not a JSON object.
        """
        return cls.from_dict(_json.loads(data))

    def to_json(self) -> str:
        """The object as a compact JSON document."""
        return _json.dumps(self).decode()

    @classmethod
    def decode(cls, value: Any) -> Any:
        """Read the object where the value is a JSON object; any other value is kept as it came."""
        return cls.from_dict(value) if isinstance(value, dict) else value

    def copy(self) -> Self:
        """A copy that shares nothing with this object."""
        return copy.deepcopy(self)

    def evolve(self, **changes: Any) -> Self:
        """A new object with some attributes changed; it shares the values of the others with this one."""
        from attrs import evolve

        return evolve(self, **changes)

    __replace__ = evolve  # for copy.replace(), since Python 3.13

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field by its name in JSON, or the default where the object does not have it."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        attribute = self.__wire__.get(name)
        if attribute is not None:
            return getattr(self, attribute) is not None or name in self._nulls
        return self._extra is not None and name in self._extra

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise KeyError(name)
        attribute = self.__wire__.get(name)
        return getattr(self, attribute) if attribute is not None else (self._extra or {})[name]

    def __setitem__(self, name: str, value: Any) -> None:
        attribute = self.__wire__.get(name)
        if attribute is None:
            self._extra = {**(self._extra or {}), name: value}  # a new dict: `evolve` shares the old one
            return
        setattr(self, attribute, value)
        if value is None and name not in self._nulls:
            self._nulls = (*self._nulls, name)

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        attribute = self.__wire__.get(name)
        if attribute is None:
            self._extra = {key: value for key, value in (self._extra or {}).items() if key != name} or None
            return
        setattr(self, attribute, None)
        self._nulls = tuple(null for null in self._nulls if null != name)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._extra == getattr(other, "_extra", None) and all(
            getattr(self, attribute) == getattr(other, attribute) for attribute in self.__wire__.values()
        )

    def __getstate__(self) -> dict[str, Any]:
        # In one dict, as attrs does for classes with slots: pickle's oldest protocols know of no slots.
        state: Any = object.__getstate__(self)
        others, slots = state
        return {**(others or {}), **slots}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)  # a class of the user's that derives from a model may be frozen

    # Without it Python would ask for the items 0, 1, 2 …
    __iter__ = None

    def __repr__(self) -> str:
        """The attributes that are set; secrets are masked."""
        parts = [
            f"{attribute}={MASK if attribute in self.__secret__ else shown(value)}"
            for attribute in self.__wire__.values()
            if (value := getattr(self, attribute)) is not None
        ]
        if self._extra:
            secrets = [name for name, attribute in self.__wire__.items() if attribute in self.__secret__]
            parts.append(f"_extra={shown(self._extra, secrets)}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def _leftovers(self) -> dict[str, Any]:
        """The remembered nulls and the unknown fields, to which `to_dict` adds what is set."""
        out: dict[str, Any] = dict.fromkeys(self._nulls)
        if self._extra is not None:
            for name, value in self._extra.items():
                out[name] = encode(value)
        return out


def leftovers(
    data: Mapping[str, Any],
    wire: Mapping[str, str],
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """What attributes cannot say of a JSON object: its unknown fields, and which of the known ones are null.

    Raises:
        TypeError: the data is not a JSON object.
    """
    if type(data) is not dict and not isinstance(data, Mapping):
        raise TypeError(f"A JSON object (a dict) is needed, not {_described(data)}.")
    for name, value in data.items():
        if value is None or name not in wire:
            return _leftovers(data, wire)
    return None, ()


def _leftovers(data: Mapping[str, Any], wire: Mapping[str, str]) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    extra: dict[str, Any] | None = None
    nulls: tuple[str, ...] = ()
    for name, value in data.items():
        if name not in wire:
            if extra is None:
                extra = {}
            extra[name] = value
        elif value is None:
            nulls += (name,)
    return extra, nulls


def constructed(cls: type[M], model: type[Model], data: Mapping[str, Any]) -> M:
    """An object of a class of the user's, which derives from a model: by its constructor, to which it may have added.

    Args:
        cls: the user's class.
        model: the model, which decodes what the constructor is given.
        data: the JSON object.
    """
    one = model.from_dict(data)
    known = {attribute: getattr(one, attribute) for attribute in model.__wire__.values()}
    return cls(**known, _extra=one._extra, _nulls=one._nulls)


def decode_list(decoder: Callable[[Any], Any], value: Any) -> Any:
    """A list with each item decoded; a value that is not a list is kept as it came."""
    return [decoder(one) for one in value] if isinstance(value, list) else value


def decode_map(decoder: Callable[[Any], Any], value: Any) -> Any:
    """A dict with each value decoded; a value that is not a dict is kept as it came."""
    return {key: decoder(one) for key, one in value.items()} if isinstance(value, dict) else value


def decode_items(decoder: Callable[[Any], Any], value: Any) -> Any:
    """A list whose objects are decoded when reached; a value that is not a list is kept as it came."""
    owner = getattr(decoder, "__self__", None)
    if isinstance(value, list) and isinstance(owner, type) and issubclass(owner, Model):
        if isinstance(value, Items) and value.is_open:
            value.decoded_by(decoder)
            return value
        return Items(value, decoder)
    return decode_list(decoder, value)  # a decoder that may give a dict: Items could not tell it from JSON


def decode_page(envelope: Callable[[Any], Any], item: Callable[[Any], Any], value: Any) -> Any:
    """A list in an envelope that many lists share, with its items decoded as what this one holds."""
    page = envelope(value)
    if isinstance(page, Model) and isinstance(value.get("items"), list):
        page["items"] = decode_items(item, value["items"])
    return page


def decode_tagged(tag: str, decoders: Mapping[str, Callable[[Any], Any]], value: Any) -> Any:
    """The object that a member of the JSON object, such as `kind`, says it is; any other value as it came."""
    decoder = decoders.get(str(value.get(tag))) if isinstance(value, dict) else None
    return value if decoder is None else decoder(value)


def decode_tuple(value: Any) -> Any:
    """A tuple of a JSON array that has a fixed length; a value that is not a list is kept as it came."""
    return tuple(value) if isinstance(value, list) else value


def _described(value: object) -> str:
    return "null" if value is None else f"a {type(value).__name__}"
