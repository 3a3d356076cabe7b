"""What the server reports with a status that says something else is read as what it means, and nothing else is."""

from __future__ import annotations

import httpx
import pytest

from kubesphere_client import (
    APIStatusError,
    BadRequestError,
    ConflictError,
    KubeSphere,
    NotFoundError,
    PayloadTooLargeError,
    ServerError,
)
from kubesphere_client._status_errors import status_error

_RESOURCES = "/kapis/resources.kubesphere.io/v1alpha3"
_USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
_TENANT = "/kapis/tenant.kubesphere.io/v1alpha2"
_DEVOPS2, _DEVOPS3 = "/kapis/devops.kubesphere.io/v1alpha2/devops", "/kapis/devops.kubesphere.io/v1alpha3/devops"
_STALE = "the object has been modified; please apply your changes to the latest version and try again\n"

READ_OTHERWISE = [
    ("res-034-ns-missing", "GET", f"{_RESOURCES}/namespaces/zzz", 500, 'namespace "zzz" not found\n', NotFoundError),
    (
        "mc-037-on-ready",
        "GET",
        "/kapis/clusters/member1/resources.kubesphere.io/v1alpha3/namespaces/zzz",
        500,
        'namespace "zzz" not found\n',
        NotFoundError,
    ),
    (
        "crud-017-user-get-missing",
        "GET",
        f"{_USERS}/zzz",
        500,
        'user.iam.kubesphere.io "zzz" not found\n',
        NotFoundError,
    ),
    ("odd-004-unicode", "GET", f"{_USERS}/é中", 500, 'user.iam.kubesphere.io "é中" not found\n', NotFoundError),
    (
        "more-devops2-004-run-missing",
        "POST",
        f"{_DEVOPS2}/dp213ksf8s/pipelines/zzz/runs",
        500,
        '{"message": "no such pipeline zzz", "code": 404, "errors": []}',
        NotFoundError,
    ),
    (
        "crud-051-ws-create-dup",
        "POST",
        f"{_TENANT}/workspaces",
        400,
        'workspacetemplates.tenant.kubesphere.io "demo-ws" already exists\n',
        ConflictError,
    ),
    (
        "more-devops3-019-cred-create-dup",
        "POST",
        f"{_DEVOPS3}/morebn5xjk/credentials",
        400,
        'secrets "c-basic-auth" already exists\n',
        ConflictError,
    ),
    (
        "more-devops3-009-pipeline-put-stale",
        "PUT",
        f"{_DEVOPS3}/morebn5xjk/pipelines/mp1",
        400,
        f'Operation cannot be fulfilled on pipelines.devops.kubesphere.io "mp1": {_STALE}',
        ConflictError,
    ),
    (
        "crud-020-user-update-stale",
        "PUT",
        f"{_USERS}/alice",
        500,
        f'Operation cannot be fulfilled on users.iam.kubesphere.io "alice": {_STALE}',
        ConflictError,
    ),
    (
        "crud-003-user-create-dup-email",
        "POST",
        _USERS,
        500,
        'admission webhook "validating-user.kubesphere.io" denied the request: '
        "user email: alice@example.com already exists\n",
        ConflictError,
    ),
    (
        "odd-058-big-iam-4m",
        "POST",
        "/kapis/iam.kubesphere.io/v1alpha2/globalroles",
        500,
        "Request entity too large: limit is 3145728\n",
        PayloadTooLargeError,
    ),
]

AS_IT_CAME = [
    ("res-015-list-bogus", "GET", f"{_RESOURCES}/bogus", 500, "resource bogus is not supported\n", ServerError),
    ("res-035-bogus-name", "GET", f"{_RESOURCES}/bogus/zzz", 500, "resource .bogus.zzz not found\n", ServerError),
    (
        "more-misc-009-git-verify-nosecret",
        "POST",
        "/kapis/resources.kubesphere.io/v1alpha2/git/verify",
        500,
        '{\n "message": "secret \\"zzz\\" not found"\n}',
        ServerError,
    ),
    (
        "more-devops2-019-branch-run-badbody",
        "POST",
        f"{_DEVOPS2}/dp213ksf8s/pipelines/p1/branches/master/runs",
        500,
        '{"message": "bad payload", "code": 400, "errors": []}',
        ServerError,
    ),
    ("pw-self-wrong", "PUT", f"{_USERS}/alice/password", 400, "incorrect old password\n", BadRequestError),
    ("another path", "GET", "/kapis/monitoring.kubesphere.io/v1alpha3/x", 500, 'node "x" not found\n', ServerError),
    ("words around it", "GET", f"{_USERS}/x", 500, 'while reading: user "x" not found, giving up\n', ServerError),
    ("a plain object", "GET", f"{_TENANT}/workspaces/x", 400, 'namespaces "x" not found\n', BadRequestError),
]


def error(method: str, path: str, status: int, text: str, *, base: str = "http://ks") -> APIStatusError:
    return status_error(httpx.Response(status, text=text, request=httpx.Request(method, f"{base}{path}")), "op")


@pytest.mark.parametrize(("recording", "method", "path", "status", "text", "kind"), READ_OTHERWISE)
def test_it_is_read_as_what_it_means(
    recording: str, method: str, path: str, status: int, text: str, kind: type[APIStatusError]
) -> None:
    read = error(method, path, status, text)

    assert type(read) is kind, recording
    assert read.status_code == status
    assert read.read_as in (404, 409, 413)
    assert f"{status}, read as {read.read_as} {read.reason}" in str(read)


@pytest.mark.parametrize(("recording", "method", "path", "status", "text", "kind"), AS_IT_CAME)
def test_anything_else_stays_what_it_is(
    recording: str, method: str, path: str, status: int, text: str, kind: type[APIStatusError]
) -> None:
    read = error(method, path, status, text)

    assert type(read) is kind, recording
    assert read.read_as is None
    assert "read as" not in str(read)


def test_a_server_behind_a_path_of_its_own_is_read_the_same() -> None:
    read = error("GET", f"{_USERS}/zzz", 500, 'user.iam.kubesphere.io "zzz" not found\n', base="http://ks/behind")

    assert type(read) is NotFoundError


def test_a_kubernetes_status_is_given_as_an_object() -> None:
    body = '{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"AlreadyExists","code":409,"metadata":{}}'
    read = error("POST", "/apis/iam.kubesphere.io/v1alpha2/users", 409, body)

    assert read.status is not None
    assert (read.status.reason, read.status.code) == ("AlreadyExists", 409)
    assert error("GET", f"{_USERS}/zzz", 500, "no").status is None


def test_plain_requests_are_read_the_same() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(500, text='namespace "zzz" not found\n'))
    with KubeSphere("http://ks", auth=None, transport=transport) as ks, pytest.raises(NotFoundError):
        ks.request("GET", f"{_RESOURCES}/namespaces/zzz")
