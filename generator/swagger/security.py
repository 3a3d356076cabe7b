"""Security definitions and requirements of Swagger 2.0."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from generator.swagger.place import OBJECT, TEXT, Place, extensions, shown

_KINDS: dict[str, dict[str, str]] = {
    "basic": {},
    "apiKey": {"name": TEXT, "in": TEXT},
    "oauth2": {"flow": TEXT, "authorizationUrl": TEXT, "tokenUrl": TEXT, "scopes": OBJECT},
}

# Swagger 2.0's flow -> OpenAPI 3's name of it, and the addresses it needs.
_FLOWS = {
    "implicit": ("implicit", ("authorizationUrl",)),
    "password": ("password", ("tokenUrl",)),
    "application": ("clientCredentials", ("tokenUrl",)),
    "accessCode": ("authorizationCode", ("authorizationUrl", "tokenUrl")),
}


def convert_security_scheme(name: str, value: Any, place: Place) -> dict[str, Any]:
    """A security scheme of OpenAPI 3.1.

    Raises:
        GeneratorError: it is of no known kind, or lacks what its kind needs.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        raise place.error("a name for a security scheme that is not made of letters, digits, '.', '_' and '-'")
    kind = (place / "type").one_of(place.mapping(value).get("type"), _KINDS)
    node = place.object(value, {"type": TEXT, "description": TEXT, **_KINDS[kind]})
    common = {**({"description": node["description"]} if "description" in node else {}), **extensions(node)}
    match kind:
        case "basic":
            return {"type": "http", "scheme": "basic", **common}
        case "apiKey":
            place.object(node, {**_KINDS[kind], "type": TEXT, "description": TEXT}, required=("name",))
            location = (place / "in").one_of(node.get("in"), ("query", "header"))
            return {"type": "apiKey", "name": node["name"], "in": location, **common}
    return {"type": "oauth2", "flows": _flows(node, place), **common}


def _flows(node: dict[str, Any], place: Place) -> dict[str, Any]:
    name, addresses = _FLOWS[(place / "flow").one_of(node.get("flow"), _FLOWS)]
    for address in addresses:
        if address not in node:
            raise place.error(f"'{address}' is missing, and the flow '{node['flow']}' needs it")
    scopes = node.get("scopes", {})
    for scope, description in scopes.items():
        if not scope.startswith("x-"):
            (place / "scopes" / scope).check(description, TEXT)
    return {name: {**{address: node[address] for address in addresses}, "scopes": scopes}}


def check_requirements(value: Any, place: Place, schemes: Collection[str]) -> list[Any]:
    """The security requirements, which are the same in both versions.

    Raises:
        GeneratorError: one names a scheme that is not defined.
    """
    place.check(value, "a list")
    for index, requirement in enumerate(value):
        for name, scopes in (place / index).mapping(requirement).items():
            if name not in schemes:
                raise (place / index).error(f"'{shown(name)}' is none of the security definitions of this file")
            (place / index / name).check(scopes, "a list of strings")
    requirements: list[Any] = value
    return requirements
