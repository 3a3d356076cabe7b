"""`/kapis/tenant.kubesphere.io` and `/kapis/devops.kubesphere.io/v1alpha3`: workspaces and what is in them."""

from __future__ import annotations

import json

from kubesphere_client.testing._controllers import WORKSPACE_LABEL
from kubesphere_client.testing._crud import Collection, Unreadable, object_in
from kubesphere_client.testing._kinds import KINDS
from kubesphere_client.testing._listing import family_a, paged
from kubesphere_client.testing._messages import DROPPED, Answer, JsonObject, data, refusal
from kubesphere_client.testing._routes import Routes
from kubesphere_client.testing._selectors import labels_of
from kubesphere_client.testing._site import Call

_TENANT = "/kapis/tenant.kubesphere.io/v1alpha2"
_DEVOPS = "/kapis/devops.kubesphere.io/v1alpha3"


def _refuse_array(call: Call) -> Answer:
    """A JSON patch of a workspace passes the handler and fails behind it (recording crud-060)."""
    shown = json.dumps(call.request.body.decode("utf-8", "replace"))
    expected = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
    problem = (
        f"couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type {expected}"
    )
    return refusal(500, f' "" is invalid: patch: Invalid value: {shown}: {problem}')


_WORKSPACES = Collection(
    KINDS["workspacetemplates"], "v1alpha2.WorkspaceTemplate", duplicate=400, array_patch=_refuse_array
)
_NAMESPACES = Collection(
    KINDS["namespaces"],
    "v1.Namespace",
    duplicate=400,
    versioned=False,
    scope=WORKSPACE_LABEL,
    looked_up=True,
    always=("spec", "status"),
)
_PROJECTS = Collection(
    KINDS["devopsprojects"],
    "v1alpha3.DevOpsProject",
    duplicate=400,
    stale=400,
    scope=WORKSPACE_LABEL,
    patches=False,
    always=("spec", "status"),
)
_PIPELINES = Collection(
    KINDS["pipelines"], "v1alpha3.Pipeline", duplicate=400, stale=400, patches=False, always=("status",)
)
_CREDENTIALS = Collection(KINDS["secrets"], "v1.Secret", duplicate=400, stale=400, versioned=False, patches=False)


def routes() -> Routes:
    table = Routes()
    workspace = f"{_TENANT}/workspaces/{{workspace}}"
    table.add("GET", f"{_TENANT}/clusters", _clusters)
    table.add("GET", f"{_TENANT}/namespaces", _NAMESPACES.page)
    table.add("GET", f"{workspace}/clusters", _clusters)
    table.add("GET", f"{workspace}/devops", _PROJECTS.page)
    member = f"{workspace}/workspacemembers/{{member}}"
    table.add("GET", f"{member}/namespaces", _of_member)
    table.add("GET", f"{member}/devops", _projects_of_member)
    projects = f"{_DEVOPS}/workspaces/{{workspace}}/devops"
    table.add("GET", projects, _list_projects)
    table.add("POST", projects, _create_project)
    pipelines = f"{_DEVOPS}/devops/{{namespace}}/pipelines"
    table.add("GET", pipelines, _list_pipelines)
    credentials = f"{_DEVOPS}/devops/{{namespace}}/credentials"
    table.add("GET", credentials, _list_credentials)
    table.add("POST", credentials, _create_credential)
    table.include(
        _WORKSPACES.routes(f"{_TENANT}/workspaces"),
        _NAMESPACES.routes(f"{workspace}/namespaces"),
        _PROJECTS.routes(projects),
        _PIPELINES.routes(pipelines),
        _CREDENTIALS.routes(credentials),
    )
    return table


def _clusters(call: Call, **where: str) -> Answer:
    """All clusters, whatever the query says (evidence/pagination.md §1)."""
    things = [_WORKSPACES.shown(one) for one in call.store.objects(KINDS["clusters"])]
    return data({"items": things, "totalItems": len(things)})


def _of_member(call: Call, workspace: str, member: str) -> Answer:
    return _NAMESPACES.page(call, workspace=workspace)


def _projects_of_member(call: Call, workspace: str, member: str) -> Answer:
    return _PROJECTS.page(call, workspace=workspace)


def _list_projects(call: Call, workspace: str) -> Answer:
    things = call.store.objects(KINDS["devopsprojects"])
    inside = [_PROJECTS.shown(one) for one in things if labels_of(one).get(WORKSPACE_LABEL) == workspace]
    return paged(inside, call.request.parameters, "totalItems")


def _create_project(call: Call, workspace: str) -> Answer:
    """Only a generateName will do (recording crd-004); the namespace of the project has its name."""
    try:
        manifest = object_in(call, "v1alpha3.DevOpsProject")
    except Unreadable as error:
        return refusal(400, str(error))
    if not manifest.get("metadata", {}).get("generateName"):
        problem = "metadata.generateName: Required value: generateName is required"
        return refusal(400, f'DevOpsProject.devops.kubesphere.io "" is invalid: {problem}')
    labels = {**(manifest["metadata"].get("labels") or {}), WORKSPACE_LABEL: workspace}
    metadata = {**manifest["metadata"], "labels": labels, "name": ""}
    project = call.site.controllers.create(KINDS["devopsprojects"], {**manifest, "metadata": metadata})
    name = project["metadata"]["name"]
    labels = {WORKSPACE_LABEL: workspace, "kubesphere.io/devopsproject": name}
    call.site.controllers.create(KINDS["namespaces"], {"metadata": {"name": name, "labels": labels}})
    return data(_PROJECTS.shown(project))


def _list_pipelines(call: Call, namespace: str) -> Answer:
    things = [_PIPELINES.shown(one) for one in call.store.objects(KINDS["pipelines"], namespace)]
    return paged(things, call.request.parameters, "totalItems")


def _list_credentials(call: Call, namespace: str) -> Answer:
    things = [_CREDENTIALS.shown(one) for one in call.store.objects(KINDS["secrets"], namespace) if _is_credential(one)]
    return family_a(things, call.request.parameters)


def _create_credential(call: Call, namespace: str) -> Answer:
    """Without annotations the handler panics (recording crd-019)."""
    try:
        manifest = object_in(call, "v1.Secret")
    except Unreadable as error:
        return refusal(400, str(error))
    if not manifest.get("metadata", {}).get("annotations"):
        return DROPPED
    return _CREDENTIALS.create(call, namespace=namespace)


def _is_credential(secret: JsonObject) -> bool:
    return str(secret.get("type", "")).startswith("credential.devops.kubesphere.io/")
