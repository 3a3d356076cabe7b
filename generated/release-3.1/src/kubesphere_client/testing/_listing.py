"""KubeSphere's lists: how each family filters, sorts and cuts its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from kubesphere_client.testing._messages import DROPPED, Answer, JsonObject, ReceivedRequest, data
from kubesphere_client.testing._selectors import label_selector, labels_of

Family = Literal["A", "A'", "B", "B'", "C", "C runs", "C search", "D", "E", "repositories", "array"]
"""The shapes of lists:

- `A`: `page` and `limit`, `{items, totalItems}`, filters; an unknown query key matches nothing; `A'`: the same out of
  v1alpha2, in the order of the names, and the connection is closed past the end;
- `B`: `paging=limit=10,page=1`, `{items, total_count}`; `B'`: the same paging, `{items, totalItems}`; both close the
  connection past the end;
- `C`: `start` and `limit`, a bare array; `C runs`: `{items, totalItems}`; `C search`: `{items, total_count}`; `D`: `from` and `size`, `{query: {total, records}}`;
- `E`: metrics; with `sort_metric` their `data.result` comes in pages, `{results, page, total_page, total_item}`;
- `repositories`: `pageNumber` and `pageSize`; `array`: a bare array without pages.
"""

_CONTROLS = ("limit", "page", "sortBy", "ascending", "labelSelector")
_PAGING = re.compile(r"^limit=(-?\d+),page=(\d+)$")
Things = Sequence[Any]
# Totals of Jenkins' lists are the length of a second answer (evidence/pagination.md §7), whose own size is Blue Ocean's.
_JENKINS_COUNTS_TO, _JENKINS_SIZE = 1000, 100


def list_in(family: Family, things: Things, request: ReceivedRequest) -> Answer:
    """The page of the list that the request asks for."""
    query = request.parameters
    match family:
        case "A":
            return family_a(list(things), query, kept="sortBy" not in query)
        case "A'":
            return fallback(list(things), query)
        case "B":
            return paged(things, query, "total_count")
        case "B'":
            return paged(things, query, "totalItems")
        case "C":
            return data(_jenkins(things, query))
        case "C runs":
            return data({"items": _jenkins(things, query), "totalItems": min(len(things), _JENKINS_COUNTS_TO)})
        case "C search":
            return data({"items": _jenkins(things, query), "total_count": min(len(things), _JENKINS_COUNTS_TO)})
        case "D":
            return _searched(things, query)
        case "E":
            return _metrics(things, query)
        case "repositories":
            return _repositories(things, query)
        case "array":
            return data(list(things))


def family_a(things: list[JsonObject], query: Mapping[str, str], *, kept: bool = False) -> Answer:
    """A list of the `query.Query` family (recordings res-056 to res-105); with `kept` in the order in which it came."""
    found = filtered(things, query)
    if not kept:
        found = sorted_by(found, query)
    limit = _number(query.get("limit"), -1)
    page = _number(query.get("page"), 1)
    return data({"items": _cut(found, limit, page), "totalItems": len(found)})


def fallback(things: list[JsonObject], query: Mapping[str, str]) -> Answer:
    """A list that v1alpha3 takes from v1alpha2: past the end the handler panics (recording more-res-s2i-029)."""
    found = filtered(things, query)
    by_time = query.get("sortBy") in ("createTime", "creationTimestamp")
    found.sort(key=_created if by_time else _name, reverse=query.get("ascending") not in ("true", "1"))
    limit, page = _number(query.get("limit"), -1), _number(query.get("page"), 1)
    if limit < 0:
        return data({"items": found, "totalItems": len(found)})
    start = (page - 1) * limit
    if start < 0 or start > len(found):
        return DROPPED
    return data({"items": found[start : start + limit], "totalItems": len(found)})


def paged(things: Things, query: Mapping[str, str], total: str) -> Answer:
    """A list with `paging=`; past the end, and before the beginning, the handler panics (recording res-111)."""
    match = _PAGING.match(query.get("paging", ""))
    limit, page = (int(match[1]), int(match[2])) if match else (10, 1)
    if limit < 0:
        return data({"items": list(things), total: len(things)})
    start = (page - 1) * limit
    if start < 0 or start > len(things):
        return DROPPED
    return data({"items": list(things[start : start + limit]), total: len(things)})


def by_conditions(things: list[JsonObject], query: Mapping[str, str]) -> list[JsonObject]:
    """What `conditions=` lets through, in the order of v1alpha2 (recordings res-108 to res-126)."""
    for condition in filter(None, query.get("conditions", "").split(",")):
        fuzzy = re.match(r"^(\w+)~(.*)$", condition)
        exact = re.match(r"^([\w./-]+)=(.*)$", condition)
        if fuzzy is not None and fuzzy[1] in ("name", "keyword"):
            things = [thing for thing in things if fuzzy[2] in _name(thing)]
        elif exact is not None:
            key, value = exact[1], exact[2]
            things = [t for t in things if value == (_name(t) if key == "name" else labels_of(t).get(key))]
        else:
            things = []
    key = _name if query.get("orderBy") == "name" else _created
    return sorted(things, key=key, reverse=query.get("reverse") == "true")


def filtered(things: list[JsonObject], query: Mapping[str, str]) -> list[JsonObject]:
    """What every filter lets through; a key that is no filter lets nothing through (recording res-082)."""
    selector = query.get("labelSelector")
    if selector:
        try:
            matches = label_selector(selector)
        except ValueError:  # a malformed selector matches everything (recording res-091)
            matches = label_selector("")
        things = [thing for thing in things if matches(thing)]
    for key, value in query.items():
        if key not in _CONTROLS:
            keep = _FILTERS.get(key, _never)
            things = [thing for thing in things if keep(thing, value)]
    return things


def sorted_by(things: list[JsonObject], query: Mapping[str, str]) -> list[JsonObject]:
    """By name or by time of creation, the newest first unless `ascending` says otherwise."""
    key = _name if query.get("sortBy") == "name" else _created
    return sorted(things, key=key, reverse=query.get("ascending") not in ("true", "1", "t", "T", "TRUE", "True"))


def _jenkins(things: Things, query: Mapping[str, str]) -> list[Any]:
    start, limit = _number(query.get("start"), 0), _number(query.get("limit"), _JENKINS_SIZE)
    return list(things[start : start + limit])


def _searched(things: Things, query: Mapping[str, str]) -> Answer:
    match query.get("operation", "query"):
        case "statistics":
            return data({"statistics": {"containers": 1 if things else 0, "logs": len(things)}})
        case "histogram":
            return data({"histogram": {"total": len(things), "histograms": None}})
        case "export":
            text = "".join(f"{record.get('log', record)}\n" for record in things)
            return Answer(200, text.encode(), "text/plain", {"Content-Disposition": "attachment"})
    start, size = _number(query.get("from"), 0), _number(query.get("size"), 10)
    return data({"query": {"total": len(things), "records": list(things[start : start + size]) or None}})


def _metrics(things: Things, query: Mapping[str, str]) -> Answer:
    if not query.get("sort_metric"):
        return data({"results": list(things) or None})
    limit, page = _number(query.get("limit"), 5), _number(query.get("page"), 1)
    if limit <= 0 or page <= 0:
        return Answer(400, b"Invalid parameter 'limit' or 'page'\n", "text/plain; charset=utf-8")
    total = max((len(_rows(one)) for one in things), default=0)
    start = (page - 1) * limit
    cut = [_with_rows(one, _rows(one)[start : start + limit]) for one in things]
    return data({"results": cut, "page": page, "total_page": -(-total // limit), "total_item": total})


def _rows(metric: Any) -> list[Any]:
    """The objects for which a metric was measured: they are what is sorted and paged (evidence/pagination.md §5)."""
    return list(metric.get("data", {}).get("result") or [])


def _with_rows(metric: Any, rows: list[Any]) -> Any:
    return {**metric, "data": {**metric.get("data", {}), "result": rows}}


def _repositories(things: Things, query: Mapping[str, str]) -> Answer:
    size, page = _number(query.get("pageSize"), 20), _number(query.get("pageNumber"), 1)
    last = max(1, -(-len(things) // size))
    items = list(things[(page - 1) * size : page * size])
    following = page + 1 if page < last else None
    cut = {"items": items, "pageSize": size, "nextPage": following, "lastPage": last}
    return data({"repositories": cut})


def _cut(things: list[JsonObject], limit: int, page: int) -> list[JsonObject]:
    if limit == -1:
        return things
    start = (page - 1) * limit
    return things[start : start + limit] if limit > 0 and page > 0 else []


def _number(text: str | None, default: int) -> int:
    """A number, or the default where it is none: the server does not complain (recording res-069)."""
    return int(text) if text and re.fullmatch(r"-?\d+", text) else default


def _name(thing: JsonObject) -> str:
    return str(thing.get("metadata", {}).get("name", ""))


def _created(thing: JsonObject) -> tuple[str, str]:
    return str(thing.get("metadata", {}).get("creationTimestamp", "")), _name(thing)


def _pair(values: Mapping[str, str], wanted: str) -> bool:
    """`key`, `key=value` or `key!=value`."""
    key, unequal, value = wanted.partition("!=")
    if unequal:
        return values.get(key) != value
    key, equal, value = wanted.partition("=")
    return values.get(key) == value if equal else key in values


def _never(thing: JsonObject, value: str) -> bool:
    return False


def _owned(field: str) -> Callable[[JsonObject, str], bool]:
    return lambda thing, value: any(
        owner.get(field) == value for owner in thing.get("metadata", {}).get("ownerReferences", ())
    )


def _status(thing: JsonObject, value: str) -> bool:
    """The status as the server sums it up: replicas of a workload, the phase of anything else."""
    replicas = thing.get("spec", {}).get("replicas")
    if replicas is None:
        return str(thing.get("status", {}).get("phase", "")).lower() == value.lower()
    ready = thing.get("status", {}).get("readyReplicas", 0)
    return value == ("stopped" if not replicas else "running" if ready == replicas else "updating")


_FILTERS: dict[str, Callable[[JsonObject, str], bool]] = {
    "name": lambda thing, value: value in _name(thing),
    "names": lambda thing, value: _name(thing) in value.split(","),
    "uid": lambda thing, value: thing["metadata"].get("uid") == value,
    "namespace": lambda thing, value: thing["metadata"].get("namespace") == value,
    "ownerReference": _owned("uid"),
    "ownerKind": _owned("kind"),
    "annotation": lambda thing, value: _pair(thing["metadata"].get("annotations") or {}, value),
    "label": lambda thing, value: _pair(labels_of(thing), value),
    "status": _status,
    "nodeName": lambda thing, value: thing.get("spec", {}).get("nodeName") == value,
    "email": lambda thing, value: thing.get("spec", {}).get("email") == value,
    "storageClassName": lambda thing, value: thing.get("spec", {}).get("storageClassName") == value,
    "type": lambda thing, value: value in (thing.get("type"), thing.get("spec", {}).get("type")),
}
