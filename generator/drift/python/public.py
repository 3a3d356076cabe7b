"""What a user of the package can write: each public name once, under its shortest path, with its signature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import griffe
from attrs import field, frozen

from generator.drift.python.signature import constructor, signature

PACKAGE = "kubesphere_client"
_MODELS = f"{PACKAGE}.models"
_CLIENTS = ("KubeSphere", "AsyncKubeSphere")
_CLIENT = "ks"  # what the documentation calls a client


@frozen
class Name:
    """One public class, function, method or attribute."""

    path: str  # "ks.iam.v1alpha2.list_users" or "kubesphere_client.models.iam_v1alpha2.User.email"
    object: griffe.Class | griffe.Function | griffe.Attribute
    overloads: Mapping[str, str] = field(factory=dict)  # what is returned for the value of an argument


@frozen
class Surface:
    """All public names by path; those of the async classes stand under the name of their sync counterpart."""

    sync: Mapping[str, Name]
    asynchronous: Mapping[str, Name]
    exports: Mapping[str, str]  # further paths of a name, such as kubesphere_client.models.User, and its path


def surface(package: griffe.Module) -> Surface:
    """The public names of a loaded package."""
    reader = _Reader(package)
    for client in _CLIENTS:
        if (found := package.members.get(client)) is not None:
            reader.read_client(client, found)
    reader.read_modules()
    return Surface(reader.names[False], reader.names[True], reader.exports)


class _Reader:
    def __init__(self, package: griffe.Module) -> None:
        self.package = package
        self.names: dict[bool, dict[str, Name]] = {False: {}, True: {}}
        self.exports: dict[str, str] = {}
        self._paths: dict[str, str] = {}  # of a class or function, by where it is defined
        self._inherited: dict[tuple[bool, str], tuple[griffe.Object, list[str]]] = {}

    def read_client(self, name: str, found: griffe.Object | griffe.Alias) -> None:
        """The constructor of a client under its name, what it can do under `ks`, and the groups it leads to."""
        client = _final(found)
        if not isinstance(client, griffe.Class):
            return
        is_async = name.startswith("Async")
        self._paths[client.path] = f"{PACKAGE}.{name}"
        self._add(is_async, f"{PACKAGE}.{_CLIENTS[0]}", _shell(client))
        if (init := constructor(client)) is not None:
            self._add(is_async, f"{PACKAGE}.{_CLIENTS[0]}.__init__", init)
        self._read_group(is_async, _CLIENT, client)

    def read_modules(self) -> None:
        """The classes, functions and values of the public modules, each under the best of its paths."""
        found = sorted(self._members_of(self.package), key=_preference)
        for path, member in found:
            target = _final(member)
            if target is None:
                continue
            home = self._paths.setdefault(target.path, path)
            if home != path:
                self.exports[path] = home
        for path, member in found:
            target = _final(member)
            if target is not None and self._paths[target.path] == path and target.name not in _CLIENTS:
                self._read(path, target)
        for (is_async, _), (target, classes) in sorted(self._inherited.items()):
            self._add_member(is_async, f"{_shared(classes)}.{target.name}", target)

    def _read_group(self, is_async: bool, path: str, group: griffe.Class) -> None:
        self._paths.setdefault(group.path, path)
        for name, member in _members(group):
            target = _final(member)
            if target is None or name == "__init__":
                continue
            following = self._led_to(target)
            if following is not None:
                self._add(is_async, f"{path}.{name}", _shell(following))
                self._read_group(is_async, f"{path}.{name}", following)
            else:
                self._read_member(is_async, path, member, target)

    def _led_to(self, target: griffe.Object) -> griffe.Class | None:
        """The group of operations that a cached property builds."""
        if not isinstance(target, griffe.Attribute) or "cached" not in target.labels:
            return None
        if not isinstance(target.annotation, griffe.Expr):
            return None
        found = self._resolved(target.annotation.canonical_path)
        return found if isinstance(found, griffe.Class) else None

    def _resolved(self, path: str) -> griffe.Object | None:
        if not path.startswith(f"{PACKAGE}."):
            return None
        try:
            return _final(self.package[path[len(PACKAGE) + 1 :]])
        except KeyError:
            return None

    def _members_of(self, module: griffe.Module) -> Iterator[tuple[str, griffe.Object | griffe.Alias]]:
        for name, member in sorted(module.members.items()):
            path = f"{module.path}.{name}"
            if isinstance(member, griffe.Module):
                if not name.startswith("_"):
                    yield from self._members_of(member)
            elif _is_offered(module, name, member):
                yield path, member

    def _read(self, path: str, target: griffe.Object) -> None:
        is_async, key = self._key(path)
        if isinstance(target, griffe.Class):
            self._read_class(is_async, key, target)
        elif isinstance(target, griffe.Function | griffe.Attribute):
            self._add_member(is_async, key, target)

    def _key(self, path: str) -> tuple[bool, str]:
        """Whether it is the async one of a pair, and the path of the sync one."""
        parent, _, name = path.rpartition(".")
        counterpart = f"{parent}.{name.removeprefix('Async')}"
        is_async = name.startswith("Async") and counterpart in self._paths.values()
        return is_async, counterpart if is_async else path

    def _read_class(self, is_async: bool, path: str, node: griffe.Class) -> None:
        self._add(is_async, path, _shell(node, [self._base(one) for one in _bases(node)]))
        if (init := constructor(node)) is not None:
            self._add(is_async, f"{path}.__init__", init)
        for name, member in _members(node):
            target = _final(member)
            if name == "__init__" or target is None:
                continue
            if isinstance(target, griffe.Class):
                self._read_class(is_async, f"{path}.{name}", target)
            else:
                self._read_member(is_async, path, member, target)

    def _base(self, path: str) -> str:
        """A public base by its public path; "" for a private one, whose members are read as the class's own."""
        if not path.startswith(f"{PACKAGE}."):
            return path
        found = self._resolved(path)
        return self._paths.get(found.path, "") if found is not None else ""

    def _read_member(
        self, is_async: bool, path: str, member: griffe.Object | griffe.Alias, target: griffe.Object
    ) -> None:
        """A member of a class; one that a public base defines stands there, one of a private base once for all."""
        if not member.is_alias or target.parent is None:
            self._add_member(is_async, f"{path}.{member.name}", target)
        elif target.parent.path not in self._paths:
            self._inherited.setdefault((is_async, target.path), (target, []))[1].append(path)

    def _add_member(self, is_async: bool, path: str, target: griffe.Object) -> None:
        if isinstance(target, griffe.Function):
            self._add(is_async, path, signature(target), _overloads(target))
        elif isinstance(target, griffe.Attribute):
            copy = griffe.Attribute(path, value=target.value, annotation=target.annotation)
            self._add(is_async, path, copy)

    def _add(
        self,
        is_async: bool,
        path: str,
        copy: griffe.Class | griffe.Function | griffe.Attribute,
        overloads: Mapping[str, str] | None = None,
    ) -> None:
        copy.name, copy.public = path, True
        self.names[is_async].setdefault(path, Name(path, copy, overloads or {}))


def _shared(paths: list[str]) -> str:
    """The path of one class, or what those of several have in common, such as `kubesphere_client.models.*`."""
    first, *others = [path.split(".") for path in sorted(set(paths))]
    if not others:
        return ".".join(first)
    same = 0
    while all(len(one) > same and one[same] == first[same] for one in (first, *others)):
        same += 1
    return ".".join([*first[:same], "*"])


def _final(member: griffe.Object | griffe.Alias) -> griffe.Object | None:
    """What a name stands for; None where that is no part of the package."""
    try:
        return member.final_target if isinstance(member, griffe.Alias) else member
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None


def _preference(found: tuple[str, object]) -> tuple[bool, int, str]:
    """The shortest path first. A model is named with its module, as two modules may have one of the same name."""
    path, _ = found
    return (path.startswith(f"{_MODELS}.") and path.count(".") < 3, path.count("."), path)


def _is_offered(module: griffe.Module, name: str, member: griffe.Object | griffe.Alias) -> bool:
    if module.exports is not None:
        return name in {str(one) for one in module.exports} and name != "__all__"
    if name.startswith("_"):
        return False
    return not member.is_alias or module.is_init_module


def _members(node: griffe.Class) -> Iterator[tuple[str, griffe.Object | griffe.Alias]]:
    """The members of a class with those that it inherits from classes of the package, sorted."""
    yield from sorted(node.all_members.items())


def _bases(node: griffe.Class) -> list[str]:
    found = [str(one.canonical_path) if isinstance(one, griffe.Expr) else str(one) for one in node.bases]
    return [*found, *(str(base.path) for base in node.mro() if base.path not in found)]


def _shell(node: griffe.Class, bases: list[str] | None = None) -> griffe.Class:
    """A class without members: they are names of their own."""
    return griffe.Class(node.name, bases=sorted({one for one in bases or [] if one}))


def _overloads(function: griffe.Function) -> dict[str, str]:
    found = {}
    for one in function.overloads or ():
        given = [
            str(parameter.annotation.slice)
            for parameter in one.parameters
            if isinstance(parameter.annotation, griffe.ExprSubscript)
            and parameter.annotation.canonical_path.endswith("Literal")
        ]
        if given:
            found[", ".join(given)] = str(one.returns)
    return found
