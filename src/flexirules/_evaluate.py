"""evaluate(): settle a case and collect the answer."""

from collections.abc import Mapping
from typing import Final

from flexirules._settle import CONDITIONS, DIMONA_T3, file_from, resolved_readings, settle
from flexirules.approval import decision_for
from flexirules.case import Case
from flexirules.dated import HORIZON
from flexirules.decision import OUTCOMES, VERDICTS, Decision, Dimona, Finding, Missing
from flexirules.errors import wrong_type
from flexirules.readings import READINGS, check_readings

_NONE: Final[Mapping[str, str]] = {}


def evaluate(case: Case, *, readings: Mapping[str, str] = _NONE) -> Decision:
    """Decide whether a flexi-job is allowed, on which paragraph, what is missing and what to do next.

    Args:
        case: what is known; what is absent is asked for, never assumed.
        readings: how to read the law where sources disagree; they go before the case's own.

    Returns:
        A decision for ``case.quarter`` alone. A "no" is a result, never an exception.

    Raises:
        WrongType: anything but a ``Case`` itself.
        InvalidInput: a reading that does not exist.

    >>> from flexirules import Case, Quarter, evaluate
    >>> evaluate(Case(quarter=Quarter(2015, 3))).outcome
    <Outcome.NOT_ELIGIBLE: 'not_eligible'>
    """
    if type(case) is not Case:
        raise wrong_type("case", case, "a Case")
    check_readings(tuple(sorted(readings.items())))
    chosen = resolved_readings(case, readings)
    settled = settle(case, chosen)
    findings = []
    for condition in CONDITIONS:
        ladder = settled.verdicts[condition]
        findings.append(
            Finding(
                condition=condition,
                verdict=VERDICTS[ladder.rank],
                reason=ladder.reason,
                decisive=settled.outcome < len(OUTCOMES) - 1 and ladder.rank == settled.outcome,
                provisions=ladder.provisions,
            )
        )
    return Decision(
        case=case,
        outcome=OUTCOMES[settled.outcome],
        findings=tuple(findings),
        missing=tuple(Missing(path, holder(path)) for path in settled.missing),
        dimona=_dimona(case, settled.automatic),
        readings=tuple((name, value) for name, value in sorted(chosen.items()) if value != READINGS[name].default),
        provisional=case.first_day > HORIZON,
    )


def _dimona(case: Case, automatic: frozenset[int]) -> Dimona:
    filed = case.formalities.declaration if case.formalities is not None else None
    ignored = decision_for(case.quarter, case.approvals or ()) == "granted"
    if filed is not None:
        late = filed.filed_on is not None and filed.filed_on > case.first_day
        other = filed.result == "W" and bool(filed.anomalies) and DIMONA_T3 not in (filed.anomalies or ())
        ignored = ignored and not late and not other
    return Dimona(
        expected="ok" if automatic == {3} else "warning" if automatic == {0} else "unknown",
        warning_may_be_ignored=ignored,
        file_from=file_from(case.quarter),
        file_before=case.first_day,
    )


def holder(path: str) -> str:
    """Who holds a fact: the worker, the employer, the OSS or the NSSO."""
    if path.startswith("$.worker"):
        return "worker"
    return "nsso" if path.startswith("$.approvals") else "employer"
