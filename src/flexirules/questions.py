"""What to ask next, and what was not needed: no more facts about a person than the answer takes."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from flexirules._evaluate import evaluate
from flexirules.case import Case, Worker
from flexirules.decision import Missing
from flexirules.law.ruleset import Ruleset
from flexirules.sector import Employer

__all__ = ["Minimal", "minimal", "next_questions"]

_NONE: Final[Mapping[str, str]] = {}

ORDER: Final = (
    # The employer knows these by heart.
    "$.function",
    "$.employer",
    "$.agency",
    # The worker knows these, the first two without a paper.
    "$.worker.pension",
    "$.worker.birth_date",
    "$.worker.employments",
    "$.worker",
    # These two ask about both, and about days.
    "$.engagements",
    # A letter of the NSSO is there, or has to be waited for.
    "$.approvals",
)
"""In which order one asks: the employer, the worker, the NSSO; of each the cheapest answer first."""

_FIRST: Final = re.compile(r"\[([0-9]+)\]")


def next_questions(
    case: Case, *, law: Ruleset | None = None, readings: Mapping[str, str] = _NONE
) -> tuple[Missing, ...]:
    """The facts that can still change the outcome, the one to ask for first before all.

    Every answer leaves fewer of them, so that asking one after another ends; once the outcome is settled there is none.

    >>> from flexirules import Case, Quarter
    >>> [question.path for question in next_questions(Case(quarter=Quarter(2026, 4)))]
    ['$.function', '$.employer', '$.worker', '$.engagements', '$.approvals']
    """
    return tuple(sorted(evaluate(case, law=law, readings=readings).missing, key=_rank))


def _rank(missing: Missing) -> tuple[int, str, int, str]:
    """First by the table, then entry by entry of a list."""
    path = missing.path
    place = next(place for place, prefix in enumerate(ORDER) if path.startswith(prefix))
    entry = _FIRST.search(path)
    return place, path.partition("[")[0], int(entry[1]) if entry is not None else -1, path


@attrs.frozen(kw_only=True)
class Minimal:
    """A case with no more facts than its outcome takes; ``not_needed`` are the paths that were left out."""

    case: Case
    not_needed: tuple[str, ...]


def minimal(case: Case, *, law: Ruleset | None = None, readings: Mapping[str, str] = _NONE) -> Minimal:
    """Leave out of a case what its outcome does not take, what says most about the person first.

    Only facts whose absence means "not known" are left out, and only where the outcome stays and nothing is asked.

    >>> from flexirules import Case, Quarter, Worker
    >>> dutch = Worker(habitual_legislation="dutch", employments=(), birth_date=None)
    >>> minimal(Case(quarter=Quarter(2026, 4), worker=dutch, approvals=())).not_needed
    ('$.approvals', '$.worker.employments')
    """
    decision = evaluate(case, law=law, readings=readings)
    left_out: list[str] = []
    if not decision.missing:
        for path, without in _DROPS.items():
            bare = without(case)
            if bare != case:
                again = evaluate(bare, law=law, readings=readings)
                if again.outcome is decision.outcome and not again.missing:
                    case = bare
                    left_out.append(path)
    return Minimal(case=case, not_needed=tuple(left_out))


def _of_worker(drop: Callable[[Worker], Worker]) -> Callable[[Case], Case]:
    return lambda case: case if case.worker is None else attrs.evolve(case, worker=drop(case.worker))


def _of_employer(drop: Callable[[Employer], Employer]) -> Callable[[Case], Case]:
    return lambda case: case if case.employer is None else attrs.evolve(case, employer=drop(case.employer))


_DROPS: Final[dict[str, Callable[[Case], Case]]] = {
    "$.worker.birth_date": _of_worker(lambda worker: attrs.evolve(worker, birth_date=None)),
    "$.worker.pension": _of_worker(lambda worker: attrs.evolve(worker, pension=None)),
    "$.approvals": lambda case: attrs.evolve(case, approvals=None),
    "$.engagements": lambda case: attrs.evolve(case, engagements=None),
    "$.worker.employments": _of_worker(lambda worker: attrs.evolve(worker, employments=None)),
    "$.function": lambda case: attrs.evolve(case, function=None),
    "$.employer.sector": _of_employer(lambda employer: attrs.evolve(employer, sector=None)),
    "$.employer.id": _of_employer(lambda employer: attrs.evolve(employer, id=None)),
}
"""What is left out, in this order."""
