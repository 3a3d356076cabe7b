"""manifest.json: what the package was made from, how much is in it, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from json.encoder import encode_basestring_ascii
from typing import Any

from generator.package import Package

# The tools that decide bytes of the output; Python is not one of them.
_TOOLS = ("openapi-python-client", "jinja2", "ruff")


def manifest(package: Package, document: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The manifest of a tree, as it is written."""
    methods: list[dict[str, Any]] = [
        {"call": f"{one.group}.{name}", "method": one.method, "path": one.path, "published": one.published}
        for one in package.operations()
        for name in one.methods
    ]
    content = {
        "release": package.release,
        "version": package.version,
        "sources": document["x-kubesphere"]["sources"],
        "tools": {tool: version(tool) for tool in _TOOLS},
        "counts": {
            "operations": {
                **document["x-kubesphere"]["operations"],
                "callable": sum(one.variant_of is None for one in package.operations()),
                "methods": len({one["call"] for one in methods}),
            },
            "schemas": sum(len(module.exports) for module in package.modules),
            "models": sum(len(module.models) for module in package.modules),
            "modules": sum(name.endswith(".py") for name in files),
        },
        "withdrawn": [
            {"method": one.method, "path": one.path, "name": one.name, "reason": one.reason}
            for one in package.withdrawn
        ],
        "untyped": [one.entry for one in package.untyped],
        "unchecked": [] if package.checked else list(package.as_published),
        "methods": sorted(methods, key=lambda one: one["call"]),
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }
    return as_json(content)


def as_json(content: object) -> bytes:
    """JSON as the project commits it: readable, ASCII, ending in a newline."""
    return b"%s\n" % _indented(content, "\n").encode("ascii")


def _indented(node: object, line: str) -> str:
    """What `json.dumps(node, indent=2)` gives, which is written in Python too, in half of its time and memory."""
    inner = line + "  "
    if isinstance(node, str):
        return encode_basestring_ascii(node)
    if isinstance(node, dict) and node:
        members = [f"{encode_basestring_ascii(key)}: {_indented(value, inner)}" for key, value in node.items()]
        return f"{{{inner}{f',{inner}'.join(members)}{line}}}"
    if isinstance(node, list | tuple) and node:
        return f"[{inner}{f',{inner}'.join([_indented(one, inner) for one in node])}{line}]"
    return json.dumps(node, allow_nan=False)
