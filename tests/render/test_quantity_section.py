"""Amounts on the page and in the terminal: measured, estimated and not visible are told apart."""

import io
import re
from dataclasses import replace

from rich.console import Console
from sample import report

from ringside.answers.report import Interval, QuantitiesEntry, QuantityEntry, SpeciesQuantity
from ringside.render.html import to_html
from ringside.render.terminal import print_report

NOT_TOLD = QuantityEntry(None, "", False, "", "without an internal standard <ratios> only")


def with_quantities():
    rows = (
        SpeciesQuantity("s1", "target", 61.0, 1.0, Interval(0.62, 0.5, 0.72), True, True, "estimated", ""),
        SpeciesQuantity("s2", "N,N'-dibenzyl <bis>", 31.0, 0.6, Interval(0.3, 0.0, 0.5), True, True, "calibrated", ""),
        SpeciesQuantity("s3", "homopiperazine", 0.0, 0.0, None, True, False, "not-visible", "not visible: no chromophore at 254 nm"),
        SpeciesQuantity("s4", "quaternary", 0.0, 0.0, Interval(0.01, 0.0, 0.03), True, True, "below-limit", "no peak is it"),
    )  # fmt: skip
    seen = QuantityEntry(Interval(0.98, 0.95, 0.999), "above", True, "what was seen", "")
    ratio = QuantityEntry(Interval(3.0, 2.8, 3.2), "", False, "UV areas", "")
    isolated = QuantityEntry(Interval(0.31, 0.31, 0.31), "", False, "as reported", "")
    found = QuantitiesEntry(
        "relative", 254.0, None, rows, seen, seen, NOT_TOLD, isolated, ratio, ("Amounts are relative.",)
    )
    return replace(report(), quantities=found)


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def printed(given):
    out = io.StringIO()
    print_report(given, Console(file=out, width=160, highlight=False))
    return " ".join(out.getvalue().split())


def test_measured_estimated_below_the_limit_and_not_visible_are_told_apart():
    for text in (words(to_html(with_quantities())), printed(with_quantities())):
        for told in ("estimated from chromophores", "measured response; a peak is it with 60 %", "below 3.0 %",
                     "not visible: no chromophore at 254 nm", "relative only; UV 254 nm"):  # fmt: skip
            assert told in text, told


def test_what_is_not_visible_is_never_nought():
    line = next(s for s in words(to_html(with_quantities())).split("%") if "homopiperazine no peak" in s)
    assert "no peak – not visible" in line


def test_each_quantity_has_its_value_or_the_reason_why_there_is_none():
    text = printed(with_quantities())
    assert "conversion: above 95 %, of what was seen" in text
    assert "assay yield: not told: without an internal standard <ratios> only" in text
    assert "isolated yield: 31 %" in text
    assert "d.r.: 3 : 1 (2.8 to 3.2)" in text


def test_labels_are_escaped_on_the_page():
    page = to_html(with_quantities())
    assert "dibenzyl &lt;bis&gt;" in page and "&lt;ratios&gt;" in page


def test_a_report_without_quantities_has_no_section_of_them():
    assert "How much" not in to_html(report()) and "How much" not in printed(report())
