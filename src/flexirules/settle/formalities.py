"""What is asked of the day and of the papers: the law in force, the legislation, the framework agreement, the FLX."""

from datetime import date
from functools import cache
from typing import Final

from flexirules.block import Block, Ladder, settled
from flexirules.case import Case, Formalities
from flexirules.dated import FIRST_DAY
from flexirules.law.formalities import AGENCY, AHEAD, BARS, LACKING, NOT_DATED, SIGNED, WAYS, filed_in
from flexirules.predicate import MET, NOT_MET, known_in, rank
from flexirules.quarter import Quarter

_AGREEMENTS: Final = {True: SIGNED, False: LACKING, None: AHEAD}


def grounds(case: Case, day: date) -> Block:
    """The verdicts of ``in-force`` and ``legislation``."""
    law = case.worker.habitual_legislation if case.worker is not None else "belgian"
    return _grounds(day >= FIRST_DAY, law == "belgian")


def formalities(case: Case, day: date) -> Block:
    """The verdicts of ``framework-agreement`` and ``declaration``; what lies ahead is not open."""
    papers = case.formalities
    if papers is None:
        return _papers(AGENCY if case.agency is not None else AHEAD, AHEAD, False)
    filing, blocked = _declared(papers, case.quarter, day)
    return _papers(
        AGENCY if case.agency is not None else _AGREEMENTS[papers.framework_agreement], filing, blocked=blocked
    )


def _declared(papers: Formalities, quarter: Quarter, day: date) -> tuple[str, bool]:
    """When it was declared, and whether Dimona blocked it."""
    filed = papers.declaration
    if filed is None or (filed.filed_on is None and filed.result is None and not filed.anomalies):
        return AHEAD, False
    blocked = filed.result == "B"
    return NOT_DATED if filed.filed_on is None else filed_in(filed.filed_on, quarter, day), blocked


@cache
def _grounds(in_force: bool, belgian: bool) -> Block:
    facts: dict[str, object] = {"in_force": in_force, "legislation": "belgian" if belgian else "another"}
    return settled(_ladder("in-force", facts), _ladder("legislation", facts))


@cache
def _papers(agreement: str, filing: str, blocked: bool) -> Block:
    facts: dict[str, object] = {"agreement": agreement, "filing": filing, "blocked": blocked}
    return settled(_ladder("framework-agreement", facts), _ladder("declaration", facts))


def _ladder(condition: str, facts: dict[str, object]) -> Ladder:
    """Met by the first way that holds; not met by the first bar."""
    known = known_in(facts)
    for level, parts in ((MET, WAYS[condition]), (NOT_MET, BARS[condition])):
        for part in parts:
            if rank(part, known, lambda _: None) == MET:
                return Ladder(level, part.reason, part.provisions)
    raise AssertionError(f"nothing is said of {condition} where {facts}")


ALL_AHEAD: Final = _papers(AHEAD, AHEAD, False)
