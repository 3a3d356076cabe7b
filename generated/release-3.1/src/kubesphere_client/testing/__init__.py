"""A KubeSphere server for tests: real HTTP on loopback, from the standard library alone."""

from kubesphere_client.testing._cluster import FakeCluster
from kubesphere_client.testing._fake import FakeKubeSphere
from kubesphere_client.testing._faults import Breakage
from kubesphere_client.testing._listing import Family
from kubesphere_client.testing._messages import Answer, ReceivedRequest

__all__ = ["Answer", "Breakage", "FakeCluster", "FakeKubeSphere", "Family", "ReceivedRequest"]
