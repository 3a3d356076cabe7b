"""The installed package is what its manifest says: every module imports, every group has the methods it should."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import pkgutil
from typing import Any

import kubesphere_client
from kubesphere_client import AsyncKubeSphere, KubeSphere, _kinds, models
from kubesphere_client.testing import FakeKubeSphere
from tests.package.released import PACKAGE

MANIFEST = json.loads((PACKAGE / "manifest.json").read_bytes())


def methods_of(node: Any, path: str = "") -> set[str]:
    """Every public method below a client, by the way that leads to it."""
    found = set()
    for name in dir(type(node)):
        if name.startswith("_"):
            continue
        if callable(getattr(type(node), name)):
            found.add(f"{path}{name}")
        else:
            found |= methods_of(getattr(node, name), f"{path}{name}.")
    return found


def operations_of(client: Any) -> set[str]:
    """The methods of its groups, but for `kubernetes`, which no document describes."""
    return {name for name in methods_of(client) if "." in name and not name.startswith("kubernetes.")}


def test_kubernetes_has_the_same_methods_in_both_clients() -> None:
    clients = KubeSphere("http://ks.test", auth=None), AsyncKubeSphere("http://ks.test", auth=None)
    sync, asynchronous = ({name for name in methods_of(one) if name.startswith("kubernetes.")} for one in clients)
    assert sync == asynchronous != set()


def test_every_module_imports() -> None:
    names = [one.name for one in pkgutil.walk_packages(kubesphere_client.__path__, "kubesphere_client.")]

    for name in names:
        importlib.import_module(name)

    assert len(names) + 1 == MANIFEST["counts"]["modules"]


def test_the_sync_client_has_the_methods_of_the_manifest() -> None:
    with KubeSphere("http://ks.test", auth=None) as ks:
        found = operations_of(ks)

    assert found == {one["call"] for one in MANIFEST["methods"]}
    assert len(found) == MANIFEST["counts"]["operations"]["methods"]


def test_the_async_client_has_the_same_methods() -> None:
    found = operations_of(AsyncKubeSphere("http://ks.test", auth=None))

    assert found == {one["call"] for one in MANIFEST["methods"]}


def test_every_model_is_offered_by_its_module_and_by_the_package_where_its_name_is_unique() -> None:
    modules = [importlib.import_module(f"kubesphere_client.models.{name}") for name in models._MODULES]
    every = [name for module in modules for name in module.__all__]

    assert len(every) == MANIFEST["counts"]["schemas"]
    for name in every:
        owners = [module for module in modules if name in module.__all__]
        if len(owners) == 1:
            assert getattr(models, name) is getattr(owners[0], name)


def test_every_method_says_what_it_is() -> None:
    clients = KubeSphere("http://ks.test", auth=None), AsyncKubeSphere("http://ks.test", auth=None)
    for name in MANIFEST["methods"]:
        *groups, method = name["call"].split(".")
        for client in clients:
            node: Any = client
            for group in groups:
                node = getattr(node, group)
            text = inspect.getdoc(getattr(node, method)) or ""
            assert f"`{name['method']} {name['path']}" in text
            assert "Raises:" in text


def test_the_digests_of_the_manifest_are_those_of_the_files() -> None:
    for name, digest in MANIFEST["files"].items():
        assert hashlib.sha256((PACKAGE / name).read_bytes()).hexdigest() == digest


def test_no_model_is_called_as_something_of_the_client() -> None:
    clash = set(vars(models)["_EXPORTS"]) & set(kubesphere_client.__all__)
    assert not clash


def test_the_fake_has_every_kind_of_kubesphere() -> None:
    own = [one for one in _kinds.KINDS if one[0].partition("/")[0].endswith(".kubesphere.io")]

    with FakeKubeSphere() as fake, KubeSphere(fake.url, username="admin", password="P@88w0rd") as ks:
        lists = [ks.request("GET", f"/apis/{api_version}/{plural}").json() for api_version, _, plural, *_ in own]

    assert [one["kind"] for one in lists] == [f"{kind}List" for _, kind, *_ in own] != []
