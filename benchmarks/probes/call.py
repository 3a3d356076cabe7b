"""One call with a tiny answer on a transport without network, in turn with httpx: `call.py WHO sync|async BLOCKS CALLS`.

Prints the seconds of processor time of one call in each block, of the library and of httpx with `.json()`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

_ADDRESS = "http://127.0.0.1:1"
_PATH = "/kapis/iam.kubesphere.io/v1alpha2/users/admin"
_ANSWER = (
    b'{"metadata":{"name":"admin","creationTimestamp":"2026-11-24T01:46:49Z"},"spec":{"email":"admin@example.org"}}'
)
_HEADERS = {"Content-Type": "application/json"}
httpx = importlib.import_module("httpx")


def main(who: str, how: str, blocks: str, calls: str) -> None:
    if how == "sync":
        result = _sync(_SYNC[who](), _httpx(), int(blocks), int(calls))
    else:
        result = asyncio.run(_async(who, int(blocks), int(calls)))
    print(json.dumps(result))


def _sync(one: Callable[[], Any], other: Callable[[], Any], blocks: int, calls: int) -> list[list[float]]:
    times: list[list[float]] = [[], []]
    for block in range(blocks + 1):
        for number, call in enumerate((one, other)):
            start = time.process_time()
            for _ in range(calls):
                call()
            if block:  # the first one warms up
                times[number].append((time.process_time() - start) / calls)
    return times


async def _async(who: str, blocks: int, calls: int) -> list[list[float]]:
    one, other = _ASYNC[who](), _async_httpx()
    times: list[list[float]] = [[], []]
    for block in range(blocks + 1):
        for number, call in enumerate((one, other)):
            start = time.process_time()
            for _ in range(calls):
                await call()
            if block:
                times[number].append((time.process_time() - start) / calls)
    return times


def _transport() -> Any:
    return httpx.MockTransport(lambda request: httpx.Response(200, content=_ANSWER, headers=_HEADERS))


def _options() -> dict[str, Any]:
    return {"base_url": _ADDRESS, "headers": {"Authorization": "Bearer t"}, "transport": _transport()}


def _httpx() -> Callable[[], Any]:
    client = httpx.Client(**_options())
    return lambda: client.get(_PATH).json()


def _async_httpx() -> Callable[[], Awaitable[Any]]:
    client = httpx.AsyncClient(**_options())

    async def call() -> Any:
        return (await client.get(_PATH)).json()

    return call


def _ours() -> Callable[[], Any]:
    ks = importlib.import_module("kubesphere_client").KubeSphere(_ADDRESS, token="t", transport=_transport())
    return lambda: ks.iam.v1alpha2.get_user("admin")


def _async_ours() -> Callable[[], Awaitable[Any]]:
    ks = importlib.import_module("kubesphere_client").AsyncKubeSphere(_ADDRESS, token="t", transport=_transport())

    async def call() -> Any:
        return await ks.iam.v1alpha2.get_user("admin")

    return call


def _openapi_python_client() -> Any:
    name = "openapi_python_client_kubesphere"
    client = importlib.import_module(f"{name}.client").AuthenticatedClient(
        base_url=_ADDRESS, token="t", httpx_args={"transport": _transport()}
    )
    return importlib.import_module(f"{name}.api.access_management.describe_user"), client


def _sync_openapi_python_client() -> Callable[[], Any]:
    endpoint, client = _openapi_python_client()
    return lambda: endpoint.sync("admin", client=client)


def _async_openapi_python_client() -> Callable[[], Awaitable[Any]]:
    endpoint, client = _openapi_python_client()

    async def call() -> Any:
        return await endpoint.asyncio("admin", client=client)

    return call


def _crozier(client: str, http: Any) -> Any:
    return getattr(importlib.import_module("crozier_kubesphere"), client)(
        base_url=_ADDRESS, api_key="t", httpx_client=http(transport=_transport())
    )


def _sync_crozier() -> Callable[[], Any]:
    client = _crozier("CrozierKubesphereApi", httpx.Client)
    return lambda: client.access_management.describe_user("admin")


def _async_crozier() -> Callable[[], Awaitable[Any]]:
    client = _crozier("AsyncCrozierKubesphereApi", httpx.AsyncClient)

    async def call() -> Any:
        return await client.access_management.describe_user("admin")

    return call


_SYNC: dict[str, Callable[[], Callable[[], Any]]] = {
    "ours": _ours,
    "openapi-python-client": _sync_openapi_python_client,
    "crozier": _sync_crozier,
}
_ASYNC: dict[str, Callable[[], Callable[[], Awaitable[Any]]]] = {
    "ours": _async_ours,
    "openapi-python-client": _async_openapi_python_client,
    "crozier": _async_crozier,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
