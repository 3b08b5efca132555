"""Settle a case: every completion of what is absent or too coarse, law that is not settled open both ways.

Conditions that share no fact are settled apart, in blocks; their composition is the minimum of verdicts.
"""

from datetime import date

from flexirules.block import Block
from flexirules.case import Case
from flexirules.law.ruleset import Era, Settled
from flexirules.settle.formalities import formalities, grounds
from flexirules.settle.identities import over_identities
from flexirules.settle.scope import scope
from flexirules.settle.ties import links
from flexirules.settle.work import work

Key = tuple[Block, Block, Block, tuple[Block, ...], Block]


def settle(case: Case, day: date, era: Era) -> Settled:
    """What a case comes to, from the blocks whose ladders are, one after the other, the verdicts of ``CONDITIONS``."""
    employer, agency = case.employer, case.agency
    if employer is None or employer.id is None or (agency is not None and agency.id is None):
        return _kept(over_identities(case, day, era), era)
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
