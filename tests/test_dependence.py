"""A decision that depends on a reading says so, with the value in use, the default included."""

from datetime import date, timedelta

import oracle_cases
import pytest
from drawn import drawn

from flexirules import (
    Agency,
    Approval,
    Case,
    Employer,
    Employment,
    Function,
    Nace,
    Pension,
    Quarter,
    Sector,
    Worker,
    dependence,
    evaluate,
)
from flexirules.case import Engagement
from flexirules.dependence import MAY_MATTER
from flexirules.readings import READINGS

HORECA = Sector(joint_committee="302", public=False)
OLD = date(2020, 1, 1)


def jobs(day, *parts, **fields):
    """Work in T-3, T-4 and T-5."""
    quarter = Quarter.of(day)
    given = {"employer": "bank", "status": "employee"} | fields
    return tuple(Employment(quarter=quarter - 3 - n, fraction=part, **given) for n, part in enumerate(parts))


def case(day, work, sector=HORECA, pension=None, born=None, **fields):
    """A case on a day in which all is known."""
    given = {
        "quarter": Quarter.of(day),
        "start": day,
        "worker": Worker(employments=work, pension=pension or Pension(kind="none"), birth_date=born),
        "employer": Employer("cafe", sector),
        "function": Function("ordinary"),
        "engagements": (),
        "approvals": (),
    }
    return Case(**(given | fields))


DAY, LATER = date(2025, 8, 4), date(2026, 8, 3)
FULL = jobs(DAY, "1", "1", "1")
RETIRED = Pension(kind="retirement", since=OLD)
AGENCY = Agency("agency")
HALF = {"kind": "employment", "fraction": "1/2", "from_": OLD}
NOTICE = (Engagement(employer="mill", until=DAY, notice_from=OLD, notice_until=DAY, **HALF),)
SEVERANCE = Engagement(employer="cafe", until=OLD, severance_until=date(2025, 7, 1), **HALF)
AT_AGENCY = (Engagement(employer="agency", **HALF),)
NEW_JOB = (*jobs(DAY, "4/5", employer="mill"), *jobs(DAY - timedelta(92), "1", "1"))


def sector(committee, **fields):
    """A private sector with a main activity on no list."""
    given = {"joint_committee": committee, "public": False, "nace": Nace("00000", "2008"), "authority": "french"}
    return Sector(**(given | {"bakery_fund": False} | fields))


DEPENDING = {
    "reduction_employer": case(DAY, NEW_JOB),
    "notice_employer": case(DAY, FULL, engagements=NOTICE),
    "foreign_work": case(DAY, jobs(DAY, "1", scheme="foreign")),
    "pension_and_t3": case(DAY, (), pension=RETIRED),
    "agency_as_employer": case(DAY, FULL, agency=AGENCY, engagements=AT_AGENCY),
    "age_shortcut": case(DAY, (), born=date(1950, 1, 1)),
    "period_extent": case(DAY, FULL, engagements=(SEVERANCE,)),
    "reduction_pensioner": case(DAY, jobs(DAY, "4/5", "1", "1"), pension=RETIRED),
    "approval_and_reduction": case(
        DAY,
        jobs(DAY, "4/5", "1", "1"),
        approvals=(Approval(quarter=Quarter.of(DAY), granted=True),),
    ),
    "reduction_band": case(DAY, jobs(DAY, "9/10", "1", "1")),
    "t3_agency_ties": case(DAY, jobs(DAY, "1", "1", "1", employer="agency"), agency=AGENCY),
    "public_default": case(LATER, jobs(LATER, "1", "1", "1"), Sector(public=True, nace=Nace("84111", "2008"))),
    "carry_over": case(LATER, jobs(LATER, "1", "1", "1"), sector("144")),
    "care_nace_330": case(DAY, FULL, sector("330")),
}
"""For each reading a case whose outcome hangs on it."""

NEIGHBOURS = {
    "reduction_employer": case(DAY, jobs(DAY, "1", "1", "1", employer="mill")),
    "notice_employer": case(DAY, (), engagements=NOTICE),
    "foreign_work": case(DAY, jobs(DAY, "1/2", scheme="foreign")),
    "pension_and_t3": case(DAY, FULL, pension=RETIRED),
    "agency_as_employer": case(DAY, FULL, agency=AGENCY),
    "age_shortcut": case(DAY, (), born=date(1990, 1, 1)),
    "period_extent": case(date(2025, 7, 1), FULL, engagements=(SEVERANCE,)),
    "reduction_pensioner": case(DAY, FULL, pension=RETIRED),
    "approval_and_reduction": case(DAY, FULL, approvals=(Approval(quarter=Quarter.of(DAY), granted=True),)),
    "reduction_band": case(DAY, jobs(DAY, "4/5", "1", "1")),
    "t3_agency_ties": case(DAY, FULL, agency=AGENCY),
    "public_default": case(LATER, jobs(LATER, "1", "1", "1"), HORECA),
    "carry_over": case(LATER, jobs(LATER, "1", "1", "1"), sector("302")),
    "care_nace_330": case(DAY, FULL, sector("302")),
}
"""A case beside it that differs in one thing and does not."""


@pytest.mark.parametrize("name", DEPENDING)
def test_a_default_that_decides_is_named(name):
    """The reading on which the outcome hangs is listed with the value in use."""
    assert dict(evaluate(DEPENDING[name]).readings)[name] == READINGS[name].default


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_default_that_decides_nothing_is_not(name):
    """Where every value gives the same outcome the reading is not listed."""
    assert name not in dict(evaluate(NEIGHBOURS[name]).readings)


@pytest.mark.parametrize("name", DEPENDING)
def test_the_text_names_it(name):
    """Some condition says by which reading it is so."""
    sentence = f"So by the reading {name}={READINGS[name].default}; another reading gives another answer."
    found = evaluate(DEPENDING[name]).to_document()["conditions"]
    assert any(sentence in condition["text"] for condition in found)


def test_every_reading_is_looked_at():
    """A reading that is offered is looked at; only ``suspensions`` acts on what the caller fills in."""
    assert (set(MAY_MATTER), set(READINGS) - set(DEPENDING)) == (set(READINGS), {"suspensions"})


def test_a_reading_that_was_chosen_is_always_listed():
    """What the caller chose is listed, whether it matters or not."""
    assert evaluate(case(DAY, FULL), readings={"carry_over": "true"}).readings == (("carry_over", "true"),)


@pytest.mark.slow
def test_no_dependence_is_overlooked(monkeypatch):
    """The cheap look at a case, before a reading is tried, hides no dependence."""
    cases = list(drawn(oracle_cases.whole_cases(41, 400)))
    quick = [evaluate(one).readings for one in cases]
    monkeypatch.setattr(dependence, "MAY_MATTER", dict.fromkeys(READINGS, lambda _case, _day: True))
    assert [evaluate(one).readings for one in cases] == quick
