"""Every model can be read, written, compared, copied and pickled, and shows none of its secrets."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
from typing import Any

import pytest

from kubesphere_client import models
from kubesphere_client._objects import Model
from tests.package.released import PACKAGE
from tests.package.samples import sample

DOCUMENT = json.loads((PACKAGE / "openapi.json").read_bytes())
SCHEMAS = DOCUMENT["components"]["schemas"]
MODELS = {
    f"{name}.{one}": found
    for name in models._MODULES
    for one in importlib.import_module(f"kubesphere_client.models.{name}").__all__
    if isinstance(found := getattr(importlib.import_module(f"kubesphere_client.models.{name}"), one), type)
}


# A form may hold a file, which JSON cannot.
@pytest.mark.parametrize("key", [key for key in MODELS if "File" not in str(MODELS[key].__annotations__)])
def test_an_object_keeps_what_it_is(key: str) -> None:
    model: type[Model] = MODELS[key]
    data: Any = {**sample(SCHEMAS[key], DOCUMENT), "notKnown": {"a": None}}
    one = model.from_dict(data)

    assert one.to_dict() == data
    assert json.loads(one.to_json()) == data
    assert model.from_json(one.to_json()) == one
    for other in (copy.deepcopy(one), one.copy(), one.evolve(), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert other is not one
        assert other.to_dict() == data
    assert one["notKnown"] == {"a": None}
    assert "notKnown" in one
    assert "stranger" not in one
    assert one != model()
    assert repr(one).startswith(f"{model.__name__}(")
    keywords = {name: getattr(one, name) for name in model.__wire__.values()}
    assert model(**keywords, _extra={"notKnown": {"a": None}}) == one


@pytest.mark.parametrize("key", [key for key, model in MODELS.items() if model.__secret__])
def test_a_secret_is_not_shown(key: str) -> None:
    model: type[Model] = MODELS[key]
    one = model(**dict.fromkeys(model.__secret__, "P@88w0rd"))
    assert "P@88w0rd" not in repr(one)
    assert "P@88w0rd" not in str(one)
    assert repr(one).count("***") >= len(model.__secret__)
