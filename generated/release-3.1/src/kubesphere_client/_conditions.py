"""What is waited for: whether it is there, fits or is gone. No input or output here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from kubesphere_client._patience import Patience
from kubesphere_client.errors import ClusterNotFoundError, InvalidArgumentError, NotFoundError

if TYPE_CHECKING:
    from kubesphere_client._operation import Operation

Missing: TypeAlias = Literal["raise", "wait"]
WAIT_FOR = "wait_for"
# A router's words for an address that is not served, which says nothing of an object (recordings mc-005-off, mc-007-off).
_NO_ROUTE = ("404: Page Not Found", "404 page not found")


class Absence:
    """Decides whether an object is gone: it is not found, or another one has its name.

    Args:
        patience: told of what is seen.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._uid: Any = None

    def after(self, value: Any) -> bool:
        """Whether the object that was first seen is gone, now that this was found."""
        self._patience.saw(value)
        metadata = getattr(value, "metadata", None)
        uid = getattr(metadata, "uid", None)
        if self._uid is None:
            self._uid = uid
        return uid is not None and uid != self._uid


def check_condition(condition: Any, watch: str) -> None:
    """
    Raises:
        InvalidArgumentError: it is neither a function nor a watch, which `watch` names.
    """
    if callable(condition):
        return
    if inspect.iscoroutine(condition):
        condition.close()  # it is not awaited any more, of which Python would warn besides
    raise InvalidArgumentError(
        f"{WAIT_FOR}: the condition must be a function or {watch}, not {type(condition).__name__}; "
        "put the call into a function: wait_for(lambda: …)."
    )


def condition_test(until: Any, *, watches: bool = False) -> Callable[[Any], object]:
    """What a value must fulfil.

    Raises:
        InvalidArgumentError: it cannot be asked for.
    """
    if callable(until):
        return lambda value: settled(until(value), "until")
    if until is None and not watches:
        return bool
    raise InvalidArgumentError(
        f"{WAIT_FOR}: until must be a function of the object"
        + (', as a watch tells nothing of what is gone already; poll for "gone".' if watches else ', or "gone".')
    )


def settled(value: Any, name: str) -> Any:
    """A value that was given for one.

    Raises:
        InvalidArgumentError: it is still to be awaited, and would be taken for true.
    """
    if not inspect.isawaitable(value):
        return value
    if inspect.iscoroutine(value):
        value.close()
    raise InvalidArgumentError(f"{WAIT_FOR}: {name} must return a value here, and not something to await.")


def awaitable(value: Any) -> Any:
    """What an async condition returned.

    Raises:
        InvalidArgumentError: it is nothing to await.
    """
    if inspect.isawaitable(value):
        return value
    raise InvalidArgumentError(
        f"{WAIT_FOR}: the condition must return something to await, such as a call of this client, "
        f"not {type(value).__name__}."
    )


def not_yet(error: NotFoundError, missing: Missing, patience: Patience) -> None:
    """Take note that an object is missing; raise where that is an error."""
    if missing != "wait" or not is_missing(error):
        raise error
    patience.saw(error)


def fits(event: Any, test: Callable[[Any], object], patience: Patience) -> bool:
    """Whether the object of an event is as it is wanted."""
    if event.type not in ("ADDED", "MODIFIED"):
        if event.type == "DELETED":
            patience.saw("it was deleted")
        return False
    patience.saw(event.object)
    return bool(test(event.object))


def check_waitable(operation: Operation[Any], query: Mapping[str, Any] | None, options: Mapping[str, Any]) -> None:
    """
    Raises:
        InvalidArgumentError: nothing will be deleted.
    """
    given = {**(query or {}), **(options.get("extra_query") or {})}
    if given.get("dryRun"):
        raise InvalidArgumentError(f"{operation.name}: a dry run deletes nothing that could be waited for.")


def is_missing(error: NotFoundError) -> bool:
    """Whether an object is missing, and not the cluster or the address."""
    return not isinstance(error, ClusterNotFoundError) and error.response.text.strip() not in _NO_ROUTE
