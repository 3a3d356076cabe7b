"""The text of docstrings, and how foreign text is made safe to stand in one."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from generator.package import Alias, Argument, Model, Operation, RawMethod, Watch
from generator.pytypes import NONE
from generator.refine.text import with_article

_WIDTH = 100
_ENDINGS = {
    "Spec": "What is asked of {}.",
    "Status": "What was observed of {}.",
    "List": "A list of objects, each {}.",
    "Condition": "One aspect of the state of {}.",
    "Template": "What {} is made of.",
}
_RETURNS = {
    "text": "the text that came.",
    "bytes": "the bytes that came.",
    "json": "the decoded answer.",
    "location": "the address that the server sends the caller to; it is not followed.",
    "response": "the response as it came, with any status below 400.",
}

# What the arguments of a watch do in the client; the published texts speak of lists as well.
_OF_A_WATCH = {
    "allow_watch_bookmarks": "True yields the server's bookmarks too, as events of type BOOKMARK.",
    "resource_version": (
        "yield only what happens after this version, which an object or a list has in its metadata. Without it the loop "
        "begins with an ADDED event for each object that is there."
    ),
    "timeout_seconds": "end the loop after this time, with all its reconnects; without it the watch does not end.",
    "on_gone": (
        'what to do where the server has forgotten the version to go on from (410): "relist" lists again and yields '
        'what changed meanwhile, "raise" raises GoneError.'
    ),
    "reconnect": "False ends the loop with the server's first stream, and raises where that breaks off.",
}
_WAITING = (
    ("wait", "whether to return only when the object is gone: not found, or there again as another one."),
    ("wait_timeout", "seconds to wait for that, or None to wait for ever."),
)


def model_docstring(model: Model) -> str:
    """What a model is, and its attributes that carry a description."""
    lines = [_paragraph(model.description) or _described(model)]
    described = [(field.name, field.description) for field in model.fields if field.description]
    return "\n\n".join([*lines, *_section("Attributes", described)])


def _described(model: Model) -> str:
    """What the name of a model says, where the document says nothing."""
    published = f" Published as {_clean(model.published_name)}." if model.published_name else ""
    for ending, meaning in _ENDINGS.items():
        of = model.name.removesuffix(ending)
        if of and of != model.name:
            return f"{meaning.format(with_article(of))}{published}"
    return f"{model.name}.{published}"


def alias_docstring(alias: Alias) -> str:
    return _paragraph(alias.description)


def operation_docstring(operation: Operation) -> str:
    """Summary, address, arguments, result and errors of an operation."""
    parts = _head(operation)
    if operation.kinds:
        known = ", ".join(_clean(kind.name) for kind in operation.kinds)
        parts.append(_paragraph(f"The type of the answer is known where {operation.kind_argument} is one of {known}."))
    arguments = [*operation.path_arguments]
    body = [] if operation.body is None else [("body", _body_text(operation))]
    keywords = [*operation.query, *operation.headers]
    chosen = [("content_type", "what to send the body as, in place of the first.")] if operation.content_types else []
    entries = [
        *_entries(arguments),
        *body,
        *_entries(keywords),
        *chosen,
        *(_WAITING if operation.get else ()),
        ("options", "settings of this one call, see RequestOptions."),
    ]
    parts += _section("Args", entries)
    parts += _section("Returns", [("", _returns(operation))])
    parts += _section("Raises", _raises(operation))
    return "\n\n".join(parts)


def raw_docstring(method: RawMethod) -> str:
    """What passing a request on takes and gives."""
    first = method.first
    methods = [("method", "HTTP method.")] if len(method.operations) > 1 else []
    entries = [
        *methods,
        *_entries(first.path_arguments),
        ("query", "query parameters; a value may be a sequence."),
        ("body", "a model, a mapping or a list is sent as JSON; text, bytes and open files as they are."),
        ("content_type", "media type of the body."),
        ("options", "settings of this one call, see RequestOptions."),
    ]
    addresses = "\n".join(f"`{one.method} {_clean(one.path)}`" for one in method.operations)
    several = "Pass a request on as it stands, with any of these methods." if len(method.operations) > 1 else ""
    parts = [several or _paragraph(first.summary or first.description) or f"{method.name}.", addresses]
    parts += _section("Args", entries)
    parts += _section("Returns", [("", _RETURNS["response"])])
    parts += _section("Raises", _raises(first))
    return "\n\n".join(parts)


def watch_docstring(operation: Operation, watch: Watch, *, one: bool) -> str:
    """What watching a list yields."""
    what = "one object" if one else "the objects"
    parts = [
        f"Watch {what} that `{operation.name}` lists: yields an event for each change.",
        f"`{operation.method} {_clean(operation.path)}?watch=true`",
    ]
    named = [("name", "name of the object.")] if one else []
    described = [(name, _OF_A_WATCH.get(name, text)) for name, text in _entries(watch.keywords(one))]
    parts += _section(
        "Args",
        [
            *_entries(operation.path_arguments),
            *named,
            *described,
            ("on_gone", _OF_A_WATCH["on_gone"]),
            ("reconnect", _OF_A_WATCH["reconnect"]),
            ("options", "settings of each call that is made, see RequestOptions."),
        ],
    )
    parts += _section("Returns", [("", "the watch; iterate over it. Leave it with `with`, or end it with `close()`.")])
    refused = "an argument cannot be sent; raised at once, all else by the loop."
    errors = "the server refused the watch, or an error ended it that does not pass by itself."
    parts += _section("Raises", [("InvalidArgumentError", refused), ("KubeSphereError", errors)])
    return "\n\n".join(parts)


def follow_docstring(operation: Operation) -> str:
    """What reading a log while it grows yields."""
    start = "byte of the log to begin at."
    parts = [
        f"Follow the log that `{operation.name}` gets: yields its lines as they are written, until no more will come.",
        f"`{operation.method} {_clean(operation.path)}`, again and again",
    ]
    options = "settings of each call that is made, see RequestOptions."
    parts += _section("Args", [*_entries(operation.path_arguments), ("start", start), ("options", options)])
    parts += _section(
        "Returns", [("", "the lines; iterate over them. Leave them with `with`, or end them with `close()`.")]
    )
    refused = "an argument cannot be sent; raised at once, all else by the loop."
    parts += _section("Raises", [("InvalidArgumentError", refused), *_raises(operation)[-2:]])
    return "\n\n".join(parts)


def literal(text: str, indent: int) -> str:
    """A docstring as Python source: nothing in the text can end it, escape from it or hide in it."""
    safe = _clean(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if safe.endswith('"'):
        safe = safe[:-1] + '\\"'
    pad = " " * indent
    lines = safe.split("\n")
    body = "\n".join([lines[0], *(pad + line if line else "" for line in lines[1:])])
    return f'"""{body}\n{pad}"""' if len(lines) > 1 else f'"""{body}"""'


def _head(operation: Operation) -> list[str]:
    summary = _paragraph(operation.summary or operation.description) or f"{operation.name}."
    more = _paragraph(operation.description) if operation.summary and operation.description != operation.summary else ""
    deprecated = "Deprecated by the server." if operation.deprecated else ""
    address = f"`{operation.method} {_clean(operation.path)}`"
    return [part for part in (summary, address, deprecated, more) if part]


def _body_text(operation: Operation) -> str:
    assert operation.body is not None
    media = " or ".join(_clean(one) for one in operation.body.media)
    described = operation.body.description
    return f"{described} Sent as {media}." if described else f"sent as {media}."


def _returns(operation: Operation) -> str:
    if operation.websocket:
        return "the terminal, which `with` opens and closes; only then is a call made."
    if operation.returns == NONE:
        return "nothing."
    if operation.page_item is not None and operation.paging is None:
        return "the list."
    if operation.page_item is not None:
        return "a page of the list; iterating over it walks all pages."
    return _RETURNS[operation.reads]


def _raises(operation: Operation) -> list[tuple[str, str]]:
    declared = ", ".join(str(response.status) for response in operation.responses)
    documented = [
        f"{status} ({_clean(description)})" if description else status
        for status, description in operation.errors
        if status != "default"
    ]
    errors = f" Documented: {', '.join(documented)}." if documented else ""
    if operation.reads == "response":
        declared = "one below 400"
    refusals = [
        *(["a path argument cannot be sent"] if operation.path_arguments else []),
        *(["limit or page is no whole number from 1"] if operation.paging is not None else []),
    ]
    waited = [("WaitTimeoutError", "the object was still there when wait_timeout was over.")] if operation.get else []
    return [
        *([("InvalidArgumentError", f"{', or '.join(refusals)}.")] if refusals else []),
        *waited,
        ("APIStatusError", f"the server answered with another status than {declared}.{errors}"),
        ("APIConnectionError", "no answer came."),
    ]


def _entries(arguments: Iterable[Argument]) -> list[tuple[str, str]]:
    return [(argument.name, argument.description or f"`{_clean(argument.wire)}`.") for argument in arguments]


def _section(title: str, entries: list[tuple[str, str]]) -> list[str]:
    if not entries:
        return []
    return ["\n".join([f"{title}:", *(_entry(name, text) for name, text in entries)])]


# Most of what is said of one argument is said of many, and each method stands in two classes: of the 21,000 texts that
# are wrapped for release-3.0, 2,700 differ.
_once = lru_cache(maxsize=8192)


@_once
def _entry(name: str, text: str) -> str:
    """A line of a section, wrapped."""
    flat = " ".join(_clean(text).split())
    return _wrapped(f"{name}: {flat}" if name else flat, "    ", "        ")


@_once
def _paragraph(text: str) -> str:
    """A description with its lines wrapped; blank lines keep paragraphs apart."""
    paragraphs = [" ".join(part.split()) for part in _clean(text).split("\n\n")]
    return "\n\n".join(_wrapped(part, "", "") for part in paragraphs if part)


def _wrapped(text: str, first: str, others: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _clean(text: str) -> str:
    """The text with control, bidirectional and other invisible characters written out, so that nothing hides."""
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    if plain.replace("\n", "").isprintable():  # as nearly all are
        return plain
    return "".join(char if char == "\n" or not _hides(char) else f"<U+{ord(char):04X}>" for char in plain)


def _hides(char: str) -> bool:
    return not char.isprintable() and unicodedata.category(char) != "Zs"
