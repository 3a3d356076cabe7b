"""Where the API is served: host, basePath and schemes of Swagger 2.0 become servers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from generator.swagger.place import Place, shown

_SCHEMES = ("http", "https", "ws", "wss")


@frozen
class Address:
    """The address as published; each part may be missing."""

    host: str | None
    base_path: str
    schemes: tuple[str, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any], place: Place) -> Address:
        """The address a document gives.

        Raises:
            GeneratorError: a part of it holds something else, such as a scheme in the host.
        """
        host = document.get("host")
        if host is not None and not re.fullmatch(r"[^\s/?#@\\]+", host):
            raise (place / "host").error(f"'{shown(host)}' where a host, with a port at most, belongs")
        base_path = document.get("basePath", "/")
        if not re.fullmatch(r"/[^\s?#\\]*", base_path):
            raise (place / "basePath").error(f"'{shown(base_path)}' where a path that starts with '/' belongs")
        schemes = _checked(document.get("schemes", ()), place / "schemes")
        return cls(host, base_path.rstrip("/"), schemes)

    def of_document(self) -> dict[str, Any]:
        """The servers; schemes without a host are kept as an extension, for no server can say them."""
        unsaid = {"x-schemes": list(self.schemes)} if self.schemes and self.host is None else {}
        return {"servers": self._servers(self.schemes), **unsaid}

    def of_operation(self, schemes: Iterable[str], place: Place) -> dict[str, Any]:
        """The servers of an operation that names schemes of its own, if they are not the document's."""
        own = _checked(schemes, place)
        if own == self.schemes or not own:
            return {}
        return {"x-schemes": list(own)} if self.host is None else {"servers": self._servers(own)}

    def _servers(self, schemes: tuple[str, ...]) -> list[dict[str, Any]]:
        if self.host is None:
            return [_server(self.base_path or "/")]
        prefixes = [f"{scheme}://" for scheme in schemes] or ["//"]
        return [_server(f"{prefix}{self.host}{self.base_path}") for prefix in prefixes]


def _checked(schemes: Iterable[str], place: Place) -> tuple[str, ...]:
    return tuple(place.one_of(scheme, _SCHEMES) for scheme in dict.fromkeys(schemes))


def _server(url: str) -> dict[str, Any]:
    """A server; a template in its address needs a default, and the name is all there is to go by."""
    names = dict.fromkeys(re.findall(r"{([^{}]*)}", url))
    return {"url": url, **({"variables": {name: {"default": name} for name in names}} if names else {})}
