"""What views of a client give."""

from __future__ import annotations

from typing import Any, assert_type

from kubesphere_client import (
    AsyncKubeSphere,
    AsyncPage,
    AsyncStreamedResponse,
    KubeSphere,
    Page,
    RawResponse,
    StreamedResponse,
)
from kubesphere_client.models import User


def in_sync(ks: KubeSphere) -> None:
    assert_type(ks.with_options(timeout=3.0, max_retries=0), KubeSphere)
    raw = ks.with_raw_response.iam.v1alpha2.get_user("jane", timeout=3.0)
    assert_type(raw, RawResponse[User])
    assert_type(raw.parse(), User)
    assert_type(ks.with_raw_response.iam.v1alpha2.list_users(limit=10).parse(), Page[User])
    assert_type(ks.with_raw_response.resources.v1alpha3.list_cluster_resources("nodes"), RawResponse[Any])
    with ks.with_streaming_response.iam.v1alpha2.get_user("jane") as response:
        assert_type(response, StreamedResponse)


async def in_async(ks: AsyncKubeSphere) -> None:
    assert_type(ks.with_options(timeout=None), AsyncKubeSphere)
    assert_type(await ks.with_raw_response.iam.v1alpha2.get_user("jane"), RawResponse[User])
    page = (await ks.with_raw_response.iam.v1alpha2.list_users(limit=10)).parse()
    assert_type(page, AsyncPage[User])
    async with ks.with_streaming_response.iam.v1alpha2.get_user("jane") as response:
        assert_type(response, AsyncStreamedResponse)
