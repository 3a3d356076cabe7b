"""Names of branches, tags and commits: text from outside that becomes part of paths and addresses."""

from __future__ import annotations

import re

from generator.errors import GeneratorError

_COMMIT = re.compile(r"[0-9a-f]{40}")
_LONGEST = 200
# What git check-ref-format(1) refuses anywhere in a name, besides what is not printable.
_REFUSED = ("..", "//", "@{", *"~^:?*[\\ ")


def is_commit(text: str) -> bool:
    """Whether a text names a commit in full."""
    return _COMMIT.fullmatch(text) is not None


def check_ref(text: str) -> str:
    """The text, if it can be the name of a branch, a tag or a commit as git has it.

    Raises:
        GeneratorError: it cannot.
    """
    parts = text.split("/")
    sound = (
        0 < len(text) <= _LONGEST
        and text.isprintable()
        and text != "@"
        and not any(one in text for one in _REFUSED)
        and not any(part.startswith((".", "-")) or part.endswith((".", ".lock")) for part in parts)
        and all(parts)
    )
    if sound:
        return text
    shown = ascii(text[:_LONGEST])
    raise GeneratorError(
        f"{shown} cannot be a branch, a tag or a commit.\nName one such as release-3.0, or the 40 digits of a commit."
    )
