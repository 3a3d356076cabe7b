"""Faults on demand: statuses and broken connections, in their order and as often as asked."""

from __future__ import annotations

import http.client
import json
import threading

import pytest

from kubesphere_client.testing import Breakage, FakeKubeSphere
from tests.client.raw_http import connect, send

VERSION = "/kapis/version"


def test_the_next_requests_fail_and_then_no_more() -> None:
    with FakeKubeSphere() as fake:
        fake.fail_next(VERSION, 503, headers={"Retry-After": "7"}, times=2)
        fake.fail_next(VERSION, 429, body="slow down")
        got = [send(fake, "GET", VERSION) for _ in range(4)]
        assert [one.status for one in got] == [503, 503, 429, 200]
        assert (got[0].headers["Retry-After"], got[2].text) == ("7", "slow down")
        assert fake.pending_faults == 0


@pytest.mark.parametrize("where", ["GET /kapis/version", "/kapis/*", "GET /kapis/*"])
def test_a_fault_is_for_a_method_a_path_or_what_begins_with_it(where: str) -> None:
    with FakeKubeSphere() as fake:
        fake.fail_next(where)
        assert send(fake, "GET", "/api/v1/nodes").status == 200
        assert send(fake, "GET", VERSION).status == 503


def test_a_fault_is_for_what_a_function_chooses_until_it_is_cleared() -> None:
    with FakeKubeSphere() as fake:
        fake.fail_next(lambda request: "name" in request.parameters, 500, times=None)
        assert [send(fake, "GET", f"{VERSION}?name=x").status for _ in range(3)] == [500] * 3
        assert send(fake, "GET", VERSION).status == 200
        fake.clear_faults()
        assert send(fake, "GET", f"{VERSION}?name=x").status == 200


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("closed", http.client.RemoteDisconnected),
        ("reset", ConnectionResetError),
        ("reset-in-headers", ConnectionResetError),
        ("reset-in-body", ConnectionResetError),
        ("length-too-long", http.client.IncompleteRead),
    ],
)
def test_a_connection_breaks_where_it_should(how: Breakage, error: type[Exception]) -> None:
    with FakeKubeSphere() as fake:
        fake.break_next(VERSION, how)
        with pytest.raises(error):
            send(fake, "GET", VERSION)
        assert send(fake, "GET", VERSION).status == 200


@pytest.mark.parametrize("how", ["half-body", "length-too-short"])
def test_a_body_is_cut_where_it_should(how: Breakage) -> None:
    with FakeKubeSphere() as fake:
        whole = send(fake, "GET", VERSION)
        fake.break_next(VERSION, how)
        cut = send(fake, "GET", VERSION)
        assert (cut.status, int(cut.headers["Content-Length"])) == (200, len(cut.body))
        assert whole.body.startswith(cut.body)
        with pytest.raises(json.JSONDecodeError):
            cut.json()


def test_a_slow_body_arrives_whole() -> None:
    with FakeKubeSphere() as fake:
        fake.answer("GET", VERSION, 200, "slow")
        fake.break_next(VERSION, "slow-body", delay=0.001)
        assert send(fake, "GET", VERSION).text == "slow"


def test_redirects_without_an_end() -> None:
    with FakeKubeSphere() as fake:
        fake.break_next(VERSION, "redirect-loop", times=None)
        got = send(fake, "GET", f"{VERSION}?a=b")
        assert (got.status, got.headers["Location"]) == (302, f"{VERSION}?a=b")


def test_silence_lasts_until_the_client_gives_up() -> None:
    with FakeKubeSphere() as fake:
        fake.break_next(VERSION, "silence")
        connection = connect(fake)
        connection.timeout = 0.1
        connection.request("GET", VERSION)
        with pytest.raises(TimeoutError):
            connection.getresponse()
        assert fake.open_connections == 1
        connection.close()
        assert fake.wait_until_idle()


def test_a_fault_is_used_up_once_by_many_clients_at_once() -> None:
    with FakeKubeSphere() as fake:
        token = fake.issue_token()
        fake.fail_next(VERSION, 503, times=10)
        found: list[int] = []
        threads = [
            threading.Thread(target=lambda: found.append(send(fake, "GET", VERSION, token=token).status))
            for _ in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [200] * 20 + [503] * 10


def test_a_way_to_break_that_does_not_exist_is_named() -> None:
    with FakeKubeSphere() as fake, pytest.raises(ValueError, match="'explode' is no way to break"):
        fake.break_next(VERSION, "explode")  # type: ignore[arg-type]  # that is the point


def test_a_mistake_in_a_function_of_the_test_is_shown() -> None:
    with FakeKubeSphere() as fake:
        fake.answer("GET", "/kapis/mine", lambda request: request.nothing)  # type: ignore[attr-defined]  # that is the point
        got = send(fake, "GET", "/kapis/mine")
        assert (got.status, "has no attribute 'nothing'" in got.text) == (500, True)
