"""The changelog of a package: sections for versions, and lines that join them."""

from __future__ import annotations

import pytest

from generator import changelog
from generator.errors import GeneratorError

TEXT = "# Changelog\n\nWords.\n\n## [1.0.0]\n\nThe first.\n\n### Added\n\n- All.\n"


def test_a_new_version_gets_a_section_above_the_others() -> None:
    found = changelog.add(TEXT, "1.0.1", {"Added": ["- New."]})

    assert found == TEXT.replace("## [1.0.0]", "## [1.0.1]\n\n### Added\n\n- New.\n\n## [1.0.0]")
    assert changelog.section(found, "1.0.1") == "### Added\n\n- New."


def test_lines_join_the_section_of_a_version_that_is_there() -> None:
    found = changelog.add(TEXT, "1.0.0", {"Added": ["- All.", "- More."], "Removed": ["- Gone."]})

    assert found.rstrip() == TEXT + "- More.\n\n### Removed\n\n- Gone."


def test_the_first_section_comes_below_the_heading() -> None:
    assert changelog.add("# Changelog\n", "1.0.0", {"Added": ["- A."]}).startswith(
        "# Changelog\n\n## [1.0.0]\n\n### Added\n\n- A.\n"
    )


def test_what_is_no_changelog_is_refused() -> None:
    with pytest.raises(GeneratorError, match="does not begin with a heading"):
        changelog.add("words", "1.0.0", {})


def test_the_links_at_the_end_belong_to_no_section() -> None:
    links = "[1.0.0]: https://example.test/1.0.0\n"

    found = changelog.add(f"{TEXT}\n{links}", "1.0.0", {"Removed": ["- Gone."]})

    assert found.endswith(f"### Removed\n\n- Gone.\n\n{links}")
    assert changelog.section(found, "1.0.0").endswith("- Gone.")


def test_a_line_is_known_only_when_it_stands_there_as_a_whole() -> None:
    text = "# Changelog\n\n## [1.0.1]\n\n### Added\n\n- `iam`: `a`, `b`\n"

    changed = changelog.add(text, "1.0.1", {"Added": ["- `iam`: `a`"]})

    assert changed.endswith("- `iam`: `a`, `b`\n- `iam`: `a`\n")


def test_an_update_that_undoes_an_earlier_one_takes_out_what_that_one_wrote() -> None:
    text = "# Changelog\n\n## [1.0.1]\n\n### Added\n\n- By hand.\n"
    new, back = {"Added": ["- `iam`: `a`"], "Changed": ["- `b`: it is\n  long"]}, {"Removed": ["- `iam`: `a`"]}

    there = changelog.add(text, "1.0.1", new, undone=back)

    assert there.endswith("- By hand.\n- `iam`: `a`\n\n### Changed\n\n- `b`: it is\n  long\n")
    assert changelog.add(there, "1.0.1", back, undone=new) == text


def test_a_section_of_which_nothing_is_left_goes() -> None:
    text = "# Changelog\n\n## [1.0.0]\n\nThe first.\n"
    new = {"Added": ["- `iam`: `a`"]}

    assert changelog.add(changelog.add(text, "1.0.1", new), "1.0.1", {}, undone=new) == text
