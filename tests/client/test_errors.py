"""What the server refuses becomes a typed error with the server's own words."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import httpx
import pytest

import kubesphere_client
from kubesphere_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    DecodeError,
    KubeSphere,
    KubeSphereError,
    NotFoundError,
    RedirectError,
)
from tests.client.fake_server import NODES, TEMPLATES, TEXT, Answer, FakeServer, data, kubernetes_status, text


@pytest.fixture
def ks(server: FakeServer) -> Any:
    with KubeSphere(server.url, token=server.issue(), timeout=2) as client:
        yield client


def refused(server: FakeServer, ks: KubeSphere, answer: Answer) -> APIStatusError:
    server.answers["GET", NODES] = answer
    with pytest.raises(APIStatusError) as caught:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    return caught.value


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestError"),
        (401, "NotAuthenticatedError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (405, "MethodNotAllowedError"),
        (406, "NotAcceptableError"),
        (409, "ConflictError"),
        (410, "GoneError"),
        (413, "PayloadTooLargeError"),
        (415, "UnsupportedMediaTypeError"),
        (422, "UnprocessableEntityError"),
        (429, "RateLimitedError"),
        (500, "ServerError"),
        (503, "ServerError"),
        (307, "RedirectError"),
        (304, "RedirectError"),
        (418, "UnexpectedStatusError"),
        (299, "UnexpectedStatusError"),
    ],
)
def test_each_status_has_its_class(server: FakeServer, ks: KubeSphere, status: int, name: str) -> None:
    error = refused(server, ks, Answer(status))
    assert type(error) is getattr(kubesphere_client, name)
    assert error.status_code == status


ANONYMOUS = 'namespaces.resources.kubesphere.io is forbidden: User "system:anonymous" cannot list resource'


@pytest.mark.parametrize(
    ("answer", "reason", "message"),
    [
        (kubernetes_status(403, "Forbidden", ANONYMOUS), "Forbidden", ANONYMOUS),  # oauth-57
        (kubernetes_status(409, "AlreadyExists", "x already exists"), "AlreadyExists", "x already exists"),
        (data({"message": "wrong annotations"}, 400), "BadRequest", "wrong annotations"),  # more-misc-018
        (data({"error": "Services initialization error"}, 500), "InternalServerError", "Services initialization error"),
        (text(500, 'user "&lt;script&gt;" not found\n'), "NotFound", 'user "<script>" not found'),  # odd-018
        (
            Answer(500, b"<html>Hook should contain event type</html>", TEXT),
            "InternalServerError",
            "Hook should contain event type",
        ),
        (
            Answer(404, b"<!DOCTYPE html><head><title>x</title></head><h1>Not &amp; here</h1>\n<p>ok", "text/html"),
            "NotFound",
            "Not & here ok",
        ),
        (Answer(502), "BadGateway", "BadGateway"),  # mc-038
        (data({}, 401), "Unauthorized", "Unauthorized"),
        (text(404, "{not JSON"), "NotFound", "{not JSON"),
        (data(["a"], 400), "BadRequest", '["a"]'),
        (data({"error": {"message": "deep"}}, 400), "BadRequest", "deep"),
        (data({"message": None, "kind": "Status", "reason": None}, 418), "ImaTeapot", '{"message": null'),
    ],
)
def test_the_message_is_read_from_every_shape(
    server: FakeServer, ks: KubeSphere, answer: Answer, reason: str, message: str
) -> None:
    error = refused(server, ks, answer)
    assert error.reason == reason
    assert error.message.startswith(message)


def test_the_text_says_what_where_and_which(server: FakeServer, ks: KubeSphere) -> None:  # recording crud-055
    with pytest.raises(NotFoundError) as caught:
        ks.tenant.v1alpha2.get_workspace("nope")
    assert str(caught.value) == (
        '404 NotFound: workspacetemplate.tenant.kubesphere.io "nope" not found '
        "(GET /kapis/tenant.kubesphere.io/v1alpha2/workspaces/nope, tenant.v1alpha2.get_workspace)"
    )
    error = caught.value
    assert error.operation == "tenant.v1alpha2.get_workspace"
    assert error.body == 'workspacetemplate.tenant.kubesphere.io "nope" not found\n'
    assert error.request is not None
    assert error.request.url.path == f"{TEMPLATES}/nope"
    assert error.response.headers["Content-Type"] == TEXT


def test_a_decoded_body_is_kept(server: FakeServer, ks: KubeSphere) -> None:
    assert refused(server, ks, data({"message": "no", "details": {"a": 1}}, 400)).body == {
        "message": "no",
        "details": {"a": 1},
    }


def test_a_long_message_is_cut_and_harmless(server: FakeServer, ks: KubeSphere) -> None:
    error = refused(server, ks, text(500, "\x1b[2Jx" + "y" * 100_000))
    assert len(str(error)) < 800
    assert "\x1b" not in str(error)
    assert len(error.body) > 100_000


def test_a_query_is_not_shown(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", NODES] = Answer(500)
    with pytest.raises(APIStatusError) as caught:
        ks.resources.v1alpha3.list_cluster_resources("nodes", extra_query={"code": "secret"})
    assert "secret" not in str(caught.value)


def test_a_redirect_is_an_error_that_names_the_location(server: FakeServer, ks: KubeSphere) -> None:  # oauth-41
    there = "http://user:pw@example.com/cb#access_token=token-013"
    error = refused(server, ks, Answer(302, headers=(("Location", there),)))
    assert isinstance(error, RedirectError)
    assert error.location == there
    assert "http://example.com/cb;" in str(error)
    assert "token-013" not in str(error)
    assert b"token-013" not in pickle.dumps(error)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_can_be_copied_and_pickled(server: FakeServer, ks: KubeSphere, duplicate: Any) -> None:
    error = refused(server, ks, kubernetes_status(404, "NotFound", "gone"))
    other = duplicate(error)
    assert type(other) is NotFoundError
    assert (str(other), other.status_code, other.body) == (str(error), 404, error.body)
    assert other.response.json() == error.body
    assert other.request is not None
    assert "authorization" not in other.request.headers


def test_other_errors_can_be_pickled(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", NODES] = Answer(200, b"<html>", "text/html")
    with pytest.raises(DecodeError) as undecodable:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    server.answers["GET", NODES] = Answer(drop=True)
    with pytest.raises(APIConnectionError) as unanswered:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    for error in (undecodable.value, unanswered.value):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"<html>login</html>", "<html>login</html>"),
        (b'{"access_token": "abc', "21 characters, broken at"),
        (b"\xff", "ufffd"),
        (b"[" * 100_000, "100000 characters"),
        (b"NaN", "NaN"),
    ],
)
def test_a_success_that_is_not_json_is_an_error(server: FakeServer, ks: KubeSphere, body: bytes, shown: str) -> None:
    server.answers["GET", NODES] = Answer(200, body)
    with pytest.raises(DecodeError) as caught:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert shown in str(caught.value)
    assert "abc" not in str(caught.value)
    assert caught.value.response.status_code == 200


def test_a_closed_connection_is_a_connection_error(server: FakeServer, ks: KubeSphere) -> None:  # recording res-111
    server.answers["GET", NODES] = Answer(drop=True)
    with pytest.raises(APIConnectionError, match=r"no answer from http://127.0.0.1:.*GET /kapis") as caught:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert caught.value.request is not None
    # The frames of httpx and h11 hold headers and bodies in the clear.
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__traceback__ is None


def test_no_server_is_a_connection_error() -> None:
    with KubeSphere("http://127.0.0.1:1", auth=None) as ks, pytest.raises(APIConnectionError, match="refused"):
        ks.platform.get_version()


def test_a_slow_answer_is_a_timeout(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", NODES] = Answer(200, b"{}", delay=0.4)
    with pytest.raises(APITimeoutError):
        ks.resources.v1alpha3.list_cluster_resources("nodes", timeout=0.1)


def test_half_an_answer_is_a_connection_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", NODES] = Answer(200, b"{", headers=(("Content-Length", "100"),), delay=0)
    with pytest.raises(APIConnectionError):
        ks.resources.v1alpha3.list_cluster_resources("nodes", timeout=0.3)


def test_a_damaged_encoding_is_a_connection_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", NODES] = Answer(200, b"no gzip", headers=(("Content-Encoding", "gzip"),))
    with pytest.raises(APIConnectionError):
        ks.resources.v1alpha3.list_cluster_resources("nodes")


def test_a_compressed_refusal_can_be_pickled() -> None:
    def transport(request: httpx.Request) -> httpx.Response:
        import gzip

        return httpx.Response(404, content=gzip.compress(b"nothing"), headers={"Content-Encoding": "gzip"})

    with (
        KubeSphere("http://h", auth=None, transport=httpx.MockTransport(transport)) as ks,
        pytest.raises(NotFoundError, match="nothing") as caught,
    ):
        ks.platform.get_version()
    assert pickle.loads(pickle.dumps(caught.value)).response.text == "nothing"


def test_all_errors_have_one_base() -> None:
    from kubesphere_client import errors

    for name in errors.__all__:
        kind = getattr(errors, name)
        assert issubclass(kind, KubeSphereError) or issubclass(kind, UserWarning)
