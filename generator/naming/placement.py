"""Where in the client an operation lives, by its path: `ks.iam.v1alpha2`, `ks.crd.tenant.v1alpha1`, `ks.kubernetes`."""

from __future__ import annotations

import keyword
import re

from attrs import frozen

from generator.errors import GeneratorError

_LITERAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*\Z")
_PARAMETER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_.-]*\}\Z")
_VERSION = r"(?P<version>v[0-9]+(?:(?:alpha|beta)[0-9]+)?)"
_GROUP = r"(?P<group>[a-z][a-z0-9-]*)"

# One row for each line of the table: a pattern for the front of a path, and the attribute it stands for. The first that
# matches holds. What follows the front is what the operation is about. `@` marks paths that Kubernetes serves, and whose
# operations are named as Kubernetes names them.
_ROWS = tuple(
    (re.compile(pattern + r"(?:/|\Z)"), attribute)
    for pattern, attribute in (
        (r"/kapis(?=/version\Z)", "platform"),
        (rf"/kapis/config\.kubesphere\.io/{_VERSION}(?=/configs/)", "platform"),
        (rf"/kapis/openpitrix\.io/{_VERSION}", "openpitrix.<version>"),
        (rf"/kapis/{_GROUP}\.kubesphere\.io/{_VERSION}", "<group>.<version>"),
        (r"/kapis/(?P<group>alerting|notification)\.kubesphere\.io", "<group>"),
        (r"/oauth", "oauth"),
        (rf"/apis/{_GROUP}\.kubesphere\.io/{_VERSION}", "@crd.<group>.<version>"),
        (rf"/apis/{_GROUP}\.kubesphere\.io", "@crd.<group>"),
        (rf"/apis/(?P<group>app|snapshot\.storage)\.k8s\.io/{_VERSION}", "@crd.<group>.<version>"),
        (r"/apis/(?P<group>app|snapshot\.storage)\.k8s\.io", "@crd.<group>"),
        (rf"/apis/types\.(?P<group>kubefed)\.io/{_VERSION}", "@crd.<group>.<version>"),
        (r"/apis/types\.(?P<group>kubefed)\.io", "@crd.<group>"),
        (r"/api/v1", "@kubernetes"),
        (rf"/apis/[a-z][a-z0-9.-]*/{_VERSION}", "@kubernetes"),
        (r"/apis/[a-z][a-z0-9.-]*\Z", "@kubernetes"),
        (r"/apis?", "@kubernetes"),
    )
)
# What the client itself has under these names cannot be a group.
_TAKEN = frozenset("aclose auth close crd login on_cluster oauth platform with_raw_response".split())


@frozen
class Place:
    """Where an operation lives (`attribute`), and the segments of its path that say what it is about.

    `depth` tells the documents of the Kubernetes discovery apart: the number of segments before those.
    """

    attribute: str
    segments: tuple[str, ...]
    kubernetes: bool
    depth: int


def place(path: str) -> Place:
    """The place of an operation.

    Raises:
        GeneratorError: the path is no plain text, or fits no row of the table.
    """
    check_path(path)
    plain = path.rstrip("/")
    for pattern, attribute in _ROWS:
        match = pattern.match(plain)
        if match is not None:
            front = match[0].rstrip("/")
            return Place(
                attribute=_attribute(attribute, match),
                segments=tuple(plain[len(front) :].strip("/").split("/")) if plain != front else (),
                kubernetes=attribute.startswith("@"),
                depth=front.count("/"),
            )
    raise GeneratorError(
        f"The path {path} has no place in the client.\n"
        "Add a row for it to generator/naming/placement.py, or withdraw its operations with an overlay."
    )


def check_path(path: str) -> None:
    """Raise GeneratorError unless each segment of the path is plain text or one parameter, as in `/a/{b}`."""
    first, *segments = path.split("/")
    if segments and not segments[-1]:
        segments.pop()
    if first or not all(_LITERAL.match(one) or _PARAMETER.match(one) for one in segments):
        raise GeneratorError(
            f"The path {ascii(path)[:200]} is not one that a name can be made of: segments are plain text or a {{parameter}}.\n"
            "Correct it with an overlay."
        )


def _attribute(template: str, match: re.Match[str]) -> str:
    found = match.groupdict()
    # The group snapshot.storage.k8s.io is `snapshot`: the first word says what it is.
    group = found.get("group", "").partition(".")[0].replace("-", "_")
    if (template.startswith("<group>") and group in _TAKEN) or keyword.iskeyword(group):
        group += "_"
    return template.removeprefix("@").replace("<group>", group).replace("<version>", found.get("version") or "")
