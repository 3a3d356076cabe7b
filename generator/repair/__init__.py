"""Rules for what go-restful and kube-openapi get wrong in general; each holds for every release."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from generator.document import REPAIRS
from generator.evidence import owners_named, record
from generator.repair import (
    bodies,
    descriptions,
    discovery,
    media,
    metadata,
    nulls,
    parameters,
    references,
    secrets,
    types,
    watches,
)
from generator.repair.rule import Rule

# The order matters: a later rule may rely on what an earlier one mended.
RULES: tuple[Rule, ...] = (
    references.DANGLING,
    types.KUBERNETES_SCALARS,
    types.GO_INTERNALS,
    references.EMPTY,
    types.UNTYPED,
    parameters.PATH_PARAMETERS,
    parameters.FREE_TAIL,
    parameters.FORMATS,
    parameters.DEFAULTS,
    parameters.UNIQUE_ITEMS,
    watches.WATCH_PATHS,
    watches.WATCH_PARAMETERS,
    discovery.UNSERVED_DISCOVERY,
    descriptions.TRAILING_SLASHES,
    descriptions.SUMMARIES,
    media.NOT_MEDIA_TYPES,
    media.BINARY_ENCODINGS,
    media.ANY_BODY,
    media.REPEATED_DEFAULT,
    media.NO_SCHEMA,
    bodies.UNTYPED_PATCH,
    bodies.CUSTOM_RESOURCE_PATCH,
    bodies.APPLY_CREATES,
    nulls.NIL_SLICES,
    bodies.RESPONSE_ONLY_REQUIRED,
    metadata.OBJECT_METADATA,
    secrets.SECRET_FIELDS,
)


def repair(document: Mapping[str, Any], *, writer: str) -> dict[str, Any]:
    """The document with every rule for its writer applied, and in `x-kubesphere-repairs` how often each one was.

    `writer` is the tool that wrote the published file: "go-restful" or "kube-openapi".
    """
    working = copy.deepcopy(dict(document))
    report = []
    for rule in RULES:
        if writer not in rule.writers:
            continue
        places = rule.apply(working)
        report.append({"rule": rule.name, "title": rule.title, "places": len(places)})
        for owner in owners_named(working, places):
            record(owner, {"by": f"rule {rule.name}", "says": rule.title})
    working[REPAIRS] = report
    return working
