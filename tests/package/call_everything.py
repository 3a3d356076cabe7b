"""Imports generated packages and calls all they have: run as a program, so that nothing they do reaches the tests.

Arguments: the folder of a package, one for each package. Prints a JSON list, one entry each: null, or what went wrong.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from pathlib import Path
from typing import Any

import httpx

from tests.package.calls import Call, expected, operations, plain


def call_everything(folder: Path) -> None:
    document = json.loads((folder / "openapi.json").read_bytes())
    client: Any = importlib.import_module("kubesphere_client")
    assert str(folder) in str(client.__file__)
    for module in sorted((folder / "src" / "kubesphere_client" / "models").glob("*.py")):
        importlib.import_module(f"kubesphere_client.models.{module.stem}".removesuffix(".__init__"))
    for name, (*_, operation) in operations(document).items():
        if operation.get("x-kubesphere-websocket"):
            continue  # it wants a server that speaks WebSocket
        call = Call(name, document)
        seen: list[httpx.Request] = []

        def transport(request: httpx.Request, call: Call = call, seen: list[httpx.Request] = seen) -> httpx.Response:
            seen.append(request)
            return call.answer()

        with client.KubeSphere("http://ks.test", token="t", transport=httpx.MockTransport(transport)) as ks:
            result = call.on(ks)
        call.check(seen[0])
        assert plain(result) == expected(call.answer())


def main() -> None:
    outcomes: list[str | None] = []
    for folder in map(Path, sys.argv[1:]):
        sys.path.insert(0, str(folder / "src"))
        try:
            call_everything(folder)
        except Exception:  # whatever goes wrong in one package is that package's outcome
            outcomes.append(traceback.format_exc())
        else:
            outcomes.append(None)
        sys.path.pop(0)
        for name in [name for name in sys.modules if name.split(".")[0] == "kubesphere_client"]:
            del sys.modules[name]
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
