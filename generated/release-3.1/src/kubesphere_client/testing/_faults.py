"""What a test wants to go wrong: answers out of the ordinary and connections that break, in the order they were queued."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from kubesphere_client.testing._messages import Answer, ReceivedRequest

Breakage = Literal[
    "closed",
    "reset",
    "reset-in-headers",
    "reset-in-body",
    "slow-body",
    "half-body",
    "length-too-long",
    "length-too-short",
    "redirect-loop",
    "silence",
]
"""How an exchange can break:

- `closed`: the connection is closed without a byte, as after a panic; `reset`: the same with a TCP reset;
- `reset-in-headers`, `reset-in-body`: a TCP reset in the middle of the headers, or of the body;
- `slow-body`: a pause of `delay` seconds before each byte of the body;
- `half-body`: half of the body, and a Content-Length that agrees with it: JSON that stops in the middle;
- `length-too-long`, `length-too-short`: a Content-Length that is ten bytes off;
- `redirect-loop`: a redirect to the same path; `silence`: no answer, until the client gives up.
"""

BREAKAGES: tuple[str, ...] = get_args(Breakage)
Where = str | Callable[[ReceivedRequest], bool]


@dataclass
class Fault:
    """One queued fault: what it waits for, what happens then and how often."""

    where: Where
    answer: Answer | None = None
    breakage: Breakage | None = None
    delay: float = 0.0
    times: int | None = 1

    def matches(self, request: ReceivedRequest) -> bool:
        if callable(self.where):
            return self.where(request)
        method, space, path = self.where.rpartition(" ")
        if space and method != request.method:
            return False
        if path.endswith("*"):
            return request.path.startswith(path.removesuffix("*"))
        return request.path == path


class Faults:
    """The queue. The first fault that matches a request is used, and used up."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        if fault.breakage is not None and fault.breakage not in BREAKAGES:
            raise ValueError(f"{fault.breakage!r} is no way to break. Use one of {', '.join(BREAKAGES)}.")
        if fault.times is not None and fault.times < 1:
            raise ValueError(f"times={fault.times}: use at least 1, or None for ever.")
        with self._lock:
            self._queue.append(fault)

    def next_for(self, request: ReceivedRequest) -> Fault | None:
        with self._lock:
            for fault in self._queue:
                if fault.matches(request):
                    if fault.times is not None:
                        fault.times -= 1
                        if not fault.times:
                            self._queue.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()

    def pending(self) -> int:
        """How many are still to come; those without an end count as one."""
        with self._lock:
            return sum(fault.times or 1 for fault in self._queue)
