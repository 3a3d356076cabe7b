"""The kept document of a released version gives the findings of the document itself."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from generator import surface
from generator.drift import api

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The committed document."""
    content: dict[str, Any] = json.loads((ROOT / "generated/release-3.0/openapi.json").read_bytes())
    return content


def changed(document: dict[str, Any], seed: int) -> dict[str, Any]:
    """The document after some sixty changes of operations, parameters, answers and properties."""
    chosen, new = random.Random(seed), copy.deepcopy(document)
    for path, method in chosen.sample([(path, method) for path, item in new["paths"].items() for method in item], 40):
        operation = new["paths"][path][method]
        parameters = operation.get("parameters", [])
        change = chosen.randrange(5)
        if change == 0:
            del new["paths"][path][method]
        elif change == 1:
            operation["responses"].pop(next(iter(operation["responses"])))
        elif parameters and change == 2:
            parameters[-1]["name"] = "renamed"
        elif parameters and change == 3:
            parameters[-1]["schema"] = {"type": "integer", "description": "A number."}
        elif parameters:
            parameters.pop()
    schemas = [one for _, one in sorted(new["components"]["schemas"].items()) if one.get("properties")]
    for schema in chosen.sample(schemas, 40):
        name = chosen.choice(sorted(schema["properties"]))
        change = chosen.randrange(4)
        if change == 0:
            del schema["properties"][name]
        elif change == 1:
            schema["properties"]["renamed"] = schema["properties"].pop(name)
        elif change == 2:
            schema["properties"]["added"] = {"type": "string", "description": "New."}
        else:
            schema["required"] = sorted({*schema.get("required", []), name})
    return new


@pytest.mark.parametrize("seed", range(4))
def test_the_kept_document_gives_the_findings_of_the_whole_one(seed: int, document: dict[str, Any]) -> None:
    new = changed(document, seed)
    expected = api.compare(document, new)

    assert len(expected) > 40
    assert api.compare(surface.stripped(document), surface.stripped(new)) == expected
