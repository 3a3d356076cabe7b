"""`preload()`: imports at once what is otherwise imported when it is first used."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from kubesphere_client._lazy import LazyModule
from kubesphere_client.errors import InvalidArgumentError

_PACKAGE = "kubesphere_client"
_FOR_TYPE_CHECKERS = f"{_PACKAGE}._raw_groups"


def preload(*groups: str) -> None:
    """Import now what the client imports when it is first used, so that no call waits for it.

    The first use of a group or a model takes some milliseconds more than those that follow. A command-line tool profits
    from that, as it never loads what it does not use; a server may rather have it behind it when it begins to serve.
    It can be called from any thread, more than once, and while clients are in use.

    Args:
        groups: load the operations and models of these alone, as they are written after a client: "iam", "tenant.v1alpha2",
            "crd.devops"; by default of all.

    Raises:
        InvalidArgumentError: there is no such group.

    Example:
        preload("iam", "resources.v1alpha3")
    """
    operations = _modules(f"{_PACKAGE}.operations")
    for group in groups:
        known = isinstance(group, str) and any(_is_of(name, (group,)) for name in operations)
        if not known and group != "kubernetes":
            raise InvalidArgumentError(f"preload: there is no group {group!r:.80}.")
    _import(name for name in _modules(_PACKAGE) if name != _FOR_TYPE_CHECKERS)
    if groups:
        waiting = _import(name for name in operations if _is_of(name, groups))
        seen: set[str] = set()
        while waiting:
            needed = {one for module in waiting for one in _lazily_imported(module)} - seen
            seen |= needed
            waiting = _import(needed)
    else:
        _import((*operations, *_modules(f"{_PACKAGE}.models")))


def _modules(package: str) -> list[str]:
    """The full names of the modules in a package, but for its packages."""
    return [one.name for one in iter_modules(import_module(package).__path__, f"{package}.") if not one.ispkg]


def _is_of(module: str, groups: Iterable[str]) -> bool:
    """Whether a module holds operations of one of the groups."""
    name = f"{module.rpartition('.')[2]}_"
    return any(name.startswith(f"{group.replace('.', '_')}_") for group in groups)


def _import(names: Iterable[str]) -> list[ModuleType]:
    return [module for name in sorted(names) if (module := _imported(name)) is not None]


def _imported(name: str) -> ModuleType | None:
    """A module; None where it is for an extra that is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or _PACKAGE).partition(".")[0] == _PACKAGE:
            raise
        return None


def _lazily_imported(module: ModuleType) -> list[str]:
    """The modules that a module imports on first use."""
    return [one.module_name for one in vars(module).values() if isinstance(one, LazyModule)]
