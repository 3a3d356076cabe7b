"""What a file that is not JSON most likely is, so that the error says more than where the reader stumbled."""

from __future__ import annotations

import json

_BEGINNINGS = (
    (b"version https://git-lfs.github.com/spec/", "a Git LFS pointer: the file that it points to is kept elsewhere"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\xff\xfe\x00\x00", "UTF-32, where UTF-8 belongs"),
    (b"\x00\x00\xfe\xff", "UTF-32, where UTF-8 belongs"),
    (b"\xff\xfe", "UTF-16, where UTF-8 belongs"),
    (b"\xfe\xff", "UTF-16, where UTF-8 belongs"),
)
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")
_YAML = (b"swagger:", b"openapi:", b"---", b"%yaml")


def what_it_is(data: bytes) -> str | None:
    """What some bytes look like that cannot be read as JSON; None where they look like nothing that is known."""
    known = next((what for beginning, what in _BEGINNINGS if data.startswith(beginning)), None)
    if known is not None:
        return known
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:40].lower()
    if not start:
        return "empty"
    if start.startswith(_PAGE):
        return "an HTML page"
    if start.startswith(b"<"):
        return "XML or HTML"
    if start.startswith(_YAML):
        return "YAML, where JSON belongs"
    if b"\x00" in data[:4]:
        return "UTF-16 or UTF-32, where UTF-8 belongs"
    return None


def is_cut_off(error: ValueError) -> bool:
    """Whether the bytes end where JSON would have gone on, as in a file that was written in part."""
    if isinstance(error, UnicodeDecodeError):
        return error.end == len(error.object) and error.reason == "unexpected end of data"
    if not isinstance(error, json.JSONDecodeError) or not error.doc.lstrip().startswith(("{", "[")):
        return False
    return not error.doc[error.pos :].strip() or not error.doc.rstrip().endswith(("}", "]"))
