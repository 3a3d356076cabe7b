"""The API surface of a released package, kept so that a later version can be compared without the package itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from attrs import frozen

from generator.document import ALWAYS, KINDS, METHODS, PUBLISHED, VARIANTS
from generator.drift.api import types
from generator.drift.python.skeleton import skeleton
from generator.errors import GeneratorError

FOLDER = "released"  # under specs/<release>/
_OPERATIONS, _COMPONENTS, _MODULES, _MANIFEST = "operations.json", "components.json", "modules.txt", "manifest.json"
# Words of an OpenAPI document that say nothing about what can be called and what comes back.
_WORDLY = frozenset(("description", "summary", "externalDocs", "example", "examples", "tags", "title"))
_EXTENSIONS = (ALWAYS, KINDS, PUBLISHED, VARIANTS)
_OF_THE_DOCUMENT = ("openapi", "info", "servers", "security", "paths", "components")
# Members whose own members are names and not words of OpenAPI.
_NAMES = frozenset(
    "paths properties patternProperties schemas responses parameters headers requestBodies securitySchemes content "
    "callbacks links mapping variables encoding scopes flows".split()
)
_VALUES = frozenset(("default", "enum", "const"))  # kept as they are
_HEADING = re.compile(r"^### (src/\w+(?:/\w+)*[.]py)\n", re.MULTILINE)
_AS_SYNC = "    ~"  # a line of an async class that follows from its counterpart's


@frozen
class Surface:
    """What a comparison needs of a package."""

    version: str
    document: Mapping[str, Any]  # as `stripped` gives it
    tree: Mapping[str, bytes]  # for `drift.python.compare`


def stripped(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without what the semantic diff does not look at; what was stripped already stays as it is.

    A description of a parameter or property that tells it from others is kept as a short digest: that it is the same
    shows what was renamed. Two documents are compared after both were stripped.
    """
    known = {key: document[key] for key in _OF_THE_DOCUMENT if key in document}
    info = {key: value for key, value in known.get("info", {}).items() if key in ("title", "version")}
    return {**_without_words(known), "info": info}


def files(package: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that keep the surface of a package, by name."""
    manifest = json.loads(package["manifest.json"])
    calls: dict[str, set[str]] = {}
    for one in manifest["methods"]:
        calls.setdefault(one["call"], set()).add(f"{one['method']} {one['path']}")
    document = stripped(json.loads(package["openapi.json"]))
    components = document.pop("components", {})
    methods = {call: sorted(calls[call]) for call in sorted(calls)}
    return {
        _OPERATIONS: _lines(document, "paths"),
        _COMPONENTS: _lines(components, *components),
        _MODULES: _modules_text(skeleton(package)).encode(),
        _MANIFEST: _lines({"version": manifest["version"], "methods": methods}, "methods"),
    }


def load(folder: Path) -> Surface | None:
    """The surface that is kept in a release's folder under `specs/`; None where none is.

    Raises:
        GeneratorError: a file of it is missing or damaged.
    """
    kept = folder / FOLDER
    if not kept.is_dir():
        return None
    try:
        manifest, operations, components = (
            json.loads((kept / name).read_bytes()) for name in (_MANIFEST, _OPERATIONS, _COMPONENTS)
        )
        tree = _modules((kept / _MODULES).read_bytes().decode())
        methods = [
            {"call": call, "method": one.partition(" ")[0], "path": one.partition(" ")[2]}
            for call, called in manifest["methods"].items()
            for one in called
        ]
        version = str(manifest["version"])
        document = {**operations, "paths": dict(operations["paths"]), "components": dict(components)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise GeneratorError(
            f"The kept surface in specs/{folder.name}/{FOLDER} cannot be read: {reason}.\n"
            "Restore it from git; only `ks-codegen release` writes it."
        ) from None
    return Surface(version, document, {**tree, "manifest.json": _json({"methods": methods}).encode()})


def _without_words(node: Any, *, names: bool = False, described: bool = False) -> Any:
    """A node without words; `names` where its members are names, `described` where its description is looked at."""
    if isinstance(node, list):
        return [_without_words(one, described=described) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    is_parameter = isinstance(node.get("in"), str) and not names
    for key, value in node.items():
        if names:
            kept[key] = _without_words(value, described=described)
        elif key == "description" and (described or is_parameter) and isinstance(value, str):
            if types.is_telling(value):
                kept[key] = value if types.DIGEST.match(value) else _digest(value)
        elif key in _VALUES or key in _EXTENSIONS:
            kept[key] = value
        elif key not in _WORDLY and not key.startswith("x-"):
            kept[key] = _without_words(
                value, names=key in _NAMES and isinstance(value, dict), described=key == "properties"
            )
    return kept


def _digest(description: str) -> str:
    return f"#{hashlib.sha256(description.encode()).hexdigest()[:8]}"


def _lines(content: Mapping[str, Any], *groups: str) -> bytes:
    """JSON with a line for each member of the groups, or of a path's item, so that a change is a line of a diff."""
    parts = [f"{_json(key)}:{_json(value)}" for key, value in content.items() if key not in groups]
    for group in sorted(groups):
        members = [
            f"{_json(name)}:{_item(node) if group == 'paths' else _json(node)}"
            for name, node in sorted(content[group].items())
        ]
        parts.append(f"{_json(group)}:{{\n" + ",\n".join(members) + "\n}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("ascii")


def _item(item: Mapping[str, Any]) -> str:
    order = sorted(item.items(), key=lambda one: (one[0] in METHODS, one[0]))
    return "{\n" + ",\n".join(f"{_json(key)}:{_json(value)}" for key, value in order) + "}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _modules_text(tree: Mapping[str, bytes]) -> str:
    """The modules under each other, each below its path."""
    return "".join(f"### {name}\n{_folded(tree[name].decode())}" for name in sorted(tree))


def _modules(text: str) -> dict[str, bytes]:
    start, *parts = _HEADING.split(text)
    if start or not parts:
        raise ValueError(f"{_MODULES} does not begin with the path of a module")
    return {name: _unfolded(source).encode() for name, source in zip(parts[::2], parts[1::2], strict=True)}


def _folded(source: str) -> str:
    """A module in which an async class says only where it differs from its sync counterpart."""
    return "".join(f"{line}\n" for line in _fold(source, fold=True))


def _unfolded(source: str) -> str:
    return "".join(f"{line}\n" for line in _fold(source, fold=False))


def _fold(source: str, *, fold: bool) -> Iterator[str]:
    members: dict[str, list[str]] = {}
    for name, heading, lines in _classes(source):
        counterpart = [_asynchronous(line) for line in members.get(name.removeprefix("Async"), ())]
        if heading:
            yield heading
        if not name.startswith("Async"):
            members[name] = lines
            yield from lines
            continue
        for line, expected in zip_longest(lines, counterpart[: len(lines)]):
            if fold:
                yield _AS_SYNC if line == expected else line
            else:
                yield expected if line == _AS_SYNC else line


def _classes(source: str) -> Iterator[tuple[str, str, list[str]]]:
    """The classes of a module as (name, first line, other lines); what stands between them has no name."""
    name, heading, lines = "", "", list[str]()
    for line in source.splitlines():
        if not line.startswith(" "):
            if heading or lines:
                yield name, heading, lines
            found = re.match(r"class (\w+)", line)
            name, heading, lines = found[1] if found else "", line, []
        else:
            lines.append(line)
    if heading or lines:
        yield name, heading, lines


def _asynchronous(line: str) -> str:
    """What a line of a sync class mostly is in its async counterpart."""
    for sync, asynchronous in (("-> Page[", "-> AsyncPageRequest["), ("-> Watch[", "-> AsyncWatch[")):
        if sync in line:
            return line.replace(sync, asynchronous)
    return line.replace("    def ", "    async def ")
