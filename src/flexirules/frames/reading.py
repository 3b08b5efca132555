"""The tables read: every text as a small number, every day as one number, and everything that cannot be read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from math import lcm
from operator import or_
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import narwhals as nw

from flexirules._checks import MAX_ENTRIES
from flexirules.errors import FlexirulesError, InvalidInput, Problem, WrongType, collected, show
from flexirules.frames.columns import COLUMNS_OF, DAY, FLAG, ID, MAX_NUMBER, NUMBER, TABLES, TEXT, TYPES, Column
from flexirules.frames.kinds import Frame, calendar_of, distinct, integers, rows_of, small, with_days
from flexirules.frames.lookups import coded, enumerated
from flexirules.quarter import FIRST_YEAR, LAST_YEAR, Quarter

SHOWN_ROWS: Final = 3
"""Of each problem so many rows are named."""
BAD: Final = -1
"""The code of a text that cannot be read."""
ABSENT: Final = -(10**17)
"""Stands for a number that is not there: below all that anybody writes, and small enough to be multiplied."""
_DTYPES: Final[Mapping[str, tuple[type[Any], ...]]] = {
    TEXT: (nw.String, nw.Categorical, nw.Enum),
    DAY: (nw.Date, nw.Datetime),
    FLAG: (nw.Boolean,),
}


class Fault(NamedTuple):
    """Something that some rows of a table have wrong: where it is so, and what to say."""

    code: str
    column: str
    message: str
    where: nw.Expr


class Read(NamedTuple):
    """One table, read.

    ``make``: it makes ``frame``, which not every table needs; ``raw``: as it came.
    ``values``: of each column of text, what its codes stand for, from 1 on. ``faults``: what some rows have wrong.
    """

    name: str
    make: Callable[[], Frame]
    raw: Frame
    types: Mapping[str, str]
    values: Mapping[str, list[object]]
    faults: list[Fault]
    lazy: bool
    words: Mapping[str, Mapping[str, object]] = MappingProxyType({})
    """Of each column of text the words that it may hold, and what they stand for; ``None`` for what cannot be read."""
    most: int = MAX_ENTRIES
    """So many rows at most have the same key."""

    @property
    def frame(self) -> Frame:
        """Its columns as whole numbers, identifiers as they were, and what is not known as 0."""
        return self.make()

    def of(self, frame: Frame) -> "Read":
        """The same of other rows, or with more columns."""
        return self._replace(make=lambda: frame)

    def number(self, name: str) -> nw.Expr:
        """A column that was read; where there is none nothing is known."""
        if name in self.types:
            return nw.col(name)
        return nw.lit(ABSENT if COLUMNS_OF[self.name][name].type == NUMBER else 0, dtype=nw.Int64)

    def known(self, name: str) -> nw.Expr:
        """Whether an identifier is there."""
        return ~nw.col(name).is_null() if name in self.types else nw.lit(value=False)

    def size(self, name: str) -> int:
        """So many codes a column of text has, that for nothing included."""
        return len(self.values.get(name, ())) + 1


def columns_of(table: str, frame: Frame, *, key: str | None = None) -> dict[str, Column]:
    """The columns that a table has and that say something, once their names and types are right.

    Raises:
        InvalidInput: a column that is missing, or that no table of this name has.
        WrongType: a column of another type.
    """
    known = COLUMNS_OF[table]
    schema = frame.collect_schema()
    problems: list[FlexirulesError] = [
        InvalidInput("E-COLUMN", f"{table}.{name}", f"no such column; known: {', '.join(known)}")
        for name in schema
        if name not in known
    ]
    problems += [
        InvalidInput("E-COLUMN", f"{table}.{name}", f"the column is missing: {column.says}")
        for name, column in known.items()
        if (column.needed or name == key) and name not in schema
    ]
    found = {}
    for name, dtype in schema.items():
        if name not in known or _empty(frame, name, dtype):
            continue
        column = known[name]
        if _fits(column.type, dtype):
            found[name] = column
            if isinstance(dtype, nw.Categorical) and not _of_text(frame, name):
                problems.append(WrongType("E-TYPE", f"{table}.{name}", f"expected {TYPES[column.type]}, not numbers"))
            if isinstance(dtype, _WIDE) and _too_wide(frame, name):
                problems.append(WrongType("E-TYPE", f"{table}.{name}", "expected whole numbers of at most 64 bits"))
        else:
            problems.append(WrongType("E-TYPE", f"{table}.{name}", _refusal(column.type, dtype)))
    if problems:
        raise collected(problems)
    return found


def with_types(table: str, frame: Frame, like: Frame) -> Frame:
    """The table with a type for its keys where they are empty, as those of a table without rows may have none.

    It is the type that they have in another table. Of any other column that is empty nothing is known.
    """
    others = like.collect_schema()
    typed = {}
    schema = frame.collect_schema()
    for column in TABLES[table]:
        name = column.name
        if name in ("application", "worker", "quarter") and name in schema and _empty(frame, name, schema[name]):
            other = others.get(name)
            number = column.type == ID and other is not None and other.is_integer()
            typed[name] = nw.lit(None, dtype=nw.Int64 if number else nw.String).alias(name)
    return frame.with_columns(*typed.values()) if typed else frame


def _fits(kind: str, dtype: nw.dtypes.DType) -> bool:
    if kind == ID:
        return dtype.is_integer() or isinstance(dtype, _DTYPES[TEXT])
    return dtype.is_integer() if kind == NUMBER else isinstance(dtype, _DTYPES[kind])


def _of_text(frame: Frame, name: str) -> bool:
    """Whether the categories of a column are text, as they always are where the frame is not at hand."""
    kind = frame.implementation
    if not (kind.is_pandas() or kind.is_pyarrow()):
        return True
    native: Any = nw.to_native(frame.select(name).collect()[name])
    if kind.is_pandas():
        return all(isinstance(word, str) for word in native.cat.categories)
    return str(native.type.value_type) in ("string", "large_string", "string_view")


_WIDE: Final = (nw.UInt64, nw.Int128, nw.UInt128)


def _too_wide(frame: Frame, name: str) -> bool:
    """Whether a column has whole numbers that 64 bits with a sign do not hold."""
    cell = nw.col(name)
    outside = frame.filter((cell > 2**63 - 1) | (cell < -(2**63))).select(nw.len().alias("outside"))
    return integers(outside, "outside") != [(0,)]


def _empty(frame: Frame, name: str, dtype: nw.dtypes.DType) -> bool:
    """Whether a column has no type of its own because nothing is in it."""
    # What pandas makes of a column with nothing in it is one of floats.
    if not (isinstance(dtype, nw.Unknown | nw.Object) or dtype.is_float()):
        return False
    left = frame.filter(~nw.col(name).is_null()).select(nw.len().alias("left"))
    return integers(left, "left") == [(0,)]


def _refusal(kind: str, dtype: nw.dtypes.DType) -> str:
    said = f"expected {TYPES[kind]}, not {dtype}"
    if dtype.is_float():
        return f"{said}: a float is not exact, and its NaN compares as false; use a type that keeps nulls, as Int64"
    return said


def read(table: str, frame: Frame, columns: Mapping[str, Column], *, lazy: bool) -> Read:
    """A table with every cell as a whole number, and what cannot be read."""
    faults: list[Fault] = []
    values: dict[str, list[object]] = {}
    numbers: dict[str, nw.Expr] = {}
    schema = frame.collect_schema()
    texts = [name for name, column in columns.items() if column.type == TEXT]
    at_hand = enumerated(frame, texts)
    occurring = _occurring(frame, [name for name in texts if name not in at_hand])
    words = at_hand | {name: sorted(found) for name, found in occurring.items()}
    codes = {name: _codes(words[name], columns[name].read) for name in texts}
    renamed = {name: f"{name}{_CODE}" for name, column in columns.items() if column.type in (TEXT, DAY)}
    tables = {name: (renamed[name], found.table) for name, found in codes.items() if found.table}
    days = {name: renamed[name] for name, column in columns.items() if column.type == DAY}
    added = [*(code for code, _ in tables.values()), *days.values()]
    calendar = calendar_of(frame)
    for name, column in columns.items():
        cell = nw.col(name)
        if column.type == TEXT:
            values[name] = codes[name].values
            numbers[name] = nw.col(renamed[name]) if codes[name].table else nw.lit(0, dtype=nw.Int64)
            bad = codes[name].bad
            if bad and name in at_hand:
                # Of all the words that a column may hold those that no row has are no fault.
                there = {codes[name].table[word] for word in _occurring(frame, [name])[name]}
                bad = [found for found in bad if found[0] in there]
            faults += [Fault(code, name, message, cell == place) for place, code, message in bad]
        elif column.type == DAY:
            if isinstance(schema[name], nw.Datetime):
                numbers[f"{name}{_TIME}"] = time_number(cell)
                faults.append(Fault("E-DATE", name, "a day has no time of day", nw.col(f"{name}{_TIME}") > 0))
            numbers[name] = nw.col(renamed[name])
            says = f"a year lies between {FIRST_YEAR} and {LAST_YEAR}"
            faults.append(Fault("E-YEAR", name, says, calendar.outside(cell)))
        elif column.type == FLAG:
            numbers[name] = said(cell).cast(nw.Int8)
        elif column.type == NUMBER:
            numbers[name] = cell.cast(nw.Int64).fill_null(ABSENT)
        elif not schema[name].is_integer():
            says = "an identifier neither is empty nor begins or ends with a space"
            faults.append(Fault("E-NAME", name, says, spaced(cell)))

    @cache
    def make() -> Frame:
        made = with_days(coded(frame, frame, tables), days)
        return made.with_columns(**numbers).drop(*added) if numbers else made

    types = {name: column.type for name, column in columns.items()}
    words_said: dict[str, dict[str, object]] = {
        name: {word: values[name][code - 1] if code > 0 else None for word, code in found.table.items()}
        for name, found in codes.items()
    }
    return Read(table, make, frame, types, values, faults, lazy, words_said)


def flag(condition: nw.Expr) -> nw.Expr:
    """1 where something holds, 0 where it does not or is not known."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)


def said(cell: nw.Expr) -> nw.Expr:
    """What a flag says as a number: 0 nothing, 1 no, 2 yes."""
    there = nw.when(cell).then(nw.lit(2)).otherwise(nw.lit(1))
    return nw.when(cell.is_null()).then(nw.lit(0)).otherwise(there)


def spaced(cell: nw.Expr) -> nw.Expr:
    """Whether an identifier of text is empty, or begins or ends with a space."""
    return ~cell.is_null() & ((cell == "") | (cell != cell.str.strip_chars())).fill_null(value=False)


def time_number(column: nw.Expr) -> nw.Expr:
    """A time of day as a number; 0 where there is none."""
    parts = (column.dt.hour(), column.dt.minute(), column.dt.second(), column.dt.microsecond())
    return nw.sum_horizontal(*(part.fill_null(0).cast(nw.Int64) for part in parts))


_NAME: Final = "_name"
_CODE: Final = "_code"
_TIME: Final = "_time"


class _Codes(NamedTuple):
    """The codes of the values of a column: each value that occurs, what codes from 1 on stand for, and what is bad."""

    table: dict[str, int]
    values: list[object]
    bad: list[tuple[int, str, str]]


def _occurring(frame: Frame, names: Sequence[str]) -> dict[str, list[str]]:
    """The values that occur in each of some columns of text, in one question."""
    if not names:
        return {}
    cells = (frame.select(nw.lit(name).alias(_NAME), nw.col(name).cast(nw.String).alias(_CODE)) for name in names)
    each = [distinct(cell.filter(~nw.col(_CODE).is_null()), _NAME, _CODE) for cell in cells]
    found: dict[str, list[str]] = {name: [] for name in names}
    for row in rows_of(nw.concat(each), {_NAME: TEXT, _CODE: TEXT}):
        found[str(row[_NAME])].append(str(row[_CODE]))
    return found


def _codes(occurring: Iterable[str], check: Callable[[str], object] | None) -> _Codes:
    assert check is not None
    codes = _Codes({}, [], [])
    for text in occurring:
        try:
            value = check(text)
        except FlexirulesError as error:
            codes.table[text] = BAD - len(codes.bad)
            codes.bad.append((codes.table[text], error.code, error.message))
        else:
            codes.values.append(value)
            codes.table[text] = len(codes.values)
    return codes


def quarters(read: Read) -> Frame | None:
    """A small table of the quarters that occur: their codes, and the index of each."""
    indices = quarter_indices(read)
    return small(read.raw, {"quarter": [*indices], "index": [*indices.values()]}) if indices else None


def quarter_indices(read: Read) -> dict[int, int]:
    """Of each code of a quarter the index of its quarter."""
    values = read.values.get("quarter", ())
    return {code: value.index for code, value in enumerate(values, 1) if isinstance(value, Quarter)}


def good(read: Read) -> Read:
    """The rows that can be read."""
    wrong = reduce(or_, (fault.where.fill_null(value=False) for fault in read.faults))
    return read.of(read.frame.filter(~wrong))


def faults_of_size(read: Read, prefix: str = "") -> Iterator[Fault]:
    """A fraction lies in 0..1, is whole or absent, and small enough for exact sums; its columns may have a prefix."""
    names = f"{prefix}numerator", f"{prefix}denominator"
    numerator, denominator = map(read.number, names)
    given = (numerator != ABSENT) | (denominator != ABSENT)
    outside = (denominator <= 0) | (numerator < 0) | (numerator > denominator) | (denominator >= MAX_NUMBER)
    digits = len(str(MAX_NUMBER)) - 1
    says = f"a fraction in 0..1 is two whole numbers of at most {digits} digits, both or neither of them given"
    if any(name in read.types for name in names):
        yield Fault("E-FRACTION-RANGE", names[0], says, given & outside)


def faults_of_periods(read: Read, prefix: str = "") -> Iterator[Fault]:
    """A period of a link ends on or after its first day."""
    for first, last in (("from", "until"), ("notice_from", "notice_until")):
        names = prefix + first, prefix + last
        if all(name in read.types for name in names):
            begin, end = map(read.number, names)
            where = (begin > 0) & (end > 0) & (end < begin)
            yield Fault("E-PERIOD", names[1], "a period ends on or after its first day", where)


def key_of(read: Read) -> str:
    """By which column the rows of a table belong to an application."""
    if read.name == "engagements":
        return "application" if "application" in read.types else "worker"
    return "application" if read.name == "applications" else "worker"


def whole_of(employments: Read) -> int:
    """A denominator for all fractions that leaves room for their sums; of too many that of the most frequent."""
    if "denominator" not in employments.types:
        return 1
    frame = employments.frame.filter(nw.col("denominator") > 0)
    found = integers(frame.group_by("denominator").agg(nw.len().alias("_jobs")), "denominator", "_jobs")
    whole = 1
    for denominator, _ in sorted(found, key=lambda row: (-row[1], row[0])):
        common = lcm(whole, denominator)
        if common < MAX_NUMBER:
            whole = common
    return whole


def counted(read: Read) -> dict[int, int]:
    """Of each fault that some rows have, by its place in the list, how many rows."""
    names = [f"fault_{place}" for place in range(len(read.faults))]
    flags = [
        nw.when(fault.where).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64).alias(name)
        for name, fault in zip(names, read.faults, strict=True)
    ]
    sums = read.frame.with_columns(*flags).select(*(nw.col(name).sum().fill_null(0).cast(nw.Int64) for name in names))
    found = integers(sums, *names)
    return {place: number for place, number in enumerate(found[0]) if number}


def problem(read: Read, fault: Fault, number: int, key: str) -> Problem:
    """What is wrong with some rows, how many they are, and the keys of the first."""
    kind = read.types.get(key, NUMBER)
    keys = [row[key] for row in rows_of(read.frame.filter(fault.where).select(key).head(SHOWN_ROWS), {key: kind})]
    said = f"{fault.message} ({number} rows, the first: {show_keys(keys)})"
    return Problem(fault.code, f"{read.name}.{fault.column}", said)


def show_keys(keys: Iterable[object]) -> str:
    """Some keys as they may stand in a message."""
    return ", ".join(map(show, sorted(keys, key=str)))
