"""Models are attrs classes to type checkers as well, and so are classes of the user's that derive from them."""

from __future__ import annotations

from typing import assert_type

import attrs

from kubesphere_client.models import ObjectMeta, Pod, PodSpec


def fields() -> attrs.Attribute[str]:
    return attrs.fields(ObjectMeta).name


def changed(metadata: ObjectMeta) -> ObjectMeta:
    assert_type(attrs.evolve(metadata, name="other"), ObjectMeta)
    return metadata.evolve(name="other")


@attrs.define(kw_only=True)
class Noted(Pod):
    note: str = "mine"
    seen: list[str] = attrs.field(factory=list)


def own(data: dict[str, object]) -> str:
    noted = Noted.from_dict(data)
    assert_type(noted, Noted)
    assert_type(noted.spec, PodSpec | None)
    assert_type(Noted(metadata=ObjectMeta(name="a"), note="other").copy().seen, list[str])
    return noted.note
