"""Class names: short, clear, and unique in their module."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.errors import GeneratorError
from generator.naming.python_names import camel_case

if TYPE_CHECKING:
    from generator.naming.table import Names


_CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_VERSION = re.compile(r"v\d+((alpha|beta)\d+)?\Z")
# What a module of models imports, and what Python has of its own.
_TAKEN = frozenset(
    "Any Callable ClassVar Literal Mapping Self TypeAlias LazyModule Model Timestamp Quantity IntOrString Items "
    "None True False Ellipsis NotImplemented Exception BaseException".split()
)


def is_class_name(text: str) -> bool:
    """Whether a text can be the name of a model's class."""
    return _CLASS_NAME.match(text) is not None and text not in _TAKEN


def class_names(
    schemas: Mapping[str, Any], module_of: Mapping[str, str], stems: Mapping[str, str], names: Names
) -> dict[str, str]:
    """The class of each schema: `v1alpha2.User` is User, `devops.PipelineRun.changeSet` is PipelineRunChangeSet.

    Where schemas of one module would share a name, the one of the module's own version keeps it, and the others say
    which package they are of: WorkspaceTemplateV1beta1, LoggingHistogram.

    Args:
        stems: what to call the schemas that have no name of their own.

    Raises:
        GeneratorError: the table of names gives two schemas of a module one name.
    """
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(schemas):
        wanted[module_of[key], _usable(stems.get(key) or _short(key))].append(key)
    given = {key: names.schemas[key] for key in schemas if key in names.schemas}
    taken = _check_table(given, module_of)
    for (module, name), keys in sorted(wanted.items()):
        free = [key for key in keys if key not in given]
        owner = free[0] if len(free) == 1 else next((key for key in free if _package(key) == _version(module)), None)
        # The owner first, so that it gets the plain name.
        for key in sorted(free, key=lambda key: (key != owner, key)):
            given[key] = _free_name(name if key == owner else _qualified(name, _package(key)), module, taken)
    return given


def _check_table(given: Mapping[str, str], module_of: Mapping[str, str]) -> set[tuple[str, str]]:
    taken: set[tuple[str, str]] = set()
    for key, name in sorted(given.items()):
        if (module_of[key], name) in taken:
            raise GeneratorError(
                f"Two schemas of {module_of[key]} would be called {name}, {key} among them.\n"
                "Give one of them another name under [schemas] in specs/names.toml."
            )
        taken.add((module_of[key], name))
    return taken


def _free_name(name: str, module: str, taken: set[tuple[str, str]]) -> str:
    candidate, number = name, 1
    while (module, candidate) in taken:
        number += 1
        candidate = f"{name}{number}"
    taken.add((module, candidate))
    return candidate


def _short(key: str) -> str:
    return "".join(camel_case(part) for part in _split(key)[1])


def _package(key: str) -> str:
    return _split(key)[0]


def _split(key: str) -> tuple[str, list[str]]:
    """The last part of the package in a published name, and the parts of the type's own name."""
    parts = key.split(".")
    own = next((index for index, part in enumerate(parts) if part[:1].isupper()), min(1, len(parts) - 1))
    return (parts[own - 1] if own else ""), parts[own:]


def _qualified(name: str, package: str) -> str:
    return name + camel_case(package) if _VERSION.match(package) else _usable(camel_case(package) + name)


def _version(module: str) -> str:
    return module.rpartition("_")[2]


def _usable(text: str) -> str:
    name = text or "Schema"
    if not name[0].isalpha():
        name = f"N{name}"
    name = name[0].upper() + name[1:]
    return f"{name}Schema" if name in _TAKEN else name
