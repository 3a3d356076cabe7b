"""What is measured: each point is a time and a value."""

from __future__ import annotations

from typing import assert_type

from kubesphere_client import KubeSphere
from kubesphere_client.models import Metrics
from kubesphere_client.models.monitoring_v1alpha3 import MetricValue


def metrics(ks: KubeSphere) -> None:
    monitoring = ks.monitoring.v1alpha3
    assert_type(monitoring.get_cluster_metrics(metrics_filter="cluster_cpu_utilisation"), Metrics)
    assert_type(monitoring.get_node_metrics("node-0", start=1_600_000_000, end=1_600_003_600, step="10m"), Metrics)
    assert_type(
        monitoring.list_pod_metrics("default", sort_metric="pod_cpu_usage", sort_type="desc", page=1, limit=5), Metrics
    )


def points(value: MetricValue) -> None:
    assert_type(value.metric, dict[str, str] | None)
    assert_type(value.value, tuple[float, str] | None)
    assert_type(value.values, list[tuple[float, str]] | None)


def newest(metrics: Metrics) -> dict[str, float]:
    found = {}
    for metric in metrics.results or []:
        for value in metric.data.result or []:
            if value.value is not None:
                time, text = value.value
                assert_type(time, float)
                found[(value.metric or {}).get("pod", "")] = float(text)
    return found
