"""The built site in a real browser: the explorer, examples that run, the law in two clicks, axe, and no other host.

``SITE`` names the folder with the built site, Python for the page included (``docs/_ext/offline.py``). Wants the
dependency group ``browser`` and Chromium, as tests/test_browser.py does.
"""

import functools
import json
import os
import re
import shutil
import threading
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, unquote, urlsplit

import pytest

from flexirules import evaluate
from flexirules.codec import case_from_document
from flexirules.language import LANGUAGES, speaker
from flexirules.testing._vectors import official
from flexirules.texts import OUTCOMES

WANTED = "wants SITE, the dependency group browser and Chromium; .ci/run has all three"
SITE = os.environ.get("SITE")
if SITE is None:
    pytest.skip(WANTED, allow_module_level=True)
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason=WANTED)
sync_api = pytest.importorskip("playwright.sync_api", reason=WANTED)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip(WANTED, allow_module_level=True)

FIRST_RUN = 120_000
"""Milliseconds that the first run may take on a slow and shared machine."""
PAGES = (
    "index",
    "explorer",
    "tutorial",
    "law/index",
    "law/provisions/OSS-approval",
    "law/conditions/employment",
    "law/sectors",
    "law/changes/2023-04-23",
    "law/matrix",
    "law/open",
    "howto/index",
    "explain",
    "glossary",
    "stability",
)


class Handler(SimpleHTTPRequestHandler):
    """A quiet server of files, with the types that modules and Python in the page need."""

    extensions_map: ClassVar = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def address():
    """The site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    """Chromium that finds no other host."""
    with sync_api.sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rules])
        yield made
        made.close()


@pytest.fixture
def opened(browser, address):
    """Open pages by their name; at the end, nothing was asked of another host and nothing was complained of."""
    seen, complaints, contexts = [], [], []

    def go(name, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: seen.append(asked.url))
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/{name}")
        return page

    go.seen = seen
    yield go
    for context in contexts:
        context.close()
    assert [url for url in seen if not url.startswith((address, "data:", "blob:"))] == []
    assert complaints == []


@pytest.fixture
def screenshots(tmp_path):
    """The folder for pictures."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def answered(page, outcome):
    """Wait until the explorer says an outcome."""
    page.wait_for_selector(f'#explorer[data-outcome="{outcome}"]', timeout=FIRST_RUN)


def tell(page, **facts):
    """Fill the form of the explorer, one field after another, each when it is asked."""
    for key, value in facts.items():
        field = page.locator(f"#explorer-{key}")
        field.wait_for(timeout=FIRST_RUN)
        before = page.url
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.press("Tab")
        page.wait_for_function("url => location.href !== url", arg=before)


def asked(page):
    """The fields that the explorer asks for."""
    return [field.get_attribute("data-key") for field in page.query_selector_all("#explorer .asked .field")]


class TestExplorer:
    """The form and its answers."""

    def test_the_expat(self, opened, screenshots):
        """The seed's expat: only the NSSO can say, with the letter yes; told in Dutch, and kept in the address."""
        page = opened("explorer.html")
        answered(page, "undetermined")
        assert {"activity", "jc", "t3", "pension", "links", "decision"} <= {*asked(page)}
        tell(page, activity="ordinary", jc="302", t3="1", s3="overseas", t4="1", pension="none", links="none")
        answered(page, "clarification_required")
        tell(page, decision="granted")
        answered(page, "eligible")
        tell(page, lang="nl")
        page.get_by_text("2026Q4: Toegelaten").first.wait_for(timeout=FIRST_RUN)
        page.screenshot(path=screenshots / "explorer-expat.png", full_page=True)
        assert page.get_attribute("#explorer", "lang") == "nl"
        page.reload()
        page.get_by_text("2026Q4: Toegelaten").first.wait_for(timeout=FIRST_RUN)
        assert page.input_value("#explorer-jc") == "302"

    def test_a_belgian_worker(self, opened):
        """Four fifths in Belgium are enough; half is not, whatever the letter that nobody has."""
        page = opened("explorer.html")
        answered(page, "undetermined")
        tell(page, activity="ordinary", jc="302", t3="4/5", t4="4/5", t5="4/5", links="none")
        answered(page, "eligible")
        assert "pension" not in asked(page)
        tell(page, t3="1/2")
        answered(page, "undetermined")
        tell(page, pension="none", decision="none")
        answered(page, "not_eligible")

    def test_asks_only_what_matters(self, opened):
        """Under another state's social security nothing else is asked."""
        page = opened("explorer.html")
        answered(page, "undetermined")
        page.locator("#explorer form > details > summary").click()
        tell(page, law="other")
        answered(page, "not_eligible")
        assert asked(page) == ["law"]

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_in_each_language(self, code, opened, screenshots):
        """The whole case comes from the address; the page is in its language, without fault, and leads to the law."""
        told = {"lang": code, "quarter": "2026Q4", "activity": "ordinary", "jc": "302", "t3": "1", "s3": "overseas"}
        told |= {"t4": "1", "pension": "none", "links": "none", "decision": "none"}
        page = opened(f"explorer.html#{quote(json.dumps(told))}", viewport={"width": 360, "height": 800})
        answered(page, "clarification_required")
        assert page.get_attribute("#explorer", "lang") == code
        assert speaker(code)(OUTCOMES["clarification_required"]) in page.locator("#explorer .said").text_content()
        page.screenshot(path=screenshots / f"explorer-{code}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found = axe.Axe().run(page, context="#explorer").response["violations"]
        assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == []
        link = page.locator("#explorer a[href='law/provisions/OSS-approval.html']").first
        link.click()
        page.get_by_text("for one quarter only").first.wait_for()

    def test_what_cannot_be(self, opened):
        """What cannot be read is told, with its path."""
        page = opened("explorer.html")
        answered(page, "undetermined")
        tell(page, t3="5/4")
        page.get_by_role("alert").wait_for()
        assert "$.worker.employments[0].fraction" in page.get_by_role("alert").text_content()

    def test_source(self, opened):
        """The case as Python gives the same answer."""
        page = opened("explorer.html")
        answered(page, "undetermined")
        tell(page, activity="ordinary", jc="302", t3="1", s3="overseas")
        page.wait_for_function(
            "() => document.querySelector('#explorer .python pre')?.textContent.includes('overseas')"
        )
        names = {}
        text = page.locator("#explorer .python pre").text_content()
        *imports, made = text.split("\n\n")
        exec("\n".join(imports), names)  # noqa: S102 - the program that the page offers
        case = eval(made, names)  # noqa: S307 - likewise
        assert json.loads(case.to_json()) == json.loads(page.locator("#explorer .json pre").text_content())

    def test_official_cases(self, opened):
        """Every official case has in the page the outcome that it has in the library, in every language alike."""
        page = opened("explorer.html")
        answered(page, "undetermined")
        differ = []
        for vector in official():
            wanted = evaluate(case_from_document(vector.given)).outcome.value
            found = page.evaluate("text => window.explorer.ask(text, 'fr')", json.dumps(vector.given))
            if found.get("outcome") != wanted:
                differ.append(vector.id)
        assert differ == []


class TestExamples:
    """Code in the pages."""

    def test_nothing_before_run(self, opened):
        """Python is loaded at the first run, and never before."""
        page = opened("tutorial.html")
        page.locator(".runnable button").first.wait_for()
        assert [url for url in opened.seen if "/offline/" in url] == []

    @pytest.mark.parametrize("name", ["tutorial", "howto/procedure", "howto/warning", "languages", "break-the-law"])
    def test_every_example(self, name, opened):
        """Each example prints what the page says."""
        page = opened(f"{name}.html")
        runs = page.get_by_role("button", name="Run", exact=True)
        blocks = page.locator(".highlight-pycon pre")
        for place in range(blocks.count()):
            lines = [x for x in blocks.nth(place).text_content().splitlines() if x]
            wanted = [line for line in lines if not line.startswith((">>>", "..."))]
            runs.nth(place).click()
            output = page.locator(".runnable + pre").nth(place)
            output.filter(has_not_text=re.compile("^…$")).wait_for(timeout=FIRST_RUN)
            assert output.text_content().splitlines() == (wanted or ["(nothing printed)"])

    def test_every_docstring(self, opened):
        """The examples in docstrings print what they say, each among the names of its module."""
        page = opened("api.html")
        blocks, runs = page.locator(".doctest pre"), page.get_by_role("button", name="Run", exact=True)
        wrong, run = [], 0
        for place in range(blocks.count()):
            lines = blocks.nth(place).text_content().splitlines()
            wanted = "".join("".join(line for line in lines if not line.startswith((">>>", "..."))).split())
            if "Traceback" in wanted or "..." in wanted:
                continue
            run += 1
            runs.nth(place).click()
            output = page.locator(".runnable + pre").nth(place)
            output.filter(has_not_text=re.compile("^…$")).wait_for(timeout=FIRST_RUN)
            told = "".join(output.text_content().split())
            if told != (wanted or "(nothingprinted)"):
                wrong.append((lines, output.text_content()))
        assert run > 20
        assert wrong == []

    def test_edited(self, opened):
        """What a reader changes is what runs; an error is shown, and the next run works."""
        page = opened("tutorial.html")
        page.get_by_role("button", name="Edit").first.click()
        editor = page.get_by_label("Code")
        output = page.locator(".runnable + pre").first
        for code, wanted in (
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("6 * 7", "42"),
            ("x = 1", "(nothing printed)"),
        ):
            editor.fill(code)
            page.get_by_role("button", name="Run", exact=True).first.click()
            output.filter(has_text=wanted).wait_for(timeout=FIRST_RUN)

    def test_stop(self, opened):
        """An endless loop is ended, the page stays alive, and the next run works."""
        page = opened("tutorial.html")
        page.get_by_role("button", name="Edit").first.click()
        run, output = page.get_by_role("button", name="Run", exact=True).first, page.locator(".runnable + pre").first
        page.get_by_label("Code").fill("while True: pass")
        run.click()
        page.wait_for_timeout(300)
        page.get_by_role("button", name="Stop").first.click()
        output.filter(has_text="Stopped.").wait_for()
        page.get_by_label("Code").fill("6 * 7")
        run.click()
        output.filter(has_text="42").wait_for(timeout=FIRST_RUN)

    def test_without_javascript(self, opened):
        """Without it the page is simply the page, and the explorer says what it needs."""
        page = opened("tutorial.html", java_script_enabled=False)
        assert page.get_by_role("button", name="Run").count() == 0
        page = opened("explorer.html", java_script_enabled=False)
        assert page.get_by_text("needs JavaScript").is_visible()


def test_two_clicks(opened):
    """Where it says that an approval counts for one quarter only: two clicks from the front page, with the source."""
    page = opened("index.html")
    page.get_by_role("link", name="The law").first.click()
    row = page.locator("tr").filter(has_text="for one quarter only").first
    row.get_by_role("link").first.click()
    assert page.get_by_text("for one quarter only").first.is_visible()
    assert page.locator("a[href^='https://www.overseassocialsecurity.be']").first.is_visible()


class Links(HTMLParser):
    """The links of a page."""

    def __init__(self, text):
        super().__init__()
        self.found, self.ids = [], set()
        self.feed(text)

    def handle_starttag(self, name, attributes):
        """Where it leads, and what can be led to."""
        for key, value in attributes:
            if key in {"href", "src"} and value:
                self.found.append(value)
            if key == "id":
                self.ids.add(value)


def test_links():
    """Every link of every page leads to a file and a place of the site, or has the form of an address."""
    pages = {path.resolve(): Links(path.read_text(encoding="utf-8")) for path in Path(SITE).rglob("*.html")}
    wrong = []
    for path, page in pages.items():
        for link in page.found:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                good = parts.scheme in {"https", "http", "mailto", "data"} and (parts.netloc or parts.path)
            elif path.name == "404.html":
                good = link.startswith(("/", "#"))
            else:
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                inside = not parts.fragment or target not in pages or unquote(parts.fragment) in pages[target].ids
                good = target.exists() and inside
            if not good:
                wrong.append((path.name, link))
    assert len(pages) > 150
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_page(name, opened, screenshots):
    """At phone and desktop width, light and dark, axe finds nothing, and nothing is wider than the screen."""
    wrong = []
    for width in (360, 1280):
        page = opened(f"{name}.html", viewport={"width": width, "height": 800})
        if name == "explorer":
            answered(page, "undetermined")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=screenshots / f"site-{name.replace('/', '-')}-{width}-{scheme}.png")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append((width, scheme, "too wide"))
            if (width, scheme) not in {(360, "light"), (1280, "dark")}:
                continue
            found = axe.Axe().run(page, context="article").response["violations"]
            wrong += [(width, scheme, each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found]
    assert wrong == []
