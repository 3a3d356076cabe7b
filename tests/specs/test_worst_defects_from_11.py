"""The worst defects of the published files, 11 to 19: each is wrong in what was published, and right in ours."""

from __future__ import annotations

import re
from contextlib import suppress

import httpx
import pytest
from attrs import evolve

from kubesphere_client import BadRequestError, DecodeError, NotFoundError, ServerError, UnsupportedMediaTypeError
from kubesphere_client.models import (
    AppHealth,
    ConfigMap,
    ControllerRevision,
    GlobalRole,
    ServiceHealthResponse,
    WorkspaceRole,
)
from tests.contract.exchange import Exchange
from tests.contract.methods import bound_method
from tests.contract.values import parsed
from tests.specs.description import Description
from tests.specs.recorded import exchange_of, recorded
from tests.specs.stand_in import StandIn, query, same
from tests.specs.worst import Documents, worst

IAM = "/kapis/iam.kubesphere.io/v1alpha2"
TENANT = "/kapis/tenant.kubesphere.io/v1alpha2"
MESH = "/kapis/servicemesh.kubesphere.io/v1alpha2/namespaces"
RESOURCES = "/kapis/resources.kubesphere.io/v1alpha3"
SURVEY = "survey-ks-kapis_resources_kubesphere_io"


@worst(11, "KS-0004")
def test_the_data_of_a_secret_is_described(server: StandIn, documents: Documents) -> None:
    secret = server.plays("dev-cred-get").devops.v1alpha3.get_devops_credential("dp213ksf8s", "c1")
    assert secret.data == {"password": "Yg==", "username": "YQ=="}
    assert "Yg==" not in repr(secret)
    documents.corrected(
        Description.property_fault, "v1.Secret.data", secret.data, was="it refers to nothing: v1.Secret.data"
    )


@worst(12, "KS-0392..0394")
def test_jenkinsfiles_and_scripts_go_as_a_form(server: StandIn, documents: Documents) -> None:
    assert server.again("more-devops2-037-script-form").status == "success"
    converted = server.again("more-devops2-044-tojson")
    assert converted.data.json.pipeline.agent.type == "any"
    assert server.again("more-devops2-041-tojenkinsfile").data.jenkinsfile == "pipeline {\n  agent any\n}"
    for name in ("more-devops2-037-script-form", "more-devops2-044-tojson", "more-devops2-041-tojenkinsfile"):
        documents.corrected(_form_fault, recorded(name), was="is JSON, and no form")

    json = recorded("more-devops2-039-script-json")
    with pytest.raises(UnsupportedMediaTypeError):
        server.plays(json).request("POST", json.path, body=json.body, content_type="application/json")


def _form_fault(description: Description, exchange: Exchange) -> str | None:
    """What is wrong with what is said of a form: Swagger 2.0 says of each field where it goes (formData); what goes in
    the body is one JSON value."""
    if description.swagger is None:
        return description.request_fault(exchange)
    found = description.routes.find(exchange.method, exchange.path)
    assert found is not None
    parameters = description.swagger[found.template.path][exchange.method.lower()]["parameters"]
    in_body = [one["name"] for one in parameters if one["in"] == "body"]
    return f"what goes in {', '.join(in_body)} is JSON, and no form" if in_body else None


# What Go reads out of a query parameter that was published with a default which is none.
READ = {
    **dict.fromkeys(("page", "limit", "start", "timeOutInSecs"), "[0-9]+"),
    **dict.fromkeys(("ascending", "blocking"), "true|false"),
    **dict.fromkeys(("filters[]", "byLabels[]"), "[a-z_]+"),
    "quantiles[]": r"0(\.[0-9]+)?",
    "requestProtocol": "http|tcp|grpc",
    "sort_type": "asc|desc",
}
EMPTY = {"items": [], "totalItems": 0}


@worst(13, "KS-0206..0209 KS-0230 KS-0395..0401")
def test_a_patch_is_a_part_of_an_object_and_no_list_of_steps(server: StandIn, documents: Documents) -> None:
    # No recording has a merge patch of a role in a DevOps project; the handler is that of any namespace.
    in_devops = evolve(recorded("crud-091-role-patch"), target=f"{IAM}/devops/dp213ksf8s/roles/r1")
    recordings = ("crud-040-globalrole-patch-merge", "crud-046-clusterrole-patch-merge", "crud-091-role-patch")
    for exchange in (*map(recorded, recordings), recorded("crud-074-ws-role-patch"), in_devops):
        assert same(server.again(exchange), exchange)
        assert server.seen[0].headers["Content-Type"] == "application/merge-patch+json"
        documents.corrected(Description.request_fault, exchange, was="not application/merge-patch+json")
        as_json = evolve(exchange, headers=(("content-type", "application/json"),))
        documents.corrected(Description.request_fault, as_json, was="'rules' is a required property")
        operation = f"PATCH {exchange.path}"
        documents.corrected(Description.says, operation, "rules in it are ignored", was="does not say")
    for name in ("crud-059-ws-patch-merge", "crud-084-ns-patch-merge"):
        assert same(server.again(name), name)
        documents.corrected(_steps_fault, recorded(name), was="application/json-patch+json is offered")

    patch = {"metadata": {"annotations": {"p": "1"}}}
    role = server.plays("crud-040-globalrole-patch-merge").iam.v1alpha2.patch_global_role("g1", patch)
    assert type(role) is GlobalRole
    assert type(server.again("crud-074-ws-role-patch")) is WorkspaceRole
    documents.corrected(Description.answer_fault, recorded("crud-074-ws-role-patch"), was="'message' is a required")
    for name, error in (("crud-060-ws-patch-json", ServerError), ("crud-085-ns-patch-json", BadRequestError)):
        steps = recorded(name)
        with pytest.raises(error):
            server.plays(steps).request("PATCH", steps.path, body=steps.body, content_type=steps.media)


def _steps_fault(description: Description, exchange: Exchange) -> str | None:
    offered = description.operation(f"PATCH {exchange.path}")["requestBody"]["content"]
    found = [one for one in offered if "json-patch" in one]
    return f"{', '.join(found)} is offered" if found else description.request_fault(exchange)


@worst(
    14,
    "KS-0404 KS-0405 KS-0408 KS-0410 KS-0412 KS-0414 KS-0415 KS-0424 KS-0425 KS-0427 KS-0429 KS-0430 KS-0448 KS-0450"
    " KS-0468 KS-0471 KS-0474 KS-0477 KS-0481 KS-0483 KS-0485 KS-0487 KS-0490 KS-0493 KS-0495 KS-0498 KS-0514 KS-0516"
    " KS-0518 KS-0520 KS-0525 KS-0528..0530 KS-0536 KS-0539..0541 KS-0544 KS-0547..0549 KS-0553 KS-0556..0558",
)
def test_a_default_is_sent_by_nobody_or_is_what_the_server_reads(server: StandIn, documents: Documents) -> None:
    operations = documents.ours.operations("/kapis/")
    wrong = {
        name: [key for key in READ if "x-published-default" in documents.ours.query(name).get(key, {})]
        for name in operations
    }
    assert sum(map(len, wrong.values())) == 45
    for name in filter(wrong.__getitem__, wrong):
        for key in wrong[name]:
            documents.corrected(_default_fault, name, key, was=f"{key} would be sent as")
        ks = server.answers(lambda request: httpx.Response(200))
        with suppress(DecodeError):  # what is answered makes no difference
            bound_method(ks, operations[name]["operationId"])(*["x" for _ in range(name.count("{"))])
        assert query(server.seen[0]) == ""

    assert len(server.again("res-073-q").items) == 3
    assert query(server.seen[0]) == "limit=3&ascending=true&sortBy=name"
    server.again("more-devops2-009-run-stop-q")
    assert query(server.seen[0]) == "blocking=true&timeOutInSecs=10"
    ks = server.answers(lambda request: httpx.Response(200, json={}))
    ks.servicemesh.v1alpha2.get_app_metrics("ns1", "web", filters=["request_count", "tcp_sent"], quantiles=[0.5])
    assert query(server.seen[0]) == "filters%5B%5D=request_count&filters%5B%5D=tcp_sent&quantiles%5B%5D=0.5"


def _default_fault(description: Description, name: str, key: str) -> str | None:
    """What the server would make of nothing that is sent as the default says."""
    default = description.query(name)[key]["schema"].get("default")
    text = str(default).lower() if isinstance(default, bool) else str(default)
    fits = default is None or re.fullmatch(READ[key], text)
    return None if fits else f"{key} would be sent as {text}"


@worst(15, "KS-0454..0464 KS-0561..0568")
def test_a_list_of_users_roles_or_projects_can_be_sorted_filtered_and_paged(
    server: StandIn, documents: Documents
) -> None:
    of_workspace = f"{TENANT}/workspaces/demo-ws"
    iam = "clustermembers clusterroles devops/d/members devops/d/roles globalroles namespaces/n/members"
    iam += " namespaces/n/roles users users/u/loginrecords workspaces/w/workspacemembers workspaces/w/workspaceroles"
    lists = [
        *(f"{IAM}/{one}" for one in iam.split()),
        *(f"{TENANT}/{one}" for one in ("federatednamespaces", "namespaces", "workspaces")),
        *(f"{of_workspace}/{one}" for one in ("devops", "federatednamespaces", "namespaces")),
        *(f"{of_workspace}/workspacemembers/alice/{one}" for one in ("devops", "namespaces")),
    ]
    assert len(lists) == 19
    for path in lists:
        asked = exchange_of(f"GET {path}?page=2&limit=10&sortBy=name&ascending=true&name=a", EMPTY)
        assert server.again(asked).total_items == 0
        documents.corrected(Description.request_fault, asked, was="there is no query parameter page")

    second = "more-filters-512-workspaceroles-limit2"
    page = server.again(second)
    assert (len(page.items), page.total_items) == (1, 4)
    documents.corrected(Description.request_fault, recorded(second), was="there is no query parameter limit")


@worst(16, "KS-0517 KS-0521 KS-0604")
def test_a_filter_that_the_server_does_not_know_is_refused_before_it_empties_the_list(
    server: StandIn, documents: Documents
) -> None:
    emptied = ("res-077-q", "res-082-q", "res-099-q", "res-103-q", "res-105-q", "res-106-q", "res-107-q")
    for name in emptied:
        assert parsed(recorded(name).answer.content) == EMPTY
    ks = server.answers(lambda request: httpx.Response(200, json=EMPTY))
    lists = _lists(documents.ours)
    assert len(lists) == 22
    for name, keys in lists.items():
        call = bound_method(ks, documents.ours.operation(name)["operationId"])
        for key in ("fieldSelector", "watch", "pretty", "orderBy", "reverse", "paging", "conditions", "bogus"):
            assert key not in keys
            for keyword in (key, re.sub("([A-Z])", r"_\1", key).lower()):
                with pytest.raises(TypeError, match=keyword):
                    call(*["x" for _ in range(name.count("{"))], **{keyword: "1"})
    assert server.seen == []

    for place in ("{resources}", "namespaces/{namespace}/{resources}"):
        documents.corrected(Description.says, f"GET {RESOURCES}/{place}", "the list is empty", was="does not say")
    assert len(server.again("res-089-q").items) == 2
    documents.corrected(
        Description.request_fault, recorded("res-089-q"), was="there is no query parameter labelSelector"
    )


def _lists(description: Description) -> dict[str, set[str]]:
    """The lists that take every query key they do not know for a filter (evidence/pagination.md §2), with those they
    know."""
    keys = {name: set(description.query(name)) for name in description.operations("/kapis/")}
    return {name: known for name, known in keys.items() if {"sortBy", "ascending", "name"} <= known}


@worst(17, "KS-0246 KS-0247")
def test_a_revision_of_a_daemon_set_or_stateful_set_is_a_controller_revision(
    server: StandIn, documents: Documents
) -> None:
    name = f"{SURVEY}_v1alpha2_namespaces_namespace_statefulsets_statefulset_revisions_revision"
    revision = server.plays(name).resources.v1alpha2.get_stateful_set_revision("ns1", "sts", 1)
    assert type(revision) is ControllerRevision
    assert revision.revision == 1
    assert revision.data is not None
    assert "template" in revision.data["spec"]
    assert same(revision, name)

    of_set = recorded(name)
    # Its managed fields are another defect.
    metadata = {"name": revision.metadata.name}
    body = {**parsed(of_set.answer.content), "metadata": metadata}
    for path in (of_set.path, of_set.path.replace("statefulsets", "daemonsets")):
        answer = exchange_of(f"GET {path}", body)
        assert type(server.again(answer)) is ControllerRevision
        documents.corrected(Description.answer_fault, answer, was="nothing is said of data")


@worst(18, "KS-0252 KS-0253")
def test_one_object_is_no_list_and_a_missing_one_is_answered_with_500(server: StandIn, documents: Documents) -> None:
    found = server.plays("res-038-nsres-name").resources.v1alpha3.get_namespaced_resource("ns1", "configmaps", "cm01")
    assert type(found) is ConfigMap
    assert found.metadata.name == "cm01"
    assert same(found, "res-038-nsres-name")
    documents.corrected(Description.answer_fault, recorded("res-038-nsres-name"), was="'items' is a required property")

    with pytest.raises(NotFoundError, match='configmap "zzz" not found') as error:
        server.again("res-039-nsres-name-missing")
    assert (error.value.status_code, error.value.read_as) == (500, 404)
    documents.corrected(
        Description.says, f"GET {recorded('res-039-nsres-name-missing').path}", "500", was="does not say"
    )

    assert server.again("res-030-node").metadata.name == "node1"
    documents.corrected(Description.answer_fault, recorded("res-030-node"), was="nothing is said of the body")


@worst(19, "KS-0149 KS-0312 KS-0523 KS-0535")
def test_the_health_of_a_namespace_is_a_map_and_must_be_asked_for_by_type(
    server: StandIn, documents: Documents
) -> None:
    # No Istio was there to record; the fields are those of vendor/github.com/kiali/kiali/models/health.go.
    rates = {"errorRatio": -1, "inboundErrorRatio": -1, "outboundErrorRatio": -1}
    status = {"name": "web-v1", "replicas": 1, "available": 1}
    health = exchange_of(f"GET {MESH}/ns1/health?type=app", {"web": {"workloadStatuses": [status], "requests": rates}})
    apps = server.plays(health).servicemesh.v1alpha2.get_namespace_health("ns1")
    assert type(apps["web"]) is AppHealth
    assert same(apps, health)
    documents.corrected(Description.request_fault, health, was="there is no query parameter type")
    documents.corrected(Description.answer_fault, health, was="'NamespaceAppHealth' is a required property")

    of_services = exchange_of(f"GET {MESH}/ns1/health?type=service", {"web": {"requests": rates}})
    services = server.plays(of_services).servicemesh.v1alpha2.get_namespace_service_health("ns1")
    assert type(services["web"]) is ServiceHealthResponse

    graph = exchange_of(f"GET {MESH}/graph?namespaces=ns1%2Cns2", {"timestamp": 1, "duration": 60, "graphType": "app"})
    server.plays(graph).servicemesh.v1alpha2.get_multi_namespace_graph(namespaces=["ns1", "ns2"])
    assert query(server.seen[0]) == "namespaces=ns1%2Cns2"
    documents.corrected(Description.request_fault, graph, was="there is no query parameter namespaces")
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument"):
        server.ks.servicemesh.v1alpha2.get_multi_namespace_graph()  # type: ignore[call-arg]  # what is tested
