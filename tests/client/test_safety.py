"""A client in the hands of threads, tasks, forks, loops and people who press Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from kubesphere_client import AsyncKubeSphere, ClientClosedError, KubeSphere, KubeSphereError
from tests.client.fake_server import USERS, Answer, FakeServer, data, text


@pytest.fixture
def jane(server: FakeServer) -> FakeServer:
    server.answers["GET", f"{USERS}/jane"] = data({"metadata": {"name": "jane"}})
    return server


def name(ks: KubeSphere) -> str:
    return ks.iam.v1alpha2.get_user("jane").metadata.name


def test_threads_share_a_client(jane: FakeServer) -> None:
    with KubeSphere(jane.url, username="admin", password="P@88w0rd") as ks, ThreadPoolExecutor(50) as pool:
        assert set(pool.map(lambda _: name(ks), range(500))) == {"jane"}
    assert jane.grants() == ["password"]


def test_tasks_share_a_client(jane: FakeServer) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(jane.url, username="admin", password="P@88w0rd") as ks:
            users = await asyncio.gather(*(ks.iam.v1alpha2.get_user("jane") for _ in range(200)))
            assert {user.metadata.name for user in users} == {"jane"}

    asyncio.run(run())
    assert jane.grants() == ["password"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(jane: FakeServer) -> None:
    with KubeSphere(jane.url, username="admin", password="P@88w0rd") as ks:
        assert name(ks) == "jane"
        child = os.fork()
        if child == 0:
            os._exit(0 if all(name(ks) == "jane" for _ in range(3)) else 1)
        assert all(name(ks) == "jane" for _ in range(3))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert name(ks) == "jane"
    assert jane.connections == 2
    assert jane.grants() == ["password"]


def test_another_loop_is_told_to_have_a_client_of_its_own(jane: FakeServer) -> None:
    async def elsewhere(ks: AsyncKubeSphere) -> Any:
        return await ks.iam.v1alpha2.get_user("jane")

    async def run() -> None:
        async with AsyncKubeSphere(jane.url, token=jane.issue()) as ks:
            await ks.iam.v1alpha2.get_user("jane")
            with pytest.raises(ClientClosedError, match="another event loop"):
                await asyncio.to_thread(asyncio.run, elsewhere(ks))
            await ks.iam.v1alpha2.get_user("jane")

    asyncio.run(run())


def test_a_loop_after_another_has_connections_of_its_own(jane: FakeServer) -> None:
    # None is kept alive, as nobody is left to close it in the loop that it belongs to.
    ks = AsyncKubeSphere(jane.url, token=jane.issue(), limits=httpx.Limits(max_keepalive_connections=0))

    async def once() -> Any:
        return await ks.iam.v1alpha2.get_user("jane")

    async def last() -> Any:
        async with ks:
            return await once()

    assert [asyncio.run(call()).metadata.name for call in (once, once, last)] == ["jane"] * 3


def test_a_page_that_was_not_awaited_says_so(jane: FakeServer) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(jane.url, token=jane.issue()) as ks:
            request: Any = ks.iam.v1alpha2.list_users(limit=10)
            for use in (
                lambda: request.items,
                lambda: request.total_items,
                lambda: list(request),
                lambda: len(request),
            ):
                with pytest.raises((AttributeError, TypeError), match=r"await|async for"):
                    use()

    asyncio.run(run())


def test_the_wrong_kind_of_with_says_which_is_right() -> None:
    aks: Any = AsyncKubeSphere("http://ks", auth=None)
    with pytest.raises(TypeError, match="async with"), aks:
        pass

    async def run() -> None:
        ks: Any = KubeSphere("http://ks", auth=None)
        with pytest.raises(TypeError, match="take AsyncKubeSphere"):
            async with ks:
                pass
        ks.close()

    asyncio.run(run())
    asyncio.run(aks.close())


def test_a_client_is_no_thing_to_pickle() -> None:
    with KubeSphere("http://ks", auth=None) as ks, pytest.raises(TypeError, match="make a new one"):
        pickle.dumps(ks)


def test_closing_ends_the_calls_of_other_threads(jane: FakeServer) -> None:
    jane.answers["GET", f"{USERS}/slow"] = Answer(delay=1.0)
    ks = KubeSphere(jane.url, token=jane.issue())
    failed: list[BaseException] = []

    def call() -> None:
        try:
            ks.iam.v1alpha2.get_user("slow")
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    while not jane.calls(f"{USERS}/slow"):
        thread.join(0.01)
    ks.close()
    thread.join(10)
    assert not thread.is_alive()
    with pytest.raises(ClientClosedError, match="closed"):
        name(ks)


def test_ctrl_c_ends_a_call_at_once_and_leaves_the_client_usable(jane: FakeServer) -> None:
    jane.answers["GET", f"{USERS}/slow"] = Answer(delay=30.0)
    script = textwrap.dedent(
        f"""
        from kubesphere_client import KubeSphere
        with KubeSphere({jane.url!r}, token={jane.issue()!r}) as ks:
            try:
                print("calling", flush=True)
                ks.iam.v1alpha2.get_user("slow")
            except KeyboardInterrupt:
                print(ks.iam.v1alpha2.get_user("jane").metadata.name)
        """
    )
    run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=_environment())
    assert run.stdout is not None
    with run:
        assert run.stdout.readline() == "calling\n"
        while not jane.calls(f"{USERS}/slow"):
            threading.Event().wait(0.01)
        run.send_signal(signal.SIGINT)
        assert run.stdout.read() == "jane\n"
    assert run.returncode == 0


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.mark.parametrize(
    "body",
    [{"spec": {"password": "P@88w0rd"}}, {"spec": {"password": "P@88w0rd", "of no JSON": object()}}],
    ids=["refused", "cannot be sent"],
)
def test_a_body_of_plain_json_is_in_no_traceback(jane: FakeServer, body: dict[str, Any]) -> None:
    # What listens to every test looks for the password in the locals of our frames.
    jane.answers["POST", USERS] = text(400, "invalid\n")
    with KubeSphere(jane.url, username="admin", password="P@88w0rd") as ks:
        for call in (
            lambda: ks.iam.v1alpha2.create_user(body),
            lambda: ks.request("POST", USERS, body=body),
            lambda: ks.kubernetes.create({"apiVersion": "v1", "kind": "Nonsense", **body}),
            lambda: ks.iam.v1alpha2.create_workspace_members("demo", [body]),
        ):
            with pytest.raises(KubeSphereError):
                call()
    assert body["spec"]["password"] == "P@88w0rd"
