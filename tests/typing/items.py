"""What the fields of an object read as: what is always there is never None."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_type

from kubesphere_client import KubeSphere, Timestamp
from kubesphere_client.models import (
    Container,
    Namespace,
    ObjectMeta,
    Pod,
    PodSpec,
    PolicyRule,
    Role,
    User,
    UserSpec,
    WorkspaceTemplate,
)


def metadata(user: User) -> None:
    assert_type(user.metadata, ObjectMeta)
    assert_type(user.metadata.name, str)
    assert_type(user.metadata.namespace, str | None)
    assert_type(user.metadata.labels, dict[str, str] | None)
    assert_type(user.metadata.creation_timestamp, Timestamp | None)
    assert_type(user.kind, str | None)


def times(user: User) -> datetime | None:
    return user.metadata.creation_timestamp


def specs(user: User, pod: Pod, role: Role) -> None:
    assert_type(user.spec, UserSpec)
    assert_type(user.spec.email, str)
    assert_type(pod.spec, PodSpec | None)
    assert_type(role.rules, list[PolicyRule] | None)
    if pod.spec is not None and pod.spec.containers is not None:
        assert_type(pod.spec.containers, list[Container])
        assert_type(pod.spec.containers[0].name, str)


def got(ks: KubeSphere) -> None:
    assert_type(ks.iam.v1alpha2.get_user("admin"), User)
    assert_type(ks.tenant.v1alpha2.get_workspace("demo"), WorkspaceTemplate)
    assert_type(ks.tenant.v1alpha2.get_workspace_namespace("demo", "demo-project"), Namespace)


def unknown_fields(pod: Pod) -> None:
    # A field that the description does not know is reached by its name, and can be anything.
    assert_type(pod["spec"], Any)
    assert_type("spec" in pod, bool)


def there_and_back(data: dict[str, Any]) -> None:
    assert_type(User.from_dict(data), User)
    assert_type(User.from_dict(data).to_dict(), dict[str, Any])
