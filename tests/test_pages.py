"""The letter to the OSS, the cards of a notebook and the report: all of the case, nothing beside it, and no markup."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest

from flexirules import (
    Approval,
    Case,
    Declaration,
    Employer,
    Employment,
    Engagement,
    Formalities,
    Function,
    Pension,
    Quarter,
    Request,
    Worker,
    evaluate,
)
from flexirules.__main__ import main
from flexirules.cards import MOST_ROWS
from flexirules.dated import provision
from flexirules.errors import InvalidInput, WrongType
from flexirules.language import LANGUAGES
from flexirules.lawdiff import diff
from flexirules.letter import BLANK, letter
from flexirules.markup import html, tag
from flexirules.planner import plan
from flexirules.report import report
from flexirules.texts import CONDITIONS

T = Quarter(2026, 4)
EXAMPLES = Path(__file__).parent.parent / "examples"
VOID = {"meta"}


def example(name):
    """One of the examples."""
    return Case.from_json((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def abroad(**changes):
    """An expat with full-time work under the OSS in T-3, who has no letter yet."""
    job = Employment(
        quarter=Quarter(2026, 1), employer="acme-kinshasa", fraction="1", status="employee", scheme="overseas"
    )
    made = Case(
        quarter=T,
        start=date(2026, 10, 12),
        worker=Worker(employments=(job,), pension=Pension(kind="none")),
        employer=Employer("café & co <b>"),
        function=Function("ordinary"),
        engagements=(),
        approvals=(),
    )
    return attrs.evolve(made, **changes)


class Page(HTMLParser):
    """The elements of a page, each closed in order, with their texts and links."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.links, self.words, self.attributes = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        """One more is open."""
        self.tags.append(name)
        self.attributes += [(name, *pair) for pair in attributes]
        self.links += [value for key, value in attributes if key == "href"]
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        """What closes is what was opened last."""
        assert self.open.pop() == name

    def handle_data(self, data):
        """Words, but those of styles."""
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        """All words."""
        return " ".join(" ".join(self.words).split())


class TestLetter:
    """What the letter says."""

    def test_what_the_case_tells(self):
        """Quarters, first day, employer, warning and work are filled in, line by line."""
        filed = Declaration(filed_on=date(2026, 10, 1), result="W")
        found = letter(abroad(formalities=Formalities(declaration=filed)))
        assert found.subject == "Flexi-job in 2026Q4: request for the written decision on 2026Q1"
        assert found.to == "overseas@rsz.fgov.be"
        assert found.lines[5:13] == (
            "Quarter of the flexi-job (T): 2026Q4, from 2026-10-01 to 2026-12-31",
            "Reference quarter (T-3): 2026Q1, from 2026-01-01 to 2026-03-31",
            "First day of the work: 2026-10-12",
            "Flexi-job employer: café & co <b>",
            "Dimona declaration of 2026-10-01: answered with a warning",
            "",
            "My work in the reference quarter:",
            "- employer: acme-kinshasa; part of a full-time job: 1; as: employee; under the OSS",
        )

    def test_what_it_does_not_tell(self):
        """What is not known is left blank, and no fact is made up."""
        found = letter(Case(quarter=T))
        assert [line for line in found.lines if BLANK in line] == [
            f"Flexi-job employer: {BLANK}",
            f"- employer, part of a full-time job, as what: {BLANK}",
            f"Name: {BLANK}",
            f"Address: {BLANK}",
            f"Date and signature: {BLANK}",
        ]
        assert not any("First day" in line or "Dimona declaration" in line for line in found.lines)

    def test_work_known_in_part(self):
        """Of work in T-3 that is known in part the rest is left blank."""
        job = Employment(quarter=Quarter(2026, 1))
        found = letter(abroad(worker=Worker(employments=(job,))))
        line = f"- employer: {BLANK}; part of a full-time job: {BLANK}; as: {BLANK}; seen by the NSSO"
        assert line in found.lines

    def test_another_quarter(self):
        """For the next quarter it tells the work of that T-3 only, and neither the first day nor the declaration."""
        filed = Formalities(declaration=Declaration(filed_on=date(2026, 10, 1), result="W"))
        found = letter(abroad(formalities=filed), quarter=T + 1)
        assert "acme" not in found.text
        assert not any("First day" in line or "Dimona declaration" in line for line in found.lines)
        assert "Reference quarter (T-3): 2026Q2, from 2026-04-01 to 2026-06-30" in found.lines

    def test_a_warning_without_a_day(self):
        """The day of a declaration is left blank where it is not known; without a warning there is no such line."""
        for result, told in (("W", True), ("A", False), ("S", False), (None, False)):
            filed = Formalities(declaration=Declaration(result=result))
            line = f"Dimona declaration of {BLANK}: answered with a warning"
            assert (line in letter(abroad(formalities=filed)).lines) is told

    @pytest.mark.parametrize(
        ("pension", "line"),
        [
            (
                Pension(kind="retirement", since=date(2020, 5, 1), register="foreign"),
                "retirement pension, since 2020-05-01",
            ),
            (Pension(kind="survivor", register="foreign"), f"survivor's pension, since {BLANK}"),
            (Pension(kind="retirement", since=date(2020, 5, 1)), None),
            (Pension(register="foreign"), None),
            (Pension(kind="none", register="foreign"), None),
        ],
    )
    def test_a_foreign_pension(self, pension, line):
        """A pension that the Belgian register does not show is told; any other says nothing to the OSS."""
        told = [x for x in letter(abroad(worker=Worker(pension=pension))).lines if x.startswith("Pension")]
        assert told == ([] if line is None else [f"Pension that the Belgian register does not show: {line}"])

    def test_earlier_decisions(self):
        """Letters that are held are named, with blanks for what is not known; one of unknown answer is not."""
        held = (
            Approval(quarter=Quarter(2026, 3), granted=True, issued_on=date(2026, 6, 1), reference="OSS/7"),
            Approval(quarter=Quarter(2026, 2), granted=False),
            Approval(granted=True),
            Approval(quarter=T),
        )
        lines = [line for line in letter(abroad(approvals=held)).lines if line.startswith("Decision for")]
        assert lines == [
            "Decision for 2026Q3: approval, dated 2026-06-01, reference OSS/7",
            f"Decision for 2026Q2: refusal, dated {BLANK}, reference {BLANK}",
            f"Decision for {BLANK}: approval, dated {BLANK}, reference {BLANK}",
        ]

    def test_link(self):
        """The e-mail that the link opens has the address, the subject and the text."""
        found = letter(abroad(), language="fr")
        parts = urlsplit(found.link)
        assert (parts.scheme, parts.path) == ("mailto", found.to)
        assert parse_qs(parts.query) == {"subject": [found.subject], "body": [found.text.replace("\n", "\r\n")]}

    def test_in_four_languages(self):
        """The same facts stand in each, in other words."""
        texts = {code: letter(abroad(), language=code).text for code in LANGUAGES}
        assert len({*texts.values()}) == 4
        facts = ("2026Q4", "2026Q1", "2026-10-12", "café & co <b>", "acme-kinshasa")
        assert [code for code, text in texts.items() if not all(fact in text for fact in facts)] == []

    def test_no_reference_quarter(self):
        """A quarter without a T-3 has no letter."""
        with pytest.raises(InvalidInput, match="1900Q3 has no third quarter before it"):
            letter(Case(quarter=Quarter(1900, 3)))

    def test_no_quarter(self):
        """A quarter is a quarter."""
        with pytest.raises(WrongType):
            letter(abroad(), quarter="2026Q4")


class TestMarkup:
    """Elements."""

    def test_text_is_text(self):
        """What a case says is never markup, in text or in an attribute."""
        page = Page(html(tag("p", "<b>&", tag("i", "x"), "</p>", class_='"><script>&')))
        assert (page.tags, page.text) == (["p", "i"], "<b>& x </p>")
        assert page.attributes == [("p", "class", '"><script>&')]

    def test_names_of_attributes(self):
        """Underscores are hyphens; what is not there is left out."""
        assert html(tag("p", aria_label="a", class_="b", id=None)) == '<p aria-label="a" class="b"></p>'


class TestCards:
    """What a notebook shows."""

    @pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.json")))
    def test_decision(self, name):
        """Every condition with its verdict, reason and citations, what is missing and what to do, in good HTML."""
        decision = evaluate(example(name))
        page = Page(decision._repr_html_())
        wanted = [f"{CONDITIONS[f.condition]} \N{EN DASH} " for f in decision.findings] + [
            f.text for f in decision.findings
        ]
        wanted += [m.question for m in decision.missing] + [a.text for a in decision.actions]
        assert [words for words in wanted if " ".join(words.split()) not in page.text] == []
        cited = {provision(p, decision.read_on).source[0] for f in decision.findings for p in f.provisions}
        assert cited <= {*page.links}

    def test_a_reading(self):
        """A verdict that depends on a reading says so, on the card as in the JSON form."""
        said = "So by the reading pension_and_t3=either; another reading gives another answer."
        decision = evaluate(example("pensioner-2026"))
        assert said in str(decision.to_document())
        assert said in Page(decision.to_html()).text

    def test_plan(self):
        """The picture with its name, every quarter, and the calendar."""
        found = plan(example("returning-expat"))
        page = Page(found._repr_html_())
        assert "Flexi-jobs from 2026Q4 to 2027Q4" in page.text
        assert [f"{event.day}" for event in found.calendar if f"{event.day}" not in page.text] == []
        assert [f"{each.quarter}: " for each in found.quarters if f"{each.quarter}: " not in page.text] == []

    def test_no_calendar(self):
        """Where nothing can be done there is no calendar."""
        assert "Calendar" not in Page(plan(Case(quarter=Quarter(2010, 1)), through=Quarter(2010, 1)).to_html()).text

    def test_nothing_to_do(self):
        """Where all is done, nothing is to be done."""
        filed = Declaration(filed_on=date(2026, 9, 30), result="A")
        case = attrs.evolve(
            example("belgian-full-time"),
            quarter=T,
            start=date(2026, 10, 12),
            formalities=Formalities(framework_agreement=True, declaration=filed),
        )
        assert evaluate(case).actions == ()
        assert "What to do" not in Page(evaluate(case).to_html()).text

    def test_nothing_forces_it(self):
        """Where nothing forces the answer, nothing is said to."""
        assert "These facts alone" not in Page(evaluate(Case(quarter=T)).to_html()).text

    def test_a_refusal(self):
        """What somebody can still do stands first among the changes."""
        link = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2020, 1, 1))
        text = Page(evaluate(Case(quarter=T, employer=Employer("cafe"), engagements=(link,))).to_html()).text
        places = [text.index(words) for words in ("-> an affiliated undertaking", "yes -> no", "-> flexi-job")]
        assert places == sorted(places)

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_diff(self, code):
        """Each class of cases as a row, its provisions linked."""
        page = Page(diff(date(2022, 5, 6), date(2022, 5, 7)).to_html(language=code))
        assert page.tags.count("tr") == 1 + len(diff(date(2022, 5, 6), date(2022, 5, 7)).rows)
        assert ("div", "lang", code) in page.attributes
        assert provision("L2015-4-1-d", date(2022, 5, 7)).source[0] in page.links

    def test_no_difference(self):
        """A table without rows, and no word of provisions."""
        page = Page(diff(date(2022, 5, 7), date(2022, 5, 8))._repr_html_())
        assert page.tags.count("tr") == 1
        assert "Began" not in page.text

    def test_many_rows(self):
        """Of very many rows the first are shown, and how many more there are."""
        row = diff(date(2022, 5, 6), date(2022, 5, 7)).rows[0]
        found = attrs.evolve(diff(date(2022, 5, 7), date(2022, 5, 8)), rows=(row,) * (MOST_ROWS + 3))
        page = Page(found.to_html())
        assert page.tags.count("tr") == 1 + MOST_ROWS
        assert "Further rows: 3" in page.text


class TestReport:
    """``flexirules report``."""

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_self_contained(self, code):
        """No script, no other file, no style of somebody else: only links to click."""
        text = report(example("returning-expat"), language=code)
        page = Page(text)
        assert {"script", "link", "img", "iframe", "object", "form"} & {*page.tags} == set()
        assert not re.search(r"@import|url\(", text)
        assert [found for found in page.attributes if found[1] == "src" or found[1].startswith("on")] == []
        assert [link for link in page.links if not link.startswith(("https://", "http://", "mailto:"))] == []
        assert ("html", "lang", code) in page.attributes

    def test_what_a_case_says_is_text(self):
        """A name with markup stays a name."""
        text = report(abroad(employer=Employer("<script>alert(1)</script>")))
        assert "<script" not in text
        assert "&lt;script&gt;alert(1)" in text

    def test_asks_for_this_quarter(self):
        """Where the decision is needed now, the letter is for this quarter."""
        page = Page(report(abroad()))
        assert "Letter to the OSS for 2026Q4" in page.text
        assert letter(abroad()).link in page.links
        assert "acme-kinshasa; part of a full-time job: 1" in page.text

    def test_asks_for_the_next(self):
        """With a letter for this quarter, it is for the next, with the first day on which one can ask."""
        page = Page(report(example("returning-expat")))
        assert "Letter to the OSS for 2027Q1 2026-07-01 T-3 is over" in page.text
        assert "—elsewhere" not in page.text

    def test_asked_already(self):
        """While the answer for this quarter is awaited, the letter is for the next."""
        page = Page(report(abroad(requests=(Request(quarter=T, made_on=date(2026, 9, 1)),))))
        assert "is awaited" in page.text
        assert "Letter to the OSS for 2027Q1" in page.text

    def test_no_letter(self):
        """Whoever needs no decision gets no letter."""
        page = Page(report(example("belgian-full-time")))
        assert "Letter" not in page.text
        assert "mailto" not in " ".join(page.links)

    def test_bare_case(self):
        """A case that tells nothing has a page too; before the first quarter there is no T-3."""
        assert "Reference quarter" not in Page(report(Case(quarter=Quarter(1900, 1)))).text
        assert "Flexi-job employer" not in Page(report(Case(quarter=T))).text

    def test_the_law(self):
        """Which law decided, by which readings, and that it lies beyond the horizon where it does."""
        decision = evaluate(Case(quarter=Quarter(2030, 1)), readings={"carry_over": "true"})
        page = Page(report(decision.case, readings={"carry_over": "true"}))
        assert "Law read on 2030-01-01, provisionally" in page.text
        assert f"Ruleset: {decision.law.name}, {decision.law.digest}" in page.text
        assert "Reading: carry_over=true" in page.text

    def test_command(self, tmp_path, capsys):
        """The page is written where one says, in the language asked for, by the readings chosen."""
        path = tmp_path / "report.html"
        case = str(EXAMPLES / "returning-expat.json")
        assert main(["report", case, "-o", str(path), "--lang", "nl", "--reading", "carry_over=true"]) == 0
        assert capsys.readouterr().out == f"{path}\n"
        written = path.read_text(encoding="utf-8")
        assert written == report(example("returning-expat"), language="nl", readings={"carry_over": "true"})

    def test_nowhere_to_write(self, tmp_path, capsys):
        """A folder that does not exist is an error in one line."""
        case = str(EXAMPLES / "returning-expat.json")
        assert main(["report", case, "-o", str(tmp_path / "none" / "report.html")]) == 2
        assert capsys.readouterr().err.startswith("flexirules: ")
