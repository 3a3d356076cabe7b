"""Commands that are measured: what they took, and why one was not."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks.processes import used
from benchmarks.rows import NotMeasured


def test_the_memory_of_a_command_is_its_own_and_not_that_of_who_starts_it() -> None:
    ballast = bytes(200_000_000)

    assert 0 < used([sys.executable, "-I", "-S", "-c", "pass"], os.environ).peak < len(ballast)


def test_a_command_that_fails_is_not_measured_and_says_why() -> None:
    with pytest.raises(NotMeasured, match="no such file"):
        used([sys.executable, "-c", "import sys; sys.exit('no such file')"], os.environ)


def test_a_status_that_is_allowed_is_measured() -> None:
    assert used([sys.executable, "-c", "raise SystemExit(1)"], os.environ, allowed=(0, 1)).seconds > 0


def test_a_command_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(NotMeasured, match="more than 0 s"):
        used([sys.executable, "-c", "import time; time.sleep(60)"], os.environ, longest=0.2)
