"""JSON as the project commits it: what the standard library would write, and nothing that is no JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.manifest import as_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
)


@given(VALUES)
def test_json_is_indented_as_the_standard_library_does_it(value: object) -> None:
    assert as_json(value) == (json.dumps(value, indent=2) + "\n").encode("ascii")


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": -float("inf")}])
def test_a_number_that_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json(value)
