"""JSON is read and written without loss, and what is not JSON is refused with a ValueError."""

import json
from collections import UserDict
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubesphere_client._json import dumps, loads
from kubesphere_client._objects import Quantity, Timestamp
from tests.client.sample_models import ObjectMeta, Pod

NUMBERS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?\Z")


@given(NUMBERS)
@example("1.50")
@example("-0.0")
@example("1e400")
@example("1e-400")
@example("0.10000000000000000000001")
@example("9" * 4300)
def test_every_number_keeps_its_value(text: str) -> None:
    written = dumps(loads(f"[{text}]"))
    assert json.loads(written, parse_float=Decimal) == json.loads(f"[{text}]", parse_float=Decimal)


def test_a_number_is_a_float_where_that_is_exact() -> None:
    assert [type(number) for number in loads("[1.50, 1e3, 0.1]")] == [float, float, float]
    assert loads("[0.10000000000000000000001, 1e400]") == [Decimal("0.10000000000000000000001"), Decimal("1e400")]


@pytest.mark.parametrize("value", [{"a": [Decimal("1.0"), 'é"\n', None, {True: Decimal(2)}]}, [Decimal("0.10")]])
def test_a_decimal_is_written_digit_by_digit_amid_other_values(value: Any) -> None:
    as_standard = json.dumps(value, default=lambda number: f"<{number}>", separators=(",", ":"), ensure_ascii=False)
    assert dumps(value).decode() == as_standard.replace('"<', "").replace('>"', "")


@given(st.text() | st.text(st.characters(categories=["Cs"])))
def test_every_text_survives_lone_surrogates_too(text: str) -> None:
    read = loads(dumps([text, {text: text}]))
    assert read == json.loads(json.dumps([text, {text: text}]))


def test_the_output_is_compact_utf_8() -> None:
    assert dumps({"name": "größe", "n": [1, 2]}) == '{"name":"größe","n":[1,2]}'.encode()
    assert dumps("\ud800") == b'"\\ud800"'


def test_bytes_with_a_byte_order_mark_are_read() -> None:
    assert loads(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"a": 1} x',
        b"{'a': 1}",
        b'"\xff"',
        "NaN",
        "-Infinity",
        '{"a": Infinity}',
        "[" * 100_000,
        "9" * 4301,
        "1e" + "9" * 30,
    ],
)
def test_what_is_not_json_is_refused(text: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        loads(text)


def test_nan_and_infinity_are_not_written() -> None:
    for number in (float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")):
        with pytest.raises(ValueError, match=r"(?i)JSON"):
            dumps({"value": number})


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueError, match="contains itself"):
        dumps(loop)


def test_models_times_and_collections_are_written() -> None:
    value = {
        "pod": Pod(metadata=ObjectMeta(name="web")),
        "time": Timestamp.decode("2020-11-18T08:03:00.120000000Z"),
        "plain time": datetime(2020, 11, 18, 8, 3, tzinfo=UTC),
        "mappings": [UserDict(a=1), MappingProxyType({"b": (1, frozenset({2}))})],
        "quantity": Quantity("500m"),
    }
    assert json.loads(dumps(value)) == {
        "pod": {"kind": "Pod", "metadata": {"name": "web"}},
        "time": "2020-11-18T08:03:00.120000000Z",
        "plain time": "2020-11-18T08:03:00Z",
        "mappings": [{"a": 1}, {"b": [1, [2]]}],
        "quantity": "500m",
    }


def test_a_time_without_zone_is_refused_in_a_field() -> None:
    meta = ObjectMeta(creation_timestamp=datetime(2020, 11, 18))  # type: ignore[arg-type]  # as a user may
    with pytest.raises(ValueError, match="no time zone"):
        meta.to_dict()


def test_values_without_a_json_form_are_named() -> None:
    with pytest.raises(TypeError, match="bytes has no JSON form; give it as base64 text"):
        dumps({"data": b"x"})
    with pytest.raises(TypeError, match="object has no JSON form"):
        dumps(object())
