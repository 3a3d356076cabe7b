"""A file on its way to the server, which tells how far it has come."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from kubesphere_client.errors import InvalidArgumentError

_CHUNK = 65_536


class Upload:
    """A file to send as a body, or as a field of a form; it can be sent once more where a token had to be renewed.

    Args:
        source: the path of a file, which is open while it is sent and no longer; or bytes, or a file opened with mode
            "rb", which must be able to seek.
        filename: what a form calls the file; by default the name of the source.
        content_type: the media type that a form gives the file.
        progress: called after each piece with the bytes that were read for sending, and with how many there are.

    Raises:
        InvalidArgumentError: the source is none of these.
        OSError: there is no such file.

    Example:
        Upload("chart.tgz", progress=lambda done, size: print(f"{done / size:.0%}"))
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        filename: str | None = None,
        content_type: str | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        self._path: Path | None = None
        self._file: IO[bytes] | None = None
        self._position = 0
        if isinstance(source, str | os.PathLike):
            self._path = Path(source)
            self.size = self._path.stat().st_size
            if not self._path.is_file():
                raise InvalidArgumentError(f"Upload takes the path of a file, which {str(self._path)!a} is not.")
        elif isinstance(source, bytes | bytearray):
            self._file = io.BytesIO(source)
            self.size = len(source)
        elif not isinstance(source, io.TextIOBase) and hasattr(source, "read") and source.seekable():
            self._file = source
            self.size = source.seek(0, os.SEEK_END)
        else:
            raise InvalidArgumentError(
                f"Upload takes a path, bytes, or a file opened with mode 'rb' that can seek, not {type(source).__name__}."
            )
        self.filename = filename or Path(self._path or str(getattr(source, "name", "upload"))).name
        self.content_type = content_type
        self._progress = progress

    def __repr__(self) -> str:
        return f"Upload({self.filename!r}, {self.size} bytes)"

    def part(self) -> tuple[str, Upload] | tuple[str, Upload, str]:
        """The field of a form that it is."""
        return (self.filename, self) if self.content_type is None else (self.filename, self, self.content_type)

    def read(self, size: int = -1) -> bytes:
        """The next bytes to send.

        Raises:
            InvalidArgumentError: the file has become shorter than it was said to be.
        """
        if self._file is None:
            assert self._path is not None
            self._file = self._path.open("rb")
        self._file.seek(self._position)
        left = max(0, self.size - self._position)  # not what the file has grown by, as its size was sent before
        piece = self._file.read(left if size < 0 else min(size, left))
        self._position += len(piece)
        if left and size and not piece:
            self.close()
            raise InvalidArgumentError(
                f"{self!r} became shorter while it was sent: only {self._position} bytes are there."
            )
        if self._path is not None and self._position >= self.size:
            self.close()
        if piece and self._progress is not None:
            self._progress(self._position, self.size)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on from another byte."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Close the file, if it was this that opened it."""
        if self._path is not None and self._file is not None:
            self._file.close()
            self._file = None

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(_CHUNK):
            yield piece
