"""What tests ask of connections: how many a client holds, and whether something that takes a moment has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def pooled(ks: Any) -> int:
    """The connections that the client holds."""
    sender = ks._sender
    client = sender._client if hasattr(sender, "_client") else sender._connections.client()
    return len(client._transport._pool.connections)


def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so; five seconds are enough."""
    deadline = time.monotonic() + 5
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)
