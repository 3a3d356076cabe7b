"""Classes get attrs' part when it is first asked for, and are attrs classes to all who ask."""

from __future__ import annotations

import gc
import inspect
import pickle
import pydoc
import subprocess
import sys
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import attrs
import pytest

from kubesphere_client._define import define, field
from kubesphere_client._objects import Model, constructed, leftovers
from tests.client.sample_models import Account, Pod


def small() -> Any:
    """A class of which nothing has been asked yet."""

    @define(kw_only=True, repr=False)
    class Small(Model):
        __wire__: ClassVar[dict[str, str]] = {"name": "name", "size": "size"}

        name: str = field(default=None)
        size: int | None = 1

        @classmethod
        def from_dict(cls, data: Any) -> Any:
            if cls is not Small:
                return constructed(cls, Small, data)
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


def test_no_traceback_with_locals_shows_what_a_constructor_was_given() -> None:
    with pytest.raises(TypeError) as caught:
        small()(name="geheim", pasword="geheim")
    assert [one for one in inspect.getinnerframes(caught.tb)[1:] if "geheim" in str(one.frame.f_locals)] == []


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


@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("kw_only", [True, False])
def test_a_class_of_the_users_may_be_an_attrs_class(slots: bool, frozen: bool, kw_only: bool) -> None:
    @attrs.define(slots=slots, frozen=frozen, kw_only=kw_only)
    class Mine(small()):  # type: ignore[misc]  # a class that is made by a function
        note: str = attrs.field(default="mine", converter=str.upper)
        seen: list[str] = attrs.field(factory=list, init=False)

        def __attrs_post_init__(self) -> None:
            self.seen.append(self.name)

    one = Mine.from_dict({"name": "a", "more": 1})
    assert (one.name, one.note, one.seen) == ("a", "MINE", ["a"])
    assert one.to_dict() == {"more": 1}
    assert one.evolve(note="other").note == "OTHER"
    assert (one.copy().note, one.copy()) == ("MINE", one)
    assert Mine.decode({"name": "b"}).seen == ["b"]


def test_a_class_of_the_users_may_change_how_it_is_decoded() -> None:
    class Loud:
        @classmethod
        def from_dict(cls, data: Any) -> Any:
            self = super().from_dict(data)  # type: ignore[misc]  # of the model that it is mixed with
            self.name += "!"
            return self

    class Mixed(Loud, small()):  # type: ignore[misc]  # a class that is made by a function
        def __init__(self, **values: Any) -> None:
            super().__init__(**values)
            self.note = "mine"

    one = Mixed.from_dict({"name": "a"})
    assert (type(one), one.name, one.note) == (Mixed, "a!", "mine")


def test_a_class_of_the_users_that_names_a_new_field_loses_nothing() -> None:
    @attrs.define(kw_only=True)
    class Mine(small()):  # type: ignore[misc]  # a class that is made by a function
        __wire__: ClassVar[dict[str, str]] = {"name": "name", "size": "size", "more": "more"}
        more: int | None = None

    assert Mine.from_dict({"name": "a", "more": 1}).to_dict() == {"more": 1}


def test_a_repr_that_attrs_writes_masks_secrets_too() -> None:
    @attrs.define(kw_only=True)
    class Mine(Account):
        note: str = "mine"

    one = Mine.from_dict({"user": "u", "passPhrase": "geheim", "token": None, "apiKey": "geheim"})
    assert "geheim" not in repr(one)
    assert "pass_phrase='***', token=None, user='u', note='mine'" in repr(one)


class Noted(Pod):
    """A class of the user's whose objects take any attribute."""


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_object_has_the_attributes_that_were_added_to_it(protocol: int) -> None:
    one = Noted.from_dict({"spec": None, "more": {"a": 1}})
    one.note = "mine"  # type: ignore[attr-defined]  # which mypy cannot know
    again = pickle.loads(pickle.dumps(one, protocol))
    assert (again, again.to_dict(), again.note) == (one, {"spec": None, "more": {"a": 1}}, "mine")


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


def test_there_is_no_second_class_of_the_name() -> None:
    kind = small()
    gc.collect()
    kind()
    assert [one for one in Model.__subclasses__() if one.__name__ == "Small" and one is not kind] == []


def test_help_shows_the_constructor_and_the_fields() -> None:
    text = pydoc.render_doc(Account, renderer=pydoc.plaintext)
    assert "user: 'str | None' = None" in text
    assert "**values" not in text


def test_an_interrupt_while_attrs_writes_leaves_it_to_the_next_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = small()
    with monkeypatch.context() as patch:
        patch.setattr(attrs, "define", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            kind()
    assert kind(name="a").name == "a"


def _interrupted(kind: Any, **settings: Any) -> None:
    kind.__attrs_attrs__ = ()
    raise KeyboardInterrupt


def test_decoding_needs_no_attrs() -> None:
    code = """
import sys
from tests.client.sample_models import Pod
pod = Pod.from_dict({"metadata": {"name": "a"}, "spec": {"containers": [{"name": "b"}]}})
assert pod.spec.containers[0].name == "b" and pod == Pod.from_dict(pod.to_dict()) and repr(pod) and pod.copy() == pod
print([name for name in ("attr", "attrs") if name in sys.modules])
"""
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


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
