"""What breaks a user's code between two trees of the client package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import griffe
import pytest

from generator.drift.finding import Finding, Level
from generator.drift.python import checks, compare
from generator.drift.python.type_changes import read, written
from generator.errors import GeneratorError

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "release-3.0"
SRC = "src/kubesphere_client/"
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"


def tree(modules: Mapping[str, str], calls: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """A package of some modules; `calls` are the methods and their paths."""
    methods = [{"call": call, "method": "GET", "path": path} for call, path in (calls or {}).items()]
    files = {"__init__.py": "", **modules}
    return {
        **{SRC + name: text.encode() for name, text in files.items()},
        "manifest.json": json.dumps({"methods": methods}).encode(),
    }


def said(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    return [(one.check, one.level.value, one.subject) for one in compare(old, new)]


def module(text: str) -> dict[str, bytes]:
    return tree({"auth.py": text})


CLIENT = {
    "__init__.py": "from kubesphere_client._client import AsyncKubeSphere, KubeSphere\n"
    '__all__ = ["AsyncKubeSphere", "KubeSphere"]\n',
    "_client.py": "from kubesphere_client._groups import AsyncGroups, Groups\n"
    "class KubeSphere(Groups):\n    def __init__(self, base_url: str | None = None): ...\n    def close(self) -> None: ...\n"
    "class AsyncKubeSphere(AsyncGroups):\n    def __init__(self, base_url: str | None = None): ...\n"
    "    async def close(self) -> None: ...\n",
    "_groups.py": "from functools import cached_property\nfrom typing import TYPE_CHECKING\n"
    "if TYPE_CHECKING:\n    from kubesphere_client.operations.iam_v1alpha2 import AsyncIamV1alpha2, IamV1alpha2\n"
    "class Iam:\n    @cached_property\n    def v1alpha2(self) -> IamV1alpha2: ...\n"
    "class AsyncIam:\n    @cached_property\n    def v1alpha2(self) -> AsyncIamV1alpha2: ...\n"
    "class Groups:\n    @cached_property\n    def iam(self) -> Iam: ...\n"
    "class AsyncGroups:\n    @cached_property\n    def iam(self) -> AsyncIam: ...\n",
    "operations/__init__.py": "",
    "_operation.py": "from typing import TypedDict\nclass RequestOptions(TypedDict, total=False):\n    timeout: float\n",
}


def client(sync: str, asynchronous: str | None = None, path: str = USERS) -> dict[str, bytes]:
    """A package with two methods of `ks.iam.v1alpha2`, given by their signatures."""
    both = sync if asynchronous is None else asynchronous
    operations = (
        "from typing import Unpack\nfrom kubesphere_client._operation import RequestOptions\n"
        '__all__ = ["IamV1alpha2", "AsyncIamV1alpha2"]\n'
        f"class IamV1alpha2:\n    def {sync}: ...\nclass AsyncIamV1alpha2:\n    async def {both}: ...\n"
    )
    name = sync.partition("(")[0]
    return tree({**CLIENT, "operations/iam_v1alpha2.py": operations}, {f"iam.v1alpha2.{name}": path})


def model(fields: str, name: str = "User", more: str = "") -> dict[str, bytes]:
    text = f"from attrs import define, field\n@define(kw_only=True)\nclass {name}:\n{fields}\n{more}"
    return tree({"models/__init__.py": f"from .iam_v1alpha2 import {name} as {name}\n", "models/iam_v1alpha2.py": text})


USER = "kubesphere_client.models.iam_v1alpha2.User"


@pytest.mark.parametrize(
    ("kind", "old", "new", "subject"),
    [
        ("parameter-moved", "def f(a, b): ...", "def f(b, a): ...", "f(a)"),
        ("parameter-removed", "def f(a, b=1): ...", "def f(a): ...", "f(b)"),
        ("parameter-changed-kind", "def f(a): ...", "def f(*, a): ...", "f(a)"),
        ("parameter-changed-required", "def f(a=1): ...", "def f(a): ...", "f(a)"),
        ("parameter-added-required", "def f(): ...", "def f(*, a): ...", "f(a)"),
        ("parameter-changed-default", "def f(a=1): ...", "def f(a=2): ...", "f(a)"),
        ("parameter-changed-type", "def f(a: int): ...", "def f(a: str): ...", "f(a)"),
        ("return-changed-type", "def f() -> int: ...", "def f() -> str: ...", "f"),
        ("object-removed", "def f(): ...", "x: int", "f"),
        ("object-changed-kind", "def f(): ...", "class f: ...", "f"),
        ("object-changed-kind", "def f(): ...", "async def f(): ...", "f"),
        ("attribute-changed-type", "class A:\n    x: int", "class A:\n    x: str", "A.x"),
        ("class-removed-base", "class A(ValueError): ...", "class A: ...", "A"),
        ("class-removed-base", "class A(ValueError): ...", "class A(TypeError): ...", "A"),
        ("attribute-changed-value", "LIMIT = 1", "LIMIT = 2", "LIMIT"),
        ("object-added", "", "class A:\n    def f(self): ...", "A"),
        ("object-added", "class A: ...", "class A:\n    def f(self): ...", "A.f"),
        ("parameter-added", "def f(): ...", "def f(a=1): ...", "f(a)"),
    ],
)
def test_each_change_is_found_by_its_check(kind: str, old: str, new: str, subject: str) -> None:
    found = [(check, where) for check, _, where in said(module(old), module(new))]

    assert (f"python-{kind}", f"kubesphere_client.auth.{subject}") in found


def test_every_kind_of_griffe_has_a_check_and_no_two_have_one_id() -> None:
    assert set(checks.GRIFFE) == set(griffe.BreakageKind)
    assert len({one.id for one in checks.ALL}) == len(checks.ALL)


def test_a_method_is_named_as_a_user_calls_it_and_once_for_both_clients() -> None:
    (one,) = compare(client("list_users(self, *, limit=1)"), client("list_users(self)"))

    assert one.check == "python-parameter-removed"
    assert one.subject == one.place == "ks.iam.v1alpha2.list_users(limit)"
    assert one.text == "the parameter was removed"
    assert one.group == "iam.v1alpha2"
    assert one.calls == ("iam.v1alpha2.list_users",)
    assert one.operations == (f"GET {USERS}",)
    assert (one.before, one.after) == ("limit = 1", None)


def test_a_change_of_one_client_says_which() -> None:
    old = client("list_users(self, *, limit=1)")
    new = client("list_users(self, *, limit=1)", "list_users(self)")

    (one,) = compare(old, new)

    assert one.subject == "ks.iam.v1alpha2.list_users(limit)"
    assert one.text == "the parameter was removed (async only)"
    assert one.place == "async ks.iam.v1alpha2.list_users(limit)"


def test_options_swallow_no_removed_keyword() -> None:
    options = "**options: Unpack[RequestOptions]"

    assert said(client(f"get(self, *, a=1, {options})"), client(f"get(self, {options})")) == [
        ("python-parameter-removed", "breaking", "ks.iam.v1alpha2.get(a)")
    ]


def test_a_change_of_the_options_of_all_methods_is_said_once() -> None:
    exported = 'from kubesphere_client._operation import RequestOptions\n__all__ = ["RequestOptions"]\n'
    methods = "from typing import Unpack\nfrom kubesphere_client._operation import RequestOptions\n" + "".join(
        f"def {name}(**options: Unpack[RequestOptions]): ...\n" for name in "abc"
    )
    options = CLIENT["_operation.py"]

    def package(operation: str) -> dict[str, bytes]:
        return tree({"__init__.py": exported, "_operation.py": operation, "auth.py": methods})

    assert said(package(f"{options}    retries: int\n"), package(options)) == [
        ("python-object-removed", "breaking", "kubesphere_client.RequestOptions.retries")
    ]


def test_keywords_that_a_typed_dict_names_are_parameters() -> None:
    start = "from typing import TypedDict, Unpack\nclass Query(TypedDict, total=False):\n    name: str\n"
    end = "def find(**query: Unpack[Query]): ...\n"

    found = said(module(f"{start}    limit: int\n{end}"), module(start + end))

    assert ("python-parameter-removed", "breaking", "kubesphere_client.auth.find(limit)") in found


def test_a_renamed_method_of_the_same_operation_is_one_finding() -> None:
    (one,) = compare(client("list_users(self, *, limit=1)"), client("list_accounts(self, *, limit=1)"))

    assert (one.check, one.level) == ("python-object-renamed", Level.BREAKING)
    assert (one.before, one.after) == ("ks.iam.v1alpha2.list_users", "ks.iam.v1alpha2.list_accounts")
    assert one.subject == "ks.iam.v1alpha2.list_accounts"


def test_a_renamed_method_is_compared_with_what_it_became() -> None:
    found = said(client("list_users(self, *, limit=1)"), client("list_accounts(self)"))

    assert ("python-parameter-removed", "breaking", "ks.iam.v1alpha2.list_accounts(limit)") in found


def test_methods_of_different_operations_are_no_rename() -> None:
    found = said(client("list_users(self)"), client("list_accounts(self)", path="/kapis/other"))

    assert [check for check, _, _ in found] == ["python-object-removed", "python-object-added"]


def test_a_renamed_class_with_the_same_fields_is_one_finding() -> None:
    use = "def first(users: list[{0}]) -> {0}: ...\n"
    old = model("    name: str = 'a'\n    email: str = 'b'", more=use.format("User"))
    new = model("    name: str = 'a'\n    email: str = 'b'", "Account", use.format("Account"))

    assert said(old, new) == [
        ("python-object-renamed", "breaking", "kubesphere_client.models.iam_v1alpha2.Account"),
    ]


def test_a_class_that_moved_to_another_module_is_one_finding() -> None:
    text = "class Token:\n    value: str\n    expires: int\n"
    user = "from kubesphere_client.models import {0}\ndef login() -> {0}.Token: ...\n"
    old = tree({"models/__init__.py": "", "models/oauth.py": text, "auth.py": user.format("oauth")})
    new = tree({"models/__init__.py": "", "models/shared.py": text, "auth.py": user.format("shared")})

    assert said(old, new) == [("python-object-renamed", "breaking", "kubesphere_client.models.shared.Token")]


def test_classes_that_moved_together_have_the_types_they_had() -> None:
    part = "class Part:\n    value: str\n    expires: int\n"
    whole = "class Whole:\n    parts: list[{0}Part]\n    kept: {1}Kept\n    known: {2}Known\n"
    kept = "class Kept:\n    name: str\n    age: int\n"
    known = "class Known:\n    email: str\n    phone: str\n"
    imports = "from kubesphere_client.models import {}\n"
    old = tree(
        {
            "models/__init__.py": "",
            "models/a.py": imports.format("b") + part + kept + whole.format("", "", "b."),
            "models/b.py": known,
        }
    )
    new = tree(
        {
            "models/__init__.py": "",
            "models/a.py": kept,
            "models/b.py": imports.format("a") + part + known + whole.format("", "a.", ""),
        }
    )

    assert said(old, new) == [
        ("python-object-renamed", "breaking", "kubesphere_client.models.b.Part"),
        ("python-object-renamed", "breaking", "kubesphere_client.models.b.Whole"),
    ]


def test_a_class_of_the_same_name_with_other_fields_is_no_rename() -> None:
    old = tree({"models/__init__.py": "", "models/a.py": "class Metric:\n    matrix: str\n    scalar: int\n"})
    new = tree({"models/__init__.py": "", "models/b.py": "class Metric:\n    name: str\n    scalar: int\n"})

    assert [check for check, _, _ in said(old, new)] == ["python-object-removed", "python-object-added"]


def test_classes_that_move_together_are_named_otherwise_and_have_the_types_that_they_had() -> None:
    models = "from attrs import define\n@define\nclass Bucket:\n    count: int\n    time: int\n"
    models += "@define\nclass Logs:\n    buckets: list[Bucket]\n    status: Status\n    owner: {}User\n"
    status = "@define\nclass Status:\n    code: int\n"
    user = "@define\nclass User:\n    name: str\n"
    old = tree(
        {"models/__init__.py": "", "models/logs.py": models.format("tenant.") + status, "models/tenant.py": user}
    )
    new = tree(
        {
            "models/__init__.py": "",
            "models/logs.py": f"from attrs import define\n{status}",
            "models/tenant.py": models.format("").replace("Status", "logs.Status") + user,
        }
    )

    assert said(old, new) == [
        ("python-object-renamed", "breaking", f"kubesphere_client.models.tenant.{name}") for name in ("Bucket", "Logs")
    ]


def test_a_coroutine_that_returns_something_else_as_a_plain_method_is_one_finding() -> None:
    old, new = module("async def f() -> str: ..."), module("def f() -> list[str]: ...")

    assert said(old, new) == [("python-return-changed-type", "breaking", "kubesphere_client.auth.f")]


def test_a_removed_field_is_one_finding_that_stands_for_the_argument_too() -> None:
    assert said(model("    name: str = ''\n    email: str = ''"), model("    name: str = ''")) == [
        ("python-object-removed", "breaking", f"{USER}.email")
    ]


def test_a_changed_type_of_a_field_is_one_finding_with_both_types() -> None:
    (one,) = compare(model("    name: str = ''"), model("    name: list[str] = ''"))

    assert (one.check, one.level, one.subject) == ("python-attribute-changed-type", Level.BREAKING, f"{USER}.name")
    assert (one.before, one.after, one.group) == ("str", "list[str]", "iam.v1alpha2")


def test_a_field_that_must_be_given_now_is_one_finding() -> None:
    assert said(model("    name: str | None = None"), model("    name: str")) == [
        ("python-parameter-changed-required", "breaking", f"{USER}(name)")
    ]


def test_a_new_field_that_must_be_given_breaks_the_constructor() -> None:
    assert said(model("    name: str"), model("    name: str\n    email: str")) == [
        ("python-parameter-added-required", "breaking", f"{USER}(email)")
    ]


def test_a_new_field_with_a_default_is_compatible() -> None:
    new = model("    name: str\n    email: str = field(default='')")

    assert said(model("    name: str"), new) == [("python-object-added", "compatible", f"{USER}.email")]


def test_an_inherited_method_is_one_finding_and_not_one_of_each_class() -> None:
    base = "class Model:\n    def copy(self, {0}): ...\n"
    models = "from kubesphere_client._objects import Model\nclass A(Model): ...\nclass B(Model): ...\n"

    def package(parameters: str) -> dict[str, bytes]:
        return tree({"_objects.py": base.format(parameters), "models/__init__.py": "", "models/a.py": models})

    assert said(package(""), package("deep")) == [
        ("python-parameter-added-required", "breaking", "kubesphere_client.models.a.*.copy(deep)")
    ]


def test_a_name_that_is_exported_twice_is_one_finding_under_its_shortest_path() -> None:
    exports = 'from kubesphere_client.errors import GoneError\n__all__ = ["GoneError"]\n'
    error = "class GoneError(Exception):\n    def __init__(self, {0}): ...\n"

    def package(parameters: str) -> dict[str, bytes]:
        return tree({"__init__.py": exports, "errors.py": error.format(parameters)})

    assert said(package("message"), package("message, body")) == [
        ("python-parameter-added-required", "breaking", "kubesphere_client.GoneError(body)")
    ]


def test_a_lost_export_says_where_the_name_is() -> None:
    old = model("    name: str")
    new = {**old, f"{SRC}models/__init__.py": b""}

    (one,) = compare(old, new)

    assert (one.check, one.subject) == ("python-export-removed", "kubesphere_client.models.User")
    assert one.text == f"the name can no longer be imported from here; take {USER}"


def test_an_overload_that_goes_or_answers_otherwise_is_found() -> None:
    def package(*kinds: str) -> dict[str, bytes]:
        overloads = "".join(
            f"    @overload\n    def get(self, kind: Literal['{kind}']) -> {kind.title()}: ...\n" for kind in kinds
        )
        text = f"from typing import Any, Literal, overload\nclass A:\n{overloads}    def get(self, kind: str) -> Any: ...\n"
        return module(text)

    assert said(package("pod", "node"), package("pod", "job")) == [
        ("python-overload-removed", "breaking", "kubesphere_client.auth.A.get('node')"),
        ("python-overload-added", "compatible", "kubesphere_client.auth.A.get('job')"),
    ]


def test_what_goes_with_its_class_is_not_said_again() -> None:
    old = module("class A:\n    def f(self): ...\n    x: int\n    class B:\n        y: int\n")

    assert said(old, module("")) == [("python-object-removed", "breaking", "kubesphere_client.auth.A")]


def test_parameters_after_one_that_went_did_not_move() -> None:
    assert said(module("def f(a, b): ..."), module("def f(b): ...")) == [
        ("python-parameter-removed", "breaking", "kubesphere_client.auth.f(a)")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def _f(a): ...", ""),
        ("class _A:\n    def f(self): ...", ""),
        ("class A:\n    def _f(self, a): ...", "class A: ..."),
        ("class A:\n    _x: int", "class A: ..."),
        ("import json\nfrom typing import Any", ""),
        ("__all__ = ['f']\ndef f(): ...\ndef g(): ...", "__all__ = ['f']\ndef f(): ..."),
        ("def f():\n    return 1", 'def f():\n    """Other words."""\n    return 2'),
        ("class A:\n    def __repr__(self): ...", "class A: ..."),
    ],
)
def test_what_a_user_cannot_reach_is_no_finding(old: str, new: str) -> None:
    assert compare(module(old), module(new)) == ()


def test_a_private_module_that_nothing_leads_to_is_no_finding() -> None:
    assert compare(tree({"_x.py": "class A: ..."}), tree({})) == ()


def test_an_attribute_that_a_constructor_sets_is_public() -> None:
    text = "class A:\n    def __init__(self, body: str):\n        self.body = body\n{0}"

    assert said(module(text.format("        self.reason: str = ''\n")), module(text.format(""))) == [
        ("python-object-removed", "breaking", "kubesphere_client.auth.A.reason")
    ]


def test_findings_are_sorted_with_the_worst_first() -> None:
    found = compare(module("def b(): ...\ndef c(x=1): ..."), module("def a(): ...\ndef c(x=2): ..."))

    assert [one.level for one in found] == [Level.BREAKING, Level.RISKY, Level.COMPATIBLE]
    assert list(found) == sorted(found, key=lambda one: one.order)


def test_a_file_that_is_not_python_is_named() -> None:
    with pytest.raises(GeneratorError, match=r"auth\.py is not Python that can be read"):
        compare(module("def f("), module(""))


def test_a_tree_without_the_package_is_named() -> None:
    with pytest.raises(GeneratorError, match="no src/kubesphere_client/ to compare"):
        compare({}, module("x = 1"))


@pytest.mark.parametrize(
    ("old", "new", "reading", "writing"),
    [
        ("str", "str", None, None),
        ("str", "str | None", Level.RISKY, Level.COMPATIBLE),
        ("str | None", "str", Level.COMPATIBLE, Level.RISKY),
        ("Optional[str]", "Union[str, None]", Level.COMPATIBLE, Level.COMPATIBLE),
        ("str", "int", Level.BREAKING, Level.BREAKING),
        ("int", "float", Level.RISKY, Level.COMPATIBLE),
        ("str | int", "str", Level.COMPATIBLE, Level.BREAKING),
        ("list[str]", "list[str | None]", Level.RISKY, Level.COMPATIBLE),
        ("list[str]", "list[int]", Level.BREAKING, Level.BREAKING),
        ("list[str]", "dict[str, str]", Level.BREAKING, Level.BREAKING),
        ("Literal['a', 'b']", "Literal['a']", Level.COMPATIBLE, Level.BREAKING),
        ("Literal['a']", "Literal['a', 'b']", Level.RISKY, Level.COMPATIBLE),
        ("Literal['a']", "str", Level.RISKY, Level.COMPATIBLE),
        ("User", "Any", Level.BREAKING, Level.COMPATIBLE),
        ("str | None", "Any", Level.RISKY, Level.COMPATIBLE),
        ("Any", "User", Level.RISKY, Level.RISKY),
    ],
)
def test_types_are_judged_for_those_who_read_and_those_who_give(
    old: str, new: str, reading: Level | None, writing: Level | None
) -> None:
    assert (read(old, new), written(old, new)) == (reading, writing)


@pytest.fixture(scope="module")
def package() -> dict[str, bytes]:
    """The committed package."""
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_bytes()
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".json")
    }


def with_text(package: Mapping[str, bytes], name: str, *replaced: tuple[str, str]) -> dict[str, bytes]:
    text = package[SRC + name].decode()
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return {**package, SRC + name: text.encode()}


def the_one(found: tuple[Finding, ...]) -> tuple[str, Level, str]:
    (one,) = found
    return one.check, one.level, one.subject


def test_nothing_differs_between_the_package_and_itself_written_otherwise(package: dict[str, bytes]) -> None:
    reworded = {name: text + b"\n# A comment.\n" for name, text in package.items() if name.endswith(".py")}

    assert compare(package, {**package, **reworded}) == ()


def test_a_method_that_the_package_loses_is_the_one_finding(package: dict[str, bytes]) -> None:
    new = with_text(package, "operations/iam_v1alpha2.py", ("def list_users(", "def _list_users("))

    assert the_one(compare(package, new)) == (
        "python-object-removed", Level.BREAKING, "ks.iam.v1alpha2.list_users"
    )  # fmt: skip


def test_an_argument_that_the_package_asks_for_is_the_one_finding(package: dict[str, bytes]) -> None:
    new = with_text(
        package,
        "operations/oauth.py",
        ("def exchange_code(self, callback: str, *, code: str,", "def exchange_code(self, callback: str, *, code: str, state: str,"),
        ("self, callback: str, *, code: str, **options", "self, callback: str, *, code: str, state: str, **options"),
    )  # fmt: skip

    assert the_one(compare(package, new)) == (
        "python-parameter-added-required", Level.BREAKING, "ks.oauth.exchange_code(state)"
    )  # fmt: skip


def test_a_field_that_a_model_loses_is_the_one_finding(package: dict[str, bytes]) -> None:
    new = with_text(package, "models/iam_v1alpha2.py", ("    last_login_time: Timestamp | None = None\n", ""))

    assert the_one(compare(package, new)) == (
        "python-object-removed", Level.BREAKING, "kubesphere_client.models.iam_v1alpha2.UserStatus.last_login_time"
    )  # fmt: skip


def test_an_option_of_every_method_that_goes_is_the_one_finding(package: dict[str, bytes]) -> None:
    new = with_text(package, "_operation.py", ("    max_retries: int\n", ""))

    assert the_one(compare(package, new)) == (
        "python-object-removed", Level.BREAKING, "kubesphere_client.RequestOptions.max_retries"
    )  # fmt: skip
