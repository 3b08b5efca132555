"""Dated rows: the law as data, each row with its citation, its dates and how sure we are of it.

Intervals are closed on both sides; ``None`` as first day: the day it began is not known, in force on every day;
``None`` as last day: still in force.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final, TypeVar

import attrs

from flexirules.fraction import WorkFraction

HORIZON: Final = date(2026, 12, 31)
"""The last day for which someone checked the texts; a decision for a later start is provisional."""

VERIFIED_ON: Final = date(2026, 11, 23)
"""The day on which the sources of every row were gone through."""

FIRST_DAY: Final = date(2015, 12, 1)
"""The first day of flexi-jobs."""


@attrs.frozen(kw_only=True)
class Dated:
    """A row that holds from one day to another."""

    effective_from: date | None
    effective_to: date | None
    published_on: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the row holds on a day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@attrs.frozen(kw_only=True)
class Provision(Dated):
    """One citable paragraph in one version.

    ``settled`` is ``yes``, ``default`` (an open point is decided by a named default) or ``no`` (where the open point
    matters the verdict is unknown). ``decides`` says why a row decides nothing by itself; empty where it can.
    """

    id: str
    version: int
    condition: str
    instrument: str
    article: str
    content: str
    source: tuple[str, ...]
    confidence: str
    settled: str
    informs: str = ""

    @property
    def citation(self) -> str:
        """Instrument and article, as a lawyer writes it."""
        return f"{self.instrument}, {self.article}" if self.article else self.instrument


@attrs.frozen(kw_only=True)
class SectorRow(Dated):
    """One row of the list of sectors: every filled field must hold."""

    id: str
    regime: str
    effect: str
    group: str
    jc: str
    public: bool | None
    nace_list: str
    activity: str
    authority: str
    bakery_fund: bool
    employer_category: str
    name: str
    basis: str
    source: tuple[str, ...]
    confidence: str
    note: str

    @property
    def specificity(self) -> tuple[int, int]:
        """How narrow the row is: filled test fields, then the length of the committee."""
        filled = (self.jc not in ("", "*"), self.public is not None, bool(self.nace_list), bool(self.activity))
        return sum(filled) + bool(self.authority), len(self.jc.strip("*"))


@attrs.frozen(kw_only=True)
class NaceRow(Dated):
    """One code (or prefix) on a list of main activities."""

    list: str
    nace: str
    basis: str
    confidence: str
    note: str


@attrs.frozen(kw_only=True)
class Turn(Dated):
    """A day from which the law reads otherwise, not by a row of a list, and the provision that says so."""

    name: str
    provision: str


@attrs.frozen(kw_only=True)
class Counting(Dated):
    """Whether work of one kind counts in T-3, by which provision."""

    status: str
    counts: bool
    provision: str


@attrs.frozen(kw_only=True)
class Exemption(Dated):
    """How early a pension must run; ``open_at``: when it is not settled whether it exempts."""

    latest: int
    open_at: int | None


@attrs.frozen(kw_only=True)
class AgePractice(Dated):
    """The age from which the NSSO looked no further (a practice, reading C7)."""

    age: int


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


def _read(name: str) -> list[dict[str, str]]:
    import csv

    return list(csv.DictReader(_table(name).decode().splitlines()))


def _table(name: str) -> bytes:
    """A carried table, read through the loader of the package: from a directory or a zip."""
    from pkgutil import get_data

    found = get_data("flexirules", f"law/data/{name}")
    assert found is not None
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False, "": None}[text]


@cache
def provisions() -> tuple[Provision, ...]:
    """Every provision and version, in the order of the law papers."""
    from flexirules.law.informational import INFORMS

    return tuple(
        Provision(
            id=row["id"],
            version=int(row["version"]),
            condition=row["condition"],
            instrument=row["instrument"],
            article=row["article"],
            content=row["content"],
            source=tuple(row["source_url"].split()),
            confidence=row["confidence"],
            settled=row["settled"],
            informs=INFORMS.get(row["id"], ""),
            effective_from=_day(row["effective_from"]),
            effective_to=_day(row["effective_to"]),
            published_on=_day(row["published_on"]),
        )
        for row in _read("provisions.csv")
    )


@cache
def provision_versions() -> Mapping[str, tuple[Provision, ...]]:
    """The versions of each provision by its id."""
    found: dict[str, tuple[Provision, ...]] = {}
    for provision in provisions():
        found[provision.id] = (*found.get(provision.id, ()), provision)
    return MappingProxyType(found)


def provision(id: str, day: date) -> Provision:
    """The version of a provision in force on a day; the nearest one where none is."""
    versions = provision_versions()[id]
    return next((v for v in versions if v.in_force(day)), versions[-1])


@cache
def sector_rows() -> tuple[SectorRow, ...]:
    """The list of sectors in all its eras."""
    return tuple(
        SectorRow(
            id=row["id"],
            regime=row["regime"],
            effect=row["effect"],
            group=row["group"],
            jc=row["jc"],
            public=_flag(row["public"]),
            nace_list=row["nace_list"],
            activity=row["activity"],
            authority=row["authority"],
            bakery_fund=row["bakery_fund"] == "true",
            employer_category=row["employer_category"],
            name=row["name_en"],
            basis=row["basis"],
            source=tuple(row["source"].split()),
            confidence=row["confidence"],
            note=row["note"],
            effective_from=_day(row["from"]),
            effective_to=_day(row["to"]),
            published_on=_day(row["published_on"]),
        )
        for row in _read("sectors.csv")
    )


@cache
def nace_rows() -> tuple[NaceRow, ...]:
    """The lists of main activities in all their eras (NACE-BEL 2008)."""
    return tuple(
        NaceRow(
            list=row["list"],
            nace=row["nace"],
            basis=row["basis"],
            confidence=row["confidence"],
            note=row["note"],
            effective_from=_day(row["from"]),
            effective_to=_day(row["to"]),
            published_on=_day(row["published_on"]),
        )
        for row in _read("nace_lists.csv")
    )


D = TypeVar("D", bound=Dated)


def on(rows: Iterable[D], day: date) -> tuple[D, ...]:
    """The rows in force on a day."""
    return tuple(row for row in rows if row.in_force(day))


def changes(rows: Iterable[Dated]) -> tuple[date, ...]:
    """Every day on which one of the rows begins or has just ended, in order."""
    days: set[date] = set()
    for row in rows:
        if row.effective_from is not None:
            days.add(row.effective_from)
        if row.effective_to is not None:
            days.add(date.fromordinal(row.effective_to.toordinal() + 1))
    return tuple(sorted(days))


@cache
def tables_digest() -> str:
    """SHA-256 over the carried tables, so that a decision says which text it was made with."""
    import hashlib

    found = hashlib.sha256()
    for name in ("provisions.csv", "sectors.csv", "nace_lists.csv"):
        found.update(_table(name))
    return found.hexdigest()
