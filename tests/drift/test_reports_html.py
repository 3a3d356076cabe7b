"""The report as a page."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from attrs import evolve

from generator.drift.drift import Drift
from generator.drift.finding import Finding, Level
from generator.drift.reports import html, wording
from tests.drift import sample_drift

_ALL = ["nothing_changed", "small", "large", "hostile"]
_EMPTY = {"meta", "input", "br", "path", "link", "wbr"}


class _Page(HTMLParser):
    """What a page holds: its elements with their attributes, the text in each kind, and what was not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in {*self.open, "page"}:
            self.texts[tag] = self.texts.get(tag, "") + data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for one, attributes in self.elements if one == tag]


def _page(drift: Drift) -> _Page:
    return _Page(html.render(drift))


@pytest.mark.parametrize("name", _ALL)
def test_every_element_is_closed_where_it_belongs(name: str) -> None:
    assert _page(getattr(sample_drift, name)()).open == []


@pytest.mark.parametrize("name", _ALL)
def test_the_only_script_and_style_are_ours(name: str) -> None:
    page = _page(getattr(sample_drift, name)())
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert page.texts["script"] == files("generator.drift.reports").joinpath("report.js").read_text()
    assert page.texts["style"] == files("generator.drift.reports").joinpath("report.css").read_text()


@pytest.mark.parametrize("name", _ALL)
def test_nothing_is_requested_and_nothing_runs(name: str) -> None:
    page = _page(getattr(sample_drift, name)())
    assert not {tag for tag, _ in page.elements} & {"img", "link", "iframe", "object", "embed", "base", "a:script"}
    for _, attributes in page.elements:
        assert not {one for one in attributes if one.startswith("on") or one in ("src", "style", "srcset", "action")}
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in page.texts["style"]
    assert "@import" not in page.texts["style"]


def test_the_policy_names_the_digests_of_what_is_there() -> None:
    page = _page(sample_drift.small())
    (policy,) = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    for tag in ("script", "style"):
        digest = b64encode(hashlib.sha256(page.texts[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


@pytest.mark.parametrize("name", _ALL)
def test_every_link_has_its_target_and_no_name_is_given_twice(name: str) -> None:
    page = _page(getattr(sample_drift, name)())
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert {one["href"].removeprefix("#") for one in page.all("a")} <= set(names)
    labels = {one for _, attributes in page.elements for one in attributes.get("aria-labelledby", "").split()}
    assert labels <= set(names)


def test_every_finding_has_an_anchor_by_its_fingerprint() -> None:
    drift = sample_drift.large()
    names = {one.get("id") for one in _page(drift).all("article")}
    assert names == {f"f-{one.fingerprint}" for one in drift.findings}


def test_a_finding_shows_its_level_in_words_and_its_values_in_a_line_when_they_are_short() -> None:
    page = _page(sample_drift.small())
    assert "the query parameter verbose was removed" in page.texts["article"]
    assert '{"type": "boolean", "default": false}' in page.texts["code"]
    assert page.texts["article"].count("breaking") == 2
    assert not page.all("pre")


def test_long_values_stand_side_by_side() -> None:
    before, after = ({"type": "object", "description": text * 30} for text in ("a ", "b "))
    finding = Finding("a", Level.RISKY, "b", "c", "d", before=before, after=after)
    page = _page(evolve(sample_drift.nothing_changed(), api=(finding,)))
    assert len(page.all("pre")) == 2


def test_of_an_operation_that_was_added_there_is_no_more_to_say() -> None:
    finding = Finding("endpoint-added", Level.COMPATIBLE, "GET /a", "GET /a", "the operation was added", after="GET /a")
    page = _page(evolve(sample_drift.nothing_changed(), api=(finding,)))
    assert page.texts["article"].count("GET /a") == 1


def test_a_path_may_be_broken_between_its_parts_and_is_copied_as_it_is() -> None:
    finding = Finding("a", Level.RISKY, "b", "GET /kapis/{user}/a.b", "c")
    text = html.render(evolve(sample_drift.nothing_changed(), api=(finding,)))
    assert "GET /<wbr>kapis/<wbr>{user}/<wbr>a.<wbr>b" in text
    assert "GET /kapis/{user}/a.b" in _Page(text).texts["h4"]


def test_what_to_do_next_and_the_counts_stand_above_the_picture() -> None:
    head = html.render(sample_drift.small()).partition("Where it changed")[0]
    assert "<code>ks-codegen update</code> moves the pin" in head
    assert 'class="counts"' in head


def test_each_correction_that_needs_a_person_can_be_ticked_off() -> None:
    boxes = [one for one in _page(sample_drift.small()).all("input") if one.get("type") == "checkbox"]
    assert len([one for one in boxes if "value" not in one]) == 2


def test_hostile_text_is_shown_as_text() -> None:
    page = _page(sample_drift.hostile())
    assert "<script>alert(1)</script>" in page.texts["article"]
    assert "\\u202eleft-to-right\\u202c" in page.texts["article"]
    assert "{{ 7 * 7 }} {% raw %}" in page.texts["article"]


def test_only_the_lines_that_differ_are_marked() -> None:
    before = {"type": "object", "description": "What a user is called.", "maxLength": 10}
    finding = Finding("a", Level.RISKY, "b", "c", "d", before=before, after={**before, "maxLength": 20})
    texts = _page(evolve(sample_drift.nothing_changed(), api=(finding,))).texts
    assert texts["del"].strip() == '"maxLength": 10'
    assert texts["ins"].strip() == '"maxLength": 20'


def test_a_line_that_only_got_a_comma_is_not_marked() -> None:
    before = {"type": "object", "description": "What a user is called, such as admin."}
    finding = Finding("a", Level.RISKY, "b", "c", "d", before=before, after={**before, "maxLength": 20})
    texts = _page(evolve(sample_drift.nothing_changed(), api=(finding,))).texts
    assert "del" not in texts
    assert texts["ins"].strip() == '"maxLength": 20'


def test_the_operations_of_a_finding_are_folded_and_all_there() -> None:
    page = _page(sample_drift.large())
    assert "touches GET /apis/types.kubefed.io/v1beta1/federated0s" in page.texts["summary"]
    assert "58 more operations" in page.texts["summary"]
    assert "GET /apis/types.kubefed.io/v1beta1/federated59s" in page.texts["details"]


def test_the_picture_has_a_mark_for_each_finding() -> None:
    drift = sample_drift.large()
    drawn = html.render(drift).partition('class="picture"')[2].partition("</table>")[0].partition("<tbody>")[2]
    starts = {
        level: sum(outline.count("M") for outline in re.findall(f'class="{level}" d="([^"]*)"', drawn))
        for level in Level
    }
    assert starts == wording.levels(drift.findings)


def test_a_group_with_thousands_of_changes_shares_its_marks_and_says_so() -> None:
    many = tuple(Finding("a", Level.COMPATIBLE, str(n), "b", "c", "iam.v1alpha2") for n in range(1_000))
    page = html.render(evolve(sample_drift.nothing_changed(), api=many))
    assert "Each mark stands for up to 3 changes" in page
    drawn = page.partition('class="picture"')[2].partition("</table>")[0].partition("<tbody>")[2]
    assert drawn.count("M") == 334


def test_no_change_has_no_picture_and_no_filter() -> None:
    page = _page(sample_drift.nothing_changed())
    assert "Nothing changed." in page.texts["h1"]
    assert not page.all("form")
    assert not page.all("article")


def test_without_the_script_everything_is_there_and_the_filter_is_not() -> None:
    page = _page(sample_drift.large())
    assert [tag for tag, attributes in page.elements if "hidden" in attributes] == ["form"]


def test_the_page_bears_no_date_but_those_of_the_comparison() -> None:
    assert not re.search(r"20\d\d-\d\d-\d\d", html.render(evolve(sample_drift.large(), accepted=())))
