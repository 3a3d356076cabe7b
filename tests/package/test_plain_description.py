"""A description with none of our extensions and few schemas still gives a client whose runtime works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.package.test_hostile import PLAIN, package

SCRIPT = """
import httpx
from kubesphere_client import InvalidArgumentError, KubeSphere, NotFoundError
from kubesphere_client.testing import FakeKubeSphere

with FakeKubeSphere.demo() as fake:
    login = {"grant_type": "password", "username": "admin", "password": "P@88w0rd"}
    token = httpx.post(f"{fake.url}/oauth/token", data=login).json()["access_token"]
    with KubeSphere(fake.url, token=token) as ks:
        try:
            ks.request("GET", "/api/v1/namespaces/shop/pods/nope")
        except NotFoundError as error:
            print(error.reason, error.status["code"])
        try:
            ks.kubernetes.list("Deployment")
        except InvalidArgumentError as error:
            print(error)
        print([one["metadata"]["name"] for one in ks.kubernetes.list("Deployment", api_version="apps/v1")])
"""


def test_errors_and_kubernetes_do_without_models_and_kinds(tmp_path: Path) -> None:
    assert package(PLAIN, tmp_path) is None

    run = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", SCRIPT],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path / "src")},
        check=False,
    )

    assert run.stderr == ""
    reason, unknown, names = run.stdout.splitlines()
    assert reason == "NotFound 404"
    assert unknown.endswith("the kind 'Deployment' is not known; say where it is with api_version=, as in \"apps/v1\".")
    assert "cart" in names
