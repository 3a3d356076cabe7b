"""Words in the segments of paths."""

from __future__ import annotations

import pytest

from generator.naming.words import split_words

WORDS = frozenset(("pipeline", "run", "template", "box", "policy", "s2i"))


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ("pipelineruns", ["pipeline", "runs"]),
        ("s2itemplates", ["s2i", "templates"]),
        ("runpolicies", ["run", "policies"]),
        ("pipelineboxes", ["pipeline", "boxes"]),
        ("unknowns", ["unknowns"]),
    ],
)
def test_a_joined_segment_is_split_where_words_are_known(segment: str, words: list[str]) -> None:
    assert split_words(segment, WORDS) == words


def test_a_segment_of_any_length_is_looked_at_once() -> None:
    """Each end of a word was tried with each beginning: ten thousand million pairs."""
    assert split_words("x" * 100_000, WORDS) == ["x" * 100_000]
