"""The table of names that no rule gives: specs/names.toml, shared by all releases."""

from __future__ import annotations

import keyword
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from generator.errors import GeneratorError
from generator.naming.schemas import is_class_name

_METHOD_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_OPERATION = re.compile(r"(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE) /\S*\Z")
_WORD = re.compile(r"[a-z][a-z0-9]*\Z")
_PATTERN = re.compile(r"[a-z][a-z0-9_]*(\{\}[a-z0-9_]*)?\Z")


@frozen
class Names:
    """What specs/names.toml says; each member is explained there."""

    words: frozenset[str] = frozenset()
    uncountable: frozenset[str] = frozenset()
    created_together: frozenset[str] = frozenset()
    nouns: Mapping[str, str] = field(factory=dict)
    actions: Mapping[str, str] = field(factory=dict)
    about: Mapping[str, str] = field(factory=dict)
    omitted: Mapping[str, frozenset[str]] = field(factory=dict)
    operations: Mapping[str, str] = field(factory=dict)
    schemas: Mapping[str, str] = field(factory=dict)


def load_names(path: Path) -> Names:
    """Read the table.

    Raises:
        GeneratorError: it cannot be read, or says something that has no meaning.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise GeneratorError(f"The table of names {path.name} cannot be read: {error}.\nCorrect the file.") from error
    reader = _Reader(path.name, data)
    names = Names(
        words=reader.strings("words", _WORD.match),
        uncountable=reader.strings("uncountable", _WORD.match),
        created_together=reader.strings("created_together", _WORD.match),
        nouns=reader.table("nouns", _WORD.match, _is_method_name),
        actions=reader.table("actions", _WORD.match, _PATTERN.match),
        about=reader.table("about", _WORD.match, _is_method_name),
        omitted=reader.omitted("omitted"),
        operations=reader.table("operations", _OPERATION.match, _is_method_name),
        schemas=reader.table("schemas", str.strip, is_class_name),
    )
    reader.finish()
    return names


def _is_method_name(text: str) -> bool:
    return _METHOD_NAME.match(text) is not None and not keyword.iskeyword(text)


class _Reader:
    """Takes the members out of the decoded file, one after the other, and complains about what is left."""

    def __init__(self, file: str, data: dict[str, Any]) -> None:
        self._file = file
        self._data = data

    def strings(self, member: str, good: Callable[[str], object]) -> frozenset[str]:
        return self._strings(member, self._data.pop(member, []), good)

    def table(self, member: str, good_key: Callable[[str], object], good: Callable[[str], object]) -> dict[str, str]:
        table = self._mapping(member)
        for key, value in table.items():
            if not good_key(key):
                raise self._error(member, key)
            if not isinstance(value, str) or not good(value):
                raise self._error(member, value)
        return table

    def omitted(self, member: str) -> dict[str, frozenset[str]]:
        return {
            group: self._strings(f"{member}.{group}", parents, re.compile(r"[a-z0-9]+(/[a-z0-9]+)?\Z").match)
            for group, parents in self._mapping(member).items()
        }

    def finish(self) -> None:
        if self._data:
            raise self._error("the file", sorted(self._data)[0])

    def _mapping(self, member: str) -> dict[str, Any]:
        value = self._data.pop(member, {})
        if not isinstance(value, dict):
            raise self._error(member, value)
        return value

    def _strings(self, member: str, value: Any, good: Callable[[str], object]) -> frozenset[str]:
        if not isinstance(value, list):
            raise self._error(member, value)
        for one in value:
            if not isinstance(one, str) or not good(one):
                raise self._error(member, one)
        return frozenset(value)

    def _error(self, member: str, value: Any) -> GeneratorError:
        return GeneratorError(
            f"{self._file}: {ascii(value)[:200]} has no meaning in {member}.\n"
            "Correct the file; the comment above each table says what belongs there."
        )
