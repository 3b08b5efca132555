"""The answers of every era, kept in ``answers.txt``: a change of law changes no answer for the days before it.

One line for each day on which the law changed: the sectors, then the situations of persons, a letter each. Where a
change of law is meant to change answers, ``python tests/test_snapshot.py`` prints the new text; the difference to the
old one is then what the changelog has to say.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

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
from flexirules.case import Engagement
from flexirules.law.ruleset import current

KEPT = Path(__file__).parent / "answers.txt"
LETTERS = {"met": "+", "not_met": "-", "unknown": "?", "needs_decision": "!"}
OUTCOMES = {"eligible": "+", "not_eligible": "-", "undetermined": "?", "clarification_required": "!"}
COMMITTEES = sorted({row.jc for row in current().sectors if row.jc not in ("", "*")} | {"999"})
HORECA = Sector(joint_committee="302", public=False)


def case(day, jobs=(), pension=None, sector=HORECA, links=(), letters=(), agency=None):
    """A case on a day, in which all is known."""
    return Case(
        quarter=Quarter.of(day),
        start=day,
        worker=Worker(employments=jobs, pension=pension or Pension(kind="none")),
        employer=Employer("cafe", sector),
        function=Function("ordinary"),
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


def situations(day):
    """One case for each rule on persons, on a day."""
    full, quarter = year(day, "1"), Quarter.of(day)
    letter = (Approval(quarter=quarter, granted=True),)
    retired = {"kind": "retirement", "register": "belgium"}
    return {
        "full time": case(day, full),
        "four fifths": case(day, year(day, "4/5", "4/5", "4/5")),
        "below four fifths": case(day, year(day, "79/100", "79/100", "79/100")),
        "a first drop": case(day, year(day, "4/5")),
        "a second drop": case(day, year(day, "4/5", "4/5")),
        "work abroad": case(day, year(day, "1", scheme="overseas")),
        "work abroad, approved": case(day, year(day, "1", scheme="overseas"), letters=letter),
        "a teacher's summer": case(day, year(day, "1", deferred_pay=True)),
        "a student": case(day, year(day, "1", status="student")),
        "pensioner of old": case(day, pension=Pension(since=quarter.first_day - timedelta(400), **retired)),
        "pensioner since T-1": case(day, pension=Pension(since=quarter.first_day - timedelta(1), **retired)),
        "pensioner since the start": case(day, pension=Pension(since=day, **retired)),
        "pensioner later in T": case(day, pension=Pension(since=quarter.last_day, **retired)),
        "half a contract there": case(day, full, links=link(day, "cafe", "1/2")),
        "four fifths of a contract there": case(day, full, links=link(day, "cafe", "4/5")),
        "severance": case(day, full, links=link(day, "cafe", "1/2", until=day - timedelta(200), severance_until=day)),
        "four fifths with an affiliate": case(day, full, links=link(day, "sister", "4/5", affiliated=True)),
        "full time with an affiliate": case(day, full, links=link(day, "sister", "1", affiliated=True)),
        "half with the user": case(day, full, links=link(day, "cafe", "1/2"), agency=Agency("agency")),
        "through an agency": case(day, full, agency=Agency("agency")),
    }


def sector(committee):
    """A private employer of a committee, with a main activity on no list."""
    return Sector(
        joint_committee=committee, public=False, nace=Nace("00000", "2008"), authority="french", bakery_fund=False
    )


def answers():
    """The whole text."""
    days = [day for day in current().eras if day >= date(2015, 12, 1)]
    lines = ["sectors: " + " ".join(COMMITTEES), "persons: " + ", ".join(situations(days[0]))]
    for day in days:
        decided = [evaluate(case(day, sector=sector(committee))).finding("sector") for committee in COMMITTEES]
        sectors = "".join(LETTERS[finding.verdict.value] for finding in decided)
        persons = "".join(OUTCOMES[evaluate(one).outcome.value] for one in situations(day).values())
        lines.append(f"{day} {sectors} {persons}")
    return "\n".join(lines) + "\n"


def test_every_answer_is_as_it_was():
    """The answers of every era are those that were kept."""
    assert answers().splitlines() == KEPT.read_text(encoding="utf-8").splitlines()


def test_every_verdict_comes_up():
    """The kept answers are worth keeping: each verdict and each outcome is among them."""
    text = "".join(line for line in KEPT.read_text(encoding="utf-8").splitlines()[2:])
    assert set(LETTERS.values()) <= set(text)


if __name__ == "__main__":
    sys.stdout.write(answers())
