"""What the tip of the branch says differently from what is pinned."""

from __future__ import annotations

import json
from typing import Any

from generator.drift import Drift, compare
from generator.release import Source

SOURCE = Source("kubesphere", "go-restful", "https://github.com/a/b", "main", "a" * 40, "api/swagger.json", "b" * 64)


def drift(before: dict[str, Any], after: dict[str, Any]) -> Drift:
    old, new = (json.dumps(one).encode() for one in (before, after))
    return compare(SOURCE, old, new, before, after)


def test_equal_bytes_are_no_drift() -> None:
    found = drift({"paths": {}}, {"paths": {}})

    assert not found
    assert len(list(found.lines())) == 1


def test_operations_and_schemas_are_told_apart() -> None:
    before = {"paths": {"/a": {"get": {}, "put": {}}, "/b": {"get": {"x": 1}}}, "definitions": {"A": {}, "B": {}}}
    after = {"paths": {"/a": {"get": {}, "post": {}}, "/b": {"get": {"x": 2}}}, "definitions": {"A": {"x": 1}, "C": {}}}

    found = drift(before, after)

    assert found
    assert (found.operations.added, found.operations.removed, found.operations.changed) == (
        ("POST /a",),
        ("PUT /a",),
        ("GET /b",),
    )
    assert (found.schemas.added, found.schemas.removed, found.schemas.changed) == (("C",), ("B",), ("A",))


def test_parameters_of_a_path_are_part_of_its_operations() -> None:
    before, after = ({"paths": {"/a": {"get": {}, "parameters": one}}} for one in ([], [{"name": "x"}]))

    assert drift(before, after).operations.changed == ("GET /a",)


def test_other_bytes_of_the_same_content_are_drift_without_a_change() -> None:
    found = drift({"info": {"title": "a"}}, {"info": {"title": "b"}})

    assert found
    assert "  no operation and no schema differs" in list(found.lines())


def test_the_lines_and_the_json_name_every_change() -> None:
    found = drift({"paths": {"/a": {"get": {}}}}, {"paths": {"/b": {"get": {}}}})

    assert {"    + GET /b", "    - GET /a"} <= set(found.lines())
    assert found.as_json()["operations"] == {"added": ("GET /b",), "removed": ("GET /a",), "changed": ()}
