"""Waiting for conditions, and for deletions to be done."""

from __future__ import annotations

import asyncio
import pickle
import warnings
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from kubesphere_client import (
    AsyncKubeSphere,
    AsyncWatch,
    InvalidArgumentError,
    KubeSphere,
    KubeSphereError,
    NotFoundError,
    PermissionDeniedError,
    WaitTimeoutError,
    Watch,
)
from tests.client.fake_server import USERS, WORKSPACES, Answer, FakeServer, Seen, data, events, kubernetes_status, text

JANE = f"{USERS}/jane"
MISSING = text(500, 'user.iam.kubesphere.io "jane" not found\n')  # recording crud-017-user-get-missing
DELETED = data({"message": "success"})


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    with KubeSphere(server.url, token=server.issue()) as client:
        yield client


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def user(state: str, uid: str = "1") -> Answer:
    return data({"metadata": {"name": "jane", "uid": uid}, "status": {"state": state}})


def one_after_another(*answers: Answer) -> Callable[[Seen], Answer]:
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_condition_is_called_until_it_is_true(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", JANE] = one_after_another(user("Pending"), user("Pending"), user("Active"))
    time = Time()
    ks.wait_for(
        lambda: ks.iam.v1alpha2.get_user("jane").status["state"] == "Active", clock=time.clock, sleep=time.sleep
    )
    assert len(server.calls(JANE)) == 3


def test_what_was_seen_then_is_returned(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", JANE] = one_after_another(MISSING, user("Pending"), user("Active"))
    time = Time()
    jane = ks.wait_for(
        lambda: ks.iam.v1alpha2.get_user("jane"),
        until=lambda one: one.status["state"] == "Active",
        missing="wait",
        clock=time.clock,
        sleep=time.sleep,
    )
    assert jane.metadata.uid == "1"


def test_a_missing_object_is_an_error_unless_it_means_not_yet(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", JANE] = MISSING
    with pytest.raises(NotFoundError):
        ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"))
    server.answers["GET", JANE] = text(404, "404: Page Not Found")  # an address that is not served: no waiting helps
    with pytest.raises(NotFoundError):
        ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), missing="wait")


def test_pauses_double_with_some_chance_and_the_error_says_what_was_seen_last(ks: KubeSphere) -> None:
    time = Time()
    with pytest.raises(
        WaitTimeoutError, match=r"wait_for: not within 60 s; seen last: \{'state': 'Pending'\}\."
    ) as caught:
        ks.wait_for(
            lambda: {"state": "Pending"},
            until=lambda one: one["state"] == "Active",
            timeout=60,
            interval=1,
            clock=time.clock,
            sleep=time.sleep,
        )
    for pause, longest in zip(time.pauses, (1, 2, 4, 8, 10, 10), strict=False):
        assert longest / 2 <= pause <= longest
    assert time.now == 60  # the last look is when the time is up
    assert isinstance(caught.value, KubeSphereError | TimeoutError)
    assert caught.value.last == {"state": "Pending"}
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_password_that_was_seen_is_not_shown(ks: KubeSphere) -> None:
    with pytest.raises(WaitTimeoutError) as caught:
        ks.wait_for(lambda: {"password": "hunter2-hunter2"}, until=lambda _: False, timeout=0)
    assert "hunter2-hunter2" not in str(caught.value)


def test_gone_is_not_found_or_another_object_of_that_name(server: FakeServer, ks: KubeSphere) -> None:
    time = Time()
    for last in (MISSING, user("Active", uid="2")):
        server.answers["GET", JANE] = one_after_another(user("Active"), user("Active"), last)
        ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until="gone", clock=time.clock, sleep=time.sleep)
        assert server.answers["GET", JANE](server.seen[-1]) is last  # type: ignore[operator]  # a function


def test_a_cluster_that_is_unknown_is_no_object_that_is_gone(server: FakeServer, ks: KubeSphere) -> None:
    path = "/kapis/clusters/zzz/iam.kubesphere.io/v1alpha2/users/jane"
    server.answers["GET", path] = text(404, "cluster zzz not found\n")
    with pytest.raises(NotFoundError, match="cluster zzz not found"):
        ks.wait_for(lambda: ks.on_cluster("zzz").iam.v1alpha2.get_user("jane"), until="gone")


@pytest.mark.parametrize("wrong", [{"timeout": -1}, {"interval": 0}, {"until": "here"}])
def test_what_cannot_be_waited_for_is_refused(wrong: Any, ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError, match="wait_for: "):
        ks.wait_for(lambda: True, **wrong)


async def _later() -> bool:
    return False


@pytest.mark.parametrize(
    ("condition", "options", "says"),
    [
        ("jane", {}, "must be a function or a watch of this client, not str"),
        (
            AsyncWatch("x", str, {}, None),
            {"until": bool},
            "must be a function or a watch of this client, not AsyncWatch",
        ),  # type: ignore[arg-type]  # never asked
        (_later, {}, "the condition must return a value here, and not something to await"),
        (_later, {"until": "gone"}, "the condition must return a value here, and not something to await"),
        (lambda: 1, {"until": lambda _: _later()}, "until must return a value here, and not something to await"),
        (lambda: 1, {"timeout": "5"}, "the timeout must be a number of seconds or None, not '5'"),
        (lambda: 1, {"interval": "5"}, "the interval must be a number of seconds, not '5'"),
    ],
)
def test_what_would_be_waited_for_in_vain_is_refused(
    ks: KubeSphere, condition: Any, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        cast("Any", ks).wait_for(condition, **{"timeout": 1, **options})


@pytest.mark.parametrize(
    ("condition", "options", "says"),
    [
        (lambda: 1, {}, "must return something to await, such as a call of this client, not int"),
        (lambda: 1, {"until": "gone"}, "must return something to await, such as a call of this client, not int"),
        (_later, {"until": lambda _: _later()}, "until must return a value here, and not something to await"),
        (Watch("x", str, {}, None), {"until": bool}, "must be a function or a watch of this client, not Watch"),  # type: ignore[arg-type]  # never asked
    ],
)
def test_an_async_client_refuses_it_too(server: FakeServer, condition: Any, options: dict[str, Any], says: str) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(server.url, token="t") as ks:
            with pytest.raises(InvalidArgumentError, match=says):
                await cast("Any", ks).wait_for(condition, **{"timeout": 1, **options})

    asyncio.run(run())


def test_the_answer_of_a_call_is_no_condition(ks: KubeSphere) -> None:
    call: Any = {"metadata": {"name": "jane"}}
    with pytest.raises(
        InvalidArgumentError,
        match="must be a function or a watch of this client, not dict; put the call into a function",
    ):
        ks.wait_for(call, until="gone")


def test_a_call_that_is_not_in_a_function_is_refused_and_not_complained_of_twice(server: FakeServer) -> None:
    async def main() -> None:
        async with AsyncKubeSphere(server.url, token="t") as ks:
            call: Any = ks.iam.v1alpha2.get_user("jane")
            with pytest.raises(InvalidArgumentError, match="not coroutine"):
                await ks.wait_for(call)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(main())


def test_a_watch_is_looked_at_as_its_objects_change(server: FakeServer, ks: KubeSphere) -> None:
    def workspace(kind: str, phase: str) -> Any:
        metadata = {"name": "demo", "resourceVersion": "8", "annotations": {"phase": phase}}
        return {"type": kind, "object": {"metadata": metadata}}

    server.objects[WORKSPACES] = []
    server.answers["GET", WORKSPACES] = Answer(chunks=events(workspace("ADDED", "new"), workspace("MODIFIED", "done")))
    watch = ks.crd.tenant.v1alpha1.watch_workspace("demo", resource_version="7")
    found = ks.wait_for(watch, until=lambda one: (one.metadata.annotations or {}).get("phase") == "done")
    assert found.metadata.name == "demo"


def test_polling_is_for_what_a_watch_cannot_tell(ks: KubeSphere) -> None:
    watch = ks.crd.tenant.v1alpha1.watch_workspace("demo")
    with pytest.raises(InvalidArgumentError, match='poll for "gone"'):
        ks.wait_for(watch, until="gone")  # type: ignore[call-overload]  # what is refused


def test_a_deletion_can_wait_until_the_object_is_gone(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["DELETE", JANE] = DELETED
    server.answers["GET", JANE] = one_after_another(user("Active"), user("Active"), MISSING)
    assert ks.iam.v1alpha2.delete_user("jane", wait=True).message == "success"
    assert [one.method for one in server.calls(JANE)] == ["GET", "DELETE", "GET", "GET"]

    ks.iam.v1alpha2.delete_user("jane")
    assert server.seen[-1].method == "DELETE"


def test_a_deletion_is_done_when_another_object_has_the_name(server: FakeServer, ks: KubeSphere) -> None:
    path = f"{WORKSPACES}/demo"
    server.answers["DELETE", path] = data({"kind": "Status", "apiVersion": "v1", "status": "Success"})
    server.answers["GET", path] = one_after_another(
        data({"metadata": {"name": "demo", "uid": "1"}}), data({"metadata": {"name": "demo", "uid": "2"}})
    )
    ks.crd.tenant.v1alpha1.delete_workspace("demo", wait=True)
    assert len(server.calls(path)) == 3


def test_what_is_still_there_in_the_end_is_an_error(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["DELETE", JANE] = DELETED
    server.answers["GET", JANE] = user("Active")
    with pytest.raises(WaitTimeoutError, match=r"iam.v1alpha2.delete_user: not within 0 s; seen last: User\("):
        ks.iam.v1alpha2.delete_user("jane", wait=True, wait_timeout=0)


def test_who_may_not_see_the_object_deletes_nothing_that_would_be_waited_for(
    server: FakeServer, ks: KubeSphere
) -> None:
    server.answers["DELETE", JANE] = DELETED
    server.answers["GET", JANE] = kubernetes_status(403, "Forbidden", "no")
    with pytest.raises(PermissionDeniedError):
        ks.iam.v1alpha2.delete_user("jane", wait=True)
    assert [one.method for one in server.calls(JANE)] == ["GET"]


def test_a_dry_run_is_not_waited_for(server: FakeServer, ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError, match="a dry run deletes nothing"):
        ks.kubernetes.delete("Pod", "web-0", namespace="shop", dry_run=True, wait=True)
    assert server.seen == []


def test_a_raw_answer_comes_when_the_object_is_gone(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["DELETE", JANE] = DELETED
    server.answers["GET", JANE] = one_after_another(user("Active"), MISSING)
    answer = ks.with_raw_response.iam.v1alpha2.delete_user("jane", wait=True)
    assert answer.parse().message == "success"
    assert [one.method for one in server.calls(JANE)] == ["GET", "DELETE", "GET"]


def test_async_clients_wait_too(server: FakeServer) -> None:
    server.answers["DELETE", JANE] = DELETED
    time = Time()

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            server.answers["GET", JANE] = one_after_another(MISSING, user("Pending"), user("Active"))
            jane = await ks.wait_for(
                lambda: ks.iam.v1alpha2.get_user("jane"),
                until=lambda one: one.status["state"] == "Active",
                missing="wait",
                clock=time.clock,
                sleep=time.async_sleep,
            )
            assert jane.metadata.name == "jane"
            server.answers["GET", JANE] = one_after_another(user("Active"), user("Active"), MISSING)
            await ks.iam.v1alpha2.delete_user("jane", wait=True)
            await ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until="gone")

    asyncio.run(run())
    assert len(time.pauses) == 2


def test_an_async_watch_that_shows_nothing_ends_in_time(server: FakeServer) -> None:
    server.objects[WORKSPACES] = []
    added = {"type": "ADDED", "object": {"metadata": {"name": "demo", "resourceVersion": "8"}}}
    server.answers["GET", WORKSPACES] = Answer(chunks=(*events(added), 2.0))

    async def run() -> None:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            watch = ks.crd.tenant.v1alpha1.watch_workspace("demo", resource_version="7")
            with pytest.raises(WaitTimeoutError, match=r"not within 0.3 s; seen last: Workspace\("):
                await ks.wait_for(watch, until=lambda one: False, timeout=0.3)

    asyncio.run(run())
