"""A fake server for each test that asks for one, and a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.fake_server import NODES, TEMPLATES, USERS, WORKSPACES, FakeServer
from tests.client.tls_server import make_certificate


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    for path, kind in ((USERS, "user"), (NODES, "node"), (TEMPLATES, "workspace"), (WORKSPACES, "workspace")):
        fake.objects[path] = [{"metadata": {"name": f"{kind}-{number}"}} for number in range(5)]
    with fake:
        yield fake


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a certificate and key for 127.0.0.1 that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _loopback_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        # Every client would read some hundred certificates, for servers that have none.
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("certificates")))
        yield
