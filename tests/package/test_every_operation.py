"""Every operation is called once, sync and async: what goes over the wire is what the corrected document says."""

from __future__ import annotations

import asyncio
import json
import re
from functools import reduce
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from kubesphere_client import AsyncKubeSphere, KubeSphere
from tests.package.calls import Call, expected, operations, plain
from tests.package.released import PACKAGE

DOCUMENT = json.loads((PACKAGE / "openapi.json").read_bytes())
OPERATIONS = operations(DOCUMENT)
# A terminal is opened by `with`, and answered by a server that speaks WebSocket: tests/client/test_terminal.py.
CALLED = sorted(name for name, (*_, operation) in OPERATIONS.items() if not operation.get("x-kubesphere-websocket"))
WATCHES = [
    (name, kind, method)
    for name, (_, _, operation) in OPERATIONS.items()
    for kind, method in operation.get("x-kubesphere-watch", {}).items()
]


@pytest.mark.parametrize("name", CALLED)
def test_sync(name: str) -> None:
    call, seen = Call(name, DOCUMENT), []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return call.answer()

    with KubeSphere("http://ks.test", token="t", transport=httpx.MockTransport(transport)) as ks:
        result = call.on(ks)

    call.check(seen[0])
    assert len(seen) == 1
    assert plain(result) == expected(call.answer())


@pytest.mark.parametrize("name", CALLED)
def test_async(name: str) -> None:
    call, seen = Call(name, DOCUMENT), []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return call.answer()

    async def run() -> Any:
        async with AsyncKubeSphere("http://ks.test", token="t", transport=httpx.MockTransport(transport)) as ks:
            return await call.on(ks)

    result = asyncio.run(run())

    call.check(seen[0])
    assert len(seen) == 1
    assert plain(result) == expected(call.answer())


@pytest.mark.parametrize(("name", "kind", "method"), WATCHES)
def test_watch(name: str, kind: str, method: str) -> None:
    group = name.rpartition(".")[0]
    seen = []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b'{"type":"ADDED","object":{"metadata":{"name":"demo"}}}\n')

    path = OPERATIONS[name][1]
    arguments = ["demo"] * (path.count("{") + (kind == "object"))
    with KubeSphere("http://ks.test", token="t", transport=httpx.MockTransport(transport)) as ks:
        call = getattr(reduce(getattr, group.split("."), ks), method)
        event = next(iter(call(*arguments, reconnect=False)))

    assert event.object.metadata.name == "demo"
    asked, _, query = seen[0].url.raw_path.decode("ascii").partition("?")
    assert asked == re.sub(r"{[^}]*}", "demo", path)
    assert dict(parse_qsl(query)) == {
        "watch": "true",
        **({"fieldSelector": "metadata.name=demo"} if kind == "object" else {}),
    }
