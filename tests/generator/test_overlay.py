"""Corrections of one release: applied as OpenAPI Overlay 1.0 says, never in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import overlay
from generator.errors import GeneratorError
from generator.release import LeftOut, Release, Source
from tests.generator.documents import document, operation, without_evidence

SOURCE = Source("kubesphere", "go-restful", "https://github.com/a/b", "main", "a" * 40, "api/swagger.json", "b" * 64)


def action(target: str, **members: Any) -> dict[str, Any]:
    return {"target": target, "description": "wrong", "x-evidence": {"source": ["a.go:1"]}, **members}


def overlay_file(folder: Path, *actions: Any, **members: Any) -> Path:
    content = {
        "overlay": "1.0.0",
        "info": {"title": "t", "version": "1"},
        "extends": SOURCE.path,
        "actions": list(actions),
    }
    path = folder / "a.yaml"
    path.write_text(yaml.safe_dump({**content, **members}))
    return path


def read(path: Path) -> overlay.Overlay:
    return overlay.read(path, name=f"{path.parent.name}/{path.name}")


def applied(before: dict[str, Any], folder: Path, *actions: Any) -> dict[str, Any]:
    return overlay.apply(before, [read(overlay_file(folder, *actions))], source=SOURCE)


def test_an_update_merges_into_an_object(tmp_path: Path) -> None:
    before = document(schemas={"a.B": {"type": "object", "properties": {"x": {"type": "string"}}}})

    after = applied(
        before, tmp_path, action("$.components.schemas['a.B']", update={"properties": {"y": {}, "x": {"format": "f"}}})
    )

    assert without_evidence(after["components"]["schemas"]["a.B"]) == {
        "type": "object",
        "properties": {"x": {"type": "string", "format": "f"}, "y": {}},
    }
    assert "y" not in before["components"]["schemas"]["a.B"]["properties"]


def test_an_update_is_appended_to_an_array(tmp_path: Path) -> None:
    before = document({"/a": {"get": operation("a", parameters=[{"name": "x"}])}})

    after = applied(before, tmp_path, action("$.paths['/a'].get.parameters", update={"name": "y"}))

    assert after["paths"]["/a"]["get"]["parameters"] == [{"name": "x"}, {"name": "y"}]


def test_a_filter_selects_by_value(tmp_path: Path) -> None:
    parameters = [{"name": name, "schema": {"type": "string"}} for name in ("x", "limit")]
    before = document({"/a": {"get": operation("a", parameters=parameters)}})

    after = applied(
        before, tmp_path, action("$.paths['/a'].get.parameters[?@.name == 'limit'].schema", update={"type": "integer"})
    )

    assert [one["schema"]["type"] for one in after["paths"]["/a"]["get"]["parameters"]] == ["string", "integer"]


def test_what_an_alias_repeats_is_corrected_in_one_place_alone(tmp_path: Path) -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "string"}}
    item = {"get": operation("a", parameters=[limit]), "post": operation("b", parameters=[limit])}
    add = action("$.paths", update={"/a": item})
    correct = action("$.paths['/a'].get.parameters[0].schema", update={"type": "integer"})
    assert "*id" in overlay_file(tmp_path, add, correct).read_text()  # PyYAML writes the same object once

    after = applied(document(), tmp_path, add, correct)["paths"]["/a"]

    assert after["get"]["parameters"][0]["schema"] == {"type": "integer"}
    assert after["post"]["parameters"][0]["schema"] == {"type": "string"}


def test_several_elements_of_one_array_are_removed(tmp_path: Path) -> None:
    before = document({"/a": {"get": operation("a", tags=list("abcdefghijkl"))}})

    after = applied(before, tmp_path, action("$.paths['/a'].get.tags[1,10,2]", remove=True))

    assert after["paths"]["/a"]["get"]["tags"] == list("adefghijl")


@pytest.mark.parametrize("target", ["$.paths['/a'].get", "$.paths['/a']"])
def test_a_removed_operation_is_withdrawn_with_the_reason(target: str, tmp_path: Path) -> None:
    published = {"source": "kubesphere", "method": "GET", "path": "/a"}
    before = document({"/a": {"get": operation("a", **{"x-kubesphere-published": published})}})

    after = applied(before, tmp_path, action(target, remove=True, description="never\n served"))

    assert after["paths"] == {}
    assert without_evidence(after["x-kubesphere-withdrawn"]) == [{**published, "reason": "never served"}]


def test_an_overlay_of_another_file_is_left_alone(tmp_path: Path) -> None:
    path = overlay_file(tmp_path, action("$.nothing", remove=True), extends="api/other.json")

    assert overlay.apply(document(), [read(path)], source=SOURCE) == document()


def test_an_overlay_of_a_file_that_is_no_source_is_refused(tmp_path: Path) -> None:
    overlays = [read(overlay_file(tmp_path, action("$.x", remove=True), extends="api/other.json"))]

    with pytest.raises(GeneratorError, match="no source of the release"):
        overlay.check_extends(overlays, [SOURCE])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (action("$.paths['/b']", remove=True), "action 1 matches nothing"),
        (action("$.paths[", remove=True), "not RFC 9535 JSONPath"),
        (action("$.info.title", update={}), "is neither"),
        (action("$", remove=True), "whole document"),
        (action("$.info", update="text"), "is neither"),
        (action("$.info", update={}, remove=True), "either `update` or `remove: true`"),
        (action("$.info"), "either `update` or `remove: true`"),
        ({"target": "$.info", "update": {}, "x-evidence": "e"}, "no `description`"),
        ({"target": "$.info", "update": {}, "description": "d"}, "no `x-evidence`"),
        ({"update": {}}, "no `target`"),
        ("text", "no `target`"),
    ],
)
def test_an_action_that_cannot_work_names_itself(wrong: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=said) as caught:
        applied(document(), tmp_path, wrong)

    assert "a.yaml, action 1" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("overlay: [", "cannot be read"),
        ("overlay: 1.0.0\noverlay: 1.0.0\n", "stands twice"),
        ("!!python/object/apply:os.getcwd []", "cannot be read"),
        ("overlay: 2.0.0", "is not an OpenAPI Overlay 1.0"),
        ("[]", "is not an OpenAPI Overlay 1.0"),
        ("overlay: 1.0.0\nextends: x", "needs `extends`"),
    ],
)
def test_a_file_that_is_no_overlay_is_named(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)

    with pytest.raises(GeneratorError, match=said) as caught:
        read(tmp_path / "a.yaml")

    assert "a.yaml" in str(caught.value)


def test_what_an_array_holds_is_not_appended_again(tmp_path: Path) -> None:
    before = document(schemas={"a.B": {"type": ["string", "null"]}})

    with pytest.raises(GeneratorError, match=r"appends 'string' to `type` of \$\.\S+, which holds it already"):
        applied(before, tmp_path, action("$.components.schemas['a.B']", update={"type": ["string", "null"]}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: {200: x}", "holds 200, which JSON cannot hold, at a, as a key"),
        ("a: {null: x}", "holds None, which JSON cannot hold, at a, as a key"),
        ("a: [2020-01-01]", r"which JSON cannot hold, at a\[0\]"),
        ("a: .nan", "holds nan, which JSON cannot hold, at a"),
        ("a: !!binary aGk=", "which JSON cannot hold, at a"),
        ("a: " + "[" * 3000 + "]" * 3000, "is nested too deeply|cannot be read"),
        ("a: " + "[" * 100_000 + "]" * 100_000, "is nested too deeply"),
        ("- " * 100_000 + "a", "is nested too deeply"),
        (
            "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
            + "\n".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)),
            "holds more than 500,000 values",
        ),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text)

    with pytest.raises(GeneratorError, match=message):
        read(path)


def release(folder: Path, *without: LeftOut) -> Release:
    path = overlay_file(folder, action("$.a", remove=True), action("$.b", remove=True), action("$.b", update={}))
    return Release("release-1.0", "1.0.0", "Test", folder / "release-1.0", (SOURCE,), (path,), Path(), without)


def test_what_a_release_does_without_is_not_applied(tmp_path: Path) -> None:
    one = overlay.load(release(tmp_path, LeftOut("a.yaml", ("$.b",), "it has none")))[0]

    assert [action.where for action in one.actions] == ["a.yaml, action 1"]


def test_a_release_does_without_a_whole_overlay(tmp_path: Path) -> None:
    assert overlay.load(release(tmp_path, LeftOut("a.yaml", (), "it has none")))[0].actions == ()


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (LeftOut("b.yaml", (), "r"), "without b.yaml, which is none of its overlays"),
        (LeftOut("a.yaml", ("$.c",), "r"), "where there is no such action"),
    ],
)
def test_doing_without_what_is_not_there_is_refused(left_out: LeftOut, said: str, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=said):
        overlay.load(release(tmp_path, left_out))


def test_all_actions_that_match_nothing_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError) as caught:
        applied(document(), tmp_path, *(action(f"$.none{number}", remove=True) for number in range(3)))

    assert "action 1 matches nothing: $.none0\n2 more match nothing: " in str(caught.value)
    assert "action 2; " in str(caught.value)
    assert "action 3\n" in str(caught.value)
