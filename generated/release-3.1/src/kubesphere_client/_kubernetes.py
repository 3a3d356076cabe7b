"""`ks.kubernetes`: Kubernetes itself through the server, any kind of object by its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from kubesphere_client._async_kubernetes_reading import AsyncKubernetesReading
from kubesphere_client._async_kubernetes_writing import AsyncKubernetesWriting
from kubesphere_client._kubernetes_reading import KubernetesReading
from kubesphere_client._kubernetes_writing import KubernetesWriting

if TYPE_CHECKING:
    from kubesphere_client.models import KubernetesObject

M = TypeVar("M", bound="KubernetesObject")
A = TypeVar("A")


class Kubernetes(KubernetesReading, KubernetesWriting):
    """Kubernetes itself, through the server: /api/v1 and any /apis/<group>/<version>.

    A kind is given as Kubernetes writes it ("Deployment"), or as its class (`models.Deployment`), which is what type
    checkers then know the objects as. Objects are of that class either way, where there is one. Kinds that are not known
    by name need `api_version`, and the server is then asked once where they are.

    Objects of a list or watch are given the apiVersion and kind that Kubernetes leaves out there.
    """


class AsyncKubernetes(AsyncKubernetesReading, AsyncKubernetesWriting):
    """Kubernetes itself, through the server: /api/v1 and any /apis/<group>/<version>; see `Kubernetes`."""


class KubernetesMethods(Generic[A]):
    """What `ks.kubernetes` is in a view that gives answers in another form; for type checkers."""

    list: Callable[..., A]
    get: Callable[..., A]
    create: Callable[..., A]
    replace: Callable[..., A]
    patch: Callable[..., A]
    delete: Callable[..., A]
    delete_collection: Callable[..., A]
    scale: Callable[..., A]
    logs: Callable[..., A]
