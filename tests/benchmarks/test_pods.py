"""The objects that are decoded: as large as they are said to be, the same each time, and shaped as a server's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks import pods
from kubesphere_client.models.kubernetes import Pod

SOME = list(pods.pods(60))


def test_a_pod_has_eleven_kilobytes() -> None:
    assert all(abs(len(pods.compact(one)) / pods.SIZE - 1) <= 0.05 for one in SOME)


def test_one_seed_gives_the_same_pods_and_another_gives_others() -> None:
    assert list(pods.pods(3)) == SOME[:3]
    assert next(pods.pods(1, seed=1)) != SOME[0]


def test_no_two_pods_are_equal() -> None:
    assert len({one["metadata"]["uid"] for one in SOME}) == len(SOME)


def test_a_document_is_a_list_as_the_server_sends_it() -> None:
    document = json.loads(pods.document(5))

    assert document == {"items": SOME[:5], "totalItems": 5}


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (("metadata", "ownerReferences"), {1}),
        (("metadata", "managedFields"), {3}),
        (("spec", "containers"), {2, 3}),
        (("spec", "volumes"), {4}),
        (("spec", "tolerations"), {2}),
        (("status", "conditions"), {4}),
        (("status", "containerStatuses"), {2, 3}),
    ],
)
def test_a_pod_has_what_real_ones_have(where: tuple[str, str], count: set[int]) -> None:
    assert {len(one[where[0]][where[1]]) for one in SOME} == count


def test_the_client_knows_every_field_of_a_pod_and_loses_none() -> None:
    for one in SOME:
        pod = Pod.from_dict(json.loads(json.dumps(one)))

        assert list(_unknown(pod)) == []
        assert pod.to_dict() == one


def _unknown(value: Any) -> Any:
    if isinstance(value, list):
        for one in value:
            yield from _unknown(one)
    elif hasattr(value, "__wire__"):
        yield from value._extra or ()
        for attribute in value.__wire__.values():
            yield from _unknown(getattr(value, attribute))
