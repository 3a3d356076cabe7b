"""The changelog inside a package: sections for versions, and lines that join them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from generator.errors import GeneratorError

FILE = "CHANGELOG.md"
# The order of Keep a Changelog.
CATEGORIES = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_SECTION = re.compile(r"^## \[(?P<version>[^\]\n]+)\].*$", re.MULTILINE)
_LINKS = re.compile(r"^\[[^\]\n]+\]: ", re.MULTILINE)  # at the end of the file, where versions are links
_CATEGORY = re.compile(r"^### (?P<name>\w+)\s*$", re.MULTILINE)

Entry = Mapping[str, Sequence[str]]


def add(text: str, version: str, new: Entry, *, undone: Entry | None = None) -> str:
    """The changelog with the lines under a version: in its section where it has one, else in a new one at the top.

    Args:
        undone: the lines about the way back. Where the section has them all, an earlier update wrote them and this one
            undoes it: they are taken out, and nothing is added.

    Raises:
        GeneratorError: the text has no place where a section could begin.
    """
    if not text.startswith("# "):
        raise GeneratorError(f"{FILE} does not begin with a heading.\nWrite `# Changelog` in its first line.")
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    changed = _added(text.replace("\r\n", "\n"), version, new, undone or {}).rstrip("\n") + "\n"
    return changed.replace("\n", end_of_line)


def _added(text: str, version: str, new: Entry, undone: Entry) -> str:
    sections = list(_SECTION.finditer(text))
    for number, section in enumerate(sections):
        if section["version"] == version:
            end = _end(text, sections, number)
            present = _parsed(text[section.end() : end])
            changed = _without(present, undone) if _has_all(present, undone) else _merged(present, new)
            return text[: section.start()] + (_written(section[0], changed) if changed else "") + text[end:]
    place = sections[0].start() if sections else len(text.rstrip()) + 2
    head = text[:place] if sections else text.rstrip() + "\n\n"
    return head + _written(f"## [{version}]", dict(new)) + text[place:]


def section(text: str, version: str) -> str:
    """What the changelog says of a version, without its heading; "" if nothing."""
    sections = list(_SECTION.finditer(text))
    for number, one in enumerate(sections):
        if one["version"] == version:
            return text[one.end() : _end(text, sections, number)].strip()
    return ""


def _end(text: str, sections: Sequence[re.Match[str]], number: int) -> int:
    """Where a section ends: at the next one, or at the links that the last one is followed by."""
    if number + 1 < len(sections):
        return sections[number + 1].start()
    links = _LINKS.search(text, sections[number].end())
    return links.start() if links else len(text)


def _parsed(section: str) -> dict[str, list[str]]:
    """The parts of a section by the heading they stand under; what stands under none is under ""."""
    headings = list(_CATEGORY.finditer(section))
    starts = [one.start() for one in headings] + [len(section)]
    parts = {"": [section[: starts[0]].strip()] if section[: starts[0]].strip() else []}
    for number, heading in enumerate(headings):
        parts[heading["name"]] = [section[heading.end() : starts[number + 1]].strip("\n")]
    return parts


def _merged(present: Mapping[str, Sequence[str]], new: Entry) -> dict[str, list[str]]:
    merged = {name: list(parts) for name, parts in present.items()}
    for name, lines in new.items():
        known = "\n".join(merged.get(name, ()))
        merged.setdefault(name, []).extend(line for line in lines if not _is_in(line, known))
    return merged


def _has_all(present: Mapping[str, Sequence[str]], lines: Entry) -> bool:
    return bool(lines) and all(
        _is_in(line, "\n".join(present.get(name, ()))) for name, several in lines.items() for line in several
    )


def _without(present: Mapping[str, Sequence[str]], lines: Entry) -> dict[str, list[str]]:
    left = {}
    for name, parts in present.items():
        text = "\n".join(parts)
        for line in lines.get(name, ()):
            text = f"\n{text}\n".replace(f"\n{line}\n", "\n", 1).strip("\n")
        if text:
            left[name] = [text]
    return left


def _is_in(line: str, text: str) -> bool:
    return f"\n{line}\n" in f"\n{text}\n"


def _written(heading: str, parts: Mapping[str, Sequence[str]]) -> str:
    text = f"{heading}\n\n" + "".join(f"{one}\n\n" for one in parts.get("", ()))
    others = sorted(
        (name for name in parts if name),
        key=lambda name: (CATEGORIES.index(name) if name in CATEGORIES else 99, name),
    )
    return text + "".join(f"### {name}\n\n" + "\n".join(parts[name]) + "\n\n" for name in others)
