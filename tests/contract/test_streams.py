"""Raw streams, as they arrived and as recordings sometimes leave them."""

from __future__ import annotations

import pytest

from tests.contract.streams import dechunked, streamed

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_whole_stream_is_kept_as_it_came() -> None:
    pieces = (HEAD, b"4\r\n{}\n", b"x\r\n3\r\n\r\n\n\r\n", b"0\r\n\r\n")
    answer = streamed(pieces)

    assert (answer.status, answer.body, answer.raw) == (200, b"{}\nx\r\n\n", pieces)
    assert answer.header("content-type") == "application/json"


def test_an_answer_need_not_be_chunked() -> None:
    answer = streamed((b"HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\nGone",))
    assert (answer.status, answer.body, bool(answer.raw)) == (410, b"Gone", True)


@pytest.mark.parametrize(
    "framed",
    [
        b'1f\r\n{"type":"ADDED"}\n\r\n5\r\n{}\n\r\n0\r\n\r\n',  # a token was replaced by a shorter text
        b'9\r\n{"type":"ADDED"}\n\r\n5\r\n{}\n\r\n',  # and the recording ended there
    ],
)
def test_a_stream_whose_sizes_do_not_hold_is_framed_anew(framed: bytes) -> None:
    answer = streamed((HEAD, framed))

    assert answer.raw == ()
    assert answer.header("transfer-encoding") == "chunked"
    assert (answer.body or b"").split() == [b'{"type":"ADDED"}', b"{}"]


def test_a_body_shorter_than_it_says_is_taken_as_it_is() -> None:
    answer = streamed((b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nshort",))
    assert (answer.body, answer.raw, answer.header("Content-Length")) == (b"short", (), "")


def test_chunks_are_found_without_their_sizes() -> None:
    assert dechunked(b"5\r\nabc\r\nA\r\nd\r\n0\r\n\r\n") == [b"abc", b"d"]
    assert dechunked(b"no chunks") == [b"no chunks"]
    assert dechunked(b"") == []
