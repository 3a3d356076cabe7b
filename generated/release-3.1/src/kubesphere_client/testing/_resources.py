"""`/kapis/resources.kubesphere.io`: any kind of object, in two dialects."""

from __future__ import annotations

from kubesphere_client.testing._crud import Collection
from kubesphere_client.testing._kinds import KINDS, Kind
from kubesphere_client.testing._listing import by_conditions, fallback, family_a, paged
from kubesphere_client.testing._messages import TEXT, Answer, JsonObject, data, refusal
from kubesphere_client.testing._routes import Routes
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Missing

_ROOT = "/kapis/resources.kubesphere.io"
# What v1alpha3 knows itself, what it takes from v1alpha2, and what v1alpha2 knows (evidence: resources.json).
_OWN = set(
    """deployments daemonsets statefulsets services namespaces configmaps pods nodes ingresses applications
    networkpolicies jobs devopsprojects workspaces workspacetemplates globalroles workspaceroles users
    globalrolebindings workspacerolebindings loginrecords roles clusterroles rolebindings clusterrolebindings
    persistentvolumeclaims volumesnapshots clusters customresourcedefinitions federatednamespaces
    federateddeployments federatedsecrets federatedconfigmaps federatedservices federatedapplications
    federatedpersistentvolumeclaims federatedstatefulsets federatedingresses""".split()
)
_FALLBACK = set(
    "secrets cronjobs storageclasses horizontalpodautoscalers s2ibuilders s2iruns s2ibuildertemplates".split()
)
_OLD = set(
    """configmaps cronjobs daemonsets deployments ingresses jobs persistentvolumeclaims secrets services statefulsets
    pods roles nodes namespaces clusterroles storageclasses workspaces s2ibuildertemplates horizontalpodautoscalers
    s2ibuilders s2iruns applications""".split()
)
# Two getters look in the wrong place (evidence/pagination.md §6, recording more-res-v1alpha3-110).
_LOOKED_UP_AS = {"workspacerolebindings": "globalrolebindings", "loginrecords": "users"}
_KUBECONFIG = """apiVersion: v1
clusters:
- cluster:
    server: https://127.0.0.1:6443
  name: local
contexts:
- context:
    cluster: local
    namespace: default
    user: {name}
  name: {name}@local
current-context: {name}@local
kind: Config
preferences: {{}}
users:
- name: {name}
  user: {{}}
"""


def routes() -> Routes:
    table = Routes()
    new, old = f"{_ROOT}/v1alpha3", f"{_ROOT}/v1alpha2"
    for root in (new, old):
        table.add("GET", f"{root}/components", lambda call: data([]))
        table.add("GET", f"{root}/components/{{name}}", _component)
        table.add("GET", f"{root}/componenthealth", _health)
    table.add("GET", f"{old}/users/{{name}}/kubeconfig", _kubeconfig)
    table.add("GET", f"{old}/namespaces/{{namespace}}/quotas", _quotas)
    table.add("GET", f"{old}/quotas", _quotas)
    table.add("GET", f"{new}/{{resource}}", list_new)
    table.add("GET", f"{new}/namespaces/{{namespace}}/{{resource}}", list_new)
    table.add("GET", f"{new}/{{resource}}/{{name}}", get_new)
    table.add("GET", f"{new}/namespaces/{{namespace}}/{{resource}}/{{name}}", get_new)
    table.add("GET", f"{old}/{{resource}}", list_old)
    table.add("GET", f"{old}/namespaces/{{namespace}}/{{resource}}", list_old)
    return table


def list_new(call: Call, resource: str, namespace: str | None = None) -> Answer:
    """A list of v1alpha3."""
    if resource not in _OWN | _FALLBACK:
        return _unsupported(resource)
    if resource in _FALLBACK and namespace is not None and not KINDS[resource].namespaced:
        return _unsupported(resource)
    things = _shown(call, KINDS[resource], namespace)
    return (family_a if resource in _OWN else fallback)(things, call.request.parameters)


def get_new(call: Call, resource: str, name: str, namespace: str | None = None) -> Answer:
    """One object of v1alpha3; a missing one is a 500 (recordings res-034 to res-039)."""
    if resource not in _OWN | _FALLBACK:
        return refusal(500, f"resource {namespace or ''}.{resource}.{name} not found")
    kind = KINDS[_LOOKED_UP_AS.get(resource, resource)]
    try:
        thing = call.store.get(kind, namespace, name)
    except Missing:
        return refusal(500, f'{kind.qualified_singular} "{name}" not found')
    return data(_without_kind(thing))


def list_old(call: Call, resource: str, namespace: str | None = None) -> Answer:
    """A list of v1alpha2; kinds without a namespace are not supported in one."""
    if resource not in _OLD or (namespace is not None and not KINDS[resource].namespaced):
        return _unsupported(resource)
    things = by_conditions(_shown(call, KINDS[resource], namespace), call.request.parameters)
    return paged(things, call.request.parameters, "total_count")


def _shown(call: Call, kind: Kind, namespace: str | None) -> list[JsonObject]:
    return [_without_kind(thing) for thing in call.store.objects(kind, namespace)]


def _without_kind(thing: JsonObject) -> JsonObject:
    """What the typed caches of the server send: no kind, no apiVersion, but the hash of a password (res-003)."""
    return {key: value for key, value in thing.items() if key not in ("kind", "apiVersion")}


def _unsupported(resource: str) -> Answer:
    return refusal(500, f"resource {resource} is not supported")


def _component(call: Call, name: str) -> Answer:
    return refusal(500, f'service "{name}" not found')


def _health(call: Call) -> Answer:
    nodes = len(call.store.objects(KINDS["nodes"]))
    return data({"kubesphereStatus": [], "nodeStatus": {"totalNodes": nodes, "healthyNodes": nodes}})


def _quotas(call: Call, namespace: str = '""') -> Answer:
    inside = None if namespace == '""' else namespace
    counted = "deployments daemonsets statefulsets persistentvolumeclaims pods services".split()
    used = {f"count/{KINDS[one].qualified}": str(len(call.store.objects(KINDS[one], inside))) for one in counted}
    return data({"namespace": namespace, "data": {"used": used}})


def _kubeconfig(call: Call, name: str) -> Answer:
    """YAML, as plain text (recording crud-029)."""
    users = Collection(KINDS["users"], "v1alpha2.User")
    found = users.get(call, name)
    return found if found.status != 200 else Answer(200, _KUBECONFIG.format(name=name).encode(), TEXT)
