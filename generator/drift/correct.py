"""A state of the published files down the road, as far as it goes: what does not fit it is told and left out."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from generator import pipeline
from generator.document import ADDED, PUBLISHED
from generator.drift import alike, corrections
from generator.drift.alike import schemas_of
from generator.drift.corrections import Trace
from generator.drift.state import State, is_finished
from generator.errors import GeneratorError
from generator.naming.operations import SameName
from generator.overlay import Overlay
from generator.release import Release, Source
from generator.repair import repair
from generator.schema import Schema, references

Document = dict[str, Any]
Pool = Mapping[str, tuple[str, Schema]]  # schemas by their keys, each with the source that describes it


@frozen
class Corrected:
    """A state with the corrections of a release, before its files become one document.

    Attributes:
        label: what the state is called.
        release: the release whose corrections were made, with the digests of the state.
        converted: each source as it was published, by its name.
        repaired: the same with the rules applied.
        overlaid: the same with the actions that fit it.
        traces: what each action did, by the source's name.
        lent: the schemas that only the other state describes.
    """

    label: str
    release: Release
    converted: Mapping[str, Document]
    repaired: Mapping[str, Document]
    overlaid: Mapping[str, Document]
    traces: Mapping[str, Sequence[Trace]]
    lent: frozenset[str] = frozenset()

    def unaided(self, source: str) -> Document:
        """A corrected source with what the state describes itself."""
        document = self.overlaid[source]
        own = {key: schema for key, schema in schemas_of(document).items() if key not in self.lent}
        return {**document, "components": {**document["components"], "schemas": own}}


def correct_both(
    old: State, new: State, release: Release, *, without: Collection[str] = ()
) -> tuple[Corrected, Corrected]:
    """Both states with the same corrections, so that what differs between them came from upstream.

    A schema that a correction refers to and only one state describes is lent to the other.

    Args:
        without: actions to leave out, such as "overlays/iam.yaml, action 3".

    Raises:
        GeneratorError: a file is not Swagger 2.0, or an overlay of the release is wrong in itself.
    """
    before, after = (correct(state, release, without=without) for state in (old, new))
    for one, other in ((before, after), (after, before)):
        for source in one.release.sources:
            if source.name in other.repaired:
                alike.free_requests(
                    source, one.overlaid[source.name], one.repaired[source.name], other.repaired[source.name]
                )
    pools = [_pool(side.overlaid) for side in (before, after)]
    return _completed(before, pools[1]), _completed(after, pools[0])


def correct(state: State, release: Release, *, without: Collection[str] = ()) -> Corrected:
    """Correct a state of the published files as a release is corrected, without some of its actions.

    Raises:
        GeneratorError: a file is not Swagger 2.0, or an overlay of the release is wrong in itself.
    """
    overlays = [_without(one, without) for one in pipeline.load_overlays(release)]
    sources = [source for source in release.sources if source.name in state.files]
    converted, repaired, overlaid, traces = {}, {}, {}, {}
    for source in sources:
        converted[source.name] = _converted(source, state)
        repaired[source.name] = repair(converted[source.name], writer=source.writer)
        followed, traces[source.name] = corrections.follow(repaired[source.name], overlays, source=source)
        overlaid[source.name] = alike.take_place(repaired[source.name], followed)
    # A correction takes away what nothing uses in the files that it was written for; those of another state may use it.
    _describe(overlaid, _pool(repaired))
    of_state = evolve(release, sources=tuple(evolve(one, sha256=state.digest(one)) for one in sources))
    return Corrected(state.label, of_state, converted, repaired, overlaid, traces)


def _completed(corrected: Corrected, pool: Pool) -> Corrected:
    """The state with all that its corrections refer to, and those told that refer to what it does not describe."""
    undescribed = _undescribed(corrected.overlaid)
    if not undescribed:
        return corrected
    own = [schemas_of(document) for document in corrected.overlaid.values()]
    lent = _describe(
        corrected.overlaid, {key: (name, alike.of_twin(key, one, own)) for key, (name, one) in pool.items()}
    )
    for key, document in _undescribed(corrected.overlaid).items():
        schemas_of(document)[key] = {"type": "object"}  # neither state describes it: it is the same in both
        lent.add(key)
    traces = {
        name: tuple(_told(trace, undescribed.keys(), corrected.label) for trace in several)
        for name, several in corrected.traces.items()
    }
    return evolve(corrected, traces=traces, lent=frozenset(lent))


def _told(trace: Trace, undescribed: Collection[str], label: str) -> Trace:
    missing = sorted({*references(trace.action.update)}.intersection(undescribed))
    if not missing or not trace.places:
        return trace
    return evolve(trace, refusal=f"it refers to {missing[0]}, which {label} does not describe")


def finished(corrected: Corrected, without: Sequence[str] = ()) -> tuple[Document, tuple[str, ...]]:
    """The one document of a state under its final names, and the operations of ours that it had to do without.

    Where an operation that a correction adds would be called like one that the state publishes, the published one stays.

    Args:
        without: operations of ours that are left out in any case, such as "GET /a".

    Raises:
        GeneratorError: a stage stops.
    """
    left_out = list(without)
    while True:
        ours = [one for one in left_out if _is_ours(corrected, one)]
        sources = [_without_operations(one, ours) for one in _used(corrected)]
        try:
            document = pipeline.finished(corrected.release, list(corrected.converted.values()), sources)
            return document, tuple(left_out)
        except SameName as error:
            added = [one for one in error.operations if _is_ours(corrected, one) and one not in left_out]
            if not added:
                raise
            left_out.append(added[0])


def joined(corrected: Corrected) -> Document:
    """The one document of a state under published names.

    Raises:
        GeneratorError: a stage stops.
    """
    return pipeline.joined(_used(corrected))


def package(document: Mapping[str, Any], release: Release, root: Path) -> dict[str, bytes]:
    """The tree of the client package that a finished document gives.

    Raises:
        GeneratorError: it gives none.
    """
    if not is_finished(document):
        raise GeneratorError("one is no corrected document, so there is no package of it")
    return pipeline.package(release, dict(document), root=root)


def _used(corrected: Corrected) -> list[Document]:
    return alike.without_idle(corrected.repaired, corrected.overlaid)


def _is_ours(corrected: Corrected, operation: str) -> bool:
    """Whether an operation, such as "GET /a", stands in a state only because a correction adds it."""
    method, _, path = operation.partition(" ")
    items = (document["paths"].get(path, {}) for document in corrected.overlaid.values())
    found = [item[method.lower()] for item in items if method.lower() in item]
    return any(ADDED in one for one in found) and not any(PUBLISHED in one for one in found)


def _without_operations(document: Document, left_out: Collection[str]) -> Document:
    paths = {
        path: {method: one for method, one in item.items() if f"{method.upper()} {path}" not in left_out}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": {path: item for path, item in paths.items() if item}} if left_out else document


def _without(one: Overlay, where: Collection[str]) -> Overlay:
    return evolve(one, actions=tuple(action for action in one.actions if action.where not in where))


def _converted(source: Source, state: State) -> Document:
    try:
        return pipeline.convert(source, state.files[source.name])
    except GeneratorError as error:
        raise GeneratorError(f"{state.label}: {error}") from None


def _pool(documents: Mapping[str, Document]) -> Pool:
    return {key: (name, schema) for name, one in documents.items() for key, schema in schemas_of(one).items()}


def _describe(overlaid: Mapping[str, Document], pool: Pool) -> set[str]:
    """Add, in place, the schemas that are referred to and not described, each to the source that a pool has it in."""
    added: set[str] = set()
    while found := [key for key in _undescribed(overlaid) if key in pool and pool[key][0] in overlaid]:
        for key in found:
            name, schema = pool[key]
            schemas_of(overlaid[name])[key] = copy.deepcopy(schema)
        added.update(found)
    return added


def _undescribed(overlaid: Mapping[str, Document]) -> dict[str, Document]:
    """The schemas that something refers to and nothing describes, each with a document that refers to it."""
    described = {key for document in overlaid.values() for key in schemas_of(document)}
    return {
        key: document
        for document in overlaid.values()
        for key in sorted({*references(document)} - described)
        if not key.startswith("#")  # a reference to something else than a schema
    }
