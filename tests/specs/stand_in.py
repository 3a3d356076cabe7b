"""A stand-in for ks-apiserver: it knows a few exchanges, answers their requests, and has no answer for any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from kubesphere_client import KubeSphere
from tests.contract.driving import plain
from tests.contract.exchange import Exchange
from tests.contract.json_values import first_difference, parsed
from tests.contract.methods import Methods, bound_method
from tests.contract.plans import Sort, TypedCall
from tests.contract.replay import Seen
from tests.contract.requests import request_differences
from tests.contract.routes import Routes
from tests.contract.sorting import Sorter
from tests.specs.recorded import recorded

Handler = Callable[[httpx.Request], httpx.Response]


class StandIn:
    """The server, and the client `ks` that talks to it.

    Args:
        routes: those of the document that the client was made from.

    Attributes:
        seen: the requests that came, in order.
    """

    def __init__(self, routes: Routes) -> None:
        self.seen: list[httpx.Request] = []
        self._answer: Handler = _unknown
        transport = httpx.MockTransport(self._take)
        self.ks = KubeSphere("http://ks.test", token="token-000", transport=transport, trust_env=False)
        self._sorter = Sorter(routes, Methods(self.ks))

    def again(self, exchange: Exchange | str) -> Any:
        """What a call gives that is made once more, by the typed method, and answered as it was recorded.

        The request must go over the wire as it was recorded, but for its token.
        """
        one = recorded(exchange) if isinstance(exchange, str) else exchange
        plan = self._sorter.sort(one)
        assert isinstance(plan.call, TypedCall), plan.reason
        assert plan.sort is Sort.EQUAL, plan.reason
        return bound_method(self.plays(one), plan.call.method)(**plan.call.arguments)

    def plays(self, *exchanges: Exchange | str) -> KubeSphere:
        """The client, when only the requests of some exchanges are answered; they must come as they were recorded."""
        known = [recorded(one) if isinstance(one, str) else one for one in exchanges]

        def answer(request: httpx.Request) -> httpx.Response:
            found = [one for one in known if (one.method, one.path) == (request.method, _path(request))]
            assert found, f"{request.method} {request.url} was not recorded"
            wrong = [_differences(one, request) for one in found]
            assert [] in wrong, wrong
            return _response(found[wrong.index([])])

        return self.answers(answer)

    def answers(self, handler: Handler) -> KubeSphere:
        """The client, when the server answers as a function says."""
        self.seen.clear()
        self._answer = handler
        return self.ks

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self._answer(request)


def same(result: Any, exchange: Exchange | str) -> bool:
    """Whether a result, written again, is the JSON that was answered: nothing of it was lost."""
    answer = (recorded(exchange) if isinstance(exchange, str) else exchange).answer
    return first_difference(parsed(answer.content), parsed(httpx.Response(200, json=plain(result)).content)) is None


def query(request: httpx.Request) -> str:
    """The query of a request as it went over the wire."""
    return request.url.query.decode("ascii")


def _path(request: httpx.Request) -> str:
    return request.url.raw_path.decode("ascii").partition("?")[0]


def _differences(exchange: Exchange, request: httpx.Request) -> list[str]:
    headers = tuple((name.lower(), value) for name, value in request.headers.items())
    seen = Seen(request.method, request.url.raw_path.decode("ascii"), headers, request.read())
    found = request_differences(exchange, seen, typed=True)
    # Every client here has its own token.
    return [f"{one.what}: {one.detail}" for one in found if one.what != "request: token"]


def _response(exchange: Exchange) -> httpx.Response:
    answer = exchange.answer
    if answer.status is None:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    headers = [pair for pair in answer.headers if pair[0].lower() not in ("content-encoding", "transfer-encoding")]
    return httpx.Response(answer.status, headers=headers, content=answer.content)


def _unknown(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"nothing was said of how {request.method} {request.url} is answered")
