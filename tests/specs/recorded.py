"""The exchanges that the tests of the worst defects rest on: recorded ones by name, and a few that nobody could record."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.contract.exchange import Answer, Exchange
from tests.contract.recording import read_recordings

HERE = Path(__file__).parent / "recordings"
CONTRACT = Path(__file__).parents[1] / "contract" / "recordings"


def recorded(name: str) -> Exchange:
    """An exchange with the real server: from recordings/worst.jsonl, or from those of tests/contract."""
    return _by_name()[name]


def exchange_of(
    operation: str,
    answer: Any = None,
    *,
    sent: Any = None,
    status: int = 200,
    media: str = "application/json",
) -> Exchange:
    """An exchange that the server's sources promise, where no recording has one.

    Args:
        operation: `METHOD /path?query`.
        answer: what the body says, text or JSON; None for none.
        sent: the JSON that was sent; None for none.
    """
    method, _, target = operation.partition(" ")
    return Exchange(
        file="made up",
        line=0,
        name=operation,
        method=method,
        target=target,
        answer=Answer(status, (("Content-Type", media),), _body(answer) or b""),
        headers=() if sent is None else (("content-type", "application/json"),),
        body=_body(sent),
    )


def _body(value: Any) -> bytes | None:
    if value is None:
        return None
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@cache
def _by_name() -> dict[str, Exchange]:
    return {one.name: one for folder in (CONTRACT, HERE) for one in read_recordings(folder)}
