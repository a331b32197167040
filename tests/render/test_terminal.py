"""The terminal form of a report made by hand, as a recording console keeps it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console
from sample import report

from ringside.render.terminal import print_report
from ringside.render.words import percent


def printed(given, width=120):
    console = Console(record=True, width=width, file=io.StringIO())
    print_report(given, console)
    return console.export_text()


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_title_and_the_verdict_come_first_at_any_width(width):
    text = words(printed(report(), width))
    assert text.startswith(f"{report().case.title} {report().verdict}")


def test_every_likely_cause_is_printed_with_its_probability_and_its_evidence():
    text = words(printed(report()))
    for cause in report().causes:
        assert f"{percent(cause.probability)} {cause.title}" in text
        for e in (*cause.for_, *cause.against):
            assert e.text in text


def test_every_remedy_is_printed_with_its_yield_before_and_after():
    text = words(printed(report()))
    for remedy in report().remedies:
        assert remedy.change.text in text
        for value in (remedy.yield_.before, remedy.yield_.after):
            assert percent(value.median) in text


def test_a_peak_that_the_data_cannot_decide_names_its_readings_and_what_would_tell():
    text = words(printed(report()))
    assert "these data cannot decide between N,N'-dibenzyl <bis> / quaternary ammonium" in text
    assert "Would tell: a base wash: a quaternary salt keeps its mass and its place" in text


def test_every_warning_is_printed_with_its_severity():
    text = words(printed(report()))
    for warning in report().warnings:
        assert f"{warning.severity}: {warning.text}" in text


def test_brackets_in_names_are_printed_as_they_are():
    first, *rest = report().species
    name = "[bold]bicyclo[3.2.1]octane"
    named = replace(report(), species=(replace(first, label=name), *rest))
    assert printed(replace(named, assignments=None)).count(name) == 1
    assert printed(named).count(name) == 2


def test_what_was_not_asked_has_no_heading():
    bare = replace(report(), assignments=None, causes=None, remedies=None)
    text = printed(bare)
    for heading in ("Peaks", "Why", "What to change"):
        assert heading not in text


def test_where_no_change_helps_the_terminal_says_so():
    assert "No change that was simulated raises the yield" in printed(replace(report(), remedies=()))


def test_where_each_building_block_went_is_printed():
    text = words(printed(report()))
    assert "The product is alkylated <once> more 22 % (10 to 35)" in text
    assert "Where the material went" not in printed(replace(report(), materials=None))
