"""What other generators are given to read: the published files with what would stop them mended, and a Pod's schema."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.peers import pods_document, readable, references

ROOT = Path(__file__).parents[2]


def test_a_reference_to_nowhere_leads_to_an_empty_schema() -> None:
    document = readable({"paths": {}, "components": {"schemas": {"A": {"$ref": "#/components/schemas/gone"}}}})

    assert document["components"]["schemas"]["gone"] == {}


def test_an_operation_id_that_is_given_again_gets_a_number() -> None:
    paths = {f"/{name}": {"get": {"operationId": "list"}} for name in "ab"}
    document = readable({"paths": paths})

    assert [item["get"]["operationId"] for item in document["paths"].values()] == ["list", "list2"]
    assert paths["/b"]["get"]["operationId"] == "list"


def test_the_document_of_a_pod_has_all_that_a_pod_is_made_of_and_nothing_of_ours() -> None:
    corrected = json.loads((ROOT / "generated" / "release-3.0" / "openapi.json").read_bytes())
    document = pods_document(corrected)
    schemas = document["components"]["schemas"]

    assert set(references(document)) <= schemas.keys()
    assert {"Pod", "PodList", "Container", "ObjectMeta"} <= schemas.keys()
    assert '"x-' not in json.dumps(document)
