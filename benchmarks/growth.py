"""How the cost grows: generation of 1, 4 and 16 times the specification, and decode of 10 to 50,000 objects."""

from __future__ import annotations

from benchmarks import decoding
from benchmarks.bench import Bench
from benchmarks.rows import Section


def growth(bench: Bench) -> list[Section]:
    """Both."""
    return decoding.growth(bench)
