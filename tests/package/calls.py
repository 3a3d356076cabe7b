"""Calls of every operation, made up from the corrected document alone, and what must go over the wire for each."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from email import message_from_bytes
from functools import reduce
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

from tests.package.samples import sample

AWKWARD = "a b:ü%?#&"
# Every list takes the size and the number of a page as `limit` and `page`, and the items to skip as `start`.
OF_PAGES = {"pagesize": "limit", "pagenumber": "page", "size": "limit", "from": "start"}
PAGING = {"limit": 3, "page": 2}


def operations(document: Mapping[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """The operations of a document by operationId, as (method, path, operation)."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


class Call:
    """One call of an operation as the document describes it, made up without a look into the generator."""

    def __init__(self, name: str, document: Mapping[str, Any]) -> None:
        self.name = name
        self._document = document
        self.method, self.path, self.operation = operations(document)[name]
        parameters = self.operation.get("parameters", [])
        self.parameters = {kind: [p for p in parameters if p["in"] == kind] for kind in ("query", "header")}
        self.path_values = [AWKWARD for _ in re.findall(r"\{[^}]*\}", self.path)]
        watched = ("allowWatchBookmarks", "timeoutSeconds") if "x-kubesphere-watch" in self.operation else ()
        self.query = {
            p["name"]: sample(p.get("schema", {}), document)
            for p in self.parameters["query"]
            if p["name"] not in watched
        }
        # A parameter that must be given and has one value is sent without asking.
        self.unasked = {
            p["name"] for p in self.parameters["query"] if p.get("required") and len(p["schema"].get("enum", ())) == 1
        }
        if "paging" in self.query:
            self.query["paging"] = ",".join(f"{name}={value}" for name, value in PAGING.items())
        self.headers = {p["name"]: sample(p.get("schema", {}), document) for p in self.parameters["header"]}
        content = self.operation.get("requestBody", {}).get("content", {})
        self.media = tuple(content)
        self.body = sample(next(iter(content.values())).get("schema", {}), document) if content else None

    def on(self, client: Any) -> Any:
        """Call the operation's method of a client; an async client gives an awaitable."""
        if self.operation.get("x-kubesphere-passthrough"):
            return self._passed_on(client)
        method = reduce(getattr, self.name.split("."), client)
        arguments, keywords = self.arguments(method)
        return method(*arguments, **keywords)

    def _passed_on(self, client: Any) -> Any:
        """Call the method that passes requests on; operations of one address share it, and it is told which."""
        method = reduce(getattr, self.name.removesuffix(f"_{self.method}").split("."), client)
        which = [self.method.upper()] if "method" in inspect.signature(method).parameters else []
        body = {"body": self.body} if self.media else {}
        return method(*which, *self.path_values, **body)

    def arguments(self, method: Any) -> tuple[list[Any], dict[str, Any]]:
        """The arguments for a method of the client; names are matched without case and punctuation."""
        names = {_letters(name): name for name in inspect.signature(method).parameters}
        given = {
            _letters(wire.removeprefix("X-")): value
            for wire, value in {**self.query, **self.headers}.items()
            if wire not in self.unasked
        }
        if given.pop("paging", None) is not None:
            given |= PAGING
        keywords = {names.get(wire) or names[OF_PAGES[wire]]: value for wire, value in given.items()}
        return [*self.path_values, *([self.body] if self.media else [])], keywords

    def answer(self) -> httpx.Response:
        status, response = min(self.operation["responses"].items())
        content = response.get("content", {})
        if not content:
            # A redirect says where to; that is what the caller gets.
            given = response.get("headers", {})
            return httpx.Response(int(status), headers=dict.fromkeys(given, "/there"))
        media, described = next(iter(content.items()))
        if "json" in media:
            return httpx.Response(int(status), json=sample(described.get("schema", {}), self._document))
        return httpx.Response(int(status), content=b"line\n", headers={"Content-Type": media})

    def check(self, request: httpx.Request) -> None:
        assert request.method == self.method.upper()
        values = iter(self.path_values)
        expected = re.sub(r"\{[^}]*\}", lambda _: quote(next(values), safe=""), self.path)
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        assert path == expected
        assert sorted(parse_qsl(query, keep_blank_values=True)) == sorted(self._query_pairs())
        for name, value in self.headers.items():
            assert request.headers[name] == str(value)
        self._check_body(request)

    def _query_pairs(self) -> list[tuple[str, str]]:
        pairs = []
        for parameter in self.parameters["query"]:
            if parameter["name"] not in self.query:
                continue
            value = self.query[parameter["name"]]
            if isinstance(value, list) and parameter.get("explode", True):
                pairs += [(parameter["name"], _text(one)) for one in value]
            else:
                pairs.append((parameter["name"], _text(value)))
        return pairs

    def _check_body(self, request: httpx.Request) -> None:
        if not self.media:
            assert request.content == b""
            return
        sent = request.headers["Content-Type"].partition(";")[0]
        assert sent in self.media or "*/*" in self.media
        if "json" in sent:
            assert json.loads(request.content) == self.body
        elif sent == "application/x-www-form-urlencoded":
            assert dict(parse_qsl(request.content.decode())) == {k: _text(v) for k, v in self.body.items()}
        elif sent == "multipart/form-data":
            assert _parts(request) == {
                name: value if isinstance(value, bytes) else _text(value).encode() for name, value in self.body.items()
            }
        else:
            raise AssertionError(f"no rule for {sent}")


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(request: httpx.Request) -> dict[Any, Any]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form = message_from_bytes(head + request.content)
    return {
        one.get_param("name", header="Content-Disposition"): one.get_payload(decode=True) for one in form.get_payload()
    }


def plain(result: Any) -> Any:
    """What came back as JSON holds it."""
    if hasattr(result, "to_dict"):
        return result.to_dict()
    if isinstance(result, httpx.Response):  # what a proxy passes on
        return result.content
    if isinstance(result, list):
        return [plain(one) for one in result]
    if isinstance(result, Mapping):
        return {key: plain(value) for key, value in result.items()}
    return result


def expected(response: httpx.Response) -> Any:
    """What a client must make of an answer of `Call.answer`."""
    if not response.content:
        return response.headers.get("Location")
    media = response.headers["Content-Type"]
    return response.json() if "json" in media else "line\n" if media.startswith("text/") else b"line\n"
