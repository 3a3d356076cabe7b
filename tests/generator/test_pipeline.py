"""The whole road on the committed release: the same bytes everywhere, and a fallback that cannot lie."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator import digest, fetch, pipeline, tree
from generator.errors import GeneratorError
from generator.release import load_release

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "generated" / "release-3.0"


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without network, cache and mirror."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise fetch.SourcesUnreachable("swagger.json cannot be fetched.\nConnect to the network.")

    monkeypatch.setattr(fetch, "fetch", refuse)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a run reads."""
    for name in ("specs", "templates", "generated"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def generated(root: Path) -> tuple[dict[str, bytes], list[str]]:
    said: list[str] = []
    release = load_release(root / "specs" / "release-3.0")
    return pipeline.generate(release, root=root, say=said.append), said


@pytest.mark.usefixtures("unreachable")
def test_without_any_source_the_committed_document_gives_the_committed_package() -> None:
    files, said = generated(ROOT)

    assert list(tree.compare(files, COMMITTED).lines()) == []
    assert said[0].startswith("No source can be reached")


@pytest.mark.usefixtures("unreachable")
@pytest.mark.parametrize(
    "changed", ["specs/release-3.0/overlays/network.yaml", "specs/names.toml", "generated/release-3.0/openapi.json"]
)
def test_the_committed_document_does_not_stand_in_when_something_was_changed(project: Path, changed: str) -> None:
    file = project / changed
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('"KubeSphere 3.0"', '"KubeSphere 3"') if changed.endswith("json") else text + "\n# changed\n"
    )

    with pytest.raises(GeneratorError, match="sources are needed"):
        generated(project)


@pytest.mark.usefixtures("unreachable")
def test_a_damaged_committed_document_does_not_stand_in(project: Path) -> None:
    (project / "generated" / "release-3.0" / "openapi.json").write_text('{"x')

    with pytest.raises(GeneratorError, match="sources are needed"):
        generated(project)


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "random", "TZ": "Asia/Shanghai"},
    ],
)
def test_the_bytes_do_not_depend_on_hashes_locale_or_folder(surroundings: dict[str, str], tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _PACKAGE_OF_THE_COMMITTED_DOCUMENT, str(ROOT)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **surroundings},
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout == "[]\n"


_PACKAGE_OF_THE_COMMITTED_DOCUMENT = """
import json, sys
from pathlib import Path
from generator import pipeline, tree
from generator.release import load_release
root = Path(sys.argv[1])
committed = root / "generated" / "release-3.0"
document = json.loads((committed / "openapi.json").read_bytes())
files = pipeline.package(load_release(root / "specs" / "release-3.0"), document, root=root)
print(list(tree.compare(files, committed).lines()))
"""


def test_every_published_operation_is_callable_or_withdrawn_with_a_reason() -> None:
    manifest = json.loads((COMMITTED / "manifest.json").read_bytes())
    counts = manifest["counts"]["operations"]

    assert counts["published"] == 330
    assert counts["callable"] == 330 - counts["withdrawn"] + counts["added"]
    assert len(manifest["withdrawn"]) == counts["withdrawn"]
    assert all(one["reason"] and one["name"] for one in manifest["withdrawn"])


def test_the_committed_openapi_document_is_sealed() -> None:

    document = json.loads((COMMITTED / "openapi.json").read_bytes())

    assert digest.holds(document, load_release(ROOT / "specs" / "release-3.0"))
