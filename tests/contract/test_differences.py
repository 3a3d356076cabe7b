"""A client that does the wrong thing is told: in what it sends, in what it returns and in what it raises."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import wraps
from typing import Any

import httpx
import pytest
from attrs import evolve

from kubesphere_client import APIConnectionError, NotFoundError, ServerError
from kubesphere_client.models import User
from kubesphere_client.operations.crd_tenant_v1alpha1 import AsyncCrdTenantV1alpha1, CrdTenantV1alpha1
from kubesphere_client.operations.iam_v1alpha2 import AsyncIamV1alpha2, IamV1alpha2
from tests.contract.answers import typed_differences, watch_differences
from tests.contract.driving import Outcome
from tests.contract.exchange import Answer
from tests.contract.json_values import first_difference, parsed
from tests.contract.literal import JSON, TEXT, USERS, WORKSPACES, exchange, verdict
from tests.contract.plans import Sort
from tests.contract.replay import Seen
from tests.contract.requests import request_differences

USER = {"metadata": {"name": "a"}, "spec": {"email": "a@b"}}
RECORDED = exchange("POST", f"{USERS}?limit=1&x=a%20b", body=USER, media=JSON)
SENT = Seen(
    method="POST",
    target=f"{USERS}?x=a+b&limit=1",
    headers=(("authorization", "Bearer token-001"), ("content-type", JSON)),
    body=json.dumps(USER, indent=4).encode(),
)


def whats(verdict_or_differences: Any) -> list[str]:
    return [one.what for one in verdict_or_differences]


# requests


def test_a_request_is_compared_as_what_it_means() -> None:
    assert list(request_differences(RECORDED, SENT, typed=True)) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"method": "PUT"}, "request: method"),
        ({"target": f"{USERS}/a?limit=1&x=a+b"}, "request: path"),
        ({"target": f"{USERS}?limit=1"}, "request: query"),
        ({"target": f"{USERS}?limit=1&limit=1&x=a+b"}, "request: query"),
        ({"target": f"{USERS}?limit=1&x=a%2Bb"}, "request: query"),
        ({"headers": (("authorization", "Bearer token-001"), ("content-type", "text/plain"))}, "request: media type"),
        ({"headers": (("content-type", JSON),)}, "request: token"),
        ({"body": b"{}"}, "request: body"),
        ({"body": b""}, "request: body"),
    ],
)
def test_each_part_of_a_request_counts(changes: dict[str, Any], what: str) -> None:
    assert whats(request_differences(RECORDED, evolve(SENT, **changes), typed=True)) == [what]


def test_an_escaped_slash_is_no_slash() -> None:
    recorded, sent = exchange("GET", "/a%2Fb/c"), Seen("GET", "/a/b/c", SENT.headers[:1], b"")
    assert whats(request_differences(recorded, sent, typed=True)) == ["request: path"]
    assert list(request_differences(recorded, evolve(sent, target="/a%2fb/%63/"), typed=True)) == []


def test_an_escaped_percent_sign_is_no_stray_one() -> None:
    recorded, sent = exchange("GET", "/%zz"), Seen("GET", "/%25zz", SENT.headers[:1], b"")
    assert whats(request_differences(recorded, sent, typed=True)) == ["request: path"]


def test_the_headers_of_a_plain_call_count() -> None:
    recorded = exchange("GET", USERS, headers={"X-Odd": "1", "Accept": "text/html"})
    sent = Seen("GET", USERS, SENT.headers[:1], b"")
    assert whats(request_differences(recorded, sent, typed=False)) == ["request: header"]


def test_forms_are_compared_field_by_field() -> None:
    form = "application/x-www-form-urlencoded"
    recorded = exchange("POST", USERS, body="a=1%202&b=", media=form)
    sent = Seen("POST", USERS, (SENT.headers[0], ("content-type", form)), b"b=&a=1+2")
    assert list(request_differences(recorded, sent, typed=True)) == []
    assert whats(request_differences(recorded, evolve(sent, body=b"a=1+2"), typed=True)) == ["request: body"]


# values


@pytest.mark.parametrize(
    ("recorded", "found", "says"),
    [
        ("1", 1.0, "the value: recorded 1, found "),
        ("1.0", 1, "the value: recorded "),
        ("1", True, "the value: recorded 1, found True"),
        ("0.1", 0.2, "the value: recorded "),
        ('{"a": null}', {}, ".a: recorded None, found nothing"),
        ("{}", {"a": None}, ".a: recorded nothing, found None"),
        ('{"a": {"b": [1, "x"]}}', {"a": {"b": [1, "y"]}}, ".a.b[1]: recorded x, found y"),
        ("[1, 2]", [1], "the list: recorded 2 items, found 1"),
        ("[]", {}, "the value: recorded [], found {}"),
        ('"1"', 1, "the value: recorded 1, found 1"),
    ],
)
def test_the_first_difference_is_named(recorded: str, found: Any, says: str) -> None:
    text = first_difference(parsed(recorded.encode()), found)
    assert text is not None
    assert text.startswith(says)


@pytest.mark.parametrize(
    ("recorded", "found"),
    [("0.1", 0.1), ("1.50", 1.5), ("0.1", Decimal("0.10")), ('{"a": 1, "b": 2}', {"b": 2, "a": 1})],
)
def test_equal_values_are_equal(recorded: str, found: Any) -> None:
    assert first_difference(parsed(recorded.encode()), found) is None


# answers


def error(kind: type[Any], status: int, body: Any) -> Any:
    return kind("m", status_code=status, reason="", body=body, response=httpx.Response(status))


@pytest.mark.parametrize(
    ("answer", "outcome", "what"),
    [
        (Answer(200, body=b"{}"), Outcome("sync", value={"a": 1}), "answer: body"),
        (Answer(200, body=b"{}"), Outcome("sync", value=None), "answer: body"),
        (Answer(200, body=b""), Outcome("sync", value={}), "answer: body"),
        (Answer(200, body=b"{}"), Outcome("sync", error=error(ServerError, 500, {})), "answer: status"),
        (Answer(201, body=b"{}"), Outcome("sync", error=error(ServerError, 201, {})), "answer: status"),
        (Answer(404, body=b"no"), Outcome("sync", value="no"), "answer: status"),
        (Answer(404, body=b"no"), Outcome("sync", error=error(ServerError, 404, "no")), "answer: error"),
        (Answer(404, body=b"no"), Outcome("sync", error=error(NotFoundError, 404, "yes")), "answer: error body"),
        (
            Answer(404, body=b'{"a":1}'),
            Outcome("sync", error=error(NotFoundError, 404, '{"a":1}')),
            "answer: error body",
        ),
        (Answer(404, body=b"no"), Outcome("sync", error=APIConnectionError("no answer")), "answer: error"),
        (Answer(None), Outcome("sync", value={}), "answer: error"),
        (Answer(None), Outcome("sync", error=error(ServerError, 500, "")), "answer: error"),
    ],
)
def test_each_part_of_an_answer_counts(answer: Answer, outcome: Outcome, what: str) -> None:
    assert whats(typed_differences(answer, outcome, reads="json")) == [what]


def test_a_text_is_compared_as_it_is() -> None:
    answer = Answer(200, body=b'"a"')
    assert list(typed_differences(answer, Outcome("sync", value='"a"'), reads="text")) == []
    assert whats(typed_differences(answer, Outcome("sync", value="a"), reads="text")) == ["answer: body"]
    assert whats(typed_differences(answer, Outcome("sync", value=None), reads="nothing")) == ["answer: body"]


EVENT = {"type": "ADDED", "object": {"a": 1}}
GONE = {"kind": "Status", "code": 404}


def stream(*lines: Any) -> Answer:
    return Answer(200, body="".join(f"{json.dumps(line)}\n" for line in lines).encode())


@pytest.mark.parametrize(
    ("answer", "outcome", "what"),
    [
        (stream(EVENT), Outcome("sync"), "answer: events"),
        (stream(EVENT), Outcome("sync", events=(EVENT, EVENT)), "answer: events"),
        (stream(EVENT), Outcome("sync", events=({**EVENT, "object": {}},)), "answer: events"),
        (stream(), Outcome("sync", error=APIConnectionError("broke")), "answer: events"),
        (stream({"type": "ERROR", "object": GONE}), Outcome("sync"), "answer: error event"),
        (
            stream({"type": "ERROR", "object": GONE}),
            Outcome("sync", error=error(NotFoundError, 404, {})),
            "answer: error event",
        ),
        (Answer(404, body=b"no"), Outcome("sync"), "answer: error"),
    ],
)
def test_each_event_of_a_watch_counts(answer: Answer, outcome: Outcome, what: str) -> None:
    assert whats(watch_differences(answer, outcome)) == [what]


# the whole way, with a client that is broken on purpose


def test_an_argument_that_gets_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    method = IamV1alpha2.list_users

    @wraps(method)
    def without_limit(self: Any, *, limit: int | None = None, **options: Any) -> Any:
        return method(self, **options)

    monkeypatch.setattr(IamV1alpha2, "list_users", without_limit)
    one = verdict("GET", f"{USERS}?limit=1", answer={"items": [], "totalItems": 0})

    assert (one.sort, one.reason) == (Sort.DIFFERENT, "request: query")
    assert [mode for mode, _ in one.differences] == ["sync"]


def test_a_path_parameter_that_is_not_escaped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    method = AsyncIamV1alpha2.get_user
    monkeypatch.setattr(AsyncIamV1alpha2, "get_user", lambda self, user: method(self, user.replace(" ", "+")))
    one = verdict("GET", f"{USERS}/a%20b", answer=USER)

    assert (one.sort, one.reason) == (Sort.DIFFERENT, "request: path")
    assert [mode for mode, _ in one.differences] == ["async"]


def test_a_field_that_gets_lost_is_found_on_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "to_dict", lambda self: {"metadata": {"name": "a"}})
    assert verdict("GET", f"{USERS}/a", answer=USER).reason == "answer: body"
    assert verdict("POST", USERS, body=USER, media=JSON, answer={}).reason == "request: body"


def test_an_error_that_gets_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    method = IamV1alpha2.get_user

    def forgiving(self: Any, user: str) -> Any:
        try:
            return method(self, user)
        except ServerError:
            return None

    monkeypatch.setattr(IamV1alpha2, "get_user", forgiving)
    one = verdict("GET", f"{USERS}/a", status=500, answer="not found", answer_media=TEXT)
    assert (one.sort, one.reason) == (Sort.DIFFERENT, "answer: status")


def test_a_crash_is_found_even_on_an_artefact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IamV1alpha2, "get_user", lambda self, user: 1 / 0)
    for artefact in (False, True):
        assert verdict("GET", f"{USERS}/a", answer=USER, artefact=artefact).reason == "crash"


def test_an_event_that_gets_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (CrdTenantV1alpha1, AsyncCrdTenantV1alpha1):
        monkeypatch.setattr(kind, "watch_workspaces", kind.list_workspaces)
    one = verdict("GET", f"{WORKSPACES}?watch=true", answer=json.dumps(EVENT) + "\n")
    assert one.sort is Sort.DIFFERENT


def test_a_value_that_is_not_refused_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(self: Any, user: str) -> Any:
        return self._client.request("GET", f"{USERS}/{user}")

    monkeypatch.setattr(IamV1alpha2, "get_user", careless)
    assert verdict("GET", f"{USERS}/a%2Fb", answer=USER).reason == "not refused"


def test_a_second_request_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    method = IamV1alpha2.get_user
    monkeypatch.setattr(IamV1alpha2, "get_user", lambda self, user: (method(self, user), method(self, user))[0])
    assert verdict("GET", f"{USERS}/a", answer=USER).reason == "request: not sent once"


def test_a_method_that_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(IamV1alpha2, "get_user")
    one = verdict("GET", f"{USERS}/a", answer=USER)
    assert (one.sort, one.reason) == (Sort.DIFFERENT, "the client has no method iam.v1alpha2.get_user")
