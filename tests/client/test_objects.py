"""Models keep everything of the JSON they came from, and behave as attrs classes."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import cattrs
import pytest
from cattrs.strategies import configure_union_passthrough, use_class_methods
from hypothesis import given
from hypothesis import strategies as st

from kubesphere_client._objects import (
    Items,
    Model,
    Quantity,
    Timestamp,
    decode_items,
    decode_list,
    decode_map,
    decode_page,
    decode_tagged,
    decode_tuple,
)
from tests.client.sample_models import Account, Container, ObjectMeta, Pod, PodList, PodSpec

POD: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {
        "name": "web-0",
        "labels": {"app": "web"},
        "creationTimestamp": "2020-11-18T08:03:00Z",
        "selfLink": None,
        "ownerReferences": [{"name": "web"}],
    },
    "spec": {
        "containers": [{"name": "nginx", "image": None, "sidecars": {"log": [{"name": "tail"}]}}],
        "limits": {"cpu": "500m", "memory": 1024},
        "port": "http",
    },
    "status": {"phase": "Running", "podIP": "10.0.0.7"},
}

WIRE_NAMES = sorted(
    {name for model in (PodList, Pod, ObjectMeta, PodSpec, Container, Account) for name in model.__wire__}
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["2020-11-18T08:03:00Z", "2020-11-18t08:03:00.123456789+08:00", "500m", "***"])
    | st.decimals(allow_nan=False, allow_infinity=False)
)
KEYS = st.sampled_from(WIRE_NAMES) | st.text(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


# reading and writing


def as_text(data: Any) -> str:
    """Text that tells True from 1 and 1 from 1.0, unlike the equality of Python's objects."""
    return json.dumps(data, sort_keys=True, default=repr)


@given(data=OBJECTS, model=st.sampled_from([PodList, Pod, ObjectMeta, PodSpec, Container, Account, Model]))
def test_any_json_object_is_written_as_it_was_read(data: dict[str, Any], model: type[Model]) -> None:
    before = copy.deepcopy(data)
    read = model.from_dict(data)
    assert read.to_dict() == before
    assert as_text(read.to_dict()) == as_text(before)
    repr(read)
    decoded_items = list(read.items) if isinstance(read, PodList) and isinstance(read.items, list) else []
    assert all(not isinstance(item, dict) for item in decoded_items)
    assert read.to_dict() == data == before
    assert copy.deepcopy(read) == read


def test_fields_are_read_as_their_types() -> None:
    pod = Pod.from_dict(POD)
    assert pod.metadata is not None
    assert pod.metadata.name == "web-0"
    assert pod.metadata.creation_timestamp == datetime(2020, 11, 18, 8, 3, tzinfo=UTC)
    assert isinstance(pod.metadata.creation_timestamp, Timestamp)
    assert pod.spec is not None
    assert pod.spec.limits == {"cpu": "500m", "memory": 1024}
    assert isinstance((pod.spec.limits or {})["cpu"], Quantity)
    assert pod.spec.containers == [
        Container(name="nginx", sidecars={"log": [Container(name="tail")]}),
    ]


def test_null_and_absent_read_as_none_and_are_written_as_they_were() -> None:
    assert ObjectMeta.from_dict({"name": None}).name is None
    assert ObjectMeta.from_dict({"name": None}).to_dict() == {"name": None}
    assert ObjectMeta.from_dict({}).to_dict() == {}


def test_a_field_that_was_null_sends_the_value_it_is_set_to() -> None:
    meta = ObjectMeta.from_dict({"name": None})
    meta.name = "web"
    assert meta.to_dict() == {"name": "web"}


def test_a_default_is_sent_by_a_new_object_but_not_added_to_one_that_was_read() -> None:
    assert Pod().to_dict() == {"kind": "Pod"}
    assert Pod.from_dict({}).to_dict() == {}


@pytest.mark.parametrize("value", [None, "text", 7, 1.5, True, [], [None, "x", {}]])
def test_a_value_of_the_wrong_type_is_kept_as_it_came(value: Any) -> None:
    pod = Pod.from_dict({"metadata": value, "kind": value})
    assert pod.metadata == value
    assert pod.to_dict() == {"metadata": value, "kind": value}


def test_nulls_and_strangers_in_a_list_are_kept() -> None:
    spec = PodSpec.from_dict({"containers": [None, "nginx", {"name": "nginx"}]})
    assert spec.containers == [None, "nginx", Container(name="nginx")]
    assert spec.to_dict() == {"containers": [None, "nginx", {"name": "nginx"}]}


def test_containers_of_the_wrong_type_are_kept() -> None:
    for decode in (decode_list, decode_map, decode_items):
        assert decode(Container.decode, "text") == "text"
        assert decode(Container.decode, None) is None
    assert decode_map(Container.decode, [1]) == [1]
    assert decode_list(Container.decode, {"a": {}}) == {"a": {}}


@pytest.mark.parametrize(("data", "named"), [(None, "null"), ([], "a list"), ("{}", "a str"), (Pod(), "a Pod")])
def test_from_dict_says_what_it_was_given_instead_of_an_object(data: Any, named: str) -> None:
    with pytest.raises(TypeError, match=f"A JSON object .* not {named}"):
        Pod.from_dict(data)


def test_to_dict_shares_no_container_with_the_object() -> None:
    pod = Pod.from_dict(POD)
    out = pod.to_dict()
    out["metadata"]["labels"]["app"] = out["status"]["phase"] = "changed"
    assert pod.to_dict() == POD


def test_json_text_is_read_and_written() -> None:
    pod = Pod.from_json(json.dumps(POD))
    assert json.loads(pod.to_json()) == POD
    assert Pod.from_json(pod.to_json().encode()) == pod
    with pytest.raises(TypeError, match="not a list"):
        Pod.from_json("[]")


def test_a_number_too_exact_for_a_float_is_kept() -> None:
    text = '{"status":0.10000000000000000000001}'
    pod = Pod.from_json(text)
    assert pod["status"] == Decimal("0.10000000000000000000001")
    assert pod.to_json() == text


# fields by their names in JSON


def test_unknown_fields_are_reached_as_items() -> None:
    pod = Pod.from_dict(POD)
    assert "status" in pod
    assert pod["status"]["phase"] == "Running"
    assert pod.get("status") == POD["status"]
    pod["status"] = {"phase": "Failed"}
    pod["newField"] = Container(name="x")
    assert pod.to_dict() == POD | {"status": {"phase": "Failed"}, "newField": {"name": "x"}}
    del pod["status"]
    del pod["newField"]
    assert pod == Pod.from_dict({name: POD[name] for name in Pod.__wire__})


def test_known_fields_are_reached_as_items_too() -> None:
    pod = Pod.from_dict(POD)
    assert pod["metadata"] is pod.metadata
    pod["metadata"] = ObjectMeta(name="other")
    assert pod.metadata == ObjectMeta(name="other")
    del pod["metadata"]
    assert pod.metadata is None
    assert "metadata" not in pod.to_dict()


def test_a_field_is_in_an_object_when_it_would_be_sent() -> None:
    meta = ObjectMeta.from_dict({"name": None})
    assert "name" in meta
    assert meta["name"] is None
    assert "labels" not in meta
    assert meta.get("labels", "none") == "none"
    assert 7 not in meta
    for name in ("labels", "unknown"):
        with pytest.raises(KeyError, match=name):
            meta[name]
        with pytest.raises(KeyError, match=name):
            del meta[name]


def test_an_item_set_to_none_sends_null() -> None:
    meta = ObjectMeta(labels={"a": "b"})
    meta["labels"] = None
    meta["unknown"] = None
    assert meta.to_dict() == {"labels": None, "unknown": None}
    del meta["labels"]
    assert meta.to_dict() == {"unknown": None}


def test_an_object_is_not_iterable() -> None:
    with pytest.raises(TypeError, match="not iterable"):
        iter(Pod())  # type: ignore[call-overload]  # the mistake in question


# repr


def test_repr_shows_what_is_set_and_unknown_fields() -> None:
    meta = ObjectMeta(name="admin", labels={"a": "b"}, creation_timestamp=Timestamp.decode("2020-11-18T08:03:00Z"))
    assert repr(Pod(metadata=meta)) == (
        "Pod(kind='Pod', metadata=ObjectMeta("
        "creation_timestamp=Timestamp('2020-11-18T08:03:00Z'), labels={'a': 'b'}, name='admin'))"
    )
    assert repr(Pod.from_dict({"status": {"phase": "Running"}})) == "Pod(_extra={'status': {'phase': 'Running'}})"
    assert repr(PodList(items=[Pod(kind=None)])) == "PodList(items=[Pod()])"


def test_repr_masks_secret_fields() -> None:
    account = Account(user="admin", pass_phrase="s3cret", token="t0ken")
    assert repr(account) == "Account(pass_phrase='***', token='***', user='admin')"
    assert repr(Account(user="admin")) == "Account(user='admin')"


def test_repr_masks_unknown_fields_that_look_like_secrets() -> None:
    hidden = {
        "PassPhrase": "s3cret",
        "current-password": "s3cret",
        "nested": [{"clientSecret": "s3cret", "kubeconfig": {"users": "s3cret"}}],
        "object": {"kind": "Secret", "data": {"key": "s3cret"}, "stringData": {"key": "s3cret"}},
    }
    assert "s3cret" not in repr(Account.from_dict(hidden))
    harmless = {"secretName": "db", "automountServiceAccountToken": False, "token": None, "data": {"a": "b"}}
    assert repr(Pod.from_dict(harmless)) == f"Pod(_extra={harmless})"


# attrs and the standard library


def test_objects_are_equal_by_class_attributes_and_unknown_fields() -> None:
    assert Pod.from_dict(POD) == Pod.from_dict(POD)
    assert Pod.from_dict({"status": 1}) != Pod.from_dict({"status": 2})
    assert ObjectMeta.from_dict({"name": None}) == ObjectMeta.from_dict({})
    assert Model() != Pod(kind=None)


def test_deepcopy_and_copy_share_nothing() -> None:
    pod = Pod.from_dict(POD)
    for twin in (copy.deepcopy(pod), pod.copy()):
        assert twin == pod
        assert twin.to_dict() == POD
        assert twin.metadata is not pod.metadata
        assert twin["status"] is not pod["status"]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_keeps_all(protocol: int) -> None:
    pods = PodList.from_dict({"items": [POD, None], "totalItems": None, "more": True})
    twin = pickle.loads(pickle.dumps(pods, protocol))
    assert twin == pods
    assert twin.to_dict() == {"items": [POD, None], "totalItems": None, "more": True}
    assert isinstance(twin.items, Items)


def test_evolve_changes_a_copy_that_keeps_unknown_fields_and_nulls() -> None:
    pod = Pod.from_dict({"kind": None, "status": 1})
    for other in (pod.evolve(metadata=ObjectMeta(name="x")), attrs.evolve(pod, metadata=ObjectMeta(name="x"))):
        assert other.to_dict() == {"kind": None, "status": 1, "metadata": {"name": "x"}}
        other["status"] = 2
    assert pod.to_dict() == {"kind": None, "status": 1}


def test_attrs_sees_the_fields_and_their_types() -> None:
    attrs.resolve_types(PodList)
    fields = attrs.fields_dict(PodList)
    assert list(fields) == ["_extra", "_nulls", "items", "total_items"]
    assert fields["items"].type == list[Pod]


def test_asdict_walks_the_whole_object() -> None:
    plain = attrs.asdict(PodList.from_dict({"items": [POD], "more": True}))
    assert plain["_extra"] == {"more": True}
    assert plain["items"][0]["metadata"]["labels"] == {"app": "web"}


def test_cattrs_takes_an_object_apart_and_puts_it_together() -> None:
    converter = cattrs.Converter()
    converter.register_structure_hook(Timestamp, lambda value, _: Timestamp.decode(value))
    converter.register_unstructure_hook(Timestamp, str)
    configure_union_passthrough(int | str | None, converter)
    pod = POD | {"spec": {"limits": {"cpu": "500m"}, "port": 80}}  # cattrs itself converts values of other types
    pods = PodList.from_dict({"items": [pod], "totalItems": None, "more": True})
    apart = converter.unstructure(pods)
    assert apart["items"][0]["metadata"]["creation_timestamp"] == "2020-11-18T08:03:00Z"
    together = converter.structure(apart, PodList)
    assert together == pods
    assert together.to_dict() == pods.to_dict()


def test_cattrs_can_use_the_objects_own_json() -> None:
    converter = cattrs.Converter()
    use_class_methods(converter, "from_dict", "to_dict")
    pods = PodList.from_dict({"items": [POD], "totalItems": None, "more": True})
    assert converter.unstructure(pods) == {"items": [POD], "totalItems": None, "more": True}
    assert converter.structure(converter.unstructure(pods), PodList) == pods


def test_the_items_of_a_shared_envelope_are_what_the_list_holds() -> None:
    data = {"items": [{"name": "a", "more": 1}], "totalItems": 1}

    page = decode_page(PodList.decode, Container.decode, data)

    assert page.items == [Container.from_dict({"name": "a", "more": 1})]
    assert page.to_dict() == data


@pytest.mark.parametrize("value", [None, "text", [], {"items": None}, {"items": "odd"}, {}])
def test_an_envelope_without_a_list_is_kept_as_it_came(value: Any) -> None:
    page = decode_page(PodList.decode, Container.decode, value)

    assert (page.to_dict() if isinstance(page, PodList) else page) == value


def test_a_member_says_which_class_an_object_is_of() -> None:
    decoders = {"Pod": Pod.decode, "PodList": PodList.decode}

    assert isinstance(decode_tagged("kind", decoders, {"kind": "Pod"}), Pod)
    assert isinstance(decode_tagged("kind", decoders, {"kind": "PodList"}), PodList)
    for value in ({"kind": "Other"}, {}, {"kind": 1}, {"kind": ["Pod"]}, [], None):
        assert decode_tagged("kind", decoders, value) == value


def test_an_array_of_a_fixed_length_is_a_tuple_and_any_other_value_as_it_came() -> None:
    assert decode_tuple([1.5, "2"]) == (1.5, "2")
    assert decode_tuple(None) is None
    assert decode_tuple("text") == "text"
