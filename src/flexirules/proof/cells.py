"""Every cell of a group of conditions, decided once for all obligations."""

from itertools import product
from typing import NamedTuple

from flexirules.law.ruleset import Era
from flexirules.predicate import LEVELS, MET, NOT_MET, columns, compiled, holds, levels, undecided
from flexirules.proof.groups import Facts, Group


class Cell(NamedTuple):
    """The facts of a cell, and the level of every way for each way to decide the open points, and undecided.

    ``truths``: of each atom of the group. ``verdicts``: those of the conditions for each way to decide the open points;
    ``outcomes`` the lowest of them.
    """

    facts: Facts
    truths: tuple[bool, ...]
    decided: tuple[tuple[tuple[int, ...], ...], ...]
    undecided: tuple[tuple[int, ...], ...]
    verdicts: tuple[tuple[int, ...], ...]
    outcomes: tuple[int, ...]


class Proven(NamedTuple):
    """A group with its cells, decided once for all obligations."""

    group: Group
    cells: list[Cell]

    def thinned(self) -> "Proven":
        """Without the cells in which every comparison comes out as in another."""
        return Proven(self.group, [*{cell.truths: cell for cell in reversed(self.cells)}.values()][::-1])

    def undecided(self, cell: Cell) -> tuple[int, ...]:
        """The verdicts of the conditions where no open point is decided."""
        return tuple(_verdict(self.group, ways) for ways in cell.undecided)

    def answers(self, cell: Cell) -> list[int]:
        """What evaluate() should say: the verdict on which all agree, or the undecided one."""
        columns = zip(*cell.verdicts, strict=True)
        pairs = zip(columns, self.undecided(cell), strict=True)
        return [column[0] if len(set(column)) == 1 else undecided for column, undecided in pairs]

    def smallest(self, cells: list[Cell], era: Era) -> str:
        """The shortest case among those of some cells, as JSON that ``flexirules evaluate`` reads; empty for none."""
        return min((self.group.case(cell.facts, era).to_json() for cell in cells[:MOST_WITNESSES]), key=len, default="")


MOST_WITNESSES = 500
"""Among so many cases the smallest is looked for."""


def _verdict(group: Group, ways: tuple[int, ...]) -> int:
    """The verdict of a condition from the levels of its ways: where they are bars, what bars is not met."""
    level = max(ways)
    return {NOT_MET: MET, MET: NOT_MET}.get(level, level) if group.bars else level


def decided(group: Group) -> Proven:
    """Every cell of a group, decided by the compiled form of the law, all cells at once."""
    every = sorted(group.atoms(), key=repr)
    places = {atom: place for place, atom in enumerate(every)}
    forms = [compiled(way, places) for ways in group.ways.values() for way in ways]
    widths = [len(ways) for ways in group.ways.values()]
    facts = list(group.cells())
    # A fact has few values: each is compared with each constant once.
    domains = group.facts()
    answers = [(atom.fact, {value: holds(atom, value) for value in domains[atom.fact]}) for atom in every]
    truths = [tuple([answer[cell[name]] for name, answer in answers]) for cell in facts]
    bits = [columns(truths)] * len(LEVELS)
    names = group.points()
    all_cells = (1 << len(facts)) - 1
    choices = [dict(zip(names, choice, strict=True)) for choice in product((0, all_cells), repeat=len(names))]

    def by_condition(points: list[dict[str, int]]) -> list[tuple[tuple[int, ...], ...]]:
        ways = [levels(form, bits, points, len(facts)) for form in forms]
        return [_parted(each, widths) for each in zip(*ways, strict=True)]

    each_way = zip(*(by_condition([choice] * len(LEVELS)) for choice in choices), strict=True)
    cells = []
    open_ways = by_condition(undecided(names, len(facts)))
    for cell, true, ways, open_way in zip(facts, truths, each_way, open_ways, strict=True):
        verdicts = tuple([tuple([_verdict(group, mine) for mine in conditions]) for conditions in ways])
        cells.append(Cell(cell, true, ways, open_way, verdicts, tuple(map(min, verdicts))))
    return Proven(group, cells)


def _parted(ways: tuple[int, ...], widths: list[int]) -> tuple[tuple[int, ...], ...]:
    """The levels of all ways, by condition."""
    found, rest = [], ways
    for width in widths:
        found.append(rest[:width])
        rest = rest[width:]
    return tuple(found)
