"""A scripted server behind TLS, and a certificate for it that nobody vouches for."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.client.scripted_server import Answer, ScriptedServer

_CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
)


def make_certificate(folder: Path) -> None:
    """Make a certificate and key for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    subprocess.run(
        [*_CERTIFICATE.split(), "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )


class TlsServer(ScriptedServer):
    """A scripted server behind TLS."""

    def __init__(self, folder: Path, *answers: Answer) -> None:
        super().__init__(*answers)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.handshakes = 0
        self.url = self.url.replace("http:", "https:")
        self._context = context

    def _serve(self, connection: Any) -> None:
        self.handshakes += 1
        connection.settimeout(5)
        try:
            connection = self._context.wrap_socket(connection, server_side=True)
        except OSError:
            return
        super()._serve(connection)
