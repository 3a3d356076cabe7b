"""What a recording may say, and what is said of one that is broken."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.literal import exchange, line
from tests.contract.recording import RecordingError, read_line, read_recordings


def changed(part: str, **fields: Any) -> str:
    """A line whose request or response has other fields; what is ... is left out."""
    whole = line()
    whole[part] = {name: value for name, value in {**whole[part], **fields}.items() if value is not ...}
    return json.dumps(whole)


def test_a_line_becomes_an_exchange() -> None:
    read = exchange("post", "/a%20b?c=d", body='{"x": 1}', media="application/json; charset=utf-8", answer="ok")

    assert (read.method, read.path, read.query) == ("POST", "/a%20b", "c=d")
    assert (read.body, read.media) == (b'{"x": 1}', "application/json")
    assert read.header("authorization") == "Bearer token-001"
    assert (read.answer.status, read.answer.body) == (200, b"ok")
    assert not read.artefact


def test_headers_may_be_an_object_or_pairs() -> None:
    pairs = [["Accept", "a"], ["X-One", "1"]]
    assert read_line(changed("request", headers=pairs)).headers == (("accept", "a"), ("x-one", "1"))
    assert read_line(changed("request", headers=dict(pairs))).headers == (("accept", "a"), ("x-one", "1"))
    assert read_line(changed("request", headers=...)).headers == ()


def test_a_body_may_be_base64() -> None:
    body = {"base64": base64.b64encode(b"\xff\x00").decode(), "bytes": 2}
    assert read_line(changed("request", body=body)).body == b"\xff\x00"
    assert read_line(changed("response", body=body)).answer.body == b"\xff\x00"


def test_a_body_that_was_too_long_is_known_to_lack() -> None:
    body = {"bytes": 9000, "text_truncated": '{"a": '}
    assert read_line(changed("request", body=body)).lacks_body
    assert read_line(changed("response", body=body)).answer.body is None
    assert not exchange().lacks_body


def test_an_encoding_is_taken_off_only_where_it_is_on() -> None:
    packed = {"base64": base64.b64encode(gzip.compress(b"{}")).decode(), "bytes": 22}
    headers = [["content-encoding", "gzip"], ["Content-Type", "application/json"]]
    on = read_line(changed("response", body=packed, headers=headers)).answer
    off = read_line(changed("response", body="{}", headers=headers)).answer

    assert (on.content, on.header("Content-Encoding")) == (b"{}", "gzip")
    assert (off.content, off.header("Content-Encoding")) == (b"{}", "")


def test_a_closed_connection_has_no_status() -> None:
    read = read_line(json.dumps({**line(), "response": {"error": "connection closed without a response"}}))
    assert read.answer.status is None


def test_the_chunks_of_a_request_are_put_together() -> None:
    body = '5\r\n{"met\r\n3\r\na":\r\n0\r\n\r\n'
    assert exchange("POST", headers={"Transfer-Encoding": "chunked"}, body=body).body == b'{"meta":'


@pytest.mark.parametrize("status", [101, 204, 304])
def test_some_answers_have_no_body(status: int) -> None:
    assert exchange(status=status, answer="x").answer.body == b""
    assert exchange("HEAD", answer="x").answer.body == b""


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("{", "is not JSON: .* at column 2"),
        (b'{"name": "\xff"}', "is not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        (f'{{"n": {"9" * 5000}}}', "too long a number"),
        ("[]", "is not a JSON object"),
        ("{}", "request is missing"),
        ('{"request": 1}', "request is not an object"),
        (changed("request", method=...), "request.method is missing"),
        (changed("request", method=7), "request.method is not a text"),
        (changed("request", method="GE T"), "request.method 'GE T' is not the name of a method"),
        (changed("request", path=...), "request.path is missing"),
        (changed("request", path="kapis"), "request.path 'kapis' does not start with \"/\""),
        (changed("request", path="/\ud800"), "request.path holds half of a surrogate pair"),
        (changed("request", headers="Accept: a"), "request.headers is neither an object nor a list of pairs"),
        (changed("request", headers={"Accept": 1}), "request.headers holds .*, which is not a name with its value"),
        (changed("request", headers={"A": "b\r\nc: d"}), "request.headers holds 'A', which cannot be sent"),
        (changed("request", body=7), "request.body is neither a text nor base64 nor a text that was cut short"),
        (changed("request", body={"base64": "*"}), "request.body.base64 is not base64"),
        (changed("response", status=...), "response.status is missing"),
        (changed("response", status="200"), "response.status is not a whole number"),
        (changed("response", status=True), "response.status True is not the status of an answer"),
        (changed("response", status=100), "response.status 100 is not the status of an answer"),
        (changed("response", chunks="x"), "response.chunks is not a list"),
        (changed("response", chunks=[1]), r"response.chunks\[0\] is neither a text"),
        (changed("response", chunks=["garbage\r\n\r\n"]), "response.chunks is no HTTP answer"),
        (changed("response", chunks=["HTTP/1.1 200 OK\r\n"]), "response.chunks holds no whole head"),
        (changed("response", chunks=[]), "response.chunks holds no whole head"),
    ],
)
def test_a_broken_line_is_told_in_a_sentence(broken: str | bytes, says: str) -> None:
    with pytest.raises(RecordingError, match=says) as caught:
        read_line(broken)
    assert "\n" not in str(caught.value)


def test_a_directory_is_read_in_the_order_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(f"\ufeff{json.dumps(line(path='/1'))}\r\n\n{json.dumps(line(path='/2'))}")
    (tmp_path / "a.jsonl").write_text(json.dumps(line(path="/0")))
    (tmp_path / "a.json").write_text("no recording")
    (tmp_path / "c.jsonl").mkdir()

    read = read_recordings(tmp_path)

    assert [(one.path, one.place) for one in read] == [("/0", "a.jsonl:1"), ("/1", "b.jsonl:1"), ("/2", "b.jsonl:3")]


def test_a_broken_line_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(f"{json.dumps(line())}\n\n{{\n")
    with pytest.raises(RecordingError, match=r"one\.jsonl:3: is not JSON: .* at column 2\.$"):
        read_recordings(tmp_path)


def test_a_directory_without_recordings_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="holds no recorded exchange"):
        read_recordings(tmp_path)
    with pytest.raises(RecordingError, match="nowhere: cannot be read: No such file"):
        read_recordings(tmp_path / "nowhere")
