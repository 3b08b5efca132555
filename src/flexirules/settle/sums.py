"""The sums over jobs of one whole or completed history, exact."""

from collections.abc import Mapping

from flexirules.case import Case
from flexirules.fraction import WorkFraction
from flexirules.law import access
from flexirules.law.ruleset import Era
from flexirules.settle.parties import agency_ids, flexi_id, jobs


def sums(
    case: Case, era: Era, filled: Mapping[str, object], accepted: bool, only: int | None = None
) -> dict[str, object]:
    """The sums over jobs of one completion, exact; of the jobs so many quarters before T-3 only, where that is said."""
    readings, counting = era.readings, era.counting
    flexi, agency = flexi_id(case), agency_ids(case)
    reading = era.tied_work
    tied_counts = bool(filled.get("C14")) if reading == "unknown" else reading == "count"
    t3 = case.quarter.index - 3
    parts: dict[str, list[WorkFraction]] = {name: [] for name in access.WORK_FACTS}
    employers: dict[str, list[list[WorkFraction]]] = {}
    declarers: dict[str, list[list[WorkFraction]]] = {}
    for position, job in enumerate(jobs(case)):
        path = f"$.worker.employments[{position}]"
        quarter = filled.get(f"{path}.quarter") if job.quarter is None else job.quarter.index
        back = t3 - quarter if isinstance(quarter, int) and quarter else -1
        if not 0 <= back <= 2 or (only is not None and back != only):
            continue
        status = job.status or filled[f"{path}.status"]
        if status not in counting or (job.deferred_pay and "deferred_pay" not in counting):
            continue
        if job.scheme == "foreign" and readings["foreign_work"] == "belgian_only":
            continue
        fraction = job.fraction if job.fraction is not None else filled[f"{path}.fraction"]
        assert isinstance(fraction, WorkFraction)
        employer = job.employer or str(filled[f"{path}.employer"])
        name = ("t3", "t4", "t5")[back]
        parts[f"volume_{name}"].append(fraction)
        employers.setdefault(employer, [[], [], []])[back].append(fraction)
        declared = job.scheme == "belgium" and not job.deferred_pay
        if declared:
            parts[f"declared_{name}"].append(fraction)
            declarers.setdefault(employer, [[], [], []])[back].append(fraction)
        tied = employer == flexi or employer in agency
        if back or (tied and case.agency is None):
            continue
        if not tied or tied_counts or (accepted and reading == "unknown"):
            parts["counted_work"].append(fraction)
            if job.scheme == "belgium":
                parts["belgian_work"].append(fraction)
        if declared and (not tied or tied_counts):
            parts["declared_work"].append(fraction)
    facts: dict[str, object] = {name: WorkFraction.total(found) for name, found in parts.items()}
    # Only by one reading is the work with each employer looked at alone.
    facts["same_employer_drop"] = era.by_employer and _same_employer_drop(employers, readings)
    facts["declared_same_drop"] = era.by_employer and _same_employer_drop(declarers, readings)
    return facts


def _same_employer_drop(employers: Mapping[str, list[list[WorkFraction]]], readings: Mapping[str, str]) -> bool:
    """Whether the work with one employer fell from full-time (reading C1 ``same``)."""
    totals = ([WorkFraction.total(part) for part in volumes] for volumes in employers.values())
    return any(_drop(t4, t3, readings) or _drop(t5, t4, readings) for t3, t4, t5 in totals)


def _drop(earlier: WorkFraction, later: WorkFraction, readings: Mapping[str, str]) -> bool:
    """Full-time before and reduced after, with one employer (reading C1 ``same``)."""
    if readings["reduction_band"] == "exact":
        return earlier >= access.FULL_TIME and later == access.FOUR_FIFTHS
    return earlier >= access.FULL_TIME and access.FOUR_FIFTHS <= later < access.FULL_TIME
