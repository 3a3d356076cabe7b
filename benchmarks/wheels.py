"""The size of the wheel for each operation that it can call."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench import Bench, manifest
from benchmarks.peers import package_folder
from benchmarks.rows import OURS, Goal, NotMeasured, Row, Section, absent, row

_SOURCES = ("kubesphere", "crd")


def wheel(bench: Bench) -> list[Section]:
    """Bytes of the wheel an operation, sync and async together; ours and the peers'."""
    counts = manifest(bench)["counts"]["operations"]
    size = bench.wheel.stat().st_size
    rows = [
        row(
            "an operation",
            OURS,
            [size / counts["callable"]],
            unit="kB",
            goal=Goal(1800, of="figure"),
            bound="signatures and docstrings of each operation, in sync and in async, and the models that it needs",
            note=f"{size / 1000:.0f} kB for {counts['callable']} operations",
        ),
        row(
            "a method",
            OURS,
            [size / counts["methods"]],
            unit="kB",
            note=f"{counts['methods']} methods that call the server",
        ),
    ]
    rows += [_peer(bench, tool, source) for tool in _COUNTED for source in _SOURCES]
    about = (
        "An operation is a method and an address of the server's; its sync and its async method count as one. A wheel is "
        "what pip downloads; the peers' packages are packed as one."
    )
    return [Section("The wheel, for each callable operation", rows, about)]


def packed(package: Path) -> int:
    """The bytes of a package as a wheel packs it, but for the few lines about it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(package.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                file.write(path, path.relative_to(package.parent).as_posix())
    return len(archive.getvalue())


def _peer(bench: Bench, tool: str, source: str) -> Row:
    what = f"an operation, {source}"
    try:
        bench.peer(tool, source)
    except NotMeasured as reason:
        return absent(what, tool, str(reason))
    package = package_folder(bench.generated, tool, source)
    size, count = packed(package), _COUNTED[tool](package)
    if not count:
        return absent(what, tool, "its operations cannot be counted")
    return row(what, tool, [size / count], unit="kB", note=f"{size / 1000:.0f} kB for {count} operations")


def _modules_with(function: str) -> Callable[[Path], int]:
    def count(package: Path) -> int:
        return sum(function in map(_name, _functions(file)) for file in (package / "api").rglob("*.py"))

    return count


def _with_http_info(package: Path) -> int:
    """Its operations: each has three methods, one of them called so."""
    files = (package / "api").glob("*.py")
    return sum(_name(one).endswith("_with_http_info") for file in files for one in _functions(file))


def _requesting(package: Path) -> int:
    """Its operations: the public methods of its sync clients that say how the answer is read."""
    files = [*package.glob("raw_client.py"), *package.glob("*/raw_client.py")]
    return sum(
        not _name(one).startswith("_")
        for file in files
        for node in ast.parse(file.read_bytes()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("Async")
        for one in node.body
        if isinstance(one, ast.FunctionDef)
    )


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (
        one for one in ast.walk(ast.parse(file.read_bytes())) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _name(one: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return one.name


_COUNTED: dict[str, Callable[[Path], int]] = {
    "openapi-python-client": _modules_with("sync_detailed"),
    "openapi-generator": _with_http_info,
    "crozier": _requesting,
}
