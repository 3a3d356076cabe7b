"""What is said to be a log that grows or a terminal has to be one, and no two methods share a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.package import Operation
from generator.parse import parse
from generator.refine import refine
from generator.release import Release
from tests.generator.documents import answers, document, operation, parameter

RELEASE = Release("release-1.0", "1.0.0", "Test", Path(), (), (), Path())
GROWS = {"x-kubesphere-growing-log": True}
OPENS = {"x-kubesphere-websocket": True}
TEXT = answers({"type": "string"}, "text/plain")
OPENED = {"101": {"description": "open"}}


def refined(*named: dict[str, Any], method: str = "get") -> tuple[Operation, ...]:
    paths = {f"/a{number}": {method: one} for number, one in enumerate(named)}
    return refine(parse(document(paths)), RELEASE).operations()


def test_a_log_that_grows_has_a_method_that_follows_it() -> None:
    (found,) = refined(operation("g.get_log", responses=TEXT, parameters=[parameter("start")], **GROWS))

    assert found.methods == ("get_log", "follow_log")


@pytest.mark.parametrize(
    "members",
    [
        {"responses": TEXT},
        {"parameters": [parameter("start")]},
        {"responses": TEXT, "parameters": [parameter("start"), parameter("run", required=True)]},
    ],
)
def test_a_log_that_could_not_be_followed_stops_the_run(members: dict[str, Any]) -> None:
    with pytest.raises(GeneratorError, match="GET /a0 has x-kubesphere-growing-log, but is no GET of text"):
        refined(operation("g.get_log", **members, **GROWS))


def test_a_terminal_is_a_get_that_is_answered_with_101() -> None:
    assert refined(operation("g.open", responses=OPENED, **OPENS))[0].websocket
    with pytest.raises(GeneratorError, match="GET /a0 has x-kubesphere-websocket, but is no GET that is"):
        refined(operation("g.open", **OPENS))
    with pytest.raises(GeneratorError, match="POST /a0 has x-kubesphere-websocket, but is no GET that is"):
        refined(operation("g.open", responses=OPENED, **OPENS), method="post")


def test_a_method_that_follows_or_watches_takes_no_others_name() -> None:
    log = operation("g.get_log", responses=TEXT, parameters=[parameter("start")], **GROWS)

    with pytest.raises(GeneratorError, match=r"would both be g\.follow_log\.\nGive a variant another name"):
        refined(log, operation("g.follow_log"))
