"""What a repr may show: values that look like secrets are masked."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar, cast

__all__ = ["MASK", "Concealed", "concealed", "is_secret_name", "masked", "shown"]

MASK = "'***'"
T = TypeVar("T")

_SECRET_NAME = re.compile(
    r"(?:password|passwd|passphrase|token|secret|kubeconfig|credentials?|authorization|(?:private|access|secret|api)key)$"
).search
_KUBERNETES_SECRET = frozenset({"data", "stringData"})


class Concealed(dict[str, Any]):
    """A dict of which a repr, as a traceback with locals has it, shows the names only: the values may be secrets."""

    def __repr__(self) -> str:
        return f"{{{', '.join(map(repr, self))}: ***}}"


class ConcealedList(list[Any]):
    """A list of which a repr shows the length only."""

    def __repr__(self) -> str:
        return f"[{len(self)} items: ***]"


def concealed(value: T) -> T:
    """A plain dict or list as one that shows nothing; any other value as it is, as models mask their own secrets.

    Every method that takes a body begins with it: a traceback may show the locals of its frame.
    """
    plain: Any = value
    if type(plain) is dict:
        return cast("T", Concealed(plain))
    return cast("T", ConcealedList(plain)) if type(plain) is list else value


def masked(value: object) -> str:
    """The repr of a secret, which tells only whether there is one."""
    return "None" if value is None else MASK


def is_secret_name(name: str, secrets: Iterable[str] = ()) -> bool:
    """Whether a field of this name holds a secret: it is named as one of `secrets` or as secrets usually are.

    Letter case and punctuation make no difference: `current-password`, `CurrentPassword`.
    """
    letters = _letters(name)
    return _SECRET_NAME(letters) is not None or letters in map(_letters, secrets)


def shown(value: Any, secrets: Iterable[str] = ()) -> str:
    """The repr of a value, in which the secrets of JSON objects are masked at any depth.

    Args:
        value: anything; only plain dicts and lists are looked into, since models mask their own.
        secrets: names of fields that hold secrets, beside those that look so.
    """
    if type(value) is dict:
        hidden = _KUBERNETES_SECRET if value.get("kind") == "Secret" else frozenset()
        entries = (f"{key!r}: {_entry(key, one, secrets, hidden)}" for key, one in value.items())
        return "{" + ", ".join(entries) + "}"
    if type(value) is list:
        return "[" + ", ".join(shown(one, secrets) for one in value) + "]"
    return repr(value)


def _entry(key: Any, value: Any, secrets: Iterable[str], hidden: frozenset[str]) -> str:
    # A flag or a null tells nothing: automountServiceAccountToken is true or false.
    if value is None or isinstance(value, bool):
        return repr(value)
    if key in hidden or (isinstance(key, str) and is_secret_name(key, secrets)):
        return MASK
    return shown(value, secrets)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
