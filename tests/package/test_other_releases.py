"""The packages of the other releases: each imports, has what its manifest says, can be called, and its pages have types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.package.released import GENERATED, MAIN

ROOT = GENERATED.parent
OTHERS = sorted(folder.name for folder in GENERATED.iterdir() if folder.is_dir() and folder.name != MAIN)
# Of the examples those are run that open a terminal, whose address differs; all are read by mypy.
TESTS = ("test_every_module", "test_every_model", "test_readme", "test_docs")
CHOSEN = "not test_docs or streams or mypy"


def _package(release: str) -> dict[str, str]:
    return {**os.environ, "KUBESPHERE_TESTED_RELEASE": release, "PYTHONPATH": str(GENERATED / release / "src")}


@pytest.mark.parametrize("release", OTHERS)
def test_the_package_passes_the_tests_of_the_main_one(release: str, tmp_path: Path) -> None:
    files = [f"tests/package/{name}.py" for name in TESTS]
    paths = f"pythonpath=. generated/{release}/src"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", paths]
    command += [f"--basetemp={tmp_path / 'inner'}", "-k", CHOSEN, *files]
    outcome = subprocess.run(command, cwd=ROOT, env=_package(release), capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout[-4000:] + outcome.stderr[-2000:]


@pytest.mark.parametrize("release", OTHERS)
def test_every_operation_can_be_called(release: str) -> None:
    command = [sys.executable, "-B", "-m", "tests.package.call_everything", str(GENERATED / release)]
    outcome = subprocess.run(command, cwd=ROOT, env=_package(release), capture_output=True, text=True, check=False)
    assert json.loads(outcome.stdout) == [None], outcome.stderr
