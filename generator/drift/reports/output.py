"""Where reports go: one to the terminal or a file, and any number more to files, all checked before the work begins."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen
from rich.console import Console

from generator.drift import reports
from generator.drift.drift import Drift
from generator.drift.finding import Level
from generator.drift.reports import terminal
from generator.errors import GeneratorError


@frozen
class Request:
    """One report that was asked for; without a path it goes to standard output."""

    form: str
    path: Path | None

    def write(self, drift: Drift, fail_on: Level | None, *, verbose: bool) -> None:
        """Write the report of a comparison.

        Raises:
            GeneratorError: the disk refuses.
        """
        if self.path is not None:
            save(self.path, reports.render(drift, self.form, fail_on=fail_on, verbose=verbose))
        elif self.form == "terminal":
            terminal.write(drift, Console(), verbose=verbose)
        else:
            _print(reports.render(drift, self.form, fail_on=fail_on, verbose=verbose))


def _print(text: str) -> None:
    """Write a report to standard output, in UTF-8 as the reports say of themselves, whatever the locale is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def requests(form: str, output: Path | None, more: Sequence[str]) -> list[Request]:
    """The reports that the options of a command ask for, `more` as FORMAT=FILE.

    Raises:
        GeneratorError: a format is unknown, a file is named twice or its folder is not there.
    """
    found = [Request(form, output)]
    for text in more:
        name, _, file = text.partition("=")
        if name not in reports.FORMATS or not file:
            raise GeneratorError(
                f"--report {text!a} is not FORMAT=FILE.\nThe formats are {', '.join(reports.FORMATS)}; such as --report html=drift.html."
            )
        found.append(Request(name, Path(file)))
    paths = [one.path for one in found if one.path is not None]
    for path in paths:
        if paths.count(path) > 1:
            raise GeneratorError(f"Two reports are to be written to {path}.\nName another file for one of them.")
        check_place(path)
    return found


def check_place(path: Path) -> None:
    """Make sure that a report could be written to a file, before the work begins.

    Raises:
        GeneratorError: it could not.
    """
    if not path.absolute().parent.is_dir():
        raise GeneratorError(f"{path} cannot be written: there is no such folder.\nMake it first.")
    if path.is_dir():
        raise GeneratorError(f"{path} cannot be written: it is a folder.\nName a file.")


def save(path: Path, text: str) -> None:
    """Write a report to a file.

    Raises:
        GeneratorError: the disk refuses.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise GeneratorError(f"{path} cannot be written: {error.strerror}.\nName another file.") from None
