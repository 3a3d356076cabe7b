"""Every change that the diff knows is told with its id, level, place and operations, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.drift.api import CHECKS, compare
from tests.drift.mutations import operations, properties, schemas, security
from tests.drift.mutations.case import Case, Planted, Said, State, document
from tests.drift.mutations.documents import REWRITINGS, documents, reordered

CASES = (*schemas.cases(), *operations.cases(), *properties.cases(), *security.cases_of_operations())
OF_DOCUMENTS = security.cases_of_documents()


def at_random(examples: int) -> settings:
    """A document is large, and shrinking one would take minutes."""
    return settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def told(old: Any, new: Any) -> list[Said]:
    return sorted(map(Said.of, compare(old, new)), key=repr)


def expected(planted: Sequence[Planted], new: Any) -> list[Said]:
    every = tuple(sorted(f"{method.upper()} {path}" for path, item in new["paths"].items() for method in item))
    said = [one for each in planted for one in each.said]
    return sorted(
        (
            Said(one.check, one.level, one.place, every if one.operations == security.EVERY else one.operations)
            for one in said
        ),
        key=repr,
    )


def mutated(base: State, cases: Sequence[Case]) -> tuple[Any, Any, list[Said]]:
    """A document, what the cases make of it, and what is to be said of that."""
    planted = [case.plant(f"mark{number}") for number, case in enumerate(cases)]
    old = document([base, *(one.before for one in planted)])
    new = document([base, *(one.after for one in planted)])
    return old, new, expected(planted, new)


def test_each_check_of_the_table_is_made_by_a_mutation() -> None:
    made = {said.check for case in (*CASES, *OF_DOCUMENTS) for said in case.plant("m").said}
    assert made == CHECKS.keys()


@pytest.mark.parametrize("case", [*CASES, *OF_DOCUMENTS], ids=lambda case: case.name)
def test_a_mutation_is_told_and_nothing_else(case: Case) -> None:
    old, new, said = mutated(State(), [case])
    assert told(old, new) == said


@at_random(80)
@given(base=documents(), cases=st.lists(st.sampled_from(CASES), min_size=1, max_size=6), chance=st.randoms())
def test_several_mutations_anywhere_are_told_together(base: State, cases: list[Case], chance: random.Random) -> None:
    old, new, said = mutated(base, cases)
    assert told(reordered(old, chance), reordered(new, chance)) == said


@at_random(30)
@given(base=documents(), case=st.sampled_from(OF_DOCUMENTS))
def test_a_change_of_the_document_touches_all_operations(base: State, case: Case) -> None:
    old, new, said = mutated(base, [case])
    assert told(old, new) == said


@at_random(80)
@given(base=documents(), rewrite=st.lists(st.sampled_from(REWRITINGS), unique=True), chance=st.randoms())
def test_the_same_written_differently_has_no_finding(base: State, rewrite: list[Any], chance: random.Random) -> None:
    old = document([base])
    new = deepcopy(old)
    for one in rewrite:
        new = one(new, chance)
    assert compare(old, new) == ()
    assert compare(new, old) == ()


@at_random(30)
@given(base=documents(), cases=st.lists(st.sampled_from(CASES), min_size=1, max_size=4), chance=st.randoms())
def test_the_order_of_the_files_decides_nothing(base: State, cases: list[Case], chance: random.Random) -> None:
    old, new, _ = mutated(base, cases)
    assert compare(old, new) == compare(reordered(old, chance), reordered(new, chance))
