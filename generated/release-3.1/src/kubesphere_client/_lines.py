"""A stream that comes in pieces, cut into lines wherever its pieces begin and end."""

from __future__ import annotations

from collections.abc import Iterator


class Lines:
    r"""Cuts bytes into lines, at b"\n" and nowhere else: a log may hold what `str.splitlines` would cut at."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The lines that a piece completes, without their ends."""
        *lines, rest = piece.split(b"\n")
        if lines:
            lines[0] = b"".join((*self._parts, lines[0]))
            self._parts.clear()
        self._parts.append(rest)
        yield from lines

    def end(self) -> bytes:
        """What came after the last line's end."""
        rest = b"".join(self._parts)
        self._parts.clear()
        return rest
