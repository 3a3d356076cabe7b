"""Run a command and print what it took: `spawn.py LONGEST COMMAND …`; the seconds after which it is stopped come first.

It is a program of its own because the system counts what a process had before it became the command: one that has much
in memory would lend it to all that it starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

_BETWEEN = 0.05  # seconds between two looks at the children
_PAGE = os.sysconf("SC_PAGE_SIZE")


def main(longest: float, command: list[str]) -> None:
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
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
        stopping.cancel()
        together.stop()
    # Of the command and of all children that it waited for, the largest; macOS counts bytes, others kibibytes.
    peak = resources.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(
        json.dumps(
            {
                "status": process.returncode,
                "seconds": seconds,
                "processor": resources.ru_utime + resources.ru_stime,
                "peak": peak,
                "together": max(together.most, peak),
                "said": said[-2000:],
            }
        )
    )


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
    try:
        with open(f"/proc/{process}/statm") as file:
            own = int(file.read().split()[1]) * _PAGE
        with open(f"/proc/{process}/task/{process}/children") as file:
            children = file.read().split()
    except (OSError, IndexError):
        return 0
    return own + sum(_resident(int(one)) for one in children)


main(float(sys.argv[1]), sys.argv[2:])
