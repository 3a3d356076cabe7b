"""What was published of an operation or a schema, what we make of it, why, and the Python that comes out."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from generator.document import METHODS, PUBLISHED, PUBLISHED_NAME, VARIANTS, WATCH, WITHDRAWN, operations
from generator.errors import GeneratorError
from generator.evidence import EVIDENCE
from generator.swagger.place import shown

_MOST_SUGGESTIONS = 12


@frozen
class Explanation:
    """Everything that is known of one operation or schema.

    `published` is what each source says of it, as it says it; None where the sources could not be read. `made` is the
    corrected description, None for what was withdrawn. `done` lists what changed it: {by, says, evidence}.
    """

    subject: str
    published: Mapping[str, Any] | None
    made: Any
    done: Sequence[Mapping[str, Any]]
    withdrawn: str | None
    python: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The explanation for a terminal."""
        yield self.subject
        if self.published is None:
            yield "\nPublished: the sources cannot be read here; connect to the network, or name a mirror with --mirror."
        for source, said in (self.published or {}).items():
            yield f"\nPublished in {source}:"
            yield _indented(said)
        if self.published == {}:
            yield "\nPublished: nowhere."
        if self.withdrawn is not None:
            yield f"\nWithdrawn: {self.withdrawn}"
        if self.made is not None:
            yield "\nIn the corrected document:"
            yield _indented(self.made)
        yield "\nWhat was done:" if self.done else "\nNothing was done to it."
        for entry in self.done:
            yield f"  {entry['by']}: {entry['says']}"
            if "evidence" in entry:
                yield f"    evidence: {json.dumps(entry['evidence'], ensure_ascii=False)}"
        for code in self.python:
            yield "\nPython:"
            yield "\n".join(f"  {line}" for line in code.splitlines())


def explain(
    subject: str, document: Mapping[str, Any], package: Path, sources: Mapping[str, Mapping[str, Any]] | None
) -> Explanation:
    """Explain an operation ("GET /kapis/…"), a method ("iam.v1alpha2.list_users") or a schema ("User").

    Args:
        document: the corrected document.
        package: the folder of the generated package.
        sources: the published files by the name of their source, or None where they are out of reach.

    Raises:
        GeneratorError: there is no such thing, or there are several.
    """
    method, _, path = subject.partition(" ")
    if method.lower() in METHODS and path.startswith("/"):
        return _operation(method.lower(), path.rstrip("/") or "/", document, package, sources)
    name = subject.removeprefix("ks.")
    found = [
        (one_method, one_path, called)
        for one_method, one_path, operation in operations(document)
        for called in _methods(operation)
        if called == name or called.rpartition(".")[2] == name
    ]
    keys = [key for key, schema in document["components"]["schemas"].items() if _is_called(key, schema, name)]
    if len(found) == 1 and not keys:
        return _described_operation(*found[0][:2], found[0][2], document, package, sources)
    if len(keys) == 1 and not found:
        return _schema(keys[0], document, package, sources)
    withdrawn = [one for one in document.get(WITHDRAWN, []) if one.get("name", "").endswith(name)]
    if len(withdrawn) == 1 and not found and not keys:
        return _withdrawn(withdrawn[0], sources)
    raise _not_one(subject, sorted({*(called for _, _, called in found), *keys}), document)


def _operation(
    method: str,
    path: str,
    document: Mapping[str, Any],
    package: Path,
    sources: Mapping[str, Mapping[str, Any]] | None,
) -> Explanation:
    for one_method, one_path, operation in operations(document):
        mark = operation.get(PUBLISHED, {})
        published = (str(mark.get("method", "")).lower(), str(mark.get("path", "")).rstrip("/") or "/")
        if (method, path) in ((one_method, one_path), published):
            return _described_operation(one_method, one_path, operation["operationId"], document, package, sources)
    for entry in document.get(WITHDRAWN, []):
        if (entry["method"].lower(), entry["path"].rstrip("/") or "/") == (method, path):
            return _withdrawn(entry, sources)
    raise _not_one(f"{method.upper()} {path}", [], document)


def _described_operation(
    method: str,
    path: str,
    called: str,
    document: Mapping[str, Any],
    package: Path,
    sources: Mapping[str, Mapping[str, Any]] | None,
) -> Explanation:
    operation = document["paths"][path][method]
    return Explanation(
        subject=f"{method.upper()} {path}, {called}",
        published=_published_operation(operation.get(PUBLISHED), sources),
        made={key: value for key, value in operation.items() if key != EVIDENCE},
        done=operation.get(EVIDENCE, []),
        withdrawn=None,
        python=tuple(_signatures(package, called)),
    )


def _withdrawn(entry: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]] | None) -> Explanation:
    return Explanation(
        subject=f"{entry['method']} {entry['path']}",
        published=_published_operation(entry, sources),
        made=None,
        done=entry.get("evidence", []),
        withdrawn=entry["reason"],
        python=(),
    )


def _schema(
    key: str, document: Mapping[str, Any], package: Path, sources: Mapping[str, Mapping[str, Any]] | None
) -> Explanation:
    schema = document["components"]["schemas"][key]
    published = schema.get(PUBLISHED_NAME)
    known = None
    if sources is not None:
        short = ".".join(published.split(".")[-2:]) if published else None
        known = {
            source: content["definitions"][name]
            for source, content in sources.items()
            for name in (published, short)
            if name in content.get("definitions", {})
        }
    module, _, name = key.rpartition(".")
    return Explanation(
        subject=f"Schema {key}" + (f", published as {published}" if known else ""),
        published=known,
        made={name: value for name, value in schema.items() if name != EVIDENCE},
        done=schema.get(EVIDENCE, []),
        withdrawn=None,
        python=tuple(_fields(package, module, name)),
    )


def _methods(operation: Mapping[str, Any]) -> Iterator[str]:
    identifier = operation["operationId"]
    group = identifier.rpartition(".")[0]
    yield identifier
    yield from (f"{group}.{name}" for name in (*operation.get(WATCH, {}).values(), *operation.get(VARIANTS, {})))


def _is_called(key: str, schema: Mapping[str, Any], name: str) -> bool:
    return name in (key, key.rpartition(".")[2], schema.get(PUBLISHED_NAME))


def _published_operation(
    mark: Mapping[str, Any] | None, sources: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, Any] | None:
    if sources is None:
        return None
    if mark is None:
        return {}
    item = sources[mark["source"]]["paths"].get(mark["path"], {})
    return {mark["source"]: item.get(mark["method"].lower())}


def _signatures(package: Path, called: str) -> Iterator[str]:
    group, _, method = called.rpartition(".")
    parts = group.split(".")
    class_name = "".join(part[:1].upper() + part[1:] for part in parts)
    for node in _class(package / "src/kubesphere_client/operations" / f"{'_'.join(parts)}.py", class_name):
        if isinstance(node, ast.FunctionDef) and node.name == method:
            header = copy.copy(node)
            header.body = [ast.Expr(ast.Constant(...))]
            yield ast.unparse(header)


def _fields(package: Path, module: str, name: str) -> Iterator[str]:
    body = [
        ast.unparse(node)
        for node in _class(package / "src/kubesphere_client/models" / f"{module}.py", name)
        if isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_")
    ]
    if body:
        yield "\n".join([f"class {name}:", *(f"    {line}" for line in body)])


def _class(module: Path, name: str) -> Iterator[ast.stmt]:
    try:
        tree = ast.parse(module.read_text(encoding="utf-8"))
    except OSError:
        return
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from node.body


def _indented(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "\n".join(f"  {line}" for line in text.splitlines())


def _not_one(asked: str, found: list[str], document: Mapping[str, Any]) -> GeneratorError:
    subject = shown(asked)
    if found:
        names = ", ".join(found[:_MOST_SUGGESTIONS]) + (" …" if len(found) > _MOST_SUGGESTIONS else "")
        return GeneratorError(f"{subject!a} may be {names}.\nName one of them in full.")
    word = subject.rpartition("/")[2].rpartition(".")[2].lower()
    close = [name for _, _, one in operations(document) for name in _methods(one) if word and word in name.lower()]
    close += [key for key in document["components"]["schemas"] if word and word in key.lower()]
    hint = f" Near it: {', '.join(sorted(close)[:_MOST_SUGGESTIONS])}." if close else ""
    return GeneratorError(
        f"There is no operation and no schema {subject!a}.{hint}\n"
        'Name one as "GET /kapis/…", as iam.v1alpha2.list_users, or as User.'
    )
