"""FakeKubeSphere: a KubeSphere server on loopback for tests."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from typing import Self

from kubesphere_client.testing._accounts import Accounts
from kubesphere_client.testing._cluster import Body, FakeCluster, _answer
from kubesphere_client.testing._controllers import Controllers
from kubesphere_client.testing._demo import fill
from kubesphere_client.testing._dispatch import all_routes, answer
from kubesphere_client.testing._faults import Breakage, Fault, Faults, Where
from kubesphere_client.testing._messages import Answer, JsonObject, ReceivedRequest
from kubesphere_client.testing._site import Member, Site, State, World
from kubesphere_client.testing._store import Store
from kubesphere_client.testing._wire import Server


class FakeKubeSphere(FakeCluster):
    """A KubeSphere server that speaks real HTTP on loopback and knows what a test puts in.

    The user `admin` with the password `P@88w0rd` is always there. What the fake does not know it answers as the
    server's router does, `404: Page Not Found`, and never with a success.

    Example:
        >>> with FakeKubeSphere() as fake:
        ...     fake.add("pods", "web-0", namespace="shop")
        ...     ks = KubeSphere(fake.url, username="admin", password="P@88w0rd")

    Args:
        multiple_login: False makes each login and each refresh revoke all other tokens of the user, which is the
            server's default where its installer did not change it.
        token_seconds: how long an access token lives; None for ever.
        lock_after: failed logins after which an account is locked.
        settle_seconds: how long deletions and new users take.
        settle_reads: let them take this many GET requests instead; then nothing depends on time.
        clock: the seconds since the epoch, for the life of tokens.
    """

    def __init__(
        self,
        *,
        multiple_login: bool = True,
        token_seconds: int | None = 7200,
        lock_after: int = 10,
        settle_seconds: float = 0.05,
        settle_reads: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._accounts = Accounts(
            multiple_login=multiple_login, token_seconds=token_seconds, lock_after=lock_after, clock=clock
        )
        self._settling = settle_seconds, settle_reads
        self._world = World(self._accounts, self._new_site("host"))
        super().__init__(self._world.host)
        self._routes = all_routes()
        self._faults = Faults()
        self._requests: list[ReceivedRequest] = []
        self._server: Server | None = None
        self.add_user("admin", "P@88w0rd", role="platform-admin", email="admin@kubesphere.io")

    @classmethod
    def demo(cls) -> Self:
        """A server with a small world in it: the workspace `demo` with the project `shop`, in which there are pods
        and deployments, nodes, a DevOps project with a pipeline, and the member cluster `member-1`."""
        fake = cls()
        fill(fake)
        return fake

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        if self._server is not None:
            raise RuntimeError("The fake is running already.")
        self._world.stopping.clear()
        self._server = Server(self._respond, self._world.stopping)
        return self

    def stop(self) -> None:
        """End all connections and free the port."""
        for site in (self._world.host, *(member.site for member in self._world.members.values())):
            site.controllers.stop()
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        """Where it listens, such as `http://127.0.0.1:40123`."""
        return f"http://127.0.0.1:{self._running().server_address[1]}"

    @property
    def connections(self) -> int:
        """How many connections were made to it."""
        return self._running().connections

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return self._running().open_connections

    def wait_until_idle(self, seconds: float = 5.0) -> bool:
        """Whether the clients have closed all connections within this time."""
        return self._running().wait_until_idle(seconds)

    @property
    def requests(self) -> list[ReceivedRequest]:
        """All requests so far, in the order in which they came."""
        with self._world.lock:
            return list(self._requests)

    def requests_to(self, path: str, *, method: str | None = None) -> list[ReceivedRequest]:
        """The requests to one path."""
        return [one for one in self.requests if one.path == path and method in (None, one.method)]

    def forget_requests(self) -> None:
        """Start the log of requests anew."""
        with self._world.lock:
            self._requests.clear()

    @property
    def logins(self) -> int:
        """How many logins with a password were tried."""
        return self._grants("password")

    @property
    def refreshes(self) -> int:
        """How many refreshes of a token were tried."""
        return self._grants("refresh_token")

    def add_user(
        self,
        name: str,
        password: str,
        *,
        role: str = "platform-regular",
        email: str | None = None,
        state: str = "Active",
    ) -> JsonObject:
        """Let a user log in; with another `state` than `Active` the login is refused."""
        annotations = {"iam.kubesphere.io/globalrole": role}
        spec = {"email": email or f"{name}@example.com", "password": password}
        metadata = {"name": name, "annotations": annotations}
        return self.add("users", {"metadata": metadata, "spec": spec, "status": {"state": state}})

    def forbid(self, user: str, where: Where) -> None:
        """Answer what this user asks there with 403; everyone else who is logged in may do everything."""
        self._world.forbidden.append((user, Fault(where)))

    def issue_token(self, user: str = "admin") -> str:
        """An access token that did not come from a login; under `multiple_login=False` it revokes all others."""
        return self._accounts.issue(user)[0]

    def expire_tokens(self, *, refresh_tokens: bool = False) -> None:
        """Let all access tokens be too old; refresh tokens live longer unless they are named too."""
        self._accounts.expire(refresh_tokens=refresh_tokens)

    def revoke_tokens(self, *users: str) -> None:
        """Revoke all tokens of these users, or of everyone."""
        self._accounts.revoke(users or list(self._accounts.by_name))

    def add_cluster(self, name: str, *, state: State = "ready") -> FakeCluster:
        """Add a member cluster; once there is one, `/kapis/clusters/{cluster}/…` and its like are understood.

        Args:
            state: `ready`; `not-ready`, which answers 500; `unreachable`, which answers 502.
        """
        self._world.members[name] = Member(self._new_site(name), state)
        ready = {"type": "Ready", "status": "True" if state == "ready" else "False"}
        connection = {"type": "direct", "kubeconfig": ""}
        spec = {"joinFederation": True, "enable": True, "provider": "", "connection": connection}
        self.add("clusters", {"metadata": {"name": name}, "spec": spec, "status": {"conditions": [ready]}})
        return FakeCluster(self._world.members[name].site)

    def on_cluster(self, name: str) -> FakeCluster:
        """A member cluster, to put objects in.

        Raises:
            LookupError: no such cluster was added.
        """
        return FakeCluster(self._world.members[name].site)

    def set_cluster_state(self, name: str, state: State) -> None:
        """Let a member cluster come or go."""
        self._world.members[name].state = state

    def fail_next(
        self,
        where: Where,
        status: int = 503,
        *,
        body: Body = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        times: int | None = 1,
    ) -> None:
        """Answer the next requests with an error, before anything else is looked at.

        Args:
            where: a path, a path that ends in `*`, either with a method before it (`GET /kapis/version`), or a
                function that says whether a request is meant.
            times: how many requests; None for all that follow.
        """
        self._faults.add(Fault(where, answer=_answer(status, body, content_type, headers), times=times))

    def break_next(self, where: Where, how: Breakage, *, delay: float = 0.1, times: int | None = 1) -> None:
        """Break the connection, or spoil the answer, of the next requests; the fake has done what they asked for.

        Args:
            how: see `Breakage`.
            delay: the seconds before each byte of a `slow-body`.
        """
        self._faults.add(Fault(where, breakage=how, delay=delay, times=times))

    def clear_faults(self) -> None:
        """Forget the faults that were queued and did not happen."""
        self._faults.clear()

    @property
    def pending_faults(self) -> int:
        """How many queued faults did not happen yet."""
        return self._faults.pending()

    def _respond(self, request: ReceivedRequest) -> tuple[Answer, Fault | None]:
        with self._world.lock:
            self._requests.append(request)
            fault = self._faults.next_for(request)
        if fault is not None and fault.answer is not None:
            return fault.answer, fault
        try:
            return answer(self._world, self._routes, request), fault
        except Exception:  # any bug of ours
            # Without this the connection would just end, and a bug of the fake would look like one of the client.
            return Answer(500, f"FakeKubeSphere failed:\n{traceback.format_exc()}".encode(), "text/plain"), fault

    def _grants(self, kind: str) -> int:
        posts = self.requests_to("/oauth/token", method="POST")
        return sum(one.form.get("grant_type") == kind for one in posts)

    def _new_site(self, name: str) -> Site:
        store = Store()
        return Site(name, store, Controllers(store, self._accounts, *self._settling))

    def _running(self) -> Server:
        if self._server is None:
            raise RuntimeError("The fake is not running. Use it in a `with` block, or call start().")
        return self._server
