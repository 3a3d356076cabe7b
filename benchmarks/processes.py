"""What a command takes: seconds on the clock, and the peak of its memory and of its children's."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from benchmarks.rows import NotMeasured

_BETWEEN = 0.05  # seconds between two looks at the children
_PAGE = os.sysconf("SC_PAGE_SIZE")


@frozen
class Used:
    """What a command took: `peak` is the largest of its processes, `together` the most that all of them had at once.

    `seconds` are on the clock, `processor` of the processors.
    """

    seconds: float
    processor: float
    peak: int
    together: int
    output: str


def used(
    command: Sequence[str], variables: Mapping[str, str], *, allowed: Sequence[int] = (0,), longest: float = 240
) -> Used:
    """Run a command to its end.

    Args:
        longest: the seconds after which it is stopped.

    Raises:
        NotMeasured: it takes longer, or ends with another status than those allowed.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=dict(variables), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        together = _Together(process.pid)
        together.start()
        stopping = threading.Timer(longest, process.kill)
        stopping.start()
        assert process.stdout is not None
        said = process.stdout.read().decode(errors="replace")
        _, status, resources = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        together.stop()
        stopping.cancel()
    if process.returncode < 0 and seconds >= longest:
        raise NotMeasured(f"it took more than {longest:.0f} s")
    if process.returncode not in allowed:
        raise NotMeasured((said.strip().splitlines() or [f"status {process.returncode}"])[-1][:200])
    # Of the command and of all children that it waited for, the largest; macOS counts bytes, others kibibytes.
    peak = resources.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)
    return Used(seconds, resources.ru_utime + resources.ru_stime, peak, max(together.most, peak), said)


class _Together(threading.Thread):
    """Looks at a process and all below it now and then, and keeps the most memory that they had at once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._done = threading.Event()
        self.most = 0

    def run(self) -> None:
        while not self._done.wait(_BETWEEN):
            self.most = max(self.most, _resident(self._process))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _resident(process: int) -> int:
    """The resident memory of a process and all below it; 0 of one that is gone, or of a system that does not say."""
    folder = Path(f"/proc/{process}")
    try:
        own = int((folder / "statm").read_text().split()[1]) * _PAGE
        children = (folder / "task" / str(process) / "children").read_text().split()
    except (OSError, IndexError):
        return 0
    return own + sum(_resident(int(one)) for one in children)
