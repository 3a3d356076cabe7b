"""Watches: events with the object as it was, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from kubesphere_client import AsyncKubeSphere, AsyncWatch, KubeSphere, Watch, WatchEvent
from kubesphere_client.models import Pipeline, User, Workspace


def sync(ks: KubeSphere) -> None:
    watch = ks.crd.tenant.v1alpha1.watch_workspaces(timeout_seconds=60)
    assert_type(watch, Watch[Workspace])
    assert_type(iter(watch), Iterator[WatchEvent[Workspace]])
    for event in watch:
        assert_type(event.type, str)
        assert_type(event.object, Workspace)
    with ks.crd.iam.v1alpha2.watch_users() as users:
        assert_type(users, Watch[User])


def one_object(ks: KubeSphere) -> None:
    assert_type(ks.crd.tenant.v1alpha1.watch_workspace("demo"), Watch[Workspace])


def in_a_namespace(ks: KubeSphere) -> None:
    assert_type(ks.crd.devops.v1alpha3.watch_namespaced_pipelines("demo-devops"), Watch[Pipeline])
    assert_type(ks.crd.devops.v1alpha3.watch_pipelines(), Watch[Pipeline])


async def asynchronous(ks: AsyncKubeSphere) -> None:
    watch = ks.crd.tenant.v1alpha1.watch_workspaces()
    assert_type(watch, AsyncWatch[Workspace])
    assert_type(aiter(watch), AsyncIterator[WatchEvent[Workspace]])
    async for event in watch:
        assert_type(event, WatchEvent[Workspace])
    async with ks.crd.iam.v1alpha2.watch_users() as users:
        assert_type(users, AsyncWatch[User])
