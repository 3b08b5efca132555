"""Terms made into the expressions of an engine: what several of them have in common is made once, in a step before."""

# ruff: noqa: ANN401 - an expression of an engine

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import narwhals as nw

from flexirules.frames.terms import Term, Truth

Types: TypeAlias = tuple[tuple[str, nw.dtypes.DType], ...]
"""The columns of a frame and their types."""
Wanted: TypeAlias = tuple[tuple[str, Term | bool], ...]
"""What is wanted, by the name that it gets."""
FACTOR: Final = 10
"""By so much a number is multiplied at most where it is compared in 32 bits."""
REMEMBERED: Final = 64
"""Of so many frames of different columns or quarters the expressions are kept."""
_LEAVES: Final = ("column", "constant", "flag")
VALUES: Final = frozenset(("column", "constant", "nothing", "number", "filled", "code", "said", "digits", "found")) | {
    *("worded", "alike", "bits", "added", "+", "-"),
}
"""The terms that are no truths."""
_NEVER_NULL: Final = VALUES - {"column", "number", "+", "-"} | {"missing", "not", "spaced", "within"}
_COMPARED: Final = frozenset(("<", "<=", ">", ">=", "==", "!=", "+", "-"))


class Engine(ABC):
    """The terms that are wanted, and the steps in which they are made."""

    def __init__(self, types: Types, wanted: Wanted, dense: frozenset[str], holds: Truth) -> None:
        self.types = dict(types)
        self.wanted = dict(wanted)
        self.holds = holds
        self.dense = dense
        self._names: dict[Term, str] = {}
        self._levels: dict[Term, int] = {}
        uses: Counter[Term] = Counter()
        for each in (*self.wanted.values(), holds):
            if isinstance(each, Term):
                self._count(each, uses)
        for each, number in uses.items():
            if (number > 1 and each.op not in _LEAVES) or self.apart(each):
                self._names[each] = f"_{len(self._names)}"

    def _count(self, each: Term, uses: Counter[Term]) -> None:
        uses[each] += 1
        if uses[each] == 1:
            for part in self.shared(each):
                self._count(part, uses)

    def shared(self, each: Term) -> Iterable[Term]:
        """The parts of a term that may be columns of their own."""
        return each.terms

    def apart(self, each: Term) -> bool:  # noqa: ARG002 - another engine asks it
        """Whether a term is always a column of its own."""
        return False

    def _level(self, each: Term) -> int:
        """The first step in which a term is there."""
        if each not in self._levels:
            below = max(map(self._level, each.terms), default=0)
            self._levels[each] = below + (each in self._names)
        return self._levels[each]

    def steps(self) -> list[dict[str, Term]]:
        """What is made in each step, by its name."""
        made: dict[int, dict[str, Term]] = {}
        for each, name in self._names.items():
            made.setdefault(self._level(each), {})[name] = each
        return [made[level] for level in sorted(made)]

    def open(self, each: Term) -> bool:
        """Whether it may be null, which for a truth means that it does not hold."""
        if each.op in ("column", "number", "flag", "word"):
            return each.args[0] not in self.dense
        if each.op in _NEVER_NULL:
            return False
        return any(map(self.open, each.terms))

    def made(self, each: Term, *, itself: bool = False) -> Any:
        """A term as an expression: the name of its column, where it has one."""
        if each in self._names and not itself:
            return self.column(self._names[each])
        if each.op in _COMPARED:
            return self.compared(each.op, *map(self.made, each.args))
        if each.op == "column":
            return self.column(*each.args)
        return getattr(self, f"make_{each.op}")(*each.args)

    @abstractmethod
    def column(self, name: str) -> Any:
        """A column, by its name."""

    @abstractmethod
    def compared(self, op: str, one: Any, other: Any) -> Any:
        """Two values compared, or added up."""
