"""What the results say: verdicts, what was not measured, and the page."""

from __future__ import annotations

from benchmarks import results
from benchmarks.rows import OURS, Goal, NotMeasured, Section, absent, row
from benchmarks.turns import take_turns

FAST = row("decode", OURS, [1.5], against=[1.0], to="orjson.loads", goal=Goal(1.7))
SLOW = row("decode", OURS, [2.0], against=[1.0], to="orjson.loads", goal=Goal(1.6), bound="one call for each object")


def test_a_goal_is_met_when_the_ratio_is_no_greater() -> None:
    assert FAST.verdict == "met"
    assert row("decode", OURS, [1.7], against=[1.0], to="x", goal=Goal(1.7)).verdict == "met"


def test_a_goal_that_is_missed_says_by_how_much() -> None:
    assert SLOW.verdict == "**missed by 0.40x** (25%)"


def test_a_goal_can_be_the_figure_itself_in_the_unit_of_the_row() -> None:
    one = row("generate", OURS, [5.0], unit="s", against=[1.0], to="a peer", goal=Goal(4.0, of="figure"))

    assert one.verdict == "**missed by 1.00 s** (25%)"


def test_a_row_without_a_goal_has_no_verdict_and_one_without_a_figure_says_why() -> None:
    gone = absent("import", "a peer", "no network")

    assert (gone.verdict, gone.note) == ("", "not measured: no network")
    assert absent("import", OURS, "no network", goal=Goal(1.0)).verdict == "not measured"


def test_the_table_has_a_line_for_each_row_and_says_what_bounds_one_with_a_goal() -> None:
    *_, line = results.table([SLOW])

    assert line == (
        "| decode | **kubesphere_client** | 2000 ms | 2.00x of orjson.loads | ≤ 1.60x | **missed by 0.40x** (25%) "
        "| one call for each object |"
    )


def test_what_would_end_a_cell_is_escaped() -> None:
    *_, line = results.table([absent("a | b", "peer", "x")])

    assert line.startswith("| a \\| b |")


def test_the_page_sums_up_and_names_the_machine_and_the_versions() -> None:
    page = results.text(
        [Section("Decode", [FAST, SLOW], "How it was measured.")],
        machine=["Processor: of a test, 2 cores"],
        versions={"plain": {"httpx": "0.28.1"}, "speed": {}},
        seconds=90.0,
    )

    assert "2 goals: 1 met, 1 missed." in page
    assert "- Decode: decode, kubesphere_client: **missed by 0.40x** (25%)" in page
    assert "- Processor: of a test, 2 cores" in page
    assert "| plain | httpx 0.28.1 |" in page
    assert "speed" not in page


def test_what_is_compared_takes_turns_and_each_round_begins_with_another() -> None:
    order: list[str] = []
    take_turns({name: lambda name=name: order.append(name) for name in "abc"}, 3)  # type: ignore[misc]  # a lambda's default

    assert "".join(order) == "abcbcacab"


def test_what_cannot_be_measured_is_left_out_and_the_others_go_on() -> None:
    def refuse() -> int:
        raise NotMeasured("no network")

    turns = take_turns({"here": lambda: 1, "gone": refuse}, 2)

    assert turns.of("here") == [1, 1]
    assert (turns.of("gone"), turns.reasons) == ([], {"gone": "no network"})


def test_a_run_can_have_fewer_rounds_than_the_others() -> None:
    turns = take_turns({"often": lambda: 1, "seldom": lambda: 2}, 3, fewer={"seldom": 1})

    assert (turns.of("often"), turns.of("seldom")) == ([1, 1, 1], [2])
