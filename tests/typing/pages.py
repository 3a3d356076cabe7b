"""Walking a list, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, assert_type

from kubesphere_client import AsyncKubeSphere, AsyncPage, AsyncPageRequest, KubeSphere, Page
from kubesphere_client.models import KubernetesObject, Pod, User, WorkspaceTemplate


def sync(ks: KubeSphere) -> None:
    page = ks.iam.v1alpha2.list_users(limit=10)
    assert_type(iter(page), Iterator[User])
    assert_type(page.pages(), Iterator[Page[User]])
    for user in page:
        assert_type(user, User)
    for following in page.pages():
        assert_type(following.items, Sequence[User])
        assert_type(following.to_dict(), Any)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    asked = ks.iam.v1alpha2.list_users(limit=10)
    assert_type(asked, AsyncPageRequest[User])
    page = await asked
    assert_type(page, AsyncPage[User])
    assert_type(page.items, Sequence[User])
    assert_type(page.total_items, int | None)
    async for user in ks.iam.v1alpha2.list_users(limit=10):
        assert_type(user, User)
    async for following in ks.iam.v1alpha2.list_users(limit=10).pages():
        assert_type(following, AsyncPage[User])


async def one_of_each(ks: AsyncKubeSphere) -> None:
    assert_type(await ks.iam.v1alpha2.get_user("admin"), User)
    assert_type(await ks.tenant.v1alpha2.create_workspace({"metadata": {"name": "demo"}}), WorkspaceTemplate)
    assert_type([pod async for pod in ks.resources.v1alpha3.list_cluster_resources("pods", limit=100)], list[Pod])


def names(page: Page[KubernetesObject]) -> list[str]:
    return [one.metadata.name for one in page]


def any_page_of_objects(ks: KubeSphere) -> list[str]:
    # A page is read only, so one of users is one of objects.
    return names(ks.iam.v1alpha2.list_users())


async def async_names(found: AsyncIterator[User]) -> list[str]:
    return [user.metadata.name async for user in found]


async def an_iterator(ks: AsyncKubeSphere) -> list[str]:
    return await async_names(aiter(ks.iam.v1alpha2.list_users()))
