"""Parties without a name: the employer, the user or the agency may be any that the case names, or another."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Final

import attrs

from flexirules.block import UP_TO, Block, Ladder, block, missing, reached
from flexirules.case import Case, Engagement
from flexirules.law.ruleset import Era
from flexirules.predicate import NEEDS_DECISION, UNKNOWN
from flexirules.sector import Agency, Employer
from flexirules.settle.formalities import formalities, grounds
from flexirules.settle.parties import ANOTHER, NAMELESS, jobs
from flexirules.settle.scope import scope
from flexirules.settle.ties import link_outcomes, links
from flexirules.settle.work import work, work_outcomes

NAMELESS_AGENCY: Final = "\N{HORIZONTAL BAR}"
TOO: Final = "too"
"""Makes another name that the case does not hold."""

MOST_IDENTITIES: Final = 300
"""Above so many pairs of an employer and an agency no more are looked at: what may be is not known."""
UNNAMED: Final = Ladder(UNKNOWN, "party-not-known")

Table = Mapping[tuple[object, ...], tuple[int, ...]]
"""Of each completion of what parties may change, the outcome with each completion of all else."""


def identities(case: Case) -> tuple[Case, ...] | None:
    """The case with every employer and agency that unnamed ones may be; None for too many."""
    pairs = [*islice(_pairs(_employers(case), _agencies(case)), MOST_IDENTITIES + 1)]
    return None if len(pairs) > MOST_IDENTITIES else tuple(_named(case, *pair) for pair in pairs)


def over_identities(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    """One block for every way in which unnamed parties may be one with named ones."""
    pairs = [*islice(_pairs(_employers(case), _agencies(case)), MOST_IDENTITIES + 1)]
    found = [_blocks(_named(case, *pair), day, era) for pair in pairs[:MOST_IDENTITIES]]
    # What no identity changes: a difference shows only where this is no lower.
    cap = max(min(each.levels.bit_length() - 1 for each in _apart(blocks)) for blocks in found)
    matters = dict.fromkeys(path for blocks in found for path in missing(blocks))
    if len(pairs) > MOST_IDENTITIES:
        # Of those that were not looked at anything may hold, up to what the rest allows.
        levels, names = UP_TO[1 << cap], ["$.employer.id", "$.agency.id"][: 1 + (case.agency is not None)]
        first = found[0]
        middle = [UNNAMED] * len(_ladders(first[2:-1]))
        ladders = [*_ladders(first[:2]), *middle, *_ladders(first[-1:])]
    else:
        # Where nothing at all is known of the employer, that is asked for anyhow.
        asked = case.employer is None and any(path.startswith("$.employer") for path in matters)
        names = [*_names(case, day, era, cap, employer=not asked)]
        ladders = [_common(verdicts) for verdicts in zip(*map(_ladders, found), strict=True)]
        levels = 0
        for blocks in found:
            levels |= reached(blocks)
    matters |= dict.fromkeys(names)
    if case.employer is None:
        # Where there is no employer at all, that is the one open node.
        matters = {"$.employer" if path.startswith("$.employer.") else path: None for path in matters}
    automatic = frozenset[int]().union(*(each.automatic for blocks in found for each in blocks))
    every = [level for level in range(4) if levels >> level & 1]
    return (block(tuple(ladders), every, tuple((path, 0) for path in matters), automatic),)


def _names(case: Case, day: date, era: Era, cap: int, *, employer: bool) -> Iterator[str]:
    """The paths of the names of which another alone changes the outcome of a completion."""
    # A name that is not given may be that of either of two whom the case does not name.
    employers = [*_employers(case), *(name + TOO for name in _employers(case) if name == NAMELESS)]
    agencies = [*_agencies(case), *(name + TOO for name in _agencies(case) if name == NAMELESS_AGENCY)]
    parties = [*{party: None for party in (*employers, *agencies, ANOTHER) if party is not None}]

    def changes(family: Iterator[tuple[str, str | None]]) -> bool:
        # Where two differ in a completion one of them differs there from any third: each is compared with the last.
        *others, last = [_named(case, *pair) for pair in family]
        tables = _tables(last, day, era, parties, 0)
        return any(_differ(tables, _tables(other, day, era, parties, 1), cap) for other in others)

    if employer and len(employers) > 1 and any(changes(_pairs(employers, [agency])) for agency in agencies):
        yield "$.employer.id"
    if len(agencies) > 1 and any(changes(_pairs([one], agencies)) for one in employers):
        yield "$.agency.id"


def _blocks(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    return (
        grounds(case, era),
        scope(case, era),
        work(case, day, era),
        *links(case, day, era),
        formalities(case, day, era),
    )


def _apart(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks that say nothing of parties: the day, the sector, and the papers."""
    return (*blocks[:2], blocks[-1])


def _ladders(blocks: tuple[Block, ...]) -> tuple[Ladder, ...]:
    return tuple(ladder for each in blocks for ladder in each.ladders)


def _common(found: tuple[Ladder, ...]) -> Ladder:
    lowest = min(found)
    # Any-of is the maximum: where each identity needs a decision or better, a decision is needed.
    if lowest.rank == NEEDS_DECISION or len({ladder.rank for ladder in found}) == 1:
        return lowest
    return UNNAMED


def _parties(case: Case) -> list[str]:
    """Everyone whom jobs and links name."""
    parties = {job.employer for job in jobs(case)} | {link.employer for link in case.engagements or ()}
    return sorted(party for party in parties if party is not None)


def _employers(case: Case) -> list[str]:
    """Who the employer, or the user, may be."""
    known = case.employer.id if case.employer is not None else None
    return [known] if known is not None else [*_parties(case), NAMELESS]


def _agencies(case: Case) -> list[str | None]:
    """Who the agency may be; None where there is none."""
    if case.agency is None:
        return [None]
    return [case.agency.id] if case.agency.id is not None else [*_parties(case), NAMELESS_AGENCY]


def _pairs(employers: Iterable[str], agencies: Iterable[str | None]) -> Iterator[tuple[str, str | None]]:
    """Each employer with each agency: no one is both."""
    return ((one, other) for one in employers for other in agencies if one != other)


def _named(case: Case, employer: str, agency: str | None) -> Case:
    sector = case.employer.sector if case.employer is not None else None
    through = Agency(agency) if agency is not None else None
    return attrs.evolve(case, employer=Employer(employer, sector), agency=through)


def _tables(case: Case, day: date, era: Era, parties: list[str], which: int) -> list[Table] | None:
    """The outcomes of work and of each link, whoever the employers may be that they do not name; None for too many.

    Of two identities that are compared this is the one or the other (0, 1).
    """
    of_work = work_outcomes(case, day, era, parties, which)
    if of_work is None:
        return None
    if case.engagements is None:
        quarter = case.quarter
        owed = Engagement(severance_until=quarter.last_day)
        warned = Engagement(notice_from=quarter.first_day, notice_until=quarter.last_day)
        of_any: dict[tuple[object, ...], tuple[int, ...]] = {}
        for number, link in enumerate((Engagement(), owed, warned)):
            found = link_outcomes(case, day, era, link, parties)
            of_any |= {(number, *completion): row for completion, row in found.items()}
        return [of_work, of_any]
    return [of_work, *(link_outcomes(case, day, era, link, parties) for link in case.engagements)]


def _differ(one: list[Table] | None, other: list[Table] | None, cap: int) -> bool:
    """Whether in some completion two identities have different outcomes."""
    if one is None or other is None:
        return True
    pairs = {(cap, cap)}
    for mine, its in zip(one, other, strict=True):
        rows = {(row, its[choice]) for choice, row in mine.items()}
        found = {pair for row, another in rows for pair in zip(row, another, strict=True)}
        pairs = {(min(a, c), min(b, d)) for a, b in pairs for c, d in found}
    return any(a != b for a, b in pairs)
