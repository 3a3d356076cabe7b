"""Makes the calls: each once with KubeSphere and once with AsyncKubeSphere, against the replay."""

from __future__ import annotations

import asyncio
import inspect
import ssl
from collections.abc import Mapping
from typing import Any, Literal, Self

from attrs import define, evolve, field, frozen

from kubesphere_client import AsyncKubeSphere, KubeSphere
from tests.contract.exchange import Exchange, bare_media
from tests.contract.methods import bound_method
from tests.contract.plans import PlainCall, TypedCall
from tests.contract.replay import Replay, Seen

Mode = Literal["sync", "async"]
_SECONDS = 30.0
_MOST_CLIENTS = 64  # each holds a connection, and there may be more tokens than a process may have sockets


@frozen
class Outcome:
    """What a call came to.

    Attributes:
        mode: which client made it.
        seen: what arrived at the server.
        value: the result, encoded again; None where there was an error.
        events: of a watch, encoded again.
        error: what was raised.
    """

    mode: Mode
    seen: tuple[Seen, ...] = ()
    value: Any = None
    events: tuple[dict[str, Any], ...] = ()
    error: Exception | None = None


@define
class Driver:
    """Keeps the server, and a client for each mode and token that was used lately."""

    replay: Replay
    _runner: asyncio.Runner = field(factory=asyncio.Runner)
    _clients: dict[tuple[Mode, str | None], Any] = field(factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._clients:
            self._close_oldest()
        self._runner.close()

    def drive(self, exchange: Exchange, call: TypedCall | PlainCall) -> list[Outcome]:
        """The outcome with each client."""
        return [self._drive(exchange, call, "sync"), self._drive(exchange, call, "async")]

    def client(self, mode: Mode, token: str | None) -> Any:
        client = self._clients.pop((mode, token), None)
        if client is None:
            client = self._new_client(mode, token)
        self._clients[mode, token] = client
        if len(self._clients) > _MOST_CLIENTS:
            self._close_oldest()
        return client

    def _new_client(self, mode: Mode, token: str | None) -> Any:
        kind: Any = KubeSphere if mode == "sync" else AsyncKubeSphere
        # A context of its own would read the system's certificates for each client.
        settings = {
            "timeout": _SECONDS,
            "max_retries": 0,
            "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            "trust_env": False,
        }
        who: dict[str, Any] = {"auth": None} if token is None else {"token": token}
        return kind(self.replay.url, **who, **settings)

    def _close_oldest(self) -> None:
        mode, token = next(iter(self._clients))
        client = self._clients.pop((mode, token))
        if mode == "sync":
            client.close()
        else:
            self._runner.run(client.close())

    def _drive(self, exchange: Exchange, call: TypedCall | PlainCall, mode: Mode) -> Outcome:
        if not isinstance(call, TypedCall) or call.media is None:
            return self._once(exchange, call, mode)
        named = evolve(call, arguments={**call.arguments, "content_type": call.media})
        if isinstance(call.arguments["body"], str | bytes):
            return self._once(exchange, named, mode)  # as which of several it is meant must be said
        outcome = self._once(exchange, call, mode)
        if len(outcome.seen) == 1 and bare_media(outcome.seen[0].header("content-type")) != call.media:
            return self._once(exchange, named, mode)
        return outcome

    def _once(self, exchange: Exchange, call: TypedCall | PlainCall, mode: Mode) -> Outcome:
        self.replay.expect(exchange.answer)
        events: list[dict[str, Any]] = []
        try:
            if mode == "sync":
                value = _call_sync(self.client(mode, call.token), exchange, call, events)
            else:
                value = self._runner.run(_call_async(self.client(mode, call.token), exchange, call, events))
            outcome = Outcome(mode, value=value)
        except Exception as error:  # whatever a client raises is what its call came to
            outcome = Outcome(mode, error=error)
        return evolve(outcome, seen=tuple(self.replay.seen), events=tuple(events))


def plain(value: Any) -> Any:
    """A result as JSON holds it."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return value


def _call_sync(client: Any, exchange: Exchange, call: TypedCall | PlainCall, events: list[dict[str, Any]]) -> Any:
    if isinstance(call, PlainCall):
        return client.request(exchange.method, exchange.target, **_plain_arguments(exchange, call))
    result = bound_method(_addressed(client, call), call.method)(**_arguments(call))
    if not call.watch:
        return plain(result)
    for event in result:
        events.append({"type": event.type, "object": plain(event.object)})
    return None


async def _call_async(
    client: Any, exchange: Exchange, call: TypedCall | PlainCall, events: list[dict[str, Any]]
) -> Any:
    if isinstance(call, PlainCall):
        return await client.request(exchange.method, exchange.target, **_plain_arguments(exchange, call))
    result = bound_method(_addressed(client, call), call.method)(**_arguments(call))
    if not call.watch:
        return plain(await result if inspect.isawaitable(result) else result)
    async for event in result:
        events.append({"type": event.type, "object": plain(event.object)})
    return None


def _addressed(client: Any, call: TypedCall) -> Any:
    return client if call.cluster is None else client.on_cluster(call.cluster)


def _arguments(call: TypedCall) -> dict[str, Any]:
    # A recording holds one stream, after which the watch would go on.
    return {**call.arguments, "reconnect": False} if call.watch else dict(call.arguments)


def _plain_arguments(exchange: Exchange, call: PlainCall) -> dict[str, Any]:
    body = exchange.body or None
    return {
        "headers": call.headers,
        "body": iter([body]) if call.chunked and body is not None else body,
        "content_type": call.content_type,
    }
