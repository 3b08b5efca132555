"""Predicates: the law as a tree of conditions that every use folds in its own way.

An atom compares **one fact with one constant**. All-of is the minimum of verdicts, any-of the maximum, on the ladder
not met 0, unknown 1, needs a written decision 2, met 3. There are six kinds of node and one ``fold``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import attrs

from flexirules.errors import UndecidedTruth
from flexirules.fraction import WorkFraction

NOT_MET: Final = 0
UNKNOWN: Final = 1
NEEDS_DECISION: Final = 2
MET: Final = 3

Constant = WorkFraction | int | str | bool | frozenset[str]
R = TypeVar("R")


class Predicate:
    """A condition of the law. Combine with ``&`` and ``|``; it has no truth of its own."""

    __slots__ = ()

    def __and__(self, other: "Predicate") -> "AllOf":
        return AllOf((*self.parts, other) if isinstance(self, AllOf) else (self, other))

    def __or__(self, other: "Predicate") -> "AnyOf":
        return AnyOf((*self.parts, other) if isinstance(self, AnyOf) else (self, other))

    def __bool__(self) -> bool:
        raise UndecidedTruth("E-TRUTH", "", "a predicate is neither true nor false: fold it over facts")


@attrs.frozen
class Atom(Predicate):
    """One fact compared with one constant: ``<``, ``<=``, ``>=``, ``==``, ``!=`` or ``in``."""

    fact: str
    operator: str
    constant: Constant


@attrs.frozen
class AllOf(Predicate):
    """Every part must hold; the lowest verdict is that of the whole."""

    parts: tuple[Predicate, ...]


@attrs.frozen
class AnyOf(Predicate):
    """One part is enough; the highest verdict is that of the whole."""

    parts: tuple[Predicate, ...]


@attrs.frozen
class Settled(Predicate):
    """Always this verdict: ``met``, ``not met``, or what only the NSSO can say in writing (2)."""

    rank: int


@attrs.frozen
class Open(Predicate):
    """Law that is not settled: unknown, and open both ways. No person can supply it."""

    point: str


@attrs.frozen
class Cited(Predicate):
    """A predicate with the provisions that say it, the first before all, and the reason code that it gives."""

    provisions: tuple[str, ...]
    reason: str
    part: Predicate


@attrs.frozen(order=False)
class Fact:
    """The handle of one fact: compared with a constant it makes an atom."""

    name: str

    def __lt__(self, constant: WorkFraction | int) -> Atom:
        return Atom(self.name, "<", constant)

    def __le__(self, constant: WorkFraction | int) -> Atom:
        return Atom(self.name, "<=", constant)

    def __ge__(self, constant: WorkFraction | int) -> Atom:
        return Atom(self.name, ">=", constant)

    def equals(self, constant: Constant) -> Atom:
        """The fact is exactly this."""
        return Atom(self.name, "==", constant)

    def differs(self, constant: Constant) -> Atom:
        """The fact is anything else."""
        return Atom(self.name, "!=", constant)

    def one_of(self, *constants: str) -> Atom:
        """The fact is one of these."""
        return Atom(self.name, "in", frozenset(constants))

    def yes(self) -> Atom:
        """The fact holds."""
        return Atom(self.name, "==", True)

    def no(self) -> Atom:
        """The fact does not hold."""
        return Atom(self.name, "==", False)


MET_ALWAYS: Final = Settled(MET)
NEVER: Final = Settled(NOT_MET)
WRITTEN_DECISION: Final = Settled(NEEDS_DECISION)


def fold(
    node: Predicate,
    atom: Callable[[Atom], R],
    settled: Callable[[int], R],
    open_point: Callable[[str], R],
    every: Callable[[list[R]], R],
    some: Callable[[list[R]], R],
    cited: Callable[[Cited, R], R],
) -> R:
    """One pass over a tree: the only traversal there is. Every use of the law is a set of six functions."""

    def go(node: Predicate) -> R:
        match node:
            case Atom():
                return atom(node)
            case Settled(rank):
                return settled(rank)
            case Open(point):
                return open_point(point)
            case AllOf(parts):
                return every([go(part) for part in parts])
            case AnyOf(parts):
                return some([go(part) for part in parts])
            case Cited():
                return cited(node, go(node.part))
            case _:
                raise TypeError(f"not a predicate: {node!r}")

    return go(node)


def holds(atom: Atom, value: object) -> bool:
    """Whether a known value satisfies an atom."""
    constant = atom.constant
    match atom.operator:
        case "==":
            return value == constant
        case "!=":
            return value != constant
        case "in":
            assert isinstance(constant, frozenset)
            return value in constant
    assert isinstance(value, WorkFraction | int)
    assert isinstance(constant, WorkFraction | int)
    # Of two that are ordered one is below the other, or not: "below" is the one comparison that fractions make at once.
    if atom.operator == "<":
        return value < constant
    if atom.operator == "<=":
        return not constant < value
    return not value < constant


def rank(node: Predicate, known: Callable[[Atom], bool | None], point: Callable[[str], bool | None]) -> int:
    """The verdict of a tree by strong Kleene logic on the ladder: ``None`` is not known."""
    return fold(
        node,
        atom=lambda a: _three(known(a)),
        settled=lambda verdict: verdict,
        open_point=lambda p: _three(point(p)),
        every=_lowest,
        some=_highest,
        cited=lambda _, verdict: verdict,
    )


def _lowest(verdicts: list[int]) -> int:
    return min(verdicts)


def _highest(verdicts: list[int]) -> int:
    return max(verdicts)


def _three(answer: bool | None) -> int:
    return UNKNOWN if answer is None else MET if answer else NOT_MET


def atoms(node: Predicate) -> frozenset[Atom]:
    """Every atom of a tree."""
    return fold(
        node,
        atom=lambda a: frozenset((a,)),
        settled=lambda _: frozenset(),
        open_point=lambda _: frozenset(),
        every=lambda parts: frozenset().union(*parts),
        some=lambda parts: frozenset().union(*parts),
        cited=lambda _, part: part,
    )


def points(node: Predicate) -> frozenset[str]:
    """Every unsettled point of law in a tree."""
    return fold(
        node,
        atom=lambda _: frozenset(),
        settled=lambda _: frozenset(),
        open_point=lambda p: frozenset((p,)),
        every=lambda parts: frozenset().union(*parts),
        some=lambda parts: frozenset().union(*parts),
        cited=lambda _, part: part,
    )


def citations(node: Predicate) -> tuple[Cited, ...]:
    """Every cited part of a tree, in the order of the law."""
    return fold(
        node,
        atom=lambda _: (),
        settled=lambda _: (),
        open_point=lambda _: (),
        every=lambda parts: sum(parts, ()),
        some=lambda parts: sum(parts, ()),
        cited=_with,
    )


def _with(cited: Cited, inner: tuple[Cited, ...]) -> tuple[Cited, ...]:
    return (cited, *inner)


Bits = Sequence[int]
"""Of each atom, by its place, the completions in which it holds, as the bits of one number."""
Compiled = Callable[[Bits, Mapping[str, int], int], int]
"""Of the bits of atoms, of each unsettled point and of all completions: the bits of those that come to a level."""
Ladders = tuple[Compiled, Compiled, Compiled]
"""A compiled tree at each level above not met."""
LEVELS: Final = (UNKNOWN, NEEDS_DECISION, MET)


def compiled(node: Predicate, places: Mapping[Atom, int]) -> Ladders:
    """A tree as functions over many completions at once: where it comes to unknown or more, 2 or more, and met.

    All-of is the minimum and any-of the maximum, so that at each level they are the bitwise and, and the bitwise or.
    """
    unknown, needed, met = (_at_least(level, node, places) for level in LEVELS)
    return unknown, needed, met


def levels(form: Ladders, bits: Sequence[Bits], points: Sequence[Mapping[str, int]], count: int) -> list[int]:
    """The level of so many completions, from the bits of atoms and of unsettled points at each level above not met."""
    every = (1 << count) - 1
    planes = [f"{at(of, known, every):0{count}b}" for at, of, known in zip(form, bits, points, strict=True)]
    return [_LEVEL[digits] for digits in zip(*(reversed(plane) for plane in planes), strict=True)]


_LEVEL: Final = {("0", "0", "0"): 0, ("1", "0", "0"): 1, ("1", "1", "0"): 2, ("1", "1", "1"): 3}
"""What comes to a level comes to all below it."""


def undecided(points: Sequence[str], count: int) -> list[dict[str, int]]:
    """Every unsettled point as it is, at each level: it comes to unknown and no further."""
    return [dict.fromkeys(points, ((1 << count) - 1) * (level == UNKNOWN)) for level in LEVELS]


def columns(truths: Sequence[Sequence[bool]], step: int = 1) -> list[int]:
    """Of each atom the completions in which it holds, so many bits apart, from the truths of each completion."""
    places = range(0, len(truths) * step, step)
    return [sum([1 << place for place, true in zip(places, column) if true]) for column in zip(*truths)]  # noqa: B905


def _at_least(level: int, node: Predicate, places: Mapping[Atom, int]) -> Compiled:
    return fold(
        node,
        atom=lambda a: _by_place(places[a]),
        settled=lambda verdict: _everywhere if verdict >= level else _nowhere,
        open_point=lambda name: lambda _bits, points, _every: points[name],
        every=_every,
        some=_some,
        cited=lambda _, part: part,
    )


def _everywhere(_bits: Bits, _points: Mapping[str, int], every: int) -> int:
    return every


def _nowhere(_bits: Bits, _points: Mapping[str, int], _every: int) -> int:
    return 0


def _by_place(place: int) -> Compiled:
    return lambda bits, _points, _every: bits[place]


def _every(parts: list[Compiled]) -> Compiled:
    def conjunction(bits: Bits, points: Mapping[str, int], every: int) -> int:
        found = every
        for part in parts:
            found &= part(bits, points, every)
            if not found:
                break
        return found

    return conjunction


def _some(parts: list[Compiled]) -> Compiled:
    def disjunction(bits: Bits, points: Mapping[str, int], every: int) -> int:
        found = 0
        for part in parts:
            found |= part(bits, points, every)
            if found == every:
                break
        return found

    return disjunction


def known_in(facts: Mapping[str, object]) -> Callable[[Atom], bool | None]:
    """Atoms over a mapping of facts; a fact that is absent or None is not known."""

    def known(atom: Atom) -> bool | None:
        value = facts.get(atom.fact)
        return None if value is None else holds(atom, value)

    return known
