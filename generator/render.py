"""The package as files: templates rendered, plain files copied, Python formatted by ruff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator import docstrings
from generator.decoding import decode_call
from generator.errors import GeneratorError
from generator.formatting import formatted
from generator.package import Body, Operation, Package, Response
from generator.pytypes import EnvelopeOf, ListOf, ModelType, PyType

_EACH_GROUP = "[group]"
_EACH_MODULE = "[module]"


def render(package: Package, templates: Path) -> dict[str, bytes]:
    """Every file that the templates make, by its path in the output tree.

    Raises:
        GeneratorError: two files want one path, or what was rendered is not Python.
    """
    files: dict[str, bytes] = {}

    def python() -> Iterator[tuple[str, bytes]]:
        for name, content, is_rendered in _every(package, templates):
            if is_rendered and name.endswith(".py"):
                yield name, content
            else:
                files[name] = content

    files.update(formatted(python()))
    return files


def _every(package: Package, templates: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Every file with its path and whether it was rendered, as soon as it is made."""
    environment = _environment(templates)
    taken: set[str] = set()
    for source in sorted(path for path in templates.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        name = source.relative_to(templates).as_posix()
        if not name.endswith(".jinja"):
            yield _free(name, taken), source.read_bytes(), False
            continue
        template = environment.get_template(name)
        for target, context in _instances(name.removesuffix(".jinja"), package):
            text = template.render(package=package, release=package, **context)
            yield _free(target, taken), text.encode("utf-8"), True


def _free(name: str, taken: set[str]) -> str:
    """The path of a file, which no other has; not even one in other capitals, where a file system cannot tell."""
    folded = name.casefold()
    if folded in taken:
        raise GeneratorError(
            f"Two files of the output want the path {name}.\nRename a group or a module in specs/names.toml."
        )
    taken.add(folded)
    return name


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
