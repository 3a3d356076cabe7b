"""The attribute tree under the client that leads to the methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.errors import GeneratorError
from generator.package import Group, Operation

# What a client has beside its groups.
_OF_CLIENT = frozenset(
    "close aclose kubernetes on_cluster request wait_for with_options with_raw_response with_streaming_response".split()
)


def tree(operations_by_group: Mapping[str, list[Operation]]) -> tuple[Group, ...]:
    """
    Raises:
        GeneratorError: two things of the client would have one name.
    """
    taken = _OF_CLIENT & {group.partition(".")[0] for group in operations_by_group}
    if taken:
        raise GeneratorError(
            f"The group {min(taken)} would hide what the client has of that name.\nRename the group in specs/names.toml."
        )
    paths = {tuple(group.split(".")) for group in operations_by_group}
    nodes = sorted({path[:length] for path in paths for length in range(1, len(path) + 1)})
    return tuple(_node(path, nodes, operations_by_group) for path in nodes if len(path) == 1)


def _node(
    path: tuple[str, ...],
    nodes: Iterable[tuple[str, ...]],
    operations_by_group: Mapping[str, list[Operation]],
) -> Group:
    members = tuple(operations_by_group.get(".".join(path), ()))
    children = tuple(
        _node(other, nodes, operations_by_group)
        for other in nodes
        if len(other) == len(path) + 1 and other[: len(path)] == path
    )
    clash = {child.attribute for child in children} & {name for one in members for name in one.methods}
    if clash:
        raise GeneratorError(
            f"{'.'.join(path)}.{min(clash)} is both a group and an operation.\n"
            "Rename the operation in specs/names.toml."
        )
    return Group(
        path=path,
        class_name="".join(part[:1].upper() + part[1:] for part in path),
        title=_common_prefix(members) or ".".join(path),
        operations=members,
        children=children,
    )


def _common_prefix(members: tuple[Operation, ...]) -> str:
    """The leading segments that all paths of a group share, such as /kapis/iam.kubesphere.io/v1alpha2."""
    if not members:
        return ""
    split = [one.path.split("/") for one in members]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1 or "{" in parts[0]:
            break
        shared.append(parts[0])
    return "/".join(shared[:4])
