"""The changelog inside a package: what changed for its user, in operations, models and Python, out of a comparison."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.errors import GeneratorError

FILE = "CHANGELOG.md"
# The order of Keep a Changelog.
_CATEGORIES = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_WHOLE_OPERATIONS = {"Added": "endpoint-added", "Removed": "api-removed-without-deprecation"}
_WIDTH = 120
_SECTION = re.compile(r"^## \[(?P<version>[^\]\n]+)\].*$", re.MULTILINE)
_LINKS = re.compile(r"^\[[^\]\n]+\]: ", re.MULTILINE)  # at the end of the file, where versions are links
_CATEGORY = re.compile(r"^### (?P<name>\w+)\s*$", re.MULTILINE)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")

Entry = Mapping[str, Sequence[str]]


def entry(drift: Drift) -> dict[str, list[str]]:
    """The lines about a comparison, by category: first what is new or gone as a whole, then the rest, the worst first."""
    lines: dict[str, list[str]] = defaultdict(list)
    findings = _merged_levels(drift)
    for category, check in _WHOLE_OPERATIONS.items():
        whole = [one for one in findings if one.check == check]
        lines[category] += _by_group(whole, breaking=category == "Removed")
    told = set()
    for finding in findings:
        category = _category(finding)
        # One field that is both sent and received is found twice; the reader is told the worse.
        if finding.check not in _WHOLE_OPERATIONS.values() and (category, finding.subject) not in told:
            told.add((category, finding.subject))
            lines[category].append(_line(finding))
    return {name: lines[name] for name in _CATEGORIES if lines[name]}


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


def _merged_levels(drift: Drift) -> list[Finding]:
    """The findings to tell: those of the API, as bad as they are in Python, and what only Python shows.

    A field that is gone is one change for the reader, though both levels find it; a class or method under another name
    is found in Python alone.
    """
    told: dict[str, Level] = {}
    for one in drift.python:
        name = _field(one.subject)
        told[name] = min(one.level, told.get(name, one.level), key=lambda level: level.rank)
    of_api = [
        evolve(one, level=min(one.level, told.get(_field(one.subject), one.level), key=lambda level: level.rank))
        for one in drift.api
    ]
    calls = {call for one in drift.api for call in one.calls}
    fields = {_field(one.subject) for one in drift.api}
    of_python = [
        one
        for one in drift.python
        if one.level is not Level.COMPATIBLE and not calls & set(one.calls) and _field(one.subject) not in fields
    ]
    return sorted([*of_api, *of_python], key=lambda one: one.order)


def _field(subject: str) -> str:
    """`User.age` of `kubesphere_client.models.iam_v1alpha2.User.age`: a model and its field."""
    return ".".join(subject.split(".")[-2:])


def _category(finding: Finding) -> str:
    words = finding.check.split("-")
    if "security" in words:
        return "Security"
    if "deprecated" in words:
        return "Deprecated"
    if "added" in words or words[0] == "new":
        return "Added"
    if "removed" in words:
        return "Removed"
    return "Changed"


def _by_group(findings: Iterable[Finding], *, breaking: bool) -> list[str]:
    """One line for each group, with the names of its methods, or the addresses where there is no name."""
    groups: dict[str, set[str]] = defaultdict(set)
    for one in findings:
        names = [call.removeprefix(f"{one.group}.") for call in one.calls] or list(one.operations)
        groups[one.group] |= set(names)
    mark = "**Breaking:** " if breaking else ""
    return [
        _wrapped(
            f"- {mark}{_code(group)}: {', '.join(_code(name) for name in sorted(names))}"
            if group
            else f"- {mark}{', '.join(_code(name) for name in sorted(names))}"
        )
        for group, names in sorted(groups.items())
    ]


def _line(finding: Finding) -> str:
    mark = "**Breaking:** " if finding.level is Level.BREAKING else ""
    name = finding.calls[0] if len(finding.calls) == 1 else ""
    subject = finding.subject
    for operation in finding.operations:
        if name and subject.startswith(operation):
            subject = f"{name}{subject.removeprefix(operation)}"
    return _wrapped(f"- {mark}{_code(subject)}: {_escaped(finding.text)}")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _code(text: str) -> str:
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


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
        key=lambda name: (_CATEGORIES.index(name) if name in _CATEGORIES else 99, name),
    )
    return text + "".join(f"### {name}\n\n" + "\n".join(parts[name]) + "\n\n" for name in others)
