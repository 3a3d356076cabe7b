"""Discovery documents that ks-apiserver does not pass on."""

from __future__ import annotations

from generator.document import operations
from generator.repair.rule import KUBE_OPENAPI, Document, Rule, withdraw

# /apis/{group}/{version} is the shortest path that is proxied (evidence/server.md §6, evidence/auth.md §8).
_PROXIED_SEGMENTS = 3


def _withdraw_unserved(document: Document) -> list[str]:
    return [
        withdraw(
            document, method, path, "ks-apiserver passes on only /api and /apis paths of three or more segments: 404"
        )
        for method, path, _ in list(operations(document))
        if path.split("/")[1] in ("api", "apis") and len(path.strip("/").split("/")) < _PROXIED_SEGMENTS
    ]


UNSERVED_DISCOVERY = Rule(
    "unserved-discovery",
    "/apis and /apis/{group} are answered by kube-apiserver but not through ks-apiserver",
    (KUBE_OPENAPI,),
    _withdraw_unserved,
)
