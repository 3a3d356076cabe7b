"""Rendered Python formatted by ruff, which works on what is there already while more is rendered."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator.errors import GeneratorError

_SETTINGS = (
    "--isolated",
    "--no-cache",
    "--quiet",
    "--config=line-length=110",
    "--config=target-version='py311'",
    "--config=format.skip-magic-trailing-comma=true",
    # Only what is rendered stands in the folder: ruff could not tell that the package is our own.
    "--config=lint.isort.known-first-party=['kubesphere_client']",
)
_BATCH = 4_000_000  # bytes that are formatted at a time: ruff begins early, and is started twice for each


def formatted(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The same Python files formatted; they are taken one after another, and may be made meanwhile.

    Raises:
        GeneratorError: a file is not Python, or ruff is not there.
    """
    with ThreadPoolExecutor(max_workers=1) as worker:
        batches = [worker.submit(_formatted, batch) for batch in _batches(files)]
        return {name: content for batch in batches for name, content in batch.result().items()}


def _batches(files: Iterable[tuple[str, bytes]]) -> Iterator[dict[str, bytes]]:
    batch: dict[str, bytes] = {}
    size = 0
    for name, content in files:
        batch[name] = content
        size += len(content)
        if size >= _BATCH:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _formatted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files formatted in an empty folder and with no settings but ours."""
    with tempfile.TemporaryDirectory(prefix="ks-codegen-") as folder:
        root = Path(folder)
        for name, content in files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for step in (("check", "--fix", "--select", "I,F401"), ("format",)):
            refusal = _ruff(*step, *_SETTINGS, str(root))
            if refusal is not None:
                _check_python(files)
                raise GeneratorError(f"ruff could not format the output: {refusal}\nRun `make setup` and try again.")
        return {name: (root / name).read_bytes() for name in files}


def _ruff(*arguments: str) -> str | None:
    """What ruff says in one line where it refuses."""
    run = subprocess.run([sys.executable, "-P", "-m", "ruff", *arguments], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return None
    return " ".join((run.stderr or run.stdout).split())[:300] or f"it ended with status {run.returncode}"


def _check_python(files: Mapping[str, bytes]) -> None:
    """Which file it is that is not Python, in Python's own words. Ruff parses them all and need not be asked twice."""
    for name, content in files.items():
        try:
            ast.parse(content)
        except (SyntaxError, ValueError) as error:
            raise GeneratorError(
                f"The rendered {name} is not Python: {error}.\n"
                "This is a mistake in a template or in how it quotes; nothing was written."
            ) from error
