"""Listens to a test: what it logs and every error it raises, and whether a secret is in any of it."""

from __future__ import annotations

import logging
import pickle
import re
import traceback
from collections.abc import Iterator
from typing import Any

from kubesphere_client import KubeSphereError

# What the fake servers hand out and take, and how credentials go over the wire.
SECRET = re.compile(
    r"(access|refresh|token)-\d{3}\b|P@88w0rd|(Bearer|Basic) [A-Za-z0-9+/._~-]{4,}|s3cr3t", re.IGNORECASE
)
_OURS = "/kubesphere_client/"


class Listener(logging.Handler):
    """Keeps what a test lets others see."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.errors: list[KubeSphereError] = []

    def emit(self, record: logging.LogRecord) -> None:
        # A server's own log may say what it was asked.
        if not record.name.startswith(("httpcore", "asyncio")):
            self.lines.append(f"{record.name}: {record.getMessage()}")

    def leaks(self) -> list[str]:
        """Each place where a secret can be read, with what stands there."""
        shown = [("a log line", line) for line in self.lines]
        for error in tuple(self.errors):  # what is shown may be a list that cannot be read, which is another error
            shown += [(f"the {what} of {type(error).__name__}", text) for what, text in _shown(error)]
        return [f"{place}: {text[:400]}" for place, text in shown if SECRET.search(text)]


def _shown(error: BaseException) -> Iterator[tuple[str, str]]:
    yield "text", str(error)
    yield "repr", repr(error)
    for name, value in vars(error).items():
        if name not in ("body", "last"):  # what the server said, and what the caller's own condition gave
            yield f"attribute {name}", repr(value)
    yield "pickle", pickle.dumps(error).decode("latin-1")
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield "traceback", "".join(_locals(link))
        yield "cause", repr(link)
        link = link.__cause__ or link.__context__


def _locals(error: BaseException) -> Iterator[str]:
    """The locals of the frames of this package and of what it calls; those of a test may hold what they like."""
    ours = False
    for frame, _ in traceback.walk_tb(error.__traceback__):
        ours = ours or _OURS in frame.f_code.co_filename
        if ours and "/tests/" not in frame.f_code.co_filename:
            for name, value in frame.f_locals.items():
                yield f"{frame.f_code.co_qualname}: {name} = {_repr(value)}\n"


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:  # half made
        return repr(error)


def listening(patch: Any) -> Listener:
    """A listener that hears of every log line and of every error from now on."""
    listener = Listener()
    patch.setattr(KubeSphereError, "__init__", _recording(listener), raising=False)
    return listener


def _recording(listener: Listener) -> Any:
    def initialise(self: KubeSphereError, *arguments: Any) -> None:
        Exception.__init__(self, *arguments)
        listener.errors.append(self)

    return initialise
