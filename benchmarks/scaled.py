"""A specification several times as large: copies of a release's files and overlays under other group and type names.

A copy is made of everything the road reads, so the road itself is what runs over it: the published files, each overlay
and the table of names, with `iam.kubesphere.io` as `iam2.kubesphere.io` and the schema `v1alpha2.User` as
`v1alpha2.UserCopy2` wherever they are named. What stands once whatever the size: the types that encode themselves, those
of the errors that every operation has, and the list of Kubernetes' own kinds.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from generator import plain_yaml
from generator.document import BUILT_IN_KINDS
from generator.release import Release, Source

_SHARED_FILES = ("templates", "LICENSE", "NOTICE")
# What encodes itself, by the last two parts of its name, and the insides of it.
_KEPT = re.compile(
    r"(.*\.)?(resource\.\w+|intstr\.\w+|inf\.\w+|big\.\w+|runtime\.\w+|v1\.(Time|MicroTime|FieldsV1|Patch|ListMeta|ObjectMeta"
    r"|Status|StatusCause|StatusDetails|DeleteOptions|Preconditions|WatchEvent|OwnerReference|ManagedFieldsEntry)|errors\.Error)\Z"
)
# Addresses outside the groups of kubesphere.io, and where a copy of them is: a pattern, and what takes its place.
_GROUPS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"/kapis/openpitrix\.io", "/kapis/openpitrix{n}.kubesphere.io"),
        (r"\bapp\.k8s\.io", "app{n}.kubesphere.io"),
        (r"\bsnapshot\.storage\.k8s\.io", "snapshot{n}.kubesphere.io"),
        (r"\btypes\.kubefed\.io", "kubefed{n}.kubesphere.io"),
        (r"/kapis/(alerting|notification)\.kubesphere\.io(?=/\{path)", r"/kapis/\g<1>{n}.kubesphere.io/v1"),
        (r"\b([a-z][a-z0-9-]*[a-z])\.kubesphere\.io", r"\g<1>{n}.kubesphere.io"),
        (r"\b(devops|monitoring|servicemesh|terminal)\[\.\]", r"\g<1>{n}[.]"),
        (r"/kapis/version\b", "/kapis/platform{n}.kubesphere.io/v1/version"),
        (r"(?<=')/oauth(?=/)|\A/oauth(?=/)", "/kapis/oauth{n}.kubesphere.io/v1"),
    )
)


def write_project(root: Path, release: Release, sources: Sequence[bytes], times: int, target: Path) -> Path:
    """Lay out a project folder whose release describes so many times as much, and a mirror of its files.

    Returns the mirror, a folder below the target. With one copy it is the release as it stands.
    """
    for name in _SHARED_FILES:
        (target / name).symlink_to(root / name)
    shutil.copytree(root / "specs", target / "specs")
    copies = [_Copy(number, _names(release, sources)) for number in range(2, times + 1)]
    every = list(zip(release.sources, sources, strict=True))
    for copy in copies:
        every += [_source(copy, source, data) for source, data in zip(release.sources, sources, strict=True)]
    mirror = target / "mirror"
    for source, data in every:
        file = mirror / source.commit / source.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    if copies:
        folders = [_write_overlays(copy, release, target / "specs") for copy in copies]
        _write_release(target / "specs" / release.name, release, [source for source, _ in every], folders)
        _write_names(target / "specs" / "names.toml", release, copies)
    return mirror


@frozen
class _Copy:
    """The renaming of one copy; `names` are the schemas that are renamed."""

    number: int
    names: frozenset[str]

    def group(self, text: str) -> str:
        """A text with each group and address that it names renamed."""
        for pattern, put in _GROUPS:
            text = pattern.sub(put.format(n=self.number), text)
        return text

    def schema(self, name: str) -> str:
        """The name of a schema in this copy: the part that names the type gets the mark, what is nested in it follows."""
        if name not in self.names:
            return name
        parts = name.split(".")
        own = next((index for index, part in enumerate(parts) if part[:1].isupper()), 1)
        parts[own] += f"Copy{self.number}"
        return ".".join(parts)

    def target(self, text: str) -> str:
        """The JSONPath of an action, with the schemas and addresses in it renamed."""
        return self.group(re.sub(r"'([^']*)'", lambda found: f"'{self.schema(found[1])}'", text))

    def document(self, node: Any) -> Any:
        """A part of a document."""
        if isinstance(node, list):
            return [self.document(one) for one in node]
        if isinstance(node, dict):
            return {self._key(key): self._value(key, value) for key, value in node.items()}
        return self.group(node) if isinstance(node, str) else node

    def _key(self, key: Any) -> Any:
        return self.schema(self.group(key)) if isinstance(key, str) else key

    def _value(self, key: Any, value: Any) -> Any:
        if key == "$ref" and isinstance(value, str):
            front, slash, name = value.rpartition("/")
            return f"{front}{slash}{self.schema(name)}"
        if key in ("tokenUrl", "refreshUrl", "authorizationUrl"):
            return value  # of the security scheme, which all sources describe alike
        if key == "operationId" and isinstance(value, str):
            return f"{value}Copy{self.number}"
        return self.document(value)


def _names(release: Release, sources: Sequence[bytes]) -> frozenset[str]:
    """The schemas of a release that a copy has of its own: published ones, and those that an overlay adds."""
    found: set[str] = set()
    for data in sources:  # some refer to what they do not define, which a rule then finds by its parent's name
        found |= json.loads(data).get("definitions", {}).keys()
        found |= set(re.findall(r'"#/definitions/([^"]+)"', data.decode()))
    for path in release.overlays:
        for action in plain_yaml.read(path, name=path.name)["actions"]:
            found |= set(_added(action))
    return frozenset(name for name in found if "." in name and not _KEPT.match(name))


def _added(action: Mapping[str, Any]) -> Iterator[str]:
    update = action.get("update")
    for step in {"$": ("components", "schemas"), "$.components": ("schemas",), "$.components.schemas": ()}.get(
        action["target"], ("",)
    ):
        update = update.get(step, {}) if isinstance(update, dict) else {}
    yield from update if isinstance(update, dict) else ()


def _source(copy: _Copy, source: Source, data: bytes) -> tuple[Source, bytes]:
    document = json.loads(data)
    security = {name: document[name] for name in ("securityDefinitions", "security") if name in document}
    renamed = json.dumps({**copy.document(document), **security}).encode()
    return (
        evolve(
            source,
            name=f"{source.name}{copy.number}",
            path=f"copy{copy.number}/{source.path}",
            sha256=hashlib.sha256(renamed).hexdigest(),
        ),
        renamed,
    )


def _write_overlays(copy: _Copy, release: Release, specs: Path) -> str:
    folder = specs / f"copy{copy.number}"
    folder.mkdir()
    for number, path in enumerate(release.overlays):
        overlay = plain_yaml.read(path, name=path.name)
        actions = [_action(copy, one) for one in overlay["actions"] if BUILT_IN_KINDS not in (one.get("update") or {})]
        if actions:
            content = {**overlay, "extends": f"copy{copy.number}/{overlay['extends']}", "actions": actions}
            (folder / f"{number:03}_{path.stem}.yaml").write_text(json.dumps(content, indent=1))
    return folder.name


def _action(copy: _Copy, action: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {**action, "target": copy.target(action["target"])}
    if "update" in action:
        renamed["update"] = copy.document(action["update"])
    return renamed


def _write_release(folder: Path, release: Release, sources: Iterable[Source], copies: Sequence[str]) -> None:
    patterns = tomllib.loads((folder / "release.toml").read_text())["overlays"]
    lines = [f"{name} = {json.dumps(getattr(release, name))}" for name in ("name", "version", "title")]
    lines += [
        f"overlays = {json.dumps([*patterns, *(f'../{name}/*.yaml' for name in copies)])}",
        'names = "../names.toml"',
    ]
    for source in sources:
        lines += ["", "[[sources]]"]
        members = ("name", "writer", "repository", "ref", "commit", "path", "sha256")
        lines += [f"{name} = {json.dumps(getattr(source, name))}" for name in members]
    (folder / "release.toml").write_text("\n".join(lines) + "\n")


def _write_names(file: Path, release: Release, copies: Sequence[_Copy]) -> None:
    """The table of names with a line of each copy beside each line that names an address, a group or a schema."""
    table = tomllib.loads(release.names.read_text())
    renaming: Mapping[str, Callable[[_Copy, str, Any], tuple[str, Any]]] = {
        "about": lambda copy, key, value: (f"{key}{copy.number}", value),
        "omitted": lambda copy, key, value: (key.replace(".", f"{copy.number}.", 1), value),
        "operations": lambda copy, key, value: (copy.group(key), value),
        "schemas": lambda copy, key, value: (copy.schema(key), f"{value}Copy{copy.number}"),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in table.items() if not isinstance(value, dict)]
    for name, section in table.items():
        if not isinstance(section, dict):
            continue
        entries = dict(section)
        for copy in copies:
            for key, value in section.items():
                new, renamed = renaming[name](copy, key, value) if name in renaming else (key, value)
                entries.setdefault(new, renamed)
        lines += [f"\n[{name}]", *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in entries.items())]
    file.write_text("\n".join(lines) + "\n")
