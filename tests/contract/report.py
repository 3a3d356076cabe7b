"""What a run came to: a table and lists for people, JSON for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.contract.contract import Verdict
from tests.contract.plans import Sort

_LONGEST_NAME = 60


def table(verdicts: Sequence[Verdict]) -> str:
    """How many exchanges are of each sort, and for which reasons."""
    lines = []
    for sort in Sort:
        reasons = Counter(verdict.reason for verdict in verdicts if verdict.sort is sort)
        lines.append(f"{reasons.total():>6}  {sort.value}")
        lines += [f"{'':8}{number:>6}  {reason}" for reason, number in _largest_first(reasons)]
    lines.append(f"{len(verdicts):>6}  exchanges")
    return "\n".join(lines)


def listing(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """A line for each exchange, and one below it for each difference."""
    for verdict in verdicts:
        exchange = verdict.exchange
        parts = [
            f"{exchange.place} {_ascii(exchange.name)}: {verdict.sort.value}, {verdict.reason}",
            f"{exchange.method} {_ascii(exchange.path)}",
            *([verdict.operation] if verdict.operation else []),
        ]
        yield "  |  ".join(parts)
        for modes, what, detail in _differences(verdict):
            yield f"    {modes}: {what}: {detail}"


def as_json(folder: str, verdicts: Sequence[Verdict]) -> str:
    """The same for machines: counts by sort and reason, and every exchange."""
    by_sort = {sort: Counter(one.reason for one in verdicts if one.sort is sort) for sort in Sort}
    content = {
        "recordings": folder,
        "exchanges": len(verdicts),
        "counts": {
            sort.value: {"total": reasons.total(), "reasons": dict(_largest_first(reasons))}
            for sort, reasons in by_sort.items()
        },
        "verdicts": [
            {
                "file": one.exchange.file,
                "line": one.exchange.line,
                "name": one.exchange.name,
                "sort": one.sort.value,
                "reason": one.reason,
                "operation": one.operation or None,
                "artefact": one.exchange.artefact,
                "differences": [
                    {"client": mode, "what": difference.what, "detail": difference.detail}
                    for mode, difference in one.differences
                ],
            }
            for one in verdicts
        ],
    }
    return json.dumps(content, indent=2)


def _differences(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Each difference once, with the clients that it was found with."""
    modes: dict[tuple[str, str], list[str]] = {}
    for mode, difference in verdict.differences:
        modes.setdefault((difference.what, difference.detail), []).append(mode)
    for (what, detail), found_with in modes.items():
        yield " and ".join(found_with), what, detail


def _largest_first(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda one: (-one[1], one[0]))


def _ascii(text: str) -> str:
    return ascii(text if len(text) <= 2 * _LONGEST_NAME else text[: 2 * _LONGEST_NAME] + "…")[1:-1]
