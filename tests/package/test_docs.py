"""Every Python block of the package's pages runs, against a server in the demo world, and has types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubesphere_client.testing import FakeKubeSphere
from tests.package.documentation import PASSWORD, Block, blocks, run
from tests.package.released import PACKAGE

ROOT = Path(__file__).parents[2]
PAGES = [PACKAGE / "README.md", *sorted((PACKAGE / "docs").glob("*.md"))]
BLOCKS = [block for page in PAGES for block in blocks(page)]
_CONFIG = """apiVersion: ksctl.kubesphere.io/v1alpha1
kind: Config
currentContext: demo
fleets:
  demo:
    host: {address}
    users:
      admin:
        username: admin
        password: {password}
contexts:
  demo: {{fleet: demo, user: admin}}
  member-1: {{fleet: demo, user: admin, defaultCluster: member-1}}
"""


@pytest.fixture
def fake() -> Iterator[FakeKubeSphere]:
    with FakeKubeSphere.demo() as fake:
        yield fake


@pytest.fixture
def environment(fake: FakeKubeSphere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables and the settings file that the pages speak of, and a folder to write to."""
    for name in list(os.environ):
        if name.startswith(("KS_", "KUBESPHERE_", "KSCTL_")):
            monkeypatch.delenv(name)
    folder = tmp_path / ".ksctl"
    folder.mkdir(mode=0o700)
    config = folder / "config.yaml"
    config.write_text(_CONFIG.format(address=fake.url, password=PASSWORD), encoding="utf-8")
    config.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KS_ENDPOINT", fake.url)
    monkeypatch.setenv("KS_USERNAME", "admin")
    monkeypatch.setenv("KS_PASSWORD", PASSWORD)
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE / "src"))
    monkeypatch.chdir(tmp_path)
    return dict(os.environ)


def test_the_pages_have_blocks() -> None:
    assert {block.page.name for block in BLOCKS} >= {"README.md", "testing.md"}


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.runs], ids=lambda block: block.name)
def test_a_block_runs(block: Block, fake: FakeKubeSphere, tmp_path: Path, environment: dict[str, str]) -> None:
    try:
        run(block, fake, tmp_path, environment)
    except BaseException as error:
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(block.page)
        ]
        where = f"{block.page.name}, line {lines[-1] if lines else block.line}"
        raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error


def test_the_blocks_have_types_for_mypy(modules: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--output=json", str(modules)]
    paths = {**os.environ, "MYPYPATH": str(PACKAGE / "src")}
    outcome = subprocess.run(command, cwd=ROOT, env=paths, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in outcome.stdout.splitlines() if line]
    assert [f"{_page(one['file'])}, line {one['line']}: {one['message']}" for one in found] == []
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_the_blocks_have_types_for_pyright(modules: Path) -> None:
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson", "-p", str(modules)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = [one for one in json.loads(outcome.stdout)["generalDiagnostics"] if one["severity"] == "error"]
    lines = [(_page(one["file"]), one["range"]["start"]["line"] + 1, one["message"]) for one in found]
    assert [f"{page}, line {line}: {message}" for page, line, message in lines] == []


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All blocks as modules in one folder, for one run of a type checker."""
    folder = tmp_path_factory.mktemp("blocks")
    for block in BLOCKS:
        name = f"{block.page.stem.lower().replace('-', '_')}_line_{block.line}.py"
        (folder / name).write_text(block.module(), encoding="utf-8")
    settings = {"extraPaths": [str(PACKAGE / "src")], "pythonVersion": "3.11", "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def _page(file: str) -> str:
    return f"{Path(file).stem.partition('_line_')[0]}.md"
