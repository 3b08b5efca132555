"""Mutants of the law: every row and every tree changed in one small way, to see that someone would notice.

The tables and the trees are the law, and tools that mutate code do not touch them. A mutant that nobody notices is a
rule that nothing asks for; where it is proven, on every cell, to say what the law says, it is none.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

import attrs

from flexirules.dated import FIRST_DAY, Dated, NaceRow
from flexirules.fraction import WorkFraction
from flexirules.law import scope
from flexirules.law.ruleset import Era, Ruleset
from flexirules.predicate import (
    LEVELS,
    MET_ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    Atom,
    Cited,
    Open,
    Predicate,
    Settled,
    compiled,
    holds,
    points,
    undecided,
)
from flexirules.proof.groups import Facts, Group, check_group, link_group, papers_group, work_group
from flexirules.proof.obligations import places

DAY: Final = timedelta(1)
TABLES: Final = ("sectors", "nace", "counting", "exemption", "age_practice", "ties", "turns")
Ways = Mapping[str, tuple[Cited, ...]]
Readings = tuple[tuple[str, str], ...]


class Mutant(NamedTuple):
    """A law changed in one place: its name, the days on which that can show, and the law on such a day.

    ``same_law``: it shows as well on every other day of the era of these days.
    """

    name: str
    days: tuple[date, ...]
    on: Callable[[date, Readings], Era]
    same_law: bool = False


# ------------------------------------------------------------------------------------------------------- rows


def of_rows(law: Ruleset) -> Iterator[Mutant]:
    """Every row of every table dropped, moved by a day at either end, or changed in one field."""
    for table in TABLES:
        rows = getattr(law, table)
        for position, row in enumerate(rows):
            for change, days, mine in _changed(row, law):
                changed = attrs.evolve(law, **{table: (*rows[:position], *mine, *rows[position + 1 :])})  # type: ignore[arg-type]  # a table
                inside = tuple(day for day in dict.fromkeys(days) if FIRST_DAY - DAY <= day <= law.horizon)
                yield Mutant(f"{table} {_name(row)} {change}", inside, changed.on)


def _name(row: Dated) -> str:
    fields = ("id", "status", "condition", "list", "age", "latest", "name")
    name = next(str(getattr(row, field)) for field in fields if hasattr(row, field))
    since = f" from {row.effective_from}" if row.effective_from is not None else ""
    return f"{name} {row.nace}{since}" if isinstance(row, NaceRow) else f"{name}{since}"


def _changed(row: Dated, law: Ruleset) -> Iterator[tuple[str, tuple[date, ...], tuple[Dated, ...]]]:
    """What may become of a row, and the days on which that can show."""
    first, last = row.effective_from, row.effective_to
    begin, end = max(first or FIRST_DAY, FIRST_DAY), last or law.horizon
    span = (begin, *(day for day in law.eras if begin < day <= end), end)
    yield "dropped", span, ()
    if first is not None:
        yield "a day later", (first,), (attrs.evolve(row, effective_from=first + DAY),)
        yield "a day earlier", (first - DAY,), (attrs.evolve(row, effective_from=first - DAY),)
    if last is not None:
        yield "ended a day earlier", (last,), (attrs.evolve(row, effective_to=last - DAY),)
        yield "ended a day later", (last + DAY,), (attrs.evolve(row, effective_to=last + DAY),)
    for change, fields in _fields(row):
        yield change, span, (attrs.evolve(row, **fields),)  # type: ignore[arg-type]  # fields of the row


def _fields(row: Dated) -> Iterator[tuple[str, dict[str, object]]]:
    """The fields of a row in another way, one at a time."""
    values = attrs.asdict(row, recurse=False)
    for field, other in _OTHERS.items():
        if field in values:
            for value in other(values[field]):
                yield f"{field}={_shown(value)}", {field: value}


def _shown(value: object) -> str:
    return "+".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def _without_each(words: object) -> list[object]:
    assert isinstance(words, frozenset)
    return [words - {word} for word in sorted(words)]


def _near(number: object) -> list[object]:
    return [number - 1, number + 1] if isinstance(number, int) else []


def _near_size(size: object) -> list[object]:
    if not isinstance(size, WorkFraction):
        return [WorkFraction(1, 2)]
    return [None, moved(size, -1), moved(size, 1)]


def moved(mark: WorkFraction, steps: int) -> WorkFraction:
    """A fraction so many hundredths away."""
    return WorkFraction(mark.numerator * 100 + steps * mark.denominator, mark.denominator * 100)


_OTHERS: Final[dict[str, Callable[[object], list[object]]]] = {
    "effect": lambda value: [word for word in ("ALLOW", "DENY", "UNKNOWN") if value not in (word, "CAP")],
    "jc": lambda value: ["998"] if value not in ("", "*") else [],
    "public": lambda value: [not value] if value is not None else [],
    "nace_list": lambda value: [""] if value else [],
    "activity": lambda value: ["", "ordinary"] if value else [],
    "authority": lambda value: [""] if value else [],
    "bakery_fund": lambda value: [False] if value else [],
    "nace": lambda value: [str(value)[:-1], str(value) + "9"] if len(str(value)) < 5 else [str(value)[:-1]],
    "counts": lambda value: [not value],
    "latest": _near,
    "open_at": lambda value: [None] if value is not None else [2],
    "age": _near,
    "kinds": _without_each,
    "open_kinds": _without_each,
    "at_least": _near_size,
    "below": _near_size,
    "span": lambda value: [word for word in ("running", "begun") if word != value],
}
"""Of each field that decides what else it may hold."""


# ------------------------------------------------------------------------------------------------------ trees


GROUPS: Final[dict[str, Callable[[Era], Group]]] = {
    "work": work_group,
    "link": lambda era: link_group(era, via_agency=False),
    "link by an agency": lambda era: link_group(era, via_agency=True),
    "papers": papers_group,
    "check": check_group,
}


class OfTree(NamedTuple):
    """A mutant of a tree: the name of its group, and the group before and after."""

    mutant: Mutant
    name: str
    before: Group
    after: Group


def of_trees(law: Ruleset) -> Iterator[OfTree]:
    """Every tree of every era whose trees differ from those before, changed in one node."""
    seen: set[object] = set()
    for day in law.eras:
        era = law.on(day)
        for name, make in GROUPS.items():
            group = make(era)
            kind = (name, *group.ways.items(), *group.otherwise.items())
            if day < FIRST_DAY or kind in seen:
                continue
            seen.add(kind)
            for change, ways in _changed_ways(group.ways):
                after = group._replace(ways=ways)
                mutant = Mutant(f"{day} {name} {change}", (day,), _with_trees(law, name, after), same_law=True)
                yield OfTree(mutant, name, group, after)


def _with_trees(law: Ruleset, name: str, group: Group) -> Callable[[date, Readings], Era]:
    def changed(day: date, readings: Readings) -> Era:
        era = Era(law, law.on(day).day, readings)
        mine = dict(group.ways)
        if name == "work":
            era.__dict__.update(employment=mine["employment"], no_reduction=mine["no-reduction"])
        elif name == "check":
            [check] = mine["dimona"]
            era.__dict__["automatic_check"] = check.part
        elif name == "papers":
            era.__dict__["formalities"] = (mine, group.otherwise)
        else:
            own = name == "link by an agency"
            era.__dict__["_blocks"] = (era.blocks(False), mine) if own else (mine, era.blocks(True))
        return era

    return changed


def _changed_ways(ways: Ways) -> Iterator[tuple[str, Ways]]:
    """All ways of a group with one of them left out or changed in one node."""
    for condition, mine in ways.items():
        for position, way in enumerate(mine):
            before, after = mine[:position], mine[position + 1 :]
            if len(mine) > 1:
                yield f"{way.reason} left out", {**ways, condition: (*before, *after)}
            for change, part in _nodes(way.part):
                yield f"{way.reason}: {change}", {**ways, condition: (*before, attrs.evolve(way, part=part), *after)}


def _nodes(node: Predicate) -> Iterator[tuple[str, Predicate]]:
    """A tree changed in one node: each comparison, connective, mark and open point."""
    match node:
        case Atom():
            yield from _atoms(node)
        case Settled(rank):
            yield from ((f"{rank} becomes {other}", Settled(other)) for other in (0, 2, 3) if other != rank)
        case Open(point):
            yield from ((f"{point} settled", way) for way in (MET_ALWAYS, NEVER))
        case AllOf(parts) | AnyOf(parts):
            yield f"{type(node).__name__} turned", (AnyOf if isinstance(node, AllOf) else AllOf)(parts)
            for position, part in enumerate(parts):
                before, after = parts[:position], parts[position + 1 :]
                if before or after:
                    yield f"part {position + 1} left out", attrs.evolve(node, parts=(*before, *after))
                for change, changed in _nodes(part):
                    yield change, attrs.evolve(node, parts=(*before, changed, *after))
        case _:
            assert isinstance(node, Cited)
            yield from ((change, attrs.evolve(node, part=changed)) for change, changed in _nodes(node.part))


def _atoms(atom: Atom) -> Iterator[tuple[str, Predicate]]:
    """A comparison turned, taken strictly or loosely, or held against a neighbouring constant."""
    fact, operator, constant = atom.fact, atom.operator, atom.constant
    says = f"{fact} {operator} {_shown(constant)}"
    turned = {">=": "<", "<": ">=", "==": "!=", "!=": "==", "in": "in", "<=": "<="}[operator]
    if turned != operator:
        yield f"{says} turned", Atom(fact, turned, constant)
    if operator == ">=":
        yield f"{says} strictly", AllOf((atom, Atom(fact, "!=", constant)))
    if operator == "<":
        yield f"{says} loosely", AnyOf((atom, Atom(fact, "==", constant)))
    if isinstance(constant, WorkFraction):
        for steps in (-1, 1):
            yield f"{says} {steps:+}/100", Atom(fact, operator, moved(constant, steps))
    elif isinstance(constant, frozenset):
        for word in sorted(constant):
            yield f"{says} without {word}", Atom(fact, operator, constant - {word})
    elif type(constant) is int:
        for steps in (-1, 1):
            yield f"{says} {steps:+}", Atom(fact, operator, constant + steps)


# ------------------------------------------------------------------------------------------------ equivalence


class Cells:
    """The cells of a group, to compare what trees come to on all of them at once."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.facts: list[Facts] = list(group.cells(edges=True))
        self.every = (1 << len(self.facts)) - 1
        self._bits: dict[Atom, int] = {}

    def bits(self, atom: Atom) -> int:
        """The cells in which a comparison holds."""
        if atom not in self._bits:
            self._bits[atom] = sum(1 << i for i, cell in enumerate(self.facts) if holds(atom, cell[atom.fact]))
        return self._bits[atom]

    def observed(self, group: Group) -> list[int]:
        """Of each condition the cells that come to each level: settled where every way to decide open law agrees."""
        names = tuple(sorted({name for tree in (*self.group.trees(), *group.trees()) for name in points(tree)}))
        choices = [
            [dict(zip(names, choice, strict=True))] * len(LEVELS)
            for choice in product((0, self.every), repeat=len(names))
        ]
        found = []
        for ways in group.ways.values():
            asked = sorted({atom for way in ways for atom in Group.atoms(group._replace(ways={"": (way,)}))}, key=repr)
            places_of = {atom: place for place, atom in enumerate(asked)}
            bits = [self.bits(atom) for atom in asked]
            forms = [compiled(way, places_of) for way in ways]
            *each, as_open = (
                [self._any(form[level] for form in forms)(bits, known[level], self.every) for level in range(3)]
                for known in (*choices, [{n: self.every * v for n, v in u.items()} for u in undecided(names, 1)])
            )
            differing = 0
            for planes in each[1:]:
                for plane, first in zip(planes, each[0], strict=True):
                    differing |= plane ^ first
            found += [(first & ~differing) | (plane & differing) for first, plane in zip(each[0], as_open, strict=True)]
        return found

    @staticmethod
    def _any(forms: Iterator[Callable[..., int]]) -> Callable[..., int]:
        mine = list(forms)

        def either(*given: object) -> int:
            found = 0
            for form in mine:
                found |= form(*given)
            return found

        return either

    @cached_property
    def now(self) -> list[int]:
        """What the law itself comes to."""
        return self.observed(self.group)

    def differing(self, changed: Group) -> int:
        """The cells in which another group comes to something else."""
        found = 0
        for mine, other in zip(self.now, self.observed(changed), strict=True):
            found |= mine ^ other
        return found


def same(one: Era, other: Era) -> bool:
    """Whether two laws are proven to say the same on every cell: of all trees, all places, and what counts."""
    if (one.counting, one.turns, _listed(one)) != (other.counting, other.turns, _listed(other)):
        return False
    for make in GROUPS.values():
        first, second = make(one), make(other)
        if first.ways == second.ways:
            continue
        if first.ways.keys() != second.ways.keys() or first.facts().keys() != second.facts().keys():
            return False
        if Cells(first).differing(second):
            return False
    # What is listed is the same: where the rows are too, every place is.
    return one.rows == other.rows or all(_alike(p, one, other) for era in (one, other) for p, _ in places(era))


def _listed(era: Era) -> frozenset[tuple[str, str]]:
    """The codes on the lists of main activities that a row asks for."""
    asked = {scope.list_of(row, era.readings) for row in era.rows}
    return frozenset((row.list, row.nace) for row in era.nace if row.list in asked)


def _alike(place: scope.Place, one: Era, other: Era) -> bool:
    # Of an employer in the committee of agencies it is asked which agency, and what it is itself does not decide.
    for agency in (True,) if place.jc == scope.AGENCY_COMMITTEE else (False, True):
        first, second = scope.scope(place, one, agency), scope.scope(place, other, agency)
        if (first.sector, first.function) != (second.sector, second.function):
            return False
    return True
