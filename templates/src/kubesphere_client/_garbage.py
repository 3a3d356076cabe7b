"""The garbage collector pauses while a large document is read: nothing that is made then is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

__all__ = ["LARGE", "paused"]

# Bytes of JSON. From here on collecting takes a quarter of the time of reading, and three quarters at 40 MB; below,
# nothing is gained.
LARGE = 128 * 1024


@contextmanager
def paused() -> Iterator[None]:
    """Collect no garbage until the block ends; blocks may nest and run in many threads.

    A collector that the user has disabled stays so. What was made in the block counts as old afterwards: the next
    collection of what is young would look through all of it, which takes as long as reading it did.
    """
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()


class _Pauses:
    def __init__(self) -> None:
        self._lock = Lock()
        self._open = 0
        self._resumes = False
        self._aged_at = -1

    def begin(self) -> None:
        with self._lock:
            if self._open == 0:
                self._resumes = gc.isenabled()
                gc.disable()
            self._open += 1

    def end(self) -> None:
        with self._lock:
            self._open -= 1
            if self._open == 0 and self._resumes:
                self._age()
                gc.enable()

    def _age(self) -> None:
        """Make all objects old, without looking at them."""
        # Freezing resets the counts by which the collector knows that its next full run is due, so no second time before
        # that run: else a program that reads many large documents would never have one. A program that has frozen objects
        # wants them to stay so.
        full_runs = gc.get_stats()[-1]["collections"]
        if full_runs != self._aged_at and gc.get_freeze_count() == 0:
            self._aged_at = full_runs
            gc.freeze()
            gc.unfreeze()


_pauses = _Pauses()
