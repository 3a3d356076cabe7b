"""What openapi-spec-validator objects to in a document, made to look everywhere, once, and in a few seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import jsonschema
from jsonschema.exceptions import SchemaError, best_match
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.schemas import schema_v31
from openapi_spec_validator.validation.keywords import OpenAPIV31SchemaValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from generator.conformance.places import WAY_OUT, place_in, schemas
from generator.errors import GeneratorError
from generator.swagger.place import shown


def check_form(document: Mapping[str, Any]) -> None:
    """Makes sure that everything in a document has the form OpenAPI 3.1 gives it, every schema included.

    Raises:
        GeneratorError: something has not; the message names the place.
    """
    _raise_first(_validator()(document).schema_validator.iter_errors(document))
    _check_schemas(document)


def check_meaning(document: Mapping[str, Any]) -> None:
    """Makes sure of what else openapi-spec-validator knows: defaults fit their schemas, what is required is defined.

    It crashes on a document whose form is wrong, or whose references lead nowhere: these are checked before.

    Raises:
        GeneratorError: the validator objects.
    """
    specification = _validator()(document)
    _raise_first(specification.root_validator(specification.schema_path))


def _raise_first(errors: Iterable[Any]) -> None:
    try:
        first = next(iter(errors), None)
    except RecursionError:
        raise GeneratorError(f"A schema is nested too deeply, or refers to itself only.\n{WAY_OUT}") from None
    if first is not None:
        raise _objection(first, first.absolute_path)


def _check_schemas(document: Mapping[str, Any]) -> None:
    """Makes sure that every schema is one by the dialect of OpenAPI 3.1; those that are equal are looked at once."""
    distinct: dict[str, tuple[tuple[object, ...], Any]] = {}
    found: list[tuple[tuple[object, ...], Any]] = []
    try:
        for steps, schema in schemas(document):
            distinct.setdefault(json.dumps(schema, sort_keys=True), (steps, schema))
        found += distinct.values()
        OAS31Validator.check_schema({"$defs": {str(number): schema for number, (_, schema) in enumerate(found)}})
    except SchemaError as error:
        _, number, *rest = error.absolute_path
        raise _objection(error, (*found[int(number)][0], *rest)) from None
    except RecursionError:
        raise GeneratorError(f"A schema is nested too deeply.\n{WAY_OUT}") from None
    except OverflowError:  # of Python's regular expressions
        raise GeneratorError(f"Not OpenAPI 3.1: a pattern repeats something too often.\n{WAY_OUT}") from None


def _objection(error: Any, steps: Iterable[object]) -> GeneratorError:
    """The error that shows what the validator says, without the value when that is long."""
    steps = list(steps)
    if error.context:
        deepest = best_match([error])
        steps += list(deepest.absolute_path)[len(error.absolute_path) :]
        error = deepest
    value = repr(error.instance)
    reason = error.message.replace(value, "this") if len(value) > 60 else error.message
    return GeneratorError(f"Not OpenAPI 3.1: {shown(reason)}, at {shown(place_in(steps))}.\n{WAY_OUT}")


@cache
def _validator() -> type[OpenAPIV31SpecValidator]:
    """openapi-spec-validator with its own schema behind a reference into a registry that knows its anchors.

    As it comes it looks for the anchors of OpenAPI's schema anew at each `$dynamicRef`: more than half of its time.
    """
    address = schema_v31["$id"]
    registry: Registry[Any] = Registry()
    registry = registry.with_resource(address, DRAFT202012.create_resource(dict(schema_v31))).crawl()

    keywords = {**OpenAPIV31SpecValidator.keyword_validators, "schema": _CheckedSchemaValidator}

    class Validator(OpenAPIV31SpecValidator):
        keyword_validators = keywords
        schema_validator = jsonschema.Draft202012Validator({"$ref": address}, registry=registry)

    return Validator


class _CheckedSchemaValidator(OpenAPIV31SchemaValidator):
    """Leaves out what `_check_schemas` has done for all schemas at once; it would take as long again."""

    def _get_schema_checker(self, schema: Any, schema_value: Any) -> Callable[[Any], None]:
        super()._get_schema_checker(schema, schema_value)  # objects to a dialect that it does not know
        return lambda value: None
