"""The kinds of data frame: how a small table is made beside a frame, how a frame is read, and how it is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, Final, NamedTuple, TypeAlias

import narwhals as nw

from flexirules.errors import wrong_type
from flexirules.frames.columns import DAY, FLAG, ID, NUMBER, TEXT

Frame: TypeAlias = nw.LazyFrame[Any]
Words: TypeAlias = Mapping[str, Sequence[str]]
ROW: Final = "_row"
"""The column that stands for a row: its number where the frame is at hand, its key where the frame is lazy."""


def frame_of(path: str, native: object) -> tuple[Frame, bool]:
    """A frame, and whether it is lazy.

    Raises:
        WrongType: nothing that is a data frame.
    """
    try:
        found = nw.from_native(native)  # type: ignore[call-overload]  # it refuses what is no frame
    except TypeError:
        raise wrong_type(path, native, "a pandas, Polars, PyArrow, DuckDB or PySpark data frame") from None
    if isinstance(found, nw.LazyFrame):
        return found, True
    return found.lazy(), False


def numbered(frame: Frame, key: str, *, lazy: bool) -> Frame:
    """The frame with the column that stands for a row."""
    if lazy:
        return frame.with_columns(nw.col(key).alias(ROW))
    return frame.collect().with_row_index(ROW).lazy().with_columns(nw.col(ROW).cast(nw.Int64))


def small(like: Frame, columns: Mapping[str, Sequence[object]], keys: Mapping[str, str] | None = None) -> Frame:
    """A small table of the kind of a frame, on the same connection.

    ``keys``: of its columns those that shall have the type of a column of the frame.
    """
    native = nw.to_native(like)
    kind = like.implementation
    if kind.is_duckdb() or kind.is_spark_like() or kind.is_pyarrow():
        import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs

        lookup = pa.table({name: pa.array(values) for name, values in columns.items()})
        if kind.is_duckdb():
            # The relation finds the table by this name, and stays on its own connection.
            found = nw.from_native(native.query("_", "SELECT * FROM lookup"))
        elif kind.is_pyarrow():
            found = nw.from_native(lookup).lazy()
        else:
            found = nw.from_native(native.sparkSession.createDataFrame(lookup))
    else:
        found = nw.from_dict(dict(columns), backend=kind).lazy()
    if keys and kind.is_polars():
        schema = like.collect_schema()
        found = found.with_columns(nw.col(name).cast(schema[column]) for name, column in keys.items())
    return _lazy(found)


def _lazy(found: object) -> Frame:
    assert isinstance(found, nw.LazyFrame)
    return found


class Calendar(NamedTuple):
    """How a kind of frame has days as whole numbers above 0 that are compared as days are, and how they are read."""

    number: Callable[[date], int]
    day: Callable[[int], date]


def _written(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _read(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def calendar_of(frame: Frame) -> Calendar:
    """How a frame has days: in Polars as it keeps them, elsewhere such as 20261005."""
    if frame.implementation.is_polars():
        return Calendar(date.toordinal, date.fromordinal)
    return Calendar(_written, _read)


def with_days(frame: Frame, columns: Mapping[str, str]) -> Frame:
    """The frame with more columns: days of others as numbers of its calendar, 0 for none; by their names."""
    if frame.implementation.is_polars():
        import polars as pl

        epoch = date(1970, 1, 1).toordinal()
        numbers = (
            (pl.col(name).cast(pl.Date).to_physical() + epoch).fill_null(0).alias(number)
            for name, number in columns.items()
        )
        return _lazy(nw.from_native(nw.to_native(frame).with_columns(numbers)))
    found = []
    for name, number in columns.items():
        column = nw.col(name)
        year, month, day = (
            # What is not there is filled first: pandas has no whole number for it.
            part.fill_null(0).cast(nw.Int64)
            for part in (column.dt.year(), column.dt.month(), column.dt.day())
        )
        found.append((year * 10_000 + month * 100 + day).alias(number))
    return frame.with_columns(*found)


def enumerated(frame: Frame, names: Iterable[str]) -> dict[str, list[str]]:
    """Of the columns that are enumerated, where the kind of frame shows the places of their words, these words."""
    if not frame.implementation.is_polars():
        return {}
    schema = frame.collect_schema()
    found = {}
    for name in names:
        dtype = schema[name]
        if isinstance(dtype, nw.Enum):
            found[name] = [*dtype.categories]
    return found


def with_places(frame: Frame, columns: Mapping[str, str]) -> Frame:
    """The frame with more columns: the places of the words of others, from 1 on, 0 for none; by their names."""
    import polars as pl

    places = ((pl.col(name).to_physical().cast(pl.Int32) + 1).fill_null(0).alias(n) for name, n in columns.items())
    return _lazy(nw.from_native(nw.to_native(frame).with_columns(places)))


def taken(frame: Frame, place: str, like: Frame, table: Mapping[str, Sequence[object]], words: Words) -> Frame:
    """The frame with more columns: what stands in each column of a table at a place, from 0 on; null where that is.

    ``words``: the columns that hold one of a few words.
    """
    if frame.implementation.is_polars():
        import polars as pl

        types = {name: pl.Enum(list(known)) for name, known in words.items()}
        series = (pl.Series(name, values, types.get(name), strict=True) for name, values in table.items())
        places = pl.col(_PLACE)
        native = nw.to_native(frame).with_columns(pl.col(place).cast(pl.UInt32).alias(_PLACE))
        native = native.with_columns(pl.lit(column).gather(places).alias(column.name) for column in series).drop(_PLACE)
        return _lazy(nw.from_native(native))
    size = len(next(iter(table.values())))
    return frame.join(worded(small(like, {place: list(range(size)), **table}), words), on=place, how="left")


_PLACE: Final = "_place"
MOST_PLACES: Final = 2**22
"""Numbers below this are looked up by their place in a list, where the kind of frame can."""


def looked_up(frame: Frame, name: str, like: Frame, keys: Sequence[int], columns: Mapping[str, Sequence[int]]) -> Frame:
    """The frame with more columns, or others in their place: what stands for each number of a column, 0 for others."""
    if not keys:
        return frame.with_columns(nw.lit(0, dtype=nw.Int64).alias(column) for column in columns)
    if frame.implementation.is_polars():
        native = _with_place(nw.to_native(frame), name, keys)
        columns = {column: [0, *values] for column, values in columns.items()}
        return taken(_lazy(nw.from_native(native)), _FOUND, like, columns, {}).drop(_FOUND)
    found = {f"{_FOUND}_{column}": values for column, values in columns.items()}
    frame = frame.join(small(like, {name: keys, **found}), on=name, how="left")
    frame = frame.drop(*(column for column in columns if column == name))
    numbers = (nw.col(f"{_FOUND}_{column}").fill_null(0).cast(nw.Int64).alias(column) for column in columns)
    return frame.with_columns(*numbers).drop(*found)


def _with_place(native: Any, name: str, keys: Sequence[int]) -> Any:  # noqa: ANN401 - Polars is no requirement
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


_FOUND: Final = "_found"


def worded(frame: Frame, words: Words) -> Frame:
    """A table whose columns of a few words have a type for that, where the kind of frame has one."""
    if frame.implementation.is_polars() or frame.implementation.is_pandas():
        return frame.with_columns(nw.col(name).cast(nw.Enum(list(known))) for name, known in words.items())
    return frame


def kept(frame: Frame) -> Frame:
    """The frame worked out once, so that what comes after it does not do it again."""
    kind = frame.implementation
    if kind.is_duckdb():
        return _temporary(frame)
    if kind.is_spark_like():
        return _lazy(nw.from_native(nw.to_native(frame).persist()))
    return frame.collect().lazy()


def _temporary(frame: Frame) -> Frame:
    """A temporary table of DuckDB, which goes to disk where memory is short, and away with its connection."""
    name = f"flexirules_{next(_NUMBERS)}"
    native = nw.to_native(frame)
    native.query("_", f"CREATE TEMP TABLE {name} AS SELECT * FROM _")  # noqa: S608 - the name is ours
    return _lazy(nw.from_native(native.query("_", f"SELECT * FROM {name}")))  # noqa: S608 - likewise


_NUMBERS: Final = count()


def rising(frame: Frame, name: str) -> bool:
    """Whether a column of a frame at hand holds whole numbers, each above the one before it."""
    if not frame.collect_schema()[name].is_integer():
        return False
    column = frame.select(name).collect()[name]
    if column.null_count() or len(column) < 2:
        return len(column) < 2
    return bool(column.diff().min() > 0)


def rows_of(frame: Frame, types: Mapping[str, str]) -> list[dict[str, object]]:
    """The rows of a frame in plain values, by the types of its columns."""
    found = frame.select(*types).collect()
    columns = {}
    for name, kind in types.items():
        series = found[name]
        read = _PLAIN[kind]
        columns[name] = [
            None if null else read(value)
            for value, null in zip(series.to_list(), series.is_null().to_list(), strict=True)
        ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def integers(frame: Frame, *names: str) -> list[tuple[int, ...]]:
    """The rows of a frame of whole numbers."""
    found = frame.select(*names).collect()
    return [tuple(map(int, row)) for row in found.iter_rows()]


def whole_number(value: object) -> int:
    """A cell of a column of whole numbers."""
    assert isinstance(value, int)
    return value


def _identifier(value: str | int) -> str | int:
    return value if isinstance(value, str) else int(value)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


_PLAIN: Final[Mapping[str, Callable[[Any], object]]] = {ID: _identifier, TEXT: str, DAY: _day, FLAG: bool, NUMBER: int}
"""How a cell of each type is read."""
