"""Where settings come from that a constructor was not given: the environment, then the configuration file."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from kubesphere_client._auth import Secret
from kubesphere_client._http import URL, origin, server_address
from kubesphere_client.auth import Credentials, PasswordCredentials, StaticToken, TokenFile
from kubesphere_client.errors import ConfigError

if TYPE_CHECKING:
    from kubesphere_client._config_file import Context

_PREFIXES = ("KS_", "KUBESPHERE_")
_TRUE, _FALSE = frozenset(("1", "true", "yes", "on")), frozenset(("0", "false", "no", "off"))
_DEFAULT_FILE = Path(".ksctl") / "config.yaml"
_HOW = "Give username and password, token, or auth; auth=None makes an anonymous client."


@frozen
class Wanted:
    """What a constructor was given, and what is wanted.

    Attributes:
        address: the server it was given, if any. Credentials that belong to another are not looked at.
        credentials: whether credentials are wanted.
    """

    address: str | None
    credentials: bool = True


@frozen
class Found:
    """What was found."""

    endpoint: Secret
    credentials: Credentials | None = None
    cluster: str | None = None
    ca_file: Path | None = None
    ca_data: str | None = None
    insecure: bool = False

    def arguments(self) -> dict[str, Any]:
        """What a constructor is to be told."""
        return {
            "base_url": self.endpoint.reveal(),
            "credentials": self.credentials,
            "cluster": self.cluster,
            "verify": self.verify(),
        }

    def verify(self) -> bool | ssl.SSLContext:
        """What httpx takes for TLS.

        Raises:
            ConfigError: the certificates cannot be read.
        """
        if self.insecure:
            return False
        if self.ca_file is None and self.ca_data is None:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca_file, cadata=self.ca_data)
        except (OSError, ValueError) as error:
            what = self.ca_file or "in the configuration file"
            why = (error.strerror if isinstance(error, OSError) else "") or "it holds no certificates"
            raise ConfigError(f"The certificate authority {what} cannot be read: {why}.") from None


def from_environment(variables: Variables) -> Found:
    """The environment alone.

    Raises:
        ConfigError: something is missing or cannot be read.
    """
    return resolve(Wanted(None), variables, with_file=False)


def from_file(path: str | os.PathLike[str] | None, context: str | None, variables: Variables) -> Found:
    """A context of the file alone; by default of the file that `KSCTL_CONFIG` names, or ~/.ksctl/config.yaml.

    Raises:
        ConfigError: something is missing or cannot be read.
    """
    from kubesphere_client._config_file import read_context

    found = read_context(Path(path).expanduser() if path is not None else variables.file(), context)
    if found.endpoint is None:
        raise ConfigError(f"There is no host in {found.where}.")
    if found.credentials is None:
        raise ConfigError(f"There are no credentials in {found.where}: bearerTokenFile, bearerToken or password.")
    return _of_context(found, found.endpoint)


def resolve(wanted: Wanted, variables: Variables, *, with_file: bool = True) -> Found:
    """Settle endpoint and credentials: each of them comes from the first place that has it, and the file is opened only
    for what the environment lacks. Credentials go to no other server than the one they belong to."""
    looked: list[str] = []
    address = wanted.address if wanted.address is not None else variables.endpoint()
    credentials: Credentials | None = None
    used = variables.fits(address)
    if used:
        looked.append("the environment (KS_ENDPOINT, KS_TOKEN, KS_TOKEN_FILE, KS_USERNAME and KS_PASSWORD)")
        credentials = variables.credentials() if wanted.credentials else None
    else:
        looked.append("the environment, whose KS_ENDPOINT is another server")
    context: Context | None = None
    if with_file and (address is None or (wanted.credentials and credentials is None)):
        context = _context(variables, address, looked)
        if context is not None:
            address = address or server_address(context.endpoint or Secret(""))
            credentials = credentials or (context.credentials if wanted.credentials else None)
    if address is None:
        raise ConfigError(f"No address of a server was found: give base_url, or set KS_ENDPOINT. {_places(looked)}")
    if wanted.credentials and credentials is None:
        raise ConfigError(f"No credentials were found. {_HOW} {_places(looked)}")
    found = Found(Secret(address)) if context is None else _of_context(context, Secret(address))
    return variables.over(found, credentials) if used else evolve(found, credentials=credentials)


class Variables:
    """The variables of an environment. One that is empty is not set; KS_… wins over KUBESPHERE_….

    An environment shows all its secrets in its repr, so it is passed on as this only.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        return next((self._environ[prefix + name] for prefix in _PREFIXES if self._environ.get(prefix + name)), None)

    def endpoint(self) -> str | None:
        """
        Raises:
            ConfigError: it is no address.
        """
        if self.text("ENDPOINT") is None:
            return None
        try:
            return server_address(Secret(self.text("ENDPOINT") or ""))
        except ConfigError as error:
            raise ConfigError(f"KS_ENDPOINT: {error}") from None

    @property
    def names_file(self) -> bool:
        """Whether they say which file to read."""
        return bool(self._environ.get("KSCTL_CONFIG"))

    def file(self) -> Path:
        """The configuration file."""
        if self.names_file:
            return Path(self._environ["KSCTL_CONFIG"]).expanduser()
        home = self._environ.get("HOME")
        return (Path(home) if home else Path.home()) / _DEFAULT_FILE

    def fits(self, address: str | None) -> bool:
        """Whether what they say is about this server."""
        theirs = self.endpoint()
        return theirs is None or address is None or same_origin(theirs, address)

    def credentials(self) -> Credentials | None:
        """
        Raises:
            ConfigError: they are there by half.
        """
        if self.text("TOKEN") is not None:
            return StaticToken(self.text("TOKEN") or "")
        path = self.text("TOKEN_FILE")
        if path is not None:
            return TokenFile(path)
        username = self.text("USERNAME")
        has_password = self.text("PASSWORD") is not None
        if username is None and not has_password:
            return None
        if username is None or not has_password:
            raise ConfigError("Of KS_USERNAME and KS_PASSWORD only one is set; set both.")
        return PasswordCredentials(username, self.text("PASSWORD") or "")

    def over(self, found: Found, credentials: Credentials | None) -> Found:
        """What was found in the file, with these before it."""
        ca_file = self.text("CA_FILE")
        cluster = self.text("CLUSTER")
        insecure = self._flag("INSECURE")
        return Found(
            found.endpoint,
            credentials,
            found.cluster if cluster is None else (None if cluster == "host" else cluster),
            found.ca_file if ca_file is None else Path(ca_file).expanduser(),
            found.ca_data if ca_file is None else None,
            (found.insecure and ca_file is None) if insecure is None else insecure,
        )

    def _flag(self, name: str) -> bool | None:
        text = self.text(name)
        if text is None:
            return None
        if text.lower() not in _TRUE | _FALSE:
            raise ConfigError(f"KS_{name} must be true or false, not {text!r:.40}.")
        return text.lower() in _TRUE

    def __repr__(self) -> str:
        return "<environment>"


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses are of the same server."""
    return origin(URL(one)) == origin(URL(other))


def _context(variables: Variables, address: str | None, looked: list[str]) -> Context | None:
    """The current context of the file, where it is about this server."""
    path = variables.file()
    if not variables.names_file and not path.exists():
        looked.append(f"{path} (there is none)")
        return None
    from kubesphere_client._config_file import read_context

    context = read_context(path, None)
    if context.endpoint is None:
        looked.append(f"{context.where}, which has no host")
        return None
    if address is not None and not same_origin(server_address(context.endpoint), address):
        looked.append(f"{context.where}, which is another server's")
        return None
    looked.append(context.where)
    return context


def _of_context(context: Context, endpoint: Secret) -> Found:
    return Found(endpoint, context.credentials, context.cluster, context.ca_file, context.ca_data, context.insecure)


def _places(looked: list[str]) -> str:
    return f"Looked at: {'; '.join(looked)}."
