"""The page about drift says what the checks say."""

from __future__ import annotations

from generator.drift import catalog
from generator.drift.api import CHECKS
from generator.drift.python import checks as of_python


def test_the_tables_of_the_page_are_those_of_the_checks() -> None:
    page = catalog.PAGE.read_text(encoding="utf-8")
    assert catalog.written(page) == page, "run `python -m generator.drift.catalog`"


def test_every_check_has_a_row() -> None:
    page = catalog.written("")
    assert all(f"| `{name}`" in page for name in (*CHECKS, *(one.id for one in of_python.ALL)))


def test_what_a_person_wrote_above_the_tables_stays() -> None:
    assert catalog.written(catalog.written("# Words\n")).startswith("# Words\n")
