"""Turns: days from which the law reads otherwise in another way than by a row of a list."""

from datetime import date
from typing import Final

from flexirules.dated import FIRST_DAY, Turn

IN_FORCE: Final = "in-force"
REDUCTION: Final = "reduction"
USER_ADMITTED: Final = "user-admitted"
OPEN_UNLESS_EXCLUDED: Final = "open-unless-excluded"
NACE_2025: Final = "nace-2025"
AGENCY_CLEARED: Final = "agency-cleared"


def _turn(name: str, provision: str, day: date) -> Turn:
    return Turn(name=name, provision=provision, effective_from=day, effective_to=None)


TURNS: Final = (
    _turn(IN_FORCE, "L2015-37", FIRST_DAY),
    _turn(USER_ADMITTED, "L2015-2-1-322", date(2018, 1, 1)),
    _turn(REDUCTION, "L2015-4-1-last", date(2024, 1, 1)),
    _turn(NACE_2025, "", date(2025, 1, 1)),
    _turn(OPEN_UNLESS_EXCLUDED, "R2026-scope", date(2026, 7, 1)),
    _turn(AGENCY_CLEARED, "R2026-agency", date(2026, 7, 1)),
)
"""From its day on: the law holds; a user has to be admitted, and not to be in 302; a fall from full-time bars; a code
of main activity may be one of NACE-BEL 2025 (no provision of ours says so); all sectors are open that are not excluded;
a contract with the agency itself bars no more (reading C6 is offered up to the day before).
"""
