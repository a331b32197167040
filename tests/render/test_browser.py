"""The page of a real case, looked at in a real browser."""

import io
import shutil

import pytest
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from ringside.answers.ask import ask
from ringside.render.html import to_html

CHROMIUM = shutil.which("chromium")
A4_HEIGHT_PX = 1122


@pytest.fixture(scope="module", params=["benzylation", "waters-b6"])
def opened(request, examples, tmp_path_factory):
    assert CHROMIUM, "install chromium (Debian: apt-get install chromium)"
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(to_html(ask("diagnose", examples / f"{request.param}.toml")), encoding="utf-8")
    asked = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 820, "height": A4_HEIGHT_PX})
        page.on("request", lambda r: asked.append(r.url))
        page.goto(path.as_uri())
        yield page, asked, path
        browser.close()


def test_nothing_but_the_file_itself_is_requested(opened):
    _, asked, path = opened
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]


def test_it_prints_to_at_most_four_pages(opened):
    page, _, _ = opened
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= 4


def test_the_verdict_and_the_picture_of_the_flask_are_on_the_first_page(opened):
    page, _, _ = opened
    verdict = page.locator(".verdict").bounding_box()
    flask = page.locator("table.flask").bounding_box()
    assert verdict["y"] < flask["y"] < flask["y"] + flask["height"] <= A4_HEIGHT_PX


def test_the_page_is_no_wider_than_the_window(opened):
    page, _, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth") <= 820


def test_the_verdict_has_at_most_thirty_words(opened):
    page, _, _ = opened
    assert 3 <= len(page.locator(".verdict").inner_text().split()) <= 30
