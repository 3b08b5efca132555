"""Settle a case: every completion of what is absent or too coarse, law that is not settled open both ways.

Conditions that share no fact are settled apart, in blocks; their composition is the minimum of verdicts.
"""

from collections.abc import Iterator
from datetime import date

import attrs

from flexirules.block import Block, Ladder, block, missing, reached
from flexirules.case import Case
from flexirules.law.ruleset import Era, Settled
from flexirules.sector import Agency, Employer
from flexirules.settle.formalities import formalities, grounds
from flexirules.settle.parties import NAMELESS, jobs
from flexirules.settle.scope import scope
from flexirules.settle.ties import links
from flexirules.settle.work import work

Key = tuple[Block, Block, Block, tuple[Block, ...], Block]

NAMELESS_AGENCY = "\N{HORIZONTAL BAR}"


def settle(case: Case, day: date, era: Era) -> Settled:
    """What a case comes to, from the blocks whose ladders are, one after the other, the verdicts of ``CONDITIONS``."""
    employer, agency = case.employer, case.agency
    if employer is None or employer.id is None or (agency is not None and agency.id is None):
        return _kept(_with_unnamed(case, day, era), era)
    tied = links(case, day, era)
    papers = formalities(case, day, era)
    key = (grounds(case, era), scope(case, era), work(case, day, era), tied, papers)
    found = era.settled.get(key)
    return found if found is not None else _kept((*key[:3], *tied, key[4]), era, key)


def _kept(blocks: tuple[Block, ...], era: Era, key: Key | None = None) -> Settled:
    """The answer of these blocks, kept where all cases of their cells share it."""
    found = Settled(blocks, era)
    if key is not None and all(each.shared for each in blocks):
        era.remember(era.settled, key, found)
    return found


def _blocks(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    return (
        grounds(case, era),
        scope(case, era),
        work(case, day, era),
        *links(case, day, era),
        formalities(case, day, era),
    )


def _with_unnamed(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    blocks = _over_identities(case, day, era)
    if case.employer is not None:
        return blocks
    return tuple(
        attrs.evolve(each, matters=tuple((_up_to_employer(path), low) for path, low in each.matters)) for each in blocks
    )


def _up_to_employer(path: str) -> str:
    """Where there is no employer at all, that is the one open node."""
    return "$.employer" if path.startswith("$.employer.") else path


def _over_identities(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    """The blocks for every way in which unnamed parties may be one with named ones."""
    found = [_blocks(variant, day, era) for variant in _identities(case)]
    if len(found) == 1:
        return found[0]
    ladders = tuple(_common(verdicts) for verdicts in zip(*(_ladders(blocks) for blocks in found), strict=True))
    each = [reached(blocks) for blocks in found]
    everything = 0
    for levels in each:
        everything |= levels
    matters = dict.fromkeys(path for blocks in found for path in missing(blocks))
    if len(set(each)) > 1:
        matters |= dict.fromkeys(_unnamed(case))
    automatic = frozenset[int]().union(*(each.automatic for blocks in found for each in blocks))
    return (
        block(
            ladders,
            [level for level in range(4) if everything >> level & 1],
            tuple((path, 0) for path in matters),
            automatic,
        ),
    )


def _ladders(blocks: tuple[Block, ...]) -> tuple[Ladder, ...]:
    return tuple(ladder for each in blocks for ladder in each.ladders)


def _common(found: tuple[Ladder, ...]) -> Ladder:
    return found[0] if len({v.rank for v in found}) == 1 else Ladder(1, "party-not-known")


def _unnamed(case: Case) -> tuple[str, ...]:
    paths = []
    if case.employer is None or case.employer.id is None:
        paths.append("$.employer" if case.employer is None else "$.employer.id")
    if case.agency is not None and case.agency.id is None:
        paths.append("$.agency.id")
    return tuple(paths)


def _identities(case: Case) -> Iterator[Case]:
    """The case once for each party that an unnamed employer or agency may be."""
    parties = {job.employer for job in jobs(case)} | {link.employer for link in case.engagements or ()}
    named = sorted(party for party in parties if party is not None)
    employer, agency = case.employer, case.agency
    unnamed_employer = employer is None or employer.id is None
    unnamed_agency = agency is not None and agency.id is None
    for employer_id in [*named, NAMELESS] if unnamed_employer else [None]:
        for agency_id in [*named, NAMELESS_AGENCY] if unnamed_agency else [None]:
            if employer_id is not None and employer_id == agency_id:
                continue
            variant = case
            if employer_id is not None:
                named_employer = Employer(employer_id, employer.sector if employer is not None else None)
                variant = attrs.evolve(variant, employer=named_employer)
            if agency_id is not None:
                variant = attrs.evolve(variant, agency=Agency(agency_id))
            yield variant
