"""A server on loopback with one terminal, which speaks as pkg/models/terminal/terminal.go does."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from attrs import define, field
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, RejectConnection, Request, TextMessage


@define
class TerminalServer:
    """Echoes what is typed; "exit" ends the session without a word, as the server does.

    Args:
        refusals: status codes to answer the next requests with.
        frames: sent as they are when a session begins.
    """

    refusals: list[int] = field(factory=list)
    frames: list[str] = field(factory=list)
    seen: list[dict[str, Any]] = field(factory=list)
    requests: list[Request] = field(factory=list)
    goodbyes: list[int] = field(factory=list)
    sessions: int = 0
    _listener: socket.socket = field(factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        websocket = WSConnection(ConnectionType.SERVER)

        def send(event: Event) -> None:
            connection.sendall(websocket.send(event))

        sessions = self.sessions
        with connection, suppress(OSError):  # clients that go away are part of the tests
            while data := connection.recv(65_536):
                websocket.receive_data(data)
                if not all(self._goes_on(event, send) for event in websocket.events()):
                    break
        self.sessions = sessions

    def _goes_on(self, event: Event, send: Callable[[Event], None]) -> bool:
        if isinstance(event, Request):
            return self._opened(event, send)
        if isinstance(event, CloseConnection):
            self.goodbyes.append(event.code)
            return False
        if isinstance(event, TextMessage):
            frame = json.loads(event.data)
            self.seen.append(frame)
            if frame["Op"] == "stdin":
                send(TextMessage(json.dumps({"Op": "stdout", "Data": frame["Data"], "Rows": 0, "Cols": 0})))
            return bool(frame.get("Data") != "exit\n")
        return True

    def _opened(self, request: Request, send: Callable[[Event], None]) -> bool:
        self.requests.append(request)
        if self.refusals:
            headers = [(b"content-length", b"0"), (b"connection", b"close")]
            send(RejectConnection(status_code=self.refusals.pop(0), headers=headers))
            return False
        self.sessions += 1
        send(AcceptConnection())
        for frame in self.frames:
            send(TextMessage(frame))
        return True
