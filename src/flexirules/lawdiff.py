"""What changed in the law: every class of cases whose answer differs between two days, as a decision table.

Each part of the law is read on both days over the same cells, cut where either law cuts; the cells that differ are
told as few rows as the cells allow. A row may overlap another with the same answers.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import count
from math import prod
from typing import Final

import attrs

from flexirules._checks import check_day
from flexirules.case import Case, Employment, Pension, Worker
from flexirules.dated import FIRST_DAY, Provision, provisions
from flexirules.errors import InvalidInput
from flexirules.explain import NAMES
from flexirules.explain.covers import covering
from flexirules.explain.sets import members
from flexirules.explain.tables import (
    COMMITTEES,
    ON_NO_LIST,
    Saying,
    Table,
    Trees,
    Value,
    basis,
    columns,
    decoded,
    scope_levels,
    several,
)
from flexirules.finding import VERDICTS, Verdict
from flexirules.language import ENGLISH
from flexirules.law import access, scope, turns
from flexirules.law.ruleset import Era, Ruleset, current
from flexirules.law.scope import Place
from flexirules.predicate import MET, NOT_MET, UNKNOWN
from flexirules.proof.groups import Group, link_group, ordinary, work_group
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector

__all__ = ["LawDiff", "Row", "diff"]

PARTS: Final = ("day", "counting", "work", "link", "link-of-an-agency", "sector", "sector-through-an-agency")
"""The parts of the law that are compared: the day itself, which work counts, work with pension and decisions, one link
in T, sector and function. A case in committee 322 without its agency is none of the sector's: the user decides."""


@attrs.frozen(kw_only=True)
class Row:
    """One class of cases.

    Args:
        part: one of ``PARTS``.
        name: the part and the place among its rows, by which the row and its witnesses are called.
        facts: what the cases of the class have in common, each fact with the values that it may have; a fact that is
            not named does not matter.
        before: the verdict of the part on the one day; ``unknown`` where the law is not settled. after: on the other.
        provisions: ids of the provisions by which they differ.
        witness_before: one case of the class on the one day, all else being ordinary. witness_after: on the other day.
    """

    part: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    before: Verdict
    after: Verdict
    provisions: tuple[str, ...]
    witness_before: Case
    witness_after: Case
    name: str = ""


@attrs.frozen(kw_only=True)
class LawDiff:
    """The law on two days: the classes of cases that differ, and the provisions that ended and began between them."""

    before: date
    after: date
    rows: tuple[Row, ...]
    ended: tuple[Provision, ...]
    began: tuple[Provision, ...]

    @property
    def without_effect(self) -> tuple[Provision, ...]:
        """The provisions that ended or began and by which no class of cases differs, by the readings in use."""
        cited = {name for row in self.rows for name in row.provisions}
        return tuple(each for each in (*self.ended, *self.began) if each.id not in cited)

    def to_html(self, *, language: str = ENGLISH) -> str:
        """A card of HTML, self-contained, in one of the four languages; a notebook shows the English one."""
        from flexirules.cards import diff_card

        return diff_card(self, language)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_document(self) -> dict[str, object]:
        """The JSON form as plain values."""
        from flexirules.document import case_to_document

        return {
            "before": self.before.isoformat(),
            "after": self.after.isoformat(),
            "rows": [
                {
                    "name": row.name,
                    "part": row.part,
                    "facts": {fact: list(values) for fact, values in row.facts},
                    "before": row.before.value,
                    "after": row.after.value,
                    "provisions": list(row.provisions),
                    "witness_before": case_to_document(row.witness_before),
                    "witness_after": case_to_document(row.witness_after),
                }
                for row in self.rows
            ],
            "ended": [f"{each.id} v{each.version}" for each in self.ended],
            "began": [f"{each.id} v{each.version}" for each in self.began],
            "without_effect": {f"{each.id} v{each.version}": each.informs for each in self.without_effect},
        }


def diff(before: date, after: date, *, law_before: Ruleset | None = None, law_after: Ruleset | None = None) -> LawDiff:
    """Every class of cases whose answer differs between two days, or between two rulesets.

    Args:
        before: the one day.
        after: the other; it may be the same where the rulesets differ.
        law_before: the ruleset read on ``before``; ``None``: that of this release.
        law_after: the same, on ``after``.

    Raises:
        InvalidInput: ``after`` lies before ``before``.

    >>> from datetime import date
    >>> {row.provisions for row in diff(date(2022, 5, 6), date(2022, 5, 7)).rows}
    {('L2015-4-1-d',)}
    """
    check_day("before", before)
    check_day("after", after)
    if after < before:
        raise InvalidInput("E-DIFF", "after", f"the second day is not before the first, as {after} is before {before}")
    one, other = (law_before or current()).on(before), (law_after or current()).on(after)
    rows = tuple(_rows(one, other, before, after)) if one is not other else ()
    places = {part: count(1) for part in PARTS}
    rows = tuple(attrs.evolve(row, name=f"{row.part}-{next(places[row.part])}") for row in rows)
    return LawDiff(
        before=before,
        after=after,
        rows=rows,
        ended=tuple(p for p in provisions() if p.effective_to is not None and before <= p.effective_to < after),
        began=tuple(p for p in provisions() if p.effective_from is not None and before < p.effective_from <= after),
    )


def _rows(one: Era, other: Era, before: date, after: date) -> Iterator[Row]:
    days = _inside(one, before), _inside(other, after)
    if before < FIRST_DAY <= after:
        yield Row(
            part="day",
            facts=(),
            before=Verdict.NOT_MET,
            after=Verdict.MET,
            provisions=("L2015-37",),
            witness_before=ordinary(one, before),
            witness_after=ordinary(other, days[1]),
        )
    if before < FIRST_DAY:
        return
    yield from _of_counting((one, other), days)
    yield from _of_trees("work", (work_group(one), work_group(other)), (one, other), days)
    for part, via_agency in (("link", False), ("link-of-an-agency", True)):
        groups = link_group(one, via_agency=via_agency), link_group(other, via_agency=via_agency)
        yield from _of_trees(part, groups, (one, other), days)
    for part, via_agency in (("sector", False), ("sector-through-an-agency", True)):
        yield from _of_places(part, (one, other), days, via_agency=via_agency)


def _inside(era: Era, day: date) -> date:
    """A day of the same law inside its quarter, so that a contract can end before it and begin after it."""
    quarter = Quarter.of(day)
    step = (day == quarter.first_day) - (day == quarter.last_day)
    moved = day + timedelta(step)
    return moved if era.law.on(moved) is era.law.on(day) else day


def _of_counting(eras: tuple[Era, Era], days: tuple[date, date]) -> Iterator[Row]:
    """Work that counts in T-3 under the one law and not under the other."""
    for status in sorted(eras[0].counting ^ eras[1].counting):
        counts = [status in era.counting for era in eras]
        named = {row.provision for era in eras for row in era.law.counting if row.status == status}
        first, last = (_working(status, era, day) for era, day in zip(eras, days, strict=True))
        yield Row(
            part="counting",
            facts=(("status", (status,)),),
            before=VERDICTS[MET if counts[0] else NOT_MET],
            after=VERDICTS[MET if counts[1] else NOT_MET],
            provisions=tuple(sorted(named)),
            witness_before=first,
            witness_after=last,
        )


def _working(status: str, era: Era, start: date) -> Case:
    """An ordinary case with full-time work of one kind in T-3, and no other."""
    case = ordinary(era, start)
    deferred = status == "deferred_pay"
    job = Employment(
        quarter=case.quarter - 3,
        employer="school",
        fraction=access.FULL_TIME,
        status="employee" if deferred else status,
        deferred_pay=deferred,
    )
    return attrs.evolve(case, worker=Worker(employments=(job,), pension=Pension(kind="none")))


def _of_trees(part: str, groups: tuple[Group, Group], eras: tuple[Era, Era], days: tuple[date, date]) -> Iterator[Row]:
    one, other = groups
    if one.ways == other.ways:
        return
    tables = Trees(one, {}, other.atoms()), Trees(other, {}, one.atoms())
    table = tables[0]
    for before, after, cells in _differing(tables[0].verdicts(), tables[1].verdicts()):
        for values, box in covering(table, cells):
            facts = table.cell(members(box)[0])
            yield Row(
                part=part,
                facts=tuple((NAMES.get(f, f), table.words(f, v)) for f, v in values.items()),
                before=VERDICTS[before],
                after=VERDICTS[after],
                provisions=_turned(tables[0].ways, tables[1].ways, box, MET if one.bars else NOT_MET),
                witness_before=one.case(facts, eras[0], days[0]),
                witness_after=other.case(facts, eras[1], days[1]),
            )


def _differing(one: tuple[int, ...], other: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Each pair of verdicts that differ, with the cells that are told them."""
    for before, mine in enumerate(one):
        for after, its in enumerate(other):
            if before != after and mine & its:
                yield before, after, mine & its


def _turned(one: Iterable[Saying], other: Iterable[Saying], cells: int, silent: int) -> tuple[str, ...]:
    """The provisions of ways and bars that say something else in some cells under the one law than under the other.

    ``silent``: the level of a way that opens nothing, or of a bar that bars nothing.
    """

    def said(ways: Iterable[Saying]) -> dict[tuple[tuple[str, ...], str], tuple[int, ...]]:
        return {(way.provisions, way.reason): tuple(reached & cells for reached in way.reach) for way in ways}

    nothing = tuple(cells * (level == silent) for level in range(4))
    mine, its = said(one), said(other)
    changed = (key for key in dict.fromkeys((*mine, *its)) if mine.get(key, nothing) != its.get(key, nothing))
    return tuple(dict.fromkeys(name for names, _ in changed for name in names))


def _told(reach: tuple[int, ...]) -> tuple[int, ...]:
    """Of each level the cells that are told it: where the law is open, that it is not known."""
    unsettled = several(reach)
    return tuple(unsettled if level == UNKNOWN else cells & ~unsettled for level, cells in enumerate(reach))


class _Pairs(Table):
    """Every employer and activity that the list of sectors of either law tells apart, with the answers of both."""

    def __init__(self, eras: tuple[Era, Era], *, via_agency: bool) -> None:
        self.eras, self.via_agency = eras, via_agency
        rows = tuple(row for era in eras for row in era.rows)
        kinds: dict[tuple[str, ...], str] = {}
        self.codes: dict[str, list[str]] = {}
        for code in dict.fromkeys((scope.ANY_OTHER, *sorted({r.jc for r in rows if r.jc not in ("", "*")}))):
            if via_agency or code != scope.AGENCY_COMMITTEE:
                first = kinds.setdefault(tuple(scope.like(code, era) for era in eras), code)
                self.codes.setdefault(first, []).append(code)
        kept: dict[tuple[frozenset[str], ...], str] = {}
        for code in ("00000", *sorted({row.nace.ljust(5, "0") for era in eras for row in era.nace})):
            kept.setdefault(tuple(scope.lists_of(code, era) for era in eras), code)
        self.nace = {code: frozenset[str]().union(*lists) for lists, code in kept.items()}
        tests = scope.tests(rows, eras[0])
        self.domains: dict[str, tuple[Value, ...]] = {
            "jc": tuple(self.codes),
            "public": (False, True),
            "lists": tuple(self.nace),
            "authority": tests.authorities,
            "fund": tests.funds,
            "activity": tests.activities,
        }
        self.answers = [cache(scope.scope), cache(scope.scope)]
        reach = [[0, 0, 0, 0], [0, 0, 0, 0]]
        for position in range(prod(map(len, self.domains.values()))):
            for mine, said in zip(reach, self.said(position), strict=True):
                for level in scope_levels(said):
                    mine[level] |= 1 << position
        self.told = tuple(_told(tuple(mine)) for mine in reach)
        super().__init__(self.domains, columns(self.domains), tuple(reach[0]))

    def said(self, position: int, code: str | None = None) -> Iterator[scope.Scope]:
        """What article 2 says of a cell on both days; in one of the committees that are alike."""
        values = self.cell(position)
        for era, answer in zip(self.eras, self.answers, strict=True):
            place = Place(
                jc=code or str(values["jc"]),
                public=bool(values["public"]),
                lists=scope.lists_of(str(values["lists"]), era),
                authority=str(values["authority"]),
                fund=bool(values["fund"]),
                activity=str(values["activity"]),
            )
            yield answer(place, era, self.via_agency)

    def cell(self, position: int) -> dict[str, Value]:
        """The facts of one cell."""
        return decoded(position, self.domains)

    def words(self, fact: str, values: frozenset[Value]) -> tuple[str, ...]:
        """How some of the values of a fact are told: every committee that rows name, activities by their lists."""
        if fact == "jc":
            codes = (code for value in values for code in self.codes[str(value)])
            return tuple(sorted(COMMITTEES.get(code, code) for code in codes))
        if fact == "lists":
            return tuple(sorted("+".join(sorted(self.nace[str(code)])) or ON_NO_LIST for code in values))
        return super().words(fact, values)

    def turned(self, cells: int) -> tuple[str, ...]:
        """The provisions of the rows that decide some cells on one day and not on the other, or in another version."""
        found: set[str] = set()
        for position in members(cells):
            for code in self.codes[str(self.cell(position)["jc"])]:
                one, other = map(self._cited, self.eras, self.said(position, code))
                found |= {name for name, _ in one ^ other}
        return tuple(sorted(found))

    def _cited(self, era: Era, said: scope.Scope) -> set[tuple[str, int]]:
        named = [*basis(said)]
        if self.via_agency and turns.OPEN_UNLESS_EXCLUDED not in era.turns:
            named.append(scope.BY_USER)
        return {(name, era.law.provision(name, era.day).version) for name in named}

    def case(self, position: int, era: Era, start: date) -> Case:
        """An ordinary case with the employer and the activity of a cell."""
        values = self.cell(position)
        code = str(values["jc"])
        sector = Sector(
            joint_committee=f"{code}.99" if scope.children(code, era) else code,
            nace=Nace(str(values["lists"]), "2008"),
            public=bool(values["public"]),
            authority=str(values["authority"]),
            bakery_fund=bool(values["fund"]),
        )
        return attrs.evolve(
            ordinary(era, start),
            employer=Employer("cafe", sector),
            function=Function(str(values["activity"])),
            agency=Agency("agency") if self.via_agency else None,
        )


def _of_places(part: str, eras: tuple[Era, Era], days: tuple[date, date], *, via_agency: bool) -> Iterator[Row]:
    if eras[0].rows == eras[1].rows and eras[0].nace == eras[1].nace and eras[0].turns == eras[1].turns:
        return
    table = _Pairs(eras, via_agency=via_agency)
    for before, after, cells in _differing(*table.told):
        for values, box in covering(table, cells):
            first, last = (table.case(members(box)[0], era, day) for era, day in zip(eras, days, strict=True))
            yield Row(
                part=part,
                facts=tuple((NAMES.get(f, f), table.words(f, v)) for f, v in values.items()),
                before=VERDICTS[before],
                after=VERDICTS[after],
                provisions=table.turned(box),
                witness_before=first,
                witness_after=last,
            )
