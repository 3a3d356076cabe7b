"""Parameters of Swagger 2.0: a body or the fields of a form become the request body, the others stay parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from generator.swagger.definitions import Definitions
from generator.swagger.place import ANYTHING, FLAG, OBJECT, TEXT, Place, extensions, shown
from generator.swagger.schemas import SIMPLE_FIELDS, SIMPLE_TYPES, convert_schema

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

COLLECTION_FORMATS = ("csv", "ssv", "tsv", "pipes", "multi")

_BODY_FIELDS = {"name": TEXT, "in": TEXT, "description": TEXT, "required": FLAG, "schema": OBJECT}
_SIMPLE_PARAMETER_FIELDS = {
    **SIMPLE_FIELDS,
    "name": TEXT,
    "in": TEXT,
    "description": TEXT,
    "required": FLAG,
    "collectionFormat": TEXT,
    "example": ANYTHING,
    "x-nullable": FLAG,
}
_MAY_BE_EMPTY_FIELDS = {**_SIMPLE_PARAMETER_FIELDS, "allowEmptyValue": FLAG}
_FIELDS = {
    "path": _SIMPLE_PARAMETER_FIELDS,
    "header": _SIMPLE_PARAMETER_FIELDS,
    "query": _MAY_BE_EMPTY_FIELDS,
    "formData": _MAY_BE_EMPTY_FIELDS,
    "body": _BODY_FIELDS,
}
_OF_THE_SCHEMA = (*SIMPLE_FIELDS, "x-nullable")


@frozen
class Published:
    """A parameter as published, and where it stands."""

    node: dict[str, Any]
    place: Place

    @property
    def location(self) -> str:
        location: str = self.node["in"]
        return location

    @property
    def identity(self) -> tuple[str, str]:
        return self.node["name"], self.location


def published_parameters(values: Any, place: Place, shared: Mapping[str, Any]) -> tuple[Published, ...]:
    """The parameters of a list, references to shared ones resolved.

    Raises:
        GeneratorError: one is no parameter, or two have the same name and location.
    """
    place.check(values, "a list")
    found: dict[tuple[str, str], Published] = {}
    for index, value in enumerate(values):
        parameter = _published(*resolved(value, place / index, "parameters", shared))
        if parameter.identity in found:
            raise parameter.place.error(
                f"a second parameter '{shown(parameter.node['name'])}' in the {parameter.location}"
            )
        found[parameter.identity] = parameter
    return tuple(found.values())


def resolved(value: Any, place: Place, section: str, shared: Mapping[str, Any]) -> tuple[dict[str, Any], Place]:
    """A parameter or response, or the shared one it refers to, with the place where that stands."""
    node = place.mapping(value)
    if "$ref" not in node:
        return node, place
    target, prefix = node["$ref"], f"#/{section}/"
    name = target.removeprefix(prefix) if isinstance(target, str) and target.startswith(prefix) else None
    if name is None or name not in shared:
        raise (place / "$ref").error(f"'{shown(target)}' is none of the shared {section} of this file")
    there = Place(place.source, (section, name))
    node = there.mapping(shared[name])
    if "$ref" in node:
        raise there.error("a reference where the thing itself belongs")
    return node, there


def _published(node: dict[str, Any], place: Place) -> Published:
    location = (place / "in").one_of(node.get("in"), _FIELDS)
    place.object(node, _FIELDS[location], required=("name", "in"))
    if "type" in node:
        types = (*SIMPLE_TYPES, "file") if location == "formData" else SIMPLE_TYPES
        (place / "type").one_of(node["type"], types)
    return Published(node, place)


def _collection_format(node: Mapping[str, Any], place: Place) -> str | None:
    """How the values of an array are written, for an array."""
    if "collectionFormat" in node:
        choices = COLLECTION_FORMATS if node["in"] in ("query", "formData") else COLLECTION_FORMATS[:-1]
        (place / "collectionFormat").one_of(node["collectionFormat"], choices)
    return node.get("collectionFormat", "csv") if node.get("type") == "array" else None


def convert_parameters(parameters: Iterable[Published], definitions: Definitions) -> list[dict[str, Any]]:
    """The parameters of an operation that are not its body."""
    return [_parameter(one, definitions) for one in parameters if one.location not in ("body", "formData")]


def _parameter(published: Published, definitions: Definitions) -> dict[str, Any]:
    node, place = published.node, published.place
    result: dict[str, Any] = {
        key: node[key] for key in ("name", "in", "description", "required", "allowEmptyValue") if key in node
    }
    if published.location == "path":
        result["required"] = True
    result.update(array_style(_collection_format(node, place), published.location))
    result["schema"] = _value_schema(node, place, definitions)
    if "example" in node:
        result["example"] = node["example"]
    return {**result, **{key: value for key, value in extensions(node).items() if key != "x-nullable"}}


def _value_schema(node: Mapping[str, Any], place: Place, definitions: Definitions) -> dict[str, Any]:
    schema = {key: value for key, value in node.items() if key in _OF_THE_SCHEMA}
    return convert_schema(schema, place, definitions, may_be_file=True)


def array_style(collection_format: str | None, location: str) -> dict[str, Any]:
    """How OpenAPI 3.1 says how an array is written; what it cannot say becomes an extension."""
    if collection_format is None:
        return {}
    if collection_format == "multi":
        return {"style": "form", "explode": True}
    if location in ("query", "formData"):
        styles = {"csv": "form", "ssv": "spaceDelimited", "pipes": "pipeDelimited"}
    else:
        styles = {"csv": "simple"}
    if collection_format in styles:
        return {"style": styles[collection_format], "explode": False}
    return {"x-collection-format": collection_format}


def convert_body(
    parameters: Sequence[Published], consumes: Sequence[str], definitions: Definitions, place: Place
) -> dict[str, Any] | None:
    """The request body of an operation, from its body parameter or the fields of its form; None if it has neither.

    Raises:
        GeneratorError: there are two bodies, or a body and a form.
    """
    bodies = [one for one in parameters if one.location == "body"]
    fields = [one for one in parameters if one.location == "formData"]
    if bodies and fields:
        raise place.error("both a body and form fields, and only one of them can be sent")
    if len(bodies) > 1:
        names = " and ".join(f"'{shown(one.node['name'])}'" for one in bodies)
        raise place.error(f"more than one body ({names}), and only one can be sent")
    if bodies:
        return _body(bodies[0], consumes, definitions)
    return _form(fields, consumes, definitions) if fields else None


def _body(published: Published, consumes: Sequence[str], definitions: Definitions) -> dict[str, Any]:
    node = published.node
    # go-restful writes no schema for a body whose Go type it does not know: any value, then.
    schema = convert_schema(node.get("schema", {}), published.place / "schema", definitions)
    result: dict[str, Any] = {key: node[key] for key in ("description", "required") if key in node}
    result["content"] = {media: {"schema": schema} for media in consumes}
    name = {"x-body-name": node["name"]} if node["name"] != "body" else {}
    return {**result, **name, **extensions(node)}


def _form(fields: Sequence[Published], consumes: Sequence[str], definitions: Definitions) -> dict[str, Any]:
    required = [one.node["name"] for one in fields if one.node.get("required")]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {one.node["name"]: _field_schema(one, definitions) for one in fields},
        **({"required": required} if required else {}),
    }
    content: dict[str, Any] = {"schema": schema}
    if encoding := dict(_encodings(fields)):
        content["encoding"] = encoding
    has_file = any(one.node.get("type") == "file" for one in fields)
    return {
        **({"required": True} if required else {}),
        "content": dict.fromkeys(_form_media(consumes, has_file=has_file), content),
    }


def _form_media(consumes: Sequence[str], *, has_file: bool) -> list[str]:
    """The media types a form is sent as. Entries that are no media types at all stay, for a repair rule to remove."""
    possible = (MULTIPART,) if has_file else (MULTIPART, FORM)
    forms = [media for media in consumes if media.partition(";")[0].strip().lower() in possible]
    return [*(forms or [possible[-1]]), *(media for media in consumes if "/" not in media)]


def _field_schema(published: Published, definitions: Definitions) -> dict[str, Any]:
    """A field of a form is a property: what a parameter says beside its schema goes into the schema."""
    node = published.node
    schema = _value_schema(node, published.place, definitions)
    description = {"description": node["description"]} if "description" in node else {}
    examples = {"examples": [node["example"]]} if "example" in node else {}
    empty = {"x-allow-empty-value": True} if node.get("allowEmptyValue") else {}
    others = {key: value for key, value in extensions(node).items() if key != "x-nullable"}
    style = array_style(_collection_format(node, published.place), published.location)
    unsayable = {key: value for key, value in style.items() if key.startswith("x-")}
    return {**schema, **description, **examples, **empty, **others, **unsayable}


def _encodings(fields: Iterable[Published]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in fields:
        style = array_style(_collection_format(one.node, one.place), one.location)
        if "style" in style:
            yield one.node["name"], style
