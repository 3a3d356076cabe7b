"""The bytes of each source: from the cache, a mirror or upstream, and never without their digest checked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from generator import cache as kept
from generator.download import MAXIMUM_BYTES, Network, NoAnswer, NotThere, download
from generator.errors import GeneratorError
from generator.refs import check_ref, is_commit
from generator.release import Release, Source

__all__ = ["Network", "SourcesUnreachable", "fetch", "fetch_at", "read_file", "resolve"]

_NAME_THE_COMMIT = "Name the commit by its 40 digits"
_NAME_ANOTHER = "Name another branch or tag, or a commit by its 40 digits"
_NO_SUCH_REF = (404, 422)  # what GitHub answers for a repository, and for a ref, that it does not have


class SourcesUnreachable(GeneratorError):
    """No place that has the sources can be reached at all: no network, no such host, or a proxy that refuses."""


def fetch(
    release: Release,
    *,
    mirror: str | None = None,
    offline: bool = False,
    cache: Path | None = None,
    network: Network | None = None,
) -> tuple[bytes, ...]:
    """The bytes of every source of a release, in the release's order, each with the digest that release.toml pins.

    Args:
        mirror: a folder, or an http(s) address, with the layout `<ref or commit>/<path>`.
        offline: take the cache or a mirror folder, nothing over the network.
        cache: the folder of the cache; by default the user's cache folder.

    Raises:
        SourcesUnreachable: nothing that has a source can be reached.
        GeneratorError: a source is not what is pinned, or a place that can be reached does not have it.
    """
    folder = kept.folder() if cache is None else cache
    reader = _Reader(mirror, offline, network or Network())
    return tuple(_one(source, folder, reader) for source in release.sources)


def fetch_at(
    source: Source, version: str, *, mirror: str | None = None, offline: bool = False, network: Network | None = None
) -> bytes:
    """The bytes of a source at any branch, tag or commit; neither cached nor pinned.

    A branch may move between two calls: who needs several files of one state asks `resolve` first, and then for the
    files at the commit.

    Raises:
        SourcesUnreachable: nothing that may have them can be reached.
        GeneratorError: nothing has them, or the version is no name that git allows.
    """
    reader = _Reader(mirror, offline, network or Network())
    data, _ = reader.read(source, (check_ref(version),), "Name a branch, tag or commit that has it")
    return data


def resolve(
    repository: str,
    ref: str,
    *,
    mirror: str | None = None,
    offline: bool = False,
    network: Network | None = None,
    paths: Sequence[str],
) -> str:
    """The commit that a branch or tag is: its 40 hexadecimal digits; a commit is itself.

    A mirror folder that has the ref decides alone, since its files would be read: the commit is the one whose files
    there are the same. Else GitHub says it; a token in GITHUB_TOKEN is sent to its API and nowhere else.

    Args:
        repository: the address of the repository, such as https://github.com/kubesphere/kubesphere.
        paths: the files that have to be the same in a mirror folder.

    Raises:
        SourcesUnreachable: nobody who knows it can be reached.
        GeneratorError: there is no such ref, or it is not known which commit it is.
    """
    if is_commit(check_ref(ref)):
        return ref
    folder = _mirror_folder(mirror)
    if folder is not None and (folder / ref).is_dir():
        return _same_in_mirror(folder, ref, paths)
    if offline:
        raise SourcesUnreachable(
            f"Which commit {ref} is cannot be asked without the network.\n{_NAME_THE_COMMIT}, or do without --offline."
        )
    return _ask(repository, ref, network or Network())


def read_file(file: Path) -> bytes:
    """The bytes of a file that somebody named, in place of a source.

    Raises:
        GeneratorError: there is no such file, it cannot be read, or it is larger than any API description.
    """
    try:
        return _from_file(file)
    except NotThere as reason:
        raise GeneratorError(f"{file} cannot be read: {reason}.\nName a file that holds a source.") from None


def _same_in_mirror(folder: Path, ref: str, paths: Sequence[str]) -> str:
    wanted = [_bytes_or_none(folder / ref / path) for path in paths]
    found = sorted(
        commit.name
        for commit in folder.iterdir()
        if is_commit(commit.name) and [_bytes_or_none(commit / path) for path in paths] == wanted
    )
    if len(found) == 1 and None not in wanted:
        return found[0]
    which = "several commits have" if found and None not in wanted else "no commit has"
    raise GeneratorError(f"Which commit {ref} is cannot be told from {folder}: {which} its files.\n{_NAME_THE_COMMIT}.")


def _ask(repository: str, ref: str, network: Network) -> str:
    name = urlsplit(repository).path.strip("/")
    address = f"{network.api}/repos/{quote(name)}/commits/{quote(ref)}"
    headers = {"Accept": "application/vnd.github.sha"}
    if token := os.environ.get("GITHUB_TOKEN", "").strip():
        headers["Authorization"] = f"Bearer {token}"
    try:
        answer = download(address, network, headers=headers)
    except NoAnswer as reason:
        raise SourcesUnreachable(
            f"Which commit {ref} is cannot be asked: {address} ({reason}).\n"
            "Connect to the network, or name the 40 digits of a commit that a mirror has."
        ) from None
    except NotThere as reason:
        raise _refused(name, ref, address, reason) from None
    commit = answer[:100].decode("ascii", "replace").strip()
    if not is_commit(commit):
        raise GeneratorError(f"{address} does not say which commit {ref} is.\n{_NAME_THE_COMMIT}.")
    return commit


def _refused(name: str, ref: str, address: str, reason: NotThere) -> GeneratorError:
    if reason.status in _NO_SUCH_REF:
        return GeneratorError(f"{name} has no branch or tag {ref}: {address} ({reason}).\n{_NAME_ANOTHER}.")
    if reason.status == 401:
        return GeneratorError(f"{address} refuses the token in GITHUB_TOKEN.\nSet one that is valid, or none.")
    return GeneratorError(f"{address} does not say which commit {ref} is: {reason}.\n{_NAME_THE_COMMIT}.")


def _bytes_or_none(file: Path) -> bytes | None:
    try:
        return _from_file(file)
    except NotThere:
        return None


def _mirror_folder(mirror: str | None) -> Path | None:
    """The folder that a mirror is; None where there is none, or it is an address."""
    if mirror is None or "://" in mirror:
        return None
    folder = Path(mirror)
    if not folder.is_dir():
        raise GeneratorError(f"The mirror {mirror} is not a folder.\nCorrect --mirror or SPEC_MIRROR.")
    return folder


def _one(source: Source, cache: Path, reader: _Reader) -> bytes:
    entry = cache / f"{source.sha256}.json"
    cached = kept.read(entry)
    if cached is not None and _digest(cached) == source.sha256:
        return cached
    data, origin = reader.read(source, (source.commit, source.ref), "Pin another commit in release.toml")
    if _digest(data) != source.sha256:
        raise GeneratorError(
            f"{source.path} from {origin} has the digest {_digest(data)}; release.toml pins {source.sha256}.\n"
            "Look at what changed with `ks-codegen drift`; nothing was generated."
        )
    kept.keep(entry, data)
    return data


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Reader:
    """Reads a source from the first place that has it."""

    def __init__(self, mirror: str | None, offline: bool, network: Network) -> None:
        self._mirror = mirror
        self._offline = offline
        self._network = network

    def read(self, source: Source, versions: tuple[str, ...], way_out: str) -> tuple[bytes, str]:
        """The bytes of a source at the first of some versions that a place has, and where they were read from.

        Args:
            way_out: what a person can do besides naming a mirror when no place has the file.
        """
        unreachable: list[str] = []
        missing: list[str] = []
        for place, reads in self._places(source, versions):
            try:
                return reads(), place
            except NoAnswer as reason:
                unreachable.append(f"{place} ({reason})")
            except NotThere as reason:
                missing.append(f"{place} ({reason})")
        if missing:
            raise GeneratorError(
                f"{source.path} is not at {'; nor at '.join(missing + unreachable)}.\n"
                f"{way_out}, or name a mirror that has it with --mirror."
            )
        tried = "; ".join(unreachable) or "only what is on this machine was allowed, and it is not there"
        raise SourcesUnreachable(
            f"{source.path} cannot be fetched: {tried}.\nConnect to the network, or name a mirror with --mirror."
        )

    def _places(self, source: Source, versions: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], bytes]]]:
        mirror, network = self._mirror, self._network
        folder = _mirror_folder(mirror)
        if folder is not None:
            for version in versions:
                file = folder / version / source.path
                yield str(file), partial(_from_file, file)
        if self._offline:
            return
        if mirror is not None and folder is None:
            for version in versions:
                address = f"{mirror.rstrip('/')}/{quote(version)}/{quote(source.path)}"
                yield address, partial(download, address, network)
        repository = urlsplit(source.repository).path.strip("/")
        address = f"{network.upstream}/{quote(repository)}/{quote(versions[0])}/{quote(source.path)}"
        yield address, partial(download, address, network)


def _from_file(file: Path) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise NotThere("it is not a file")
        if file.stat().st_size > MAXIMUM_BYTES:
            raise GeneratorError(f"{file} is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB.\nCheck the mirror.")
        return file.read_bytes()
    except FileNotFoundError:
        raise NotThere("no such file") from None
    except OSError as error:
        raise NotThere(error.strerror or str(error)) from None
