"""`/kapis/iam.kubesphere.io`: users, roles and members."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from kubesphere_client.testing._controllers import WORKSPACE_LABEL
from kubesphere_client.testing._crud import Collection, Unreadable, array_in, object_in
from kubesphere_client.testing._kinds import KINDS, Kind
from kubesphere_client.testing._listing import family_a
from kubesphere_client.testing._messages import Answer, JsonObject, data, refusal, success
from kubesphere_client.testing._routes import Routes
from kubesphere_client.testing._selectors import labels_of
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Exists, Missing

_ROOT = "/kapis/iam.kubesphere.io/v1alpha2"
_USER_LABEL = "iam.kubesphere.io/user-ref"
_USERS = Collection(KINDS["users"], "v1alpha2.User", missing=500, patches=False)
_GLOBAL_ROLES = Collection(KINDS["globalroles"], "v1alpha2.GlobalRole")
_CLUSTER_ROLES = Collection(KINDS["clusterroles"], "v1.ClusterRole")
_WORKSPACE_ROLES = Collection(KINDS["workspaceroles"], "v1alpha2.WorkspaceRole", scope=WORKSPACE_LABEL, looked_up=True)
_ROLES = Collection(KINDS["roles"], "v1.Role", looked_up=True)


def routes() -> Routes:
    table = Routes()
    table.add("POST", f"{_ROOT}/users", _create_user)
    table.add("PUT", f"{_ROOT}/users/{{name}}/password", _set_password)
    table.add("GET", f"{_ROOT}/users/{{name}}/loginrecords", _login_records)
    table.add("GET", f"{_ROOT}/users/{{name}}/globalroles", _global_roles)
    workspace, namespace = f"{_ROOT}/workspaces/{{workspace}}", f"{_ROOT}/namespaces/{{namespace}}"
    devops = f"{_ROOT}/devops/{{namespace}}"
    table.include(
        _USERS.routes(f"{_ROOT}/users"),
        _GLOBAL_ROLES.routes(f"{_ROOT}/globalroles"),
        _CLUSTER_ROLES.routes(f"{_ROOT}/clusterroles"),
        _WORKSPACE_ROLES.routes(f"{workspace}/workspaceroles"),
        _ROLES.routes(f"{namespace}/roles"),
        _ROLES.routes(f"{devops}/roles"),
        Members(KINDS["workspacerolebindings"], KINDS["workspaceroles"], "workspacerole").routes(
            f"{workspace}/workspacemembers", "workspaceroles"
        ),
        Members(KINDS["rolebindings"], KINDS["roles"], "role").routes(f"{namespace}/members", "roles"),
        Members(KINDS["rolebindings"], KINDS["roles"], "role").routes(f"{devops}/members", "roles"),
        Members(KINDS["clusterrolebindings"], KINDS["clusterroles"], "clusterrole").routes(
            f"{_ROOT}/clustermembers", "clusterroles"
        ),
    )
    return table


@dataclass(frozen=True)
class Members:
    """Who has a role somewhere: kept as role bindings, shown as users with the role in an annotation."""

    bindings: Kind
    roles: Kind
    annotation: str

    def routes(self, path: str, roles: str) -> Routes:
        table = Routes()
        table.add("GET", path, self.page)
        table.add("POST", path, self.add)
        table.add("GET", path + "/{name}", self.get)
        table.add("PUT", path + "/{name}", self.put)
        table.add("DELETE", path + "/{name}", self.remove)
        table.add("GET", path + "/{name}/" + roles, self.roles_of)
        return table

    def page(self, call: Call, **where: str) -> Answer:
        """Members; their lists ignore a label selector (recording more-filter2-058)."""
        query = {key: value for key, value in call.request.parameters.items() if key != "labelSelector"}
        return family_a(self._members(call, where), query)

    def get(self, call: Call, name: str, **where: str) -> Answer:
        for member in self._members(call, where):
            if member["metadata"]["name"] == name:
                return data(member)
        return refusal(404, f'user.iam.kubesphere.io "{name}" not found')

    def add(self, call: Call, **where: str) -> Answer:
        """Takes and returns an array (recordings crud-065, crud-067)."""
        try:
            members = array_in(call, "[]v1alpha2.Member")
        except Unreadable as error:
            return refusal(400, str(error))
        for member in members:
            unknown = self._bind(call, str(member.get("username")), str(member.get("roleRef")), where)
            if unknown is not None:
                return unknown
        return data(members)

    def put(self, call: Call, name: str, **where: str) -> Answer:
        try:
            member = object_in(call, "v1alpha2.Member")
        except Unreadable as error:
            return refusal(400, str(error))
        return self._bind(call, name, str(member.get("roleRef")), where) or data(member)

    def remove(self, call: Call, name: str, **where: str) -> Answer:
        """Always a success (recording more-iam-044)."""
        self._unbind(call, name, where)
        return success()

    def roles_of(self, call: Call, name: str, **where: str) -> Answer:
        """A bare array (evidence/server.md §3)."""
        names = [binding["roleRef"]["name"] for binding in self._bindings(call, where) if _user(binding) == name]
        found = []
        for role in names:
            with contextlib.suppress(Missing):
                found.append(_USERS.shown(call.store.get(self.roles, where.get("namespace"), role)))
        return data(found)

    def _bindings(self, call: Call, where: Mapping[str, str]) -> list[JsonObject]:
        things = call.store.objects(self.bindings, where.get("namespace"))
        workspace = where.get("workspace")
        return [one for one in things if workspace is None or labels_of(one).get(WORKSPACE_LABEL) == workspace]

    def _members(self, call: Call, where: Mapping[str, str]) -> list[JsonObject]:
        members = []
        for binding in self._bindings(call, where):
            with contextlib.suppress(Missing):
                user = _USERS.shown(call.store.get(KINDS["users"], None, _user(binding)))
                annotations = user["metadata"].setdefault("annotations", {})
                annotations[f"iam.kubesphere.io/{self.annotation}"] = binding["roleRef"]["name"]
                members.append(user)
        return members

    def _bind(self, call: Call, user: str, role: str, where: Mapping[str, str]) -> Answer | None:
        """Give the user the role; unknown users are accepted, unknown roles are not (evidence/server.md §4, §8a)."""
        namespace = where.get("namespace")
        try:
            call.store.get(self.roles, namespace, role)
        except Missing:
            return refusal(404, f'{self.roles.qualified_singular} "{role}" not found')
        self._unbind(call, user, where)
        labels = {_USER_LABEL: user} | ({WORKSPACE_LABEL: where["workspace"]} if "workspace" in where else {})
        metadata = {"name": f"{user}-{role}", "labels": labels} | ({"namespace": namespace} if namespace else {})
        reference = {"apiGroup": self.roles.group, "kind": self.roles.kind, "name": role}
        subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]
        with contextlib.suppress(Exists):
            call.store.add(self.bindings, {"metadata": metadata, "roleRef": reference, "subjects": subjects})
        return None

    def _unbind(self, call: Call, user: str, where: Mapping[str, str]) -> None:
        for binding in self._bindings(call, where):
            if _user(binding) == user:
                metadata = binding["metadata"]
                call.store.remove(self.bindings, metadata.get("namespace"), metadata["name"])


def _user(binding: JsonObject) -> str:
    return labels_of(binding).get(_USER_LABEL) or next((str(one["name"]) for one in binding.get("subjects", ())), "")


def _create_user(call: Call) -> Answer:
    """A webhook looks at the e-mail address first (recordings crud-003, crud-004)."""
    try:
        spec = object_in(call, "v1alpha2.User").get("spec") or {}
    except Unreadable:
        return _USERS.create(call)
    if not isinstance(spec, dict):  # recording crud-009
        return refusal(400, "json: cannot unmarshal string into Go struct field User.spec of type v1alpha2.UserSpec")
    email = spec.get("email")
    denied = 'admission webhook "validating-user.kubesphere.io" denied the request: '
    if email and "@" not in email:
        return refusal(500, f"{denied}invalid email address:{email}")
    if email and any(one.get("spec", {}).get("email") == email for one in call.store.objects(KINDS["users"])):
        return refusal(500, f"{denied}user email: {email} already exists")
    return _USERS.create(call)


def _set_password(call: Call, name: str) -> Answer:
    """An administrator may leave out the current password (recordings crud-026, pw-self-wrong)."""
    try:
        body = object_in(call, "v1alpha2.PasswordReset")
    except Unreadable as error:
        return refusal(400, str(error))
    account = call.world.accounts.by_name.get(name)
    if account is None:
        return refusal(500, f'user.iam.kubesphere.io "{name}" not found')
    current = body.get("currentPassword")
    if (current or call.user == name) and current != account.password:
        return refusal(400, "incorrect old password")
    call.site.controllers.set_password(name, str(body.get("password", "")))
    return success()


def _login_records(call: Call, name: str) -> Answer:
    records = [one for one in call.store.objects(KINDS["loginrecords"]) if labels_of(one).get(_USER_LABEL) == name]
    return family_a([_USERS.shown(record) for record in records], call.request.parameters)


def _global_roles(call: Call, name: str) -> Answer:
    """A bare array with the role of the user's annotation."""
    found = []
    with contextlib.suppress(Missing):
        user = call.store.get(KINDS["users"], None, name)
        role = (user["metadata"].get("annotations") or {}).get("iam.kubesphere.io/globalrole", "")
        found.append(_USERS.shown(call.store.get(KINDS["globalroles"], None, role)))
    return data(found)
