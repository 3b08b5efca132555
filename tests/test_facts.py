"""The facts on which each condition was decided."""

from datetime import date

import attrs
import pytest

from flexirules import (
    Agency,
    Approval,
    Case,
    Declaration,
    Employer,
    Employment,
    Formalities,
    Function,
    InvalidInput,
    Pension,
    Quarter,
    Sector,
    Worker,
    evaluate,
)
from flexirules.case import PENSION_KINDS, Engagement
from flexirules.finding import CONDITIONS
from flexirules.sector import NACE_VERSIONS, Nace

T = Quarter(2025, 3)
BARE = Case(quarter=T)


def job(back=3, fraction="4/5", **fields):
    """One job, so many quarters before T."""
    return Employment(quarter=T - back, fraction=fraction, **({"employer": "bank", "status": "employee"} | fields))


def facts(condition, **fields):
    """The facts of one condition of a case."""
    return evaluate(Case(quarter=T, **fields)).facts(condition)


class TestWork:
    """Sums of work."""

    def test_a_sum_is_exact(self):
        """Two jobs add up without rounding."""
        jobs = (job(fraction="1/3"), job(fraction="1/7", employer="mill"))
        assert facts("employment", worker=Worker(employments=jobs))["counted_work"] == "10/21"

    def test_work_abroad_is_no_belgian_work(self):
        """What counts and what counts without a letter are two sums."""
        found = facts("employment", worker=Worker(employments=(job(scheme="overseas"),)))
        assert (found["belgian_work"], found["counted_work"]) == ("0", "4/5")

    def test_three_quarters(self):
        """The reduction looks at T-3, T-4 and T-5."""
        jobs = (job(3, "4/5"), job(4, "9/10"), job(5, "1"))
        found = facts("no-reduction", worker=Worker(employments=jobs))
        assert found == {"work_t3": "4/5", "work_t4": "9/10", "work_t5": "1"}

    @pytest.mark.parametrize("unknown", [{"quarter": None}, {"employer": None}, {"status": None}, {"fraction": None}])
    def test_no_sum_of_what_is_not_known(self, unknown):
        """Where a part of a job is not known there is no sum."""
        given = {"quarter": T - 3, "employer": "bank", "status": "employee", "fraction": "1"} | unknown
        assert facts("no-reduction", worker=Worker(employments=(Employment(**given),))) == {}

    def test_a_job_of_another_quarter_hides_no_sum(self):
        """What is not known of a quarter that nobody looks at does not matter."""
        jobs = (job(), job(9, None))
        assert facts("employment", worker=Worker(employments=jobs))["belgian_work"] == "4/5"

    @pytest.mark.parametrize("of", [T, Quarter(2025, 1)])
    @pytest.mark.parametrize("back", [6, 2, 1, 0])
    def test_only_three_quarters_are_looked_at(self, of, back):
        """A job of T-6, T-2, T-1 or T of which the fraction is not known hides no sum, whichever quarter T is."""
        known, unknown = (Employment(quarter=of - n, employer="bank", status="employee") for n in (3, back))
        worker = Worker(employments=(attrs.evolve(known, fraction="4/5"), unknown))
        assert evaluate(Case(quarter=of, worker=worker)).facts("employment")["belgian_work"] == "4/5"

    @pytest.mark.parametrize("back", [3, 4, 5])
    def test_each_of_three_quarters_is_looked_at(self, back):
        """A job of T-3, T-4 or T-5 of which the fraction is not known leaves no sum."""
        jobs = (job(3, "1"), job(back, None, employer="mill"))
        assert facts("no-reduction", worker=Worker(employments=jobs)) == {}

    def test_work_of_which_it_is_not_settled_whether_it_counts(self):
        """Work in T-3 with the agency that now employs is in no sum: whether it counts is not settled (C14)."""
        found = facts("employment", agency=Agency("agency"), worker=Worker(employments=(job(employer="agency"),)))
        assert (found["belgian_work"], found["counted_work"]) == ("0", "0")


class TestOthers:
    """The other facts."""

    def test_sector(self):
        """What is known of the sector."""
        sector = Sector(joint_committee="118.03", nace="10711", bakery_fund=True)
        found = facts("sector", employer=Employer("cafe", sector))
        assert found == {"joint_committee": "118.03", "nace": "10711", "bakery_fund": "true"}

    @pytest.mark.parametrize("version", NACE_VERSIONS)
    def test_the_version_of_a_code(self, version):
        """A code is shown with the version of the list to which it belongs."""
        sector = Sector(nace=Nace("10711", version))
        found = facts("sector", employer=Employer("cafe", sector))
        assert (found["nace"], found["nace_version"]) == ("10711", version)

    def test_function(self):
        """What will be done."""
        assert facts("function", function=Function("artistic")) == {"activity": "artistic"}

    def test_pension_and_letter(self):
        """What opens the other ways."""
        found = facts(
            "employment",
            worker=Worker(pension=Pension(kind="retirement", since=date(2020, 1, 1))),
            approvals=(Approval(quarter=T, granted=False),),
        )
        assert found == {
            "decision": "refused",
            "pension": "retirement",
            "pension_since": "2020-01-01",
            "pension_register": "belgium",
        }

    @pytest.mark.parametrize(
        ("kind", "register"), [(kind, None if kind == "none" else "foreign") for kind in PENSION_KINDS]
    )
    def test_where_a_pension_is_registered(self, kind, register):
        """Every kind of pension is shown with its register, and no pension with none."""
        found = facts("employment", worker=Worker(pension=Pension(kind=kind, register="foreign")))
        assert (found["pension"], found.get("pension_register")) == (kind, register)

    def test_a_link_by_its_path(self):
        """Of the ties it is the links that block, each with its reason."""
        tie = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2025, 1, 1))
        free = Engagement(employer="mill", kind="employment", fraction="1/2", from_=date(2025, 1, 1), affiliated=False)
        found = facts("own-employer", employer=Employer("cafe"), engagements=(free, tie))
        assert found == {"$.engagements[1]": "own-employer-tie"}

    def test_papers(self):
        """What was signed and filed."""
        filed = Declaration(filed_on=date(2025, 6, 30), result="W")
        papers = Formalities(framework_agreement=True, declaration=filed)
        found = [facts(c, formalities=papers) for c in ("framework-agreement", "declaration", "employment")]
        assert found == [
            {"framework_agreement": "true"},
            {"filed_on": "2025-06-30", "result": "W", "start": "2025-07-01"},
            {"dimona_result": "W"},
        ]

    def test_of_nothing_there_is_nothing(self):
        """A bare case shows the day alone."""
        decision = evaluate(BARE)
        assert {c: decision.facts(c) for c in CONDITIONS if decision.facts(c)} == {"in-force": {"start": "2025-07-01"}}

    def test_an_agency(self):
        """With an agency the user is who is looked at."""
        tie = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2025, 1, 1))
        found = facts("agency-user", employer=Employer("cafe"), agency=Agency("agency"), engagements=(tie,))
        assert found == {"$.engagements[0]": "agency-user-tie"}

    def test_the_contract_is_with_an_agency(self):
        """Of the framework agreement it is shown that an agency stands between."""
        assert facts("framework-agreement", agency=Agency("agency")) == {"via_agency": "true"}

    def test_no_such_condition(self):
        """A condition that does not exist is refused."""
        with pytest.raises(InvalidInput) as caught:
            evaluate(BARE).facts("colour")
        assert str(caught.value) == "condition: no such condition 'colour'"
