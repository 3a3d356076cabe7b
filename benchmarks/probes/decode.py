"""Decode a list of Pods with one library and touch every nested model: `decode.py WHO FILE REPEATS [times, first, all]`.

`times` prints seconds of decoding alone, of decoding and touching, and of touching what is decoded; `first` and `all`
print the peak memory of reaching the first item and of touching all, the document's bytes included, and the seconds.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

_WARM = 40  # Pods of the run before: the first use of a class is no decoding
_ADDRESS = "http://127.0.0.1:1"


def main(who: str, file: str, repeats: str, mode: str) -> None:
    decode, is_model, names_of = _LIBRARIES[who]()
    with open(file, "rb") as opened:
        small = _first_of(opened.read(_WARM * 16_000))
    walk = _Walk(is_model, names_of)
    walk.learn(decode(small))
    result = (
        {"times": _times(decode, walk, file, int(repeats))}
        if mode == "times"
        else _memory(decode, walk, file, int(repeats), mode)
    )
    print(json.dumps({**result, "models": walk.models}))


def _times(decode: Callable[[bytes], Any], walk: _Walk, file: str, repeats: int) -> list[list[float]]:
    """The seconds of decoding, of decoding and touching, and of touching again."""
    data, times = _read(file, 1), []
    for _ in range(repeats):
        items = None
        gc.collect()
        start = time.process_time()
        items = decode(data)
        decoded = time.process_time()
        walk.touch(items)
        touched = time.process_time()
        walk.touch(items)
        again = time.process_time()
        times.append([decoded - start, touched - start, again - touched])
        del items
    return times


def _memory(decode: Callable[[bytes], Any], walk: _Walk, file: str, copies: int, mode: str) -> dict[str, Any]:
    """The peak of a process that reads a document, decodes it and reaches the first item, or touches all."""
    gc.collect()
    before = _field("VmRSS")
    _reset_peak()
    data = _read(file, copies)
    start = time.process_time()
    items = decode(data)
    if mode == "first":
        walk.touch(items[:1]) if walk.is_raw else _name_of(items[0])
    else:
        walk.touch(items)
    seconds = time.process_time() - start
    return {"peak": (_field("VmHWM") - before) * 1024, "document": len(data), "seconds": seconds}


class _Walk:
    """Reads every attribute that holds a model, or a list or dict of models, as deep as they go.

    Which attributes of a class those are is learned from a few Pods: the walk itself costs as little as it can.
    """

    def __init__(self, is_model: Callable[[Any], bool], names_of: Callable[[Any], Iterable[str]]) -> None:
        self._is_model = is_model
        self._names_of = names_of
        self._models: dict[type, tuple[str, ...]] = {}
        self._lists: dict[type, tuple[str, ...]] = {}
        self.models = 0
        self.is_raw = False

    def learn(self, items: Any) -> None:
        for item in items:
            self.is_raw = isinstance(item, dict)
            if not self.is_raw:
                self._learn(item)
        self.models = sum(map(self._count, items)) // max(len(items), 1)

    def touch(self, items: Any) -> None:
        if not self.is_raw:
            visit = self._visit
            for item in items:
                visit(item)

    def _visit(self, model: Any) -> None:
        kind = type(model)
        for name in self._models.get(kind, ()):
            value = getattr(model, name)
            if value:  # no None, and nothing else that stands for what is absent
                self._visit(value)
        for name in self._lists.get(kind, ()):
            value = getattr(model, name)
            if value:
                for one in value if type(value) is not dict else value.values():
                    self._visit(one)

    def _learn(self, model: Any) -> None:
        kind = type(model)
        for name in self._names_of(model):
            value = getattr(model, name)
            if self._is_model(value):
                self._models[kind] = tuple(dict.fromkeys((*self._models.get(kind, ()), name)))
                self._learn(value)
                continue
            several = list(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if several and all(map(self._is_model, several)):
                self._lists[kind] = tuple(dict.fromkeys((*self._lists.get(kind, ()), name)))
                for one in several:
                    self._learn(one)

    def _count(self, model: Any) -> int:
        kind = type(model)
        found = 1
        for name in self._models.get(kind, ()):
            if value := getattr(model, name):
                found += self._count(value)
        for name in self._lists.get(kind, ()):
            value = getattr(model, name)
            found += sum(map(self._count, value.values() if isinstance(value, dict) else value or ()))
        return found


_Library = tuple[Callable[[bytes], Any], Callable[[Any], bool], Callable[[Any], Iterable[str]]]


def _ours() -> _Library:
    """A typed call on a transport that has the answer: from the bytes to the items of the page."""
    httpx = importlib.import_module("httpx")
    client = importlib.import_module("kubesphere_client")
    answers: list[bytes] = []
    headers = {"Content-Type": "application/json"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=answers.pop(), headers=headers))
    ks = client.KubeSphere(_ADDRESS, token="t", transport=transport)

    def decode(data: bytes) -> Any:
        answers.append(data)
        return ks.resources.v1alpha3.list_namespaced_resources("shop", "pods").items

    return decode, _has_attrs_but_text, _attrs_names


def _openapi_python_client() -> _Library:
    model = importlib.import_module("openapi_python_client_pods.models.pod_list").PodList
    return lambda data: model.from_dict(json.loads(data)).items, _has_attrs_but_text, _attrs_names


def _openapi_generator() -> _Library:
    model = importlib.import_module("openapi_generator_pods.models.pod_list").PodList
    base = importlib.import_module("pydantic").BaseModel
    return (
        lambda data: model.from_dict(json.loads(data)).items,
        lambda value: isinstance(value, base),
        lambda one: type(one).model_fields,
    )


def _kubernetes() -> _Library:
    client = importlib.import_module("kubernetes.client")
    api = client.ApiClient(client.Configuration())

    return (
        lambda data: api.deserialize(data.decode(), "V1PodList", "application/json").items,
        lambda value: hasattr(type(value), "openapi_types"),
        lambda one: type(one).openapi_types,
    )


def _lightkube() -> _Library:
    model = importlib.import_module("lightkube.models.core_v1").PodList
    return (
        lambda data: model.from_dict(json.loads(data)).items,
        lambda value: hasattr(type(value), "__struct_fields__"),
        lambda one: type(one).__struct_fields__,
    )


def _msgspec() -> _Library:
    """Structs of the same schemas, which drop what they do not know."""
    msgspec = importlib.import_module("msgspec")
    structs = _structs(msgspec, json.loads(_schema()))
    decoder = msgspec.json.Decoder(structs["PodList"])
    return (
        lambda data: decoder.decode(data).items,
        lambda value: isinstance(value, msgspec.Struct),
        lambda one: one.__struct_fields__,
    )


def _schema() -> str:
    with open(sys.argv[5], encoding="utf-8") as file:
        return file.read()


def _structs(msgspec: Any, document: Any) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    made: dict[str, Any] = {}

    def type_of(schema: Any) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return struct(name) if "properties" in schemas[name] else type_of(schemas[name])
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if schema.get("format") == "date-time":
            return importlib.import_module("datetime").datetime
        if "array" in kinds:
            return list[type_of(schema["items"])]  # type: ignore[misc]  # a type that is made here
        plain = {"string": str, "integer": int, "boolean": bool, "number": float}
        if len([one for one in kinds if one in plain]) == 1:
            return plain[next(one for one in kinds if one in plain)]
        more = schema.get("additionalProperties")
        if "object" in kinds and isinstance(more, dict):
            return dict[str, type_of(more)]  # type: ignore[misc]  # a type that is made here
        return Any

    def struct(name: str) -> Any:
        if name not in made:
            made[name] = Any  # a schema that contains itself is read as it comes
            fields = [(key, type_of(value) | None, None) for key, value in schemas[name]["properties"].items()]
            safe = {key: f"{key}_" if key in _KEYWORDS else key for key, _, _ in fields}
            renamed = {safe[key]: key for key in safe}
            made[name] = msgspec.defstruct(name, [(safe[key], *rest) for key, *rest in fields], rename=renamed)
        return made[name]

    struct("PodList")
    return made


_KEYWORDS = frozenset({"from", "continue", "except", "is", "in", "not", "or", "and", "if"})


def _parser(module: str) -> _Library:
    loads = importlib.import_module(module).loads
    return lambda data: loads(data)["items"], lambda value: False, lambda one: ()


def _has_attrs_but_text(value: Any) -> bool:
    return hasattr(type(value), "__attrs_attrs__")


def _attrs_names(one: Any) -> Iterable[str]:
    return [field.name for field in type(one).__attrs_attrs__]


def _name_of(pod: Any) -> Any:
    return pod.metadata.name


def _first_of(beginning: bytes) -> bytes:
    """The first Pods of a document, as a document."""
    text = beginning.decode()
    found: list[Any] = []
    decoder, position = json.JSONDecoder(), len('{"items":[')
    while len(found) < _WARM and text[position] == "{":
        try:
            item, position = decoder.raw_decode(text, position)
        except ValueError:  # the beginning ends within it
            break
        found.append(item)
        if text[position : position + 1] != ",":
            break
        position += 1
    return json.dumps({"items": found, "totalItems": len(found)}, separators=(",", ":")).encode()


def _read(file: str, copies: int) -> bytes:
    """The document of a file; of several copies the items repeat."""
    with open(file, "rb") as opened:
        data = opened.read()
    if copies == 1:
        return data
    items = data[len(b'{"items":[') : data.rindex(b'],"totalItems"')]
    return b'{"items":[' + b",".join([items] * copies) + b'],"totalItems":0}'


def _field(name: str) -> int:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(f"{name}:"))


def _reset_peak() -> None:
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


_LIBRARIES: dict[str, Callable[[], _Library]] = {
    "ours": _ours,
    "openapi-python-client": _openapi_python_client,
    "openapi-generator": _openapi_generator,
    "kubernetes": _kubernetes,
    "lightkube": _lightkube,
    "msgspec": _msgspec,
    "orjson": lambda: _parser("orjson"),
    "json": lambda: _parser("json"),
}

if __name__ == "__main__":
    main(*sys.argv[1:5])
