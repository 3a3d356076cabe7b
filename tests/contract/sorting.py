"""The rules that sort exchanges, and the call that makes each: about kinds of requests, never about names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from attrs import evolve

from tests.contract.exchange import Exchange, bare_media
from tests.contract.methods import MethodMissing, Methods
from tests.contract.paging import page_arguments
from tests.contract.plans import Plan, Sort, TypedCall, plain_plan, token_of
from tests.contract.routes import Found, OldWatch, Routes, Template, fault_of, member_of, query_pairs
from tests.contract.uncovered import uncovered_plan
from tests.contract.values import FORM, Untypable, body_of, value_of, values_of

# What any client sends in its own way.
_CONNECTION = frozenset(("connection", "content-length", "host", "user-agent"))
_UNSENT = "a-token-that-must-not-be-sent"


class Sorter:
    """Sorts exchanges by the operations of a document and the methods of the client that was made from it."""

    def __init__(self, routes: Routes, methods: Methods) -> None:
        self._routes = routes
        self._methods = methods

    def sort(self, exchange: Exchange) -> Plan:
        if exchange.lacks_body:
            return Plan(Sort.INCOMPLETE, "the recording lacks the request's body", None)
        if exchange.answer.body is None:
            return Plan(Sort.INCOMPLETE, "the recording lacks the answer's body", None)
        fault = fault_of(exchange.target)
        if fault is not None:
            return plain_plan(exchange, Sort.REFUSED, fault)
        member = member_of(exchange.path)
        if member is not None:
            return self._on_member(exchange, *member)
        found = self._routes.find(exchange.method, exchange.path)
        old_watch = None if found else self._routes.old_watch(exchange.method, exchange.path)
        try:
            if found is not None:
                return self._covered(exchange, found)
            if old_watch is not None:
                return self._watched_in_the_old_way(exchange, old_watch)
        except Untypable as error:
            return plain_plan(exchange, Sort.UNTYPED, str(error))
        except MethodMissing as error:
            return Plan(Sort.DIFFERENT, str(error), None)
        return uncovered_plan(exchange, self._routes)

    def _on_member(self, exchange: Exchange, cluster: str, path: str) -> Plan:
        """The plan for a member cluster: that for the host, made on the member."""
        query = exchange.target.partition("?")[1:]
        plan = self.sort(evolve(exchange, target=path + "".join(query)))
        name = unquote_to_bytes(cluster)
        if isinstance(plan.call, TypedCall) and b"/" not in name and name not in (b".", b".."):
            return evolve(plan, call=evolve(plan.call, cluster=_text(name)))
        return uncovered_plan(exchange, self._routes)

    def _covered(self, exchange: Exchange, found: Found) -> Plan:
        query = _query(exchange)
        if found.template.passes_on:
            return self._passed_on(exchange, found, query)
        found, query = _variant(found, query)
        template = found.template
        watched = query.pop("watch") if template.watches and query.get("watch") == ["true"] else None
        arguments, method = self._arguments(exchange, found, query, watched=watched is not None)
        body = self._body(exchange, template)
        call = TypedCall(
            method=method,
            arguments={**arguments, **body},
            template=template,
            token=token_of(exchange) if self._authenticated(template) else _UNSENT,
            media=exchange.media if body and self._methods.takes(method, "content_type") else None,
            watch=watched is not None,
        )
        reason = _misleading(found)
        if reason is not None:
            return Plan(Sort.REFUSED, reason, call)
        missing = self._methods.required(method) - set(call.arguments)
        if missing:
            what = "a body" if "body" in missing else "a query key"
            return Plan(Sort.REFUSED, f"{what} that the operation requires is missing", call)
        return Plan(Sort.EQUAL, "survived, not compared: an artefact" if exchange.artefact else "compared", call)

    def _passed_on(self, exchange: Exchange, found: Found, query: dict[str, list[str]]) -> Plan:
        """The plan for a request to what stands behind the server, which takes any."""
        template = found.template
        one_of_several = template.identifier.removesuffix(f"_{exchange.method.lower()}")
        method = one_of_several if self._methods.has(one_of_several) else template.identifier
        names = self._methods.names(template, method)
        arguments: dict[str, Any] = {names["path", wire]: _text(value) for wire, value in found.values.items()}
        if self._methods.takes(method, "method"):
            arguments["method"] = exchange.method
        self._headers(exchange, template, names)
        if exchange.body and not exchange.media:
            raise Untypable("a body without a media type")
        arguments |= {"query": query, "body": exchange.body or None, "content_type": exchange.media or None}
        reason = _misleading(found)
        call = TypedCall(method, arguments, template, token_of(exchange))
        if reason is not None:
            return Plan(Sort.REFUSED, reason, call)
        return Plan(Sort.EQUAL, "survived, not compared: an artefact" if exchange.artefact else "compared", call)

    def _watched_in_the_old_way(self, exchange: Exchange, old: OldWatch) -> Plan:
        query = _query(exchange)
        query.pop("watch", None)
        if old.name is not None:
            query["fieldSelector"] = [f"metadata.name={_text(old.name)}"]
        arguments, method = self._arguments(exchange, old.found, query, watched=True)
        call = TypedCall(method, arguments, old.found.template, token_of(exchange), watch=True)
        return Plan(Sort.EQUAL, "events compared: a deprecated /watch/ path", call, compares_request=False)

    def _arguments(
        self, exchange: Exchange, found: Found, query: dict[str, list[str]], *, watched: bool
    ) -> tuple[dict[str, Any], str]:
        """The arguments beside the body, and the method that takes them."""
        template, document = found.template, self._routes.document
        names = self._methods.names(template)
        arguments: dict[str, Any] = {}
        for wire, parameter in template.parameters("path").items():
            arguments[names["path", wire]] = value_of(_text(found.values[wire]), parameter.get("schema", {}), document)
        method = template.identifier
        if watched:
            kind, selector = "list", query.get("fieldSelector", [""])[0]
            if "object" in template.watches and re.fullmatch("metadata.name=[^,=!]+", selector):
                kind = "object"
                del query["fieldSelector"]
                arguments["name"] = selector.partition("=")[2]
            if kind not in template.watches:
                raise Untypable("a watch that the client does not offer")
            method = f"{method.rpartition('.')[0]}.{template.watches[kind]}"
        of_pages, query = ({}, query) if watched else page_arguments(self._methods, template, query)
        arguments |= of_pages
        declared = template.parameters("query")
        for wire, value in template.unasked.items():
            if query.pop(wire, None) != [value]:
                raise Untypable("a query key that the client sends on its own, with another value or none")
        for wire, texts in query.items():
            name = names.get(("query", wire))
            if name is None or not self._methods.takes(method, name):
                raise Untypable("a query key that the operation does not know")
            arguments[name] = values_of(texts, declared[wire], document)
        return arguments | self._headers(exchange, template, names), method

    def _headers(self, exchange: Exchange, template: Template, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
        declared = {wire.lower(): (wire, one) for wire, one in template.parameters("header").items()}
        arguments: dict[str, Any] = {}
        for header, value in exchange.headers:
            if header in declared:
                wire, parameter = declared[header]
                arguments[names["header", wire]] = value_of(value, parameter.get("schema", {}), self._routes.document)
            elif header == "authorization":
                if not token_of(exchange):
                    raise Untypable("credentials that are no bearer token")
                if not self._authenticated(template):
                    raise Untypable("a token where the operation sends none")
            elif header == "accept":
                if value not in ("*/*", "application/json"):
                    raise Untypable("an Accept of its own")
            elif header not in _CONNECTION and header != "content-type":
                raise Untypable("a header that no argument sends")
        if len(dict(exchange.headers)) < len(exchange.headers):
            raise Untypable("a header that is given more than once")
        return arguments

    def _body(self, exchange: Exchange, template: Template) -> dict[str, Any]:
        """The argument `body`, or nothing."""
        content = template.described.get("requestBody", {}).get("content", {})
        offered = {bare_media(media) for media in content}
        if not exchange.body and not (exchange.media == FORM and FORM in offered):
            if exchange.media and exchange.method not in ("GET", "DELETE"):
                raise Untypable("a media type without a body")
            return {}
        taken = " (the server took it)" if exchange.answer.status in range(200, 300) else ""
        if not content:
            raise Untypable(f"a body where the operation takes none{taken}")
        if not exchange.media:
            raise Untypable("a body without a media type")
        if exchange.media not in offered and "*/*" not in offered:
            raise Untypable(f"a media type that the operation does not offer{taken}")
        return {"body": body_of(exchange.body or b"", exchange.media, content, self._routes.document)}

    def _authenticated(self, template: Template) -> bool:
        security = template.described.get("security", self._routes.document.get("security"))
        return security is None or (security != [] and {} not in security)


def _variant(found: Found, query: dict[str, list[str]]) -> tuple[Found, dict[str, list[str]]]:
    """The method that a query value chooses, and what is left of the query; the operation's own where none does."""
    for template, fixed in found.template.variants:
        always = {
            wire: [str(value).lower() if isinstance(value, bool) else str(value)] for wire, value in fixed.items()
        }
        required = {wire for wire, one in template.parameters("query").items() if one.get("required")}
        own = required - found.template.parameters("query").keys()
        narrowed = {w for w in required if not found.template.parameters("query").get(w, {}).get("required")} - own
        known = query.keys() - always.keys() <= template.parameters("query").keys()
        chosen = all(query.get(wire) == value for wire, value in always.items()) and own | narrowed <= query.keys()
        if chosen and known:
            return Found(template, found.values), {wire: value for wire, value in query.items() if wire not in always}
    return found, query


def _query(exchange: Exchange) -> dict[str, list[str]]:
    """The values of each key.

    Raises:
        Untypable: a query that the server reads in another way than it is meant.
    """
    if ";" in exchange.query:
        # Go before 1.17 takes it for "&" (recording odd-017).
        raise Untypable("a query with a bare semicolon")
    query: dict[str, list[str]] = {}
    for name, value in query_pairs(exchange.query):
        query.setdefault(_text(name), []).append(_text(value))
    return query


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Untypable("an address that is not UTF-8") from None


def _misleading(found: Found) -> str | None:
    """Why a typed client refuses a path: the server would take it for another one (evidence/server.md §8)."""
    for name, parameter in found.template.parameters("path").items():
        value = found.values[name]
        parts: Iterable[bytes] = value.split(b"/") if parameter.get("x-kubesphere-tail") else [value]
        for part in parts:
            if b"/" in part:
                return "a path parameter with a slash, which leads to another address"
            if part in (b".", b".."):
                return "a path parameter that is a step, which leads to another address"
            if not part:
                return "a path parameter that is empty"
            if re.search(rb"[\\\x00-\x1f\x7f]|\xc2[\x80-\x9f]", part):
                return "a path parameter with a backslash or a control character"
    return None
