"""The report in GitHub's Markdown."""

from __future__ import annotations

import re

import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from generator.drift.drift import Standing
from generator.drift.finding import Level
from generator.drift.reports import markdown, wording
from tests.drift import sample_drift


def test_the_verdict_comes_first_then_the_counts() -> None:
    text = markdown.render(sample_drift.small())
    verdict = "BREAKING: 1 change of the API breaks code that was right; seen from Python, 1 does."
    assert text.startswith(f"## Drift of release-3.0\n\n**{verdict}**\n")
    assert "| breaking | 1 | 1 |" in text
    assert "| risky | 1 | 0 |" in text


def test_breaking_findings_are_a_table_and_the_others_are_folded() -> None:
    shown, _, folded = markdown.render(sample_drift.small()).partition("<details>")
    assert "| `GET /kapis/iam.kubesphere.io/v1alpha2/users`: the query parameter verbose was removed<br>" in shown
    assert "Suspended" not in shown
    assert "Suspended" in folded
    assert "the operation was added" in folded


def test_corrections_are_a_check_list() -> None:
    text = markdown.render(sample_drift.small())
    assert "### Corrections, gone (1)\n\nTo do: remove it, or correct what stands there in its place.\n" in text
    assert "- [ ] `overlays/iam.yaml, action 2` (`kubesphere`): " in text
    assert text.count("- [ ]") == 2


def test_no_change_has_no_empty_table_and_no_empty_fold() -> None:
    text = markdown.render(sample_drift.nothing_changed())
    assert "**Nothing changed.**" in text
    assert "<details>" not in text
    assert "fingerprint" not in text


@pytest.mark.parametrize("limit", [8_000, 20_000, 65_000, 1_048_576])
@pytest.mark.parametrize("name", ["large", "hostile"])
def test_a_report_stays_below_the_limit(name: str, limit: int) -> None:
    assert len(markdown.render(getattr(sample_drift, name)(), limit).encode()) <= limit


def test_what_is_cut_is_the_least_important_and_is_named_with_where_the_whole_is() -> None:
    drift = sample_drift.large()
    text = markdown.render(drift, 45_000, whole="[the page](https://example.org/page)")
    assert all(one.fingerprint in text for one in drift.api if one.level is Level.BREAKING)
    left = re.search(r"(\d+) of (\d+) compatible changes of API", text)
    assert left is not None
    shown = sum(one.fingerprint in text for one in drift.api if one.level is Level.COMPATIBLE)
    assert shown + int(left[1]) == int(left[2]) == len(wording.by_level(drift.api, Level.COMPATIBLE))
    assert "All of it is in [the page](https://example.org/page)." in text
    assert text.count("<details>") == text.count("</details>")


def test_corrections_that_only_match_more_make_way_for_risky_changes() -> None:
    drift = sample_drift.large()
    wider = tuple(evolve(drift.corrections[0], standing=Standing.WIDER, where=f"a, action {n}") for n in range(200))
    text = markdown.render(evolve(drift, corrections=wider), 45_000)
    assert all(one.fingerprint in text for one in drift.api if one.level is Level.RISKY)
    assert "of 200 corrections that are wider" in text


def test_what_is_not_cut_does_not_say_so() -> None:
    assert "left out" not in markdown.render(sample_drift.small()).lower()


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    page = _read(markdown.render(sample_drift.hostile(), 1_000_000))
    widths = [len(re.findall("<t[dh]", row)) for row in re.findall("<tr>.*?</tr>", page, re.DOTALL)]
    assert widths[:4] == [4] * 4  # the counts
    assert set(widths[4:]) == {5}


def test_a_reader_of_markdown_finds_no_markup_from_outside() -> None:
    page = _read(markdown.render(sample_drift.hostile(), 1_000_000))
    ours = {*"h2 h3 p strong code table thead tbody tr th td details summary ul ol li br".split()}
    assert set(re.findall(r"</?([a-zA-Z0-9]+)", page)) == ours
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<!--" not in page


@pytest.mark.parametrize("text", [one for one in sample_drift.HOSTILE if one])
def test_text_from_outside_stays_text(text: str) -> None:
    outside_of_code = re.sub(r"`[^`]*`", "", markdown.code(text) + " " + markdown.prose(text))
    without_ours = re.sub(r"</?code>|&#(?!8203)\d+;", "", outside_of_code).replace("&#8203;", "\u200b")
    assert not re.search(r"[<>`|@#*_\[\]\\~$\n\r]", without_ours)
    assert "://" not in without_ours


def test_nobody_is_mentioned_and_no_issue_is_referred_to() -> None:
    text = markdown.prose("@team #12 GH-7 www.example.org https://example.org a@example.org")
    assert not re.search(r"@\w|#\d+(?!\d*;)|GH-\d|www\.\w|://|\w@\w", text)


@pytest.mark.parametrize("text", ["a|b", "a`b", "a\\|b", " a ", ""])
def test_code_that_a_span_cannot_hold_is_an_element(text: str) -> None:
    assert markdown.code(text).startswith("<code>")
    assert not re.search(r"[|`\\]", markdown.code(text))


def test_notices_are_not_folded() -> None:
    drift = evolve(sample_drift.nothing_changed(), notices=("The file of crds could not be read.",))
    assert "- Notice: The file of crds could not be read." in markdown.render(drift)


def _read(text: str) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
