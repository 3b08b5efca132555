"""The named readings: each changes the verdict as persons.md section 7 and sectors.md say."""

from datetime import date

import pytest

from flexirules import Outcome, evaluate
from flexirules.approval import Approval
from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
from flexirules.errors import InvalidInput
from flexirules.quarter import Quarter
from flexirules.readings import READINGS, check_readings
from flexirules.sector import Agency, Employer, Function, Nace, Sector

MET, NOT_MET, UNKNOWN, NEEDS = "met", "not_met", "unknown", "needs_decision"
T = Quarter(2025, 3)
T3, T4, T5 = Quarter(2024, 4), Quarter(2024, 3), Quarter(2024, 2)
NO_PENSION = Pension(kind="none")
HORECA = Sector(joint_committee="302", public=False)


def job(quarter, fraction, employer="bank", **fields):
    """One quarter of work."""
    return Employment(quarter=quarter, employer=employer, fraction=fraction, **({"status": "employee"} | fields))


FULL_YEAR = (job(T3, "1"), job(T4, "1"), job(T5, "1"))
DROP = (job(T3, "4/5"), job(T4, "1"), job(T5, "1"))
GRANTED = Approval(quarter=T, granted=True, issued_on=date(2025, 6, 1))


def make(jobs=FULL_YEAR, pension=NO_PENSION, sector=HORECA, activity="ordinary", born=None, **fields):
    """A case that is eligible but for what is given."""
    given = {
        "quarter": T,
        "worker": Worker(employments=jobs, pension=pension, birth_date=born),
        "employer": Employer(id="flexi", sector=sector),
        "function": Function(activity),
        "engagements": (),
        "approvals": (),
        "requests": (),
    }
    return Case(**(given | fields))


def verdict(case, condition, **readings):
    """The verdict of one condition under readings."""
    return evaluate(case, readings=readings).finding(condition).verdict.value


def under_each(case, condition, name):
    """The verdict under the default (nothing said) and under every value of a reading."""
    said = {value: verdict(case, condition, **{name: value}) for value in READINGS[name].values}
    return {"": verdict(case, condition), **said}


class TestTable:
    """The list of readings itself."""

    def test_names_and_ids(self):
        """Every reading that is offered in the law papers, and no other."""
        assert {r.name: r.id for r in READINGS.values()} == {
            "reduction_employer": "C1",
            "notice_employer": "C2",
            "suspensions": "C3",
            "foreign_work": "C4",
            "pension_and_t3": "C5",
            "agency_as_employer": "C6",
            "age_shortcut": "C7",
            "period_extent": "C10",
            "reduction_pensioner": "C11",
            "approval_and_reduction": "C12",
            "reduction_band": "C13",
            "t3_agency_ties": "C14",
            "public_default": "sectors",
            "carry_over": "sectors",
            "care_nace_330": "sectors",
        }

    @pytest.mark.parametrize("name", READINGS)
    def test_the_default_comes_first(self, name):
        """The default is the first of at least two values."""
        assert (READINGS[name].default, len(set(READINGS[name].values)) >= 2) == (READINGS[name].values[0], True)

    @pytest.mark.parametrize("name", READINGS)
    def test_a_reason_is_given(self, name):
        """Every reading says what is disputed."""
        assert READINGS[name].why

    @pytest.mark.parametrize(
        ("pairs", "path", "says"),
        [
            ((("no_such", "any"),), "readings.no_such", "no such reading"),
            ((("foreign_work", "maybe"),), "readings.foreign_work", "expected one of on_proof, belgian_only"),
            ((("foreign_work", "on_proof"), ("foreign_work", "on_proof")), "readings.foreign_work", "chosen twice"),
        ],
    )
    def test_what_is_refused(self, pairs, path, says):
        """An unknown name, an unknown value and a second choice are refused with their path."""
        with pytest.raises(InvalidInput, match=says) as caught:
            check_readings(pairs)
        assert caught.value.path == path

    def test_every_value_is_accepted(self):
        """Every offered value is accepted alone."""
        assert [check_readings(((n, v),)) for n, r in READINGS.items() for v in r.values if v] == [None] * sum(
            len(r.values) for r in READINGS.values()
        )


class TestChoosing:
    """Who chooses, and what is reported."""

    def test_the_case_may_choose(self):
        """A reading in the case counts."""
        assert verdict(make(DROP, readings={"reduction_band": "exact"}), "no-reduction") == NOT_MET

    def test_the_caller_goes_before_the_case(self):
        """A reading given to ``evaluate`` beats that of the case."""
        drop = (job(T3, "9/10"), job(T4, "1"), job(T5, "1"))
        case = make(drop, readings={"reduction_band": "exact"})
        assert verdict(case, "no-reduction", reduction_band="below_full") == NOT_MET

    def test_an_alternative_is_reported(self):
        """A decision names the readings that are not the default."""
        assert evaluate(make(), readings={"foreign_work": "belgian_only"}).readings == (
            ("foreign_work", "belgian_only"),
        )

    @pytest.mark.parametrize("name", READINGS)
    def test_saying_the_default_changes_nothing(self, name):
        """The default said aloud is the default."""
        case = make(DROP)
        aloud = evaluate(case, readings={name: READINGS[name].default})
        assert aloud == evaluate(case)


class TestReduction:
    """C1, C11, C12 and C13: the rule on reduced work."""

    def test_c1_two_employers(self):
        """From one full-time employer to four fifths with another: blocked by any, free by the same."""
        moved = (job(T3, "4/5", "shop"), job(T4, "1"), job(T5, "1"))
        found = under_each(make(moved), "no-reduction", "reduction_employer")
        assert found == {"": NOT_MET, "any": NOT_MET, "same": MET}

    def test_c1_one_employer(self):
        """A drop with one employer is blocked under both values."""
        found = under_each(make(DROP), "no-reduction", "reduction_employer")
        assert found == {"": NOT_MET, "any": NOT_MET, "same": NOT_MET}

    def test_c1_second_drop_with_one_employer(self):
        """The drop between T-5 and T-4 counts under both values."""
        second = (job(T3, "4/5"), job(T4, "4/5"), job(T5, "1"))
        found = under_each(make(second), "no-reduction", "reduction_employer")
        assert found == {"": NOT_MET, "any": NOT_MET, "same": NOT_MET}

    def test_c1_two_halves_that_become_four_fifths(self):
        """Full-time over two employers and less at one of them: a drop over any, with the same none."""
        jobs = (job(T3, "1/2"), job(T3, "3/10", "shop"), job(T4, "1/2"), job(T4, "1/2", "shop"))
        found = under_each(make(jobs), "no-reduction", "reduction_employer")
        assert found == {"": NOT_MET, "any": NOT_MET, "same": MET}

    @pytest.mark.parametrize("chosen", ["any", "same"])
    @pytest.mark.parametrize(
        ("band", "fraction", "expected"),
        [
            ("below_full", "799999/1000000", MET),
            ("below_full", "4/5", NOT_MET),
            ("below_full", "9/10", NOT_MET),
            ("below_full", "1", MET),
            ("exact", "799999/1000000", MET),
            ("exact", "4/5", NOT_MET),
            ("exact", "9/10", MET),
            ("exact", "1", MET),
        ],
    )
    def test_c13_band(self, band, fraction, expected, chosen):
        """To any volume from four fifths up to full-time, or to exactly four fifths."""
        case = make((job(T3, fraction), job(T4, "1"), job(T5, "1")))
        assert verdict(case, "no-reduction", reduction_band=band, reduction_employer=chosen) == expected

    def test_c13_default(self):
        """The default is every volume below full-time."""
        case = make((job(T3, "9/10"), job(T4, "1"), job(T5, "1")))
        found = under_each(case, "no-reduction", "reduction_band")
        assert found == {"": NOT_MET, "below_full": NOT_MET, "exact": MET}

    def test_c11_pensioner(self):
        """A pensioner is not tested in practice; by the text like anyone."""
        case = make(DROP, Pension(kind="retirement", since=date(2020, 1, 1)))
        found = under_each(case, "no-reduction", "reduction_pensioner")
        assert found == {"": MET, "practice": MET, "text": NOT_MET}

    def test_c11_foreign_pension(self):
        """A foreign pension and a drop: only the NSSO can say; by the text blocked."""
        case = make(DROP, Pension(kind="retirement", since=date(2020, 1, 1), register="foreign"))
        found = under_each(case, "no-reduction", "reduction_pensioner")
        assert found == {"": NEEDS, "practice": NEEDS, "text": NOT_MET}

    def test_c11_pension_not_known(self):
        """A drop and a pension that is not known: unknown; by the text blocked."""
        found = under_each(make(DROP, None), "no-reduction", "reduction_pensioner")
        assert found == {"": UNKNOWN, "practice": UNKNOWN, "text": NOT_MET}

    def test_c11_no_pensioner(self):
        """Who is no pensioner is blocked under both values."""
        found = under_each(make(DROP), "no-reduction", "reduction_pensioner")
        assert found == {"": NOT_MET, "practice": NOT_MET, "text": NOT_MET}

    def test_c12_letter_held(self):
        """An approval for T against a drop: unknown, met by the letter, not met by the facts."""
        found = under_each(make(DROP, approvals=(GRANTED,)), "no-reduction", "approval_and_reduction")
        assert found == {"": UNKNOWN, "unknown": UNKNOWN, "letter": MET, "facts": NOT_MET}

    def test_c12_approvals_absent(self):
        """Whether a letter is held is not known: unknown, and by the facts not met."""
        found = under_each(make(DROP, approvals=None), "no-reduction", "approval_and_reduction")
        assert found == {"": UNKNOWN, "unknown": UNKNOWN, "letter": UNKNOWN, "facts": NOT_MET}

    def test_c12_approvals_absent_are_asked_for(self):
        """Where approvals are absent they are asked for."""
        assert [m.path for m in evaluate(make(DROP, approvals=None)).missing] == ["$.approvals"]

    @pytest.mark.parametrize("approvals", [(), (Approval(quarter=T, granted=False, issued_on=date(2025, 6, 1)),)])
    def test_c12_no_letter(self, approvals):
        """Without a grant for T the drop blocks under every value."""
        found = under_each(make(DROP, approvals=approvals), "no-reduction", "approval_and_reduction")
        assert set(found.values()) == {NOT_MET}

    def test_c12_no_drop(self):
        """Without a drop nothing turns on the letter."""
        found = under_each(make(approvals=(GRANTED,)), "no-reduction", "approval_and_reduction")
        assert set(found.values()) == {MET}


class TestWork:
    """C3, C4, C5, C7 and C14: the four fifths in T-3."""

    def test_c3_acts_before_the_library(self):
        """How suspensions count is for the caller: no verdict turns on it."""
        low = make((job(T3, "3/5"), job(T4, "1"), job(T5, "1")))
        found = under_each(low, "employment", "suspensions")
        assert found == {"": NOT_MET, "closed_list": NOT_MET, "all_unpaid": NOT_MET}

    def test_c4_work_abroad(self):
        """Work under a foreign scheme counts on proof, or not at all."""
        case = make((job(T3, "1", scheme="foreign"),))
        found = under_each(case, "employment", "foreign_work")
        assert found == {"": NEEDS, "on_proof": NEEDS, "belgian_only": NOT_MET}

    def test_c4_overseas_scheme(self):
        """Work insured overseas always counts on a written decision."""
        case = make((job(T3, "1", scheme="overseas"),))
        found = under_each(case, "employment", "foreign_work")
        assert found == {"": NEEDS, "on_proof": NEEDS, "belgian_only": NEEDS}

    def test_c4_belgian_work(self):
        """Belgian work is enough under both values."""
        found = under_each(make(), "employment", "foreign_work")
        assert set(found.values()) == {MET}

    def test_c5_pensioner_without_work(self):
        """A pension alone is enough, or is not."""
        case = make((), Pension(kind="retirement", since=date(2020, 1, 1)))
        found = under_each(case, "employment", "pension_and_t3")
        assert found == {"": MET, "either": MET, "both": NOT_MET}

    def test_c5_pensioner_at_work(self):
        """A pensioner with four fifths is in under both values."""
        case = make(FULL_YEAR, Pension(kind="retirement", since=date(2020, 1, 1)))
        found = under_each(case, "employment", "pension_and_t3")
        assert set(found.values()) == {MET}

    @pytest.mark.parametrize(
        ("quarter", "start", "born", "expected"),
        [
            (Quarter(2017, 4), date(2017, 12, 31), date(1940, 1, 1), NOT_MET),
            (Quarter(2018, 1), date(2018, 1, 1), date(1953, 1, 1), MET),
            (Quarter(2018, 1), date(2018, 1, 1), date(1953, 1, 2), NOT_MET),
            (Quarter(2024, 4), date(2024, 12, 31), date(1959, 12, 31), MET),
            (Quarter(2024, 4), date(2024, 12, 31), date(1960, 1, 1), NOT_MET),
            (Quarter(2025, 1), date(2025, 1, 1), date(1959, 1, 1), MET),
            (Quarter(2025, 1), date(2025, 1, 1), date(1959, 1, 2), NOT_MET),
            (Quarter(2025, 3), date(2025, 9, 30), date(1940, 1, 1), MET),
            (Quarter(2025, 4), date(2025, 10, 1), date(1940, 1, 1), NOT_MET),
        ],
    )
    def test_c7_age(self, quarter, start, born, expected):
        """65, from 2025 66, on the day of the start, for T from 2018Q1 to 2025Q3."""
        case = make((), quarter=quarter, start=start, born=born)
        assert verdict(case, "employment", age_shortcut="practice") == expected

    def test_c7_default(self):
        """Age alone is not enough by default."""
        found = under_each(make((), born=date(1940, 1, 1)), "employment", "age_shortcut")
        assert found == {"": NOT_MET, "off": NOT_MET, "practice": MET}

    def test_c7_age_not_known(self):
        """By practice the date of birth is asked for."""
        decision = evaluate(make(()), readings={"age_shortcut": "practice"})
        assert [m.path for m in decision.missing] == ["$.worker.birth_date"]

    @pytest.mark.parametrize("who", ["agency", "flexi"])
    def test_c14_work_with_agency_or_user(self, who):
        """Work in T-3 with the same agency or the user: unknown, counted, or left out."""
        jobs = (job(T3, "1", who), job(T4, "1", who), job(T5, "1", who))
        found = under_each(make(jobs, agency=Agency("agency")), "employment", "t3_agency_ties")
        assert found == {"": UNKNOWN, "unknown": UNKNOWN, "count": MET, "exclude": NOT_MET}

    def test_c14_not_decisive(self):
        """Where other work is enough nothing turns on it."""
        jobs = (job(T3, "4/5"), job(T3, "1/5", "agency"))
        found = under_each(make(jobs, agency=Agency("agency")), "employment", "t3_agency_ties")
        assert set(found.values()) == {MET}

    def test_c14_is_nobodys_question(self):
        """What the law leaves open is not asked for."""
        assert evaluate(make((job(T3, "1", "agency"),), agency=Agency("agency"))).missing == ()

    def test_c14_without_agency(self):
        """Without an agency work for the flexi employer never counts."""
        found = under_each(make((job(T3, "1", "flexi"),)), "employment", "t3_agency_ties")
        assert set(found.values()) == {NOT_MET}


def link(employer, **fields):
    """A link that ended in 2024 unless fields say otherwise."""
    given = {"kind": "employment", "fraction": "1", "from_": date(2010, 1, 1), "affiliated": False}
    return Engagement(employer=employer, **(given | fields))


ENDED = {"until": date(2024, 12, 31)}
START = date(2025, 8, 15)


class TestTies:
    """C2, C6 and C10: other links in T."""

    def test_c2_with_nobody_known(self):
        """Notice with anybody would block, and the case has no field for it."""
        found = under_each(make(), "notice", "notice_employer")
        assert found == {"": MET, "flexi": MET, "any": UNKNOWN}

    def test_c2_with_another(self):
        """Notice with another employer that is stated blocks under ``any``."""
        notice = link("bank", notice_from=date(2025, 6, 1), notice_until=date(2025, 9, 30))
        found = under_each(make(engagements=(notice,)), "notice", "notice_employer")
        assert found == {"": MET, "flexi": MET, "any": NOT_MET}

    def test_c2_with_the_flexi_employer(self):
        """Notice with the flexi employer blocks under both values."""
        notice = link("flexi", **ENDED, notice_from=date(2025, 6, 1), notice_until=date(2025, 9, 30))
        found = under_each(make(engagements=(notice,)), "notice", "notice_employer")
        assert set(found.values()) == {NOT_MET}

    def test_c6_contract_with_the_agency(self):
        """A contract with the agency does not block, or blocks as with an employer."""
        case = make(engagements=(link("agency"),), agency=Agency("agency"))
        found = under_each(case, "own-employer", "agency_as_employer")
        assert found == {"": MET, "user": MET, "agency": NOT_MET}

    def test_c6_from_july_2026(self):
        """From 1 July 2026 the agency never blocks."""
        case = make(engagements=(link("agency"),), agency=Agency("agency"), quarter=Quarter(2026, 3))
        found = under_each(case, "own-employer", "agency_as_employer")
        assert found == {"": MET, "user": MET, "agency": MET}

    def test_c6_without_agency(self):
        """Without an agency nothing turns on it."""
        found = under_each(make(engagements=(link("flexi"),)), "own-employer", "agency_as_employer")
        assert set(found.values()) == {NOT_MET}

    def test_c10_severance_before_the_start(self):
        """Severance in T that ends before the start blocks the quarter, or only its days."""
        case = make(engagements=(link("flexi", **ENDED, severance_until=date(2025, 8, 14)),), start=START)
        found = under_each(case, "severance", "period_extent")
        assert found == {"": NOT_MET, "quarter": NOT_MET, "days": MET}

    def test_c10_notice_before_the_start(self):
        """Notice in T that ends before the start blocks the quarter, or only its days."""
        notice = link("flexi", **ENDED, notice_from=date(2025, 6, 1), notice_until=date(2025, 8, 14))
        found = under_each(make(engagements=(notice,), start=START), "notice", "period_extent")
        assert found == {"": NOT_MET, "quarter": NOT_MET, "days": MET}

    def test_c10_reaching_the_start(self):
        """What reaches the start blocks under both values."""
        case = make(engagements=(link("flexi", **ENDED, severance_until=START),), start=START)
        found = under_each(case, "severance", "period_extent")
        assert set(found.values()) == {NOT_MET}

    def test_c10_the_published_case(self):
        """Notice in April 2023: 1 June is refused and 1 July allowed."""
        notice = link("flexi", until=date(2023, 4, 30), notice_from=date(2023, 4, 1), notice_until=date(2023, 4, 30))
        seen = [
            verdict(make(engagements=(notice,), quarter=q, start=d), "notice")
            for q, d in ((Quarter(2023, 2), date(2023, 6, 1)), (Quarter(2023, 3), date(2023, 7, 1)))
        ]
        assert seen == [NOT_MET, MET]


class TestSectors:
    """The readings of sectors.md: public employers, exclusions that may go on, the care list in 330."""

    def test_public_default(self):
        """A public employer after July 2026: not settled, or open."""
        case = make(
            sector=Sector(public=True, nace=Nace("84112", "2008"), authority="french"), quarter=Quarter(2026, 3)
        )
        found = under_each(case, "sector", "public_default")
        assert found == {"": UNKNOWN, "unknown": UNKNOWN, "open": MET}

    def test_public_default_before_july_2026(self):
        """Before July 2026 the reading says nothing."""
        case = make(
            sector=Sector(public=True, nace=Nace("84112", "2008"), authority="french"), quarter=Quarter(2026, 2)
        )
        assert set(under_each(case, "sector", "public_default").values()) == {NOT_MET}

    @pytest.mark.parametrize(
        ("committee", "activity"),
        [("132", "ordinary"), ("144", "ordinary"), ("145", "ordinary"), ("320", "ordinary"), ("323", "domestic")],
    )
    def test_carry_over(self, committee, activity):
        """The exclusions of 2024 and 2025 after July 2026: not settled, go on, or ended."""
        case = make(sector=Sector(joint_committee=committee), activity=activity, quarter=Quarter(2026, 3))
        found = under_each(case, "sector", "carry_over")
        assert found == {"": UNKNOWN, "unknown": UNKNOWN, "true": NOT_MET, "false": MET}

    @pytest.mark.parametrize(
        ("committee", "activity"),
        [("145", "parks_and_gardens"), ("320", "funeral_casual"), ("323", "ordinary"), ("302", "ordinary")],
    )
    def test_carry_over_never_reaches_what_stayed(self, committee, activity):
        """What was never excluded is open under every value."""
        case = make(sector=Sector(joint_committee=committee), activity=activity, quarter=Quarter(2026, 3))
        assert set(under_each(case, "sector", "carry_over").values()) == {MET}

    @pytest.mark.parametrize("committee", ["116", "207"])
    def test_carry_over_does_not_settle_agreements(self, committee):
        """116 and 207 were never excluded: no value settles them."""
        case = make(sector=Sector(joint_committee=committee), quarter=Quarter(2026, 3))
        assert set(under_each(case, "sector", "carry_over").values()) == {UNKNOWN}

    @pytest.mark.parametrize(("code", "tested"), [("86101", MET), ("94990", NOT_MET)])
    def test_care_list_in_330(self, code, tested):
        """All of 330 is in, or only the main activities on the care list."""
        case = make(sector=Sector(joint_committee="330", nace=Nace(code, "2008")))
        found = under_each(case, "sector", "care_nace_330")
        assert found == {"": MET, "false": MET, "true": tested}

    def test_care_list_in_330_without_a_code(self):
        """Where the list is tested and the code absent, the code is asked for."""
        decision = evaluate(make(sector=Sector(joint_committee="330")), readings={"care_nace_330": "true"})
        assert "$.employer.sector.nace" in [m.path for m in decision.missing]


def test_accepted_declaration_settles_c14():
    """A Dimona accepted for T-3 counts the work with the agency: the NSSO looked at it."""
    case = make(
        (job(T3, "1", "agency"),),
        agency=Agency("agency"),
        formalities=Formalities(declaration=Declaration(result="A", anomalies=())),
    )
    assert verdict(case, "employment") == MET


@pytest.mark.parametrize(
    "engagements", [(), (Engagement(employer="else", kind="student", fraction=0, from_=T.first_day),)]
)
@pytest.mark.parametrize("through", [None, Agency("agency")])
def test_a_notice_with_anybody_is_never_excluded(engagements, through):
    """By the reading ``any`` no case is eligible: none can show that no notice runs with anybody."""
    case = make(engagements=engagements, agency=through)
    assert evaluate(case, readings={"notice_employer": "any"}).outcome is Outcome.UNDETERMINED


def test_an_age_is_no_way_where_a_pension_is_none():
    """The practice took an age for a pension: by the reading ``both`` neither opens a way without four fifths."""
    case = make(jobs=(), born=date(1950, 1, 1))
    outcomes = [
        evaluate(case, readings={"age_shortcut": "practice", "pension_and_t3": both}).outcome
        for both in ("either", "both")
    ]
    assert outcomes == [Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE]


def test_work_between_four_fifths_and_full_time_is_thought_of():
    """By the reading ``exact`` a history that is not known may have ended between the two, where nothing blocks."""
    case = make(jobs=None)
    decision = evaluate(case, readings={"reduction_band": "exact"})
    assert (decision.outcome, [m.path for m in decision.missing]) == (Outcome.UNDETERMINED, ["$.worker.employments"])
