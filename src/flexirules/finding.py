"""Outcome, Verdict and Finding: what may become of a case and of each of its conditions."""

import enum
from typing import Final

import attrs

from flexirules.errors import UndecidedTruth
from flexirules.language import ENGLISH

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


CONFIDENCES: Final = ("law", "official", "several", "one", "inferred", "unknown")
"""How sure we are of a text, from the surest on."""
OUTCOMES: Final = tuple(Outcome)
VERDICTS: Final = tuple(Verdict)


@attrs.frozen(kw_only=True)
class Finding:
    """What one condition came to.

    ``decisive``: the condition alone forces the outcome. ``provisions`` are ids of provisions, ``confidence`` that of
    the weakest text behind it: ``law``, ``official``, ``several`` or ``one`` secondary source, ``inferred`` or
    ``unknown``.
    """

    condition: str
    verdict: Verdict
    reason: str
    decisive: bool
    provisions: tuple[str, ...]
    confidence: str

    @property
    def text(self) -> str:
        """The finding in English, with what it rests on where that is less than an official text."""
        return self.text_in(ENGLISH)

    def text_in(self, language: str) -> str:
        """The same in one of the four languages."""
        from flexirules.texts import confidence_text, reason_text

        sentences = reason_text(self.reason, language), confidence_text(self.confidence, language)
        return " ".join(filter(None, sentences))
