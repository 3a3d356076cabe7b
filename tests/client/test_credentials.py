"""What can be given as credentials, and what a client does with it."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import re
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kubesphere_client import (
    AccountInactiveError,
    AccountLockedError,
    APIConnectionError,
    AsyncKubeSphere,
    ConfigError,
    InsecureFileWarning,
    KubeSphere,
    LoginError,
    NotAuthenticatedError,
    WrongCredentialsError,
)
from kubesphere_client._auth import Secret
from kubesphere_client._logins import PasswordLogin
from kubesphere_client._token_source import TokenSource
from kubesphere_client.auth import (
    AccessToken,
    BasicCredentials,
    PasswordCredentials,
    StaticToken,
    TokenCache,
    TokenFile,
)
from tests.client.fake_server import NODES, Answer, FakeServer, kubernetes_status, text

PASSWORD = "P@88w0rd"
# With more connections than it keeps alive, httpcore 1.0.9 may close one that a thread is about to use.
FEW = httpx.Limits(max_connections=20, max_keepalive_connections=20)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def login(server: FakeServer, password: str = PASSWORD, **settings: Any) -> KubeSphere:
    return KubeSphere(server.url, credentials=PasswordCredentials("admin", password, **settings), limits=FEW)


def nodes(ks: KubeSphere) -> int:
    return len(ks.resources.v1alpha3.list_cluster_resources("nodes"))


async def async_nodes(ks: AsyncKubeSphere) -> int:
    return len(await ks.resources.v1alpha3.list_cluster_resources("nodes"))


def private_file(path: Path, content: str) -> Path:
    path.touch(0o600)
    path.write_text(content)
    return path


# Threads, tasks, processes


@pytest.mark.parametrize("multiple_login", [True, False])
@pytest.mark.parametrize("refused", [True, False])
def test_200_threads_with_an_expired_token_renew_it_once(
    server: FakeServer, multiple_login: bool, refused: bool
) -> None:
    server.multiple_login, server.refuse_refresh = multiple_login, refused
    barrier = threading.Barrier(200)

    def call(_: int) -> int:
        barrier.wait(30)
        return nodes(ks)

    with login(server) as ks, ThreadPoolExecutor(200) as pool:
        nodes(ks)
        server.expire()
        assert list(pool.map(call, range(200))) == [5] * 200
    assert server.grants() == ["password", "refresh_token", *(["password"] if refused else [])]


@pytest.mark.parametrize(("multiple_login", "refused"), [(True, False), (False, True)])
def test_1000_tasks_with_an_expired_token_renew_it_once(
    server: FakeServer, multiple_login: bool, refused: bool
) -> None:
    server.multiple_login, server.refuse_refresh = multiple_login, refused

    async def run() -> list[int]:
        async with AsyncKubeSphere(server.url, username="admin", password=PASSWORD) as ks:
            await async_nodes(ks)
            server.expire()
            return await asyncio.gather(*(async_nodes(ks) for _ in range(1000)))

    assert asyncio.run(run()) == [5] * 1000
    assert server.grants() == ["password", "refresh_token", *(["password"] if refused else [])]


def test_cancelling_tasks_that_wait_for_a_renewal_harms_no_other(server: FakeServer) -> None:
    async def run() -> list[int | BaseException]:
        async with AsyncKubeSphere(server.url, username="admin", password=PASSWORD) as ks:
            await async_nodes(ks)
            server.expire()
            server.hold = threading.Event()
            tasks = [asyncio.create_task(async_nodes(ks)) for _ in range(30)]
            while server.grants() != ["password", "refresh_token"]:
                await asyncio.sleep(0.005)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.sleep(0)
            server.hold.set()
            return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(run())
    assert {type(one) for one in results[::2]} == {asyncio.CancelledError}
    assert results[1::2] == [5] * 15
    assert server.grants() == ["password", "refresh_token"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_forked_during_a_login_logs_in_by_itself(server: FakeServer) -> None:
    server.hold = threading.Event()
    with login(server) as ks:
        thread = threading.Thread(target=nodes, args=(ks,))
        thread.start()
        while not server.grants():
            thread.join(0.005)
        assert ks._sender._tokens is not None
        with ks._sender._tokens._lock:  # nobody in the child could release it
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                os._exit(0 if nodes(ks) == 5 else 1)
        while len(server.grants()) < 2:
            thread.join(0.005)
        server.hold.set()
        thread.join(20)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert server.grants() == ["password", "password"]


def test_ctrl_c_during_a_login_leaves_the_client_usable(server: FakeServer) -> None:
    server.hold = threading.Event()
    script = textwrap.dedent(
        f"""
        from kubesphere_client import KubeSphere
        with KubeSphere({server.url!r}, username="admin", password={PASSWORD!r}) as ks:
            try:
                ks.resources.v1alpha3.list_cluster_resources("nodes")
            except KeyboardInterrupt:
                print("interrupted", flush=True)
            print(len(ks.resources.v1alpha3.list_cluster_resources("nodes")))
        """
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        while not server.grants():
            threading.Event().wait(0.01)
        run.send_signal(signal.SIGINT)
        assert run.stdout.readline() == "interrupted\n"
        server.hold.set()
        assert run.stdout.read() == "5\n"
    assert run.returncode == 0


def test_a_401_of_an_older_token_that_comes_in_while_a_newer_one_arrives_changes_nothing() -> None:
    from tests.client.test_auth import granted, refused

    source = TokenSource(PasswordLogin("admin", Secret(PASSWORD)))
    old = source.get(granted)
    source.reject(old)

    def late(form: Any) -> Any:
        source.reject(old)
        return granted(form, access_token="newer")

    new = source.get(late)
    source.reject(old)
    assert source.get(refused) is new


# Refused logins


def test_200_threads_with_a_wrong_password_send_it_once(server: FakeServer) -> None:
    barrier = threading.Barrier(200)

    def call(_: int) -> str:
        barrier.wait(30)
        with pytest.raises(WrongCredentialsError) as caught:
            nodes(ks)
        return caught.value.message

    with login(server, "wrong") as ks, ThreadPoolExecutor(200) as pool:
        assert set(pool.map(call, range(200))) == {"Unauthorized: incorrect password"}
        with pytest.raises(WrongCredentialsError, match="make a new client with the right ones"):
            nodes(ks)
    assert server.grants() == ["password"]


def test_tasks_with_a_wrong_password_send_it_once(server: FakeServer) -> None:
    async def run() -> list[Any]:
        async with AsyncKubeSphere(server.url, username="admin", password="wrong") as ks:
            first = await asyncio.gather(*(async_nodes(ks) for _ in range(50)), return_exceptions=True)
            return [*first, *await asyncio.gather(async_nodes(ks), return_exceptions=True)]

    assert {type(one) for one in asyncio.run(run())} == {WrongCredentialsError}
    assert server.grants() == ["password"]


def test_a_locked_account_is_left_alone_for_a_minute(server: FakeServer) -> None:  # recordings lockout-10 to lockout-13
    server.lock_after = 0
    clock = Clock()
    with login(server, clock=clock) as ks:
        with pytest.raises(AccountLockedError, match="locked"):
            nodes(ks)
        clock.now += 59
        with pytest.raises(AccountLockedError, match="the next attempt is made in 1 s"):
            nodes(ks)
        assert server.grants() == ["password"]
        server.lock_after = 10
        clock.now += 1
        assert nodes(ks) == 5


def test_an_account_that_is_not_ready_yet_is_asked_for_again(server: FakeServer) -> None:  # odd3-login-fresh-user
    server.inactive.add("admin")
    with login(server) as ks:
        with pytest.raises(AccountInactiveError):
            nodes(ks)
        server.inactive.clear()
        assert nodes(ks) == 5


@pytest.mark.parametrize("failure", [text(502, "bad gateway"), text(500, "redis: nil"), Answer(drop=True)])
def test_a_token_that_cannot_be_renewed_ahead_of_time_is_used_while_it_lasts(
    server: FakeServer, failure: Answer
) -> None:
    clock = Clock()
    with login(server, clock=clock) as ks:
        nodes(ks)
        clock.now += 7200 - 50
        server.answers["POST", "/oauth/token"] = failure
        assert [nodes(ks), nodes(ks)] == [5, 5]
        assert server.grants() == ["password", "refresh_token"]
        clock.now += 11
        assert nodes(ks) == 5
        assert server.grants() == ["password", "refresh_token", "refresh_token"]
        clock.now += 30
        with pytest.raises((LoginError, APIConnectionError)):
            nodes(ks)
        del server.answers["POST", "/oauth/token"]
        assert nodes(ks) == 5


# Kinds of credentials


def test_basic_goes_with_every_call(server: FakeServer) -> None:
    server.basic = True
    with KubeSphere(server.url, credentials=BasicCredentials("admin", PASSWORD)) as ks:
        assert [nodes(ks), nodes(ks)] == [5, 5]
    assert server.grants() == []
    assert {one.headers["authorization"] for one in server.calls(NODES)} == {"Basic YWRtaW46UEA4OHcwcmQ="}


def test_200_threads_with_a_wrong_password_for_basic_send_it_once(server: FakeServer) -> None:
    server.basic = True
    barrier = threading.Barrier(200)

    def call(_: int) -> None:
        barrier.wait(30)
        with pytest.raises(WrongCredentialsError):
            nodes(ks)

    with (
        KubeSphere(server.url, credentials=BasicCredentials("admin", "wrong")) as ks,
        ThreadPoolExecutor(200) as pool,
    ):
        list(pool.map(call, range(200)))
    assert len(server.seen) == 1


def test_a_password_that_was_changed_ends_basic_after_two_calls(server: FakeServer) -> None:
    server.basic = True
    with KubeSphere(server.url, credentials=BasicCredentials("admin", PASSWORD)) as ks:
        nodes(ks)
        server.seen.clear()
        server.passwords["admin"] = "another"
        for _ in range(3):
            with pytest.raises(WrongCredentialsError):
                nodes(ks)
    assert len(server.seen) == 2


def test_a_locked_account_shows_in_basic_too(server: FakeServer) -> None:
    server.basic, server.lock_after = True, 0
    with (
        KubeSphere(server.url, credentials=BasicCredentials("admin", PASSWORD)) as ks,
        pytest.raises(AccountLockedError),
    ):
        nodes(ks)


@pytest.mark.parametrize("make", [StaticToken, AccessToken])
def test_a_token_is_sent_as_it_is(server: FakeServer, make: Callable[[str], Any]) -> None:
    with KubeSphere(server.url, credentials=make(server.issue())) as ks:
        assert nodes(ks) == 5


def test_a_token_file_is_read_again_when_it_changes(server: FakeServer, tmp_path: Path) -> None:
    path = private_file(tmp_path / "token", f"{server.issue()}\n")
    with KubeSphere(server.url, credentials=TokenFile(path)) as ks:
        nodes(ks)
        newer = private_file(tmp_path / "newer", f"{server.issue()}\n")
        newer.replace(path)
        nodes(ks)
    assert [one.headers["authorization"] for one in server.calls(NODES)] == ["Bearer access-001", "Bearer access-002"]


def test_a_token_file_is_read_again_after_a_401(server: FakeServer, tmp_path: Path) -> None:
    path = private_file(tmp_path / "token", server.issue())
    with KubeSphere(server.url, credentials=TokenFile(path)) as ks:
        nodes(ks)
        server.expire()
        with pytest.raises(NotAuthenticatedError):
            nodes(ks)
        assert len(server.calls(NODES)) == 2  # the same token is not sent again

        def rewritten(_: Any) -> Answer:
            path.write_text(server.issue())
            server.answers.clear()
            return kubernetes_status(401, "Unauthorized", "Unauthorized")

        path.write_text(server.issue())
        server.answers["GET", NODES] = rewritten
        assert nodes(ks) == 5


def test_a_token_file_that_is_being_written_does_no_harm(server: FakeServer, tmp_path: Path) -> None:
    path = private_file(tmp_path / "token", server.issue())
    with KubeSphere(server.url, credentials=TokenFile(path)) as ks:
        path.write_text("")
        assert nodes(ks) == 5
        path.unlink()
        assert nodes(ks) == 5


def test_a_token_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"token file .*none cannot be read: No such file"):
        KubeSphere("http://h", credentials=TokenFile(tmp_path / "none"))
    with pytest.raises(ConfigError, match=r"token file .*two is empty or holds spaces"):
        KubeSphere("http://h", credentials=TokenFile(private_file(tmp_path / "two", "a b")))


@pytest.mark.skipif(os.name != "posix", reason="permissions mean something else here")
def test_a_token_file_that_others_can_read_gets_a_warning(tmp_path: Path) -> None:
    path = private_file(tmp_path / "token", "abc")
    path.chmod(0o644)
    with pytest.warns(InsecureFileWarning, match="chmod 600"):
        KubeSphere("http://h", credentials=TokenFile(path)).close()


def test_a_function_is_asked_once_and_again_after_a_401(server: FakeServer) -> None:
    asked = []

    def token() -> str:
        asked.append(1)
        return server.issue()

    with KubeSphere(server.url, credentials=token) as ks:
        assert [nodes(ks), nodes(ks)] == [5, 5]
        assert len(asked) == 1
        server.expire()
        assert nodes(ks) == 5
    assert len(asked) == 2


def test_a_token_with_an_expiry_is_asked_for_ahead_of_it(server: FakeServer) -> None:
    lifetimes = [timedelta(hours=-1), timedelta(hours=1), timedelta(hours=1)]

    def token() -> AccessToken:
        return AccessToken(server.issue(), expires_at=datetime.now(UTC) + lifetimes.pop(0))

    with KubeSphere(server.url, credentials=token) as ks:
        assert [nodes(ks), nodes(ks), nodes(ks)] == [5, 5, 5]
    assert len(lifetimes) == 1


def test_a_provider_hears_which_token_was_refused(server: FakeServer) -> None:
    heard = []

    class Vault:
        def get_token(self, refused: AccessToken | None) -> str:
            heard.append(None if refused is None else refused.reveal())
            return server.issue()

    with KubeSphere(server.url, credentials=Vault()) as ks:
        nodes(ks)
        server.expire()
        nodes(ks)
    assert heard == [None, "access-001"]


def test_an_async_client_takes_functions_of_both_kinds(server: FakeServer) -> None:
    async def coroutine() -> str:
        await asyncio.sleep(0)
        return server.issue()

    class Vault:
        async def get_token(self, refused: AccessToken | None) -> AccessToken:
            return AccessToken(await coroutine())

    async def run() -> list[int]:
        counts = []
        for credentials in (coroutine, Vault(), lambda: server.issue()):
            async with AsyncKubeSphere(server.url, credentials=credentials) as ks:
                counts += await asyncio.gather(*(async_nodes(ks) for _ in range(20)))
        return counts

    assert asyncio.run(run()) == [5] * 60
    assert server.issue() == "access-004"


def test_a_sync_client_refuses_async_credentials() -> None:
    async def token() -> str:
        raise AssertionError("nobody can await this")

    with KubeSphere("http://h", credentials=token) as ks, pytest.raises(ConfigError, match="goes with AsyncKubeSphere"):
        ks.iam.v1alpha2.get_user("admin")


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        ("abc", "A token itself goes in token="),
        (StaticToken, "give an instance"),
        (("admin", "x"), "cannot be of the type tuple"),
        (StaticToken("a b"), "the token alone"),
    ],
)
def test_credentials_that_are_none_are_refused(credentials: Any, says: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)):
        KubeSphere("http://h", credentials=credentials)


def test_credentials_that_call_their_own_client_are_told_so(server: FakeServer) -> None:
    async def run() -> None:
        async def provide() -> str:
            await ks.request("GET", NODES)
            return "never"

        async with AsyncKubeSphere(server.url, credentials=provide) as ks:
            with pytest.raises(ConfigError, match="call the client that they are for"):
                await asyncio.wait_for(ks.request("GET", NODES), 5.0)

    asyncio.run(run())


@pytest.mark.parametrize("given", [None, 7, "a b", AccessToken("")])
def test_a_function_that_gives_no_token_is_an_error(given: Any) -> None:
    with (
        KubeSphere("http://h", credentials=lambda: given) as ks,
        pytest.raises(ConfigError, match=r"[Tt]he credentials gave"),
    ):
        ks.iam.v1alpha2.get_user("admin")


def test_credentials_beside_others_are_refused() -> None:
    with pytest.raises(ConfigError, match="either token or credentials, not both"):
        KubeSphere("http://h", token="t", credentials=StaticToken("t"))


def test_clients_of_two_servers_can_share_credentials(server: FakeServer) -> None:
    with FakeServer(lifetime=60) as other:
        other.objects = server.objects
        credentials = PasswordCredentials("admin", PASSWORD)
        for fake in (server, other):
            with KubeSphere(fake.url, credentials=credentials) as ks:
                nodes(ks)
        assert server.grants() == other.grants() == ["password"]


# Secrets


@pytest.mark.parametrize(
    "holder",
    [
        AccessToken("s3cr3t", expires_at=0),
        PasswordCredentials("admin", "s3cr3t", cache=TokenCache("/cache")),
        BasicCredentials("admin", "s3cr3t"),
        StaticToken("s3cr3t"),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_credentials_show_no_secret(holder: Any) -> None:
    shown = [repr(holder), str(holder), repr(getattr(holder, "__dict__", {}))]
    with KubeSphere("http://h", credentials=holder) as ks:
        shown += [repr(ks), repr(vars(ks)), repr(vars(ks._login))]
    assert "s3cr3t" not in "".join(shown)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(holder)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.deepcopy(holder)


def _wrong(server: FakeServer, tmp_path: Path) -> None:
    with login(server, "s3cr3t") as ks:
        nodes(ks)


def _wrong_basic(server: FakeServer, tmp_path: Path) -> None:
    server.basic = True
    with KubeSphere(server.url, credentials=BasicCredentials("admin", "s3cr3t")) as ks:
        nodes(ks)


def _refused(server: FakeServer, tmp_path: Path) -> None:
    with KubeSphere(server.url, credentials=lambda: "s3cr3t") as ks:
        nodes(ks)


def _no_token(server: FakeServer, tmp_path: Path) -> None:
    with KubeSphere(server.url, credentials=lambda: "s3cr3t s3cr3t") as ks:
        nodes(ks)


def _no_token_at_all(server: FakeServer, tmp_path: Path) -> None:
    with KubeSphere(server.url, credentials=lambda: ["s3cr3t"]) as ks:  # type: ignore[arg-type]  # as a user may
        nodes(ks)


def _bad_file(server: FakeServer, tmp_path: Path) -> None:
    KubeSphere(server.url, credentials=TokenFile(private_file(tmp_path / "token", "s3cr3t s3cr3t")))


def _half_an_answer(server: FakeServer, tmp_path: Path) -> None:
    body = b'{"access_token": 7, "refresh_token": "s3cr3t"}'
    server.answers["POST", "/oauth/token"] = Answer(200, body)
    with login(server) as ks:
        nodes(ks)


def _half_a_letter(server: FakeServer, tmp_path: Path) -> None:
    PasswordCredentials("admin", "s3cr3t\ud83d")


@pytest.mark.parametrize(
    "case", [_wrong, _wrong_basic, _refused, _no_token, _no_token_at_all, _bad_file, _half_an_answer, _half_a_letter]
)
def test_errors_show_no_secret(server: FakeServer, tmp_path: Path, case: Callable[[FakeServer, Path], None]) -> None:
    with pytest.raises((ConfigError, LoginError, NotAuthenticatedError)) as caught:
        case(server, tmp_path)
    shown = [repr(caught.value), str(caught.value), repr(pickle.dumps(caught.value))]
    link: BaseException | None = caught.value
    while link is not None:
        frames = traceback.StackSummary.extract(traceback.walk_tb(link.__traceback__), capture_locals=True)
        shown += [str(frame.locals) for frame in frames if frame.filename != __file__]
        link = link.__cause__ or link.__context__
    assert "s3cr3t" not in "".join(shown)


# The cache


@pytest.fixture
def cache(tmp_path: Path) -> TokenCache:
    return TokenCache(tmp_path / "cache")


def cached_file(cache: TokenCache) -> Path:
    (path,) = cache.path.glob("*.json")
    return path


def test_clients_share_a_token_on_disk(server: FakeServer, cache: TokenCache) -> None:
    for _ in range(3):
        with login(server, cache=cache) as ks:
            assert nodes(ks) == 5
    assert server.grants() == ["password"]


def test_the_cache_is_for_its_owner_only(server: FakeServer, cache: TokenCache) -> None:
    mask = os.umask(0)
    try:
        with login(server, cache=cache) as ks:
            nodes(ks)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(cache.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in cache.path.iterdir()} == {0o600}


def test_processes_that_share_a_cache_log_in_once(server: FakeServer, cache: TokenCache) -> None:
    server.multiple_login = False
    server.token_delay = 0.2
    script = textwrap.dedent(
        f"""
        from kubesphere_client import KubeSphere
        from kubesphere_client.auth import PasswordCredentials, TokenCache
        credentials = PasswordCredentials("admin", {PASSWORD!r}, cache=TokenCache({str(cache.path)!r}))
        with KubeSphere({server.url!r}, credentials=credentials) as ks:
            print(len(ks.resources.v1alpha3.list_cluster_resources("nodes")))
        """
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    assert [run.communicate(timeout=60)[0] for run in runs] == ["5\n"] * 3
    assert server.grants() == ["password"]


def test_the_token_of_another_process_is_taken_after_a_401(server: FakeServer, cache: TokenCache) -> None:
    server.multiple_login = False
    with login(server, cache=cache) as ks, login(server, cache=cache) as other:
        assert [nodes(ks), nodes(other)] == [5, 5]
        server.expire()
        assert [nodes(ks), nodes(other), nodes(ks)] == [5, 5, 5]
    assert server.grants() == ["password", "refresh_token"]


def test_an_async_client_uses_the_cache_too(server: FakeServer, cache: TokenCache) -> None:
    async def run() -> int:
        credentials = PasswordCredentials("admin", PASSWORD, cache=cache)
        async with AsyncKubeSphere(server.url, credentials=credentials) as ks:
            return await async_nodes(ks)

    assert [asyncio.run(run()), asyncio.run(run())] == [5, 5]
    assert server.grants() == ["password"]


def test_a_cancelled_login_lets_go_of_the_cache(server: FakeServer, cache: TokenCache) -> None:
    server.hold = threading.Event()

    async def run() -> None:
        credentials = PasswordCredentials("admin", PASSWORD, cache=cache)
        ks = AsyncKubeSphere(server.url, credentials=credentials)
        task = asyncio.create_task(async_nodes(ks))
        while not server.grants():
            await asyncio.sleep(0.005)
        await ks.close()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    server.hold.set()
    with login(server, cache=cache) as ks:
        assert nodes(ks) == 5


def test_the_cache_keeps_users_and_servers_apart(server: FakeServer, cache: TokenCache) -> None:
    server.passwords["jane"] = PASSWORD
    with FakeServer() as other:
        other.objects = server.objects
        for fake, user in ((server, "admin"), (server, "jane"), (other, "admin")):
            credentials = PasswordCredentials(user, PASSWORD, cache=cache)
            with KubeSphere(fake.url, credentials=credentials) as ks:
                nodes(ks)
        assert (server.grants(), other.grants()) == (["password", "password"], ["password"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"access_token": 7}', b"\xff\x00", b"null"])
def test_a_damaged_cache_is_ignored(server: FakeServer, cache: TokenCache, content: bytes) -> None:
    with login(server, cache=cache) as ks:
        nodes(ks)
    cached_file(cache).write_bytes(content)
    with login(server, cache=cache) as ks, pytest.warns(UserWarning, match="damaged"):
        assert nodes(ks) == 5
    with login(server, cache=cache) as ks:
        assert nodes(ks) == 5
    assert server.grants() == ["password", "password"]


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes to stand in the way")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_in_the_place_of_a_cached_token_is_ignored(
    server: FakeServer, cache: TokenCache, make: Callable[[Path, int], None]
) -> None:
    with login(server, cache=cache) as ks:
        nodes(ks)
    path = cached_file(cache)
    path.unlink()
    make(path, 0o700)
    with login(server, cache=cache) as ks, pytest.warns(UserWarning, match=r"damaged|cannot be"):
        assert nodes(ks) == 5


@pytest.mark.skipif(os.name != "posix", reason="permissions mean something else here")
def test_a_cache_that_others_can_read_is_ignored(server: FakeServer, cache: TokenCache) -> None:
    with login(server, cache=cache) as ks:
        nodes(ks)
    cached_file(cache).chmod(0o644)
    with login(server, cache=cache) as ks, pytest.warns(UserWarning, match="open to others"):
        assert nodes(ks) == 5
    assert stat.S_IMODE(cached_file(cache).stat().st_mode) == 0o600


def test_a_cache_that_cannot_be_written_does_no_harm(server: FakeServer, tmp_path: Path) -> None:
    path = private_file(tmp_path / "file", "")
    with login(server, cache=TokenCache(path / "cache")) as ks, pytest.warns(UserWarning, match="cannot be"):
        assert nodes(ks) == 5


def test_a_wrong_password_is_not_cached(server: FakeServer, cache: TokenCache) -> None:
    with login(server, "wrong", cache=cache) as ks, pytest.raises(WrongCredentialsError):
        nodes(ks)
    with login(server, cache=cache) as ks:
        assert nodes(ks) == 5
