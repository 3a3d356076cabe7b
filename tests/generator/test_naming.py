"""Every operation and schema gets its one final name, by rule."""

from __future__ import annotations

import keyword
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import GeneratorError
from generator.naming import Names, load_names, name, python_name, python_names
from generator.naming.operations import operation_name
from generator.naming.placement import place
from tests.generator.documents import answers, document, operation, ref

HERE = Path(__file__).parent
NAMES = load_names(HERE.parents[1] / "specs" / "names.toml")
# Method, path and name of each published operation of 3.0 (evidence/names.json).
TARGETS = [line.split(" ") for line in (HERE / "data" / "names-3.0.txt").read_text().splitlines()]
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
WORKSPACES = "/apis/tenant.kubesphere.io/v1alpha1/workspaces"

Document = dict[str, Any]


def named(paths: Document | None = None, schemas: Document | None = None, **members: Any) -> Document:
    return name(document(paths, schemas, **members), Names())


@pytest.mark.parametrize(("method", "path", "target"), TARGETS, ids=lambda value: None)
def test_the_operations_of_3_0_are_called_as_they_should(method: str, path: str, target: str) -> None:
    assert operation_name(method, path, NAMES).method == target


def test_the_table_holds_exceptions_only() -> None:
    assert len(TARGETS) == 330
    assert len(NAMES.operations) < 45  # those of all releases
    without = Names(**{field: getattr(NAMES, field) for field in Names.__annotations__ if field != "operations"})
    for key, target in NAMES.operations.items():
        method, path = key.split(" ")
        assert operation_name(method, path, without).method != target, f"{key} needs no exception"


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        (USERS, "iam.v1alpha2"),
        (WORKSPACES, "crd.tenant.v1alpha1"),
        ("/kapis/openpitrix.io/v1/apps", "openpitrix.v1"),
        ("/apis/app.k8s.io/v1beta1/applications", "crd.app.v1beta1"),
        ("/apis/snapshot.storage.k8s.io/v1beta1/volumesnapshots", "crd.snapshot.v1beta1"),
        ("/apis/types.kubefed.io/v1beta1/federatednamespaces", "crd.kubefed.v1beta1"),
        ("/oauth/token", "oauth"),
        ("/kapis/version", "platform"),
        ("/kapis/config.kubesphere.io/v1alpha2/configs/oauth", "platform"),
        ("/kapis/alerting.kubesphere.io/{path}", "alerting"),
        ("/kapis/notification.kubesphere.io/{path}", "notification"),
        ("/api/v1/pods", "kubernetes"),
        ("/apis/apps/v1/deployments", "kubernetes"),
    ],
)
def test_an_operation_lives_where_its_path_says(path: str, attribute: str) -> None:
    assert place(path).attribute == attribute


@pytest.mark.parametrize("path", ["/", "/nowhere/x", "/kapis", "/kapis/iam.kubesphere.io/users", "/healthz"])
def test_a_path_that_fits_no_row_is_an_error(path: str) -> None:
    with pytest.raises(GeneratorError, match="no place in the client"):
        place(path)


@pytest.mark.parametrize(
    "segment",
    ["..", ".", "a b", "a'b", 'a"b', "a\nb", "{a}{b}", "{{a}}", "%2e%2e", "\u202ea", "__class__", "a\\b", "ä"],
)
def test_a_path_of_hostile_text_is_refused(segment: str) -> None:
    with pytest.raises(GeneratorError):
        place(f"/kapis/iam.kubesphere.io/v1alpha2/{segment}")


def test_two_operations_of_one_name_are_an_error_that_names_both() -> None:
    paths = {f"{USERS}{end}": {"get": operation("x")} for end in ("", "/")}

    with pytest.raises(GeneratorError, match=r"would both be iam\.v1alpha2\.list_users") as caught:
        named(paths)

    assert f"GET {USERS}/" in str(caught.value)
    assert "specs/names.toml" in str(caught.value)


def test_a_list_that_can_be_watched_gets_the_names_of_its_watches() -> None:
    after = named({WORKSPACES: {"get": operation("x", **{"x-kubesphere-watchable": {"list": True, "object": True}})}})

    listing = after["paths"][WORKSPACES]["get"]
    assert listing["operationId"] == "crd.tenant.v1alpha1.list_workspaces"
    assert listing["x-kubesphere-watch"] == {"list": "watch_workspaces", "object": "watch_workspace"}
    assert "x-kubesphere-watchable" not in listing


def test_what_is_withdrawn_keeps_the_name_it_would_have_had() -> None:
    entry = {"source": "s", "method": "GET", "path": USERS, "reason": "r"}

    (after,) = named(**{"x-kubesphere-withdrawn": [entry]})["x-kubesphere-withdrawn"]

    assert after == {**entry, "name": "iam.v1alpha2.list_users"}


def answering(**schemas: str) -> Document:
    """Paths of groups, each answering with a schema."""
    return {
        f"/kapis/{group}.kubesphere.io/v1alpha2/things": {"get": operation("x", responses=answers(ref(key)))}
        for group, key in schemas.items()
    }


OBJECT = {"type": "object", "properties": {"x": {"type": "string"}}}


def test_a_schema_lives_with_the_group_that_uses_it() -> None:
    after = named(answering(iam="v1alpha2.User"), {"v1alpha2.User": OBJECT})

    assert list(after["components"]["schemas"]) == ["iam_v1alpha2.User"]
    assert after["components"]["schemas"]["iam_v1alpha2.User"]["x-kubesphere-published-name"] == "v1alpha2.User"
    (path,) = after["paths"].values()
    assert path["get"]["responses"] == answers(ref("iam_v1alpha2.User"))


def test_a_schema_of_several_groups_is_shared_and_kubernetes_keeps_its_own() -> None:
    schemas = {
        "api.List": {"type": "object", "properties": {"m": ref("v1.Meta")}},
        "v1.Meta": OBJECT,
        "a.Unused": OBJECT,
    }

    after = named(answering(iam="api.List", tenant="api.List"), schemas)

    assert set(after["components"]["schemas"]) == {"shared.List", "kubernetes.Meta", "shared.Unused"}


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("v1alpha2.User", "User"),
        ("devops.PipelineRun.changeSet", "PipelineRunChangeSet"),
        (".latestRun.causes", "LatestRunCauses"),
        ("io.kubesphere.kubesphere.pkg.apis.devops.v1alpha1.S2iRun", "S2iRun"),
        ("v1alpha2.appHealthResponse", "AppHealthResponse"),
        ("a.Quantity", "QuantitySchema"),
        ("a.Self", "SelfSchema"),
        ("a.None", "NoneSchema"),
        ("a.1st", "N1st"),
        ("-", "Schema"),
    ],
)
def test_classes_are_short_and_can_be_classes(published: str, expected: str) -> None:
    after = named(answering(iam=published), {published: OBJECT})

    assert list(after["components"]["schemas"]) == [f"iam_v1alpha2.{expected}"]


def test_the_schema_of_the_modules_own_version_keeps_the_short_name() -> None:
    both = {"type": "object", "properties": {"a": ref("v1alpha2.Template"), "b": ref("v1beta1.Template")}}
    schemas = {"a.Both": both, "v1alpha2.Template": OBJECT, "v1beta1.Template": OBJECT}

    after = named(answering(iam="a.Both"), schemas)

    assert {"iam_v1alpha2.Template", "iam_v1alpha2.TemplateV1beta1"} < set(after["components"]["schemas"])


def test_schemas_of_several_packages_say_which() -> None:
    both = {"type": "object", "properties": {"a": ref("logging.Bucket"), "b": ref("events.Bucket")}}

    after = named(answering(iam="a.Both"), {"a.Both": both, "logging.Bucket": OBJECT, "events.Bucket": OBJECT})

    assert {"iam_v1alpha2.LoggingBucket", "iam_v1alpha2.EventsBucket"} < set(after["components"]["schemas"])


def test_nested_objects_become_schemas_of_their_own() -> None:
    outer = {"type": "object", "properties": {"spec": OBJECT, "list": {"type": "array", "items": OBJECT}}}
    paths = {
        USERS: {
            "post": operation(
                "x",
                requestBody={"content": {"application/json": {"schema": OBJECT}}},
                responses=answers(ref("a.Outer")),
            )
        }
    }

    schemas = named(paths, {"a.Outer": outer})["components"]["schemas"]

    assert set(schemas) == {f"iam_v1alpha2.{one}" for one in ("Outer", "OuterSpec", "OuterListItem", "CreateUserBody")}
    assert schemas["iam_v1alpha2.Outer"]["properties"]["spec"] == ref("iam_v1alpha2.OuterSpec")


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("apiVersion", "api_version"),
        ("_links", "links"),
        ("clusterIP", "cluster_ip"),
        ("podIPs", "pod_ips"),
        ("x-foo.bar", "x_foo_bar"),
        ("X-GitHub-Event", "github_event"),
        ("from", "from_"),
        ("$ref", "ref"),
        ("1st", "n_1st"),
        ("", "field"),
        ("ä", "a"),
    ],
)
def test_wire_names_become_snake_case(wire: str, expected: str) -> None:
    assert python_name(wire) == expected


@given(st.lists(st.text(), max_size=8))
def test_python_names_are_unique_identifiers(wires: list[str]) -> None:
    given_names = python_names(wires, reserved=frozenset(("self", "body")))

    assert set(given_names) == set(wires)
    assert len(set(given_names.values())) == len(given_names)
    for one in given_names.values():
        assert one.isidentifier()
        assert one.isascii()
        assert not keyword.iskeyword(one)
        assert not one.startswith("_")
        assert one not in ("self", "body")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[operations]\n"GET /a" = "1x"', "1x"),
        ('[operations]\n"FETCH /a" = "x"', "FETCH"),
        ('[operations]\n"GET /a" = "class"', "class"),
        ('[schemas]\n"a.B" = "Model"', "Model"),
        ("words = 1", "words"),
        ("unknown = 1", "unknown"),
        ("x =", "cannot be read"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(text)

    with pytest.raises(GeneratorError, match=said):
        load_names(tmp_path / "names.toml")
