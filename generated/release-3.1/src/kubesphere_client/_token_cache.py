"""Tokens on disk, shared by processes: one file for each server and user, readable by its owner only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import sys
import tempfile
import warnings
from collections.abc import Generator
from io import FileIO
from pathlib import Path
from time import monotonic
from typing import Any

from kubesphere_client._auth import Secret, Token, Wait, fits_header
from kubesphere_client.errors import TokenCacheWarning

# A login takes a second or two; who holds the lock for longer has been stopped.
_LONGEST_WAIT = 30.0
_LOCK_POLL = 0.05
# In a folder that others can write to, a link could lead anywhere.
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
# Opening a pipe that stands there would wait for its other end.
_NO_WAIT: int = getattr(os, "O_NONBLOCK", 0)
# A token and what belongs to it are a kilobyte or two.
_LONGEST = 1_048_576


class CacheEntry:
    """The cached token of one user at one server.

    Args:
        folder: made when it is first written to.
        endpoint: the server's address.
    """

    def __init__(self, folder: Path, endpoint: str, username: str) -> None:
        name = hashlib.sha256(f"{endpoint}\0{username}".encode()).hexdigest()[:32]
        self._folder = folder
        self._path = folder / f"{name}.json"
        self._lock_path = folder / f"{name}.lock"
        self._owner = {"endpoint": endpoint, "username": username}

    def locked(self) -> Generator[Wait, Any, FileLock]:
        """Waits for the lock, and returns it. Where it cannot be had, the client goes on without it."""
        lock = FileLock(self._lock_path)
        given_up_at = monotonic() + _LONGEST_WAIT
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            while not lock.acquired():
                if monotonic() >= given_up_at:
                    _warn(f"The token cache {self._folder} is locked by another process; going on without the lock.")
                    return lock
                yield Wait(_LOCK_POLL)
        except OSError as error:
            _warn(f"The token cache {self._folder} cannot be used: {error.strerror}.")
        return lock

    def read(self) -> Token | None:
        """The cached token; None where there is none that can be trusted."""
        try:
            with open(self._path, "rb", opener=_opened) as file:
                if not _is_private(file.fileno()):
                    _warn(
                        f"The cached token {self._path} belongs to another user or is open to others, and is ignored."
                    )
                    return None
                token = _decoded(Secret((file.read(_LONGEST) or b"").decode("utf-8", "replace")), self._owner)
        except FileNotFoundError:
            return None
        except OSError as error:
            _warn(f"The cached token {self._path} cannot be read: {error.strerror}.")
            return None
        if token is None:
            _warn(f"The cached token {self._path} is damaged, and is ignored.")
        return token

    def write(self, token: Token) -> None:
        """Keep a token, in the place of the one before, at once for all readers."""
        temporary = None
        try:
            # mkstemp makes it for its owner only.
            descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=self._folder)
            with open(descriptor, "wb") as file:
                file.write(_encoded(token, self._owner))
            os.replace(temporary, self._path)
        except OSError as error:
            if temporary is not None:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
            _warn(f"The token cache {self._folder} cannot be written: {error.strerror}.")


class FileLock:
    """A lock that processes share, gone with the process that holds it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # A file object and not its number, as it closes itself where a thread is interrupted before it can release it.
        self._file: FileIO | None = None

    def acquired(self) -> bool:
        """Try to take it, without waiting."""
        self._file = FileIO(self._path, "ab", opener=_opened)
        taken = False
        try:
            taken = _try_lock(self._file.fileno())
        finally:
            if not taken:
                self._file.close()
                self._file = None
        return taken

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            # Closing is not enough: a process that was forked meanwhile has the file open too.
            with file:
                _unlock(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_LINK | _NO_WAIT, 0o600)


def _is_private(descriptor: int) -> bool:
    if os.name != "posix":
        return True
    found = os.fstat(descriptor)
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _encoded(token: Token, owner: dict[str, str]) -> bytes:
    fields = {
        **owner,
        "access_token": token.access.reveal(),
        "refresh_token": None if token.refresh is None else token.refresh.reveal(),
        "expires_at": None if token.expires_at == math.inf else token.expires_at,
        "renew_at": None if token.renew_at == math.inf else token.renew_at,
    }
    return json.dumps(fields, indent=1).encode()


def _decoded(text: Secret, owner: dict[str, str]) -> Token | None:
    try:
        fields = json.loads(text.reveal())
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or any(fields.get(name) != value for name, value in owner.items()):
        return None
    access, refresh = fields.get("access_token"), fields.get("refresh_token")
    times = [math.inf if fields.get(name) is None else fields[name] for name in ("expires_at", "renew_at")]
    if not isinstance(access, str) or not fits_header(access) or not isinstance(refresh, str | None):
        return None
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in times):
        return None
    return Token(
        access=Secret(access), refresh=Secret(refresh) if refresh else None, expires_at=times[0], renew_at=times[1]
    )


def _warn(message: str) -> None:
    warnings.warn(message, TokenCacheWarning, stacklevel=2)
