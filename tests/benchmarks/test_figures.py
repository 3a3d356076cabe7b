"""The arithmetic of the benchmarks: medians, quartiles, ratios of turns, and how a cost grows."""

from __future__ import annotations

import pytest

from benchmarks.figures import described, exponent, figure, ratio, shown


def test_a_figure_is_the_median_with_its_quartiles() -> None:
    one = figure([5.0, 1.0, 2.0, 4.0, 3.0])

    assert (one.low, one.median, one.high, one.count) == (2.0, 3.0, 4.0, 5)


def test_of_few_runs_the_spread_is_from_the_least_to_the_greatest() -> None:
    one = figure([3.0, 1.0])

    assert (one.low, one.median, one.high) == (1.0, 2.0, 3.0)


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="nothing to take a median of"):
        figure([])


def test_a_ratio_is_of_each_turn_so_that_a_busy_turn_says_as_much_as_any() -> None:
    assert ratio([2.0, 20.0, 2.2], [1.0, 10.0, 1.0]).median == pytest.approx(2.0)


def test_a_ratio_is_of_the_turns_that_both_had() -> None:
    assert ratio([2.0, 4.0, 6.0], [1.0]).count == 1


@pytest.mark.parametrize(("power", "expected"), [(1, 1.0), (2, 2.0)])
def test_the_exponent_of_a_cost_tells_linear_from_quadratic(power: int, expected: float) -> None:
    sizes = [1.0, 4.0, 16.0]

    assert exponent(sizes, [3 * size**power for size in sizes]) == pytest.approx(expected)


def test_the_exponent_is_that_of_the_steepest_step() -> None:
    assert exponent([1.0, 2.0, 4.0], [1.0, 1.0, 4.0]) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.01234, "ms", "12.3 ms"),
        (1.2, "ms", "1200 ms"),
        (0.000123, "us", "123 µs"),
        (1234.0, "kB", "1.23 kB"),
        (5e6, "MB", "5.00 MB"),
        (1.005, "x", "1.00x"),
        (1.1, "", "1.10"),
    ],
)
def test_a_value_is_shown_with_its_unit(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_a_figure_is_described_with_its_spread_and_one_run_without() -> None:
    assert described(figure([1.0, 2.0, 3.0]), "x") == "2.00x (1.00 to 3.00)"
    assert described(figure([2.0]), "s") == "2.00 s"
