"""The documents that are compared, and a server for each test that asks for one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import swagger
from generator.document import PUBLISHED_NAME
from generator.release import load_release
from tests.specs.description import Description
from tests.specs.stand_in import StandIn
from tests.specs.worst import Documents

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared" / "specs"
RELEASE = load_release(ROOT / "specs" / "release-3.0")


@pytest.fixture(scope="session")
def documents(published: Description | None) -> Documents:
    path = ROOT / "generated" / RELEASE.name / "openapi.json"
    return Documents(Description(json.loads(path.read_bytes())), published)


@pytest.fixture(scope="session")
def published() -> Description | None:
    """Both files as they were published, converted and otherwise as they stand; None where they are not beside the
    project, in `../shared`. What is true of the corrected document is tested all the same."""
    if not MIRROR.is_dir():
        return None
    paths, schemas, files = {}, {}, {}
    for source in RELEASE.sources:
        content = swagger.load((MIRROR / source.ref / source.path).read_bytes(), source=source.name)
        document = swagger.convert(content, source=source.name)
        paths.update(document["paths"])
        files.update(content["paths"])
        schemas.update({key: {**one, PUBLISHED_NAME: key} for key, one in document["components"]["schemas"].items()})
    return Description({"paths": paths, "components": {"schemas": schemas}}, files)


@pytest.fixture
def server(documents: Documents) -> Iterator[StandIn]:
    stand_in = StandIn(documents.ours.routes)
    with stand_in.ks:
        yield stand_in
