"""Typed decode of Kubernetes objects: how long, how the cost grows with their number, and how much memory it takes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import pods
from benchmarks.bench import PROBES, Bench
from benchmarks.figures import exponent, figure, shown
from benchmarks.machine import available_memory
from benchmarks.peers import PODS
from benchmarks.rows import OURS, Goal, NotMeasured, Row, Section, absent, row
from benchmarks.turns import Turns, answer, take_turns

_SPEED = f"{OURS} with [speed]"
# Who decodes: the environment, and what the probe calls it.
_WHO = {
    OURS: ("plain", "ours"),
    _SPEED: ("speed", "ours"),
    "openapi-python-client": ("openapi-python-client", "openapi-python-client"),
    "openapi-generator (pydantic)": ("openapi-generator", "openapi-generator"),
    "kubernetes": ("kubernetes", "kubernetes"),
    "lightkube": ("lightkube", "lightkube"),
    "msgspec.Struct (drops unknown fields)": ("parsers", "msgspec"),
    "orjson.loads": ("parsers", "orjson"),
    "json.loads": ("parsers", "json"),
}
_GENERATED = ("openapi-python-client", "openapi-generator (pydantic)")
_FAST = (OURS, _SPEED, "orjson.loads", "json.loads")
_ROUNDS, _ROUNDS_OF_PEERS = 5, {1000: 2, 5000: 2}
_SIZES = (1000, 5000)
_LARGEST = 50_000
_SEVERAL_GIGABYTES = 9 * 2**30
_ABOUT_TIME = (
    "Seconds of processor time, each round a fresh process, after 40 other objects; garbage is collected as Python does "
    "by itself. Ours is a typed call of `list_namespaced_resources` on a transport that has the answer, from the bytes to "
    "the items."
)
_BOUND = (
    "each object of an attrs class is made by one Python call, and each of its fields is looked up and tested in it: "
    "{models} models an object"
)


def decode(bench: Bench) -> list[Section]:
    """Decoding 1,000 and 5,000 objects and touching every nested model, and reaching the first of 5,000."""
    sections = []
    turns: Turns[list[float]] = Turns()
    models: dict[str, int] = {}
    for size in _SIZES:
        bench.say(f"Decoding {size:,} objects ...")
        turns = _times(bench, size, models)
        ours = models.get(OURS, 0)
        rows = [_decoded(who, size, turns, ours) for who in _WHO]
        about = f"{_ABOUT_TIME} One object has {ours} nested models." if size == _SIZES[0] else ""
        sections.append(Section(f"Typed decode of {size:,} objects of 11 KB, every nested model touched", rows, about))
    sections.append(
        Section(f"First item of {_SIZES[-1]:,}", _first(turns), "The same runs: up to the items, one reached.")
    )
    return sections


def memory(bench: Bench) -> list[Section]:
    """The peak of a process that decodes 5,000 objects."""
    bench.say("Memory of decoded lists ...")
    size = _SIZES[-1]
    rows = []
    document = _document(bench, size).stat().st_size
    for mode, what in (("first", "the first item reached"), ("all", "every nested model touched")):
        several = _WHO if mode == "all" else _FAST  # the others decode all of it before there is a first item
        runs = {who: partial(_probe, bench, who, size, 1, mode) for who in several}
        turns = take_turns(runs, 1)
        for who in several:
            goal = Goal(240e6 if who == OURS else 130e6, of="figure") if who in (OURS, _SPEED) else None
            if who in turns.reasons:
                rows.append(absent(what, who, turns.reasons[who], unit="MB", goal=goal))
                continue
            peaks = [one["peak"] for one in turns.of(who)]
            orjson = [one["peak"] for one in turns.of("orjson.loads")] if who != "orjson.loads" else []
            bound = f"the document itself is {shown(document, 'MB')} of it" + (
                "; the rest is what its items are kept as until they are reached"
                if mode == "first"
                else "; the rest is objects and the text in them"
            )
            rows.append(row(what, who, peaks, unit="MB", against=orjson, to="orjson.loads", goal=goal, bound=bound))
    about = "The peak of a fresh process less what it took before it read the document; the document's bytes are in it."
    return [Section(f"Peak memory of a list of {size:,} objects of 11 KB", rows, about)]


def growth(bench: Bench) -> list[Section]:
    """The time for an object, of 10 to 50,000 of them."""
    bench.say("Decoding 10 to 50,000 objects ...")
    rows = []
    for who in (OURS, _SPEED):
        sizes = [size for size in (10, 100, 1000, 10_000, _LARGEST) if size < _LARGEST or _has_room(bench)]
        try:
            costs = [_per_object(bench, who, size) for size in sizes]
        except NotMeasured as reason:
            rows.append(absent("10 to 50,000 objects", who, str(reason)))
            continue
        for size, cost in zip(sizes, costs, strict=True):
            rows.append(row(f"{size:,} objects, each", who, [cost], unit="us"))
        if _LARGEST not in sizes:
            why = "--quick leaves it out" if bench.quick else f"it takes {_SEVERAL_GIGABYTES / 2**30:.0f} GiB of memory"
            rows.append(absent(f"{_LARGEST:,} objects, each", who, why))
        large = [(size, size * cost) for size, cost in zip(sizes, costs, strict=True) if size >= _SIZES[0]]
        rows.append(
            row(
                "how the time grows: the exponent of the number, 1 is linear",
                who,
                [exponent([size for size, _ in large], [cost for _, cost in large])],
                unit="",
                goal=Goal(1.15, of="figure"),
                bound="Python's garbage collector looks through all that lives whenever it has grown by a quarter: from a few "
                "thousand objects on that doubles what each costs, and no more than that",
            )
        )
    return [
        Section(
            "Growth of decoding, every nested model touched",
            rows,
            "Lists of up to 100 objects are decoded again and again; larger ones once, in a fresh process. The exponent is of these.",
        )
    ]


def _times(bench: Bench, size: int, models: dict[str, int]) -> Turns[list[float]]:
    """The seconds that everyone needed in each round: decoding, decoding and touching, touching again."""
    runs: Mapping[str, Callable[[], Any]] = {who: partial(_probe, bench, who, size, 1, "times") for who in _WHO}
    peers = _ROUNDS_OF_PEERS[size]
    answers = take_turns(runs, bench.rounds(_ROUNDS), fewer={who: peers for who in _WHO if who not in _FAST})
    models.update({who: one[0]["models"] for who, one in answers.values.items() if one})
    values = {
        who: [[figure([run[part] for run in one["times"]]).median for part in range(3)] for one in several]
        for who, several in answers.values.items()
    }
    return Turns(values, answers.reasons)


def _decoded(who: str, size: int, turns: Turns[list[float]], models: int) -> Row:
    what = f"{size:,} objects"
    goal = Goal(1.7) if who in (OURS, _SPEED) else None
    if who in turns.reasons:
        return absent(what, who, turns.reasons[who], goal=goal)
    several = turns.of(who)
    alone, walk = (figure([one[part] for one in several]).median for part in (0, 2))
    note = "" if who.endswith(".loads") else f"decode alone {shown(alone, 'ms')}, walk alone {shown(walk, 'ms')}"
    return row(
        what,
        who,
        [one[1] for one in several],
        against=[one[1] for one in turns.of("orjson.loads")] if who != "orjson.loads" else [],
        to="orjson.loads",
        goal=goal,
        bound=_BOUND.format(models=models),
        note=note,
    )


def _first(turns: Turns[list[float]]) -> list[Row]:
    rows = []
    for who, parser, goal, bound in (
        (OURS, "json.loads", 1.05, "every byte of the document is looked at, to find where its items end"),
        (_SPEED, "orjson.loads", 0.2, "every byte of the document is looked at, to find where its items end"),
    ):
        if who in turns.reasons:
            rows.append(absent("first item", who, turns.reasons[who], goal=Goal(goal)))
            continue
        ours, theirs = ([one[0] for one in turns.of(name)] for name in (who, parser))
        rows.append(row("first item", who, ours, against=theirs, to=parser, goal=Goal(goal), bound=bound))
    for who in _WHO:
        if who not in (OURS, _SPEED) and who not in turns.reasons:
            values = [one[0] for one in turns.of(who)]
            against = [one[0] for one in turns.of("json.loads")] if who != "json.loads" else []
            rows.append(row("first item", who, values, against=against, to="json.loads"))
    return rows


def _per_object(bench: Bench, who: str, size: int) -> float:
    """The seconds of one object of a list: the least of some runs, of large lists each in a process of its own."""
    if size < _SIZES[0]:
        runs = [float(one[1]) for one in _probe(bench, who, size, 50, "times")["times"]]
    else:
        base, copies = (size, 1) if size <= _SIZES[-1] else (_SIZES[-1], size // _SIZES[-1])
        several = 3 if size == _SIZES[0] else 1
        runs = [float(_probe(bench, who, base, copies, "all")["seconds"]) for _ in range(several)]
    return min(runs) / size


def _has_room(bench: Bench) -> bool:
    return not bench.quick and available_memory() > _SEVERAL_GIGABYTES


def _probe(bench: Bench, who: str, size: int, repeats: int, mode: str) -> Any:
    environment, name = _WHO[who]
    python = bench.peer(environment, PODS) if who in _GENERATED else bench.environments.python(environment)
    if bench.documents is None and name == "msgspec":
        raise NotMeasured("the published files cannot be had")
    arguments: Sequence[str | Path] = [PROBES / "decode.py", name, _document(bench, size), str(repeats), mode]
    return answer(python, [*arguments, bench.folder / "documents" / f"{PODS}.json"])


def _document(bench: Bench, size: int) -> Path:
    """The file of a list of so many Pods, written once, and by another process: what it takes would stay in this one."""
    maker = Path(pods.__file__)
    file = bench.folder / "pods" / f"{hashlib.sha256(maker.read_bytes()).hexdigest()[:12]}-{size}.json"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-I", str(maker), str(size), str(file)], check=True)
    return file
