"""`python -m tests.contract`: what it prints, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.__main__ import main
from tests.contract.literal import USERS, line

Recordings = Callable[..., str]


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    def write(*lines: Any) -> str:
        text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
        (tmp_path / "one.jsonl").write_text(text)
        return str(tmp_path)

    return write


EQUAL = line("GET", f"{USERS}/a", answer={"metadata": {"name": "a"}})
PROBE = line("GET", f"{USERS}?bogus=1", answer={"items": [], "totalItems": 0})
LACKING = line("GET", "/apis/iam.kubesphere.io/v1alpha2/nowheres", answer={})


def test_a_run_without_a_difference_ends_with_0(recordings: Recordings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([recordings(EQUAL, PROBE)]) == 0

    printed = capsys.readouterr()
    counts = {words[1]: int(words[0]) for row in printed.out.splitlines() if (words := row.split(None, 1))}
    assert counts == {
        "equal": 1,
        "compared": 1,
        "different": 0,
        "untyped": 1,
        "a query key that the operation does not know": 1,
        "refused": 0,
        "no such operation": 0,
        "incomplete": 0,
        "exchanges": 2,
    }
    assert printed.err == ""


def test_a_run_with_a_difference_ends_with_1(recordings: Recordings, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = line("GET", f"{USERS}/a", answer="{broken")
    assert main([recordings(EQUAL, wrong, LACKING), "--list", "different"]) == 1

    first, detail, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("one.jsonl:2 by-hand: different, answer: error  |  GET /kapis/")
    assert first.endswith("|  iam.v1alpha2.get_user")
    assert detail.startswith("    sync and async: answer: error: recorded 200, found DecodeError")
    assert second.startswith("one.jsonl:3 by-hand: different, the client lacks an operation of crd.iam.v1alpha2")


def test_everything_is_listed_on_request(recordings: Recordings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([recordings(EQUAL, PROBE), "-v"]) == 0
    listed = [row for row in capsys.readouterr().out.splitlines() if row.startswith("one.jsonl:")]
    assert [row.partition(" ")[0] for row in listed] == ["one.jsonl:1", "one.jsonl:2"]


def test_machines_get_json(recordings: Recordings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([recordings(EQUAL, LACKING), "--json"]) == 1

    printed = json.loads(capsys.readouterr().out)
    assert printed["counts"]["equal"] == {"total": 1, "reasons": {"compared": 1}}
    assert [(one["file"], one["line"], one["sort"]) for one in printed["verdicts"]] == [
        ("one.jsonl", 1, "equal"),
        ("one.jsonl", 2, "different"),
    ]


@pytest.mark.parametrize(
    ("second", "says"),
    [("{", "one.jsonl:2: is not JSON"), ('{"request": {}}', "one.jsonl:2: request.method is missing.")],
)
def test_a_broken_line_ends_with_2_and_one_line(
    recordings: Recordings, capsys: pytest.CaptureFixture[str], second: str, says: str
) -> None:
    assert main([recordings(EQUAL, second)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert printed.err.count("\n") == 1


def test_a_directory_without_recordings_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "holds no recorded exchange" in capsys.readouterr().err


def test_a_name_cannot_move_the_cursor(recordings: Recordings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([recordings({**EQUAL, "name": "\x1b[2J\ud800"}), "-v"]) == 0
    assert "\\x1b[2J\\ud800" in capsys.readouterr().out


def test_a_release_that_was_not_generated_is_named(recordings: Recordings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([recordings(EQUAL), "--release", "release-9.9"]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "There is no generated/release-9.9.\nRun `make generate RELEASE=release-9.9`.\n"
