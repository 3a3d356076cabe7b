"""The arithmetic: medians, quartiles, ratios of runs that took turns, and how each is written."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

_STEPS = {"s": (1, "s"), "ms": (1e3, "ms"), "us": (1e6, "µs"), "B": (1, "B"), "kB": (1e-3, "kB"), "MB": (1e-6, "MB")}


@frozen
class Figure:
    """Several measurements of one thing: the median, and the quartiles around it."""

    median: float
    low: float
    high: float
    count: int


def figure(values: Sequence[float]) -> Figure:
    """The median and the quartiles of one value or more; of fewer than four, the least and the greatest."""
    if not values:
        raise ValueError("There is nothing to take a median of.")
    if len(values) < 4:
        return Figure(statistics.median(values), min(values), max(values), len(values))
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Figure(median, low, high, len(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """How many times theirs ours are, of runs that took turns: the median of each turn's own ratio.

    A turn in which the machine was busy slowed both, so it says as much as any other. Where one side had fewer turns,
    those that both had count.
    """
    return figure([one / other for one, other in zip(ours, theirs, strict=False)])


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """How the cost grows with the size: 1 is linear, 2 quadratic; the greatest slope between neighbours."""
    return max(_slope(*one, *other) for one, other in pairwise(zip(sizes, costs, strict=True)))


def shown(value: float, unit: str) -> str:
    """A value with its unit, three digits of it: `12.3 ms`, `1.04x`, or `1.04` without one. Times are seconds, sizes bytes."""
    if unit in ("x", ""):
        return f"{value:.2f}{unit}"
    factor, name = _STEPS[unit]
    scaled = value * factor
    digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
    return f"{scaled:.{digits}f} {name}"


def described(one: Figure, unit: str) -> str:
    """A figure with its spread: `12.3 ms (12.0 to 12.9)`."""
    if one.count == 1:
        return shown(one.median, unit)
    low, high = (shown(value, unit).rstrip("x").partition(" ")[0] for value in (one.low, one.high))
    return f"{shown(one.median, unit)} ({low} to {high})"


def _slope(size: float, cost: float, next_size: float, next_cost: float) -> float:
    return math.log(next_cost / cost) / math.log(next_size / size)
