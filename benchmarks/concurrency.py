"""1,000 calls at concurrency 50 to a server on this machine, in turn with bare httpx that has the same limits."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.bench import PROBES, Bench
from benchmarks.rows import OURS, Goal, Section, row
from benchmarks.turns import answer, environment, take_turns

_CALLS, _AT_ONCE = 1000, 50
_ROUNDS = 3
_REPEATS = {"sync": 3, "async": 1}  # a pool of 50 connections costs httpx several times as much in async
_HOW = {"sync": "threads", "async": "tasks"}


def concurrency(bench: Bench) -> list[Section]:
    """Threads that share a client, and tasks of an event loop."""
    bench.say(f"{_CALLS:,} calls, {_AT_ONCE} at once, to a server on this machine ...")
    rows = []
    with _server(bench.environments.python("plain")) as port:
        for how, workers in _HOW.items():
            runs = {who: partial(_probe, bench, who, how, port) for who in ("ours", "httpx")}
            turns = take_turns(runs, bench.rounds(_ROUNDS))
            ours, theirs = ([value for one in turns.of(who) for value in one] for who in runs)
            what = f"{_CALLS:,} calls, {_AT_ONCE} {workers}"
            rows.append(row(what, "httpx", theirs, note=turns.reasons.get("httpx", "")))
            rows.append(
                row(
                    what,
                    OURS,
                    ours,
                    against=theirs,
                    to="httpx",
                    goal=Goal(1.10),
                    bound="what one call costs more than httpx's, since one of them runs at a time; see above",
                    note=turns.reasons.get("ours", ""),
                )
            )
    about = (
        "Seconds on the clock for all of them. The server is a process of its own, on the loopback address; each worker "
        "has a connection, open before the clock starts. Each round is a fresh process."
    )
    return [Section(f"{_CALLS:,} calls at concurrency {_AT_ONCE}", rows, about)]


def _probe(bench: Bench, who: str, how: str, port: int) -> Any:
    numbers = map(str, (port, _CALLS, _AT_ONCE, _REPEATS[how]))
    return answer(bench.environments.python("plain"), [PROBES / "at_once.py", who, how, *numbers])


@contextmanager
def _server(python: Path) -> Iterator[int]:
    """The port of a server that runs as long as this is open."""
    command = [str(python), "-I", str(PROBES / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.communicate()  # its input ends, and so does it
