"""Times and quantities keep the text they came from and compute as what they are."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubesphere_client._json import dumps, encode
from kubesphere_client._scalars import Quantity, Timestamp

SHANGHAI = timezone(timedelta(hours=8))
TEXTS = {
    "2020-11-18T08:03:00Z": datetime(2020, 11, 18, 8, 3, tzinfo=UTC),
    "2020-11-18t08:03:00z": datetime(2020, 11, 18, 8, 3, tzinfo=UTC),
    "2020-11-18T08:03:00.5Z": datetime(2020, 11, 18, 8, 3, 0, 500_000, tzinfo=UTC),
    "2020-11-18T08:03:00.123456789Z": datetime(2020, 11, 18, 8, 3, 0, 123_456, tzinfo=UTC),
    "2020-11-18T16:03:00+08:00": datetime(2020, 11, 18, 8, 3, tzinfo=UTC),
    "2020-11-18T08:03:00-00:00": datetime(2020, 11, 18, 8, 3, tzinfo=UTC),
    "0001-01-01T00:00:00Z": datetime(1, 1, 1, tzinfo=UTC),
    "0001-01-01T00:00:00+08:00": datetime(1, 1, 1, tzinfo=SHANGHAI),
    "9999-12-31T23:59:59.999999Z": datetime.max.replace(tzinfo=UTC),
}
NOT_TIMES = [
    "",
    "now",
    "2020-11-18",
    "2020-11-18 08:03:00Z",
    "2020-11-18T08:03:00",
    "20201118T080300Z",
    "2020-W47-3T08:03:00Z",
    "2020-11-18T24:00:00Z",
    "2020-02-30T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "2020-11-18T08:03:00Z\n",
    "٢٠٢٠-11-18T08:03:00Z",
    "2020-11-18T08:03:00+08",
]


@pytest.mark.parametrize(("text", "time"), TEXTS.items())
def test_a_time_is_read_and_written_as_it_came(text: str, time: datetime) -> None:
    stamp = Timestamp.decode(text)
    assert type(stamp) is Timestamp
    assert stamp == time
    assert stamp.utcoffset() is not None
    assert str(stamp) == f"{stamp}" == stamp.text == encode(stamp) == text
    assert dumps(stamp) == json.dumps(text).encode()
    assert repr(stamp) == f"Timestamp({text!r})"


@pytest.mark.parametrize("value", [*NOT_TIMES, None, 7, {}, [], True])
def test_what_is_no_time_is_kept_as_it_came(value: Any) -> None:
    assert Timestamp.decode(value) is value


@pytest.mark.parametrize("text", TEXTS)
def test_copies_keep_the_text(text: str) -> None:
    stamp = Timestamp.decode(text)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(stamp, protocol))
        assert (twin, twin.text) == (stamp, text)
    assert copy.deepcopy(stamp).text == copy.copy(stamp).text == text


def test_a_computed_time_has_a_text_of_its_own() -> None:
    stamp = Timestamp.decode("2020-11-18T08:03:00.000Z")
    assert (stamp + timedelta(hours=1)).text == "2020-11-18T09:03:00Z"
    assert stamp.replace(microsecond=5).text == "2020-11-18T08:03:00.000005Z"
    assert stamp.astimezone(SHANGHAI).text == "2020-11-18T16:03:00+08:00"
    assert encode(stamp - timedelta(days=1)) == "2020-11-17T08:03:00Z"
    assert stamp - stamp == timedelta(0)
    assert pickle.loads(pickle.dumps(stamp.replace(year=2021))).text == "2021-11-18T08:03:00Z"
    assert isinstance(stamp.replace(tzinfo=None).isoformat(), str)


@given(st.datetimes(timezones=st.timezones()).filter(lambda time: 2 < time.year < 9999))
def test_a_time_made_of_a_datetime_is_written_in_rfc_3339(time: datetime) -> None:
    stamp = Timestamp.of(time)
    again = Timestamp.decode(stamp.text)
    assert isinstance(again, Timestamp)
    # In one zone: of a wall-clock time that comes twice, Python calls no time in another zone equal (PEP 495).
    assert again.astimezone(UTC) == stamp.astimezone(UTC) == time.astimezone(UTC)
    assert encode(time) == stamp.text


def test_the_second_of_two_equal_wall_clock_times_stays_the_second() -> None:
    time = datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    assert Timestamp.of(time).text == "2020-10-25T02:30:00+01:00"


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2020, 11, 18, 8, 3)
    with pytest.raises(ValueError, match="2020-11-18T08:03:00 has no time zone"):
        Timestamp.of(naive)
    with pytest.raises(ValueError, match="no time zone"):
        encode(Timestamp.decode("2020-11-18T08:03:00Z").replace(tzinfo=None))


def test_a_timestamp_is_its_own_timestamp() -> None:
    stamp = Timestamp.decode("2020-11-18T08:03:00.000Z")
    assert Timestamp.of(stamp) is stamp


@pytest.mark.parametrize(
    ("text", "amount"),
    {
        "0": "0",
        "500m": "0.5",
        "2": "2",
        "-1.5": "-1.5",
        "+.5": "0.5",
        "5.": "5",
        "100n": "1e-7",
        "3u": "3e-6",
        "1k": "1000",
        "1M": "1e6",
        "1G": "1e9",
        "1T": "1e12",
        "1P": "1e15",
        "1E": "1e18",
        "1e3": "1000",
        "1E-3": "0.001",
        "1Ki": "1024",
        "1.5Mi": "1572864",
        "1Gi": "1073741824",
        "1Ti": "1099511627776",
        "1Pi": "1125899906842624",
        "1Ei": "1152921504606846976",
        "1234567890.123456789012345678901Ei": "1423359869420436337655244273.765253989011738853376",
    }.items(),
)
def test_a_quantity_is_computed_exactly(text: str, amount: str) -> None:
    assert Quantity(text).to_decimal() == Decimal(amount)


@pytest.mark.parametrize("text", ["", "m", "1 Gi", "1gi", "1K", "0x10", "1e", "NaN", "1_000", "\uff11"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity"):
        Quantity(text).to_decimal()


def test_a_quantity_is_the_text_it_came_from() -> None:
    quantity = Quantity.decode("0.5")
    assert type(quantity) is Quantity
    assert quantity == "0.5"
    assert quantity != Quantity("500m")
    assert type(encode(quantity)) is str
    assert type(pickle.loads(pickle.dumps(quantity))) is Quantity
    assert copy.deepcopy({"cpu": quantity}) == {"cpu": "0.5"}


@pytest.mark.parametrize("value", [None, 7, 0.5, {}, True])
def test_a_quantity_that_is_no_text_is_kept_as_it_came(value: Any) -> None:
    assert Quantity.decode(value) is value
