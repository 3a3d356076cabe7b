"""Tokens that do not come from a login: given as they are, in a file, or by a function of the user's."""

from __future__ import annotations

import logging
import math
import os
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import time
from typing import Any

from kubesphere_client._auth import Call, Conversation, Given, Secret, Token, fits_header, margin
from kubesphere_client.errors import ConfigError, InsecureFileWarning

log = logging.getLogger("kubesphere_client")


class FixedToken:
    """A token that the user gave, which nothing can renew."""

    def __init__(self, token: Secret) -> None:
        self._token = Token(checked(token, "The token"))

    def current(self) -> Token:
        return self._token

    def reject(self, token: Token) -> bool:
        return False

    def renewal(self) -> Conversation:
        raise AssertionError("a fixed token is always current")


class FileToken:
    """A token in a file, which is read again when the file changes or the server refuses the token."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._token, self._seen = self._read()

    def current(self) -> Token | None:
        return self._token if _state(self._path) == self._seen else None

    def reject(self, token: Token) -> bool:
        """Whether the file holds another token by now."""
        self._read_again()
        return token.access.reveal() != self._token.access.reveal()

    def renewal(self) -> Conversation:
        self._read_again()
        return self._token
        yield  # a generator, although it has nothing to ask for

    def _read_again(self) -> None:
        try:
            token, self._seen = self._read()
        except ConfigError as error:
            # Somebody may be writing it at this moment.
            log.warning("%s The token that it held before is used for now.", error)
        else:
            if token.access.reveal() != self._token.access.reveal():
                self._token = token

    def _read(self) -> tuple[Token, Any]:
        seen = _state(self._path)
        text = read_secret_file(self._path, "token file")
        return Token(checked(Secret(text.reveal().strip()), f"The token file {self._path}")), seen


class ProvidedToken:
    """A token from a function of the user's, kept until it expires or the server refuses it.

    Args:
        provide: takes the token that was refused, or None, and returns a text or a token with its expiry; it may be a
            coroutine function.
        public: makes of a token what the function takes.
        private: makes a token of what the function gave; raises ConfigError.
    """

    def __init__(
        self,
        provide: Callable[[Any], Any],
        *,
        public: Callable[[Token], Any],
        private: Callable[[Given], Token],
        clock: Callable[[], float] = time,
    ) -> None:
        self._provide = provide
        self._public = public
        self._private = private
        self._clock = clock
        self._token: Token | None = None
        self._rejected: Token | None = None

    def current(self) -> Token | None:
        token = self._token
        return None if token is None or token is self._rejected or self._clock() >= token.renew_at else token

    def reject(self, token: Token) -> bool:
        if token is self._token:  # else it says nothing about the one that came after it
            self._rejected = token
        return True

    def renewal(self) -> Conversation:
        refused = self._token if self._token is not None and self._token is self._rejected else None
        given: Given = yield Call(partial(self._provide, None if refused is None else self._public(refused)))
        self._token = token = self._private(given)
        return token


def token_of(text: Secret, expires_at: float, now: float, what: str) -> Token:
    """The token of a text that is good until a time."""
    renew_at = expires_at if expires_at == math.inf else expires_at - margin(max(expires_at - now, 0.0))
    return Token(checked(text, what), expires_at=expires_at, renew_at=renew_at)


def checked(token: Secret, what: str) -> Secret:
    """
    Raises:
        ConfigError: it cannot be sent.
    """
    if not fits_header(token.reveal()):
        raise ConfigError(f"{what} is empty or holds spaces or line breaks; give the token alone.")
    return token


def read_secret_file(path: Path, what: str) -> Secret:
    """The text of a file that should be readable by its owner only.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = Secret(file.read().decode())
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"The {what} {path} cannot be read: {why}.") from None
    if os.name == "posix" and mode & 0o077:
        warnings.warn(
            f"The {what} {path} can be read by others; run chmod 600 on it.", InsecureFileWarning, stacklevel=2
        )
    return text


def _state(path: Path) -> Any:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
