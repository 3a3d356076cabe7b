"""The collector of garbage has its own pace again when a run is over, however it ends."""

from __future__ import annotations

import gc

import pytest

from generator.memory import seldom_collected


def test_the_pace_of_the_collector_is_restored_after_an_error() -> None:
    usual = gc.get_threshold()

    @seldom_collected()
    def failing() -> None:
        assert gc.get_threshold() > usual
        raise RuntimeError("over")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="over"):
            failing()
        assert gc.get_threshold() == usual
