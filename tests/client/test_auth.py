"""Logging in, renewing the token, and keeping both secret."""

from __future__ import annotations

import asyncio
import copy
import io
import logging
import pickle
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from kubesphere_client import (
    AsyncKubeSphere,
    ClientClosedError,
    KubeSphere,
    KubeSphereError,
    LoginError,
    NotAuthenticatedError,
)
from kubesphere_client._auth import Check, Form, Secret, Token
from kubesphere_client._logins import PasswordLogin
from kubesphere_client._token_source import AsyncTokenSource, TokenSource
from tests.client.fake_server import NODES, USERS, VERSION, Answer, FakeServer, data, kubernetes_status, text

PASSWORD = "P@88w0rd"


def login(server: FakeServer, **settings: Any) -> KubeSphere:
    return KubeSphere(server.url, username="admin", password=PASSWORD, **settings)


def async_login(server: FakeServer, **settings: Any) -> AsyncKubeSphere:
    return AsyncKubeSphere(server.url, username="admin", password=PASSWORD, **settings)


def nodes(ks: KubeSphere) -> int:
    return len(ks.resources.v1alpha3.list_cluster_resources("nodes"))


async def async_nodes(ks: AsyncKubeSphere) -> int:
    return len(await ks.resources.v1alpha3.list_cluster_resources("nodes"))


def test_logs_in_on_first_use_and_once(server: FakeServer) -> None:
    with login(server) as ks:
        assert server.seen == []
        assert [nodes(ks), nodes(ks)] == [5, 5]
    assert server.grants() == ["password"]
    assert server.seen[0].form == {"grant_type": "password", "username": "admin", "password": PASSWORD}
    assert server.seen[1].headers["authorization"] == "Bearer access-001"


def test_async_logs_in_on_first_use_and_once(server: FakeServer) -> None:
    async def run() -> list[int]:
        async with async_login(server) as ks:
            return [await async_nodes(ks), await async_nodes(ks)]

    assert asyncio.run(run()) == [5, 5]
    assert server.grants() == ["password"]


def test_renews_ahead_of_expiry(server: FakeServer) -> None:
    server.lifetime = 0.4
    with login(server) as ks:
        nodes(ks)
        time.sleep(0.25)
        nodes(ks)
    assert server.grants() == ["password", "refresh_token"]
    assert [one.headers["authorization"] for one in server.calls(NODES)] == ["Bearer access-001", "Bearer access-002"]


def test_without_expires_in_the_token_is_kept(server: FakeServer) -> None:  # recording short-20
    server.lifetime = None
    with login(server) as ks:
        nodes(ks)
        nodes(ks)
    assert server.grants() == ["password"]


@pytest.mark.parametrize("multiple_login", [True, False])
def test_a_call_that_got_401_is_repeated_once_with_a_new_token(server: FakeServer, multiple_login: bool) -> None:
    server.multiple_login = multiple_login
    with login(server) as ks:
        nodes(ks)
        server.expire()
        assert nodes(ks) == 5
    assert server.grants() == ["password", "refresh_token"]
    assert [one.headers["authorization"] for one in server.calls(NODES)[1:]] == [
        "Bearer access-001",
        "Bearer access-002",
    ]


@pytest.mark.parametrize("multiple_login", [True, False])
def test_a_refused_refresh_is_followed_by_one_login(server: FakeServer, multiple_login: bool) -> None:
    server.multiple_login = multiple_login
    server.refuse_refresh = True
    with login(server) as ks:
        nodes(ks)
        server.expire()
        assert nodes(ks) == 5
    assert server.grants() == ["password", "refresh_token", "password"]


def test_the_login_of_another_process_is_survived(server: FakeServer) -> None:  # recordings short-03 to short-06
    server.multiple_login = False
    with login(server) as ks, login(server) as other:
        nodes(ks)
        nodes(other)
        assert nodes(ks) == 5
    assert server.grants() == ["password", "password", "refresh_token", "password"]


def test_401_with_a_new_token_is_an_error(server: FakeServer) -> None:
    server.answers["GET", NODES] = kubernetes_status(401, "Unauthorized", "Unauthorized: i/o timeout")
    with login(server) as ks, pytest.raises(NotAuthenticatedError) as caught:
        nodes(ks)
    assert len(server.calls(NODES)) == 3  # the token, and two renewals
    assert caught.value.reason == "Unauthorized"


def test_the_body_is_sent_again(server: FakeServer) -> None:
    with login(server) as ks:
        nodes(ks)
        server.expire()
        ks.iam.v1alpha2.create_user({"metadata": {"name": "eve"}})
    first, second = server.calls(USERS)
    assert first.body == second.body != b""


@pytest.mark.parametrize("multiple_login", [True, False])
def test_50_threads_renew_once(server: FakeServer, multiple_login: bool) -> None:
    server.multiple_login = multiple_login
    with login(server) as ks, ThreadPoolExecutor(50) as pool:
        nodes(ks)
        server.expire()
        server.token_delay = 0.1
        barrier = threading.Barrier(50)

        def call(_: int) -> int:
            barrier.wait()
            return nodes(ks)

        assert list(pool.map(call, range(50))) == [5] * 50
    assert server.grants() == ["password", "refresh_token"]


@pytest.mark.parametrize("refused", [False, True])
def test_200_tasks_renew_once(server: FakeServer, refused: bool) -> None:
    server.refuse_refresh = refused

    async def run() -> list[int]:
        async with async_login(server) as ks:
            await async_nodes(ks)
            server.expire()
            server.token_delay = 0.1
            return await asyncio.gather(*(async_nodes(ks) for _ in range(200)))

    assert asyncio.run(run()) == [5] * 200
    assert server.grants() == ["password", "refresh_token", *(["password"] if refused else [])]


def test_50_threads_with_a_wrong_password_try_it_once(server: FakeServer) -> None:
    server.token_delay = 0.5  # long enough for all to come
    barrier = threading.Barrier(50)

    def call(_: int) -> LoginError:
        barrier.wait()
        with pytest.raises(LoginError) as caught:
            nodes(ks)
        return caught.value

    with KubeSphere(server.url, username="admin", password="wrong") as ks, ThreadPoolExecutor(50) as pool:
        errors = list(pool.map(call, range(50)))
    assert {error.message for error in errors} == {"Unauthorized: incorrect password"}
    assert len({id(error) for error in errors}) == 50  # each thread's error has a traceback of its own
    assert server.grants() == ["password"]


def test_the_error_of_a_login_does_not_hold_the_form(server: FakeServer) -> None:
    server.passwords["admin"] = "another"
    with login(server) as ks, pytest.raises(LoginError) as caught:
        nodes(ks)
    assert caught.value.request is not None
    assert caught.value.request.content == b""


async def asking(server: FakeServer, ks: AsyncKubeSphere, count: int) -> list[asyncio.Task[int]]:
    """Tasks that wait for a token which the server holds back."""
    server.hold = threading.Event()
    tasks = [asyncio.create_task(async_nodes(ks)) for _ in range(count)]
    while not server.grants():
        await asyncio.sleep(0.005)
    return tasks


@pytest.mark.parametrize("cancelled", [0, 7])
def test_cancelling_a_task_harms_no_other(server: FakeServer, cancelled: int) -> None:
    async def run() -> list[int | BaseException]:
        async with async_login(server) as ks:
            tasks = await asking(server, ks, 10)
            tasks[cancelled].cancel()
            await asyncio.sleep(0)
            release(server)
            return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(run())
    assert isinstance(results.pop(cancelled), asyncio.CancelledError)
    assert results == [5] * 9
    assert server.grants() == ["password"]


def test_after_all_tasks_were_cancelled_the_client_works(server: FakeServer) -> None:
    async def run() -> int:
        async with async_login(server) as ks:
            tasks = await asking(server, ks, 3)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            release(server)
            return await async_nodes(ks)

    assert asyncio.run(run()) == 5
    assert server.grants() == ["password"]


def test_cancelling_the_task_that_asks_makes_the_others_ask_again(server: FakeServer) -> None:
    async def run() -> list[int]:
        async with async_login(server) as ks:
            tasks = await asking(server, ks, 3)
            (flight,) = (task for task in asyncio.all_tasks() if "_outcome" in repr(task))
            flight.cancel()
            release(server)
            return await asyncio.gather(*tasks)

    assert asyncio.run(run()) == [5] * 3
    assert server.grants() == ["password", "password"]


def test_closing_the_client_ends_the_asking(server: FakeServer) -> None:
    async def run() -> list[BaseException | int]:
        ks = async_login(server)
        tasks = await asking(server, ks, 2)
        await ks.aclose()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        release(server)
        return results

    assert [type(one) for one in asyncio.run(run())] == [ClientClosedError] * 2


def release(server: FakeServer) -> None:
    assert server.hold is not None
    server.hold.set()


def test_an_interrupted_thread_leaves_no_other_waiting() -> None:
    source = TokenSource(PasswordLogin("admin", Secret(PASSWORD)))
    asked, interrupt = threading.Event(), threading.Event()
    outcomes: list[Any] = []

    def interrupted(form: Form | Check) -> httpx.Response:
        asked.set()
        interrupt.wait(5)
        raise KeyboardInterrupt

    def leader() -> None:
        with pytest.raises(KeyboardInterrupt):
            source.get(interrupted)

    threads = [threading.Thread(target=leader)]
    threads[0].start()
    asked.wait(5)
    threads.append(threading.Thread(target=lambda: outcomes.append(source.get(granted))))
    threads[1].start()
    time.sleep(0.05)
    interrupt.set()
    for thread in threads:
        thread.join(5)
    assert [type(one) for one in outcomes] == [Token]


def test_a_loop_that_stopped_while_it_asked_blocks_no_other() -> None:
    source = AsyncTokenSource(PasswordLogin("admin", Secret(PASSWORD)))

    async def never(form: Form | Check) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError

    async def impatient() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(source.get(never), 0.01)

    async def at_once(form: Form | Check) -> httpx.Response:
        return granted(form)

    stopped = asyncio.new_event_loop()
    try:
        stopped.run_until_complete(impatient())
        token = asyncio.run(asyncio.wait_for(source.get(at_once), 5))
        assert token.access.reveal() == "access"
        stopped.run_until_complete(_cancel_all())
    finally:
        stopped.close()


def test_two_loops_can_share_a_client(server: FakeServer) -> None:
    # Connections belong to a loop, so none is kept for the next one.
    ks = async_login(server, limits=httpx.Limits(max_keepalive_connections=0))
    assert [asyncio.run(async_nodes(ks)) for _ in range(2)] == [5, 5]
    asyncio.run(ks.aclose())
    assert server.grants() == ["password"]


def test_a_newer_token_outlives_an_older_401() -> None:
    login = PasswordLogin("admin", Secret(PASSWORD))
    source = TokenSource(login)
    old = source.get(granted)
    source.reject(old)
    new = source.get(granted)  # equal byte for byte, as within one second (recording short-13)
    assert new.access.reveal() == old.access.reveal()
    source.reject(old)
    assert source.get(refused) is new


def test_an_older_401_does_not_take_back_that_a_newer_token_was_refused() -> None:
    login = PasswordLogin("admin", Secret(PASSWORD))
    source = TokenSource(login)
    old = source.get(granted)
    source.reject(old)
    new = source.get(granted)
    source.reject(new)
    source.reject(old)  # from a thread whose call took long
    assert source.get(granted) not in (old, new)


def test_renewal_begins_a_minute_before_expiry() -> None:
    now = [1000.0]
    source = TokenSource(PasswordLogin("admin", Secret(PASSWORD), clock=lambda: now[0]))
    first = source.get(granted)
    now[0] += 7200 - 61
    assert source.get(refused) is first
    now[0] += 1
    assert source.get(granted) is not first


def test_a_short_lived_token_is_used_for_half_its_life() -> None:
    now = [0.0]
    source = TokenSource(PasswordLogin("admin", Secret(PASSWORD), clock=lambda: now[0]))
    first = source.get(lambda form: granted(form, expires_in=6))  # recording short-01
    now[0] = 2.9
    assert source.get(refused) is first
    now[0] = 3.0
    assert source.get(granted) is not first


@pytest.mark.parametrize("expires_in", [0, -1, "7200", True, None])
def test_a_lifetime_that_makes_no_sense_is_none(expires_in: Any) -> None:
    now = [0.0]
    source = TokenSource(PasswordLogin("admin", Secret(PASSWORD), clock=lambda: now[0]))
    first = source.get(lambda form: granted(form, expires_in=expires_in))
    now[0] = 1e9
    assert source.get(refused) is first


def test_nothing_of_a_call_goes_with_the_login(server: FakeServer) -> None:  # recordings oauth-17 and oauth-18
    server.answers["GET", VERSION] = Answer(200, b"{}", headers=(("Set-Cookie", "token=old"),))
    headers = {"Authorization": "Bearer old", "X-KubeSphere-Authorization": "Bearer old", "X-Gateway": "key"}
    with login(server, headers=headers) as ks:
        ks.platform.get_version()
        nodes(ks)
        server.expire()
        nodes(ks)
    for request in server.calls("/oauth/token"):
        assert not {"authorization", "cookie", "x-kubesphere-authorization"} & set(request.headers)
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert request.headers["x-gateway"] == "key"  # a gateway may let nobody in without it
    assert server.calls(NODES)[0].headers["authorization"] == "Bearer access-001"


def test_a_client_without_a_token_sends_none(server: FakeServer) -> None:
    with KubeSphere(server.url, auth=None) as ks:
        ks.platform.get_version()
    assert "authorization" not in server.seen[0].headers


def test_a_token_given_is_sent_and_not_renewed(server: FakeServer) -> None:
    with KubeSphere(server.url, token=server.issue()) as ks:
        assert nodes(ks) == 5
        server.expire()
        with pytest.raises(NotAuthenticatedError):
            nodes(ks)
    assert server.grants() == []
    assert len(server.calls(NODES)) == 2


def test_an_httpx_auth_works_as_in_httpx(server: FakeServer) -> None:
    token = server.issue()

    class Twice(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Any:
            response = yield request
            if response.status_code == 403:
                request.headers["Authorization"] = f"Bearer {token}"
                yield request

    with KubeSphere(server.url, auth=Twice()) as ks:
        assert nodes(ks) == 5
    assert ["authorization" in one.headers for one in server.seen] == [False, True]


def test_a_pair_is_basic_auth_as_in_httpx(server: FakeServer) -> None:  # recording oauth-54
    with KubeSphere(server.url, auth=("admin", PASSWORD)) as ks, pytest.raises(NotAuthenticatedError):
        nodes(ks)
    assert server.seen[0].headers["authorization"] == "Basic YWRtaW46UEA4OHcwcmQ="


def test_a_header_for_one_call_wins(server: FakeServer) -> None:
    token = server.issue()
    with login(server) as ks:
        ks.iam.v1alpha2.get_user("user-1", extra_headers={"Authorization": f"Bearer {token}"})
    assert server.grants() == []


def test_netrc_has_no_say(server: FakeServer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with login(server) as ks:
        assert nodes(ks) == 5
    assert server.calls(NODES)[0].headers["authorization"] == "Bearer access-001"


@pytest.mark.parametrize(
    ("answer", "status", "shown"),
    [
        (text(401, "Unauthorized: incorrect password"), 401, "Check the user name and the password"),  # oauth-04
        (text(429, "Unauthorized: auth rate limit exceeded"), 429, "locked"),  # lockout-10
        (text(500, "Internal error occurred: account is not active"), 500, "not ready yet"),  # odd3-login-fresh-user
        (text(404, "404: Page Not Found"), 404, "address of ks-apiserver"),
        (Answer(200, b"<html>console</html>", "text/html"), 200, "address of ks-apiserver"),
        (data({"access_token": "a b"}), 200, "holds no token"),
        (Answer(302, b"", headers=(("Location", "/login"),)), 302, "address of ks-apiserver"),
    ],
)
def test_a_login_that_fails_says_why(server: FakeServer, answer: Answer, status: int, shown: str) -> None:
    server.answers["POST", "/oauth/token"] = answer
    with login(server) as ks, pytest.raises(LoginError, match=shown) as caught:
        nodes(ks)
    assert caught.value.status_code == status
    assert len(server.seen) == 1


def test_a_server_that_fails_while_it_refreshes_is_not_asked_for_a_login(server: FakeServer) -> None:
    with login(server) as ks:
        nodes(ks)
        server.expire()
        server.answers["POST", "/oauth/token"] = text(500, "Internal error occurred: redis: nil")
        with pytest.raises(LoginError, match="redis"):
            nodes(ks)
        del server.answers["POST", "/oauth/token"]
        assert nodes(ks) == 5
    assert server.grants() == ["password", "refresh_token", "refresh_token"]


def _wrong_password(server: FakeServer) -> Any:
    server.passwords["admin"] = "another"
    return login(server)


def _refused_token(server: FakeServer) -> Any:
    server.answers["GET", NODES] = kubernetes_status(401, "Unauthorized", "Unauthorized")
    return login(server)


def _no_login_answer(server: FakeServer) -> Any:
    server.answers["POST", "/oauth/token"] = Answer(drop=True)
    return login(server)


def _no_answer(server: FakeServer) -> Any:
    server.answers["GET", NODES] = Answer(drop=True)
    return login(server)


def _broken_answer(server: FakeServer) -> Any:
    server.answers["GET", NODES] = Answer(200, b'{"items": [')
    return login(server)


@pytest.mark.parametrize("case", [_wrong_password, _refused_token, _no_login_answer, _no_answer, _broken_answer])
def test_no_secret_is_shown(
    server: FakeServer, case: Callable[[FakeServer], KubeSphere], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with case(server) as ks, pytest.raises(KubeSphereError) as caught:
        nodes(ks)
    error = caught.value
    shown = [repr(ks), str(ks), repr(vars(ks._sender)), repr(error), str(error), repr(vars(error)), caplog.text]
    shown += [repr(pickle.dumps(error)), repr(pickle.loads(pickle.dumps(error))), repr(copy.deepcopy(error).__dict__)]
    link: BaseException | None = error
    while link is not None:
        frames = traceback.StackSummary.extract(traceback.walk_tb(link.__traceback__), capture_locals=True)
        shown += [str(frame.locals) for frame in frames if frame.filename != __file__]
        link = link.__cause__ or link.__context__
    everything = "\n".join(shown)
    assert not [one for one in (PASSWORD, "P%4088w0rd", "access-0", "refresh-0") if one in everything]


def test_settings_that_fail_show_no_secret() -> None:
    with pytest.raises(ValueError, match="not both") as caught:
        KubeSphere("http://h", username="admin", password=PASSWORD, token="access-001")
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.tb), capture_locals=True)
    shown = "".join(str(frame.locals) for frame in frames if frame.filename != __file__)
    assert PASSWORD not in shown
    assert "access-001" not in shown


def test_an_address_with_a_password_is_not_shown() -> None:
    with pytest.raises(ValueError, match="user name or a password") as caught:
        KubeSphere(f"http://admin:{PASSWORD}@h", token="t")
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.tb), capture_locals=True)
    shown = str(caught.value) + "".join(str(frame.locals) for frame in frames if frame.filename != __file__)
    assert PASSWORD not in shown


def test_a_client_cannot_be_pickled(server: FakeServer) -> None:
    with login(server) as ks, pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dump(ks, io.BytesIO())
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(Secret(PASSWORD))


def granted(form: Form | Check, **changes: Any) -> httpx.Response:
    fields = {"access_token": "access", "token_type": "Bearer", "refresh_token": "refresh", "expires_in": 7200}
    return httpx.Response(200, json={**fields, **changes})


def refused(form: Form | Check) -> httpx.Response:
    raise AssertionError("no token was to be asked for")


async def _cancel_all() -> None:
    tasks: set[Awaitable[Any]] = set()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
        tasks.add(task)
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_token_that_somebody_else_revoked_before_it_arrived_is_renewed_once_more(server: FakeServer) -> None:
    # Where the server allows one login, that of another client revokes the token that was issued a moment ago.
    refusals = iter([True, True, False])

    def refuse(_: Any) -> Any:
        return kubernetes_status(401, "Unauthorized", "Unauthorized") if next(refusals) else data({"metadata": {}})

    server.answers["GET", f"{USERS}/jane"] = refuse
    with KubeSphere(server.url, username="admin", password=PASSWORD) as ks:
        ks.iam.v1alpha2.get_user("jane")
    assert server.grants() == ["password", "refresh_token", "refresh_token"]
