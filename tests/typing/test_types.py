"""A user's code against the generated package, as mypy and pyright see it.

The modules beside this one are never run. What they assert of types must hold; in those called wrong_... every line
that is marked `# E: code` must be refused, for mypy with that code, and no other line.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGE = ROOT / "generated" / "release-3.0" / "src"
MODULES = sorted(path for path in HERE.glob("*.py") if path.name not in ("__init__.py", Path(__file__).name))
WRONG = [path for path in MODULES if path.name.startswith("wrong_")]
RIGHT = [path for path in MODULES if path not in WRONG]
_MARK = re.compile(r"  # E: (\S+)$")

Findings = dict[Path, set[tuple[int, str]]]
"""The line and the code of each error, by module."""


@cache
def mypy() -> Findings:
    run = _run("mypy", "--strict", "--output=json", *map(str, MODULES))
    found = [json.loads(line) for line in run.splitlines()]
    errors = ((ROOT / one["file"], one["line"], one["code"]) for one in found if one["severity"] == "error")
    return _by_module(errors)


@cache
def pyright() -> Findings:
    run = _run("pyright", "--pythonpath", sys.executable, "--outputjson", *map(str, MODULES))
    found = [one for one in json.loads(run)["generalDiagnostics"] if one["severity"] == "error"]
    return _by_module((Path(one["file"]), one["range"]["start"]["line"] + 1, one.get("rule", "")) for one in found)


@pytest.mark.parametrize("checker", [mypy, pyright], ids=["mypy", "pyright"])
@pytest.mark.parametrize("module", RIGHT, ids=lambda path: path.stem)
def test_right_code_has_the_types_that_it_asserts(module: Path, checker: Any) -> None:
    assert sorted(checker()[module]) == []


@pytest.mark.parametrize("module", WRONG, ids=lambda path: path.stem)
def test_mypy_refuses_wrong_code_for_the_reason_that_is_marked(module: Path) -> None:
    assert sorted(mypy()[module]) == sorted(_marks(module))


@pytest.mark.parametrize("module", WRONG, ids=lambda path: path.stem)
def test_pyright_refuses_the_same_lines(module: Path) -> None:
    assert sorted({line for line, _ in pyright()[module]}) == sorted({line for line, _ in _marks(module)})


def _marks(module: Path) -> set[tuple[int, str]]:
    return {
        (number, mark[1])
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), start=1)
        if (mark := _MARK.search(line))
    }


def _run(checker: str, *arguments: str) -> str:
    """What a checker printed; one that could not check at all fails the test."""
    run = subprocess.run(
        [sys.executable, "-m", checker, *arguments],
        cwd=ROOT,
        env={"MYPYPATH": str(PACKAGE), "PATH": str(Path(sys.executable).parent), "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr or run.stdout
    return run.stdout


def _by_module(errors: Iterable[tuple[Path, int, str]]) -> Findings:
    findings: Findings = {module: set() for module in MODULES}
    for module, line, code in errors:
        findings.setdefault(module, set()).add((line, code))
    return findings
