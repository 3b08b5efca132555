"""The kinds of data frame: how a small table is made beside a frame, how a frame is read, and how it is kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, Final, NamedTuple, TypeAlias

import narwhals as nw
from narwhals.exceptions import DuplicateError

from flexirules.errors import InvalidInput, wrong_type
from flexirules.frames.columns import DAY, FLAG, ID, NUMBER, TEXT
from flexirules.quarter import FIRST_YEAR, LAST_YEAR

Frame: TypeAlias = nw.LazyFrame[Any]
Words: TypeAlias = Mapping[str, Sequence[str]]
ROW: Final = "_row"
"""The column that stands for a row: its number where the frame is at hand, its key where the frame is lazy."""


def frame_of(path: str, native: object) -> tuple[Frame, bool]:
    """A frame, and whether it is lazy.

    Raises:
        InvalidInput: a frame in which a name stands twice.
        WrongType: nothing that is a data frame of these kinds.
    """
    kinds = "a pandas, Polars, PyArrow, DuckDB or PySpark data frame"
    try:
        found = nw.from_native(native)  # type: ignore[call-overload]  # it refuses what is no frame
        found.collect_schema()
    except TypeError:
        raise wrong_type(path, native, kinds) from None
    except DuplicateError:
        raise InvalidInput("E-COLUMN", path, "two columns have one name") from None
    if found.implementation not in _KINDS:
        raise wrong_type(path, native, kinds)
    if found.implementation.is_duckdb() or found.implementation.is_spark_like():
        names = [str(name).lower() for name in nw.to_native(found).columns]
        if len(set(names)) < len(names):
            raise InvalidInput("E-COLUMN", path, "two columns have one name")
    if isinstance(found, nw.LazyFrame):
        return found, True
    return found.lazy(), False


VIEW: Final = "flexirules_asked"
"""By this name a question to DuckDB knows the relation of which it is asked."""
_NUMBERS: Final = count()


def by_a_name_of_its_own(question: str) -> tuple[str, str]:
    """A name for the relation in one question alone, since DuckDB 1 keeps it, and the question with that name."""
    name = f"{VIEW}_{next(_NUMBERS)}"
    return name, question.replace(VIEW, name)


def asked(native: Any, question: str) -> Any:  # noqa: ANN401 - a relation of DuckDB
    """What DuckDB answers to a question about a relation."""
    return native.query(*by_a_name_of_its_own(question))


_KINDS: Final = (
    nw.Implementation.PANDAS,
    nw.Implementation.POLARS,
    nw.Implementation.PYARROW,
    nw.Implementation.DUCKDB,
    nw.Implementation.PYSPARK,
    nw.Implementation.PYSPARK_CONNECT,
)
"""Those that the tests know; narwhals knows more."""


def numbered(frame: Frame) -> Frame:
    """A frame at hand with the column that stands for a row: its number."""
    if frame.implementation.is_polars():
        import polars as pl

        # Where nobody asks for it nothing is written.
        return lazy(nw.from_native(nw.to_native(frame).with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))))
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
            # The relation finds the table by this name, which no table of others has, and stays on its own connection.
            flexirules_lookup = lookup
            assert flexirules_lookup is not None
            found = nw.from_native(native.query(*by_a_name_of_its_own("SELECT * FROM flexirules_lookup")))
        elif kind.is_pyarrow():
            found = nw.from_native(lookup).lazy()
        else:
            found = nw.from_native(native.sparkSession.createDataFrame(lookup))
    else:
        found = nw.from_dict(dict(columns), backend=kind).lazy()
    if keys and kind.is_polars():
        schema = like.collect_schema()
        found = found.with_columns(nw.col(name).cast(schema[column]) for name, column in keys.items())
    return lazy(found)


def lazy(found: object) -> Frame:
    """What narwhals made, of which it is known that it is a lazy frame."""
    assert isinstance(found, nw.LazyFrame)
    return found


class Calendar(NamedTuple):
    """How a kind of frame has days as whole numbers above 0 that are compared as days are, and how they are read."""

    number: Callable[[date], int]
    day: Callable[[int], date]

    def outside(self, cell: nw.Expr) -> nw.Expr:
        """Whether a day lies outside the years that there are."""
        first, last = self.number(date(FIRST_YEAR, 1, 1)), self.number(date(LAST_YEAR, 12, 31))
        return (cell != 0) & ((cell < first) | (cell > last))


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
    if not columns:
        return frame
    if frame.implementation.is_polars():
        import polars as pl

        epoch = date(1970, 1, 1).toordinal()
        # A time with a zone has the day of its zone. What lies before all calendars stays apart from what is not known.
        numbers = (
            (pl.col(name).dt.date().to_physical() + epoch).clip(1).fill_null(0).alias(number)
            for name, number in columns.items()
        )
        return lazy(nw.from_native(nw.to_native(frame).with_columns(numbers)))
    found = []
    for name, number in columns.items():
        column = nw.col(name)
        year, month, day = (
            # What is not there is filled first: pandas has no whole number for it.
            part.fill_null(0).cast(nw.Int64)
            for part in (column.dt.year(), column.dt.month(), column.dt.day())
        )
        written = year * 10_000 + month * 100 + day
        if frame.implementation.is_duckdb():
            # Its infinite days have no year.
            written = nw.when(~column.is_null() & (written == 0)).then(nw.lit(-1)).otherwise(written)
        found.append(written.cast(nw.Int64).alias(number))
    return frame.with_columns(*found)


def enumerates(frame: Frame) -> bool:
    """Whether the kind of frame has a type for columns that hold one of a few words."""
    kind = frame.implementation
    return kind.is_polars() or kind.is_pandas() or kind.is_duckdb()


def worded(frame: Frame, words: Words) -> Frame:
    """A table whose columns of a few words have a type for that, where the kind of frame has one."""
    if enumerates(frame):
        return frame.with_columns(nw.col(name).cast(nw.Enum(list(known))) for name, known in words.items())
    return frame


def kept(frame: Frame) -> Frame:
    """The frame worked out once, so that what comes after it does not do it again."""
    kind = frame.implementation
    if kind.is_duckdb():
        return _temporary(frame)
    if kind.is_spark_like():
        return lazy(nw.from_native(nw.to_native(frame).persist()))
    return frame.collect().lazy()


MANY: Final = 250_000
"""From so many rows on the streaming engine of Polars is the faster one."""


def worked_out(frame: Frame, rows: int) -> Frame:
    """What follows from so many rows at hand, where its plan has nothing in it that could be left out."""
    import polars as pl

    plan: Any = nw.to_native(frame)
    # To look for what could be left out takes as long as tens of thousands of rows.
    found = plan.collect(engine="streaming" if rows >= MANY else "in-memory", optimizations=pl.QueryOptFlags.none())
    return lazy(nw.from_native(found.lazy()))


def _temporary(frame: Frame) -> Frame:
    """A temporary table of DuckDB, which goes to disk where memory is short, and away with its connection."""
    name = f"flexirules_{next(_NUMBERS)}"
    native = nw.to_native(frame)
    asked(native, f"CREATE TEMP TABLE {name} AS SELECT * FROM {VIEW}")  # noqa: S608 - the names are ours
    return lazy(nw.from_native(asked(native, f"SELECT * FROM {name}")))  # noqa: S608 - likewise


def in_order(frame: Frame) -> bool:
    """Whether the rows of a frame at hand are in their order."""
    return frame.select(ROW).collect()[ROW].is_sorted()


def rising(frame: Frame, name: str) -> int | None:
    """How many rows a frame has, if a column rises from each to the next, whatever order that is; else ``None``."""
    native: Any = nw.to_native(frame)
    if frame.implementation.is_duckdb():
        rises = f'SELECT "{name}" > lag("{name}") OVER () AS rises FROM {VIEW}'  # noqa: S608 - the names are ours
        counted = f"SELECT count(*), count(*) FILTER (WHERE rises) FROM ({rises})"  # noqa: S608 - likewise
        ((rows, risen),) = asked(native, counted).fetchall()
    elif frame.implementation.is_polars():
        import polars as pl

        cell = pl.col(name)
        ((rows, risen),) = native.select(pl.len(), rises=(cell > cell.shift()).sum()).collect(engine="streaming").rows()
    elif frame.implementation.is_spark_like() or not frame.collect_schema()[name].is_integer():
        return None
    else:
        column = frame.select(name).collect()[name]
        rows, risen = len(column), int((column > column.shift(1)).sum())
    return int(rows) if risen == max(0, rows - 1) else None


def distinct(frame: Frame, *names: str) -> Frame:
    """The rows that there are in some columns, each once."""
    frame = frame.select(*names)
    # For DuckDB narwhals numbers the rows of each group, which takes many times as long.
    return lazy(nw.from_native(nw.to_native(frame).distinct())) if frame.implementation.is_duckdb() else frame.unique()


def surely_different(frame: Frame, names: Sequence[str]) -> bool:
    """Whether it is known at little cost that no two rows agree in some columns; else they may."""
    if not frame.implementation.is_polars():
        return False
    import polars as pl

    # Rows that agree have one number. Of two that do not, one pair in 2**64 has.
    number = pl.sum_horizontal(pl.col(name).hash(seed) for seed, name in enumerate(names))
    found: Any = nw.to_native(frame).select(rows=pl.len(), numbers=number.n_unique()).collect()
    return bool(found["rows"].item() == found["numbers"].item())


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
