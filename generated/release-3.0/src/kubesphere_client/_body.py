"""How the body of a request becomes bytes, and which media type it is sent as."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from attrs import define, field

from kubesphere_client import _json
from kubesphere_client._objects import Model
from kubesphere_client._parameters import form_fields
from kubesphere_client.errors import InvalidArgumentError

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+([ \t]*;[ \t]*[ -~]+)?").fullmatch
_MERGE_PATCH = "application/merge-patch+json"
_JSON_PATCH = "application/json-patch+json"


@define
class Body:
    """A body on its way: ready-made content, or the fields of a multipart form."""

    content: Any = field(default=None, repr=False)
    files: list[tuple[str, Any]] | None = field(default=None, repr=False)
    media: str | None = None
    start: int | None = None
    once: bool = False

    def rewind(self) -> bool:
        """Get ready to be sent once more; False where that is not possible."""
        if self.start is not None:
            self.content.seek(self.start)
        return not self.once


def encode_body(body: Any, offered: Sequence[str], *, operation: str, chosen: str | None = None) -> Body:
    """Encode a body as one of the media types that the operation offers.

    Text, bytes, open files and iterators of bytes go as they are. A list is a JSON patch where that is offered. A
    form is made of a mapping's fields. All else is JSON, which is YAML too.

    Args:
        offered: the media types, the preferred one first.
        chosen: the one that the caller wants.
    """
    if body is None:
        return Body()
    if chosen is not None:
        if not isinstance(chosen, str) or _MEDIA_TYPE(chosen) is None:
            shown = ascii(chosen)[:80]
            raise InvalidArgumentError(
                f"{operation}: content_type must be a media type such as application/json, not {shown}."
            )
        offered = (chosen,)
    if isinstance(body, str | bytes | bytearray | memoryview):
        content = body.encode() if isinstance(body, str) else bytes(body)
        return Body(content, media=offered[0] if offered else None)
    if not isinstance(body, Model) and (hasattr(body, "read") or isinstance(body, Iterator | AsyncIterator)):
        return _stream(body, offered[0] if offered else None, operation)
    media = _media_for(body, offered, operation)
    if media == FORM:
        return Body(urlencode(form_fields(_fields(body), operation=operation)).encode(), media=FORM)
    if media == MULTIPART:
        return _multipart(_parts(body), operation)
    try:
        return Body(_json.dumps(body), media=media)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{operation}: the body cannot be written as JSON: {error}.") from error


def _stream(body: Any, media: str | None, operation: str) -> Body:
    if isinstance(body, io.TextIOBase):
        raise InvalidArgumentError(f"{operation}: the body is a file opened as text; open it with mode 'rb'.")
    if hasattr(body, "read") and hasattr(body, "seekable") and body.seekable():
        return Body(body, media=media, start=body.tell())
    return Body(body, media=media, once=True)


def _media_for(body: Any, offered: Sequence[str], operation: str) -> str:
    names = {_bare(media): media for media in offered}
    if isinstance(body, list | tuple) and _JSON_PATCH in names:
        return names[_JSON_PATCH]
    if isinstance(body, list | tuple) and _MERGE_PATCH in names:
        raise InvalidArgumentError(
            f"{operation}: no JSON patch is taken here; give what changes as an object or mapping."
        )
    for name, media in names.items():
        if name == "application/json" or name.endswith("+json"):
            if name != _JSON_PATCH:
                return media
        elif name in (FORM, MULTIPART):
            if isinstance(body, Model | Mapping):
                return name
        elif name == "application/yaml" or name.endswith("+yaml"):
            return media
    if not names or "*/*" in names or "application/*" in names:
        return "application/json"
    if _JSON_PATCH in names:
        raise InvalidArgumentError(f"{operation}: a JSON patch is a list of operations, not {type(body).__name__}.")
    raise InvalidArgumentError(
        f"{operation}: the body is sent as {' or '.join(offered)}; give it as str or bytes, not {type(body).__name__}."
    )


def _bare(media: str) -> str:
    return media.partition(";")[0].strip().lower()


def _fields(body: Any) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = body.to_dict() if isinstance(body, Model) else body
    return fields


def _parts(body: Any) -> Mapping[str, Any]:
    """The fields of a form with files, which have no JSON form and stay what they are."""
    if not isinstance(body, Model):
        return _fields(body)
    values = {name: getattr(body, attribute) for name, attribute in body.__wire__.items()}
    files = {name: value for name, value in values.items() if _is_file(value)}
    rest = body.evolve(**{body.__wire__[name]: None for name in files})
    return {**_fields(rest), **files}


def _is_file(value: Any) -> bool:
    return isinstance(value, tuple | bytes) or hasattr(value, "read")


def _multipart(fields: Mapping[str, Any], operation: str) -> Body:
    files: list[tuple[str, Any]] = []
    once = False
    for name, value in fields.items():
        content = value[1] if isinstance(value, tuple) else value
        if _is_file(value):
            files.append((name, value))
            once = once or (hasattr(content, "read") and not content.seekable())
        else:
            # A part without a file name is a plain field; as `files` it is multipart even where no file is sent.
            files += [(name, (None, text)) for _, text in form_fields({name: value}, operation=operation)]
    return Body(files=files, once=once)
