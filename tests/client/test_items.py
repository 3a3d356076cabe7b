"""The items of a list are decoded when they are reached, once, and the list is a list in all else."""

import copy
import json
import pickle
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubesphere_client._json import dumps, encode
from kubesphere_client._objects import Items, Quantity, decode_items, decode_map
from tests.client.sample_models import Container

RAW = [{"name": "a"}, {"name": "b"}, None, "text", {"name": "c", "new": 1}]
DECODED = [Container.decode(one) for one in RAW]
OTHER = Container(name="other")


def items() -> Items[Any]:
    lazy = decode_items(Container.decode, list(RAW))
    assert isinstance(lazy, Items)
    return lazy


def raw(of: Items[Any]) -> list[bool]:
    """Which items are stored as JSON."""
    return [type(one) is dict for one in list.__iter__(of)]


def test_nothing_is_decoded_before_it_is_reached() -> None:
    lazy = items()
    assert len(lazy) == 5
    assert raw(lazy) == [True, True, False, False, True]
    assert lazy[1] == Container(name="b")
    assert raw(lazy) == [True, False, False, False, True]


def test_an_item_is_decoded_once() -> None:
    lazy = items()
    assert lazy[0] is lazy[0] is lazy[-5] is next(iter(lazy)) is lazy[0:2][0]
    assert [id(one) for one in lazy] == [id(one) for one in lazy]


READS: dict[str, Callable[[list[Any]], Any]] = {
    "index": lambda it: it[-1],
    "iteration": lambda it: [one for one in it],  # noqa: C416  # the loop is what is tested
    "list": list,
    "tuple": tuple,
    "unpacking": lambda it: (lambda first, *rest: (first, rest))(*it),
    "slice": lambda it: it[1:4],
    "slice backwards": lambda it: it[::-2],
    "reversed": lambda it: list(reversed(it)),
    "equal": lambda it: (it == DECODED, it != DECODED, it == RAW),
    "equal from the left": lambda it: DECODED == it,  # noqa: SIM300  # the side is what is tested
    "equal to another": lambda it: (it == items(), items() == it, it != items()),
    "less than another": lambda it: (it < items(), it >= items()),
    "plus another": lambda it: it + items(),
    "in": lambda it: (DECODED[0] in it, OTHER in it, RAW[0] in it),
    "plus": lambda it: it + [OTHER],  # noqa: RUF005  # the operator is what is tested
    "plus from the left": lambda it: [OTHER] + it,  # noqa: RUF005  # the operator is what is tested
    "times": lambda it: (it * 2, 2 * it),
    "copy": lambda it: it.copy(),
    "copy.copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda it: pickle.loads(pickle.dumps(it)),
    "index of": lambda it: it.index(DECODED[4]),
    "count": lambda it: it.count(DECODED[0]),
    "sorted": lambda it: sorted(it, key=repr),
    "extending another": lambda it: [*[OTHER], *it],
    "map": lambda it: list(map(type, it)),
    "slice assignment": lambda it: [other := [1, 2], other.__setitem__(slice(0, 1), it), other],
}
CHANGES: dict[str, Callable[[list[Any]], Any]] = {
    "append": lambda it: it.append(RAW[0]),
    "extend": lambda it: it.extend([RAW[0], OTHER]),
    "extend by another": lambda it: it.extend(items()),
    "insert": lambda it: it.insert(1, OTHER),
    "pop": lambda it: it.pop(),
    "pop first": lambda it: it.pop(0),
    "remove": lambda it: it.remove(DECODED[1]),
    "clear": lambda it: it.clear(),
    "sort": lambda it: it.sort(key=repr),
    "reverse": lambda it: it.reverse(),
    "set": lambda it: it.__setitem__(0, OTHER),
    "set slice": lambda it: it.__setitem__(slice(0, 2), [OTHER]),
    "delete": lambda it: it.__delitem__(0),
    "plus in place": lambda it: it.__iadd__([OTHER]),
    "times in place": lambda it: it.__imul__(2),
}


@pytest.mark.parametrize("name", [*READS, *CHANGES])
def test_it_does_what_a_decoded_list_does(name: str) -> None:
    act = {**READS, **CHANGES}[name]
    lazy, plain = items(), list(DECODED)
    assert act(lazy) == act(plain)
    assert list(lazy) == plain
    assert not any(raw(lazy)) or RAW[0] in plain or name in ("index", "slice", "slice backwards")


@given(st.lists(st.tuples(st.sampled_from([*READS, *CHANGES]), st.booleans()), max_size=6))
def test_any_sequence_of_uses_ends_as_with_a_decoded_list(uses: list[tuple[str, bool]]) -> None:
    lazy, plain = items(), list(DECODED)
    for name, _ in uses:
        results = []
        for one in (lazy, plain):
            try:
                results.append(({**READS, **CHANGES})[name](one))
            except (IndexError, ValueError, TypeError) as error:
                results.append(type(error))
        assert results[0] == results[1]
    assert lazy == plain


def test_a_list_that_grows_while_it_is_walked_is_walked_to_its_end() -> None:
    lazy = items()
    seen = []
    for one in lazy:
        seen.append(one)
        if len(seen) == 1:
            lazy.append(OTHER)
    assert seen == [*DECODED, OTHER]


def test_a_dict_that_the_user_puts_in_stays_a_dict() -> None:
    lazy = items()
    lazy.append({"mine": 1})
    assert lazy[-1] == {"mine": 1}


def test_writing_decodes_nothing() -> None:
    lazy = items()
    changed = lazy[1]
    changed.name = "changed"
    expected = [RAW[0], {"name": "changed"}, *RAW[2:]]
    assert encode(lazy) == json.loads(dumps(lazy)) == expected
    assert raw(lazy) == [True, False, False, False, True]


def test_the_json_is_let_go_when_its_item_is_decoded() -> None:
    data: dict[str, Any] = {"name": "a"}
    lazy = decode_items(Container.decode, [data])
    held = sys.getrefcount(data)
    assert lazy[0].name == "a"
    assert sys.getrefcount(data) == held - 1


def test_repr_of_a_long_list_decodes_and_shows_its_beginning() -> None:
    lazy = decode_items(Container.decode, [{"name": str(number)} for number in range(1000)])
    assert repr(lazy).startswith("[Container(name='0'), Container(name='1'), ")
    assert repr(lazy).endswith("Container(name='19'), … and 980 more]")
    assert sum(raw(lazy)) == 980
    assert repr(items()) == repr(DECODED)


def test_items_that_are_no_models_are_decoded_at_once() -> None:
    limits = decode_items(lambda value: decode_map(Quantity.decode, value), [{"cpu": "1"}])
    assert type(limits) is list
    assert limits == [{"cpu": "1"}]
    assert isinstance(limits[0]["cpu"], Quantity)


def slowly(value: Any) -> Any:
    """Decode so slowly that other threads get in between."""
    time.sleep(0.0005)
    return Container.decode(value)


def test_threads_reach_one_and_the_same_object() -> None:
    lazy = Items([{"name": str(number)} for number in range(50)], slowly)
    start = threading.Barrier(8)

    def walk() -> list[Any]:
        start.wait()
        return list(lazy)

    with ThreadPoolExecutor(8) as pool:
        walks = [future.result() for future in [pool.submit(walk) for _ in range(8)]]
    assert all(type(one) is Container for one in walks[0])
    assert {tuple(map(id, seen)) for seen in walks} == {tuple(map(id, walks[0]))}


def test_a_change_amid_readers_loses_no_item() -> None:
    lazy = Items([{"name": str(number)} for number in range(50)], slowly)
    start = threading.Barrier(4)

    def drain() -> list[Any]:
        start.wait()
        return [lazy.pop(0) for _ in range(25)]

    def walk() -> list[Any]:
        start.wait()
        return list(lazy)

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(walk) for _ in range(3)]
        taken = pool.submit(drain).result()
        assert all(type(one) is Container for reader in readers for one in reader.result())
    assert [one.name for one in [*taken, *lazy]] == [str(number) for number in range(50)]
