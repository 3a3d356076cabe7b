"""What a comparison tells a user of the package, in methods and models: each change once, the worst first."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from generator.changelog import CATEGORIES
from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.naming.python_names import python_name

_ADDED, _REMOVED = "endpoint-added", ("api-removed-without-deprecation", "api-removed-with-deprecation")
# What reads best as one name and the other; the words stand before a list of such pairs.
_OLD_AND_NEW = {
    "python-object-renamed": "renamed",
    "python-export-removed": "to be imported from elsewhere now",
}
_MARK = "**Breaking:** "
_TO = " → "
_WIDTH = 120
_PACKAGE = "kubesphere_client."
_SCHEMA = re.compile(r"schema (?P<model>\w+\.\w+)(?: (?P<field>[^\s.\[{]+)\S*)?\Z")
_OPERATION = re.compile(r"[A-Z]+ /\S*(?: (?P<kind>\w+)(?: (?P<name>\S+))?)?\Z")
_ARGUMENT = re.compile(r"(?P<owner>[\w.]+)\((?P<name>\w+)\)\Z")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")

Key = tuple[str, str]  # a method and its argument, or a class and its field, in one spelling


@frozen
class _Told:
    """One change as the changelog tells it."""

    category: str
    level: Level
    name: str
    text: str


def entry(drift: Drift) -> dict[str, list[str]]:
    """The lines about a comparison, by category: first what is new or gone as a whole, then the rest, the worst first."""
    added, removed = _calls(drift, (_ADDED,)), _calls(drift, _REMOVED)
    # A method that is found under both has another address, and is as it was to its user.
    lines: dict[str, list[str]] = defaultdict(list)
    lines["Added"] += _by_group(added, added.keys() & removed.keys(), "")
    lines["Removed"] += _by_group(removed, added.keys() & removed.keys(), _MARK)
    told = [*_of_both(drift, {*added, *removed}), *_moved(added, removed)]
    for (category, level, text), names in _alike(told):
        mark = _MARK if level is Level.BREAKING else ""
        several = len(names) > 1 or text in _OLD_AND_NEW.values()
        listed = ", ".join(_in_short(names))
        lines[category].append(_wrapped(f"- {mark}{text}: {listed}" if several else f"- {mark}{listed}: {text}"))
    return {name: lines[name] for name in CATEGORIES if lines[name]}


def _calls(drift: Drift, checks: Sequence[str]) -> dict[str, Finding]:
    """The findings of some checks by the method, or by the operation where no method is known."""
    return {name: one for one in drift.api if one.check in checks for name in one.calls or one.operations}


def _by_group(found: Mapping[str, Finding], elsewhere: Iterable[str], mark: str) -> Iterator[str]:
    """One line for each group, with the names of its methods, or the addresses where there is no name."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, one in sorted(found.items()):
        if name not in elsewhere:
            groups[one.group].append(_code(name.removeprefix(f"{one.group}.")))
    for group, names in sorted(groups.items()):
        yield _wrapped(f"- {mark}{_code(group)}: {', '.join(names)}" if group else f"- {mark}{', '.join(names)}")


def _moved(added: Mapping[str, Finding], removed: Mapping[str, Finding]) -> Iterator[_Told]:
    for name in sorted(added.keys() & removed.keys()):
        old, new = removed[name].subject, added[name].subject
        yield _Told("Changed", Level.BREAKING, name, f"it is {_code(new)} now and was {_code(old)} before")


def _of_both(drift: Drift, whole: set[str]) -> Iterator[_Told]:
    """What changed in operations and models: as the API has it, as bad as it is in Python, and what only Python shows.

    A field that is gone is one change for the reader, though both sections find it; a class under another name is
    found in Python alone.
    """
    in_python: dict[Key, list[Finding]] = defaultdict(list)
    for one in drift.python:
        in_python[_key(one)].append(one)
    told: dict[Key, set[tuple[str, str]]] = defaultdict(set)
    for one in drift.api:
        key = _key(one)
        same = in_python.get(key, [])
        # The type of an answer, and a class that is gone, are told in the words of the package.
        if one.check in (_ADDED, *_REMOVED) or (same and (_is_of_answer(one) or not key[1])):
            continue
        level = min([one.level, *(other.level for other in same)], key=lambda level: level.rank)
        tell = _tell(one, level, same)
        # A field that is both sent and received is found twice; the reader is told the worse.
        if (aspect := (tell.category, _aspect(one))) not in told[key]:
            told[key].add(aspect)
            yield tell
    for key, ones in in_python.items():
        owner = key[0]
        for one in ones:
            if one.level is not Level.COMPATIBLE and key not in told and not (key[1] == "" and _is_told(owner, whole)):
                yield _tell(one, one.level)


def _is_told(owner: str, whole: set[str]) -> bool:
    """Whether a method, or all of a group, is among those that went as a whole."""
    return any(name == owner or name.startswith(f"{owner}.") for name in whole)


def _key(finding: Finding) -> Key:
    subject = finding.subject.removeprefix("ks.")
    if match := _SCHEMA.match(finding.place):
        return match["model"], _spelt(match["field"] or "")
    if match := _OPERATION.match(subject):
        return finding.calls[0] if len(finding.calls) == 1 else subject, _spelt(match["name"] or match["kind"] or "")
    if match := _ARGUMENT.match(subject):
        return _short(match["owner"]).removeprefix("models."), _spelt(match["name"])
    if finding.check == "python-return-changed-type":
        return subject.partition("(")[0], "200"
    if subject.startswith(f"{_PACKAGE}models.") and subject.count(".") > 3:
        owner, _, name = subject.removeprefix(f"{_PACKAGE}models.").rpartition(".")
        return owner, _spelt(name)
    return _short(subject).removeprefix("models."), ""


def _is_of_answer(finding: Finding) -> bool:
    return finding.check.startswith("response-body-type-")


def _aspect(finding: Finding) -> str:
    """What of a field or an argument changed, whichever way it is sent."""
    if "type" in finding.check.split("-"):
        return "type"
    if {"added", "new", "removed"} & set(finding.check.split("-")):
        return "presence"
    return re.sub(r"\b(request|response)-", "", finding.check)


def _spelt(name: str) -> str:
    """A name as the API, `artifactsZipFile`, and the package, `artifacts_zip_file`, have it both."""
    return name.replace("_", "").casefold()


def _tell(finding: Finding, level: Level, same: Sequence[Finding] = ()) -> _Told:
    if words := _OLD_AND_NEW.get(finding.check):
        return _Told("Changed", level, _TO.join(_short(str(one)) for one in (finding.before, finding.after)), words)
    text = finding.text
    values = [one for one in (finding.before, finding.after) if isinstance(one, str) and f" {one} " in f" {text} "]
    if values and {"type", "moved"} & set(finding.check.split("-")):
        parts = re.split(f"({'|'.join(re.escape(one) for one in sorted(values, key=len, reverse=True))})", text)
        said = "".join(_code(one) if one in values else _escaped(one) for one in parts)
    else:
        said = _escaped(text)
    return _Told(_category(finding, level), level, _name(finding, same), said)


def _name(finding: Finding, same: Sequence[Finding]) -> str:
    """`iam.v1alpha2.list_users(limit)`, `models.iam_v1alpha2.User.last_login`: what a user writes."""
    if match := _SCHEMA.match(finding.place):
        names = [_short(one.subject) for one in same if not one.subject.endswith(")")]
        if names or not match["field"]:
            return names[0] if names else f"models.{match['model']}"
        field = finding.subject.partition(".")[2].replace(match["field"], python_name(match["field"]), 1)
        return f"models.{match['model']}.{field}"
    match = _OPERATION.match(finding.subject)
    if match and len(finding.calls) == 1:
        return f"{finding.calls[0]}({match['name']})" if match["name"] else finding.calls[0]
    return _short(finding.subject)


def _short(subject: str) -> str:
    return subject.removeprefix("ks.").removeprefix(_PACKAGE)


def _category(finding: Finding, level: Level) -> str:
    words = finding.check.split("-")
    if "security" in words:
        return "Security"
    if "deprecated" in words:
        return "Deprecated"
    if ("added" in words or words[0] == "new") and level is Level.COMPATIBLE:
        return "Added"
    if "removed" in words:
        return "Removed"
    return "Changed"


def _alike(told: Iterable[_Told]) -> list[tuple[tuple[str, Level, str], list[str]]]:
    """The names of which the same is said: the worst first, then methods before models."""
    found: dict[tuple[str, Level, str], set[str]] = defaultdict(set)
    for one in told:
        found[one.category, one.level, one.text].add(one.name)
    named = [(said, sorted(names)) for said, names in found.items()]
    return sorted(named, key=lambda item: (item[0][1].rank, item[1][0].startswith("models."), item[1], item[0][2]))


def _in_short(names: Sequence[str]) -> Iterator[str]:
    """The names as code; one beside another of the same owner without it: `models.iam_v1alpha2.User.email`, `.lang`."""
    before = ""
    for name in names:
        owner, _, _ = name.partition("(")[0].rpartition(".")
        if _TO in name:
            yield _TO.join(_code(one) for one in name.split(_TO))
        elif owner and owner == before:
            yield _code(name.removeprefix(owner))
        else:
            yield _code(name)
        before = owner


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _code(text: str) -> str:
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def _escaped(text: str) -> str:
    # What text from outside has at its ends parts it from what stands beside it.
    return _MARKDOWN.sub(r"\\\1", re.sub(r"\s+", " ", text))
