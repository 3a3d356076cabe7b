"""What a command takes: seconds on the clock, and the peak of its memory and of its children's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from benchmarks.rows import NotMeasured

_SPAWN = Path(__file__).with_name("probes") / "spawn.py"


@frozen
class Used:
    """What a command took: `peak` is the largest of its processes, `together` the most that all of them had at once.

    `seconds` are on the clock, `processor` of the processors.
    """

    seconds: float
    processor: float
    peak: int
    together: int


def used(
    command: Sequence[str], variables: Mapping[str, str], *, allowed: Sequence[int] = (0,), longest: float = 240
) -> Used:
    """Run a command to its end.

    Args:
        longest: the seconds after which it is stopped.

    Raises:
        NotMeasured: it takes longer, or ends with another status than those allowed.
    """
    spawn = [sys.executable, "-I", "-S", str(_SPAWN), str(longest), *command]
    done = subprocess.run(spawn, env=dict(variables), stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout)
    status, said = told.pop("status"), told.pop("said").strip().splitlines()
    if status < 0 and told["seconds"] >= longest:
        raise NotMeasured(f"it took more than {longest:.0f} s")
    if status not in allowed:
        raise NotMeasured((" ".join(said[-2:]) or f"status {status}")[-200:])
    return Used(**told)
