"""The reports of a comparison, each by the name of its format."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console

from generator.drift.drift import Drift
from generator.drift.finding import Level
from generator.drift.reports import as_json, html, junit, markdown, terminal

_WIDTH = 100  # columns of a terminal's report that goes to a file


def render(drift: Drift, format: str, *, fail_on: Level | None = None, verbose: bool = False) -> str:
    """The report of a comparison in one of `FORMATS`, as text that ends with a new line.

    Args:
        fail_on: the mildest level that JUnit is to call a failure; None for none.
        verbose: compatible findings in full in the terminal's format; the others have them anyway.
    """
    return _RENDERERS[format](drift, fail_on, verbose)


def _terminal(drift: Drift, verbose: bool) -> str:
    text = io.StringIO()
    terminal.write(drift, Console(file=text, width=_WIDTH, color_system=None, force_terminal=False), verbose=verbose)
    return text.getvalue()


_RENDERERS: dict[str, Callable[[Drift, Level | None, bool], str]] = {
    "terminal": lambda drift, fail_on, verbose: _terminal(drift, verbose),
    "markdown": lambda drift, fail_on, verbose: markdown.render(drift),
    "json": lambda drift, fail_on, verbose: as_json.render(drift),
    "junit": lambda drift, fail_on, verbose: junit.render(drift, fail_on),
    "html": lambda drift, fail_on, verbose: html.render(drift),
}

FORMATS = tuple(_RENDERERS)
