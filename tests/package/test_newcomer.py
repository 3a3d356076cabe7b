"""The script of a newcomer runs against recorded exchanges, sends what was recorded, and checks without a cast."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.contract.exchange import Answer, Exchange
from tests.contract.recording import read_line
from tests.contract.replay import Replay, Seen

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "generated" / "release-3.0" / "src"
SCRIPT = HERE / "newcomer.py"
EXCHANGES = [read_line(line) for line in (HERE / "recordings" / "newcomer.jsonl").read_bytes().splitlines()]
PRINTED = """\
created demo-ws 2026-11-23T23:52:00Z
one of 3 workspaces: demo-ws2
project ns1 is Active
member alice alice@example.com
alice is now demo-ws-regular
project ns2 {'kubesphere.io/namespace': 'ns2', 'kubesphere.io/workspace': 'demo-ws'}
project ns1 {'kubesphere.io/namespace': 'ns1', 'kubesphere.io/workspace': 'demo-ws'}
project demo {'kubesphere.io/namespace': 'demo', 'kubesphere.io/workspace': 'demo-ws'}
member alice is viewer
workspace {'kubesphere.io/alias-name': 'Demo', 'kubesphere.io/description': 'd', 'p': '1'}
project {'p': '1'}
role {'p': '1'}
no workspace zzz: 404 workspacetemplate.tenant.kubesphere.io "zzz" not found
role r1: success
member alice: success
"""


class InOrder(Replay):
    """Answers one request after the other with what was recorded, whatever it asks for."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        super().__init__()
        self._answers = iter([one.answer for one in exchanges])

    def take(self, request: Seen) -> Answer:
        self.seen.append(request)
        return next(self._answers, Answer(status=418))


@pytest.fixture(scope="module")
def ran() -> Iterator[tuple[subprocess.CompletedProcess[str], list[Seen]]]:
    with InOrder(EXCHANGES) as server:
        run = subprocess.run(
            [sys.executable, str(SCRIPT), server.url],
            env={"PYTHONPATH": str(PACKAGE)},
            capture_output=True,
            text=True,
            check=False,
        )
        yield run, server.seen


Ran = tuple[subprocess.CompletedProcess[str], list[Seen]]


def test_the_script_says_what_the_server_answered(ran: Ran) -> None:
    run, _ = ran
    assert (run.stdout, run.stderr) == (PRINTED, "")


def test_it_asks_for_what_was_recorded(ran: Ran) -> None:
    _, seen = ran
    assert [(one.method, one.target) for one in seen] == [(one.method, one.target) for one in EXCHANGES]


@pytest.mark.parametrize("number", range(len(EXCHANGES)), ids=[one.name for one in EXCHANGES])
def test_it_sends_the_recorded_body(ran: Ran, number: int) -> None:
    seen, recorded = ran[1][number], EXCHANGES[number]
    assert seen.header("content-type") == recorded.header("content-type")
    assert _meaning(seen.body) == _meaning(recorded.body)


def test_it_logs_in_once_and_bears_that_token(ran: Ran) -> None:
    given = json.loads(EXCHANGES[0].answer.content)["access_token"]
    login, *others = ran[1]
    assert login.header("authorization") == ""
    assert {one.header("authorization") for one in others} == {f"Bearer {given}"}


def test_it_checks_without_a_cast() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(SCRIPT)],
        cwd=HERE.parents[1],
        env={"MYPYPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout == "Success: no issues found in 1 source file\n"
    assert re.findall(r"\bcast\b|\bAny\b|type: ignore", SCRIPT.read_text(encoding="utf-8")) == []


def _meaning(body: bytes | None) -> Any:
    """A body as JSON, or as it is; kind and apiVersion need not be sent to /kapis (evidence/server.md §4)."""
    if not body or not body.startswith((b"{", b"[")):
        return body or b""
    data = json.loads(body)
    return (
        {key: value for key, value in data.items() if key not in ("kind", "apiVersion")} if body[:1] == b"{" else data
    )
