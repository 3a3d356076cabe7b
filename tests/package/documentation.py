"""The Python blocks of the package's pages: found, turned into functions to run, and into modules to type-check."""

from __future__ import annotations

import ast
import asyncio
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from attrs import frozen

from kubesphere_client import AsyncKubeSphere, KubeSphere
from kubesphere_client.testing import FakeKubeSphere

PUBLISHED = "http://10.0.0.1:30881"
PASSWORD = "P@88w0rd"
# A block that takes longer waits for something that never comes.
SECONDS = 30.0
_FENCE = re.compile(r"^```python\s*$")
_NOT_RUN = re.compile(r"^<!-- not run: .+ -->$")


@frozen
class Block:
    """One block of a page.

    Attributes:
        line: the line of its first line of code in the page.
        runs: False where the page says that it is not run.
    """

    page: Path
    line: int
    code: str
    runs: bool

    @property
    def name(self) -> str:
        return f"{self.page.name}:{self.line}"

    @property
    def is_async(self) -> bool:
        """Whether it awaits anything outside of functions of its own."""
        return any(
            isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in _outside_functions(self._tree())
        )

    @property
    def is_test(self) -> bool:
        """Whether it is a module of tests, which pytest runs."""
        return any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in self._tree().body)

    def compiled(self, address: str) -> CodeType:
        """The block as the body of a function `example(ks)`, with the line numbers of the page."""
        tree = self._tree(self.code.replace(PUBLISHED, address))
        function = ast.parse(f"{'async ' if self.is_async else ''}def example(ks): pass")
        assert isinstance(function.body[0], ast.FunctionDef | ast.AsyncFunctionDef)
        function.body[0].body = tree.body
        return compile(function, str(self.page), "exec", dont_inherit=True)

    def module(self) -> str:
        """The block as a module to type-check, with the line numbers of the page."""
        keyword, client = ("async def", "AsyncKubeSphere") if self.is_async else ("def", "KubeSphere")
        head = f"from kubesphere_client import {client}\n"
        padding = "\n" * (self.line - 3)
        return f"{head}{padding}{keyword} example(ks: {client}) -> None:\n{textwrap.indent(self.code, '    ')}"

    def _tree(self, code: str | None = None) -> ast.Module:
        tree = ast.parse(self.code if code is None else code, str(self.page))
        return ast.increment_lineno(tree, self.line - 1)


def blocks(page: Path) -> Iterator[Block]:
    """The Python blocks of a page, in order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    start: int | None = None
    for number, line in enumerate(lines, 1):
        if start is None and _FENCE.match(line):
            start = number + 1
        elif start is not None and line.strip() == "```":
            before = [text for text in lines[: start - 2] if text.strip()]
            code = "\n".join(lines[start - 1 : number - 1]) + "\n"
            yield Block(page, start, code, not (before and _NOT_RUN.match(before[-1].strip())))
            start = None


def run(block: Block, fake: FakeKubeSphere, folder: Path, environment: dict[str, str]) -> None:
    """Run a block with a client of this server.

    Raises:
        BaseException: whatever the block raised; TimeoutError where it did not end.
    """
    if block.is_test:
        _run_as_tests(block, folder, environment)
        return
    code = block.compiled(fake.url)
    scope: dict[str, Any] = {"__name__": "example"}
    exec(code, scope)
    work = _asynchronously if block.is_async else _synchronously
    _within_the_time(block, fake, lambda: work(scope["example"], fake.url))


def _synchronously(example: Callable[[KubeSphere], None], address: str) -> None:
    with KubeSphere(address, username="admin", password=PASSWORD) as ks:
        example(ks)


def _asynchronously(example: Callable[[AsyncKubeSphere], Any], address: str) -> None:
    async def main() -> None:
        async with AsyncKubeSphere(address, username="admin", password=PASSWORD) as ks:
            await example(ks)

    asyncio.run(main())


def _within_the_time(block: Block, fake: FakeKubeSphere, work: Callable[[], None]) -> None:
    """Do the work in a thread; when it does not end, the server goes, and with it what the block waits for."""
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        fake.stop()
        raise TimeoutError(f"{block.name} still runs after {SECONDS:.0f} seconds. Does it leave its loop?")
    if raised:
        raise raised[0]


def _run_as_tests(block: Block, folder: Path, environment: dict[str, str]) -> None:
    module = folder / "test_example.py"
    module.write_text(block.code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(module)]
    outcome = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _outside_functions(node)
