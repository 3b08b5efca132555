"""The day, the legislation, and articles 6 and 7 with the Dimona instructions: the agreement and the FLX.

Each condition has ways, one of which is enough, and bars, each of which says why none holds.
"""

from datetime import date, timedelta
from typing import Final

from flexirules.predicate import AllOf, Cited, Fact
from flexirules.quarter import Quarter

FILE_DAYS_BEFORE: Final = 31
"""A FLX may be filed from so many days before the first day of the quarter (NSSO-dimona-31)."""
DIMONA_T3: Final = "90017-510"
"""The anomaly for which a written approval lets a warning be ignored."""

in_force = Fact("in_force")
legislation = Fact("legislation")
agreement = Fact("agreement")
filing = Fact("filing")
blocked = Fact("blocked")

AGENCY: Final = "agency"
SIGNED: Final = "signed"
AHEAD: Final = "ahead"
LACKING: Final = "lacking"
NOT_DATED: Final = "not-dated"
TOO_EARLY: Final = "too-early"
IN_TIME: Final = "in-time"
LATE: Final = "late"

_FLX: Final = ("NSSO-dimona-ok", "NSSO-dimona-31")

WAYS: Final[dict[str, tuple[Cited, ...]]] = {
    "in-force": (Cited(("L2015-37",), "law-in-force", in_force.yes()),),
    "legislation": (Cited(("EU883-13",), "belgian-legislation", legislation.equals("belgian")),),
    "framework-agreement": (
        Cited(("L2015-7",), "agency-contract", agreement.equals(AGENCY)),
        Cited(("L2015-6",), "framework-agreement-signed", agreement.equals(SIGNED)),
        Cited(("L2015-6",), "framework-agreement-ahead", agreement.equals(AHEAD)),
    ),
    "declaration": (
        Cited(_FLX, "declaration-ahead", AllOf((blocked.no(), filing.equals(AHEAD)))),
        Cited(_FLX, "filing-day-not-known", AllOf((blocked.no(), filing.equals(NOT_DATED)))),
        Cited(_FLX, "declared-in-time", AllOf((blocked.no(), filing.equals(IN_TIME)))),
    ),
}
BARS: Final[dict[str, tuple[Cited, ...]]] = {
    "in-force": (Cited(("L2015-37",), "before-the-law", in_force.no()),),
    "legislation": (Cited(("EU883-13",), "other-legislation", legislation.differs("belgian")),),
    "framework-agreement": (Cited(("L2015-6",), "no-framework-agreement", agreement.equals(LACKING)),),
    "declaration": (
        Cited(_FLX, "declaration-blocked", blocked.yes()),
        Cited(_FLX, "declared-late", AllOf((blocked.no(), filing.equals(LATE)))),
        Cited(_FLX, "declared-too-early", AllOf((blocked.no(), filing.equals(TOO_EARLY)))),
    ),
}


def file_from(quarter: Quarter) -> date:
    """The first day on which a FLX for the quarter may be filed."""
    return quarter.first_day - timedelta(FILE_DAYS_BEFORE)


def filed_in(filed_on: date, quarter: Quarter, start: date) -> str:
    """Where the day of filing lies against the first day on which one may file and the first day of work."""
    if filed_on > start:
        return LATE
    return TOO_EARLY if filed_on < file_from(quarter) else IN_TIME
