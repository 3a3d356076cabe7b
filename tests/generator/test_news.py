"""What a comparison tells a user of the package."""

from __future__ import annotations

from generator import news
from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level

MODELS = "kubesphere_client.models"


def drift(*api: Finding, python: tuple[Finding, ...] = ()) -> Drift:
    return Drift("release-1.0", "old", "new", (), api, python, ())


def whole(check: str, path: str, method: str) -> Finding:
    operation = f"GET /kapis/iam.kubesphere.io/v1alpha2/{path}"
    return Finding(
        check, Level.COMPATIBLE, operation, operation, "text", "iam.v1alpha2", (operation,), (f"iam.v1alpha2.{method}",)
    )


def field(model: str, name: str, text: str, *, check: str = "response-property-changed", level: Level) -> Finding:
    return Finding(check, level, f"schema {model} {name}", f"{model.partition('.')[2]}.{name}", text)


def of_python(check: str, subject: str, text: str, *, level: Level = Level.BREAKING) -> Finding:
    return Finding(check, level, subject, subject, text)


REMOVED = Finding(
    "request-parameter-removed",
    Level.BREAKING,
    "GET /users query:sort",
    "GET /users query sort",
    "the parameter `sort` is gone",
    "iam.v1alpha2",
    ("GET /users",),
    ("iam.v1alpha2.list_users",),
)


def test_new_operations_are_one_line_for_each_group_by_the_names_of_their_methods() -> None:
    added = [whole("endpoint-added", name, f"list_{name}") for name in ("users", "groups")]

    assert news.entry(drift(*added)) == {"Added": ["- `iam.v1alpha2`: `list_groups`, `list_users`"]}


def test_an_operation_at_another_address_under_the_same_name_is_neither_new_nor_gone() -> None:
    old = whole("api-removed-without-deprecation", "users", "list_users")
    new = whole("endpoint-added", "people", "list_users")

    (line,) = news.entry(drift(old, new))["Changed"]
    assert line.startswith("- **Breaking:** `iam.v1alpha2.list_users`: it is `GET")
    assert news.entry(drift(old, new)).keys() == {"Changed"}


def test_a_change_is_told_as_a_user_writes_it_and_says_when_it_breaks() -> None:
    assert news.entry(drift(REMOVED)) == {
        "Removed": ["- **Breaking:** `iam.v1alpha2.list_users(sort)`: the parameter \\`sort\\` is gone"]
    }


def test_an_argument_that_both_sections_find_is_told_once() -> None:
    same = of_python("python-parameter-removed", "ks.iam.v1alpha2.list_users(sort)", "gone")

    assert news.entry(drift(REMOVED, python=(same,))) == news.entry(drift(REMOVED))


def test_another_change_of_the_same_method_in_python_is_not_left_out() -> None:
    returned = of_python("python-return-changed-type", "ks.iam.v1alpha2.list_users", "what is returned changed")

    assert news.entry(drift(REMOVED, python=(returned,)))["Changed"] == [
        "- **Breaking:** `iam.v1alpha2.list_users`: what is returned changed"
    ]


def test_the_type_of_an_answer_is_told_in_the_words_of_the_package() -> None:
    answer = Finding(
        "response-body-type-changed",
        Level.BREAKING,
        "GET /users 200",
        "GET /users 200",
        "the type changed from Users to any value",
        "iam.v1alpha2",
        ("GET /users",),
        ("iam.v1alpha2.list_users",),
    )
    returned = Finding(
        "python-return-changed-type",
        Level.BREAKING,
        "ks.iam.v1alpha2.list_users",
        "ks.iam.v1alpha2.list_users",
        "what is returned changed from list[User] to Any",
        before="list[User]",
        after="Any",
    )

    assert news.entry(drift(answer, python=(returned,))) == {
        "Changed": ["- **Breaking:** `iam.v1alpha2.list_users`: what is returned changed from `list[User]` to `Any`"]
    }


def test_a_field_is_told_once_by_the_name_that_python_has_for_it_and_as_bad_as_it_is_there() -> None:
    api = field("a_v1.Run", "endTime", "the property was removed", check="property-removed", level=Level.RISKY)
    python = of_python("python-object-removed", f"{MODELS}.a_v1.Run.end_time", "the attribute was removed")

    assert news.entry(drift(api, python=(python,))) == {
        "Removed": ["- **Breaking:** `models.a_v1.Run.end_time`: the property was removed"]
    }


def test_a_model_that_is_gone_is_told_as_the_class_that_is_gone() -> None:
    api = Finding("response-body-type-changed", Level.BREAKING, "schema a_v1.Run", "Run", "any value now")
    python = of_python("python-object-removed", f"{MODELS}.a_v1.Run", "the class was removed")

    assert news.entry(drift(api, python=(python,))) == {
        "Removed": ["- **Breaking:** `models.a_v1.Run`: the class was removed"]
    }
    assert news.entry(drift(api)) == {"Changed": ["- **Breaking:** `models.a_v1.Run`: any value now"]}


def test_a_field_that_changes_for_both_directions_is_told_once_with_the_worse() -> None:
    sent = field("a_v1.A", "x", "text now", level=Level.BREAKING)
    received = field("a_v1.A", "x", "another text", level=Level.RISKY)

    assert news.entry(drift(sent, received)) == {"Changed": ["- **Breaking:** `models.a_v1.A.x`: text now"]}


def test_two_changes_of_one_field_are_both_told() -> None:
    text = field("a_v1.A", "x", "another type", check="request-property-type-changed", level=Level.BREAKING)
    default = field("a_v1.A", "x", "another default", check="request-property-default-changed", level=Level.RISKY)

    assert len(news.entry(drift(text, default))["Changed"]) == 2


def test_what_is_the_same_of_several_is_said_once() -> None:
    python = tuple(
        of_python("python-object-removed", f"{MODELS}.{name}", "the class was removed")
        for name in ("b_v1.C", "a_v1.A", "a_v1.B")
    )

    assert news.entry(drift(python=python)) == {
        "Removed": ["- **Breaking:** the class was removed: `models.a_v1.A`, `.B`, `models.b_v1.C`"]
    }


def test_a_class_under_another_name_is_told_with_both() -> None:
    renamed = Finding(
        "python-object-renamed",
        Level.BREAKING,
        f"{MODELS}.b.A",
        f"{MODELS}.b.A",
        "it was called …",
        before=f"{MODELS}.a.A",
        after=f"{MODELS}.b.A",
    )

    assert news.entry(drift(python=(renamed,))) == {"Changed": ["- **Breaking:** renamed: `models.a.A` → `models.b.A`"]}


def test_what_breaks_comes_first_and_an_argument_that_must_be_given_is_no_addition() -> None:
    added = of_python("python-parameter-added-required", "ks.iam.v1alpha2.list_users(cluster)", "a required one")
    mild = field("a_v1.A", "x", "optional now", level=Level.COMPATIBLE)

    assert news.entry(drift(mild, python=(added,))) == {
        "Changed": [
            "- **Breaking:** `iam.v1alpha2.list_users(cluster)`: a required one",
            "- `models.a_v1.A.x`: optional now",
        ]
    }


def test_what_goes_with_its_operations_is_not_told_again() -> None:
    gone = whole("api-removed-without-deprecation", "users", "list_users")
    method = of_python("python-object-removed", "ks.iam.v1alpha2.list_users", "the method was removed")
    group = of_python("python-object-removed", "ks.iam", "the group was removed")

    assert news.entry(drift(gone, python=(method, group))) == {
        "Removed": ["- **Breaking:** `iam.v1alpha2`: `list_users`"]
    }


def test_a_text_of_the_file_cannot_write_markdown() -> None:
    hostile = Finding("x-changed", Level.RISKY, "p", "a`b\n## c", "[x](y)\n# z <b>")

    assert news.entry(drift(hostile)) == {"Changed": ["- `a'b ## c`: \\[x\\](y) \\# z \\<b\\>"]}
