"""The cells of each part of the law as bits: which agree with a value of a fact, and to which outcome each can come.

A part is what shares no fact with the rest: work with pension and decisions, one link in T, that there is no further
link, the day with the legislation and the papers, and the sector with the function. A cell has one bit, the same in
every number.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby, product
from typing import Final, NamedTuple

import attrs

from flexirules.explain.sets import members
from flexirules.fraction import WorkFraction
from flexirules.law import scope
from flexirules.law.access import FULL_TIME
from flexirules.law.formalities import AGENCY, AHEAD
from flexirules.law.ruleset import Era
from flexirules.law.scope import Place
from flexirules.predicate import MET, NEEDS_DECISION, NOT_MET, Atom, Cited, atoms, citations, compiled, holds
from flexirules.proof.groups import OTHER, Group, just_below, link_group, papers_group, runs, work_group
from flexirules.proof.obligations import each_place

Value = object
NO_MORE: Final = "no-more"
ANOTHER_THAT_BARS: Final = "another-that-bars"
SAID_ONCE_MORE: Final = "no_decision"
"""Whether there is no decision is the decision said once more, and no fact of its own."""


WORK: Final = "work"
ONE_PART_OF_ANOTHER: Final = ("belgian_work", "counted_work", "volume_t3")
"""Sums of work in T-3 each of which is part of the next."""
ANY_OTHER: Final = "other"
NOT_ALL_NAMED: Final = {fact: OTHER[fact] for fact in ("legislation", "pension_kind")}
"""Facts that can be other words than the law names, with the one that stands for all of those."""
TIMINGS: Final = ("before-T-1", "by-the-start", "inside-T", "after-T")
"""When a pension begins, as words: ``BEFORE_T1``, ``BY_START``, ``INSIDE_T``, ``AFTER_T``."""


class Table:
    """The cells of one part.

    ``facts``: their names; ``values``: of each the values that stand for all; ``every``: all cells; ``reach``: of each
    level (0 to 3) the cells that can come to it, law that is not settled being open both ways.
    """

    def __init__(
        self, values: Mapping[str, tuple[Value, ...]], at: Mapping[str, Mapping[Value, int]], reach: tuple[int, ...]
    ) -> None:
        self.facts = tuple(values)
        self.values = values
        self.reach = reach
        self.every = reach[NOT_MET] | reach[NEEDS_DECISION] | reach[MET]
        self._at = at

    def at(self, fact: str, value: Value) -> int:
        """The cells in which a fact has a value."""
        return self._at[fact][value]

    def at_any(self, fact: str, values: Iterable[Value]) -> int:
        """The cells in which a fact has one of these values."""
        return union(self.at(fact, value) for value in values)

    def agree(self, fact: str, known: Iterable[Value]) -> int:
        """The cells that agree with what is known of a fact: that it has one of these values, as the table has them."""
        return self.at_any(fact, known)

    def words(self, fact: str, values: frozenset[Value]) -> tuple[str, ...]:
        """How some of the values of a fact are told."""
        return tuple(spell(fact, value) for value in self.values[fact] if value in values)

    def not_only(self, levels: Iterable[int]) -> int:
        """The cells that can come to another level than these."""
        found = 0
        for level, cells in enumerate(self.reach):
            if level not in levels:
                found |= cells
        return found

    def levels(self, cells: int) -> frozenset[int]:
        """The levels to which some cells can come."""
        return frozenset(level for level, reached in enumerate(self.reach) if reached & cells)


def spell(fact: str, value: Value) -> str:
    """A value of a fact as text."""
    if fact == "pension_timing":
        return TIMINGS[_number(value)]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


class Trees(Table):
    """The cells of conditions that are trees."""

    def __init__(self, group: Group, only: Mapping[str, frozenset[Value]], also: frozenset[Atom] = frozenset()) -> None:
        self._atoms = group.atoms() | also
        self._runs = {name: self._pieces(name) for name in sorted({atom.fact for atom in self._atoms})}
        domains: dict[str, tuple[Value, ...]] = {
            name: tuple(run[0] for run in found if name not in only or run[0] in only[name])
            for name, found in self._runs.items()
        }
        self._domains, self._group = domains, group
        at = columns(domains)
        possible = _possible(group, domains)
        self._ways, reach = _reach(group, at, possible)
        super().__init__({name: values for name, values in domains.items() if name != SAID_ONCE_MORE}, at, reach)

    def _pieces(self, name: str) -> tuple[tuple[Value, ...], ...]:
        if name not in ONE_PART_OF_ANOTHER:
            return runs(name, self._atoms)
        # What is part of another is cut where that is cut, so that the more of the two can be told.
        return runs(WORK, frozenset(attrs.evolve(a, fact=WORK) for a in self._atoms if a.fact in ONE_PART_OF_ANOTHER))

    def piece(self, fact: str, value: Value) -> Value:
        """The value that stands for this one: of numbers the first of the piece in which it lies."""
        found = self._runs[fact]
        if isinstance(value, WorkFraction) and not any(value in run for run in found):
            marks = sorted(mark for mark in self._marks(fact) if isinstance(mark, WorkFraction))
            above = next((mark for mark in (*marks, FULL_TIME) if value < mark), None)
            value = just_below(above) if above is not None else found[-1][-1]
        elif type(value) is int and not any(value in run for run in found):
            value = found[0][0] if value < _number(found[0][0]) else found[-1][-1]
        # A word that the law does not name is like any other that it does not name.
        return next((run[0] for run in found if value in run), found[-1][0])

    def words(self, fact: str, values: frozenset[Value]) -> tuple[str, ...]:
        """How some of the values of a fact are told: numbers as what they are compared to."""
        candidates = [(candidate, run[0] in values) for run in self._runs[fact] for candidate in run]
        if fact == "age" or isinstance(candidates[0][0], WorkFraction):
            return tuple(_spans(candidates, self._marks(fact)))
        found = (ANY_OTHER if c == NOT_ALL_NAMED.get(fact) else spell(fact, c) for c, inside in candidates if inside)
        return tuple(found)

    def cell(self, position: int) -> dict[str, Value]:
        """The facts of one cell."""
        return decoded(position, self._domains)

    def verdicts(self) -> tuple[int, ...]:
        """Of each level the cells that are told it: the one to which they come, or where law is open the ladder's."""
        return _told(self._group, self._at, self.reach, self.every)

    @property
    def ways(self) -> "tuple[Saying, ...]":
        """Every way and bar."""
        return self._ways

    def standing(self, fact: str, cells: int, levels: Iterable[int]) -> tuple[str, ...]:
        """The provisions that compare a fact and come to one of some levels, the same in all of some cells."""
        alone = [frozenset((level,)) for level in levels]
        return _named(way for way in self._ways if fact in way.facts and way.levels(cells) in alone)

    def turning(self, fact: str, before: int, after: int) -> tuple[str, ...]:
        """The provisions that compare a fact and come to other levels in some cells than in others."""
        return _named(way for way in self._ways if fact in way.facts and way.levels(before) != way.levels(after))

    def _marks(self, fact: str) -> frozenset[object]:
        alike = ONE_PART_OF_ANOTHER if fact in ONE_PART_OF_ANOTHER else (fact,)
        return frozenset(atom.constant for atom in self._atoms if atom.fact in alike)


def _number(value: Value) -> int:
    assert isinstance(value, int)
    return value


def _spans(candidates: list[tuple[Value, bool]], marks: frozenset[object]) -> Iterator[str]:
    """Numbers that are in, of all in order: each run of them as what it lies between."""
    values = [value for value, _ in candidates]
    for inside, run in groupby(range(len(values)), key=lambda position: candidates[position][1]):
        if inside:
            places = [*run]
            low, high = places[0], places[-1]
            bounds = []
            if low > 0:
                bounds.append(f">= {values[low]}" if values[low] in marks else f"> {values[low - 1]}")
            if high + 1 < len(values):
                # What stands for all below a mark is followed by that mark.
                bounds.append(f"<= {values[high]}" if values[high] in marks else f"< {values[high + 1]}")
            point = len(bounds) == 2 and bounds[0][3:] == bounds[1][3:]
            yield f"== {values[low]}" if point else " and ".join(bounds)


def columns(domains: Mapping[str, tuple[Value, ...]]) -> dict[str, dict[Value, int]]:
    """Of each value of each fact the cells that have it: all combinations in order, the last fact changing first."""
    size = 1
    for values in domains.values():
        size *= len(values)
    found: dict[str, dict[Value, int]] = {}
    period, every = size, (1 << size) - 1
    for name, values in domains.items():
        stride = period // len(values)
        repeated = every // ((1 << period) - 1)
        run = (1 << stride) - 1
        found[name] = {value: (run << stride * place) * repeated for place, value in enumerate(values)}
        period = stride
    return found


def decoded(position: int, domains: Mapping[str, tuple[Value, ...]]) -> dict[str, Value]:
    """The values of one of all combinations."""
    found: dict[str, Value] = {}
    for name, values in reversed([*domains.items()]):
        position, place = divmod(position, len(values))
        found[name] = values[place]
    return found


def _possible(group: Group, domains: Mapping[str, tuple[Value, ...]]) -> int:
    """The cells that can be."""
    possible = 0
    for place, values in enumerate(product(*domains.values())):
        if group.feasible(dict(zip(domains, values, strict=True))):
            possible |= 1 << place
    return possible


class Saying(NamedTuple):
    """One way or bar of a condition: its provisions, the facts that it compares, and to what it can come where."""

    provisions: tuple[str, ...]
    reason: str
    facts: frozenset[str]
    reach: list[int]

    def levels(self, cells: int) -> frozenset[int]:
        """The levels to which it can come in some cells; of a bar that holds, not met."""
        return frozenset(level for level, reached in enumerate(self.reach) if reached & cells)


def _reach(
    group: Group, at: Mapping[str, Mapping[Value, int]], every: int
) -> tuple[tuple[Saying, ...], tuple[int, ...]]:
    """What each way says, and of each level the cells that can come to it.

    That is the lowest of the conditions, each the best of its ways; what bars is not met where it holds.
    """
    places, bits = _bits(group, at)
    ways = [[(_saying(way), compiled(way, places)) for way in ways] for ways in group.ways.values()]
    names = group.points()
    found = [0, 0, 0, 0]
    for decided in product((0, every), repeat=len(names)):
        points = dict(zip(names, decided, strict=True))
        needed = met = every
        for condition in ways:
            some_needed = some_met = 0
            for saying, (_, to_needed, to_met) in condition:
                mine, sure = every & to_needed(bits, points, every), every & to_met(bits, points, every)
                some_needed, some_met = some_needed | mine, some_met | sure
                # No bar is one that a written decision would settle.
                _add(saying.reach, every, *((every & ~sure, every & ~sure) if group.bars else (mine, sure)))
            needed &= ~some_met if group.bars else some_needed
            met &= ~some_met if group.bars else some_met
        _add(found, every, needed, met)
    return tuple(saying for condition in ways for saying, _ in condition), tuple(found)


def several(reach: tuple[int, ...]) -> int:
    """The cells that can come to more than one level."""
    return union(one & other for place, one in enumerate(reach) for other in reach[:place])


def _told(group: Group, at: Mapping[str, Mapping[Value, int]], reach: tuple[int, ...], every: int) -> tuple[int, ...]:
    """Of each level the cells that are told it: all-of is the lowest, any-of the highest, what is open is unknown."""
    places, bits = _bits(group, at)
    names = group.points()
    undecided, closed = dict.fromkeys(names, every), dict.fromkeys(names, 0)
    known = needed = met = every
    for ways in group.ways.values():
        forms = [compiled(way, places) for way in ways]
        some = [
            union(every & form[level](bits, points, every) for form in forms)
            for level, points in enumerate((undecided, closed, closed))
        ]
        if group.bars:
            some = [every & ~some[2], every & ~some[0], every & ~some[0]]
        known, needed, met = known & some[0], needed & some[1], met & some[2]
    open_cells = several(reach)
    ladder = (every & ~known, known & ~needed, needed & ~met, met)
    return tuple(mine & open_cells | settled & ~open_cells for mine, settled in zip(ladder, reach, strict=True))


def _bits(group: Group, at: Mapping[str, Mapping[Value, int]]) -> tuple[dict[Atom, int], list[int]]:
    """Every comparison with its place, and the cells in which it holds."""
    every = sorted(group.atoms(), key=repr)
    places = {atom: place for place, atom in enumerate(every)}
    return places, [union(cells for value, cells in at[a.fact].items() if holds(a, value)) for a in every]


def _add(reach: list[int], every: int, needed: int, met: int) -> None:
    """Add the cells that come to each level to those that can."""
    reach[NOT_MET] |= every & ~needed
    reach[NEEDS_DECISION] |= needed & ~met
    reach[MET] |= met


def _saying(way: Cited) -> Saying:
    cited = citations(way)
    named = dict.fromkeys(name for part in cited for name in part.provisions)
    facts = {atom.fact for atom in atoms(way)}
    return Saying(
        tuple(named), way.reason, frozenset("decision" if f == SAID_ONCE_MORE else f for f in facts), [0, 0, 0, 0]
    )


def _named(sayings: Iterable[Saying]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for saying in sayings for name in saying.provisions))


def union(cells: Iterable[int]) -> int:
    """All cells of several sets."""
    found = 0
    for each in cells:
        found |= each
    return found


COMMITTEES: Final = {
    scope.ANY_OTHER: ANY_OTHER,
    scope.USER_ADMITTED: "322-user-admitted",
    scope.USER_NOT_ADMITTED: "322-user-not-admitted",
}
"""The words for committees that no row names, and for the user that a case in committee 322 does not show."""
ON_NO_LIST: Final = "none"


class Places(Table):
    """The cells of sector and function: rows of a table, read by one matcher."""

    def __init__(self, era: Era, *, via_agency: bool) -> None:
        self._era, self._via_agency = era, via_agency
        self._places = tuple(_places(era, via_agency=via_agency))
        fields = ("jc", "public", "lists", "authority", "fund", "activity")
        at: dict[str, dict[Value, int]] = {field: {} for field in fields}
        reach = [0, 0, 0, 0]
        self._tests: list[scope.Tests] = []
        tested: dict[tuple[str, bool], scope.Tests] = {}
        for position, place in enumerate(self._places):
            bit = 1 << position
            for field in fields:
                value = getattr(place, field)
                at[field][value] = at[field].get(value, 0) | bit
            for level in scope_levels(scope.scope(place, era, via_agency)):
                reach[level] |= bit
            kind = (_committee(place.jc), place.public)
            if kind not in tested:
                tested[kind] = _tests(*kind, era)
            self._tests.append(tested[kind])
        self._cited: dict[tuple[int, tuple[str, ...] | None], tuple[str, ...]] = {}
        self._agreeing: dict[tuple[str, Value], int] = {}
        super().__init__({field: tuple(sorted(at[field], key=_order)) for field in fields}, at, tuple(reach))

    def agree(self, fact: str, known: Iterable[Value]) -> int:
        """The cells that agree with what is known of a fact: where no row tests it, all do."""
        return union(self._agree(fact, value) for value in known)

    def _agree(self, fact: str, value: Value) -> int:
        value = self._piece(fact, value)
        found = self._agreeing.get((fact, value))
        if found is None:
            pairs = enumerate(zip(self._places, self._tests, strict=True))
            found = union(1 << position for position, (place, tests) in pairs if _same(fact, value, place, tests))
            self._agreeing[fact, value] = found
        return found

    def _piece(self, fact: str, value: Value) -> Value:
        """The value that stands for this one: a committee that the rows match alike."""
        if fact == "jc" and value not in self._at["jc"]:
            return scope.like(str(value), self._era)
        return value

    def cited(self, cells: int, committees: tuple[str, ...] | None) -> tuple[str, ...]:
        """The provisions of the rows that decide some cells, in some committees; in each that is alike for None."""
        found = self._cited.get((cells, committees))
        if found is None:
            classes = scope.committee_classes(self._era)
            named: set[str] = set()
            for place in (self._places[position] for position in members(cells)):
                for code in classes.get(place.jc, (place.jc,)) if committees is None else committees:
                    named.update(basis(scope.scope(place._replace(jc=code), self._era, self._via_agency)))
            found = self._era.remember(self._cited, (cells, committees), tuple(sorted(named)))
        return found

    def words(self, fact: str, values: frozenset[Value]) -> tuple[str, ...]:
        """How some of the values of a fact are told: every committee that rows name, lists by their names."""
        if fact == "jc":
            classes = scope.committee_classes(self._era)
            codes = (code for value in values for code in classes.get(str(value), (str(value),)))
            return tuple(sorted(COMMITTEES.get(code, code) for code in codes))
        if fact == "lists":
            return tuple(
                sorted("+".join(sorted(value)) or ON_NO_LIST for value in values if isinstance(value, frozenset))
            )
        return super().words(fact, values)


def _order(value: Value) -> tuple[int, str]:
    return (len(value), ",".join(sorted(value))) if isinstance(value, frozenset) else (0, str(value))


def _committee(code: str) -> str:
    return scope.AGENCY_COMMITTEE if code in (scope.USER_ADMITTED, scope.USER_NOT_ADMITTED) else code


def _tests(code: str, public: bool, era: Era) -> scope.Tests:
    rows = (row for row in era.rows if scope.committee_matches(row, code) and row.public in (None, public))
    return scope.tests(rows, era)


def _places(era: Era, *, via_agency: bool) -> Iterator[Place]:
    """Every employer and activity that the list of sectors tells apart; of an agency without its user, both users."""
    for place in each_place(era):
        if place.jc == scope.AGENCY_COMMITTEE and not via_agency:
            yield place._replace(jc=scope.USER_ADMITTED)
            yield place._replace(jc=scope.USER_NOT_ADMITTED)
        else:
            yield place


def scope_levels(found: scope.Scope) -> tuple[int, ...]:
    """The outcomes to which a place can come: where its admission is not settled, both."""
    if found.sector == 1 and found.function:
        return (NOT_MET, MET)
    return (min(found.sector, found.function),)


def basis(found: scope.Scope) -> Iterator[str]:
    """The provisions of the rows that decide a place."""
    for row in (found.sector_row, found.function_row):
        if row is not None:
            yield row.basis
    if found.decree:
        yield found.decree


def _same(fact: str, value: Value, place: Place, tests: scope.Tests) -> bool:
    """Whether a place agrees with a value of a fact, as far as the rows that it can match test it."""
    mine = getattr(place, fact)
    if fact == "lists":
        assert isinstance(value, frozenset)
        return bool(value & frozenset[str]().union(*tests.lists) == mine)
    if fact == "authority":
        return bool(mine == value) if value in tests.authorities else bool(mine == tests.authorities[-1])
    if fact == "fund":
        return len(tests.funds) == 1 or bool(mine == value)
    return bool(mine == value)


def no_further_link(*, open_anyhow: bool) -> Table:
    """That there is no further link in T. ``open_anyhow``: by the reading in use, law that no case shows is open."""
    at: dict[str, dict[Value, int]] = {"links": {NO_MORE: 1, ANOTHER_THAT_BARS: 2}}
    return Table({"links": (NO_MORE, ANOTHER_THAT_BARS)}, at, (3 if open_anyhow else 2, 0, 0, 1))


@lru_cache(maxsize=64)
def work_table(era: Era) -> Trees:
    """The cells of work, pension and decisions."""
    return Trees(work_group(era), {})


@lru_cache(maxsize=64)
def link_table(era: Era, *, via_agency: bool) -> Trees:
    """The cells of one link in T."""
    return Trees(link_group(era, via_agency=via_agency), {})


@lru_cache(maxsize=64)
def papers_table(era: Era, *, via_agency: bool) -> Trees:
    """The cells of the day, the legislation and the papers."""
    group = papers_group(era)._replace(feasible=lambda facts: not (facts["filing"] == AHEAD and facts["blocked"]))
    agreements = frozenset((AGENCY,)) if via_agency else frozenset(group.facts()["agreement"]) - {AGENCY}
    return Trees(group, {"agreement": agreements})


@lru_cache(maxsize=64)
def places_table(era: Era, *, via_agency: bool) -> Places:
    """The cells of sector and function."""
    return Places(era, via_agency=via_agency)
