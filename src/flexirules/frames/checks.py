"""What rows have wrong among each other, and which applications it touches."""

from collections.abc import Sequence
from typing import NamedTuple

import narwhals as nw

from flexirules._checks import MAX_ENTRIES
from flexirules.errors import FlexirulesError, InvalidInput, Problem
from flexirules.frames.columns import DAY, TEXT
from flexirules.frames.kinds import ROW, Frame, integers, rows_of
from flexirules.frames.reading import SHOWN_ROWS, Fault, Read, add_faults_of_size, counted, problem, show_keys


class Trouble(NamedTuple):
    """Something wrong with some rows: what to say, and the keys of the applications or workers concerned."""

    problem: Problem
    key: str
    keys: Frame


def key_of(read: Read) -> str:
    """By which column the rows of a table belong to an application."""
    if read.name == "engagements":
        return "application" if "application" in read.types else "worker"
    return "application" if read.name == "applications" else "worker"


def add_faults(read: Read) -> None:
    """The faults of single rows that more than one cell shows."""
    if read.name in ("employments", "engagements"):
        add_faults_of_size(read)
    if read.name == "engagements":
        for first, last in (("from", "until"), ("notice_from", "notice_until")):
            begin, end = read.number(first), read.number(last)
            where = (begin > 0) & (end > 0) & (end < begin)
            if first in read.types and last in read.types:
                read.faults.append(Fault("E-PERIOD", last, "a period ends on or after its first day", where))
    key = key_of(read)
    read.faults.append(Fault("E-NAME", key, f"the {key} of a row is needed", nw.col(key).is_null()))


def troubles(read: Read) -> list[Trouble]:
    """Everything that is wrong with a table that was read."""
    key = key_of(read)
    mark = ROW if read.name == "applications" else key
    found = []
    for place, number in counted(read).items():
        fault = read.faults[place]
        keys = read.frame.filter(fault.where).filter(~nw.col(mark).is_null()).select(mark).unique()
        found.append(Trouble(problem(read, fault, number, key), mark, keys))
    if read.name in ("applications", "pensions"):
        found += _repeated(read, [key], f"the key of the table, given more than once: the {key}")
    elif read.name != "engagements":
        found += _repeated(read, _whole_row(read), "the same row as another: it was read twice")
    if read.name not in ("applications", "pensions"):
        found += _too_many(read, key)
    return found


def _whole_row(read: Read) -> list[str]:
    return list(read.types)


def _repeated(read: Read, columns: list[str], says: str) -> list[Trouble]:
    """Rows that agree in these columns. Of whole rows it is asked at first whether their keys alone repeat."""
    key = key_of(read)
    narrow = [name for name in ("worker", "quarter", "employer") if name in columns] if len(columns) > 1 else columns
    again = _groups(read.frame, narrow)
    if narrow != columns and rows_exist(again):
        candidates = read.frame.join(again.select(key).unique(), on=key, how="semi")
        # Nulls are no keys of a join, and here they are equal: identifiers that are null are told apart by a flag.
        filled = candidates.with_columns(
            *(nw.col(name).is_null().cast(nw.Int64).alias(f"{name}_null") for name in columns)
        )
        again = _groups(filled, [*columns, *(f"{name}_null" for name in columns)])
    return _trouble(read, key, again, "E-DUPLICATE", ".".join(columns) if len(columns) == 1 else key, says)


def _groups(frame: Frame, columns: Sequence[str]) -> Frame:
    return frame.group_by(*columns).agg(nw.len().alias("_times")).filter(nw.col("_times") > 1)


def rows_exist(frame: Frame) -> bool:
    """Whether a frame has any row."""
    return bool(integers(frame.select(nw.len().alias("_rows")), "_rows")[0][0])


def _too_many(read: Read, key: str) -> list[Trouble]:
    many = read.frame.group_by(key).agg(nw.len().alias("_times")).filter(nw.col("_times") > MAX_ENTRIES)
    return _trouble(read, key, many, "E-TOO-MANY", key, f"a list has at most {MAX_ENTRIES} entries")


def _trouble(read: Read, key: str, groups: Frame, code: str, column: str, says: str) -> list[Trouble]:
    found = integers(groups.select(nw.col("_times").sum().fill_null(0).cast(nw.Int64)), "_times")
    number = found[0][0] if found else 0
    if not number:
        return []
    keys = groups.filter(~nw.col(key).is_null()).select(key).unique()
    first = [row[key] for row in rows_of(keys.head(SHOWN_ROWS), {key: read.types[key]})]
    said = Problem(code, f"{read.name}.{column}", f"{says} ({number} rows, the first: {show_keys(first)})")
    return [Trouble(said, key, keys)]


def refused(found: Sequence[Trouble]) -> FlexirulesError:
    """One error that lists everything."""
    problems = tuple(trouble.problem for trouble in found)
    return InvalidInput(problems[0].code, problems[0].path, problems[0].message, problems)


def marked(frame: Frame, found: Sequence[Trouble]) -> Frame:
    """The applications with what is wrong with each, null where nothing is."""
    names = []
    for place, trouble in enumerate(found):
        name = f"_wrong_{place}"
        names.append(name)
        keys = trouble.keys.with_columns(nw.lit(1, dtype=nw.Int64).alias(name))
        frame = frame.join(keys, on=trouble.key, how="left")
    frame = frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in names))
    said = [
        nw.when(nw.col(name) == 1).then(nw.lit(f"{trouble.problem.code}:{trouble.problem.path}"))
        for name, trouble in zip(names, found, strict=True)
    ]
    wrong = nw.sum_horizontal(*(nw.col(name) for name in names)) > 0
    text = nw.when(wrong).then(nw.concat_str(*said, separator=" ", ignore_nulls=True))
    return frame.with_columns(text.alias("problems")).drop(*names)
