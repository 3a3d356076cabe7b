"""Descriptions as the document has them."""

from __future__ import annotations

from typing import Any


def text(value: Any) -> str:
    """A description without the white space around it; "" where there is none."""
    return value.strip() if isinstance(value, str) else ""
