"""What is kept of a released package gives the same findings as the package itself."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator import surface, tree
from generator.drift import python
from generator.errors import GeneratorError

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "release-3.0"
SRC = "src/kubesphere_client/"


@pytest.fixture(scope="module")
def package() -> dict[str, bytes]:
    """The committed package."""
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_bytes()
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".json")
    }


def kept(package: Mapping[str, bytes], folder: Path) -> surface.Surface:
    """What is read of a surface after it was written."""
    tree.write(surface.files(package), folder / surface.FOLDER)
    found = surface.load(folder)
    assert found is not None
    return found


def edited(package: Mapping[str, bytes]) -> dict[str, bytes]:
    """The package after changes of many kinds."""
    changes = {
        "operations/oauth.py": ("def exchange_code(self, callback: str,", "def exchange_code(self, provider: str,"),
        "operations/iam_v1alpha2.py": ("def list_users(", "def list_accounts("),
        "operations/platform.py": ("-> platform.VersionInfo:", "-> list[platform.VersionInfo]:"),
        "models/iam_v1alpha2.py": ("    last_login_time: Timestamp | None = None\n", ""),
        "models/tenant_v1alpha2.py": ("class WorkspaceTemplate(", "class Template("),
        "models/devops_v1alpha3.py": ("str | None = None", "str | None"),
        "errors.py": ("self.reason = reason", "self._reason = reason"),
        "_objects.py": ("def copy(self)", "def copy(self, deep: bool)"),
        "_groups.py": ("def tenant(self)", "def tenants(self)"),
    }
    files = dict(package)
    for name, (old, new) in changes.items():
        text = files[SRC + name].decode()
        assert old in text, name
        files[SRC + name] = text.replace(old, new).encode()
    return files


def test_the_kept_modules_give_the_findings_of_the_whole_package(package: dict[str, bytes], tmp_path: Path) -> None:
    new = edited(package)
    expected = python.compare(package, new)

    found = python.compare(kept(package, tmp_path).tree, new)

    assert len(expected) > 10
    assert found == expected


def test_the_package_is_the_same_as_its_kept_surface(package: dict[str, bytes], tmp_path: Path) -> None:
    assert python.compare(kept(package, tmp_path).tree, package) == ()


def test_the_kept_document_is_the_stripped_one(package: dict[str, bytes], tmp_path: Path) -> None:
    document = json.loads(package["openapi.json"])

    assert kept(package, tmp_path).document == surface.stripped(document)


def test_what_was_kept_keeps_its_version(package: dict[str, bytes], tmp_path: Path) -> None:
    assert kept(package, tmp_path).version == json.loads(package["manifest.json"])["version"]


def test_the_files_are_text_of_less_than_a_megabyte_with_a_line_for_each_thing(package: dict[str, bytes]) -> None:
    files = surface.files(package)
    document = json.loads(package["openapi.json"])
    operations = sum(len(item) for item in document["paths"].values())

    assert all(len(content) < 1_000_000 for content in files.values())
    assert all(content.decode().endswith("\n") for content in files.values())
    assert files["operations.json"].count(b'\n"get":{') == sum("get" in item for item in document["paths"].values())
    assert files["operations.json"].count(b"\n") > operations
    assert files["components.json"].count(b"\n") > len(document["components"]["schemas"])


def test_the_same_package_gives_the_same_files_in_whatever_order_it_comes(package: dict[str, bytes]) -> None:
    backwards = dict(reversed(package.items()))

    assert surface.files(backwards) == surface.files(package)


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Test", "version": "1.0.0", "description": "words"},
    "tags": [{"name": "a"}],
    "paths": {
        "/a": {
            "get": {
                "summary": "words",
                "tags": ["a"],
                "x-kubesphere-evidence": [{"by": "rule"}],
                "parameters": [{"name": "q", "in": "query", "description": "What to find.", "schema": {"default": "summary"}}],
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
    "components": {
        "schemas": {
            "A": {
                "description": "words",
                "properties": {
                    "description": {"type": "string", "description": "What it is for."},
                    "title": {"type": "string", "enum": ["title", {"description": "kept"}]},
                    "properties": {"properties": {"summary": {"type": "string"}}},
                },
                "x-always-serialised": ["title"],
            }
        }
    },
    "x-kubesphere-digest": {},
}  # fmt: skip


def test_words_are_left_out_and_names_and_values_that_look_like_words_are_not() -> None:
    schema = surface.stripped(DOCUMENT)["components"]["schemas"]["A"]
    described = schema["properties"].pop("description")

    assert schema == {
        "properties": {
            "title": {"type": "string", "enum": ["title", {"description": "kept"}]},
            "properties": {"properties": {"summary": {"type": "string"}}},
        },
        "x-always-serialised": ["title"],
    }
    assert described.keys() == {"type", "description"}


def test_operations_keep_what_can_be_called_and_what_comes_back() -> None:
    document = surface.stripped(DOCUMENT)
    (parameter,) = document["paths"]["/a"]["get"].pop("parameters")

    assert document["paths"]["/a"]["get"] == {"responses": {"200": {}}}
    assert parameter["schema"] == {"default": "summary"}
    assert document["info"] == {"title": "Test", "version": "1.0.0"}
    assert set(document) == {"openapi", "info", "paths", "components"}


def test_the_same_description_of_a_parameter_stays_the_same_and_another_one_another() -> None:
    def described(text: str) -> dict[str, Any]:
        document = copy.deepcopy(DOCUMENT)
        document["paths"]["/a"]["get"]["parameters"][0]["description"] = text
        parameter: dict[str, Any] = surface.stripped(document)["paths"]["/a"]["get"]["parameters"][0]
        return parameter

    old, same, new = map(described, ("The word to look for.", "The word to look for.", "What to look for."))
    assert old["description"] == same["description"] != new["description"]
    assert len(old["description"]) == 9
    assert "description" not in described("the name")


def test_what_was_stripped_is_not_stripped_further() -> None:
    once = surface.stripped(DOCUMENT)

    assert surface.stripped(once) == once


def test_no_surface_is_none(tmp_path: Path) -> None:
    assert surface.load(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", b"{"),
        ("manifest.json", b"[]"),
        ("manifest.json", b'{"version": "1.0.0", "methods": {"a": 1}}'),
        ("operations.json", b"{}"),
        ("components.json", b"\xff"),
        ("modules.txt", b"class A: ...\n"),
        ("modules.txt", b"### ../../elsewhere.py\nclass A: ...\n"),
        ("modules.txt", None),
    ],
)
def test_a_damaged_surface_is_named(
    name: str, content: bytes | None, package: dict[str, bytes], tmp_path: Path
) -> None:
    small = {SRC + "__init__.py": b"", **{one: package[one] for one in ("openapi.json", "manifest.json")}}
    kept(small, tmp_path)
    file = tmp_path / surface.FOLDER / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)

    with pytest.raises(GeneratorError, match=r"kept surface in specs/.* cannot be read: ") as caught:
        surface.load(tmp_path)

    assert len(str(caught.value).splitlines()) == 2
