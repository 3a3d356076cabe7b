"""What is said over a terminal's WebSocket. No input or output here."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kubesphere_client import _json
from kubesphere_client._status_errors import status_error
from kubesphere_client.errors import ClientClosedError, DecodeError, InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._http import Response

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
# Characters. The server copies a frame into a buffer of 32 KiB and drops what does not fit
# (pkg/models/terminal/terminal.go, Read).
_LONGEST_INPUT = 4_096
_LARGEST = 65_535


class Frames:
    """What is said over a terminal's WebSocket: JSON objects with Op, Data, Rows and Cols
    (pkg/models/terminal/terminal.go:63)."""

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._key = base64.b64encode(os.urandom(16)).decode()

    def handshake(self) -> dict[str, str]:
        """The headers that ask for a WebSocket."""
        return {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": self._key,
        }

    def check_unused(self, response: Response | None) -> None:
        """
        Raises:
            ClientClosedError: there was an answer before.
        """
        if response is not None:
            raise ClientClosedError("A terminal can be opened once; call connect_pod_terminal again.")

    def opened(self, response: Response) -> Any:
        """The connection that an answer opened.

        Raises:
            APIStatusError: the server refused.
            DecodeError: what answered does not speak WebSocket.
        """
        if response.status_code != 101:
            raise status_error(response, self._operation)
        accepted = base64.b64encode(hashlib.sha1(self._key.encode() + _GUID, usedforsecurity=False).digest()).decode()
        if response.headers.get("Sec-WebSocket-Accept") != accepted:
            raise DecodeError("the answer opens no WebSocket", response=response, operation=self._operation)
        return response.extensions["network_stream"]

    def input(self, text: str) -> Iterator[str]:
        """The frames that type a text."""
        for start in range(0, len(text), _LONGEST_INPUT):
            yield self._frame({"Op": "stdin", "Data": text[start : start + _LONGEST_INPUT]})

    def resize(self, rows: int, cols: int) -> str:
        """The frame that tells how large the terminal is.

        Raises:
            InvalidArgumentError: no terminal is as large as that.
        """
        for name, value in (("rows", rows), ("cols", cols)):
            if not isinstance(value, int) or not 0 < value <= _LARGEST:
                raise InvalidArgumentError(
                    f"{self._operation}: {name} must be a number from 1 to {_LARGEST}, not {value!r:.80}."
                )
        return self._frame({"Op": "resize", "Rows": rows, "Cols": cols})

    def output(self, frame: str, response: Response) -> str:
        """The text of a frame from the server: what the shell printed, or a message of the server to the user."""
        try:
            data = _json.loads(frame.encode())
        except (ValueError, RecursionError):
            data = None
        text = data.get("Data") if isinstance(data, dict) and data.get("Op") in ("stdout", "toast") else None
        if not isinstance(text, str):
            raise DecodeError(
                f"a frame of the terminal is not output: {len(frame)} characters",
                response=response,
                body=frame,
                operation=self._operation,
            )
        return text

    def _frame(self, fields: dict[str, Any]) -> str:
        return _json.dumps(fields).decode()
