"""The packages that other generators make: of the two published files, and of the schema of a Pod."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.environments import Environments
from benchmarks.rows import NotMeasured
from benchmarks.turns import environment
from generator import swagger
from generator.release import Release

SCHEMAS = "#/components/schemas/"
TOOLS = ("openapi-python-client", "openapi-generator", "crozier")
PODS = "pods"  # the document with the schema of a Pod
_POD = "kubernetes.Pod"
_LONGEST = 120


@frozen
class Documents:
    """The files that generators read: by source as published (Swagger 2.0) and as OpenAPI 3.1, and the Pod's."""

    published: Mapping[str, Path]
    converted: Mapping[str, Path]

    def of(self, tool: str, source: str) -> Path:
        """What a tool reads of a source: as it is published where the tool can."""
        return (
            self.published.get(source, self.converted[source])
            if tool == "openapi-generator"
            else self.converted[source]
        )


def write_documents(
    release: Release, sources: Sequence[bytes], corrected: Mapping[str, Any], folder: Path
) -> Documents:
    """Write the files that generators read into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    published, converted = {}, {}
    for source, data in zip(release.sources, sources, strict=False):
        published[source.name] = folder / f"{source.name}.swagger.json"
        published[source.name].write_bytes(data)
        document = readable(swagger.convert(swagger.load(data, source=source.name), source=source.name))
        converted[source.name] = folder / f"{source.name}.json"
        converted[source.name].write_text(json.dumps(document))
    converted[PODS] = folder / f"{PODS}.json"
    converted[PODS].write_text(json.dumps(pods_document(corrected)))
    return Documents(published, converted)


def readable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A published document with what would stop a peer mended: references to nowhere, and names given twice."""
    result = copy.deepcopy(dict(document))
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for name in sorted(set(references(result)) - schemas.keys()):
        schemas[name] = {}
    seen: dict[str, int] = {}
    for item in result["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                name = operation["operationId"]
                seen[name] = seen.get(name, 0) + 1
                operation["operationId"] = name if seen[name] == 1 else f"{name}{seen[name]}"
    return result


def pods_document(corrected: Mapping[str, Any]) -> dict[str, Any]:
    """A document of one operation that lists Pods, with the schemas that the client's own models are made of."""
    every = corrected["components"]["schemas"]
    schemas: dict[str, Any] = {}
    waiting = [_POD]
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = every[name]
            waiting += references(every[name])
    plain = {_short(name): _plain(schema) for name, schema in sorted(schemas.items())}
    plain["PodList"] = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"{SCHEMAS}Pod"}},
            "totalItems": {"type": "integer"},
        },
    }
    answer = {"description": "Pods", "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}PodList"}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pods", "version": "1.0.0"},
        "paths": {"/pods": {"get": {"operationId": "listPods", "tags": ["pods"], "responses": {"200": answer}}}},
        "components": {"schemas": plain},
    }


def references(node: Any) -> Iterator[str]:
    """The schemas that a part of a document refers to."""
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(SCHEMAS):
            yield target.removeprefix(SCHEMAS)
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def command(tool: str, environments: Environments, document: Path, target: Path, name: str) -> list[str]:
    """The command that has a tool make a package of a document."""
    bin_ = environments.python("generators").parent
    if tool == "openapi-python-client":
        config = target.parent / f"{target.name}.config.json"
        config.write_text(json.dumps({"package_name_override": name, "project_name_override": name}))
        return [
            str(bin_ / tool), "generate", "--path", str(document), "--output-path", str(target),
            "--meta", "setup", "--overwrite", "--config", str(config),
        ]  # fmt: skip
    if tool == "openapi-generator":
        return [
            str(bin_ / "openapi-generator-cli"), "generate", "-g", "python", "-i", str(document), "-o", str(target),
            "--skip-validate-spec", "--package-name", name,
        ]  # fmt: skip
    return [
        str(bin_ / tool), "generate", "python", "--no-config", "--spec", str(document), "--output", str(target),
        "--package-name", name,
    ]  # fmt: skip


def import_name(tool: str, source: str) -> str:
    """What the package that a tool makes of a source is imported as."""
    return f"{tool.replace('-', '_')}_{source}"


def tool_environment(environments: Environments) -> dict[str, str]:
    """The variables for a tool: it finds ruff beside itself."""
    found = environment()
    return {**found, "PATH": f"{environments.python('generators').parent}:{found['PATH']}"}


def generate(documents: Documents, environments: Environments, folder: Path) -> dict[tuple[str, str], str]:
    """Have each tool make a package of each document, where it is not there yet, and let the environments import them.

    Returns why one could not be made, by tool and source.
    """
    reasons: dict[tuple[str, str], str] = {}

    def make(tool: str, source: str) -> None:
        try:
            _generate(tool, source, documents, environments, folder)
        except NotMeasured as reason:
            reasons[tool, source] = str(reason)

    wanted = [
        (tool, source)
        for tool in TOOLS
        for source in (documents.converted if tool != "crozier" else documents.published)
    ]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(make, *zip(*wanted, strict=True)))
    return reasons


def package_folder(folder: Path, tool: str, source: str) -> Path:
    """Where the package that a tool made of a source is."""
    name = import_name(tool, source)
    return folder / name / "src" / name if tool == "crozier" else folder / name / name


def _generate(tool: str, source: str, documents: Documents, environments: Environments, folder: Path) -> None:
    name = import_name(tool, source)
    target, package = folder / name, package_folder(folder, tool, source)
    document = documents.of(tool, source)
    folder.mkdir(parents=True, exist_ok=True)
    made = command(tool, environments, document, target, name)
    stamp = folder / f"{name}.ready"
    state = json.dumps([made, environments.versions("generators"), hashlib.sha256(document.read_bytes()).hexdigest()])
    if not (stamp.is_file() and stamp.read_text() == state):
        shutil.rmtree(target, ignore_errors=True)
        done = subprocess.run(
            made, capture_output=True, text=True, env=tool_environment(environments), timeout=_LONGEST, check=False
        )
        if not package.is_dir():
            said = (done.stderr.strip() or done.stdout.strip() or f"status {done.returncode}").splitlines()
            raise NotMeasured(said[-1][:160])
        command_ = [str(environments.python(tool)), "-m", "compileall", "-q", str(package)]
        subprocess.run(command_, capture_output=True, check=False)  # a module that is no Python is the peer's own
        stamp.write_text(state)
    (environments.site(tool) / f"{name}.pth").write_text(f"{package.parent}\n")


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _plain(node: Any) -> Any:
    """A part of the corrected document without our extensions and words, and under short names."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    out = {
        name: _plain(value)
        for name, value in node.items()
        if not name.startswith("x-") and not (name == "description" and isinstance(value, str))
    }
    if isinstance(out.get("$ref"), str):
        out["$ref"] = SCHEMAS + _short(out["$ref"].removeprefix(SCHEMAS))
    return out
