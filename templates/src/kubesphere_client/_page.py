"""Pages of lists: what one holds, and how the next one is asked for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from kubesphere_client._objects import Model, encode

T_co = TypeVar("T_co", covariant=True)  # pages are read only
Query: TypeAlias = Mapping[str, Any]
# How some lists take both numbers in one parameter, and what they make of none (evidence/pagination.md §4).
_LIMIT_AND_PAGE = re.compile(r"limit=([0-9]+),page=([0-9]+)\Z")
_FIRST_TEN = "limit=10,page=1"
_FORGOTTEN = "`await` the call for its first page, or use `async for` for all items"


class _Page(Generic[T_co]):
    """One page of a list: all that does no input or output.

    Attributes:
        envelope: the list as the server sent it, decoded.
        items: what is on this page.
        total_items: how many there are on all pages, or None where the server does not say.
    """

    def __init__(self, envelope: Any, query: Query, paging: str | None) -> None:
        self.envelope = envelope
        self._query = query
        self._paging = paging

    @property
    def items(self) -> Sequence[T_co]:
        items = self.envelope if isinstance(self.envelope, list) else _field(self.envelope, "items")
        # A server written in Go sends null for a list without items.
        return cast("Sequence[T_co]", items) if isinstance(items, Sequence) and not isinstance(items, str) else ()

    @property
    def total_items(self) -> int | None:
        for name in ("totalItems", "total_count"):
            total = _field(self.envelope, name)
            if isinstance(total, int) and not isinstance(total, bool):
                return total
        return None

    def to_dict(self) -> Any:
        """This page as JSON can hold it."""
        return encode(self.envelope)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        total = "" if self.total_items is None else f" of {self.total_items}"
        return f"<{type(self).__name__} with {len(self)}{total} items>"

    def _next(self) -> Query | None:
        """The query for the next page; None at the end of the list, or where all of it came."""
        if self._paging == "page":
            return self._next_number()
        if self._paging == "paging":
            return self._next_pair()
        if self._paging == "continue":
            return self._next_token()
        return None

    def _next_number(self) -> Query | None:
        asked = self._query.get("page")
        number = self._following(_number(self._query.get("limit")), 1 if asked is None else _number(asked))
        return None if number is None else {**self._query, "page": number}

    def _next_pair(self) -> Query | None:
        asked = self._query.get("paging")
        pair = _LIMIT_AND_PAGE.match(_FIRST_TEN if asked is None else str(asked))
        number = None if pair is None else self._following(int(pair[1]), int(pair[2]))
        return None if pair is None or number is None else {**self._query, "paging": f"limit={pair[1]},page={number}"}

    def _following(self, limit: int | None, number: int | None) -> int | None:
        """The number of the next page; None where there is none, or where these are no pages."""
        if limit is None or number is None or limit <= 0 or number <= 0 or not self.items:
            return None
        total = self.total_items
        # Never one page past the end: some lists then close the connection (evidence/pagination.md §3).
        at_end = len(self) < limit if total is None else number * limit >= total
        return None if at_end else number + 1

    def _next_token(self) -> Query | None:
        metadata = _field(self.envelope, "metadata")
        token = _field(metadata, "continue")
        if self._query.get("limit") is None or not isinstance(token, str) or token in ("", self._query.get("continue")):
            return None
        # The token says which version of the list it continues; Kubernetes refuses a second word on that.
        kept = {name: value for name, value in self._query.items() if not name.startswith("resourceVersion")}
        return {**kept, "continue": token}


class Page(_Page[T_co]):
    """One page of a list. Iterating gives its items and, where there are more pages, those of all that follow."""

    def __init__(self, envelope: Any, query: Query, paging: str | None, fetch: Callable[[Query], Any]) -> None:
        super().__init__(envelope, query, paging)
        self._fetch = fetch

    @classmethod
    def first(cls, query: Query, paging: str | None, fetch: Callable[[Query], Any]) -> Page[T_co]:
        return cls(fetch(query), query, paging, fetch)

    def pages(self) -> Iterator[Page[T_co]]:
        """This page and those that follow, each fetched when it is reached."""
        page = self
        while True:
            yield page
            query = page._next()
            if query is None:
                return
            page = Page(self._fetch(query), query, self._paging, self._fetch)

    def __iter__(self) -> Iterator[T_co]:
        for page in self.pages():
            yield from page.items


class AsyncPage(_Page[T_co]):
    """One page of a list. `async for` gives its items and, where there are more pages, those of all that follow."""

    def __init__(
        self, envelope: Any, query: Query, paging: str | None, fetch: Callable[[Query], Awaitable[Any]]
    ) -> None:
        super().__init__(envelope, query, paging)
        self._fetch = fetch

    async def pages(self) -> AsyncIterator[AsyncPage[T_co]]:
        """This page and those that follow, each fetched when it is reached."""
        page = self
        while True:
            yield page
            query = page._next()
            if query is None:
                return
            page = AsyncPage(await self._fetch(query), query, self._paging, self._fetch)

    async def __aiter__(self) -> AsyncIterator[T_co]:
        async for page in self.pages():
            for item in page.items:
                yield item


class AsyncPageRequest(Generic[T_co]):
    """A list that was not asked for yet: `await` gives its first page, `async for` all items of all pages."""

    def __init__(self, query: Query, paging: str | None, fetch: Callable[[Query], Awaitable[Any]]) -> None:
        self._query = query
        self._paging = paging
        self._fetch = fetch

    def __await__(self) -> Generator[Any, None, AsyncPage[T_co]]:
        return self._first().__await__()

    async def pages(self) -> AsyncIterator[AsyncPage[T_co]]:
        """All pages, each fetched when it is reached."""
        async for page in (await self._first()).pages():
            yield page

    async def __aiter__(self) -> AsyncIterator[T_co]:
        async for page in self.pages():
            for item in page.items:
                yield item

    if not TYPE_CHECKING:  # which say it themselves

        def __getattr__(self, name: str):
            if name.startswith("__"):  # what copy and pickle ask for
                raise AttributeError(name)
            raise AttributeError(f"{name!r} is of a page that was not asked for yet: {_FORGOTTEN}.")

        def __iter__(self):
            raise TypeError(f"This list was not asked for yet: {_FORGOTTEN}.")

        def __len__(self):
            raise TypeError(f"This list was not asked for yet: {_FORGOTTEN}.")

    async def _first(self) -> AsyncPage[T_co]:
        return AsyncPage(await self._fetch(self._query), self._query, self._paging, self._fetch)


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping | Model) else None


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
