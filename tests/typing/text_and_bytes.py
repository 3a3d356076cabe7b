"""Operations whose answer is no JSON give text, bytes or nothing."""

from __future__ import annotations

from typing import assert_type

from kubesphere_client import AsyncKubeSphere, KubeSphere


def text(ks: KubeSphere) -> None:
    devops = ks.devops.v1alpha2
    assert_type(devops.get_run_log("demo-devops", "build", "1", start=0), str)
    assert_type(devops.get_branch_run_step_log("demo-devops", "build", "main", "1", "6", "12"), str)
    assert_type(ks.tenant.v1alpha2.export_logs(namespaces=["demo-project"]), str)
    assert_type(ks.resources.v1alpha2.get_user_kubeconfig("admin"), str)


def content(ks: KubeSphere) -> None:
    assert_type(ks.devops.v1alpha2.download_s2i_binary("demo-project", "app", "app.jar"), bytes)
    assert_type(ks.openpitrix.v1.get_attachment_file("att-1", filename="raw"), bytes)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    assert_type(await ks.resources.v1alpha2.get_user_kubeconfig("admin"), str)
    assert_type(await ks.openpitrix.v1.get_attachment_file("att-1", filename="raw"), bytes)
