"""A hostile description either stops the run with one clear sentence, or gives a package that is harmless and works.

Each case puts one hostile text into one place of a small description. What comes out is imported and every operation
of it is called, in a process of its own; nothing of the text may run, and no file may appear outside the output.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import pipeline, tree
from generator.errors import GeneratorError
from generator.release import Release, Source

ROOT = Path(__file__).parents[2]
Document = dict[str, Any]

CANARY = "ks_codegen_canary"
RUN = f"__import__('pathlib').Path('{CANARY}').touch()"
TEXTS = {
    "python code": RUN,
    "end of docstring": f'"""\n{RUN}\n"""',
    "end of string": f'" + {RUN} + "',
    "end of single quotes": f"' + {RUN} + '",
    "backslashes": f'\\" + {RUN} + \\"\\\\',
    "newline and code": f"x\n{RUN}\n",
    "carriage return": f"x\r{RUN}\r\n",
    "template syntax": "{{ ''.__class__ }}{% raw %}{# " + RUN + " #}",
    "f-string": "{" + RUN + "}",
    "control characters": "a\x07\x1b[2Jb\x7f\x85",
    "bidirectional": "a\u202eb\u2066c\u2069",
    "path": f"../../../../{CANARY}",
    "reserved word": "class",
    "dunder": "__class__",
    "line separators": f"a\u2028{RUN}\u2029b",
    "empty": "",
    "comment": f"# type: ignore\n#{RUN}",
}


def _operation(document: Document) -> Document:
    found: Document = document["paths"]["/kapis/iam.kubesphere.io/v1alpha2/users/{user}"]["put"]
    return found


def _query(document: Document) -> Document:
    found: Document = _operation(document)["parameters"][1]
    return found


def _user(document: Document) -> Document:
    found: Document = document["definitions"]["v1alpha2.User"]
    return found


def _rename_path_parameter(document: Document, text: str) -> None:
    operation = document["paths"].pop("/kapis/iam.kubesphere.io/v1alpha2/users/{user}")
    operation["put"]["parameters"][0]["name"] = text
    document["paths"]["/kapis/iam.kubesphere.io/v1alpha2/users/{" + text + "}"] = operation


def _rename_schema(document: Document, text: str) -> None:
    document["definitions"][text] = document["definitions"].pop("v1alpha2.User")
    _operation(document)["parameters"][2]["schema"]["$ref"] = f"#/definitions/{text}"
    _operation(document)["responses"]["200"]["schema"]["$ref"] = f"#/definitions/{text}"


PLACES: dict[str, Callable[[Document, str], Any]] = {
    "operation id": lambda d, t: _operation(d).update(operationId=t),
    "summary": lambda d, t: _operation(d).update(summary=t),
    "description": lambda d, t: _operation(d).update(description=t),
    "title and version": lambda d, t: d["info"].update(title=t, version=t),
    "tag": lambda d, t: _operation(d).update(tags=[t]),
    "enum value": lambda d, t: _query(d).update(enum=[t, "other"]),
    "default": lambda d, t: _query(d).update(default=t),
    "parameter name": lambda d, t: _query(d).update(name=t),
    "parameter description": lambda d, t: _query(d).update(description=t),
    "header name": lambda d, t: _query(d).update({"name": t, "in": "header"}),
    "property name": lambda d, t: _user(d)["properties"].update({t: {"type": "string"}}),
    "property description": lambda d, t: _user(d)["properties"]["spec"].update(description=t),
    "schema name": _rename_schema,
    "schema description": lambda d, t: _user(d).update(description=t),
    "kind": lambda d, t: _user(d).update({"x-kubernetes-group-version-kind": [{"group": t, "version": t, "kind": t}]}),
    "path": lambda d, t: d["paths"].update(
        {f"/kapis/iam.kubesphere.io/v1alpha2/{t}": d["paths"].pop(next(iter(d["paths"])))}
    ),
    "group": lambda d, t: d["paths"].update(
        {f"/kapis/{t}.kubesphere.io/v1/things": {"get": {"responses": {"200": {}}}}}
    ),
    "path parameter": _rename_path_parameter,
    "server address": lambda d, t: d.update(host=t, basePath=f"/{t}"),
    "media type": lambda d, t: _operation(d).update(produces=[t], consumes=[t]),
    "format": lambda d, t: _query(d).update(format=t),
    "token address": lambda d, t: d["securityDefinitions"]["jwt"].update(
        type="oauth2", flow="password", tokenUrl=t, scopes={}
    ),
    "reference": lambda d, t: _user(d)["properties"].update(other={"$ref": f"#/definitions/{t}"}),
    "response description": lambda d, t: _operation(d)["responses"].update({"400": {"description": t}}),
}

PLAIN: Document = {
    "swagger": "2.0",
    "info": {"title": "Test", "version": "1"},
    "paths": {
        "/kapis/iam.kubesphere.io/v1alpha2/users/{user}": {
            "put": {
                "operationId": "UpdateUser",
                "summary": "Update a user.",
                "tags": ["Users"],
                "parameters": [
                    {"name": "user", "in": "path", "type": "string", "required": True},
                    {"name": "dryRun", "in": "query", "type": "string"},
                    {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/v1alpha2.User"}},
                ],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/v1alpha2.User"}}},
            }
        }
    },
    "definitions": {
        "v1alpha2.User": {
            "type": "object",
            "properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "spec": {"type": "string"}},
        }
    },
    "securityDefinitions": {"jwt": {"type": "apiKey", "name": "Authorization", "in": "header"}},
}
CASES = [(place, text) for place in PLACES for text in TEXTS]

USER = "$.paths['/kapis/iam.kubesphere.io/v1alpha2/users/{user}'].put"
VARIANT = {"query": {"dryRun": "All"}}
# What an overlay can say beyond OpenAPI: the node that is updated, and with what.
EXTENSIONS: dict[str, tuple[str, Callable[[str], Document]]] = {
    "refusals": ("$", lambda t: {"misreported": [{"status": 500, "path": t, "message": t, "means": 404}]}),
    "kinds of Kubernetes": (
        "$",
        lambda t: {"built-in-kinds": [{"apiVersion": t, "kind": t, "plural": t, "namespaced": True}]},
    ),
    "kinds of a path": (
        f"{USER}.parameters[0]",
        lambda t: {"kinds": {t: {"$ref": "#/components/schemas/v1alpha2.User"}}},
    ),
    "name of a variant": (USER, lambda t: {"variants": {t: VARIANT}}),
    "query of a variant": (
        USER,
        lambda t: {"variants": {"try_user": {"query": {"dryRun": t, f"{t}2": {"description": t}}}}},
    ),
    "texts of a variant": (USER, lambda t: {"variants": {"try_user": {**VARIANT, "summary": t, "description": t}}}),
    "unit of a time": (f"{USER}.parameters[1].schema", lambda t: {"unix-time": t}),
    "published name": ("$.components.schemas['v1alpha2.User']", lambda t: {"published-name": t}),
    "log": (USER, lambda t: {"growing-log": t}),
    "terminal": (USER, lambda t: {"websocket": t}),
}


def _release(overlay: Path | None = None) -> Release:
    digits = "0" * 40
    source = Source(
        name="kubesphere",
        writer="go-restful",
        repository="https://example.test/a/b",
        ref="main",
        commit=digits,
        path="swagger.json",
        sha256="0" * 64,
    )
    folder = ROOT / "specs" / "release-3.0"
    return Release(
        "release-0.0",
        "0.0.1",
        "Test",
        folder,
        (source,),
        () if overlay is None else (overlay,),
        ROOT / "specs" / "names.toml",
    )


def _overlay(target: str, update: Document, path: Path) -> Path:
    action = {"target": target, "description": "Says more.", "x-evidence": {"source": ["a.go:1"]}, "update": update}
    head = {"overlay": "1.0.0", "info": {"title": "Test", "version": "1"}, "extends": "swagger.json"}
    path.write_text(json.dumps({**head, "actions": [action]}), encoding="utf-8")
    return path


def package(document: Document, folder: Path, overlay: Path | None = None) -> str | None:
    """Write the package that a description gives; what the run said when it was stopped."""
    release = _release(overlay)
    try:
        sources = [json.dumps(document).encode()]
        files = pipeline.package(release, pipeline.corrected(release, sources), root=ROOT)
        tree.write(files, folder)
    except GeneratorError as error:
        return str(error)
    return None


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 100


def test_the_plain_description_works(tmp_path: Path) -> None:
    assert package(PLAIN, tmp_path / "plain") is None
    assert _outcomes([tmp_path / "plain"], tmp_path) == [None]


@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_text_is_refused_or_harmless(place: str, tmp_path: Path) -> None:
    said = {}
    for number, (name, text) in enumerate(TEXTS.items()):
        document = copy.deepcopy(PLAIN)
        PLACES[place](document, text)
        said[name] = (tmp_path / f"{number}", package(document, tmp_path / f"{number}"))

    _refused_or_harmless(said, tmp_path)


@pytest.mark.parametrize("place", EXTENSIONS)
def test_a_hostile_text_in_an_extension_is_refused_or_harmless(place: str, tmp_path: Path) -> None:
    said = {}
    target, extension = EXTENSIONS[place]
    for number, (name, text) in enumerate(TEXTS.items()):
        update = {f"x-kubesphere-{word}": value for word, value in extension(text).items()}
        overlay = _overlay(target, update, tmp_path / "overlay.yaml")
        said[name] = (tmp_path / f"{number}", package(PLAIN, tmp_path / f"{number}", overlay))
        overlay.unlink()

    _refused_or_harmless(said, tmp_path)


def _refused_or_harmless(said: dict[str, tuple[Path, str | None]], where: Path) -> None:
    """What the run said of each text is a sentence, or nothing, and then the package in the folder works."""
    for _, one in said.values():
        if one is not None:
            assert 1 <= len(one.splitlines()) <= 3
            assert one.replace("\n", "").isprintable(), one
    made = {name: folder for name, (folder, one) in said.items() if one is None}

    outcomes = dict(zip(made, _outcomes(list(made.values()), where), strict=True))

    wrong = {name: outcome for name, outcome in outcomes.items() if outcome is not None}
    assert not wrong, "\n".join(f"{name}: {outcome}" for name, outcome in wrong.items())
    assert not list(where.rglob(CANARY))
    assert not (ROOT / CANARY).exists()
    assert {path.name for path in where.iterdir()} == {folder.name for folder in made.values()}


def _outcomes(folders: list[Path], where: Path) -> list[str | None]:
    if not folders:
        return []
    run = subprocess.run(
        [sys.executable, "-B", "-m", "tests.package.call_everything", *map(str, folders)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    outcomes: list[str | None] = json.loads(run.stdout)
    assert not (where / CANARY).exists()
    return outcomes
