"""One check of the ledger: where it looks in a corrected document, and what must stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen
from jsonpath import JSONPathEnvironment, JSONPathError

from generator import lookup
from generator.errors import GeneratorError
from generator.expectations import EXPECTATIONS, is_json, shown
from generator.lookup import Lookup, NotFoundError

_JSONPATH = JSONPathEnvironment(strict=True)  # RFC 9535 and nothing beyond it
_SUBJECT = ("operation", "schema", "parameter", "in", "property", "at")


@frozen
class Check:
    """What must be so in one place of the document. The keys are those of defects.toml, which explains them."""

    operation: str | None
    schema: str | None
    parameter: str | None
    part: str | None  # the key `in`
    property: tuple[str, ...]
    at: str | None
    expectations: tuple[tuple[str, Any], ...]

    def place(self) -> str:
        """Where it looks, in one line."""
        words = [self.operation, self.schema, self.parameter, self.part, "".join(_dotted(self.property)), self.at]
        return " ".join(word for word in words if word) or "$"

    def wanted(self) -> str:
        """What must stand there, in the words of defects.toml."""
        return ", ".join(
            name if name in ("present", "absent") else f"{name} {shown(value, whole=True)}"
            for name, value in self.expectations
        )

    def failure(self, document: Lookup) -> str | None:
        """What stands in the document instead, or None where the check holds."""
        try:
            if self.expectations[0][0] == "absent":
                self._reach_last_step(document)
                nodes = self._nodes_or_none(document)
            else:
                nodes = self._nodes(document)
                if not nodes:
                    return f"nothing is at {self.at}"
            unmet = (
                EXPECTATIONS[name].unmet(document, node, expected)
                for name, expected in self.expectations
                for node in nodes
            )
            return next((wrong for wrong in unmet if wrong is not None), None)
        except NotFoundError as missing:
            return str(missing)

    def _reach_last_step(self, document: Lookup) -> None:
        """Look for all that leads to a thing that must not be there: else its absence would prove nothing."""
        if self.at is not None:
            evolve(self, at=None)._nodes(document)
        elif self.property:
            evolve(self, property=self.property[:-1])._nodes(document)
        elif self.part or self.parameter:
            evolve(self, part=None, parameter=None)._nodes(document)

    def _nodes_or_none(self, document: Lookup) -> list[Any]:
        try:
            return self._nodes(document)
        except NotFoundError:
            return []

    def _nodes(self, document: Lookup) -> list[Any]:
        node: Any = document.document
        is_schema = bool(self.schema or self.part)
        if self.operation:
            node = document.operation(self.operation)
        if self.schema:
            node = document.schema(self.schema)
        if self.parameter:
            node = document.parameter(node, self.parameter)
        if self.part == "body":
            node = document.body(node)
        elif self.part:
            node = document.response(node, self.part.partition(" ")[2] or None)
        if self.property:
            node = document.property(node, self.property)
        if self.at is None:
            return [node]
        return list(_JSONPATH.findall(self.at, document.resolved(node) if is_schema else node))


def read(table: Any, where: str) -> Check:
    """A check as defects.toml writes it.

    Raises:
        GeneratorError: it says something that has no meaning, or nothing.
    """
    if not isinstance(table, dict):
        raise GeneratorError(f"{where}: a check is a table.\nWrite it as {{ operation = ..., is = ... }}.")
    for key in table:
        if key not in _SUBJECT and key not in EXPECTATIONS:
            raise GeneratorError(
                f"{where}: a check has no key {key!a}.\nIt has {', '.join((*_SUBJECT, *EXPECTATIONS))}."
            )
    texts = {key: _text(table, key, where) for key in _SUBJECT}
    _check_subject(texts, where)
    expectations = tuple((key, value) for key, value in table.items() if key in EXPECTATIONS)
    if not expectations:
        raise GeneratorError(f"{where}: a check expects nothing.\nGive it one of {', '.join(EXPECTATIONS)}.")
    for key, value in expectations:
        if not is_json(value) or not EXPECTATIONS[key].fits(value):
            raise GeneratorError(
                f"{where}: {key!a} cannot be {value!a}.\nThe head of defects.toml says what it can be."
            )
    if "absent" in table and len(expectations) > 1:
        raise GeneratorError(f"{where}: what is absent has no other quality.\nWrite two checks.")
    way = lookup.steps(texts["property"]) if texts["property"] else ()
    if way is None:
        raise GeneratorError(
            f"{where}: {texts['property']!a} is no path of properties.\nWrite it like items[].metadata."
        )
    return Check(texts["operation"], texts["schema"], texts["parameter"], texts["in"], way, texts["at"], expectations)


def _text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is not None and (not isinstance(value, str) or not value):
        raise GeneratorError(f"{where}: {key!a} is not {value!a}.\nIt is a text.")
    return value


def _check_subject(texts: Mapping[str, str | None], where: str) -> None:
    part = texts["in"]
    if not (texts["operation"] or texts["schema"] or texts["at"]):
        raise GeneratorError(
            f"{where}: a check says nowhere to look.\nName an operation, a schema, or a path with `at`."
        )
    if texts["operation"] and texts["schema"]:
        raise GeneratorError(f"{where}: a check looks in an operation or in a schema.\nWrite two checks.")
    if (texts["parameter"] or part) and not texts["operation"]:
        raise GeneratorError(f"{where}: `parameter` and `in` are parts of an operation.\nName it with `operation`.")
    if part and not (part in ("body", "response") or part.startswith("response ")):
        raise GeneratorError(f"{where}: `in` is not {part!a}.\nIt is body, response, or response and a status.")
    if texts["property"] and not (texts["schema"] or part):
        raise GeneratorError(f"{where}: `property` starts at a schema.\nName one with `schema`, or use `in`.")
    if texts["at"]:
        try:
            _JSONPATH.compile(texts["at"])
        except JSONPathError as error:
            raise GeneratorError(
                f"{where}: {texts['at']!a} is not RFC 9535 JSONPath: {' '.join(str(error).split())}.\nCorrect `at`."
            ) from None


def _dotted(way: Sequence[str]) -> list[str]:
    return [step if number == 0 or step in ("[]", "{}") else f".{step}" for number, step in enumerate(way)]
