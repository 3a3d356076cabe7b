"""`ks-codegen generate` from a mirror to the written tree, `--check`, unchanged input; and the peers on the same files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.bench import ROOT, Bench
from benchmarks.peers import TOOLS, command, tool_environment
from benchmarks.processes import Used, used
from benchmarks.rows import OURS, Goal, NotMeasured, Section, absent, row
from benchmarks.turns import Turns, environment, take_turns

_ROUNDS = 3
_SLOWEST = ("openapi-generator",)  # whose two runs take as long as all others: it has one round
_FIRST, _CHECK, _AGAIN = "generate", "generate --check", "generate, unchanged input"
_PEER = "openapi-python-client"
_GOALS = {_FIRST: 4.0, _CHECK: 4.0, _AGAIN: 0.5}
_MEMORY = 150e6
_BOUNDS = {
    _FIRST: "the parser of openapi-python-client, the templates, ruff over what they give, and validation",
    _CHECK: "the same as generate",
    _AGAIN: "starting Python and reading what went in, to see that it is the same",
}


def generate(bench: Bench) -> list[Section]:
    """Seconds and memory of each command."""
    bench.say("Generating, beside the peers ...")
    if bench.documents is None:
        raise NotMeasured("the published files cannot be had")
    runs: Mapping[str, Callable[[], list[Used]]] = {
        _FIRST: partial(_ours, bench, _FIRST),
        _AGAIN: partial(_ours, bench, _AGAIN),  # as the one before left it
        _CHECK: partial(_ours, bench, _CHECK),
        **{tool: partial(_peer, bench, tool) for tool in TOOLS},
    }
    rounds = bench.rounds(_ROUNDS)
    turns = _in_order(runs, rounds)
    return [
        Section("Generation of both files, mirror to written tree", _seconds(turns), _ABOUT),
        Section(
            "Memory of generation", _memory(turns), "The largest process of each command, its children among them."
        ),
    ]


def ks_codegen(*arguments: str) -> list[str]:
    """The command line of this project, by the interpreter that runs this."""
    return [str(Path(sys.executable).with_name("ks-codegen")), *arguments]


_ABOUT = (
    "Seconds on the clock. Ours reads the published files from a mirror folder, corrects them, and has an empty cache, so "
    "that nothing of an earlier run helps. The peers make a package of each of the two files and nothing is corrected; "
    "openapi-generator reads Swagger 2.0, the others the same converted to OpenAPI 3.1 (with references to nowhere made "
    "empty schemas and repeated operation ids numbered, which loses them fewer operations than the files as they are)."
)


def _in_order(runs: Mapping[str, Callable[[], list[Used]]], rounds: int) -> Turns[list[Used]]:
    """The rounds, each in the same order: a run with unchanged input follows the one that wrote the output."""
    turns: Turns[list[Used]] = Turns({name: [] for name in runs})
    for number in range(rounds):
        left_out = {*turns.reasons, *(_SLOWEST if number else ())}
        one = take_turns({name: run for name, run in runs.items() if name not in left_out}, 1)
        turns.reasons.update(one.reasons)
        for name, values in one.values.items():
            turns.values[name] += values
    return turns


def _seconds(turns: Turns[list[Used]]) -> list[Any]:
    rows = []
    for name in turns.values:
        ours = name in _GOALS
        goal = Goal(_GOALS[name], of="figure") if ours else None
        what, who = (name, OURS) if ours else ("generate, both files", name)
        if name in turns.reasons:
            rows.append(absent(what, who, turns.reasons[name], unit="s", goal=goal))
            continue
        seconds = [sum(one.seconds for one in several) for several in turns.of(name)]
        against = [sum(one.seconds for one in several) for several in turns.of(_PEER)]
        parts = [" + ".join(f"{one.seconds:.1f}" for one in several) for several in turns.of(name)]
        note = f"in the last round {parts[-1]} s" if len(turns.of(name)[0]) > 1 else ""
        rows.append(
            row(
                what,
                who,
                seconds,
                unit="s",
                against=against if name != _PEER else (),
                to=_PEER,
                goal=goal,
                bound=_BOUNDS.get(name, ""),
                note=note,
            )
        )
    return rows


def _memory(turns: Turns[list[Used]]) -> list[Any]:
    rows = []
    for name in turns.values:
        ours = name in _GOALS
        goal = Goal(_MEMORY, of="figure") if name in (_FIRST, _CHECK) else None
        what, who = (name, OURS) if ours else ("generate, both files", name)
        if name in turns.reasons:
            rows.append(absent(what, who, turns.reasons[name], unit="MB", goal=goal))
            continue
        peaks = [max(one.peak for one in several) for several in turns.of(name)]
        together = max(one.together for several in turns.of(name) for one in several)
        rows.append(
            row(
                what,
                who,
                peaks,
                unit="MB",
                against=[max(one.peak for one in several) for several in turns.of(_PEER)] if name != _PEER else (),
                to=_PEER,
                goal=goal,
                bound="the documents of the road's stages and the parser's objects, and the modules of the tools",
                note=f"all its processes at once {together / 1e6:.0f} MB",
            )
        )
    return rows


def _ours(bench: Bench, what: str) -> list[Used]:
    folder = bench.folder / "scratch"
    target, cache = folder / "tree", folder / "cache"
    if what != _AGAIN:
        bench.scratch("cache")
    if what == _FIRST:
        bench.scratch("tree").rmdir()
    arguments = ["generate", "--release", bench.release.name, "--output", str(target)]
    arguments += ["--check"] * (what == _CHECK) + ["--fresh"] * (what != _AGAIN)
    variables = environment(XDG_CACHE_HOME=str(cache), SPEC_MIRROR=str(bench.mirror))
    # 1: the tree is as it should be, but its version was released with other content, which is no matter here.
    allowed: Sequence[int] = (0, 1) if what == _CHECK else (0,)
    return [used(ks_codegen(*arguments, "--root", str(ROOT)), variables, allowed=allowed)]


def _peer(bench: Bench, tool: str) -> list[Used]:
    assert bench.documents is not None
    folder = bench.scratch(tool)
    variables = tool_environment(bench.environments)
    return [
        used(
            command(tool, bench.environments, bench.documents.of(tool, source), folder / source, f"peer_{source}"),
            variables,
        )
        for source in bench.documents.published
    ]
