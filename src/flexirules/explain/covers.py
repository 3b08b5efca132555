"""Cells of a table told as few boxes, each as wide as they allow: rows of a decision table."""

from collections.abc import Iterator
from typing import Final

from flexirules.explain.sets import members
from flexirules.explain.tables import Table, Value, union

__all__ = ["Box", "covering"]

SEEDS: Final = 8
"""From so many cells boxes are made at a time, of which the one is kept that holds most."""

Box = tuple[dict[str, frozenset[Value]], int]


def covering(table: Table, cells: int) -> Iterator[Box]:
    """Some cells as few boxes, each as wide as they allow: the values of the facts that matter, and all its cells."""
    found = sorted(_wide(table, cells), key=lambda box: box[1].bit_count())
    for place, (values, box) in enumerate(found):
        # What wider boxes hold already needs no row of its own.
        if box & ~union(other for _, other in found[place + 1 :]):
            yield values, box


def _wide(table: Table, cells: int) -> Iterator[Box]:
    """Wide boxes that hold all of some cells: from each of a few cells, one fact after another, in several orders."""
    left, facts = cells, tuple(table.values)
    orders = [facts[turn:] + facts[:turn] for turn in range(len(facts))]
    while left:
        places = members(left)
        seeds = {1 << places[len(places) * share // SEEDS] for share in range(SEEDS)}
        found = [_widened(table, seed, table.every & ~cells, order) for seed in sorted(seeds) for order in orders]
        # The box that holds most of what is left; of equal ones the first.
        best = max(found, key=lambda box: (box[1] & left).bit_count())
        left &= ~best[1]
        yield best


def _widened(table: Table, seed: int, outside: int, order: tuple[str, ...]) -> Box:
    """The cell that is one bit, made a box as wide as it can be without a cell outside, fact by fact in an order."""
    chosen = {fact: {v for v in values if table.at(fact, v) & seed} for fact, values in table.values.items()}
    masks = {fact: table.at_any(fact, values) for fact, values in chosen.items()}
    for fact in order:
        rest = outside
        for other, mask in masks.items():
            if other != fact:
                rest &= mask
        chosen[fact] |= {value for value in table.values[fact] if not table.at(fact, value) & rest}
        masks[fact] = table.at_any(fact, chosen[fact])
    box = table.every
    for mask in masks.values():
        box &= mask
    return {fact: frozenset(v) for fact, v in chosen.items() if len(v) < len(table.values[fact])}, box
