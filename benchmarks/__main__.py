"""Measure all rows, or the named ones: `python -m benchmarks [--quick] [ROWS …]`.

A run of all rows writes benchmarks/RESULTS.md; one of some prints its tables. --quick runs few rounds and writes nothing.
What is compared is in environments of its own below build/bench, made by the first run.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import bench, calls, concurrency, decoding, drift, generation, growth, imports, machine, results, wheels
from benchmarks.rows import NotMeasured, Section

_FAMILIES: dict[str, Callable[[bench.Bench], list[Section]]] = {
    "import": imports.start,
    "modules": imports.every_module,
    "decode": decoding.decode,
    "memory": decoding.memory,
    "call": calls.call,
    "concurrency": concurrency.concurrency,
    "generate": generation.generate,
    "wheel": wheels.wheel,
    "drift": drift.rows,
    "growth": growth.growth,
}
_RESULTS = Path(__file__).with_name("RESULTS.md")


def main(arguments: Sequence[str]) -> int:
    names = [one for one in arguments if not one.startswith("-")]
    options = {one for one in arguments if one.startswith("-")}
    if options - {"--quick"} or set(names) - _FAMILIES.keys():
        print(__doc__, f"Rows: {', '.join(_FAMILIES)}.", sep="\n", file=sys.stderr)
        return 2
    start = time.monotonic()
    prepared = bench.prepare(bench.ROOT / "build" / "bench", quick="--quick" in options, say=_say)
    sections: list[Section] = []
    for name in names or _FAMILIES:
        found = _measured(name, prepared)
        sections += found
        for section in found:
            _say(f"\n{section.title}\n" + "\n".join(results.table(section.rows)))
    seconds = time.monotonic() - start
    _say(f"\nIt took {seconds / 60:.1f} minutes.")
    if not names and not options:
        versions = {name: prepared.environments.versions(name) for name in bench.NAMES}
        page = results.text(sections, machine=machine.described(), versions=versions, seconds=seconds)
        _RESULTS.write_text(page, encoding="utf-8")
        _say(f"Written to {_RESULTS.relative_to(bench.ROOT)}.")
    return 0


def _measured(name: str, prepared: bench.Bench) -> list[Section]:
    """The sections of a family; one that says why, where nothing of it could be measured."""
    start, before = time.monotonic(), _processor()
    try:
        return _FAMILIES[name](prepared)
    except NotMeasured as reason:
        return [Section(name, about=f"Not measured: {reason}.")]
    finally:
        _say(f"  {time.monotonic() - start:.0f} s, {_processor() - before:.0f} s of processor time")


def _processor() -> float:
    """The seconds of processor time that this process and those that it waited for have had."""
    return sum(
        one.ru_utime + one.ru_stime for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
