"""Two states of the published files: what differs in bytes, in the API, in Python, and what becomes of our corrections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from generator.drift import api, corrections, python
from generator.drift.correct import Corrected, correct, joined, package
from generator.drift.drift import CorrectionChange, Drift, SourceChange, Standing
from generator.drift.finding import Finding
from generator.drift.state import State
from generator.errors import GeneratorError
from generator.release import Release, Source

__all__ = ["compare"]

Document = dict[str, Any]
_HOLDS = (Standing.APPLIES, Standing.FIXED_UPSTREAM)


def compare(old: State, new: State, release: Release, *, root: Path) -> Drift:
    """Compare two states, both with the corrections of one release; `root` is the project's folder.

    Raises:
        GeneratorError: the two are of different kinds, or a file is not what it should be.
    """
    if old.document is not None or new.document is not None:
        return _of_documents(old, new, release, root)
    sources = tuple(one for one in release.sources if one.name in old.sources and one.name in new.sources)
    if not sources:
        raise GeneratorError(
            f"{old.label} and {new.label} are different published files, so they cannot be compared.\n"
            "Name two states of the same file."
        )
    changes = tuple(_source_change(source, old, new) for source in sources)
    if not any(changes):
        return Drift(release.name, old.label, new.label, changes, (), (), ())
    before, after = correct(old, release), correct(new, release)
    standings = tuple(change for source in sources for change in _corrections(source, before, after))
    breaks, notices = _python(_Sides(old, new, release, root), before, after, standings)
    return Drift(
        release=release.name,
        old=old.label,
        new=new.label,
        sources=changes,
        api=_sorted([finding for pair in _comparable(before, after) for finding in api.compare(*pair)]),
        python=breaks or (),
        corrections=standings,
        notices=(*_undescribed(before), *_undescribed(after), *notices),
        uncompared=() if breaks is not None else ("python",),
    )


def _of_documents(old: State, new: State, release: Release, root: Path) -> Drift:
    """The comparison where one state or both are OpenAPI documents; published files become one with our corrections."""
    before, after = (_document(state, release) for state in (old, new))
    try:
        breaks, notices = python.compare(package(before, release, root), package(after, release, root)), []
    except GeneratorError as error:
        breaks, notices = None, [f"The packages were not compared: {_first_line(error)}"]
    return Drift(
        release=release.name,
        old=old.label,
        new=new.label,
        sources=(),
        api=api.compare(before, after),
        python=breaks or (),
        corrections=(),
        notices=tuple(notices),
        uncompared=() if breaks is not None else ("python",),
    )


def _document(state: State, release: Release) -> Document:
    if state.document is not None:
        return state.document
    corrected = correct(state, release)
    document = corrected.finished or joined(corrected)
    if document is None:
        raise GeneratorError(f"{state.label} cannot be compared with a document: {corrected.stopped}")
    return document


def _comparable(before: Corrected, after: Corrected) -> list[tuple[Document, Document]]:
    """The documents to compare, both after the last stage that both states come through."""
    if before.finished is not None and after.finished is not None:
        return [(before.finished, after.finished)]
    old, new = joined(before), joined(after)
    if old is not None and new is not None:
        return [(old, new)]
    return [(before.overlaid[name], after.overlaid[name]) for name in before.overlaid]


@frozen
class _Sides:
    """What the two packages are made of."""

    old: State
    new: State
    release: Release
    root: Path

    def packages(self, before: Corrected, after: Corrected) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The trees of both.

        Raises:
            GeneratorError: one of them cannot be made.
        """
        trees = []
        for one in (before, after):
            if one.finished is None:
                raise GeneratorError(f"{one.label} makes no package: {one.stopped}")
            trees.append(package(one.finished, one.release, self.root))
        return trees[0], trees[1]


def _python(
    sides: _Sides, before: Corrected, after: Corrected, standings: Sequence[CorrectionChange]
) -> tuple[tuple[Finding, ...] | None, list[str]]:
    """What breaks in the client, or None where that cannot be known, and what has to be said of it.

    Where the corrections that fit one state make no package of it, only those that hold for both are made in both.
    """
    try:
        return python.compare(*sides.packages(before, after)), []
    except GeneratorError as error:
        first = _first_line(error)
    doubtful = {one.where for one in standings if one.standing not in _HOLDS}
    try:
        again = (correct(state, sides.release, without=doubtful) for state in (sides.old, sides.new))
        breaks = python.compare(*sides.packages(*again))
    except GeneratorError as error:
        return None, [f"The packages were not compared: {_first_line(error)}"]
    return breaks, [
        f"The packages were compared without the {len(doubtful)} corrections that do not hold for both: {first}"
    ]


def _first_line(error: GeneratorError) -> str:
    return str(error).splitlines()[0]


def _undescribed(corrected: Corrected) -> list[str]:
    if not corrected.undescribed:
        return []
    names = ", ".join(corrected.undescribed)
    return [f"{corrected.label} does not describe what a correction refers to, which was taken as any object: {names}"]


def _corrections(source: Source, before: Corrected, after: Corrected) -> Sequence[CorrectionChange]:
    name = source.name
    return [
        *corrections.compare(
            source,
            (before.overlaid[name], before.traces[name]),
            (after.overlaid[name], after.traces[name]),
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


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: one.order))
