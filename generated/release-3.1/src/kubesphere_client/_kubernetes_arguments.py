"""The keyword arguments of `ks.kubernetes`, for type checkers: each method has them in several overloads."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from kubesphere_client._operation import RequestOptions

PatchType: TypeAlias = Literal[
    "application/merge-patch+json",
    "application/json-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
]
Propagation: TypeAlias = Literal["Foreground", "Background", "Orphan"]


class InPlace(RequestOptions, total=False):
    namespace: str | None
    api_version: str | None


class Selecting(InPlace, total=False):
    label_selector: str | None
    field_selector: str | None


class Listing(Selecting, total=False):
    limit: int | None
    continue_: str | None
    resource_version: str | None


class Watching(Selecting, total=False):
    name: str | None
    resource_version: str | None
    timeout_seconds: int | None


class Whole(InPlace, total=False):
    """Of a whole object, which its status is a part of that looks like it."""

    subresource: Literal["status"] | None


class Part(InPlace, total=False):
    subresource: str | None


class Writing(RequestOptions, total=False):
    namespace: str | None
    dry_run: bool
    field_manager: str | None


class Replacing(Writing, total=False):
    subresource: Literal["status"] | None


class _Patch(TypedDict, total=False):
    content_type: PatchType | None
    dry_run: bool
    field_manager: str | None
    force: bool | None


class Patching(Whole, _Patch, total=False):
    """Of a whole object."""


class PatchingPart(Part, _Patch, total=False):
    """Of a part that is another kind of object, such as its scale."""


class Deleting(InPlace, total=False):
    propagation_policy: Propagation | None
    grace_period_seconds: int | None
    dry_run: bool
    wait: bool
    wait_timeout: float | None


class DeletingMany(Selecting, total=False):
    dry_run: bool
