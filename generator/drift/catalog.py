"""The table of every check in docs/drift.md, written from the checks themselves by `python -m generator.drift.catalog`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.drift.api import CHECKS
from generator.drift.python import checks as of_python

PAGE = Path(__file__).parents[2] / "docs" / "drift.md"
_MARK = "<!-- from here on written by `python -m generator.drift.catalog` -->\n"


def written(page: str) -> str:
    """The page with the tables as the checks are now; what stands above them is a person's."""
    head, _, _ = page.partition(_MARK)
    return head + _MARK + "\n" + "\n".join(_tables()) + "\n"


def _tables() -> Iterator[str]:
    yield from ("### API", "", "| check | level | what changed |", "| --- | --- | --- |")
    for check in CHECKS.values():
        mark = "" if check.ours else "*"
        why = f"; {check.why}" if check.why else ""
        yield f"| `{check.id}`{mark} | {check.level} | {check.title}{why} |"
    yield from ("", "### Python", "", "| check | level | what changed |", "| --- | --- | --- |")
    for one in sorted(of_python.ALL, key=lambda one: one.id):
        text = one.text.format(before="A", after="B")
        yield f"| `{one.id}` | {one.level or 'as the two types say'} | {text} |"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
