"""What is asked of the day and of the papers: the law in force, the legislation, the framework agreement, the FLX."""

from datetime import date
from typing import Final

from flexirules.block import Block, Ladder, settled
from flexirules.case import Case, Formalities
from flexirules.dated import FIRST_DAY
from flexirules.law.formalities import file_from
from flexirules.quarter import Quarter

_IN_FORCE: Final = Ladder(3, "law-in-force", ("L2015-37",))
_NOT_YET: Final = Ladder(0, "before-the-law", ("L2015-37",))
_BELGIAN: Final = Ladder(3, "belgian-legislation", ("EU883-13",))
_ELSEWHERE: Final = Ladder(0, "other-legislation", ("EU883-13",))
_GROUNDS: Final = {
    (begun, belgian): settled(_IN_FORCE if begun else _NOT_YET, _BELGIAN if belgian else _ELSEWHERE)
    for begun in (False, True)
    for belgian in (False, True)
}


def grounds(case: Case, day: date) -> Block:
    """The verdicts of ``in-force`` and ``legislation``."""
    law = case.worker.habitual_legislation if case.worker is not None else "belgian"
    return _GROUNDS[day >= FIRST_DAY, law == "belgian"]


_FRAMEWORKS: Final = {
    "agency": Ladder(3, "agency-contract", ("L2015-7",)),
    False: Ladder(0, "no-framework-agreement", ("L2015-6",)),
    True: Ladder(3, "framework-agreement-signed", ("L2015-6",)),
    None: Ladder(3, "framework-agreement-ahead", ("L2015-6",)),
}
_FLX: Final = ("NSSO-dimona-ok", "NSSO-dimona-31")
_DECLARATIONS: Final = {
    reason: Ladder(rank, reason, _FLX)
    for rank, reason in (
        (3, "declaration-ahead"),
        (0, "declaration-blocked"),
        (3, "filing-day-not-known"),
        (0, "declared-late"),
        (0, "declared-too-early"),
        (3, "declared-in-time"),
    )
}
_FORMALITIES: Final = {
    (agreement, reason): settled(framework, declaration)
    for agreement, framework in _FRAMEWORKS.items()
    for reason, declaration in _DECLARATIONS.items()
}
ALL_AHEAD: Final = _FORMALITIES[None, "declaration-ahead"]


def formalities(case: Case, day: date) -> Block:
    """The verdicts of ``framework-agreement`` and ``declaration``; what lies ahead is not open."""
    papers = case.formalities
    agreement = "agency" if case.agency is not None else papers.framework_agreement if papers is not None else None
    reason = "declaration-ahead" if papers is None else _declared(papers, case.quarter, day)
    return _FORMALITIES[agreement, reason]


def _declared(papers: Formalities, quarter: Quarter, day: date) -> str:
    filed = papers.declaration
    if filed is None or (filed.filed_on is None and filed.result is None and not filed.anomalies):
        return "declaration-ahead"
    if filed.result == "B":
        return "declaration-blocked"
    if filed.filed_on is None:
        return "filing-day-not-known"
    if filed.filed_on > day:
        return "declared-late"
    return "declared-too-early" if filed.filed_on < file_from(quarter) else "declared-in-time"
