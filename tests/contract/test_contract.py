"""The client does what a real server was recorded to answer to."""

from __future__ import annotations

from collections import Counter

from tests.contract.__main__ import RECORDINGS
from tests.contract.contract import judged
from tests.contract.literal import DOCUMENT
from tests.contract.plans import Sort
from tests.contract.recording import read_recordings
from tests.contract.report import listing


def test_nothing_differs_from_the_recordings() -> None:
    verdicts = judged(read_recordings(RECORDINGS), DOCUMENT)

    assert list(listing(one for one in verdicts if one.sort is Sort.DIFFERENT)) == []
    assert set(Counter(one.sort for one in verdicts)) == set(Sort) - {Sort.DIFFERENT}
