"""Where settings come from that a client is not told."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest

from kubesphere_client import AsyncKubeSphere, ConfigError, InsecureFileWarning, KubeSphere
from kubesphere_client._settings import Found, Variables, Wanted, from_file, resolve
from kubesphere_client.auth import PasswordCredentials, StaticToken, TokenFile
from tests.client.fake_server import NODES, FakeServer

CONFIG = """
apiVersion: ksctl.kubesphere.io/v1alpha1
kind: Config
currentContext: prod
fleets:
  prod:
    host: https://prod.example.com
    tls: {certificate-authority: ca.pem, serverName: ignored}
    users:
      alice: {bearerTokenFile: token, bearerToken: other, password: s3cr3t}
      bob: {bearerToken: "bob-token", password: s3cr3t}
      carol: {password: s3cr3t}
      dave: {username: david, password: s3cr3t}
      erin: {}
  test:
    host: http://test.example.com
    insecureSkipTLSVerify: true
    users: {alice: {bearerToken: test-token}}
contexts:
  prod: {fleet: prod, user: alice, defaultCluster: host}
  bob: {fleet: prod, user: bob, defaultCluster: member-1}
  carol: {fleet: prod, user: carol}
  dave: {fleet: prod, user: dave}
  erin: {fleet: prod, user: erin}
  test: {fleet: test, user: alice}
  lost: {fleet: nowhere, user: alice}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith(("KS_", "KUBESPHERE_", "KSCTL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def config(home: Path) -> Path:
    path = home / ".ksctl" / "config.yaml"
    path.parent.mkdir(mode=0o700)
    return write(path, CONFIG)


def write(path: Path, content: str) -> Path:
    path.touch(0o600)
    path.write_text(content)
    return path


def look(address: str | None = None, **environ: str) -> Found:
    return resolve(Wanted(address), Variables({"HOME": os.environ["HOME"], **environ}))


def test_the_environment_is_enough(server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KS_ENDPOINT", server.url)
    monkeypatch.setenv("KS_USERNAME", "admin")
    monkeypatch.setenv("KS_PASSWORD", "P@88w0rd")
    for make in (KubeSphere, KubeSphere.from_env):
        with make() as ks:
            assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5
            assert repr(ks) == f"KubeSphere({server.url!r}, username='admin')"

    async def run() -> None:
        for make in (AsyncKubeSphere, AsyncKubeSphere.from_env):
            async with make() as ks:
                assert len(await ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5

    asyncio.run(run())


def test_a_file_is_enough(server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = f"users: {{admin: {{bearerToken: {server.issue()}}}}}"
    content = f"fleets: {{f: {{host: '{server.url}', {user}}}}}\ncontexts: {{c: {{fleet: f, user: admin}}}}\n"
    path = write(home / "mine.yaml", content)
    monkeypatch.setenv("KSCTL_CONFIG", str(path))
    for ks in (KubeSphere(), KubeSphere.from_config(), KubeSphere.from_config(context="c", path=path, timeout=5.0)):
        with ks:
            assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5

    async def run() -> None:
        for ks in (AsyncKubeSphere(), AsyncKubeSphere.from_config(context="c", path=path)):
            async with ks:
                assert len(await ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5

    asyncio.run(run())


def test_what_is_given_wins(server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ENDPOINT", "http://h"), ("TOKEN", "bad"), ("CLUSTER", "c"), ("INSECURE", "no sense")):
        monkeypatch.setenv(f"KS_{name}", value)
    with KubeSphere(server.url, token=server.issue()) as ks:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert [one.path for one in server.seen] == [NODES]


def test_the_environment_wins_over_the_file(config: Path) -> None:
    write(config.parent / "token", "file-token")
    found = look(KS_TOKEN="env-token", KS_CLUSTER="member-2", KS_INSECURE="true")
    assert found.endpoint.reveal() == "https://prod.example.com"
    assert isinstance(found.credentials, StaticToken)
    assert (found.cluster, found.verify()) == ("member-2", False)


def test_the_file_is_not_opened_for_what_the_environment_has(config: Path) -> None:
    config.write_text("{")
    assert look(KS_ENDPOINT="http://h", KS_TOKEN="t").endpoint.reveal() == "http://h"
    assert look("http://h", KS_TOKEN="t").endpoint.reveal() == "http://h"
    with pytest.raises(ConfigError, match="no YAML"):
        look(KS_TOKEN="t")


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({"KS_TOKEN": "t", "KS_TOKEN_FILE": "f", "KS_USERNAME": "u"}, StaticToken),
        ({"KUBESPHERE_TOKEN": "t", "KS_TOKEN_FILE": "f"}, StaticToken),
        ({"KS_TOKEN": "", "KS_TOKEN_FILE": "f", "KS_USERNAME": "u", "KS_PASSWORD": "p"}, TokenFile),
        ({"KUBESPHERE_USERNAME": "u", "KUBESPHERE_PASSWORD": "p"}, PasswordCredentials),
    ],
)
def test_which_credentials_of_the_environment_win(home: Path, environ: dict[str, str], kind: type) -> None:
    assert isinstance(look("http://h", **environ).credentials, kind)


def test_the_short_names_win_over_the_long_ones(home: Path) -> None:
    found = look(KS_ENDPOINT="http://short", KUBESPHERE_ENDPOINT="http://long", KUBESPHERE_TOKEN="t")
    assert found.endpoint.reveal() == "http://short"


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({}, r"No address .*KS_ENDPOINT.*environment.*config\.yaml \(there is none\)"),
        ({"KS_ENDPOINT": "http://h"}, r"No credentials .*environment.*there is none"),
        ({"KS_ENDPOINT": "nonsense", "KS_TOKEN": "t"}, "KS_ENDPOINT: "),
        ({"KS_ENDPOINT": "http://h", "KS_USERNAME": "u"}, "only one is set"),
        ({"KS_ENDPOINT": "http://h", "KS_TOKEN": "t", "KS_INSECURE": "maybe"}, "KS_INSECURE must be true or false"),
        ({"KSCTL_CONFIG": "/nowhere/config.yaml"}, "/nowhere/config.yaml cannot be read: No such file"),
    ],
)
def test_an_error_says_where_was_looked(home: Path, environ: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        look(**environ)


def test_a_token_file_that_was_chosen_is_not_passed_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TOKEN_FILE", "/nowhere/token"), ("USERNAME", "u"), ("PASSWORD", "p")):
        monkeypatch.setenv(f"KS_{name}", value)
    with pytest.raises(ConfigError, match="/nowhere/token cannot be read"):
        KubeSphere("http://h")


def test_credentials_of_another_server_are_not_used(config: Path) -> None:
    with pytest.raises(ConfigError, match=r"another server.*which is another server's"):
        look("http://mine", KS_ENDPOINT="http://theirs", KS_TOKEN="t")
    with pytest.raises(ConfigError, match="No credentials"):
        look("http://prod.example.com")  # not https
    write(config.parent / "token", "file-token")
    assert isinstance(look("https://prod.example.com:443/").credentials, TokenFile)
    found = look("https://prod.example.com", KS_ENDPOINT="http://theirs", KS_TOKEN="t", KS_INSECURE="1", KS_CLUSTER="c")
    assert isinstance(found.credentials, TokenFile)
    assert (found.insecure, found.cluster) == (False, None)


@pytest.mark.parametrize(
    ("context", "shown", "cluster"),
    [
        ("bob", "StaticToken(***)", "member-1"),
        ("carol", "PasswordCredentials('carol', ***)", None),
        ("dave", "PasswordCredentials('david', ***)", None),
        ("test", "StaticToken(***)", None),
    ],
)
def test_a_context_says_who_calls_and_which_cluster(
    config: Path, context: str, shown: str, cluster: str | None
) -> None:
    found = from_file(None, context, Variables())
    assert (repr(found.credentials), found.cluster) == (shown, cluster)


def test_the_current_context_is_the_default_and_files_are_found_beside_it(config: Path) -> None:
    found = from_file(None, None, Variables())
    assert repr(found.credentials) == f"TokenFile({str(config.parent / 'token')!r})"
    assert (found.cluster, found.ca_file) == (None, config.parent / "ca.pem")


@pytest.mark.parametrize(
    ("context", "says"),
    [
        ("none", r"contexts has no 'none'; it has 'prod', 'bob'"),
        ("lost", r"fleets has no 'nowhere'; it has 'prod', 'test'"),
        ("erin", "no credentials in context 'erin'"),
    ],
)
def test_a_context_that_cannot_be_used_says_why(config: Path, context: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        KubeSphere.from_config(context=context)


@pytest.mark.parametrize(
    "content",
    ["", "[s3cr3t]", "a: [s3cr3t", "contexts: s3cr3t", "contexts: {a: {fleet: 7}}"],
    ids=["empty", "list", "no YAML", "text", "number"],  # an environment holds the name of the test
)
def test_a_file_that_is_no_configuration_says_so_and_shows_nothing_of_it(config: Path, content: str) -> None:
    config.write_text(content)
    with pytest.raises(ConfigError, match="configuration file") as caught:
        KubeSphere.from_config()
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.tb), capture_locals=True)
    shown = str(caught.value) + "".join(str(frame.locals) for frame in frames if frame.filename != __file__)
    assert "s3cr3t" not in shown
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_no_secret_of_the_file_is_shown_where_a_part_of_it_is_wrong(config: Path) -> None:
    config.write_text(
        CONFIG.replace("tls: {", "caData: '%%', tls: {").replace("    caData: '%%', ", "    caData: '%%'\n    ")
    )
    with pytest.raises(ConfigError, match="neither PEM nor base64") as caught:
        KubeSphere.from_config(context="carol")
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.tb), capture_locals=True)
    assert "s3cr3t" not in "".join(str(frame.locals) for frame in frames if frame.filename != __file__)


@pytest.mark.parametrize("make", [KubeSphere, KubeSphere.from_env, AsyncKubeSphere, AsyncKubeSphere.from_env])
@pytest.mark.parametrize(
    "environ",
    [
        {"TOKEN": "s3cr3t s3cr3t"},
        {"PASSWORD": "s3cr3t"},
        {"ENDPOINT": "http://admin:s3cr3t@h"},
        {"TOKEN": "s3cr3t", "INSECURE": "maybe"},
        {"TOKEN": "s3cr3t", "CA_FILE": "/nowhere"},
    ],
    ids=["token", "half", "endpoint", "flag", "certificates"],
)
def test_no_secret_of_the_environment_is_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, make: Any, environ: dict[str, str]
) -> None:
    for name, value in {"ENDPOINT": "http://h", **environ}.items():
        monkeypatch.setenv(f"KS_{name}", value)
    with pytest.raises(ConfigError) as caught:
        make()
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.tb), capture_locals=True)
    shown = str(caught.value) + "".join(str(frame.locals) for frame in frames if frame.filename != __file__)
    assert "s3cr3t" not in shown


@pytest.mark.skipif(os.name != "posix", reason="permissions mean something else here")
def test_a_file_that_others_can_read_gets_a_warning(config: Path) -> None:
    config.chmod(0o640)
    with pytest.warns(InsecureFileWarning, match="chmod 600"):
        from_file(None, "bob", Variables())


def test_without_pyyaml_one_sentence_names_the_extra(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ConfigError, match=r"pip install 'kubesphere-client\[config\]'"):
        KubeSphere.from_config()


def test_certificates_come_from_where_is_said(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"certificate authority /nowhere\.pem cannot be read: No such file"):
        look(KS_ENDPOINT="https://h", KS_TOKEN="t", KS_CA_FILE="/nowhere.pem").verify()
    ca_file = write(home / "ca.pem", "no certificate")
    with pytest.raises(ConfigError, match="cannot be read"):
        look(KS_ENDPOINT="https://h", KS_TOKEN="t", KS_CA_FILE=str(ca_file)).verify()
    authority = ssl.get_default_verify_paths().openssl_cafile
    if os.path.exists(authority):
        verify = look(KS_ENDPOINT="https://h", KS_TOKEN="t", KS_CA_FILE=authority).verify()
        assert isinstance(verify, ssl.SSLContext)


def test_verify_that_is_given_wins(server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ENDPOINT", server.url), ("TOKEN", server.issue()), ("CA_FILE", "/nowhere")):
        monkeypatch.setenv(f"KS_{name}", value)
    with KubeSphere(verify=True) as ks:
        ks.resources.v1alpha3.list_cluster_resources("nodes")


@pytest.mark.parametrize("settings", [{"cluster": "member-1"}, {}])
def test_a_cluster_is_as_if_called_on_it(
    server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    monkeypatch.setenv("KS_ENDPOINT", server.url)
    monkeypatch.setenv("KS_CLUSTER", "other" if settings else "member-1")
    server.objects[f"{NODES.replace('/kapis/', '/kapis/clusters/member-1/')}"] = []
    with KubeSphere(username="admin", password="P@88w0rd", **settings) as ks:
        ks.resources.v1alpha3.list_cluster_resources("nodes")
    assert server.seen[-1].path == "/kapis/clusters/member-1/resources.kubesphere.io/v1alpha3/nodes"
    assert server.grants() == ["password"]


def test_nothing_heavy_is_imported_for_it() -> None:
    program = (
        "import sys, kubesphere_client; "
        "print({'yaml', 'kubesphere_client._settings', 'kubesphere_client._config_file', "
        "'kubesphere_client._token_cache'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout == "set()\n"
