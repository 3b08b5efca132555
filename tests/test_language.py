"""Four languages: every text in each, by the terms of the glossary, chosen by an argument and by nothing else."""

import ast
import csv
import json
import os
import re
import subprocess
import sys
from datetime import date
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from flexirules import Case, InvalidInput, Quarter, WrongType, evaluate, language, texts
from flexirules.__main__ import main
from flexirules.codec import case_from_document
from flexirules.dated import provisions
from flexirules.explain.tables import link_table, papers_table, places_table, work_table
from flexirules.finding import CONDITIONS, CONFIDENCES, OUTCOMES, VERDICTS
from flexirules.language import LANGUAGES, speaker
from flexirules.law.informational import INFORMS
from flexirules.law.ruleset import current
from flexirules.lawdiff import PARTS, diff
from flexirules.planner import plan
from flexirules.report import report
from flexirules.testing import vectors

PACKAGE = Path(str(files("flexirules")))
ROOT = Path(__file__).parent.parent
OTHERS = tuple(code for code in LANGUAGES if code != "en")
KEYWORDS = {"message": None, "say": None}
CASES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.json"))]

SOURCE = {text for _, _, text, _, _ in extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS)}
"""Every text that the source marks."""


def catalogue(code):
    """The catalogue of a language, as its source has it."""
    with (PACKAGE / "locale" / code / "LC_MESSAGES" / "flexirules.po").open("rb") as text:
        return read_po(text)


CATALOGUES = {code: catalogue(code) for code in OTHERS}
EVERY = [(code, entry) for code, found in CATALOGUES.items() for entry in found if entry.id]


def fields(text):
    """The placeholders of a text."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


class TestCatalogues:
    """What the catalogues hold."""

    @pytest.mark.parametrize("code", OTHERS)
    def test_nothing_missing_nothing_unused(self, code):
        """A catalogue has each text of the source, and no other."""
        assert {entry.id for entry in CATALOGUES[code] if entry.id} == SOURCE

    @pytest.mark.parametrize("code", OTHERS)
    def test_nothing_put_by(self, code):
        """Texts that the source no longer has are deleted, not kept as comments."""
        assert not CATALOGUES[code].obsolete

    def test_nothing_open(self):
        """No text is empty or fuzzy."""
        assert [(code, entry.id) for code, entry in EVERY if entry.fuzzy or not entry.string] == []

    def test_placeholders(self):
        """A text has the placeholders of the English one."""
        assert [(code, e.id) for code, e in EVERY if fields(e.id) != fields(e.string)] == []

    def test_ends_alike(self):
        """A sentence stays a sentence, a question a question, a heading a heading."""
        ends = re.compile(r"[.?:]?$")
        odd = [(c, e.id) for c, e in EVERY if ends.search(e.id)[0] != ends.search(e.string)[0]]
        # French ends a letter with a whole sentence.
        assert odd == [("fr", "Yours faithfully,")]

    def test_spaces(self):
        """No text begins or ends with a space, has two of them, or a line break."""
        assert [(c, e.id) for c, e in EVERY if e.string != e.string.strip() or re.search(r"  |\n", e.string)] == []

    def test_translated(self):
        """What is the same as in English are words that it shares with one of the languages."""
        worded = {text for text in SOURCE if re.search(r"[a-z]", re.sub(r"\{\w+\}", "", text))}
        same = {entry.id for _, entry in EVERY if entry.string == entry.id} & worded
        assert same == {"Flexi-job in {quarter}", "flexi-job", "Sector", "student", "Name: {blank}", "zone 00910"}

    @pytest.mark.parametrize("code", OTHERS)
    def test_compiled(self, code):
        """The compiled catalogue that the package reads is that of the source."""
        compiled = BytesIO()
        write_mo(compiled, CATALOGUES[code])
        fresh, say = GNUTranslations(BytesIO(compiled.getvalue())), speaker(code)
        assert [text for text in SOURCE if say(text) != fresh.gettext(text)] == []


class TestGlossary:
    """The terms of the National Social Security Office."""

    ROWS = tuple(csv.DictReader((ROOT / "docs" / "glossary.csv").read_text(encoding="utf-8").splitlines()))

    @pytest.mark.parametrize("row", ROWS, ids=[row["term"] for row in ROWS])
    def test_term(self, row):
        """Where the English text has a term, the other has its equivalent, whatever its ending."""
        term = re.sub(r"\s*\(.*?\)", "", row["term"])
        short = re.search(r"\((NSSO|OSS)\)", row["term"])
        names = [term, *([short[1]] if short else [])]
        found = re.compile("|".join(rf"\b{re.escape(name)}s?\b" for name in names), re.IGNORECASE)
        wrong = []
        for code, entry in EVERY:
            if found.search(re.sub(r"\{\w+\}", "", entry.id)):
                long = re.sub(r"\s*\(.*?\)", "", row[code])
                stems = [word[: max(4, len(word) - 3)].lower() for word in re.split(r"[\s']+", long) if len(word) > 3]
                abbreviation = re.search(r"\((\w+)\)", row[code])
                whole = all(stem in entry.string.lower() for stem in stems)
                if not whole and not (abbreviation and abbreviation[1] in entry.string):
                    wrong.append((code, entry.string))
        assert wrong == []

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_outcomes(self, code):
        """The four outcomes begin with the words of the glossary."""
        rows = {row["term"]: row for row in self.ROWS}
        terms = ("not eligible", "undetermined", "clarification required", "eligible")
        wanted = [rows[term]["term" if code == "en" else code] for term in terms]
        told = [speaker(code)(texts.OUTCOMES[outcome.value]).lower() for outcome in OUTCOMES]
        assert [text for text, begin in zip(told, wanted, strict=True) if not text.startswith(begin.lower())] == []


class TestTables:
    """Every code has a text, and every text a code."""

    def test_codes(self):
        """Outcomes, verdicts, conditions, confidences, parts and reasons why a row decides nothing."""
        assert {*texts.OUTCOMES} == {*texts.OUTCOME_WORDS} == {outcome.value for outcome in OUTCOMES}
        assert {*texts.VERDICTS} == {verdict.value for verdict in VERDICTS}
        assert [*texts.CONDITIONS] == [*CONDITIONS]
        assert {*texts.CONFIDENCE} == {*CONFIDENCES} - {"law", "official", "unknown"}
        assert {*texts.PARTS} == {*PARTS}
        assert {*INFORMS.values()} <= SOURCE

    def test_citations(self):
        """Every legal text has a name, and every article that has words to translate."""
        assert {*texts.INSTRUMENTS} == {row.instrument for row in provisions()}
        worded = {row.article for row in provisions() if re.search(r"\b(?!art|al|\dsexdecies)[a-z]{2,}", row.article)}
        assert {*texts.ARTICLES} == worded

    @pytest.mark.slow
    def test_reasons(self):
        """Every reason that the law or its settling can give has a text, and no text is for a reason of nobody."""
        said = {
            node.value
            for folder in ("law", "settle")
            for path in (PACKAGE / folder).glob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        # One reason is put together from the condition of a tie and what bars.
        made = {f"{condition}-with-flexi-employer" for condition in ("severance", "notice")}
        made |= {f"{condition}-tie" for condition in ("own-employer", "agency-user", "affiliated")}
        assert {*texts.REASONS} - made <= said
        given = {f.reason for vector in vectors() for f in evaluate(case_from_document(vector.given)).findings}
        assert given <= {*texts.REASONS}

    def test_values(self):
        """Every word that a fact can have in an explanation or a law diff has a text."""
        law, missing = current(), set()
        for era in (law.on(day) for day in law.eras):
            for via_agency in (False, True):
                tables = link_table(era, via_agency=via_agency), papers_table(era, via_agency=via_agency)
                for table in (*tables, places_table(era, via_agency=via_agency), work_table(era)):
                    for fact in table.facts:
                        name = {"jc": "joint_committee", "lists": "main_activity", "fund": "bakery_fund"}.get(
                            fact, fact
                        )
                        words = {w for value in table.values[fact] for w in table.words(fact, frozenset((value,)))}
                        missing |= {
                            (name, word)
                            for word in words - {*texts.VALUES.get(name, ())}
                            if not re.fullmatch(r"[\d./]+|[<>=]=? [\d/]+( and [<>=]=? [\d/]+)?", word)
                        }
        assert missing == set()


class Strict(NullTranslations):
    """A catalogue of last resort that has nothing."""

    def gettext(self, message):
        """Say which text is missing."""
        raise AssertionError(f"no catalogue has {message!r}")


@pytest.fixture
def strict(monkeypatch):
    """A text that a catalogue does not have is an error."""
    kept = language._catalogue

    def found(code):
        catalogue = kept(code)
        catalogue._fallback = Strict()
        return catalogue

    monkeypatch.setattr(language, "_catalogue", found)
    yield
    for code in OTHERS:
        kept(code)._fallback = None


class TestSpoken:
    """What is told is told from the catalogues."""

    @pytest.mark.parametrize("code", OTHERS)
    def test_every_page(self, code, strict):
        """Reports, cards, plans and a law diff ask for no text that a catalogue does not have."""
        for text in CASES:
            case = Case.from_json(text)
            assert f'lang="{code}"' in report(case, language=code)
            evaluate(case).to_document(language=code)
            plan(case).to_document(language=code)
        changed = diff(date(2022, 5, 6), date(2022, 5, 7))
        assert f'lang="{code}"' in changed.to_html(language=code)

    def test_literal(self):
        """What is said is named where it is said, so that it is found for the catalogues."""
        for path in PACKAGE.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
                    inner = node.func.func
                    direct = isinstance(inner, ast.Name) and inner.id == "speaker"
                    assert not (direct and isinstance(node.args[0], ast.Constant)), (path, node.lineno)
                # Inside an f-string no tool finds it on every Python.
                if isinstance(node, ast.JoinedStr):
                    inside = [each for each in ast.walk(node) if isinstance(each, ast.Call) and each is not node]
                    said = [each for each in inside if isinstance(each.func, ast.Name) and each.func.id == "say"]
                    assert not any(isinstance(each.args[0], ast.Constant) for each in said), (path, node.lineno)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                    assert isinstance(node.args[0], ast.Constant | ast.Subscript | ast.Name | ast.Attribute), path


class TestChoice:
    """A language is an argument."""

    @pytest.mark.parametrize("code", ["", "NL", "nl_BE", "es", "en\n"])
    def test_none_of_the_four(self, code):
        """Another language is refused, also as another spelling of one of them."""
        with pytest.raises(InvalidInput, match="expected one of en, nl, fr, de"):
            evaluate(Case(quarter=Quarter(2026, 4))).to_json(language=code)

    @pytest.mark.parametrize("code", [None, 1, b"nl", ["nl"]])
    def test_no_text(self, code):
        """What is no text is a wrong type."""
        with pytest.raises(WrongType, match="language: expected text"):
            report(Case(quarter=Quarter(2026, 4)), language=code)

    @given(st.sampled_from(CASES), st.sampled_from(OTHERS))
    def test_only_texts_differ(self, text, code):
        """A decision says the same in every language: only texts and questions differ."""

        def bare(document):
            if isinstance(document, dict):
                return {k: bare(v) for k, v in document.items() if k not in {"text", "question"}}
            return [bare(each) for each in document] if isinstance(document, list) else document

        decision = evaluate(Case.from_json(text))
        one, other = decision.to_document(), decision.to_document(language=code)
        assert bare(one) == bare(other)
        assert one != other

    def test_not_by_the_environment(self):
        """Whatever language the environment prefers, without an argument it is English."""
        given = {"LANGUAGE": "nl", "LANG": "nl_BE.UTF-8", "LC_ALL": "nl_BE.UTF-8", "PATH": os.environ["PATH"]}
        command = [sys.executable, "-m", "flexirules", "evaluate", "-"]
        run = subprocess.run(command, input=CASES[0], env=given, capture_output=True, text=True, check=True)
        assert "\nWhy\n" in run.stdout


class TestCommand:
    """``--lang``."""

    @pytest.fixture
    def file(self):
        """An example."""
        return str(ROOT / "examples" / "returning-expat.json")

    @pytest.mark.parametrize(
        ("command", "words"),
        [
            (["evaluate"], "Toegelaten"),
            (["evaluate", "--json"], "De functie is niet uitgesloten."),
            (["why"], "Wat het zou veranderen"),
            (["ask"], "Er valt niets meer te vragen."),
            (["ask"], "Niet nodig: $."),
            (["plan"], "Werk niet ingevuld voor: 2026Q2"),
            (["plan", "--json"], "Vanaf deze dag mag de Dimona FLX ingediend worden."),
            (["plan", "--svg"], "toegelaten"),
            (["plan", "--ical"], "PRODID:-//flexirules//plan//NL"),
        ],
    )
    def test_each(self, command, words, file, capsysbinary):
        """Every command that tells something tells it in the language asked for."""
        assert main([*command, "--lang", "nl", file]) == 0
        assert words in capsysbinary.readouterr().out.decode()

    def test_lines(self, tmp_path, capsys):
        """So does each line of many."""
        path = tmp_path / "cases.jsonl"
        path.write_text(json.dumps(json.loads(CASES[0])) + "\n", encoding="utf-8")
        assert main(["evaluate", "--lines", "--lang", "fr", str(path)]) == 0
        assert "La fonction n'est pas exclue." in capsys.readouterr().out

    def test_diff(self, capsys):
        """A law diff too."""
        assert main(["diff", "--lang", "de", "2022-05-06", "2022-05-07"]) == 0
        assert capsys.readouterr().out.splitlines()[-2:] == [
            "In Kraft getreten, ohne eine Antwort zu ändern: L2022-2 v1",
            "   abändernd: Buchstabe d) entscheidet",
        ]

    def test_refused(self, file, capsys):
        """A language that is none of the four is refused before anything is read."""
        with pytest.raises(SystemExit) as caught:
            main(["evaluate", "--lang", "es", file])
        assert caught.value.code == 2
        assert "invalid choice: 'es'" in capsys.readouterr().err
