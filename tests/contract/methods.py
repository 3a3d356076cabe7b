"""The methods of the installed client: what they take, and under which Python names."""

from __future__ import annotations

import inspect
from functools import cache, reduce
from typing import Any

from generator.naming import python_names
from tests.contract.routes import Template

# What lists call the parameters of their pages, where that is not what the wire calls them.
_OF_PAGES = {"pageSize": "limit", "pageNumber": "page", "size": "limit", "from": "start"}


class MethodMissing(Exception):
    """The client lacks a method, or a method lacks an argument, that the document says it has."""


class Methods:
    """Looks methods up on a client, by names such as "iam.v1alpha2.list_users"."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._parameters = cache(self._look_up)

    def takes(self, method: str, name: str) -> bool:
        return name in self._parameters(method)

    def required(self, method: str) -> set[str]:
        """The arguments that a method cannot be called without."""
        parameters = self._parameters(method).items()
        return {name for name, parameter in parameters if parameter.default is inspect.Parameter.empty}

    def has(self, method: str) -> bool:
        try:
            return bool(self._parameters(method))
        except MethodMissing:
            return False

    def names(self, template: Template, method: str | None = None) -> dict[tuple[str, str], str]:
        """The Python name of each parameter, by its place and its name on the wire.

        They are derived as the generator derives them, and looked up in the signature: a name that something else has
        ends in an underscore there.

        Args:
            method: what calls the operation, where that is not called as it.

        Raises:
            MethodMissing: the method lacks an argument.
        """
        known = dict(self._parameters(method or template.identifier))
        group = template.identifier.rpartition(".")[0]
        for watch in template.watches.values():
            known |= self._parameters(f"{group}.{watch}")
        taken: frozenset[str] = frozenset()
        names: dict[tuple[str, str], str] = {}
        for place in ("path", "query", "header"):
            for wire, name in python_names(list(template.parameters(place)), reserved=taken).items():
                if wire in template.unasked or (wire == "paging" and {"limit", "page"} <= known.keys()):
                    continue
                found = name if name in known else f"{name.rstrip('_')}_"
                found = found if found in known else _OF_PAGES.get(wire, found)
                if found not in known:
                    raise MethodMissing(f"{template.identifier} has no argument for {place} parameter {wire!r}")
                names[place, wire] = found
            taken |= frozenset(names.values())
        return names

    def _look_up(self, method: str) -> dict[str, inspect.Parameter]:
        bound = bound_method(self._client, method)
        return {
            name: parameter
            for name, parameter in inspect.signature(bound).parameters.items()
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        }


def bound_method(client: Any, method: str) -> Any:
    """
    Raises:
        MethodMissing: the client has no such method.
    """
    try:
        return reduce(getattr, method.split("."), client)
    except AttributeError:
        raise MethodMissing(f"the client has no method {method}") from None
