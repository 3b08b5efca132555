"""On which readings a decision depends: those whose other value would give another settled answer."""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from flexirules.case import Case
from flexirules.finding import Outcome
from flexirules.law import access, scope, turns
from flexirules.law.ruleset import Era, Settled
from flexirules.readings import READINGS
from flexirules.settle import settle
from flexirules.settle.parties import jobs


class Dependence(NamedTuple):
    """A reading in use on which the answer depends, and the conditions whose verdict another value would change."""

    name: str
    value: str
    conditions: tuple[str, ...]


def dependence(case: Case, day: date, settled: Settled) -> tuple[Dependence, ...]:
    """The readings on which the outcome depends, in the order of the law papers."""
    era = settled.era
    found = []
    for name, reading in READINGS.items():
        if not MAY_MATTER[name](case, era):
            continue
        used = era.readings[name]
        changed: dict[str, None] = {}
        for other in reading.values:
            if other == used:
                continue
            chosen = dict(era.chosen) | {name: other}
            off_default = tuple((n, v) for n, v in sorted(chosen.items()) if v != READINGS[n].default)
            answer = settle(case, day, era.law.on(day, off_default))
            if answer.outcome is not settled.outcome and answer.outcome is not Outcome.UNDETERMINED:
                pairs = zip(settled.findings, answer.findings, strict=True)
                changed |= {mine.condition: None for mine, its in pairs if mine.verdict is not its.verdict}
        if changed:
            found.append(Dependence(name, used, tuple(changed)))
    return tuple(found)


def _pensioner(case: Case) -> bool:
    pension = case.worker.pension if case.worker is not None else None
    return pension is None or pension.kind is None or pension.kind in access.PENSIONERS


def _committee(case: Case) -> str | None:
    sector = case.employer.sector if case.employer is not None else None
    return sector.joint_committee.code if sector is not None and sector.joint_committee is not None else None


def _period(case: Case) -> bool:
    return any(link.notice_from or link.notice_until or link.severance_until for link in case.engagements or ())


MAY_MATTER: Final[dict[str, Callable[[Case, Era], bool]]] = {
    "reduction_employer": lambda case, era: (
        turns.REDUCTION in era.turns and len({job.employer for job in jobs(case)}) > 1
    ),
    "notice_employer": lambda case, _: _period(case),
    "suspensions": lambda _case, _era: False,
    "foreign_work": lambda case, _: any(job.scheme == "foreign" for job in jobs(case)),
    "pension_and_t3": lambda case, _: _pensioner(case),
    "agency_as_employer": lambda case, era: case.agency is not None and turns.AGENCY_CLEARED not in era.turns,
    "age_shortcut": lambda case, _: case.worker is not None and case.worker.birth_date is not None,
    "period_extent": lambda case, _: _period(case),
    "reduction_pensioner": lambda case, era: turns.REDUCTION in era.turns and _pensioner(case),
    "approval_and_reduction": lambda case, era: turns.REDUCTION in era.turns and bool(case.approvals),
    "reduction_band": lambda case, era: turns.REDUCTION in era.turns and bool(jobs(case)),
    "t3_agency_ties": lambda case, _: case.agency is not None,
    "public_default": lambda _, era: turns.OPEN_UNLESS_EXCLUDED in era.turns,
    "carry_over": lambda case, era: turns.OPEN_UNLESS_EXCLUDED in era.turns and _top(case) in (None, *scope.CARRY_OVER),
    "care_nace_330": lambda case, _: _top(case) in (None, "330"),
}
"""Where a reading cannot change anything it is not tried: a cheap look at the case, which may say yes too often."""


def _top(case: Case) -> str | None:
    """The joint committee above all."""
    committee = _committee(case)
    return None if committee is None else committee.partition(".")[0]
