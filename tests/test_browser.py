"""The report and the cards in a real browser: four languages, phone and desktop, print, and axe.

Wants the dependency group ``browser`` and Chromium. ``SCREENSHOTS`` names the folder for pictures, if they are to stay.
"""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from flexirules import Case, evaluate
from flexirules.language import LANGUAGES
from flexirules.lawdiff import diff
from flexirules.planner import plan
from flexirules.report import report

WANTED = "wants the dependency group browser and Chromium; .ci/run has both"
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason=WANTED)
sync_api = pytest.importorskip("playwright.sync_api", reason=WANTED)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip(WANTED, allow_module_level=True)

WIDTHS = {"phone": 360, "desktop": 1280}
EXAMPLES = Path(__file__).parent.parent / "examples"
REPORTS = ("returning-expat", "expat-warned-not-approved", "public-employer-2026", "reduction-blocked")


def example(name):
    """One of the examples."""
    return Case.from_json((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def notebook(card, code):
    """A page with a card between what a notebook has around it, dark as some are."""
    head = f'<head><meta charset="utf-8"><title>A notebook</title><style>{DARK}</style></head>'
    return f'<!DOCTYPE html><html lang="{code}">{head}<body><main><h1>1</h1><h2>2</h2>{card}</main></body></html>'


DARK = "body { background: #111111; color: #eeeeee; font-family: serif }"


def pages():
    """Every page, with its name and its language."""
    for code in LANGUAGES:
        for name in REPORTS:
            yield f"report-{name}-{code}", code, report(example(name), language=code)
        cards = {
            "decision": evaluate(example("returning-expat")),
            "refusal": evaluate(example("reduction-blocked")),
            "plan": plan(example("returning-expat")),
            "diff": diff(date(2022, 5, 6), date(2022, 5, 7)),
        }
        for name, made in cards.items():
            yield f"card-{name}-{code}", code, notebook(made.to_html(language=code), code)


PAGES = {name: (code, text) for name, code, text in pages()}


@pytest.fixture(scope="session")
def browser():
    """Chromium of the system, without a window."""
    with sync_api.sync_playwright() as playwright:
        # In a container one is root, where Chromium's own sandbox does not start.
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def screenshots(tmp_path):
    """The folder for pictures."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(params=WIDTHS)
def width(request):
    """The name of a width."""
    return request.param


@pytest.fixture(params=PAGES)
def shown(request, browser, width):
    """A page in the browser, with its name and language."""
    code, text = PAGES[request.param]
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 800})
    requests, complaints = [], []
    page.on("request", lambda asked: requests.append(asked.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_content(text)
    yield page, f"{request.param}-{width}", code, requests, complaints
    page.close()


def test_page(shown, screenshots):
    """Axe finds nothing, nothing is loaded or complained of, and nothing is wider than the screen."""
    page, name, code, requests, complaints = shown
    page.screenshot(path=screenshots / f"{name}.png", full_page=True)
    assert page.get_attribute("html", "lang") == code
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert (requests, complaints) == ([], [])
    found = axe.Axe().run(page)
    told = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found.response["violations"]]
    assert told == []
    # It looked: the rules for language, contrast and names passed.
    passed = {rule["id"] for rule in found.response["passes"]}
    assert {"html-has-lang", "valid-lang", "color-contrast", "document-title"} <= passed


def test_axe_sees(browser):
    """A page with faults is found to have them."""
    page = browser.new_page()
    page.set_content('<p style="color: #eeeeee; background: #ffffff">pale</p><img src="data:,">')
    found = {violation["id"] for violation in axe.Axe().run(page).response["violations"]}
    page.close()
    assert {"color-contrast", "html-has-lang", "image-alt"} <= found


@pytest.mark.parametrize("code", LANGUAGES)
def test_print(browser, screenshots, code):
    """The report prints on paper, and on few pages."""
    page = browser.new_page()
    page.set_content(report(example("expat-warned-not-approved"), language=code))
    made = page.pdf(
        path=screenshots / f"report-{code}.pdf", format="A4", margin=dict.fromkeys(("top", "bottom"), "1cm")
    )
    page.close()
    assert made.startswith(b"%PDF-")
    assert 1 <= made.count(b"/Type /Page\n") <= 8
