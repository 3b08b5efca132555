"""What cannot be settled as it stands: parties without a name, and more that is open than is filled in."""

from datetime import date
from importlib import import_module

import attrs
import pytest

from flexirules import (
    Agency,
    Approval,
    Case,
    Employer,
    Employment,
    Function,
    Nace,
    Outcome,
    Pension,
    Quarter,
    Sector,
    Worker,
    block,
    evaluate,
)
from flexirules.case import Declaration, Engagement, Formalities
from flexirules.law.ruleset import current

T = Quarter(2025, 3)
# The package offers a function under the name of each of these modules.
WORK, SCOPE, IDENTITIES = (import_module(f"flexirules.settle.{name}") for name in ("work", "scope", "identities"))
HORECA = Sector(joint_committee="302", public=False)
NAMELESS = Employer(None, HORECA)


def case(employer="cafe", **fields):
    """A full-time worker of a bank, who may be asked for anywhere."""
    jobs = [Employment(quarter=T - back, employer="bank", fraction="1", status="employee") for back in (3, 4, 5)]
    given = {
        "quarter": T,
        "worker": Worker(employments=jobs, pension=Pension(kind="none")),
        "employer": Employer(employer, HORECA) if isinstance(employer, str) else employer,
        "function": Function("ordinary"),
        "engagements": (),
        "approvals": (),
    }
    return Case(**(given | fields))


def found(one):
    """The outcome and what is missing."""
    decision = evaluate(one)
    return decision.outcome.value, [fact.path for fact in decision.missing]


class TestUnnamed:
    """An employer or an agency without a name may be any of those that are named."""

    def test_an_employer(self):
        """The flexi-job employer may be the one where the worker worked in T-3."""
        assert found(case(NAMELESS)) == ("undetermined", ["$.employer.id"])

    def test_an_employer_where_it_cannot_matter(self):
        """With nobody else named it can be nobody else."""
        pensioner = Worker(employments=(), pension=Pension(kind="retirement", since=date(2020, 1, 1)))
        assert found(case(NAMELESS, worker=pensioner)) == ("eligible", [])

    def test_no_employer_at_all(self):
        """Where there is no employer, that is the one thing to ask."""
        assert found(case(None)) == ("undetermined", ["$.employer"])

    def test_the_same_verdict_whoever_it_is(self):
        """A pensioner need not have worked elsewhere, whoever the employer is."""
        retired = Pension(kind="retirement", since=date(2020, 1, 1))
        jobs = case().worker.employments
        assert found(case(NAMELESS, worker=Worker(employments=jobs, pension=retired))) == ("eligible", [])

    def test_an_agency(self):
        """The agency may be the one where the worker worked in T-3, which is not settled."""
        assert found(case(agency=Agency())) == ("undetermined", ["$.agency.id"])

    def test_an_agency_is_never_its_own_user(self):
        """Neither named: employer and agency are taken to be two."""
        assert found(case(NAMELESS, agency=Agency()))[1] == ["$.agency.id", "$.employer.id"]

    def test_a_verdict_that_differs_is_open(self):
        """A condition on which the parties differ is unknown, and says why."""
        finding = evaluate(case(NAMELESS)).finding("employment")
        assert (finding.verdict.value, finding.reason) == ("unknown", "party-not-known")


class TestTooMuch:
    """Above a number of completions nothing is filled in, and nothing is guessed."""

    def open_jobs(self):
        """Three jobs of which nothing is known but the quarter."""
        jobs = tuple(Employment(quarter=T - 3, employer=f"mill-{n}") for n in range(3))
        return case(worker=Worker(employments=jobs, pension=Pension(kind="none")))

    def test_work(self, monkeypatch):
        """Of work all that is open is asked for."""
        monkeypatch.setattr(WORK, "MOST_COMPLETIONS", 10)
        outcome, missing = found(self.open_jobs())
        paths = [f"$.worker.employments[{n}].{field}" for n in range(3) for field in ("fraction", "status")]
        assert (outcome, missing) == ("undetermined", paths)

    def test_work_is_enumerated_below_it(self):
        """The same case within the limit is settled as far as it can be."""
        assert evaluate(self.open_jobs()).finding("employment").reason == "work-facts-missing"

    def test_letters(self, monkeypatch):
        """Of letters likewise."""
        letters = tuple(Approval(reference=f"letter {n}") for n in range(4))
        monkeypatch.setattr(WORK, "MOST_COMPLETIONS", 10)
        one = case(worker=Worker(employments=(), pension=Pension(kind="none")), approvals=letters)
        assert evaluate(one).outcome is Outcome.UNDETERMINED

    def test_a_sector(self, monkeypatch):
        """Of a sector likewise."""
        monkeypatch.setattr(SCOPE, "MOST_PLACES", 0)
        fresh = attrs.evolve(current())
        decision = evaluate(case(Employer("cafe", Sector(joint_committee="118"))), law=fresh)
        assert decision.outcome is Outcome.UNDETERMINED


class TestBlocks:
    """How blocks are put together."""

    def test_a_point_that_two_sides_share_keeps_the_lower_outcome(self):
        """One path on both sides: what matters more is kept."""
        side = block.Side(("$.a",), {(0,): 0, (1,): 1})
        both = block.completed_by_sides((), side, side, [(0, 2), (1, 3)], ())
        assert both.matters == (("$.a", 0),)

    def test_two_links(self):
        """A second link that blocks nothing leaves the first as it is."""
        tie = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2025, 1, 1))
        free = Engagement(employer="mill", kind="student", fraction="1/2", from_=date(2025, 1, 1), affiliated=False)
        findings = [evaluate(case(engagements=links)).findings for links in ((tie,), (tie, free))]
        assert findings[0] == findings[1]

    @pytest.mark.parametrize("engagements", [None, ()])
    def test_no_links_are_the_same_for_all(self, engagements):
        """The answer without links is shared."""
        one, other = (evaluate(case(engagements=engagements)) for _ in range(2))
        assert one.findings is other.findings


class TestAnotherRowCanHold:
    """The sector is not settled by a row that asks for another activity while another row can hold (sectors.md, 5)."""

    @pytest.mark.parametrize(
        "sector",
        [
            Sector(joint_committee="140", public=False, nace=Nace("90023", "2008"), authority="french"),
            Sector(joint_committee="143", public=True, nace=Nace("47242", "2025"), authority="german_speaking"),
            Sector(joint_committee="320.01", public=True, nace=Nace("87302", "2025"), authority="german_speaking"),
        ],
        ids=["a parent committee", "a code of 2025 for sea fishing", "a code of 2025 for undertakers"],
    )
    @pytest.mark.parametrize(("activity", "function"), [("artistic", "not_met"), ("ordinary", "met")])
    def test_the_sector_is_not_known(self, sector, activity, function):
        """Whether the activity is excluded everywhere or only not the one that the row asks for."""
        sector = attrs.evolve(sector, bakery_fund=False)
        decision = evaluate(case(employer=Employer("cafe", sector), function=Function(activity)))
        verdicts = [decision.finding(name).verdict.value for name in ("sector", "function")]
        assert verdicts == ["unknown", function]


def unnamed(**fields):
    """What is missing of a case whose employer has no name."""
    return found(case(employer=Employer(None, HORECA), **fields))[1]


class TestMainActivity:
    """A code says which activity it is by the list to which it belongs."""

    @pytest.mark.parametrize(
        ("nace", "missing"),
        [
            (None, ["nace", "nace_version"]),
            (Nace(None, "2008"), ["nace"]),
            (Nace(None, "2025"), ["nace"]),
            (Nace("86101"), ["nace_version"]),
            (Nace("86101", "2008"), []),
        ],
        ids=str,
    )
    def test_of_a_public_employer(self, nace, missing):
        """Where code and list are both not known each is asked for: one code can stand for two activities."""
        sector = Sector(public=True, nace=nace, authority="flemish", bakery_fund=False)
        asked = found(case(employer=Employer("cafe", sector)))[1]
        assert asked == [f"$.employer.sector.{name}" for name in missing]

    @pytest.mark.parametrize(("committee", "decree"), [("144", "RD2024-04-18-144"), ("132", "RD2025-01-31-132")])
    def test_a_committee_that_was_taken_out(self, committee, decree):
        """Long after, the decree that took the committee off the list is what is cited."""
        decision = evaluate(case(employer=Employer("cafe", Sector(joint_committee=committee, public=False))))
        finding = decision.finding("sector")
        assert (finding.verdict.value, decree in finding.provisions) == ("not_met", True)


class TestWhatAnotherBlockHides:
    """A difference shows only above the best that all other conditions can come to."""

    def test_between_two_and_three(self):
        """Where work needs a decision, what would raise another condition from there to met does not matter."""
        work = block.block((block.Ladder(2, "any"),), [2])
        other = block.block((block.Ladder(1, "any"),), [0, 2, 3], (("$.low", 0), ("$.high", 2)))
        assert block.missing((work, other)) == ("$.low",)

    def test_an_agency_that_is_not_known(self):
        """An employer of committee 322 without an agency stays open beside work that needs a decision."""
        sector = Sector(joint_committee="322", public=False)
        abroad = Employment(quarter=T - 3, employer="bank", fraction="1", status="employee", scheme="overseas")
        worker = Worker(employments=(abroad,), pension=Pension(kind="none"))
        asked = case(employer=Employer("cafe", sector), worker=worker)
        assert found(asked) == ("undetermined", ["$.agency"])


class TestOneQuestionOfLaw:
    """A point of law that two links hang on is decided for both alike."""

    def test_what_the_other_link_decides_is_not_asked(self):
        """Statutory service with an affiliate bars or does not: where the first bars, the second cannot matter."""
        known = Engagement(employer="sister", kind="statutory", fraction="4/5", from_=date(2020, 1, 1), affiliated=True)
        opened = attrs.evolve(known, employer="mill", affiliated=None)
        assert found(case(engagements=(known, opened))) == ("undetermined", [])
        assert found(case(engagements=(opened,))) == ("undetermined", ["$.engagements[0].affiliated"])

    def test_two_that_are_open(self):
        """Of two links of which nobody knows whether they are with an affiliate each can matter."""
        opened = Engagement(employer="mill", kind="statutory", fraction="4/5", from_=date(2020, 1, 1))
        other = attrs.evolve(opened, employer="bank")
        paths = [f"$.engagements[{n}].affiliated" for n in (0, 1)]
        assert found(case(engagements=(opened, other))) == ("undetermined", paths)

    def test_a_link_that_does_not_hang_on_it(self):
        """A third link that bars closes the case, and one that is open is asked for besides."""
        known = Engagement(employer="sister", kind="statutory", fraction="4/5", from_=date(2020, 1, 1), affiliated=True)
        pair = (known, attrs.evolve(known, employer="mill", affiliated=None))
        barring = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2025, 1, 1))
        assert found(case(engagements=(*pair, barring))) == ("not_eligible", [])
        undated = attrs.evolve(barring, from_=None)
        assert found(case(engagements=(*pair, undated))) == ("undetermined", ["$.engagements[2].from"])


class TestAnotherName:
    """Who the employer is matters where another name alone changes the outcome, whatever else is open."""

    def test_beside_a_job_of_an_employer_without_a_name(self):
        """The job is with the flexi-job employer where either of the two is called like the other."""
        jobs = (Employment(quarter=T - 3, fraction="1", status="employee"),)
        worker = Worker(employments=jobs, pension=Pension(kind="none"))
        assert unnamed(worker=worker) == ["$.employer.id", "$.worker.employments[0].employer"]

    def test_beside_a_link_of_an_employer_without_a_name(self):
        """The contract is with the flexi-job employer or not, by either name."""
        link = Engagement(kind="employment", fraction="1", from_=T.first_day, affiliated=False)
        assert {"$.employer.id", "$.engagements[0].employer"} <= set(unnamed(engagements=(link,)))

    @pytest.mark.parametrize("of", [{"engagements": None}, {"worker": Worker(pension=Pension(kind="none"))}])
    def test_beside_what_is_not_known_at_all(self, of):
        """Links, or jobs, that are not known may be with anybody."""
        assert "$.employer.id" in unnamed(**of)

    def test_beside_an_open_sector(self):
        """Another open fact does not hide it, though with each name the same outcomes can be reached."""
        given = case(employer=Employer(None, None))
        assert {"$.employer.id", "$.employer.sector"} <= set(found(given)[1])

    def test_the_agency(self):
        """Of an agency without a name it is asked where the work in T-3 may have been with it (C14)."""
        assert "$.agency.id" in found(case(agency=Agency(None)))[1]
        assert found(case(agency=Agency("agency")))[1] == []

    def test_an_agency_with_which_work_counts(self):
        """Work that Dimona accepted counts whoever the agency is, and nothing is known of the worker but that."""
        accepted = Formalities(declaration=Declaration(result="A"))
        nobody = case(agency=Agency(None), worker=None)
        assert "$.agency.id" in found(nobody)[1]
        assert "$.agency.id" not in found(attrs.evolve(nobody, formalities=accepted))[1]

    def test_too_much_to_fill_in(self, monkeypatch):
        """Where there are more completions than are enumerated, it is taken to matter."""
        monkeypatch.setattr(WORK, "MOST_COMPLETIONS", 2)
        jobs = (Employment(quarter=T - 3, employer="bank", status="employee"),)
        assert "$.employer.id" in unnamed(worker=Worker(employments=jobs, pension=Pension(kind="none")))

    @pytest.mark.parametrize("agency", [None, Agency(None)])
    def test_more_names_than_are_looked_at(self, monkeypatch, agency):
        """Where the case names more parties than that, who it is matters, and what hangs on it is not known."""
        monkeypatch.setattr(IDENTITIES, "MOST_IDENTITIES", 1)
        decision = evaluate(case(employer=Employer(None, HORECA), agency=agency))
        names = ["$.employer.id"] if agency is None else ["$.agency.id", "$.employer.id"]
        assert (decision.outcome.value, [fact.path for fact in decision.missing]) == ("undetermined", names)
        assert decision.finding("employment").reason == decision.finding("notice").reason == "party-not-known"

    def test_a_case_that_is_closed_whoever_it_is(self, monkeypatch):
        """Where the sector is closed no name is asked for, however many there are."""
        monkeypatch.setattr(IDENTITIES, "MOST_IDENTITIES", 1)
        closed = Employer(
            None, Sector(joint_committee="999", public=False, nace=Nace("00000", "2008"), authority="french")
        )
        assert found(case(employer=closed)) == ("not_eligible", [])

    def test_a_decision_is_needed_by_each_name(self):
        """Where each name comes to a decision or better, a decision is needed."""
        foreign = Pension(kind="retirement", register="foreign", since=(T - 4).first_day)
        jobs = (Employment(quarter=T - 3, employer="bank", fraction="1", status="employee"),)
        decision = evaluate(case(employer=Employer(None, HORECA), worker=Worker(employments=jobs, pension=foreign)))
        assert decision.finding("employment").verdict.value == "needs_decision"
