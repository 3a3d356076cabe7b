"""Every source from the first place that has it, digest always checked; against a real server on this machine."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from generator import download, fetch
from generator.errors import GeneratorError
from generator.fetch import Network, SourcesUnreachable
from generator.release import Release, Source
from tests.generator.spec_server import SpecServer, content, in_pieces, serving, status, truncated

DATA = b'{"swagger": "2.0"}'
DIGEST = hashlib.sha256(DATA).hexdigest()
COMMIT = "a" * 40
PATH = "api/swagger.json"
AT_COMMIT, AT_REF = f"/{COMMIT}/{PATH}", f"/main/{PATH}"
UPSTREAM = f"/owner/repository/{COMMIT}/{PATH}"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[SpecServer]:
    with serving() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def network(server: SpecServer, waits: list[float]) -> Network:
    """The test server as upstream, and waiting that takes no time."""
    return Network(upstream=server.address, sleep=waits.append, timeout=httpx.Timeout(5.0))


def source(sha256: str = DIGEST) -> Source:
    return Source("main", "go-restful", "https://github.com/owner/repository", "main", COMMIT, PATH, sha256)


def release(sha256: str = DIGEST) -> Release:
    return Release("release-3.0", "3.0.0", "Test", Path(), (source(sha256),), (), Path())


def test_upstream_is_read_at_the_pinned_commit(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, content(DATA))

    assert fetch.fetch(release(), cache=tmp_path, network=network) == (DATA,)


def test_the_cache_is_read_first(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, content(DATA))
    fetch.fetch(release(), cache=tmp_path, network=network)

    fetch.fetch(release(), cache=tmp_path, network=network)

    assert len(server.asked) == 1


def test_a_damaged_cache_entry_is_fetched_again(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, content(DATA))
    fetch.fetch(release(), cache=tmp_path, network=network)
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(DATA[:5])

    assert fetch.fetch(release(), cache=tmp_path, network=network) == (DATA,)
    assert entry.read_bytes() == DATA


def test_a_cache_that_cannot_be_written_is_done_without(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, content(DATA))
    (tmp_path / "file").write_text("in the way")

    assert fetch.fetch(release(), cache=tmp_path / "file" / "cache", network=network) == (DATA,)


@pytest.mark.parametrize("version", [COMMIT, "main"])
def test_a_mirror_folder_is_read_by_commit_or_by_branch(version: str, network: Network, tmp_path: Path) -> None:
    file = tmp_path / "mirror" / version / PATH
    file.parent.mkdir(parents=True)
    file.write_bytes(DATA)

    found = fetch.fetch(release(), mirror=str(tmp_path / "mirror"), cache=tmp_path / "cache", network=network)

    assert found == (DATA,)


def test_a_mirror_over_http_is_read_before_upstream(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(f"/mirror{AT_REF}", content(DATA))

    fetch.fetch(release(), mirror=f"{server.address}/mirror/", cache=tmp_path, network=network)

    assert server.asked == [f"/mirror{AT_COMMIT}", f"/mirror{AT_REF}"]


def test_a_mirror_that_lacks_the_file_leaves_it_to_upstream(
    server: SpecServer, network: Network, tmp_path: Path
) -> None:
    server.at(UPSTREAM, content(DATA))

    assert fetch.fetch(release(), mirror=f"{server.address}/mirror", cache=tmp_path, network=network) == (DATA,)


def test_a_mirror_folder_that_is_not_there_is_an_error(network: Network, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="is not a folder"):
        fetch.fetch(release(), mirror=str(tmp_path / "nowhere"), cache=tmp_path, network=network)


def test_redirects_are_followed(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, status(302, Location="/elsewhere"))
    server.at("/elsewhere", content(DATA))

    assert fetch.fetch(release(), cache=tmp_path, network=network) == (DATA,)


def test_a_redirect_to_an_address_without_tls_is_refused(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, status(302, Location="http://example.test/swagger.json"))

    with pytest.raises(GeneratorError, match="is not https"):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_endless_redirects_end(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, status(302, Location=UPSTREAM))

    with pytest.raises(GeneratorError, match="redirects more than"):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_a_mirror_without_tls_is_refused_unless_it_is_this_machine(network: Network, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="is not https"):
        fetch.fetch(release(), mirror="http://example.test/specs", cache=tmp_path, network=network)


def test_404_everywhere_says_where_it_was_looked_for(server: SpecServer, network: Network, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="status 404") as caught:
        fetch.fetch(release(), cache=tmp_path, network=network)

    assert not isinstance(caught.value, SourcesUnreachable)
    assert server.address in str(caught.value)


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_failing_server_is_asked_again(
    code: int, server: SpecServer, network: Network, waits: list[float], tmp_path: Path
) -> None:
    server.at(UPSTREAM, status(code), status(code), content(DATA))

    assert fetch.fetch(release(), cache=tmp_path, network=network) == (DATA,)
    assert waits[0] < waits[1]


def test_retry_after_is_honoured_up_to_a_cap(
    server: SpecServer, network: Network, waits: list[float], tmp_path: Path
) -> None:
    server.at(UPSTREAM, status(429, Retry_After="3"), status(503, Retry_After="3600"), content(DATA))

    fetch.fetch(release(), cache=tmp_path, network=network)

    assert waits == [3.0, 10.0]


def test_a_server_that_keeps_failing_is_an_error(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, status(500))

    with pytest.raises(GeneratorError, match="status 500"):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_a_truncated_body_is_asked_for_again(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, truncated(DATA), content(DATA))

    assert fetch.fetch(release(), cache=tmp_path, network=network) == (DATA,)


def test_a_body_that_drips_is_given_up(server: SpecServer, tmp_path: Path) -> None:
    server.at(UPSTREAM, in_pieces(DATA, lambda: time.sleep(0.02)))
    network = Network(upstream=server.address, sleep=lambda _: None, deadline=0.1)

    with pytest.raises(GeneratorError, match=r"longer than 0\.1 seconds"):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_an_oversized_body_is_refused(
    server: SpecServer, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAXIMUM_BYTES", 10)
    server.at(UPSTREAM, content(DATA))

    with pytest.raises(GeneratorError, match="larger than"):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_a_wrong_digest_names_both_digests_the_source_and_what_to_do(
    server: SpecServer, network: Network, tmp_path: Path
) -> None:
    server.at(UPSTREAM, content(DATA))

    with pytest.raises(GeneratorError) as caught:
        fetch.fetch(release("b" * 64), cache=tmp_path, network=network)

    assert not isinstance(caught.value, SourcesUnreachable)
    for part in (DIGEST, "b" * 64, UPSTREAM, "ks-codegen drift"):
        assert part in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_no_server_means_unreachable(server: SpecServer, tmp_path: Path) -> None:
    network = Network(upstream="http://127.0.0.1:9", sleep=lambda _: None)

    with pytest.raises(SourcesUnreachable):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_a_name_that_does_not_resolve_means_unreachable(tmp_path: Path) -> None:
    network = Network(upstream="https://ks-codegen.invalid", sleep=lambda _: None)

    with pytest.raises(SourcesUnreachable):
        fetch.fetch(release(), cache=tmp_path, network=network)


@pytest.mark.parametrize("code", [403, 407])
def test_a_proxy_that_refuses_means_unreachable(
    code: int, server: SpecServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.address)
    server.at("raw.example.test:443", status(code))
    network = Network(upstream="https://raw.example.test", sleep=lambda _: None)

    with pytest.raises(SourcesUnreachable, match="the proxy refuses"):
        fetch.fetch(release(), cache=tmp_path, network=network)


def test_offline_asks_nobody(server: SpecServer, network: Network, tmp_path: Path) -> None:
    server.at(UPSTREAM, content(DATA))

    with pytest.raises(SourcesUnreachable):
        fetch.fetch(release(), mirror=server.address, offline=True, cache=tmp_path, network=network)

    assert server.asked == []


def test_offline_reads_cache_and_mirror_folder(network: Network, tmp_path: Path) -> None:
    file = tmp_path / "mirror" / COMMIT / PATH
    file.parent.mkdir(parents=True)
    file.write_bytes(DATA)
    mirror = str(tmp_path / "mirror")

    fetch.fetch(release(), mirror=mirror, offline=True, cache=tmp_path / "cache", network=network)
    file.unlink()

    assert fetch.fetch(release(), offline=True, cache=tmp_path / "cache", network=network) == (DATA,)


def test_the_tip_is_read_by_branch_and_neither_cached_nor_pinned(server: SpecServer, network: Network) -> None:
    server.at(f"/owner/repository/main/{PATH}", content(b"today"))

    assert fetch.fetch_at(source(), source().ref, network=network) == b"today"


@pytest.mark.parametrize("version", ["feature/x", "v1.0", "b" * 40])
def test_a_source_is_read_at_any_branch_tag_or_commit(version: str, server: SpecServer, network: Network) -> None:
    server.at(f"/owner/repository/{version}/{PATH}", content(b"there"))

    assert fetch.fetch_at(source(), version, network=network) == b"there"


def test_a_mirror_folder_is_read_before_upstream_at_any_version(network: Network, tmp_path: Path) -> None:
    file = tmp_path / "v1.0" / PATH
    file.parent.mkdir(parents=True)
    file.write_bytes(b"there")

    assert fetch.fetch_at(source(), "v1.0", mirror=str(tmp_path), network=network) == b"there"


def test_a_version_is_percent_quoted_in_addresses(server: SpecServer, network: Network) -> None:
    server.at(f"/owner/repository/a%23b%25/{PATH}", content(b"there"))

    assert fetch.fetch_at(source(), "a#b%", network=network) == b"there"


@pytest.mark.parametrize("version", ["../../etc", "/etc", "a\nb", "-x"])
def test_a_version_cannot_leave_its_place(version: str, server: SpecServer, network: Network, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="cannot be a branch, a tag or a commit"):
        fetch.fetch_at(source(), version, mirror=str(tmp_path), network=network)
    assert server.asked == []


def test_a_branch_that_is_gone_is_named_with_a_way_out(server: SpecServer, network: Network) -> None:
    with pytest.raises(GeneratorError) as caught:
        fetch.fetch_at(source(), "gone", network=network)

    assert f"is not at {server.address}/owner/repository/gone/{PATH} (status 404)" in str(caught.value)
    assert "Name a branch, tag or commit that has it" in str(caught.value)


def test_a_file_that_somebody_names_is_read(tmp_path: Path) -> None:
    file = tmp_path / "swagger.json"
    file.write_bytes(DATA)

    assert fetch.read_file(file) == DATA


def test_a_file_that_is_none_is_refused_in_two_lines(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for name, reason in (("nowhere", "no such file"), (".", "it is not a file"), ("pipe", "it is not a file")):
        with pytest.raises(GeneratorError, match=f"cannot be read: {reason}"):
            fetch.read_file(tmp_path / name)


def test_a_file_of_100_mb_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "swagger.json"
    with file.open("wb") as large:
        large.truncate(100_000_000)

    with pytest.raises(GeneratorError, match="larger than 16 MiB"):
        fetch.read_file(file)


def test_a_body_that_is_not_encoded_as_it_says_is_an_error(
    server: SpecServer, network: Network, tmp_path: Path
) -> None:
    server.at(UPSTREAM, content(DATA, Content_Encoding="gzip"))

    with pytest.raises(GeneratorError, match="not encoded as it says"):
        fetch.fetch(release(), cache=tmp_path, network=network)


@pytest.mark.parametrize("mirror", ["https://[", "https://a:b/", "https://a\x7fb/"])
def test_a_mirror_that_is_no_address_is_an_error(mirror: str, network: Network, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="is no address"):
        fetch.fetch(release(), mirror=mirror, cache=tmp_path, network=network)


@pytest.mark.parametrize(
    ("name", "value"), [("HTTPS_PROXY", "ftp://x"), ("ALL_PROXY", "http://a:b"), ("SSL_CERT_FILE", "/nowhere")]
)
def test_an_environment_that_no_network_can_be_used_with_is_an_error(
    name: str, value: str, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(GeneratorError, match=name):
        fetch.fetch(release(), cache=tmp_path, network=network)
