"""The worst defects of the published files, 1 to 10: each is wrong in what was published, and right in ours."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from attrs import evolve

from generator.lookup import steps
from kubesphere_client import APIConnectionError, BadRequestError, NotAcceptableError, Quantity
from kubesphere_client.models import (
    ClusterRole,
    DevOpsProject,
    Event,
    GlobalRole,
    Message,
    Namespace,
    ObjectMeta,
    Pipeline,
    ResourceRequirements,
    Role,
    Secret,
    WorkspaceRole,
    WorkspaceTemplate,
)
from tests.contract.exchange import Exchange
from tests.contract.methods import bound_method
from tests.contract.values import parsed
from tests.specs.description import Description, filled
from tests.specs.recorded import exchange_of, recorded
from tests.specs.stand_in import StandIn, same
from tests.specs.worst import Documents, worst

DEVOPS = "/kapis/devops.kubesphere.io/v1alpha2"
PIPELINE = f"{DEVOPS}/devops/{{devops}}/pipelines/{{pipeline}}"
RUN = f"{PIPELINE}/runs/{{run}}"
BRANCH_RUN = f"{PIPELINE}/branches/{{branch}}/runs/{{run}}"
STEP = "nodes/{node}/steps/{step}"
# The operations that answer with a text of Jenkins, and what they are called with beside their path.
TEXTS: dict[str, dict[str, Any]] = {
    f"GET {RUN}/log": {},
    f"GET {RUN}/{STEP}/log": {},
    f"GET {BRANCH_RUN}/log": {},
    f"GET {BRANCH_RUN}/{STEP}/log": {},
    f"GET {PIPELINE}/consolelog": {},
    f"POST {PIPELINE}/scan": {},
    f"POST {RUN}/{STEP}": {"body": {"id": "Abc", "abort": True}},
    f"POST {BRANCH_RUN}/{STEP}": {"body": {"id": "Abc", "abort": True}},
    f"GET {DEVOPS}/webhook/git": {"url": "http://git.test/x.git"},
    f"POST {DEVOPS}/webhook/git": {"url": "http://git.test/x.git", "body": {}},
}
SURVEY = "survey-ks-kapis_"


def jenkins_text(request: httpx.Request) -> httpx.Response:
    """A text as go-restful gives it: it takes the parameters off what is accepted, and leaves them on what is produced
    (evidence/auth.md §10; recordings more-devops2-026 and more-devops2-011)."""
    accepted = (one.partition(";")[0].strip() for one in request.headers["Accept"].split(","))
    if "*/*" not in accepted:
        return httpx.Response(406, text="406: Not Acceptable")
    return httpx.Response(200, text="[Pipeline] Start of Pipeline\n")


@worst(1, "KS-0294..0303 KS-0409 KS-0411 KS-0413 KS-0418 KS-0425 KS-0426 KS-0428 KS-0432 KS-0445 KS-0447")
def test_logs_are_refused_to_whoever_asks_for_the_media_type_that_is_published(
    server: StandIn, documents: Documents
) -> None:
    ks = server.answers(jenkins_text)
    for name, keywords in TEXTS.items():
        method, _, path = name.partition(" ")
        call = bound_method(ks, documents.ours.operation(name)["operationId"])
        text = call(*["x" for _ in range(path.count("{"))], **keywords)
        assert text == "[Pipeline] Start of Pipeline\n"

        media = "text/html" if path.endswith("/scan") else "text/plain"
        answer = exchange_of(f"{method} {filled(path)}", text, media=f"{media}; charset=utf-8")
        documents.corrected(Description.answer_fault, answer, was="nothing is said of the body")
        documents.corrected(Description.says, name, "406", was="does not say '406'")
        if documents.published is not None:
            produced = documents.published.operation(name)["responses"]["200"]["x-produces"]
            with pytest.raises(NotAcceptableError):
                ks.request(method, filled(path), headers={"Accept": ", ".join(produced)})

    assert server.again("more-devops2b-001-webhook-git-application_json") == "No git jobs found\n"


def replacing(name: str) -> Exchange:
    """An object put back as it was got, and the answer: the object (KS-0288, KS-0292). No recording has a success for a
    pipeline or a project."""
    got = recorded(name)
    return evolve(got, method="PUT", headers=(("content-type", "application/json"),), body=got.answer.content)


@worst(2, "KS-0282..0293")
def test_a_devops_object_is_answered_as_one_object_and_not_as_an_array(server: StandIn, documents: Documents) -> None:
    answers: dict[type, tuple[Exchange | str, ...]] = {
        Pipeline: ("crd-012-pl-create", "crd-016-pl-get", replacing("crd-016-pl-get")),
        Secret: ("dev-cred-create-annot", "dev-cred-get", "more-devops3-021-cred-put"),
        DevOpsProject: ("crd-005-dp-create-generate", "crd-007-dp-get", replacing("crd-007-dp-get")),
        Message: (
            "more-devops3-013-pipeline-delete",
            "more-devops3-026-cred-delete",
            "more-devops3-050-project-delete",
        ),
    }
    for kind, exchanges in answers.items():
        for one in exchanges:
            result = server.again(one)
            assert type(result) is kind
            assert same(result, one)
            exchange = recorded(one) if isinstance(one, str) else one
            documents.corrected(Description.answer_fault, exchange, was="is not of type 'array'")

    assert server.again("crd-016-pl-get").spec.pipeline.jenkinsfile == "pipeline { agent any }"
    assert server.again("more-devops3-013-pipeline-delete").message == "success"


@worst(3, "KS-0380..0389")
def test_what_is_created_replaced_or_verified_is_sent_in_a_body(server: StandIn, documents: Documents) -> None:
    bodies = (
        *map(recorded, ("crd-012-pl-create", "dev-cred-create-annot", "crd-005-dp-create-generate")),
        *map(replacing, ("crd-016-pl-get", "crd-007-dp-get")),
        recorded("more-devops3-021-cred-put"),
        # The stand-in for the server had no router and no GitHub; what is sent is all the same.
        evolve(recorded("more-misc-017-router-post-notemplate"), answer=exchange_of("", {}).answer),
        evolve(recorded("more-misc-020-router-put"), answer=exchange_of("", {}).answer),
        exchange_of(f"POST {DEVOPS}/scms/github/verify", {"credentialId": "github"}, sent={"accessToken": "x"}),
        recorded("more-devops2-056-webhook-github"),
    )
    for exchange in bodies:
        server.again(exchange)
        assert parsed(server.seen[0].content) == parsed(exchange.body or b"")
        documents.corrected(Description.request_fault, exchange, was="it takes no body")

    project = "POST /kapis/devops.kubesphere.io/v1alpha3/workspaces/{workspace}/devops"
    documents.corrected(Description.says, project, "metadata.generateName", was="does not say")
    ks = server.plays("crd-004-dp-create-dup")
    named = DevOpsProject(metadata=ObjectMeta(name="dp1", labels={"kubesphere.io/workspace": "demo-ws"}))
    with pytest.raises(BadRequestError, match="generateName is required"):
        ks.devops.v1alpha3.create_workspace_devops_project("demo-ws", named)

    credential = "POST /kapis/devops.kubesphere.io/v1alpha3/devops/{devops}/credentials"
    documents.corrected(Description.says, credential, "metadata.annotations", was="does not say")
    with pytest.raises(APIConnectionError):
        server.again("crd-019-cred-create")
    assert len(server.seen) == 1


@worst(4, "KS-0238")
def test_the_list_of_workspaces_says_its_total_as_totalitems(server: StandIn, documents: Documents) -> None:
    workspaces = f"{SURVEY}tenant_kubesphere_io_v1alpha2_workspaces"
    page = server.plays(workspaces).tenant.v1alpha2.list_workspaces()
    assert page.total_items == 2
    assert [type(one) for one in page.items] == [WorkspaceTemplate, WorkspaceTemplate]
    assert page.items[0].metadata.name == "demo-ws"
    documents.corrected(Description.answer_fault, recorded(workspaces), was="'total_count' is a required property")


@worst(5, "KS-0239 KS-0240 KS-0390 KS-0391")
def test_the_projects_of_a_workspace_member_are_listed_without_a_body(server: StandIn, documents: Documents) -> None:
    member = f"{SURVEY}tenant_kubesphere_io_v1alpha2_workspaces_workspace_workspacemembers_workspacemember"
    devops, found = recorded(f"{member}_devops"), recorded("more-filter-438-wsmember-namespaces-name-hit")
    for exchange, kind, name in ((devops, DevOpsProject, "dp213ksf8s"), (found, Namespace, "afterrestart")):
        page = server.again(exchange)
        assert server.seen[0].content == b""
        assert type(page.items[0]) is kind
        assert page.items[0].metadata.name == name
        assert same(page, exchange)
        documents.corrected(Description.answer_fault, exchange, was="nothing is said of items")
        documents.corrected(Description.request_fault, evolve(exchange, target=exchange.path), was="a body is demanded")


@worst(6, "KS-0225..0229")
def test_the_role_templates_of_a_user_are_an_array(server: StandIn, documents: Documents) -> None:
    iam = f"{SURVEY}iam_kubesphere_io_v1alpha2"
    lists = {
        f"{iam}_users_user_globalroles": GlobalRole,
        f"{iam}_clustermembers_clustermember_clusterroles": ClusterRole,
        f"{iam}_workspaces_workspace_workspacemembers_workspacemember_workspaceroles": WorkspaceRole,
        f"{iam}_namespaces_namespace_members_member_roles": Role,
    }
    for name, kind in lists.items():
        roles = server.again(name)
        assert {type(role) for role in roles} == {kind}
        assert same(roles, name)
        documents.corrected(Description.answer_fault, recorded(name), was="is not of type 'object'")

    none = f"{iam}_devops_devops_members_member_roles"
    assert server.again(none) == []
    documents.corrected(Description.answer_fault, recorded(none), was="[] is not of type 'object'")


@worst(7, "KS-0027 KS-0241")
def test_audit_events_are_no_events_of_kubernetes(server: StandIn, documents: Documents) -> None:
    # The Elasticsearch behind the recordings was empty. A record is what was stored there, whatever its fields are
    # (auditing.Event in evidence/true_types.json).
    record = {"Workspace": "demo-ws", "Verb": "create", "User": {"Username": "admin"}, "Message": "created"}
    tenant = "/kapis/tenant.kubesphere.io/v1alpha2"
    audit = exchange_of(f"GET {tenant}/auditing/events", {"query": {"total": 1, "records": [record]}})
    result = server.plays(audit).tenant.v1alpha2.query_audit_events()
    assert result.query is not None
    assert result.query.total == 1
    assert result.query.records is not None
    assert result.query.records[0]["User"]["Username"] == "admin"
    assert same(result, audit)
    documents.corrected(Description.answer_fault, audit, was="'metadata' is a required property")

    event = {"metadata": {"name": "web.1"}, "involvedObject": {"kind": "Pod"}, "reason": "Killing"}
    needed = {"reportingComponent": "", "reportingInstance": ""}
    events = exchange_of(f"GET {tenant}/events", {"query": {"total": 1, "records": [{**event, **needed}]}})
    other = server.plays(events).tenant.v1alpha2.query_events()
    assert other.query is not None
    assert other.query.records is not None
    assert type(other.query.records[0]) is Event

    empty = "more-es-042-auditing-events-objectref_namespace_filter"
    assert same(server.again(empty), empty)
    documents.corrected(Description.answer_fault, recorded(empty), was="None is not of type 'array'")


@worst(8, "KS-0028 KS-0254")
def test_the_metadata_of_metrics_does_not_contain_itself(server: StandIn, documents: Documents) -> None:
    name = f"{SURVEY}monitoring_kubesphere_io_v1alpha3_namespaces_namespace_targets_metadata"
    assert same(server.again(name), name)
    documents.corrected(Description.answer_fault, recorded(name), was="None is not of type 'array'")

    # The server that was recorded had no targets; the fields are those of pkg/simple/client/monitoring/types.go:31.
    metric = {"metric": "up", "type": "gauge", "help": "Whether the target is there."}
    filled_in = exchange_of(f"GET {recorded(name).path}", {"data": [metric]})
    metadata = server.plays(filled_in).monitoring.v1alpha3.list_metric_metadata("ns1")
    assert metadata.data is not None
    assert (metadata.data[0].metric, metadata.data[0].type) == ("up", "gauge")
    documents.corrected(Description.answer_fault, filled_in, was="'data' is a required property")


@worst(9, "KS-0064 KS-0066 KS-0069")
def test_a_metric_point_is_a_time_and_a_value(server: StandIn, documents: Documents) -> None:
    monitoring = f"{SURVEY}monitoring_kubesphere_io_v1alpha3"
    metrics = server.plays(f"{monitoring}_kubesphere").monitoring.v1alpha3.get_kubesphere_metrics()
    points = {one.metric_name: one.data.result[0].value for one in metrics.results or () if one.data.result}
    assert points["kubesphere_user_count"] == (1795479175, "4")
    documents.corrected(Description.answer_fault, recorded(f"{monitoring}_kubesphere"), was="is not of type 'string'")

    at_one_time = {"resultType": "vector", "result": [{"metric": {"node": "a"}, "value": [1795479175.5, "NaN"]}]}
    over_time = {"resultType": "matrix", "result": [{"metric": {"node": "a"}, "values": [[1795479175.5, "+Inf"]]}]}
    operations = documents.ours.operations("/kapis/monitoring.kubesphere.io")
    asked = [name for name in operations if not name.endswith(("/metadata", "/labelsets"))]
    assert len(asked) == 23
    for name in asked:
        for data, was in ((at_one_time, "'NaN'] is not of type 'string'"), (over_time, "a point can be anything")):
            documents.corrected(_point_fault, name, data, was=was)

    def ranged(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"results": [{"metric_name": "up", "data": over_time}]})

    found = server.answers(ranged).monitoring.v1alpha3.get_cluster_metrics(start=1795479175, end=1795479176)
    assert found.results is not None
    assert found.results[0].data.result is not None
    assert found.results[0].data.result[0].values == [(1795479175.5, "+Inf")]


def _point_fault(description: Description, name: str, data: Any) -> str | None:
    """What is wrong with what is said of the points in an answer."""
    method, _, path = name.partition(" ")
    metric, way = {"metric_name": "up", "data": data}, "data.result[].values[]"
    answer, way = (metric, way) if path.endswith("/query") else ({"results": [metric]}, f"results[].{way}")
    fault = description.answer_fault(exchange_of(f"{method} {filled(path)}", answer))
    described = description.lookup.response(description.operation(name))
    point = description.lookup.resolved(description.lookup.property(described, steps(way) or ()))
    return fault or (None if "prefixItems" in point else "a point can be anything")


@worst(10, "KS-0102 KS-0104 KS-0108..0111 KS-0138..0143")
def test_a_quantity_is_text(server: StandIn, documents: Documents) -> None:
    quotas = f"{SURVEY}resources_kubesphere_io_v1alpha2_namespaces_namespace_quotas"
    quota = server.plays(quotas).resources.v1alpha2.get_namespace_quota("ns1")
    assert quota.data is not None
    assert quota.data.hard is not None
    assert type(quota.data.hard["pods"]) is Quantity
    assert quota.data.hard["pods"] == "10"
    assert same(quota, quotas)
    documents.corrected(Description.answer_fault, recorded(quotas), was="is not of type 'object'")

    cpu = ResourceRequirements.from_dict({"limits": {"cpu": "500m"}}).limits
    assert cpu is not None
    assert cpu["cpu"].to_decimal() == Quantity("0.5").to_decimal()
    for name in (
        "v1.PersistentVolumeClaimStatus.capacity",
        "v1.PodSpec.overhead",
        "v1.ResourceQuotaStatus.hard",
        "v1.ResourceQuotaStatus.used",
        "v1.ResourceRequirements.limits",
        "v1.ResourceRequirements.requests",
    ):
        documents.corrected(Description.property_fault, name, {"cpu": "500m"}, was="'500m' is not of type 'object'")
