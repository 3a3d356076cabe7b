"""specs/releases.toml: what was released under each version, so that a released version never changes again."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from generator import changelog, tree
from generator.errors import GeneratorError
from generator.release import Release

_WHERE = "specs/releases.toml"
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z", re.ASCII)
_API_VERSION = re.compile(r"(?:\A|-)(\d+\.\d+)\Z", re.ASCII)  # at the end of a release's name
_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@frozen
class Released:
    """One released version."""

    version: str
    release: str  # its folder under specs/
    content: str  # SHA-256 over the package's files
    openapi: str  # SHA-256 of openapi.json


Listed = Mapping[str, Released]


def load(root: Path) -> dict[str, Released]:
    """The released versions, the oldest first; none where the file is missing.

    Raises:
        GeneratorError: the file is not TOML, or holds something that cannot be right.
    """
    try:
        content = tomllib.loads((root / _WHERE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise GeneratorError(f"{_WHERE} cannot be read: {error}.\nRestore it from git.") from None
    _check_keys(content, {"releases"}, set(), _WHERE)
    tables = content.get("releases", {})
    if not isinstance(tables, dict):
        raise _wrong("`releases` is no table of versions")
    found = [_released(version, table) for version, table in tables.items()]
    return {one.version: one for one in sorted(found, key=lambda one: _number(one.version))}


def content_digest(files: Mapping[str, bytes]) -> str:
    """A digest over the files of a package: their paths and their SHA-256, sorted by path."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return digest.hexdigest()


def changed(release: Release, files: Mapping[str, bytes], listed: Listed) -> str | None:
    """Why the files may not bear the release's version: it was released with others. None where they may."""
    one = listed.get(release.version)
    if one is None or one.content == content_digest(files):
        return None
    return (
        f"{release.version} was released with other content ({_WHERE}): raise `version` in "
        f"specs/{release.name}/release.toml to {next_version(release, listed)}, then run `make generate`."
    )


def previous(release: Release, listed: Listed) -> Released | None:
    """The last released version of a release; None where there is none yet."""
    own = (one for one in listed.values() if one.release == release.name)
    return max(own, key=lambda one: _number(one.version), default=None)


def next_version(release: Release, listed: Listed) -> str:
    """The version for a changed package: the present one while it is not released, else the next after the last."""
    last = previous(release, listed)
    if release.version not in listed or last is None:
        return release.version
    major, minor, patch = max(_number(last.version), _number(release.version))
    return f"{major}.{minor}.{patch + 1}"


def check(release: Release, files: Mapping[str, bytes], listed: Listed) -> Released:
    """What would be listed for a package.

    Raises:
        GeneratorError: the version cannot be released: it is listed, is not after the last one, is none of this
            release, or the changelog says nothing of it.
    """
    version, folder = release.version, f"specs/{release.name}"
    raised = f"Raise `version` in {folder}/release.toml to {next_version(release, listed)}, then run `make generate`."
    if version in listed:
        raise GeneratorError(f"{version} is released already: {_WHERE} lists it.\n{raised}")
    last = previous(release, listed)
    if last is not None and _number(version) <= _number(last.version):
        above = ".".join(str(part) for part in (*_number(last.version)[:2], _number(last.version)[2] + 1))
        raise GeneratorError(
            f"{version} does not come after {last.version}, the last released version of {release.name}.\n"
            f"Raise `version` in {folder}/release.toml to {above}, then run `make generate`."
        )
    if (mismatch := _mismatch(version, release.name)) is not None:
        raise GeneratorError(f"{mismatch}.\nCorrect `version` in {folder}/release.toml, then run `make generate`.")
    if not changelog.section(files.get(changelog.FILE, b"").decode(errors="replace"), version):
        raise GeneratorError(
            f"{folder}/CHANGELOG.md has no section `## [{version}]`.\n"
            "Write what changed for users of the package, then run `make generate`."
        )
    return Released(version, release.name, content_digest(files), hashlib.sha256(files["openapi.json"]).hexdigest())


def record(root: Path, release: Release, one: Released, files: Mapping[str, bytes]) -> None:
    """List a version and keep its surface in place of the last one's.

    Raises:
        GeneratorError: a file cannot be written; the version is then not listed.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    from generator import surface  # with it comes all of drift, half a second; who only looks up needs none of it

    tree.write(surface.files(files), release.folder / surface.FOLDER)
    path = root / _WHERE
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        document = tomlkit.parse(before)
        tables = document.setdefault("releases", tomlkit.table(is_super_table=True))
        tables[one.version] = {key: value for key, value in asdict(one).items() if key != "version"}
        tree.write_file(path, tomlkit.dumps(document).encode())
    except (OSError, TOMLKitError, UnicodeDecodeError) as error:
        raise GeneratorError(
            f"{_WHERE} cannot be written: {error}.\n{one.version} is not released; try again."
        ) from error


def _released(version: str, table: Any) -> Released:
    where = f'{_WHERE}, "{version}"' if version.isprintable() else _WHERE
    if not _VERSION.match(version):
        raise _wrong(f"{version!a} is no version such as 3.0.0")
    if not isinstance(table, dict):
        raise _wrong(f'"{version}" is no table')
    _check_keys(table, {"release", "content", "openapi"}, {"release", "content", "openapi"}, where)
    for key, pattern, rule in (
        ("release", _RELEASE, "the name of a folder under specs/"),
        ("content", _SHA256, "a SHA-256 in 64 hexadecimal digits"),
        ("openapi", _SHA256, "a SHA-256 in 64 hexadecimal digits"),
    ):
        if not isinstance(table[key], str) or not pattern.match(table[key]):
            raise _wrong(f'"{version}": `{key}` is not {rule}')
    if (mismatch := _mismatch(version, table["release"])) is not None:
        raise _wrong(mismatch)
    return Released(version, table["release"], table["content"], table["openapi"])


def _mismatch(version: str, name: str) -> str | None:
    """Why a version cannot be one of a release: both begin with the version of the API."""
    api = _API_VERSION.search(name)
    if api is None or version.startswith(f"{api[1]}."):
        return None
    return f"{version} cannot be a version of {name}, whose versions begin with {api[1]}"


def _number(version: str) -> tuple[int, int, int]:
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def _check_keys(node: Mapping[str, Any], known: set[str], needed: set[str], where: str) -> None:
    for name in sorted(needed - node.keys()):
        raise GeneratorError(
            f"{where} has no `{name}`.\nRestore the file from git; only `ks-codegen release` writes it."
        )
    for name in sorted(node.keys() - known):
        raise GeneratorError(
            f"{where} has a key {name!a} that means nothing.\n"
            "Restore the file from git; only `ks-codegen release` writes it."
        )


def _wrong(what: str) -> GeneratorError:
    return GeneratorError(f"{_WHERE}: {what}.\nRestore it from git; only `ks-codegen release` writes it.")
