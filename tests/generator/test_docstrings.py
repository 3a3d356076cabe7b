"""Foreign text in a docstring can neither end it nor hide in it."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.docstrings import literal


@given(st.text(alphabet=st.one_of(st.sampled_from("\"'\\\n\t {}%#\u202e\x00"), st.characters())))
def test_any_text_is_one_string_literal(text: str) -> None:
    source = "def f():\n    " + literal(text, 4) + "\n    return 1\n"
    (function,) = ast.parse(source.encode("utf-8")).body

    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == 2
    assert isinstance(ast.get_docstring(function, clean=False), str)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\x1b", "\x07", "\u2066", "\ud800"])
def test_invisible_characters_are_written_out(hidden: str) -> None:
    assert hidden not in literal(f"a{hidden}b", 0)
    assert f"<U+{ord(hidden):04X}>" in literal(f"a{hidden}b", 0)


def test_plain_text_stays_as_it_is() -> None:
    assert literal("List users of “all” workspaces.", 4) == '"""List users of “all” workspaces."""'


def test_a_backslash_keeps_its_meaning() -> None:
    assert ast.literal_eval(literal("a\\nb", 0)) == "a\\nb"


def test_lines_are_indented_and_the_quotes_close_below() -> None:
    assert literal("first\n\n  second", 4) == '"""first\n\n      second\n    """'
