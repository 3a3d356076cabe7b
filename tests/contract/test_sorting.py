"""The rules that sort exchanges, each shown by a small one."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from tests.contract.contract import judged
from tests.contract.literal import (
    DOCUMENT,
    JSON,
    KUBECONFIG,
    TEMPLATES,
    TEXT,
    USERS,
    WORKSPACES,
    exchange,
    verdict,
)
from tests.contract.plans import Sort

LIST = {"items": [{"metadata": {"name": "admin"}, "spec": {"extra": 1.0}}], "totalItems": 1}
USER = {"metadata": {"name": "a"}, "unknown": [None, 1, 1.0]}
STATUS = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Expired", "code": 410}
NO_ROUTE = {"status": 404, "answer": "404: Page Not Found", "answer_media": TEXT}
FORM = "application/x-www-form-urlencoded"
MERGE = "application/merge-patch+json"


def sorted_as(*arguments: Any, **keywords: Any) -> tuple[str, str]:
    one = verdict(*arguments, **keywords)
    assert one.sort is not Sort.DIFFERENT, one.differences
    return one.sort.value, one.reason


EQUAL: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", USERS, {"answer": LIST}),
    ("GET", f"{USERS}/", {"answer": LIST}),
    ("GET", f"{USERS}?limit=10&ascending=true&sortBy=createTime", {"answer": LIST}),
    ("GET", f"{USERS}?sortBy=a%20b%26+%C3%A9", {"answer": {"items": None, "totalItems": 0}}),
    ("GET", f"{USERS}/a%20b%3A%C3%A9", {"answer": USER}),
    ("GET", f"{USERS}/a", {"token": None, "status": 403, "answer": STATUS}),
    ("GET", f"{USERS}/a", {"status": 500, "answer": 'user "a" not found\n', "answer_media": TEXT}),
    ("GET", f"{USERS}/a", {"status": 404, **NO_ROUTE}),
    ("GET", f"{USERS}/a", {"headers": {"Accept": JSON, "User-Agent": "curl"}, "answer": USER}),
    ("GET", f"{USERS}/a", {"media": JSON, "answer": USER}),
    ("GET", f"{USERS}/a", {"answer": '{"n": 1E400, "s": "\\ud800", "d": {"e": []}}'}),
    ("GET", KUBECONFIG, {"answer": "apiVersion: v1\n", "answer_media": TEXT}),
    ("GET", "/kapis/version", {"token": None, "answer": {"gitVersion": "v3.0.0"}}),
    ("POST", USERS, {"body": USER, "media": f"{JSON}; charset=utf-8", "answer": USER}),
    ("POST", USERS, {"body": '{"n": 12345678901234567890.123456789}', "media": JSON, "answer": {}}),
    ("PATCH", f"{WORKSPACES}/a", {"body": {"metadata": {"labels": {"a": None}}}, "media": MERGE, "answer": {}}),
    ("PATCH", f"{WORKSPACES}/a", {"body": [{"op": "test"}], "media": "application/json-patch+json", "answer": {}}),
    ("DELETE", f"{WORKSPACES}/a", {"body": {"kind": "DeleteOptions"}, "media": JSON, "answer": STATUS}),
    ("DELETE", f"{WORKSPACES}/a", {"answer": STATUS}),
    ("GET", f"{WORKSPACES}?watch=true&timeoutSeconds=1", {"answer": ""}),
    ("GET", f"{WORKSPACES}?watch=true&fieldSelector=metadata.name%3Da", {"answer": ""}),
    ("GET", f"{WORKSPACES}?watch=true", {"status": 401, "answer": STATUS}),
]


@pytest.mark.parametrize(("method", "path", "rest"), EQUAL)
def test_a_call_that_the_client_can_make_is_equal(method: str, path: str, rest: dict[str, Any]) -> None:
    assert sorted_as(method, path, **rest) == ("equal", "compared")


def test_a_closed_connection_is_equal_to_no_answer() -> None:
    assert sorted_as("GET", USERS, response={"error": "connection closed without a response"}) == ("equal", "compared")


def test_a_packed_answer_is_unpacked() -> None:
    packed = {"base64": base64.b64encode(gzip.compress(json.dumps(LIST).encode())).decode(), "bytes": 1}
    response = {"status": 200, "headers": [["Content-Encoding", "gzip"], ["Content-Type", JSON]], "body": packed}
    assert sorted_as("GET", USERS, response=response) == ("equal", "compared")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"type": "ADDED", "object": {"metadata": {"name": "a"}}}, {"type": "DELETED", "object": {}}],
        [{"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "7"}}}],
        [{"type": "ADDED", "object": {}}, {"type": "ERROR", "object": STATUS}],
        [{"type": "ERROR", "object": {"message": "no code"}}],
        [{"type": "ADDED", "object": {}}, "cut short"],
    ],
)
@pytest.mark.parametrize("path", [f"{WORKSPACES}?watch=true", WORKSPACES.replace("/work", "/watch/work")])
def test_events_are_compared_to_the_end_of_a_watch(path: str, lines: list[Any]) -> None:
    stream = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    assert sorted_as("GET", path, answer=stream)[0] == "equal"


def test_a_raw_stream_is_played_as_it_came() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    event = json.dumps({"type": "ADDED", "object": {}}) + "\n"
    chunks = [head, f"{len(event):x}\r\n{event}\r\n", "0\r\n\r\n"]
    assert sorted_as("GET", f"{WORKSPACES}?watch=true", response={"chunks": chunks}) == ("equal", "compared")


@pytest.mark.parametrize("path", ["/watch/workspaces", "/watch/workspaces/demo"])
def test_a_deprecated_watch_path_is_made_by_the_watch_of_its_list(path: str) -> None:
    assert sorted_as("GET", WORKSPACES.replace("/workspaces", path), answer="") == (
        "equal",
        "events compared: a deprecated /watch/ path",
    )


def test_an_artefact_must_be_survived_and_is_not_compared() -> None:
    assert sorted_as("GET", f"{USERS}/a", answer="<html>", artefact=True) == (
        "equal",
        "survived, not compared: an artefact",
    )


UNTYPED: list[tuple[str, str, dict[str, Any], str]] = [
    ("GET", f"{USERS}?bogus=1", {}, "a query key that the operation does not know"),
    ("GET", f"{USERS}?watch=true", {}, "a query key that the operation does not know"),
    ("GET", f"{WORKSPACES}?watch=false", {}, "a query key that the operation does not know"),
    ("GET", f"{USERS}?limit=abc", {}, "a value that the parameter's type does not allow"),
    ("GET", f"{USERS}?limit=", {}, "a value that the parameter's type does not allow"),
    ("GET", f"{USERS}?limit=01", {}, "a value that the parameter's type does not allow"),
    ("GET", f"{USERS}?ascending=1", {}, "a value that the parameter's type does not allow"),
    ("GET", f"{USERS}?limit=1&limit=2", {}, "a query key that is given more than once"),
    ("GET", f"{USERS}?limit=1;page=2", {}, "a query with a bare semicolon"),
    ("GET", f"{USERS}/%FF", {}, "an address that is not UTF-8"),
    ("GET", USERS, {"token": None, "headers": {"Authorization": "Basic YTpi"}}, "credentials that are no bearer token"),
    ("GET", USERS, {"headers": {"Authorization": "bearer t"}}, "credentials that are no bearer token"),
    (
        "GET",
        USERS,
        {"token": None, "headers": {"X-KubeSphere-Authorization": "Bearer t"}},
        "a header that no argument sends",
    ),
    ("GET", USERS, {"headers": {"Accept-Encoding": "gzip"}}, "a header that no argument sends"),
    ("GET", USERS, {"headers": {"Accept": "text/html"}}, "an Accept of its own"),
    ("GET", "/kapis/version", {}, "a token where the operation sends none"),
    ("PUT", f"{USERS}/a", {"media": JSON}, "a media type without a body"),
    ("POST", USERS, {"body": "{}"}, "a body without a media type"),
    ("POST", USERS, {"body": "{bad", "media": JSON}, "a body that is not JSON, or says one thing twice"),
    ("POST", USERS, {"body": '{"a":1,"a":2}', "media": JSON}, "a body that is not JSON, or says one thing twice"),
    ("POST", USERS, {"body": '{"a":NaN}', "media": JSON}, "a body that is not JSON, or says one thing twice"),
    ("POST", USERS, {"body": [], "media": JSON}, "a body of another kind than the operation takes"),
    ("POST", USERS, {"body": "null", "media": JSON}, "a body of another kind than the operation takes"),
    ("GET", USERS, {"body": {}, "media": JSON, "status": 400}, "a body where the operation takes none"),
    ("GET", USERS, {"body": {}, "media": JSON}, "a body where the operation takes none (the server took it)"),
    ("POST", USERS, {"body": "a=b", "media": FORM, "status": 415}, "a media type that the operation does not offer"),
    ("GET", f"/{USERS}", {"status": 301}, "a path with an empty segment, which the server cleans up first"),
    ("GET", "/api/v1/namespaces/a/configmaps?watch=true", {}, "a path of Kubernetes itself"),
    ("GET", "/apis/apps/v1/deployments", {"status": 404, "answer": STATUS}, "a path of Kubernetes itself"),
    ("GET", "/apis/clusters/a/apps/v1/deployments", {"status": 502}, "the prefix of a member cluster"),
    ("GET", "/api/clusters/a/v1/namespaces", {}, "the prefix of a member cluster"),
]


def test_an_operation_of_a_member_cluster_is_called_on_it() -> None:
    path = "/kapis/clusters/a/iam.kubesphere.io/v1alpha2/users"
    assert sorted_as("GET", path, **NO_ROUTE) == ("equal", "compared")
    assert sorted_as("GET", path + "?bogus=1", **NO_ROUTE) == ("untyped", "the prefix of a member cluster")


@pytest.mark.parametrize(("method", "path", "rest", "reason"), UNTYPED)
def test_a_probe_is_untyped(method: str, path: str, rest: dict[str, Any], reason: str) -> None:
    assert sorted_as(method, path, **rest) == ("untyped", reason)


def test_a_probe_may_have_a_packed_or_a_chunked_body() -> None:
    packed = {"base64": base64.b64encode(gzip.compress(b"{}")).decode(), "bytes": 22}
    for headers, body in (
        ({"Content-Encoding": "gzip"}, packed),
        ({"Transfer-Encoding": "chunked"}, "2\r\n{}\r\n0\r\n\r\n"),
    ):
        assert sorted_as("POST", USERS, headers=headers, body=body, media=JSON, answer=USER) == (
            "untyped",
            "a header that no argument sends",
        )


def test_an_upgrade_is_untyped_and_ends_there() -> None:
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    response = {"status": 101, "headers": [["Upgrade", "websocket"], ["Connection", "Upgrade"]], "body": ""}
    path = "/kapis/terminal.kubesphere.io/v1alpha2/namespaces/a/pods/b"
    assert sorted_as("GET", path, headers=headers, response=response)[0] == "untyped"


REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("GET", f"{USERS}/a%2Fb", {}, "a path parameter with a slash, which leads to another address"),
    ("GET", f"{USERS}/..", {}, "a path parameter that is a step, which leads to another address"),
    ("GET", f"{USERS}/%2e%2E", {}, "a path parameter that is a step, which leads to another address"),
    ("GET", f"{TEMPLATES}//namespaces", {}, "a path parameter that is empty"),
    ("GET", f"{USERS}/a%00b", {}, "a path parameter with a backslash or a control character"),
    ("GET", f"{USERS}/a%5Cb", {}, "a path parameter with a backslash or a control character"),
    ("POST", USERS, {"status": 400}, "a body that the operation requires is missing"),
    ("POST", USERS, {"body": "", "status": 400}, "a body that the operation requires is missing"),
    ("GET", f"{USERS}/%zz", {"status": 400}, "an address that is not percent-encoding"),
    ("GET", f"{USERS}?name=%", {}, "an address that is not percent-encoding"),
    ("GET", f"{USERS}#a", {}, "an address that holds what no address can hold"),
    ("GET", f"{USERS}?name={'a' * 70_000}", {"status": 431}, "an address that is longer than httpx takes"),
    ("GET", "/nowhere/../else", {"status": 301}, "a path with steps, which lead to another address"),
    ("GET", f"{USERS}/..?bogus=1", {"status": 301}, "a path with steps, which lead to another address"),
    ("GET", USERS, {"headers": {"X-Odd": "\u00e9"}}, "a header that is not plain ASCII text"),
]


@pytest.mark.parametrize(("method", "path", "rest", "reason"), REFUSED)
def test_what_the_client_refuses_by_design(method: str, path: str, rest: dict[str, Any], reason: str) -> None:
    assert sorted_as(method, path, **rest) == ("refused", reason)


NO_OPERATION: list[tuple[str, str, dict[str, Any], str]] = [
    ("GET", "/oauth/nowhere", NO_ROUTE, "404 from the router"),
    ("GET", "/nowhere", {"status": 404, "answer": "404 page not found\n", "answer_media": TEXT}, "404 from the router"),
    ("HEAD", "/nowhere", {"status": 404}, "404 from the router"),
    ("PUT", USERS, {"status": 405, "answer": "405: Method Not Allowed"}, "405: the path knows other methods only"),
    ("FOO", USERS, {"status": 405}, "405: the path knows other methods only"),
    (
        "GET",
        "/apis/tenant.kubesphere.io/v1alpha1/nowhere/a/status",
        {"status": 404, "answer": {**STATUS, "message": "the server could not find the requested resource"}},
        "404 from Kubernetes' router",
    ),
    (
        "GET",
        "/kapis/nowhere.kubesphere.io/v1/a",
        {"token": None, "status": 403, "answer": STATUS},
        "refused before routing, so that no route shows",
    ),
]


@pytest.mark.parametrize(("method", "path", "rest", "reason"), NO_OPERATION)
def test_a_route_that_the_server_lacks(method: str, path: str, rest: dict[str, Any], reason: str) -> None:
    assert sorted_as(method, path, **rest) == ("no such operation", reason)


def test_a_subresource_that_a_kind_lacks_looks_like_a_missing_object() -> None:
    paths = {path: item for path, item in DOCUMENT["paths"].items() if not path.endswith("/status")}
    missing = {**STATUS, "message": 'workspaces.tenant.kubesphere.io "a" not found'}
    asked = [exchange("GET", f"{WORKSPACES}/a/{name}", status=404, answer=missing) for name in ("status", "scale")]
    asked.append(exchange("GET", f"{WORKSPACES}/a/status", answer={}))

    verdicts = judged(asked, {**DOCUMENT, "paths": paths})

    assert [one.sort for one in verdicts] == [Sort.NO_OPERATION, Sort.NO_OPERATION, Sort.DIFFERENT]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {}),
        (201, {}),
        (404, {**STATUS, "message": 'nowheres "a" not found'}),
        (415, "415"),
        (401, "Unauthorized: x"),
    ],
)
def test_a_route_that_the_client_lacks_is_different(status: int, answer: Any) -> None:
    path = "/apis/tenant.kubesphere.io/v1alpha1/nowheres/a"
    one = verdict("GET", path, status=status, answer=answer)
    assert (one.sort, one.reason) == (Sort.DIFFERENT, "the client lacks an operation of crd.tenant.v1alpha1")


def test_a_recording_without_a_body_is_incomplete() -> None:
    cut = {"bytes": 9000, "text_truncated": "{"}
    assert sorted_as("POST", USERS, body=cut, media=JSON) == ("incomplete", "the recording lacks the request's body")
    assert sorted_as("GET", USERS, answer=cut) == ("incomplete", "the recording lacks the answer's body")


def test_a_media_type_is_named_where_the_client_would_choose_another() -> None:
    for body, media in (({}, "application/merge-patch+json"), ("kind: W\n", "application/apply-patch+yaml")):
        assert sorted_as("PATCH", f"{WORKSPACES}/a", body=body, media=media, answer={}) == ("equal", "compared")
    offered = sorted_as("PATCH", f"{WORKSPACES}/a", body={}, media="application/strategic-merge-patch+json", answer={})
    assert offered == ("untyped", "a media type that the operation does not offer (the server took it)")


def test_more_tokens_than_clients_are_no_trouble() -> None:
    exchanges = [exchange("GET", f"{USERS}/a", token=f"token-{number}", answer=USER) for number in range(200)]
    assert {one.sort for one in judged(exchanges, DOCUMENT)} == {Sort.EQUAL}
