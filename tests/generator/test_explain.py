"""Explaining an operation or a schema: what was published, what became of it, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.errors import GeneratorError
from generator.explain import Explanation, explain

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "release-3.0"
DOCUMENT: dict[str, Any] = json.loads((PACKAGE / "openapi.json").read_bytes())
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"


def explained(subject: str, sources: Any = None) -> Explanation:
    return explain(subject, DOCUMENT, PACKAGE, sources)


@pytest.mark.parametrize(
    "subject", [f"GET {USERS}", f"get {USERS}/", "iam.v1alpha2.list_users", "ks.iam.v1alpha2.list_users"]
)
def test_an_operation_is_found_by_its_address_and_by_its_method(subject: str) -> None:
    found = explained(subject)

    assert found.subject == f"GET {USERS}, iam.v1alpha2.list_users"
    assert found.made["operationId"] == "iam.v1alpha2.list_users"
    assert "x-kubesphere-evidence" not in found.made
    assert any("KS-0461" in entry.get("evidence", {}).get("defects", []) for entry in found.done)
    assert found.python[-1].startswith("def list_users(self, *, ")


def test_what_was_published_comes_from_the_sources() -> None:
    sources = {"kubesphere": {"paths": {USERS: {"get": {"summary": "as it was"}}}, "definitions": {}}}

    assert explained(f"GET {USERS}", sources).published == {"kubesphere": {"summary": "as it was"}}
    assert explained(f"GET {USERS}").published is None
    assert explained("platform.get_version", sources).published == {}


def test_an_operation_that_moved_is_found_where_it_was_published() -> None:
    found = explained("POST /apis/devops.kubesphere.io/v1alpha3/pipelines")

    assert found.subject.startswith("POST /apis/devops.kubesphere.io/v1alpha3/namespaces/{namespace}/pipelines")


def test_what_was_withdrawn_says_why() -> None:
    found = explained("GET /apis/tenant.kubesphere.io/v1alpha1/workspaces/{name}/status")

    assert found.made is None
    assert found.withdrawn is not None
    assert "no status subresource" in found.withdrawn
    assert found.done


@pytest.mark.parametrize("subject", ["iam_v1alpha2.User", "v1alpha2.User"])
def test_a_schema_is_found_by_its_name_and_by_its_published_one(subject: str) -> None:
    sources = {"kubesphere": {"paths": {}, "definitions": {"v1alpha2.User": {"was": 1}}}}

    found = explained(subject, sources)

    assert found.published == {"kubesphere": {"was": 1}}
    assert found.python[0].startswith("class User:")
    assert "metadata: kubernetes.ObjectMeta" in found.python[0]


def test_a_watch_and_a_proxy_are_explained_too() -> None:
    assert explained("crd.tenant.v1alpha1.watch_workspaces").python[0].startswith("def watch_workspaces(self")
    assert "query: Mapping[str, Any]" in explained("devops.v1alpha2.proxy_jenkins").python[0]


def test_a_name_of_several_things_is_refused_with_their_names() -> None:
    with pytest.raises(
        GeneratorError, match=r"'list_users' may be crd\.iam\.v1alpha2\.list_users, iam\.v1alpha2\.list_users"
    ):
        explained("list_users")


def test_an_unknown_name_is_refused_with_what_is_near() -> None:
    with pytest.raises(GeneratorError, match=r"no operation and no schema 'list_userz'"):
        explained("list_userz")
    with pytest.raises(GeneratorError, match=r"Near it: .*iam\.v1alpha2\.list_users"):
        explained("GET /kapis/list_users")


def test_the_command_prints_text_or_json() -> None:
    text = CliRunner().invoke(main, ["explain", "--offline", "GET", USERS])
    as_json = CliRunner().invoke(main, ["explain", "--offline", "--json", "GET", USERS])

    assert (text.exit_code, as_json.exit_code) == (0, 0)
    assert "What was done:" in text.output
    assert "def list_users(self" in text.output
    assert json.loads(as_json.output)["subject"] == f"GET {USERS}, iam.v1alpha2.list_users"


def test_the_command_ends_2_where_there_is_no_such_thing() -> None:
    result = CliRunner().invoke(main, ["explain", "--offline", "nothing.of.the.kind"])

    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) <= 3
