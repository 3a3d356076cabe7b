"""The parameters of a function as its caller meets them."""

from __future__ import annotations

from collections.abc import Iterator

import griffe

_KEYWORD = griffe.ParameterKind.keyword_only
_OPTIONS = "RequestOptions"  # every method takes them; a change of them is said of their own class
_RECEIVERS = ("self", "cls")


def signature(function: griffe.Function) -> griffe.Function:
    """A copy of a function without `self`, in which `**options: Unpack[...]` is what it stands for.

    An open `**options` would swallow each keyword that goes, but these are closed: an unknown one is refused.
    """
    parameters = list(_parameters(function))
    return _function(function.name, parameters, function.returns, labels=function.labels)


def constructor(node: griffe.Class) -> griffe.Function | None:
    """The `__init__` of a class: its own, an inherited one, or the one that attrs makes of the fields."""
    if (fields := _attrs_fields(node)) is not None:
        parameters = [
            griffe.Parameter(one.name, kind=_KEYWORD, annotation=one.annotation, default=_default(one))
            for one in fields
        ]
        return _function("__init__", parameters, None)
    own = node.members.get("__init__")
    return signature(own) if isinstance(own, griffe.Function) else None


def _function(
    name: str,
    parameters: list[griffe.Parameter],
    returns: str | griffe.Expr | None,
    *,
    labels: set[str] | None = None,
) -> griffe.Function:
    function = griffe.Function(name, parameters=griffe.Parameters(*parameters), returns=returns)
    function.labels |= labels or set()
    return function


def _parameters(function: griffe.Function) -> Iterator[griffe.Parameter]:
    for index, one in enumerate(function.parameters):
        if index == 0 and one.name in _RECEIVERS:
            continue
        unpacked = _unpacked(one.annotation) if one.kind is griffe.ParameterKind.var_keyword else None
        if unpacked is None:
            yield one
        elif unpacked.rpartition(".")[2] != _OPTIONS:
            yield from _keywords(function, unpacked)


def _unpacked(annotation: str | griffe.Expr | None) -> str | None:
    if isinstance(annotation, griffe.ExprSubscript) and annotation.canonical_path.endswith("Unpack"):
        inner = annotation.slice
        return inner.canonical_path if isinstance(inner, griffe.Expr) else str(inner)
    return None


def _keywords(function: griffe.Function, path: str) -> Iterator[griffe.Parameter]:
    """The keywords that a TypedDict of the package stands for."""
    try:
        found = function.modules_collection[path]
    except KeyError:
        return
    for name, member in sorted(found.all_members.items()):
        if isinstance(member, griffe.Attribute):
            yield griffe.Parameter(name, kind=_KEYWORD, annotation=member.annotation, default="...")


def _attrs_fields(node: griffe.Class) -> list[griffe.Attribute] | None:
    """The public fields of an attrs class, those of its bases among them."""
    if not any(str(one.value).partition("(")[0].rpartition(".")[2] in ("define", "frozen") for one in node.decorators):
        return None
    members = (
        member.final_target if isinstance(member, griffe.Alias) else member for member in node.all_members.values()
    )
    return [
        one
        for one in members
        if isinstance(one, griffe.Attribute)
        and one.annotation is not None
        and not one.name.startswith("_")
        and "property" not in one.labels
        and not str(one.annotation).startswith("ClassVar")
    ]


def _default(one: griffe.Attribute) -> str | None:
    """What a field is without an argument: None where it must be given."""
    value = one.value
    if isinstance(value, griffe.ExprCall) and str(value.function).rpartition(".")[2] == "field":
        given = {
            argument.name: str(argument.value)
            for argument in value.arguments
            if isinstance(argument, griffe.ExprKeyword)
        }
        return given.get("default") or given.get("factory") or given.get("converter")
    return None if value is None else str(value)
