"""Blocks: conditions that share facts, settled together over every completion of what is open.

Blocks share no fact with each other, so the outcome of a case is the minimum of theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

MOST_COMPLETIONS: Final = 20_000
"""Above so many completions of one block nothing is enumerated: what is open stays unknown."""

Axis = tuple[str, list[object]]
"""One open thing and the values that stand for all it may be.

A path begins with ``$``, or with a dot where it is relative to a list's entry; a point of law with neither.
"""


class Ladder(NamedTuple):
    """The ladder's verdict of one condition, its reason code and the provisions behind it."""

    rank: int
    reason: str
    provisions: tuple[str, ...] = ()


class Block(NamedTuple):
    """What became of some conditions.

    ``levels`` are the outcomes that completions reach. ``matters`` gives, for each path in which alone two completions
    differ with different outcomes, the lowest outcome that it can raise. ``automatic``: what the automatic check
    answers.
    """

    ladders: tuple[Ladder, ...]
    levels: frozenset[int]
    matters: tuple[tuple[str, int], ...] = ()
    automatic: frozenset[int] = frozenset()

    @property
    def rank(self) -> int:
        """The lowest verdict among the conditions."""
        return min((ladder.rank for ladder in self.ladders), default=3)


ALONE: Final = tuple(frozenset((level,)) for level in range(4))
"""The levels of a block that is settled."""
BOTH_WAYS: Final = frozenset((0, 3))


def settled(*ladders: Ladder) -> Block:
    """A block in which nothing is open."""
    return Block(ladders, ALONE[min(ladder.rank for ladder in ladders)])


def completed(
    ladders: tuple[Ladder, ...],
    keys: tuple[str, ...],
    outcomes: Mapping[tuple[int, ...], int],
    automatic: Iterable[int] = (),
) -> Block:
    """A block from the outcome of every completion, by the position of the value chosen on each axis."""
    return Block(ladders, frozenset(outcomes.values()), _mattering(keys, outcomes), frozenset(automatic))


def too_many(ladders: tuple[Ladder, ...], axes: list[Axis], automatic: Iterable[int] = ()) -> Block:
    """A block with more completions than are enumerated: all that is open is taken to matter."""
    paths = dict.fromkeys(key for key, _ in axes if key.startswith("$"))
    return Block(ladders, BOTH_WAYS, tuple((path, 0) for path in paths), frozenset(automatic))


def _mattering(keys: tuple[str, ...], outcomes: Mapping[tuple[int, ...], int]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    if len(set(outcomes.values())) == 1:
        return ()
    for position, key in enumerate(keys):
        if not key.startswith(("$", ".")):
            continue
        spans: dict[tuple[int, ...], tuple[int, int]] = {}
        for assignment, level in outcomes.items():
            rest = assignment[:position] + assignment[position + 1 :]
            low, high = spans.get(rest, (level, level))
            spans[rest] = min(low, level), max(high, level)
        lows = [low for low, high in spans.values() if low < high]
        if lows:
            found[key] = min(found.get(key, 3), *lows)
    return tuple(found.items())


def enumerate_axes(axes: list[Axis]) -> Iterator[tuple[tuple[int, ...], tuple[object, ...]]]:
    """Every choice of one value on each axis: the positions, and the values."""
    for choice in product(*(range(len(values)) for _, values in axes)):
        yield choice, tuple(axes[i][1][c] for i, c in enumerate(choice))


def size(axes: list[Axis]) -> int:
    """How many completions there are."""
    total = 1
    for _, values in axes:
        total *= len(values)
    return total


def reached(blocks: Iterable[Block]) -> frozenset[int]:
    """Every outcome that a completion of all blocks reaches."""
    found = {3}
    for block in blocks:
        found = {min(a, b) for a in found for b in block.levels}
    return frozenset(found)


def outcome(blocks: tuple[Block, ...]) -> int:
    """The one outcome that all completions reach; where they differ, the lowest verdict."""
    lowest = 3
    for block in blocks:
        levels = block.levels
        if len(levels) > 1:
            break
        for level in levels:
            lowest = min(lowest, level)
    else:
        return lowest
    found = reached(blocks)
    return min(found) if len(found) == 1 else min(block.rank for block in blocks)


def missing(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The paths in which alone two completions of all blocks differ, with outcomes that differ."""
    if len(reached(blocks)) == 1:
        return ()
    best = [max(block.levels) for block in blocks]
    found: set[str] = set()
    for position, block in enumerate(blocks):
        others = min((level for i, level in enumerate(best) if i != position), default=3)
        found.update(path for path, low in block.matters if low < others)
    return tuple(sorted(found))
