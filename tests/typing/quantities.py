"""Amounts are text that can be compared and counted with, going in and coming out."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

from kubesphere_client import IntOrString, Quantity
from kubesphere_client.models import Node, ResourceRequirements, ServicePort


def read(node: Node, resources: ResourceRequirements) -> None:
    if node.status is not None:
        assert_type(node.status.capacity, dict[str, Quantity] | None)
    assert_type(resources.limits, dict[str, Quantity] | None)
    if resources.limits is not None:
        assert_type(resources.limits["cpu"].to_decimal(), Decimal)


def as_text(quantity: Quantity) -> str:
    return quantity


def written() -> ResourceRequirements:
    return ResourceRequirements(requests={"cpu": Quantity("500m"), "memory": Quantity("2Gi")})


def ports(port: ServicePort) -> ServicePort:
    assert_type(port.target_port, IntOrString | None)
    return ServicePort(port=80, target_port="http" if isinstance(port.target_port, int) else 8080)
