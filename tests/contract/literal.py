"""Exchanges written by hand, for the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.contract.contract import Verdict, judged
from tests.contract.exchange import Exchange
from tests.contract.recording import read_line

DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "generated" / "release-3.0" / "openapi.json").read_bytes(),
)
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
WORKSPACES = "/apis/tenant.kubesphere.io/v1alpha1/workspaces"
TEMPLATES = "/kapis/tenant.kubesphere.io/v1alpha2/workspaces"
KUBECONFIG = "/kapis/resources.kubesphere.io/v1alpha2/users/admin/kubeconfig"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


def line(
    method: str = "GET",
    path: str = USERS,
    *,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    media: str | None = None,
    token: str | None = "token-001",
    status: int = 200,
    answer: Any = None,
    answer_media: str = JSON,
    response: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A recorded line; bodies that are no text become JSON, and `response` replaces the answer."""
    sent = {
        **({} if token is None else {"Authorization": f"Bearer {token}"}),
        **({} if media is None else {"Content-Type": media}),
        **(headers or {}),
    }
    answered = {"status": status, "headers": [["Content-Type", answer_media]], "body": _text(answer)}
    return {
        "name": "by-hand",
        "note": None,
        "request": {"method": method, "path": path, "headers": sent, "body": _text(body)},
        "response": response or answered,
    }


def exchange(*arguments: Any, artefact: bool = False, **keywords: Any) -> Exchange:
    """What `line` says, read."""
    return read_line(json.dumps({**line(*arguments, **keywords), "artefact": artefact}))


def verdict(*arguments: Any, **keywords: Any) -> Verdict:
    """The verdict on the exchange that `exchange` makes."""
    (one,) = judged([exchange(*arguments, **keywords)], DOCUMENT)
    return one


def _text(body: Any) -> Any:
    is_kept = body is None or isinstance(body, str) or (isinstance(body, dict) and {"base64", "bytes"} & set(body))
    return body if is_kept else json.dumps(body)
