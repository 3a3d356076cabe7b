"""The headers that all requests of a client have in common, merged once. No input or output here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from kubesphere_client._api import USER_AGENT
from kubesphere_client._masking import Concealed, ConcealedList

if TYPE_CHECKING:
    from kubesphere_client._auth import Token
    from kubesphere_client._http import AsyncClient, Client

Field: TypeAlias = "tuple[bytes, bytes]"


class SharedHeaders:
    """The headers of httpx's client, ours over them, and those of a call over both.

    The first two are merged again only when the client was given others: 2 µs for a request, where httpx takes 8 to merge
    all three.

    Args:
        own: what is sent beside the headers of httpx's client, with names in lower case.
        host: what the Host header says.
    """

    def __init__(self, own: Mapping[str, str], host: bytes) -> None:
        self._own = own
        self._host = host
        # The client's headers and what was made of them: one value, so that no thread sees half of it.
        self._merged: tuple[list[Field] | None, list[tuple[str, Field]]] = (None, [])

    def own(self, client: Client | AsyncClient) -> dict[str, str]:
        """What is sent beside the headers of httpx's client."""
        headers = Concealed(self._own)
        if client.headers.get("user-agent", "").startswith("python-httpx/"):
            headers.setdefault("user-agent", USER_AGENT)
        return headers

    def of_call(
        self, client: Client | AsyncClient, given: Mapping[str, str], *, token: Token | None, authenticated: bool
    ) -> list[Field]:
        """All headers of one request, as they go over the wire.

        Args:
            given: those of the call, with names in lower case.
            authenticated: whether a header that authenticates the client is sent.
        """
        theirs = ConcealedList(client.headers.raw)  # a traceback may show the locals of this frame
        known, shared = self._merged
        if known != theirs:
            shared = self._merge(client)
            self._merged = (theirs, shared)
        kept = authenticated and token is None
        fields = ConcealedList(
            [field for name, field in shared if name not in given and (kept or name != "authorization")]
        )
        fields += [(name.encode("ascii"), text.encode("ascii")) for name, text in given.items()]
        if token is not None:
            fields.append((b"Authorization", token.header.encode("ascii")))
        return fields

    def _merge(self, client: Client | AsyncClient) -> list[tuple[str, Field]]:
        own = self.own(client)
        shared = ConcealedList((name.lower().decode("latin-1"), (name, text)) for name, text in client.headers.raw)
        shared = ConcealedList(one for one in shared if one[0] not in own)
        shared += [(name, (name.encode("ascii"), text.encode("ascii"))) for name, text in own.items()]
        if all(name != "host" for name, _ in shared):
            shared.insert(0, ("host", (b"Host", self._host)))
        return shared
