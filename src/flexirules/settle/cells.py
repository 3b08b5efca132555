"""The cell of a case in work, pension and decisions: every number only as far as the law compares it."""

from datetime import date
from typing import Final

from flexirules.approval import Approval, decision_for
from flexirules.case import Case, Employment
from flexirules.law import access
from flexirules.law.access import timing_of
from flexirules.law.ruleset import Era
from flexirules.quarter import Quarter
from flexirules.settle.parties import agency_ids, flexi_id
from flexirules.settle.sums import sums

OPEN: Final = "open"
"""Stands in a cell for what is not known."""
NO_LETTERS: Final = ("none", False, False)


def cell(case: Case, day: date, era: Era) -> tuple[object, ...] | None:
    """All that the law asks of work, pension and decisions; None where a job or a letter leaves something open."""
    accepted = case.formalities is not None and accepted_by_dimona(case)
    letters: object = OPEN
    if case.approvals is not None:
        letters = _letters(case.approvals, case.quarter) if case.approvals else NO_LETTERS
        if letters is None:
            return None
    asked = bool(case.requests) and any(r.quarter == case.quarter for r in case.requests or ())
    worker = case.worker
    if worker is None:
        return (accepted, letters, asked)
    pension = worker.pension
    drawn: object = OPEN
    if pension is not None:
        kind, since = pension.kind, pension.since
        if kind is not None and kind not in access.PENSIONERS:
            drawn = None
        else:
            timing = OPEN if since is None else timing_of(since, case.quarter, day)
            drawn = (kind is None, timing, pension.register)
    age: object = None
    if era.age_read:
        age = OPEN if worker.birth_date is None else age_on(day, worker.birth_date)
    if worker.employments is None:
        return (accepted, letters, asked, drawn, age)
    volumes = _volumes(case, worker.employments, era)
    return None if volumes is None else (accepted, letters, asked, drawn, age, volumes)


def accepted_by_dimona(case: Case) -> bool:
    """Whether the FLX was accepted without a warning."""
    declaration = case.formalities.declaration if case.formalities is not None else None
    return declaration is not None and declaration.result == "A"


def _letters(approvals: tuple[Approval, ...], quarter: Quarter) -> tuple[str, bool, bool] | None:
    """What the letters for the quarter come to, and whether conflicts and doubts among them can matter."""
    index = quarter.index
    mine = 0
    for approval in approvals:
        if approval.quarter is None:
            return None
        if approval.quarter.index == index:
            mine += 1
            if approval.granted is None:
                return None
    if mine > 1 and any(a.quarter == quarter and a.issued_on is None for a in approvals):
        return None
    return decision_for(quarter, approvals), len(approvals) > 1, any(a.granted is not False for a in approvals)


def _volumes(case: Case, employments: tuple[Employment, ...], era: Era) -> tuple[object, ...] | None:
    """The pieces into which the sums of work fall; None where a job leaves something open."""
    t3 = case.quarter.index - 3
    counting, via_agency = era.counting, case.agency is not None
    flexi, agency = flexi_id(case), agency_ids(case)
    above, below = [0, 0, 0], [1, 1, 1]
    special: list[tuple[int, Employment, bool]] = []
    self_employed = False
    for job in employments:
        if job.quarter is None:
            return None
        back = t3 - job.quarter.index
        if not 0 <= back <= 2:
            continue
        status, fraction, employer = job.status, job.fraction, job.employer
        if status is None or fraction is None or employer is None:
            return None
        if status not in counting:
            self_employed = self_employed or (status == "self_employed" and back == 0)
            continue
        tied = employer == flexi or employer in agency
        if tied and via_agency and back == 0 and era.tied_work == "unknown":
            return None
        if tied or job.deferred_pay or job.scheme != "belgium":
            special.append((back, job, tied))
        elif fraction.denominator == below[back]:
            above[back] += fraction.numerator
        else:
            above[back] = above[back] * fraction.denominator + fraction.numerator * below[back]
            below[back] *= fraction.denominator
    marks = era.work_marks
    found: tuple[object, ...]
    if not special:
        found = (*[_piece(n, d, marks) for n, d in zip(above, below, strict=True)], self_employed)
    else:
        nine = _with_special(special, list(zip(above, below, strict=True)), era, via_agency)
        found = (*[_piece(n, d, marks) for n, d in nine], self_employed)
    if era.readings["reduction_employer"] != "same":
        return found
    facts = sums(case, era, {}, accepted=False)
    return (*found, facts["same_employer_drop"], facts["declared_same_drop"])


def _with_special(
    special: list[tuple[int, Employment, bool]], plain: list[tuple[int, int]], era: Era, via_agency: bool
) -> list[tuple[int, int]]:
    """The nine sums of ``WORK_FACTS``, from those of plain Belgian jobs and the jobs that count for some only."""
    t3, t4, t5 = plain
    found = [t3, t3, t3, t4, t5, t3, t3, t4, t5]
    for back, job, tied in special:
        if (job.deferred_pay and "deferred_pay" not in era.counting) or (
            job.scheme == "foreign" and era.readings["foreign_work"] == "belgian_only"
        ):
            continue
        declared = job.scheme == "belgium" and not job.deferred_pay
        counted = back == 0 and (not tied or (via_agency and era.tied_work == "count"))
        slots = [VOLUME + back] + [DECLARED + back] * declared
        if counted:
            slots += [COUNTED] + [BELGIAN] * (job.scheme == "belgium") + [DECLARED_WORK] * declared
        assert job.fraction is not None
        numerator, denominator = job.fraction.numerator, job.fraction.denominator
        for slot in slots:
            n, d = found[slot]
            found[slot] = n * denominator + numerator * d, d * denominator
    return found


BELGIAN, COUNTED, VOLUME, DECLARED_WORK, DECLARED = (
    access.WORK_FACTS.index(fact.name)
    for fact in (
        access.belgian_work,
        access.counted_work,
        access.volume_t3,
        access.declared_work,
        access.declared_t3,
    )
)


def _piece(numerator: int, denominator: int, marks: tuple[tuple[int, int], ...]) -> int:
    """On which side of each mark a sum lies: even between two marks, odd on one."""
    for position, (n, d) in enumerate(marks):
        left, right = numerator * d, n * denominator
        if left <= right:
            return 2 * position + (left == right)
    return 2 * len(marks)


def age_on(day: date, born: date) -> int:
    """Whole years of age."""
    from dateutil.relativedelta import relativedelta

    return relativedelta(day, born).years
