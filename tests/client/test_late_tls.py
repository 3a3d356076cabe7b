"""A client of an http server reads no certificates, and checks those of the https servers that it is led to."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from kubesphere_client import APIConnectionError, AsyncKubeSphere, ConfigError, KubeSphere
from tests.client.scripted_server import ScriptedServer, answer
from tests.client.tls_server import TlsServer

OK = answer(200, b'{"metadata": {"name": "jane"}}')
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Grows with each time that the certificates of the authorities are read."""
    seen: list[Any] = []
    original = ssl.create_default_context

    def counting(*arguments: Any, **options: Any) -> ssl.SSLContext:
        seen.append(options)
        return original(*arguments, **options)

    monkeypatch.setattr(ssl, "create_default_context", counting)
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return seen


def made(kind: type[KubeSphere] | type[AsyncKubeSphere], address: str, **settings: Any) -> None:
    client = kind(address, token="t", **settings)
    client.close() if isinstance(client, KubeSphere) else asyncio.run(client.close())


@pytest.mark.parametrize("kind", [KubeSphere, AsyncKubeSphere])
def test_certificates_are_read_where_https_is_spoken(kind: Any, read: list[Any]) -> None:
    made(kind, "http://ks.test")
    assert read == []
    made(kind, "https://ks.test")
    assert len(read) == 1


@pytest.mark.parametrize("kind", [KubeSphere, AsyncKubeSphere])
@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_may_speak_it(kind: Any, name: str, read: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    made(kind, "http://ks.test", proxy="http://proxy.test")
    assert read != []
    read.clear()
    monkeypatch.setenv(name, "http://proxy.test")
    made(kind, "http://ks.test")
    assert read != []
    read.clear()
    made(kind, "http://ks.test", trust_env=False)
    assert read == []


def test_what_is_not_to_go_through_a_proxy_is_none(read: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    made(KubeSphere, "http://ks.test")
    assert read == []


@pytest.mark.parametrize("kind", [KubeSphere, AsyncKubeSphere])
def test_a_server_that_a_redirect_leads_to_must_be_vouched_for(kind: Any, certificate: Path, read: list[Any]) -> None:
    with TlsServer(certificate, OK) as secure, _redirecting(secure) as server:
        with pytest.raises(APIConnectionError, match="certificate"):
            _name(kind, server)
        assert (secure.handshakes, secure.requests) == (1, [])
    assert len(read) == 1


@pytest.mark.parametrize("kind", [KubeSphere, AsyncKubeSphere])
@pytest.mark.parametrize("spared", ["", "127.0.0.1"])
def test_a_server_that_a_redirect_leads_to_is_taken_where_it_is_vouched_for(
    kind: Any, spared: str, certificate: Path, read: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    monkeypatch.setenv("NO_PROXY", spared)
    with TlsServer(certificate, OK) as secure, _redirecting(secure) as server:
        assert _name(kind, server) == "jane"
        assert b"authorization" not in secure.requests[0].lower()
    assert len(read) == 1


@pytest.mark.parametrize("kind", [KubeSphere, AsyncKubeSphere])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_an_error_of_the_settings(
    kind: Any, content: str | None, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cert.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match=r"^The certificates to trust cannot be read: .*SSL_CERT_FILE"):
        made(kind, "https://ks.test")
    with TlsServer(certificate, OK) as secure, _redirecting(secure) as server:
        with pytest.raises(ConfigError, match=r"^The certificates to trust cannot be read: .*SSL_CERT_FILE"):
            _name(kind, server)
        assert len(server.requests) == 1


def test_verify_that_is_given_holds_for_https_too(certificate: Path, read: list[Any]) -> None:
    trust = ssl.create_default_context(cafile=certificate / "cert.pem")
    with TlsServer(certificate, OK) as secure, _redirecting(secure) as server:
        assert _name(KubeSphere, server, verify=trust) == _name(KubeSphere, server, verify=False) == "jane"
    assert len(read) == 1


def test_limits_hold_for_both() -> None:
    limits = httpx.Limits(max_connections=3)
    with KubeSphere("http://ks.test", token="t", limits=limits) as ks:
        client = ks._sender._connections._client
        for address in ("http://ks.test", "https://ks.test"):
            transport: Any = client._transport_for_url(httpx.URL(address))
            transport = transport._make() if hasattr(transport, "_make") else transport
            assert transport._pool._max_connections == 3


def test_closing_closes_both(certificate: Path, read: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with TlsServer(certificate, OK) as secure, _redirecting(secure) as server:
        ks = KubeSphere(server.url, token="t", follow_redirects=True)
        ks.iam.v1alpha2.get_user("jane")
        client: Any = ks._sender._connections._client
        late = client._transport_for_url(httpx.URL("https://ks.test"))
        assert (len(client._transport._pool.connections), len(late._made._pool.connections)) == (1, 1)
        ks.close()
        assert (len(client._transport._pool.connections), len(late._made._pool.connections)) == (0, 0)


def _redirecting(to: TlsServer) -> ScriptedServer:
    return ScriptedServer(answer(302, b"", f"Location: {to.url}/elsewhere"))


def _name(kind: type[KubeSphere] | type[AsyncKubeSphere], server: ScriptedServer, **settings: Any) -> Any:
    settings |= {"token": "t", "follow_redirects": True, "max_retries": 0, "timeout": 5}
    if issubclass(kind, KubeSphere):
        with kind(server.url, **settings) as ks:
            return ks.iam.v1alpha2.get_user("jane").metadata.name

    async def main() -> Any:
        async with AsyncKubeSphere(server.url, **settings) as ks:
            return (await ks.iam.v1alpha2.get_user("jane")).metadata.name

    return asyncio.run(main())
