"""The last look at a corrected document: it is OpenAPI 3.1, everything in it leads somewhere, and nothing was lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from generator.conformance import WAY_OUT, check_form, check_meaning, objects, place_in
from generator.document import ADDED, PUBLISHED, WITHDRAWN, operations
from generator.errors import GeneratorError
from generator.swagger.place import shown

Published = tuple[str, str, str]  # source, METHOD, path

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110 §5.6.2
_MEDIA_TYPE = re.compile(rf'({_TOKEN}/{_TOKEN})(\s*;\s*{_TOKEN}=({_TOKEN}|"[^"\\\x00-\x1f]*"))*')
# What the client knows how to send or to read. application/apply-patch+yaml is Kubernetes' own.
_KNOWN_MEDIA_TYPE = re.compile(
    r"application/(json|yaml|xml|zip|octet-stream|x-www-form-urlencoded|vnd\.kubernetes\.protobuf|[^/]+\+(json|yaml))"
    r"|multipart/form-data|text/[^/]+|image/[^/]+|\*/\*"
)


def validate(document: Mapping[str, Any]) -> None:
    """Makes sure that a document, named and ready, can be built from and published.

    Raises:
        GeneratorError: openapi-spec-validator objects, a reference leads nowhere, an operation has no unique
            operationId or says not where it comes from, a media type is not one or unknown, or the parameters of a
            path are not those in its template. The message has the first finding and the number of the others.
    """
    check_form(document)
    _raise_findings(list(_findings(document)))
    check_meaning(document)


def check_nothing_lost(published: Iterable[Published], document: Mapping[str, Any]) -> None:
    """Makes sure that each published operation is either in the document or withdrawn from it.

    Args:
        published: every operation of the sources as (source, METHOD, path).
        document: the corrected document.

    Raises:
        GeneratorError: one is in neither, in both, or twice in one; or one was never published, or has no reason.
    """
    marks = (operation.get(PUBLISHED) for _, _, operation in operations(document))
    present = Counter(_identity(mark) for mark in marks if mark is not None)
    entries = document.get(WITHDRAWN, [])
    withdrawn = Counter(_identity(entry) for entry in entries)
    expected = dict.fromkeys(published)
    findings = [
        finding
        for one in expected.keys() | present.keys() | withdrawn.keys()
        if (finding := _fate(one, one in expected, present[one], withdrawn[one]))
    ]
    unexplained = [
        f"{_named(_identity(entry))} is withdrawn without a reason" for entry in entries if not entry.get("reason")
    ]
    _raise_findings(sorted(findings) + sorted(unexplained))


def _identity(mark: Mapping[str, Any]) -> Published:
    return mark["source"], mark["method"], mark["path"]


def _named(one: Published) -> str:
    return f"{one[1]} {one[2]} of {one[0]}"


def _fate(one: Published, published: bool, present: int, withdrawn: int) -> str | None:
    if not published:
        return f"{_named(one)} is said to be published, and is not"
    match present, withdrawn:
        case (1, 0) | (0, 1):
            return None
        case 0, 0:
            return f"{_named(one)} was lost: it is neither in the document nor withdrawn"
        case _, 0:
            return f"{_named(one)} is in the document {present} times"
        case 0, _:
            return f"{_named(one)} is withdrawn {withdrawn} times"
    return f"{_named(one)} is both in the document and withdrawn"


def _raise_findings(findings: list[str]) -> None:
    if findings:
        others = f"\nThis is the first of {len(findings)} findings." if len(findings) > 1 else ""
        raise GeneratorError(f"{shown(findings[0])}.{others}\n{WAY_OUT}")


def _findings(document: Mapping[str, Any]) -> Iterator[str]:
    if "paths" not in document:
        yield "the document has no paths"
        return
    strays = [key for key in document["paths"] if not key.startswith("/")]
    if strays:  # an extension among the paths could hold anything, and no later stage looks out for it
        yield f"'{strays[0]}' stands where paths that start with '/' belong"
        return
    yield from _dangling_references(document)
    seen: dict[str, str] = {}
    for method, path, operation in operations(document):
        name = f"{method.upper()} {path}"
        yield from (f"{name}: {finding}" for finding in _operation_findings(operation, seen, name))
        yield from (f"{name}: {finding}" for finding in _media_type_findings(operation, document))
        yield from (f"{name}: {finding}" for finding in _path_parameter_findings(document, path, operation))
        yield from (f"{name}: {finding}" for finding in _parameter_name_findings(operation, document))


def _operation_findings(operation: Mapping[str, Any], seen: dict[str, str], name: str) -> Iterator[str]:
    identifier = operation.get("operationId")
    if not identifier:
        yield "it has no operationId"
    elif identifier in seen:
        yield f"the operationId '{identifier}' is that of {seen[identifier]} too"
    else:
        seen[identifier] = name
    mark = operation.get(PUBLISHED)
    if mark is None and operation.get(ADDED) is not True:
        yield f"it has neither {PUBLISHED} nor {ADDED}, so nobody knows where it comes from"
    if mark is not None and not (isinstance(mark, dict) and {"source", "method", "path"} <= mark.keys()):
        yield f"its {PUBLISHED} lacks source, method or path"


def _media_type_findings(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    contents = {f"response {status}": response for status, response in operation.get("responses", {}).items()}
    for place, part in {"request body": operation.get("requestBody", {}), **contents}.items():
        for media in _resolved(part, document).get("content", {}):
            match = _MEDIA_TYPE.fullmatch(media)
            if match is None:
                yield f"'{media}' of the {place} is not a media type"
            elif not _KNOWN_MEDIA_TYPE.fullmatch(match[1].lower()):
                yield f"'{media}' of the {place} is a media type the client does not know"


def _path_parameter_findings(document: Mapping[str, Any], path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    in_template = re.findall(r"{([^{}]*)}", path)
    item = document["paths"][path]
    declared = [
        str(parameter.get("name"))
        for reference in (*item.get("parameters", ()), *operation.get("parameters", ()))
        if (parameter := _resolved(reference, document)).get("in") == "path"
    ]
    for name in sorted(set(in_template) - set(declared)):
        yield f"the path has {{{name}}}, and no parameter declares it"
    for name in sorted(set(declared) - set(in_template)):
        yield f"the path parameter '{name}' is not in the path"
    for name, count in Counter(in_template).items():
        if count > 1:
            yield f"the path has {{{name}}} {count} times"


def _parameter_name_findings(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    for reference in operation.get("parameters", ()):
        parameter = _resolved(reference, document)
        name, location = str(parameter.get("name", "")), parameter.get("in")
        if not name:
            yield f"a {location} parameter has an empty name"
        elif location == "header" and not re.fullmatch(_TOKEN, name):
            yield f"'{shown(name)}' is no name of a header"


def _resolved(node: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    target = _target(document, node["$ref"]) if isinstance(node, dict) and "$ref" in node else node
    return target if isinstance(target, dict) else {}


def _dangling_references(document: Mapping[str, Any]) -> Iterator[str]:
    for node, steps in objects(document):
        for reference in _references(node):
            if _target(document, reference) is None:
                yield f"the reference '{shown(reference)}' leads nowhere, at {place_in(steps)}"


def _references(node: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(node.get("$ref"), str):
        yield node["$ref"]
    discriminator = node.get("discriminator")
    if isinstance(discriminator, dict):
        yield from discriminator.get("mapping", {}).values()


def _target(document: Mapping[str, Any], reference: str) -> Any:
    """What a reference within the document leads to, or None."""
    if not reference.startswith("#/"):
        return None
    node: Any = document
    for token in reference.removeprefix("#/").split("/"):
        key = unquote(token).replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isascii() and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node
