"""The proof by cells: it holds for the law of the release, and each obligation turns red where a fault is planted."""

import json
from datetime import date
from importlib import import_module

import attrs
import pytest

from flexirules import Case, Quarter, block, evaluate, facts, predicate, proof
from flexirules.__main__ import main
from flexirules.dated import Tie
from flexirules.fraction import WorkFraction
from flexirules.law import access, formalities, ruleset
from flexirules.law.access import AFTER_T, FOUR_FIFTHS, belgian_work, decision
from flexirules.law.ruleset import current
from flexirules.law.ties import BEGUN
from flexirules.predicate import AllOf, Cited
from flexirules.proof import (
    certificate,
    conditions_hold,
    decided,
    era_obligations,
    letters,
    monotone,
    obligations,
    papers_group,
    pieces,
    readings_hold,
    sectors,
    verify,
    work_group,
)
from flexirules.proof.obligations import asked, no_gap, not_idle_sectors, opaque, sound, total
from flexirules.settle import cells, ties

pytestmark = pytest.mark.slow

WORK = import_module("flexirules.settle.work")
"""The package offers a function under the name of this module."""

DAYS = [date(2015, 12, 1), date(2018, 1, 1), date(2022, 5, 7)]
"""An era of each law on persons before the rule on reductions; ``flexirules verify`` goes through all eras."""
DAY, LATER = date(2023, 4, 23), date(2026, 7, 1)


def broken(law=None, day=DAY):
    """The ids of the obligations that do not hold in one era, with what breaks them."""
    found = era_obligations((law or attrs.evolve(current())).on(day))
    red: dict[str, str] = {}
    for obligation in found:
        if not obligation.holds:
            red[obligation.id] = red.get(obligation.id, "") + obligation.broken
    return red


def red(prove, day=LATER, law=None):
    """What breaks one obligation on work, pension and decisions."""
    era = (law or attrs.evolve(current())).on(day)
    return prove(decided(work_group(era)), era).broken


class TestHolds:
    """The law of the release."""

    @pytest.mark.parametrize("day", DAYS)
    def test_every_era(self, day):
        """Every obligation holds in every era."""
        assert broken(current(), day) == {}

    @pytest.mark.parametrize("day", [date(2024, 1, 1), LATER])
    def test_the_later_eras(self, day):
        """What is proven of the conditions holds since 2024 too."""
        assert [o.id for o in conditions_hold(current().on(day)) if not o.holds] == []

    def test_readings(self):
        """What is proven holds under each other value of each reading that makes another tree."""
        found = readings_hold(current().on(DAY))
        assert {o.id for o in found if o.holds} == {"total", "sound", "exact", "predicted"}
        assert [o.says for o in found if not o.holds] == []

    def test_the_reading_that_follows_one_employer(self):
        """Under the reading of reductions with the same employer each cell is a case that evaluate() answers alike."""
        era = current().on(LATER, (("reduction_employer", "same"),))
        proven = decided(work_group(era))
        assert {cell.facts["same_employer_drop"] for cell in proven.cells} == {False, True}
        assert sound(proven, era, asked(proven, era)).broken == ""

    def test_the_exception_is_shown(self):
        """From 2024 on more work can harm through the rule on reductions, and a case shows it."""
        era = current().on(LATER)
        found = monotone(decided(work_group(era)), era)
        case = Case.from_json(found.remark.removeprefix("the exception: "))
        assert evaluate(case).finding("no-reduction").verdict.value != "met"

    def test_before_2024_there_is_no_exception(self):
        """Before the rule on reductions nothing is shown."""
        assert {o.remark for o in conditions_hold(current().on(DAY))} == {""}


class TestPlantedFaults:
    """Each obligation has been red."""

    def test_two_interpreters_that_differ(self, monkeypatch):
        """Where one interpreter takes what is not settled for met."""
        real = obligations.rank
        monkeypatch.setattr(obligations, "rank", lambda node, known, _: real(node, known, lambda _: True))
        assert red(total)

    def test_a_composition_that_guesses(self, monkeypatch):
        """Where evaluate() takes the best of what is open it finds no verdict that is open, and says so at once."""
        met = [dict.fromkeys(("C17", "A7", "C12", "R2026-pensioner"), 1)] * 3
        monkeypatch.setattr(WORK, "undecided", lambda _points, _count: met)
        with pytest.raises(AssertionError):
            red(lambda proven, era: sound(proven, era, asked(proven, era)))

    def test_a_timing_that_is_one_off(self, monkeypatch):
        """Where a cell takes one pension day for another, evaluate() answers otherwise than the trees."""
        monkeypatch.setattr(cells, "timing_of", lambda *_: access.BEFORE_T1)
        assert "sound" in broken()

    def test_an_employer_that_is_not_recognised(self, monkeypatch):
        """Where a link with the flexi-job employer is taken for another, so too."""
        monkeypatch.setattr(ties, "flexi_id", lambda _: "nobody")
        assert "sound" in broken()

    def test_a_provision_said_twice(self):
        """A second row that says the same is masked by the first."""
        law = attrs.evolve(current(), ties=current().ties * 2)
        assert "own-employer" in broken(law)["not-masked"]

    def test_a_fact_that_cannot_matter(self):
        """Where a pension exempts whenever it begins, the day on which it begins is idle."""
        always = tuple(attrs.evolve(row, latest=AFTER_T) for row in current().exemption)
        assert broken(attrs.evolve(current(), exemption=always))["not-idle"] == "pension_timing" * 2

    def test_a_letter_for_the_next_quarter(self, monkeypatch):
        """Where a letter counts in the quarter after its own."""
        real = obligations.decision_for
        monkeypatch.setattr(obligations, "decision_for", lambda quarter, held: real(quarter + 1, held))
        assert broken()["letters"] == "a letter for 2023Q3 counts in 2023Q2"

    def test_a_refusal_that_closes_every_way(self, monkeypatch):
        """Where a refusal closes the Belgian way too."""
        unrefused = AllOf((belgian_work >= FOUR_FIFTHS, decision.differs("refused")))
        monkeypatch.setattr(access, "employment", spoilt(unrefused))
        assert '"granted": false' in broken()["letters"]

    def test_an_approval_that_cures_a_reduction(self, monkeypatch):
        """Where an approval is taken to say that no reduction stands in the way."""
        real = access.no_reduction

        def cured(era):
            return (*real(era), Cited(("OSS-approval",), "approval-and-reduction", decision.equals("granted")))

        monkeypatch.setattr(access, "no_reduction", cured)
        assert '"granted": true' in red(letters)

    def test_more_work_that_harms(self, monkeypatch):
        """Where four fifths exactly count and more does not."""
        monkeypatch.setattr(access, "employment", spoilt(belgian_work.equals(FOUR_FIFTHS)))
        assert "monotone" in broken()

    def test_two_rows_that_disagree(self):
        """Where one sector is both open and not settled."""
        rows = current().sectors
        also = tuple(attrs.evolve(row, id="D-144-too", effect="ALLOW") for row in rows if row.id == "D-144")
        contradiction, _idle = sectors(attrs.evolve(current(), sectors=rows + also).on(LATER))
        assert "D-144-too" in contradiction.broken

    def test_a_row_that_is_never_reached(self):
        """Where a second row admits what the first admits already."""
        rows = current().sectors
        also = tuple(attrs.evolve(row, id="S-302-too") for row in rows if row.id == "S-302")
        assert broken(attrs.evolve(current(), sectors=rows + also))["not-masked"] == "S-302-too"

    def test_a_fact_that_is_not_asked_for(self, monkeypatch):
        """Where what matters is not named as missing."""
        monkeypatch.setattr(block, "_mattering", lambda _side, _outcomes: ())
        assert "exact" in broken()

    def test_a_pension_that_is_guessed(self, monkeypatch):
        """Where a pension of which the first day is not known is taken to run already."""
        real = WORK._pension_axes

        def guessed(case, era, axes):
            real(case, era, axes)
            axes[:] = [(path, values[:1] if path.endswith(".since") else values) for path, values in axes]

        monkeypatch.setattr(WORK, "_pension_axes", guessed)
        assert '"pension": {' in broken()["exact"]

    def test_a_contract_that_is_guessed(self, monkeypatch):
        """Where a contract of which the first day is not known is taken to run."""
        monkeypatch.setattr(ties, "_spans", lambda *_: 1 << 3)
        assert '"engagements": [{' in broken()["exact"]

    def test_a_letter_that_is_not_named(self, monkeypatch):
        """Where the facts of a decision say that no letter is held."""
        monkeypatch.setattr(facts, "decision_for", lambda _quarter, _held: "none")
        assert '"approvals": [{' in broken()["explained"]

    @pytest.mark.parametrize("left_out", ["pension", "decision"])
    def test_a_fact_that_is_not_named(self, monkeypatch, left_out):
        """Where the facts of a decision leave the pension out, or that letters are held."""
        real = facts._LOOKED_AT["employment"]
        monkeypatch.setitem(facts._LOOKED_AT, "employment", lambda *given: real(*given) | {left_out: None})
        assert '"quarter": "2023Q2"' in broken()["explained"]

    def test_a_link_that_is_not_named(self, monkeypatch):
        """Where the facts of a decision do not name the link that bars."""
        monkeypatch.setattr(facts, "verdicts_of_links", lambda *_: [])
        assert '"engagements": [{' in broken()["explained"]

    def test_papers_that_are_not_named(self, monkeypatch):
        """Where the facts of a decision leave the declaration out."""
        monkeypatch.setitem(facts._LOOKED_AT, "declaration", lambda *_: {})
        assert '"formalities": {"declaration"' in broken()["explained"]

    def test_an_answer_that_is_not_predicted(self, monkeypatch):
        """Where Dimona is always expected to accept."""
        monkeypatch.setattr(ruleset.Settled, "expected", "ok")
        assert "predicted" in broken()

    def test_a_gap(self, monkeypatch):
        """Where nothing is said of a declaration that was filed too early."""
        *bars, _too_early = formalities.BARS["declaration"]
        monkeypatch.setitem(formalities.BARS, "declaration", tuple(bars))
        era = current().on(DAY)
        assert '"filed_on": "2023-02-28"' in no_gap(decided(papers_group(era)), era).broken

    def test_a_thing_asked_that_cannot_matter(self):
        """Where the bakery fund is asked for and another row admits without it."""
        rows = current().sectors
        also = tuple(attrs.evolve(row, bakery_fund=False) for row in rows if row.bakery_fund)
        assert not_idle_sectors(attrs.evolve(current(), sectors=rows + also).on(DAY)).broken == "fund"

    def test_a_condition_that_is_no_tree(self):
        """Where a group is not proven, its conditions are neither trees nor rows."""
        era = current().on(DAY)
        found = opaque([decided(work_group(era)), decided(papers_group(era))], era)
        assert found.broken == "own-employer, severance, notice, agency-user"

    def test_a_reading_that_is_one_off(self, monkeypatch):
        """Where an age is read a year too high, under the reading that asks for it."""
        real = cells.age_on
        monkeypatch.setattr(WORK, "age_on", lambda day, born: real(day, born) + 1)
        found = readings_hold(attrs.evolve(current()).on(DAY))
        assert {o.id for o in found if not o.holds} == {"sound", "exact"}

    def test_an_outcome_that_is_not_the_minimum(self, monkeypatch):
        """Where the outcome is the verdict of one group only."""
        monkeypatch.setattr(ruleset, "outcome", lambda blocks: block.outcome(blocks[:3]))
        assert "composition" in broken()


def spoilt(condition):
    """The ways in, the first of them with another condition."""
    real = access.employment

    def employment(era):
        first, *rest = real(era)
        return (Cited(first.provisions, first.reason, condition), *rest)

    return employment


class TestWitness:
    """What breaks an obligation can be looked at."""

    def test_it_is_a_case(self):
        """A broken obligation shows a case that evaluate() reads."""
        tie = Tie(
            condition="own-employer",
            provision="L2015-4-1-a",
            kinds=frozenset(("employment",)),
            span=BEGUN,
            effective_from=None,
            effective_to=None,
        )
        law = attrs.evolve(current(), ties=(tie,), counting=())
        witness = broken(law)["sound"]
        assert Case.from_json(witness).quarter == Quarter.of(DAY)


class TestPieces:
    """Values that stand for all."""

    def test_below_on_between_and_above(self):
        """Two marks cut a fraction into what is below, between and above."""
        size = predicate.Fact("size")
        every = frozenset((size >= FOUR_FIFTHS, size < WorkFraction(1)))
        assert pieces("size", every) == (WorkFraction(79, 100), FOUR_FIFTHS, WorkFraction(1))

    def test_a_mark_itself(self):
        """What is exactly on a mark is a piece of its own where the law says so."""
        size = predicate.Fact("size")
        assert (
            len(pieces("size", frozenset((size.equals(FOUR_FIFTHS), size >= FOUR_FIFTHS, size < WorkFraction(1))))) == 4
        )

    def test_numbers(self):
        """Ages below, on and above a limit."""
        age = predicate.Fact("age")
        assert pieces("age", frozenset((age >= 65,))) == (64, 65)


class TestCommand:
    """``flexirules verify``."""

    def test_from_the_beginning(self):
        """Without a quarter every era is proven, the first before the others."""
        day, obligations = next(iter(verify()))
        assert (day, {o.holds for o in obligations}) == (date(2015, 12, 1), {True})

    def test_the_exception_in_the_certificate(self, monkeypatch):
        """The certificate shows the exception too."""
        monkeypatch.setattr(proof, "work_is_exact", lambda _: ())
        monkeypatch.setattr(proof, "links_are_exact", lambda _: ())
        [era] = certificate(quarter=Quarter(2024, 1))["eras"]
        assert [o["id"] for o in era["obligations"] if "remark" in o] == ["monotone"]

    def test_a_quarter(self, capsys):
        """The era of a quarter, with the number of cells, obligations and the digest."""
        status = main(["verify", "--quarter", "2019Q1", "--processes", "1"])
        lines = capsys.readouterr().out.splitlines()
        assert (status, len(lines), lines[0][:10], current().digest in lines[-1]) == (0, 2, "2018-01-01", True)

    def test_two_eras_in_one_quarter(self):
        """A quarter in which the law changed has an era before and one after."""
        assert [day for day, _ in verify(quarter=Quarter(2023, 2))] == [date(2023, 1, 1), date(2023, 4, 23)]

    def test_before_the_law_there_is_nothing(self):
        """Before 1 December 2015 nothing is proven."""
        assert list(verify(quarter=Quarter(2015, 2))) == []

    def test_the_quarter_in_which_it_began(self):
        """In 2015Q4 there is one era."""
        assert [day for day, _ in verify(quarter=Quarter(2015, 4))] == [date(2015, 12, 1)]

    def test_the_exception(self, capsys):
        """The case that shows the exception is printed."""
        main(["verify", "--quarter", "2024Q1"])
        assert "   monotone: the exception: {" in capsys.readouterr().out

    def test_json(self, capsys):
        """The certificate as JSON."""
        status = main(["verify", "--quarter", "2019Q1", "--json", "--processes", "1"])
        found = json.loads(capsys.readouterr().out)
        assert (status, found["holds"], found["digest"], len(found["eras"])) == (0, True, current().digest, 1)

    def test_the_same_but_for_the_time(self):
        """Two certificates differ in the time they took only."""
        one, other = (certificate(quarter=Quarter(2019, 1)) | {"seconds": 0} for _ in range(2))
        assert one == other

    @pytest.mark.parametrize("arguments", [(), ("--json",)])
    def test_a_fault(self, monkeypatch, capsys, arguments):
        """Where an obligation is broken the status is 1, and it is said which and by what."""
        monkeypatch.setattr(obligations, "decision_for", lambda _quarter, _held: "granted")
        status = main(["verify", "--quarter", "2019Q1", "--processes", "1", *arguments])
        out = capsys.readouterr().out
        assert (status, "a letter for 2017Q3 counts in 2018Q1" in out) == (1, True)

    @pytest.mark.parametrize("text", ["0", "257", "-1", "two", "²"])
    def test_what_is_no_number_of_processes(self, capsys, text):
        """From one to 256 processes."""
        with pytest.raises(SystemExit) as ended:
            main(["verify", "--processes", text])
        assert (ended.value.code, f"from 1 to 256 processes, not '{text}'" in capsys.readouterr().err) == (2, True)

    def test_what_is_no_quarter(self, capsys):
        """A quarter is written in the one form."""
        with pytest.raises(SystemExit) as ended:
            main(["verify", "--quarter", "2019-1"])
        assert (ended.value.code, "a quarter is written like" in capsys.readouterr().err) == (2, True)
