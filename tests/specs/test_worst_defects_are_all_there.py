"""Each of the 25 worst defects has its test, in the order in which the evidence counts them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator import ledger
from tests.specs import test_worst_defects, test_worst_defects_from_11, test_worst_defects_from_20

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT.parent / "shared" / "evidence" / "README.md"
MODULES = (test_worst_defects, test_worst_defects_from_11, test_worst_defects_from_20)
MARKS: list[tuple[int, tuple[str, ...]]] = [
    test.worst for module in MODULES for test in vars(module).values() if hasattr(test, "worst")
]


def test_each_of_the_25_worst_defects_has_one_test() -> None:
    assert [number for number, _ in MARKS] == list(range(1, 26))


def test_each_test_names_defects_of_the_ledger() -> None:
    known = {one.id for one in ledger.load(ROOT / "specs" / "release-3.0")}
    unknown = {number: set(defects) - known for number, defects in MARKS if not defects or set(defects) - known}
    assert unknown == {}


@pytest.mark.skipif(not EVIDENCE.is_file(), reason="the evidence beside the project is not there")
def test_the_evidence_counts_25() -> None:
    section = EVIDENCE.read_text(encoding="utf-8").partition("## The 25 that hurt most\n")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\d+\. ", section, flags=re.MULTILINE)) == len(MARKS)
