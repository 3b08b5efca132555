"""Blocks: conditions that share facts, settled together over every completion of what is open.

Blocks share no fact with each other, so the outcome of a case is the minimum of theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Final, NamedTuple

import attrs

MOST_COMPLETIONS: Final = 20_000
"""Above so many completions of one block nothing is enumerated: what is open stays unknown."""

Axis = tuple[str, list[object]]
"""One open thing and the values that stand for all it may be.

A path begins with ``$``, or with a dot where it is relative to a list's entry; a point of law with neither.
"""


class Ladder(NamedTuple):
    """The ladder's verdict of one condition, its reason code and the provisions behind it.

    ``confidence``: that of the row of the list of sectors that decides, if one does.
    """

    rank: int
    reason: str
    provisions: tuple[str, ...] = ()
    confidence: str = "law"


@attrs.frozen(eq=False)
class Block:
    """What became of some conditions.

    ``levels`` are the outcomes that completions reach, as bits, ``rank`` the lowest verdict. ``matters`` gives, for
    each path in which alone two completions differ with different outcomes, the lowest outcome that it can raise.
    ``automatic``: what the automatic check answers. ``shared``: kept for all cases of one cell.
    """

    ladders: tuple[Ladder, ...]
    levels: int
    rank: int
    matters: tuple[tuple[str, int], ...] = ()
    automatic: frozenset[int] = frozenset()
    shared: bool = False


class Side(NamedTuple):
    """Some open things: their axes' keys, and the class into which each choice of values falls."""

    keys: tuple[str, ...]
    classes: Mapping[tuple[int, ...], int]


class Link(NamedTuple):
    """What one link blocks: its block, with paths that begin at the link, and the verdicts that are not met or open.

    ``side``: its axes, the points of law last, with the outcome of each completion. ``hangs``: whether one depends on
    such a point. ``alone``: the blocks of a case that has no other link; empty where the paths depend on its place.
    """

    block: Block
    verdicts: dict[str, Ladder]
    side: Side
    hangs: bool
    alone: tuple[Block, ...] = ()


BOTH_WAYS: Final = (0, 3)
UP_TO: Final = tuple((1 << levels.bit_length()) - 1 for levels in range(16))
"""For each set of outcomes, as bits, all up to the highest."""
ONLY: Final = tuple(levels.bit_length() - 1 if levels.bit_count() == 1 else -1 for levels in range(16))
"""For each set of outcomes the only one, or -1."""


def block(
    ladders: tuple[Ladder, ...],
    levels: Iterable[int],
    matters: tuple[tuple[str, int], ...] = (),
    automatic: Iterable[int] = (),
    *,
    shared: bool = False,
) -> Block:
    """A block whose completions reach these outcomes."""
    bits = 0
    for level in levels:
        bits |= 1 << level
    return Block(
        ladders, bits, min((ladder.rank for ladder in ladders), default=3), matters, frozenset(automatic), shared
    )


def shared(block: Block) -> Block:
    """The same block, kept for all cases of its cell."""
    return attrs.evolve(block, shared=True)


def settled(*ladders: Ladder) -> Block:
    """A block in which nothing is open."""
    return block(ladders, [min(ladder.rank for ladder in ladders)], shared=True)


def completed(ladders: tuple[Ladder, ...], keys: tuple[str, ...], outcomes: Mapping[tuple[int, ...], int]) -> Block:
    """A block from the outcome of every completion, by the position of the value chosen on each axis."""
    return block(ladders, outcomes.values(), _mattering(Side(keys, outcomes), [(level,) for level in range(4)]))


def completed_by_sides(
    ladders: tuple[Ladder, ...], first: Side, second: Side, outcomes: list[tuple[int, ...]], automatic: Iterable[int]
) -> Block:
    """A block from two groups of axes that meet only in their classes: ``outcomes[class of one][of the other]``."""
    across = list(zip(*outcomes, strict=True))
    found = dict(_mattering(first, outcomes))
    for path, low in _mattering(second, across):
        found[path] = min(low, found.get(path, low))
    levels = {level for row in outcomes for level in row}
    return block(ladders, levels, tuple(found.items()), automatic)


def _mattering(side: Side, outcomes: list[tuple[int, ...]]) -> tuple[tuple[str, int], ...]:
    """The paths in which alone two completions differ with different outcomes, and the lowest outcome of such pairs."""
    # Classes with the same outcomes are one; of each pair it is asked once at which outcomes it first differs.
    rows: dict[tuple[int, ...], int] = {}
    same = [rows.setdefault(row, kind) for kind, row in enumerate(outcomes)]
    if len(rows) == 1:
        return ()
    lows: dict[tuple[int, int], int] = {}
    found: dict[str, int] = {}
    for position, key in enumerate(side.keys):
        if not key.startswith(("$", ".")):
            continue
        alike: dict[tuple[int, ...], set[int]] = {}
        for choice, kind in side.classes.items():
            alike.setdefault(choice[:position] + choice[position + 1 :], set()).add(same[kind])
        for pair in {pair for kinds in alike.values() if len(kinds) > 1 for pair in combinations(sorted(kinds), 2)}:
            low = lows.get(pair)
            if low is None:
                one, other = (outcomes[kind] for kind in pair)
                low = lows[pair] = min(min(a, b) for a, b in zip(one, other, strict=True) if a != b)
            if low < found.get(key, 4):
                found[key] = low
    return tuple(found.items())


def sharing(sides: Mapping[str, Side], points: int) -> Block:
    """A block from groups of axes, each by the path of its node, that have so many points of law in common: the last.

    However a point is decided, it is decided for all of them.
    """
    levels: set[int] = set()
    found: dict[str, int] = {}
    for decided in product((0, 1), repeat=points):
        mine = {
            at: {choice: outcome for choice, outcome in side.classes.items() if choice[-points:] == decided}
            for at, side in sides.items()
        }
        lowest = {3}
        for outcomes in mine.values():
            # One after the other: there are far too many combinations of the completions of all.
            lowest = {min(pair) for pair in product(lowest, set(outcomes.values()))}
        levels |= lowest
        highest = {at: max(outcomes.values()) for at, outcomes in mine.items()}
        first, second = sorted((*highest.values(), 3))[:2]
        for at, outcomes in mine.items():
            others = second if highest[at] == first else first
            for path, low in _mattering(Side(sides[at].keys, outcomes), [(level,) for level in range(4)]):
                if low < others:
                    found[at + path] = min(low, found.get(at + path, 3))
    return block((), levels, tuple(found.items()))


def too_many(ladders: tuple[Ladder, ...], axes: list[Axis], automatic: Iterable[int] = ()) -> Block:
    """A block with more completions than are enumerated: all that is open is taken to matter."""
    paths = dict.fromkeys(key for key, _ in axes if key.startswith("$"))
    return block(ladders, BOTH_WAYS, tuple((path, 0) for path in paths), automatic)


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


def reached(blocks: Iterable[Block]) -> int:
    """The outcomes that completions of all blocks reach, as a set of bits: what one reaches and no other undercuts."""
    anyone, everyone = 0, 15
    for each in blocks:
        levels = each.levels
        anyone |= levels
        everyone &= UP_TO[levels]
    return anyone & everyone


def outcome(blocks: tuple[Block, ...]) -> int:
    """The one outcome that all completions reach; where they differ, the lowest verdict."""
    only = ONLY[reached(blocks)]
    if only >= 0:
        return only
    lowest = min([each.rank for each in blocks])
    # Where completions differ some verdict is open, and nothing that is settled alone forces an answer.
    assert 0 < lowest < 3
    return lowest


def missing(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The paths in which alone two completions of all blocks differ, with outcomes that differ."""
    if ONLY[reached(blocks)] >= 0:
        return ()
    best = [each.levels.bit_length() - 1 for each in blocks]
    found: set[str] = set()
    for position, each in enumerate(blocks):
        others = min((level for i, level in enumerate(best) if i != position), default=3)
        found.update(path for path, low in each.matters if low < others)
    return tuple(sorted(found))
