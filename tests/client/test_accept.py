"""What the client says that it accepts: the server refuses the media types of its own texts (evidence/auth.md §10)."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from kubesphere_client import KubeSphere
from tests.package.calls import Call, operations

DOCUMENT = json.loads((Path(__file__).parents[2] / "generated" / "release-3.0" / "openapi.json").read_bytes())


def _is_no_json(name: str) -> bool:
    _, _, operation = operations(DOCUMENT)[name]
    success = operation["responses"].get("200", {}).get("content", {})
    return bool(success) and "*/*" not in success and not any("json" in media for media in success)


@pytest.mark.parametrize("name", sorted(filter(_is_no_json, operations(DOCUMENT))))
def test_an_answer_that_is_no_json_is_asked_for_with_any_media_type(name: str) -> None:
    call, seen = Call(name, DOCUMENT), []

    def transport(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return call.answer()

    with KubeSphere("http://ks.test", token="t", transport=httpx.MockTransport(transport)) as ks:
        call.on(ks)

    assert [request.headers["Accept"] for request in seen] == ["*/*"]
