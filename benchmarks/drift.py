"""How long the semantic diff of two documents takes, as a multiple of the time that parsing them takes.

    python -m benchmarks.drift                      the published files, corrected and not, of 3.0 (twice) and 3.1
    python -m benchmarks.drift OLD.json NEW.json    two files: OpenAPI 3.1, or Swagger 2.0 as it is published

Published files are looked for below $SPEC_MIRROR, then upstream. Each figure is the least of many runs in this process, in which both
take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.rows import Goal, NotMeasured, Section, row
from generator import swagger
from generator.drift import state
from generator.drift.api import compare
from generator.drift.correct import correct_both, finished
from generator.errors import GeneratorError
from generator.release import load_release

_ROOT = Path(__file__).resolve().parents[1]
_RUNS = 40
_GOAL = 3.0  # comparing is to take no more than a few times what reading takes
_STATES = (
    ("8f5ca7673ddd65e13488076d505b99df43109714", "release-3.0"),
    ("release-3.0", "release-3.1"),
)
Document = dict[str, Any]
_Case = tuple[str, Document, Document, list[bytes]]  # two documents, and the files that are parsed for them


def main(arguments: list[str]) -> None:
    if len(arguments) not in (0, 2):
        raise SystemExit(__doc__)
    for title, old, new, files in [_named(*arguments)] if arguments else _known():
        print(f"{title:<60} {measure(old, new, files)}", flush=True)


def rows(bench: Bench) -> list[Section]:
    """The ratio of each known case as a row."""
    bench.say("Drift ...")
    found = []
    try:
        cases = list(_known())
    except GeneratorError as reason:
        raise NotMeasured(str(reason).splitlines()[0]) from None
    for title, old, new, files in cases:
        parsing, comparing = _times(old, new, files, bench.rounds(15))
        found.append(
            row(
                title,
                "drift",
                comparing,
                against=parsing,
                to="json.loads of both",
                goal=Goal(_GOAL),
                bound="every schema and operation of both is walked once",
                note=f"{len(compare(old, new))} findings",
            )
        )
    return [Section("Semantic diff of two states", found, "In this process, in turn with parsing the files of both.")]


def measure(old: Document, new: Document, files: list[bytes]) -> str:
    """What the diff of two documents takes, and what parsing their files takes."""
    parsing, comparing = map(min, _times(old, new, files, _RUNS))
    return (
        f"{len(compare(old, new)):4} findings in {comparing * 1000:5.1f} ms, "
        f"parsing {parsing * 1000:5.1f} ms, ratio {comparing / parsing:.2f}"
    )


def _times(old: Document, new: Document, files: list[bytes], runs: int) -> tuple[list[float], list[float]]:
    """The seconds of parsing the files and of comparing the documents, in turn."""
    parsing, comparing = [], []
    gc.collect()
    gc.freeze()  # else what is held here for later cases would be looked through while this one is timed
    for _ in range(runs):
        parsing.append(_seconds(lambda: [json.loads(file) for file in files]))
        comparing.append(_seconds(lambda: compare(old, new)))
    return parsing, comparing


def _named(old: str, new: str) -> _Case:
    files = [Path(old).read_bytes(), Path(new).read_bytes()]
    return f"{old} to {new}", _document(files[0]), _document(files[1]), files


def _known() -> Iterator[_Case]:
    release = load_release(_ROOT / "specs" / "release-3.0")
    mirror = os.environ.get("SPEC_MIRROR")
    for old, new in _STATES:
        title = f"{old[:12]} to {new}"
        before, after = (state.read(one, release, mirror=mirror, offline=False) for one in (old, new))
        for source in release.sources:
            files = [before.sources[source.name], after.sources[source.name]]
            yield f"{title}, {source.name} as published", _document(files[0]), _document(files[1]), files
        first, second = (finished(one)[0] for one in correct_both(before, after, release))
        yield f"{title}, corrected", first, second, [_written(first), _written(second)]
        first, second = _without_words(first), _without_words(second)
        yield f"{title}, corrected and without words", first, second, [_written(first), _written(second)]


def _document(data: bytes) -> Document:
    content: Document = json.loads(data)
    return swagger.convert(swagger.load(data, source="file"), source="file") if "swagger" in content else content


def _written(document: Document) -> bytes:
    return json.dumps(document).encode()


def _without_words(node: Any) -> Any:
    """A document with nothing that the diff passes over: the least to parse for what there is to compare."""
    if isinstance(node, list):
        return [_without_words(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_words(value)
        for key, value in node.items()
        if not (key in ("description", "summary") and isinstance(value, str))
        and not (key.startswith("x-") and key != "x-always-serialised")
    }


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:])
