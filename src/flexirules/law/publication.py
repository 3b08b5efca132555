"""The law as it was published on a day: a text that was not out yet is left out, and what it ended goes on.

A row is out from its ``published_on``; where that day is not known, from the day on which it began (law papers, "How to
add a change in the law", point 5).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from flexirules.dated import (
    AgePractice,
    Counting,
    Exemption,
    NaceRow,
    Provision,
    SectorRow,
    Tie,
    Turn,
    provision_versions,
)
from flexirules.law.scope import TAKEN_OUT

if TYPE_CHECKING:
    from flexirules.law.ruleset import Ruleset

LIST_REPLACED: Final = "R2026-scope"
ENDED_BY: Final = {
    "L2015-2-1-304-art": "PL2023-182",
    "L2015-2-1-330-care": "PL2023-182",
    "L2015-2-1-145": "RD2024-04-18-145",
    "L2015-2-1-320": "RD2024-06-20-320",
    **{f"L2015-2-1-{committee}": decree for committee, (decree, _) in TAKEN_OUT.items()},
}
"""The text that ended a provision of which there is no next version; it began on the day after. Those of the list that
were in force on 30 June 2026 were ended by the one that replaced it."""

Row = SectorRow | NaceRow | Counting | Exemption | AgePractice | Tie | Turn
R = TypeVar("R", bound=Row)


def known(rows: Iterable[R], day: date) -> tuple[R, ...]:
    """The rows of a table that were out on a day; one of which the end was not yet published goes on."""
    return tuple(
        row if row.effective_to is None or _end(row, row.effective_to) <= day else attrs.evolve(row, effective_to=None)
        for row in rows
        if row.effective_from is None or _out(row, row.effective_from) <= day
    )


def known_at(law: "Ruleset", day: date) -> "Ruleset":
    """The same law, as it was published on a day; what it says of later days is provisional."""
    if law.published_by is not None and law.published_by <= day:
        return law
    return attrs.evolve(
        law,
        name=f"{law.name}, as published on {day}",
        horizon=min(law.horizon, day),
        published_by=day,
        sectors=known(law.sectors, day),
        nace=known(law.nace, day),
        counting=known(law.counting, day),
        exemption=known(law.exemption, day),
        age_practice=known(law.age_practice, day),
        ties=known(law.ties, day),
        turns=known(law.turns, day),
    )


def known_versions(name: str, day: date) -> tuple[Provision, ...]:
    """The versions of a provision that were out on a day; all where none was."""
    versions = provision_versions()[name]
    return tuple(version for version in versions if (out(version) or day) <= day) or versions


def out(version: Provision) -> date | None:
    """The day from which a provision could be read; ``None``: not known, and taken to be always."""
    return version.published_on or version.effective_from


def _out(row: Row, begun: date) -> date:
    if isinstance(row, SectorRow | NaceRow):
        return row.published_on or begun
    return _published((_provision(row),), begun)


def _end(row: Row, last: date) -> date:
    """The day from which one could read that a row ended: its next version, or the text that ended it, was out."""
    name = _provision(row)
    return _published((name, ENDED_BY.get(name, LIST_REPLACED)), last + timedelta(1))


def _published(names: Iterable[str], begun: date) -> date:
    """When the first of some provisions of which a version began on a day was out; that day where none did."""
    versions = (version for name in names for version in provision_versions().get(name, ()))
    return next((out(version) or begun for version in versions if version.effective_from == begun), begun)


def _provision(row: Row) -> str:
    match row:
        case SectorRow() | NaceRow():
            return row.basis
        case Exemption():
            return "L2015-4-3"
        case AgePractice():
            return "NSSO-age-shortcut"
        case _:
            return row.provision
