"""English words in the segments of paths: where one ends in a joined word, singular and plural."""

from __future__ import annotations

from functools import cache

from generator.naming.python_names import snake_case

_NO_PLURALS = ("ss", "us", "is", "metrics")


def split_words(segment: str, words: frozenset[str]) -> list[str]:
    """The words of a segment: `s2ibuildertemplates` is s2i, builder, templates; unknown ones stay joined."""
    return [word for part in snake_case(segment).split("_") if part for word in _split(part, words)]


def singular(word: str) -> str:
    """One of what a plural names; anything else stays as it is."""
    if not is_plural(word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "uses")):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Whether a word is one of the regular plurals that name collections."""
    return len(word) > 2 and word.endswith("s") and not word.endswith(_NO_PLURALS)


@cache
def _split(text: str, words: frozenset[str]) -> tuple[str, ...]:
    """The fewest known words that make up a text, each in singular or plural; the text itself if there are none."""
    fewest: list[tuple[str, ...] | None] = [(), *(None for _ in text)]
    longest = max(map(len, words), default=0) + 2  # an ending `ies` is two letters longer than its `y`
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            before, word = fewest[start], text[start:end]
            if before is None or not (word in words or singular(word) in words):
                continue
            best = fewest[end]
            if best is None or len(before) + 1 < len(best):
                fewest[end] = (*before, word)
    return fewest[-1] or (text,)
