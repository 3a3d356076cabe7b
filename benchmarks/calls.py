"""One call with a tiny answer, against httpx and `.json()` on the same transport without network."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.bench import PROBES, Bench
from benchmarks.rows import OURS, Goal, Row, Section, absent, row
from benchmarks.turns import answer, take_turns

_WHO = {
    OURS: ("plain", "ours"),
    f"{OURS} with [speed]": ("speed", "ours"),
    "openapi-python-client": ("openapi-python-client", "openapi-python-client"),
    "crozier": ("crozier", "crozier"),
}
_HTTPX = "httpx and .json()"
_BLOCKS, _CALLS, _ROUNDS = 20, 100, 3


def call(bench: Bench) -> list[Section]:
    """`get_user` and what the peers call it, sync and async."""
    bench.say("Calls on a transport without network ...")
    rows = []
    for how in ("sync", "async"):
        turns = take_turns({who: partial(_probe, bench, who, how) for who in _WHO}, bench.rounds(_ROUNDS))
        rows += [_row(who, how, turns.of(who), turns.reasons.get(who)) for who in _WHO]
    about = (
        f"Seconds of processor time of one call of `get_user`, in blocks of {_CALLS} that take turns with {_HTTPX} in one "
        "process: both send the same header and get the same answer of an httpx.MockTransport."
    )
    return [Section("One call, tiny answer", rows, about)]


def _row(who: str, how: str, several: list[Any], reason: str | None) -> Row:
    goal = Goal(1.15) if who.startswith(OURS) else None
    if reason is not None:
        return absent(f"one call, {how}", who, reason, goal=goal)
    ours, theirs = ([value for one in several for value in one[number]] for number in (0, 1))
    bound = "arguments checked, the address and the headers made, the token fetched, the answer judged, its model made"
    return row(f"one call, {how}", who, ours, unit="us", against=theirs, to=_HTTPX, goal=goal, bound=bound)


def _probe(bench: Bench, who: str, how: str) -> Any:
    environment, name = _WHO[who]
    python = bench.environments.python(environment) if name == "ours" else bench.peer(environment, "kubesphere")
    return answer(python, [PROBES / "call.py", name, how, str(_BLOCKS), str(_CALLS)])
