"""Whether a document surely has the form of OpenAPI 3.1: the schemas of openapi-spec-validator, compiled.

jsonschema-rs takes 0.02 s for what jsonschema takes 4 s for. It says yes or no only: in which words a document is
refused, and whether it is where the two differ, is for `objections`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry

from generator.conformance.places import schemas

# The compiled validator walks a document on the stack of the machine, and ends the process where that is used up: of
# 512 kB at some 400 levels. Corrected documents have 14.
_DEEPEST = 100


def is_sound(document: Mapping[str, Any]) -> bool:
    """Whether everything has the form OpenAPI 3.1 gives it; False where it may not have."""
    if not _is_shallow(document):
        return False
    try:
        of_document, of_schema = _validators()
        return of_document.is_valid(document) and all(of_schema.is_valid(schema) for _, schema in schemas(document))
    except (OSError, ValueError):  # a schema is shipped elsewhere; or the document holds a key that is no text
        return False


def _is_shallow(document: Mapping[str, Any]) -> bool:
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [
            part
            for node in level
            for part in (node.values() if isinstance(node, dict) else node)
            if isinstance(part, (dict, list))
        ]
        if not level:
            return True
    return False


@cache
def _validators() -> tuple[Draft202012Validator, Draft202012Validator]:
    """What tells whether a document, and whether a schema in it, has its form."""
    of_document = _shipped("openapi_spec_validator", "resources/schemas/v3.1/schema.json")
    dialect = _shipped("openapi_schema_validator", "schemas/oas3.1/metaschema.json")
    vocabulary = _shipped("openapi_schema_validator", "schemas/oas3.1/vocabularies/base")
    return (
        Draft202012Validator(of_document, offline=True),
        Draft202012Validator(
            dialect,
            registry=Registry([(one["$id"], one) for one in (dialect, vocabulary)]),
            # The one format that openapi-schema-validator asserts of what is in a schema; of others it knows nothing.
            validate_formats=True,
            formats={"regex": _is_pattern, "uri": _is_anything, "uri-reference": _is_anything},
            offline=True,
        ),
    )


def _shipped(package: str, path: str) -> Any:
    """A schema that a package brings; the package itself is not imported, which would take longer than all the rest."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return json.loads((Path(found.origin).parent / path).read_bytes())


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _is_anything(_: str) -> bool:
    return True
