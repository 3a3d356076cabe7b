"""Modules are imported when something of them is first used."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kubesphere_client._lazy import LazyModule

INIT = """
from kubesphere_client._lazy import lazy_exports
__getattr__, __dir__ = lazy_exports(__name__, {"Dog": "animals", "Oak": "trees", "Bark": ("animals", "trees")},
                                    ("animals", "trees"))
"""


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A package that imports its two modules lazily."""
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo/__init__.py").write_text(INIT)
    (tmp_path / "zoo/animals.py").write_text("class Dog: pass\nclass Bark: pass\n")
    (tmp_path / "zoo/trees.py").write_text("class Oak: pass\nclass Bark: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("zoo")
    for name in [name for name in sys.modules if name.partition(".")[0] == "zoo"]:
        del sys.modules[name]


def imported(name: str) -> Any:
    """What `from zoo import name` gives; type checkers do not see the package."""
    names: dict[str, Any] = {}
    exec(f"from zoo import {name}", names)
    return names[name]


def test_a_name_imports_its_own_module_only(zoo: Any) -> None:
    assert not [name for name in sys.modules if name.startswith("zoo.")]
    dog = imported("Dog")
    assert dog is zoo.Dog is sys.modules["zoo.animals"].Dog
    assert "zoo.trees" not in sys.modules
    assert vars(zoo)["Dog"] is dog


def test_a_module_is_an_attribute_too(zoo: Any) -> None:
    assert zoo.trees is sys.modules["zoo.trees"]


def test_an_unknown_name_is_an_attribute_error(zoo: Any) -> None:
    with pytest.raises(AttributeError, match="module 'zoo' has no attribute 'Cat'"):
        zoo.Cat  # noqa: B018  # reading it is what is tested
    with pytest.raises(ImportError, match="Cat"):
        imported("Cat")


def test_a_name_in_two_modules_says_where_it_is(zoo: Any) -> None:
    with pytest.raises(ImportError, match=r"^Bark is in zoo\.animals and zoo\.trees: import it from one of them$"):
        imported("Bark")
    with pytest.raises(AttributeError, match=r"^Bark is in zoo\.animals and zoo\.trees: import it from one of them$"):
        zoo.Bark  # noqa: B018  # reading it is what is tested
    assert not hasattr(zoo, "Bark")


def test_dir_lists_what_can_be_had(zoo: Any) -> None:
    names = dir(zoo)
    assert {"Dog", "Oak", "animals", "trees", "__name__"} <= set(names)
    assert "Bark" not in names
    assert not [name for name in sys.modules if name.startswith("zoo.")]


def test_a_lazy_module_is_imported_by_its_first_attribute(zoo: Any) -> None:
    lazy = LazyModule("zoo.animals")
    assert repr(lazy) == "<lazily imported module 'zoo.animals'>"
    assert not hasattr(lazy, "__wrapped__")
    assert "zoo.animals" not in sys.modules
    assert lazy.Dog is sys.modules["zoo.animals"].Dog
    assert "Bark" in dir(lazy)
    with pytest.raises(AttributeError, match="Cat"):
        lazy.Cat  # noqa: B018  # reading it is what is tested
