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
    if atom.operator == "<":
        return value < constant
    if atom.operator == "<=":
        return value <= constant
    return value >= constant


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


Verdicts = Sequence[int]
Compiled = Callable[[Verdicts, Callable[[str], int]], int]
"""A tree over the verdicts of its atoms, by their place, and the verdict given to each unsettled point."""


def compiled(node: Predicate, places: Mapping[Atom, int]) -> Compiled:
    """A tree as a function, for many completions of one case: each atom is looked up by its place.

    An atom is met 3, not met 0 or not known 1, and so is an unsettled point.
    """
    return fold(
        node,
        atom=lambda a: _by_place(places[a]),
        settled=lambda verdict: lambda _verdicts, _point: verdict,
        open_point=lambda name: lambda _verdicts, point: point(name),
        every=_every,
        some=_some,
        cited=lambda _, part: part,
    )


def _by_place(place: int) -> Compiled:
    return lambda verdicts, _point: verdicts[place]


def _every(parts: list[Compiled]) -> Compiled:
    def lowest(verdicts: Verdicts, point: Callable[[str], int]) -> int:
        found = MET
        for part in parts:
            found = min(found, part(verdicts, point))
            if found == NOT_MET:
                break
        return found

    return lowest


def _some(parts: list[Compiled]) -> Compiled:
    def highest(verdicts: Verdicts, point: Callable[[str], int]) -> int:
        found = NOT_MET
        for part in parts:
            found = max(found, part(verdicts, point))
            if found == MET:
                break
        return found

    return highest


def undecided(_: str) -> int:
    """Every unsettled point as it is: not known."""
    return UNKNOWN


def known_in(facts: Mapping[str, object]) -> Callable[[Atom], bool | None]:
    """Atoms over a mapping of facts; a fact that is absent or None is not known."""

    def known(atom: Atom) -> bool | None:
        value = facts.get(atom.fact)
        return None if value is None else holds(atom, value)

    return known
