"""The cell of a case in work, pension and decisions: every number only as far as the law compares it."""

from datetime import date
from typing import Final, NamedTuple

from flexirules.approval import Approval, decision_for
from flexirules.case import Case, Employment
from flexirules.fraction import WorkFraction
from flexirules.law import access
from flexirules.law.access import timing_of
from flexirules.law.ruleset import Era
from flexirules.quarter import Quarter
from flexirules.settle.parties import agency_ids, flexi_id, jobs
from flexirules.settle.sums import sums

OPEN: Final = "open"
"""Stands in a cell for what is not known."""
NO_LETTERS: Final = ("none", False, False)


def cell(case: Case, day: date, era: Era) -> tuple[object, ...] | None:
    """All that the law asks of work, pension and decisions; None where jobs or a letter leave too much open."""
    accepted = case.formalities is not None and accepted_by_dimona(case)
    letters: object
    if not case.approvals:
        letters = OPEN if case.approvals is None else NO_LETTERS
    else:
        letters = _letters(case.approvals, case.quarter)
        if letters is None:
            return None
    asked = bool(case.requests) and any(r.quarter == case.quarter for r in case.requests or ())
    worker = case.worker
    if worker is None:
        return (accepted, letters, asked)
    pension = worker.pension
    drawn: object = OPEN
    if pension is not None:
        since = pension.since
        drawn = (pension.kind, OPEN if since is None else timing_of(since, case.quarter, day), pension.register)
    age: object = None
    if era.age_read:
        age = OPEN if worker.birth_date is None else age_on(day, worker.birth_date)
    if worker.employments is None:
        return (accepted, letters, asked, drawn, age)
    volumes = _volumes(case, worker.employments, era) or _open(case, worker.employments, era)
    return None if volumes is None else (accepted, letters, asked, drawn, age, volumes)


def accepted_by_dimona(case: Case) -> bool:
    """Whether the FLX was accepted without a warning."""
    declaration = case.formalities.declaration if case.formalities is not None else None
    return declaration is not None and declaration.result == "A"


def _letters(approvals: tuple[Approval, ...], quarter: Quarter) -> tuple[str, bool, bool] | None:
    """What the letters for the quarter come to, and whether conflicts and doubts among them can matter."""
    index = quarter.index
    mine = 0
    undated = granted = doubt = False
    for approval in approvals:
        if approval.quarter is None:
            return None
        doubt = doubt or approval.granted is not False
        if approval.quarter.index == index:
            if approval.granted is None:
                return None
            mine += 1
            granted = approval.granted
            undated = undated or approval.issued_on is None
    if mine > 1:
        return None if undated else (decision_for(quarter, approvals), True, doubt)
    return ("granted" if granted else "refused") if mine else "none", len(approvals) > 1, doubt


def _volumes(case: Case, employments: tuple[Employment, ...], era: Era) -> tuple[object, ...] | None:
    """The pieces into which the sums of work fall; None where a job leaves something open.

    Plain jobs count for every sum of their quarter, and are added up as plain integers: most decisions end here.
    """
    t3 = case.quarter.index - 3
    counting = era.counting
    flexi = case.employer.id if case.employer is not None else None
    agency = case.agency.id if case.agency is not None else None
    special: list[tuple[int, Employment, bool]] | None = None
    odd = doubtful = False
    n3 = n4 = n5 = 0
    d3 = d4 = d5 = 1
    for job in employments:
        quarter, status = job.quarter, job.status
        if status is not None and status not in counting:
            # Whatever else is not known of it, it counts for nothing.
            odd = odd or (quarter is not None and quarter.index == t3)
            continue
        if quarter is None:
            return None
        back = t3 - quarter.index
        if not 0 <= back <= 2:
            continue
        fraction, employer = job.fraction, job.employer
        if fraction is None or employer is None or status is None:
            return None
        # Before T-3 it does not matter with whom the work was.
        tied = back == 0 and (employer == flexi or (agency is not None and employer == agency))
        if tied or job.deferred_pay or job.scheme != "belgium":
            doubtful = doubtful or (tied and case.agency is not None and era.tied_work == "unknown")
            if special is None:
                special = []
            special.append((back, job, tied))
            odd = odd or back == 0
            continue
        below = fraction.denominator
        if back == 0:
            if below == d3:
                n3 += fraction.numerator
            else:
                n3 = n3 * below + fraction.numerator * d3
                d3 *= below
        elif back == 1:
            if below == d4:
                n4 += fraction.numerator
            else:
                n4 = n4 * below + fraction.numerator * d4
                d4 *= below
        elif below == d5:
            n5 += fraction.numerator
        else:
            n5 = n5 * below + fraction.numerator * d5
            d5 *= below
    pieces = era.pieces
    p3 = pieces.get((n3, d3)) or era.piece(n3, d3)
    p4 = pieces.get((n4, d4)) or era.piece(n4, d4)
    p5 = pieces.get((n5, d5)) or era.piece(n5, d5)
    found: tuple[object, ...] = (p3, p4, p5)
    if special is not None:
        others, nine = ((n3, d3), (n4, d4), (n5, d5)), (p3, p3, p3, p4, p5, p3, p3, p4, p5)
        counts = case.agency is not None and era.tied_work == "count"
        found = tuple(_with_special(special, others, [*nine], era, counts))
        if doubtful:
            # Whether work with a party to an agency counts is not settled: the sums as they are without it and with it.
            found = (*found, *_with_special(special, others, [*nine], era, tied_counts=True))
    if odd:
        found = (*found, noted(case, era))
    if era.by_employer:
        facts = sums(case, era, {}, accepted=False)
        return (*found, facts["same_employer_drop"], facts["declared_same_drop"])
    return found


FINE: Final = 10**9
"""Sums of work with larger denominators are not compared by the side of a mark alone."""


class Plain(NamedTuple):
    """A history in which at most one thing of one job a quarter is not known, and all other work counts for every sum.

    ``jobs``: those jobs, by T-3, T-4 and T-5, each with its place and the name of what is open. ``totals``: the other
    work of each quarter.
    """

    jobs: tuple[tuple[int, str, Employment] | None, ...]
    totals: tuple[WorkFraction, ...]


def plain(case: Case, employments: tuple[Employment, ...], era: Era) -> Plain | None:
    """What is open in an otherwise plain history; None where more is open, or work is not plain."""
    if era.by_employer:
        return None
    t3 = case.quarter.index - 3
    parties = (flexi_id(case), *agency_ids(case))
    found: list[tuple[int, str, Employment] | None] = [None, None, None]
    known: tuple[list[WorkFraction], ...] = ([], [], [])
    for position, job in enumerate(employments):
        if job.status is not None and job.status not in era.counting:
            continue
        if job.quarter is None:
            return None
        back = t3 - job.quarter.index
        if not 0 <= back <= 2:
            continue
        missing = [name for name in ("fraction", "employer", "status") if getattr(job, name) is None]
        if missing:
            if found[back] is not None or len(missing) > 1:
                return None
            found[back] = (position, missing[0], job)
        else:
            if job.deferred_pay or job.scheme != "belgium" or (back == 0 and job.employer in parties):
                return None
            assert job.fraction is not None
            known[back].append(job.fraction)
    totals = tuple(map(WorkFraction.total, known))
    return Plain(tuple(found), totals) if max(total.denominator for total in totals) <= FINE else None


def _open(case: Case, employments: tuple[Employment, ...], era: Era) -> tuple[object, ...] | None:
    """The cell of a plain history with something open; None for others.

    Of an open size only matters on which side of the marks the other work of its quarter lies; of another open thing
    where that work lies without its job and with it.
    """
    history = plain(case, employments, era)
    if history is None:
        return None
    agency = agency_ids(case)
    parties = (flexi_id(case), *agency)
    key: list[object] = [case.agency is not None, len(agency), noted(case, era)]
    for back, (found, total) in enumerate(zip(history.jobs, history.totals, strict=True)):
        key.append(era.piece(total.numerator, total.denominator))
        if found is None:
            continue
        position, name, job = found
        tied = back == 0 and job.employer in parties
        key += [position, back, name, job.status, job.scheme, job.deferred_pay, tied]
        if job.fraction is not None:
            both = total + job.fraction
            key.append(era.piece(both.numerator, both.denominator))
    return tuple(key)


def noted(case: Case, era: Era) -> frozenset[str]:
    """What a finding on T-3 cites besides: statuses that do not count, deferred pay, work under a foreign scheme."""
    found = set()
    t3 = case.quarter.index - 3
    for job in jobs(case):
        if job.quarter is None or job.quarter.index != t3:
            continue
        if job.status is not None and job.status not in era.counting:
            found.add(job.status)
        elif job.deferred_pay:
            found.add("deferred_pay")
        elif job.scheme == "foreign":
            found.add("foreign")
    return frozenset(found)


def _with_special(
    special: list[tuple[int, Employment, bool]],
    plain: tuple[tuple[int, int], ...],
    pieces: list[int],
    era: Era,
    tied_counts: bool,
) -> list[int]:
    """The pieces of the nine sums of ``WORK_FACTS``: of plain work, moved by jobs that count for some sums only."""
    moved: dict[int, tuple[int, int]] = {}
    for back, job, tied in special:
        scheme, deferred, fraction = job.scheme, job.deferred_pay, job.fraction
        if scheme == "foreign" and not era.foreign_counts:
            continue
        if deferred and "deferred_pay" not in era.counting:
            continue
        assert fraction is not None
        numerator, denominator = fraction.numerator, fraction.denominator
        belgian = scheme == "belgium"
        for slot in SLOTS[back][back == 0 and (tied_counts or not tied)][belgian][belgian and not deferred]:
            n, d = moved.get(slot) or plain[back]
            moved[slot] = n * denominator + numerator * d, d * denominator
    for slot, (n, d) in moved.items():
        pieces[slot] = era.piece(n, d)
    return pieces


def _slots(back: int, counted: bool, belgian: bool, declared: bool) -> tuple[int, ...]:
    """To which of ``WORK_FACTS`` a job so many quarters before T-3 adds."""
    names = [f"volume_t{back + 3}"]
    names += [f"declared_t{back + 3}"] * declared + ["counted_work"] * counted
    names += ["belgian_work"] * (counted and belgian) + ["declared_work"] * (counted and declared)
    return tuple(access.WORK_FACTS.index(name) for name in names)


_NO_YES: Final = (False, True)
SLOTS: Final = [
    [[[_slots(back, counted, belgian, declared) for declared in _NO_YES] for belgian in _NO_YES] for counted in _NO_YES]
    for back in range(3)
]
"""By quarters before T-3, whether it counts in T-3, is Belgian and is declared."""


def age_on(day: date, born: date) -> int:
    """Whole years of age."""
    from dateutil.relativedelta import relativedelta

    return relativedelta(day, born).years
