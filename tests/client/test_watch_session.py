"""What a watch asks for and yields, and how it goes on, without any input or output."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from kubesphere_client import (
    APIConnectionError,
    APIStatusError,
    DecodeError,
    GoneError,
    InvalidArgumentError,
    LoginError,
    NotAuthenticatedError,
    RateLimitedError,
    ServerError,
)
from kubesphere_client._watch_session import LONGEST_PAUSE, Session, check_watch

# Recording watch-05.
EXPIRED = {"kind": "Status", "message": "too old resource version: 1 (455)", "reason": "Expired", "code": 410}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def thing(name: str, version: str, uid: str | None = None) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": version, **({"uid": uid} if uid else {})}}


def answer(data: Any, status: int = 200, **headers: str) -> httpx.Response:
    request = httpx.Request("GET", "http://server/apis/g/v1/things")
    return httpx.Response(status, content=json.dumps(data), headers=headers, request=request)


def listing(*items: dict[str, Any], version: str = "100", **fields: Any) -> httpx.Response:
    return answer({"metadata": {"resourceVersion": version}, "items": items, **fields})


def line(kind: str, item: Any) -> bytes:
    return json.dumps({"type": kind, "object": item}).encode()


def session(clock: Callable[[], float] | None = None, **query: Any) -> Session[Any]:
    settings = {name: query.pop(name) for name in ("on_gone", "reconnect") if name in query}
    return Session("g.v1.list_things", lambda raw: raw, query, clock=clock or Clock(), chance=lambda: 1.0, **settings)


def status(kind: type[APIStatusError], code: int, **headers: str) -> APIStatusError:
    return kind("no", status_code=code, reason="", body=None, response=answer({}, code, **headers))


def started(**query: Any) -> Session[Any]:
    """A session whose watch has begun."""
    one = session(resourceVersion="5", **query)
    one.query()
    one.opened()
    return one


def told(one: Session[Any], response: httpx.Response) -> list[tuple[str, str]]:
    return [(event.type, event.object["metadata"]["name"]) for event in one.listed(response)]


def test_without_a_version_it_lists_and_watches_from_the_version_of_the_list() -> None:
    one = session(labelSelector="a=b")
    assert one.lists
    assert one.query() == {"labelSelector": "a=b", "resourceVersion": None}
    assert told(one, listing(thing("a", "3"), thing("b", "2"))) == [("ADDED", "a"), ("ADDED", "b")]
    one.ended()
    assert (one.lists, one.is_over, one.pause) == (False, False, 0.0)
    asked = one.query()
    assert (asked["watch"], asked["resourceVersion"], asked["allowWatchBookmarks"]) == (True, "100", True)
    assert asked["labelSelector"] == "a=b"


def test_version_zero_lists_what_the_server_has_at_hand() -> None:
    one = session(resourceVersion="0")
    assert one.lists
    assert one.query() == {"resourceVersion": "0"}


def test_with_a_version_it_watches_at_once() -> None:
    one = session(resourceVersion="5")
    assert not one.lists
    assert one.query()["resourceVersion"] == "5"


def test_the_version_of_each_event_is_followed_and_that_of_bookmarks_too() -> None:
    one = started()
    event = one.event(line("MODIFIED", thing("a", "7")), answer({}))
    assert event is not None
    assert event.type == "MODIFIED"
    assert one.query()["resourceVersion"] == "7"
    assert one.event(line("BOOKMARK", thing("", "9")), answer({})) is None
    assert one.query()["resourceVersion"] == "9"


def test_bookmarks_are_yielded_where_they_were_asked_for() -> None:
    event = started(allowWatchBookmarks=True).event(line("BOOKMARK", thing("", "9")), answer({}))
    assert event is not None
    assert event.type == "BOOKMARK"


def test_without_reconnects_it_asks_for_what_it_was_told_and_ends_with_the_stream() -> None:
    one = session(reconnect=False)
    assert not one.lists
    assert one.query() == {
        "watch": True,
        "allowWatchBookmarks": None,
        "resourceVersion": None,
        "timeoutSeconds": None,
    }
    one.opened()
    assert not one.survives(APIConnectionError("broken"))
    one.ended()
    assert one.is_over


def test_after_a_gone_version_it_tells_what_changed_meanwhile() -> None:
    one = session()
    told(one, listing(thing("same", "1"), thing("changed", "2"), thing("vanished", "3"), thing("anew", "4", uid="u1")))
    one.ended()
    one.query()
    one.event(line("ADDED", thing("later", "101")), answer({}))
    one.event(line("DELETED", thing("same", "102")), answer({}))
    one.event(line("ADDED", thing("same", "103")), answer({}))
    with pytest.raises(GoneError) as caught:
        one.event(line("ERROR", EXPIRED), answer({}))
    assert one.survives(caught.value)
    assert (one.lists, one.query()["resourceVersion"]) == (True, None)
    now = listing(
        thing("same", "103"),
        thing("changed", "200"),
        thing("anew", "201", uid="u2"),
        thing("new", "202"),
        version="300",
    )
    assert told(one, now) == [
        ("DELETED", "vanished"),
        ("DELETED", "anew"),
        ("DELETED", "later"),
        ("MODIFIED", "changed"),
        ("ADDED", "anew"),
        ("ADDED", "new"),
    ]
    assert one.query()["resourceVersion"] == "300"


def test_a_gone_version_is_raised_where_that_is_asked_for() -> None:
    assert not started(on_gone="raise").survives(status(GoneError, 410))


def test_a_version_that_was_gone_from_the_start_is_listed_instead() -> None:
    one = session(resourceVersion="1")
    one.query()
    assert one.survives(status(GoneError, 410))
    assert one.lists


@pytest.mark.parametrize(
    "error",
    [
        APIConnectionError("broken"),
        status(RateLimitedError, 429),
        status(ServerError, 500),
        status(ServerError, 503),
        LoginError("", status_code=500, reason="", body=None, response=answer({}, 500)),
    ],
)
def test_what_may_pass_is_survived_once_the_watch_has_begun(error: Any) -> None:
    assert started().survives(error)
    one = session(resourceVersion="5")
    one.query()
    assert not one.survives(error)


@pytest.mark.parametrize(
    "error",
    [
        status(NotAuthenticatedError, 401),
        status(APIStatusError, 404),
        status(ServerError, 501),
        DecodeError("", response=answer({})),
        # The account may be locked (recording lockout-11): asking again would prolong that.
        LoginError("", status_code=429, reason="", body=None, response=answer({}, 429)),
    ],
)
def test_what_does_not_pass_is_raised(error: Any) -> None:
    assert not started().survives(error)


def test_pauses_double_up_to_the_longest_and_begin_anew_after_an_event() -> None:
    one = started()
    pauses = []
    for _ in range(9):
        one.survives(APIConnectionError("broken"))
        pauses.append(one.pause)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, LONGEST_PAUSE, LONGEST_PAUSE]
    one.event(line("ADDED", thing("a", "7")), answer({}))
    one.survives(APIConnectionError("broken"))
    assert one.pause == 0.5


def test_half_of_a_pause_is_chance() -> None:
    one = Session("x", lambda raw: raw, {"resourceVersion": "5"}, chance=lambda: 0.0)
    one.query()
    one.opened()
    one.survives(APIConnectionError("broken"))
    assert one.pause == 0.25


def test_the_server_says_how_long_to_wait_and_is_heard_within_reason() -> None:
    one = started()
    one.survives(status(RateLimitedError, 429, **{"Retry-After": "7"}))
    assert one.pause == 7.0
    one.survives(status(RateLimitedError, 429, **{"Retry-After": "86400"}))
    assert one.pause == 120.0


def test_a_stream_that_the_server_ends_goes_on_at_once_but_not_again_and_again() -> None:
    one = started()
    pauses = []
    for _ in range(3):
        one.query()
        one.ended()
        pauses.append(one.pause)
    assert pauses == [0.0, 1.0, 2.0]


def test_a_server_that_ends_each_stream_after_an_event_is_not_asked_without_pause() -> None:
    one = started()
    pauses = []
    for number in range(3):
        one.query()
        one.event(line("MODIFIED", thing("a", str(number))), answer({}))
        one.ended()
        pauses.append(one.pause)
    assert pauses == [0.0, 0.5, 0.5]


def test_the_server_may_name_the_time_until_which_to_wait() -> None:
    one = started()
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    one.survives(status(RateLimitedError, 429, **{"Retry-After": at}))
    assert 50 < one.pause <= 60


def test_a_silent_stream_that_was_long_open_is_no_failure() -> None:
    clock = Clock()
    one = session(clock, resourceVersion="5")
    for _ in range(3):
        one.query()
        clock.now += 60
        one.ended()
        assert one.pause == 0.0


def test_the_time_limit_is_one_for_all_streams() -> None:
    clock = Clock()
    one = session(clock, resourceVersion="5", timeoutSeconds=60)
    assert one.query()["timeoutSeconds"] == 60
    one.opened()
    clock.now = 20.5
    assert one.survives(APIConnectionError("broken"))
    assert one.query()["timeoutSeconds"] == 40
    clock.now = 59.9
    assert one.survives(APIConnectionError("broken"))
    assert one.pause == pytest.approx(0.1)
    clock.now = 60.0
    one.ended()
    assert one.is_over
    assert not one.survives(APIConnectionError("the last error is told"))


def test_a_list_names_the_kind_of_its_items_where_they_do_not() -> None:
    one = session()
    (event,) = one.listed(listing(thing("a", "1"), kind="PodList", apiVersion="v1"))
    assert (event.object["kind"], event.object["apiVersion"]) == ("Pod", "v1")


@pytest.mark.parametrize("data", [[], {"items": "x"}, "x", {"items": {}}])
def test_a_list_that_is_none_is_an_error(data: Any) -> None:
    with pytest.raises(DecodeError, match="list"):
        session().listed(answer(data))


def test_an_event_that_was_cut_off_is_left_to_the_next_stream() -> None:
    assert started().last_event(b'{"type": "ADD', answer({})) is None
    with pytest.raises(DecodeError):
        session(reconnect=False).last_event(b'{"type": "ADD', answer({}))


@pytest.mark.parametrize("limit", [-1, 1.5, True, "60"])
def test_a_time_limit_must_be_whole_seconds(limit: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="timeout_seconds must be a whole number"):
        check_watch({"timeoutSeconds": limit}, "relist", "x")


def test_on_gone_is_one_of_two() -> None:
    with pytest.raises(InvalidArgumentError, match='must be "relist" or "raise"'):
        check_watch({}, "list", "x")
