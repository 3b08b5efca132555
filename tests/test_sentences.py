"""The law sentence by sentence: a class for each paragraph, in our words, and what holds of it whatever the case.

What a sentence says is computed here once more, from days and exact fractions, by nothing of the library but its types.
Edges are mixed into every draw: four fifths, just below and just above; the first and the last day of a quarter; the
day before and the day of each change. Each property counts what it saw, and fails where it saw something too rarely.
"""

from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from floors import holds
from hypothesis import strategies as st

from flexirules import Agency, Approval, Employment, Engagement, Formalities, Pension, Quarter, WorkFraction, evaluate
from flexirules.case import Declaration, Request
from flexirules.testing.situations import case, year
from flexirules.testing.strategies import approvals, cases, partial_cases, quarters, sectors, work_fractions

pytestmark = pytest.mark.slow

BEGIN, END, DAY = date(2015, 12, 1), date(2026, 12, 31), timedelta(1)
TURNS = [date(2018, 1, 1), date(2022, 5, 7), date(2024, 1, 1), date(2026, 7, 1)]
"""The days from which a sentence about persons reads otherwise."""
FOUR_FIFTHS = Fraction(4, 5)
FULL = Fraction(1)
ORDINARY = ("employee", "statutory")
EXCLUDED = ("flexi_job", "apprentice", "student", "minor_part_time", "occasional_agriculture", "occasional_horeca")


def days(first=BEGIN, last=END):
    """Days on which a flexi-job begins: the first and the last, around each turn and each quarter, and any."""
    around = [day for turn in TURNS for day in (turn - DAY, turn)]
    ends = [day for q in Quarter(2015, 4).until(Quarter(2026, 4)) for day in (q.first_day, q.last_day)]
    edges = [day for day in (first, last, *around) if first <= day <= last]
    return (
        st.sampled_from(edges) | st.sampled_from([day for day in ends if first <= day <= last]) | st.dates(first, last)
    )


def exact(fraction):
    """A fraction of the library as one of the standard library."""
    return Fraction(fraction.numerator, fraction.denominator)


def job(quarter, fraction, employer="bank", status="employee", **more):
    """Work of one quarter."""
    return Employment(quarter=quarter, employer=employer, fraction=fraction, status=status, **more)


def found(given, condition):
    """The verdict of one condition."""
    return evaluate(given).finding(condition).verdict.value


def touches(first, last, quarter):
    """Whether a period, open where an end is not known to exist, has a day in a quarter."""
    return first <= quarter.last_day and (last is None or last >= quarter.first_day)


class TestBeginning:
    """Law of 16 November 2015, art. 37: no flexi-job begins before 1 December 2015."""

    def test_from_its_first_day(self):
        """The condition is met from that day on and on no day before."""

        def check(day):
            verdict = found(case(day, year(day, "1")), "in-force")
            assert verdict == ("met" if day >= BEGIN else "not_met")
            return verdict

        before = st.sampled_from([BEGIN - DAY, BEGIN]) | st.dates(date(2014, 1, 1), date(2017, 1, 1))
        holds(check, before, floors={"met": 13, "not_met": 13})


class TestLegislation:
    """Regulation (EC) 883/2004, art. 11 to 13: who is under the law of another state has no flexi-job in Belgium."""

    def test_whatever_the_work_was(self):
        """Another legislation is not met and closes the case, however eligible it was; the Belgian one is met."""

        def check(given, legislation):
            worker = attrs.evolve(given.worker, habitual_legislation=legislation)
            decision = evaluate(attrs.evolve(given, worker=worker))
            verdict = decision.finding("legislation").verdict.value
            assert verdict == ("met" if legislation == "belgian" else "not_met")
            assert (decision.outcome.value == "eligible") is (legislation == "belgian")
            return verdict

        states = st.sampled_from(("belgian", "dutch", "north_macedonian"))
        holds(check, cases("eligible"), states, floors={"met": 13, "not_met": 26})


class TestSectors:
    """Law of 16 November 2015, art. 2 § 1 and § 3: which employers, and which functions never."""

    def test_hotels_and_catering(self):
        """Joint committee 302 is in on each day: by name up to 30 June 2026, by the general rule since."""

        def check(day):
            decision = evaluate(case(day, year(day, "1")))
            assert decision.outcome.value == "eligible"
            return day >= TURNS[-1]

        holds(check, days() | days(TURNS[-1]), floors={True: 10, False: 20})

    @pytest.mark.parametrize(
        ("activity", "first"),
        [("artistic", date(2024, 1, 1)), ("regulated_care", date(2024, 1, 1)), ("sex_work", date(2024, 12, 1))],
    )
    def test_functions_that_are_excluded(self, activity, first):
        """Artistic functions and regulated care since 2024, and sex work since December 2024, in every sector."""

        def check(day, sector):
            verdict = found(case(day, year(day, "1"), sector=sector, activity=activity), "function")
            assert day < first or verdict == "not_met"
            return "since" if day >= first else "before"

        around = st.sampled_from((first - DAY, first)) | days(date(2023, 1, 1))
        holds(check, around, sectors(), floors={"since": 16, "before": 10})

    def test_a_person_changes_no_sector(self):
        """Work, pension and letters of the person change neither verdict on the employer."""

        def check(given, other):
            other = attrs.evolve(other, start=given.start, quarter=given.quarter, agency=given.agency)
            same = attrs.evolve(other, employer=given.employer, function=given.function)
            verdict = found(given, "sector")
            assert (found(same, "sector"), found(same, "function")) == (verdict, found(given, "function"))
            return verdict

        floors = {"met": 13, "not_met": 3, "unknown": 3}
        holds(check, cases(quarter=Quarter(2025, 3)), cases(quarter=Quarter(2025, 3)), floors=floors, number=400)


class TestFourFifths:
    """Law of 16 November 2015, art. 4 § 1: in T-3 four fifths of a full-time job with one or more other employers."""

    def test_shares_add_up(self):
        """Four fifths exactly are enough and nothing below is, over however many employers they are spread."""

        def check(day, shares):
            reference = Quarter.of(day) - 3
            jobs = [job(reference, share, employer=f"employer-{n}") for n, share in enumerate(shares)]
            total = sum(map(exact, shares))
            verdict = found(case(day, jobs), "employment")
            assert verdict == ("met" if total >= FOUR_FIFTHS else "not_met")
            return "exactly" if total == FOUR_FIFTHS else verdict

        tenths = st.lists(st.integers(1, 8), min_size=1, max_size=8).map(
            lambda parts: [WorkFraction(4 * part, 5 * sum(parts)) for part in parts]
        )
        any_share = st.lists(st.integers(1, 60).map(lambda n: WorkFraction(n, 100)), min_size=1, max_size=3)
        shares = st.lists(work_fractions(), min_size=1, max_size=3) | any_share | tenths
        holds(check, days(), shares, floors={"exactly": 10, "met": 10, "not_met": 6}, number=300)

    def test_the_flexi_employer_does_not_count(self):
        """Work with the flexi-job employer is not work with another."""

        def check(day, own, elsewhere):
            reference = Quarter.of(day) - 3
            with_own = [job(reference, own, employer="cafe"), job(reference, elsewhere)]
            verdict = found(case(day, with_own), "employment")
            assert verdict == found(case(day, with_own[1:]), "employment")
            return verdict

        holds(check, days(), work_fractions(), work_fractions(), floors={"met": 10, "not_met": 10})

    def test_only_the_third_quarter_before(self):
        """Work in no quarter but T-3 gives four fifths."""

        def check(day, back):
            verdict = found(case(day, [job(Quarter.of(day) - back, "1")]), "employment")
            assert verdict == ("met" if back == 3 else "not_met")
            return back

        backs = st.sampled_from((0, 1, 2, 3, 4, 5, 6))
        holds(check, days(), backs, floors=dict.fromkeys((0, 2, 3, 4), 3))

    def test_order_and_splitting(self):
        """Neither the order of jobs nor a job that is told in two parts changes anything."""

        def check(given):
            parts = []
            for one in given.worker.employments:
                n, of = one.fraction.numerator, one.fraction.denominator
                parts += [attrs.evolve(one, fraction=WorkFraction(share * n, 3 * of)) for share in (2, 1)]
            told = [attrs.evolve(given.worker, employments=jobs) for jobs in (given.worker.employments[::-1], parts)]
            expected = evaluate(given)
            for worker in told:
                decision = evaluate(attrs.evolve(given, worker=worker))
                assert [f.verdict for f in decision.findings] == [f.verdict for f in expected.findings]
            return expected.outcome.value

        outcomes = ("eligible", "not_eligible", "undetermined", "clarification_required")
        held = cases().filter(lambda given: all(exact(one.fraction) for one in given.worker.employments))
        holds(check, held, floors=dict.fromkeys(outcomes, 3))


class TestWhatCounts:
    """Law of 16 November 2015, art. 4 § 2: what is work in T-3, and the kinds of work that are not."""

    def test_excluded_work(self):
        """Work of an excluded kind adds nothing, however much there is of it."""

        def check(day, status, more, own):
            reference = Quarter.of(day) - 3
            jobs = [job(reference, own), job(reference, more, employer="mill", status=status)]
            verdict = found(case(day, jobs), "employment")
            assert verdict == ("met" if exact(own) >= FOUR_FIFTHS else "not_met")
            return status

        excluded = (*EXCLUDED, "self_employed")
        kinds = st.sampled_from(excluded)
        holds(check, days(), kinds, work_fractions(), work_fractions(), floors=dict.fromkeys(excluded, 3))

    def test_civil_servants(self):
        """Statutory service counts as employment does."""

        def check(day, share):
            both = [case(day, [job(Quarter.of(day) - 3, share, status=status)]) for status in ORDINARY]
            employee, statutory = (found(one, "employment") for one in both)
            assert employee == statutory
            return employee

        holds(check, days(), work_fractions(), floors={"met": 10, "not_met": 10})

    def test_deferred_pay(self):
        """Days paid later, as in a teacher's summer, count in T-3 for flexi-jobs since 2018 and not before (§ 4)."""

        def check(day, share):
            given = case(day, [job(Quarter.of(day) - 3, share, deferred_pay=True)])
            verdict = found(given, "employment")
            assert verdict == ("met" if day >= TURNS[0] and exact(share) >= FOUR_FIFTHS else "not_met")
            return day >= TURNS[0], verdict

        floors = {(True, "met"): 6, (True, "not_met"): 6, (False, "not_met"): 5}
        holds(check, days() | days(BEGIN, TURNS[0]), work_fractions(), floors=floors)


class TestPensioners:
    """Law of 16 November 2015, art. 4 § 3: a pensioner needs no work in T-3, since 2018."""

    def test_since_when(self):
        """A pension by the last day of T-2 since 2018, by the start since July 2026; later in T is not settled then."""

        def check(day, since_in, kind):
            quarter = Quarter.of(day)
            around = {
                "T-2": (quarter - 2).last_day,
                "T-1": (quarter - 1).first_day,
                "before": day - DAY,
                "start": day,
                "after": day + DAY,
                "T": quarter.last_day,
                "T+1": (quarter + 1).first_day,
                "old": day - timedelta(5000),
            }
            since = around[since_in]
            verdict = found(case(day, pension=Pension(kind=kind, since=since)), "employment")
            if day < TURNS[0]:
                expected = "not_met"
            elif day < TURNS[3]:
                expected = "met" if since <= (quarter - 2).last_day else "not_met"
            elif since <= day:
                expected = "met"
            else:
                expected = "unknown" if since <= quarter.last_day else "not_met"
            assert verdict == expected
            return day >= TURNS[3], verdict

        when = st.sampled_from(("T-2", "T-1", "before", "start", "after", "T", "T+1", "old"))
        floors = {(False, "met"): 6, (False, "not_met"): 13, (True, "met"): 6, (True, "unknown"): 3}
        kinds = st.sampled_from(("retirement", "survivor"))
        holds(check, days() | days(TURNS[3]), when, kinds, floors=floors, number=300)

    def test_what_is_no_pension(self):
        """A transition allowance and a company supplement are no pension (art. 3, 7°)."""

        def check(day, kind):
            pension = Pension(kind=kind, since=day - timedelta(5000))
            assert found(case(day, pension=pension), "employment") == "not_met"
            return kind

        kinds = ("transition_allowance", "company_supplement")
        holds(check, days(), st.sampled_from(kinds), floors=dict.fromkeys(kinds, 13))

    def test_a_pension_of_another_state(self):
        """It counts, but the register does not show it: a decision is needed where a Belgian one would be enough."""

        def check(day, back):
            since = (Quarter.of(day) - back).last_day
            belgian, foreign = (
                found(case(day, pension=Pension(kind="retirement", since=since, register=register)), "employment")
                for register in ("belgium", "foreign")
            )
            assert foreign == {"met": "needs_decision"}.get(belgian, belgian)
            return foreign

        holds(check, days(), st.integers(1, 4), floors={"needs_decision": 13, "not_met": 6})


class TestWorkAbroad:
    """Overseas Social Security, page on flexi-jobs for expats (S1 to S15): work abroad counts on a written decision."""

    def test_belgian_part_and_all(self):
        """Four fifths in Belgium need no letter, with work abroad a decision; below in all they are not met."""

        def check(day, belgian, abroad, scheme):
            reference = Quarter.of(day) - 3
            jobs = [job(reference, belgian), job(reference, abroad, employer="abroad", scheme=scheme)]
            verdict = found(case(day, jobs), "employment")
            if exact(belgian) >= FOUR_FIFTHS:
                expected = "met"
            else:
                expected = "needs_decision" if exact(belgian) + exact(abroad) >= FOUR_FIFTHS else "not_met"
            assert verdict == expected
            return verdict

        schemes = st.sampled_from(("overseas", "foreign"))
        floors = {"met": 10, "needs_decision": 10, "not_met": 6}
        small = st.sampled_from((WorkFraction(0), WorkFraction(2, 5), WorkFraction(39, 100), WorkFraction(1, 2)))
        holds(check, days(), work_fractions() | small, work_fractions() | small, schemes, floors=floors, number=300)

    def test_a_letter_for_the_quarter(self):
        """An approval for T makes it met, a refusal closes it, and a letter for another quarter does nothing."""

        def check(day, letter):
            jobs = [job(Quarter.of(day) - 3, "1", employer="abroad", scheme="overseas")]
            verdict = found(case(day, jobs, letters=(letter,)), "employment")
            answer = {True: "met", False: "not_met"}[letter.granted]
            expected = answer if letter.quarter == Quarter.of(day) else "needs_decision"
            assert verdict == expected
            return verdict

        def letters(day):
            near = st.sampled_from((-3, -1, 0, 0, 0, 1)).flatmap(lambda step: approvals(Quarter.of(day) + step))
            return st.tuples(st.just(day), near)

        floors = {"met": 10, "not_met": 10, "needs_decision": 13}
        holds(lambda pair: check(*pair), days().flatmap(letters), floors=floors)

    def test_a_letter_cures_nothing_else(self):
        """With an approval no other condition is better than without, and no verdict worse."""

        def check(given):
            letter = Approval(quarter=given.quarter, granted=True, issued_on=given.start)
            before = evaluate(attrs.evolve(given, approvals=()))
            after = evaluate(attrs.evolve(given, approvals=(letter,)))
            for one, other in zip(before.findings, after.findings, strict=True):
                # A stated drop beside an approval is not settled: C12.
                if one.condition not in ("employment", "no-reduction"):
                    assert one.verdict is other.verdict
            return before.outcome.value, after.outcome.value

        floors = {("clarification_required", "eligible"): 6, ("not_eligible", "not_eligible"): 6}
        holds(check, cases() | cases("clarification_required"), floors=floors)

    def test_the_letter_does_not_cover_the_next_quarter(self):
        """An approval for T leaves the answer for T+1 as it was (S14)."""

        def check(given):
            letter = Approval(quarter=given.quarter - 1, granted=True)
            before, after = (evaluate(attrs.evolve(given, approvals=held)) for held in ((), (letter,)))
            assert before.outcome is after.outcome
            assert not after.dimona.warning_may_be_ignored
            return before.outcome.value

        outcomes = ("eligible", "not_eligible", "undetermined", "clarification_required")
        holds(check, cases() | cases("clarification_required"), floors=dict.fromkeys(outcomes, 2))

    def test_the_later_letter_counts(self):
        """Of two letters for one quarter the later counts; of one day, or undated, it is not settled."""

        def check(day, first, gap, first_granted):
            quarter = Quarter.of(day)
            letters = (
                Approval(quarter=quarter, granted=first_granted, issued_on=first),
                Approval(quarter=quarter, granted=not first_granted, issued_on=first + gap * DAY),
            )
            jobs = [job(quarter - 3, "1", employer="abroad", scheme="overseas")]
            verdict = found(case(day, jobs, letters=letters), "employment")
            later = first_granted if gap < 0 else not first_granted
            expected = {True: "met", False: "not_met"}[later] if gap else "unknown"
            assert verdict == expected
            return verdict

        gaps = st.sampled_from((-30, -1, 0, 0, 1, 30))
        floors = {"met": 10, "not_met": 10, "unknown": 6}
        holds(check, days(), days(), gaps, st.booleans(), floors=floors)

    def test_a_question_decides_nothing(self):
        """A question to the OSS changes no verdict (S12)."""

        def check(given, by):
            asked = Request(quarter=given.quarter, made_on=given.start, by=by)
            before, after = (evaluate(attrs.evolve(given, requests=held)) for held in ((), (asked,)))
            assert [f.verdict for f in before.findings] == [f.verdict for f in after.findings]
            return before.outcome.value

        holds(check, cases(), st.sampled_from(("worker", "employer")), floors={"clarification_required": 3})


class TestReductions:
    """Law of 16 November 2015, art. 4 § 1, last paragraph: who went from full time to four fifths waits, since 2024."""

    def test_a_drop(self):
        """Full time in T-4 and from four fifths to less in T-3 bars, and so it does from T-5 to T-4."""

        def check(day, shares):
            quarter = Quarter.of(day)
            jobs = [job(quarter - 3 - n, share) for n, share in enumerate(shares)]
            third, fourth, fifth = map(exact, shares)

            def drop(before, after):
                return before >= FULL and FOUR_FIFTHS <= after < FULL

            verdict = found(case(day, jobs), "no-reduction")
            barred = day >= TURNS[2] and (drop(fourth, third) or drop(fifth, fourth))
            assert verdict == ("not_met" if barred else "met")
            return day >= TURNS[2], verdict

        marks = st.sampled_from([WorkFraction(*of) for of in ((1, 1), (4, 5), (99, 100), (79, 100), (9, 10))])
        shares = st.tuples(*[marks | work_fractions()] * 3)
        floors = {(True, "met"): 13, (True, "not_met"): 8, (False, "met"): 13}
        holds(check, days() | days(TURNS[2]), shares, floors=floors, number=300)

    def test_work_with_the_flexi_employer_counts_here(self):
        """The paragraph does not say "other": a fall with the flexi-job employer is a fall."""

        def check(day, own):
            quarter = Quarter.of(day)
            jobs = [job(quarter - back, "4/5") for back in (3, 4, 5)]
            jobs += [job(quarter - back, own, employer="cafe") for back in (4, 5)]
            verdict = found(case(day, jobs), "no-reduction")
            assert verdict == ("not_met" if exact(own) >= Fraction(1, 5) else "met")
            return verdict

        fifth = st.sampled_from([WorkFraction(1, 5), WorkFraction(19, 100), WorkFraction(21, 100)])
        holds(check, days(TURNS[2]), work_fractions() | fifth, floors={"not_met": 10, "met": 3})


def link(employer="cafe", kind="employment", fraction="1", **more):
    """A link in T."""
    return Engagement(employer=employer, kind=kind, fraction=fraction, **more)


def spans():
    """By how many days before the start a contract begins, and after the start it ends; None: it does not end."""
    begins = st.sampled_from((-1, 0, 1, 100, 400)) | st.integers(-120, 800)
    ends = st.none() | st.sampled_from((-1, 0, 1)) | st.integers(-400, 200)
    return st.tuples(begins, ends).filter(lambda span: span[1] is None or span[1] >= -span[0])


def period(day, span):
    """The days of a span around a start."""
    begins, ends = span
    return day - begins * DAY, None if ends is None else day + ends * DAY


class TestOwnEmployer:
    """Law of 16 November 2015, art. 4 § 1, a: no other work with the flexi-job employer in the same quarter."""

    def test_since_2024_any_contract(self):
        """Any contract with the same employer that touches T and began by the start bars, whatever its size."""

        def check(day, kind, fraction, span):
            since, until = period(day, span)
            held = link(kind=kind, fraction=fraction, from_=since, until=until)
            verdict = found(case(day, year(day, "1"), links=(held,)), "own-employer")
            barred = kind != "flexi_job" and since <= day and touches(since, until, Quarter.of(day))
            assert verdict == ("not_met" if barred else "met")
            return verdict

        kinds = st.sampled_from(("employment", "statutory", "student", "occasional", "flexi_job"))
        floors = {"met": 13, "not_met": 20}
        holds(check, days(TURNS[2]), kinds, work_fractions(), spans(), floors=floors, number=300)

    def test_before_2024_four_fifths(self):
        """Before, one contract of four fifths or more bars that runs on some day from the start to the end of T."""

        def check(day, fraction, span):
            since, until = period(day, span)
            held = link(fraction=fraction, from_=since, until=until)
            verdict = found(case(day, year(day, "1"), links=(held,)), "own-employer")
            runs = since <= Quarter.of(day).last_day and (until is None or until >= day)
            assert verdict == ("not_met" if runs and exact(fraction) >= FOUR_FIFTHS else "met")
            return verdict

        floors = {"met": 20, "not_met": 13}
        holds(check, days(BEGIN, TURNS[2] - DAY), work_fractions(), spans(), floors=floors, number=300)

    def test_through_an_agency(self):
        """A contract with the agency does not bar (2026 clarification, and the reading before it)."""

        def check(day, fraction):
            held = link(employer="agency", fraction=fraction, from_=day - timedelta(400))
            given = case(day, year(day, "1"), links=(held,), agency=Agency("agency"))
            assert found(given, "own-employer") == "met"
            return day >= TURNS[3]

        holds(check, days() | days(TURNS[3]), work_fractions(), floors={True: 6, False: 13})


class TestSeverance:
    """Law of 16 November 2015, art. 4 § 1, b: no severance pay of the same employer over a day of the quarter."""

    def test_of_the_same_employer(self):
        """Severance that reaches T bars, and severance of another employer never does."""

        def check(day, beyond, employer):
            quarter = Quarter.of(day)
            until = quarter.first_day + beyond * DAY
            held = link(employer, from_=date(2010, 1, 1), until=date(2010, 6, 30), severance_until=until)
            verdict = found(case(day, year(day, "1"), links=(held,)), "severance")
            assert verdict == ("not_met" if employer == "cafe" and beyond >= 0 else "met")
            return employer, verdict

        beyond = st.sampled_from((-1, 0, 1, 91)) | st.integers(-100, 200)
        floors = {("cafe", "met"): 5, ("cafe", "not_met"): 10, ("bank", "met"): 10}
        holds(check, days(), beyond, st.sampled_from(("cafe", "bank")), floors=floors)


class TestNotice:
    """Law of 16 November 2015, art. 4 § 1, c: no notice running with the same employer in the quarter."""

    def test_of_the_same_employer(self):
        """Notice with a day in T bars, though it ended before the start; with another employer it does not."""

        def check(day, first, length, employer):
            quarter = Quarter.of(day)
            begins = quarter.first_day + first * DAY
            ends = begins + length * DAY
            held = link(employer, from_=date(2010, 1, 1), until=ends, notice_from=begins, notice_until=ends)
            verdict = found(case(day, year(day, "1"), links=(held,)), "notice")
            assert verdict == ("not_met" if employer == "cafe" and touches(begins, ends, quarter) else "met")
            return employer, verdict

        first = st.sampled_from((-2, -1, 0, 89, 92)) | st.integers(-200, 120)
        length = st.sampled_from((0, 1)) | st.integers(0, 200)
        floors = {("cafe", "met"): 5, ("cafe", "not_met"): 10, ("bank", "met"): 10}
        holds(check, days(), first, length, st.sampled_from(("cafe", "bank")), floors=floors)


class TestAgencyUser:
    """Law of 16 November 2015, art. 4 § 1, d: no contract with the user of the agency, since 7 May 2022."""

    def test_a_contract_with_the_user(self):
        """It bars from that day on, of any size, where it touches T and began by the start; without agency never."""

        def check(day, kind, fraction, span, agency):
            since, until = period(day, span)
            held = link(kind=kind, fraction=fraction, from_=since, until=until)
            through = Agency("agency") if agency else None
            verdict = found(case(day, year(day, "1"), links=(held,), agency=through), "agency-user")
            begun = since <= day and touches(since, until, Quarter.of(day))
            barred = agency and day >= TURNS[1] and kind != "flexi_job" and begun
            assert verdict == ("not_met" if barred else "met")
            return agency, verdict

        kinds = st.sampled_from(("employment", "student", "occasional", "flexi_job"))
        floors = {(True, "met"): 13, (True, "not_met"): 6, (False, "met"): 6}
        agency = st.sampled_from((True, True, False))
        holds(check, days() | days(TURNS[1]), kinds, work_fractions(), spans(), agency, floors=floors, number=300)


class TestAffiliated:
    """Law of 16 November 2015, art. 4 § 1, e: no large contract with an affiliated undertaking, since 2024."""

    def test_a_contract_with_an_affiliate(self):
        """Four fifths and more bar where the contract runs on or after the start; full time no more since July 2026."""

        def check(day, fraction, span, affiliated):
            since, until = period(day, span)
            held = link("sister", fraction=fraction, from_=since, until=until, affiliated=affiliated)
            verdict = found(case(day, year(day, "1"), links=(held,)), "affiliated")
            runs = since <= Quarter.of(day).last_day and (until is None or until >= day)
            size = exact(fraction)
            band = size >= FOUR_FIFTHS and (day < TURNS[3] or size < FULL)
            barred = affiliated and day >= TURNS[2] and runs and band
            assert verdict == ("not_met" if barred else "met")
            return day >= TURNS[3], verdict

        marks = st.sampled_from([WorkFraction(*of) for of in ((1, 1), (4, 5), (99, 100), (79, 100))])
        floors = {(True, "met"): 13, (True, "not_met"): 2, (False, "not_met"): 5, (False, "met"): 13}
        affiliated = st.sampled_from((True, True, False))
        when = days(TURNS[2]) | days(TURNS[3]) | days()
        holds(check, when, marks | work_fractions(), spans(), affiliated, floors=floors, number=400)


class TestContract:
    """Law of 16 November 2015, art. 6 to 8: a framework agreement before the first job, but not with an agency."""

    def test_a_framework_agreement(self):
        """Not signed is not met; signed, or still to be signed, is met; with an agency none is needed."""

        def check(day, signed, agency):
            given = case(day, year(day, "1"), agency=Agency("agency") if agency else None)
            given = attrs.evolve(given, formalities=Formalities(framework_agreement=signed))
            verdict = found(given, "framework-agreement")
            assert verdict == ("not_met" if signed is False and not agency else "met")
            return verdict

        flags = st.sampled_from((True, False, None))
        holds(check, days(), flags, st.booleans(), floors={"met": 26, "not_met": 5})


class TestDeclaration:
    """Royal Decree of 5 November 2002, art. 7/1: FLX is filed before the work, at most 31 days before T."""

    def test_when_it_was_filed(self):
        """From 31 days before the first day of T to the start, and neither before nor after."""

        def check(day, filed, steps):
            quarter = Quarter.of(day)
            first = quarter.first_day - timedelta(31)
            on = {"first": first, "start": day}[filed] + steps * DAY
            given = attrs.evolve(
                case(day, year(day, "1")), formalities=Formalities(declaration=Declaration(filed_on=on, result="A"))
            )
            verdict = found(given, "declaration")
            assert verdict == ("met" if first <= on <= day else "not_met")
            return verdict

        steps = st.sampled_from((-1, 0, 1)) | st.integers(-60, 60)
        holds(check, days(), st.sampled_from(("first", "start")), steps, floors={"met": 13, "not_met": 13})

    def test_a_refused_declaration(self):
        """A blocked declaration is not met and says nothing of the person."""

        def check(given):
            blocked = Formalities(declaration=Declaration(filed_on=given.start, result="B"))
            before = evaluate(attrs.evolve(given, formalities=None))
            after = evaluate(attrs.evolve(given, formalities=blocked))
            assert after.finding("declaration").verdict.value == "not_met"
            for one, other in zip(before.findings, after.findings, strict=True):
                if one.condition not in ("declaration", "framework-agreement"):
                    assert one.verdict is other.verdict
            return before.outcome.value

        holds(check, cases(), floors={"eligible": 6, "clarification_required": 6})


class TestDecisions:
    """What holds of every decision, whatever the paragraph."""

    def test_the_lowest_verdict_is_the_outcome(self):
        """One condition that is not met closes the case; one that is not known leaves it open."""
        order = ["not_met", "unknown", "needs_decision", "met"]
        outcomes = ["not_eligible", "undetermined", "clarification_required", "eligible"]

        def check(given):
            decision = evaluate(given)
            lowest = min(order.index(finding.verdict.value) for finding in decision.findings)
            assert decision.outcome.value == outcomes[lowest]
            return decision.outcome.value

        holds(check, cases() | partial_cases(), floors=dict.fromkeys(outcomes, 5), number=400)

    def test_the_reference_quarter(self):
        """T-3 is the third quarter before T: of 2026Q4 it is 2026Q1."""

        def check(quarter):
            given = case(quarter.first_day)
            year_of, number = divmod(quarter.year * 4 + quarter.number - 1 - 3, 4)
            assert str(evaluate(given).reference_quarter) == f"{year_of}Q{number + 1}"
            return quarter.number

        holds(check, quarters(), floors=dict.fromkeys((1, 2, 3, 4), 2))

    def test_more_knowledge_keeps_what_was_settled(self):
        """What is settled with facts open is settled alike when they are known: an answer is no guess."""

        def check(pair):
            whole, part = pair
            settled, known = evaluate(part), evaluate(whole)
            if settled.missing:
                return "open"
            assert settled.outcome is known.outcome
            return settled.outcome.value

        pairs = cases().flatmap(lambda whole: st.tuples(st.just(whole), partial_cases(whole)))
        floors = {"open": 13, "eligible": 3, "not_eligible": 10}
        holds(check, pairs, floors=floors, number=300)
