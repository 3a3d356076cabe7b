"""Runs in turn: what is compared runs one after the other in every round, so that a busy machine slows all alike."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from benchmarks.rows import NotMeasured

T = TypeVar("T")
_LONGEST = 240  # seconds that one run may take
# All that a run is told of this machine: no setting of the interpreter's, and no address or token of a server's.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SPEC_MIRROR", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")


@frozen
class Turns(Generic[T]):
    """What each of several runs gave, a value a round, and why the others gave nothing."""

    values: dict[str, list[T]] = field(factory=dict)
    reasons: dict[str, str] = field(factory=dict)

    def of(self, name: str) -> list[T]:
        return self.values.get(name, [])


def take_turns(runs: Mapping[str, Callable[[], T]], rounds: int, *, fewer: Mapping[str, int] | None = None) -> Turns[T]:
    """Run all of them in every round, each round beginning with another one.

    A run that cannot be measured is left out of the rounds that follow.

    Args:
        fewer: the rounds of those that need not run in all of them.
    """
    turns: Turns[T] = Turns({name: [] for name in runs})
    names = list(runs)
    for number in range(rounds):
        start = number % len(names)
        for name in (*names[start:], *names[:start]):
            if name in turns.reasons or number >= (fewer or {}).get(name, rounds):
                continue
            try:
                turns.values[name].append(runs[name]())
            except NotMeasured as reason:
                turns.reasons[name] = str(reason)
                turns.values[name].clear()
    return turns


def environment(**more: str) -> dict[str, str]:
    """The environment variables of a run."""
    return {**{name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}, **more}


def answer(python: Path, arguments: Sequence[str | Path], *, timeout: float = _LONGEST) -> Any:
    """What a fresh interpreter prints as its last line, which is JSON.

    Raises:
        NotMeasured: it fails, or takes too long.
    """
    command = [str(python), "-I", *map(str, arguments)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(), timeout=timeout, check=False, cwd="/"
        )
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"it took more than {timeout:.0f} s") from None
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip() or done.stdout.strip() or f"status {done.returncode}").splitlines()
        raise NotMeasured(said[-1][:200])
    return json.loads(lines[-1])
