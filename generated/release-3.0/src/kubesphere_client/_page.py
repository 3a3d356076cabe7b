"""Pages of lists: what one holds, and walking from one to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from kubesphere_client._objects import encode
from kubesphere_client._paging import Paging, Query
from kubesphere_client.errors import APIConnectionError, APITimeoutError

T_co = TypeVar("T_co", covariant=True)  # pages are read only
_COMPARED = 100  # items of a page
_FORGOTTEN = "`await` the call for its first page, or use `async for` for all items"


class _Page(Generic[T_co]):
    """One page of a list: all that does no input or output.

    Attributes:
        envelope: the list as the server sent it, decoded.
        items: what is on this page.
        total_items: how many there are on all pages, or None where the server does not say.
    """

    def __init__(self, envelope: Any, query: Query, paging: Paging) -> None:
        self.envelope = envelope
        self._query = query
        self._paging = paging

    @property
    def items(self) -> Sequence[T_co]:
        return cast("Sequence[T_co]", self._paging.items(self.envelope))

    @property
    def total_items(self) -> int | None:
        return self._paging.total(self.envelope, self._query)

    def to_dict(self) -> Any:
        """This page as JSON can hold it."""
        return encode(self.envelope)

    if not TYPE_CHECKING:  # which say it themselves

        def __getitem__(self, index):
            raise TypeError("A page is walked, and its items are counted from `.items`, as in `page.items[0]`.")

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        total = "" if self.total_items is None else f" of {self.total_items}"
        return f"<{type(self).__name__} with {len(self)}{total} items>"


class _Walk:
    """Where a walk has been, so that it ends even where a server sends it round in circles."""

    def __init__(self) -> None:
        self._tokens: set[str] = set()
        self._before: Any = None

    def after(self, page: _Page[Any]) -> Query | None:
        """The query for the next page; None where the walk ends."""
        query = page._paging.next(page.envelope, page._query)
        if query is None:
            return None
        token = query.get("continue")
        if token is not None:
            # Each token leads on, even from a page that is empty because a selector left nothing of it.
            new = token not in self._tokens and token != page._query.get("continue")
            self._tokens.add(token)
            return query if new else None
        # A server that does not know the parameter sends the same page again. Its beginning tells: all of a large page would
        # be read and kept a second time.
        begins = len(page.items), encode(page.items[:_COMPARED])
        same, self._before = begins == self._before, begins
        return None if same else query


class Page(_Page[T_co]):
    """One page of a list. Iterating gives its items and, where there are more pages, those of all that follow."""

    def __init__(self, envelope: Any, query: Query, paging: Paging, fetch: Callable[[Query], Any]) -> None:
        super().__init__(envelope, query, paging)
        self._fetch = fetch

    @classmethod
    def first(cls, query: Query, paging: Paging, fetch: Callable[[Query], Any]) -> Page[T_co]:
        return cls(fetch(query), query, paging, fetch)

    def pages(self) -> Iterator[Page[T_co]]:
        """This page and those that follow, each fetched when it is reached."""
        page, walk = self, _Walk()
        while True:
            yield page
            query = walk.after(page)
            if query is None:
                return
            try:
                envelope = self._fetch(query)
            except APIConnectionError as error:
                first = _first_after(error, query, self._paging)
                if first is None or not self._paging.is_past(query, self._fetch(first)):
                    raise
                return
            page = Page(envelope, query, self._paging, self._fetch)

    def __iter__(self) -> Iterator[T_co]:
        for page in self.pages():
            yield from page.items


class AsyncPage(_Page[T_co]):
    """One page of a list. `async for` gives its items and, where there are more pages, those of all that follow."""

    def __init__(self, envelope: Any, query: Query, paging: Paging, fetch: Callable[[Query], Awaitable[Any]]) -> None:
        super().__init__(envelope, query, paging)
        self._fetch = fetch

    async def pages(self) -> AsyncIterator[AsyncPage[T_co]]:
        """This page and those that follow, each fetched when it is reached."""
        page, walk = self, _Walk()
        while True:
            yield page
            query = walk.after(page)
            if query is None:
                return
            try:
                envelope = await self._fetch(query)
            except APIConnectionError as error:
                first = _first_after(error, query, self._paging)
                if first is None or not self._paging.is_past(query, await self._fetch(first)):
                    raise
                return
            page = AsyncPage(envelope, query, self._paging, self._fetch)

    async def __aiter__(self) -> AsyncIterator[T_co]:
        async for page in self.pages():
            for item in page.items:
                yield item


class AsyncPageRequest(Generic[T_co]):
    """A list that was not asked for yet: `await` gives its first page, `async for` all items of all pages."""

    def __init__(self, query: Query, paging: Paging, fetch: Callable[[Query], Awaitable[Any]]) -> None:
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


def _first_after(error: APIConnectionError, query: Query, paging: Paging) -> Query | None:
    """The query that tells a list that shrank from a server that cannot be reached.

    Past the end some lists close the connection without an answer (recordings res-111, odd4-v2_page0), and there
    a list that lost items while it was walked may end.
    """
    return None if isinstance(error, APITimeoutError) else paging.first(query)
