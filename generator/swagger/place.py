"""Where in a source file something stands, what is allowed to stand there, and how an error about it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from generator.errors import GeneratorError

WAY_OUT = "Have the file corrected upstream, or pin a commit where it is right in release.toml."

# The pipeline's own extensions: a source that set them could hide an operation from the checks of later stages.
RESERVED = "x-kubesphere-"

_LONGEST = 160


def shown(text: object) -> str:
    """Text from outside as it may stand in an error: short, on one line, without invisible characters."""
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(text)[: _LONGEST + 1])
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def pointer(steps: Iterable[object]) -> str:
    """The JSON pointer (RFC 6901) that these steps make, as a URI fragment without percent encoding."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_KINDS: dict[str, Callable[[Any], bool]] = {
    "a string": lambda value: isinstance(value, str),
    "true or false": lambda value: isinstance(value, bool),
    "a number": _is_number,
    "a whole number from 0": lambda value: _is_number(value) and int(value) == value and value >= 0,
    "an object": lambda value: isinstance(value, dict),
    "a list": lambda value: isinstance(value, list),
    "a list of strings": _is_texts,
    "anything": lambda value: True,
}

TEXT, FLAG, NUMBER, COUNT, OBJECT, LIST, TEXTS, ANYTHING = _KINDS


@frozen
class Place:
    """A place in a source file."""

    source: str
    steps: tuple[object, ...] = ()

    def __truediv__(self, step: object) -> Place:
        return Place(self.source, (*self.steps, step))

    def error(self, sentence: str, way_out: str = WAY_OUT) -> GeneratorError:
        """The error that says what is wrong at this place and what to do."""
        return GeneratorError(f"{shown(self.source)}, {shown(pointer(self.steps))}: {sentence}.\n{way_out}")

    def check(self, value: Any, kind: str) -> None:
        """Raises GeneratorError when a value is not of its kind."""
        if not _KINDS[kind](value):
            raise self.error(f"{_described(value)} where {kind} belongs")

    def object(self, value: Any, fields: Mapping[str, str], *, required: Iterable[str] = ()) -> dict[str, Any]:
        """The value, if it is an object with these fields, each of its kind, and extensions at most.

        Raises:
            GeneratorError: it is something else, or it sets an extension that belongs to the pipeline.
        """
        node = self.mapping(value)
        for key, member in node.items():
            if key in fields:
                (self / key).check(member, fields[key])
            elif key.startswith(RESERVED):
                raise self.error(f"the extension '{shown(key)}' is reserved for what this pipeline finds out")
            elif not key.startswith("x-"):
                raise self.error(f"'{shown(key)}' has no meaning in Swagger 2.0 here")
        for key in required:
            if key not in node:
                raise self.error(f"'{key}' is missing")
        return node

    def mapping(self, value: Any) -> dict[str, Any]:
        """The value, if it is an object; its keys are names that somebody chose."""
        self.check(value, OBJECT)
        node: dict[str, Any] = value
        return node

    def one_of(self, value: Any, choices: Iterable[str]) -> str:
        """The value, if it is one of the strings that may stand here."""
        names = tuple(choices)
        if not isinstance(value, str) or value not in names:
            raise self.error(f"{_described(value)} where one of {', '.join(names)} belongs")
        return value


def extensions(node: Mapping[str, Any]) -> dict[str, Any]:
    """The `x-` members of a node."""
    return {key: value for key, value in node.items() if key.startswith("x-")}


def _described(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {shown(value)}"
        case str():
            return f"'{shown(value)}'"
        case list():
            return "a list"
    return "an object"
