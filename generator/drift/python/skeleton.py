"""A package reduced to what a user can reach: no bodies, docstrings, private members, or modules that nothing leads to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from generator.errors import GeneratorError

SOURCE = "src/"
# `with_raw_response` and `with_streaming_response` offer the methods of the groups a second time. Their types are
# derived from the methods', so whatever happens to them is said of the methods.
_DERIVED = ("_raw_groups",)
# Each model has its own; they have the signatures of the base's.
_OF_EACH_MODEL = ("from_dict", "to_dict")
_SPECIAL = frozenset(
    "__all__ __version__ __init__ __call__ __iter__ __aiter__ __next__ __anext__ __len__ __getitem__ __setitem__ "
    "__delitem__ __contains__ __enter__ __exit__ __aenter__ __aexit__ __await__ __bool__".split()
)
_EMPTY_BODY = re.compile(r":\n +\.\.\.(?=\n|$)")


def skeleton(tree: Mapping[str, bytes]) -> dict[str, bytes]:
    """The Python files of a tree, reduced; the reduction of a reduction is itself.

    Raises:
        GeneratorError: a file is not Python.
    """
    reduced = {name: _reduced(name, tree[name]) for name in sorted(tree) if _is_read(name)}
    modules = {_module(name): name for name in reduced}
    reached: set[str] = set()
    waiting = [module for module in modules if not _is_private(module)]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += [one for one in reduced[modules[module]].leads_to if one in modules]
    return {modules[module]: reduced[modules[module]].text for module in sorted(reached)}


class _Reduced:
    """The text of a reduced module, and the modules whose names it uses."""

    def __init__(self, text: str, leads_to: Iterable[str]) -> None:
        self.text = text.encode()
        self.leads_to = tuple(leads_to)


def _is_read(name: str) -> bool:
    return name.startswith(SOURCE) and name.endswith(".py") and name.rpartition("/")[2][:-3] not in _DERIVED


def _module(name: str) -> str:
    return name[len(SOURCE) : -len(".py")].replace("/", ".").removesuffix(".__init__")


def _is_private(module: str) -> bool:
    return any(part.startswith("_") for part in module.split("."))


@lru_cache(maxsize=1024)  # most files are the same in both trees
def _reduced(name: str, source: bytes) -> _Reduced:
    try:
        module = ast.parse(source, filename=name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = " ".join(str(error).split())
        raise GeneratorError(f"{name} is not Python that can be read: {reason}.\nGenerate the package again.") from None
    imports, kept = _statements(module.body)
    is_package = name.endswith("/__init__.py")
    used = {node.id for statement in kept for node in ast.walk(statement) if isinstance(node, ast.Name)}
    exported = _exported(kept)
    used_imports = [
        one for statement in imports if (one := _used(statement, used | exported, keep_all=is_package)) is not None
    ]
    unparsed = ast.unparse(ast.Module(body=[*used_imports, *kept], type_ignores=[]))
    text = _EMPTY_BODY.sub(": ...", unparsed).replace("\n\n", "\n") + "\n" * bool(unparsed)  # a third smaller
    package = _module(name) if is_package else _module(name).rpartition(".")[0]
    return _Reduced(text, [target for statement in used_imports for target in _targets(statement, package)])


def _statements(body: Iterable[ast.stmt]) -> tuple[list[ast.Import | ast.ImportFrom], list[ast.stmt]]:
    """The imports of a module, and its reduced classes, functions and public names.

    What stands under `if TYPE_CHECKING` is what a type checker sees, so it is taken and its other branch is not.
    """
    imports: list[ast.Import | ast.ImportFrom] = []
    kept: list[ast.stmt] = []
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports.append(statement)
        elif isinstance(statement, ast.If) and not isinstance(statement.test, ast.UnaryOp):
            more, inside = _statements(statement.body)
            imports += more
            kept += inside
        elif isinstance(statement, ast.ClassDef):
            kept.append(_class(statement))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            kept += [_function(statement)] if _is_public(statement.name) else []
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            kept += _assignment(statement)
    return imports, kept


def _class(node: ast.ClassDef) -> ast.ClassDef:
    body: list[ast.stmt] = []
    declared: set[str] = set()
    constructor: ast.FunctionDef | None = None
    is_model = bool(node.bases and node.decorator_list)
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(statement.name):
            if is_model and statement.name in _OF_EACH_MODEL:
                continue
            body.append(_function(statement))
            declared.add(statement.name)
            if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                constructor = statement
        elif isinstance(statement, ast.ClassDef) and _is_public(statement.name):
            body.append(_class(statement))
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            kept = _assignment(statement)
            body += kept
            declared.update(name for one in kept for name in _names(one))
    if constructor is not None:
        body += [one for name, one in _set_by(constructor) if name not in declared]
    return ast.ClassDef(
        name=node.name,
        bases=node.bases,
        keywords=node.keywords,
        decorator_list=node.decorator_list,
        body=body or [ast.Expr(ast.Constant(...))],
    )


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    kind = type(node)
    return kind(
        name=node.name,
        args=node.args,
        body=[ast.Expr(ast.Constant(...))],
        decorator_list=node.decorator_list,
        returns=node.returns,
        lineno=0,
    )


def _assignment(node: ast.Assign | ast.AnnAssign) -> list[ast.stmt]:
    return [node] if any(_is_public(name) for name in _names(node)) else []


def _names(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def _set_by(constructor: ast.FunctionDef) -> Iterator[tuple[str, ast.AnnAssign]]:
    """The public attributes that a constructor sets, declared with the type that is known of them."""
    arguments = constructor.args
    known = {one.arg: one.annotation for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    seen: set[str] = set()
    for node in ast.walk(constructor):
        if isinstance(node, ast.Assign):
            targets, annotation, value = node.targets, None, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, annotation, value = [node.target], node.annotation, node.value
        else:
            continue
        for name in (_own(target) for target in targets):
            if name is None or not _is_public(name) or name in seen:
                continue
            seen.add(name)
            if annotation is None and isinstance(value, ast.Name):
                annotation = known.get(value.id)
            declared = annotation or ast.Name("Any", ast.Load())
            yield name, ast.AnnAssign(ast.Name(name, ast.Store()), declared, None, 1)


def _own(node: ast.expr) -> str | None:
    """The attribute in `self.attribute`."""
    is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr if is_own and isinstance(node, ast.Attribute) else None


def _is_public(name: str) -> bool:
    return name in _SPECIAL or not name.startswith("_")


def _exported(statements: Iterable[ast.stmt]) -> set[str]:
    """The names in `__all__`."""
    return {
        one.value
        for statement in statements
        if isinstance(statement, ast.Assign) and "__all__" in _names(statement)
        for one in ast.walk(statement.value)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def _used(
    statement: ast.Import | ast.ImportFrom, used: set[str], *, keep_all: bool
) -> ast.Import | ast.ImportFrom | None:
    """An import without the names that nothing uses; those of a package's `__init__` are for its users."""
    names = [
        one
        for one in statement.names
        if (one.asname or one.name.partition(".")[0]) in used or (keep_all and one.asname == one.name)
    ]
    if not names:
        return None
    if isinstance(statement, ast.Import):
        return ast.Import(names)
    return ast.ImportFrom(statement.module, names, statement.level)


def _targets(statement: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """The modules that an import may read."""
    if isinstance(statement, ast.Import):
        yield from (one.name for one in statement.names)
        return
    module = statement.module or ""
    if statement.level:
        parts = package.split(".")
        base = ".".join(parts[: len(parts) - statement.level + 1])
        module = f"{base}.{module}" if module else base
    yield module
    yield from (f"{module}.{one.name}" for one in statement.names)
