"""The columns of the five tables: names, types and what an empty cell means."""

from collections.abc import Callable
from typing import Final, NamedTuple

from flexirules._checks import check_word
from flexirules.case import (
    ENGAGEMENT_KINDS,
    PENSION_KINDS,
    REGISTERS,
    RESULTS,
    SCHEMES,
    STATUSES,
    Declaration,
    Worker,
)
from flexirules.quarter import Quarter
from flexirules.sector import ACTIVITIES, AUTHORITIES, NACE_VERSIONS, JointCommittee, Nace

DECISIONS: Final = ("none", "granted", "refused")
"""What the NSSO may have decided for T, as far as one letter says it."""

MAX_NUMBER: Final = 10**15
"""Numerators and denominators in a table are below this, so that their sums are exact in 64 bits."""

ID: Final = "identifier"
TEXT: Final = "text"
DAY: Final = "day"
FLAG: Final = "flag"
NUMBER: Final = "number"
TYPES: Final = {
    ID: "text or a whole number",
    TEXT: "text, categorical or enumerated",
    DAY: "a date",
    FLAG: "a boolean that may be null",
    NUMBER: "a whole number that may be null",
}
"""The types of columns, in words."""


class Column(NamedTuple):
    """One column: its type, whether a table must have it, and what it says; ``read`` checks one value of its text."""

    name: str
    type: str
    says: str
    needed: bool = False
    read: Callable[[str], object] | None = None


def _word(name: str, *accepted: str) -> Callable[[str], object]:
    words = frozenset(accepted)

    def read(value: str) -> object:
        check_word(name, value, words)
        return value

    return read


def _committee(value: str) -> object:
    return JointCommittee(value).code


def _nace(value: str) -> object:
    return Nace(value).code


def _legislation(value: str) -> object:
    return Worker(habitual_legislation=value).habitual_legislation


def anomalies(value: str) -> tuple[str, ...]:
    """The codes of a cell, which stand apart by spaces."""
    codes = Declaration(anomalies=tuple(value.split())).anomalies
    assert codes is not None
    return codes


APPLICATIONS: Final = (
    Column("application", ID, "the key of the table", needed=True),
    Column("quarter", TEXT, "T, as YYYYQn", needed=True, read=Quarter.parse),
    Column("worker", ID, "whose application it is; null: nothing is known of the worker"),
    Column("employer", ID, "the flexi-job employer; with an agency, the user"),
    Column("start", DAY, "the first day of flexi work in T; null: the first day of T"),
    Column("birth_date", DAY, "of the worker"),
    Column("habitual_legislation", TEXT, "null: belgian", read=_legislation),
    Column("joint_committee", TEXT, "of the employer", read=_committee),
    Column("nace", TEXT, "its main activity, five digits", read=_nace),
    Column("nace_version", TEXT, "2008 or 2025", read=_word("nace_version", *NACE_VERSIONS)),
    Column("public", FLAG, "whether the employer is a public one"),
    Column("authority", TEXT, "the community above the employer", read=_word("authority", *AUTHORITIES)),
    Column("bakery_fund", FLAG, "whether the employer pays into the bakery fund"),
    Column("activity", TEXT, "what the worker will do", read=_word("activity", *ACTIVITIES)),
    Column("agency", ID, "the temporary-work agency; null: none, unless through_agency says so"),
    Column("through_agency", FLAG, "true: by an agency, also where the agency is not named"),
    Column("framework_agreement", FLAG, "null: still ahead"),
    Column("filed_on", DAY, "the day on which the FLX was filed"),
    Column("result", TEXT, "of the FLX: A, W, B or S", read=_word("result", *RESULTS)),
    Column("anomalies", TEXT, "the codes of the answer, apart by spaces", read=anomalies),
    Column("requested", FLAG, "true: a question for T was put to the OSS"),
    Column("employments_known", FLAG, "false: the worker's jobs are not known; null: what the table shows is all"),
    Column("engagements_known", FLAG, "the same of the links in T"),
    Column("approvals_known", FLAG, "the same of the written decisions"),
)
"""One question a row: may this worker do this flexi-job with this employer in this quarter?"""

EMPLOYMENTS: Final = (
    Column("worker", ID, "whose work it is", needed=True),
    Column("quarter", TEXT, "when, as YYYYQn", needed=True, read=Quarter.parse),
    Column("employer", ID, "with whom", needed=True),
    Column("numerator", NUMBER, "of the fraction of a full-time job", needed=True),
    Column("denominator", NUMBER, "of the same fraction", needed=True),
    Column("status", TEXT, "as in the JSON form", needed=True, read=_word("status", *STATUSES)),
    Column("scheme", TEXT, "null: belgium", read=_word("scheme", *SCHEMES)),
    Column("deferred_pay", FLAG, "null: no"),
)
"""Work of one quarter with one employer a row."""

APPROVALS: Final = (
    Column("worker", ID, "on whose work it is", needed=True),
    Column("quarter", TEXT, "T, for which it was given", needed=True, read=Quarter.parse),
    Column("granted", FLAG, "true an approval, false a refusal", needed=True),
    Column("issued_on", DAY, "its date"),
    Column("reference", ID, "what the letter calls itself"),
)
"""One written decision of the NSSO a row."""

ENGAGEMENTS: Final = (
    Column("application", ID, "to which application the link belongs"),
    Column("worker", ID, "to every application of which worker"),
    Column("employer", ID, "with whom", needed=True),
    Column("kind", TEXT, "as in the JSON form", read=_word("kind", *ENGAGEMENT_KINDS)),
    Column("numerator", NUMBER, "of the size of the contract"),
    Column("denominator", NUMBER, "of the same size"),
    Column("from", DAY, "its first day"),
    Column("until", DAY, "its last day; null: still running"),
    Column("affiliated", FLAG, "whether the employer named belongs to the same group"),
    Column("notice_from", DAY, "the notice period"),
    Column("notice_until", DAY, "the notice period"),
    Column("severance_until", DAY, "the last day covered by severance pay; null: none"),
)
"""One other link in T a row, with the key of the application or of the worker."""

PENSIONS: Final = (
    Column("worker", ID, "the key of the table", needed=True),
    Column("kind", TEXT, "as in the JSON form, none included", needed=True, read=_word("kind", *PENSION_KINDS)),
    Column("since", DAY, "its first day"),
    Column("register", TEXT, "null: belgium", read=_word("register", *REGISTERS)),
)
"""The pension of one worker a row; of a worker without a row it is not known."""

_KEYS: Final = ("application", "worker")
AT_HAND: Final = {
    "employments": (
        Column("full_time", NUMBER, "in what the five sums are counted: a full-time job in so many parts"),
        Column("belgian_work", NUMBER, "in T-3, with other employers, under the Belgian scheme"),
        Column("counted_work", NUMBER, "the same, under any scheme that counts"),
        Column("volume_t3", NUMBER, "all work in T-3 that counts, that with the flexi-job employer included"),
        Column("volume_t4", NUMBER, "all work in T-4 that counts"),
        Column("volume_t5", NUMBER, "all work in T-5 that counts"),
    ),
    "approvals": (
        Column(
            "decision", TEXT, "what was decided for T: none, granted or refused", read=_word("decision", *DECISIONS)
        ),
        Column("other_approval", FLAG, "true: an approval for another quarter is held"),
    ),
    "engagements": (
        Column("linked", FLAG, "whether there is another link in T"),
        *(link._replace(name=f"link_{link.name}", needed=False) for link in ENGAGEMENTS if link.name not in _KEYS),
    ),
    "pensions": (
        Column("pension", TEXT, "the kind, none included", read=_word("kind", *PENSION_KINDS)),
        Column("pension_since", DAY, "its first day"),
        Column("pension_register", TEXT, "null: belgium", read=_word("register", *REGISTERS)),
    ),
}
"""What a table says of a worker or an application, ready in the row of the application; by the table that it replaces.

The first column of each says whether anything is known.
"""

TABLES: Final = {
    "applications": APPLICATIONS,
    "employments": EMPLOYMENTS,
    "approvals": APPROVALS,
    "engagements": ENGAGEMENTS,
    "pensions": PENSIONS,
}
"""Every table by its name."""

COLUMNS_OF: Final = {
    name: {column.name: column for column in columns}
    | {column.name: column for ready in AT_HAND.values() for column in ready if name == "applications"}
    for name, columns in TABLES.items()
}
"""Every column that a table may have, by its name."""
