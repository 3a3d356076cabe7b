"""The command line: exit statuses, and one to three lines for whatever a person can cause."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import tree
from generator.cli import main
from generator.cli.states import FORMATS
from generator.drift import reports

ROOT = Path(__file__).parents[2]
COMMIT = "a" * 40
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
KS: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Test", "version": "1"},
    "paths": {USERS: {"get": {"responses": {"200": {"description": "ok", "schema": {"type": "string"}}}}}},
    "definitions": {"v1.A": {"type": "object", "properties": {"a": {"type": "string"}}}},
}
CRD = {"swagger": "2.0", "info": {"title": "Test", "version": "1"}, "paths": {}}


class Project:
    """A small project whose sources a test writes; its mirror has them at the commit and at the tip of the branch."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "templates", root / "templates")
        for name in ("LICENSE", "NOTICE"):
            shutil.copy(ROOT / name, root)
        (root / "specs" / "release-1.0").mkdir(parents=True)
        shutil.copy(ROOT / "specs" / "names.toml", root / "specs")
        self.publish(KS)

    def publish(self, document: Any, *, tip: Any = None) -> None:
        """Put a first source into the mirror and pin it."""
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        sources = {"ks.json": data, "crd.json": json.dumps(CRD).encode()}
        text = 'name = "release-1.0"\nversion = "1.0.0"\ntitle = "Test 1.0"\noverlays = []\nnames = "../names.toml"\n'
        for name, content in sources.items():
            for version in (COMMIT, "main"):
                file = self.root / "mirror" / version / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            writer = "go-restful" if name == "ks.json" else "kube-openapi"
            text += (
                f'[[sources]]\nname = "{name[:-5]}"\nwriter = "{writer}"\nrepository = "https://example.test/a/b"\n'
                f'ref = "main"\ncommit = "{COMMIT}"\npath = "{name}"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
            )
        if tip is not None:
            data = tip if isinstance(tip, bytes) else json.dumps(tip).encode()
            (self.root / "mirror" / "main" / "ks.json").write_bytes(data)
        (self.root / "specs" / "release-1.0" / "release.toml").write_text(text)

    def run(self, command: str, *options: str) -> Result:
        mirror = str(self.root / "mirror")
        fixed = ["--root", str(self.root), "--release", "release-1.0", "--mirror", mirror, "--offline"]
        return CliRunner().invoke(main, [command, *fixed, *options])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("SPEC_MIRROR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def stopped(result: Result, said: str) -> None:
    """The command ended with status 2 and one to three clear lines on standard error."""
    assert result.exit_code == 2, result.output
    assert 1 <= len(result.stderr.splitlines()) <= 3, result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert "mistake in ks-codegen" not in result.stderr


def test_generate_writes_and_says_what_it_did(project: Project) -> None:
    result = project.run("generate")

    assert result.exit_code == 0, result.output
    assert "1 operations published" in result.output
    assert "files written to generated/release-1.0" in result.output
    assert (project.root / "generated/release-1.0/src/kubesphere_client/operations/iam_v1alpha2.py").is_file()


def test_a_second_run_changes_nothing(project: Project) -> None:
    project.run("generate")

    assert "unchanged in generated/release-1.0" in project.run("generate").output


def test_check_ends_0_when_equal_and_1_with_a_short_diff_when_not(project: Project) -> None:
    project.run("generate")
    assert project.run("generate", "--check").exit_code == 0

    (project.root / "generated/release-1.0/README.md").write_text("changed\n")
    result = project.run("generate", "--check")

    assert result.exit_code == 1
    assert "different: README.md" in result.output
    assert "-changed" in result.output
    assert len(result.output.splitlines()) < 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--help"], "Commands:"), (["drift", "--help"], "--fail-on"), (["generate"], "unchanged in")],
    ids=["help", "help on a command", "nothing changed"],
)
def test_what_needs_no_run_imports_nothing_that_a_run_needs(arguments: list[str], said: str, project: Project) -> None:
    if arguments == ["generate"]:
        project.run("generate")
        arguments = ["generate", "--root", str(project.root), "--release", "release-1.0"]
    run = subprocess.run(
        [sys.executable, "-c", _IMPORTED, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    imported = set(run.stderr.split())

    assert said in run.stdout
    assert "generator.cli" in imported
    assert not imported & {"generator.pipeline", "generator.drift", "pydantic", "httpx", "jinja2", "jsonpath", "yaml"}


_IMPORTED = """
import sys
from generator.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_report_can_have_each_format_there_is() -> None:
    assert FORMATS == reports.FORMATS


def with_operation(**members: Any) -> dict[str, Any]:
    operation = {"responses": {"200": {"description": "ok", "schema": {"type": "string"}}}, **members}
    return {**KS, "paths": {USERS: {"get": operation}}}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"<html>", "not JSON"),
        (b'{"swagger": "2.0"', "not JSON"),
        (b"\xff\xfe", "UTF-16"),
        (b'{"openapi": "3.0.0"}', "Swagger 2.0"),
        (b"[]", "Swagger 2.0"),
        (b'{"swagger": "2.0", "swagger": "2.0"}', "twice"),
        ({**KS, "paths": []}, "paths"),
        ({**KS, "paths": {USERS: {"get": []}}}, "users"),
        (
            with_operation(responses={"200": {"description": "", "schema": {"$ref": "#/definitions/Nowhere"}}}),
            "Nowhere",
        ),
        (with_operation(produces=["application/x-unknown"]), "application/x-unknown"),
        (with_operation(parameters=[{"name": "a", "in": "query", "type": "money"}]), "money"),
        ({**KS, "paths": {"/nowhere/x": KS["paths"][USERS]}}, "/nowhere/x"),
        ({**KS, "paths": {USERS: KS["paths"][USERS], f"{USERS}/": KS["paths"][USERS]}}, "list_users"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_input_ends_in_one_to_three_lines(document: Any, said: str, project: Project) -> None:
    project.publish(document)

    stopped(project.run("generate"), said)
    assert not (project.root / "generated").exists()


def test_a_full_disk_ends_in_one_to_three_lines(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tree, "_fill", full)

    stopped(project.run("generate"), "No space left on device")


def test_an_output_that_cannot_be_written_ends_in_one_to_three_lines(project: Project) -> None:
    (project.root / "generated").write_text("in the way")

    stopped(project.run("generate"), "cannot be written")


def test_a_wrong_digest_ends_in_one_to_three_lines(project: Project) -> None:
    (project.root / "mirror" / COMMIT / "ks.json").write_bytes(b"{}")

    stopped(project.run("generate"), "ks-codegen drift")


def test_unreachable_sources_without_a_committed_document_end_in_one_to_three_lines(project: Project) -> None:
    shutil.rmtree(project.root / "mirror")
    (project.root / "mirror").mkdir()
    fixed = ["--root", str(project.root), "--release", "release-1.0", "--offline"]

    stopped(CliRunner().invoke(main, ["generate", *fixed]), "sources are needed")


def test_the_committed_document_stands_in_when_nothing_can_be_reached(project: Project) -> None:
    project.run("generate")
    shutil.rmtree(project.root / "cache")
    fixed = ["--root", str(project.root), "--release", "release-1.0", "--offline", "--check"]

    result = CliRunner().invoke(main, ["generate", *fixed])

    assert result.exit_code == 0, result.output
    assert "starting from the committed generated/release-1.0/openapi.json" in result.output


@pytest.mark.parametrize("name", ["release-9", "../x", "", ".hidden"])
def test_a_release_that_is_none_is_named(name: str, project: Project) -> None:
    result = CliRunner().invoke(main, ["generate", "--root", str(project.root), "--release", name])

    stopped(result, "release")


def test_a_folder_that_is_no_project_is_named(tmp_path: Path) -> None:
    stopped(CliRunner().invoke(main, ["generate", "--root", str(tmp_path)]), "no specs/ and templates/")


def test_a_mistake_of_ours_ends_in_two_lines(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr("generator.pipeline.generate", broken)
    result = project.run("generate")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2
    assert "KS_CODEGEN_TRACEBACK=1" in result.stderr


def test_text_of_a_file_cannot_drive_the_terminal(project: Project) -> None:
    project.publish({**KS, "paths": {"/evil\x1b[2J\u202e": KS["paths"][USERS]}})

    result = project.run("generate")

    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
