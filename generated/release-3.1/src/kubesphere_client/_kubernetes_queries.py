"""What calls of `ks.kubernetes` ask with, and the operations of logs. No input or output here."""

from __future__ import annotations

from typing import Any

from kubesphere_client._operation import Operation
from kubesphere_client.errors import InvalidArgumentError

APPLY = "application/apply-patch+yaml"

_PATH = "/api/v1/namespaces/{namespace}/pods/{pod}/log"
# Recordings proxy-032-get and proxy-044-log-follow: text, whatever is accepted.
LOG: Operation[str] = Operation("kubernetes.logs", "GET", _PATH, {200: str}, reads="text")
STREAMED_LOG: Operation[str] = Operation("kubernetes.stream_logs", "GET", _PATH, {200: str}, reads="text")


def watch_query(
    name: str | None,
    label_selector: str | None,
    field_selector: str | None,
    resource_version: str | None,
    timeout_seconds: int | None,
) -> dict[str, Any]:
    """The parameters of a watch. One object is chosen by a field selector."""
    fields = [one for one in (None if name is None else f"metadata.name={name}", field_selector) if one is not None]
    return {
        "labelSelector": label_selector,
        "fieldSelector": ",".join(fields) or None,
        "resourceVersion": resource_version,
        "timeoutSeconds": timeout_seconds,
    }


def writing_query(dry_run: bool, field_manager: str | None) -> dict[str, Any]:
    return {"dryRun": "All" if dry_run else None, "fieldManager": field_manager}


def patch_query(
    body: Any, dry_run: bool, field_manager: str | None, force: bool | None, content_type: str | None
) -> dict[str, Any]:
    """
    Raises:
        InvalidArgumentError: Kubernetes would not take these together.
    """
    if isinstance(body, str | bytes) and content_type is None:
        raise InvalidArgumentError(
            "kubernetes.patch: say with content_type= what kind of patch the text is, or give a mapping or a list of steps."
        )
    applies = content_type == APPLY
    if applies and not field_manager:
        raise InvalidArgumentError("kubernetes.patch: an apply patch needs field_manager=, whom its fields belong to.")
    if force is not None and not applies:
        raise InvalidArgumentError(f'kubernetes.patch: force goes with content_type="{APPLY}" only.')
    return {**writing_query(dry_run, field_manager), "force": force}


def scale_patch(replicas: int) -> dict[str, Any]:
    """
    Raises:
        InvalidArgumentError: nothing can have so many replicas.
    """
    if isinstance(replicas, bool) or not isinstance(replicas, int) or replicas < 0:
        raise InvalidArgumentError(f"kubernetes.scale: replicas must be a whole number from 0, not {replicas!r:.80}.")
    return {"spec": {"replicas": replicas}}


def log_query(
    container: str | None,
    previous: bool | None,
    since_seconds: int | None,
    since_time: str | None,
    tail_lines: int | None,
    limit_bytes: int | None,
    timestamps: bool | None,
) -> dict[str, Any]:
    return {
        "container": container,
        "previous": previous,
        "sinceSeconds": since_seconds,
        "sinceTime": since_time,
        "tailLines": tail_lines,
        "limitBytes": limit_bytes,
        "timestamps": timestamps,
    }
