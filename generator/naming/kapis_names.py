"""Method names of KubeSphere's own operations: `create_branch_run`, `stop_branch_run`, `list_workspace_members`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from attrs import frozen

from generator.naming.placement import Place
from generator.naming.python_names import snake_case
from generator.naming.table import Names
from generator.naming.words import is_plural, singular, split_words

_VERBS = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}


@frozen
class _Step:
    """A literal segment of a path with the parameters after it: `runs/{run}`.

    A parameter in the plural, such as {resources}, stands for collections of every kind; it has no literal.
    """

    segment: str
    parameters: tuple[str, ...] = ()
    any_kind: bool = False

    @property
    def has_object(self) -> bool:
        """Whether one object is meant; {kind} only narrows a collection."""
        return bool(self.parameters) and self.parameters != ("kind",)


def kapis_name(method: str, place: Place, names: Names) -> str | None:
    """The method name of an operation under /kapis or /oauth; None where the path does not say what it is about."""
    steps = list(_steps(place.segments, names))
    if not steps:
        return None
    rule = _Rule(place.attribute, names)
    *parents, last = steps
    if last.parameters[-1:] == ("path",):
        return rule.proxy(method, parents, last)
    if not last.parameters:
        if last.segment in names.actions:
            return rule.action(names.actions[last.segment], parents)
        if method == "POST" and last.segment != last.segment.lower():
            return snake_case(last.segment)  # checkCron: a camelCase segment is a phrase of its own
    return rule.resource(method, parents, last)


def _steps(segments: tuple[str, ...], names: Names) -> Iterator[_Step]:
    step: _Step | None = None
    for segment in segments:
        parameter = segment.strip("{}")
        if parameter == segment:
            if step:
                yield step
            step = _Step(segment)
        elif step is None or _is_collection(parameter, names):
            if step:
                yield step
            step = (
                _Step("" if parameter == "path" else parameter, any_kind=True)
                if parameter != "path"
                else _Step("", ("path",))
            )
        else:
            step = _Step(step.segment, (*step.parameters, parameter), step.any_kind)
    if step:
        yield step


def _is_collection(segment: str, names: Names) -> bool:
    last = split_words(segment, names.words)[-1:]
    return segment not in names.uncountable and any(is_plural(word) and word not in names.uncountable for word in last)


class _Rule:
    """The rules for one group, which may omit parents of its own."""

    def __init__(self, attribute: str, names: Names) -> None:
        self._names = names
        self._omitted = names.omitted.get(attribute, frozenset())
        self._about = names.about.get(attribute.partition(".")[0])

    def proxy(self, method: str, parents: list[_Step], last: _Step) -> str:
        """A path that is passed on as it stands."""
        if not last.segment:
            return f"request_{method.lower()}"
        name = f"proxy_{self._joined(parents, last, self._one(last.segment))}"
        return name if method == "GET" else f"{name}_{method.lower()}"

    def action(self, pattern: str, parents: list[_Step]) -> str:
        """Something done to the object that the path leads to: runs/{run}/stop."""
        subject = self._joined(parents[:-1], parents[-1], self._one(parents[-1].segment)) if parents else ""
        return pattern.format(subject).strip("_").replace("__", "_")

    def resource(self, method: str, parents: list[_Step], last: _Step) -> str:
        """A collection, an object of it, or a part of an object."""
        noun = self._names.nouns.get(last.segment, last.segment)
        collection = last.any_kind or _is_collection(noun, self._names)
        several = collection and not last.has_object
        verb = _VERBS.get(method, method.lower())
        if method == "GET" and several:
            verb = "list"
        if method == "POST":
            several = several and last.segment in self._names.created_together
            if last.has_object:
                verb = "post"
        words = "_".join(split_words(noun, self._names.words)) if several and not self._about else self._one(noun)
        about = f"_{self._about}" if self._about else ""
        by = "_by_kind" if last.parameters == ("kind",) else ""
        return f"{verb}_{self._joined(parents, last, words)}{about}{by}"

    def _joined(self, parents: list[_Step], last: _Step, words: str) -> str:
        """The words for the last step behind those for its parents; what the words begin with is not said twice."""
        kept: list[str] = []
        for parent, child in pairwise([*parents, last]):
            if not self._omits(parent, child):
                kept.append(self._one(parent.segment))
        if last.any_kind:
            kept = ["namespaced" if word == "namespace" else word for word in kept] or ["cluster"]
        name = words
        for word in reversed(kept):
            if not name.startswith(f"{word}_"):
                name = f"{word}_{name}"
        return name

    def _omits(self, parent: _Step, child: _Step) -> bool:
        if f"{parent.segment}/{child.segment}" in self._omitted:
            return True
        return parent.segment in self._omitted and not child.any_kind and _is_collection(child.segment, self._names)

    def _one(self, segment: str) -> str:
        *front, last = split_words(segment, self._names.words)
        known = {segment, last} & self._names.uncountable
        return "_".join((*front, last if known else singular(last)))
