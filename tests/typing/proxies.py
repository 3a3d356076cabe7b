"""Requests that the server passes on to another service: the answer is the response itself."""

from __future__ import annotations

from typing import assert_type

import httpx

from kubesphere_client import AsyncKubeSphere, KubeSphere


def sync(ks: KubeSphere) -> None:
    assert_type(ks.alerting.request("GET", "v1/policies", query={"limit": 10}), httpx.Response)
    assert_type(ks.notification.request("POST", "v1/receivers", body={"name": "mail"}), httpx.Response)
    assert_type(ks.notification.request("PUT", "v1/receivers/1", body=b"<a/>", content_type="text/xml"), httpx.Response)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    assert_type(await ks.alerting.request("DELETE", "v1/policies/1"), httpx.Response)
