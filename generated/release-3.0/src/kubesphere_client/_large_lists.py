"""A large list whose items are read when they are reached, piece by piece, out of the document that stays as it came."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from json import JSONDecoder
from json.decoder import WHITESPACE  # type: ignore[attr-defined]  # as old as the module, and not in typeshed
from typing import Any, TypeAlias

from kubesphere_client._items import Items, Late

__all__ = ["PIECE", "Pieces", "Refused", "Unread", "decoded_text", "pieces_of", "read_list"]

# What reads the items of a piece, and how many there are; an item that it cannot read stays Unread.
Pieces: TypeAlias = Iterator[tuple[int, Callable[[], list[Any]]]]

# Bytes of JSON that are read at once: keys are shared among them, and garbage is looked for once in a while.
PIECE = 256 * 1024
_MARGIN = 16 * 1024  # bytes, in which the items begin and, from the other side, end
_ITEMS = re.compile(rb'"items"[ \t\r\n]*:[ \t\r\n]*\[')
_PLACE = b"kubesphere_client: here stand the items"


class Refused(Exception):
    """The document is no list, or none that can be read in pieces."""


class Unread:
    """The text of an item that its piece could not read."""

    __slots__ = ("text",)

    def __init__(self, text: bytes) -> None:
        self.text = text


def read_list(
    data: bytes,
    loads: Callable[[bytes], Any],
    cut: Callable[[memoryview], Pieces],
    otherwise: Callable[[bytes], Any],
) -> tuple[Any, Items[Any]]:
    """The value of a document, and the list in it that is read late: the document, or what it has under "items".

    Args:
        data: the document, of which the list keeps what it needs until its last item has been reached.
        loads: reads what stands around the list.
        cut: makes pieces of the list.
        otherwise: reads an item that its piece could not read.

    Raises:
        Refused: there is no such list.
        ValueError: what stands around the list is no JSON.
    """
    end = data.rfind(b"]", -_MARGIN) + 1
    if data[:1] == b"[" and not data[end:].strip(b" \t\r\n"):
        items = _in_pieces(cut(memoryview(data)[:end]), otherwise)
        return items, items
    # The list is cut out of the object and both are read, each by what reads JSON: if they are, so is the whole.
    begin = _ITEMS.search(data, 0, _MARGIN)
    if begin is None or end < begin.end():
        raise Refused
    start = begin.end() - 1
    head, tail = data[:start], data[end:]
    if _PLACE in head or _PLACE in tail:
        raise Refused
    envelope = loads(head + b'"' + _PLACE + b'"' + tail)
    if type(envelope) is not dict or envelope.get("items") != _PLACE.decode():
        raise Refused  # the list is deeper in the object
    items = envelope["items"] = _in_pieces(cut(memoryview(data)[start:end]), otherwise)
    return envelope, items


def pieces_of(list_text: memoryview, decoder: JSONDecoder) -> Pieces:
    """Pieces for the standard library: all is read to find where items end, and let go.

    Raises:
        Refused: it is no list.
    """
    text = decoded_text(list_text)
    scan, space, last = decoder.raw_decode, WHITESPACE.match, len(text) - 1
    cuts: list[tuple[int, int, int]] = []  # of each piece: where it begins and ends, and how many items it has
    try:
        begin = position = space(text, 1).end()
        count = 0
        while position < last:
            end = scan(text, position)[1]
            count += 1
            position = space(text, end).end()
            if position < last and (text[position] != "," or space(text, position + 1).end() >= last):
                raise Refused
            if position >= last or end - begin >= PIECE:
                cuts.append((begin, end, count))
                begin, count = space(text, position + 1).end(), 0
            if position < last:
                position = space(text, position + 1).end()
    except (ValueError, RecursionError):
        raise Refused from None
    if position != last:
        raise Refused
    return _cut(list_text, text, cuts, decoder)


def decoded_text(data: bytes | memoryview) -> str:
    """A JSON document in UTF-8 as text, without a copy of its bytes."""
    return str(data, "utf-8", "surrogatepass")


def _cut(data: memoryview, text: str, cuts: Sequence[tuple[int, int, int]], decoder: JSONDecoder) -> Pieces:
    before, offset = 0, 0
    for begin, end, count in cuts:
        start = offset + _size(text, before, begin)
        before, offset = end, start + _size(text, begin, end)
        yield count, partial(_read_piece, data[start:offset], decoder)


def _size(text: str, begin: int, end: int) -> int:
    """How many bytes a part of the text has in UTF-8."""
    return end - begin if text.isascii() else len(text[begin:end].encode("utf-8", "surrogatepass"))


def _read_piece(data: memoryview, decoder: JSONDecoder) -> list[Any]:
    values: list[Any] = decoder.decode(f"[{decoded_text(data)}]")
    return values


def _in_pieces(pieces: Pieces, otherwise: Callable[[bytes], Any]) -> Items[Any]:
    late: list[Late] = []
    for count, read in pieces:
        piece = partial(_values, read, otherwise)
        late += [Late(piece, place) for place in range(count)]
    return Items(late, late=True)


def _values(read: Callable[[], list[Any]], otherwise: Callable[[bytes], Any]) -> list[Any]:
    return [Late(partial(_alone, one.text, otherwise), 0) if type(one) is Unread else one for one in read()]


def _alone(text: bytes, otherwise: Callable[[bytes], Any]) -> list[Any]:
    return [otherwise(text)]
