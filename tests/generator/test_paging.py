"""The family of a list is told by its parameters and its answer, and its keywords are those of every list."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.package import Operation
from tests.generator.documents import answers, operation, parameter, ref
from tests.generator.test_refine import OBJECT, refined, the_operation

Document = dict[str, Any]


def properties(**members: Document) -> Document:
    return {"type": "object", "properties": members}


THINGS = {"type": "array", "items": ref("m.Thing")}
SCHEMAS = {
    "m.Thing": OBJECT,
    "m.Repositories": properties(repositories=ref("m.RepositoryPage")),
    "m.RepositoryPage": properties(items=THINGS, nextPage={"type": "integer"}),
    "m.Logs": properties(query=ref("m.Found"), statistics=OBJECT),
    "m.Found": properties(records=THINGS, total={"type": "integer"}),
    "m.Metrics": properties(results=THINGS, total_page={"type": "integer"}),
}


def a_list(schema: Document, *parameters: Document) -> Operation:
    return the_operation(operation("g.x", responses=answers(schema), parameters=list(parameters)), schemas=SCHEMAS)


def numbers(*names: str) -> list[Document]:
    return [parameter(name, schema={"type": "integer"}) for name in names]


@pytest.mark.parametrize(
    ("schema", "query", "family", "keywords"),
    [
        (THINGS, numbers("start", "limit"), "start", {"start": "start", "limit": "limit", "page": "page"}),
        (ref("m.Repositories"), numbers("pageNumber", "pageSize"), "pageNumber", {"page": "pageNumber", "limit": "pageSize"}),
        (ref("m.Logs"), numbers("from", "size"), "from", {"start": "from", "limit": "size", "page": "page"}),
        (
            ref("m.Metrics"),
            [parameter("sort_metric", required=True), *numbers("page", "limit")],
            "sort_metric",
            {"sort_metric": "sort_metric", "page": "page", "limit": "limit"},
        ),
    ],
)  # fmt: skip
def test_a_family_is_told_by_parameters_and_answer(
    schema: Document, query: list[Document], family: str, keywords: dict[str, str]
) -> None:
    found = a_list(schema, *query)

    assert found.page_item is not None
    assert (found.page_item.annotation("m"), found.paging) == ("Thing", family)
    assert {argument.name: argument.wire for argument in found.query} == keywords
    assert [argument.name for argument in found.query if argument.required] == ["sort_metric"] * (
        family == "sort_metric"
    )


@pytest.mark.parametrize(
    ("schema", "query"),
    [
        (THINGS, numbers("limit")),
        (ref("m.Logs"), [*numbers("from", "size"), parameter("operation")]),
        (ref("m.Metrics"), [parameter("sort_metric"), *numbers("page", "limit")]),
        (ref("m.Found"), numbers("from", "size")),
    ],
    ids=["an array without a start", "logs or their statistics", "metrics without an order", "no such envelope"],
)
def test_what_is_not_always_a_list_of_pages_is_none(schema: Document, query: list[Document]) -> None:
    found = a_list(schema, *query)

    assert (found.page_item, found.paging) == (None, None)


def test_a_size_is_called_limit_even_where_the_answer_is_no_page() -> None:
    found = a_list(ref("m.Logs"), *numbers("from", "size"), parameter("operation"))

    assert {argument.name: argument.wire for argument in found.query} == {
        "start": "from",
        "limit": "size",
        "operation": "operation",
    }


def test_two_numbers_in_one_parameter_become_two_keywords() -> None:
    listed = properties(items=THINGS, total_count={"type": "integer"})
    one = operation("g.x", responses=answers(ref("m.List")), parameters=[parameter("paging"), parameter("reverse")])

    found = the_operation(one, schemas={**SCHEMAS, "m.List": listed})

    assert [(argument.name, argument.type.annotation("")) for argument in found.query] == [
        ("limit", "int"),
        ("page", "int"),
        ("reverse", "str"),
    ]


def test_a_list_that_would_take_a_keyword_twice_is_refused() -> None:
    with pytest.raises(GeneratorError, match="takes limit twice"):
        a_list(ref("m.Logs"), *numbers("from", "size", "limit"))


def test_a_variant_without_content_answers_as_its_operation() -> None:
    kinds = parameter("operation", schema={"type": "string", "enum": ["query", "statistics"]})
    one = operation(
        "g.search",
        responses=answers(ref("m.Logs")),
        parameters=[kinds, *numbers("from", "size")],
        **{"x-kubesphere-variants": {"list": {"query": {"operation": "query"}}}},
    )

    listed, search = refined({"/a": {"get": one}}, SCHEMAS).operations()

    assert (listed.name, listed.paging, listed.returns) == ("list", "from", search.returns)
    assert (search.name, search.paging) == ("search", None)
