"""Article 2: which employers may use flexi-jobs, and for which functions."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from flexirules.dated import SectorRow
from flexirules.law import turns

if TYPE_CHECKING:
    from flexirules.law.ruleset import Era

BY_USER: Final = "L2015-2-1-322"
"""The provision by which with an agency the user's committee decides."""
AGENCY_COMMITTEE: Final = "322"
USER_ADMITTED: Final = "user admitted"
USER_NOT_ADMITTED: Final = "user not admitted"
"""Stand for the committee of a user whom a case in committee 322 does not show."""
TAKEN_OUT: Final = {
    "144": ("RD2024-04-18-144", date(2024, 4, 1)),
    "132": ("RD2025-01-31-132", date(2025, 1, 1)),
}
"""Committees that a decree took off the list wholly, with the first day."""
NEVER: Final = ("", date.max)
CARRY_OVER: Final = frozenset(("132", "144", "145", "320", "323"))
"""Committees whose exclusion of 2024 or 2025 may go on (reading ``carry_over``)."""


class Place(NamedTuple):
    """One complete description of an employer and a function; ``lists`` are the activity lists its NACE code is on."""

    jc: str
    public: bool
    lists: frozenset[str]
    authority: str
    fund: bool
    activity: str


class Scope(NamedTuple):
    """What article 2 says of one place: two verdicts with reason and row, and whether an admitting row truly holds.

    ``decree``: the one that took the committee off the list, if one did.
    """

    sector: int
    sector_reason: str
    sector_row: SectorRow | None
    function: int
    function_reason: str
    function_row: SectorRow | None
    holds: bool
    decree: str = ""


@lru_cache(maxsize=4096)
def lists_of(code: str, era: "Era") -> frozenset[str]:
    """The lists of main activities that a NACE-BEL 2008 code is on; a shorter code on a list is a prefix."""
    return frozenset(row.list for row in era.nace if code.startswith(row.nace))


def committee_matches(row: SectorRow, jc: str) -> bool:
    """Whether a row's committee is this one or above it. 322 is 322 only, not its service vouchers."""
    if row.jc in ("", "*"):
        return True
    if row.jc == AGENCY_COMMITTEE or not jc:
        return row.jc == jc
    return jc == row.jc or jc.startswith(row.jc + ".")


def list_of(row: SectorRow, readings: Mapping[str, str]) -> str:
    """The list of main activities that a row tests; by the reading ``care_nace_330`` that of committee 330 too."""
    return "CARE" if row.id == "S-330" and readings["care_nace_330"] == "true" else row.nace_list


def employer_matches(row: SectorRow, place: Place, readings: Mapping[str, str]) -> bool:
    """Whether every test of a row on the employer holds."""
    nace_list = list_of(row, readings)
    return (
        committee_matches(row, place.jc)
        and (row.public is None or row.public == place.public)
        and (not nace_list or nace_list in place.lists)
        and (not row.authority or row.authority == place.authority)
        and (not row.bakery_fund or place.fund)
    )


def _rows_of(jc: str, era: "Era") -> tuple[SectorRow, ...]:
    """The rows that a committee can match."""
    found = era.by_committee.get(jc)
    if found is None:
        rows = tuple(row for row in era.rows if committee_matches(row, jc))
        found = era.remember(era.by_committee, jc, rows)
    return found


def _barred(rows: Iterable[SectorRow], place: Place, readings: Mapping[str, str]) -> SectorRow | None:
    for row in rows:
        if row.effect == "DENY" and row.activity == place.activity and employer_matches(row, place, readings):
            return row
    return None


def scope(place: Place, era: "Era", agency: bool) -> Scope:
    """Article 2 on one complete place; 1 stands for law that is not settled."""
    readings = era.readings
    user = place.jc if place.jc in (USER_ADMITTED, USER_NOT_ADMITTED) else ""
    if user:
        place = place._replace(jc=AGENCY_COMMITTEE)
    rows = _rows_of(place.jc, era)
    barred = _barred(rows, place, readings)
    function, function_reason = (0, "function-barred") if barred else (3, "function-free")
    if user:
        admitted = user == USER_ADMITTED
        return Scope(3 * admitted, "agency-user-needed", None, function, function_reason, barred, admitted)
    fitting = [r for r in rows if r.effect != "DENY" and employer_matches(r, place, readings)]
    full = [r for r in fitting if not r.activity or r.activity == place.activity]
    if turns.OPEN_UNLESS_EXCLUDED in era.turns:
        verdict, reason, row = _by_default(full, readings)
        return Scope(verdict, reason, row, function, function_reason, barred, verdict != 0)
    if agency:
        full, fitting = [
            [r for r in found if r.jc != AGENCY_COMMITTEE] if turns.USER_ADMITTED not in era.turns else found
            for found in (full, fitting)
        ]
    if full:
        full.sort(key=lambda r: r.specificity, reverse=True)
        sure = next((r for r in full if r.group in ("1", "2") and r.jc), None)
        if agency and sure is None:
            return Scope(1, "agency-user-route-not-settled", full[0], function, function_reason, barred, True)
        return Scope(3, "sector-listed", sure or full[0], function, function_reason, barred, True)
    near = next((r for r in fitting if r.jc or r.nace_list), None)
    if near is not None:
        return Scope(
            3, "sector-listed", near, 0, "function-barred" if barred else "activity-not-admitted", barred or near, False
        )
    decree, since = TAKEN_OUT.get(place.jc.partition(".")[0], NEVER)
    decree = decree if since <= era.day else ""
    return Scope(0, "sector-not-listed", None, function, function_reason, barred, False, decree)


def _by_default(rows: list[SectorRow], readings: Mapping[str, str]) -> tuple[int, str, SectorRow | None]:
    """From 1 July 2026: the most specific row decides, the general rule only where no other row holds."""
    narrow = [r for r in rows if r.id != "D-ALL"]
    if not (narrow or rows):
        return 0, "sector-not-listed", None
    row = max(narrow or rows, key=lambda r: r.specificity)
    if row.effect == "ALLOW":
        return 3, "sector-open", row
    if row.id == "D-PUBLIC" and readings["public_default"] == "open":
        return 3, "sector-open", row
    if row.jc in CARRY_OVER and readings["carry_over"] != "unknown":
        return (0, "sector-excluded", row) if readings["carry_over"] == "true" else (3, "sector-open", row)
    return 1, "law-not-settled", row


ANY_OTHER: Final = "999"
"""Stands for every committee that no row names."""


@lru_cache(maxsize=256)
def committee_classes(era: "Era") -> Mapping[str, tuple[str, ...]]:
    """The committees that rows of an era name, and one that none does, by the first of those that match alike."""
    found: dict[tuple[tuple[object, ...], ...], list[str]] = {}
    rows = era.rows
    for code in (ANY_OTHER, *sorted({r.jc for r in rows if r.jc not in ("", "*")})):
        found.setdefault(_matching(code, rows), []).append(code)
    return {codes[0]: tuple(codes) for codes in found.values()}


def committees(era: "Era") -> tuple[str, ...]:
    """Committees that stand for all: one of each way of matching the rows of an era, and one that no row names."""
    return tuple(committee_classes(era))


@lru_cache(maxsize=4096)
def like(code: str, era: "Era") -> str:
    """The first of the committees that match the rows as this one does; itself where none does."""
    mine = _matching(code, era.rows)
    return next((first for first in committee_classes(era) if _matching(first, era.rows) == mine), code)


def _matching(code: str, rows: Iterable[SectorRow]) -> tuple[tuple[object, ...], ...]:
    """What the rows that a committee can match say and test."""
    return tuple(
        (
            r.effect,
            r.group in ("1", "2"),
            r.jc not in ("", "*"),
            r.public,
            r.nace_list,
            r.activity,
            r.authority,
            r.bakery_fund,
        )
        + ((r.id,) if r.effect == "UNKNOWN" or r.jc == AGENCY_COMMITTEE or r.id == "S-330" else ())
        for r in rows
        if committee_matches(r, code)
    )


def children(code: str, era: "Era") -> tuple[str, ...]:
    """The subcommittees of a parent that rows name, and one that none names; empty for no such parent."""
    named = sorted({r.jc for r in era.rows if r.jc.startswith(code + ".")})
    return (*named, code + ".99") if named else ()


class Tests(NamedTuple):
    """What some rows test, each with values that stand for all: one value where nothing is tested."""

    lists: tuple[frozenset[str], ...]
    authorities: tuple[str, ...]
    funds: tuple[bool, ...]
    activities: tuple[str, ...]


def tests(rows: Iterable[SectorRow], era: "Era") -> Tests:
    """The tests of some rows: lists that one NACE code can be on together, communities, the bakery fund, activities."""
    rows = tuple(rows)
    used = frozenset(name for row in rows if (name := list_of(row, era.readings)))
    communities = sorted({row.authority for row in rows if row.authority})
    return Tests(
        lists=tuple(sorted({found & used for found in signatures(era)}, key=lambda s: (len(s), sorted(s)))),
        authorities=(*communities, next(word for word in ("french", "federal") if word not in communities)),
        funds=(False, True) if any(row.bakery_fund for row in rows) else (False,),
        activities=("ordinary", *sorted({row.activity for row in rows if row.activity})),
    )


@lru_cache(maxsize=256)
def signatures(era: "Era") -> frozenset[frozenset[str]]:
    """Every set of lists that one NACE code can be on."""
    return frozenset({frozenset[str](), *(lists_of(row.nace.ljust(5, "0"), era) for row in era.nace)})
