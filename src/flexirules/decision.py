"""Outcome, Verdict, Finding, Action, Missing, Decision: the answer and everything that can be asked about it."""

from datetime import date
from typing import TYPE_CHECKING

import attrs

from flexirules.approval import decision_for
from flexirules.case import Case, before
from flexirules.dated import Provision
from flexirules.document import canonical_digest
from flexirules.errors import InvalidInput, UndecidedTruth, show
from flexirules.finding import CONDITIONS, OUTCOMES, VERDICTS, Finding, Outcome, Verdict
from flexirules.language import ENGLISH
from flexirules.law.formalities import DIMONA_T3, file_from
from flexirules.law.ruleset import Ruleset, Settled
from flexirules.quarter import Quarter

if TYPE_CHECKING:
    from flexirules.dependence import Dependence
    from flexirules.explain import Why, WhyNot
    from flexirules.receipts import Receipt

__all__ = [
    "CONDITIONS",
    "OUTCOMES",
    "VERDICTS",
    "Action",
    "Decision",
    "Dimona",
    "Finding",
    "Missing",
    "Outcome",
    "Verdict",
]


@attrs.frozen
class Action:
    """What to do next, and by when."""

    id: str
    by: date | None = None

    @property
    def text(self) -> str:
        """The action as an English sentence."""
        return self.text_in(ENGLISH)

    def text_in(self, language: str) -> str:
        """The same in one of the four languages."""
        from flexirules.texts import action_text

        return action_text(self.id, language)


@attrs.frozen
class Missing:
    """A fact that would matter: its JSON path, and who holds it."""

    path: str
    holder: str

    @property
    def question(self) -> str:
        """The question to put, in English."""
        return self.question_in(ENGLISH)

    def question_in(self, language: str) -> str:
        """The same in one of the four languages."""
        from flexirules.texts import question_text

        return question_text(self.path, language)


@attrs.frozen(kw_only=True)
class Dimona:
    """The predicted answer to a timely FLX, and the days between which it may be filed."""

    expected: str
    warning_may_be_ignored: bool
    file_from: date
    file_before: date


def warned_otherwise(case: Case) -> bool:
    """Whether the FLX was filed late, or warned of something else than T-3: no letter lets that be ignored."""
    filed = case.formalities.declaration if case.formalities is not None else None
    if filed is None:
        return False
    late = filed.filed_on is not None and filed.filed_on > case.first_day
    return late or (filed.result == "W" and bool(filed.anomalies) and DIMONA_T3 not in (filed.anomalies or ()))


def _signature(settled: Settled) -> tuple[object, ...]:
    return settled.signature


@attrs.frozen(repr=False)
class Decision:
    """The answer to one case; ``evaluate`` makes it. It has no truth of its own: name the outcome you mean.

    What is costly is made when asked for: findings, actions, what is missing, digest, text.
    """

    case: Case
    _settled: Settled = attrs.field(eq=_signature)

    @property
    def outcome(self) -> Outcome:
        """The lowest verdict among the conditions, or the one answer to which every completion comes."""
        return self._settled.outcome

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What each condition came to, in the order of a reader's questions."""
        return self._settled.findings

    def finding(self, condition: str) -> Finding:
        """The finding of one condition."""
        if condition not in CONDITIONS:
            raise InvalidInput("E-CONDITION", "condition", f"no such condition {show(condition)}")
        return self._settled.findings[CONDITIONS.index(condition)]

    def cited(self, condition: str) -> tuple[Provision, ...]:
        """The provisions that a finding cites, each in the version by which it was decided."""
        law = self._settled.era.law
        return tuple(law.provision(name, self.read_on) for name in self.finding(condition).provisions)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts of which two values would lead to different outcomes, and who holds each."""
        return tuple(Missing(path, _holder(path)) for path in self._settled.missing)

    @property
    def dimona(self) -> Dimona:
        """The predicted answer to a timely FLX, and the days between which it may be filed."""
        case = self.case
        ignored = decision_for(case.quarter, case.approvals or ()) == "granted" and not warned_otherwise(case)
        return Dimona(
            expected=self._settled.expected,
            warning_may_be_ignored=ignored,
            file_from=file_from(case.quarter),
            file_before=case.first_day,
        )

    @property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """The readings in use that were chosen, or on which the outcome depends: another value would give another."""
        found = dict(self._settled.era.chosen) | {name: value for name, value, _ in self._dependence()}
        return tuple(sorted(found.items()))

    def _dependence(self) -> "tuple[Dependence, ...]":
        from flexirules.dependence import dependence

        return dependence(self.case, self.read_on, self._settled)

    def texts(self, *, language: str = ENGLISH) -> tuple[str, ...]:
        """Of each finding its text, with a sentence for each reading on which its verdict and the outcome depend."""
        return self._texts(self._dependence(), language)

    def _texts(self, depends: "tuple[Dependence, ...]", language: str) -> tuple[str, ...]:
        return tuple(
            " ".join((f.text_in(language), *_by_readings(f.condition, depends, language))) for f in self.findings
        )

    def facts(self, condition: str) -> dict[str, str]:
        """The facts on which a condition was decided: names and values as in the JSON form, sums exact.

        >>> from flexirules import Case, Employment, Quarter, Worker, evaluate
        >>> job = Employment(quarter=Quarter(2026, 1), employer="acme", fraction="4/5", status="employee")
        >>> evaluate(Case(quarter=Quarter(2026, 4), worker=Worker(employments=(job,)))).facts("no-reduction")
        {'work_t3': '4/5', 'work_t4': '0', 'work_t5': '0'}
        """
        return self._facts()[self.finding(condition).condition]

    def _facts(self) -> dict[str, dict[str, str]]:
        from flexirules.facts import facts_of

        return facts_of(self.case, self.read_on, self._settled.era)

    def why(self) -> "Why":
        """The smallest sets of facts each of which forces the outcome, as a tree without prose.

        >>> from flexirules import Case, Quarter, Worker, evaluate
        >>> decision = evaluate(Case(quarter=Quarter(2026, 4), worker=Worker(habitual_legislation="dutch")))
        >>> [[(ground.fact, ground.found, ground.required) for ground in grounds] for grounds in decision.why().sets()]
        [[('legislation', 'dutch', ('other',))]]
        """
        from flexirules.explain import why

        return why(self.case, self._settled)

    def what_would_change(self) -> "WhyNot":
        """The smallest changes that lead to another outcome, and what somebody can still do for each.

        >>> from flexirules import Case, Quarter, Worker, evaluate
        >>> decision = evaluate(Case(quarter=Quarter(2026, 4), worker=Worker(habitual_legislation="dutch")))
        >>> [[way.changes[0].to for way in ways] for ways in decision.what_would_change().sets()]
        [[('belgian',)]]
        """
        from flexirules.explain import what_would_change

        return what_would_change(self.case, self._settled)

    def receipt(self, *, salt: bytes) -> "Receipt":
        """A receipt with every fact shown: keep it, and hand on what its ``only_what_decided`` gives.

        Args:
            salt: at least 16 secret random bytes, such as ``secrets.token_bytes(16)``; the library makes none itself,
                so that the same salt gives the same bytes.

        Raises:
            WrongType: a salt that is not bytes.
            InvalidInput: one that is too short.
        """
        from flexirules.receipts import receipt

        return receipt(self, dict(self._settled.era.chosen), salt=salt)

    @property
    def law(self) -> Ruleset:
        """The ruleset that decided."""
        return self._settled.era.law

    @property
    def provisional(self) -> bool:
        """Whether the law was read for a day beyond the last one for which someone checked the texts."""
        return self.case.first_day > self._settled.era.law.horizon

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
        return canonical_digest(self._settled.era.law.digest, self.case)

    def to_document(self, *, language: str = ENGLISH) -> dict[str, object]:
        """The JSON form as plain values; its texts in one of the four languages, ``nl``, ``fr``, ``de`` or ``en``."""
        reference, facts, depends = self.reference_quarter, self._facts(), self._dependence()
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
                    "text": text,
                    "provisions": list(f.provisions),
                    "facts": facts[f.condition],
                }
                for f, text in zip(self.findings, self._texts(depends, language), strict=True)
            ],
            "dimona": {
                "expected": self.dimona.expected,
                "warning_may_be_ignored": self.dimona.warning_may_be_ignored,
                "file_from": self.dimona.file_from.isoformat(),
                "file_before": self.dimona.file_before.isoformat(),
            },
            "actions": [
                {"id": a.id, "text": a.text_in(language), "by": None if a.by is None else a.by.isoformat()}
                for a in self.actions
            ],
            "missing": [
                {"path": m.path, "holder": m.holder, "question": m.question_in(language)} for m in self.missing
            ],
            "consulted": list(self.consulted),
            "valid_for": str(self.quarter),
            "readings": dict(sorted((*self._settled.era.chosen, *(d[:2] for d in depends)))),
            "law": {
                "read_on": self.read_on.isoformat(),
                "ruleset": self._settled.era.law.name,
                "digest": self._settled.era.law.digest,
                "provisional": self.provisional,
            },
        }

    def to_json(self, *, indent: int | None = None, language: str = ENGLISH) -> str:
        """The JSON form, the same bytes for the same case, ruleset and language."""
        import json

        return json.dumps(self.to_document(language=language), ensure_ascii=False, indent=indent)

    def to_html(self, *, language: str = ENGLISH) -> str:
        """A card of HTML, self-contained, in one of the four languages; a notebook shows the English one."""
        from flexirules.cards import decision_card

        return decision_card(self, language)

    def _repr_html_(self) -> str:
        return self.to_html()

    def __bool__(self) -> bool:
        raise UndecidedTruth(
            "E-TRUTH", "", "a decision has four outcomes: compare decision.outcome with the one you mean"
        )

    def __repr__(self) -> str:
        return f"<Decision {self.quarter} {self.outcome.value}>"


def _by_readings(condition: str, depends: "tuple[Dependence, ...]", language: str) -> list[str]:
    """A sentence for each reading on which the verdict of a condition, and so the outcome, depends."""
    from flexirules.texts import reading_text

    return [reading_text(name, value, language) for name, value, conditions in depends if condition in conditions]


def _holder(path: str) -> str:
    """Who holds a fact: the worker, the employer, the OSS or the NSSO."""
    if path.startswith("$.worker"):
        return "worker"
    return "nsso" if path.startswith("$.approvals") else "employer"
