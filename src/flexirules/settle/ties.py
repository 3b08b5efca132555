"""The five ties of article 4 § 1 a) to e): each other link in T on every contract that it may be."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import Final

import attrs

from flexirules.block import (
    BOTH_WAYS,
    Axis,
    Block,
    Ladder,
    Link,
    Side,
    block,
    completed,
    enumerate_axes,
    shared,
    sharing,
)
from flexirules.case import Case, Engagement
from flexirules.fraction import WorkFraction
from flexirules.law import ties
from flexirules.law.ruleset import Era
from flexirules.law.ties import CONDITIONS, ELSEWHERE, EMPLOYER, PROVISIONS, USER
from flexirules.predicate import LEVELS, columns, holds, levels, undecided
from flexirules.settle.parties import flexi_id

FREE: Final = {c: Ladder(3, "no-tie", (PROVISIONS[c],)) for c in CONDITIONS}
NOT_KNOWN: Final = {c: Ladder(1, "engagements-not-known", (PROVISIONS[c],)) for c in CONDITIONS}
WITH_ANYBODY: Final = Ladder(1, "notice-with-anybody-not-known", (PROVISIONS["notice"],))
RUNNING_ONLY: Final = 1
"""Of the codes of a span: it runs from the first flexi day on (1), it had begun by then (2)."""
NO_NOTICE, NOTICE = 1, 2
MET_ALONE: Final = 8
"""Levels of a link that blocks nothing."""
POINT_C2: Final = block((), BOTH_WAYS, shared=True)
"""Reading C2 ``any``: notice with anybody blocks, and the case has no field for it."""


def links(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    """The verdicts of the five ties in the first block; each link that matters has one of its own after it."""
    via_agency = case.agency is not None
    engagements = case.engagements
    if not engagements:
        key = (engagements is not None, via_agency)
        none = era.unlinked.get(key)
        return none if none is not None else era.remember(era.unlinked, key, _no_links(*key, era))
    found = [_link(case, day, era, engagement) for engagement in engagements]
    if len(found) == 1 and found[0].alone:
        return found[0].alone
    if any(link.block.matters for link in found):
        return _together(found, via_agency, era)
    # Links that leave nothing open are like those of any other case with links of the same cells.
    blocks = tuple([link.block for link in found])
    kept = era.together.get(blocks)
    if kept is None:
        kept = era.remember(era.together, blocks, tuple(map(shared, _together(found, via_agency, era))))
    return kept


def verdicts_of_links(case: Case, day: date, era: Era) -> list[dict[str, Ladder]]:
    """Of each link the conditions that it blocks or leaves open."""
    return [_link(case, day, era, engagement).verdicts for engagement in case.engagements or ()]


def link_outcomes(
    case: Case, day: date, era: Era, link: Engagement, parties: Iterable[str]
) -> dict[tuple[object, ...], tuple[int, ...]]:
    """The outcome of every completion of one link, whose employer is one of these parties where it is not named."""
    return {
        (name, affiliated, choice): (outcome,)
        for name in (parties if link.employer is None else (link.employer,))
        for affiliated in ((False, True) if link.affiliated is None else (link.affiliated,))
        for choice, outcome in _link(
            case, day, era, attrs.evolve(link, employer=name, affiliated=affiliated)
        ).side.classes.items()
    }


def _together(found: list[Link], via_agency: bool, era: Era) -> tuple[Block, ...]:
    """The worst verdicts of several links, and their blocks."""
    worst = _free(via_agency, era)
    blocks: list[Block] = []
    hanging = {f"$.engagements[{n}]": link.side for n, link in enumerate(found) if link.hangs}
    if len(hanging) > 1:
        blocks.append(sharing(hanging, len(era.bars(via_agency).points)))
    for position, link in enumerate(found):
        mine, at = link.block, f"$.engagements[{position}]"
        for condition, verdict in link.verdicts.items():
            # Of two that are as bad the one whose reason comes first, so that the order of the links says nothing.
            worst[condition] = min(worst[condition], verdict)
        if len(hanging) > 1 and at in hanging:
            continue
        if mine.matters:
            blocks.append(attrs.evolve(mine, matters=tuple((at + path, low) for path, low in mine.matters)))
        elif mine.levels != MET_ALONE:
            blocks.append(mine)
    if era.readings["notice_employer"] == "any":
        if worst["notice"].rank == 3:
            worst["notice"] = WITH_ANYBODY
        blocks.append(POINT_C2)
    return block(tuple(worst.values()), (3,)), *blocks


def _no_links(known: bool, via_agency: bool, era: Era) -> tuple[Block, ...]:
    verdicts = _free(via_agency, era)
    if not known:
        verdicts = {c: NOT_KNOWN[c] if v is FREE[c] else v for c, v in verdicts.items()}
    any_notice = era.readings["notice_employer"] == "any"
    if any_notice and known:
        verdicts["notice"] = WITH_ANYBODY
    levels, matters = ((3,), ()) if known else (BOTH_WAYS, (("$.engagements", 0),))
    mine = block(tuple(verdicts.values()), levels, matters, shared=True)
    return (mine, POINT_C2) if any_notice else (mine,)


def _free(via_agency: bool, era: Era) -> dict[str, Ladder]:
    """The verdicts where no link blocks."""
    can_block = era.blocks(via_agency)
    return {
        c: FREE[c] if c in can_block else Ladder(3, "does-not-apply", (ties.not_applicable(era, c, via_agency),))
        for c in CONDITIONS
    }


def facts_of_link(case: Case, day: date, era: Era, link: Engagement) -> Iterator[dict[str, object]]:
    """The facts of every contract that a link may be."""
    for _, facts in _contracts(_axes(era, *_key(case, day, era, link))):
        yield facts


def _link(case: Case, day: date, era: Era, link: Engagement) -> Link:
    key = _key(case, day, era, link)
    found = era.links.get(key)
    return found if found is not None else era.remember(era.links, key, _settled(era, *key))


Cell = tuple[bool, str | None, bool | None, bool, str | None, int | None, int, bool, int, bool]


def _key(case: Case, day: date, era: Era, link: Engagement) -> Cell:
    """One link, by its cell: everything that the law asks of it, and the values that what is open may take."""
    agency, employer, fraction = case.agency, link.employer, link.fraction
    first, last = case.quarter.first_day, case.quarter.last_day
    owed_from = first if era.owed_from_first else day
    affiliated: bool | None = False
    if employer is None:
        with_whom, affiliated = None, link.affiliated
    elif employer == flexi_id(case):
        with_whom = EMPLOYER if agency is None else USER
    elif agency is not None and employer == agency.id:
        with_whom = EMPLOYER
    else:
        with_whom, affiliated = ELSEWHERE, link.affiliated
    size = None
    if fraction is not None:
        size = 0
        for mark in era.tie_sizes:
            size += fraction.numerator * mark.denominator >= mark.numerator * fraction.denominator
    since, until, owed = link.from_, link.until, link.severance_until
    if since is None:
        spans = _spans(until, first, last, day)
    else:
        running = since <= last and (until is None or until >= day)
        begun = since <= day and (until is None or until >= first)
        spans = 1 << running + 2 * begun
    notices = NO_NOTICE
    if link.notice_from is not None or link.notice_until is not None:
        notices = _notice(link.notice_from, link.notice_until, last, owed_from)
    return (
        agency is not None,
        with_whom,
        affiliated,
        agency is not None and agency.id is not None,
        link.kind,
        size,
        spans,
        owed is not None and owed >= owed_from,
        notices,
        link.notice_from is None,
    )


def _spans(until: date | None, first: date, last: date, day: date) -> int:
    """A contract whose first day is not known: each pair of running and begun that can be, as bits."""
    alive, touches = until is None or until >= day, until is None or until >= first
    found = 1 << alive + 2 * touches
    if day < last and (until is None or until > day):
        found |= 1 << RUNNING_ONLY
    if until is None or until > last:
        found |= 1
    return found


def _notice(begin: date | None, end: date | None, last: date, owed_from: date) -> int:
    """Whether notice runs: each answer that can be, as bits."""
    if begin is None:
        assert end is not None
        if end < owed_from:
            return NO_NOTICE
        return NOTICE | NO_NOTICE if end > last else NOTICE
    if end is not None:
        return NOTICE if begin <= last and end >= owed_from else NO_NOTICE
    if begin > last:
        return NO_NOTICE
    return NOTICE | NO_NOTICE if begin < owed_from else NOTICE


def _axes(
    era: Era,
    via_agency: bool,
    with_whom: str | None,
    affiliated: bool | None,
    agency_named: bool,
    kind: str | None,
    size: int | None,
    spans: int,
    severance: bool,
    notices: int,
    notice_begins_open: bool,
) -> list[Axis]:
    """What one link leaves open; what is known has one value."""
    whom: list[object] = [with_whom]
    if with_whom is None:
        whom = [USER, EMPLOYER, ELSEWHERE] if agency_named else [USER if via_agency else EMPLOYER, ELSEWHERE]
    marks = (WorkFraction(0), *era.tie_sizes)
    notice_day = ".notice_from" if notice_begins_open else ".notice_until"
    return [
        (".employer", whom),
        (".affiliated", [False, True] if affiliated is None else [affiliated]),
        (".kind", ["employment", "statutory", "student", "flexi_job"] if kind is None else [kind]),
        (".fraction", list(marks) if size is None else [marks[size]]),
        (".from", [code for code in range(4) if spans >> code & 1]),
        (notice_day, [answer for answer in (True, False) if notices >> answer & 1]),
        ("", [severance]),
    ]


def _contracts(every_axis: list[Axis]) -> Iterator[tuple[tuple[int, ...], dict[str, object]]]:
    """Every completion of a link, and its facts."""
    for choice, (met, group, kind, size, span, notice, severance) in enumerate_axes(every_axis):
        assert isinstance(span, int)
        yield (
            choice,
            {
                "place": ties.AFFILIATE if met == ELSEWHERE and group else met,
                "kind": kind,
                "size": size,
                "running": bool(span & RUNNING_ONLY),
                "begun": bool(span & 2),
                "severance": severance,
                "notice": notice,
            },
        )


def _settled(era: Era, *key: *Cell) -> Link:
    via_agency = key[0]
    every_axis = _axes(era, *key)
    choices, truths = [], []
    bars = era.bars(via_agency)
    for choice, facts in _contracts(every_axis):
        choices.append(choice)
        truths.append([holds(atom, facts[atom.fact]) for atom in bars.atoms])
    bits, count = columns(truths), len(choices)
    open_points = undecided(bars.points, count)
    reasons: dict[str, set[tuple[int, str]]] = {}
    for condition, mine in bars.bars.items():
        each = {*zip(*(levels(form, [bits] * len(LEVELS), open_points, count) for _, form in mine), strict=True)}
        reasons[condition] = {max(zip(found, (reason for reason, _ in mine), strict=True)) for found in each}
    every = (1 << count) - 1
    outcomes: dict[tuple[int, ...], int] = {}
    for decided in product((0, 1), repeat=len(bars.points)):
        point = {name: every * answer for name, answer in zip(bars.points, decided, strict=True)}
        barred = 0
        for mine in bars.bars.values():
            for _, (_, _, met_at) in mine:
                barred |= met_at(bits, point, every)
        for position, choice in enumerate(choices):
            outcomes[*choice, *decided] = 0 if barred >> position & 1 else 3
    verdicts = {c: _verdict(found, PROVISIONS[c]) for c, found in reasons.items() if any(level for level, _ in found)}
    keys = (*(path if len(v) > 1 else "" for path, v in every_axis), *bars.points)
    tied = completed((), keys, outcomes)
    by_choice: dict[tuple[int, ...], set[int]] = {}
    for choice, outcome in outcomes.items():
        by_choice.setdefault(choice[: len(every_axis)], set()).add(outcome)
    hangs = any(len(found) > 1 for found in by_choice.values())
    link = Link(tied, verdicts, Side(keys, outcomes), hangs)
    return link if tied.matters else link._replace(alone=tuple(map(shared, _together([link], via_agency, era))))


def _verdict(found: set[tuple[int, str]], provision: str) -> Ladder:
    """The verdict of one condition over all completions of one link."""
    levels = {level for level, _ in found}
    if levels == {3}:
        return Ladder(0, min(reason for _, reason in found), (provision,))
    if levels == {1}:
        return Ladder(1, min(reason for _, reason in found), (provision,))
    return Ladder(1, "tie-facts-missing", (provision,))
