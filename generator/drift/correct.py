"""A state of the published files down the road, as far as it goes: what does not fit it is told and left out."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from generator import pipeline
from generator.drift import corrections
from generator.drift.corrections import Trace
from generator.drift.state import State, is_finished
from generator.errors import GeneratorError
from generator.overlay import Overlay
from generator.release import Release, Source
from generator.repair import repair
from generator.schema import Schema, references

Document = dict[str, Any]


@frozen
class Corrected:
    """A state with our corrections.

    Attributes:
        label: what the state is called.
        release: the release whose corrections were made, with the digests of the state.
        repaired: each source with the rules applied, by its name.
        overlaid: the same with the actions that fit it.
        traces: what each action did, by the source's name.
        undescribed: the schemas that something refers to and nothing describes; they were taken as any object.
        finished: the document under its final names; None where a stage stopped.
        stopped: what stopped it, in one line; "" if nothing did.
    """

    label: str
    release: Release
    repaired: Mapping[str, Document]
    overlaid: Mapping[str, Document]
    traces: Mapping[str, Sequence[Trace]]
    undescribed: tuple[str, ...]
    finished: Document | None
    stopped: str = ""


def correct(state: State, release: Release, *, without: Collection[str] = ()) -> Corrected:
    """Correct a state of the published files as a release is corrected.

    Args:
        without: actions to leave out, such as "overlays/iam.yaml, action 3".

    Raises:
        GeneratorError: a file is not Swagger 2.0, or an overlay of the release is wrong in itself.
    """
    overlays = [_without(one, without) for one in pipeline.load_overlays(release)]
    sources = [source for source in release.sources if source.name in state.files]
    converted, repaired, overlaid, traces = {}, {}, {}, {}
    for source in sources:
        converted[source.name] = _converted(source, state)
        repaired[source.name] = repair(converted[source.name], writer=source.writer)
        overlaid[source.name], traces[source.name] = corrections.follow(repaired[source.name], overlays, source=source)
    undescribed = _describe_all(overlaid, repaired)
    of_state = evolve(release, sources=tuple(evolve(one, sha256=state.digest(one)) for one in sources))
    try:
        finished, stopped = pipeline.finished(of_state, list(converted.values()), list(overlaid.values())), ""
    except GeneratorError as error:
        finished, stopped = None, str(error).splitlines()[0]
    return Corrected(state.label, of_state, repaired, overlaid, traces, undescribed, finished, stopped)


def _without(one: Overlay, where: Collection[str]) -> Overlay:
    return evolve(one, actions=tuple(action for action in one.actions if action.where not in where))


def _converted(source: Source, state: State) -> Document:
    try:
        return pipeline.convert(source, state.files[source.name])
    except GeneratorError as error:
        raise GeneratorError(f"{state.label}: {error}") from None


def _describe_all(overlaid: Mapping[str, Document], repaired: Mapping[str, Document]) -> tuple[str, ...]:
    """Give each schema that is referred to a description, in place, and name those that none of the files describes.

    A correction may take away or refer to what it does not expect to be, or not to be, in the files of another state.
    """
    undescribed: set[str] = set()
    missing = True
    while missing:
        described = {key for document in overlaid.values() for key in _schemas(document)}
        missing = False
        for name, document in overlaid.items():
            for key in sorted(key for key in {*references(document)} - described if not key.startswith("#")):
                missing = True
                published = _schemas(repaired[name]).get(key)
                if published is None:
                    undescribed.add(key)
                _schemas(document)[key] = copy.deepcopy(published) if published is not None else {"type": "object"}
    return tuple(sorted(undescribed))


def _schemas(document: Document) -> dict[str, Schema]:
    schemas: dict[str, Schema] = document.setdefault("components", {}).setdefault("schemas", {})
    return schemas


def joined(corrected: Corrected) -> Document | None:
    """The sources as one document under published names, for a state that does not come to its end; None if not even that."""
    try:
        return pipeline.joined(list(corrected.overlaid.values()))
    except GeneratorError:
        return None


def package(document: Mapping[str, Any], release: Release, root: Path) -> dict[str, bytes]:
    """The tree of the client package that a finished document gives.

    Raises:
        GeneratorError: it gives none.
    """
    if not is_finished(document):
        raise GeneratorError("it is no corrected document, so there is no package of it")
    return pipeline.package(release, dict(document), root=root)
