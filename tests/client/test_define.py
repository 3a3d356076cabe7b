"""Classes get attrs' part when it is first asked for, and are attrs classes to all who ask."""

from __future__ import annotations

import inspect
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import attrs
import pytest

from kubesphere_client._define import define, field
from kubesphere_client._objects import Model, leftovers


def small() -> Any:
    """A class of which nothing has been asked yet."""

    @define(kw_only=True, repr=False)
    class Small(Model):
        __wire__: ClassVar[dict[str, str]] = {"name": "name", "size": "size"}

        name: str = field(default=None)
        size: int | None = 1

        @classmethod
        def from_dict(cls, data: Any) -> Any:
            self = cls.__new__(cls)
            self._extra, self._nulls = leftovers(data, cls.__wire__)
            self.name = data.get("name")
            self.size = data.get("size")
            return self

    return Small


def derived(base: Any) -> Any:
    @define(kw_only=True, repr=False)
    class Derived(base):  # type: ignore[misc]  # a class that is made by a function
        __wire__: ClassVar[dict[str, str]] = {**base.__wire__, "colour": "colour"}

        name: str = field(default=None)
        size: int | None = 2
        colour: str | None = None

    return Derived


FIRST_QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "constructor": lambda kind: kind(name="a"),
    "fields": attrs.fields,
    "fields of an object": lambda kind: attrs.asdict(kind.from_dict({"name": "a"})),
    "evolve": lambda kind: attrs.evolve(kind.from_dict({"name": "a"}), size=2),
    "signature": inspect.signature,
}


@pytest.mark.parametrize("question", FIRST_QUESTIONS)
def test_whatever_is_asked_first_makes_it_an_attrs_class(question: str) -> None:
    kind = small()
    FIRST_QUESTIONS[question](kind)
    assert [one.name for one in attrs.fields(kind)] == ["_extra", "_nulls", "name", "size"]
    assert attrs.has(kind)
    assert kind(name="a") == kind.from_dict({"name": "a", "size": 1})


def test_the_constructor_is_the_one_that_attrs_writes() -> None:
    kind = small()
    assert list(inspect.signature(kind).parameters) == ["_extra", "_nulls", "name", "size"]
    assert {one.kind for one in inspect.signature(kind).parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    with pytest.raises(TypeError, match=r"Small\.__init__\(\) got an unexpected keyword argument 'nmae'"):
        kind(nmae="a")


def test_an_object_holds_its_fields_and_nothing_else() -> None:
    one = small()(name="a")
    with pytest.raises(AttributeError):
        one.nmae = "b"
    assert weakref.ref(one)() is one


def test_a_derived_class_has_defaults_of_its_own() -> None:
    base = small()
    kind = derived(base)
    assert (kind().size, base().size) == (2, 1)
    assert (base().size, kind().size) == (1, 2)
    assert [one.name for one in attrs.fields(kind)] == ["_extra", "_nulls", "name", "size", "colour"]
    assert kind(name="a") != base(name="a")


def test_a_class_of_the_users_may_be_an_attrs_class() -> None:
    @attrs.define(kw_only=True)
    class Mine(small()):  # type: ignore[misc]  # a class that is made by a function
        note: str = "mine"
        seen: list[str] = attrs.field(factory=list, init=False)

        def __attrs_post_init__(self) -> None:
            self.seen.append(self.name)

    one = Mine.from_dict({"name": "a", "more": 1})
    assert (one.name, one.note, one.seen) == ("a", "mine", ["a"])
    assert one.to_dict() == {"more": 1}
    assert Mine.decode({"name": "b"}).seen == ["b"]


def test_a_class_of_the_users_may_be_abstract() -> None:
    class Named(small(), ABC):  # type: ignore[misc]  # a class that is made by a function
        @abstractmethod
        def title(self) -> str: ...

    class Titled(Named):
        def title(self) -> str:
            return f"<{self.name}>"

    assert Titled.from_dict({"name": "a"}).title() == "<a>"
    with pytest.raises(TypeError, match="abstract"):
        Named(name="a")


def test_threads_that_ask_at_once_get_one_answer() -> None:
    kind = small()
    start = threading.Barrier(8)
    made: list[Any] = []

    def make() -> None:
        start.wait()
        made.append((kind(name="a"), attrs.fields(kind)))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 8
    assert all(one == kind(name="a") and fields is attrs.fields(kind) for one, fields in made)
