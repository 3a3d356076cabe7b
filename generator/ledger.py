"""defects.toml: every known defect of the published files, with what proves its repair or why it is left."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from generator import checks
from generator.checks import Check
from generator.errors import GeneratorError
from generator.release import LEDGER as FILE

SEVERITIES = ("breaks-client", "wrong-type", "cosmetic")

_CAUSE_KEYS = ("name", "title", "repair", "check", "test", "occurrences")
_OCCURRENCE_KEYS = ("id", "where", "kind", "severity", "check", "test", "left")
_ID = re.compile(r"(KS|CRD)-\d{4}\Z")
_TEST = re.compile(r"tests(/\w+)+\.py(::\w+)+(\[[^\]]+\])?\Z")
_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")
_BRACES = re.compile(r"\{(\{[a-z_]+\})\}")
_OPERATION = re.compile(r"(?P<operation>(?P<method>[A-Z]+) (?P<path>/\S*))(?: param (?P<parameter>\S+))?\Z")
_DEFINITION = re.compile(r"definition (?P<definition>(?P<schema>\S+)\.(?P<property>[^.\s]+))\Z")


@frozen
class Occurrence:
    """One defect: repaired where all its checks hold and its tests exist, or left with a reason."""

    id: str
    where: str
    kind: str
    severity: str
    checks: tuple[Check, ...] = ()
    tests: tuple[str, ...] = ()
    left: str | None = None


@frozen
class Cause:
    """What several defects come from."""

    name: str
    title: str
    repair: str
    occurrences: tuple[Occurrence, ...]


@frozen
class Ledger:
    """All defects of a release's published files, by cause."""

    causes: tuple[Cause, ...]

    def __iter__(self) -> Iterator[Occurrence]:
        for cause in self.causes:
            yield from cause.occurrences


def load(folder: Path) -> Ledger:
    """Read the ledger in a release's folder.

    Raises:
        GeneratorError: it is missing, is not TOML, or says something that has no meaning.
    """
    path = folder / FILE
    where = f"{folder.name}/{FILE}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GeneratorError(
            f"There is no {where}: it holds what was found out about a server of the release, and without it there is "
            "nothing to check.\nName a release that has one, such as release-3.0."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GeneratorError(f"{where} cannot be read: {error}.\nCorrect the file.") from None
    _check_keys(content, ("cause",), where)
    nodes = content.get("cause")
    if not isinstance(nodes, list) or not nodes:
        raise GeneratorError(f"{where} has no cause.\nWrite each as [[cause]].")
    ledger = Ledger(tuple(_cause(node, f"{where}, cause {number}") for number, node in enumerate(nodes, start=1)))
    _check_unique((cause.name for cause in ledger.causes), "cause", where)
    _check_unique((one.id for one in ledger), "id", where)
    return ledger


def _cause(node: Any, where: str) -> Cause:
    if not isinstance(node, dict):
        raise GeneratorError(f"{where} is no table.\nWrite it as [[cause]].")
    _check_keys(node, _CAUSE_KEYS, where)
    name = _line(node, "name", where)
    where = f"{where} ({name})"
    occurrences = node.get("occurrences")
    if not isinstance(occurrences, list) or not occurrences:
        raise GeneratorError(f"{where} has no `occurrences`.\nRemove it, or name what it is the cause of.")
    template = _tables(node, where)
    _tests(node, where)
    return Cause(
        name=name,
        title=_line(node, "title", where),
        repair=_line(node, "repair", where),
        occurrences=tuple(_occurrence(one, template, node, where) for one in occurrences),
    )


def _occurrence(node: Any, template: list[Any], cause: Mapping[str, Any], where: str) -> Occurrence:
    if not isinstance(node, dict) or not _ID.match(str(node.get("id"))):
        raise GeneratorError(f"{where}: an occurrence has no `id` such as KS-0001.\nGive it the one of its evidence.")
    where = f"{where}, {node['id']}"
    severity = _line(node, "severity", where)
    if severity not in SEVERITIES:
        raise GeneratorError(f"{where}: severity is not {severity!a}.\nIt is one of {', '.join(SEVERITIES)}.")
    given = {name: value for name, value in node.items() if name not in _OCCURRENCE_KEYS}
    used = {name for one in template for name in _placeholders(one)}
    unused = sorted(given.keys() - used)
    if unused:
        raise GeneratorError(f"{where} has a key {unused[0]!a} that means nothing.\nRemove it or correct its spelling.")
    values = {**_from_where(_line(node, "where", where)), **given}
    own = _tables(node, where)
    left = _line(node, "left", where) if "left" in node else None
    proven = own or [_filled(one, values, where) for one in template]
    tests = _tests(node, where) or _tests(cause, where)
    if left and (own or "test" in node):
        raise GeneratorError(f"{where} is left and proven.\nRemove `left`, or its checks and tests.")
    if not left and not proven and not tests:
        raise GeneratorError(f"{where} has neither a check nor a test nor a reason why it is `left`.\nGive it one.")
    return Occurrence(
        id=node["id"],
        where=node["where"],
        kind=_line(node, "kind", where),
        severity=severity,
        checks=() if left else tuple(checks.read(one, where) for one in proven),
        tests=() if left else tests,
        left=left,
    )


def _from_where(where: str) -> dict[str, str]:
    """The placeholders that the place itself gives: `GET /a param b` and `definition a.B.c` name their parts."""
    match = _OPERATION.match(where) or _DEFINITION.match(where)
    return {name: value for name, value in match.groupdict().items() if value is not None} if match else {}


def _placeholders(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield from _PLACEHOLDER.findall(node)
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _placeholders(value)


def _filled(node: Any, values: Mapping[str, Any], where: str) -> Any:
    """A check of the cause with the occurrence's values; a text that is one placeholder becomes the value itself."""
    if isinstance(node, list):
        return [_filled(one, values, where) for one in node]
    if isinstance(node, dict):
        return {name: _filled(value, values, where) for name, value in node.items()}
    if not isinstance(node, str):
        return node
    for name in _PLACEHOLDER.findall(node):
        if name not in values:
            raise GeneratorError(f"{where}: nothing gives {{{name}}} a value.\nAdd `{name} = ...` to the occurrence.")
    whole = _PLACEHOLDER.fullmatch(node)
    return (
        values[whole[1]] if whole else _BRACES.sub(r"\1", _PLACEHOLDER.sub(lambda found: str(values[found[1]]), node))
    )


def _tables(node: Mapping[str, Any], where: str) -> list[Any]:
    tables = node.get("check", [])
    if not isinstance(tables, list):
        raise GeneratorError(f"{where}: `check` is a list of tables.\nWrite it as check = [{{ ... }}].")
    return tables


def _tests(node: Mapping[str, Any], where: str) -> tuple[str, ...]:
    value = node.get("test", [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(one, str) and _TEST.match(one) for one in names):
        raise GeneratorError(
            f"{where}: `test` is not {value!a}.\nIt is a name such as tests/client/test_page.py::test_it."
        )
    return tuple(names)


def _line(node: Mapping[str, Any], name: str, where: str) -> str:
    value = node.get(name)
    if not isinstance(value, str) or not value or not value.isprintable():
        raise GeneratorError(f"{where}: `{name}` is not {value!a}.\nIt is a line of text.")
    return value


def _check_keys(node: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in node:
        if name not in known:
            raise GeneratorError(f"{where} has a key {name!a} that means nothing.\nRemove it or correct its spelling.")


def _check_unique(values: Iterator[str], what: str, where: str) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            raise GeneratorError(f"{where}: the {what} {value} stands {count} times.\nKeep one.")
