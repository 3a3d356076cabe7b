"""Modules that are imported when something of them is first used."""

import sys
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any

__all__ = ["LazyModule", "lazy_exports"]


class LazyModule:
    """Stands for a module and imports it when one of its attributes is first read.

    Python's import lock makes this safe between threads. What was read once is kept.

    Args:
        name: the full name of the module.
    """

    def __init__(self, name: str) -> None:
        self.module_name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            # Asked for by tools that look at any object (copy, inspect): nothing is imported for them.
            raise AttributeError(f"{self!r} has no attribute {attribute!r}")
        value = getattr(import_module(self.module_name), attribute)
        self.__dict__[attribute] = value
        return value

    def __dir__(self) -> list[str]:
        return dir(import_module(self.module_name))

    def __repr__(self) -> str:
        return f"<lazily imported module {self.module_name!r}>"


def lazy_exports(
    package: str, table: Mapping[str, str | tuple[str, ...]], modules: Collection[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The functions `__getattr__` and `__dir__` of a package that imports its modules on first use (PEP 562).

    Args:
        package: the full name of the package.
        table: for each name the module of the package that defines it, or all of them if there are several.
        modules: the modules that are attributes of the package themselves.
    """

    def load(name: str) -> Any:
        if name in modules:
            return import_module(f"{package}.{name}")
        module = table.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if not isinstance(module, str):
            message = _ambiguous(package, name, module)
            # `from package import name` hides the message of an AttributeError, but not of an ImportError.
            raise ImportError(message, name=package) if _imported() else AttributeError(message)
        value = getattr(import_module(f"{package}.{module}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        clear = {name for name, module in table.items() if isinstance(module, str)}
        return sorted({*vars(sys.modules[package]), *modules, *clear})

    return load, names


def _imported() -> bool:
    """Whether a package is asked for a name by an import statement, and not by `getattr` or `hasattr`."""
    return sys._getframe(2).f_code.co_name == "_handle_fromlist"


def _ambiguous(package: str, name: str, modules: tuple[str, ...]) -> str:
    short = package.rpartition(".")[2]
    places = [f"{short}.{module}" for module in modules]
    which = "one of them" if len(places) > 1 else "there"
    return f"{name} is in {', '.join(places[:-1])} and {places[-1]}: import it from {which}"
