"""What all commands share: options, exit statuses, the project that they work on, and how they speak."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from generator.errors import GeneratorError
from generator.release import Release, load_release

SAME, DIFFERENT, COULD_NOT_CHECK = 0, 1, 2


def run(command: Callable[..., int]) -> Callable[..., None]:
    """Turn what a command returns or raises into an exit status and at most three lines."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        _prepare_output()
        try:
            status = command(*args, **kwargs)
            sys.stdout.flush()
        except GeneratorError as error:
            say(str(error), error=True)
            status = COULD_NOT_CHECK
        except KeyboardInterrupt:
            status = 130
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 141
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            say(
                f"The system refuses: {error.strerror or error}{where}.\nMake room or allow it, and try again.",
                error=True,
            )
            status = COULD_NOT_CHECK
        except Exception as error:
            if os.environ.get("KS_CODEGEN_TRACEBACK"):
                traceback.print_exc()
            say(
                f"This is a mistake in ks-codegen: {type(error).__name__}: {error}\n"
                "Run it again with KS_CODEGEN_TRACEBACK=1 and report what it prints.",
                error=True,
            )
            status = COULD_NOT_CHECK
        sys.exit(status)

    return wrapped


def _prepare_output() -> None:
    """Let output hold what its encoding lacks, written out; one that is closed takes everything."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  # it stays open as long as the program runs
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


release_option = click.option(
    "--release", "name", default="release-3.0", show_default=True, help="A folder under specs/."
)
mirror_option = click.option(
    "--mirror", envvar="SPEC_MIRROR", help="A folder or http(s) address with <ref or commit>/<path>."
)
offline_option = click.option("--offline", is_flag=True, help="Use nothing over the network.")
root_option = click.option(
    "--root", type=click.Path(path_type=Path), help="The project's folder; by default the one this program is part of."
)


def open_project(root: Path | None, name: str) -> tuple[Path, Release]:
    folder = root or Path(__file__).resolve().parents[2]
    if not (folder / "specs").is_dir() or not (folder / "templates").is_dir():
        raise GeneratorError(
            f"{folder} has no specs/ and templates/.\nRun this in a clone of the project, or name one with --root."
        )
    if not name or "/" in name or name.startswith("."):
        raise GeneratorError(f"{name!a} is no name of a release.\nName a folder under specs/, such as release-3.0.")
    release = load_release(folder / "specs" / name)
    if release.name != name:
        raise GeneratorError(f"specs/{name}/release.toml calls itself {release.name}.\nGive both the same name.")
    return folder, release


def short(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def say(text: str, *, error: bool = False) -> None:
    """Print text that may hold parts of a file from outside: what a terminal would act on is written out."""
    safe = "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)
    click.echo(safe, err=error)
