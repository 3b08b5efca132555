"""The facts on which each condition was decided, by name, as text: what the answer rests on in this very case."""

from collections.abc import Callable
from datetime import date
from typing import Final

from flexirules.approval import decision_for
from flexirules.case import Case
from flexirules.finding import CONDITIONS
from flexirules.law.ruleset import Era
from flexirules.settle.parties import jobs
from flexirules.settle.sums import sums
from flexirules.settle.ties import verdicts_of_links

Facts = dict[str, str]


def facts_of(case: Case, day: date, era: Era) -> dict[str, Facts]:
    """The facts of every condition, by condition: names and values as the JSON form writes them.

    A sum of work is exact (``work_t3``: all that counts in T-3). Of the ties it is the links concerned, by their path,
    each with its reason. What is not known is left out.
    """
    found: dict[str, Facts] = {condition: {} for condition in CONDITIONS}
    for condition, look in _LOOKED_AT.items():
        found[condition] = {name: _text(value) for name, value in look(case, day).items() if value is not None}
    work = _work(case, era)
    found["employment"] = {name: work[name] for name in ("belgian_work", "counted_work") if name in work} | found[
        "employment"
    ]
    found["no-reduction"] = {f"work_{t}": work[f"volume_{t}"] for t in ("t3", "t4", "t5") if work}
    for position, verdicts in enumerate(verdicts_of_links(case, day, era)):
        for condition, ladder in verdicts.items():
            found[condition][f"$.engagements[{position}]"] = ladder.reason
    return found


def _text(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _work(case: Case, era: Era) -> Facts:
    """The sums of work, where every job of the quarters that count is known."""
    worker, looked_at = case.worker, range(case.quarter.index - 5, case.quarter.index - 2)
    if worker is None or worker.employments is None:
        return {}
    for job in jobs(case):
        if job.quarter is None or (job.quarter.index in looked_at and None in (job.employer, job.status, job.fraction)):
            return {}
    return {name: str(value) for name, value in sums(case, era, {}, accepted=False).items()}


def _sector(case: Case, _: date) -> dict[str, object]:
    sector = case.employer.sector if case.employer is not None else None
    if sector is None:
        return {}
    return {
        "joint_committee": sector.joint_committee,
        "nace": sector.nace.code if sector.nace is not None else None,
        "nace_version": sector.nace.version if sector.nace is not None else None,
        "public": sector.public,
        "authority": sector.authority,
        "bakery_fund": sector.bakery_fund,
    }


def _function(case: Case, _: date) -> dict[str, object]:
    return {"activity": case.function.activity if case.function is not None else None}


def _employment(case: Case, _: date) -> dict[str, object]:
    pension = case.worker.pension if case.worker is not None else None
    declaration = case.formalities.declaration if case.formalities is not None else None
    return {
        "decision": None if case.approvals is None else decision_for(case.quarter, case.approvals),
        "pension": pension.kind if pension is not None else None,
        "pension_since": pension.since if pension is not None else None,
        "pension_register": pension.register if pension is not None and pension.kind != "none" else None,
        "dimona_result": declaration.result if declaration is not None else None,
    }


def _framework(case: Case, _: date) -> dict[str, object]:
    formalities = case.formalities
    signed = formalities.framework_agreement if formalities is not None else None
    return {"framework_agreement": signed, "via_agency": True if case.agency is not None else None}


def _declaration(case: Case, day: date) -> dict[str, object]:
    declaration = case.formalities.declaration if case.formalities is not None else None
    if declaration is None:
        return {}
    return {"filed_on": declaration.filed_on, "result": declaration.result, "start": day}


_LOOKED_AT: Final[dict[str, Callable[[Case, date], dict[str, object]]]] = {
    "in-force": lambda _, day: {"start": day},
    "legislation": lambda case, _: {
        "habitual_legislation": case.worker.habitual_legislation if case.worker is not None else None
    },
    "sector": _sector,
    "function": _function,
    "employment": _employment,
    "framework-agreement": _framework,
    "declaration": _declaration,
}
