"""The garbage collector pauses while a large document is read: nothing that is made then is garbage."""

import gc

__all__ = ["LARGE", "paused"]

# Bytes of JSON. From here on collecting takes a quarter of the time of reading, and three quarters at 40 MB; below,
# nothing is gained.
LARGE = 128 * 1024
# Objects that Python 3.12 freezes itself when it starts are a few hundred; a program that freezes has ten thousands.
_FROZEN_BY_PYTHON = 1000


class paused:
    """Collect no garbage until the block ends, or another that it is in; in other threads neither.

    A collector that the user has disabled stays so. Who finds it paused leaves it to who paused it: were it on only
    when no thread reads, many that read would keep it off for good.

    What was made in the block counts as old afterwards: the next collection of what is young would look through all of
    it, which takes as long as reading it did: a fifth of the time of reading, decoding and walking 11 MB.
    """

    __slots__ = ("_resumes",)

    def __enter__(self) -> None:
        self._resumes = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._resumes:
            try:
                _age()
            finally:  # the stack may be too short for more than this
                gc.enable()


_aged_at = -1


def _age() -> None:
    """Make all objects old, without looking at them."""
    global _aged_at
    if not hasattr(gc, "freeze"):  # PyPy
        return
    # Freezing resets the counts by which the collector knows that its next full run is due, so no second time before
    # that run: else a program that reads many large documents would never have one. A program that has frozen objects
    # wants them to stay so.
    full_runs = gc.get_stats()[-1]["collections"]
    if full_runs != _aged_at and gc.get_freeze_count() < _FROZEN_BY_PYTHON:
        _aged_at = full_runs
        gc.freeze()
        gc.unfreeze()
