"""What stands for a value: found by its place in Polars, by a join elsewhere, in DuckDB by one question each."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import narwhals as nw

from flexirules.frames.kinds import ROW, VIEW, Frame, Words, asked, by_a_name_of_its_own, lazy, small, worded

Codes = Mapping[str, tuple[str, Mapping[str, int]]]
"""Of each column of text the name of its codes, and the code of each word."""
Table = Mapping[str, Sequence[object]]
MOST_PLACES: Final = 2**22
"""Numbers below this are looked up by their place in a list."""
_FOUND: Final = "_found"
_PLACE: Final = "_place"


def enumerated(frame: Frame, names: Iterable[str]) -> dict[str, list[str]]:
    """Of the columns that are enumerated, where the kind of frame shows the places of their words, these words."""
    if not (frame.implementation.is_polars() or frame.implementation.is_duckdb()):
        return {}
    types = frame.collect_schema()
    return {name: [*dtype.categories] for name in names if isinstance(dtype := types[name], nw.Enum)}


def coded(frame: Frame, like: Frame, codes: Codes) -> Frame:
    """The frame with more columns: the codes of the words of others, 0 for none. Every word that occurs has a code."""
    if not codes:
        return frame
    kind = frame.implementation
    if kind.is_polars():
        return lazy(nw.from_native(_coded_by_polars(nw.to_native(frame), codes)))
    if kind.is_duckdb():
        return lazy(nw.from_native(_coded_by_duckdb(nw.to_native(frame), codes)))
    for name, (code, table) in codes.items():
        frame = frame.join(small(like, {name: [*table], code: [*table.values()]}, {name: name}), on=name, how="left")
    return frame.with_columns(nw.col(code).fill_null(0).cast(nw.Int64) for code, _ in codes.values())


def _coded_by_polars(native: Any, codes: Codes) -> Any:  # noqa: ANN401 - Polars is no requirement of the types
    import polars as pl

    schema, found = native.collect_schema(), []
    for name, (code, table) in codes.items():
        words, numbers = [*table], [*table.values()]
        column = pl.col(name)
        if not isinstance(schema[name], pl.Enum):
            column = column.cast(pl.String).cast(pl.Enum(words))
        place = column.to_physical().cast(pl.UInt32)
        if numbers == [*range(1, len(words) + 1)]:
            number = place.cast(pl.Int32) + 1
        else:
            number = pl.lit(pl.Series(numbers, dtype=pl.Int32)).gather(place)
        found.append(number.fill_null(0).alias(code))
    return native.with_columns(found)


def _coded_by_duckdb(native: Any, codes: Codes) -> Any:  # noqa: ANN401 - nor is DuckDB
    columns, joins = [f"{VIEW}.*"], []
    for place, (name, (code, table)) in enumerate(codes.items()):
        rows = ", ".join(f"({quoted_text(word)}, {number})" for word, number in table.items())
        columns.append(f"coalesce(code_{place}.number, 0)::BIGINT AS {quoted_name(code)}")
        found = f"(VALUES {rows}) AS code_{place}(word, number)"
        joins.append(f"LEFT JOIN {found} ON {VIEW}.{quoted_name(name)}::VARCHAR = code_{place}.word")
    return asked(native, f"SELECT {', '.join(columns)} FROM {VIEW} {' '.join(joins)}")  # noqa: S608 - quoted


def quoted_name(column: str) -> str:
    """The name of a column as SQL has it."""
    quoted = column.replace('"', '""')
    return f'"{quoted}"'


def quoted_text(word: str) -> str:
    """A text as SQL has it."""
    quoted = word.replace("'", "''")
    return f"'{quoted}'"


def taken(frame: Frame, place: str, like: Frame, table: Table, words: Words) -> Frame:
    """The frame with more columns: what stands in each column of a table at a place, from 0 on; null where that is.

    ``words``: the columns that hold one of a few words.
    """
    kind = frame.implementation
    if kind.is_polars():
        return lazy(nw.from_native(_taken_by_polars(nw.to_native(frame), place, table, words)))
    size = len(next(iter(table.values())))
    columns = {place: list(range(size)), **table}
    if kind.is_duckdb():
        given = ", ".join(
            (f"{VIEW}.*", *(f"_flexirules_0.{quoted_name(column)}{_kind(column, words)}" for column in table))
        )
        return _joined(frame, given, [(place, columns)])
    return frame.join(worded(small(like, columns), words), on=place, how="left")


def _kind(column: str, words: Words) -> str:
    if column not in words:
        return ""
    return f"::ENUM({', '.join(map(quoted_text, words[column]))}) AS {quoted_name(column)}"


def _taken_by_polars(native: Any, place: str, table: Table, words: Words) -> Any:  # noqa: ANN401 - likewise
    import polars as pl

    types = {name: pl.Enum(list(known)) for name, known in words.items()}
    series = (pl.Series(name, values, types.get(name), strict=True) for name, values in table.items())
    found = (pl.lit(column).gather(pl.col(_PLACE)).alias(column.name) for column in series)
    return native.with_columns(pl.col(place).cast(pl.UInt32).alias(_PLACE)).with_columns(found).drop(_PLACE)


class Lookup(NamedTuple):
    """What stands for each number of a column, 0 for others, in columns of its own or in its place.

    ``rows``: rows that have another number in the first of these columns, by what stands for a row.
    """

    name: str
    keys: Sequence[int]
    columns: Mapping[str, Sequence[int]]
    rows: Mapping[object, int] = MappingProxyType({})


def looked_up(frame: Frame, like: Frame, *lookups: Lookup) -> Frame:
    """The frame with what is looked up."""
    if frame.implementation.is_duckdb():
        return _looked_up_by_duckdb(frame, lookups)
    for lookup in lookups:
        frame = _looked_up(frame, like, lookup)
        if lookup.rows:
            frame = _replaced(frame, next(iter(lookup.columns)), like, lookup.rows)
    return frame


def _looked_up(frame: Frame, like: Frame, lookup: Lookup) -> Frame:
    name, keys, columns, _ = lookup
    if not keys:
        return frame.with_columns(nw.lit(0, dtype=nw.Int64).alias(column) for column in columns)
    if frame.implementation.is_polars():
        native = _with_place(nw.to_native(frame), name, keys)
        table = {column: [0, *values] for column, values in columns.items()}
        return lazy(nw.from_native(_taken_by_polars(native, _FOUND, table, {}).drop(_FOUND)))
    named = {f"{_FOUND}_{column}": values for column, values in columns.items()}
    frame = frame.join(small(like, {name: keys, **named}), on=name, how="left")
    frame = frame.drop(name) if name in columns else frame
    filled = (nw.col(f"{_FOUND}_{column}").fill_null(0).cast(nw.Int64).alias(column) for column in columns)
    return frame.with_columns(*filled).drop(*named)


def _with_place(native: Any, name: str, keys: Sequence[int]) -> Any:  # noqa: ANN401 - likewise
    """The Polars frame with the place of each number of a column among some keys, from 1 on; 0 for others."""
    import polars as pl

    places, size = range(1, len(keys) + 1), max(keys) + 1
    if size <= MOST_PLACES:
        dense = pl.zeros(size + 1, pl.UInt32, eager=True).scatter(list(keys), list(places))
        known = pl.when(pl.col(name).is_between(0, size)).then(pl.col(name)).otherwise(size).cast(pl.UInt32)
        return native.with_columns(pl.lit(dense).gather(known).alias(_FOUND))
    found = pl.LazyFrame({name: list(keys), _FOUND: list(places)}, schema={name: pl.Int64, _FOUND: pl.UInt32})
    # In the order that the rows have: nothing has to be sorted at the end.
    found = native.join(found, on=name, how="left", maintain_order="left")
    return found.with_columns(pl.col(_FOUND).fill_null(0))


def _replaced(frame: Frame, name: str, like: Frame, rows: Mapping[object, int]) -> Frame:
    found = small(like, {ROW: list(rows), _FOUND: list(rows.values())}, {ROW: ROW})
    other = nw.when(nw.col(_FOUND).is_null()).then(nw.col(name)).otherwise(nw.col(_FOUND))
    return frame.join(found, on=ROW, how="left").with_columns(other.cast(nw.Int64).alias(name)).drop(_FOUND)


def _looked_up_by_duckdb(frame: Frame, lookups: Iterable[Lookup]) -> Frame:
    tables: list[tuple[str, Table]] = []
    given, gone = [], []
    for name, keys, columns, rows in lookups:
        gone += [name] * (name in columns)
        place, among = len(tables), len(tables) + bool(keys)
        if keys:
            tables.append((name, {_KEY: keys, **columns}))
        if rows:
            tables.append((ROW, {_KEY: [*rows], _FOUND: [*rows.values()]}))
        for number, column in enumerate(columns):
            found = [f"_flexirules_{among}.{_FOUND}"] * (bool(rows) and not number)
            found += [f"_flexirules_{place}.{quoted_name(column)}"] * bool(keys)
            given.append(f"coalesce({', '.join([*found, '0'])})::BIGINT AS {quoted_name(column)}")
    others = f"{VIEW}.* EXCLUDE ({', '.join(map(quoted_name, gone))})" if gone else f"{VIEW}.*"
    return _joined(frame, ", ".join((others, *given)), tables)


_KEY: Final = "_key"


def _joined(frame: Frame, columns: str, tables: Sequence[tuple[str, Table]]) -> Frame:
    """Joins of DuckDB in one question: each step of a relation is bound anew, which may take longer than the join.

    Each table stands with the column on which it is joined, with its own first one.
    """
    sql = f"SELECT {columns} FROM {VIEW}"  # noqa: S608 - of names of our own
    found = {}
    for place, (on, table) in enumerate(tables):
        key = next(iter(table))
        sql += f" LEFT JOIN _flexirules_{place} ON {VIEW}.{quoted_name(on)} = _flexirules_{place}.{quoted_name(key)}"
        found[f"_flexirules_{place}"] = table
    return lazy(nw.from_native(asked_with(nw.to_native(frame), sql, found)))


def asked_with(native: Any, sql: str, tables: Mapping[str, Table]) -> Any:  # noqa: ANN401 - likewise
    """The answer to a question about a relation and small tables, which have the names of the variables here."""
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs

    def array(values: Sequence[object]) -> Any:  # noqa: ANN401 - likewise
        small = values and all(type(value) is int and 0 <= value < 2**16 for value in values)
        return pa.array(list(values), pa.uint16() if small else None)

    found = {name: pa.table({n: array(values) for n, values in table.items()}) for name, table in tables.items()}
    _flexirules_0, _flexirules_1, _flexirules_2, _flexirules_3 = (found.get(f"_flexirules_{n}") for n in range(4))
    _flexirules_4, _flexirules_5, _flexirules_6, _flexirules_7 = (found.get(f"_flexirules_{n}") for n in range(4, 8))
    assert len(found) <= 8
    return native.query(*by_a_name_of_its_own(sql))
