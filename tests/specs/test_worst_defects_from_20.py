"""The worst defects of the published files, 20 to 25: each is wrong in what was published, and right in ours."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from generator.lookup import NotFoundError, steps
from kubesphere_client import DecodeError
from kubesphere_client import NotFoundError as NoSuchObjectError
from kubesphere_client.models import PipelineBranchItem
from tests.specs.description import Description
from tests.specs.recorded import exchange_of, recorded
from tests.specs.stand_in import StandIn, query, same
from tests.specs.worst import Documents, worst

DEVOPS = "/kapis/devops.kubesphere.io/v1alpha2"
PIPELINE = f"{DEVOPS}/devops/d/pipelines/p"
RUNS, BRANCH = f"{PIPELINE}/runs", f"{PIPELINE}/branches/b"
LINK = {"_class": "io.jenkins.blueocean.rest.hal.Link", "href": "/blue/rest/"}
# What was lost of each answer: the links and flags of structs whose names others have too (KS-0324 to KS-0340).
LOST: dict[str, tuple[str, Any]] = {
    f"GET {BRANCH}": ("latestRun._links.prevRun", LINK),
    f"GET {RUNS}": ("items[]._links.artifacts", LINK),
    **{
        f"{method} {runs}{run}": (way, LINK)
        for runs in (RUNS, f"{BRANCH}/runs")
        for method, run, way in (
            ("POST", "", "_links.log"),
            ("GET", "/1", "_links.nodes"),
            ("GET", "/1/nodes", "[]._links.steps"),
            ("GET", "/1/nodesdetail", "[]._links.steps"),
            ("POST", "/1/replay", "_links.tests"),
            ("POST", "/1/stop", "_links.blueTestSummary"),
        )
    },
    f"GET {DEVOPS}/scms/github/organizations?credentialId=c": ("[]._links.repositories", LINK),
    f"GET {DEVOPS}/scms/github/organizations/o/repositories?credentialId=c&pageNumber=1&pageSize=10": (
        "repositories.items[].permissions",
        {"admin": False, "pull": True, "push": False},
    ),
}


@worst(20, "KS-0007..0026 KS-0148 KS-0305 KS-0324..0340")
def test_links_permissions_and_converted_pipelines_are_not_lost(server: StandIn, documents: Documents) -> None:
    converted = "more-devops2-044-tojson"
    assert len(LOST) + len([converted]) == 17
    for name, (way, value) in LOST.items():
        answer = _nested(steps(way) or (), value)
        sent: dict[str, Any] | None = {} if name.endswith("/runs") and name.startswith("POST") else None
        exchange = exchange_of(name, {**answer, "totalItems": 1} if way.startswith("items") else answer, sent=sent)
        assert same(server.again(exchange), exchange)
        documents.corrected(Description.answer_fault, exchange, was=way.replace("[]", "[0]"))

    run = server.again("more-devops2-001-run")
    assert run.links.parent is not None
    assert run.links.self_.href == "/blue/rest/organizations/jenkins/pipelines/x/runs/2/"
    documents.corrected(Description.answer_fault, recorded("more-devops2-001-run"), was="is said of _links.parent")
    assert server.again(converted).data.json.pipeline.agent.type == "any"
    documents.corrected(Description.answer_fault, recorded(converted), was="nothing is said of data.json")

    branch = {"displayName": "main", "latestRun": {"_links": {"log": LINK}}}
    branches = exchange_of(f"GET {PIPELINE}/branches", [branch])
    assert [type(one) for one in server.again(branches)] == [PipelineBranchItem]
    documents.corrected(_missing, f"GET {PIPELINE}/branches", "[].displayName", was="there is no [].displayName")
    documents.corrected(_missing, f"GET {PIPELINE}/branches", "[].latestRun._links.log.href", was="there is no []")


def _nested(way: tuple[str, ...], value: Any) -> Any:
    """A value with all that leads to it."""
    if not way:
        return value
    inner = _nested(way[1:], value)
    return [inner] if way[0] == "[]" else {way[0]: inner}


def _missing(description: Description, name: str, way: str) -> str | None:
    """Which property of an answer is not described."""
    try:
        description.lookup.property(description.lookup.response(description.operation(name)), steps(way) or ())
    except NotFoundError as missing:
        return str(missing)
    return None


NAMESPACED = {
    "devops.kubesphere.io/v1alpha1": ("s2ibinaries", "s2ibuilders", "s2iruns"),
    "devops.kubesphere.io/v1alpha3": ("pipelines",),
    "network.kubesphere.io/v1alpha1": ("namespacenetworkpolicies",),
}


@worst(
    21,
    "CRD-0700..0705 CRD-0707 CRD-0709 CRD-0711 CRD-0715..0720 CRD-0722..0724 CRD-0732..0737 CRD-0739..0741 CRD-0745"
    " CRD-0749 CRD-0755 CRD-0763..0768 CRD-0770 CRD-0772 CRD-0774 CRD-0781 CRD-0785..0790 CRD-0792 CRD-0794 CRD-0796"
    " CRD-0801",
)
def test_a_namespaced_custom_resource_is_addressed_in_its_namespace(server: StandIn, documents: Documents) -> None:
    documents.corrected(_outside, was="50 operations need a namespace and have none")
    for group, plurals in NAMESPACED.items():
        for plural in plurals:
            inside = f"/apis/{group}/namespaces/{{namespace}}/{plural}"
            for name in (f"GET {inside}", f"POST {inside}", f"DELETE {inside}"):
                documents.corrected(Description.without, name, was="there is no operation")
            for method in ("GET", "PUT", "PATCH", "DELETE"):
                documents.corrected(Description.without, f"{method} {inside}/{{name}}", was="there is no operation")

    created = server.again("crd-065-s2i-ns-create")
    assert (created.metadata.namespace, created.metadata.name) == ("ns1", "s1")
    for name in (
        "more-crs-026-s2ibuilders-replace",
        "more-crs-048-s2iruns-merge-patch",
        "more-crs-077-namespacenetworkpolicies-get",
        "more-crs-104-pipelines-delete",
    ):
        assert same(server.again(name), name)
    for name in ("crd-064-s2i-nsless-create", "crd-069-pipelines-nsless-get"):
        outside = recorded(name)
        with pytest.raises(NoSuchObjectError):
            server.plays(outside).request(
                outside.method, outside.path, body=outside.body, content_type=outside.media or None
            )


def _outside(description: Description) -> str | None:
    """The operations of namespaced kinds, but for lists over all namespaces, that no namespace is given to."""
    plurals = "|".join(plural for names in NAMESPACED.values() for plural in names)
    address = re.compile(rf"(\w+) /apis/[^/]+/\w+/(watch/)?({plurals})(?P<object>/.+)?")
    matches = filter(None, map(address.fullmatch, description.operations("/apis/")))
    found = [one for one in matches if one["object"] or one[1] != "GET"]
    return f"{len(found)} operations need a namespace and have none" if found else None


@worst(
    22,
    "CRD-0689 CRD-0690 CRD-0692..0694 CRD-0698 CRD-0708 CRD-0710 CRD-0712 CRD-0727..0729 CRD-0758..0760 CRD-0771"
    " CRD-0773 CRD-0775 CRD-0783 CRD-0793 CRD-0795 CRD-0797 CRD-0803 CRD-0807..0809",
)
def test_what_the_server_answers_with_404_is_no_operation(server: StandIn, documents: Documents) -> None:
    documents.corrected(_statuses, was="21 operations on a status that is no resource of its own")
    groups = ("cluster", "devops", "network", "tenant")
    documents.corrected(_groups, was=", ".join(["/apis/", *(f"/apis/{group}.kubesphere.io/" for group in groups)]))
    survey = "survey-crd-apis_"
    refused = (
        "survey-crd-apis",
        f"{survey}cluster_kubesphere_io_v1alpha1_clusters_name_status",
        f"{survey}devops_kubesphere_io_v1alpha1_s2ibinaries_name_status",
        f"{survey}devops_kubesphere_io_v1alpha3_devopsprojects_name_status",
        f"{survey}devops_kubesphere_io_v1alpha3_pipelines_name_status",
        f"{survey}network_kubesphere_io_v1alpha1_namespacenetworkpolicies_name_status",
        f"{survey}tenant_kubesphere_io_v1alpha1_workspaces_name_status",
        f"{survey}tenant_kubesphere_io",
    )
    for name in refused:
        with pytest.raises(NoSuchObjectError):
            server.plays(name).request("GET", recorded(name).path)
        documents.corrected(_described, f"GET {recorded(name).path}", was="is described")
    assert {"get_cluster", "get_cluster_status"} & set(dir(server.ks.crd.cluster.v1alpha1)) == {"get_cluster"}
    assert same(server.again("more-crs-050-s2iruns-status-get"), "more-crs-050-s2iruns-status-get")


def _described(description: Description, name: str) -> str | None:
    return f"{name} is described" if description.operation(name) else None


# The kinds without a status subresource, as discovery has them (evidence/custom_resources.json).
WITHOUT_STATUS = (
    "clusters devopsprojects namespacenetworkpolicies pipelines s2ibinaries s2ibuildertemplates workspaces".split()
)


def _statuses(description: Description) -> str | None:
    address = re.compile(rf"\w+ /apis/.+/({'|'.join(WITHOUT_STATUS)})/\{{name\}}/status")
    found = list(filter(address.fullmatch, description.operations("/apis/")))
    return f"{len(found)} operations on a status that is no resource of its own" if found else None


def _groups(description: Description) -> str | None:
    paths = [name.partition(" ")[2] for name in description.operations("/apis/")]
    return ", ".join(sorted(path for path in paths if path.strip("/").count("/") < 2)) or None


OUTSIDE_THE_FILES = (
    "POST /oauth/token",
    "GET /oauth/authorize",
    "POST /oauth/authenticate",
    "GET /oauth/callback/{callback}",
    "POST /kapis/iam.kubesphere.io/v1alpha2/login",
    "GET /kapis/version",
    "GET /kapis/config.kubesphere.io/v1alpha2/configs/configz",
    "GET /kapis/config.kubesphere.io/v1alpha2/configs/oauth",
    "POST /kapis/cluster.kubesphere.io/v1alpha1/clusters/validation",
    "GET /kapis/cluster.kubesphere.io/v1alpha1/clusters/{cluster}/agent/deployment",
    f"PUT {DEVOPS}/namespaces/{{namespace}}/s2ibinaries/{{s2ibinary}}/file",
    f"GET {DEVOPS}/namespaces/{{namespace}}/s2ibinaries/{{s2ibinary}}/file/{{file}}",
    f"GET {DEVOPS}/devops/{{devops}}/pipelines/{{pipeline}}/sonarstatus",
    f"GET {DEVOPS}/devops/{{devops}}/pipelines/{{pipeline}}/branches/{{branch}}/sonarstatus",
    *(
        f"{method} /kapis/{proxy}.kubesphere.io/{{path}}"
        for proxy in ("alerting", "notification")
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
    ),
)


@worst(23, "KS-0605..0688")
def test_what_the_files_leave_out_can_be_called(server: StandIn, documents: Documents) -> None:
    store = list(documents.ours.operations("/kapis/openpitrix.io/v1/"))
    assert (len(store), len(OUTSIDE_THE_FILES)) == (60, 24)
    for name in (*OUTSIDE_THE_FILES, *store):
        documents.corrected(Description.without, name, was="there is no operation")

    token = server.plays("oauth-01-password-form-right").oauth.issue_token(
        {"grant_type": "password", "username": "admin", "password": "P@88w0rd"}
    )
    assert (token.access_token, token.expires_in) == ("token-011", 7200)
    assert "Authorization" not in server.seen[0].headers
    assert server.plays("res-053-noauth-version").platform.get_version().git_version == "v3.0.0-release-3.0"
    assert server.plays("res-055-noauth-configz").platform.get_enabled_components()["devops"] is False
    apps = exchange_of(
        "GET /kapis/openpitrix.io/v1/apps?paging=limit%3D1%2Cpage%3D1", {"items": [{"app_id": "a"}], "total_count": 2}
    )
    assert server.again(apps).items[0].app_id == "a"
    cluster = exchange_of("POST /kapis/cluster.kubesphere.io/v1alpha1/clusters/validation", sent={"spec": {}})
    assert server.again(cluster) is None

    ks = server.answers(_behind)
    for proxy in (ks.alerting, ks.notification):
        assert proxy.request("POST", "v1/rules", body={"name": "r"}).content == b'{"name":"r"}'
    uploaded = ks.devops.v1alpha2.upload_s2i_binary("ns1", "s1", {"md5": "0", "s2ibinary": ("app.jar", b"PK")})
    assert uploaded.metadata.name == "s1"
    assert server.seen[-1].headers["Content-Type"].startswith("multipart/form-data")
    assert ks.devops.v1alpha2.download_s2i_binary("ns1", "s1", "app.jar") == b"PK"
    assert server.seen[-2].url.path == f"{DEVOPS}/namespaces/ns1/s2ibinaries/s1/file/app.jar"
    assert server.seen[-1].url == "http://s3.test/app.jar"
    assert "Authorization" not in server.seen[-1].headers


def _behind(request: httpx.Request) -> httpx.Response:
    """What stands behind the server: a proxied component that sends back what it gets, and a store of files."""
    if request.url.host == "s3.test":
        return httpx.Response(200, content=b"PK")
    if request.method == "PUT":
        return httpx.Response(200, json={"metadata": {"name": "s1"}})
    if "/s2ibinaries/" in request.url.path:
        return httpx.Response(302, headers={"Location": "http://s3.test/app.jar"})
    return httpx.Response(200, content=request.content)


@worst(24, "KS-0320 KS-0321 KS-0499 KS-0500 KS-0569")
def test_the_topology_of_a_network_is_not_offered_and_a_terminal_takes_a_container_and_a_shell(
    server: StandIn, documents: Documents
) -> None:
    for place in ("topology", "topology_node_id"):
        name = f"survey-ks-kapis_network_kubesphere_io_v1alpha2_namespaces_namespace_{place}"
        with pytest.raises(NoSuchObjectError):
            server.plays(name).request("GET", recorded(name).path)
        documents.corrected(_described, f"GET {recorded(name).path}", was="is described")
    assert not hasattr(server.ks, "network")

    terminal = recorded("proxy-053-terminal-ws")
    # The recorded handshake, whose answer is not the one to the client's own.
    upgrade = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    opened = server.plays(terminal).terminal.v1alpha2.connect_pod_terminal(
        "ns1", "pod1", container="c", shell="sh", extra_headers=upgrade
    )
    with pytest.raises(DecodeError, match="opens no WebSocket"), opened:
        pass
    assert query(server.seen[0]) == "container=c&shell=sh"
    documents.corrected(Description.request_fault, terminal, was="there is no query parameter container")
    documents.corrected(Description.answer_fault, terminal, was="an answer of status 101 is not described")


@worst(25, "KS-0242 KS-0248 KS-0249")
def test_what_is_no_json_is_not_read_as_json(server: StandIn, documents: Documents) -> None:
    credential = {"serverhost": "127.0.0.1:1", "username": "a", "password": "b"}
    verify = exchange_of(f"POST {recorded('dev-registry-verify').path}", sent=credential)
    assert server.again(verify) is None
    documents.corrected(Description.answer_fault, verify, was="application/json is described, and nothing was sent")

    kubeconfig = "survey-ks-kapis_resources_kubesphere_io_v1alpha2_users_user_kubeconfig"
    assert server.again(kubeconfig).startswith("apiVersion: v1\nclusters:\n")
    # Whoever asks for JSON gets YAML all the same (recording odd-051-accept-kc-json).
    documents.corrected(_json_fault, f"GET {recorded(kubeconfig).path}", was="application/json is described")

    export = "GET /kapis/tenant.kubesphere.io/v1alpha2/logs?operation=export"
    logs = exchange_of(export, "a line\nanother\n", media="text/plain")
    assert server.plays(logs).tenant.v1alpha2.export_logs() == "a line\nanother\n"
    documents.corrected(Description.answer_fault, logs, was="it is application/json, not text/plain")
    assert server.again("dev-logs_operation_export") == ""


def _json_fault(description: Description, name: str) -> str | None:
    """The JSON among the media types of an answer that is none."""
    content = description.operation(name)["responses"]["200"]["content"]
    return next((f"{media} is described" for media in content if "json" in media), None)
