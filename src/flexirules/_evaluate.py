"""evaluate(): settle a case under the law of its day."""

from collections.abc import Mapping
from typing import Final

from flexirules.case import Case
from flexirules.decision import Decision
from flexirules.errors import wrong_type
from flexirules.law.ruleset import Ruleset, current
from flexirules.readings import chosen_readings
from flexirules.settle import settle

_NONE: Final[Mapping[str, str]] = {}


def evaluate(case: Case, *, law: Ruleset | None = None, readings: Mapping[str, str] = _NONE) -> Decision:
    """Decide whether a flexi-job is allowed, on which paragraph, what is missing and what to do next.

    Args:
        case: what is known; what is absent is asked for, never assumed.
        law: the tables of the law; ``None``: those of this release.
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
    if law is None:
        law = current()
    elif type(law) is not Ruleset:
        raise wrong_type("law", law, "a Ruleset")
    chosen = chosen_readings(case.readings, readings) if readings or case.readings else ()
    day = case.start or case.quarter.first_day
    return Decision(case, settle(case, day, law.on(day, chosen)))
