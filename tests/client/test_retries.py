"""A call is made again where it failed in passing, and never where that could do something twice."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kubesphere_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncKubeSphere,
    ConfigError,
    KubeSphere,
    NotFoundError,
    RateLimitedError,
    ServerError,
    _retry,
)
from kubesphere_client._retry import Attempts, backoff
from tests.client.scripted_server import ScriptedServer, answer, nothing, resets, says, stalls

USER = "/kapis/iam.kubesphere.io/v1alpha2/users/jane"
OK = answer(200, b'{"metadata": {"name": "jane"}}')
BROKEN = says(answer(200, b'{"metadata": ', length=100))


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What would have been waited for."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(time, "sleep", waited.append)
    sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds, *rest: pause(seconds) if seconds else sleep(0, *rest))
    yield waited
    monkeypatch.undo()


def call(server: ScriptedServer, method: str, *, asynchronous: bool = False, **options: Any) -> Any:
    """The value of one call, by a client of its own."""
    settings: dict[str, Any] = {"auth": None, "timeout": 1.0, "trust_env": False}

    def operation(ks: Any) -> Any:
        group = ks.iam.v1alpha2
        return {
            "GET": lambda: group.get_user("jane", **options),
            "DELETE": lambda: group.delete_user("jane", **options),
            "POST": lambda: group.create_user({"metadata": {"name": "jane"}}, **options),
            "PUT": lambda: group.replace_user("jane", {"metadata": {"name": "jane"}}, **options),
            "PATCH": lambda: ks.tenant.v1alpha2.patch_workspace("demo", {"metadata": {}}, **options),
        }[method]()

    async def run() -> Any:
        async with AsyncKubeSphere(server.url, **settings) as ks:
            return await operation(ks)

    if asynchronous:
        return asyncio.run(run())
    with KubeSphere(server.url, **settings) as ks:
        return operation(ks)


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_refusal_is_tried_again(status: int, asynchronous: bool, pauses: list[float]) -> None:
    with ScriptedServer(answer(status), answer(status), OK) as server:
        assert call(server, "GET", asynchronous=asynchronous).metadata.name == "jane"
    assert len(server.requests) == 3
    assert [0.25 <= pauses[0] <= 0.5, 0.5 <= pauses[1] <= 1.0] == [True, True]


@both
def test_at_last_the_refusal_is_raised(asynchronous: bool) -> None:
    with ScriptedServer(answer(503)) as server, pytest.raises(ServerError):
        call(server, "GET", asynchronous=asynchronous)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 404, 409, 500, 501])
def test_other_refusals_are_final(status: int) -> None:
    with ScriptedServer(answer(status)) as server, pytest.raises(Exception, match=str(status)):
        call(server, "GET")
    assert len(server.requests) == 1


@both
@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("failure", [answer(503), answer(429), nothing, resets(), BROKEN])
def test_what_may_have_been_done_is_not_done_twice(method: str, failure: Any, asynchronous: bool) -> None:
    with ScriptedServer(failure, OK) as server, pytest.raises((APIConnectionError, ServerError, RateLimitedError)):
        call(server, method, asynchronous=asynchronous)
    assert server.methods() == [method]


@both
@pytest.mark.parametrize("method", ["POST", "PATCH", "GET"])
def test_what_did_not_reach_the_server_is_sent_again(
    method: str, asynchronous: bool, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    server = ScriptedServer(OK)
    server.url = url
    with server, pytest.raises(APIConnectionError) as error:
        call(server, method, asynchronous=asynchronous)
    assert error.value.failure == "unsent"
    assert len(pauses) == 2


@both
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("failure", [resets(b"HTTP/1.1 200 OK\r\nContent-"), BROKEN, says(b"HTTP/1.1 200")])
def test_a_broken_answer_is_asked_for_again(method: str, failure: Any, asynchronous: bool) -> None:
    with ScriptedServer(failure, OK) as server:
        call(server, method, asynchronous=asynchronous)
    assert server.methods() == [method, method]


@both
@pytest.mark.parametrize("failure", [nothing, resets()])
def test_a_connection_closed_without_an_answer_is_tried_once_more_only(failure: Any, asynchronous: bool) -> None:
    # The server closes it when a handler panics, which it does again on the same call (recording res-111).
    with ScriptedServer(failure) as server, pytest.raises(APIConnectionError) as error:
        call(server, "GET", asynchronous=asynchronous, max_retries=5)
    assert server.methods() == ["GET", "GET"]
    assert error.value.failure == "unanswered"


@both
def test_time_that_is_up_is_up(asynchronous: bool) -> None:
    with ScriptedServer(stalls(seconds=30.0)) as server, pytest.raises(APITimeoutError):
        call(server, "GET", asynchronous=asynchronous, timeout=0.2)
    assert len(server.requests) == 1


@both
@pytest.mark.parametrize(
    "missing",
    [
        answer(404, b'users.iam.kubesphere.io "jane" not found'),
        answer(500, b'user.iam.kubesphere.io "jane" not found\n'),
    ],
)
@pytest.mark.parametrize("failure", [nothing, BROKEN])
def test_what_a_lost_attempt_deleted_is_deleted(failure: Any, missing: bytes, asynchronous: bool) -> None:
    with ScriptedServer(failure, missing) as server:
        assert call(server, "DELETE", asynchronous=asynchronous).message == "success"


def test_a_custom_resource_that_a_lost_attempt_deleted_gives_a_status() -> None:
    with ScriptedServer(nothing, answer(404)) as server, KubeSphere(server.url, auth=None) as ks:
        assert ks.crd.iam.v1alpha2.delete_user("jane")["status"] == "Success"


@pytest.mark.parametrize("first", [answer(503), answer(429)])
def test_what_was_refused_before_it_was_deleted_was_never_there(first: bytes) -> None:
    with ScriptedServer(first, answer(404)) as server, pytest.raises(NotFoundError):
        call(server, "DELETE")


@both
def test_the_server_says_when_to_come_back(asynchronous: bool, pauses: list[float]) -> None:
    with ScriptedServer(answer(503, b"", "Retry-After: 7"), answer(429, b"", "Retry-After: 1"), OK) as server:
        call(server, "GET", asynchronous=asynchronous)
    assert pauses == [7.0, 1.0]


def test_a_date_to_come_back_at_is_understood(pauses: list[float]) -> None:
    past = "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"
    with ScriptedServer(answer(503, b"", past), OK) as server:
        call(server, "GET")
    assert pauses == [0.0]


@pytest.mark.parametrize("wish", ["3600", "99999999999999999999", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_long_time_is_not_waited_for(wish: str, pauses: list[float]) -> None:
    with ScriptedServer(answer(503, b"", f"Retry-After: {wish}"), OK) as server, pytest.raises(ServerError):
        call(server, "GET")
    assert pauses == []


@pytest.mark.parametrize(
    "wish",
    ["soon", "-5", "1.5", "٣", "", "Wed, 01 Jan 2020 00:00:99999999999999999999 GMT", "Wed, 99999999999999999999"],
)
def test_a_wish_that_cannot_be_read_is_none(wish: str, pauses: list[float]) -> None:
    said = f"Retry-After: {wish}".encode().decode("latin-1")
    with ScriptedServer(answer(503, b"").replace(b"\r\n\r\n", f"\r\n{said}\r\n\r\n".encode("latin-1")), OK) as server:
        call(server, "GET")
    assert 0.25 <= pauses[0] <= 0.5


def test_the_number_of_retries_is_set_for_a_client_and_for_a_call() -> None:
    with ScriptedServer(answer(503)) as server, KubeSphere(server.url, auth=None, max_retries=1) as ks:
        for client, options, expected in (
            (ks, {}, 2),
            (ks, {"max_retries": 0}, 1),
            (ks.with_options(max_retries=3), {}, 4),
        ):
            server.requests.clear()
            with pytest.raises(ServerError):
                client.iam.v1alpha2.get_user("jane", **options)
            assert len(server.requests) == expected


@pytest.mark.parametrize("wrong", [-1, True, 1.0, "2", None])
def test_a_number_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigError, match="max_retries must be a whole number"):
        KubeSphere("http://ks", auth=None, max_retries=wrong)


def test_a_stream_that_cannot_be_sent_again_is_sent_once() -> None:
    with (
        ScriptedServer(answer(503), OK) as server,
        KubeSphere(server.url, auth=None) as ks,
        pytest.raises(ServerError),
    ):
        ks.request("PUT", USER, body=iter([b"{}"]), content_type="application/json")
    # The server may read the chunks of the body apart from the head.
    assert sum(request.startswith(b"PUT ") for request in server.requests) == 1


def test_each_retry_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "kubesphere_client"), ScriptedServer(answer(503), OK) as server:
        call(server, "GET")
    assert caplog.messages[0].startswith("iam.v1alpha2.get_user: status 503; trying again in 0.")


def test_pauses_grow_to_a_limit_and_differ() -> None:
    for attempt in range(40):
        longest = min(8.0, 0.5 * 2**attempt)
        assert longest / 2 <= backoff(attempt) <= longest
    assert len({backoff(3) for _ in range(20)}) > 1


def test_no_attempt_is_left_after_the_last() -> None:
    attempts = Attempts("GET", 1)
    error = APIConnectionError("broken", failure="broken")
    assert attempts.after_error(error) is not None
    assert attempts.after_error(error) is None
    assert not attempts.deleted_before


def test_the_default_is_what_the_documentation_says() -> None:
    assert _retry.MAX_RETRIES == 2
