"""Watches, logs and the terminal of the fake, while things happen."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kubesphere_client.testing import FakeKubeSphere
from tests.client.raw_http import connect, send

PODS = "/api/v1/namespaces/shop/pods"


@pytest.fixture
def fake() -> Iterator[FakeKubeSphere]:
    with FakeKubeSphere() as fake:
        fake.add("pods", "web-0", namespace="shop")
        yield fake


class Stream:
    """An open stream, read line by line."""

    def __init__(self, fake: FakeKubeSphere, path: str) -> None:
        self._connection = connect(fake)
        self._connection.request("GET", path, headers={"Authorization": f"Bearer {fake.issue_token()}"})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200

    def line(self) -> str:
        return self._answer.readline().decode()

    def event(self) -> tuple[str, Any]:
        event = json.loads(self.line())
        return event["type"], event["object"]

    def named(self) -> tuple[str, str]:
        happened, thing = self.event()
        return happened, thing["metadata"]["name"]

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


@pytest.fixture
def follow(fake: FakeKubeSphere) -> Iterator[Callable[[str], Stream]]:
    """Opens streams, and closes them in the end."""
    streams: list[Stream] = []

    def opened(path: str) -> Stream:
        streams.append(Stream(fake, path))
        return streams[-1]

    yield opened
    for stream in streams:
        stream.close()


def version(fake: FakeKubeSphere) -> str:
    return str(send(fake, "GET", PODS).json()["metadata"]["resourceVersion"])


def test_a_watch_shows_what_is_there_and_then_what_happens(
    fake: FakeKubeSphere, follow: Callable[[str], Stream]
) -> None:
    watch = follow(f"{PODS}?watch=true")
    assert watch.named() == ("ADDED", "web-0")
    fake.add("pods", "web-1", namespace="shop")
    assert watch.named() == ("ADDED", "web-1")
    fake.update("pods", "web-0", {"status": {"phase": "Running"}}, namespace="shop")
    happened, pod = watch.event()
    assert (happened, pod["status"], pod["kind"]) == ("MODIFIED", {"phase": "Running"}, "Pod")
    fake.remove("pods", "web-1", namespace="shop")
    assert watch.named() == ("DELETED", "web-1")


def test_a_watch_goes_on_from_a_version(fake: FakeKubeSphere, follow: Callable[[str], Stream]) -> None:
    seen = version(fake)
    fake.add("pods", "web-1", namespace="shop")
    watch = follow(f"{PODS}?watch=true&resourceVersion={seen}")
    assert watch.named() == ("ADDED", "web-1")


def test_a_watch_shows_its_namespace_and_what_its_selectors_choose(
    fake: FakeKubeSphere, follow: Callable[[str], Stream]
) -> None:
    by_label = follow(f"{PODS}?watch=true&labelSelector=app%3Dcart&resourceVersion={version(fake)}")
    by_name = follow(f"{PODS}?watch=true&fieldSelector=metadata.name%3Dcart-0&resourceVersion={version(fake)}")
    fake.add("pods", "cart-9", namespace="elsewhere")
    fake.add("pods", "web-1", namespace="shop")
    fake.add("pods", {"metadata": {"name": "cart-0", "labels": {"app": "cart"}}}, namespace="shop")
    assert by_label.named() == by_name.named() == ("ADDED", "cart-0")


def test_an_object_that_leaves_the_selection_is_deleted_for_the_watch(
    fake: FakeKubeSphere, follow: Callable[[str], Stream]
) -> None:
    fake.update("pods", "web-0", {"metadata": {"labels": {"app": "web"}}}, namespace="shop")
    watch = follow(f"{PODS}?watch=true&labelSelector=app%3Dweb")
    assert watch.named() == ("ADDED", "web-0")
    fake.update("pods", "web-0", {"metadata": {"labels": {"app": "old"}}}, namespace="shop")
    assert watch.named() == ("DELETED", "web-0")


def test_a_watch_ends_with_its_time_and_a_bookmark(fake: FakeKubeSphere, follow: Callable[[str], Stream]) -> None:
    seen = version(fake)
    watch = follow(f"{PODS}?watch=true&resourceVersion={seen}&timeoutSeconds=0&allowWatchBookmarks=true")
    happened, pod = watch.event()
    assert (happened, pod["kind"], pod["metadata"]["resourceVersion"]) == ("BOOKMARK", "Pod", seen)
    assert watch.line() == ""


def test_a_watch_from_before_the_history_gets_one_error_event(
    fake: FakeKubeSphere, follow: Callable[[str], Stream]
) -> None:
    seen = version(fake)
    fake.compact()
    watch = follow(f"{PODS}?watch=true&resourceVersion={seen}")
    happened, status = watch.event()
    assert (happened, status["code"], status["reason"]) == ("ERROR", 410, "Expired")
    assert watch.line() == ""


def test_a_watch_can_be_cut_in_the_middle(fake: FakeKubeSphere, follow: Callable[[str], Stream]) -> None:
    watch = follow(f"{PODS}?watch=true")
    watch.line()
    fake.break_watches()
    with pytest.raises(http.client.IncompleteRead):
        watch._answer.read()


def test_a_watch_ends_when_its_client_leaves(fake: FakeKubeSphere, follow: Callable[[str], Stream]) -> None:
    watch = follow(f"{PODS}?watch=true")
    watch.line()
    watch.close()
    assert fake.wait_until_idle()


def test_a_log_grows_while_it_is_followed(fake: FakeKubeSphere, follow: Callable[[str], Stream]) -> None:
    fake.append_log("web-0", "one\ntwo\n", namespace="shop")
    log = follow(f"{PODS}/web-0/log?follow=true&tailLines=1")
    assert log.line() == "two\n"
    fake.append_log("web-0", "three", namespace="shop")
    assert log.line() == "three\n"
    fake.end_log("web-0", namespace="shop")
    assert log.line() == ""
    assert send(fake, "GET", f"{PODS}/web-0/log").text == "one\ntwo\nthree\n"


def test_each_container_has_a_log_of_its_own(fake: FakeKubeSphere) -> None:
    spec = {"containers": [{"name": "app"}, {"name": "proxy"}]}
    fake.add("pods", {"metadata": {"name": "cart-0"}, "spec": spec}, namespace="shop")
    fake.append_log("cart-0", "from app", namespace="shop", container="app")
    fake.append_log("cart-0", "from proxy", namespace="shop", container="proxy")
    assert send(fake, "GET", f"{PODS}/cart-0/log").text == "from app\n"
    assert send(fake, "GET", f"{PODS}/cart-0/log?container=proxy").text == "from proxy\n"
    assert send(fake, "GET", f"{PODS}/cart-0/log?container=none").status == 400


def test_the_log_of_a_run_takes_no_accept_but_any(fake: FakeKubeSphere) -> None:
    path = "/kapis/devops.kubesphere.io/v1alpha2/devops/p/pipelines/q/runs/1/log"
    fake.append_text(path, "Started")
    assert send(fake, "GET", path, headers={"Accept": "application/json"}).status == 406
    fake.append_text(path, "Finished")
    assert send(fake, "GET", path, headers={"Accept": "*/*"}).text == "Started\nFinished\n"
    assert send(fake, "GET", f"{path}?start=8").text == "Finished\n"


def test_the_terminal_echoes_until_exit(fake: FakeKubeSphere) -> None:
    path = "/kapis/terminal.kubesphere.io/v1alpha2/namespaces/shop/pods/web-0?container=c&shell=sh"
    assert send(fake, "GET", path).status == 400
    with socket.create_connection(("127.0.0.1", int(fake.url.rpartition(":")[2])), timeout=10) as peer:
        lines = [
            f"GET {path} HTTP/1.1",
            "Host: fake",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(b'0123456789abcdef').decode()}",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {fake.issue_token()}",
        ]
        peer.sendall("\r\n".join([*lines, "", ""]).encode())
        reader = peer.makefile("rb")
        assert reader.readline().startswith(b"HTTP/1.1 101 ")
        while reader.readline().strip():
            pass
        assert _message(reader)["Data"] == "web-0:/# "
        peer.sendall(_masked({"Op": "resize", "Cols": 80, "Rows": 24}) + _masked({"Op": "stdin", "Data": "ls\n"}))
        assert _message(reader) == {"Op": "stdout", "Data": "ls\r\nweb-0:/# ", "SessionID": "", "Rows": 0, "Cols": 0}
        peer.sendall(_masked({"Op": "stdin", "Data": "exit\n"}))
        assert _message(reader)["Data"] == "exit\r\n"
        assert reader.read() == b"\x88\x02\x03\xe8"
        reader.close()


def _masked(message: dict[str, Any]) -> bytes:
    payload, mask = json.dumps(message).encode(), b"\x01\x02\x03\x04"
    assert len(payload) < 126
    hidden = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return bytes([0x81, 0x80 | len(payload)]) + mask + hidden


def _message(reader: Any) -> Any:
    kind, size = reader.read(2)
    assert kind == 0x81
    if size == 126:
        (size,) = struct.unpack(">H", reader.read(2))
    return json.loads(reader.read(size))
