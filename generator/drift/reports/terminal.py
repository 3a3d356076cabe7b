"""A comparison for a terminal: what broke in full, what is compatible in short; it reads the same without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console

from generator.drift.drift import CorrectionChange, Drift
from generator.drift.finding import Finding, Level
from generator.drift.reports import wording
from generator.drift.reports.lines import Page

_STYLES = {Level.BREAKING: "bold red", Level.RISKY: "yellow", Level.COMPATIBLE: "green"}
_MOST_COMPATIBLE = 2  # of each group, unless all are asked for
_SHORT = 60  # characters of a value before and of the one after that share a line
_LONG = 400  # characters of a value on lines of its own


def write(drift: Drift, console: Console, *, verbose: bool = False) -> None:
    """Print a comparison.

    Args:
        verbose: compatible findings and each correction in full too.
    """
    page = Page(console)
    _summary(drift, page)
    for section in wording.sections(drift):
        for level in Level:
            _findings(section.name, level, wording.by_level(section.findings, level), page, verbose=verbose)
    _corrections(drift, page, verbose=verbose)
    _accepted(drift, page)
    steps = wording.next_steps(drift)
    if steps:
        # The beginning has left the screen by now.
        page.heading(wording.loud(drift), _STYLES[drift.worst] if drift.worst else "bold")
    for step in steps:
        page.line(1, f"- {step}")


def _summary(drift: Drift, page: Page) -> None:
    page.line(0, wording.title(drift), "bold")
    page.line(0, "")
    page.line(0, wording.loud(drift), _STYLES[drift.worst] if drift.worst else "bold")
    for notice in drift.notices:
        page.line(1, f"- {wording.shown(notice)}", "bold" if drift.uncompared else "")
    page.line(0, "")
    for section in wording.sections(drift):
        page.line(1, f"{section.name:<12} {section.counted}", "" if section.compared else "bold")
    if drift.corrections:
        page.line(1, f"corrections  {wording.stand(drift)}")
    if drift.accepted:
        page.line(1, f"accepted     {wording.count(len(drift.accepted), 'finding')}")
    for source in drift.sources:
        page.line(1, f"bytes        {wording.shown(source.name)}: {wording.changed_size(source)}")


def _findings(name: str, level: Level, findings: Sequence[Finding], page: Page, *, verbose: bool) -> None:
    if not findings:
        return
    page.heading(f"{level.upper()}, {name} ({wording.number(len(findings))}): {wording.MEANS[level]}", _STYLES[level])
    short = level is Level.COMPATIBLE and not verbose
    left = False
    for group, found in wording.groups(findings):
        page.line(1, wording.group_name(group), "bold")
        for one in found[:_MOST_COMPATIBLE] if short else found:
            _one(one, page, verbose=verbose)
        if short and len(found) > _MOST_COMPATIBLE:
            page.line(2, f"and {wording.number(len(found) - _MOST_COMPATIBLE)} more")
            left = True
    if left:
        page.line(1, "--verbose shows all of them.")


def _one(finding: Finding, page: Page, *, verbose: bool) -> None:
    told = "" if verbose else f"  [{finding.fingerprint}]"
    page.line(2, f"{wording.shown(finding.subject)}: {wording.shown(finding.text)}{told}")
    if verbose or finding.level is not Level.COMPATIBLE:
        _before_and_after(finding, page)
        met = (wording.touches(finding), wording.called(finding)) if verbose else (wording.met(finding),)
        for said in filter(None, met):
            page.line(3, said, "dim")
    if verbose:
        page.line(3, f"{wording.shown(finding.check)}  {finding.fingerprint}", "dim")


def _before_and_after(finding: Finding, page: Page) -> None:
    if wording.says_all(finding):
        return
    before, after = wording.value(finding.before, _LONG), wording.value(finding.after, _LONG)
    if max(len(before), len(after)) <= _SHORT:
        page.line(3, f"{before} → {after}")
    else:
        page.line(3, f"before {before}")
        page.line(3, f"after  {after}")


def _corrections(drift: Drift, page: Page, *, verbose: bool) -> None:
    for standing, corrections in wording.attention(drift):
        page.heading(
            f"Corrections, {wording.STANDS[standing]} ({wording.number(len(corrections))}): {wording.TO_DO[standing]}"
        )
        for one in corrections if verbose else ():
            page.line(1, f"{wording.shown(one.where)} ({wording.shown(one.source)}): {wording.shown(one.text)}")
            if one.target:
                page.line(2, wording.shown(one.target), "dim")
            page.line(2, "; ".join(filter(None, (wording.shown(one.reason), wording.misfit(one)))))
        for line in () if verbose else _by_file(corrections):
            page.line(1, line)
    if wording.attention(drift) and not verbose:
        page.line(1, "--verbose tells of each what it says and why it is here.")


def _by_file(corrections: Sequence[CorrectionChange]) -> Iterator[str]:
    """`overlays/iam.yaml, action 1, 2`: those of a file on one line, and first those that cannot be made."""
    for fits in (False, True):
        files: dict[str, list[str]] = {}
        for one in corrections:
            if one.fits is fits:
                where = wording.shown(one.where)
                file, _, number = where.rpartition(" ")
                numbered = file and number.isdigit()
                files.setdefault(f"{file} " if numbered else "", []).append(number if numbered else where)
        mark = "" if fits else "cannot be made: "
        yield from (f"{mark}{file}{', '.join(numbers)}" for file, numbers in files.items())


def _accepted(drift: Drift, page: Page) -> None:
    if drift.accepted:
        page.heading(f"Accepted in drift.toml ({wording.number(len(drift.accepted))})")
    for one in drift.accepted:
        finding = one.finding
        page.line(1, f"{finding.fingerprint} {finding.level} {wording.shown(finding.subject)}")
        page.line(2, f"{wording.shown(one.reason)} ({wording.accepted_until(one)})")
