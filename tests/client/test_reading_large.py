"""However a document is read, at once or item by item, with msgspec or without, values and errors are the same."""

import gc
import json
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubesphere_client import _json, _large_lists, _msgspec, _operation
from kubesphere_client._garbage import paused
from kubesphere_client._items import Items, Late
from kubesphere_client._objects import Model, decode_items, encode
from kubesphere_client._operation import Operation
from kubesphere_client.errors import DecodeError
from kubesphere_client.models.kubernetes import Pod
from kubesphere_client.models.objects import KubernetesObject
from kubesphere_client.models.shared import ListResult
from tests.contract.recording import read_recordings

RECORDINGS = Path(__file__).parents[1] / "contract" / "recordings"
WITH_MSGSPEC = _msgspec.Reader(_json._read_number)
READERS = pytest.mark.parametrize("reader", [None, WITH_MSGSPEC], ids=["without msgspec", "with msgspec"])


@contextmanager
def reading(reader: Any, *, large: int = 1) -> Iterator[None]:
    """Read documents of so many bytes as large ones are read, in small pieces."""
    with ExitStack() as stack:
        for module, name, value in (
            (_json, "LARGE", large),
            (_json, "_HUGE", large),
            (_json, "_reader", lambda: reader),
            (_operation, "LARGE", large),
            (_large_lists, "PIECE", 100),
            (_msgspec, "PIECE", 100),
        ):
            stack.enter_context(patch.object(module, name, value))
        yield


def answer(body: bytes) -> httpx.Response:
    request = httpx.Request("GET", "http://server/list")
    return httpx.Response(200, content=body, headers={"Content-Type": "application/json"}, request=request)


def operation(decode: Callable[[Any], Any]) -> Operation[Any]:
    return Operation("a.v1.list_things", "GET", "/list", {200: decode})


def decoded(data: Any) -> Any:
    return decode_items(KubernetesObject.decode, data) if isinstance(data, list) else ListResult.decode(data)


def outcome(decode: Callable[[Any], Any], body: bytes) -> Any:
    """All that can be told of what a call gives: its type, its JSON to the last digit, or its error."""
    try:
        value = operation(decode).judge(answer(body))
        written = repr(encode(value))
        return type(value), written, repr(value), repr(value.items if isinstance(value, Model) else value)
    except DecodeError as error:
        return DecodeError, error.message.removeprefix("an item of "), error.body
    except ValueError as error:
        return type(error), str(error)


def outcomes(decode: Callable[[Any], Any], body: bytes) -> list[Any]:
    with reading(None, large=sys.maxsize):
        found = [outcome(decode, body)]
    for reader in (None, WITH_MSGSPEC):
        with reading(reader):
            found.append(outcome(decode, body))
    return found


def test_every_recorded_answer_is_read_alike() -> None:
    bodies = {one.answer.body for one in read_recordings(RECORDINGS) if one.answer is not None and one.answer.body}
    assert len(bodies) > 300
    for body in bodies:
        for decode in (decoded, lambda data: data):
            plain, late, late_with_msgspec = outcomes(decode, body)
            assert late == plain
            assert late_with_msgspec == plain


NUMBERS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?\Z")
STRINGS = st.text(st.characters(), max_size=5).map(lambda text: json.dumps(text, ensure_ascii=False)) | st.text(
    st.characters(), max_size=5
).map(json.dumps)
ODD = st.sampled_from(["NaN", "-Infinity", "01", "1.", '"\\ud800"', '"\\x"', '"\t"', "nul", "'a'", "{]", "1 2", '"é"'])
SPACE = st.sampled_from(["", "", "", " ", "\n\t", "\r"])


def containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.builds(lambda items, space: f"[{space}{f',{space}'.join(items)}{space}]", st.lists(inner), SPACE)
    keys = st.sampled_from(['"items"', '"metadata"', '"kind"', '"a"', '"totalItems"', '"\\u0069tems"', '"\\"items"'])
    pairs = st.lists(st.tuples(keys, inner, SPACE), max_size=5)
    objects = pairs.map(
        lambda several: "{" + ",".join(f"{space}{key}{space}:{one}" for key, one, space in several) + "}"
    )
    return lists | objects


VALUES = st.recursive(NUMBERS | STRINGS | st.sampled_from(["true", "false", "null"]), containers, max_leaves=20)
LISTS = st.builds(
    lambda head, items, tail: '{%s"items":[%s]%s}' % (head, ",".join(items), tail),  # noqa: UP031  # full of braces
    st.sampled_from(["", '"kind":"List","metadata":{},', '"a":{"items":[1]},', '"items":null,', '"items":[2],']),
    st.lists(VALUES | ODD.filter(lambda one: one == '"é"'), max_size=6),
    st.sampled_from(["", "\n", ',"totalItems":1', ',"items":3', ',"b":[1]', ",", '} {"c":[]']),
)


@given(VALUES | LISTS | containers(VALUES | ODD))
@example("")
@example(" ")
@example("[1,]")
@example("[1 2]")
@example("[[1]")
@example("[]]")
@example("[ ]\n")
@example("[1]x")
@example('{"items":[{"a":1},{"a":2}]]}')
@example('{"items":[{"a":1e99999999999999999999}]}')
@example("[" + "9" * 4301 + "]")
@example("[" * 100_000 + "]" * 100_000)  # newer interpreters read 3,000 levels
@example('[{"a":"' + "\ud800" + '"}]')
@example('{"items":["kubesphere_client: here stand the items"]}')
@example('{"kind":"kubesphere_client: here stand the items","items":[1]}')
@example('{"x":"\\"items\\":[1]","items":[]}')
@example("\ufeff[]")
def test_every_text_is_read_alike(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    for decode in (decoded, lambda data: data):
        plain, late, late_with_msgspec = outcomes(decode, body)
        assert late == plain
        assert late_with_msgspec == plain


@given(st.binary(max_size=8), st.booleans())
@example(b"\xff", True)
@example(b"\xed\xa0\x80", True)
@example(b"\xc0\x80", False)
def test_every_encoding_is_read_alike(text: bytes, inside: bool) -> None:
    body = b'{"items":[{"a":"%s"},{"\xc3\xa9":1}]}' % text if inside else text
    plain, late, late_with_msgspec = outcomes(decoded, body)
    assert late == late_with_msgspec == plain


BODY = json.dumps({"items": [{"metadata": {"name": f"é{number}"}} for number in range(50)], "totalItems": 50}).encode()


@READERS
def test_items_are_read_when_they_are_reached(reader: Any) -> None:
    with reading(reader):
        page = operation(ListResult.decode).judge(answer(BODY))
    items: Any = page.items
    assert isinstance(items, Items)
    assert {type(one) for one in list.__iter__(items)} == {Late}
    assert items[7].metadata.name == "é7"
    read = [place for place, one in enumerate(list.__iter__(items)) if type(one) is KubernetesObject]
    assert 7 in read
    assert len(read) < 10
    assert json.loads(page.to_json()) == json.loads(BODY)
    assert pickle.loads(pickle.dumps(page)) == page
    assert [one.metadata.name for one in items[::-1]] == [f"é{number}" for number in reversed(range(50))]


@READERS
def test_the_document_is_let_go_with_its_last_item(reader: Any) -> None:
    with reading(reader):
        body = bytes(bytearray(BODY))
        held = sys.getrefcount(body)
        items: Any = operation(ListResult.decode).judge(answer(body)).items
        gc.collect()
        assert sys.getrefcount(body) > held
        assert len(list(items)) == 50
        gc.collect()
        assert sys.getrefcount(body) == held


@READERS
def test_threads_reach_one_and_the_same_object_of_a_text(reader: Any) -> None:
    with reading(reader):
        items: Any = operation(ListResult.decode).judge(answer(BODY)).items
    start = Barrier(4)

    def walk(_: int) -> list[Any]:
        start.wait()
        return list(items)

    with ThreadPoolExecutor(4) as pool:
        walks = list(pool.map(walk, range(4)))
    assert {type(one) for one in walks[0]} == {KubernetesObject}
    assert {tuple(map(id, seen)) for seen in walks} == {tuple(map(id, walks[0]))}


@READERS
def test_an_item_that_cannot_be_made_is_told_of_when_it_is_reached_and_takes_no_other_with_it(reader: Any) -> None:
    def make(data: Any) -> KubernetesObject:
        if data["metadata"]["name"] == "é2":
            raise LookupError("é2")
        return KubernetesObject.from_dict(data)

    with reading(reader):
        items: Any = operation(ListResult.decode).judge(answer(BODY)).items
    items.decoded_by(make)
    first = items[0]
    for _ in range(2):
        with pytest.raises(LookupError, match="é2"):
            items[2]
    assert items[0] is first
    assert [items[place].metadata.name for place in (1, 3, -1)] == ["é1", "é3", "é49"]
    assert encode(items) == json.loads(BODY)["items"]


@READERS
def test_an_interruption_amid_a_piece_makes_no_item_twice(reader: Any) -> None:
    interrupted = []

    def make(data: Any) -> KubernetesObject:
        if data["metadata"]["name"] == "é1" and not interrupted:
            interrupted.append(data)
            raise KeyboardInterrupt
        return KubernetesObject.from_dict(data)

    with reading(reader):
        items: Any = operation(ListResult.decode).judge(answer(BODY)).items
    items.decoded_by(make)
    with pytest.raises(KeyboardInterrupt):
        items[1]
    first = items[0]
    assert items[1].metadata.name == "é1"
    assert items[0] is first


@READERS
def test_plain_json_stays_plain(reader: Any) -> None:
    with reading(reader):
        data = operation(lambda data: data).judge(answer(BODY))
    assert type(data["items"]) is list
    assert json.loads(json.dumps(data)) == json.loads(BODY)


def test_a_number_beyond_reason_is_told_when_its_item_is_reached() -> None:
    body = b'{"items":[{"spec":{"a":1}},{"spec":{"a":1e99999999999999999999}}]}'
    with reading(WITH_MSGSPEC):
        items: Any = operation(ListResult.decode).judge(answer(body)).items
    assert items[0]["spec"] == {"a": 1}
    for _ in range(2):
        with pytest.raises(DecodeError, match=r"an item of the answer is not JSON .*list_things"):
            items[1]
    assert repr(items).endswith(", <DecodeError>]")


@READERS
def test_what_a_list_of_kubernetes_leaves_out_is_put_in(reader: Any) -> None:
    from kubesphere_client._kubernetes_resources import Resource

    resource = Resource("v1", "Pod", "pods", namespaced=True, model=Pod)
    with reading(reader):
        page = resource.list(None).judge(answer(BODY))
    assert encode(page["items"])[3] == {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "é3"}}
    assert page["items"][3] == Pod.from_dict({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "é3"}})


def test_msgspec_is_left_aside_where_the_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _json._reader.cache_clear()
    try:
        assert type(_json._reader()) is _msgspec.Reader
        _json._reader.cache_clear()
        monkeypatch.setenv("KUBESPHERE_NO_SPEED", "1")
        assert _json._reader() is None
        _json._reader.cache_clear()
        monkeypatch.delenv("KUBESPHERE_NO_SPEED")
        monkeypatch.setitem(sys.modules, "kubesphere_client._msgspec", None)
        assert _json._reader() is None
    finally:
        _json._reader.cache_clear()


def test_the_collector_pauses_and_goes_on_as_it_was() -> None:
    assert gc.isenabled()
    with paused(), paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), paused():
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_collector_still_makes_full_runs_where_many_documents_are_read() -> None:
    def full_runs() -> int:
        return gc.get_stats()[-1]["collections"]

    gc.collect()
    before = full_runs()
    kept = []
    for _ in range(3000):
        with paused():
            kept.append([[] for _ in range(200)])
    assert full_runs() > before


def test_threads_whose_pauses_overlap_do_not_keep_the_collector_off() -> None:
    first, second = paused(), paused()
    first.__enter__()
    second.__enter__()
    first.__exit__()
    assert gc.isenabled()
    second.__exit__()
    assert gc.isenabled()


def test_a_collector_without_freezing_pauses_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(gc, "freeze")
    with paused():
        pass
    assert gc.isenabled()


def test_what_was_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        gc.collect()
        frozen = gc.get_freeze_count()
        with paused():
            pass
        assert gc.get_freeze_count() >= frozen - 10 > 0
    finally:
        gc.unfreeze()
