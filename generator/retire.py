"""Taking actions out of overlay files, with nothing else in the files touched."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from generator.errors import GeneratorError


def without_actions(text: str, numbers: Iterable[int], *, file: str) -> str:
    """The text of an overlay without some of its actions, counted from 1; "" when none would be left.

    The lines of an action go; everything else, comments above it among it, stays as it was written.

    Raises:
        GeneratorError: the actions are not written one below the other, each beginning on a line of its own.
    """
    wanted = set(numbers)
    items = _actions(text, file)
    if wanted >= set(range(1, len(items) + 1)):
        return ""
    lines = text.splitlines(keepends=True)
    starts = [item.start_mark.line for item in items]
    ends = [_above_comments(lines, start) for start in starts[1:]] + [len(lines)]
    for number in sorted(wanted, reverse=True):
        del lines[starts[number - 1] : ends[number - 1]]
    return "".join(lines)


def _actions(text: str, file: str) -> list[yaml.Node]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    members = root.value if isinstance(root, yaml.MappingNode) else []
    for position, (key, value) in enumerate(members):
        if key.value == "actions" and isinstance(value, yaml.SequenceNode) and not value.flow_style:
            if position != len(members) - 1:
                raise GeneratorError(f"{file} has more below its `actions`.\nMove `actions` to the end of the file.")
            return list(value.value)
    raise GeneratorError(
        f"{file} has no list of `actions` with each on lines of its own.\nTake the actions out by hand."
    )


def _above_comments(lines: list[str], line: int) -> int:
    """The first of the comment lines right above a line, or the line itself."""
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line
