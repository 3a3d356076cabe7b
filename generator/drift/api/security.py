"""Compares what operations ask of their callers: the schemes that the document names, and those of each operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.drift.api.document import Document, Operation, mapping, sequence
from generator.drift.api.ledger import Ledger, Owner, Spot, quoted

_WORDS = frozenset(("description", "summary"))
_Ways = dict[tuple[str, ...], frozenset[tuple[str, str]]]  # the schemes of each way to log in, and their scopes


def compare_security(
    old: Document, new: Document, pairs: Sequence[tuple[Operation, Operation]], ledger: Ledger
) -> None:
    names = _names(old, new)
    theirs = [(one, other) for one, other in pairs if "security" in one.node or "security" in other.node]
    rest = [other for one, other in pairs if "security" not in one.node and "security" not in other.node]
    if rest or not pairs:
        owner = ledger.document("security", rest)
        _compare(_ways(old.root.get("security"), names), _ways(new.root.get("security")), "api-global-security", owner)
    for one, other in theirs:
        _compare(_ways(old.security(one), names), _ways(new.security(other)), "api-security", ledger.operation(other))
    _compare_schemes(old, new, names, pairs, ledger)


def compare_servers(old: Document, new: Document, pairs: Sequence[tuple[Operation, Operation]], ledger: Ledger) -> None:
    before, after = _servers(old), _servers(new)
    if before != after:
        text = f"the servers are {', '.join(map(quoted, after))} now"
        owner = ledger.document("servers", [other for _, other in pairs])
        Spot(owner, "", "").write_check("api-servers-changed", text, before, after)


def _servers(document: Document) -> list[str]:
    urls = [mapping(one).get("url") for one in sequence(document.root.get("servers"))]
    return sorted({url.rstrip("/") for url in urls if isinstance(url, str)} or {""})


def _compare(old: _Ways, new: _Ways, name: str, owner: Owner) -> None:
    if old == new:
        return
    spot = Spot(owner, "", "") if owner.operation is None else Spot(owner, "", "", "security", " security")
    free, free_now = not old or () in old, not new or () in new
    if free and not free_now:
        text = f"a caller must log in now, by {_listed(new)}"
        spot.write_check(f"{name}-became-required", text, None, sorted(map(" and ".join, new)))
        return
    if free_now and not free:
        spot.write_check(
            f"{name}-became-optional", "a caller need not log in now", sorted(map(" and ".join, old)), None
        )
        return
    for way in sorted(old.keys() - new.keys() - {()}):
        title = " and ".join(way)
        spot.write_check(f"{name}-removed", f"{quoted(title)} is no longer a way to log in", title, None)
    for way in sorted(new.keys() - old.keys() - {()}):
        title = " and ".join(way)
        spot.write_check(f"{name}-added", f"{quoted(title)} is a way to log in now", None, title)
    for way in sorted(old.keys() & new.keys()):
        for scheme, scope in sorted(old[way] - new[way]):
            text = f"the scope {quoted(scope)} of {quoted(scheme)} is no longer asked for"
            spot.write_check(f"{name}-scope-removed", text, f"{scheme}: {scope}", None)
        for scheme, scope in sorted(new[way] - old[way]):
            text = f"the scope {quoted(scope)} of {quoted(scheme)} is asked for now"
            spot.write_check(f"{name}-scope-added", text, None, f"{scheme}: {scope}")


def _ways(security: Any, names: Mapping[str, str] | None = None) -> _Ways:
    """The ways to log in that a `security` lists; () is to log in not at all."""
    found: _Ways = {}
    for requirement in sequence(security):
        schemes = {(names or {}).get(str(name), str(name)): scopes for name, scopes in mapping(requirement).items()}
        scopes = frozenset((name, str(scope)) for name, some in schemes.items() for scope in sequence(some))
        found[tuple(sorted(schemes))] = scopes
    return found


def _schemes(document: Document) -> dict[str, Mapping[str, Any]]:
    found = mapping(mapping(document.root.get("components")).get("securitySchemes"))
    return {str(name): document.part(value).node for name, value in found.items()}


def _names(old: Document, new: Document) -> dict[str, str]:
    """What each scheme is called now: one that says the same under another name is the same on the wire."""
    before, after = _schemes(old), _schemes(new)
    names = {name: name for name in before}
    come = sorted(after.keys() - before.keys())
    for name in sorted(before.keys() - after.keys()):
        same = [other for other in come if _wordless(after[other]) == _wordless(before[name])]
        if same:
            names[name] = same[0]
            come.remove(same[0])
    return names


def _compare_schemes(
    old: Document, new: Document, names: Mapping[str, str], pairs: Sequence[tuple[Operation, Operation]], ledger: Ledger
) -> None:
    """The schemes that someone is asked for."""
    before, after = _schemes(old), _schemes(new)
    for name in sorted(before):
        scheme, scheme_now = before[name], after.get(names[name])
        if scheme == scheme_now or scheme_now is None:
            continue  # whoever asked for one that is gone asks for something else now, which is told there
        users = [other for one, other in pairs if any(name in mapping(way) for way in sequence(old.security(one)))]
        if not users:
            continue
        spot = Spot(ledger.document(f"security {names[name]}", users), "", "")
        kind, kind_now = _kind(scheme), _kind(scheme_now)
        if kind != kind_now:
            text = f"the scheme changed from {kind} to {kind_now}"
            spot.write_check("api-security-component-type-changed", text, kind, kind_now)
            continue
        for word, title in (("authorizationUrl", "oauth-url"), ("tokenUrl", "oauth-token-url")):
            url, url_now = _urls(scheme, word), _urls(scheme_now, word)
            if url != url_now:
                text = f"{word} changed from {quoted(url)} to {quoted(url_now)}"
                spot.write_check(f"api-security-component-{title}-changed", text, url, url_now)


def _kind(scheme: Mapping[str, Any]) -> str:
    """What a scheme is: `oauth2 password`, `http basic`, `apiKey in header X-Token`."""
    words = [str(scheme.get("type")), str(scheme.get("scheme", "")).lower()]
    if scheme.get("type") == "apiKey":
        words.append(f"in {scheme.get('in')} {scheme.get('name')}")
    words += sorted(map(str, mapping(scheme.get("flows"))))
    return " ".join(word for word in words if word)


def _urls(scheme: Mapping[str, Any], word: str) -> list[str]:
    flows = mapping(scheme.get("flows")).values()
    return sorted(str(mapping(flow)[word]) for flow in flows if word in mapping(flow))


def _wordless(scheme: Mapping[str, Any]) -> dict[str, Any]:
    return {word: value for word, value in scheme.items() if word not in _WORDS and not word.startswith("x-")}


def _listed(ways: _Ways) -> str:
    return " or ".join(quoted(" and ".join(way)) for way in sorted(ways))
