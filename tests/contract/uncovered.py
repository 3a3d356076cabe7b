"""Exchanges that no operation covers: what they are is told from the path, and from what the server answered."""

from __future__ import annotations

from tests.contract.exchange import Exchange
from tests.contract.json_values import parsed
from tests.contract.plans import STEPS, Plan, Sort, plain_plan
from tests.contract.routes import Routes, attribute_of, decoded_segments, has_steps, member_of

LACKING = "the client lacks an operation"
_NO_ROUTE = ("404: Page Not Found", "404 page not found")
_NO_KUBERNETES_ROUTE = b"the server could not find the requested resource"


def uncovered_plan(exchange: Exchange, routes: Routes) -> Plan:
    """The plan for an exchange that no operation covers."""
    segments = decoded_segments(exchange.path)
    if has_steps(exchange.path):
        return plain_plan(exchange, Sort.REFUSED, STEPS)
    if len(segments) > 1 and b"" in segments:
        return plain_plan(exchange, Sort.UNTYPED, "a path with an empty segment, which the server cleans up first")
    if member_of(exchange.path) is not None:
        return plain_plan(exchange, Sort.UNTYPED, "the prefix of a member cluster")
    proof = _no_route(exchange)
    if proof is not None:
        return plain_plan(exchange, Sort.NO_OPERATION, proof)
    attribute = attribute_of(exchange.path)
    if exchange.answer.status == 404 and attribute.startswith("crd.") and routes.knows_only_parent(exchange.path):
        # Kubernetes says the same of a subresource that is missing as of an object (recording cluster-028).
        return plain_plan(exchange, Sort.NO_OPERATION, "404 below an object, where its kind has nothing")
    if attribute == "kubernetes":
        return plain_plan(exchange, Sort.UNTYPED, "a path of Kubernetes itself")
    if exchange.answer.status in (401, 403) and _is_status(exchange.answer.content):
        return plain_plan(exchange, Sort.NO_OPERATION, "refused before routing, so that no route shows")
    return Plan(Sort.DIFFERENT, f"{LACKING} of {attribute or 'a path without a place'}", None)


def _no_route(exchange: Exchange) -> str | None:
    """What proves that the server has no such route, if anything does."""
    answer = exchange.answer
    text = answer.content
    if answer.status == 405:
        return "405: the path knows other methods only"
    if answer.status != 404:
        return None
    if any(text.startswith(words.encode()) for words in _NO_ROUTE) or exchange.method == "HEAD":
        return "404 from the router"
    return "404 from Kubernetes' router" if _NO_KUBERNETES_ROUTE in text else None


def _is_status(content: bytes) -> bool:
    """Whether an answer is the Status with which the filters before routing refuse; handlers refuse with a text."""
    try:
        status = parsed(content)
    except ValueError:
        return False
    return isinstance(status, dict) and status.get("kind") == "Status"
