"""The examples of both READMEs run against a server that speaks as the recordings do."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubesphere_client import AsyncKubeSphere, KubeSphere
from tests.client.fake_server import NODES, TEMPLATES, WORKSPACES, Answer, FakeServer, data, events, text

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "release-3.0"
PUBLISHED = "http://10.0.0.1:30881"


def examples(readme: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    fake.objects[NODES] = [{"metadata": {"name": f"node-{number}"}} for number in range(3)]
    pods = "/kapis/resources.kubesphere.io/v1alpha3/pods"
    fake.objects[pods] = [{"metadata": {"name": f"pod-{number}"}} for number in range(250)]
    fake.answers["GET", "/kapis/iam.kubesphere.io/v1alpha2/users/admin"] = data({"metadata": {"name": "admin"}})
    fake.answers["POST", TEMPLATES] = data({"metadata": {"name": "demo"}})
    for method in ("GET", "PUT", "PATCH"):
        fake.answers[method, f"{TEMPLATES}/demo"] = data({"metadata": {"name": "demo", "resourceVersion": "1"}})
    fake.answers["DELETE", f"{TEMPLATES}/demo"] = data({"message": "success"})
    fake.answers["POST", f"{TEMPLATES}/demo/namespaces"] = data({"metadata": {"name": "shop"}})
    members = "/kapis/iam.kubesphere.io/v1alpha2/workspaces/demo/workspacemembers"
    fake.answers["POST", members] = data([{"username": "jane", "roleRef": "demo-viewer"}])
    fake.answers["GET", f"{TEMPLATES}/nope"] = text(404, 'workspaces "nope" not found\n')
    added = {"type": "ADDED", "object": {"metadata": {"name": "demo"}}}
    fake.answers["GET", WORKSPACES] = Answer(chunks=events(added))
    with fake:
        yield fake


@pytest.mark.parametrize("readme", [ROOT / "README.md", PACKAGE / "README.md"], ids=["project", "package"])
def test_the_first_example_lists_the_nodes(readme: Path, server: FakeServer) -> None:
    first = examples(readme)[0]
    assert PUBLISHED in first

    run = subprocess.run(
        [sys.executable, "-c", first.replace(PUBLISHED, server.url)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PACKAGE / "src")},
        check=False,
    )

    assert (run.stdout, run.stderr) == ("node-0\nnode-1\nnode-2\n", "")


def test_the_other_examples_run(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    for example in examples(PACKAGE / "README.md")[1:]:
        code = example.replace(PUBLISHED, server.url)
        with KubeSphere(server.url, username="admin", password="P@88w0rd") as ks:
            if "async with" in code:
                scope: dict[str, object] = {"AsyncKubeSphere": AsyncKubeSphere}
                exec("async def main():\n" + textwrap.indent(code.split("\n\n", 1)[1], "    "), scope)
                asyncio.run(scope["main"]())  # type: ignore[operator]  # the function that was just defined
            else:
                exec(code, {"ks": ks})

    printed = capsys.readouterr().out
    assert "ADDED demo" in printed
    assert "404" in printed
    assert printed.count("pod-") == 250
