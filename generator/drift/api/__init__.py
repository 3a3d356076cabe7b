"""The semantic diff of two OpenAPI 3.1 documents: what a user of the API can meet, once, and how badly it hurts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.drift.api.checks import CHECKS, Check
from generator.drift.api.components import Components
from generator.drift.api.contents import compare_bodies, compare_responses
from generator.drift.api.document import Document, Operation
from generator.drift.api.ledger import Ledger, Spot
from generator.drift.api.pairing import Pairing, pair
from generator.drift.api.parameters import compare_parameters
from generator.drift.api.schemas import Schemas
from generator.drift.api.security import compare_security, compare_servers
from generator.drift.api.shapes import Shapes
from generator.drift.api.unchanged import Unchanged
from generator.drift.finding import Finding

__all__ = ["CHECKS", "Check", "compare"]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What differs between two OpenAPI 3.1 documents, sorted by `Finding.order`; () where nothing does.

    What the documents hold need not be valid: a part that cannot be read is taken for one that says nothing.
    """
    before, after = Document(old), Document(new)
    unchanged = Unchanged(before, after)
    ledger = Ledger()
    shapes, shapes_now = Shapes(before), Shapes(after)
    components = Components(shapes, shapes_now)
    schemas = Schemas(before, after, unchanged, ledger, shapes, shapes_now, components)
    pairing = pair(before.operations(), after.operations())
    for one, other in pairing.pairs:
        _compare_operations(one, other, schemas, ledger)
    compare_servers(before, after, pairing.pairs, ledger)
    compare_security(before, after, pairing.pairs, ledger)
    _write_added_and_removed(pairing, ledger)
    return ledger.findings()


def _compare_operations(old: Operation, new: Operation, schemas: Schemas, ledger: Ledger) -> None:
    owner = ledger.operation(new)
    if old.wire != new.wire:
        Spot(owner, "", "").write_check("endpoint-moved", f"it was {old.name} before", old.name, new.name)
    elif old.name == new.name and schemas.unchanged.same((old.node, old.inherited), (new.node, new.inherited)):
        return
    deprecated, deprecated_now = old.node.get("deprecated") is True, new.node.get("deprecated") is True
    if deprecated_now and not deprecated:
        Spot(owner, "", "").write_check("endpoint-deprecated", "it was deprecated", False, True)
    elif deprecated and not deprecated_now:
        Spot(owner, "", "").write_check("endpoint-reactivated", "it is no longer deprecated", True, False)
    compare_parameters(old, new, schemas, ledger)
    compare_bodies(old, new, schemas, ledger)
    compare_responses(old, new, schemas, ledger)


def _write_added_and_removed(pairing: Pairing, ledger: Ledger) -> None:
    for operation in pairing.removed:
        how = "with" if operation.node.get("deprecated") is True else "without"
        spot = Spot(ledger.operation(operation), "", "")
        spot.write_check(f"api-removed-{how}-deprecation", "the operation was removed", operation.name, None)
    for operation in pairing.added:
        spot = Spot(ledger.operation(operation), "", "")
        spot.write_check("endpoint-added", "the operation was added", None, operation.name)
