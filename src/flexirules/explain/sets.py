"""Smallest sets: which facts have to change for an answer to change, and which alone keep it.

Sets of facts are the bits of a number. A set of facts forces an answer if every cell that agrees with them has it; a
set can change an answer if some cell that agrees with all other facts has another. The smallest of the one kind are
the smallest that meet each of the other kind.
"""

from collections.abc import Iterable, Sequence


def smallest_changes(agree: Sequence[int], against: int) -> tuple[int, ...]:
    """The smallest sets of facts of which a change reaches a cell that is against the answer.

    ``agree``: of each fact the cells that agree with it; ``against``: the cells with another answer.
    """
    found: list[int] = []

    def go(position: int, cells: int, changed: int) -> None:
        if not cells or any(known & changed == known for known in found):
            return
        if position == len(agree):
            found.append(changed)
            return
        go(position + 1, cells & agree[position], changed)
        go(position + 1, cells, changed | 1 << position)

    go(0, against, 0)
    return smallest(found)


def hitting(sets: Iterable[int]) -> tuple[int, ...]:
    """The smallest sets that have something in common with each of these; of none at all the empty one alone."""
    found: tuple[int, ...] = (0,)
    for each in sets:
        missed = [hit for hit in found if not hit & each]
        facts = [1 << position for position in range(each.bit_length()) if each >> position & 1]
        found = smallest((*(hit for hit in found if hit & each), *(hit | fact for hit in missed for fact in facts)))
    return found


def smallest(sets: Iterable[int]) -> tuple[int, ...]:
    """Those that hold no other, the smallest first."""
    found: list[int] = []
    for each in sorted(set(sets), key=lambda mask: (mask.bit_count(), mask)):
        if not any(known & each == known for known in found):
            found.append(each)
    return tuple(found)


def members(mask: int) -> tuple[int, ...]:
    """The places of the facts in a set."""
    # By its digits: to shift a number of many thousand bits once for each of them takes long.
    return tuple(position for position, digit in enumerate(f"{mask:b}"[::-1]) if digit == "1")


Box = tuple[frozenset[object], ...]
"""Some values of each of several facts: every combination of them."""


def boxes(points: Iterable[tuple[object, ...]]) -> tuple[Box, ...]:
    """Combinations of values as few boxes, which hold these and no other."""
    found: list[Box] = [tuple(frozenset((value,)) for value in point) for point in points]
    for position in range(len(found[0]) if found else 0):
        merged: dict[Box, frozenset[object]] = {}
        for box in found:
            rest = box[:position] + box[position + 1 :]
            merged[rest] = merged.get(rest, frozenset()) | box[position]
        found = [(*rest[:position], values, *rest[position:]) for rest, values in merged.items()]
    return tuple(found)
