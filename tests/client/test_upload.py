"""Files go up whole, tell how far they have come, and go up once more where the token had to be renewed."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kubesphere_client import AsyncKubeSphere, InvalidArgumentError, KubeSphere, Upload
from kubesphere_client._body import encode_body
from tests.client.fake_server import Answer, FakeServer

BODY = bytes(range(256)) * 800
PATH = "/kapis/x.kubesphere.io/v1/file"


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    server.answers["POST", PATH] = Answer(body=b"{}")
    with KubeSphere(server.url, username="admin", password="P@88w0rd") as client:
        yield client


def send(ks: Any, body: Any) -> Any:
    return ks.request("POST", PATH, body=body, content_type="application/octet-stream")


def test_a_path_is_sent_with_its_length_and_progress_is_told(
    server: FakeServer, ks: KubeSphere, tmp_path: Path
) -> None:
    (tmp_path / "chart.tgz").write_bytes(BODY)
    told: list[tuple[int, int]] = []
    upload = Upload(tmp_path / "chart.tgz", progress=lambda done, size: told.append((done, size)))
    send(ks, upload)
    assert server.seen[-1].body == BODY
    assert server.seen[-1].headers["content-length"] == str(len(BODY))
    assert told[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) == 4


@pytest.mark.parametrize("source", ["path", "bytes", "file"])
def test_it_is_sent_once_more_after_the_token_was_renewed(
    server: FakeServer, ks: KubeSphere, tmp_path: Path, source: str
) -> None:
    (tmp_path / "file").write_bytes(BODY)
    sources = {"path": str(tmp_path / "file"), "bytes": BODY, "file": io.BytesIO(BODY)}
    ks.iam.v1alpha2.list_users()
    server.expire()
    send(ks, Upload(sources[source]))
    assert [one.body for one in server.calls(PATH)] == [BODY, BODY]


def test_a_task_sends_it_too(server: FakeServer, tmp_path: Path) -> None:
    server.answers["POST", PATH] = Answer(body=b"{}")
    (tmp_path / "file").write_bytes(BODY)
    told: list[int] = []

    async def run() -> None:
        async with AsyncKubeSphere(server.url, username="admin", password="P@88w0rd") as ks:
            await ks.iam.v1alpha2.list_users()
            server.expire()
            await send(ks, Upload(tmp_path / "file", progress=lambda done, _: told.append(done)))

    asyncio.run(run())
    assert [one.body for one in server.calls(PATH)] == [BODY, BODY]
    assert told[-1] == len(BODY)


def test_it_is_a_field_of_a_form(server: FakeServer, ks: KubeSphere, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    encoded = encode_body(
        {"s": Upload(tmp_path / "a.txt", content_type="text/x"), "t": Upload(b"d", filename="d.bin"), "n": "1"},
        ["multipart/form-data"],
        operation="x",
    )
    assert encoded.rewind()
    assert encoded.files is not None

    request = httpx.Request("POST", "http://server/", files=encoded.files)
    body = request.read()
    assert b'name="s"; filename="a.txt"\r\nContent-Type: text/x\r\n\r\nabc\r\n' in body
    assert b'name="t"; filename="d.bin"' in body
    assert b'name="n"\r\n\r\n1\r\n' in body


def test_a_file_is_open_only_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    upload = Upload(tmp_path / "file")
    assert upload._file is None
    assert upload.read(2) == b"ab"
    assert upload._file is not None
    assert (upload.read(2), upload._file) == (b"c", None)
    upload.seek(1)
    assert b"".join(upload) == b"bc"
    assert upload._file is None


@pytest.mark.parametrize("source", [1, None, io.StringIO("text"), iter([b"a"])])
def test_what_cannot_be_sent_twice_is_refused(source: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="Upload takes a path, bytes, or a file"):
        Upload(source)


def test_a_file_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Upload(tmp_path / "nothing")


def test_its_repr_shows_its_name_and_size() -> None:
    assert repr(Upload(b"abc", filename="a")) == "Upload('a', 3 bytes)"


def test_a_file_that_grows_while_it_is_sent_is_sent_as_it_was(
    server: FakeServer, ks: KubeSphere, tmp_path: Path
) -> None:
    path = tmp_path / "chart.tgz"
    path.write_bytes(BODY)
    upload = Upload(path)
    path.write_bytes(BODY + b"more")
    send(ks, upload)
    assert server.seen[-1].body == BODY


@pytest.mark.parametrize("size", [0, 70_000])
def test_a_file_that_shrinks_is_an_error_that_says_so(ks: KubeSphere, tmp_path: Path, size: int) -> None:
    path = tmp_path / "chart.tgz"
    path.write_bytes(BODY)
    upload = Upload(path)
    path.write_bytes(BODY[:size])
    with pytest.raises(InvalidArgumentError, match=f"became shorter while it was sent: only {size} bytes"):
        send(ks, upload)
    send(ks, b"the client can be used")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="takes the path of a file"):
        Upload(tmp_path)
