"""Which commit a branch is, from a mirror folder or from GitHub; and no ref that could leave its place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from generator import fetch
from generator.errors import GeneratorError
from generator.fetch import Network, SourcesUnreachable
from generator.refs import check_ref
from tests.generator.spec_server import Answer, SpecServer, content, serving, status

COMMIT, OTHER = "a" * 40, "b" * 40
REPOSITORY = "https://github.com/owner/repository"
PATHS = ("api/ks.json", "api/crd.json")
COMMITS = "/repos/owner/repository/commits"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[SpecServer]:
    with serving() as running:
        yield running


@pytest.fixture
def network(server: SpecServer) -> Network:
    return Network(api=server.address, sleep=lambda _: None, timeout=httpx.Timeout(5.0))


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A mirror whose branch `main` is at one of two commits."""
    for version, text in (("main", "new"), (COMMIT, "new"), (OTHER, "old")):
        put(tmp_path, version, text)
    return tmp_path


def put(mirror: Path, version: str, text: str) -> None:
    for path in PATHS:
        file = mirror / version / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{path} {text}")


def resolved(
    ref: str, network: Network | None = None, *, mirror: Path | str | None = None, offline: bool = False
) -> str:
    where = None if mirror is None else str(mirror)
    return fetch.resolve(REPOSITORY, ref, mirror=where, offline=offline, network=network, paths=PATHS)


def refusal(ref: str, network: Network | None = None, *, mirror: Path | None = None, offline: bool = False) -> str:
    with pytest.raises(GeneratorError) as caught:
        resolved(ref, network, mirror=mirror, offline=offline)
    assert 1 <= len(str(caught.value).splitlines()) <= 3
    return str(caught.value)


def with_headers(seen: list[dict[str, str]], answer: Answer) -> Answer:
    """The answer, after the headers of the request were written down."""

    def noted(handler: BaseHTTPRequestHandler) -> None:
        seen.append({name.lower(): value for name, value in handler.headers.items()})
        answer(handler)

    return noted


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", ["main", "release-3.0", "feature/a_b", "v3.0.0", "a#b", "50%", "größe", COMMIT])
def test_a_name_that_git_allows_is_allowed(ref: str) -> None:
    assert check_ref(ref) == ref


@pytest.mark.parametrize(
    "ref",
    [
        *("", "-x", "--upload-pack=x", "a/-b", "..", "a/../b", "a..b", "/etc/passwd", "a/", "a//b", ".git", "a/.b"),
        *("a.", "a.lock", "a.lock/b", "@", "a@{1}", "a b", "a:b", "a?b", "a*", "a[b", "a~1", "a^", "a\\b"),
        *("a\nb", "a\x00b", "a\x1b[31m", "a\u202eb", "a\ud800", "a" * 201),
    ],
)
def test_a_name_that_git_does_not_allow_is_refused_in_two_lines(ref: str) -> None:
    message = refusal(ref)

    assert message.isascii()
    assert len(message.splitlines()) == 2


# -- a mirror folder ---------------------------------------------------------------------------------------------------


def test_a_commit_is_itself_and_nobody_is_asked(server: SpecServer, network: Network) -> None:
    assert resolved(COMMIT, network) == COMMIT
    assert server.asked == []


def test_a_mirror_folder_gives_the_commit_that_has_the_files_of_the_branch(mirror: Path) -> None:
    assert resolved("main", mirror=mirror, offline=True) == COMMIT


def test_the_mirror_folder_decides_alone_since_its_files_are_read(
    mirror: Path, server: SpecServer, network: Network
) -> None:
    server.at(f"{COMMITS}/main", content(OTHER.encode()))

    assert resolved("main", network, mirror=mirror) == COMMIT
    assert server.asked == []


def test_a_branch_that_no_commit_of_the_mirror_is_at_is_named_with_a_way_out(mirror: Path) -> None:
    put(mirror, "main", "newest")

    assert "no commit has its files" in refusal("main", mirror=mirror, offline=True)


def test_a_branch_that_two_commits_of_the_mirror_could_be_is_not_guessed(mirror: Path) -> None:
    put(mirror, OTHER, "new")

    assert "several commits have its files" in refusal("main", mirror=mirror, offline=True)


def test_a_branch_without_one_of_the_files_is_no_commit(mirror: Path) -> None:
    for version in ("main", COMMIT):
        (mirror / version / PATHS[1]).unlink()

    assert "no commit has its files" in refusal("main", mirror=mirror, offline=True)


def test_a_branch_that_the_mirror_folder_lacks_is_asked_of_github(
    mirror: Path, server: SpecServer, network: Network
) -> None:
    server.at(f"{COMMITS}/release-9", content(OTHER.encode()))

    assert resolved("release-9", network, mirror=mirror) == OTHER


# -- GitHub ------------------------------------------------------------------------------------------------------------


def test_github_says_which_commit_a_branch_is(server: SpecServer, network: Network) -> None:
    seen: list[dict[str, str]] = []
    server.at(f"{COMMITS}/main", with_headers(seen, content(COMMIT.encode() + b"\n")))

    assert resolved("main", network) == COMMIT
    assert seen[0]["accept"] == "application/vnd.github.sha"
    assert "authorization" not in seen[0]


def test_a_name_is_percent_quoted_but_for_its_slashes(server: SpecServer, network: Network) -> None:
    server.at(f"{COMMITS}/feature/50%25%23x", content(COMMIT.encode()))

    assert resolved("feature/50%#x", network) == COMMIT


def test_the_token_is_sent_to_the_api_and_shown_nowhere(
    server: SpecServer, network: Network, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    caplog.set_level(logging.DEBUG)
    seen: list[dict[str, str]] = []
    server.at(f"{COMMITS}/main", with_headers(seen, status(401)))

    message = refusal("main", network)

    assert seen[0]["authorization"] == "Bearer ghs_secret"
    assert "GITHUB_TOKEN" in message
    assert "ghs_secret" not in message + caplog.text


def test_the_token_does_not_follow_a_redirect_to_another_host(
    server: SpecServer, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    seen: list[dict[str, str]] = []
    with serving() as elsewhere:
        server.at(f"{COMMITS}/main", status(301, Location=f"{elsewhere.address}/x"))
        elsewhere.at("/x", with_headers(seen, content(COMMIT.encode())))

        assert resolved("main", network) == COMMIT
    assert "authorization" not in seen[0]


@pytest.mark.parametrize("code", [404, 422])
def test_a_branch_that_is_gone_is_said_to_be(code: int, server: SpecServer, network: Network) -> None:
    server.at(f"{COMMITS}/gone", status(code))

    assert "owner/repository has no branch or tag gone" in refusal("gone", network)


@pytest.mark.parametrize("code", [403, 429])
def test_a_used_up_limit_is_not_waited_for(code: int, server: SpecServer, network: Network) -> None:
    server.at(f"{COMMITS}/main", status(code, X_RateLimit_Remaining="0", Retry_After="3000"))

    assert "limit of requests is used up" in refusal("main", network)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer", [b"<html>", b'{"sha": "x"}', b"", b"\xff\xfe", COMMIT.encode() + b"\n\nx", b"a" * 200]
)
def test_an_answer_that_is_no_commit_is_not_taken_for_one(answer: bytes, server: SpecServer, network: Network) -> None:
    server.at(f"{COMMITS}/main", content(answer))

    assert "does not say which commit main is" in refusal("main", network)


def test_no_network_says_to_name_the_commit() -> None:
    unreachable = Network(api="http://127.0.0.1:9", sleep=lambda _: None)

    with pytest.raises(SourcesUnreachable, match="name the 40 digits of a commit"):
        resolved("main", unreachable)


def test_offline_asks_nobody(server: SpecServer, network: Network) -> None:
    with pytest.raises(SourcesUnreachable, match="Name the commit"):
        resolved("main", network, offline=True)
    assert server.asked == []
