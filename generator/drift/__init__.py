"""Two states of the published files: what differs in bytes, in the API, in Python, and what becomes of our corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from generator import surface
from generator.drift import api, corrections, python
from generator.drift.correct import Corrected, correct, correct_both, finished, joined, package
from generator.drift.drift import CorrectionChange, Drift, SourceChange, Standing
from generator.drift.finding import Finding
from generator.drift.state import State
from generator.errors import GeneratorError
from generator.naming.placement import place
from generator.release import Release, Source

__all__ = ["compare", "there_and_back"]

Document = dict[str, Any]
_FOREIGN = "No path has a place in the client: the files were compared as they are published, without our corrections."


def compare(old: State, new: State, release: Release, *, root: Path) -> Drift:
    """Compare two states, both with the corrections of one release; `root` is the project's folder.

    Raises:
        GeneratorError: the two are of different kinds, or a file is not what it should be.
    """
    if old.document is not None or new.document is not None:
        return _of_documents(old, new, release, root)
    drift, made = _of_files(old, new, release, root)
    if made is None:
        return drift
    return evolve(drift, api=_api(made.documents), python=python.compare(*made.trees) if made.trees else ())


def there_and_back(old: State, new: State, release: Release, *, root: Path) -> tuple[Drift, Drift]:
    """The comparison of two states of the published files, and the one with which the way back is found.

    Raises:
        GeneratorError: a file is not what it should be.
    """
    drift, made = _of_files(old, new, release, root)
    if made is None:
        return drift, drift
    way_back = [(after, before) for before, after in made.documents]
    found, found_back = python.both_ways(*made.trees) if made.trees else ((), ())
    return (
        evolve(drift, api=_api(made.documents), python=found),
        evolve(drift, old=new.label, new=old.label, api=_api(way_back), python=found_back),
    )


def _of_files(old: State, new: State, release: Release, root: Path) -> tuple[Drift, _Made | None]:
    """All but the findings, and what they are found in; None where all files are the same."""
    sources = tuple(one for one in release.sources if one.name in old.sources and one.name in new.sources)
    if not sources:
        raise GeneratorError(
            f"{old.label} and {new.label} are different published files, so they cannot be compared.\n"
            "Name two states of the same file."
        )
    changes = tuple(_source_change(source, old, new) for source in sources)
    if not any(changes):
        return Drift(release.name, old.label, new.label, changes, (), (), ()), None
    old, new = _with_the_same_beside(old, new, [source.name for source in sources])
    before, after = correct_both(old, new, release)
    paths = _published_paths(before, after, sources)
    foreign = bool(paths) and not any(_has_place(path) for path in paths)
    if foreign:
        old, new, release = evolve(old, beside={}), evolve(new, beside={}), evolve(release, overlays=())
        before, after = correct_both(old, new, release)
    standings = [change for source in sources for change in _corrections(source, before, after)]
    made = _made(before, after, root)
    if made.trees is None:
        made = _with_what_holds(made, old, new, release, standings, root)
    drift = Drift(
        release=release.name,
        old=old.label,
        new=new.label,
        sources=changes,
        api=(),
        python=(),
        corrections=tuple(standings),
        notices=((_FOREIGN, *made.notices) if foreign else made.notices),
        uncompared=() if made.trees else ("python",),
    )
    return drift, made


def _published_paths(before: Corrected, after: Corrected, sources: Sequence[Source]) -> list[str]:
    return [path for side in (before, after) for one in sources for path in side.converted[one.name]["paths"]]


def _has_place(path: str) -> bool:
    """Whether an operation of this path could live in the client."""
    try:
        place(path)
    except GeneratorError:
        return False
    return True


def _with_the_same_beside(old: State, new: State, compared: Sequence[str]) -> tuple[State, State]:
    """The two states with the files that are compared and, beside them, the same others: what differs in these is not
    asked for."""
    beside = {name: data for name, data in {**old.beside, **new.beside}.items() if name not in compared}
    before, after = (
        evolve(state, sources={name: state.sources[name] for name in compared}, beside=beside) for state in (old, new)
    )
    return before, after


@frozen
class _Made:
    """How far two states came: the documents to compare, and the packages if there are any."""

    documents: list[tuple[Document, Document]]
    trees: tuple[dict[str, bytes], dict[str, bytes]] | None
    notices: tuple[str, ...]
    stopped: str = ""


def _made(before: Corrected, after: Corrected, root: Path) -> _Made:
    try:
        first, without = finished(before)
        second, without_both = finished(after, without)
        if without_both != without:  # what one state has to do without, both do: else it would be told as a change
            first, _ = finished(before, without_both)
    except GeneratorError as error:
        return _Made(_joined(before, after), None, (), _first_line(error))
    notices = tuple(
        f"{(before if operation in without else after).label} publishes an operation that would be called like ours, "
        f"{operation}; ours was left out of both"
        for operation in without_both
    )
    try:
        trees = package(first, before.release, root), package(second, after.release, root)
    except GeneratorError as error:
        return _Made([(first, second)], None, notices, _first_line(error))
    return _Made([(first, second)], trees, notices)


def _joined(before: Corrected, after: Corrected) -> list[tuple[Document, Document]]:
    """The documents of two states that do not both come to the end: under published names, or file by file."""
    try:
        return [(joined(before), joined(after))]
    except GeneratorError:
        return [(before.overlaid[name], after.overlaid[name]) for name in before.overlaid]


def _with_what_holds(
    made: _Made, old: State, new: State, release: Release, standings: Sequence[CorrectionChange], root: Path
) -> _Made:
    """The packages without the corrections that need another look, where with them no package can be made."""
    doubtful = {one.where for one in standings if one.standing is Standing.LOOK_AGAIN}
    before, after = correct_both(old, new, release, without=doubtful)
    again = _made(before, after, root)
    if again.trees is None:
        return evolve(made, notices=(*made.notices, f"Python was not compared: {again.stopped}"))
    told = f"Python was compared without the {len(doubtful)} corrections that need another look: {made.stopped}"
    return evolve(made, trees=again.trees, notices=(*made.notices, told))


def _of_documents(old: State, new: State, release: Release, root: Path) -> Drift:
    """The comparison where one state or both are OpenAPI documents; published files become one with our corrections."""
    before, after = (_document(state, release) for state in (old, new))
    if before == after and old.tree == new.tree:
        return Drift(release.name, old.label, new.label, (), (), (), ())
    notices: tuple[str, ...] = ()
    breaks: tuple[Finding, ...] | None = None
    try:
        breaks = python.compare(_tree(old, before, release, root), _tree(new, after, release, root))
    except GeneratorError as error:
        notices = (f"Python was not compared: {_first_line(error)}",)
    # Of a released version only that much of the document is kept.
    before, after = surface.stripped(before), surface.stripped(after)
    return Drift(
        release=release.name,
        old=old.label,
        new=new.label,
        sources=(),
        api=api.compare(before, after),
        python=breaks or (),
        corrections=(),
        notices=notices,
        uncompared=() if breaks is not None else ("python",),
    )


def _document(state: State, release: Release) -> Document:
    return state.document if state.document is not None else finished(correct(state, release))[0]


def _tree(state: State, document: Document, release: Release, root: Path) -> Mapping[str, bytes]:
    if state.tree is not None:
        return state.tree
    try:
        return package(document, release, root)
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
        if state.document is None:
            raise
        # The stages rely on what `pipeline.finished` checks; this document came from outside.
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise GeneratorError(f"{state.label} was changed so that no package can be made of it ({reason})") from None


def _first_line(error: GeneratorError) -> str:
    return str(error).splitlines()[0]


def _corrections(source: Source, before: Corrected, after: Corrected) -> Sequence[CorrectionChange]:
    name = source.name
    return [
        *corrections.compare(
            source,
            (before.overlaid[name], before.traces[name]),
            (after.unaided(name), after.traces[name]),
        ),
        *corrections.compare_rules(source, before.repaired[name], after.repaired[name]),
    ]


def _source_change(source: Source, old: State, new: State) -> SourceChange:
    return SourceChange(
        name=source.name,
        path=source.path,
        old_sha256=old.digest(source),
        new_sha256=new.digest(source),
        old_size=len(old.sources[source.name]),
        new_size=len(new.sources[source.name]),
    )


def _api(documents: Sequence[tuple[Document, Document]]) -> tuple[Finding, ...]:
    found = [finding for pair in documents for finding in api.compare(*pair)]
    return tuple(sorted(found, key=lambda one: one.order))
