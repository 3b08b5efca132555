"""Belgian flexi-jobs: who may do one, in which quarter, on which paragraph, and what to do next."""

from typing import TYPE_CHECKING

from flexirules.approval import Approval, Request
from flexirules.case import (
    Case,
    Declaration,
    Employment,
    Engagement,
    Formalities,
    Pension,
    Worker,
)
from flexirules.errors import FlexirulesError, InvalidInput, WrongType
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, JointCommittee, Nace, Sector

if TYPE_CHECKING:
    from flexirules._evaluate import evaluate
    from flexirules.decision import Decision
    from flexirules.finding import Outcome, Verdict

__all__ = [
    "Agency",
    "Approval",
    "Case",
    "Decision",
    "Declaration",
    "Employer",
    "Employment",
    "Engagement",
    "FlexirulesError",
    "Formalities",
    "Function",
    "InvalidInput",
    "JointCommittee",
    "Nace",
    "Outcome",
    "Pension",
    "Quarter",
    "Request",
    "Sector",
    "Verdict",
    "WorkFraction",
    "Worker",
    "WrongType",
    "evaluate",
]

_LATE = {
    "Decision": "flexirules.decision",
    "Outcome": "flexirules.finding",
    "Verdict": "flexirules.finding",
    "evaluate": "flexirules._evaluate",
}
"""What needs the law, which is not read before someone asks for a decision."""


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(_LATE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
