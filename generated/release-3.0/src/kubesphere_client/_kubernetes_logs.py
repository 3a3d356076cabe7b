"""Logs of pods: how they are asked for. No input or output here."""

from __future__ import annotations

from typing import Any

from kubesphere_client._operation import Operation

_PATH = "/api/v1/namespaces/{namespace}/pods/{pod}/log"
# Recordings proxy-032-get and proxy-044-log-follow: text, whatever is accepted.
LOG: Operation[str] = Operation("kubernetes.logs", "GET", _PATH, {200: str}, reads="text")
STREAMED_LOG: Operation[str] = Operation("kubernetes.stream_logs", "GET", _PATH, {200: str}, reads="text")


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
