"""The terminal of a pod: a WebSocket (RFC 6455) with a shell that echoes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from io import BufferedIOBase

from kubesphere_client._api import TERMINAL_PATHS
from kubesphere_client.testing._kinds import KINDS
from kubesphere_client.testing._messages import Answer, refusal
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Missing

_PLACES = [
    re.compile(
        re.escape(path).replace(r"\{namespace\}", "(?P<namespace>[^/]+)", 1).replace(r"\{pod\}", "(?P<pod>[^/]+)", 1)
    )
    for path in TERMINAL_PATHS
    if "{namespace}" in path and "{pod}" in path
]
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BETWEEN_COMMANDS = re.compile(r"[\n;]")
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA


def terminal_of(path: str) -> tuple[str, str] | None:
    """The namespace and the name of the pod whose terminal is opened at a path."""
    for place in _PLACES:
        if match := place.fullmatch(path):
            return match["namespace"], match["pod"]
    return None


def terminal(call: Call, namespace: str, pod: str) -> Answer:
    """101 and a shell, or 400 without an upgrade (recording proxy-053)."""
    key = call.request.headers.get("sec-websocket-key")
    if call.request.headers.get("upgrade", "").lower() != "websocket" or not key:
        return Answer(400, b"Bad Request\n", "text/plain; charset=utf-8")
    try:
        call.store.get(KINDS["pods"], namespace, pod)
    except Missing:
        return refusal(500, f'pods "{pod}" not found')
    accepted = base64.b64encode(hashlib.sha1((key + _MAGIC).encode()).digest()).decode()
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accepted}
    return Answer(101, media="", headers=headers, upgrade=_Shell(pod).run)


class _Shell:
    """Answers what is typed with the same on stdout; the command `exit` among it ends the session.

    The messages are the server's: `{"Op": "stdin", "Data": …}` in, `{"Op": "stdout", "Data": …}` out, and
    `{"Op": "resize", "Cols": …, "Rows": …}` in between.
    """

    def __init__(self, pod: str) -> None:
        self._prompt = f"{pod}:/# "

    def run(self, incoming: BufferedIOBase, outgoing: BufferedIOBase) -> None:
        self._print(outgoing, self._prompt)
        while True:
            opcode, payload = _received(incoming)
            if opcode == _CLOSE:
                _send(outgoing, _CLOSE, payload)
                return
            if opcode == _PING:
                _send(outgoing, _PONG, payload)
                continue
            message = json.loads(payload) if opcode == _TEXT else {}
            if message.get("Op") != "stdin":
                continue
            typed = str(message.get("Data", ""))
            commands = [command.strip() for command in _BETWEEN_COMMANDS.split(typed)]
            if "exit" in commands:
                self._print(outgoing, typed.replace("\n", "\r\n"))
                _send(outgoing, _CLOSE, struct.pack(">H", 1000))
                return
            self._print(outgoing, typed.replace("\n", "\r\n") + self._prompt)

    @staticmethod
    def _print(outgoing: BufferedIOBase, text: str) -> None:
        message = {"Op": "stdout", "Data": text, "SessionID": "", "Rows": 0, "Cols": 0}
        _send(outgoing, _TEXT, json.dumps(message).encode())


def _received(incoming: BufferedIOBase) -> tuple[int, bytes]:
    """One message; the end of the connection reads as a close."""
    payload, opcode = b"", 0
    while True:
        head = incoming.read(2)
        if len(head) < 2:
            return _CLOSE, b""
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", incoming.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", incoming.read(8))
        mask = incoming.read(4) if head[1] & 0x80 else bytes(4)
        part = incoming.read(size)
        payload += bytes(byte ^ mask[index % 4] for index, byte in enumerate(part))
        opcode = head[0] & 0x0F or opcode
        if head[0] & 0x80:
            return opcode, payload


def _send(outgoing: BufferedIOBase, opcode: int, payload: bytes) -> None:
    size = len(payload)
    length = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size)
    if size > 0xFFFF:
        length = b"\x7f" + struct.pack(">Q", size)
    outgoing.write(bytes([0x80 | opcode]) + length + payload)
    outgoing.flush()
