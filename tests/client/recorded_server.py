"""The fake with what the recorded server held, and recorded requests sent to it as they were.

`recordings/world.jsonl` holds the objects that the recorded lists show, without what no comparison needs.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from kubesphere_client.testing import FakeKubeSphere

_FOLDER = Path(__file__).parent / "recordings"
_NOT_SENT = ("content-length", "transfer-encoding", "accept-encoding")


@frozen
class Reply:
    """An answer, recorded or given; no status where the connection was closed without one."""

    status: int | None
    media: str | None
    body: str | None


@frozen
class Exchange:
    """A recorded request and what the real server answered."""

    name: str
    request: dict[str, Any]
    reply: Reply


def exchanges(file: str) -> list[Exchange]:
    """The recordings in a file beside the world."""
    return [_exchange(json.loads(line)) for line in (_FOLDER / file).read_text("utf-8").splitlines()]


def fill(fake: FakeKubeSphere) -> None:
    """Put in what the recorded server held."""
    for line in (_FOLDER / "world.jsonl").read_text("utf-8").splitlines():
        held = json.loads(line)
        thing = held["object"]
        if thing["metadata"]["name"] != "admin":
            fake.add(held["kind"], thing, namespace=thing["metadata"].get("namespace"))
    fake.add("globalroles", {"metadata": {"name": "g1"}, "rules": []})
    fake.add("clusterroles", {"metadata": {"name": "c1"}, "rules": []})
    fake.add("pods", {"metadata": {"name": "pod1"}, "spec": {"containers": [{"name": "c"}]}}, namespace="ns1")
    fake.add_cluster("member1", state="not-ready")
    fake.add_cluster("dead", state="unreachable")


def replay(fake: FakeKubeSphere, exchange: Exchange) -> Reply:
    """Send the recorded request with a token of the fake in the place of the recorded one."""
    request = exchange.request
    connection = http.client.HTTPConnection("127.0.0.1", int(fake.url.rpartition(":")[2]), timeout=10)
    connection.putrequest(request["method"], request["path"], skip_accept_encoding=True)
    for header, value in _headers(request["headers"], fake.issue_token()):
        connection.putheader(header, value)
    body = (request["body"] or "").encode()
    if body or request["method"] in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(body)))
    try:
        connection.endheaders(body)
        answer = connection.getresponse()
        return Reply(answer.status, answer.getheader("Content-Type"), answer.read().decode())
    except http.client.RemoteDisconnected:
        return Reply(None, None, None)
    finally:
        connection.close()


def _exchange(line: dict[str, Any]) -> Exchange:
    response = line["response"]
    media = dict(response.get("headers") or ()).get("Content-Type")
    body = response.get("body")
    return Exchange(line["name"], line["request"], Reply(response.get("status"), media, body))


def _headers(headers: dict[str, str], token: str) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        scheme, _, credential = value.rpartition(" ")
        if credential.startswith("token-"):
            yield name, f"{scheme} {token}".strip()
        elif name.lower() not in _NOT_SENT:
            yield name, value
