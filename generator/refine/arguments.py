"""Parameters become arguments: which there are, what they are called, and how a value of theirs is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.document import KINDS
from generator.naming import python_names
from generator.package import Argument, Kind
from generator.parse import Arrived
from generator.refine.text import text
from generator.schema import Schema
from generator.typing_rules import argument_type, type_of, unix_units


def parameters_of(operation: Mapping[str, Any], arrived: Arrived) -> tuple[list[Any], list[Any], list[Any]]:
    """The parameters in path, query and header, in the parser's order; what only a variant has comes last."""
    every = operation.get("parameters", [])
    order = {parameter: number for number, parameter in enumerate(arrived.parameters)}

    def there(place: str) -> list[Any]:
        named = [one for one in every if one["in"] == place]
        return sorted(named, key=lambda one: order.get((place, one["name"]), len(order)))

    return there("path"), there("query"), there("header")


def arguments_of(parameters: list[Any], schemas: Mapping[str, Schema], taken: frozenset[str]) -> tuple[Argument, ...]:
    names = python_names([one["name"] for one in parameters], reserved=taken)
    return tuple(
        Argument(
            name=names[one["name"]],
            wire=one["name"],
            type=argument_type(one.get("schema", {}), schemas),
            required=bool(one.get("required")),
            description=text(one.get("description")),
            unix=unix_units(one.get("schema", {})),
        )
        for one in parameters
    )


def only_values(in_query: list[Any]) -> dict[str, Any]:
    """The parameters that must be given and have one value, which is sent without asking."""
    values = {one["name"]: one.get("schema", {}).get("enum") for one in in_query if one.get("required")}
    return {name: enum[0] for name, enum in values.items() if isinstance(enum, list) and len(enum) == 1}


def joiner_of(parameter: Mapping[str, Any]) -> str | None:
    """What joins the values of an array parameter into one; None where the key is repeated."""
    if parameter.get("x-collection-format") == "tsv":
        return "\t"
    style = parameter.get("style", "form")
    if style == "form":
        return None if parameter.get("explode", True) else ","
    return {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style)


def kinds_of(
    in_path: list[Any], arguments: tuple[Argument, ...], schemas: Mapping[str, Schema]
) -> tuple[str, tuple[Kind, ...]]:
    """The argument that names a kind of objects, and the kinds whose type is known."""
    for parameter, argument in zip(in_path, arguments, strict=True):
        known = parameter.get(KINDS)
        if known:
            return argument.name, tuple(Kind(name, type_of(known[name], schemas)) for name in sorted(known))
    return "", ()
