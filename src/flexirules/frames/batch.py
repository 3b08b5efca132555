"""Tables from files, decided by one command and written whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from flexirules.errors import FlexirulesError, InvalidInput, show
from flexirules.frames import evaluate_frame
from flexirules.frames.columns import COLUMNS_OF, DAY, FLAG, NUMBER, TEXT
from flexirules.frames.kinds import VIEW, asked
from flexirules.frames.summary import Summary, summary_of

ENGINES: Final = ("duckdb", "polars", "spark")
ENDINGS: Final = (".parquet", ".csv", ".jsonl")
"""The files that are read and written, by their ending."""

_PATTERN: Final = frozenset("*?[]{}")
Tell = Callable[[str], None]


def run(
    files: Mapping[str, Path],
    output: Path,
    *,
    engine: str = "duckdb",
    master: str = "local[*]",
    memory: str | None = None,
    errors: str = "raise",
    readings: Mapping[str, str] | None = None,
    tell: Tell = lambda _: None,
) -> Summary:
    """Decide the applications of a file and write a file of decisions.

    The file of decisions appears when all of it is written: until then it has another name, and where the run is
    stopped half-way there is none.

    Args:
        files: the file of each table by the name of the table; ``applications`` is needed.
        output: the file to write; its ending says in which form.
        engine: ``duckdb``, ``polars`` or ``spark``.
        master: of a Spark cluster.
        memory: what DuckDB may take before it goes to disk, such as ``4GB``; ``None``: what it takes by itself.
        errors: as of ``evaluate_frame``.
        readings: as of ``evaluate_frame``.
        tell: is told how far it is.

    Raises:
        InvalidInput: an ending or an engine that is not known; what ``evaluate_frame`` raises.
    """
    if engine not in ENGINES:
        raise InvalidInput("E-WORD", "engine", f"expected one of {', '.join(ENGINES)}, not {show(engine)}")
    if "applications" not in files:
        raise InvalidInput("E-FILE", "applications", "there is no file of applications")
    for path in (*files.values(), output):
        if path.suffix not in ENDINGS:
            raise InvalidInput("E-FILE", path.name, f"a file ends in one of {', '.join(ENDINGS)}")
        if not _PATTERN.isdisjoint(str(path)):
            raise InvalidInput(
                "E-FILE", path.name, f"the engines read a pattern where a name has one of {' '.join(_PATTERN)}"
            )
    if output.is_dir() or output.resolve() in {path.resolve() for path in files.values()}:
        raise InvalidInput("E-FILE", output.name, "the decisions are written to a file of their own")
    for path in files.values():
        # The engines say in many words what the system says in one.
        path.open("rb").close()
    with tempfile.TemporaryDirectory(prefix=".flexirules-", dir=output.parent) as folder:
        with _refusing(engine), _engine(engine, Path(folder), master, memory) as (read, write):
            frames = {name: read(name, path) for name, path in files.items()}
            decided = evaluate_frame(
                frames.pop("applications"),
                **frames,
                errors=errors,
                progress=tell,
                readings=readings or {},
            )
            part = Path(folder) / f"part{output.suffix}"
            tell("writes the decisions")
            write(decided, part)
            summary = summary_of(decided)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(output)
    return summary


Engine = tuple[Callable[[str, Path], Any], Callable[[Any, Path], None]]
"""How a table is read from a file, and how the decisions are written to one."""


@contextmanager
def _refusing(engine: str) -> Iterator[None]:
    """What an engine cannot read is input like any other: one sentence, not its own error."""
    try:
        yield
    except FlexirulesError:
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0].lstrip("_") not in (engine, "pyspark", "narwhals"):
            raise
        said = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise InvalidInput("E-FILE", engine, said) from error


@contextmanager
def _engine(name: str, folder: Path, master: str, memory: str | None) -> Iterator[Engine]:
    if name == "duckdb":
        import duckdb

        settings: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(folder),
            "preserve_insertion_order": "false",
        }
        settings |= {"memory_limit": memory} if memory is not None else {}
        with duckdb.connect(str(folder / "work.duckdb"), config=settings) as connection:
            yield (lambda table, path: _duckdb_reads(connection, table, path)), _duckdb_writes
    elif name == "polars":
        yield _polars_reads, _polars_writes
    else:
        from pyspark.sql import SparkSession

        running = SparkSession.getActiveSession()
        session = running or SparkSession.builder.master(master).appName("flexirules").getOrCreate()
        try:
            yield (lambda table, path: _spark_reads(session, table, path)), _spark_writes
        finally:
            # A session that was there before stays.
            (int if running is not None else session.stop)()


_FORMS: Final = {
    DAY: ("DATE", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    FLAG: ("BOOLEAN", "true|false"),
    NUMBER: ("BIGINT", "-?[0-9]{1,18}"),
}
"""How the text of a cell is written in CSV and JSON Lines, by the type of its column; nothing else is guessed."""


def _duckdb_reads(connection: Any, table: str, path: Path) -> Any:  # noqa: ANN401 - relations have no public type
    if path.suffix == ".parquet":
        return connection.read_parquet(str(path), hive_partitioning=False)
    if path.suffix == ".csv":
        plain = connection.read_csv(str(path), header=True, all_varchar=True, sep=",", hive_partitioning=False)
    else:
        names = connection.read_json(str(path), format="newline_delimited", sample_size=-1).columns
        texts = dict.fromkeys(names, "VARCHAR")
        plain = connection.read_json(str(path), format="newline_delimited", columns=texts)
    types = {name: column.type for name, column in COLUMNS_OF[table].items()}
    return plain.project(", ".join(_cell(name, types.get(name, TEXT)) for name in plain.columns))


def _cell(name: str, kind: str) -> str:
    """A column of text as SQL of its own type; what is written otherwise is an error, never rounded or guessed."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind not in _FORMS:
        return quoted
    sql, form = _FORMS[kind]
    says = f"in {name} a {kind} is written otherwise: ".replace("'", "''")
    right = f"{quoted} IS NULL OR regexp_full_match({quoted}, '{form}')"
    return f"CASE WHEN {right} THEN CAST({quoted} AS {sql}) ELSE error('{says}' || {quoted}) END AS {quoted}"


def _duckdb_writes(decided: Any, path: Path) -> None:  # noqa: ANN401 - likewise
    if path.suffix == ".parquet":
        decided.write_parquet(str(path), compression="zstd")
    elif path.suffix == ".csv":
        decided.write_csv(str(path), header=True)
    else:
        target = str(path).replace("'", "''")
        asked(decided, f"COPY (SELECT * FROM {VIEW}) TO '{target}' (FORMAT JSON)")  # noqa: S608 - quoted above


def _polars_reads(table: str, path: Path) -> Any:  # noqa: ANN401 - Polars is no requirement of the types
    import polars as pl

    if path.suffix == ".parquet":
        return pl.scan_parquet(path, glob=False)
    if path.suffix == ".csv":
        plain = pl.scan_csv(path, infer_schema=False, glob=False)
    else:
        plain = pl.scan_ndjson(path, infer_schema_length=None)
    schema = plain.collect_schema()
    casts = {
        DAY: lambda cell: cell.str.to_date("%Y-%m-%d", strict=True),
        FLAG: lambda cell: cell.replace_strict({"true": True, "false": False, None: None}, return_dtype=pl.Boolean),
        NUMBER: lambda cell: cell.str.to_integer(strict=True),
    }
    types = {name: column.type for name, column in COLUMNS_OF[table].items()}
    written = {name: types.get(name) for name, dtype in schema.items() if dtype == pl.String}
    return plain.with_columns(casts[kind](pl.col(name)) for name, kind in written.items() if kind in casts)


def _polars_writes(decided: Any, path: Path) -> None:  # noqa: ANN401 - likewise
    sinks = {".parquet": decided.sink_parquet, ".csv": decided.sink_csv, ".jsonl": decided.sink_ndjson}
    sinks[path.suffix](path)


def _spark_reads(session: Any, table: str, path: Path) -> Any:  # noqa: ANN401 - PySpark is no requirement of the types
    names = {DAY: "date", FLAG: "boolean", NUMBER: "bigint"}
    known = {column.name: names.get(column.type, "string") for column in COLUMNS_OF[table].values()}
    read = session.read
    plain = {
        ".parquet": lambda: read.parquet(str(path)),
        ".csv": lambda: read.csv(str(path), header=True, mode="FAILFAST"),
        ".jsonl": lambda: read.json(str(path), primitivesAsString=True, mode="FAILFAST"),
    }[path.suffix]()
    # Parquet says of itself what it holds.
    texts = plain.columns if path.suffix != ".parquet" else []
    return plain.withColumns({name: plain[name].cast(known.get(name, "string")) for name in texts})


def _spark_writes(decided: Any, path: Path) -> None:  # noqa: ANN401 - likewise
    """One file, by one task on a disk that the driver sees: Spark writes a folder of parts, which no program opens."""
    parts = path.parent / "parts"
    writer = decided.coalesce(1).write
    {
        ".parquet": lambda: writer.parquet(str(parts)),
        ".csv": lambda: writer.csv(str(parts), header=True),
        ".jsonl": lambda: writer.json(str(parts), ignoreNullFields=False),
    }[path.suffix]()
    next(parts.glob("part-*")).rename(path)
