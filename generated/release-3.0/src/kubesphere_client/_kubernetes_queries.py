"""What calls of `ks.kubernetes` ask with, and the operations of logs. No input or output here."""

from __future__ import annotations

from typing import Any

from kubesphere_client._operation import Operation

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
