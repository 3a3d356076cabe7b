"""Every check of the semantic diff: its id, how badly it hurts, and what it says. No level is decided elsewhere.

The ids are oasdiff's where it has one (https://github.com/oasdiff/oasdiff, checker/rules.go); the others are ours. We
judge as the user of a typed client does, who has its methods, arguments and models in code, so some levels differ from
oasdiff's; `why` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import frozen

from generator.drift.finding import Level

_BREAKING, _RISKY, _COMPATIBLE = Level.BREAKING, Level.RISKY, Level.COMPATIBLE


@frozen
class Check:
    """One kind of change.

    Attributes:
        id: stable; reports, drift.toml and fingerprints name it.
        level: how badly such a change hurts.
        title: one line for a table.
        ours: whether the id is our own, because oasdiff has none.
        why: where the level differs from oasdiff's, or is not plain: the reason.
    """

    id: str
    level: Level
    title: str
    ours: bool = False
    why: str = ""


_GONE = "the method or the argument is gone from the client, so code that names it stops"
_SEEN_BY_CODE = "code that tells the values apart meets one that it does not know"
_BEYOND = "code that relied on the limit meets a value beyond it; a client itself checks no limit"
_READ_BY_IT = "a client that picks the class of a variant by it picks another"
_ABSENT_ANYWAY = "most properties may be absent, and read as None then, so right code knows None already"
_OLD_CLIENTS = "a client that is installed already still sends what it sent"

_OPERATIONS = (
    Check("endpoint-added", _COMPATIBLE, "an operation was added"),
    Check("endpoint-deprecated", _COMPATIBLE, "an operation was deprecated"),
    Check("endpoint-reactivated", _COMPATIBLE, "an operation is no longer deprecated"),
    Check("endpoint-moved", _BREAKING, "an operation has another path", ours=True, why=_OLD_CLIENTS),
    Check("api-removed-without-deprecation", _BREAKING, "an operation was removed"),
    Check("api-removed-with-deprecation", _BREAKING, "a deprecated operation was removed", why=_GONE),
    Check("api-servers-changed", _RISKY, "the document names other servers", ours=True),
)
_PARAMETERS = (
    Check("new-required-request-parameter", _BREAKING, "a required parameter was added"),
    Check("new-optional-request-parameter", _COMPATIBLE, "an optional parameter was added"),
    Check("request-parameter-removed", _BREAKING, "a parameter was removed", why=_GONE),
    Check("request-parameter-renamed", _BREAKING, "a parameter got another name", ours=True),
    Check(
        "request-path-parameter-renamed",
        _RISKY,
        "a variable of the path got another name",
        ours=True,
        why="the same on the wire and as a positional argument; code that passes it by name stops",
    ),
    Check("request-parameter-location-changed", _BREAKING, "a parameter moved", ours=True, why=_OLD_CLIENTS),
    Check("request-parameter-serialization-changed", _BREAKING, "a parameter is written in another way", ours=True),
    Check("request-parameter-became-required", _BREAKING, "a parameter became required"),
    Check("request-parameter-became-optional", _COMPATIBLE, "a parameter became optional"),
)
_BODIES = (
    Check("request-body-added-required", _BREAKING, "a required body was added"),
    Check("request-body-added-optional", _COMPATIBLE, "an optional body was added"),
    Check("request-body-removed", _BREAKING, "the body was removed"),
    Check("request-body-became-required", _BREAKING, "the body became required"),
    Check("request-body-became-optional", _COMPATIBLE, "the body became optional"),
    Check("request-body-media-type-added", _COMPATIBLE, "the body may have another media type"),
    Check("request-body-media-type-removed", _BREAKING, "the body may no longer have a media type"),
    Check("response-success-status-added", _RISKY, "another success status", why="the answer may be of another type"),
    Check("response-success-status-removed", _BREAKING, "a success status is gone"),
    Check("response-non-success-status-added", _COMPATIBLE, "another error status"),
    Check("response-non-success-status-removed", _COMPATIBLE, "an error status is gone"),
    Check("response-media-type-added", _RISKY, "the answer may have another media type", why="code may not read it"),
    Check("response-media-type-removed", _BREAKING, "the answer no longer has a media type"),
    Check("response-header-added", _COMPATIBLE, "the answer has another header"),
    Check("required-response-header-removed", _BREAKING, "a header that was always sent is gone"),
    Check("optional-response-header-removed", _RISKY, "a header that may be sent is gone"),
    Check("response-header-became-optional", _BREAKING, "a header is no longer always sent"),
    Check("response-header-type-changed", _BREAKING, "a header has another type"),
)
_PROPERTIES = (
    Check("new-required-request-property", _BREAKING, "a required property was added"),
    Check("new-optional-request-property", _COMPATIBLE, "an optional property was added"),
    Check("request-property-removed", _BREAKING, "a property was removed", why=_GONE),
    Check("request-property-renamed", _BREAKING, "a property got another name", ours=True),
    Check("request-property-became-required", _BREAKING, "a property became required"),
    Check("request-property-became-optional", _COMPATIBLE, "a property became optional"),
    Check("response-required-property-added", _COMPATIBLE, "a property was added, which is always sent"),
    Check("response-optional-property-added", _COMPATIBLE, "a property was added"),
    Check("response-required-property-removed", _BREAKING, "a property that was always sent is gone"),
    Check("response-optional-property-removed", _RISKY, "a property that may be sent is gone"),
    Check("response-property-renamed", _BREAKING, "a property got another name", ours=True),
    Check("response-property-became-required", _COMPATIBLE, "a property is always sent now"),
    Check("response-property-became-optional", _BREAKING, "a property is no longer always sent"),
)
_SECURITY = (
    Check("api-security-added", _COMPATIBLE, "an operation may be called with another scheme"),
    Check("api-security-removed", _BREAKING, "an operation may no longer be called with a scheme"),
    Check("api-security-became-required", _BREAKING, "an operation asks who calls it now", ours=True),
    Check("api-security-became-optional", _COMPATIBLE, "an operation no longer asks who calls it", ours=True),
    Check("api-security-scope-added", _BREAKING, "an operation asks for another scope"),
    Check("api-security-scope-removed", _COMPATIBLE, "an operation no longer asks for a scope"),
    Check("api-global-security-added", _COMPATIBLE, "the API may be called with another scheme"),
    Check("api-global-security-removed", _BREAKING, "the API may no longer be called with a scheme"),
    Check("api-global-security-became-required", _BREAKING, "the API asks who calls it now", ours=True),
    Check("api-global-security-became-optional", _COMPATIBLE, "the API no longer asks who calls it", ours=True),
    Check("api-global-security-scope-added", _BREAKING, "the API asks for another scope"),
    Check("api-global-security-scope-removed", _COMPATIBLE, "the API no longer asks for a scope"),
    Check(
        "api-security-component-type-changed",
        _BREAKING,
        "a scheme works in another way",
        why="whoever logs in by it must do so differently",
    ),
    Check("api-security-component-oauth-url-changed", _RISKY, "a scheme authorises elsewhere", why=_OLD_CLIENTS),
    Check(
        "api-security-component-oauth-token-url-changed", _RISKY, "a scheme gives tokens elsewhere", why=_OLD_CLIENTS
    ),
)

# Where a schema stands, and what it is called in titles.
_REQUEST_SITES = {"parameter": "a parameter", "body": "a body", "property": "a property"}
_RESPONSE_SITES = {"body": "an answer", "property": "a property"}
# What is measured, as its id says it.
LIMITS = MappingProxyType(
    {
        "maximum": "max",
        "exclusiveMaximum": "exclusive-max",
        "maxLength": "max-length",
        "maxItems": "max-items",
        "minimum": "min",
        "exclusiveMinimum": "exclusive-min",
        "minLength": "min-length",
        "minItems": "min-items",
    }
)


def _of_requests() -> Iterator[Check]:
    """What may be sent: less is breaking, more is compatible."""
    for site, name in _REQUEST_SITES.items():
        start, parameter, body = f"request-{site}", site == "parameter", site == "body"
        yield Check(f"{start}-type-changed", _BREAKING, f"{name} has another type, or a narrower one")
        yield Check(f"{start}-type-generalized", _COMPATIBLE, f"{name} has a wider type")
        yield Check(f"{start}-type-compatible", _COMPATIBLE, f"{name} has another format of its type", ours=parameter)
        yield Check(f"{start}-became-nullable", _COMPATIBLE, f"{name} may be null")
        yield Check(f"{start}-became-not-nullable", _BREAKING, f"{name} may no longer be null")
        yield Check(f"{start}-became-enum", _BREAKING, f"{name} is restricted to some values")
        yield Check(
            f"{start}-became-not-enum", _COMPATIBLE, f"{name} is no longer restricted to some values", ours=True
        )
        yield Check(f"{start}-enum-value-added", _COMPATIBLE, f"{name} may have another value", ours=body)
        yield Check(f"{start}-enum-value-removed", _BREAKING, f"{name} may no longer have a value")
        yield Check(f"{start}-default-value-added", _COMPATIBLE, f"{name} has a default")
        yield Check(
            f"{start}-default-value-changed",
            _RISKY,
            f"{name} has another default",
            why="who leaves it out gets something else",
        )
        yield Check(
            f"{start}-default-value-removed", _RISKY, f"{name} has no default now", why="who leaves it out relied on it"
        )
        yield Check(f"{start}-pattern-added", _BREAKING, f"{name} must match a pattern", ours=body)
        yield Check(f"{start}-pattern-changed", _RISKY, f"{name} must match another pattern", ours=body)
        yield Check(f"{start}-pattern-removed", _COMPATIBLE, f"{name} need not match a pattern", ours=body)
        yield Check(f"{start}-constraint-changed", _RISKY, f"another rule holds for {name}", ours=True)
        yield Check(f"{start}-deprecated", _COMPATIBLE, f"{name} was deprecated", ours=body)
        yield Check(f"{start}-reactivated", _COMPATIBLE, f"{name} is no longer deprecated", ours=body)
        for keyword, limit in LIMITS.items():
            least = keyword.lower().find("min") >= 0
            unknown = keyword in ("minLength", "maxItems")  # oasdiff has no id for setting these
            yield Check(f"{start}-{limit}-set", _BREAKING, f"{keyword} of {name} was set", ours=unknown)
            yield Check(f"{start}-{limit}-unset", _COMPATIBLE, f"{keyword} of {name} was dropped", ours=True)
            for verb, tighter in (("increased", least), ("decreased", not least)):
                level = _BREAKING if tighter else _COMPATIBLE
                yield Check(
                    f"{start}-{limit}-{verb}",
                    level,
                    f"{keyword} of {name} was {verb}",
                    ours=keyword == "maxItems" and not parameter,
                )


def _of_responses() -> Iterator[Check]:
    """What may come: more is risky at least, less is compatible."""
    for site, name in _RESPONSE_SITES.items():
        start, body = f"response-{site}", site == "body"
        yield Check(f"{start}-type-changed", _BREAKING, f"{name} has another type, or a wider one")
        yield Check(f"{start}-type-specialized", _COMPATIBLE, f"{name} has a narrower type", ours=True)
        yield Check(f"{start}-type-compatible", _COMPATIBLE, f"{name} has another format of its type", ours=True)
        yield Check(f"{start}-became-nullable", _RISKY, f"{name} may be null", why=_ABSENT_ANYWAY)
        yield Check(f"{start}-became-not-nullable", _COMPATIBLE, f"{name} is no longer null")
        yield Check(f"{start}-became-enum", _COMPATIBLE, f"{name} has one of some values", ours=True)
        yield Check(
            f"{start}-became-not-enum",
            _RISKY,
            f"{name} has any value, no longer one of some",
            ours=True,
            why=_SEEN_BY_CODE,
        )
        yield Check(f"{start}-enum-value-added", _RISKY, f"{name} may have another value", ours=body, why=_SEEN_BY_CODE)
        yield Check(f"{start}-enum-value-removed", _COMPATIBLE, f"{name} no longer has a value", ours=body)
        for verb in ("added", "changed", "removed"):
            yield Check(f"{start}-default-value-{verb}", _COMPATIBLE, f"the default of {name} was {verb}")
            yield Check(f"{start}-pattern-{verb}", _COMPATIBLE, f"the pattern of {name} was {verb}", ours=body)
        yield Check(f"{start}-constraint-changed", _COMPATIBLE, f"another rule holds for {name}", ours=True)
        yield Check(f"{start}-deprecated", _COMPATIBLE, f"{name} was deprecated", ours=body)
        yield Check(f"{start}-reactivated", _COMPATIBLE, f"{name} is no longer deprecated", ours=body)
        for keyword, limit in LIMITS.items():
            least = keyword.lower().find("min") >= 0
            for verb, looser in (("set", False), ("unset", True), ("increased", not least), ("decreased", least)):
                level = _RISKY if looser else _COMPATIBLE
                known = looser and (verb != "unset" or keyword in ("maxLength", "minItems")) and keyword != "maxItems"
                why = _BEYOND if looser else ""
                yield Check(
                    f"{start}-{limit}-{verb}", level, f"{keyword} of {name} was {verb}", ours=not known, why=why
                )


def _of_structure() -> Iterator[Check]:
    """Variants, tuples, maps and discriminators of bodies and properties, in both directions."""
    for direction, more, less in (("request", _COMPATIBLE, _BREAKING), ("response", _RISKY, _COMPATIBLE)):
        for site in ("body", "property"):
            start = f"{direction}-{site}"
            unknown = _SEEN_BY_CODE if direction == "response" else ""
            for union in ("one-of", "any-of"):
                yield Check(f"{start}-{union}-added", more, f"a variant of a {site} was added", why=unknown)
                yield Check(f"{start}-{union}-removed", less, f"a variant of a {site} was removed")
            yield Check(f"{start}-prefix-items-added", _BREAKING, f"a tuple in a {site} has more places")
            yield Check(f"{start}-prefix-items-removed", _BREAKING, f"a tuple in a {site} has fewer places")
            yield Check(
                f"{start}-additional-properties-allowed", more, f"a {site} may hold undeclared properties", ours=True
            )
            yield Check(
                f"{start}-additional-properties-disallowed", less, f"a {site} holds declared properties only", ours=True
            )
            yield Check(f"{start}-discriminator-added", _COMPATIBLE, f"a {site} says which variant it is")
            yield Check(
                f"{start}-discriminator-removed",
                _RISKY,
                f"a {site} no longer says which variant it is",
                why=_READ_BY_IT,
            )
            yield Check(
                f"{start}-discriminator-property-name-changed",
                _BREAKING,
                f"a {site} says elsewhere which variant it is",
                why=_READ_BY_IT,
            )
            yield Check(
                f"{start}-discriminator-mapping-added", more, f"another name of a variant of a {site}", why=unknown
            )
            yield Check(
                f"{start}-discriminator-mapping-deleted",
                less,
                f"a name of a variant of a {site} is gone",
                why="" if direction == "response" else "a body with this name is no longer understood",
            )
            yield Check(
                f"{start}-discriminator-mapping-changed",
                _BREAKING,
                f"a name stands for another variant of a {site}",
                why=_READ_BY_IT,
            )


def _table(checks: Iterable[Check]) -> Mapping[str, Check]:
    table: dict[str, Check] = {}
    for check in checks:
        if check.id in table:
            raise ValueError(f"two checks are called {check.id}")
        table[check.id] = check
    return MappingProxyType(dict(sorted(table.items())))


CHECKS = _table(
    (
        *_OPERATIONS,
        *_PARAMETERS,
        *_BODIES,
        *_PROPERTIES,
        *_SECURITY,
        *_of_requests(),
        *_of_responses(),
        *_of_structure(),
    )
)
