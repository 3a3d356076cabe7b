"""The ledger of release 3.0: it has every known defect, none fails, and its checks can fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import fetch, ledger, report, swagger
from generator.document import PUBLISHED_NAME
from generator.ledger import Occurrence
from generator.lookup import Lookup
from generator.release import load_release

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
RELEASE = load_release(ROOT / "specs" / "release-3.0")
LEDGER = ledger.load(RELEASE.folder)
SERIOUS = ("breaks-client", "wrong-type")

# Defects whose checks hold in the files as published, and why.
PROVEN_OTHERWISE = {
    "KS-0392": "the published media type is right; in OpenAPI 3 the body's schema stands below it",
    "KS-0393": "the published media type is right; in OpenAPI 3 the body's schema stands below it",
    "KS-0603": "the files name no address, which is the user's; that the client takes it is proven by tests",
}

with_evidence = pytest.mark.skipif(not SHARED.is_dir(), reason="the evidence beside the project is not there")


@with_evidence
def test_the_ledger_has_every_defect_of_the_evidence() -> None:
    evidence = json.loads((SHARED / "evidence" / "defects.json").read_bytes())
    known = sorted((one["id"], one["where"], one["kind"], one["severity"]) for one in evidence)

    assert len(known) == 848
    assert sorted((one.id, one.where, one.kind, one.severity) for one in LEDGER) == known


def test_no_defect_fails() -> None:
    document = json.loads((ROOT / "generated" / "release-3.0" / "openapi.json").read_bytes())
    failing = report.run(LEDGER, document, root=ROOT).of(report.FAILING)
    assert [one.occurrence.id for one in failing] == []


def test_few_serious_defects_are_left() -> None:
    assert len([one.id for one in LEDGER if one.left and one.severity in SERIOUS]) <= 10


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lookup]:
    """What each file says as it was published, by the first part of its defects' ids."""
    cache = tmp_path_factory.mktemp("cache")
    sources = fetch.fetch(RELEASE, mirror=str(SHARED / "specs"), offline=True, cache=cache)
    lookups = {}
    for source, data, prefix in zip(RELEASE.sources, sources, ("KS", "CRD"), strict=True):
        document = swagger.convert(swagger.load(data, source=source.name), source=source.name)
        for key, schema in document["components"]["schemas"].items():
            schema[PUBLISHED_NAME] = key
        lookups[prefix] = Lookup(document)
    return lookups


@with_evidence
def test_the_checks_of_serious_defects_fail_on_what_was_published(published: dict[str, Lookup]) -> None:
    def hold(defect: Occurrence) -> bool:
        document = published[defect.id.partition("-")[0]]
        return all(check.failure(document) is None for check in defect.checks)

    holding = [one.id for one in LEDGER if one.severity in SERIOUS and one.checks and hold(one)]

    assert holding == sorted(PROVEN_OTHERWISE)
