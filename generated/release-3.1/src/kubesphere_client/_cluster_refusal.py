"""What the host says instead of a member cluster's answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from kubesphere_client._refusal import request_of

if TYPE_CHECKING:
    from kubesphere_client._http import Response

Trouble: TypeAlias = Literal["unknown", "not ready", "unreachable", "not served"]

# The server may stand behind a path of its own, so the address need not begin with the root of the API.
_PREFIX = re.compile(r"/(?:kapis|apis|api)/clusters/([^/]+)(?:/|\Z)")
# The routers' words: recordings mc-005-off, mc-007-off.
_NO_ROUTE = ("404: Page Not Found", "404 page not found")


def cluster_trouble(response: Response) -> Trouble | None:
    """Why a call for a member cluster did not reach it; None for any other answer.

    "unknown", "not ready" and "unreachable" are the words of the host's dispatcher (recordings mc-004-on, mc-006-on,
    mc-038-on-ready). "not served" is a router's: the host leaves such an address to its router when it manages no clusters.
    """
    request = request_of(response)
    match = None if request is None else _PREFIX.search(request.url.path)
    if match is None:
        return None
    name, status, text = match[1], response.status_code, response.text.strip()
    if status == 404 and text == f"cluster {name} not found":
        return "unknown"
    if status == 500 and text == f"cluster {name} is not ready":
        return "not ready"
    if status == 502 and not text:
        return "unreachable"
    return "not served" if status == 404 and text in _NO_ROUTE else None
