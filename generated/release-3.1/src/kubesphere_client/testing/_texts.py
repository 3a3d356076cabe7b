"""Texts that grow while they are read: logs of pods and of pipeline runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator


class GrowingText:
    """A text that a test writes and clients read, line by line, at the same time."""

    def __init__(self, text: str = "") -> None:
        self._lines = [line.encode() for line in text.splitlines(keepends=True)]
        self._ended = False
        self._grown = threading.Condition()

    def append(self, text: str) -> None:
        """Add text; a missing newline at its end is added too."""
        with self._grown:
            self._lines += [line.encode() for line in (text.rstrip("\n") + "\n").splitlines(keepends=True)]
            self._grown.notify_all()

    def end(self) -> None:
        """Nothing will be added: who follows the text gets to its end."""
        with self._grown:
            self._ended = True
            self._grown.notify_all()

    def read(self, *, tail: int | None = None) -> bytes:
        """What is there now, or its last lines."""
        with self._grown:
            return b"".join(self._lines[0 if tail is None else max(0, len(self._lines) - tail) :])

    def follow(self, stopping: threading.Event, *, tail: int | None = None) -> Iterator[bytes]:
        """Each line once it is there; an empty chunk now and then, which asks whether the reader still is."""
        with self._grown:
            position = 0 if tail is None else max(0, len(self._lines) - tail)
        while not stopping.is_set():
            with self._grown:
                fresh, position = self._lines[position:], len(self._lines)
                ended = self._ended
                if not fresh and not ended:
                    self._grown.wait(0.05)
            yield b"".join(fresh)
            if ended and not fresh:
                return
