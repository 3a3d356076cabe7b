"""What the parser cannot say is decided here, before any template runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.package import Model, ObjectKind, Operation, Package
from generator.parse import parse
from generator.pytypes import ModelType
from generator.refine import refine
from generator.refine.text import summary
from generator.release import Release
from tests.generator.documents import answers, document, operation, parameter, ref

Document = dict[str, Any]
RELEASE = Release("release-1.0", "1.0.0", "Test", Path(), (), (), Path())
OBJECT = {"type": "object", "properties": {"x": {"type": "string"}}}


def refined(paths: Document | None = None, schemas: Document | None = None, **members: Any) -> Package:
    return refine(parse(document(paths, schemas, **members)), RELEASE)


def the_operation(
    one: Document, path: str = "/a", method: str = "get", schemas: Document | None = None, **members: Any
) -> Operation:
    (found,) = refined({path: {method: one}}, schemas, **members).operations()
    return found


def the_model(schema: Document, **others: Document) -> Model:
    package = refined(schemas={"m.It": schema, **{f"m.{key}": value for key, value in others.items()}})
    (found,) = [model for module in package.modules for model in module.models if model.name == "It"]
    return found


def annotation(schema: Document, **others: Document) -> str:
    (field,) = the_model({"type": "object", "properties": {"f": schema}}, **others).fields
    return field.type.annotation("m")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "str"),
        ({"type": "integer", "format": "int64"}, "int"),
        ({"type": "number"}, "float"),
        ({"type": "boolean"}, "bool"),
        ({}, "Any"),
        ({"type": "string", "format": "date-time"}, "Timestamp"),
        ({"type": "string", "format": "quantity"}, "Quantity"),
        ({"type": ["integer", "string"], "format": "int-or-string"}, "IntOrString"),
        ({"type": "object"}, "dict[str, Any]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "dict[str, int]"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "list[list[str]]"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "list[str | None]"),
        ({"type": ["string", "null"]}, "str"),
        ({"type": "string", "enum": ["a", "b"]}, "Literal['a', 'b']"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "str | int"),
        (ref("m.Other"), "Other"),
        (ref("m.Name"), "str"),
        ({"anyOf": [ref("m.Other"), {"type": "null"}]}, "Other"),
        ({"anyOf": [ref("m.Other"), {"type": "string"}]}, "Other | str"),
        ({"oneOf": [ref("m.Other"), ref("m.Third")]}, "Any"),
    ],
)
def test_a_schema_becomes_a_type(schema: Document, expected: str) -> None:
    assert annotation(schema, Other=OBJECT, Third=OBJECT, Name={"type": "string"}) == expected


def test_a_map_stays_as_a_name_for_its_type_and_what_is_no_object_does_not() -> None:
    values = {"type": "object", "additionalProperties": {"type": "integer"}}
    (module,) = refined(schemas={"m.Name": {"type": "string"}, "m.Counts": values, "m.Patch": {}}).modules

    assert [(alias.name, alias.type.annotation("m")) for alias in module.aliases] == [("Counts", "dict[str, int]")]


def test_what_is_always_there_reads_as_its_type_unless_it_may_be_null() -> None:
    properties = {name: {"type": "string"} for name in "abd"} | {"c": {"type": ["string", "null"]}}
    model = the_model({"properties": properties, "required": ["a", "c"], "x-always-serialised": ["b"]})

    assert [field.always for field in model.fields] == [True, True, False, False]


def test_secrets_are_known() -> None:
    model = the_model({"properties": {"password": {"type": "string", "x-kubesphere-secret": True}, "x": {}}})

    assert model.secrets == ("password",)


def test_a_custom_resource_says_what_it_is() -> None:
    kinds = [{"group": "tenant.kubesphere.io", "version": "v1alpha1", "kind": "Workspace"}]
    model = the_model({"properties": {"apiVersion": {}, "kind": {}}, "x-kubernetes-group-version-kind": kinds})

    assert [field.default for field in model.fields] == ["'tenant.kubesphere.io/v1alpha1'", "'Workspace'"]


def test_names_that_the_class_body_needs_are_not_taken() -> None:
    model = the_model({"properties": {wire: {} for wire in ("str", "from_dict", "class", "get", "self")}})
    assert [field.name for field in model.fields] == ["class_", "from_dict_", "get_", "self_", "str_"]

    lists = {"type": "array", "items": {"type": "integer"}}
    model = the_model({"properties": {"list": lists, "int": {}, "field": {}}, "required": ["int"]})
    assert [field.name for field in model.fields] == ["field_", "int_", "list_"]


def test_names_that_the_class_body_does_not_need_are_kept() -> None:
    values = {"type": "string", "enum": ["password", "list"]}
    wires = ("list", "object", "property", "field", "m", "password")
    model = the_model({"properties": {**{wire: {} for wire in wires}, "how": values}})
    assert [field.name for field in model.fields] == sorted([*wires, "how"])


def test_path_arguments_come_in_the_order_of_the_path_and_never_clash_with_a_query() -> None:
    parameters = [parameter("b", "path"), parameter("a", "path"), parameter("a"), parameter("self")]
    found = the_operation(operation("g.x", parameters=parameters), "/{a}/{b}")

    assert [argument.name for argument in found.path_arguments] == ["a", "b"]
    assert [argument.name for argument in found.query] == ["a_", "self_"]


def test_required_keywords_come_first() -> None:
    found = the_operation(operation("g.x", parameters=[parameter("a"), parameter("b", required=True)]))

    assert [argument.name for argument in found.keywords] == ["b", "a"]


@pytest.mark.parametrize(
    ("style", "joined"),
    [
        ({}, ()),
        ({"style": "form", "explode": False}, (("q", ","),)),
        ({"style": "spaceDelimited", "explode": False}, (("q", " "),)),
        ({"style": "pipeDelimited", "explode": False}, (("q", "|"),)),
        ({"x-collection-format": "tsv"}, (("q", "\t"),)),
    ],
)
def test_an_array_is_repeated_or_joined(style: Document, joined: tuple[tuple[str, str], ...]) -> None:
    found = the_operation(operation("g.x", parameters=[parameter("q", schema={"type": "array"}, **style)]))

    assert found.joined == joined


@pytest.mark.parametrize(
    ("media", "reads"),
    [
        ("application/json", "json"),
        ("application/merge-patch+json", "json"),
        ("text/plain; charset=utf-8", "text"),
        ("application/yaml", "text"),
        ("application/zip", "bytes"),
        ("*/*", "bytes"),
    ],
)
def test_an_answer_is_read_as_its_media_type_says(media: str, reads: str) -> None:
    assert the_operation(operation("g.x", responses=answers({}, media))).reads == reads


LIST = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": ref("m.Thing")}, "totalItems": {"type": "integer"}},
}


@pytest.mark.parametrize(
    ("query", "paging"),
    [(["page", "limit"], "page"), (["limit", "continue"], "continue"), (["paging"], "paging"), ([], None)],
)
def test_items_beside_a_total_are_a_page(query: list[str], paging: str | None) -> None:
    one = operation("g.x", responses=answers(ref("m.List")), parameters=[parameter(name) for name in query])
    found = the_operation(one, schemas={"m.List": LIST, "m.Thing": OBJECT})

    assert found.page_item is not None
    assert found.page_item.annotation("m") == "Thing"
    assert found.paging == paging


def test_items_without_a_total_are_no_page() -> None:
    no_list = {"type": "object", "properties": {"items": {"type": "array"}}}

    assert the_operation(operation("g.x", responses=answers(ref("m.L"))), schemas={"m.L": no_list}).page_item is None


def test_errors_are_told_from_successes() -> None:
    responses = {**answers({"type": "string"}), **answers({}, status="404"), **answers({}, status="default")}
    found = the_operation(operation("g.x", responses=responses))

    assert [response.status for response in found.responses] == [200]
    assert [status for status, _ in found.errors] == ["404", "default"]


def test_a_default_alone_describes_the_success() -> None:
    found = the_operation(operation("g.x", responses=answers({"type": "string"}, status="default")))

    assert [(response.status, response.type.annotation("")) for response in found.responses] == [(200, "str")]


def test_a_websocket_succeeds_with_101_and_an_error_beside_it_stays_one() -> None:
    responses = {"101": {"description": "open"}, **answers({}, status="default")}

    found = the_operation(operation("g.x", responses=responses))

    assert [(response.status, response.type.annotation("")) for response in found.responses] == [(101, "None")]
    assert [status for status, _ in found.errors] == ["default"]


@pytest.mark.parametrize(
    ("security", "sent"), [(None, True), ([], False), ([{"oauth": []}], True), ([{"oauth": []}, {}], False)]
)
def test_the_token_is_sent_unless_the_operation_takes_none(security: Any, sent: bool) -> None:
    members = {} if security is None else {"security": security}

    assert the_operation(operation("g.x", **members), security=[{"oauth": []}]).authenticated is sent


def schemes(address: Any) -> Document:
    made = document()
    made["components"]["securitySchemes"] = {"oauth": {"type": "oauth2", "flows": {"password": {"tokenUrl": address}}}}
    return made


def test_the_token_address_comes_from_the_document() -> None:
    assert refine(parse(schemes("/oauth/token")), RELEASE).token_path == "/oauth/token"
    assert refined().token_path is None


@pytest.mark.parametrize("address", ["https://evil.test/token", "//evil.test/token", "token", "", "/a\nb", 1])
def test_passwords_are_sent_to_the_server_alone(address: Any) -> None:
    with pytest.raises(GeneratorError, match="passwords would be sent elsewhere"):
        refine(parse(schemes(address)), RELEASE)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (operation("g.x", parameters=[parameter("c", "cookie")]), "takes a cookie"),
        (operation("g.x", responses={"2XX": {"description": ""}}), "not one status code"),
        (operation("g.x", responses={**answers({}), **answers({}, "text/plain", "201")}), "different kinds"),
        (operation("g.x", **{"x-kubesphere-watch": {"list": "watch_x"}}), "does not return a list"),
    ],
)
def test_what_the_client_cannot_say_stops_the_run(one: Document, said: str) -> None:
    with pytest.raises(GeneratorError, match=said):
        the_operation(one)


def test_a_group_and_an_operation_of_one_name_stop_the_run() -> None:
    with pytest.raises(GeneratorError, match="both a group and an operation"):
        refined({"/a": {"get": operation("g.v1.list")}, "/b": {"get": operation("g.v1")}})


def test_groups_are_a_tree() -> None:
    package = refined({"/a": {"get": operation("crd.tenant.v1.x")}, "/b": {"get": operation("crd.tenant.y")}})

    assert [group.path for group in package.all_groups()] == [("crd",), ("crd", "tenant"), ("crd", "tenant", "v1")]
    assert [len(group.operations) for group in package.all_groups()] == [0, 1, 1]


LIST_RESULT = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {}}, "totalItems": {"type": "integer"}},
}


def test_an_envelope_that_many_lists_share_says_what_this_one_holds() -> None:
    schema = {"allOf": [ref("m.List"), {"properties": {"items": {"items": ref("m.Other")}}}]}

    found = the_operation(
        operation("g.v1.list_things", responses=answers(schema)), schemas={"m.List": LIST_RESULT, "m.Other": OBJECT}
    )

    assert found.page_item is not None
    assert found.page_item.annotation("") == "m.Other"
    assert found.returns.annotation("") == "m.List"


def test_an_array_of_a_fixed_length_is_a_tuple() -> None:
    point = {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "minItems": 2, "maxItems": 2}

    assert annotation({"type": "array", "items": point}) == "list[tuple[float, str]]"
    assert annotation({**point, "maxItems": 3}) == "list[Any]"


def test_a_discriminator_tells_classes_apart() -> None:
    schema = {
        "oneOf": [ref("m.Other"), ref("m.Third")],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"A": ref("m.Other")["$ref"], "B": ref("m.Third")["$ref"]},
        },
    }

    assert annotation(schema, Other=OBJECT, Third=OBJECT) == "Other | Third"


def test_a_schema_with_all_properties_of_a_base_derives_from_it() -> None:
    base = {**OBJECT, "x-kubesphere-base": True}
    more = {"type": "object", "properties": {"x": {"type": "string"}, "y": {}}}
    different = {"type": "object", "properties": {"x": {"type": "integer"}}}
    package = refined(schemas={"m.Base": base, "m.More": more, "m.Different": different})

    derived = {model.name: model.base for module in package.modules for model in module.models}

    assert derived["Base"] is None
    assert derived["More"] is not None
    assert derived["More"].name == "Base"
    assert derived["Different"] is None


def test_an_operation_may_serve_many_kinds() -> None:
    kinds = {"zebras": ref("m.Third"), "apes": ref("m.Other")}
    one = operation("g.v1.get_thing", parameters=[parameter("resources", "path", **{"x-kubesphere-kinds": kinds})])

    found = the_operation(one, "/a/{resources}", schemas={"m.Other": OBJECT, "m.Third": OBJECT})

    assert found.kind_argument == "resources"
    assert [(kind.name, kind.type.annotation("")) for kind in found.kinds] == [
        ("apes", "m.Other"),
        ("zebras", "m.Third"),
    ]


def test_a_variant_is_a_method_of_its_own() -> None:
    one = operation(
        "g.v1.query",
        parameters=[
            parameter("operation", schema={"type": "string", "enum": ["query"]}),
            parameter("since"),
            parameter("size"),
        ],
        **{
            "x-kubesphere-variants": {
                "export": {
                    "summary": "All of it.",
                    "without": ["size"],
                    "query": {"operation": "export", "since": None, "name": {"schema": {"type": "string"}}},
                    "content": {"text/plain": {"schema": {"type": "string"}}},
                }
            }
        },
    )

    export, query = refined({"/a": {"get": one}}).operations()

    assert (export.name, export.summary, export.reads, export.variant_of) == ("export", "All of it.", "text", "query")
    assert export.fixed == (("operation", "'export'"),)
    assert {argument.name: argument.required for argument in export.query} == {"since": True, "name": True}
    assert (query.variant_of, query.fixed) == (None, ())


def test_two_methods_of_one_name_are_refused() -> None:
    variant = {"query": {"a": 1}, "content": {}}
    one = operation("g.v1.query", **{"x-kubesphere-variants": {"query": variant}})

    with pytest.raises(GeneratorError, match=r"would both be g\.v1\.query"):
        refined({"/a": {"get": one}})


def test_operations_that_pass_requests_on_share_a_method() -> None:
    tail = parameter("path", "path", **{"x-kubesphere-tail": True})
    raw = {"parameters": [tail], "responses": answers({}, "*/*"), "x-kubesphere-passthrough": True}
    package = refined(
        {"/a/{path}": {"get": {"operationId": "g.request_get", **raw}, "put": {"operationId": "g.request_put", **raw}}}
    )

    (group,) = package.groups
    (method,) = group.raw_methods

    assert group.typed_operations == ()
    assert (method.name, [one.method for one in method.operations]) == ("request", ["GET", "PUT"])
    assert method.first.returns.annotation("") == "Response"


def test_a_declared_redirect_gives_the_address() -> None:
    redirect = {"302": {"description": "", "headers": {"Location": {"schema": {"type": "string"}}}}}

    found = the_operation(operation("g.v1.authorize", responses=redirect))

    assert (found.reads, found.returns.annotation("")) == ("location", "str")


def test_a_choice_of_media_types_is_offered_where_there_is_one() -> None:
    def offered(*media: str) -> tuple[str, ...]:
        body = {"content": {one: {"schema": {}} for one in media}}
        return the_operation(operation("g.v1.patch", requestBody=body), method="patch").content_types

    assert offered("application/merge-patch+json", "application/json") == (
        "application/merge-patch+json",
        "application/json",
    )
    assert offered("application/json") == ()


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        (ref("m.It"), "object"),
        ({"type": "object"}, "object"),
        ({"type": "array", "items": ref("m.It")}, "objects"),
        ({"type": "array", "items": {"type": "string"}}, "list"),
        ({"type": "string"}, None),
        ({}, None),
    ],
)
def test_what_a_body_must_be_follows_from_its_schema(schema: Document, kind: str | None) -> None:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    found = the_operation(operation("g.f", requestBody=body), method="post", schemas={"m.It": OBJECT})

    assert found.body is not None
    assert (found.body.kind, found.body.required, found.body.files) == (kind, True, ())


def test_the_files_of_a_form_are_known() -> None:
    form = {"type": "object", "properties": {"md5": {"type": "string"}, "f": {"type": "string", "format": "binary"}}}
    body = {"content": {"multipart/form-data": {"schema": ref("m.Form")}}}
    package = refined({"/a": {"post": operation("g.f", requestBody=body)}}, {"m.Form": form})

    (found,) = package.operations()
    assert found.body is not None
    assert found.body.files == ("f",)
    (model,) = package.modules[0].models
    assert [field.type.annotation("m") for field in model.fields] == ["File", "str"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (ref("m.It"), "object"),
        ({"type": "array", "items": ref("m.It")}, "list"),
        ({"type": ["array", "null"], "items": ref("m.It")}, None),
        ({"type": "string"}, None),
    ],
)
def test_what_an_answer_must_be_follows_from_its_schema(schema: Document, expected: str | None) -> None:
    found = the_operation(operation("g.f", responses=answers(schema)), schemas={"m.It": OBJECT})

    assert found.answers == expected


def test_a_unix_time_takes_a_datetime() -> None:
    def taking(schema: Document) -> Operation:
        return the_operation(operation("g.f", parameters=[parameter("t", schema=schema)]))

    found = taking({"type": "integer", "x-kubesphere-unix-time": "microseconds"})
    assert found.unix == (("t", 1_000_000),)
    assert found.query[0].type.annotation("") == "int | datetime"
    for schema in ({"type": "integer", "x-kubesphere-unix-time": "days"}, {"x-kubesphere-unix-time": "seconds"}):
        with pytest.raises(GeneratorError, match="make it an integer and name one of seconds"):
            taking(schema)


def test_a_parameter_that_must_have_its_one_value_is_sent_without_asking() -> None:
    action = parameter("action", schema={"type": "string", "enum": ["rerun"]})
    found = the_operation(operation("g.f", parameters=[{**action, "required": True}, parameter("q")]))
    assert (found.fixed, [one.wire for one in found.query]) == ((("action", "'rerun'"),), ["q"])

    optional = the_operation(operation("g.f", parameters=[action]))
    assert (optional.fixed, [one.wire for one in optional.query]) == ((), ["action"])


def test_a_list_does_not_take_what_only_its_watch_heeds() -> None:
    wires = ("allowWatchBookmarks", "labelSelector", "timeoutSeconds")
    items = {"type": "object", "properties": {"items": {"type": "array", "items": {}}, "totalItems": {}}}
    listing = operation(
        "g.list",
        parameters=[parameter(wire) for wire in wires],
        responses=answers(ref("m.List")),
        **{"x-kubesphere-watch": {"list": "watch"}},
    )
    found = the_operation(listing, schemas={"m.List": items})

    assert [one.wire for one in found.query] == ["labelSelector"]
    assert found.watch is not None
    assert sorted(one.wire for one in found.watch.query) == list(wires)


def test_kinds_are_those_of_kubernetes_and_those_that_paths_of_custom_resources_lead_to() -> None:
    kind = {"group": "demo.io", "version": "v1", "kind": "Thing"}
    get = {
        **operation("crd.demo.v1.get_thing", responses=answers(ref("demo_v1.Thing"))),
        "x-kubernetes-group-version-kind": kind,
    }
    get["parameters"] = [parameter("namespace", "path"), parameter("name", "path")]
    built_in = [
        {"apiVersion": "v1", "kind": "ConfigMap", "plural": "configmaps", "namespaced": True},
        {"apiVersion": "v1", "kind": "Endpoints", "plural": "endpoints", "namespaced": True},
    ]
    package = refined(
        {"/apis/demo.io/v1/namespaces/{namespace}/things/{name}": {"get": get}},
        {"demo_v1.Thing": OBJECT, "kubernetes.ConfigMap": OBJECT},
        **{"x-kubesphere-built-in-kinds": built_in},
    )
    assert package.object_kinds == (
        ObjectKind("demo.io/v1", "Thing", "things", True, ModelType("demo_v1", "Thing")),
        ObjectKind("v1", "ConfigMap", "configmaps", True, ModelType("kubernetes", "ConfigMap")),
        ObjectKind("v1", "Endpoints", "endpoints", True, None),
    )


def test_a_kind_at_two_addresses_stops_the_run() -> None:
    twice = [{"apiVersion": "v1", "kind": "Pod", "plural": plural, "namespaced": True} for plural in ("pods", "podses")]
    with pytest.raises(GeneratorError, match="v1 Pod is at two addresses"):
        refined(**{"x-kubesphere-built-in-kinds": twice})


def test_a_deletion_knows_the_operation_that_gets_its_object() -> None:
    one = {"parameters": [parameter("name", "path")]}
    package = refined(
        {
            "/things/{name}": {
                "get": {**operation("things.get_thing", responses=answers(ref("m.It"))), **one},
                "delete": {**operation("things.delete_thing"), **one},
            },
            "/things": {"delete": operation("things.delete_things"), "get": operation("things.list_things")},
        },
        {"m.It": OBJECT},
    )
    gets = {found.name: found.get for found in package.operations()}
    assert gets == {"get_thing": None, "delete_thing": "get_thing", "delete_things": None, "list_things": None}


def test_a_group_that_would_hide_what_the_client_has_stops_the_run() -> None:
    with pytest.raises(GeneratorError, match="The group kubernetes would hide what the client has of that name"):
        refined({"/a": {"get": operation("kubernetes.get_a")}})


@pytest.mark.parametrize(
    ("published", "path", "sentence"),
    [
        ("list or watch objects of kind Rule", "/rules", "List the objects of kind Rule."),
        (
            "list or watch objects of kind Rule",
            "/namespaces/{namespace}/rules",
            "List the objects of kind Rule in a namespace.",
        ),
        ("create a Application", "/a", "Create an Application."),
        ("create a User", "/a", "Create a User."),
        ("delete a S2iRun", "/a", "Delete an S2iRun by its name."),
        ("delete collection of Rule", "/a", "Delete all objects of kind Rule, or those that the selectors choose."),
        ("partially update status of the specified Rule", "/a", "Change a part of the status of a Rule."),
        ("put the pipeline of the specified devops", "/a", "Replace the pipeline of the specified DevOps project."),
        ("(MultiBranchesPipeline) Get run nodes.", "/a", "Get run nodes, of a multi-branch pipeline."),
        ("get users' kubeconfig", "/a", "Get users' kubeconfig."),
        ("Is it said (already)?", "/a", "Is it said (already)?"),
        (None, "/a", ""),
    ],
)
def test_a_summary_is_a_sentence(published: Any, path: str, sentence: str) -> None:
    assert summary(published, path) == sentence
