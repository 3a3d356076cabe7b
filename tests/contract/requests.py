"""What arrived at the server, compared with the recorded request."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from tests.contract.differences import Difference
from tests.contract.exchange import Exchange, bare_media
from tests.contract.json_values import first_difference, parsed, shown
from tests.contract.replay import Seen
from tests.contract.routes import decoded_segments, query_pairs
from tests.contract.values import FORM

# Headers that each side of a connection sets for itself, those that are compared by themselves, and Accept, which is
# no part of what recordings prove.
_NOT_COMPARED = frozenset(
    "accept authorization connection content-length content-type expect host transfer-encoding user-agent".split()
)


def request_differences(exchange: Exchange, seen: Seen, *, typed: bool) -> Iterator[Difference]:
    """All that differs; the body of a typed call is compared as what it means, any other byte by byte."""
    path, _, query = seen.target.partition("?")
    if seen.method != exchange.method:
        yield Difference("request: method", f"recorded {exchange.method}, sent {seen.method}")
    if decoded_segments(path) != decoded_segments(exchange.path):
        yield Difference("request: path", f"recorded {shown(exchange.path)}, sent {shown(path)}")
    if sorted(query_pairs(exchange.query)) != sorted(query_pairs(query)):
        yield Difference("request: query", f"recorded {shown(exchange.query)}, sent {shown(query)}")
    media = bare_media(seen.header("content-type"))
    # Of a body that is not there the media type says nothing, unless a body is the rule.
    bodiless = typed and exchange.method in ("GET", "DELETE") and not exchange.body and not seen.body
    if media != exchange.media and not bodiless:
        yield Difference("request: media type", f"recorded {exchange.media or 'none'}, sent {media or 'none'}")
    text = _body_difference(exchange.body or b"", seen.body, exchange.media if typed else "")
    if text is not None:
        yield Difference("request: body", text)
    recorded = exchange.header("authorization")
    if seen.header("authorization") != recorded:
        yield Difference("request: token", f"recorded {shown(recorded)}, sent {shown(seen.header('authorization'))}")
    for name, value in exchange.headers:
        if name not in _NOT_COMPARED and value not in seen.header(name):
            yield Difference("request: header", f"{name}: recorded {shown(value)}, sent {shown(seen.header(name))}")


def _body_difference(recorded: bytes, sent: bytes, media: str) -> str | None:
    if recorded == sent:
        return None
    if media == FORM:
        pairs = [sorted(parse_qsl(one.decode("utf-8", "replace"), keep_blank_values=True)) for one in (recorded, sent)]
        return None if pairs[0] == pairs[1] else f"recorded {shown(pairs[0])}, sent {shown(pairs[1])}"
    if media == "application/json" or media.endswith("+json"):
        try:
            return first_difference(parsed(recorded), parsed(sent))
        except ValueError:
            pass
    return f"recorded {shown(recorded)}, sent {shown(sent)}"
