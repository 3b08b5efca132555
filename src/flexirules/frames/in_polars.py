"""Terms as expressions of Polars."""

# ruff: noqa: ANN401 - an expression of Polars, which is no requirement of the types

from collections.abc import Sequence
from datetime import date
from functools import lru_cache, reduce
from math import prod
from operator import add, and_, eq, ge, gt, le, lt, ne, or_, sub
from typing import Any, Final, NamedTuple

import narwhals as nw
import polars as pl

from flexirules.frames.answers import WORDS
from flexirules.frames.engine import FACTOR, REMEMBERED, VALUES, Engine, Types, Wanted
from flexirules.frames.lookups import MOST_PLACES
from flexirules.frames.terms import Term

_FEW_WORDS: Final = 8
"""So few words are compared one by one."""
_COMPARED: Final = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne, "+": add, "-": sub}


class Made(NamedTuple):
    """The expressions of each step, and those that are wanted."""

    steps: list[list[Any]]
    wanted: list[Any]


@lru_cache(REMEMBERED)
def made(types: Types, wanted: Wanted, dense: frozenset[str]) -> Made:
    """What is wanted of columns of some types, as expressions."""
    return _Polars(types, wanted, dense, holds=True).made_of()


class _Polars(Engine):
    """Expressions of Polars."""

    def made_of(self) -> Made:
        """The columns of each step, and those that are wanted."""
        steps = [[self.made(each, itself=True).alias(n) for n, each in step.items()] for step in self.steps()]
        return Made(steps, [self._told(each).alias(name) for name, each in self.wanted.items()])

    def _told(self, each: Term | bool) -> Any:
        if isinstance(each, bool) or each.op == "constant":
            return pl.lit(each if isinstance(each, bool) else each.args[0])
        return self.made(each) if each.op in VALUES else self._closed(each)

    def _closed(self, each: Term) -> Any:
        """A truth that is never null."""
        return self.made(each).fill_null(value=False) if self.open(each) else self.made(each)

    def column(self, name: str) -> Any:
        return pl.col(name)

    def compared(self, op: str, one: Any, other: Any) -> Any:
        found = _COMPARED[op](one, other)
        # Of two constants it is known already.
        return pl.lit(found) if isinstance(found, bool) else found

    def make_constant(self, value: object) -> object:
        return value

    def make_alike(self, words: Sequence[str], word: str) -> Any:  # noqa: ARG002 - it takes no place there
        return pl.lit(word)

    def make_within(self, names: Sequence[str], first: date, last: date) -> Any:
        inside = (self.column(name).is_between(first, last).fill_null(value=True) for name in names)
        return reduce(and_, inside)

    def make_nothing(self) -> Any:
        return pl.lit(None, pl.String)

    def make_number(self, name: str, factor: int) -> Any:
        cell = pl.col(name)
        if self.types[name] != nw.Int64 and not (self.types[name] == nw.Int32 and factor <= FACTOR):
            cell = cell.cast(pl.Int64)
        return cell if factor == 1 else cell * factor

    def make_flag(self, name: str) -> Any:
        return self.column(name)

    def make_word(self, name: str, words: Sequence[str]) -> Any:
        cell = self.column(name)
        return reduce(or_, (cell == word for word in words)) if len(words) <= _FEW_WORDS else cell.is_in(words)

    def make_missing(self, each: Term) -> Any:
        return self.made(each).is_null()

    def make_filled(self, name: str, value: date) -> Any:
        return self.column(name).fill_null(value) if name not in self.dense else self.column(name)

    def make_spaced(self, name: str) -> Any:
        cell = self.column(name)
        return ((cell == "") | (cell != cell.str.strip_chars())).fill_null(value=False)

    def make_not(self, each: Term) -> Any:
        return ~self._closed(each)

    def make_and(self, *parts: Term) -> Any:
        return reduce(and_, map(self.made, parts))

    def make_or(self, *parts: Term) -> Any:
        return reduce(or_, map(self.made, parts))

    def make_where(self, condition: Term, then: Term, otherwise: bool) -> Any:
        return ~self._closed(condition) | self.made(then) if otherwise else self.made(condition) & self.made(then)

    def make_worded(self, kind: str, rungs: Sequence[tuple[Term, str]], last: str) -> Any:
        words = pl.Enum(list(WORDS[kind]))
        said = pl.lit(last, words)
        for truth, word in reversed(rungs):
            said = pl.when(self.made(truth)).then(pl.lit(word, words)).otherwise(said)
        return said

    def make_bits(self, truths: Sequence[Term]) -> Any:
        none = pl.lit(0, pl.UInt16)
        each = (pl.when(self.made(t)).then(pl.lit(1 << p, pl.UInt16)).otherwise(none) for p, t in enumerate(truths))
        return reduce(add, each)

    def make_added(self, rungs: Sequence[tuple[Term, Term, int]]) -> Any:
        number = pl.lit(0, pl.UInt16)
        for truth, each, more in reversed(rungs):
            number = pl.when(self.made(truth)).then(self.made(each) + pl.lit(more, pl.UInt16)).otherwise(number)
        return number

    def make_code(self, name: str, codes: Sequence[tuple[str, int]]) -> Any:
        cell, dtype, numbers = self.column(name), self.types[name], dict(codes)
        words = list(dtype.categories) if isinstance(dtype, nw.Enum) else [*numbers]
        if not isinstance(dtype, nw.Enum):
            cell = cell.cast(pl.String).cast(pl.Enum(words))
        place = cell.to_physical().cast(pl.UInt32)
        if [numbers.get(word) for word in words] == [*range(1, len(words) + 1)]:
            number = place + 1
        else:
            number = pl.lit(pl.Series([numbers.get(word, 0) for word in words], dtype=pl.UInt32)).gather(place)
        return number if name in self.dense else number.fill_null(0)

    def make_said(self, name: str) -> Any:
        number = self.column(name).cast(pl.UInt32) + 1
        return number if name in self.dense else number.fill_null(0)

    def make_digits(self, parts: Sequence[tuple[Term, int]]) -> Any:
        most = prod(size for _, size in parts)
        kind = pl.UInt32 if most < 2**32 else pl.Int64
        number = pl.lit(0, kind)
        for place, (each, size) in enumerate(parts):
            digit = self.made(each) if kind == pl.UInt32 else self.made(each).cast(kind)
            number = number * size + digit if place else digit
        return number

    def make_found(self, place: Term, keys: Sequence[int], values: Sequence[Any]) -> Any:
        text = isinstance(values[0], str)
        kind: Any = pl.String if text else pl.UInt8 if max(values) < 2**8 else pl.UInt32
        if max(keys) >= MOST_PLACES:
            return self.made(place).replace_strict(list(keys), list(values), default=0, return_dtype=kind)
        dense: list[Any] = [None if text else 0] * (max(keys) + 1)
        for key, value in zip(keys, values, strict=True):
            dense[key] = value
        return pl.lit(pl.Series(dense, dtype=kind)).gather(self.made(place).cast(pl.UInt32))
