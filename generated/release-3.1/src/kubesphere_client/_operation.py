"""What an operation is: how its request is built and how its answer is judged. No input or output here."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar, cast

from kubesphere_client import _json
from kubesphere_client._body import Body, BodyKind, encode_body
from kubesphere_client._garbage import LARGE, paused
from kubesphere_client._masking import Concealed
from kubesphere_client._parameters import fill_path, header_fields, query_string
from kubesphere_client.errors import DecodeError, NotFoundError

if TYPE_CHECKING:
    from kubesphere_client._http import Response, Timeout

T = TypeVar("T")
# Set on the answer to a DELETE whose attempt before this one may have deleted the object.
DELETED_BEFORE = "kubesphere_client.deleted_before"
_STATUS = {"kind": "Status", "apiVersion": "v1", "status": "Success"}
_NOTHING = Body()
_DECLARED = {"object": "an object", "list": "a list"}
_JSON_NAMES = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}


class RequestOptions(TypedDict, total=False):
    """What every method takes beside its own arguments.

    timeout: seconds to wait at each step of this call, an httpx.Timeout, or None to wait for ever. A body that is not
        streamed has so long for each 64 KiB.
    max_retries: how often this call may be made again when it fails in passing.
    extra_headers: headers that are sent too, and win over those of the client.
    extra_query: query parameters that are sent too; a value may be a sequence.
    """

    timeout: float | Timeout | None
    max_retries: int
    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, Any]


class PreparedRequest:
    """A request that is ready to be sent, but for the server's address and the token."""

    __slots__ = ("body", "headers", "method", "options", "path", "query")

    def __init__(
        self, *, method: str, path: str, query: str, headers: dict[str, str], body: Body, options: RequestOptions
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.options = options

    def __repr__(self) -> str:
        return f"<PreparedRequest {self.method} {self.path} {self.query!r} {self.body!r}>"


class Operation(Generic[T]):
    """One operation of the API.

    Args:
        name: where it lives, such as "iam.v1alpha2.get_user".
        method, path: as the server knows it; the path is a template.
        responses: each status that is a success, with what makes a value of its decoded body; None where the
            operation declares no body, so that whatever comes is left aside.
        joined: query parameters whose values are joined into one, with what stands between them.
        tail: path parameters that may hold "/".
        authenticated: whether the token is sent.
        body_media: the media types of the body.
        body: what the body must be: an object, a list of objects or any list.
        body_required: whether there must be a body.
        files: the fields of a form that are files.
        unix: query parameters that are Unix times, with how many of their units make a second.
        reads: what a success gives: its body as JSON, text or bytes, where it redirects to, or the response itself.
        answers: what the JSON of a success must be.
        paging: how the next page of a list is asked for, by the parameter that tells its family; see `_paging`.
        follows: whether redirects are followed, whatever the client does elsewhere.
        kinds: for an operation that serves objects of many kinds, what finds the decoder of each kind by its name.
    """

    __slots__ = (
        "answers",
        "authenticated",
        "body",
        "body_media",
        "body_required",
        "files",
        "follows",
        "joined",
        "kinds",
        "method",
        "name",
        "paging",
        "path",
        "reads",
        "responses",
        "tail",
        "unix",
    )

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        responses: Mapping[int, Callable[..., T] | None],
        *,
        joined: Mapping[str, str] | None = None,
        tail: tuple[str, ...] = (),
        authenticated: bool = True,
        body_media: tuple[str, ...] = (),
        body: BodyKind | None = None,
        body_required: bool = False,
        files: tuple[str, ...] = (),
        unix: Mapping[str, int] | None = None,
        reads: Literal["json", "text", "bytes", "location", "response"] = "json",
        answers: Literal["object", "list"] | None = None,
        paging: Literal["page", "paging", "start", "from", "pageNumber", "sort_metric", "continue"] | None = None,
        follows: bool = False,
        kinds: Mapping[str, Callable[[], Callable[[Any], Any]]] | None = None,
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.responses = responses
        self.joined = joined or {}
        self.tail = tail
        self.authenticated = authenticated
        self.body_media = body_media
        self.body: BodyKind | None = body
        self.body_required = body_required
        self.files = files
        self.unix = unix or {}
        self.reads = reads
        self.answers = answers
        self.paging = paging
        self.follows = follows
        self.kinds = kinds or {}

    def __repr__(self) -> str:
        return f"<Operation {self.name}: {self.method} {self.path}>"

    def for_kind(self, name: str) -> Operation[T]:
        """The operation as it serves the objects of one kind, such as "nodes"; itself where the kind is unknown."""
        find = self.kinds.get(name)
        if find is None:
            return self
        narrowed = copy.copy(self)
        narrowed.responses = {
            status: None if decode is None else partial(decode, item=find())
            for status, decode in self.responses.items()
        }
        return narrowed

    def prepare(
        self,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str | None = None,
        options: RequestOptions,
    ) -> PreparedRequest:
        """Build the request for one call.

        Raises:
            TypeError: an option that no method takes.
            InvalidArgumentError: a value that cannot be sent as it is.
        """
        if options:
            check_options(options, self.name.rpartition(".")[2])
        content = _NOTHING
        if body is not None or self.body_required:
            content = encode_body(
                body,
                self.body_media,
                operation=self.name,
                chosen=content_type,
                kind=self.body,
                required=self.body_required,
                files=self.files,
            )
        # `application/json` alone is a 406 on the server's text routes; so is `text/plain` (evidence/auth.md §10).
        fields = Concealed(accept="application/json, */*" if self.reads == "json" else "*/*")
        if content.media is not None:
            fields["content-type"] = content.media
        for given in (headers, options.get("extra_headers")):
            if given:
                fields.update(header_fields(given, operation=self.name))
        extra = options.get("extra_query")
        parameters = {**(query or {}), **extra} if extra else query
        return PreparedRequest(
            method=self.method,
            path=fill_path(self.path, path or {}, tail=self.tail, operation=self.name),
            query=query_string(parameters, self.joined, operation=self.name, unix=self.unix) if parameters else "",
            headers=fields,
            body=content,
            options=options,
        )

    def succeeds(self, response: Response) -> bool:
        """Whether the status of an answer is a success."""
        if self.reads == "response" and response.status_code < 400:
            return True
        return response.status_code in self.responses

    def refuse(self, response: Response) -> None:
        """Raise the error that an answer is, whose body has been read.

        Raises:
            APIStatusError: always, but for a DELETE that finds nothing because an attempt before it was the one that
                deleted.
        """
        from kubesphere_client._status_errors import status_error  # most programs meet no refusal

        error = status_error(response, self.name)
        if not isinstance(error, NotFoundError) or not response.extensions.get(DELETED_BEFORE):
            raise error

    def judge(self, response: Response) -> T:
        """What a call returns for an answer whose body has been read.

        Raises:
            APIStatusError: a status that is not declared as a success.
            DecodeError: a success with a body that is not what the operation declares.
        """
        if not self.succeeds(response):
            self.refuse(response)
            return self._deleted()
        if self.reads == "response":
            return cast("T", response)
        if self.reads == "location":
            return cast("T", self._location(response))
        decode = self.responses[response.status_code]
        if decode is None:
            return cast("T", None)
        if self.reads == "json":
            if len(response.content) >= LARGE:
                return self._large(decode, response)
            return decode(self._checked(self._json(response) if response.content else None, response))
        return decode(response.text if self.reads == "text" else response.content)

    def _large(self, decode: Callable[..., T], response: Response) -> T:
        late = _json.loads_list(response.content, lambda item: self._loads(item, response, "an item of the answer"))
        if late is not None:
            data, items = late
            value = decode(self._checked(data, response))
            if items.close():
                return value
        with paused():
            return decode(self._checked(self._json(response), response))

    def _deleted(self) -> T:
        """What the server says of a deletion, which was lost on its way (pkg/server/errors/errors.go:25-41, and
        Kubernetes' Status)."""
        decode = next(iter(self.responses.values()), None)
        if decode is None or self.reads != "json":
            return cast("T", None)
        return decode({"message": "success"} if self.path.startswith("/kapis/") else _STATUS)

    def _location(self, response: Response) -> str:
        location = response.headers.get("Location")
        if location is None:
            raise DecodeError("the redirect does not say where to", response=response, operation=self.name)
        return str(location)

    def _json(self, response: Response) -> Any:
        return self._loads(response.content, response, "the answer")

    def _loads(self, data: bytes, response: Response, what: str) -> Any:
        try:
            return _json.loads(data)
        except (ValueError, RecursionError) as error:
            kind = response.headers.get("Content-Type", "no Content-Type")
            message = f"{what} is not JSON ({kind}): {_json.excerpt(response.text, error)}"
        raise DecodeError(message, response=response, body=response.text, operation=self.name)

    def _checked(self, data: Any, response: Response) -> Any:
        """The decoded answer, where it is of the declared kind; what is inside it is not looked at."""
        # A server written in Go sends null for a list without items.
        if self.answers is None or isinstance(data, dict if self.answers == "object" else list | None):
            return data
        came = f"a JSON {_JSON_NAMES.get(type(data), 'number')}" if response.content else "empty"
        message = f"the answer is {came} where {_DECLARED[self.answers]} is declared"
        raise DecodeError(message, response=response, body=response.text, operation=self.name)


def check_options(options: RequestOptions, method: str) -> None:
    """Refuse options that no method takes."""
    # Every method takes **options, so a name that is misspelt arrives here. The server would answer it with an
    # empty list (evidence/pagination.md §2).
    for name in options:
        if name not in RequestOptions.__annotations__:
            python = re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()
            hint = "" if python == name else f"; is {python} meant?"
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}{hint}")


def with_defaults(defaults: RequestOptions, options: RequestOptions) -> RequestOptions:
    """Options with those of a client behind them; headers and query parameters come from both.

    The options of the call are taken out of the dict that they came in, which is a local of a generated method: a
    traceback would show its headers.
    """
    if not defaults and not options:
        return defaults
    merged = cast("RequestOptions", Concealed({**defaults, **options}))
    for name in ("extra_headers", "extra_query"):
        if name in defaults or name in options:
            merged[name] = Concealed({**(defaults.get(name) or {}), **(options.get(name) or {})})
    if not isinstance(options, Concealed):
        cast("dict[str, Any]", options).clear()
    return merged
