"""What the parser cannot say: maps, groups, pages, watches, forms, secrets; the package as it will be printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.document import MISREPORTED, WITHDRAWN
from generator.errors import GeneratorError
from generator.package import Misreported, Package, Withdrawn
from generator.parse import Parsed
from generator.pytypes import EnvelopeOf
from generator.refine.groups import tree
from generator.refine.kinds import object_kinds
from generator.refine.models import model_modules
from generator.refine.operations import operations_by_group
from generator.release import Release
from generator.unproven import as_published, untyped


def refine(parsed: Parsed, release: Release) -> Package:
    """Decide everything that the templates print.

    Raises:
        GeneratorError: the document asks for something that Python or the client cannot say.
    """
    document = parsed.document
    by_group = operations_by_group(parsed)
    lazy_lists = {
        operation.returns.envelope if isinstance(operation.returns, EnvelopeOf) else operation.returns
        for group in by_group.values()
        for operation in group
        if operation.page_item is not None
    }
    return Package(
        release=release.name,
        version=release.version,
        title=release.title,
        checked=release.checked,
        token_path=_token_path(document),
        misreported=tuple(Misreported(**entry) for entry in document.get(MISREPORTED, [])),
        object_kinds=object_kinds(document),
        groups=tree(by_group),
        modules=model_modules(parsed, lazy_lists),
        withdrawn=tuple(
            Withdrawn(method=entry["method"], path=entry["path"], name=entry.get("name", ""), reason=entry["reason"])
            for entry in document.get(WITHDRAWN, [])
        ),
        untyped=untyped(document),
        as_published=as_published(document),
    )


def _token_path(document: Mapping[str, Any]) -> str | None:
    """The address of the token endpoint, relative to the server's."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        address = scheme.get("flows", {}).get("password", {}).get("tokenUrl")
        if address is None:
            continue
        if (
            not isinstance(address, str)
            or not address.startswith("/")
            or address.startswith("//")
            or not address.isprintable()
        ):
            raise GeneratorError(
                f"The token address {address!a} is not a path of the server; passwords would be sent elsewhere.\n"
                "Correct the security scheme with an overlay."
            )
        return address
    return None
