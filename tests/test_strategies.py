"""The public strategies: they make what they say, none of it rarely, and refuse what they cannot make."""

from collections import Counter
from datetime import date, datetime

import pytest
from floors import QUIET
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from flexirules import Case, Employer, FlexirulesError, Outcome, Quarter, Sector, WorkFraction, evaluate
from flexirules.approval import Approval
from flexirules.case import Engagement
from flexirules.dated import FIRST_DAY
from flexirules.law.ruleset import current
from flexirules.testing import strategies
from flexirules.testing._register import register
from flexirules.testing.strategies import (
    approvals,
    cases,
    counterexample,
    partial_cases,
    quarters,
    sectors,
    work_fractions,
)

pytestmark = pytest.mark.slow

T = Quarter(2026, 4)


def drawn(strategy, number=400):
    """So many values of a strategy, the same at each run."""
    found = []

    def take(value):
        found.append(value)

    # The floors below are about what comes out, however long the first of each era takes.
    apart = settings(QUIET, max_examples=number, suppress_health_check=[HealthCheck.too_slow])
    apart(given(strategy)(take))()
    return found


class TestCases:
    """Whole cases."""

    @pytest.mark.parametrize("outcome", Outcome)
    def test_of_an_outcome(self, outcome):
        """Each has the outcome that was asked for, by its name or itself."""
        for asked in (outcome, outcome.value):
            assert {evaluate(case).outcome for case in drawn(cases(asked), 100)} == {outcome}

    def test_floors(self):
        """No outcome is rarer than one in twenty, and 45 reasons and more are given by a thousand cases."""
        decisions = [evaluate(case) for case in drawn(cases(), 1000)]
        counted = Counter(decision.outcome for decision in decisions)
        assert {outcome for outcome, number in counted.items() if number >= 50} == {*Outcome}
        assert len({(f.condition, f.reason) for decision in decisions for f in decision.findings}) >= 45

    def test_the_first_and_the_last_day(self):
        """Flexi-jobs begin on the first day of a quarter and on the last."""
        made = drawn(cases(), 1000)
        counted = Counter((c.start == c.quarter.first_day, c.start == c.quarter.last_day) for c in made)
        assert min(counted[True, False], counted[False, True]) >= 20

    def test_the_days_around_a_change(self):
        """The last day of the old law and the first of the new are among the days on which a flexi-job begins."""
        starts = {case.start for case in drawn(cases(quarter=Quarter(2022, 2)))}
        assert {date(2022, 5, 6), date(2022, 5, 7)} <= starts

    def test_nothing_is_missing(self):
        """A whole case leaves nothing to ask."""
        assert Counter(bool(evaluate(case).missing) for case in drawn(cases()))[True] == 0

    def test_of_a_quarter(self):
        """Every case is of the quarter that was asked for."""
        assert {case.quarter for case in drawn(cases(quarter=T), 50)} == {T}

    def test_they_shrink(self):
        """The smallest case has no link and no letter, and no agency stands between."""
        case = find(cases("eligible"), lambda _: True)
        assert (case.engagements, case.approvals, case.agency, len(case.worker.employments)) == ((), (), None, 1)

    def test_through_an_agency(self):
        """Cases with an agency and without, with no link, one and two."""
        made = drawn(cases())
        counted = Counter((case.agency is None, len(case.engagements)) for case in made)
        assert min(counted[agency, links] for agency in (True, False) for links in (0, 1, 2)) >= 4

    def test_what_dimona_accepted(self):
        """Some declarations were accepted and some blocked."""
        results = Counter(case.formalities.declaration.result for case in drawn(cases()))
        assert min(results["A"], results["B"], results[None]) >= 8


class TestPartialCases:
    """Cases of which something is not known."""

    def test_floors(self):
        """Some are settled whatever the rest may be, in others facts are missing; none of the outcomes is rare."""
        decisions = [evaluate(case) for case in drawn(partial_cases(), 1000)]
        assert min(Counter(bool(decision.missing) for decision in decisions).values()) >= 100
        assert min(Counter(decision.outcome for decision in decisions).values()) >= 15

    def test_everything_may_be_open(self):
        """Whatever may be unknown in a whole case is unknown in some partial case."""
        made = drawn(partial_cases(), 2000)
        asked = {entry.path.split("[")[0] for case in made for entry in evaluate(case).missing}
        assert asked >= {
            "$.worker",
            "$.worker.employments",
            "$.worker.pension",
            "$.employer",
            "$.employer.sector",
            "$.engagements",
            "$.approvals",
            "$.function",
        }

    def test_of_a_quarter(self):
        """Every case is of the quarter that was asked for."""
        assert {case.quarter for case in drawn(partial_cases(quarter=T), 50)} == {T}

    def test_two_letters_that_become_one(self):
        """Two letters of which the answers are not known are one letter twice, which is no case."""
        letters = tuple(Approval(quarter=T, granted=answer) for answer in (True, False))
        opened = partial_cases(Case(quarter=T, approvals=letters))
        assert {len(case.approvals or ()) for case in drawn(opened, 200)} == {0, 2}

    def test_what_says_something_is_not_left_out(self):
        """A public employer without a committee has none, and a contract without an end runs on: neither is open."""
        sector = Sector(joint_committee="302", public=True, authority="flemish")
        link = Engagement(employer="cafe", until=date(2026, 12, 1))
        whole = Case(quarter=T, employer=Employer(sector=sector), engagements=(link,))
        made = drawn(partial_cases(whole), 100)
        assert {s.joint_committee for c in made if c.employer and (s := c.employer.sector)} == {sector.joint_committee}
        assert {x.until for c in made for x in c.engagements or ()} == {link.until}


class TestValues:
    """Quarters, fractions, sectors and letters."""

    def test_quarters(self):
        """From 2015Q4 to the horizon, and each in which the law changed, with the one before."""
        found = set(drawn(quarters(), 1000))
        assert (min(found), max(found)) == (Quarter(2015, 4), T)
        turns = {Quarter.of(day) for day in current().eras if day > FIRST_DAY}
        assert turns | {quarter - 1 for quarter in turns} <= found

    def test_quarters_between(self):
        """Both ends are among them, and nothing beyond."""
        first, last = Quarter(2019, 2), Quarter(2019, 4)
        assert set(drawn(quarters(first, last), 100)) == {first, first + 1, last}

    def test_far_from_any_change(self):
        """A quarter in which the law did not change is found too."""
        assert set(drawn(quarters(Quarter(1999, 1), Quarter(1999, 1)), 5)) == {Quarter(1999, 1)}

    @pytest.mark.parametrize("near", ["4/5", WorkFraction(4, 5), "0.80", "80%"])
    def test_fractions_near_a_mark(self, near):
        """The mark itself, just below it and just above are among them, and none is farther than a tenth."""
        found = drawn(work_fractions(near=near), 200)
        edges = ("4/5", "0.79", "0.81", "0.799999", "0.800001")
        assert {*map(WorkFraction.of, edges)} <= {*found}
        assert (min(found), max(found)) == (WorkFraction(7, 10), WorkFraction(9, 10))

    def test_fractions_near_nothing(self):
        """Work is never negative."""
        assert min(drawn(work_fractions(near=0), 100)) == WorkFraction(0)

    def test_fractions_near_full_time(self):
        """One job is at most full time, and more is drawn where it is asked for."""
        assert max(drawn(work_fractions(near=1), 100)) == WorkFraction(1)
        assert max(drawn(work_fractions(near=1, largest=2), 300)) == WorkFraction(11, 10)

    @pytest.mark.parametrize("largest", [1, 2, "1/2"])
    def test_fractions(self, largest):
        """From no work to the largest, with every mark of the law that is no larger."""
        found = drawn(work_fractions(largest=largest), 1000)
        assert {mark for mark in strategies.marks() if mark <= WorkFraction.of(largest)} <= {*found}
        assert (min(found), max(found)) == (WorkFraction(0), WorkFraction.of(largest))

    def test_marks(self):
        """The law compares work with four fifths and with a full-time job."""
        assert strategies.marks() == (WorkFraction(4, 5), WorkFraction(1))

    def test_sectors(self):
        """The sectors of a day: horeca admits from the first day on, and more rows are told apart later."""
        early, late = (drawn(sectors(on=day), 1000) for day in (date(2016, 1, 1), date(2026, 7, 1)))
        assert "302" in {str(sector.joint_committee) for sector in early}
        assert len({*late}) > len({*early}) > 3
        assert {sector.public for sector in late} == {True, False}

    def test_letters(self):
        """Letters that approve and that refuse, dated and undated."""
        counted = Counter((letter.granted, letter.issued_on is None) for letter in drawn(approvals()))
        assert min(counted[granted, undated] for granted in (True, False) for undated in (True, False)) >= 8

    def test_letters_beyond_the_horizon(self):
        """A letter may be for a quarter of which the law has not been looked through, and is of its days."""
        days = {letter.issued_on for letter in drawn(approvals(Quarter(2030, 1)), 50)}
        assert date(2030, 1, 1) in days
        assert {Quarter.of(day) for day in days if day is not None} == {Quarter(2030, 1)}

    @pytest.mark.parametrize("granted", [True, False])
    def test_letters_of_a_quarter(self, granted):
        """Letters for one quarter, with one answer."""
        assert {(x.quarter, x.granted) for x in drawn(approvals(T, granted=granted), 50)} == {(T, granted)}


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: quarters("2024Q1"), "first: expected a quarter, not str"),
        (lambda: quarters(None, date(2024, 1, 1)), "last: expected a quarter, not date"),
        (lambda: quarters(T, T - 1), "last: the last quarter, 2026Q3, lies before the first, 2026Q4"),
        (lambda: work_fractions(near=0.8), 'expected an exact fraction such as "4/5", "0.8", "80%" or 1, not float'),
        (lambda: work_fractions(near="1.1"), "near: 11/10 is more than the largest, 1"),
        (lambda: sectors(on="2024-01-01"), "on: expected a date, not str"),
        (lambda: sectors(on=datetime(2024, 1, 1)), "on: expected a date, not datetime"),  # noqa: DTZ001 - refused
        (lambda: sectors(on=date(2015, 11, 30)), "on: the law began on 2015-12-01, not before 2015-11-30"),
        (lambda: approvals("2024Q1"), "quarter: expected a quarter, not str"),
        (lambda: approvals(granted=1), "granted: expected True or False, not int"),
        (lambda: cases(1), "outcome: expected an outcome or its name, not int"),
        (
            lambda: cases("yes"),
            "outcome: expected one of not_eligible, undetermined, clarification_required, eligible, not 'yes'",
        ),
        (lambda: cases(quarter="2024Q1"), "quarter: expected a quarter, not str"),
        (
            lambda: cases(quarter=Quarter(2015, 3)),
            "quarter: a quarter lies between 2015Q4 and 2026Q4, not 2015Q3",
        ),
        (
            lambda: partial_cases(Case(quarter=T), quarter=T),
            "quarter: the case is one of 2026Q4: give one of the two",
        ),
        (lambda: partial_cases(T), "of: expected a case, not Quarter"),
        (lambda: partial_cases(Case(quarter=T)), "of: nothing is known that could be left out"),
        (
            lambda: partial_cases(quarter=Quarter(2027, 1)),
            "quarter: a quarter lies between 2015Q4 and 2026Q4, not 2027Q1",
        ),
    ],
)
def test_what_is_refused(ask, message):
    """What cannot be made is refused when it is asked for, not when the first value is drawn."""
    with pytest.raises(FlexirulesError) as caught:
        ask()
    assert str(caught.value).endswith(message)


class TestRegistered:
    """What Hypothesis knows of the types of a case."""

    @pytest.mark.parametrize("kind", strategies.REGISTERED, ids=lambda kind: kind.__name__)
    def test_each_type(self, kind):
        """Asked for a type, Hypothesis makes values of it in the way of this package."""
        register()
        assert {type(value) for value in drawn(st.from_type(kind), 30)} == {kind}

    def test_the_entry_point(self):
        """The package tells Hypothesis, and nobody needs to call anything."""
        from importlib.metadata import entry_points

        [mine] = [point for point in entry_points(group="hypothesis") if point.name == "flexirules"]
        assert mine.load() is register


class TestCounterexample:
    """The simplest case that was found against something said of all."""

    def test_found(self):
        """What is false of some case is found to be, the same case each time, and it is against it."""

        def holds(case):
            held = any(letter.granted and letter.quarter == case.quarter for letter in case.approvals or ())
            return not held or evaluate(case).outcome is Outcome.ELIGIBLE

        found = counterexample(holds)
        assert found is not None
        assert not holds(found)
        assert counterexample(holds) == found

    def test_none(self):
        """What is true of all is not broken, however long one looks."""
        assert counterexample(lambda case: evaluate(case).outcome in Outcome, number=100) is None

    def test_among(self):
        """It looks among the cases that one names."""
        found = counterexample(lambda _: False, cases("not_eligible"), number=20)
        assert evaluate(found).outcome is Outcome.NOT_ELIGIBLE
