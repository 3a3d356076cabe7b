"""One call as a row of steps: its request, its token, its redirects, its retries. No input or output here.

`steps` yields what is to be done and is sent what came of it; the senders do it, one of them sync and one async.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

from kubesphere_client._api import TOKEN_PATH
from kubesphere_client._auth import Check
from kubesphere_client._clusters import placed
from kubesphere_client._http import (
    URL,
    Headers,
    Request,
    TooManyRedirects,
    built_request,
    origin,
    timeout_of,
    translated,
    unhurried,
)
from kubesphere_client._masking import Concealed
from kubesphere_client._operation import DELETED_BEFORE
from kubesphere_client._parameters import header_fields
from kubesphere_client._retry import Attempts, retries
from kubesphere_client._shared_headers import SharedHeaders
from kubesphere_client._steps import Close, GetToken, Pause, Read, Reject, Send
from kubesphere_client.errors import APIConnectionError, ConfigError, InvalidArgumentError

if TYPE_CHECKING:
    from kubesphere_client._auth import Form, Token
    from kubesphere_client._body import Body
    from kubesphere_client._http import AsyncClient, Client, Response
    from kubesphere_client._operation import Operation, PreparedRequest
    from kubesphere_client._steps import Steps

log = logging.getLogger("kubesphere_client")
log.addHandler(logging.NullHandler())  # else Python prints warnings where a program set up no logging
# Where a login revokes the user's other tokens, somebody else's may revoke the new one before it arrives.
_RENEWALS = 2
# What identifies the caller must not go with a login: an old bearer makes the server refuse it (recordings oauth-17
# and oauth-18). What describes an API call's body or answer is the login's own.
_NOT_FOR_LOGIN = (
    *("authorization", "x-kubesphere-authorization", "cookie"),
    *("accept", "content-type", "content-length", "transfer-encoding"),
)
# All that goes to another origin: any other header may be a credential.
_FOR_STRANGERS = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "connection", "content-encoding", "content-length"),
        *("content-type", "host", "if-match", "if-modified-since", "if-none-match", "if-range"),
        *("if-unmodified-since", "range", "transfer-encoding", "user-agent"),
    )
)


class Wire:
    """What the requests of a client have in common.

    Args:
        client: what will send, for its settings.
        base_url: the server, without a slash at its end.
        headers: sent with every request.
        auth: an httpx.Auth for every request that takes credentials, None for none, or httpx's mark for the client's
            own; it has no say where there are tokens.
        tokens: whether requests are sent with a token.
        redirects: whether redirects are followed.
        max_retries: how often a call is made again that failed in passing.
        content: makes of a body what the client takes.
        cluster: the part of the addresses that names a member cluster, such as "/clusters/member-1".
    """

    def __init__(
        self,
        client: Callable[[], Client | AsyncClient],
        *,
        base_url: str,
        headers: Mapping[str, str],
        auth: Any,
        tokens: bool,
        redirects: bool,
        max_retries: int,
        content: Callable[[Any], Any],
        cluster: str = "",
    ) -> None:
        self._client = client
        self._base_url = base_url
        url = URL(base_url)
        self._origin = origin(url)
        try:
            self._headers = SharedHeaders(Concealed(header_fields(headers, operation="headers")), url.netloc)
        except InvalidArgumentError as error:
            raise ConfigError(str(error)) from None
        self._auth = auth
        self._tokens = tokens
        self._redirects = redirects or client().follow_redirects
        self._max_retries = retries(max_retries)
        self._content = content
        self.cluster = cluster

    def steps(self, operation: Operation[Any], prepared: PreparedRequest, stream: bool, endless: bool = False) -> Steps:
        """One call: attempt after attempt until there is an answer to give.

        Args:
            stream: whether the body is left to be read.
            endless: whether the body may be silent for as long as it likes, where no timeout was given for the call.

        Raises:
            APIConnectionError: there was no answer, and no attempt is left.
        """
        options, max_retries = prepared.options, self._max_retries
        if options:  # a mistake in them is told before a login is sent
            max_retries = retries(options.get("max_retries", max_retries))
            timeout_of(options.get("timeout"))
        attempts = Attempts(prepared.method, max_retries)
        takes_token = self._tokens and operation.authenticated and "authorization" not in prepared.headers
        renewals = _RENEWALS
        while True:
            token: Token | None = (yield GetToken()) if takes_token else None
            started = perf_counter()
            try:
                response = yield from self._attempt(operation, prepared, token, stream)
            except APIConnectionError as error:
                pause = attempts.after_error(error)
                if pause is None or not prepared.body.rewind():
                    raise
                log.warning("%s: %s; trying again in %.1f s", operation.name, error.message, pause)
                yield Pause(pause)
                continue
            _log_answer(operation, prepared, response, started)
            if token is not None and renewals and _refuses(response) and (yield Reject(token, response)):
                renewals -= 1
                if prepared.body.rewind():
                    yield Close(response)
                    continue
            pause = attempts.after_answer(response)
            if pause is None or not prepared.body.rewind():
                if attempts.deleted_before:
                    response.extensions[DELETED_BEFORE] = True
                if endless and response.is_success and "timeout" not in prepared.options:
                    unhurried(response)
                return response
            log.warning("%s: status %d; trying again in %.1f s", operation.name, response.status_code, pause)
            yield Close(response)
            yield Pause(pause)

    def login(self, form: Form | Check) -> Steps:
        """What the server says to a login. It is asked again only where the question did not reach it."""
        attempts = Attempts("POST", self._max_retries)
        while True:
            try:
                response: Response = yield Send("login", self._login(form), auth=None, private=True)
                yield Read("login", response, private=True)
            except APIConnectionError as error:
                pause = attempts.after_error(error)
                if pause is None:
                    raise
                log.warning("login: %s; trying again in %.1f s", error.message, pause)
                yield Pause(pause)
            else:
                log.debug("login (%s): status %d", form.grant, response.status_code)
                return response

    def _attempt(
        self, operation: Operation[Any], prepared: PreparedRequest, token: Token | None, stream: bool
    ) -> Steps:
        request = self._request(operation, prepared, token)
        barred = token is not None or "authorization" in prepared.headers or not operation.authenticated
        auth = None if barred else self._auth
        response: Response = yield Send(operation.name, request, auth=auth)
        history: list[Response] = []
        while (self._redirects or operation.follows) and _leads_on(response, prepared.body):
            yield Read(operation.name, response)
            history.append(response)
            if len(history) > self._client().max_redirects:
                with translated(operation.name):
                    raise TooManyRedirects("Exceeded maximum allowed redirects.", request=response.request)
            request = cast("Request", response.next_request)
            if operation.follows or origin(request.url) != self._origin:
                _strip(request)
                auth = None
            response = yield Send(operation.name, request, auth=auth)
            response.history = list(history)
        # The body of a refusal is short, and nobody streams it.
        if not stream or not (operation.succeeds(response) or response.status_code < 200):
            yield Read(operation.name, response)
        return response

    def _request(self, operation: Operation[Any], prepared: PreparedRequest, token: Token | None) -> Request:
        path = placed(prepared.path, self.cluster, operation.name) if self.cluster else prepared.path
        client = self._client()
        headers = self._headers.of_call(client, prepared.headers, token=token, authenticated=operation.authenticated)
        with translated(operation.name):
            return built_request(client, self._base_url + path, prepared, headers=headers, content=self._content)

    def _login(self, form: Form | Check) -> Request:
        # Not made by the client, which would add its cookies.
        client = self._client()
        headers = Headers(client.headers)
        headers.update(self._headers.own(client))
        for name in _NOT_FOR_LOGIN:
            headers.pop(name, None)
        headers["accept"] = "application/json"
        if isinstance(form, Check):
            headers["authorization"] = form.token.header
            return Request("GET", self._base_url + form.path, headers=headers)
        headers["content-type"] = "application/x-www-form-urlencoded"
        return Request("POST", f"{self._base_url}{TOKEN_PATH}", headers=headers, content=form.encode())


def _leads_on(response: Response, body: Body) -> bool:
    """Whether an answer is a redirect that can be followed. One that takes the body along needs all of it once more: of
    what has been read, httpx would send nothing in silence."""
    following = response.next_request
    return following is not None and (following.method != response.request.method or body.rewind())


def _strip(request: Request) -> None:
    """Take from a request what is not for a stranger, who may be where a redirect leads.

    httpx keeps the token from http to https of the same host, which is another origin all the same, and any header but
    Authorization, though it may be a credential. Where an operation always redirects, it is to a storage, which must not
    see the token wherever it stands.
    """
    for name in list(request.headers):
        if name not in _FOR_STRANGERS:
            del request.headers[name]


def _refuses(response: Response) -> bool:
    # After a redirect to another origin the answer is not about our token, which was not sent there.
    return response.status_code == 401 and "authorization" in response.request.headers


def _log_answer(operation: Operation[Any], prepared: PreparedRequest, response: Response, started: float) -> None:
    if not log.isEnabledFor(logging.DEBUG):
        return
    # Without the query: /oauth/callback takes its codes there.
    milliseconds = (perf_counter() - started) * 1000
    log.debug(
        "%s: %s %s: status %d after %.0f ms",
        operation.name,
        prepared.method,
        response.request.url.raw_path.decode("ascii", "replace").partition("?")[0],
        response.status_code,
        milliseconds,
    )
