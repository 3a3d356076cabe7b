"""Every route that the server registers is callable, or named with the reason why it is not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT.parent / "shared" / "evidence"
MANIFEST = json.loads((ROOT / "generated" / "release-3.0" / "manifest.json").read_bytes())

Route = tuple[str, str]


def callable_routes() -> set[Route]:
    return {(one["method"], one["path"]) for one in MANIFEST["methods"]}


def published_as() -> Counter[str]:
    """How often each published operation is called by a method of its own; watches and variants apart."""
    ways = {(one["published"], one["method"], one["path"]) for one in MANIFEST["methods"] if one["published"]}
    return Counter(published for published, _, _ in ways)


def evidence(name: str) -> Any:
    path = EVIDENCE / name
    if not path.is_file():
        pytest.skip(f"needs {name} of the evidence beside the project")
    return json.loads(path.read_bytes())


def test_each_published_operation_is_callable_or_withdrawn_with_a_reason() -> None:
    withdrawn = {f"{one['method']} {one['path']}" for one in MANIFEST["withdrawn"]}

    assert all(one["reason"] for one in MANIFEST["withdrawn"])
    assert set(published_as().values()) == {1}
    assert not withdrawn & published_as().keys()
    assert len(withdrawn) + len(published_as()) == MANIFEST["counts"]["operations"]["published"] == 330


def test_the_routes_that_the_server_registers_are_there() -> None:
    missing = {(one["method"], one["path"]) for one in evidence("missing_routes.json")["missing_routes"]}
    unserved = {(one["method"], one["path"]) for one in evidence("missing_routes.json")["spec_ops_not_in_server"]}
    published = {(one["method"], one["path"]) for one in evidence("operations.json") if one["spec"] == "KS"} - unserved

    assert len(missing | published) == 294
    assert missing | published <= callable_routes()
    assert not unserved & callable_routes()


def test_every_kind_that_discovery_has_can_be_listed_created_and_changed() -> None:
    for group_version, resources in evidence("custom_resources.json").items():
        for one in resources:
            plural, _, part = one["name"].partition("/")
            namespace = "/namespaces/{namespace}" if one["namespaced"] else ""
            address = f"/apis/{group_version}{namespace}/{plural}"
            object_verbs = {"get": "GET", "update": "PUT", "patch": "PATCH", "delete": "DELETE"}
            verbs = {"list": "GET", "create": "POST", "deletecollection": "DELETE"}
            wanted = {(verbs[verb], address) for verb in one["verbs"] if verb in verbs and not part}
            below = f"{address}/{{name}}{'/' + part if part else ''}"
            wanted |= {(object_verbs[verb], below) for verb in one["verbs"] if verb in object_verbs}

            assert wanted <= callable_routes(), one["name"]
