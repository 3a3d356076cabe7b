"""What differs between two states of the published files, on each level, and what it does to our corrections."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import frozen

from generator.drift.finding import Finding, Level


@frozen
class SourceChange:
    """One published file in both states; equal bytes are no change."""

    name: str  # the source's name in release.toml, such as "kubesphere"
    path: str  # its path in upstream's repository
    old_sha256: str
    new_sha256: str
    old_size: int  # bytes
    new_size: int
    accepted: bool = False  # whether drift.toml accepts that these bytes changed

    def __bool__(self) -> bool:
        return self.old_sha256 != self.new_sha256

    @property
    def finding(self) -> Finding:
        """The change of bytes as a finding, so that it has a fingerprint and can be accepted like one."""
        return Finding(
            "source-changed",
            Level.COMPATIBLE,
            place=f"source {self.name}",
            subject=self.path,
            text="the file has other bytes",
            before=self.old_sha256,
            after=self.new_sha256,
        )


class Standing(StrEnum):
    """What becomes of a correction when the file that it corrects changes."""

    APPLIES = "applies"  # as before: what it corrects stands there unchanged
    WIDER = "wider"  # as before, and at places that are new or that it did not match before
    LOOK_AGAIN = "look-again"  # what it corrects says something else now, or it cannot be made as it stands
    FIXED_UPSTREAM = "fixed-upstream"  # the new file says itself what the correction says
    GONE = "gone"  # what it corrected is no longer in the file
    MATCHES_NOTHING = "matches-nothing"  # neither state has what it corrects


@frozen
class CorrectionChange:
    """One overlay action, or one rule of the pipeline, under the new files."""

    where: str  # "overlays/iam.yaml, action 3", or "rule nil-slices"
    source: str
    standing: Standing
    text: str  # what the correction says of itself
    target: str  # its JSONPath; "" for a rule
    reason: str  # one sentence: what makes it stand so
    fits: bool = True  # whether the new files can be generated from with it in place


@frozen
class Accepted:
    """A finding that drift.toml accepts."""

    finding: Finding
    reason: str
    until: date | None


@frozen
class Drift:
    """The whole comparison; false when there is nothing at all to report."""

    release: str  # whose corrections were applied to both states, such as "release-3.0"
    old: str  # what the states are called: a ref, a commit or a file
    new: str
    sources: tuple[SourceChange, ...]
    api: tuple[Finding, ...]  # sorted by Finding.order
    python: tuple[Finding, ...]  # sorted likewise
    corrections: tuple[CorrectionChange, ...]
    accepted: tuple[Accepted, ...] = ()  # these stand in neither `api` nor `python`
    notices: tuple[str, ...] = ()  # what could not be compared and why, and acceptances that ended or match nothing
    uncompared: tuple[str, ...] = ()  # the levels that could not be compared: "api", "python"

    def __bool__(self) -> bool:
        return bool(any(one and not one.accepted for one in self.sources) or self.api or self.python)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.api, *self.python)

    @property
    def worst(self) -> Level | None:
        return min((one.level for one in self.findings), key=lambda level: level.rank, default=None)

    def fails(self, threshold: Level | None) -> bool:
        """Whether anything is found that is as bad as a level, or worse; for None, whether there is drift at all."""
        return bool(self) if threshold is None else any(one.level.rank <= threshold.rank for one in self.findings)
