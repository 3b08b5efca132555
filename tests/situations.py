"""Situations that ask every row of every table of the law, one after the other, on a day and under a law."""

from datetime import timedelta

import attrs

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
    evaluate,
)
from flexirules.case import ENGAGEMENT_KINDS, STATUSES, Engagement
from flexirules.law.ruleset import current
from flexirules.law.scope import lists_of

HORECA = Sector(joint_committee="302", public=False)
ROWS = [row for row in current().sectors if row.effect != "CAP"]
"""Volume limits never decide."""
CODES = sorted({row.nace.ljust(5, "0") for row in current().nace})


def case(day, jobs=(), pension=None, sector=HORECA, links=(), letters=(), agency=None, activity="ordinary", born=None):
    """A case on a day, in which all is known."""
    return Case(
        quarter=Quarter.of(day),
        start=day,
        worker=Worker(employments=jobs, pension=pension or Pension(kind="none"), birth_date=born),
        employer=Employer("cafe", sector),
        function=Function(activity),
        engagements=links,
        approvals=letters,
        agency=agency,
    )


def year(day, third, fourth="1", fifth="1", **fields):
    """Work in T-3, T-4 and T-5."""
    quarter = Quarter.of(day)
    given = {"employer": "bank", "status": "employee"} | fields
    parts = zip((3, 4, 5), (third, fourth, fifth), strict=True)
    return tuple(Employment(quarter=quarter - back, fraction=part, **given) for back, part in parts)


def link(day, employer, fraction, **fields):
    """A running contract."""
    given = {"kind": "employment", "from_": day - timedelta(400)} | fields
    return (Engagement(employer=employer, fraction=fraction, **given),)


def persons(day):
    """One case for each rule on persons."""
    full, quarter = year(day, "1"), Quarter.of(day)
    letter = (Approval(quarter=quarter, granted=True),)
    retired = {"kind": "retirement", "register": "belgium"}
    agency = Agency("agency")
    found = {
        "full time": case(day, full),
        "four fifths": case(day, year(day, "4/5", "4/5", "4/5")),
        "below four fifths": case(day, year(day, "79/100", "79/100", "79/100")),
        "a first drop": case(day, year(day, "4/5")),
        "a second drop": case(day, year(day, "4/5", "4/5")),
        "work abroad": case(day, year(day, "1", scheme="overseas")),
        "work abroad, approved": case(day, year(day, "1", scheme="overseas"), letters=letter),
        "a teacher's summer": case(day, year(day, "1", deferred_pay=True)),
        "pensioner of old": case(day, pension=Pension(since=quarter.first_day - timedelta(400), **retired)),
        "pensioner since T-1": case(day, pension=Pension(since=quarter.first_day - timedelta(1), **retired)),
        "pensioner since the start": case(day, pension=Pension(since=day, **retired)),
        "pensioner later in T": case(day, pension=Pension(since=quarter.last_day, **retired)),
        "severance": case(day, full, links=link(day, "cafe", "1/2", until=day - timedelta(200), severance_until=day)),
        "notice": case(day, full, links=link(day, "cafe", "1/2", until=day, notice_from=day, notice_until=day)),
        "through an agency": case(day, full, agency=agency),
    }
    found |= {f"work as {status}": case(day, year(day, "1", status=status)) for status in STATUSES}
    for kind in ENGAGEMENT_KINDS:
        for size in ("2/5", "4/5", "1"):
            for name, employer, through in (("there", "cafe", None), ("with the user", "cafe", agency)):
                links = link(day, employer, size, kind=kind)
                found[f"{kind} {size} {name}"] = case(day, full, links=links, agency=through)
            links = link(day, "sister", size, kind=kind, affiliated=True)
            found[f"{kind} {size} with an affiliate"] = case(day, full, links=links)
    return found


def by_age(day):
    """A person of 65 and one of 66, for the practice on age."""
    years = (65, 66)
    return {f"aged {age}": case(day, born=day.replace(year=day.year - age)) for age in years}


def employer_of(day, row):
    """An employer that a row of the list of sectors describes, with an activity on its list."""
    committee = f"{row.jc}.99" if row.jc in ("118", "202") else row.jc
    if committee in ("", "*"):
        committee = None if row.public else "302" if row.effect == "DENY" else "999"
    code = next((n.nace.ljust(5, "0") for n in current().nace if n.list == row.nace_list), "00000")
    sector = Sector(
        joint_committee=committee,
        public=bool(row.public),
        nace=Nace(code, "2008"),
        authority=row.authority or "french",
        bakery_fund=row.bakery_fund,
    )
    return case(day, year(day, "1"), sector=sector, activity=row.activity or "ordinary")


def through_agency(day, row):
    """The same employer as the user of an agency."""
    return attrs.evolve(employer_of(day, row), agency=Agency("agency"))


def said(law, day):
    """What the law says of every situation on a day: name, verdicts or outcome, and what they rest on."""
    for row in ROWS:
        for name, one in ((row.id, employer_of(day, row)), (f"{row.id} by an agency", through_agency(day, row))):
            findings = [evaluate(one, law=law).finding(condition) for condition in ("sector", "function")]
            yield name, tuple((f.verdict.value, f.reason, f.provisions) for f in findings)
    for code in CODES:
        yield code, tuple(sorted(lists_of(code, law.on(day))))
    for name, one in persons(day).items():
        decision = evaluate(one, law=law)
        yield name, (decision.outcome.value, tuple((f.reason, f.provisions) for f in decision.findings[4:11]))
    for name, one in by_age(day).items():
        yield name, evaluate(one, law=law, readings={"age_shortcut": "practice"}).outcome.value
