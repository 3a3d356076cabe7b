"""A comparison as JSON, whole: what `report.schema.json` beside the drift package describes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from generator.drift.drift import Accepted, CorrectionChange, Drift, SourceChange
from generator.drift.reports import wording

FORMAT = 1  # moves when a reader of the older one would misread the newer one


def render(drift: Drift) -> str:
    """The comparison as JSON in ASCII: characters that cannot be seen or encoded are escapes."""
    return json.dumps(report(drift), indent=2, allow_nan=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` gives."""
    found: dict[str, Any] = json.loads(files("generator.drift").joinpath("report.schema.json").read_bytes())
    return found


def report(drift: Drift) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "drift": bool(drift),
        "verdict": wording.verdict(drift),
        "worst": drift.worst.value if drift.worst else None,
        "release": drift.release,
        "old": drift.old,
        "new": drift.new,
        "counts": {
            one.name.lower(): {level.value: amount for level, amount in wording.levels(one.findings).items()}
            if one.compared
            else None
            for one in wording.sections(drift)
        },
        "sources": [_source(one) for one in drift.sources],
        "api": [one.as_json() for one in drift.api],
        "python": [one.as_json() for one in drift.python],
        "corrections": [_correction(one) for one in drift.corrections],
        "accepted": [_accepted(one) for one in drift.accepted],
        "notices": list(drift.notices),
        "uncompared": list(drift.uncompared),
    }


def _source(source: SourceChange) -> dict[str, Any]:
    return {
        "name": source.name,
        "path": source.path,
        "changed": bool(source),
        "accepted": source.accepted,
        "fingerprint": source.finding.fingerprint if source else None,
        "old": {"sha256": source.old_sha256, "size": source.old_size},
        "new": {"sha256": source.new_sha256, "size": source.new_size},
    }


def _correction(correction: CorrectionChange) -> dict[str, Any]:
    return {
        "where": correction.where,
        "source": correction.source,
        "standing": correction.standing.value,
        "fits": correction.fits,
        "text": correction.text,
        "target": correction.target,
        "reason": correction.reason,
    }


def _accepted(accepted: Accepted) -> dict[str, Any]:
    return {
        "reason": accepted.reason,
        "until": accepted.until.isoformat() if accepted.until else None,
        "finding": accepted.finding.as_json(),
    }
