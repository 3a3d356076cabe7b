"""How arguments become a request, and what an answer becomes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from attrs import define

from kubesphere_client import DecodeError, InvalidArgumentError, ServerError, UnexpectedStatusError
from kubesphere_client._objects import Model, Quantity, Timestamp, encode
from kubesphere_client._operation import Operation

GET: Operation[Any] = Operation("g.v1.get_thing", "GET", "/kapis/g/v1/things/{thing}/rest", {200: lambda data: data})
TAIL: Operation[Any] = Operation("g.v1.get_file", "GET", "/files/{path}", {200: lambda data: data}, tail=("path",))
LIST: Operation[Any] = Operation("g.v1.list", "GET", "/things", {200: lambda data: data}, joined={"names": ","})
PATCH = ("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml")


def post(*media: str) -> Operation[Any]:
    return Operation("g.v1.create", "POST", "/things", {200: lambda data: data}, body_media=media)


def path_of(value: Any, operation: Operation[Any] = GET, name: str = "thing") -> str:
    return operation.prepare(path={name: value}, options={}).path


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("plain-1.x_~", "plain-1.x_~"),
        ("a b:ü%?#&", "a%20b%3A%C3%BC%25%3F%23%26"),
        ("%2F", "%252F"),
        ("..a", "..a"),
        ("system:admin@x;y=1", "system%3Aadmin%40x%3By%3D1"),
        (7, "7"),
    ],
)
def test_a_path_parameter_is_percent_encoded(value: Any, sent: str) -> None:
    assert path_of(value) == f"/kapis/g/v1/things/{sent}/rest"


ELSEWHERE = ["", ".", "..", "a/b", "/", "a\\b", "a\nb", "\x00", "\x7f", "\ud800", None, True, 1.5]


@pytest.mark.parametrize("value", ELSEWHERE)
def test_a_path_parameter_that_leads_elsewhere_is_refused(value: Any) -> None:  # recordings odd-001, odd-008
    with pytest.raises(InvalidArgumentError, match=r"g.v1.get_thing: thing "):
        path_of(value)


@pytest.mark.parametrize(("value", "sent"), [("a/b c", "a/b%20c"), ("dir/", None), ("x", "x")])
def test_a_tail_may_hold_slashes(value: str, sent: str | None) -> None:
    if sent is None:
        with pytest.raises(InvalidArgumentError):
            path_of(value, TAIL, "path")
    else:
        assert path_of(value, TAIL, "path") == f"/files/{sent}"


@pytest.mark.parametrize("value", ["", "a/../b", "..", "./a", "/a", "a//b", "a/\\b"])
def test_a_tail_cannot_leave_its_folder(value: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"g.v1.get_file: path "):
        path_of(value, TAIL, "path")


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ({"a": None, "b": 1}, "b=1"),
        ({"a": True, "b": False}, "a=true&b=false"),
        ({"a": "x y+z&=ü"}, "a=x%20y%2Bz%26%3D%C3%BC"),
        ({"a": ["1", 2, None]}, "a=1&a=2"),
        ({"a": ()}, ""),
        ({"names": ["x", "y"]}, "names=x%2Cy"),
        ({"names": []}, ""),
        ({"names": "x,y"}, "names=x%2Cy"),
        ({"a": 1.5, "b": Quantity("500m")}, "a=1.5&b=500m"),
        ({"a": datetime(2020, 1, 2, 3, tzinfo=UTC)}, "a=2020-01-02T03%3A00%3A00Z"),
        ({"a": Timestamp.decode("2020-01-02T03:00:00.123456789Z")}, "a=2020-01-02T03%3A00%3A00.123456789Z"),
        ({"a": Colour.RED}, "a=red"),
        ({"a[]": ""}, "a%5B%5D="),
    ],
)
def test_the_query_is_encoded(query: dict[str, Any], sent: str) -> None:
    assert LIST.prepare(query=query, options={}).query == sent


@pytest.mark.parametrize("value", [{"a": 1}, b"x", datetime(2020, 1, 2), "\ud800"])
def test_a_query_that_has_no_text_is_refused(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"g.v1.list: limit "):
        LIST.prepare(query={"limit": value}, options={})


def test_options_win() -> None:
    prepared = LIST.prepare(
        query={"limit": 1},
        headers={"X-One": 1, "X-Two": None},
        options={"extra_query": {"limit": 2, "x": ["a", "b"]}, "extra_headers": {"Accept": "text/plain"}},
    )
    assert prepared.query == "limit=2&x=a&x=b"
    assert prepared.headers == {"accept": "text/plain", "x-one": "1"}


def test_an_unknown_keyword_is_a_type_error() -> None:
    options: Any = {"sortby": "name"}
    with pytest.raises(TypeError, match=r"list\(\) got an unexpected keyword argument 'sortby'"):
        LIST.prepare(options=options)


@pytest.mark.parametrize("name", ["", "X-Ü", "x y", "x:y", "x\n", "x\r\nX-Evil: 1", 5, b"x"])
def test_what_is_no_name_of_a_header_is_refused(name: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="is not the name of a header"):
        LIST.prepare(options={"extra_headers": {name: "1"}})


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "ü"])
def test_a_header_cannot_smuggle_another(value: str) -> None:
    with pytest.raises(InvalidArgumentError, match="X-One") as caught:
        LIST.prepare(headers={"X-One": value}, options={})
    assert value not in str(caught.value)


@pytest.mark.parametrize(("reads", "accept"), [("json", "application/json, */*"), ("text", "*/*"), ("bytes", "*/*")])
def test_accept_never_leads_to_406(reads: Any, accept: str) -> None:  # evidence/auth.md §10
    operation: Operation[Any] = Operation("g.v1.get", "GET", "/x", {200: lambda data: data}, reads=reads)
    assert operation.prepare(options={}).headers["accept"] == accept


@pytest.mark.parametrize(
    ("offered", "body", "media", "content"),
    [
        (("application/json",), {"a": 1.0, "b": "ü"}, "application/json", '{"a":1.0,"b":"ü"}'.encode()),
        (("application/json",), [{"a": 1}], "application/json", b'[{"a":1}]'),
        (("*/*",), {}, "application/json", b"{}"),
        (PATCH, {"a": None}, "application/merge-patch+json", b'{"a":null}'),
        (PATCH, [{"op": "remove"}], "application/json-patch+json", b'[{"op":"remove"}]'),
        (("application/json", *PATCH), {"a": 1}, "application/json", b'{"a":1}'),
        (("application/x-www-form-urlencoded",), {"a": "x y", "b": True, "c": None, "d": [1, 2]}, None, b""),
        (("application/xml", "application/json"), {"a": 1}, "application/json", b'{"a":1}'),
        (("text/plain",), "line", "text/plain", b"line"),
        (("application/json",), b'{"a": 1}', "application/json", b'{"a": 1}'),
        ((), {"a": 1}, "application/json", b'{"a":1}'),
    ],
)
def test_the_media_follows_the_body(offered: tuple[str, ...], body: Any, media: str | None, content: bytes) -> None:
    prepared = post(*offered).prepare(body=body, options={})
    if media is None:
        media, content = offered[0], b"a=x+y&b=true&d=1&d=2"
    assert prepared.headers["content-type"] == media
    assert prepared.body.content == content


def test_no_body_has_no_media_type() -> None:
    assert "content-type" not in post("application/json").prepare(options={}).headers


@pytest.mark.parametrize("body", [{"a": object()}, {"a": b"x"}, {"a": float("nan")}])
def test_a_body_that_is_not_json_is_refused(body: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"g.v1.create: the body cannot be written as JSON: .*[^.]\.$"):
        post("application/json").prepare(body=body, options={})


def test_a_mapping_for_a_text_body_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="text/plain; give it as str or bytes, not dict"):
        post("text/plain").prepare(body={"a": 1}, options={})


def test_a_file_can_be_sent_again_and_an_iterator_cannot() -> None:
    file = io.BytesIO(b"skip-content")
    file.seek(5)
    body = post("application/octet-stream").prepare(body=file, options={}).body
    assert body.content.read() == b"content"
    assert body.rewind()
    assert body.content.read() == b"content"

    def parts() -> Iterator[bytes]:
        yield b"x"

    assert not post("application/octet-stream").prepare(body=parts(), options={}).body.rewind()


def test_a_file_opened_as_text_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="'rb'"):
        post("application/octet-stream").prepare(body=io.StringIO("x"), options={})


def test_a_multipart_form_holds_fields_and_files() -> None:
    fields = {"name": "x", "n": 1, "data": b"bytes", "file": ("a.txt", io.BytesIO(b"file"))}
    body = post("multipart/form-data").prepare(body=fields, options={}).body
    request = httpx.Request("POST", "http://h", files=body.files)
    content = request.read()
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="name"\r\n\r\nx\r\n' in content
    assert b'filename="a.txt"' in content
    assert body.rewind()


@define(kw_only=True, repr=False)
class Upload(Model):
    """A form as the generator prints it."""

    __wire__: ClassVar[dict[str, str]] = {"file": "file", "fileName": "file_name"}

    file: Any = None
    file_name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        out = self._leftovers()
        if self.file is not None:
            out["file"] = encode(self.file)
        if self.file_name is not None:
            out["fileName"] = encode(self.file_name)
        return out


@pytest.mark.parametrize("file", [b"bytes", ("upload", io.BytesIO(b"bytes"))])
def test_a_multipart_form_is_made_of_a_model_with_a_file(file: Any) -> None:
    body = post("multipart/form-data").prepare(body=Upload(file=file, file_name="a.txt"), options={}).body
    content = httpx.Request("POST", "http://h", files=body.files).read()
    assert b'name="fileName"\r\n\r\na.txt\r\n' in content
    assert b'name="file"; filename="upload"' in content
    assert b"\r\n\r\nbytes\r\n" in content


def upload(fields: Any) -> bytes:
    operation: Operation[Any] = Operation(
        "g.v1.upload",
        "PUT",
        "/file",
        {},
        body_media=("multipart/form-data",),
        body="object",
        body_required=True,
        files=("file",),
    )
    body = operation.prepare(body=fields, options={}).body
    first = httpx.Request("PUT", "http://h", files=body.files)
    content = first.read()
    assert body.rewind()
    assert int(first.headers["content-length"]) == len(content)
    return content


@pytest.mark.parametrize("name", [None, "other.bin"])
def test_a_path_in_a_form_is_sent_as_the_file_that_is_there(tmp_path: Path, name: str | None) -> None:
    path = tmp_path / "app.jar"
    path.write_bytes(b"content" * 50_000)
    content = upload({"file": path if name is None else (name, path), "md5": "d41d"})
    assert f'filename="{name or "app.jar"}"'.encode() in content
    assert b"content" * 50_000 in content
    assert str(tmp_path).encode() not in content
    assert b'name="md5"\r\n\r\nd41d\r\n' in content


def test_a_path_in_a_model_is_sent_as_the_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "app.jar"
    path.write_bytes(b"content")
    content = upload(Upload(file=path))
    assert b'filename="app.jar"' in content
    assert b"fileName" not in content


@pytest.mark.parametrize("form", [{"file": "/etc/hosts"}, Upload(file="/etc/hosts")])
def test_text_is_no_file(form: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"g.v1.upload: file is a file: give a pathlib.Path, .* not str\."):
        upload(form)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=r"g.v1.upload: file cannot be read: .*No such file"):
        upload({"file": tmp_path / "nope"})
    with pytest.raises(InvalidArgumentError, match=r"the body cannot be read: .*directory"):
        post("application/octet-stream").prepare(body=tmp_path, options={})


def test_a_path_is_a_body_as_often_as_it_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "app.jar"
    path.write_bytes(b"content")
    body = post("application/octet-stream").prepare(body=path, options={}).body
    assert body.content.read() == b"content"
    assert body.rewind()
    assert body.content.read() == b"content"


def taking(kind: Any, *media: str) -> Operation[Any]:
    return Operation("g.v1.create", "POST", "/x", {}, body_media=media, body=kind, body_required=True)


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("object", None, "a body is needed: give an object (a model or a mapping)."),
        ("objects", None, "a body is needed: give a list of objects (models or mappings)."),
        (None, None, "a body is needed: give what is to be sent."),
        (
            "object",
            "{}",
            "the body must be an object (a model or a mapping), not str; decode it first, as with json.loads.",
        ),
        ("object", b"{}", "not bytes; decode it first, as with json.loads."),
        ("object", io.BytesIO(), "not BytesIO; decode it first, as with json.loads."),
        ("object", Path("/etc/hosts"), "Path; decode it first, as with json.loads."),
        ("object", [{}], "the body must be an object (a model or a mapping), not list."),
        ("object", 5, "not int."),
        ("objects", {}, "the body must be a list of objects (models or mappings), not dict."),
        ("objects", Upload(), "not Upload."),
        ("objects", ["admin"], "each item of the body must be a model or a mapping, not str."),
        ("list", "ab", "the body must be a list, not str; decode it first, as with json.loads."),
    ],
)
def test_a_body_of_another_kind_is_refused(kind: Any, body: Any, words: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        taking(kind, "application/json").prepare(body=body, options={})
    assert str(caught.value).startswith("g.v1.create: ")
    assert str(caught.value).endswith(words)


@pytest.mark.parametrize(
    ("kind", "body", "sent"),
    [
        ("object", {}, b"{}"),
        ("object", Upload(file_name="x"), b'{"fileName":"x"}'),
        ("objects", [], b"[]"),
        ("objects", ({"a": 1}, Upload(file_name="x")), b'[{"a":1},{"fileName":"x"}]'),
        ("list", [1], b"[1]"),
        (None, "{}", b"{}"),
    ],
)
def test_a_body_of_its_kind_is_sent(kind: Any, body: Any, sent: bytes) -> None:
    assert taking(kind, "application/json").prepare(body=body, options={}).body.content == sent


def test_text_for_one_of_several_media_types_must_say_which() -> None:
    operation = taking("object", *PATCH)
    with pytest.raises(InvalidArgumentError, match="not str; say with content_type what it is"):
        operation.prepare(body="a: 1", options={})
    chosen = operation.prepare(body="a: 1", content_type="application/apply-patch+yaml", options={})
    assert (chosen.body.content, chosen.headers["content-type"]) == (b"a: 1", "application/apply-patch+yaml")
    assert operation.prepare(body=[{"op": "remove"}], options={}).headers["content-type"].startswith(PATCH[0])


TIMED: Operation[Any] = Operation("g.v1.list", "GET", "/x", {}, unix={"start": 1, "micro": 1_000_000})


@pytest.mark.parametrize(
    ("time", "seconds", "micros"),
    [
        (datetime(2026, 11, 24, 1, 36, 2, tzinfo=UTC), 1795484162, 1795484162000000),
        (datetime(2026, 11, 24, 3, 36, 2, 999_999, tzinfo=timezone(timedelta(hours=2))), 1795484162, 1795484162999999),
        (datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), -1, -500000),
        (Timestamp.decode("2026-11-24T01:36:02Z"), 1795484162, 1795484162000000),
    ],
)
def test_a_datetime_is_sent_as_unix_time_where_that_is_asked_for(time: datetime, seconds: int, micros: int) -> None:
    prepared = TIMED.prepare(query={"start": time, "micro": time, "other": 5}, options={})
    assert prepared.query == f"start={seconds}&micro={micros}&other=5"


def test_a_number_is_unix_time_as_it_is_and_a_naive_time_is_refused() -> None:
    assert TIMED.prepare(query={"start": 5}, options={}).query == "start=5"
    with pytest.raises(InvalidArgumentError, match=r"g.v1.list: start is a time without a time zone; give it one"):
        TIMED.prepare(query={"start": datetime(2026, 1, 1)}, options={})


def answer(status: int = 200, **kwargs: Any) -> httpx.Response:
    return httpx.Response(status, request=httpx.Request("GET", "http://h/x"), **kwargs)


def judged(response: httpx.Response, **settings: Any) -> Any:
    settings = {"responses": {200: lambda data: ("decoded", data)}, **settings}
    operation: Operation[Any] = Operation("g.v1.get", "GET", "/x", **settings)
    return operation.judge(response)


def test_a_success_is_decoded() -> None:
    assert judged(answer(json={"a": 1})) == ("decoded", {"a": 1})


def test_json_is_read_whatever_the_server_calls_it() -> None:
    assert judged(answer(content=b'{"a": 1}', headers={"Content-Type": "text/plain"})) == ("decoded", {"a": 1})


def test_an_empty_body_is_decoded_as_none() -> None:
    assert judged(answer()) == ("decoded", None)


@pytest.mark.parametrize(
    ("answers", "content", "words"),
    [
        ("object", b"[1]", "the answer is a JSON list where an object is declared"),
        ("object", b'"x"', "the answer is a JSON string where an object is declared"),
        ("object", b"null", "the answer is a JSON null where an object is declared"),
        ("object", b"1.5", "the answer is a JSON number where an object is declared"),
        ("object", b"", "the answer is empty where an object is declared"),
        ("list", b"{}", "the answer is a JSON object where a list is declared"),
    ],
)
def test_a_success_of_another_kind_is_an_error(answers: Any, content: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        judged(answer(content=content), answers=answers)


def test_a_success_of_its_kind_is_decoded_whatever_it_holds() -> None:
    assert judged(answer(json={"metadata": 5}), answers="object") == ("decoded", {"metadata": 5})
    assert judged(answer(json=[1, None]), answers="list") == ("decoded", [1, None])
    assert judged(answer(204), responses={200: lambda data: data, 204: None}, answers="object") is None


def test_empty_text_is_text() -> None:  # recordings more-devops2-011-run-input, more-devops2-056-webhook-github
    assert judged(answer(), reads="text") == ("decoded", "")
    assert judged(answer(), reads="bytes") == ("decoded", b"")


def test_text_and_bytes_come_as_they_are() -> None:
    body = answer(content=b"\xe4", headers={"Content-Type": "text/plain; charset=latin-1"})
    assert judged(body, reads="text") == ("decoded", "ä")
    assert judged(body, reads="bytes") == ("decoded", b"\xe4")


def test_where_no_body_is_declared_any_is_left_aside() -> None:
    assert judged(answer(content=b"ok"), responses={200: None}) is None


def test_an_undeclared_success_is_an_error() -> None:
    with pytest.raises(UnexpectedStatusError, match="201 Created"):
        judged(answer(201, json={}))


def test_a_failure_is_an_error_and_not_none() -> None:
    with pytest.raises(ServerError):
        judged(answer(500))


def test_what_is_not_json_is_an_error() -> None:
    with pytest.raises(DecodeError, match="text/html"):
        judged(answer(content=b"<html>", headers={"Content-Type": "text/html"}))


def test_a_lossless_number() -> None:
    decoded = judged(answer(content=b'{"a": 1.10, "b": 12345678901234567890.5}'))[1]
    assert json.dumps(decoded, default=str) == '{"a": 1.1, "b": "12345678901234567890.5"}'


def test_the_caller_may_choose_the_media_type() -> None:
    operation = post(*PATCH)

    chosen = operation.prepare(body={"a": 1}, content_type="application/apply-patch+yaml", options={})

    assert chosen.headers["content-type"] == "application/apply-patch+yaml"
    assert json.loads(chosen.body.content) == {"a": 1}  # JSON is YAML too


@pytest.mark.parametrize("chosen", ["", "json", "\u00fc/x", "a/b\r\nX: y", 5])
def test_a_media_type_that_is_none_is_refused(chosen: Any) -> None:
    for body in ({}, "text"):
        with pytest.raises(InvalidArgumentError, match="content_type must be a media type such as application/json"):
            post(*PATCH).prepare(body=body, content_type=chosen, options={})


def test_the_first_media_type_that_fits_is_sent() -> None:
    def sent(body: Any, *media: str) -> str:
        return post(*media).prepare(body=body, options={}).headers["content-type"]

    assert sent({}, "application/merge-patch+json", "application/json") == "application/merge-patch+json"
    assert sent({}, "application/json", "application/merge-patch+json") == "application/json"
    assert sent([], *PATCH) == "application/json-patch+json"
    assert sent({}, *PATCH) == "application/merge-patch+json"


def test_a_list_is_refused_where_only_merge_patches_are_taken() -> None:  # evidence/server.md §4: 400 or 500
    with pytest.raises(InvalidArgumentError, match="no JSON patch is taken here"):
        post("application/merge-patch+json", "application/json").prepare(body=[], options={})


def test_a_json_patch_that_is_no_list_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="a JSON patch is a list of operations, not dict"):
        post("application/json-patch+json").prepare(body={"a": 1}, options={})


def test_a_kind_is_decoded_as_what_it_is() -> None:
    operation: Operation[Any] = Operation(
        "g.v1.get", "GET", "/a", {200: lambda data, item=None: item(data) if item else data}, kinds={"n": lambda: len}
    )

    assert operation.for_kind("n").judge(httpx.Response(200, json=[1, 2])) == 2
    assert operation.for_kind("unknown").judge(httpx.Response(200, json=[1, 2])) == [1, 2]


def test_a_redirect_that_is_declared_gives_its_address() -> None:
    operation: Operation[Any] = Operation("g.authorize", "GET", "/a", {302: None}, reads="location")

    assert operation.judge(httpx.Response(302, headers={"Location": "http://app/#token"})) == "http://app/#token"
    with pytest.raises(DecodeError, match="does not say where to"):
        operation.judge(httpx.Response(302))


def test_what_is_passed_on_gives_the_response() -> None:
    operation: Operation[Any] = Operation("g.request", "GET", "/a", {}, reads="response")
    response = httpx.Response(204)

    assert operation.judge(response) is response
    with pytest.raises(ServerError):
        operation.judge(httpx.Response(500, text="no"))
