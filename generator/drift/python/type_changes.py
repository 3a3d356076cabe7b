"""Two annotations: what a change of type does to the code that reads a value, and to the code that gives one."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from generator.drift.finding import Level

_ANYTHING = frozenset({"Any", "object"})
_PLAIN = frozenset({"None", "bool", "int", "float", "str", "bytes"})
_TAKEN_FOR = {"bool": ("int", "float"), "int": ("float",)}  # PEP 484's numeric tower


def read(old: str, new: str) -> Level | None:
    """What becomes of code that reads a value: None where nothing changed.

    Fewer possible values are compatible. One that may come beside the old ones is risky: it depends on whether it ever
    comes, and None is such a one. It is breaking where the old type is gone, also where nothing is known any more of what
    had attributes: the attributes that code uses are gone too.
    """
    if old == new:
        return None
    before, after = _members(old), _members(new)
    return _worst(_reading(before, after))


def written(old: str, new: str) -> Level | None:
    """What becomes of code that gives a value: None where nothing changed.

    More accepted types are compatible. That None is refused is risky, as few give it; it is breaking where another type
    that could be given is refused, as type checkers refuse it and the server expects something else.
    """
    if old == new:
        return None
    before, after = _members(old), _members(new)
    return _worst(_writing(before, after))


def _reading(before: list[ast.expr], after: list[ast.expr]) -> Iterable[Level]:
    certain = [known for known in before if ast.unparse(known) not in _ANYTHING]
    unexpected = [one for one in after if not any(_accepts(known, one) for known in certain)]
    kept = any(_accepts(one, known) or _accepts(known, one) for one in after for known in before if not _is_none(known))
    for one in unexpected:
        alike = [known for known in before if _same_head(known, one)]
        if len(alike) == 1 and isinstance(alike[0], ast.Subscript) and isinstance(one, ast.Subscript):
            for inner, other in zip(_arguments(alike[0]), _arguments(one), strict=True):
                yield read(ast.unparse(inner), ast.unparse(other)) or Level.COMPATIBLE
        else:
            forgotten = ast.unparse(one) in _ANYTHING and any(ast.unparse(known) not in _PLAIN for known in certain)
            yield Level.RISKY if kept and not forgotten else Level.BREAKING
    yield Level.COMPATIBLE


def _writing(before: list[ast.expr], after: list[ast.expr]) -> Iterable[Level]:
    for one in before:
        if any(_accepts(known, one) for known in after):
            continue
        alike = [known for known in after if _same_head(known, one)]
        if len(alike) == 1 and isinstance(alike[0], ast.Subscript) and isinstance(one, ast.Subscript):
            for inner, other in zip(_arguments(one), _arguments(alike[0]), strict=True):
                yield written(ast.unparse(inner), ast.unparse(other)) or Level.COMPATIBLE
        elif _is_none(one) or ast.unparse(one) in _ANYTHING:
            yield Level.RISKY
        else:
            yield Level.BREAKING
    yield Level.COMPATIBLE


def _worst(levels: Iterable[Level]) -> Level:
    return min(levels, key=lambda level: level.rank)


def _members(annotation: str) -> list[ast.expr]:
    """The members of a union, a Literal of several values being one too."""
    try:
        return list(_flattened(ast.parse(annotation, mode="eval").body))
    except SyntaxError:  # a string annotation that is no expression stands for itself
        return [ast.Constant(annotation)]


def _flattened(node: ast.expr) -> Iterable[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _flattened(node.left)
        yield from _flattened(node.right)
    elif isinstance(node, ast.Subscript) and _head(node) == "Optional":
        yield from _flattened(node.slice)
        yield ast.Constant(None)
    elif isinstance(node, ast.Subscript) and _head(node) == "Union":
        for one in _arguments(node):
            yield from _flattened(one)
    elif isinstance(node, ast.Subscript) and _head(node) == "Literal" and len(_arguments(node)) > 1:
        for one in _arguments(node):
            yield ast.Subscript(node.value, one, ast.Load())
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _members(node.value)
    else:
        yield node


def _accepts(wide: ast.expr, narrow: ast.expr) -> bool:
    """Whether each value of the narrow type is one of the wide type."""
    accepted, given = ast.unparse(wide), ast.unparse(narrow)
    if accepted == given or accepted in _ANYTHING or accepted in _TAKEN_FOR.get(given, ()):
        return True
    if isinstance(narrow, ast.Subscript) and _head(narrow) == "Literal" and isinstance(narrow.slice, ast.Constant):
        return accepted == type(narrow.slice.value).__name__
    return False


def _same_head(one: ast.expr, other: ast.expr) -> bool:
    return (
        isinstance(one, ast.Subscript)
        and isinstance(other, ast.Subscript)
        and _head(one) == _head(other) != "Literal"
        and len(_arguments(one)) == len(_arguments(other))
    )


def _head(node: ast.Subscript) -> str:
    return ast.unparse(node.value).rpartition(".")[2]


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
