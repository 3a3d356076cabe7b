"""How each family of lists is walked: from one page and its query to the query for the next. No input or output here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from kubesphere_client._objects import Model
from kubesphere_client.errors import InvalidArgumentError

__all__ = ["Paging", "Query", "paging_of"]

Query: TypeAlias = Mapping[str, Any]
# The total of Jenkins' lists is the length of a second answer that holds a thousand at most (evidence/pagination.md §7).
_JENKINS_COUNTS_TO = 1000


class Paging:
    """A list that comes at once; base of the families, which come in pages.

    Attributes:
        limit: what the parameter for the size of a page is called on the wire.
        page: what the one for the number of a page is called there.
        default: how many items the server sends where no limit is given; None for all.
        items_at: where the items are in an answer that is no array.
        totals: what the number of items on all pages is called, beside the items.
    """

    limit = "limit"
    page = "page"
    default: int | None = None
    items_at: tuple[str, ...] = ("items",)
    totals: tuple[str, ...] = ("totalItems", "total_count")

    def asked(self, query: Query, operation: str) -> Query:
        """What a list is asked with, as the wire has it.

        Raises:
            InvalidArgumentError: the keyword arguments `limit` or `page` are no sizes or numbers of a page.
        """
        _check(query, self.limit, "limit", operation)
        _check(query, self.page, "page", operation)
        return query

    def items(self, envelope: Any) -> Sequence[Any]:
        found = envelope if isinstance(envelope, list) else _at(envelope, self.items_at)
        # A server written in Go sends null for a list without items.
        return found if isinstance(found, Sequence) and not isinstance(found, str) else ()

    def total(self, envelope: Any, query: Query) -> int | None:
        """How many items there are on all pages; None where the answer does not say."""
        beside = _at(envelope, self.items_at[:-1])
        return next((total for name in self.totals if (total := _whole(_field(beside, name))) is not None), None)

    def next(self, envelope: Any, query: Query) -> Query | None:
        """The query for the page after this one; None at the end of the list, or where all of it came."""
        return None

    def first(self, query: Query) -> Query | None:
        """The query for the first page of the list, which says whether the page of this query is still there.

        None where the server answers a page past the end, so that a broken connection says nothing of the list.
        """
        return None

    def is_past(self, query: Query, first: Any) -> bool:
        """Whether the first page says that the list ends before the page of this query."""
        return False


class _Numbered(Paging):
    """`page` and `limit` (family A)."""

    def next(self, envelope: Any, query: Query) -> Query | None:
        limit, number = self._position(query)
        count = len(self.items(envelope))
        if limit is None or number is None or limit <= 0 or number <= 0 or count == 0:
            return None
        total = self.total(envelope, query)
        # Never one page past the end: some lists then close the connection (evidence/pagination.md §3).
        at_end = count < limit if total is None else number * limit >= total
        return None if at_end else self._at_number(query, limit, number + 1)

    def first(self, query: Query) -> Query | None:
        limit, number = self._position(query)
        return None if limit is None or number is None or number <= 1 else self._at_number(query, limit, 1)

    def is_past(self, query: Query, first: Any) -> bool:
        limit, number = self._position(query)
        total = self.total(first, query)
        return limit is not None and number is not None and total is not None and (number - 1) * limit >= total

    def _position(self, query: Query) -> tuple[int | None, int | None]:
        """The size and the number of the page that a query asks for; None for what is none."""
        return _given(query, self.limit, self.default), _given(query, self.page, 1)

    def _at_number(self, query: Query, limit: int, number: int) -> Query:
        return {**query, self.page: number}


class _Paired(_Numbered):
    """`paging=limit=10,page=1` (families B and B'): both numbers in one parameter, ten and one where it is absent."""

    default = 10
    _pair = re.compile(r"limit=([0-9]+),page=([0-9]+)\Z")

    def asked(self, query: Query, operation: str) -> Query:
        query = dict(super().asked(query, operation))
        limit, page = query.pop("limit", None), query.pop("page", None)
        if limit is None and page is None:
            return query
        return {**query, "paging": f"limit={limit or self.default},page={page or 1}"}

    def _position(self, query: Query) -> tuple[int | None, int | None]:
        given = query.get("paging")
        if given is None:
            return self.default, 1
        # The server reads anything else as the default, and limit=-1 as all (pkg/server/params/params.go).
        pair = self._pair.match(str(given))
        return (None, None) if pair is None else (int(pair[1]), int(pair[2]))

    def _at_number(self, query: Query, limit: int, number: int) -> Query:
        return {**query, "paging": f"limit={limit},page={number}"}


class _Offset(Paging):
    """`start` and `limit`: how many items to skip, and how many to send (families C and D)."""

    start = "start"
    counts_to: int | None = None  # a total as high as this says only that there are at least as many

    def asked(self, query: Query, operation: str) -> Query:
        query = dict(super().asked(query, operation))
        page = query.pop(self.page, None)
        start = query.get(self.start)
        if start is not None and (isinstance(start, bool) or not isinstance(start, int) or start < 0):
            raise InvalidArgumentError(f"{operation}: start must be a whole number from 0, not {start!r}.")
        if page is None:
            return query
        if start is not None:
            raise InvalidArgumentError(f"{operation}: give page or start, not both.")
        limit = query.get(self.limit) or self.default
        return {**query, self.start: (page - 1) * limit, self.limit: limit}

    def next(self, envelope: Any, query: Query) -> Query | None:
        count, start = len(self.items(envelope)), _given(query, self.start, 0)
        limit = _given(query, self.limit, self.default)
        if limit is None or start is None or limit <= 0 or start < 0 or count == 0:
            return None
        total = self.total(envelope, query)
        counted = total is not None and (self.counts_to is None or total < self.counts_to)
        # More than were asked for is the whole list, sent without regard for the limit.
        at_end = start + count >= total if counted and total is not None else count != limit
        return None if at_end else {**query, self.start: start + count}


class _Jenkins(_Offset):
    """Blue Ocean's lists, some of them arrays without a total; they hold a hundred where no limit is given."""

    default = 100
    counts_to = _JENKINS_COUNTS_TO


class _Found(_Offset):
    """What Elasticsearch finds: `from` and `size`, ten where no size is given (family D)."""

    limit = "size"
    start = "from"
    default = 10
    items_at = ("query", "records")
    totals = ("total",)


class _Repositories(Paging):
    """Repositories of a source code host: `pageNumber` and `pageSize`, and the answer names the next page."""

    limit = "pageSize"
    page = "pageNumber"
    default = 100
    items_at = ("repositories", "items")
    totals = ()

    def asked(self, query: Query, operation: str) -> Query:
        # The API asks for both.
        given = {name: value for name, value in super().asked(query, operation).items() if value is not None}
        return {self.page: 1, self.limit: self.default, **given}

    def next(self, envelope: Any, query: Query) -> Query | None:
        number, following = _given(query, self.page, 1), _whole(_at(envelope, ("repositories", "nextPage")))
        if number is None or following is None or following <= number or not self.items(envelope):
            return None
        return {**query, self.page: following}


class _Ranked(Paging):
    """Metrics sorted by one of them (family E): a page holds every metric, each for at most `limit` objects."""

    items_at = ("results",)
    totals = ("total_item",)

    def next(self, envelope: Any, query: Query) -> Query | None:
        number, pages = _given(query, self.page, 1), _whole(_field(envelope, "total_page"))
        if number is None or pages is None or not 0 < number < pages or not self.items(envelope):
            return None
        return {**query, self.page: number + 1}


class _Continued(Paging):
    """Kubernetes' own lists: `limit`, and a token that says where the next page begins (family F)."""

    totals = ()

    def total(self, envelope: Any, query: Query) -> int | None:
        # Only the first page has nothing before it, and with a selector Kubernetes does not count what remains.
        if query.get("continue") is not None:
            return None
        remaining = _whole(_at(envelope, ("metadata", "remainingItemCount")))
        if remaining is None and _token(envelope) is not None:
            return None
        return len(self.items(envelope)) + (remaining or 0)

    def next(self, envelope: Any, query: Query) -> Query | None:
        token = _token(envelope)
        if token is None:
            return None
        # The token says which version of the list it continues; Kubernetes refuses a second word on that.
        kept = {name: value for name, value in query.items() if not name.startswith("resourceVersion")}
        return {**kept, "continue": token}


_WHOLE = Paging()
_FAMILIES: Mapping[str, Paging] = {
    "page": _Numbered(),
    "paging": _Paired(),
    "start": _Jenkins(),
    "from": _Found(),
    "pageNumber": _Repositories(),
    "sort_metric": _Ranked(),
    "continue": _Continued(),
}


def paging_of(name: str | None) -> Paging:
    """The family by the parameter that tells it; a list that comes at once where there is none."""
    return _WHOLE if name is None else _FAMILIES[name]


def _check(query: Query, wire: str, keyword: str, operation: str) -> None:
    value = query.get(wire)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return
    instead = "; leave it out for the server's own size of a page" if keyword == "limit" else ""
    raise InvalidArgumentError(f"{operation}: {keyword} must be a whole number from 1, not {value!r}{instead}.")


def _given(query: Query, name: str, default: int | None) -> int | None:
    """A number out of a query, to which it may have come as text; None where it is none."""
    value = query.get(name)
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        return None


def _token(envelope: Any) -> str | None:
    token = _at(envelope, ("metadata", "continue"))
    return token if isinstance(token, str) and token else None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = _field(value, name)
    return value


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping | Model) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
