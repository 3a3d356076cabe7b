"""Large JSON documents read with msgspec, which comes with [speed]. The only module that knows it.

What it reads is what the standard library reads; what it refuses is for the standard library to read or to refuse, as that
knows lone surrogates, and its messages are the ones that users see.
"""

import codecs
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from kubesphere_client._large_lists import PIECE, Pieces, Refused, Unread

__all__ = ["Reader"]

_REFUSALS = (msgspec.MsgspecError, ValueError, RecursionError)


class Reader:
    """Reads documents, and lists in pieces.

    Args:
        number: makes a value of the text of a number with a fraction or an exponent.
    """

    def __init__(self, number: Callable[[str], Any]) -> None:
        self._value = msgspec.json.Decoder(float_hook=number)
        self._texts = msgspec.json.Decoder(list[msgspec.Raw])

    def loads(self, data: bytes) -> Any:
        """The value of a document.

        Raises:
            Refused: it is not for msgspec.
        """
        try:
            return self._value.decode(data)
        except _REFUSALS:
            raise Refused from None

    def pieces_of(self, list_text: memoryview) -> Pieces:
        """The pieces of a list.

        Raises:
            Refused: it is no list, or not for msgspec.
        """
        # This looks through the items for all but their encoding and how large their numbers are.
        try:
            texts = self._texts.decode(list_text)
        except _REFUSALS:
            raise Refused from None
        if not _is_utf8(list_text):
            raise Refused
        several = max(1, PIECE * len(texts) // len(list_text))
        for start in range(0, len(texts), several):
            some = texts[start : start + several]
            yield len(some), partial(self._read, some)

    def _read(self, texts: list[msgspec.Raw]) -> list[Any]:
        return [self._read_one(text) for text in texts]

    def _read_one(self, text: msgspec.Raw) -> Any:
        try:
            return self._value.decode(text)
        except _REFUSALS:
            return Unread(bytes(text))


def _is_utf8(data: memoryview) -> bool:
    if isinstance(data.obj, bytes) and data.obj.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), PIECE):  # as a whole it would take up to four times its size
            decoder.decode(data[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
