"""Written decisions of the NSSO, questions to the OSS, and the expat's procedure as a table of states and events."""

from datetime import date
from typing import Final

import attrs

from flexirules._checks import Value, check_day, check_flag, check_quarter, check_text, check_word
from flexirules.errors import IllegalEvent
from flexirules.quarter import Quarter


@attrs.frozen(kw_only=True)
class Approval(Value):
    """A written decision of the NSSO on work in T-3 (goedkeuring, approbation, Genehmigung), for exactly one quarter.

    Args:
        quarter: T, the quarter of the flexi-job for which it was given, never the quarter of the work.
        granted: True an approval, False a refusal; ``None``: not known.
        issued_on: its date. Of two decisions for one quarter the later counts.
        reference: what the letter calls itself.

    >>> Approval(quarter=Quarter(2026, 4), granted=True).covers(Quarter(2027, 1))
    False

    Source: Overseas Social Security, page on flexi-jobs for expats (S10, S14), consulted 2026-11-23.
    """

    quarter: Quarter | None = None
    granted: bool | None = None
    issued_on: date | None = None
    reference: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.quarter is not None:
            check_quarter("quarter", self.quarter)
        if self.granted is not None:
            check_flag("granted", self.granted)
        if self.issued_on is not None:
            check_day("issued_on", self.issued_on)
        if self.reference is not None:
            check_text("reference", self.reference)

    def covers(self, quarter: Quarter) -> bool:
        """Whether the decision is for this very quarter."""
        return self.quarter == quarter


ASKERS: Final = frozenset(("worker", "employer"))


@attrs.frozen(kw_only=True)
class Request(Value):
    """A question put to the OSS for one quarter, by the ``worker`` or the ``employer``. It decides nothing."""

    quarter: Quarter | None = None
    made_on: date | None = None
    by: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.quarter is not None:
            check_quarter("quarter", self.quarter)
        if self.made_on is not None:
            check_day("made_on", self.made_on)
        if self.by is not None:
            check_word("by", self.by, ASKERS)


STATES: Final = (
    "none",
    "warned",
    "accepted",
    "requested",
    "requested-and-warned",
    "granted",
    "granted-and-warned",
    "refused",
    "refused-and-warned",
)
"""Where an expat stands for one quarter. Every quarter begins again at ``none``."""

EVENTS: Final = ("request", "report", "file-warned", "file-accepted", "approve", "refuse")
"""What may happen: a question up front, a report after a warning, the answers of Dimona, the letters of the NSSO."""

TRANSITIONS: Final = {
    ("none", "request"): "requested",
    ("none", "file-warned"): "warned",
    ("none", "file-accepted"): "accepted",
    ("warned", "report"): "requested-and-warned",
    ("requested", "file-warned"): "requested-and-warned",
    ("requested", "approve"): "granted",
    ("requested", "refuse"): "refused",
    ("requested-and-warned", "approve"): "granted-and-warned",
    ("requested-and-warned", "refuse"): "refused-and-warned",
    ("granted", "file-warned"): "granted-and-warned",
    ("refused", "file-warned"): "refused-and-warned",
}
"""The whole procedure (our reading of S4 to S15): nothing starts by itself, no warning is a decision."""


def advance(state: str, event: str) -> str:
    """The state after an event.

    >>> advance("warned", "report")
    'requested-and-warned'

    Raises:
        InvalidInput: no such state or event.
        IllegalEvent: the event cannot happen in this state.
    """
    check_word("state", state, frozenset(STATES))
    check_word("event", event, frozenset(EVENTS))
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        possible = sorted(e for s, e in TRANSITIONS if s == state)
        known = ", ".join(possible) or "nothing more in this quarter"
        raise IllegalEvent("E-EVENT", "event", f"{event} cannot happen in {state}; possible: {known}") from None


def procedure_state(
    quarter: Quarter, approvals: tuple[Approval, ...] | None, requests: tuple[Request, ...] | None, result: str | None
) -> str:
    """The state for one quarter, computed from what is held and known, never stored.

    ``result`` is the answer to the FLX of that quarter (``A``, ``W``, ``B``, ``S`` or None). Of several decisions the
    later counts (C17); where that is not settled the question counts as open, so ``requested``.
    """
    decision = decision_for(quarter, approvals or ())
    if decision in ("granted", "refused"):
        stem = decision
    elif decision == "unsettled" or any(r.quarter == quarter for r in requests or ()):
        stem = "requested"
    else:
        return {"A": "accepted", "W": "warned"}.get(result or "", "none")
    return f"{stem}-and-warned" if result == "W" else stem


def decision_for(quarter: Quarter, approvals: tuple[Approval, ...]) -> str:
    """``none``, ``granted``, ``refused`` or ``unsettled`` for a quarter.

    Of several decisions the one with the later date counts; on one day, or without a date, it is not settled unless
    all that could be the later agree (C17).
    """
    held = [approval for approval in approvals if approval.quarter == quarter]
    if not held:
        return "none"
    latest = max((a.issued_on for a in held if a.issued_on is not None), default=None)
    answers = {a.granted for a in held if a.issued_on is None or a.issued_on == latest}
    if answers == {True}:
        return "granted"
    return "refused" if answers == {False} else "unsettled"
