"""The five ties of article 4 § 1 a) to e): each other link in T on every contract that it may be."""

from datetime import date
from itertools import product
from typing import Final

from flexirules.block import ALONE, BOTH_WAYS, Axis, Block, Ladder, completed, enumerate_axes, settled
from flexirules.case import Case, Engagement
from flexirules.fraction import WorkFraction
from flexirules.law import ties
from flexirules.law.ruleset import Era
from flexirules.law.ties import CONDITIONS, ELSEWHERE, EMPLOYER, PROVISIONS, USER
from flexirules.predicate import AnyOf, known_in, points, rank
from flexirules.settle.parties import agency_ids, flexi_id

FREE: Final = {c: Ladder(3, "no-tie", (PROVISIONS[c],)) for c in CONDITIONS}
DOES_NOT_APPLY: Final = {c: Ladder(3, "does-not-apply", (PROVISIONS[c],)) for c in CONDITIONS}
NOT_KNOWN: Final = {c: Ladder(1, "engagements-not-known", (PROVISIONS[c],)) for c in CONDITIONS}
WITH_ANYBODY: Final = Ladder(1, "notice-with-anybody-not-known", (PROVISIONS["notice"],))
POINT_C2: Final = Block((), BOTH_WAYS)
"""Reading C2 ``any``: notice with anybody blocks, and the case has no field for it."""

Link = tuple[Block, dict[str, Ladder]]
"""What one link blocks: its block, with paths that begin at the link, and the verdicts that are not met or open."""


def links(case: Case, day: date, era: Era) -> tuple[Block, ...]:
    """The verdicts of the five ties in the first block; each link that matters has one of its own after it."""
    via_agency = case.agency is not None
    engagements = case.engagements
    if not engagements:
        key = (engagements is not None, via_agency)
        none = era.unlinked.get(key)
        return none if none is not None else era.remember(era.unlinked, key, _no_links(*key, era))
    worst = _free(via_agency, era)
    blocks: list[Block] = []
    for position, engagement in enumerate(engagements):
        block, verdicts = _link(case, day, era, engagement)
        for condition, verdict in verdicts.items():
            if verdict.rank < worst[condition].rank:
                worst[condition] = verdict
        if block.matters:
            at = f"$.engagements[{position}]"
            blocks.append(block._replace(matters=tuple((at + path, low) for path, low in block.matters)))
        elif 0 in block.levels:
            blocks.append(block)
    if era.readings["notice_employer"] == "any":
        if worst["notice"].rank == 3:
            worst["notice"] = WITH_ANYBODY
        blocks.append(POINT_C2)
    return Block(tuple(worst.values()), ALONE[3]), *blocks


def _no_links(known: bool, via_agency: bool, era: Era) -> tuple[Block, ...]:
    verdicts = _free(via_agency, era)
    if known:
        block = settled(*verdicts.values())
    else:
        verdicts = {c: NOT_KNOWN[c] if v is FREE[c] else v for c, v in verdicts.items()}
        block = Block(tuple(verdicts.values()), BOTH_WAYS, (("$.engagements", 0),))
    if era.readings["notice_employer"] != "any":
        return (block,)
    if known:
        verdicts["notice"] = WITH_ANYBODY
    return block._replace(ladders=tuple(verdicts.values())), POINT_C2


def _free(via_agency: bool, era: Era) -> dict[str, Ladder]:
    """The verdicts where no link blocks."""
    can_block = era.blocks(via_agency)
    return {c: FREE[c] if c in can_block else DOES_NOT_APPLY[c] for c in CONDITIONS}


def _link(case: Case, day: date, era: Era, link: Engagement) -> Link:
    """One link, by its cell: everything that the law asks of it, and the values that what is open may take."""
    via_agency = case.agency is not None
    with_whom = _with_whom(case, link)
    affiliated = link.affiliated if with_whom in (None, ELSEWHERE) else False
    first, last = case.quarter.first_day, case.quarter.last_day
    owed_from = first if era.readings["period_extent"] == "quarter" else day
    key = (
        via_agency,
        with_whom,
        affiliated,
        bool(agency_ids(case)),
        link.kind,
        None if link.fraction is None else sum(link.fraction >= mark for mark in era.tie_sizes),
        _spans(link, first, last, day),
        link.severance_until is not None and link.severance_until >= owed_from,
        _notice(link, last, owed_from),
        link.notice_from is None,
    )
    found = era.links.get(key)
    return found if found is not None else era.remember(era.links, key, _settled(era, *key))


def _with_whom(case: Case, link: Engagement) -> str | None:
    if link.employer is None:
        return None
    if link.employer == flexi_id(case):
        return EMPLOYER if case.agency is None else USER
    return EMPLOYER if link.employer in agency_ids(case) else ELSEWHERE


def _spans(link: Engagement, first: date, last: date, day: date) -> tuple[tuple[bool, bool], ...]:
    """Whether the contract runs from the first flexi day on, and had begun by it: each pair that can be."""
    until = link.until
    alive, touches = until is None or until >= day, until is None or until >= first
    if link.from_ is not None:
        return ((link.from_ <= last and alive, link.from_ <= day and touches),)
    found = {(alive, touches): None}
    if day < last and (until is None or until > day):
        found[True, False] = None
    if until is None or until > last:
        found[False, False] = None
    return tuple(found)


def _notice(link: Engagement, last: date, owed_from: date) -> tuple[bool, ...]:
    """Whether notice runs: each answer that can be."""
    begin, end = link.notice_from, link.notice_until
    if begin is None and end is None:
        return (False,)
    if begin is not None and end is not None:
        return (begin <= last and end >= owed_from,)
    if begin is None:
        assert end is not None
        if end < owed_from:
            return (False,)
        return (True, False) if end > last else (True,)
    if begin > last:
        return (False,)
    return (True, False) if begin < owed_from else (True,)


def _settled(
    era: Era,
    via_agency: bool,
    with_whom: str | None,
    affiliated: bool | None,
    agency_named: bool,
    kind: str | None,
    size: int | None,
    spans: tuple[tuple[bool, bool], ...],
    severance: bool,
    notices: tuple[bool, ...],
    notice_begins_open: bool,
) -> Link:
    whom: list[object] = [with_whom]
    if with_whom is None:
        whom = [USER, EMPLOYER, ELSEWHERE] if agency_named else [USER if via_agency else EMPLOYER, ELSEWHERE]
    marks = (WorkFraction(0), *era.tie_sizes)
    every_axis: list[Axis] = [
        (".employer", whom),
        (".affiliated", [False, True] if affiliated is None else [affiliated]),
        (".kind", ["employment", "statutory", "student", "flexi_job"] if kind is None else [kind]),
        (".fraction", list(marks) if size is None else [marks[size]]),
        (".from", list(spans)),
        (".notice_from" if notice_begins_open else ".notice_until", list(notices)),
    ]
    trees = era.blocks(via_agency)
    law = sorted({point for bars in trees.values() for bar in bars for point in points(bar)})
    outcomes: dict[tuple[int, ...], int] = {}
    reasons: dict[str, set[tuple[int, str]]] = {condition: set() for condition in trees}
    for choice, values in enumerate_axes(every_axis):
        met, group, its_kind, its_size, span, notice = values
        assert isinstance(span, tuple)
        running, begun = span
        facts = {
            "place": ties.AFFILIATE if met == ELSEWHERE and group else met,
            "kind": its_kind,
            "size": its_size,
            "running": running,
            "begun": begun,
            "severance": severance,
            "notice": notice,
        }
        known = known_in(facts)
        for condition, bars in trees.items():
            reasons[condition].add(max((rank(bar, known, lambda _: None), bar.reason) for bar in bars))
        for decided in product((False, True), repeat=len(law)):
            point = dict(zip(law, decided, strict=True)).__getitem__
            bars_now = AnyOf(tuple(bar for bars in trees.values() for bar in bars))
            outcomes[*choice, *decided] = 3 - rank(bars_now, known, point)
    verdicts = {c: _verdict(found, PROVISIONS[c]) for c, found in reasons.items() if any(level for level, _ in found)}
    return completed((), (*(path if len(v) > 1 else "" for path, v in every_axis), *law), outcomes), verdicts


def _verdict(found: set[tuple[int, str]], provision: str) -> Ladder:
    """The verdict of one condition over all completions of one link."""
    levels = {level for level, _ in found}
    if levels == {3}:
        return Ladder(0, min(reason for _, reason in found), (provision,))
    if levels == {1}:
        return Ladder(1, min(reason for _, reason in found), (provision,))
    return Ladder(1, "tie-facts-missing", (provision,))
