"""Python identifiers for the names of properties and parameters."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Sequence

_PLURAL_ACRONYM = re.compile(r"([A-Z]{2,})s(?![a-z])")  # the IPs of podIPs
_LOWER_THEN_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # api|Version
_ACRONYM_THEN_WORD = re.compile(r"(?<=[A-Z])(?=[A-Z][a-z])")  # HTTP|Get
_BRAND = re.compile("GitHub|GitLab|DevOps|OAuth")  # one word each
_OTHER = re.compile(r"[^A-Za-z0-9]+")


def python_name(wire: str) -> str:
    """A snake_case ASCII identifier for a name on the wire: `podIPs` is pod_ips, `from` is from_, `$ref` is ref.

    A header's name stands without its `X-`: `X-GitHub-Event` is github_event.

    It is never empty, never a keyword, and never starts with an underscore.
    """
    name = snake_case(wire.removeprefix("X-")) or "field"
    if name[0].isdigit():
        name = f"n_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def python_names(wires: Sequence[str], *, reserved: frozenset[str] = frozenset()) -> dict[str, str]:
    """A unique identifier for each of several names, the same whatever order they come in.

    A name that is its own identifier keeps it; of others that meet, the later in the alphabet get `_2`, `_3`, ….
    One that is `reserved` gets an underscore at its end.
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for wire in sorted(set(wires), key=lambda wire: (python_name(wire) != wire, wire)):
        base = python_name(wire)
        if base in reserved:
            base = f"{base.rstrip('_')}_"
        name, number = base, 1
        while name in taken or name in reserved:
            number += 1
            name = f"{base.rstrip('_')}_{number}"
        taken.add(name)
        given[wire] = name
    return {wire: given[wire] for wire in wires}


def snake_case(text: str) -> str:
    """The words of a text in lower case, joined by underscores; empty when it has no ASCII letter or digit."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    ascii_text = _PLURAL_ACRONYM.sub(lambda match: f"{match[1].capitalize()}s_", ascii_text)
    ascii_text = _BRAND.sub(lambda match: match[0].capitalize(), ascii_text)
    ascii_text = _LOWER_THEN_UPPER.sub("_", _ACRONYM_THEN_WORD.sub("_", ascii_text))
    return _OTHER.sub("_", ascii_text).strip("_").lower()


def camel_case(text: str) -> str:
    """The words of a text with capitals and nothing between them; empty when it has no ASCII letter or digit."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return "".join(word[0].upper() + word[1:] for word in _OTHER.split(ascii_text) if word)
