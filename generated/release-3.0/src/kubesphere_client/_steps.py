"""What a call asks its sender to do, step by step."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from kubesphere_client._auth import Token
    from kubesphere_client._http import Request, Response


class Send:
    """Send a request; comes to an answer whose body has not been read.

    Attributes:
        response: the answer, as soon as there is one. Whoever is interrupted closes the answer of the step it is at.
    """

    __slots__ = ("auth", "operation", "private", "request", "response")

    def __init__(self, operation: str, request: Request, *, auth: Any, private: bool = False) -> None:
        self.operation = operation
        self.request = request
        self.auth = auth
        self.private = private
        self.response: Response | None = None


class Read:
    """Read the body of an answer."""

    __slots__ = ("operation", "private", "response")

    def __init__(self, operation: str, response: Response, *, private: bool = False) -> None:
        self.operation = operation
        self.response = response
        self.private = private


class Close:
    """Close an answer whose body is of no interest."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Pause:
    """Wait for some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class GetToken:
    """Get the token to send."""


class Reject:
    """Report that a token was refused with an answer; comes to whether another can be had."""

    def __init__(self, token: Token, response: Response) -> None:
        self.token = token
        self.response = response


Step: TypeAlias = "Send | Read | Close | Pause | GetToken | Reject"
Steps: TypeAlias = "Generator[Step, Any, Response]"
