"""Which function answers which path below /kapis, with the router's own refusals."""

from __future__ import annotations

import re
from collections.abc import Callable

from kubesphere_client.testing._messages import Answer, method_not_allowed, page_not_found, plain
from kubesphere_client.testing._site import Call

View = Callable[..., Answer]


class Routes:
    """Methods and paths with `{parameters}`, in the order in which they were added."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], View]] = []

    def add(self, method: str, path: str, view: View) -> None:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))
        self._routes.append((method, re.compile(pattern), view))

    def include(self, *others: Routes) -> None:
        for other in others:
            self._routes += other._routes

    def answer(self, call: Call) -> Answer:
        """What the view for this path says: 404 where there is none, 405 where there is none for the method."""
        path = call.path.rstrip("/")
        matches = [(method, match, view) for method, one, view in self._routes if (match := one.fullmatch(path))]
        if not matches:
            return page_not_found()
        for method, match, view in matches:
            if method == call.request.method:
                return view(call, **match.groupdict()) if _acceptable(call) else plain(406, "406: Not Acceptable")
        return method_not_allowed()


def _acceptable(call: Call) -> bool:
    """JSON, or anything (recordings odd-039 to odd-051)."""
    accepted = call.request.headers.get("accept", "*/*")
    return any(one.partition(";")[0].strip() in ("*/*", "application/json") for one in accepted.split(","))
