"""Taking actions out of an overlay file leaves the rest of it as it was written."""

from __future__ import annotations

import pytest

from generator.errors import GeneratorError
from generator.retire import without_actions

TEXT = """\
overlay: 1.0.0
actions:
  # lists
  - target: $.a
    description: >
      one
    remove: true

  - target: $.b   # why
    remove: true
  # schemas
  - target: $.c
    update: {x: [1, 2]}
"""


@pytest.mark.parametrize(
    ("numbers", "left"),
    [
        ([1], TEXT.replace("  - target: $.a\n    description: >\n      one\n    remove: true\n\n", "")),
        ([2], TEXT.replace("  - target: $.b   # why\n    remove: true\n", "")),
        ([3], TEXT.replace("  - target: $.c\n    update: {x: [1, 2]}\n", "")),
        (
            [1, 3],
            TEXT[: TEXT.index("  - target: $.a")] + TEXT[TEXT.index("  - target: $.b") : TEXT.index("  - target: $.c")],
        ),
        ([1, 2, 3], ""),
    ],
)
def test_the_lines_of_the_actions_go_and_no_others(numbers: list[int], left: str) -> None:
    assert without_actions(TEXT, numbers, file="a.yaml") == left


@pytest.mark.parametrize("text", ["actions: [{target: $.a}]\n", "a: 1\n", "actions:\n  - target: $.a\nmore: 1\n"])
def test_a_file_in_another_form_is_left_to_a_person(text: str) -> None:
    with pytest.raises(GeneratorError, match=r"a\.yaml has"):
        without_actions(text, [1, 2], file="a.yaml")
