"""What a search in recorded events, logs and audit events gives."""

from __future__ import annotations

from typing import assert_type

from kubesphere_client import KubeSphere, Timestamp
from kubesphere_client.models import (
    AuditEventsResult,
    Event,
    EventHistogram,
    EventsResult,
    LogRecord,
    LogsResult,
    ObjectReference,
)


def events(ks: KubeSphere) -> None:
    result = ks.tenant.v1alpha2.query_events(start_time=1_600_000_000, limit=20, sort="asc")
    assert_type(result, EventsResult)
    assert_type(result.histogram, EventHistogram | None)
    if result.query is not None:
        assert_type(result.query.total, int)
        assert_type(result.query.records, list[Event] | None)


def one_event(event: Event) -> None:
    assert_type(event.involved_object, ObjectReference)
    assert_type(event.last_timestamp, Timestamp | None)
    assert_type(event.count, int | None)


def logs(ks: KubeSphere) -> None:
    result = ks.tenant.v1alpha2.query_logs(operation="query", namespaces=["demo-project"])
    assert_type(result, LogsResult)
    if result.query is not None:
        assert_type(result.query.records, list[LogRecord] | None)


def audit_events(ks: KubeSphere) -> None:
    assert_type(ks.tenant.v1alpha2.query_audit_events(operation="histogram", interval="15m"), AuditEventsResult)
