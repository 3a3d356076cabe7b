"""Whatever upstream answers with, `drift` ends with status 2 and says in one to three lines what is wrong."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import download
from generator.cli import main
from tests.generator.spec_server import Answer, SpecServer, content, serving, status, truncated
from tests.generator.test_cli import COMMIT, KS, Project, stopped

TIP = "/main/ks.json"
SWAGGER = json.dumps(KS).encode()
PROXIED = "raw.githubusercontent.com:443"  # where upstream is; the test server plays the proxy before it


@pytest.fixture
def server() -> Iterator[SpecServer]:
    with serving() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: SpecServer, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose mirror is the server, which has all that is pinned; the tip is for each test to say."""
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", server.address)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = Project(tmp_path)
    for name in ("ks.json", "crd.json"):
        for version in (COMMIT, "main"):
            server.at(f"/{version}/{name}", content((tmp_path / "mirror" / version / name).read_bytes()))
    server.at(PROXIED, status(403))
    return made


def drift(project: Project, mirror: str, *options: str) -> Result:
    fixed = ["--root", str(project.root), "--release", "release-1.0", "--mirror", mirror]
    return CliRunner().invoke(main, ["drift", *fixed, *options])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (SWAGGER[:-20], f"the file ends in the middle, after {len(SWAGGER) - 20} bytes"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "the file is an HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "the file is a Git LFS pointer"),
        (gzip.compress(SWAGGER, mtime=0), "the file is compressed with gzip"),
        (SWAGGER.decode().encode("utf-16"), "the file is UTF-16"),
        (b"[" + SWAGGER + b"]", "not Swagger 2.0 (it holds no object)"),
        (b'{"openapi": "3.0.3", "paths": {}}', 'not Swagger 2.0 (openapi is "3.0.3")'),
        (SWAGGER.replace(b'"Test"', b"NaN"), "NaN is not a number in JSON"),
        (SWAGGER.replace(b'"title"', b'"version"'), "the key 'version' stands twice"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested deeper than"),
        (SWAGGER.replace(b'"Test"', b"[" * 100 + b"]" * 100), "nested deeper than"),
        (SWAGGER.replace(b'"Test"', b'"\\ud800"'), "not Unicode text"),
        (b"\x1b[2J\x07", "not JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_tip_that_cannot_be_read_ends_2(data: bytes, said: str, project: Project, server: SpecServer) -> None:
    server.at(TIP, content(data))

    result = drift(project, server.address)

    stopped(result, said)
    assert "ks" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (SWAGGER[:-20], "the file ends in the middle"),
        (b"<!DOCTYPE html>", "the file is an HTML page"),
        (gzip.compress(SWAGGER, mtime=0), "the file is compressed with gzip"),
        (b'{"a":' * 100_000, "nested deeper than"),
        (b"[" + SWAGGER + b"]", "neither Swagger 2.0 nor OpenAPI 3.1"),
        (b'{"openapi": "3.0.3"}', "neither Swagger 2.0 nor OpenAPI 3.1"),
        (b'{"openapi": "3.1.0"}', "Not OpenAPI 3.1"),
        (b'{"openapi": "3.1.0", "x": NaN}', "NaN is not a number in JSON"),
        (SWAGGER.replace(b'"title"', b'"version"'), "the key 'version' stands twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_compared_ends_2(data: bytes, said: str, project: Project, server: SpecServer) -> None:
    file = project.root / "new.json"
    file.write_bytes(data)

    result = drift(project, server.address, "--to", str(file))

    stopped(result, said)
    assert "new.json" in result.stderr or "Not OpenAPI 3.1" in result.stderr


def test_a_file_that_is_not_there_ends_2(project: Project, server: SpecServer) -> None:
    stopped(drift(project, server.address, "--to", "nowhere.json"), "There is no file 'nowhere.json'")


def test_a_ref_that_git_does_not_allow_ends_2(project: Project, server: SpecServer) -> None:
    stopped(drift(project, server.address, "--to", "a..b"), "cannot be a branch, a tag or a commit")


def test_a_tip_with_a_byte_order_mark_is_read(project: Project, server: SpecServer) -> None:
    server.at(TIP, content(b"\xef\xbb\xbf" + SWAGGER))

    assert drift(project, server.address).exit_code == 1


def test_an_endless_tip_ends_2(project: Project, server: SpecServer) -> None:
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Length", "100000000")
        handler.end_headers()
        handler.close_connection = True
        while sent < 100_000_000:
            try:
                sent += handler.wfile.write(b" " * 1_000_000)
            except OSError:
                return

    server.at(TIP, endless)

    stopped(drift(project, server.address), "larger than 16 MiB")
    assert sent < 2 * download.MAXIMUM_BYTES


def test_a_tip_that_compression_makes_small_ends_2(project: Project, server: SpecServer) -> None:
    server.at(TIP, content(gzip.compress(b" " * 100_000_000, mtime=0), Content_Encoding="gzip"))

    stopped(drift(project, server.address), "larger than 16 MiB")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (status(404), "ks.json is not at"),
        (status(410), "ks.json is not at"),
        (status(301, Location="/nowhere"), "ks.json is not at"),
        (status(302, Location=TIP), "redirects more than"),
        (status(302, Location="http://example.test/ks.json"), "is not https"),
        (status(302, Location="file:///etc/passwd"), ""),
        (content(SWAGGER, Content_Encoding="gzip"), "not encoded as it says"),
        (truncated(SWAGGER), "the connection broke off"),
    ],
    ids=["gone", "removed", "moved to nowhere", "moved to itself", "without TLS", "a file", "encoding", "cut off"],
)
def test_a_branch_that_is_not_to_be_had_ends_2(answer: Answer, said: str, project: Project, server: SpecServer) -> None:
    server.at(TIP, answer)

    stopped(drift(project, server.address), said)


def test_an_upstream_that_cannot_be_reached_ends_2(project: Project, server: SpecServer) -> None:
    mirror = project.root / "mirror"
    shutil.rmtree(mirror / "main")

    stopped(drift(project, str(mirror)), "the proxy refuses")
    assert PROXIED in server.asked


def test_a_folder_where_the_file_belongs_ends_2(project: Project) -> None:
    mirror = project.root / "mirror"
    (mirror / "main" / "ks.json").unlink()
    (mirror / "main" / "ks.json").mkdir()

    stopped(drift(project, str(mirror)), "it is not a file")
