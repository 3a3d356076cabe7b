"""A comparison for a terminal: what broke in full, what is compatible in short; it reads the same without colour."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen
from rich.console import Console
from rich.text import Text

from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.drift.reports import wording

_STYLES = {Level.BREAKING: "bold red", Level.RISKY: "yellow", Level.COMPATIBLE: "green"}
_MOST_COMPATIBLE = 2  # of each group, unless all are asked for
_SHORT = 60  # characters of a value before and of the one after that share a line
_LONG = 400  # characters of a value on lines of its own


def write(drift: Drift, console: Console, *, verbose: bool = False) -> None:
    """Print a comparison.

    Args:
        verbose: compatible findings in full too.
    """
    page = _Page(console)
    _summary(drift, page)
    for name, _, findings in wording.sections(drift):
        for level in Level:
            _findings(name, level, wording.by_level(findings, level), page, verbose=verbose)
    _corrections(drift, page)
    _accepted(drift, page)
    if drift.notices:
        page.heading("Notices")
        for notice in drift.notices:
            page.line(1, f"- {wording.shown(notice)}")
    if drift.findings:
        page.line(0, "")
        page.line(0, wording.ACCEPT)


@frozen
class _Page:
    """A console that takes lines of plain text, indented, and says what its encoding cannot in another way."""

    console: Console

    def line(self, indent: int, text: str, style: str = "") -> None:
        encoding = self.console.encoding
        fitting = text.replace("→", "->") if self.console.options.ascii_only else text
        said = Text(fitting.encode(encoding, "backslashreplace").decode(encoding))
        for part in said.wrap(self.console, max(20, self.console.width - 2 * indent)) or [said]:
            part.rstrip()
            self.console.print(Text("  " * indent + part.plain, style=style), highlight=False, soft_wrap=True)

    def heading(self, text: str, style: str = "bold") -> None:
        self.line(0, "")
        self.line(0, text, style)


def _summary(drift: Drift, page: _Page) -> None:
    page.line(0, wording.title(drift), "bold")
    page.line(0, "")
    loud = f"{drift.worst.upper()}: " if drift.worst else ""
    page.line(0, loud + wording.verdict(drift), _STYLES[drift.worst] if drift.worst else "bold")
    page.line(0, "")
    for source in drift.sources:
        page.line(1, f"bytes        {wording.shown(source.name)}: {wording.changed_size(source)}")
        if source:
            page.line(1, f"             sha256 {source.old_sha256[:12]} → {source.new_sha256[:12]}")
    for name, _, findings in wording.sections(drift):
        page.line(1, f"{name:<12} {wording.counted(findings)}")
    if drift.corrections:
        page.line(1, f"corrections  {wording.stand(drift)}")
    if drift.accepted:
        page.line(1, f"accepted     {wording.count(len(drift.accepted), 'finding')}")


def _findings(name: str, level: Level, findings: Sequence[Finding], page: _Page, *, verbose: bool) -> None:
    if not findings:
        return
    page.heading(f"{level.upper()}, {name} ({wording.number(len(findings))}): {wording.MEANS[level]}", _STYLES[level])
    short = level is Level.COMPATIBLE and not verbose
    for group, found in wording.groups(findings):
        page.line(1, wording.group_name(group), "bold")
        for one in found[:_MOST_COMPATIBLE] if short else found:
            _one(one, page, short=short)
        if short and len(found) > _MOST_COMPATIBLE:
            page.line(2, f"and {wording.number(len(found) - _MOST_COMPATIBLE)} more")
    if short:
        page.line(1, "These are shortened: --verbose shows all of them, with what stood there before and after.")


def _one(finding: Finding, page: _Page, *, short: bool) -> None:
    page.line(2, f"{wording.shown(finding.subject)}: {wording.shown(finding.text)}")
    if not short:
        _before_and_after(finding, page)
        for said in filter(None, (wording.touches(finding), wording.called(finding))):
            page.line(3, said)
    page.line(3, f"{wording.shown(finding.check)}  {finding.fingerprint}", "dim")


def _before_and_after(finding: Finding, page: _Page) -> None:
    if wording.says_all(finding):
        return
    before, after = wording.value(finding.before, _LONG), wording.value(finding.after, _LONG)
    if max(len(before), len(after)) <= _SHORT:
        page.line(3, f"{before} → {after}")
    else:
        page.line(3, f"before {before}")
        page.line(3, f"after  {after}")


def _corrections(drift: Drift, page: _Page) -> None:
    for standing, corrections in wording.attention(drift):
        page.heading(
            f"Corrections, {wording.STANDS[standing]} ({wording.number(len(corrections))}): {wording.TO_DO[standing]}"
        )
        for one in corrections:
            page.line(1, f"{wording.shown(one.where)} ({wording.shown(one.source)}): {wording.shown(one.text)}")
            if one.target:
                page.line(2, wording.shown(one.target), "dim")
            page.line(2, wording.shown(one.reason))


def _accepted(drift: Drift, page: _Page) -> None:
    if drift.accepted:
        page.heading(f"Accepted in drift.toml ({wording.number(len(drift.accepted))})")
    for one in drift.accepted:
        finding = one.finding
        page.line(1, f"{finding.fingerprint} {finding.level} {wording.shown(finding.subject)}")
        page.line(2, f"{wording.shown(one.reason)} ({wording.accepted_until(one)})")
