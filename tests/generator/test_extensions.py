"""The shape of a document after its overlays."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.extensions import check_extensions
from tests.generator.documents import answers, document, operation, parameter, ref

Document = dict[str, Any]
POD = {"apiVersion": "v1", "kind": "Pod", "plural": "pods", "namespaced": True}
VARIANT = {"query": {"a": 1}, "content": {"text/plain": {}}}


def with_operation(**members: Any) -> Document:
    return document({"/a": {"get": operation("g.a", **members)}})


def with_schema(**members: Any) -> Document:
    return document(schemas={"m.A": {"type": "object", **members}})


def test_what_the_generator_understands_is_left_alone() -> None:
    kinds = parameter("resources", "path", **{"x-kubesphere-kinds": {"pods": ref("m.A")}})
    one = {"x-kubesphere-variants": {"export": VARIANT}, "x-kubesphere-passthrough": True, "parameters": [kinds]}

    check_extensions(document({"/a/{resources}": {"get": operation("g.a", **one)}}, {"m.A": {"type": "object"}}))


def test_what_looks_like_an_extension_in_names_and_data_is_none() -> None:
    check_extensions(
        with_schema(properties={"x-kubesphere-it": {"default": {"x-kubesphere-it": 1}}}, enum=[{"x-kubesphere-it": 1}])
    )


@pytest.mark.parametrize(
    "broken",
    [
        {**document(), "paths": []},
        {**document(), "components": []},
        {**document(), "x-kubesphere-withdrawn": 5},
        {**document(), "x-kubesphere-withdrawn": [{"method": "GET", "path": "/a"}]},
        {**document(), "x-kubesphere-repairs": [{}]},
        {**document(), "x-kubesphere-growing-log": True},
        {**document(), "x-kubesphere-custom-resources": 5},
        {**document(), "x-kubesphere-built-in-kinds": 5},
        {**document(), "x-kubesphere-built-in-kinds": [{"apiVersion": "v1", "kind": "Pod"}]},
        {**document(), "x-kubesphere-built-in-kinds": [{**POD, "plural": "pods/../secrets"}]},
        {**document(), "x-kubesphere-built-in-kinds": [{**POD, "namespaced": "yes"}]},
        {**document(), "x-kubesphere-built-in-kinds": [{**POD, "apiVersion": "../v1"}]},
        document({"/a": {"get": 5}}),
        document({"/a": {"get": {}}}),
        document({"/a": None}),  # type: ignore[dict-item]  # what an overlay can make of it
        document(schemas={"m.A": "text"}),
        with_operation(responses=[]),
        with_operation(responses={"200": 5}),
        with_operation(summary=5),
        with_operation(parameters=[{"in": "query"}]),
        with_schema(properties=[]),
        with_schema(**{"x-always-serialised": 5}),
        with_schema(**{"x-always-serialised": [["a"]]}),
        with_schema(**{"x-kubernetes-group-version-kind": [5]}),
        with_schema(**{"x-kubernetes-group-version-kind": [{"group": 5, "version": "v1", "kind": "A"}]}),
        with_schema(**{"x-kubesphere-base": "no"}),
        with_schema(**{"x-kubesphere-published-name": 5}),
        with_schema(properties={"a": {"x-kubesphere-secret": "no"}}),
        with_schema(properties={"properties": {"items": {"x-kubesphere-secret": "no"}}}),
        with_schema(properties={"a": {"x-kubesphere-unix-time": "seconds"}}),
        *(
            with_operation(**{f"x-kubesphere-{name}": value})
            for name, value in (
                ("passthrough", "no"),
                ("follow-redirects", 1),
                ("published", 5),
                ("published", {"method": "get"}),
                ("growinglog", True),  # a word that is misspelt
                ("fixed", {"a": 1}),  # a word that the generator keeps for itself
                ("secret", True),  # a word of another place
                ("evidence", {}),
                ("watchable", 5),
                ("variants", []),
                ("variants", {"export": None}),
                ("variants", {"export": {"query": [], "content": {}}}),
                ("variants", {"export": {"query": {}, "content": []}}),
                ("variants", {"export": {**VARIANT, "query": {"a": [1]}}}),
                ("variants", {"export": {**VARIANT, "query": {"nope": None}}}),
                ("variants", {"export": {**VARIANT, "without": ["nope"]}}),
                ("variants", {"export": {**VARIANT, "summary": 5}}),
                ("variants", {"class": VARIANT}),
                ("variants", {"foo bar": VARIANT}),
            )
        ),
        with_operation(parameters=[parameter("a", **{"x-kubesphere-kinds": {"pods": ref("m.A")}})]),
        with_operation(parameters=[parameter("a", "path", **{"x-kubesphere-kinds": []})]),
        with_operation(parameters=[parameter("a", "path", **{"x-kubesphere-tail": "yes"})]),
        with_operation(parameters=[parameter("a", **{"x-kubesphere-tail": True})]),
        with_operation(parameters=[parameter("a", schema={"x-kubesphere-unix-time": 5})]),
        with_operation(parameters=[parameter("a", "path", schema={"x-kubesphere-unix-time": "seconds"})]),
        with_operation(responses=answers({"x-kubesphere-page-items": 5})),
        with_operation(parameters=[parameter("a", "path", **{"x-kubesphere-kinds": {"pods": {"type": "object"}}})]),
    ],
)
def test_what_it_would_trip_over_stops_the_run_with_its_place(broken: Document) -> None:
    with pytest.raises(GeneratorError, match=r"(?s)^After the overlays, .+\nCorrect the overlay"):
        check_extensions(broken)
