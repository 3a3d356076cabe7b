"""Many calls at a time to a real server: `at_once.py ours|httpx sync|async PORT CALLS AT_ONCE REPEATS`.

Prints the seconds that all of them took, each time; the connections are open by then.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_PATH = "/kapis/iam.kubesphere.io/v1alpha2/users/admin"


def main(who: str, how: str, port: str, calls: str, at_once: str, repeats: str) -> None:
    address, numbers = f"http://127.0.0.1:{port}", (int(calls), int(at_once), int(repeats))
    result = _threads(who, address, *numbers) if how == "sync" else asyncio.run(_tasks(who, address, *numbers))
    print(json.dumps(result))


def _threads(who: str, address: str, calls: int, at_once: int, repeats: int) -> list[float]:
    client = _client(who, "", address, at_once)

    def several(count: int) -> None:
        for _ in range(count):
            if who == "ours":
                client.iam.v1alpha2.get_user("admin")
            else:
                client.get(_PATH).raise_for_status().json()

    times = []
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(several, [2] * at_once))  # the connections are opened, the modules imported
        for _ in range(repeats):
            start = time.perf_counter()
            list(threads.map(several, [calls // at_once] * at_once))
            times.append(time.perf_counter() - start)
    return times


async def _tasks(who: str, address: str, calls: int, at_once: int, repeats: int) -> list[float]:
    client = _client(who, "Async", address, at_once)

    async def several(count: int) -> None:
        for _ in range(count):
            if who == "ours":
                await client.iam.v1alpha2.get_user("admin")
            else:
                (await client.get(_PATH)).raise_for_status().json()

    times = []
    await asyncio.gather(*(several(2) for _ in range(at_once)))
    for _ in range(repeats):
        start = time.perf_counter()
        await asyncio.gather(*(several(calls // at_once) for _ in range(at_once)))
        times.append(time.perf_counter() - start)
    return times


def _client(who: str, prefix: str, address: str, at_once: int) -> Any:
    httpx = importlib.import_module("httpx")
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    if who == "ours":
        made = getattr(importlib.import_module("kubesphere_client"), f"{prefix}KubeSphere")
        return made(address, token="t", limits=limits, trust_env=False)
    headers = {"Authorization": "Bearer t"}
    made = getattr(httpx, f"{prefix}Client")
    return made(base_url=address, headers=headers, limits=limits, trust_env=False, timeout=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
