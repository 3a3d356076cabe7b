"""Member clusters: the same operations, at addresses that name the cluster."""

from __future__ import annotations

from typing import Self

from kubesphere_client._parameters import fill_path
from kubesphere_client._views import Views
from kubesphere_client.errors import InvalidArgumentError

# The cluster comes after the root of the API (evidence/server.md §7); nothing else is served for members.
_ROOTS = ("kapis", "apis", "api")


class Clusters(Views):
    """What a client offers where KubeSphere manages several clusters."""

    def on_cluster(self, name: str) -> Self:
        """The client for a member cluster; it shares connections and token with this one, which is the one to close.

        Args:
            name: the cluster's name, as `ks.crd.cluster.v1alpha1.list_clusters()` has it.

        Calls raise what the member answers, and besides ClusterNotFoundError, ClusterNotReadyError where the host knows that
        the cluster is not ready, and ClusterUnreachableError where it cannot be reached. A host that manages no clusters
        answers with a NotFoundError, which says so (recordings mc-004-on, mc-006-on, mc-038-on-ready, mc-005-off).

        Raises:
            InvalidArgumentError: the name cannot be part of an address.

        Example:
            ks.on_cluster("member-1").resources.v1alpha3.list_namespaced_resources("default", "pods")
        """
        prefix = fill_path("/clusters/{name}", {"name": name}, tail=(), operation="on_cluster")
        return self._derived(_sender=self._sender.on_cluster(prefix))


def placed(path: str, cluster: str, operation: str) -> str:
    """The path of an operation at a member: `/kapis/x` is `/kapis/clusters/member-1/x`.

    Raises:
        InvalidArgumentError: members do not serve the path.
    """
    _, root, rest = path.split("/", 2) if path.count("/") > 1 else ("", path.strip("/"), "")
    if root not in _ROOTS or not rest:
        raise InvalidArgumentError(
            f"{operation}: {path.partition('?')[0]} is not served for a member cluster; call it without on_cluster."
        )
    return f"/{root}{cluster}/{rest}"
