"""Belgian flexi-jobs: who may do one, in which quarter, on which paragraph, and what to do next."""

from flexirules._evaluate import evaluate
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
from flexirules.decision import Decision, Outcome, Verdict
from flexirules.errors import FlexirulesError, InvalidInput, WrongType
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, JointCommittee, Nace, Sector

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
