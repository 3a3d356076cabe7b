"""Fields that hold secrets, which the client masks."""

from __future__ import annotations

import re

from generator.document import SECRET
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule, schemas_of

_SECRET = re.compile(
    r"(current|new|old)?password|(access|refresh|bearer|private)?token|kubeconfig|passphrase|privatekey|secretkey"
)


def _mark(document: Document) -> list[str]:
    places = []
    for where, schema in schemas_of(document):
        holds_secrets = where.endswith(".Secret")
        for name, value in schema.get("properties", {}).items():
            plain = re.sub(r"[^a-z]", "", name.lower())
            if _SECRET.fullmatch(plain) or (holds_secrets and name in ("data", "stringData")):
                value[SECRET] = True
                places.append(f"{where}.{name}")
    return places


SECRET_FIELDS = Rule(
    "secret-fields",
    "passwords, tokens, kubeconfigs and the data of secrets are masked when an object is printed",
    (GO_RESTFUL, KUBE_OPENAPI),
    _mark,
)
