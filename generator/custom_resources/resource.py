"""A kind of custom resource, as an overlay declares it."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from generator.errors import GeneratorError
from generator.schema import Schema, reference

_SCOPES = ("Namespaced", "Cluster")
_KEYS = frozenset(("group", "version", "plural", "kind", "scope", "status", "schema", "evidence"))


@frozen
class Resource:
    """A kind of custom resource as the server's discovery describes it."""

    group: str
    version: str
    plural: str
    kind: str
    scope: str
    status: bool
    schema: Schema
    evidence: Any

    @property
    def api(self) -> str:
        return f"/apis/{self.group}/{self.version}"

    @property
    def everywhere(self) -> str:
        """The address of all objects of the kind, in whatever namespace."""
        return f"{self.api}/{self.plural}"

    @property
    def collection(self) -> str:
        """The address where objects are created."""
        namespace = "/namespaces/{namespace}" if self.namespaced else ""
        return f"{self.api}{namespace}/{self.plural}"

    @property
    def namespaced(self) -> bool:
        return self.scope == "Namespaced"

    @property
    def key(self) -> str:
        return reference(self.schema) or ""

    def entry(self, says: str) -> dict[str, Any]:
        return {"by": "stage custom_resources", "says": says, "evidence": self.evidence}


def declaration(declared: Any) -> Resource:
    if not isinstance(declared, dict) or declared.keys() != _KEYS or declared["scope"] not in _SCOPES:
        raise GeneratorError(
            f"A custom resource is declared without one of {', '.join(sorted(_KEYS))}, or with more.\n"
            f"Correct {ascii(declared)[:160]} in the overlay; `scope` is one of {', '.join(_SCOPES)}."
        )
    return Resource(**declared)
