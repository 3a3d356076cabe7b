"""How the cost grows: generation of 1, 4 and 16 times the specification, and decode of 10 to 50,000 objects."""

from __future__ import annotations

import json

from benchmarks import decoding, scaled
from benchmarks.bench import ROOT, Bench
from benchmarks.figures import exponent
from benchmarks.generation import ks_codegen
from benchmarks.processes import Used, used
from benchmarks.rows import OURS, Goal, NotMeasured, Row, Section, absent, row
from benchmarks.turns import environment

_TIMES = (1, 4, 16)
_SHORTEST = 60  # seconds that a run may take even where ten minutes are over
_ABOUT = (
    "Copies of the published files, of each overlay and of the table of names, under other group and schema names, go the "
    "whole road as a release of their own. Each runs once. Exponents are of seconds of processor time, which another "
    "program's work does not lengthen; they and the peaks are of the whole command."
)


def growth(bench: Bench) -> list[Section]:
    """Of decoding and of generation, the longest run last: it may take what is left of ten minutes."""
    return [*decoding.growth(bench), *_generation(bench)]


def _generation(bench: Bench) -> list[Section]:
    bench.say("Generating 1, 4 and 16 times the specification ...")
    if bench.documents is None:
        return [Section("Growth of generation", [absent("generate", OURS, "the published files cannot be had")])]
    rows: list[Row] = []
    done: dict[int, Used] = {}
    for times in _TIMES[:2] if bench.quick else _TIMES:
        try:
            done[times], operations = _generate(bench, times)
        except NotMeasured as reason:
            rows.append(absent(f"{times}x", OURS, str(reason)))
            continue
        note = f"{operations:,} operations; {done[times].processor:.1f} s of processor time"
        rows.append(row(f"{times}x", OURS, [done[times].seconds], unit="s", note=note))
        rows.append(row(f"{times}x, peak of the largest process", OURS, [float(done[times].peak)], unit="MB"))
    if len(done) > 1:
        bound = "what is sorted or looked up among all grows faster, the start of Python and its modules not at all"
        for what, costs in (
            ("how the time grows: the exponent of the size, 1 is linear", [one.processor for one in done.values()]),
            ("how the memory grows", [float(one.peak) for one in done.values()]),
        ):
            grown = [exponent([*done], costs)]
            rows.append(row(what, OURS, grown, unit="", goal=Goal(1.15, of="figure"), bound=bound))
    return [Section("Growth of generation", rows, _ABOUT)]


def _generate(bench: Bench, times: int) -> tuple[Used, int]:
    """One run over so many times the specification, and how many operations its package can call."""
    target = bench.scratch("scaled")
    sources = (
        [bench.documents.published[one.name].read_bytes() for one in bench.release.sources] if bench.documents else []
    )
    mirror = scaled.write_project(ROOT, bench.release, sources, times, target)
    variables = environment(XDG_CACHE_HOME=str(target / "cache"), SPEC_MIRROR=str(mirror))
    command = ks_codegen("generate", "--release", bench.release.name, "--root", str(target))
    result = used(command, variables, longest=max(_SHORTEST, bench.remaining()))
    manifest = json.loads((target / "generated" / bench.release.name / "manifest.json").read_bytes())
    return result, manifest["counts"]["operations"]["callable"]
