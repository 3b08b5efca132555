"""Article 4 § 1 a) to e): the other links in T with the flexi-job employer, the user, the agency or an affiliate."""

from datetime import date
from typing import Final

import attrs

from flexirules.dated import Dated
from flexirules.fraction import WorkFraction
from flexirules.law.access import FOUR_FIFTHS, FULL_TIME

CONDITIONS: Final = ("own-employer", "severance", "notice", "agency-user", "affiliated")

RUNNING: Final = "running"
"""The contract runs on some day from the first flexi day to the end of T."""
BEGUN: Final = "begun"
"""The contract touches T and began on or before the first flexi day."""


@attrs.frozen(kw_only=True)
class Tie(Dated):
    """Which contracts block: kinds, size (one contract, at least and below), when; ``open_kinds`` are not settled."""

    condition: str
    provision: str
    kinds: frozenset[str]
    at_least: WorkFraction | None = None
    below: WorkFraction | None = None
    span: str
    open_kinds: frozenset[str] = frozenset()


_ANY_CONTRACT: Final = frozenset(("employment", "statutory", "student", "occasional"))

TIES: Final = (
    Tie(
        condition="own-employer",
        provision="L2015-4-1-a",
        kinds=frozenset(("employment",)),
        at_least=FOUR_FIFTHS,
        span=RUNNING,
        effective_from=None,
        effective_to=date(2023, 12, 31),
    ),
    Tie(
        condition="own-employer",
        provision="L2015-4-1-a",
        kinds=_ANY_CONTRACT,
        span=BEGUN,
        effective_from=date(2024, 1, 1),
        effective_to=None,
    ),
    Tie(
        condition="agency-user",
        provision="L2015-4-1-d",
        kinds=_ANY_CONTRACT - {"statutory"},
        span=BEGUN,
        open_kinds=frozenset(("statutory",)),
        effective_from=date(2022, 5, 7),
        effective_to=None,
    ),
    Tie(
        condition="affiliated",
        provision="L2015-4-1-e",
        kinds=frozenset(("employment",)),
        at_least=FOUR_FIFTHS,
        span=RUNNING,
        open_kinds=frozenset(("statutory",)),
        effective_from=date(2024, 1, 1),
        effective_to=date(2026, 6, 30),
    ),
    Tie(
        condition="affiliated",
        provision="L2015-4-1-e",
        kinds=frozenset(("employment",)),
        at_least=FOUR_FIFTHS,
        below=FULL_TIME,
        span=RUNNING,
        open_kinds=frozenset(("statutory",)),
        effective_from=date(2026, 7, 1),
        effective_to=None,
    ),
)
"""The contracts that block, by era. Severance (b) and notice (c) are periods, not contracts."""

AGENCY_AS_EMPLOYER_TO: Final = date(2026, 6, 30)
"""Reading C6 ``agency`` is offered up to this day (R2026-agency)."""

PROVISIONS: Final = {
    "own-employer": "L2015-4-1-a",
    "severance": "L2015-4-1-b",
    "notice": "L2015-4-1-c",
    "agency-user": "L2015-4-1-d",
    "affiliated": "L2015-4-1-e",
}
