"""Who the fake lets in: both token policies, expiry, the lock, inactive users, Basic auth and the anonymous one."""

from __future__ import annotations

import base64

import pytest

from kubesphere_client.testing import FakeKubeSphere
from tests.client.raw_http import login, refresh, send

USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"


def statuses(fake: FakeKubeSphere, *tokens: str) -> list[int]:
    return [send(fake, "GET", USERS, token=token).status for token in tokens]


def test_a_login_gives_a_pair_of_tokens() -> None:
    with FakeKubeSphere() as fake:
        pair = login(fake).json()
        assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 7200)
        assert statuses(fake, pair["access_token"], pair["refresh_token"]) == [200, 200]
        assert (fake.logins, fake.refreshes) == (1, 0)


def test_tokens_that_never_expire_have_no_expires_in() -> None:
    with FakeKubeSphere(token_seconds=None) as fake:
        assert "expires_in" not in login(fake).json()


@pytest.mark.parametrize(("multiple_login", "expected"), [(True, [200, 200]), (False, [401, 200])])
def test_a_second_login_revokes_the_first_one_where_only_one_is_allowed(
    multiple_login: bool, expected: list[int]
) -> None:
    with FakeKubeSphere(multiple_login=multiple_login) as fake:
        first, second = login(fake).json(), login(fake).json()
        assert statuses(fake, first["access_token"], second["access_token"]) == expected


def test_a_refresh_revokes_the_old_pair_where_only_one_login_is_allowed() -> None:
    with FakeKubeSphere(multiple_login=False) as fake:
        old = login(fake).json()
        new = refresh(fake, old["refresh_token"]).json()
        assert statuses(fake, old["access_token"], new["access_token"]) == [401, 200]
        again = refresh(fake, old["refresh_token"])
        assert (again.status, again.text) == (401, "Unauthorized: token not found in cache")
        assert fake.refreshes == 2


def test_a_login_of_one_user_leaves_the_tokens_of_another() -> None:
    with FakeKubeSphere(multiple_login=False) as fake:
        fake.add_user("jane", "secret")
        janes = login(fake, "jane", "secret").json()
        login(fake)
        assert statuses(fake, janes["access_token"]) == [200]


def test_access_tokens_expire_before_refresh_tokens() -> None:
    now = 1000.0
    with FakeKubeSphere(token_seconds=60, clock=lambda: now) as fake:
        pair = login(fake).json()
        now += 59
        assert statuses(fake, pair["access_token"]) == [200]
        now += 101
        expired = send(fake, "GET", USERS, token=pair["access_token"])
        assert (expired.status, expired.json()["message"]) == (401, "Unauthorized: token is expired by 1m40s")
        assert refresh(fake, pair["refresh_token"]).status == 200
        now += 7200
        assert refresh(fake, pair["refresh_token"]).status == 401


def test_a_test_can_expire_and_revoke_tokens() -> None:
    with FakeKubeSphere() as fake:
        pair = login(fake).json()
        fake.expire_tokens()
        assert statuses(fake, pair["access_token"], pair["refresh_token"]) == [401, 200]
        fake.expire_tokens(refresh_tokens=True)
        assert refresh(fake, pair["refresh_token"]).status == 401
        token = fake.issue_token("admin")
        fake.revoke_tokens("jane")
        assert statuses(fake, token) == [200]
        fake.revoke_tokens()
        assert statuses(fake, token) == [401]


def test_an_account_is_locked_after_too_many_failures_and_its_tokens_still_work() -> None:
    with FakeKubeSphere(lock_after=3) as fake:
        token = fake.issue_token()
        failed = [login(fake, password="wrong") for _ in range(4)]
        assert [one.status for one in failed] == [401, 401, 401, 429]
        assert failed[0].text == "Unauthorized: incorrect password"
        assert login(fake).text == "Unauthorized: auth rate limit exceeded"
        assert statuses(fake, token) == [200]


def test_basic_auth_counts_its_failures_and_says_when_to_come_back() -> None:
    def basic(password: str) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()}

    with FakeKubeSphere(lock_after=1) as fake:
        assert send(fake, "GET", USERS, headers=basic("P@88w0rd"), token=None).status == 200
        assert send(fake, "GET", USERS, headers=basic("wrong"), token=None).status == 401
        locked = send(fake, "GET", USERS, headers=basic("P@88w0rd"), token=None)
        assert (locked.status, locked.headers["Retry-After"]) == (429, "60")


def test_an_inactive_user_gets_500() -> None:
    with FakeKubeSphere() as fake:
        fake.add_user("jane", "secret", state="Disabled")
        refused = login(fake, "jane", "secret")
        assert (refused.status, refused.text) == (500, "Internal error occurred: account is not active")


def test_a_new_user_becomes_active_after_a_moment() -> None:
    with FakeKubeSphere(settle_reads=1) as fake:
        user = {"metadata": {"name": "jane"}, "spec": {"email": "jane@example.com", "password": "secret"}}
        created = send(fake, "POST", USERS, user)
        assert created.status == 200
        assert "password" not in created.json()["spec"]
        assert login(fake, "jane", "secret").status == 500
        assert send(fake, "GET", f"{USERS}/jane").json()["status"] == {}
        send(fake, "GET", USERS)
        assert send(fake, "GET", f"{USERS}/jane").json()["status"] == {"state": "Active"}
        assert login(fake, "jane", "secret").status == 200


def test_without_a_token_only_what_is_public_is_answered() -> None:
    with FakeKubeSphere() as fake:
        assert send(fake, "GET", "/kapis/version", token=None).status == 200
        forbidden = send(fake, "GET", USERS, token=None)
        assert (forbidden.status, forbidden.json()["reason"]) == (403, "Forbidden")


def test_a_stale_token_is_refused_on_every_path_even_where_tokens_are_given_out() -> None:
    with FakeKubeSphere() as fake:
        token = fake.issue_token()
        fake.revoke_tokens()
        for method, path in (("GET", "/kapis/version"), ("POST", "/oauth/token")):
            assert send(fake, method, path, token=token).status == 401


def test_a_test_can_forbid_something_to_a_user() -> None:
    with FakeKubeSphere() as fake:
        fake.add_user("alice", "secret")
        fake.forbid("alice", "GET /api/v1/nodes")
        refused = send(fake, "GET", "/api/v1/nodes", token=fake.issue_token("alice"))
        assert refused.status == 403
        # Word for word recording forbid-api-nodes.
        assert refused.json()["message"] == (
            'nodes is forbidden: User "alice" cannot list resource "nodes" in API group "" at the cluster scope'
        )
        assert send(fake, "GET", "/api/v1/nodes").status == 200
