"""The page of a real case, looked at in a real browser and printed from it."""

import io
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from ringside.answers.ask import ask
from ringside.render.html import to_html
from ringside.render.words import shown_species

CHROMIUM = shutil.which("chromium")
PX_PER_MM = 96 / 25.4
MARGIN_MM = 12  # of the printed page, as in report.css
PRINTED = {"width": round((210 - 2 * MARGIN_MM) * PX_PER_MM), "height": round((297 - 2 * MARGIN_MM) * PX_PER_MM)}
SCREEN = {"width": 820, "height": 1122}


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM, "install chromium (Debian: apt-get install chromium)"
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture(scope="module", params=["benzylation", "waters-b6"])
def shown(request, examples, tmp_path_factory):
    report = ask("diagnose", examples / f"{request.param}.toml")
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(to_html(report), encoding="utf-8")
    return report, path


@pytest.fixture(scope="module")
def opened(browser, shown):
    _, path = shown
    asked, said = [], []
    page = browser.new_page(viewport=SCREEN)
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(path.as_uri(), wait_until="networkidle")
    yield page, asked, said
    page.close()


@pytest.fixture(scope="module")
def printed(opened):
    page, _, _ = opened
    return PdfReader(io.BytesIO(page.pdf(format="A4"))).pages


def letters(text):
    return re.sub(r"\s+", "", text)


def test_nothing_but_the_file_itself_is_requested_on_screen_or_in_print(opened, printed, shown):
    _, asked, _ = opened
    _, path = shown
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]


def test_the_browser_has_no_complaint(opened):
    assert opened[2] == []


def test_it_prints_to_at_most_four_pages(printed):
    assert 1 <= len(printed) <= 4


def test_the_first_printed_page_holds_the_verdict_and_every_species_of_the_picture(printed, shown):
    report, _ = shown
    first = letters(printed[0].extract_text())
    assert letters(report.verdict) in first
    for s in shown_species(report, 9):
        assert letters(s.label) in first


@pytest.mark.parametrize(("media", "size"), [("screen", SCREEN), ("print", PRINTED)])
def test_the_verdict_and_every_drawing_of_the_flask_lie_within_the_first_page(opened, media, size):
    page, _, _ = opened
    page.emulate_media(media=media)
    page.set_viewport_size(size)
    verdict = page.locator(".verdict").bounding_box()
    drawings = [d.bounding_box() for d in page.locator("table.flask svg").all()]
    page.emulate_media(media="screen")
    page.set_viewport_size(SCREEN)
    assert drawings
    for d in drawings:
        assert d["width"] > 0
        assert verdict["y"] + verdict["height"] <= d["y"] < d["y"] + d["height"] <= size["height"]


def test_every_drawing_is_inside_the_page_and_no_wider_than_the_window(opened):
    page, _, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    for d in page.locator("svg").all():
        box = d.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= SCREEN["width"]


def test_every_citation_leads_to_a_source_on_the_page(opened):
    page, _, _ = opened
    lost = "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.querySelector(a.hash)).length"
    assert page.locator('a[href^="#source-"]').count() > 0 or page.locator("h2:text('Sources')").count() > 0
    assert page.evaluate(lost) == 0


def test_the_verdict_has_at_most_thirty_words(opened):
    page, _, _ = opened
    assert 3 <= len(page.locator(".verdict").inner_text().split()) <= 30
