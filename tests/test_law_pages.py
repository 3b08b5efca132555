"""The pages about the law: read from the ruleset, so that a changed row changes the page, and complete."""

import re
import sys
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest

from flexirules.dated import provision_versions, provisions
from flexirules.explain.covers import covering
from flexirules.explain.tables import Trees
from flexirules.finding import CONDITIONS
from flexirules.fraction import WorkFraction
from flexirules.law.ruleset import current
from flexirules.predicate import AllOf, AnyOf, Atom, Cited, Open, Settled
from flexirules.proof.groups import link_group, papers_group, work_group
from flexirules.proof.obligations import Obligation
from flexirules.texts import CONDITIONS as NAMES_OF_CONDITIONS

sys.path.insert(0, str(Path(__file__).parent.parent / "docs" / "_ext"))
import law_text

LAW = current()


@pytest.fixture(autouse=True)
def few_cases(monkeypatch):
    """The official cases alone, as those of all cells take long; what they do not cite counts as shown by one case."""
    shown = {("sector", "sector-listed"): ["a-case"]}
    monkeypatch.setattr(law_text, "vectors", tuple)
    law_text.cases_by_provision.cache_clear()
    found = law_text.cases_by_provision() | {}
    every = {name: found.get(name, shown) for name in provision_versions()}
    era = LAW.on(LAW.horizon)
    names = [work_group(era).name, link_group(era, via_agency=False).name, papers_group(era).name, "sectors"]
    obligations = tuple(Obligation("sound", f"{name}: something", 7) for name in names)
    monkeypatch.setattr(law_text, "proven", lambda: obligations)
    monkeypatch.setattr(law_text, "cases_by_provision", lambda: every)


def page(lines):
    """A page as text."""
    return "\n".join(lines)


class TestProvisions:
    """A page for each provision."""

    @pytest.mark.parametrize("name", provision_versions())
    def test_all_of_it(self, name):
        """Every version with our words, citation, dates, how sure it is, and the link with the day of looking."""
        text = page(law_text.provision_page(name))
        for each in provision_versions()[name]:
            wanted = [each.content, each.citation, f"`{each.confidence}`", "gone through on 2026-11-23", *each.source]
            wanted += [f"{day}" for day in (each.effective_from, each.effective_to, each.published_on) if day]
            assert [words for words in wanted if words not in text] == []

    def test_history(self):
        """What ended a provision: its next version, or the text that took its place."""
        assert "| ended by | version 2 |" in page(law_text.provision_page("L2015-4-1-a"))
        assert "| ended by | [RD2024-04-18-144]" in page(law_text.provision_page("L2015-2-1-144"))
        assert "| ended by | [R2026-scope]" in page(law_text.provision_page("L2015-2-1-119"))
        assert "| ended by | not told |" in page(law_text.provision_page("NSSO-age-shortcut"))

    def test_messages(self):
        """The reasons that cite it, in four languages, with the cases that show them."""
        text = page(law_text.provision_page("OSS-approval"))
        for words in (
            "The NSSO has refused for this quarter.",
            "De RSZ heeft voor dit kwartaal geweigerd.",
            "L'ONSS a refusé pour ce trimestre.",
            "Das LSS hat für dieses Quartal abgelehnt.",
            "`seed-expat-refused`",
        ):
            assert words in text

    def test_condition(self):
        """As a condition in words and as a graph, from the day from which it reads so."""
        text = page(law_text.provision_page("L2015-4-1"))
        assert "As a condition, from 2026-07-01 on" in text
        assert "- `four-fifths-in-belgium`: work in T-3 declared in Belgium, with other employers ≥ 4/5" in text
        assert "```{graphviz}" in text

    def test_proven(self):
        """What is proven of the group of conditions in which it decides, and of no other."""
        text = page(law_text.provision_page("OSS-approval"))
        assert "- `sound`, 7 cells: work, pension and decisions: something" in text
        assert "one link in T" not in text.partition("## What is proven")[2]
        assert "- `sound`, 7 cells: sectors: something" in page(law_text.provision_page("L2015-2-1-119"))

    def test_rows(self):
        """The rows of the list of sectors and of main activities that rest on it."""
        text = page(law_text.provision_page("L2015-2-1-118-choc"))
        assert "| ALLOW | 118 |" in text
        assert "| `47242` | CHOCOLATE | from 2023-04-23 |" in text

    def test_readings(self):
        """The readings that touch it, with their values."""
        assert "`reduction_employer` (C1)" in page(law_text.provision_page("L2015-4-1-last"))
        assert law_text.touched_by("suspensions") == frozenset()

    def test_informs(self, monkeypatch):
        """What decides nothing by itself says why."""
        monkeypatch.setattr(law_text, "cases_by_provision", dict)
        assert "It decides nothing by itself: amending: letter d) decides." in page(law_text.provision_page("L2022-2"))


class TestComplete:
    """What fails the build."""

    @pytest.mark.parametrize(
        ("change", "lacking"),
        [
            ({"source": ()}, "no a source"),
            ({"instrument": "", "article": ""}, "no a citation"),
            ({"id": "X"}, "no a case"),
        ],
    )
    def test_refused(self, change, lacking, monkeypatch):
        """A provision without citation, source or case."""
        broken = attrs.evolve(provisions()[0], informs="", **change)
        monkeypatch.setattr(law_text, "provisions", lambda: (broken,))
        with pytest.raises(law_text.Undocumented, match=lacking):
            law_text.check()

    def test_no_day(self, monkeypatch):
        """A law of which nobody says when it was gone through."""
        monkeypatch.setattr(law_text, "VERIFIED_ON", None)
        with pytest.raises(law_text.Undocumented, match="gone through"):
            law_text.check()

    def test_not_proven(self, monkeypatch):
        """A law of which an obligation does not hold."""
        broken = Obligation("sound", "sectors: something", 7, broken="a case")
        monkeypatch.undo()
        monkeypatch.setattr(law_text, "verify", lambda quarter: [(LAW.horizon, [broken])])
        law_text.proven.cache_clear()
        with pytest.raises(law_text.Undocumented, match="not proven: sound, sectors: something: a case"):
            law_text.proven()

    def test_as_it_is(self):
        """The law as it is has all of it."""
        law_text.check()


class TestChangedRow:
    """Changing a row changes the page."""

    def test_provision(self, monkeypatch):
        """Its words and dates."""
        versions = provision_versions()["OSS-approval"]
        other = attrs.evolve(versions[0], content="Something else.", effective_from=date(2021, 2, 3))
        monkeypatch.setattr(law_text, "provision_versions", lambda: {"OSS-approval": (other,)})
        text = page(law_text.provision_page("OSS-approval"))
        assert "> Something else." in text
        assert "from 2021-02-03" in text

    def test_sector(self, monkeypatch):
        """A row of the list of sectors, in the table and in the picture."""
        rows = tuple(attrs.evolve(row, name="Another name") if row.id == "S-302" else row for row in LAW.sectors)
        before = page(law_text.sectors_page())
        monkeypatch.setattr(law_text, "current", lambda: attrs.evolve(LAW, sectors=rows))
        text = page(law_text.sectors_page())
        assert text != before
        assert "| ALLOW | 302 | Another name |" in text
        assert "302 Another name</text>" in text

    def test_tie(self, monkeypatch):
        """The size of a contract that bars, in words, in the graph and in the decision table."""
        ties = tuple(
            attrs.evolve(tie, at_least=WorkFraction(3, 5)) if tie.condition == "affiliated" else tie for tie in LAW.ties
        )
        monkeypatch.setattr(law_text, "current", lambda: attrs.evolve(LAW, ties=ties))
        text = page(law_text.condition_page("affiliated"))
        assert "size of the contract ≥ 3/5" in text
        assert "4/5" not in text.partition("## From")[2]


class TestConditions:
    """A page for each condition."""

    @pytest.mark.parametrize("name", CONDITIONS)
    def test_all_of_it(self, name):
        """Its name, its provisions, and every run of days in which it reads alike, the latest first."""
        text = page(law_text.condition_page(name))
        assert text.startswith(f"# {NAMES_OF_CONDITIONS[name]}\n")
        for each in provisions():
            if each.condition == name:
                assert law_text.link(each.id) in text
        days = re.findall(r"^## From (\d{4}-\d\d-\d\d)", text, re.MULTILINE)
        assert days == sorted(days, reverse=True)
        assert bool(days) is (name not in {"sector", "function"})

    def test_reduction(self):
        """The rule on reduction begins in 2024 and reads otherwise from July 2026."""
        text = page(law_text.condition_page("no-reduction"))
        assert re.findall(r"^## (.*)$", text, re.MULTILINE)[1:] == [
            "From 2026-07-01",
            "From 2024-01-01 to 2026-06-30",
            "From 2015-12-01 to 2023-12-31",
        ]

    @pytest.mark.parametrize("name", [name for name in CONDITIONS if name not in {"sector", "function"}])
    def test_tables_are_exact(self, name):
        """The rows of a decision table hold every cell of its verdict and none of another."""
        era = LAW.on(LAW.eras[-1])
        for _, group in law_text.groups(name, era):
            cells = Trees(group, {})
            verdicts = cells.verdicts()
            assert sum(verdicts) == cells.every
            for mine in verdicts:
                covered = 0
                for _, box in covering(cells, mine) if mine else ():
                    assert box & ~mine == 0
                    covered |= box
                assert covered == mine

    def test_hit_policy(self):
        """It stands with each table, as does the sign for what does not matter."""
        text = page(law_text.condition_page("own-employer"))
        assert text.count("Hit policy: any") == text.count("| verdict |") > 0


class TestWords:
    """Trees in words and as graphs."""

    def test_sentence(self):
        """All-of by *and*, any-of by *or*, what is nested in brackets, and what nobody can say."""
        size, notice = Atom("size", ">=", WorkFraction(4, 5)), Atom("notice", "==", True)
        tree = Cited((), "x", AllOf((size, AnyOf((notice, Atom("notice", "==", False))), Open("C2"), Settled(2))))
        assert law_text.sentence(tree) == (
            "size of the contract ≥ 4/5; **and** (notice period that touches the quarter; **or** not: notice period "
            "that touches the quarter); **and** law that is not settled (C2); **and** the NSSO says so in writing"
        )
        assert law_text.sentence(Settled(3)) == "always"
        assert law_text.sentence(Settled(0)) == "never"

    def test_several(self):
        """One of several words, and days of a pension."""
        drawn = Atom("pension_kind", "in", frozenset(("survivor", "retirement")))
        assert law_text.atom_text(drawn) == "kind of pension is one of retirement pension or survivor's pension"
        assert law_text.atom_text(Atom("pension_timing", "<=", 1)).endswith("by the first day of the work, or earlier")
        assert law_text.atom_text(Atom("decision", "!=", "refused")).endswith("is not refusal")

    def test_graph(self):
        """A node for each part, quoted, and an edge to each."""
        drawn = law_text.graph('a "title"', [Cited(("P",), "because", AllOf((Atom("size", "<", 1), Open("C2"))))])
        assert drawn.count("->") == 4
        assert r'label="a \"title\""' in drawn
        assert drawn.count("{") == drawn.count("}") == 1


class TestIndex:
    """The front page of the law, the days of change and the matrix."""

    def test_index(self):
        """Every provision in our words, one click from its page."""
        text = page(law_text.index_page())
        assert [
            each.id for each in provisions() if each.content not in text or law_text.link(each.id) not in text
        ] == []

    def test_changes(self):
        """Every day on which the law changed, and on its page what began and ended."""
        text = page(law_text.changes_page())
        days = [day for day in LAW.eras if day >= date(2015, 12, 1)]
        assert [day for day in days if f"(changes/{day}.md)" not in text] == []
        told = page(law_text.change_page(date(2022, 5, 7)))
        assert law_text.link("L2015-4-1-d") in told
        assert 'class="flexirules"' in told
        assert page(law_text.change_page(date(2025, 10, 1))).rstrip().endswith("None.")

    def test_provisions(self):
        """Every provision by its id, each with a page below."""
        text = page(law_text.provisions_page())
        assert [n for n in provision_versions() if f"\nprovisions/{law_text.slug(n)}\n" not in text] == []

    def test_matrix(self):
        """Every provision stands in it, with message, case and property."""
        text = page(law_text.matrix_page())
        assert "| `approval-refused` | `seed-expat-refused`, `seed-expat-warned-and-refused` | `sound` |" in text
        assert [name for name in provision_versions() if law_text.link(name) not in text] == []

    def test_open(self):
        """Every open point, and every row of the list that is not settled."""
        text = page(law_text.open_page())
        assert [p.id for p in provisions() if p.settled == "no" and law_text.link(p.id) not in text] == []
        rows = [row for row in LAW.on(LAW.horizon).rows if row.effect == "UNKNOWN"]
        assert len(rows) > 5
        assert [row.id for row in rows if f"| {row.name} |" not in text] == []

    def test_readings(self):
        """Every reading with its values."""
        text = page(law_text.readings_page())
        assert "`notice_employer` | C2 |" in text
        assert "`flexi`, `any`" in text

    def test_sector_days(self):
        """The list of sectors once for each run of days with the same list."""
        text = page(law_text.sectors_page())
        days = [date.fromisoformat(day) for day in re.findall(r"^## From (\S+)$", text, re.MULTILINE)]
        for day in days[:-1]:
            assert LAW.on(day).rows != LAW.on(day - timedelta(1)).rows
        assert days[0] == date(2026, 7, 1)
        assert days[-1] == date(2015, 12, 1)


@pytest.mark.parametrize("name", ["README.md", "docs/limitations.md"])
def test_days_written_by_hand(name):
    """Where a page written by hand names the horizon and the day of looking, they are those of the law."""
    text = (Path(__file__).parent.parent / name).read_text(encoding="utf-8")
    assert {*re.findall(r"\d{4}-\d\d-\d\d", text)} == {f"{law_text.VERIFIED_ON}", f"{LAW.horizon}"}


def test_no_law_by_hand():
    """Pages written by hand hold no fraction, month or article of the law in prose: those come from the rows.

    Records of decisions and the changelog tell of their day; code shows examples.
    """
    docs = Path(__file__).parent.parent / "docs"
    law = re.compile(r"\b4/5\b|four.fifth|\bart\. |\b(July|January|April|December) 20\d\d", re.IGNORECASE)
    wrong = []
    for path in [*docs.glob("*.md"), *docs.glob("howto/*.md")]:
        if path.name in {"readings.md", "changelog.md"}:
            continue
        prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        wrong += [(path.name, line) for line in prose.splitlines() if law.search(line)]
    assert wrong == [
        (
            "limitations.md",
            "| `law` | read in the consolidated text of the statute, as it stood on 1 January 2024 | yes |",
        )
    ]
