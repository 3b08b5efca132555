"""What to do next: the expat's procedure, the formalities, and what a tie or an extension asks."""

from functools import lru_cache

from flexirules.approval import decision_for
from flexirules.decision import CONDITIONS, Action, Decision, Outcome, Verdict

EMPLOYMENT, FRAMEWORK, DECLARATION = map(CONDITIONS.index, ("employment", "framework-agreement", "declaration"))

_action = lru_cache(maxsize=4096)(Action)


def actions_for(decision: Decision) -> tuple[Action, ...]:
    """The actions of a decision, the procedure first, then the formalities."""
    case = decision.case
    start, outcome = case.first_day, decision.outcome
    formalities = case.formalities
    filed = formalities.declaration if formalities is not None else None
    result = filed.result if filed is not None else None
    findings = decision.findings
    reason, declaration = findings[EMPLOYMENT].reason, findings[DECLARATION]
    spoilt = declaration.verdict is Verdict.NOT_MET
    found = _procedure(decision, reason, result, spoilt)
    if declaration.reason == "declaration-blocked":
        found.append(_action("file-correct-declaration"))
    elif declaration.reason == "declared-late":
        found.append(_action("late-stays-flexi"))
    elif spoilt:
        found.append(_action("file-correct-declaration"))
    elif outcome is Outcome.NOT_ELIGIBLE:
        if reason != "approval-refused":
            found.append(_action("declare-otherwise"))
    elif declaration.reason == "declaration-ahead":
        found.append(_action("file-declaration", start))
    elif result in (None, "S"):
        found.append(_action("await-answer"))
    ahead = findings[FRAMEWORK].reason == "framework-agreement-ahead"
    if ahead and outcome is not Outcome.NOT_ELIGIBLE:
        found.append(_action("sign-framework-agreement", start))
    if case.engagements:
        found += _stopping(decision)
    return tuple(found)


def _procedure(decision: Decision, reason: str, result: str | None, spoilt: bool) -> list[Action]:
    """What the expat's procedure asks for."""
    case = decision.case
    start = case.first_day
    found: list[Action] = []
    if reason == "approval-needed" and not spoilt:
        found.append(_action("report-to-oss" if result == "W" else "request-approval", start))
        if result is None:
            found.append(_action("expect-warning"))
    elif reason == "approval-pending":
        found.append(_action("wait-for-decision"))
    elif reason == "approval-other-quarter":
        found.append(_action("reapply", start))
    elif reason == "foreign-pension":
        found.append(_action("prove-foreign-pension", start))
    elif reason == "approval-refused":
        found.append(_action("declare-otherwise"))
    if case.approvals and decision_for(case.quarter, case.approvals) == "granted":
        found += [_action("give-letter-to-employer", start), _action("keep-letter")]
        if result == "W" and decision.dimona.warning_may_be_ignored:
            found.append(_action("do-not-cancel"))
        found.append(_action("reapply-next-quarter"))
    if case.worker is not None and case.worker.employments:
        for job in case.worker.employments:
            if job.scheme == "overseas":
                found.append(_action("oss-extension-ends"))
                break
    return found


def _stopping(decision: Decision) -> list[Action]:
    """An ordinary contract with the same employer that begins inside T ends the flexi-job on that day."""
    case = decision.case
    start, last = case.first_day, case.quarter.last_day
    own = case.employer.id if case.employer is not None else None
    days = [
        link.from_
        for link in case.engagements or ()
        if link.employer == own
        and link.kind not in (None, "flexi_job")
        and link.from_ is not None
        and start < link.from_ <= last
    ]
    return [_action("stop-flexi-on-that-day", day) for day in dict.fromkeys(days)]
