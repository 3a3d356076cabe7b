"""What is imported when: nothing before it is used, or all at once where that is asked for."""

from __future__ import annotations

import ast
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import kubesphere_client
from kubesphere_client import preload
from kubesphere_client.errors import InvalidArgumentError
from tests.package.released import PACKAGE

SOURCE = PACKAGE / "src" / "kubesphere_client"
READY = "from kubesphere_client import KubeSphere; ks = KubeSphere('http://ks.test', token='x'); "
ASYNC_READY = "from kubesphere_client import AsyncKubeSphere; ks = AsyncKubeSphere('http://ks.test', token='x'); "
SELDOM = {
    "_watch",
    "_watch_session",
    "_logs",
    "_terminal",
    "_streams",
    "_polling",
    "_async_polling",
    "_conditions",
    "_raw",
    "_status_errors",
}


def imported(code: str) -> set[str]:
    """The modules that a fresh process has imported after some code; those of the package without its name."""
    code = f"import sys; sys.path.insert(0, {str(PACKAGE / 'src')!r}); {code}"
    code += "; import sys, json; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.removeprefix("kubesphere_client.") for name in json.loads(run.stdout)}


def operations(modules: set[str]) -> set[str]:
    return {name.partition(".")[2] for name in modules if name.startswith("operations.")}


def test_the_package_imports_nothing_before_something_of_it_is_used() -> None:
    modules = imported("import kubesphere_client; kubesphere_client.__version__; dir(kubesphere_client)")
    assert not {"httpx", "attrs", "asyncio", "ssl"} & modules
    assert not {"_client", "errors", "models"} & modules


def test_errors_are_had_without_httpx() -> None:
    assert "httpx" not in imported("from kubesphere_client import NotFoundError; import kubesphere_client.errors")


@pytest.mark.parametrize("ready", [READY, ASYNC_READY], ids=["sync", "async"])
def test_a_client_imports_what_its_first_call_needs_and_no_more(ready: str) -> None:
    modules = imported(ready + "ks.resources.v1alpha3.list_cluster_resources")
    assert operations(modules) == {"resources_v1alpha3"}
    assert not [name for name in modules if name.startswith("models.")]
    assert not {"asyncio", "html.entities", *SELDOM} & (modules - imported("import httpx"))


def test_every_public_name_can_be_had_and_is_listed() -> None:
    for name in kubesphere_client.__all__:
        assert getattr(kubesphere_client, name) is not None
    assert {*kubesphere_client.__all__, "auth", "errors", "models", "testing"} <= set(dir(kubesphere_client))
    for name in ("auth", "errors", "models", "testing"):
        assert getattr(kubesphere_client, name) is sys.modules[f"kubesphere_client.{name}"]


def test_a_star_imports_what_is_public() -> None:
    names: dict[str, object] = {}
    exec("from kubesphere_client import *", names)
    assert {name for name in names if name != "__builtins__"} == set(kubesphere_client.__all__)


def test_type_checkers_see_the_names_that_there_are() -> None:
    tree = ast.parse((SOURCE / "__init__.py").read_text())
    seen = {
        one.name: statement.module
        for block in tree.body
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom) and statement.module != "kubesphere_client"
        for one in statement.names
    }
    assert {*seen, "__version__"} == set(kubesphere_client.__all__)
    for name, module in seen.items():
        assert getattr(kubesphere_client, name) is getattr(import_module(str(module)), name)


def test_an_unknown_name_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match=r"^module 'kubesphere_client' has no attribute 'Kubesphere'$"):
        kubesphere_client.Kubesphere  # type: ignore[attr-defined]  # noqa: B018  # reading it is what is tested
    with pytest.raises(ImportError, match=r"^cannot import name 'Kubesphere' from 'kubesphere_client'"):
        exec("from kubesphere_client import Kubesphere")


def test_public_classes_can_be_pickled() -> None:
    classes = [one for name in kubesphere_client.__all__ if isinstance(one := getattr(kubesphere_client, name), type)]
    assert pickle.loads(pickle.dumps(classes)) == classes != []


def test_preload_leaves_nothing_to_import() -> None:
    modules = imported("import kubesphere_client; kubesphere_client.preload()")
    there = {name for name in _modules() if not name.startswith("testing")} - {"__init__", "_raw_groups"}
    assert there <= modules


def test_preload_needs_no_extra() -> None:
    without = "import sys; sys.modules.update(dict.fromkeys(('httpx_ws', 'msgspec', 'yaml')))"
    assert "_terminal" in imported(f"{without}; import kubesphere_client; kubesphere_client.preload()")


def test_preload_of_a_group_leaves_out_the_other_groups_and_their_models() -> None:
    modules = imported("import kubesphere_client; kubesphere_client.preload('crd.iam', 'platform')")
    assert operations(modules) == {"crd_iam_v1alpha2", "platform"}
    assert {"models.iam_v1alpha2", "models.kubernetes", "_watch"} <= modules
    assert "models.monitoring_v1alpha3" not in modules


def test_preload_takes_groups_as_they_stand_after_the_client() -> None:
    preload("iam", "crd.tenant.v1alpha1", "kubernetes")
    for name in ("ia", "iam.v1", "crd_", "tenants", "", ["iam"], None):
        with pytest.raises(InvalidArgumentError, match=rf"^preload: there is no group {re.escape(repr(name))}\.$"):
            preload(name)  # type: ignore[arg-type]  # some are no text


def test_threads_can_preload_at_the_same_time() -> None:
    code = "from concurrent.futures import ThreadPoolExecutor as Pool; from kubesphere_client import preload; "
    assert "_client" in imported(code + "[one.result() for one in [Pool().submit(preload) for _ in range(4)]]")


def test_no_module_needs_one_that_needs_it_so_that_threads_may_import_in_any_order() -> None:
    needs = {name: set(_needed(SOURCE / f"{name.replace('.', '/')}.py")) for name in _modules()}
    assert {"_operation", "models.shared"} <= set(TopologicalSorter(needs).static_order())


def _needed(path: Path) -> Iterator[str]:
    """The modules that one imports as it is imported itself."""
    for statement in ast.parse(path.read_text()).body if path.exists() else ():
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("kubesphere_client"):
            module = str(statement.module)
            for one in (module, *(f"{module}.{name.name}" for name in statement.names)):
                if (SOURCE / f"{one.partition('.')[2].replace('.', '/')}.py").exists():
                    yield one.partition(".")[2]


def _modules() -> Iterator[str]:
    for path in SOURCE.rglob("*.py"):
        yield ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
