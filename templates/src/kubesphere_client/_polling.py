"""How a KubeSphere waits: for a condition, for an event of a watch, for an object that was deleted to be gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from kubesphere_client._conditions import (
    WAIT_FOR,
    Absence,
    Missing,
    check_condition,
    condition_test,
    fits,
    is_missing,
    not_yet,
    settled,
)
from kubesphere_client._patience import FIRST_PAUSE, Patience
from kubesphere_client._watch import Watch
from kubesphere_client.errors import KubeSphereError, NotFoundError

T = TypeVar("T")


def wait(
    condition: Any,
    *,
    until: Any,
    missing: Missing,
    timeout: float | None,
    interval: float,
    clock: Callable[[], float],
    sleep: Callable[[float], object],
) -> Any:
    """Wait as `KubeSphere.wait_for` says."""
    patience = Patience(WAIT_FOR, timeout=timeout, interval=interval, clock=clock)
    if isinstance(condition, Watch):
        return _watched(condition, condition_test(until, watches=True), patience, sleep)
    check_condition(condition, "a watch of this client")
    if until == "gone":
        return wait_until_gone(condition, patience, sleep=sleep)
    return _polled(condition, condition_test(until), missing, patience, sleep)


def wait_until_gone(
    get: Callable[[], object],
    patience: Patience,
    *,
    absence: Absence | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Return when an object is gone."""
    absence = absence or Absence(patience)
    while True:
        try:
            if absence.after(settled(get(), "the condition")):
                return
        except NotFoundError as error:
            if not is_missing(error):
                raise
            return
        sleep(patience.pause())


def delete_and_wait(delete: Callable[[], T], get: Callable[[], object], *, name: str, timeout: float | None) -> T:
    """Delete an object and return when it is gone: not found, or there again as another one.

    It is looked at before, so that one who may not see it hears of that while it is still there.
    """
    patience = Patience(name, timeout=timeout, interval=FIRST_PAUSE, clock=time.monotonic)
    absence = Absence(patience)
    try:
        absence.after(get())
    except NotFoundError as error:
        if not is_missing(error):
            raise
    answer = delete()
    wait_until_gone(get, patience, absence=absence)
    return answer


def _polled(
    condition: Callable[[], Any],
    test: Callable[[Any], object],
    missing: Missing,
    patience: Patience,
    sleep: Callable[[float], object],
) -> Any:
    while True:
        try:
            value = settled(condition(), "the condition")
            patience.saw(value)
            if test(value):
                return value
        except NotFoundError as error:
            not_yet(error, missing, patience)
        sleep(patience.pause())


def _watched(
    watch: Watch[Any], test: Callable[[Any], object], patience: Patience, sleep: Callable[[float], object]
) -> Any:
    left = patience.remaining
    # The thread that waits for an event cannot look at the clock.
    alarm = None if left is None else threading.Timer(left, watch.close)
    if alarm is not None:
        alarm.daemon = True
        alarm.start()
    try:
        while True:
            try:
                for event in watch:
                    if fits(event, test, patience):
                        return event.object
            except KubeSphereError:
                if patience.remaining != 0.0:
                    raise
            sleep(patience.pause())
    finally:
        if alarm is not None:
            alarm.cancel()
        watch.close()
