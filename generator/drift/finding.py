"""One thing that changed: which check found it, how badly it hurts, where it stands and whom it touches."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any

from attrs import field, frozen


class Level(StrEnum):
    """How badly a change hurts the code of a user."""

    BREAKING = "breaking"  # code that was right stops working
    RISKY = "risky"  # code that was right may stop working: it depends on what it does
    COMPATIBLE = "compatible"  # code that was right goes on working

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@frozen
class Finding:
    """One change that a user can meet.

    Attributes:
        check: the id of the check, such as `request-parameter-removed`; oasdiff's where it has one.
        level: how badly it hurts.
        place: where it stands, independent of the order of the file and of wording, such as
            `GET /kapis/version query:verbose` or `schema iam_v1alpha2.User email`.
        subject: the same for a person: an operation, a model and its field, or a Python name.
        text: one sentence, without the subject, which begins in lower case and has no full stop at its end.
        group: the part of the client that it belongs to, such as `iam.v1alpha2`; "" where it belongs to none.
        operations: the operations that it touches, as `METHOD /path`, sorted; the new path where it moved.
        calls: the client's methods for them, such as `iam.v1alpha2.list_users`, sorted; empty where they are not known.
        before, after: what stood there and what stands there now, as small JSON; None where nothing did.
    """

    check: str
    level: Level
    place: str
    subject: str
    text: str
    group: str = ""
    operations: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    before: Any = field(default=None, kw_only=True)
    after: Any = field(default=None, kw_only=True)

    @property
    def fingerprint(self) -> str:
        """12 hexadecimal digits that stay the same as long as the same thing changed in the same way at the same place.

        Neither wording, level, nor the operations that are touched are part of it.
        """
        parts = _JSON.encode([self.check, self.place, self.before, self.after])
        return hashlib.sha256(parts.encode()).hexdigest()[:12]

    @property
    def order(self) -> tuple[int, str, str, str, str]:
        """What findings are sorted by: the worst first, then by group and place."""
        return (self.level.rank, self.group, self.place, self.check, self.fingerprint)

    def as_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "level": self.level.value,
            "fingerprint": self.fingerprint,
            "place": self.place,
            "subject": self.subject,
            "text": self.text,
            "group": self.group,
            "operations": list(self.operations),
            "calls": list(self.calls),
            "before": self.before,
            "after": self.after,
        }
