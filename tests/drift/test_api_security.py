"""What callers are asked for, by the document and by an operation."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare
from tests.drift.api_documents import OK, document, in_short, only

BASIC = {"type": "http", "scheme": "basic"}
TOKEN = {"type": "http", "scheme": "bearer"}


def asks(*ways: Any, schemes: Any = None, own: Any = None) -> dict[str, Any]:
    """Two operations, one of which may ask for something of its own."""
    other = {"responses": OK} if own is None else {"responses": OK, "security": own}
    made = document({"/a": {"get": {"responses": OK}}, "/b": {"get": other}}, security=list(ways))
    made["components"]["securitySchemes"] = {"basic": BASIC, "token": TOKEN} if schemes is None else schemes
    return made


def test_a_way_to_log_in_that_is_gone_touches_who_has_none_of_its_own() -> None:
    finding = only(asks({"basic": []}, {"token": []}, own=[]), asks({"token": []}, own=[]))
    assert (finding.check, finding.before) == ("api-global-security-removed", "basic")
    assert finding.operations == ("GET /a",)


def test_an_operation_that_asks_for_what_the_document_asks_for_is_no_change() -> None:
    assert compare(asks({"basic": []}), asks({"basic": []}, own=[{"basic": []}])) == ()


def test_an_operation_that_no_longer_asks() -> None:
    assert in_short(asks({"basic": []}), asks({"basic": []}, own=[])) == [
        ("api-security-became-optional", "GET /b security")
    ]


def test_the_order_of_ways_means_nothing() -> None:
    assert compare(asks({"basic": []}, {"token": []}), asks({"token": []}, {"basic": []})) == ()


def test_another_name_of_a_scheme_is_no_change() -> None:
    old = asks({"basic": []}, schemes={"basic": {**BASIC, "description": "Name and password."}})
    assert compare(old, asks({"password": []}, schemes={"password": BASIC})) == ()


def test_a_scheme_that_works_otherwise_touches_who_asks_for_it() -> None:
    old = asks(
        {"basic": []},
        own=[{"key": []}],
        schemes={"basic": BASIC, "key": {"type": "apiKey", "in": "header", "name": "X"}},
    )
    new = asks(
        {"basic": []},
        own=[{"key": []}],
        schemes={"basic": BASIC, "key": {"type": "apiKey", "in": "query", "name": "x"}},
    )
    finding = only(old, new)
    assert (finding.check, finding.place) == ("api-security-component-type-changed", "security key")
    assert finding.operations == ("GET /b",)


def test_a_scheme_that_nobody_asks_for_may_change() -> None:
    old, new = (asks({"basic": []}, schemes={"basic": BASIC, "spare": spare}) for spare in (BASIC, TOKEN))
    assert compare(old, new) == ()
