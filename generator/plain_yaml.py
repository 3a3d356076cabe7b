"""YAML files as plain JSON values: every key once, every alias a value of its own, nothing that JSON cannot hold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import yaml
from attrs import define

from generator.errors import GeneratorError

_MOST_NODES = 500_000  # some ten times what the overlays of a release hold; nine levels of nine aliases hold billions

_DEEPEST = 100  # overlays have 13


def read(path: Path, *, name: str) -> Any:
    """What a file holds.

    Args:
        name: what the file is called in messages.

    Raises:
        GeneratorError: it cannot be read, or holds what JSON cannot.
    """
    try:
        text = path.read_text(encoding="utf-8")
        _check_depth(text)
        return _Plain(name).of(yaml.load(text, Loader=_Loader))
    except RecursionError:
        raise GeneratorError(f"{name} is nested too deeply to be read.\nCorrect the file.") from None
    except (OSError, UnicodeDecodeError, ValueError, TypeError, yaml.YAMLError) as error:
        raise GeneratorError(f"{name} cannot be read: {' '.join(str(error).split())}.\nCorrect the file.") from None


# libyaml reads in a tenth of the time; where PyYAML was built without it, Python does the same.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]  # mypy sees no class where it is one of two
    """YAML that refuses a key which stands twice."""


def _check_depth(text: str) -> None:
    """
    Raises:
        RecursionError: it is nested too deeply; libyaml would walk it on the machine's stack, and end the process.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"the key {key!a} stands twice", problem_mark=node.start_mark)
        seen.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@define
class _Plain:
    """Makes a plain JSON value of a YAML node, with an object of its own wherever an alias stands.

    So correcting one place leaves the others. What is no JSON stops the run with its place in the file.
    """

    file: str
    _nodes: int = 0

    def of(self, node: Any, place: str = "") -> Any:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise GeneratorError(
                f"{self.file} holds more than {_MOST_NODES:,} values, aliases included.\nMake it smaller."
            )
        if isinstance(node, dict):
            for key in node:
                if not isinstance(key, str):
                    raise self._refused(key, f"{place}, as a key" if place else "the top, as a key")
            return {key: self.of(value, f"{place}.{key}".lstrip(".")) for key, value in node.items()}
        if isinstance(node, list):
            return [self.of(one, f"{place}[{index}]") for index, one in enumerate(node)]
        if node is None or isinstance(node, str | bool | int) or (isinstance(node, float) and math.isfinite(node)):
            return node
        raise self._refused(node, place)

    def _refused(self, value: Any, place: str) -> GeneratorError:
        return GeneratorError(
            f"{self.file} holds {ascii(value)[:80]}, which JSON cannot hold, at {place[:160]}.\nPut it in quotes if it is text."
        )
