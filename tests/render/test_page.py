"""The page of a report made by hand."""

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest
from sample import report

from ringside.render.html import to_html

FETCHES = re.compile(r"url\(|@import|@font-face", re.IGNORECASE)
EMPTY = {"meta", "link", "br", "img", "input", "hr"}
CASE_TEXT = "<script>alert('x')</script> & \"quoted\" <img src=https://example.org/x.png>"


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.crossed = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


def page(given=None):
    return to_html(given or report())


def fetched(tags):
    return [
        (tag, name, value)
        for tag, attrs in tags
        for name, value in attrs.items()
        if name in {"src", "href", "xlink:href", "srcset", "poster", "data", "action"}
        and not (tag == "a" or value.startswith(("data:", "#")))
    ]


def with_text_everywhere(text):
    given = report()
    species = tuple(replace(s, label=text) for s in given.species)
    charges = tuple(replace(c, name=text, text=text) for c in given.flask.charges)
    cause = given.causes[0]
    return replace(
        given,
        case=replace(given.case, title=text),
        verdict=text,
        species=species,
        families=tuple(replace(f, label=text, mass_formula=text) for f in given.families),
        flask=replace(given.flask, charges=charges, limiting=text, conditions=text, workup=text),
        observed=replace(given.observed, isolated_yield=text, conversion=text, absent=(text,), notes=(text,)),
        traces=tuple(replace(t, label=text) for t in given.traces),
        assignments=tuple(replace(a, decided_by=text) for a in given.assignments),
        causes=(
            replace(cause, title=text, members=(text, text), explanation=text, for_=(replace(cause.for_[0], text=text),)),
            *given.causes[1:],
        ),
        remedies=tuple(replace(r, note=text, change=replace(r.change, text=text)) for r in given.remedies),
        next_tests=tuple(replace(t, how=text) for t in given.next_tests),
        warnings=tuple(replace(w, text=text, field=text) for w in given.warnings),
        not_enumerated=tuple(replace(n, what=text, why=text) for n in given.not_enumerated),
        sources=tuple(replace(s, citation=text, read_as=text, url=text) for s in given.sources),
    )  # fmt: skip


def test_text_from_a_case_is_escaped():
    assert "N,N&#x27;-dibenzyl &lt;bis&gt;" in page()
    assert "<bis>" not in page()


def test_no_text_of_a_report_becomes_a_tag_wherever_it_stands():
    hostile = Tags(page(with_text_everywhere(CASE_TEXT)))
    assert {tag for tag, _ in hostile.tags}.isdisjoint({"script", "img", "iframe", "object", "embed"})
    assert not any(name.startswith("on") for _, attrs in hostile.tags for name in attrs)
    assert not fetched(hostile.tags)
    plain = Tags(page(with_text_everywhere("plain")))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]


def test_every_tag_that_is_opened_is_closed_in_its_turn():
    found = Tags(page())
    assert not found.open
    assert not found.crossed


def test_the_page_opens_with_the_verdict_and_then_draws_the_flask():
    text = page()
    assert text.index(escape(report().verdict)) < text.index('<table class="flask">') < text.index("<h2>Why</h2>")


def test_every_species_is_named_and_drawn_in_the_picture_of_the_flask():
    flask = page().partition('<table class="flask">')[2].partition("</table>")[0]
    rows = flask.split("<tr")[1:]
    for s in report().species:
        (row,) = [r for r in rows if f"<b>{escape(s.label)}</b>" in r]
        assert "<svg" in row.partition("</td>")[0]
    assert escape(report().families[0].label) in flask


def test_species_that_do_not_fit_the_picture_are_listed_below_it():
    model = report().species[1]
    many = tuple(
        replace(model, id=f"t{i}", label=f"side product number {i}", amount=replace(model.amount, median=0.2 - i / 100))
        for i in range(12)
    )
    text = page(replace(report(), species=(*report().species, *many)))
    picture, _, rest = text.partition('<table class="flask">')[2].partition("</table>")
    for s in (*report().species, *many):
        assert escape(s.label) in picture + rest.partition("<h2>Also in the flask</h2>")[2].partition("</table>")[0]


def test_a_page_holds_no_script_and_fetches_nothing():
    text = page()
    assert "<script" not in text.lower()
    assert not fetched(Tags(text).tags)
    assert not FETCHES.search(text)


def test_a_page_stays_under_two_megabytes():
    assert len(page().encode()) < 2_000_000


def test_sources_are_numbered_as_cited_linked_and_say_how_they_were_read():
    text = page()
    section = text.partition('<ol class="sources">')[2].partition("</ol>")[0]
    listed = re.findall(r'<li id="source-(\d+)">', section)
    assert listed == [str(n) for n in range(1, len(report().sources) + 1)]
    cited = re.findall(r'<a href="#source-(\d+)">(\d+)</a>', text)
    assert cited
    assert all(target == shown and target in listed for target, shown in cited)
    assert list(dict.fromkeys(shown for _, shown in cited)) == listed[: len({shown for _, shown in cited})]
    for source in report().sources:
        assert escape(source.citation) in section
    assert '<a href="https://www.benchchem.com/product/b1291026">' in section


@pytest.mark.parametrize(
    ("url", "link"),
    [("10.1000/a<b>", "https://doi.org/10.1000/a&lt;b&gt;"), ("javascript:alert(1)", "https://doi.org/javascript:alert(1)")],
)  # fmt: skip
def test_a_source_without_a_web_address_is_linked_as_a_doi_and_never_as_a_scheme_of_its_own(url, link):
    first, second = report().sources
    assert f'<a href="{link}">' in page(replace(report(), sources=(first, replace(second, url=url))))


def test_a_peak_that_the_data_cannot_decide_says_what_would():
    assert "a base wash: a quaternary salt keeps its mass and its place" in page()


def test_sections_whose_question_was_not_asked_are_left_out():
    bare = replace(
        report(), question="predict", observed=None, traces=None, assignments=None, causes=None, remedies=None, next_tests=None
    )  # fmt: skip
    text = page(bare)
    for heading in ("Why", "What to change", "What the LC-MS shows"):
        assert f"<h2>{heading}</h2>" not in text
    assert '<table class="flask">' in text


def test_the_same_report_gives_the_same_bytes():
    assert page() == page()


def test_the_page_says_where_each_building_block_went_and_leaves_traces_out():
    text = page()
    assert "Where the material went" in text
    assert "The product is alkylated &lt;once&gt; more" in text
    assert "cause/alkylated-again" in text
    assert "Quaternisation" not in text
    assert "Where the material went" not in page(replace(report(), materials=None))


def test_what_helps_and_was_not_simulated_is_said_as_that():
    assert "Also helps, not simulated: a borane on one &lt;nitrogen&gt;" in page()
