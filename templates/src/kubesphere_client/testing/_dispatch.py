"""From a request to the cluster and the function that answer it, in the order in which the server checks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from kubesphere_client.testing import _iam, _platform, _resources, _tenant
from kubesphere_client.testing._accounts import ANONYMOUS, Refused, oauth, unauthorized
from kubesphere_client.testing._kubernetes import kubernetes
from kubesphere_client.testing._listing import list_in
from kubesphere_client.testing._messages import (
    Answer,
    ReceivedRequest,
    kubernetes_status,
    method_not_allowed,
    path_not_found,
    plain,
    refusal,
)
from kubesphere_client.testing._routes import Routes
from kubesphere_client.testing._site import Call, Site, World
from kubesphere_client.testing._terminal import terminal, terminal_of

_CLUSTER = re.compile(r"^(/kapis|/apis|/api)/clusters/([^/]+)(/.*|$)")
_VERBS = {"GET": "list", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def answer(world: World, table: Routes, request: ReceivedRequest) -> Answer:
    """Who is it, which cluster is it for, may he, and then what (evidence/auth.md §1)."""
    try:
        user = world.accounts.user_of(request)
    except Refused as refused:
        return unauthorized(refused)
    if request.path == "/oauth" or request.path.startswith("/oauth/"):
        return _served(
            Call(world, world.host, request, user, request.path), lambda call: oauth(world.accounts, request, user)
        )
    found = _site(world, request.path)
    if isinstance(found, Answer):
        return found
    site, path = found
    if user == ANONYMOUS and path != _platform.VERSION and not path.startswith(_platform.CONFIG):
        return _forbidden(user, request.method, path)
    if world.forbids(user, request):
        return _forbidden(user, request.method, path)
    call = Call(world, site, request, user, path)
    return _served(call, lambda call: _routed(call, table))


def all_routes() -> Routes:
    table = Routes()
    table.include(_platform.routes(), _iam.routes(), _tenant.routes(), _resources.routes())
    return table


def _routed(call: Call, table: Routes) -> Answer:
    if call.path.startswith(("/api/", "/apis/")):
        reply = kubernetes(call)
    elif place := terminal_of(call.path):
        reply = terminal(call, *place)
    elif "//" in call.path or "/../" in call.path:
        reply = _moved(call.path)
    elif call.path.startswith("/kapis"):
        reply = table.answer(call)
    else:
        reply = path_not_found()
    if call.request.method == "GET":
        call.site.controllers.was_read()
    return reply


def _served(call: Call, otherwise: Callable[[Call], Answer]) -> Answer:
    """What a test put at this path, or what the server has there."""
    site, request = call.site, call.request
    path = call.path.rstrip("/")
    scripted = site.scripted.get((request.method, path))
    if scripted is not None:
        return scripted(request) if callable(scripted) else Answer(**vars(scripted))
    if path in site.lists:
        things, family = site.lists[path]
        return list_in(family, things, request) if request.method == "GET" else method_not_allowed()
    if path in site.texts:
        return _text(call, path)
    if path in site.files:
        return _file(site, path, request)
    return otherwise(call)


def _text(call: Call, path: str) -> Answer:
    """A log of Jenkins: the route takes no Accept but `*/*` (recording more-devops2-026)."""
    accepted = call.request.headers.get("accept", "*/*")
    if "*/*" not in accepted:
        return plain(406, "406: Not Acceptable")
    start = call.request.parameters.get("start", "0")
    body = call.site.texts[path].read()
    size = len(body)
    return Answer(200, body[int(start) if start.isdigit() else 0 :], "text/plain", {"X-Text-Size": str(size)})


def _file(site: Site, path: str, request: ReceivedRequest) -> Answer:
    if request.method == "GET":
        return Answer(**vars(site.files[path]))
    if request.method in ("PUT", "POST"):
        media = request.headers.get("content-type", "application/octet-stream")
        site.files[path] = Answer(200, request.body, media)
        return Answer(200, b'{\n "message": "success"\n}')
    return method_not_allowed()


def _site(world: World, path: str) -> tuple[Site, str] | Answer:
    """The cluster in the path, and the path without it (recordings mc-001 to mc-042)."""
    match = _CLUSTER.match(path)
    if match is None or not world.members:
        return world.host, path
    root, name, rest = match.groups()
    if name == world.host.name:
        return world.host, root + rest
    member = world.members.get(name)
    if member is None:
        return refusal(404, f"cluster {name} not found")
    if member.state == "not-ready":
        return refusal(500, f"cluster {name} is not ready")
    if member.state == "unreachable":
        return Answer(502, media="")
    return member.site, root + rest


def _moved(path: str) -> Answer:
    """Go's router sends paths that are not clean elsewhere (recordings odd-008 to odd-010)."""
    target = posixpath.normpath(path.replace("//", "/"))
    body = f'<a href="{target}">Moved Permanently</a>.\n\n'
    return Answer(301, body.encode(), "text/html; charset=utf-8", {"Location": target})


def _forbidden(user: str, method: str, path: str) -> Answer:
    """What someone gets who may not (recordings res-042 to res-052, forbid-*)."""
    match = re.match(
        r"^/(?:api|(?:apis|kapis)/([^/]+))/[^/]+(?:/(?:namespaces|workspaces)/([^/]+)(?=/))?/([^/]+)(?:/([^/]+))?(?:/([^/]+))?",
        path,
    )
    if match is None:
        message = f'forbidden: User "{user}" cannot {method} path "{path}"'
        return _status(message, {})
    group, namespace, plural, name, part = match.groups()
    if plural == "namespaces":  # a namespace counts as being in itself (recordings res-048, forbid-delete-ns)
        namespace = name
    verb = "get" if name and method == "GET" else _VERBS.get(method, method.lower())
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    resource = f"{plural}.{group}" if group else plural
    wanted = f"{plural}/{part}" if part else plural
    subject = f'{resource} "{name}"' if name else resource
    message = (
        f'{subject} is forbidden: User "{user}" cannot {verb} resource "{wanted}" in API group "{group or ""}" {where}'
    )
    details = ({"name": name} if name else {}) | ({"group": group} if group else {}) | {"kind": plural}
    return _status(message, details)


def _status(message: str, details: dict[str, str]) -> Answer:
    forbidden = kubernetes_status(403, "Forbidden", message, dict(details))
    forbidden.headers["X-Content-Type-Options"] = "nosniff"
    return forbidden
