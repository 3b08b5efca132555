"""Outcome, Verdict, Finding, Action, Missing, Decision: the answer and everything that can be asked about it."""

import enum
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import attrs

from flexirules.approval import decision_for
from flexirules.block import Block, Ladder, missing
from flexirules.case import Case, before
from flexirules.errors import InvalidInput, UndecidedTruth, show
from flexirules.law.formalities import DIMONA_T3, file_from
from flexirules.predicate import MET, NOT_MET
from flexirules.quarter import Quarter

if TYPE_CHECKING:
    from flexirules.law.ruleset import Era

CONDITIONS: Final = (
    "in-force",
    "legislation",
    "sector",
    "function",
    "employment",
    "no-reduction",
    "own-employer",
    "severance",
    "notice",
    "agency-user",
    "affiliated",
    "framework-agreement",
    "declaration",
)
"""In the order of a reader's questions."""


class Outcome(enum.Enum):
    """The four answers; the lowest verdict among the conditions."""

    NOT_ELIGIBLE = "not_eligible"
    UNDETERMINED = "undetermined"
    CLARIFICATION_REQUIRED = "clarification_required"
    ELIGIBLE = "eligible"

    def __bool__(self) -> bool:
        raise UndecidedTruth("E-TRUTH", "", "an outcome has four values: compare it with the one you mean")


class Verdict(enum.Enum):
    """What became of one condition, from the lowest to the highest."""

    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NEEDS_DECISION = "needs_decision"
    MET = "met"

    def __bool__(self) -> bool:
        raise UndecidedTruth("E-TRUTH", "", "a verdict has four values: compare it with the one you mean")


OUTCOMES: Final = tuple(Outcome)
VERDICTS: Final = tuple(Verdict)


@attrs.frozen(kw_only=True)
class Finding:
    """What one condition came to.

    ``decisive``: the condition alone forces the outcome. ``provisions`` are ids of provisions.
    """

    condition: str
    verdict: Verdict
    reason: str
    decisive: bool
    provisions: tuple[str, ...]

    @property
    def text(self) -> str:
        """The finding as an English sentence."""
        from flexirules.texts import reason_text

        return reason_text(self.reason)


@attrs.frozen
class Action:
    """What to do next, and by when."""

    id: str
    by: date | None = None

    @property
    def text(self) -> str:
        """The action as an English sentence."""
        from flexirules.texts import action_text

        return action_text(self.id)


@attrs.frozen
class Missing:
    """A fact that would matter: its JSON path, and who holds it."""

    path: str
    holder: str

    @property
    def question(self) -> str:
        """The question to put, in English."""
        from flexirules.texts import question_text

        return question_text(self.path)


@attrs.frozen(kw_only=True)
class Dimona:
    """The predicted answer to a timely FLX, and the days between which it may be filed."""

    expected: str
    warning_may_be_ignored: bool
    file_from: date
    file_before: date


def _era(era: "Era") -> tuple[object, ...]:
    return id(era.law), era.day, era.chosen


@attrs.frozen(repr=False)
class Decision:
    """The answer to one case; ``evaluate`` makes it. It has no truth of its own: name the outcome you mean.

    What is costly is made when asked for: findings, actions, what is missing, digest, text.
    """

    case: Case
    outcome: Outcome
    _blocks: tuple[Block, ...]
    _era: "Era" = attrs.field(eq=_era)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What each condition came to, in the order of a reader's questions."""
        lowest = OUTCOMES.index(self.outcome)
        ladders = [ladder for block in self._blocks for ladder in block.ladders]
        return tuple(
            _finding(condition, ladder, lowest < MET and ladder.rank == lowest)
            for condition, ladder in zip(CONDITIONS, ladders, strict=True)
        )

    def finding(self, condition: str) -> Finding:
        """The finding of one condition."""
        for finding in self.findings:
            if finding.condition == condition:
                return finding
        raise InvalidInput("E-CONDITION", "condition", f"no such condition {show(condition)}")

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts of which two values would lead to different outcomes, and who holds each."""
        return tuple(Missing(path, _holder(path)) for path in missing(self._blocks))

    @property
    def dimona(self) -> Dimona:
        """The predicted answer to a timely FLX, and the days between which it may be filed."""
        case = self.case
        answers = {answer for block in self._blocks for answer in block.automatic}
        filed = case.formalities.declaration if case.formalities is not None else None
        ignored = decision_for(case.quarter, case.approvals or ()) == "granted"
        if filed is not None:
            late = filed.filed_on is not None and filed.filed_on > case.first_day
            other = filed.result == "W" and bool(filed.anomalies) and DIMONA_T3 not in (filed.anomalies or ())
            ignored = ignored and not late and not other
        return Dimona(
            expected="ok" if answers == {MET} else "warning" if answers == {NOT_MET} else "unknown",
            warning_may_be_ignored=ignored,
            file_from=file_from(case.quarter),
            file_before=case.first_day,
        )

    @property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """The readings that were chosen, other than the defaults."""
        return self._era.chosen

    @property
    def provisional(self) -> bool:
        """Whether the law was read for a day beyond the last one for which someone checked the texts."""
        return self.case.first_day > self._era.law.horizon

    @property
    def quarter(self) -> Quarter:
        """T, the only quarter for which the answer holds."""
        return self.case.quarter

    @property
    def reference_quarter(self) -> Quarter | None:
        """T-3."""
        return before(self.case.quarter, 3)

    @property
    def read_on(self) -> date:
        """The day on which the law was read."""
        return self.case.first_day

    @property
    def actions(self) -> tuple[Action, ...]:
        """What to do next, the most pressing first."""
        from flexirules.actions import actions_for

        return actions_for(self)

    @property
    def consulted(self) -> tuple[str, ...]:
        """The parts of the case that were given and read."""
        case, worker = self.case, self.case.worker
        parts = {
            "$.worker.employments": worker is not None and worker.employments is not None,
            "$.worker.pension": worker is not None and worker.pension is not None,
            "$.employer": case.employer is not None,
            "$.function": case.function is not None,
            "$.agency": case.agency is not None,
            "$.engagements": case.engagements is not None,
            "$.approvals": case.approvals is not None,
            "$.requests": case.requests is not None,
            "$.formalities": case.formalities is not None,
        }
        return tuple(path for path, given in parts.items() if given)

    @property
    def digest(self) -> str:
        """SHA-256 over the ruleset and the canonical text of the case."""
        import hashlib

        text = f"{self._era.law.digest}\n{self.case.to_json()}"
        return hashlib.sha256(text.encode()).hexdigest()

    def to_document(self) -> dict[str, object]:
        """The JSON form as plain values."""
        reference = self.reference_quarter
        return {
            "quarter": str(self.quarter),
            "reference_quarter": None if reference is None else str(reference),
            "outcome": self.outcome.value,
            "conditions": [
                {
                    "id": f.condition,
                    "verdict": f.verdict.value,
                    "reason": f.reason,
                    "decisive": f.decisive,
                    "text": f.text,
                    "provisions": list(f.provisions),
                }
                for f in self.findings
            ],
            "dimona": {
                "expected": self.dimona.expected,
                "warning_may_be_ignored": self.dimona.warning_may_be_ignored,
                "file_from": self.dimona.file_from.isoformat(),
                "file_before": self.dimona.file_before.isoformat(),
            },
            "actions": [
                {"id": a.id, "text": a.text, "by": None if a.by is None else a.by.isoformat()} for a in self.actions
            ],
            "missing": [{"path": m.path, "holder": m.holder, "question": m.question} for m in self.missing],
            "consulted": list(self.consulted),
            "valid_for": str(self.quarter),
            "readings": dict(self.readings),
            "law": {
                "read_on": self.read_on.isoformat(),
                "ruleset": self._era.law.name,
                "digest": self._era.law.digest,
                "provisional": self.provisional,
            },
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """The JSON form, the same bytes for the same case and ruleset."""
        import json

        return json.dumps(self.to_document(), ensure_ascii=False, indent=indent)

    def __bool__(self) -> bool:
        raise UndecidedTruth(
            "E-TRUTH", "", "a decision has four outcomes: compare decision.outcome with the one you mean"
        )

    def __repr__(self) -> str:
        return f"<Decision {self.quarter} {self.outcome.value}>"


@lru_cache(maxsize=4096)
def _finding(condition: str, ladder: Ladder, decisive: bool) -> Finding:
    return Finding(
        condition=condition,
        verdict=VERDICTS[ladder.rank],
        reason=ladder.reason,
        decisive=decisive,
        provisions=ladder.provisions,
    )


def _holder(path: str) -> str:
    """Who holds a fact: the worker, the employer, the OSS or the NSSO."""
    if path.startswith("$.worker"):
        return "worker"
    return "nsso" if path.startswith("$.approvals") else "employer"
