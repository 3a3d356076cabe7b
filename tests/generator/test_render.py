"""Templates become files: rendered, formatted and at a path of their own, or the run stops."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator import formatting
from generator.errors import GeneratorError
from generator.parse import parse
from generator.refine import refine
from generator.release import Release
from generator.render import render
from tests.generator.documents import document, operation

RELEASE = Release("release-1.0", "1.0.0", "Test", Path(), (), (), Path())


def rendered(folder: Path, templates: dict[str, str], groups: int = 1) -> dict[str, bytes]:
    """What templates make of a package with as many groups."""
    for name, text in templates.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    paths = {f"/g{number}": {"get": operation(f"g{number}.read")} for number in range(groups)}
    return render(refine(parse(document(paths)), RELEASE), folder)


def test_rendered_python_is_formatted_and_a_plain_file_is_copied(tmp_path: Path) -> None:
    files = rendered(tmp_path, {"a.py.jinja": "import sys, os\nx = [ os.sep,\n]", "b.py": "x = [ 1 ]"})

    assert files == {"a.py": b"import os\n\nx = [os.sep]\n", "b.py": b"x = [ 1 ]"}


def test_files_that_are_formatted_in_several_batches_all_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formatting, "_BATCH", 30)

    files = rendered(tmp_path, {"[group].py.jinja": 'x = [ "{{ group.module }}" ]\n'}, groups=5)

    assert files == {f"g{number}.py": f'x = ["g{number}"]\n'.encode() for number in range(5)}


@pytest.mark.parametrize("text", ["x = (\n", "x = 1\0\n", "def f():\nreturn 1\n"])
def test_what_is_not_python_stops_the_run_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(GeneratorError, match=r"The rendered bad\.py is not Python: "):
        rendered(tmp_path, {"a.py.jinja": "x = 1\n", "bad.py.jinja": text, "c.py.jinja": "x = 1\n"})


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('no\\nroom')", "no room"),
        ("import os; os.kill(os.getpid(), 9)", "it ended with status -9"),
    ],
)
def test_a_formatter_that_fails_stops_the_run_and_says_why(
    tmp_path: Path, program: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _, **options: run([sys.executable, "-c", program], **options))

    with pytest.raises(GeneratorError, match=f"ruff could not format the output: {said}\nRun `make setup`"):
        rendered(tmp_path, {"a.py.jinja": "x = 1\n"})


def test_two_files_whose_paths_differ_in_capitals_alone_stop_the_run(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"Two files of the output want the path g0\.py"):
        rendered(tmp_path, {"G0.py": "", "[group].py.jinja": ""})


def test_a_package_without_models_is_python_too(tmp_path: Path) -> None:
    name = "src/kubesphere_client/models/__init__.py"
    template = (Path(__file__).parents[2] / "templates" / f"{name}.jinja").read_text()

    assert b"from . import" not in rendered(tmp_path, {f"{name}.jinja": template})[name]
