"""Which defects of the ledger a corrected document repairs, and the table that says so."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from generator.ledger import SEVERITIES, Ledger, Occurrence
from generator.lookup import Lookup

REPAIRED, LEFT, FAILING = "repaired", "left", "failing"
_STATES = (REPAIRED, LEFT, FAILING)
_SHOWN = 200  # characters of a line about a failing check


@frozen
class Problem:
    """A check that does not hold: where it looks, what must stand there, and what is there instead."""

    place: str
    wanted: str
    found: str


@frozen
class Result:
    """What became of one defect."""

    occurrence: Occurrence
    problems: tuple[Problem, ...] = ()

    @property
    def state(self) -> str:
        return LEFT if self.occurrence.left else FAILING if self.problems else REPAIRED


@frozen
class Report:
    """The results for all defects of a ledger, in its order."""

    results: tuple[Result, ...]

    def __bool__(self) -> bool:
        """Whether no defect is failing."""
        return not self.of(FAILING)

    def of(self, state: str) -> tuple[Result, ...]:
        return tuple(one for one in self.results if one.state == state)

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """Two tables and, below them, what fails; all of it when verbose, else each line and defect in short."""
        yield from _table("kind", self._by("kind"))
        yield ""
        severities = self._by("severity")
        yield from _table("severity", {name: severities[name] for name in SEVERITIES if name in severities})
        for one in self.of(LEFT) if verbose else ():
            yield ""
            yield f"{one.occurrence.id} {one.occurrence.severity}, left: {one.occurrence.where}"
            yield f"    {one.occurrence.left}"
        for one in self.of(FAILING):
            yield ""
            yield f"{one.occurrence.id} {one.occurrence.severity}: {one.occurrence.where}"
            for problem in one.problems if verbose else one.problems[:1]:
                for line in (f"  {problem.place}", f"    wanted: {problem.wanted}", f"    found:  {problem.found}"):
                    yield line if verbose or len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
            if not verbose and len(one.problems) > 1:
                yield f"  … and {len(one.problems) - 1} more checks of it"

    def as_json(self) -> dict[str, Any]:
        return {
            "by_kind": self._by("kind"),
            "by_severity": self._by("severity"),
            "defects": [
                {
                    "id": one.occurrence.id,
                    "where": one.occurrence.where,
                    "kind": one.occurrence.kind,
                    "severity": one.occurrence.severity,
                    "state": one.state,
                    **({"reason": one.occurrence.left} if one.occurrence.left else {}),
                    **({"problems": [asdict(problem) for problem in one.problems]} if one.problems else {}),
                }
                for one in self.results
            ],
        }

    def _by(self, quality: str) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for one in self.results:
            row = counts.setdefault(getattr(one.occurrence, quality), dict.fromkeys(_STATES, 0))
            row[one.state] += 1
        return dict(sorted(counts.items()))


def run(ledger: Ledger, document: Mapping[str, Any], *, root: Path) -> Report:
    """All checks of a ledger against a document, and all tests it names looked up below the project's folder."""
    lookup = Lookup(document)
    return Report(tuple(Result(one, tuple(_problems(one, lookup, root))) for one in ledger))


def _problems(occurrence: Occurrence, lookup: Lookup, root: Path) -> Iterator[Problem]:
    for check in occurrence.checks:
        found = check.failure(lookup)
        if found is not None:
            yield Problem(check.place(), check.wanted(), found)
    for test in occurrence.tests:
        file, *names = test.partition("[")[0].split("::")
        if "::".join(names) not in _tests_in(root / file):
            yield Problem(test, "a test that proves the repair", "there is no such test")


@cache
def _tests_in(file: Path) -> frozenset[str]:
    """The tests that a file defines, those of a class as `TestClass::test_name`."""
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except (OSError, UnicodeDecodeError, SyntaxError):
        return frozenset()
    return frozenset(_test_names(body, ""))


def _test_names(body: Iterable[ast.stmt], outer: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield outer + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _test_names(node.body, f"{outer}{node.name}::")


def _table(title: str, rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    total = {state: sum(row[state] for row in rows.values()) for state in _STATES}
    cells: list[Sequence[str]] = [(title, *_STATES)]
    cells += [(name, *(str(row[state]) for state in _STATES)) for name, row in (*rows.items(), ("total", total))]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for name, *numbers in cells:
        yield "  ".join(
            [name.ljust(widths[0]), *(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))]
        )
