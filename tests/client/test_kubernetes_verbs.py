"""Every verb of `ks.kubernetes` against the fake, and what is refused before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest

from kubesphere_client import AsyncKubeSphere, InvalidArgumentError, KubeSphere, NotFoundError, models
from kubesphere_client.testing import FakeKubeSphere

APPLY: Literal["application/apply-patch+yaml"] = "application/apply-patch+yaml"
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "1"}}
SECOND = {"kind": "APIResourceList", "groupVersion": "example.io/v1", "resources": []}
FOO = {"name": "foos", "singularName": "", "namespaced": True, "kind": "Foo", "verbs": ["list", "get"]}


@pytest.fixture
def fake() -> Iterator[FakeKubeSphere]:
    with FakeKubeSphere() as fake:
        fake.add("deployments", {"metadata": {"name": "web"}, "spec": {"replicas": 2}}, namespace="shop")
        yield fake


@pytest.fixture
def ks(fake: FakeKubeSphere) -> Iterator[KubeSphere]:
    with KubeSphere(fake.url, token=fake.issue_token()) as ks:
        yield ks


def test_an_object_goes_through_all_verbs(fake: FakeKubeSphere, ks: KubeSphere) -> None:
    created = ks.kubernetes.create(CONFIG, namespace="shop")
    assert isinstance(created, models.ConfigMap)
    replaced = ks.kubernetes.replace(created.evolve(data={"a": "2"}))
    assert isinstance(replaced, models.ConfigMap)
    assert replaced.data == {"a": "2"}
    patch = [{"op": "add", "path": "/data/b", "value": "3"}]
    assert ks.kubernetes.patch(models.ConfigMap, "settings", patch, namespace="shop").data == {"a": "2", "b": "3"}
    applied = ks.kubernetes.patch(
        models.ConfigMap, "other", CONFIG, namespace="shop", content_type=APPLY, field_manager="me", force=True
    )
    assert applied.data == {"a": "1"}
    assert [one.metadata.name for one in ks.kubernetes.list(models.ConfigMap, namespace="shop")] == [
        "other",
        "settings",
    ]
    assert isinstance(ks.kubernetes.delete("ConfigMap", "settings", namespace="shop", wait=True), models.Status)
    with pytest.raises(NotFoundError):
        ks.kubernetes.get("ConfigMap", "settings", namespace="shop")
    assert len(ks.kubernetes.delete_collection("ConfigMap", namespace="shop")) == 1
    assert fake.objects("configmaps", namespace="shop") == []


@pytest.mark.parametrize(
    "call",
    [
        lambda ks: ks.kubernetes.create(CONFIG, namespace="shop", dry_run=True),
        lambda ks: ks.kubernetes.patch("Deployment", "web", {"spec": {"paused": True}}, namespace="shop", dry_run=True),
        lambda ks: ks.kubernetes.delete("Deployment", "web", namespace="shop", dry_run=True),
        lambda ks: ks.kubernetes.delete_collection("Deployment", namespace="shop", dry_run=True),
    ],
)
def test_a_dry_run_changes_nothing(fake: FakeKubeSphere, ks: KubeSphere, call: Callable[[KubeSphere], Any]) -> None:
    before = fake.get("deployments", "web", namespace="shop")
    call(ks)
    assert fake.get("deployments", "web", namespace="shop") == before
    assert fake.objects("configmaps", namespace="shop") == []


def test_a_workload_is_scaled(fake: FakeKubeSphere, ks: KubeSphere) -> None:
    assert ks.kubernetes.scale("Deployment", "web", 5, namespace="shop").to_dict()["spec"] == {"replicas": 5}
    assert fake.get("deployments", "web", namespace="shop")["spec"]["replicas"] == 5
    scale = ks.kubernetes.get("Deployment", "web", namespace="shop", subresource="scale")
    assert (scale.kind, scale["spec"]) == ("Scale", {"replicas": 5})
    with pytest.raises(NotFoundError):
        ks.kubernetes.scale("Deployment", "api", 1, namespace="shop")


REFUSED: list[tuple[Callable[[Any], Any], str]] = [
    (lambda ks: ks.kubernetes.list(None), r'a kind is text such as "Deployment", or a class .* not NoneType'),
    (lambda ks: ks.kubernetes.list("Foo", api_version=1), 'written as in "v1" or "apps/v1", not \'1\''),
    (lambda ks: ks.kubernetes.create("x"), "the object is a model or a mapping, not str"),
    (lambda ks: ks.kubernetes.patch("Deployment", "web", None, namespace="shop"), "a body is needed"),
    (lambda ks: ks.kubernetes.scale("Deployment", "web", -1, namespace="shop"), "from 0, not -1"),
    (lambda ks: ks.kubernetes.scale("Deployment", "web", "5", namespace="shop"), "from 0, not '5'"),
    (
        lambda ks: ks.kubernetes.patch("ConfigMap", "c", CONFIG, namespace="shop", content_type=APPLY),
        "an apply patch needs field_manager=",
    ),
    (
        lambda ks: ks.kubernetes.patch("ConfigMap", "c", {}, namespace="shop", force=True),
        r'force goes with content_type="application/apply-patch\+yaml" only',
    ),
]


@pytest.mark.parametrize(("call", "says"), REFUSED)
def test_what_kubernetes_would_not_take_is_refused(
    fake: FakeKubeSphere, ks: KubeSphere, call: Callable[[Any], Any], says: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        call(ks)
    assert fake.requests == []


def test_a_kind_that_came_after_its_group_was_asked_for_is_found(fake: FakeKubeSphere, ks: KubeSphere) -> None:
    fake.answer("GET", "/apis/example.io/v1", 200, SECOND)
    with pytest.raises(InvalidArgumentError, match=r"example\.io/v1 has no kind 'Foo'"):
        ks.kubernetes.list("Foo", api_version="example.io/v1")
    fake.answer("GET", "/apis/example.io/v1", 200, {**SECOND, "resources": [FOO]})
    fake.answer("GET", "/apis/example.io/v1/foos", 200, {"kind": "FooList", "items": []})
    assert len(ks.kubernetes.list("Foo", api_version="example.io/v1")) == 0
    ks.kubernetes.list("Foo", api_version="example.io/v1")
    assert len(fake.requests_to("/apis/example.io/v1")) == 2


def test_an_async_client_finds_it_too(fake: FakeKubeSphere) -> None:
    async def run() -> None:
        async with AsyncKubeSphere(fake.url, token=fake.issue_token()) as ks:
            fake.answer("GET", "/apis/example.io/v1", 200, SECOND)
            with pytest.raises(InvalidArgumentError, match=r"example\.io/v1 has no kind 'Foo'"):
                await ks.kubernetes.list("Foo", api_version="example.io/v1")
            fake.answer("GET", "/apis/example.io/v1", 200, {**SECOND, "resources": [FOO]})
            fake.answer("GET", "/apis/example.io/v1/foos", 200, {"kind": "FooList", "items": []})
            assert len(await ks.kubernetes.list("Foo", api_version="example.io/v1")) == 0
            ks.kubernetes.watch("Foo", api_version="example.io/v1")

    asyncio.run(run())
    assert len(fake.requests_to("/apis/example.io/v1")) == 2


@pytest.mark.parametrize("patch", ["metadata: {}", b"{}"])
def test_a_patch_as_text_says_what_kind_it_is(patch: Any) -> None:
    with FakeKubeSphere.demo() as fake, KubeSphere(fake.url, username="admin", password="P@88w0rd") as ks:
        with pytest.raises(InvalidArgumentError, match="say with content_type= what kind of patch the text is"):
            ks.kubernetes.patch("Deployment", "web", patch, namespace="shop")
        assert fake.requests == []
