"""What happens behind the API a moment later: users become active, deleted objects go, workspaces get their roles."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable

from kubesphere_client.testing._accounts import Account, Accounts
from kubesphere_client.testing._kinds import KINDS, Kind
from kubesphere_client.testing._messages import JsonObject
from kubesphere_client.testing._store import Exists, Missing, Store

USERS, WORKSPACES = KINDS["users"], KINDS["workspaces"]
TEMPLATES, NAMESPACES = KINDS["workspacetemplates"], KINDS["namespaces"]
WORKSPACE_LABEL = "kubesphere.io/workspace"
_HASHED = "$2a$10$"
# Their deletion is done by a controller, after the answer (recordings crud-030 to crud-033).
_SLOW_TO_GO = (USERS, TEMPLATES, NAMESPACES, KINDS["devopsprojects"])


class Controllers:
    """Does the delayed work, after `seconds`, or after `reads` requests where that is given."""

    def __init__(self, store: Store, accounts: Accounts, seconds: float, reads: int | None) -> None:
        self._store = store
        self._accounts = accounts
        self._seconds = seconds
        self._reads = reads
        self._timers: set[threading.Timer] = set()
        self._waiting: list[tuple[int, Callable[[], object]]] = []

    def create(self, kind: Kind, manifest: JsonObject, *, settled: bool = False) -> JsonObject:
        """Put in an object that a client sends, or that a test wants to be there with all that belongs to it.

        Raises:
            Exists: there is one of this name.
        """
        if kind == USERS:
            return self._create_user(manifest, settled=settled)
        thing = self._store.add(kind, manifest)
        if kind == TEMPLATES:
            self._furnish_workspace(thing)
        return thing

    def replace(self, kind: Kind, namespace: str | None, name: str, manifest: JsonObject) -> JsonObject:
        """Replace an object; a user's new password counts from now on.

        Raises:
            Missing, Stale: as the store says.
        """
        if kind == USERS:
            manifest = self._with_hash(name, manifest)
        return self._store.replace(kind, namespace, name, manifest)

    def delete(self, kind: Kind, namespace: str | None, name: str) -> JsonObject:
        """Delete an object, at once or a moment later.

        Raises:
            Missing: there is none.
        """
        thing = self._store.get(kind, namespace, name)
        if kind not in _SLOW_TO_GO and not thing["metadata"].get("finalizers"):
            return self._store.remove(kind, namespace, name)
        if "deletionTimestamp" in thing["metadata"]:
            return thing
        thing = self._store.mark_deleted(kind, namespace, name)
        self._later(lambda: self._finish(kind, namespace, name))
        return thing

    def set_password(self, name: str, password: str) -> None:
        account = self._accounts.by_name.setdefault(name, Account(password))
        account.password = password

    def was_read(self) -> None:
        """A client has looked: what waits for that comes nearer."""
        due: list[Callable[[], object]] = []
        with self._store.changed:
            counted = [(left - 1, action) for left, action in self._waiting]
            due = [action for left, action in counted if left < 0]
            self._waiting = [(left, action) for left, action in counted if left >= 0]
        for action in due:
            action()

    def settle(self) -> None:
        """Do now what is still to be done."""
        for timer in list(self._timers):
            timer.cancel()
            if timer in self._timers:
                timer.function()
        with self._store.changed:
            waiting, self._waiting = self._waiting, []
        for _, action in waiting:
            action()

    def stop(self) -> None:
        for timer in list(self._timers):
            timer.cancel()
        self._timers.clear()

    def _later(self, action: Callable[[], object]) -> None:
        if self._reads is not None:
            with self._store.changed:
                self._waiting.append((self._reads, action))
            return
        timer = threading.Timer(self._seconds, lambda: self._run(timer, action))
        timer.daemon = True
        self._timers.add(timer)
        timer.start()

    def _run(self, timer: threading.Timer, action: Callable[[], object]) -> None:
        if timer in self._timers:
            self._timers.discard(timer)
            action()

    def _create_user(self, manifest: JsonObject, *, settled: bool) -> JsonObject:
        name = manifest.get("metadata", {}).get("name", "")
        thing = self._store.add(USERS, {"status": {}, **self._with_hash(name, manifest)})
        account = self._accounts.by_name.setdefault(name, Account(""))
        account.email = manifest.get("spec", {}).get("email")
        if settled:
            state = manifest.get("status", {}).get("state", "Active")
            return self._activate(name, state)
        account.active = False
        self._later(lambda: self._activate(name, "Active"))
        return thing

    def _activate(self, name: str, state: str) -> JsonObject:
        account = self._accounts.by_name.get(name)
        if account is not None:
            account.active = state == "Active"
        with contextlib.suppress(Missing):
            return self._store.update(USERS, None, name, lambda user: user.update(status={"state": state}))
        return {}

    def _with_hash(self, name: str, manifest: JsonObject) -> JsonObject:
        """The user with a hash in the place of the password, which the views of /kapis/iam hide."""
        spec = dict(manifest.get("spec", {}))
        password = spec.get("password", "")
        if password and not password.startswith(_HASHED):
            self.set_password(name, password)
            spec["password"] = _HASHED + hashlib.sha256(password.encode()).hexdigest()[:53]
        metadata = dict(manifest.get("metadata", {}))
        metadata["annotations"] = {
            **(metadata.get("annotations") or {}),
            "iam.kubesphere.io/password-encrypted": "true",
        }
        return {**manifest, "metadata": metadata, "spec": spec}

    def _furnish_workspace(self, template: JsonObject) -> None:
        """The workspace and its roles that belong to a template."""
        name = template["metadata"]["name"]
        owner = {"apiVersion": TEMPLATES.api_version, "kind": TEMPLATES.kind, "name": name}
        owner |= {"uid": template["metadata"]["uid"], "controller": True}
        spec = template.get("spec", {}).get("template", {}).get("spec", {})
        with contextlib.suppress(Exists):
            self._store.add(WORKSPACES, {"metadata": {"name": name, "ownerReferences": [owner]}, "spec": spec})
        for role in ("admin", "regular", "self-provisioner", "viewer"):
            manifest = {"metadata": {"name": f"{name}-{role}", "labels": {WORKSPACE_LABEL: name}}, "rules": []}
            with contextlib.suppress(Exists):
                self._store.add(KINDS["workspaceroles"], manifest)

    def _finish(self, kind: Kind, namespace: str | None, name: str) -> None:
        with contextlib.suppress(Missing), self._store.changed:
            self._store.remove(kind, namespace, name)
            if kind == USERS:
                self._accounts.by_name.pop(name, None)
            elif kind == TEMPLATES:
                self._remove_all(WORKSPACES, lambda thing: thing["metadata"]["name"] == name)

                def in_it(thing: JsonObject) -> bool:
                    return bool((thing["metadata"].get("labels") or {}).get(WORKSPACE_LABEL) == name)

                self._remove_all(KINDS["workspaceroles"], in_it)
                self._remove_all(NAMESPACES, in_it)
            elif kind == NAMESPACES:
                for other in self._store.kinds():
                    if other.namespaced:
                        self._remove_all(other, lambda thing: thing["metadata"].get("namespace") == name)

    def _remove_all(self, kind: Kind, wanted: Callable[[JsonObject], bool]) -> None:
        for thing in self._store.objects(kind):
            if wanted(thing):
                self._store.remove(kind, thing["metadata"].get("namespace"), thing["metadata"]["name"])
