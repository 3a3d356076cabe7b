"""Operations without a summary, and paths with a slash at their end."""

from __future__ import annotations

from generator.document import operations
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule


def _summarise(document: Document) -> list[str]:
    places = []
    for method, path, operation in operations(document):
        if not operation.get("summary") and operation.get("description"):
            operation["summary"] = operation.pop("description")
            places.append(f"{method.upper()} {path}")
    return places


def _drop_slashes(document: Document) -> list[str]:
    paths = document["paths"]
    places = [path for path in paths if path.endswith("/") and path.rstrip("/") and path.rstrip("/") not in paths]
    document["paths"] = {path.rstrip("/") if path in places else path: item for path, item in paths.items()}
    return places


SUMMARIES = Rule(
    "summaries",
    "kube-openapi writes the one line about an operation as its description",
    (KUBE_OPENAPI,),
    _summarise,
)
TRAILING_SLASHES = Rule(
    "trailing-slashes",
    "a path with a slash at its end is the path without it (evidence/server.md §8)",
    (GO_RESTFUL, KUBE_OPENAPI),
    _drop_slashes,
)
