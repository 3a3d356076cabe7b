"""How long the semantic diff of two documents takes, as a multiple of the time that parsing them takes.

    python -m benchmarks.drift                      the corrected and the published files of this release and of 3.1
    python -m benchmarks.drift OLD.json NEW.json    two files: OpenAPI 3.1, or Swagger 2.0 as it is published

Published files are looked for below $SPEC_MIRROR. Each figure is the least of several runs in this process.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from generator import swagger
from generator.drift.api import compare

_ROOT = Path(__file__).resolve().parents[1]
_RUNS = 7
_STATES = (
    ("8f5ca7673ddd65e13488076d505b99df43109714", "release-3.0"),
    ("release-3.0", "release-3.1"),
)
_FILES = ("api/ks-openapi-spec/swagger.json", "api/openapi-spec/swagger.json")


def main(arguments: list[str]) -> None:
    if len(arguments) not in (0, 2):
        raise SystemExit(__doc__)
    for title, old, new in (
        [(" to ".join(arguments), Path(arguments[0]), Path(arguments[1]))] if arguments else _known()
    ):
        print(f"{title}: {measure(old.read_bytes(), new.read_bytes())}")


def measure(old: bytes, new: bytes) -> str:
    """What the diff of two files takes, and what parsing both takes."""
    parsing = _least(lambda: (json.loads(old), json.loads(new)))
    before, after = _document(old), _document(new)
    comparing = _least(lambda: compare(before, after))
    findings = len(compare(before, after))
    return f"{findings} findings in {comparing:.1f} ms, parsing {parsing:.1f} ms, ratio {comparing / parsing:.2f}"


def _known() -> Iterator[tuple[str, Path, Path]]:
    generated = [_ROOT / "generated" / name / "openapi.json" for name in ("release-3.0", "release-3.1")]
    corrected = [path for path in generated if path.exists()]
    if corrected:
        yield "corrected, with itself", corrected[0], corrected[0]
        yield "corrected", corrected[0], corrected[-1]
    mirror = Path(os.environ.get("SPEC_MIRROR", ""))
    for old, new in _STATES:
        for file in _FILES:
            if (mirror / old / file).exists() and (mirror / new / file).exists():
                yield f"{old[:11]} to {new}, {file.split('/')[1]}", mirror / old / file, mirror / new / file


def _document(data: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(data)
    return swagger.convert(swagger.load(data, source="file"), source="file") if "swagger" in content else content


def _least(run: Callable[[], object]) -> float:
    """Milliseconds of the fastest run."""
    found = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found) * 1000


if __name__ == "__main__":
    main(sys.argv[1:])
