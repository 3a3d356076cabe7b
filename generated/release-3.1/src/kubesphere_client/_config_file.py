"""The configuration file with contexts, as ksctl keeps it (evidence/ksctl-config.md)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from kubesphere_client._auth import Secret
from kubesphere_client._tokens import read_secret_file
from kubesphere_client.auth import Credentials, PasswordCredentials, StaticToken, TokenFile
from kubesphere_client.errors import ConfigError

# The names of the TLS keys are not settled, so they are read in any spelling, beside the host or one level below.
_CA_FILE = frozenset(("certificateauthority", "certificateauthorityfile", "cafile", "cacert"))
_CA_DATA = frozenset(("certificateauthoritydata", "cadata"))
_INSECURE = frozenset(("insecure", "insecureskiptlsverify", "insecureskipverify", "skiptlsverify"))


@frozen
class Context:
    """What a context of the file says.

    Attributes:
        ca_file, ca_data: the certificates to trust, as a file or as text.
    """

    where: str
    endpoint: Secret | None
    credentials: Credentials | None
    cluster: str | None
    ca_file: Path | None
    ca_data: str | None
    insecure: bool


def read_context(path: Path, name: str | None) -> Context:
    """Read one context, by default the current one.

    Raises:
        ConfigError: the file cannot be read, or what the context names is not in it.
    """
    file = _Folder(_parsed(path), f"The configuration file {path}")
    contexts = file.folder("contexts")
    chosen = name or file.text("currentContext")
    if chosen is None:
        if len(contexts.fields) != 1:
            raise ConfigError(f"{file.where} has no currentContext; name one of {contexts.names()} with context=.")
        (chosen,) = contexts.fields
    context = contexts.folder(chosen)
    if context.fields.get("fleet") is None:
        raise ConfigError(f"{context.where} names no fleet.")
    fleet = file.folder("fleets").folder(context.text("fleet") or "")
    user_name = context.text("user")
    cluster = context.text("defaultCluster")
    ca_file, ca_data, insecure = _tls(fleet, path)
    return Context(
        where=f"context {chosen!r} of {path}",
        endpoint=None if fleet.text("host") is None else Secret(fleet.text("host") or ""),
        credentials=None
        if user_name is None
        else _credentials(fleet.folder("users").folder(user_name), user_name, path),
        # The host cluster serves its own addresses without its name, and only so where there is no other.
        cluster=None if cluster == "host" else cluster,
        ca_file=ca_file,
        ca_data=ca_data,
        insecure=insecure,
    )


class _Folder:
    """A mapping of the file; what is in it may be secret, and is in no repr."""

    def __init__(self, fields: Mapping[str, Any], where: str) -> None:
        self.fields = fields
        self.where = where

    def folder(self, name: str) -> _Folder:
        found = self.fields.get(name)
        if found is None:
            raise ConfigError(f"{self.where} has no {name!r}; it has {self.names()}.")
        if not isinstance(found, Mapping):
            del found
            raise ConfigError(f"{self.where}: {name} is not a mapping.")
        return _Folder(found, f"{self.where}: {name}")

    def text(self, name: str) -> str | None:
        found = self.fields.get(name)
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            del found
            raise ConfigError(f"{self.where}: {name} is not a text; put it in quotes.")
        return found

    def names(self) -> str:
        return ", ".join(repr(name) for name in self.fields) or "nothing"

    def __repr__(self) -> str:
        return f"<{self.where}>"


def _parsed(path: Path) -> dict[str, Any]:
    try:
        import yaml
    except ImportError:
        raise ConfigError(
            f"Reading {path} takes PyYAML, which is not installed: pip install 'kubesphere-client[config]'."
        ) from None
    text = read_secret_file(path, "configuration file")
    try:
        content = yaml.safe_load(text.reveal())
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark is not None else ""
    else:
        if isinstance(content, dict):
            return content
        del content
        line = ", but " + ("empty" if not text.reveal().strip() else "something else")
    raise ConfigError(f"The configuration file {path} is no YAML mapping{line}.")


def _credentials(user: _Folder, key: str, path: Path) -> Credentials | None:
    token_file = user.text("bearerTokenFile")
    if token_file is not None:
        return TokenFile(_beside(path, token_file))
    if user.text("bearerToken") is not None:
        return StaticToken(user.text("bearerToken") or "")
    if user.text("password") is not None:
        return PasswordCredentials(user.text("username") or key, user.text("password") or "")
    return None


def _tls(fleet: _Folder, path: Path) -> tuple[Path | None, str | None, bool]:
    ca_file, ca_data, insecure = None, None, False
    plain = {name: value for name, value in fleet.fields.items() if name != "users"}
    for fields in (plain, *(value for value in plain.values() if isinstance(value, Mapping))):
        for name, value in fields.items():
            letters = re.sub("[^a-z]", "", str(name).lower())
            if letters in _CA_FILE and isinstance(value, str) and value:
                ca_file = _beside(path, value)
            elif letters in _CA_DATA and isinstance(value, str) and value:
                ca_data = _certificates(value, fleet.where)
            elif letters in _INSECURE and isinstance(value, bool):
                insecure = value
    return ca_file, ca_data, insecure


def _certificates(text: str, where: str) -> str:
    if "-----BEGIN" in text:
        return text
    try:
        return b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise ConfigError(f"{where}: the certificate authority data is neither PEM nor base64.") from None


def _beside(path: Path, name: str) -> Path:
    """A path that the file names: relative to the file itself."""
    return path.parent / Path(name).expanduser()
