"""What becomes of our corrections when the file that they correct changes."""

from __future__ import annotations

from typing import Any

from generator.drift import corrections
from generator.drift.drift import CorrectionChange, Standing
from generator.overlay import Action, Overlay
from generator.release import Source
from generator.repair import repair
from tests.generator.documents import answers, document, operation, parameter, without_evidence

SOURCE = Source("kubesphere", "go-restful", "https://github.com/a/b", "main", "a" * 40, "api/swagger.json", "b" * 64)
PLAIN = {"type": "string"}


def action(target: str, update: Any = None, *, remove: bool = False) -> Action:
    return Action(target, "wrong", {"source": ["a.go:1"]}, update, remove, "overlays/a.yaml, action 1")


def standing(old: dict[str, Any], new: dict[str, Any], one: Action) -> CorrectionChange:
    overlays = [Overlay("overlays/a.yaml", SOURCE.path, (one,))]
    before, after = (corrections.follow(state, overlays, source=SOURCE) for state in (old, new))
    (found,) = corrections.compare(SOURCE, before, after)
    return found


def a_list(schema: dict[str, Any], **members: Any) -> dict[str, Any]:
    return document({"/a": {"get": operation("a", responses=answers(schema), **members)}})


ANSWER = "$.paths['/a'].get.responses['200'].content['application/json'].schema"


def test_a_correction_applies_while_what_it_corrects_stands_there() -> None:
    found = standing(
        a_list(PLAIN), a_list({**PLAIN, "description": "other words"}), action(ANSWER, {"type": "integer"})
    )

    assert (found.standing, found.fits) == (Standing.APPLIES, True)


def test_what_the_new_file_says_itself_is_fixed_upstream() -> None:
    found = standing(a_list(PLAIN), a_list({"type": "integer"}), action(ANSWER, {"type": "integer"}))

    assert found.standing is Standing.FIXED_UPSTREAM
    assert found.fits


def test_what_says_something_else_now_needs_another_look() -> None:
    found = standing(a_list(PLAIN), a_list({"type": "boolean"}), action(ANSWER, {"type": "integer"}))

    assert found.standing is Standing.LOOK_AGAIN
    assert "GET /a" in found.reason


def test_other_words_of_a_schema_that_is_overwritten_in_part_need_another_look() -> None:
    old, new = a_list({"type": "array", "items": PLAIN}), a_list({"type": "array", "items": {"type": "integer"}})

    assert standing(old, new, action(ANSWER, {"type": "string"})).standing is Standing.LOOK_AGAIN


def test_a_correction_of_an_operation_that_is_no_longer_there_is_gone() -> None:
    found = standing(a_list(PLAIN), document(), action(ANSWER, {"type": "integer"}))

    assert (found.standing, found.fits) == (Standing.GONE, False)
    assert found.reason == "GET /a is no longer in the file"


def test_what_was_to_be_removed_and_is_not_there_is_fixed_upstream() -> None:
    old, new = a_list(PLAIN, parameters=[parameter("x")]), a_list(PLAIN, parameters=[])

    found = standing(old, new, action("$.paths['/a'].get.parameters[?@.name == 'x']", remove=True))

    assert (found.standing, found.fits) == (Standing.FIXED_UPSTREAM, False)


def test_what_was_to_be_removed_from_a_schema_that_is_gone_is_gone_too() -> None:
    old = document(schemas={"a.B": {"properties": {"x": PLAIN}}})

    found = standing(old, document(), action("$.components.schemas['a.B'].properties.x", remove=True))

    assert found.standing is Standing.GONE


def test_a_target_that_neither_file_has_matches_nothing() -> None:
    found = standing(document(), document(), action(ANSWER, {"type": "integer"}))

    assert (found.standing, found.fits) == (Standing.MATCHES_NOTHING, False)


def test_a_target_that_matches_an_operation_more_needs_another_look() -> None:
    old = a_list(PLAIN)
    new = document({**old["paths"], "/b": {"get": operation("b", responses=answers(PLAIN))}})
    everywhere = ANSWER.replace("['/a'].get", "[*][*]")

    found = standing(old, new, action(everywhere, {"type": "integer"}))

    assert found.standing is Standing.WIDER
    assert found.reason == "it matches more than before: GET /b"


def test_an_operation_that_we_add_and_the_new_file_has_itself_needs_another_look() -> None:
    added = {"/oauth/token": {"post": operation("token", responses=answers(PLAIN))}}
    new = document({"/oauth/token": {"post": operation("login", responses=answers({}))}})

    found = standing(document(), new, action("$.paths", added))

    assert found.standing is Standing.LOOK_AGAIN
    assert "POST /oauth/token" in found.reason


def test_an_operation_that_we_add_takes_the_place_of_the_one_that_the_file_has() -> None:
    ours = action("$.paths", {"/a": {"get": operation("ours", responses=answers(PLAIN))}})
    theirs = a_list({"type": "integer"}, summary="theirs", parameters=[parameter("x")])

    working, _ = corrections.follow(theirs, [Overlay("overlays/a.yaml", SOURCE.path, (ours,))], source=SOURCE)

    assert without_evidence(working["paths"]["/a"]["get"]) == operation("ours", responses=answers(PLAIN))


def test_a_schema_that_we_add_takes_the_place_of_the_one_that_the_file_has() -> None:
    ours = {"type": "object", "properties": {"name": PLAIN}}
    theirs = document(schemas={"a.B": {**ours, "required": ["name"], "x-always-serialised": ["name"]}})
    adding = action("$.components.schemas", {"a.B": ours})

    working, _ = corrections.follow(theirs, [Overlay("overlays/a.yaml", SOURCE.path, (adding,))], source=SOURCE)

    assert without_evidence(working["components"]["schemas"]["a.B"]) == ours


def test_what_we_add_and_the_new_file_says_to_the_letter_is_fixed_upstream() -> None:
    added = {"/a": {"get": operation("a", responses=answers(PLAIN))}}

    assert standing(document(), document(added), action("$.paths", added)).standing is Standing.FIXED_UPSTREAM
    assert (
        standing(document(), document(schemas={"a.B": PLAIN}), action("$.components.schemas", {"a.B": PLAIN})).standing
        is Standing.FIXED_UPSTREAM
    )


def test_only_what_the_new_file_says_otherwise_needs_another_look() -> None:
    added = {path: {"get": operation(path, responses=answers(PLAIN))} for path in ("/a", "/b")}
    new = document({"/a": added["/a"], "/b": {"get": operation("/b", responses=answers({"type": "integer"}))}})

    found = standing(document(), new, action("$.paths", added))

    assert found.standing is Standing.LOOK_AGAIN
    assert found.reason == "the new file has it itself and says something else, at GET /b"


def test_an_operation_that_we_describe_and_the_new_file_no_longer_has_needs_another_look() -> None:
    ours = action("$.paths", {"/a": {"get": operation("ours", responses=answers(PLAIN))}})

    found = standing(a_list({"type": "integer"}), document(), ours)

    assert found.standing is Standing.LOOK_AGAIN
    assert found.reason == "the new file no longer has itself what it corrects, at GET /a"


def test_another_order_of_what_is_required_is_no_change() -> None:
    old, new = (document(schemas={"a.B": {"type": "object", "required": names}}) for names in (["a", "b"], ["b", "a"]))

    found = standing(old, new, action("$.components.schemas['a.B']", remove=True))

    assert found.standing is Standing.APPLIES


def test_a_parameter_that_we_add_and_the_new_file_has_itself_is_not_added_twice() -> None:
    old, new = a_list(PLAIN, parameters=[]), a_list(PLAIN, parameters=[parameter("limit")])
    ours = action("$.paths['/a'].get", {"parameters": [parameter("limit", schema={"type": "integer"})]})

    working, _ = corrections.follow(new, [Overlay("overlays/a.yaml", SOURCE.path, (ours,))], source=SOURCE)
    found = standing(old, new, ours)

    assert working["paths"]["/a"]["get"]["parameters"] == [parameter("limit", schema={"type": "integer"})]
    assert (found.standing, found.fits) == (Standing.LOOK_AGAIN, False)
    assert "query parameter limit" in found.reason


def test_a_parameter_that_stands_there_to_the_letter_is_fixed_upstream_and_does_not_fit() -> None:
    old, new = a_list(PLAIN, parameters=[]), a_list(PLAIN, parameters=[parameter("limit")])

    found = standing(old, new, action("$.paths['/a'].get", {"parameters": [parameter("limit")]}))

    assert (found.standing, found.fits) == (Standing.FIXED_UPSTREAM, False)


def test_an_action_that_no_longer_fits_is_told_and_the_others_go_on() -> None:
    new = a_list(PLAIN)
    new["paths"]["/a"]["get"]["summary"] = "text"
    first = action("$.paths['/a'].get.summary", {"type": "integer"})
    second = action(ANSWER, {"type": "integer"})
    overlays = [Overlay("overlays/a.yaml", SOURCE.path, (first, second))]

    working, traces = corrections.follow(new, overlays, source=SOURCE)

    schema = working["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert without_evidence(schema) == {"type": "integer"}
    assert [one.fits for one in traces] == [False, True]
    assert "neither" in traces[0].refusal


def test_a_rule_that_mends_nothing_any_more_is_fixed_upstream() -> None:
    untyped = document(schemas={"a.B": {"properties": {"x": PLAIN}}})
    typed = document(schemas={"a.B": {"type": "object", "properties": {"x": PLAIN}}})
    old, new = (repair(one, writer="go-restful") for one in (untyped, typed))

    found = {one.where: one for one in corrections.compare_rules(SOURCE, old, new)}

    assert found["rule untyped-definitions"].standing is Standing.FIXED_UPSTREAM
    assert found["rule untyped-definitions"].reason == "it mends 0 places, 1 before"
