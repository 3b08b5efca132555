"""Terms as one query of DuckDB: each step is a query in the next one."""

# ruff: noqa: ANN401 - an expression of another engine

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from math import prod
from typing import Any, Final, NamedTuple
from zlib import crc32

import narwhals as nw

from flexirules.frames.answers import WORDS
from flexirules.frames.columns import MAX_NUMBER
from flexirules.frames.engine import REMEMBERED, VALUES, Engine, Types, Wanted
from flexirules.frames.kinds import VIEW
from flexirules.frames.lookups import quoted_name, quoted_text
from flexirules.frames.terms import Term, Truth

_SMALL: Final = (nw.Int8, nw.Int16, nw.Int32, nw.UInt8, nw.UInt16, nw.UInt32)
_FEW_WORDS: Final = 8
"""A type of so few words is written out wherever it is named."""


class Query(NamedTuple):
    """A question about a relation; before it the types that it names, and with it the tables."""

    types: list[str]
    text: str
    tables: Mapping[str, Mapping[str, Sequence[object]]]


@lru_cache(REMEMBERED)
def query(types: Types, wanted: Wanted, kept: tuple[str, ...], dense: frozenset[str], holds: Truth) -> Query:
    """What is wanted of columns of some types, as a question."""
    return _DuckDB(types, wanted, dense, holds).query(kept)


class _DuckDB(Engine):
    """One query of DuckDB: each step is a query in the next one."""

    def query(self, kept: Sequence[str]) -> Query:
        """One question for the columns that were there, and for those that are wanted."""
        self._tables: dict[str, dict[str, Sequence[object]]] = {}
        self._kinds: dict[str, Sequence[str]] = {}
        query = VIEW
        for step in self.steps():
            joins: list[str] = []
            columns = ["_before.*"]
            places: dict[tuple[object, ...], str] = {}
            for name, each in step.items():
                made = self._joined(each, joins, places) if self.apart(each) else self.made(each, itself=True)
                columns.append(f"{made} AS {name}")
            query = f"(SELECT {', '.join(columns)} FROM {query} AS _before {' '.join(joins)})"  # noqa: S608 - ours
        new = (f"{self._told(each)} AS {quoted_name(name)}" for name, each in self.wanted.items())
        query = f"SELECT {', '.join((*map(quoted_name, kept), *new))} FROM {query} AS _before"  # noqa: S608 - likewise
        if isinstance(self.holds, Term):
            held = f"CASE WHEN {self.made(self.holds)} THEN true ELSE error({quoted_text(_CHANGED)})::BOOLEAN END"
            query = f"{query} WHERE {held}"
        kinds = [f"CREATE TEMP TYPE IF NOT EXISTS {name} AS {_enum(words)}" for name, words in self._kinds.items()]
        return Query(kinds, query, self._tables)

    def _told(self, each: Term | bool) -> str:
        if isinstance(each, bool):
            return str(each).lower()
        made = str(self.made(each))
        return made if each.op in VALUES or not self.open(each) else f"coalesce({made}, false)"

    def shared(self, each: Term) -> Iterable[Term]:
        # What is asked of few rows only is asked there, and not of all rows before.
        return each.terms[:1] if each.op == "where" else each.terms

    def apart(self, each: Term) -> bool:
        return each.op == "found" or (each.op == "code" and not self._in_order(*each.args))

    def _in_order(self, name: str, codes: Sequence[tuple[str, int]]) -> bool:
        """Whether the codes of words are their places in a type."""
        dtype = self.types[name]
        return isinstance(dtype, nw.Enum) and dict(codes) == {word: n for n, word in enumerate(dtype.categories, 1)}

    def _joined(self, each: Term, joins: list[str], places: dict[tuple[object, ...], str]) -> str:
        """What stands for a number or a word in a small table; what stands at the same place is in one."""
        if each.op == "code":
            name, codes = each.args
            rows = ", ".join(f"({quoted_text(word)}, {number})" for word, number in codes)
            named = f"(VALUES {rows}) AS _codes_of_{name}(_word_{name}, _code_{name})"
            joins.append(f"LEFT JOIN {named} ON {quoted_name(name)}::VARCHAR = _word_{name}")
            return f"coalesce(_code_{name}, 0)"
        place, keys, values = each.args
        if (place, keys) not in places:
            table = places[place, keys] = f"_flexirules_{len(self._tables)}"
            self._tables[table] = {f"_key{table}": keys}
            joins.append(f"LEFT JOIN {table} ON {self.made(place)} = {table}._key{table}")
        table = places[place, keys]
        value = f"_value{table}_{len(self._tables[table])}"
        self._tables[table][value] = values
        return value if isinstance(values[0], str) else f"coalesce({value}, 0)"

    def column(self, name: str) -> str:
        return quoted_name(name)

    def compared(self, op: str, one: Any, other: Any) -> str:
        if op in "+-":
            # Numbers of a few bits are compared as they are, but may be too large together.
            one = f"{one}::BIGINT"
        return f"({one} {_SQL.get(op, op)} {other})"

    def make_constant(self, value: object) -> str:
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        return quoted_text(value) if isinstance(value, str) else str(value)

    def make_nothing(self) -> str:
        return "NULL::VARCHAR"

    def make_number(self, name: str, factor: int) -> str:
        cell, dtype = self.column(name), self.types[name]
        if dtype in _SMALL:
            cell = cell if factor == 1 else f"{cell}::BIGINT"
        else:
            # A product that is too large is an error, wherever it stands.
            cell = f"CASE WHEN {cell} > {-MAX_NUMBER} AND {cell} < {MAX_NUMBER} THEN {cell}::BIGINT END"
        return cell if factor == 1 else f"({cell} * {factor})"

    def make_flag(self, name: str) -> str:
        return self.column(name)

    def make_word(self, name: str, words: Sequence[str]) -> str:
        cell = self.column(name)
        if len(words) == 1:
            return f"({cell} = {quoted_text(words[0])})"
        return f"({cell} IN ({', '.join(map(quoted_text, words))}))"

    def make_missing(self, each: Term) -> str:
        return f"({self.made(each)} IS NULL)"

    def make_filled(self, name: str, value: date) -> str:
        return f"coalesce({self.column(name)}, {self.make_constant(value)})"

    def make_spaced(self, name: str) -> str:
        cell = self.column(name)
        spaces = " || ".join(f"chr({ord(space)})" for space in " \t\n\r\x0b\x0c")
        return f"coalesce({cell} = '' OR {cell} <> trim({cell}, {spaces}), false)"

    def make_not(self, each: Term) -> str:
        return f"({self.made(each)} IS NOT TRUE)" if self.open(each) else f"(NOT {self.made(each)})"

    def make_and(self, *parts: Term) -> str:
        return f"({' AND '.join(map(self.made, parts))})"

    def make_or(self, *parts: Term) -> str:
        return f"({' OR '.join(map(self.made, parts))})"

    def make_where(self, condition: Term, then: Term, otherwise: bool) -> str:
        return f"CASE WHEN {self.made(condition)} THEN {self.made(then)} ELSE {str(otherwise).lower()} END"

    def make_worded(self, kind: str, rungs: Sequence[tuple[Term, str]], last: str) -> str:
        name = self._kind(WORDS[kind])
        said = " ".join(f"WHEN {self.made(truth)} THEN {quoted_text(word)}::{name}" for truth, word in rungs)
        otherwise = f"{quoted_text(last)}::{name}"
        return f"CASE {said} ELSE {otherwise} END" if said else otherwise

    def make_alike(self, words: Sequence[str], word: str) -> str:
        return f"{quoted_text(word)}::{self._kind(words) if len(words) > 100 else _enum(words)}"

    def _kind(self, words: Sequence[str]) -> str:
        """The type of some words; it has a name where there are many, since each word is of it."""
        if len(words) <= _FEW_WORDS:
            return _enum(words)
        name = f"flexirules_{crc32(' '.join(words).encode()):08x}"
        self._kinds[name] = words
        return name

    def make_within(self, names: Sequence[str], first: date, last: date) -> str:
        cells = ", ".join(map(quoted_name, names))
        # Of columns of which none is there these are null.
        outside = f"greatest({cells}) > {self.make_constant(last)} OR least({cells}) < {self.make_constant(first)}"
        return f"(({outside}) IS NOT TRUE)"

    def make_bits(self, truths: Sequence[Term]) -> str:
        each = (f"if({self.made(t)}, {1 << p}::USMALLINT, 0::USMALLINT)" for p, t in enumerate(truths))
        return f"({' + '.join(each)})"

    def make_added(self, rungs: Sequence[tuple[Term, Term, int]]) -> str:
        said = (f"WHEN {self.made(t)} THEN {self.made(each)} + {more}::USMALLINT" for t, each, more in rungs)
        return f"CASE {' '.join(said)} ELSE 0::USMALLINT END" if rungs else "0::USMALLINT"

    def make_code(self, name: str, codes: Sequence[tuple[str, int]]) -> str:  # noqa: ARG002 - they are in order
        return f"coalesce(enum_code({self.column(name)})::INTEGER + 1, 0)"

    def make_said(self, name: str) -> str:
        cell = self.column(name)
        return f"CASE WHEN {cell} IS NULL THEN 0 WHEN {cell} THEN 2 ELSE 1 END"

    def make_digits(self, parts: Sequence[tuple[Term, int]]) -> str:
        most = prod(size for _, size in parts)
        kind = "INTEGER" if most < 2**31 else "BIGINT"
        number = f"0::{kind}"
        for place, (each, size) in enumerate(parts):
            digit = f"({self.made(each)})::{kind}"
            number = f"({number} * {size} + {digit})" if place else digit
        return number


def _enum(words: Sequence[str]) -> str:
    return f"ENUM({', '.join(map(quoted_text, words))})"


_CHANGED: Final = "flexirules: a row is not as it was when the applications were looked at"
_SQL: Final = {"==": "=", "!=": "<>"}
