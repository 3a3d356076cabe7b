"""The definitions of a source: their keys as component schemas, references to them, and which extends which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from generator.swagger.place import Place, shown

SCHEMAS = "#/components/schemas/"

_PREFIX = "#/definitions/"
_LEGAL = re.compile(r"[A-Za-z0-9._-]+")  # OpenAPI 3.1, Components Object


@frozen
class Definitions:
    """What a reference to a definition needs to know of all of them."""

    keys: Mapping[str, str]  # published key -> key under components/schemas
    extended_by: Mapping[str, tuple[str, ...]]  # published key -> published keys of those that name it in allOf

    @classmethod
    def of(cls, definitions: Mapping[str, Any]) -> Definitions:
        keys: dict[str, str] = {key: key for key in definitions if _LEGAL.fullmatch(key)}
        for key in definitions:
            if key not in keys:
                keys[key] = _free(re.sub(r"[^A-Za-z0-9._-]+", "_", key) or "_", set(keys.values()))
        extended_by: dict[str, tuple[str, ...]] = {}
        for key, schema in definitions.items():
            for base in _bases(schema):
                extended_by[base] = (*extended_by.get(base, ()), key)
        return cls({key: keys[key] for key in definitions}, extended_by)

    def reference(self, published: str, place: Place) -> str:
        """The reference as it reads in OpenAPI 3.1; one that leads nowhere stays, for a repair rule to mend.

        Raises:
            GeneratorError: it does not name a definition of this file.
        """
        name = published.removeprefix(_PREFIX)
        if name not in self.keys:
            name = _decoded(name)
        if not published.startswith(_PREFIX) or ("/" in name and name not in self.keys):
            raise place.error(f"'{shown(published)}' where a reference of the form '#/definitions/…' belongs")
        if name in self.keys:
            return SCHEMAS + self.keys[name]
        if not _LEGAL.fullmatch(name) or name in self.keys.values():
            raise place.error(f"'{shown(published)}' leads nowhere")
        return SCHEMAS + name

    def discriminator_mapping(self, base: str) -> dict[str, str]:
        """The schema that each value of a discriminator stands for; in Swagger 2.0 the values are definitions' keys."""
        family, waiting = {base}, [base]
        while waiting:
            new = [key for key in self.extended_by.get(waiting.pop(), ()) if key not in family]
            family.update(new)
            waiting += new
        return {key: SCHEMAS + self.keys[key] for key in self.keys if key in family}


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _bases(schema: Any) -> Iterator[str]:
    parts = schema.get("allOf") if isinstance(schema, dict) else None
    for part in parts if isinstance(parts, list) else ():
        target = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(target, str) and target.startswith(_PREFIX):
            yield _decoded(target.removeprefix(_PREFIX))


def _decoded(token: str) -> str:
    return unquote(token).replace("~1", "/").replace("~0", "~")
