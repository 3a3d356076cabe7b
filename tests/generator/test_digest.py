"""The digest that tells whether the committed document would be made the same again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from generator import digest

GENERATOR = Path(digest.__file__).parent


def test_it_is_over_all_that_the_stages_import() -> None:
    counted = set(digest.stage_files()) | {GENERATOR / "errors.py"}  # an error ends the run, and decides nothing
    stages = [path for path in counted if path.name != "pipeline.py"]  # the road goes on behind them

    missing = {module for path in stages for module in _imported(path) if not _files(module) & counted}

    assert missing == set()


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator."):
            yield str(node.module)
        elif isinstance(node, ast.ImportFrom) and node.module == "generator":
            yield from (f"generator.{one.name}" for one in node.names)


def _files(module: str) -> set[Path]:
    path = GENERATOR.parent / module.replace(".", "/")
    return {path.with_suffix(".py"), path / "__init__.py"}
