"""How the body of a request becomes bytes, and which media type it is sent as."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from kubesphere_client import _json
from kubesphere_client._objects import Model
from kubesphere_client._parameters import form_fields
from kubesphere_client._upload import Upload
from kubesphere_client.errors import InvalidArgumentError

BodyKind: TypeAlias = Literal["object", "objects", "list"]
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+([ \t]*;[ \t]*[ -~]+)?").fullmatch
_MERGE_PATCH = "application/merge-patch+json"
_JSON_PATCH = "application/json-patch+json"
_NEEDED: Mapping[BodyKind | None, str] = {
    "object": "an object (a model or a mapping)",
    "objects": "a list of objects (models or mappings)",
    "list": "a list",
    None: "what is to be sent",
}


class Body:
    """A body on its way: ready-made content, or the fields of a multipart form."""

    __slots__ = ("content", "files", "media", "once", "start")

    def __init__(
        self,
        content: Any = None,
        *,
        files: list[tuple[str, Any]] | None = None,
        media: str | None = None,
        start: int | None = None,
        once: bool = False,
    ) -> None:
        self.content = content
        self.files = files
        self.media = media
        self.start = start
        self.once = once

    def __repr__(self) -> str:
        return f"Body(media={self.media!r}, start={self.start!r}, once={self.once!r})"

    def rewind(self) -> bool:
        """Get ready to be sent once more; False where that is not possible."""
        if self.start is not None:
            self.content.seek(self.start)
        return not self.once


def encode_body(
    body: Any,
    offered: Sequence[str],
    *,
    operation: str,
    chosen: str | None = None,
    kind: BodyKind | None = None,
    required: bool = False,
    files: Sequence[str] = (),
) -> Body:
    """Encode a body as one of the media types that the operation offers.

    Text, bytes, paths, open files and iterators of bytes go as they are, where the operation does not ask for JSON. A
    list is a JSON patch where that is offered. A form is made of a mapping's fields. All else is JSON, which is YAML
    too.

    Args:
        offered: the media types, the preferred one first.
        chosen: the one that the caller wants, as which text and bytes are sent unseen.
        kind: what the body must be: an object, a list of objects or any list; None where the operation does not say.
        required: whether there must be a body.
        files: the fields of a form that are files.

    Raises:
        InvalidArgumentError: the body is not what the operation takes, or cannot be sent.
    """
    if body is None:
        if required:
            raise InvalidArgumentError(f"{operation}: a body is needed: give {_NEEDED[kind]}.")
        return Body()
    if chosen is not None:
        offered = (_checked(chosen, operation),)
    if kind is not None and not (chosen is not None and _is_raw(body)):
        _check_kind(body, kind, offered, operation)
    if isinstance(body, Path):
        body = _file(body, operation, "the body")
    if _is_text(body):
        content = body.encode() if isinstance(body, str) else bytes(body)
        return Body(content, media=offered[0] if offered else None)
    if _is_raw(body):
        return _stream(body, offered[0] if offered else None, operation)
    media = _media_for(body, offered, operation)
    if media == FORM:
        return Body(urlencode(form_fields(_fields(body), operation=operation)).encode(), media=FORM)
    if media == MULTIPART:
        return _multipart(_parts(body), operation, files)
    try:
        return Body(_json.dumps(body), media=media)
    except (TypeError, ValueError, RecursionError) as error:
        why = str(error).removesuffix(".")
    # Not from within: the frames of the encoder hold the values that it came upon.
    raise InvalidArgumentError(f"{operation}: the body cannot be written as JSON: {why}.")


def _checked(media: Any, operation: str) -> str:
    if isinstance(media, str) and _MEDIA_TYPE(media) is not None:
        return media
    raise InvalidArgumentError(
        f"{operation}: content_type must be a media type such as application/json, not {ascii(media)[:80]}."
    )


def _is_text(body: Any) -> bool:
    return isinstance(body, str | bytes | bytearray | memoryview)


def _is_raw(body: Any) -> bool:
    """Whether a body is sent as it stands."""
    if isinstance(body, Model):
        return False
    return _is_text(body) or isinstance(body, Path | Iterator | AsyncIterator) or hasattr(body, "read")


def _check_kind(body: Any, kind: BodyKind, offered: Sequence[str], operation: str) -> None:
    if _is_object(body):
        fits = kind == "object"
    elif _is_list(body):
        # Of the media types an object can be sent as, one takes a list in its place; the others say so themselves.
        fits = kind != "object" or any(_bare(media) in (_JSON_PATCH, _MERGE_PATCH) for media in offered)
        strangers = [one for one in body if not _is_object(one)] if kind == "objects" else []
        if strangers:
            raise InvalidArgumentError(
                f"{operation}: each item of the body must be a model or a mapping, not {type(strangers[0]).__name__}."
            )
    else:
        fits = False
    if fits:
        return
    hint = ""
    if _is_raw(body):
        # As which of several it is meant cannot be told from text.
        hint = "; say with content_type what it is" if len(offered) > 1 else "; decode it first, as with json.loads"
    raise InvalidArgumentError(f"{operation}: the body must be {_NEEDED[kind]}, not {type(body).__name__}{hint}.")


def _is_object(value: Any) -> bool:
    return isinstance(value, Model | Mapping) or (hasattr(value, "to_dict") and not isinstance(value, type))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence | Set) and not _is_text(value)


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
    return isinstance(value, tuple | bytes | Path) or hasattr(value, "read")


def _multipart(fields: Mapping[str, Any], operation: str, named: Sequence[str]) -> Body:
    files: list[tuple[str, Any]] = []
    once = False
    for name, value in fields.items():
        if value is None:
            continue
        if isinstance(value, Upload):
            value = value.part()
        if name in named and not _is_file(value):
            raise InvalidArgumentError(
                f"{operation}: {name} is a file: give a pathlib.Path, an open file, bytes, an Upload, or a pair of a file"
                f" name and one of the first three, not {type(value).__name__}."
            )
        if _is_file(value):
            file = _part(value, operation, name)
            content = file[1] if isinstance(file, tuple) else file
            files.append((name, file))
            once = once or (hasattr(content, "read") and not content.seekable())
        else:
            # A part without a file name is a plain field; as `files` it is multipart even where no file is sent.
            files += [(name, (None, text)) for _, text in form_fields({name: value}, operation=operation)]
    return Body(files=files, once=once)


def _part(value: Any, operation: str, name: str) -> Any:
    """A file of a form, with paths opened under their own names or those they are given."""
    if isinstance(value, Path):
        return (value.name, _file(value, operation, name))
    if isinstance(value, tuple) and len(value) > 1 and isinstance(value[1], Path):
        return (value[0], _file(value[1], operation, name), *value[2:])
    return value


def _file(path: Path, operation: str, what: str) -> _File:
    try:
        with path.open("rb"):
            return _File(path)
    except OSError as error:
        raise InvalidArgumentError(f"{operation}: {what} cannot be read: {error}.") from error


class _File(io.RawIOBase):
    """A file that is open only while some of it is read, so that it is closed however a request ends."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._path.stat().st_size}[whence]
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._position)
            count = file.readinto(buffer) or 0
        self._position += count
        return count
