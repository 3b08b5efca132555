"""Proof by cells: every provision of an era checked on one representative of each cell of its facts.

Every condition compares one fact with one constant, so the constants cut each fact into finitely many pieces, and
inside a cell of pieces no answer changes. What holds for one case of every cell holds for all. Conditions that share no
fact are proven apart; their composition is the minimum of verdicts.
"""

from collections.abc import Callable, Iterator
from datetime import date
from time import perf_counter
from typing import Final

from flexirules.dated import FIRST_DAY
from flexirules.law.ruleset import Era, Ruleset, current
from flexirules.proof.cells import Cell, Proven, decided
from flexirules.proof.exactness import exact, link_plan, work_plan
from flexirules.proof.groups import (
    Group,
    check_group,
    link_group,
    ordinary,
    papers_group,
    pieces,
    start_of,
    work_group,
)
from flexirules.proof.obligations import (
    Obligation,
    asked,
    composed,
    explained,
    letters,
    links_explained,
    monotone,
    no_gap,
    not_idle,
    not_idle_sectors,
    not_masked,
    opaque,
    papers_named,
    predicted,
    sectors,
    sound,
    total,
    work_named,
)
from flexirules.quarter import Quarter
from flexirules.readings import READINGS

__all__ = [
    "Cell",
    "Group",
    "Obligation",
    "Proven",
    "certificate",
    "decided",
    "era_obligations",
    "link_group",
    "ordinary",
    "pieces",
    "start_of",
    "verify",
    "work_group",
]


COMPOSED: Final = (
    "Conditions that share a fact are one group, and are proven together: work, pension and decisions; one link in T; "
    "the day, the legislation and the papers; the list of sectors. The outcome is the minimum over the groups, proven "
    "on one case of each verdict of each group with each of the others. A second link can only lower it: the verdict "
    "of a tie is the lowest over the links."
)
"""How the proofs of the groups make one of the whole."""


def verify(
    law: Ruleset | None = None, quarter: Quarter | None = None, *, readings: bool = False, processes: int = 1
) -> Iterator[tuple[date, tuple[Obligation, ...]]]:
    """Prove every era of a law since its first day, or those of one quarter; an era by its first day.

    Args:
        law: ``None``: the law of this release.
        quarter: ``None``: every quarter since the first.
        readings: also under each other value of each reading that changes a tree.
        processes: so many at work beside each other; what is proven, and its order, are the same.

    >>> days = [day.isoformat() for day, proven in verify(quarter=Quarter(2019, 1)) if all(o.holds for o in proven)]
    >>> days
    ['2018-01-01']
    """
    law = law or current()
    days = [day for day in law.eras if day >= FIRST_DAY]
    if quarter is not None:
        inside = [day for day in days if day in quarter]
        first = law.on(quarter.first_day).day
        days = [first, *inside] if first >= FIRST_DAY and first not in inside else inside
    # What takes longest comes first, so that two processes end together.
    parts = (work_is_exact, conditions_hold, links_are_exact, *[readings_hold] * readings)
    if processes == 1:
        for day in days:
            yield day, tuple(obligation for part in parts for obligation in _proven(part, law, day))
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes) as pool:
        futures = [(day, [pool.submit(_proven, part, law, day) for part in parts]) for day in days]
        for day, found in futures:
            yield day, tuple(obligation for future in found for obligation in future.result())


Part = Callable[[Era], tuple[Obligation, ...]]


def _proven(part: Part, law: Ruleset, day: date) -> tuple[Obligation, ...]:
    return part(law.on(day))


def era_obligations(era: Era) -> tuple[Obligation, ...]:
    """Everything that is proven of one era."""
    return (*work_is_exact(era), *conditions_hold(era), *links_are_exact(era))


def conditions_hold(era: Era) -> tuple[Obligation, ...]:
    """What is proven of the trees and tables themselves, and of evaluate() on the case of each cell."""
    work, links, agency, papers, check = (
        decided(group)
        for group in (
            work_group(era),
            link_group(era, via_agency=False),
            link_group(era, via_agency=True),
            papers_group(era),
            check_group(era),
        )
    )
    found: list[Obligation] = []
    for proven in (work, links, agency, papers, check):
        found += [not_masked(proven), not_idle(proven)]
    found += [letters(work, era), monotone(work, era), no_gap(papers, era)]
    # From here on another interpreter and evaluate() are asked: cells that come out alike in every comparison are one.
    work, links, agency, papers, check = (proven.thinned() for proven in (work, links, agency, papers, check))
    found += [total(proven, era) for proven in (work, links, agency, papers, check)]
    answers = asked(work, era)
    found += [sound(work, era, answers), explained(work, era, answers, work_named)]
    answers = asked(papers, era)
    found += [sound(papers, era, answers), explained(papers, era, answers, papers_named)]
    for proven in (links, agency):
        answers = asked(proven, era)
        found += [sound(proven, era, answers), links_explained(proven, era, answers)]
    found += [predicted(check, era, asked(check, era)), *sectors(era), not_idle_sectors(era)]
    found += [composed(era, work, links, papers), opaque((work, links, agency, papers), era)]
    return tuple(found)


def work_is_exact(era: Era) -> tuple[Obligation, ...]:
    """Every partial input of the cells of work, pension and decisions is settled exactly when its completions agree."""
    work = decided(work_group(era)).thinned()
    return (exact(work, era, work_plan(work, era)),)


def links_are_exact(era: Era) -> tuple[Obligation, ...]:
    """The same of one link in T, without an agency and through one."""
    links = [decided(link_group(era, via_agency=via_agency)).thinned() for via_agency in (False, True)]
    return tuple([exact(link, era, link_plan(link, era)) for link in links])


def readings_hold(era: Era) -> tuple[Obligation, ...]:
    """The same under each other value of each reading, wherever it makes another tree."""
    found: list[Obligation] = []
    for name, reading in READINGS.items():
        for value in reading.values:
            if value != reading.default:
                found += under(era, era.law.on(era.day, ((name, value),)))
    return tuple(found)


def under(default: Era, era: Era) -> Iterator[Obligation]:
    """What is proven of an era under a reading, where it makes another tree."""
    for via_agency in (False, True):
        group = link_group(era, via_agency=via_agency)
        if group.ways != link_group(default, via_agency=via_agency).ways:
            proven = decided(group).thinned()
            yield from (
                total(proven, era),
                sound(proven, era, asked(proven, era)),
                exact(proven, era, link_plan(proven, era)),
            )
    work, check = work_group(era), check_group(era)
    if work.ways != work_group(default).ways:
        proven = decided(work).thinned()
        yield from (
            total(proven, era),
            sound(proven, era, asked(proven, era)),
            exact(proven, era, work_plan(proven, era)),
        )
    if check.ways != check_group(default).ways:
        proven = decided(check).thinned()
        yield from (total(proven, era), predicted(proven, era, asked(proven, era)))


def certificate(
    law: Ruleset | None = None, quarter: Quarter | None = None, *, readings: bool = False, processes: int = 1
) -> dict[str, object]:
    """What was proven, as plain values: ruleset, digest, each era with its obligations, and how long it took.

    All but ``seconds`` is the same each time.
    """
    began = perf_counter()
    law = law or current()
    proven = list(verify(law, quarter, readings=readings, processes=processes))
    return {
        "ruleset": law.name,
        "digest": law.digest,
        "holds": all(obligation.holds for _, obligations in proven for obligation in obligations),
        "composed": COMPOSED,
        "cells": sum(obligation.cells for _, obligations in proven for obligation in obligations),
        "seconds": round(perf_counter() - began, 1),
        "eras": [
            {"from": day.isoformat(), "obligations": [obligation.to_document() for obligation in obligations]}
            for day, obligations in proven
        ],
    }
