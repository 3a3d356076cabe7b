"""What holds for every test that uses the client: nothing it logs, raises or pickles shows a secret."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator

import pytest

from tests.secrecy import listening

_LISTENED_TO = ("client", "package")


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    # A shell starts what it puts in the background with the signal ignored, and so do all that this starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_secret_is_shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.path.parent.name not in _LISTENED_TO:
        yield
        return
    listener = listening(monkeypatch)
    root = logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(listener)
    root.setLevel(level)
    leaks = listener.leaks()
    listener.errors.clear()  # their tracebacks hold what the test held
    assert leaks == []
