"""The page and the terminal form of a report made by hand."""

import re

from rich.console import Console
from sample import report

from ringside.render.html import to_html
from ringside.render.terminal import print_report


def page():
    return to_html(report())


def test_text_from_a_case_is_escaped():
    assert "N,N&#x27;-dibenzyl &lt;bis&gt;" in page()
    assert "<bis>" not in page()


def test_the_page_opens_with_the_verdict_and_then_draws_the_flask():
    text = page()
    assert text.index(report().verdict) < text.index('<table class="flask">') < text.index("<h2>Why</h2>")


def test_every_species_with_a_structure_in_the_picture_is_drawn_and_named():
    flask = page().partition('<table class="flask">')[2].partition("</table>")[0]
    for label in ("target", "homopiperazine", "quaternary ammonium"):
        assert label in flask
    assert flask.count("<svg width='112'") + flask.count('<svg width="112"') >= 4 or flask.count("<svg") >= 8


def test_a_page_holds_no_script_and_fetches_nothing():
    text = page()
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text.replace("<a href", "<a x"))
    assert not re.search(r"url\((?!#)", text)
    assert len(text) < 2_000_000


def test_sources_are_numbered_linked_and_say_how_they_were_read():
    text = page()
    assert '<a href="#source-1">1</a>' in text
    assert 'id="source-1"' in text
    assert "https://www.benchchem.com/product/b1291026" in text


def test_a_peak_that_the_data_cannot_decide_says_what_would():
    assert "a base wash: a quaternary salt keeps its mass and its place" in page()


def test_the_terminal_form_holds_verdict_causes_remedies_and_warnings():
    console = Console(record=True, width=120, file=None)
    with console.capture() as captured:
        print_report(report(), console)
    text = captured.get()
    for part in (
        "Both nitrogens react alike",
        "Both nitrogens of the diamine react alike",
        "Use 3 equivalents",
        "The amount of base was assumed",
    ):
        assert part in text
