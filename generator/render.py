"""The package as files: templates rendered, plain files copied, Python formatted by ruff."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator import docstrings
from generator.decoding import decode_call
from generator.errors import GeneratorError
from generator.package import Body, Operation, Package, Response
from generator.pytypes import EnvelopeOf, ListOf, ModelType, PyType

_EACH_GROUP = "[group]"
_EACH_MODULE = "[module]"
_RUFF_SETTINGS = (
    "--isolated",
    "--no-cache",
    "--quiet",
    "--config=line-length=110",
    "--config=target-version='py311'",
    "--config=format.skip-magic-trailing-comma=true",
    # Only what is rendered stands in the folder: ruff could not tell that the package is our own.
    "--config=lint.isort.known-first-party=['kubesphere_client']",
)


def render(package: Package, templates: Path) -> dict[str, bytes]:
    """Every file that the templates make, by its path in the output tree.

    Raises:
        GeneratorError: two files want one path, or what was rendered is not Python.
    """
    environment = _environment(templates)
    files: dict[str, bytes] = {}
    rendered: set[str] = set()
    for source in sorted(path for path in templates.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        name = source.relative_to(templates).as_posix()
        if not name.endswith(".jinja"):
            _add(files, name, source.read_bytes())
            continue
        template = environment.get_template(name)
        for target, context in _instances(name.removesuffix(".jinja"), package):
            _add(files, target, template.render(package=package, release=package, **context).encode("utf-8"))
            rendered.add(target)
    return {**files, **_formatted({name: files[name] for name in rendered if name.endswith(".py")})}


def _instances(name: str, package: Package) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files that one template makes: one, or one for each group or models module."""
    if _EACH_GROUP in name:
        for group in package.all_groups():
            if group.operations:
                yield name.replace(_EACH_GROUP, group.module), {"group": group}
    elif _EACH_MODULE in name:
        for module in package.modules:
            yield name.replace(_EACH_MODULE, module.name), {"module": module}
    else:
        yield name, {}


def _add(files: dict[str, bytes], name: str, content: bytes) -> None:
    if name.casefold() in {other.casefold() for other in files}:
        raise GeneratorError(
            f"Two files of the output want the path {name}.\nRename a group or a module in specs/names.toml."
        )
    files[name] = content


def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Python: every foreign text passes `quoted` or `docstring`
    )
    environment.filters["quoted"] = ascii
    environment.filters["docstring"] = docstrings.literal
    environment.globals.update(
        decode_call=decode_call,
        accepted=accepted,
        kind_decode=kind_decode,
        model_docstring=docstrings.model_docstring,
        alias_docstring=docstrings.alias_docstring,
        operation_docstring=docstrings.operation_docstring,
        raw_docstring=docstrings.raw_docstring,
        watch_docstring=docstrings.watch_docstring,
        follow_docstring=docstrings.follow_docstring,
    )
    return environment


def accepted(body: Body, here: str) -> str:
    """The annotation of a body argument: the model, or a plain mapping in its place."""
    if any("multipart" in media or "octet-stream" in media for media in body.media) and not _is_model(body.type):
        return "Any"
    match body.type:
        case ModelType():
            # A JSON patch is a list of steps, and YAML that is written by hand is text.
            steps = " | Sequence[Mapping[str, Any]]" if any("json-patch" in media for media in body.media) else ""
            written = " | str | bytes" if any("yaml" in media for media in body.media) else ""
            return f"{body.type.annotation(here)} | Mapping[str, Any]{steps}{written}"
        case ListOf(item=ModelType() as item):
            return f"Sequence[{item.annotation(here)} | Mapping[str, Any]]"
        case _:
            return body.type.annotation(here)


def kind_decode(operation: Operation, response: Response) -> str:
    """The expression that decodes `data`, with `item` for what decodes the objects of one kind."""
    whatever = decode_call(response.type, "", "data")
    if operation.page_item is None:
        return f"{whatever} if item is None else item(data)"
    envelope = response.type.envelope if isinstance(response.type, EnvelopeOf) else response.type
    return f"{whatever} if item is None else decode_page({envelope.decoder('')}, item, data)"


def _is_model(kind: PyType) -> bool:
    return isinstance(kind, ModelType)


def _formatted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same Python files formatted, in an empty folder and with no settings but ours."""
    for name, content in files.items():
        _check_python(name, content)
    with tempfile.TemporaryDirectory(prefix="ks-codegen-") as folder:
        root = Path(folder)
        for name, content in files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        _ruff("check", "--fix", "--select", "I,F401", *_RUFF_SETTINGS, str(root))
        _ruff("format", *_RUFF_SETTINGS, str(root))
        return {name: (root / name).read_bytes() for name in files}


def _ruff(*arguments: str) -> None:
    run = subprocess.run([sys.executable, "-P", "-m", "ruff", *arguments], capture_output=True, text=True, check=False)
    if run.returncode:
        raise GeneratorError(
            f"ruff could not format the output: {(run.stderr or run.stdout).strip()[:300]}\n"
            "Run `make setup` and try again."
        )


def _check_python(name: str, content: bytes) -> None:
    try:
        ast.parse(content)
    except (SyntaxError, ValueError) as error:
        raise GeneratorError(
            f"The rendered {name} is not Python: {error}.\n"
            "This is a mistake in a template or in how it quotes; nothing was written."
        ) from error
