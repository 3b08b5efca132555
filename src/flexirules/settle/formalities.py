"""What is asked of the day and of the papers: the law in force, the legislation, the framework agreement, the FLX."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flexirules.block import Block, Ladder, settled
from flexirules.case import Case, Formalities
from flexirules.law import turns
from flexirules.law.formalities import AGENCY, AHEAD, LACKING, NOT_DATED, SIGNED, filed_in
from flexirules.law.ruleset import Era
from flexirules.predicate import MET, NOT_MET, known_in, rank
from flexirules.quarter import Quarter

_AGREEMENTS: Final = {True: SIGNED, False: LACKING, None: AHEAD}


def facts_of_papers(case: Case, day: date, era: Era) -> dict[str, object]:
    """The facts on the day, the legislation and the papers; what lies ahead is a fact too."""
    agreement, filing, blocked = _state(case, day)
    return {
        "in_force": turns.IN_FORCE in era.turns,
        "legislation": "belgian" if case.worker is None else case.worker.habitual_legislation,
        "agreement": agreement,
        "filing": filing,
        "blocked": blocked,
    }


def grounds(case: Case, era: Era) -> Block:
    """The verdicts of ``in-force`` and ``legislation``."""
    belgian = case.worker is None or case.worker.habitual_legislation == "belgian"
    found = era.grounds.get(belgian)
    if found is None:
        facts = {"in_force": turns.IN_FORCE in era.turns, "legislation": "belgian" if belgian else "another"}
        found = settled(_ladder("in-force", facts, era), _ladder("legislation", facts, era))
        era.remember(era.grounds, belgian, found)
    return found


def formalities(case: Case, day: date, era: Era) -> Block:
    """The verdicts of ``framework-agreement`` and ``declaration``; what lies ahead is not open."""
    key = _state(case, day)
    found = era.papers.get(key)
    if found is None:
        facts: dict[str, object] = dict(zip(("agreement", "filing", "blocked"), key, strict=True))
        found = settled(_ladder("framework-agreement", facts, era), _ladder("declaration", facts, era))
        era.remember(era.papers, key, found)
    return found


def _state(case: Case, day: date) -> tuple[str, str, bool]:
    """How it stands with the agreement and the declaration, and whether Dimona blocked it."""
    papers = case.formalities
    signed = papers.framework_agreement if papers is not None else None
    agreement = AGENCY if case.agency is not None else _AGREEMENTS[signed]
    filing, blocked = (AHEAD, False) if papers is None else _declared(papers, case.quarter, day)
    return agreement, filing, blocked


def _declared(papers: Formalities, quarter: Quarter, day: date) -> tuple[str, bool]:
    """When it was declared, and whether Dimona blocked it."""
    filed = papers.declaration
    if filed is None or (filed.filed_on is None and filed.result is None and not filed.anomalies):
        return AHEAD, False
    blocked = filed.result == "B"
    return NOT_DATED if filed.filed_on is None else filed_in(filed.filed_on, quarter, day), blocked


def _ladder(condition: str, facts: Mapping[str, object], era: Era) -> Ladder:
    """Met by the first way that holds; not met by the first bar."""
    known = known_in(facts)
    ways, bars = era.formalities
    for level, parts in ((MET, ways[condition]), (NOT_MET, bars[condition])):
        for part in parts:
            if rank(part, known, lambda _: None) == MET:
                return Ladder(level, part.reason, part.provisions)
    raise AssertionError(f"nothing is said of {condition} where {facts}")
