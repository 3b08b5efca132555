"""What to do next: the expat's procedure, the formalities, and what a tie or an extension asks."""

from flexirules.approval import decision_for
from flexirules.decision import Action, Decision, Outcome, Verdict


def actions_for(decision: Decision) -> tuple[Action, ...]:
    """The actions of a decision, the procedure first, then the formalities."""
    case = decision.case
    start = case.first_day
    reason = decision.finding("employment").reason
    formalities = case.formalities
    filed = formalities.declaration if formalities is not None else None
    result = filed.result if filed is not None else None
    held = decision_for(case.quarter, case.approvals or ())
    found: list[Action] = []
    declaration = decision.finding("declaration")
    spoilt = declaration.verdict is Verdict.NOT_MET
    if reason == "approval-needed" and not spoilt:
        found.append(Action("report-to-oss" if result == "W" else "request-approval", start))
        if result is None:
            found.append(Action("expect-warning"))
    elif reason == "approval-pending":
        found.append(Action("wait-for-decision"))
    elif reason == "approval-other-quarter":
        found.append(Action("reapply", start))
    elif reason == "foreign-pension":
        found.append(Action("prove-foreign-pension", start))
    elif reason == "approval-refused":
        found.append(Action("declare-otherwise"))
    if held == "granted":
        found += [Action("give-letter-to-employer", start), Action("keep-letter")]
        if result == "W" and decision.dimona.warning_may_be_ignored:
            found.append(Action("do-not-cancel"))
        found.append(Action("reapply-next-quarter"))
    jobs = (case.worker.employments if case.worker is not None else None) or ()
    if any(job.scheme == "overseas" for job in jobs):
        found.append(Action("oss-extension-ends"))
    if declaration.reason == "declaration-blocked":
        found.append(Action("file-correct-declaration"))
    elif declaration.reason == "declared-late":
        found.append(Action("late-stays-flexi"))
    elif spoilt:
        found.append(Action("file-correct-declaration"))
    elif decision.outcome is Outcome.NOT_ELIGIBLE:
        found.append(Action("declare-otherwise"))
    elif declaration.reason == "declaration-ahead":
        found.append(Action("file-declaration", decision.dimona.file_before))
    elif result in (None, "S"):
        found.append(Action("await-answer"))
    barred = decision.outcome is Outcome.NOT_ELIGIBLE
    if not barred and decision.finding("framework-agreement").reason == "framework-agreement-ahead":
        found.append(Action("sign-framework-agreement", start))
    last = case.quarter.last_day
    own = case.employer.id if case.employer is not None else None
    for link in case.engagements or ():
        ordinary = link.employer == own and link.kind not in (None, "flexi_job")
        if ordinary and link.from_ is not None and start < link.from_ <= last:
            found.append(Action("stop-flexi-on-that-day", link.from_))
    return tuple(dict.fromkeys(found))
