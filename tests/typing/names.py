"""What is imported on first use is known as if it had been imported at once."""

from __future__ import annotations

from typing import assert_type

import kubesphere_client
from kubesphere_client import KubeSphere, NotFoundError, Timestamp, preload
from kubesphere_client.testing import FakeKubeSphere


def attributes() -> None:
    assert_type(kubesphere_client.__version__, str)
    assert_type(kubesphere_client.KubeSphere("http://ks.test"), KubeSphere)
    assert_type(kubesphere_client.testing.FakeKubeSphere(), FakeKubeSphere)
    assert_type(kubesphere_client.models.ObjectMeta(name="web").creation_timestamp, Timestamp | None)
    known: type[NotFoundError] = kubesphere_client.errors.NotFoundError
    assert known
    assert kubesphere_client.auth.StaticToken("t")


def ahead_of_time() -> None:
    preload("iam", "crd.devops")
