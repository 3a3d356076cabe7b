"""A comparison as JUnit XML, in the form that GitHub's actions, GitLab and Jenkins read: a test case for each finding."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.drift.reports import wording

_LONGEST = 2_000  # characters of a value


def render(drift: Drift, fail_on: Level | None = None) -> str:
    """The comparison as JUnit XML.

    Args:
        fail_on: findings of this level and of worse ones are failures, or none. With `compatible`, which is the same
            as any, so are files that changed and corrections that need a person.
    """
    root = ET.Element("testsuites", name=wording.title(drift))
    _bytes(drift, _suite(root, "bytes"), strict=fail_on is Level.COMPATIBLE)
    for one in wording.sections(drift):
        _findings(one, _suite(root, one.name), fail_on)
    _corrections(drift, _suite(root, "corrections"), strict=fail_on is Level.COMPATIBLE)
    if drift.accepted:
        _accepted(drift, _suite(root, "accepted"))
    said = [wording.loud(drift), *drift.notices, *wording.next_steps(drift)]
    ET.SubElement(root[0], "system-out").text = "\n".join(wording.shown(one, _LONGEST) for one in said)
    for suite in root:
        _count(suite)
    for what in ("tests", "failures", "errors", "skipped"):
        root.set(what, str(sum(int(suite.get(what, "0")) for suite in root)))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written.decode("utf-8") + "\n"


def _suite(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "testsuite", name=name)


def _case(suite: ET.Element, group: str, name: str) -> ET.Element:
    # No run takes a time of its own; readers that expect one get 0.
    return ET.SubElement(suite, "testcase", classname=group, name=name, time="0")


def _fail(case: ET.Element, message: str, kind: str, lines: Sequence[str]) -> None:
    ET.SubElement(case, "failure", message=message, type=kind).text = "\n".join(lines)


def _pass(case: ET.Element, lines: Sequence[str]) -> None:
    ET.SubElement(case, "system-out").text = "\n".join(lines)


def _bytes(drift: Drift, suite: ET.Element, *, strict: bool) -> None:
    for source in drift.sources:
        case = _case(suite, wording.shown(source.name), wording.shown(source.path))
        lines = [wording.changed_size(source), f"sha256 {source.old_sha256} → {source.new_sha256}"]
        if source and strict:
            _fail(case, "the file differs from what is pinned", "changed", lines)
        else:
            _pass(case, lines)


def _findings(section: wording.Section, suite: ET.Element, fail_on: Level | None) -> None:
    if not section.compared:
        said = f"{section.name} was not compared"
        ET.SubElement(_case(suite, "all groups", said), "error", message=said, type="uncompared")
        return
    for one in section.findings:
        case = _case(suite, wording.group_name(one.group), _name(one))
        if fail_on is not None and one.level.rank <= fail_on.rank:
            _fail(case, f"{one.level}: {wording.shown(one.text)}", one.level.value, _told(one))
        else:
            _pass(case, [f"{one.level}: {wording.shown(one.text)}", *_told(one)])
    for level in Level:
        if not wording.by_level(section.findings, level):
            _case(suite, "all groups", f"no {level} change")


def _corrections(drift: Drift, suite: ET.Element, *, strict: bool) -> None:
    for standing, corrections in wording.attention(drift):
        for one in corrections:
            name = (
                f"{wording.shown(one.where)}: {wording.shown(one.target)}" if one.target else wording.shown(one.where)
            )
            case = _case(suite, wording.shown(one.source), name)
            lines = [wording.shown(one.text), wording.shown(one.reason), wording.misfit(one)]
            lines = [*filter(None, lines), f"To do: {wording.TO_DO[standing]}."]
            if strict:
                _fail(case, wording.STANDS[standing], standing.value, lines)
            else:
                _pass(case, [wording.STANDS[standing], *lines])
    _case(suite, "all sources", f"{wording.count(wording.still_apply(drift), 'correction')} without a change")


def _accepted(drift: Drift, suite: ET.Element) -> None:
    for one in drift.accepted:
        case = _case(suite, wording.group_name(one.finding.group), _name(one.finding))
        said = f"{wording.shown(one.reason)} ({wording.accepted_until(one)})"
        ET.SubElement(case, "skipped", message=said)


def _name(finding: Finding) -> str:
    """Unique by its fingerprint: GitLab takes cases of one name for one case."""
    return f"{wording.shown(finding.check)}: {wording.shown(finding.subject)} [{finding.fingerprint}]"


def _told(finding: Finding) -> list[str]:
    before, after = wording.value(finding.before, _LONGEST), wording.value(finding.after, _LONGEST)
    values = [f"before: {before}", f"after: {after}"] if before != after else []
    return [*values, *filter(None, (wording.touches(finding, 20), wording.called(finding, 20)))]


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("time", "0")
