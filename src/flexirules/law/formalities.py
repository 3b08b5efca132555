"""Articles 6 and 7 and the Dimona instructions: the framework agreement and the FLX of each quarter."""

from datetime import date, timedelta
from typing import Final

from flexirules.quarter import Quarter

FILE_DAYS_BEFORE: Final = 31
"""A FLX may be filed from so many days before the first day of the quarter (NSSO-dimona-31)."""
DIMONA_T3: Final = "90017-510"
"""The anomaly for which a written approval lets a warning be ignored."""


def file_from(quarter: Quarter) -> date:
    """The first day on which a FLX for the quarter may be filed."""
    return quarter.first_day - timedelta(FILE_DAYS_BEFORE)
