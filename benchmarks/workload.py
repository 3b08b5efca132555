"""What the benchmarks measure on: the yardstick's random cases, and the same situations as cases of the library.

The situations keep the yardstick's mix (one to three jobs, pensioners, expats with and without a letter, ties with the
flexi-job employer), so that the work is comparable; the answers are not, since the yardstick's law is invented.
"""

import json
from datetime import date, timedelta

import floor

from flexirules import (
    Approval,
    Case,
    Employment,
    Quarter,
    Sector,
    WorkFraction,
)
from flexirules.case import Engagement, Pension, Worker
from flexirules.sector import Employer, Function

ROWS = floor.make_cases(2000)


def to_case(row):
    """The situation of one row of the yardstick."""
    f = floor.as_dict(row)
    t = Quarter(f["quarter"] // 4, f["quarter"] % 4 + 1)
    start = date.fromordinal(f["on"])
    flexi = f"e{f['flexi']}"
    jobs = []
    for n in "123":
        if f[f"e{n}"]:
            for back, part in ((3, f[f"a{n}"]), (4, f[f"b{n}"]), (5, f[f"b{n}"])):
                abroad = f["overseas"] and back == 3 and part == 0
                jobs.append(
                    Employment(
                        quarter=t - back,
                        employer=f"e{f[f'e{n}']}-{n}" if f[f"e{n}"] != f["flexi"] else flexi,
                        fraction=WorkFraction(1, 1) if abroad else WorkFraction(part, 10_000),
                        status="employee",
                        scheme="overseas" if abroad else "belgium",
                    )
                )
    ties = []
    if f["contract"]:
        ties.append(Engagement(employer=flexi, kind="employment", fraction="1/2", from_=start))
    if f["notice"]:
        ended = start - timedelta(days=1)
        ties.append(Engagement(employer=flexi, kind="employment", until=ended, notice_from=ended, notice_until=start))
    if f["sever"]:
        ties.append(Engagement(employer=flexi, kind="employment", severance_until=start))
    if f["affil"]:
        ties.append(
            Engagement(
                employer="group",
                kind="employment",
                fraction=WorkFraction(f["affil"], 10_000),
                from_=start,
                affiliated=True,
            )
        )
    letters = []
    if f["approval"]:
        letters.append(Approval(quarter=Quarter(f["approval"] // 4, f["approval"] % 4 + 1), granted=True))
    pension = Pension(kind="none")
    if f["pens"]:
        pension = Pension(kind="retirement", since=start - timedelta(days=400 if f["pens2"] else 1))
    return Case(
        quarter=t,
        start=start,
        worker=Worker(employments=tuple(jobs), pension=pension),
        employer=Employer(id=flexi, sector=Sector(joint_committee=f["sector"][2:5])),
        function=Function(activity="ordinary"),
        engagements=tuple(ties),
        approvals=tuple(letters),
        requests=(),
    )


CASES = [to_case(row) for row in ROWS]
LINES = [json.dumps(json.loads(case.to_json())) for case in CASES]


def built():
    """A case with three employments from Python values, validated."""
    return Case(
        quarter=Quarter(2026, 4),
        start=date(2026, 10, 5),
        worker=Worker(
            employments=(
                Employment(
                    quarter=Quarter(2026, 1), employer="museum-a", fraction=WorkFraction(4, 5), status="employee"
                ),
                Employment(
                    quarter=Quarter(2025, 4), employer="museum-a", fraction=WorkFraction(4, 5), status="employee"
                ),
                Employment(
                    quarter=Quarter(2025, 3), employer="museum-a", fraction=WorkFraction(4, 5), status="employee"
                ),
            ),
            pension=Pension(kind="none"),
        ),
        employer=Employer(id="cafe-central", sector=Sector(joint_committee="302")),
        function=Function(activity="ordinary"),
        engagements=(),
        approvals=(),
        requests=(),
    )


def everything(decision):
    """Ask for all that is made when asked for, text excepted."""
    return decision.findings, decision.actions, decision.missing, decision.digest
