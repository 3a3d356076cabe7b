"""A recorded exchange, as a value."""

from __future__ import annotations

import gzip
import zlib

from attrs import field, frozen


@frozen
class Answer:
    """What the server answered.

    Attributes:
        status: None where the server closed the connection without an answer.
        body: as it went over the wire, but for chunks; None where the recording lacks it.
        raw: the pieces of a stream as they arrived, status line and chunk framing included.
    """

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = b""
    raw: tuple[bytes, ...] = ()

    def header(self, name: str) -> str:
        return next((value for one, value in self.headers if one.lower() == name.lower()), "")

    @property
    def content(self) -> bytes:
        """The body with its encoding taken off."""
        return decoded(self.body or b"", self.header("Content-Encoding")) or b""


@frozen
class Exchange:
    """One recorded request and its answer.

    Attributes:
        file, line: where it was recorded.
        artefact: whether the answer came from a stand-in and proves nothing.
        headers: of the request; the names are in lower case.
        body: of the request, as it goes over the wire; None where there is none.
        lacks_body: whether the recording lacks the body that was sent.
    """

    file: str
    line: int
    name: str
    method: str
    target: str
    answer: Answer
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    lacks_body: bool = False
    artefact: bool = False

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        return next((value for one, value in self.headers if one == name), "")

    @property
    def media(self) -> str:
        """The media type of the body without its parameters, in lower case."""
        return bare_media(self.header("content-type"))


def bare_media(media: str) -> str:
    return media.partition(";")[0].strip().lower()


def decoded(body: bytes, encoding: str) -> bytes | None:
    """A body without its encoding; None where it is not encoded in that way."""
    try:
        match encoding.lower():
            case "gzip" | "x-gzip":
                return gzip.decompress(body)
            case "deflate":
                return zlib.decompress(body)
            case _:
                return body
    except (OSError, EOFError, zlib.error):
        return None
