"""Plain requests to the fake, without any client of ours."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from attrs import frozen

from kubesphere_client.testing import FakeKubeSphere

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@frozen
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


def connect(fake: FakeKubeSphere) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", int(fake.url.rpartition(":")[2]), timeout=10)


def send(
    fake: FakeKubeSphere,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    *,
    token: str | None = "",
) -> Got:
    """Send a request with a token of admin, with another one, or with none (None)."""
    sent = dict(headers or {})
    if token is not None:
        sent["Authorization"] = f"Bearer {token or fake.issue_token()}"
    if body is not None and not isinstance(body, bytes | str):
        body = json.dumps(body)
        sent.setdefault("Content-Type", "application/json")
    connection = connect(fake)
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return Got(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def login(fake: FakeKubeSphere, user: str = "admin", password: str = "P@88w0rd") -> Got:
    fields = {"grant_type": "password", "username": user, "password": password}
    return send(fake, "POST", "/oauth/token", urlencode(fields), FORM, token=None)


def refresh(fake: FakeKubeSphere, token: str) -> Got:
    fields = {"grant_type": "refresh_token", "refresh_token": token}
    return send(fake, "POST", "/oauth/token", urlencode(fields), FORM, token=None)
