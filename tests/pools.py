"""Cases as data frames of every kind, and the row that ``evaluate`` owes to each case."""

import re

import narwhals as nw
import pyarrow as pa

from flexirules import evaluate
from flexirules.frames import evaluate_frame, known, tables_of
from flexirules.frames.answers import ANSWER
from flexirules.frames.cases import Rows, case_of
from flexirules.frames.columns import COLUMNS_OF, DAY, FLAG, ID, NUMBER, TEXT

ARROW = {ID: pa.string(), TEXT: pa.string(), DAY: pa.date32(), FLAG: pa.bool_(), NUMBER: pa.int64()}
TOLD = ("application", *ANSWER, "reference_quarter", "provisional")


def by_engine(monkeypatch, engine):
    """Let all rows be decided by their ``cells``, or those of which all is known by ``columns``, however few."""
    monkeypatch.setattr(known, "fewest", lambda _: 0 if engine == "columns" else 2**62)
    monkeypatch.setattr(known, "closed", lambda _: True)


def arrow(tables):
    """Tables of lists as PyArrow tables, identifiers as text."""
    found = {}
    for name, columns in tables.items():
        types = {column: ARROW[known.type] for column, known in COLUMNS_OF[name].items()}
        found[name] = pa.table(
            {
                column: pa.array(
                    [str(v) if types[column] == pa.string() and v is not None else v for v in values], types[column]
                )
                for column, values in columns.items()
            }
        )
    return found


def as_frame(name, table, kind):
    """One table of lists as a data frame of a kind."""
    return KINDS[kind](arrow({name: table})[name])


def _pandas(table):
    import pandas as pd

    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame = table.to_pandas(types_mapper=nullable.get)
    for field in table.schema:
        if field.type == pa.date32():
            frame[field.name] = pd.to_datetime(frame[field.name])
    return frame


def _polars(table):
    import polars as pl

    return pl.from_arrow(table)


def _duckdb(table):
    import duckdb

    return duckdb.from_arrow(table)


KINDS = {
    "polars": _polars,
    "polars-lazy": lambda table: _polars(table).lazy(),
    "pandas": _pandas,
    "pyarrow": lambda table: table,
    "duckdb": _duckdb,
}


def as_told(cases):
    """The cases with what tables cannot say left out: what a row and its rows come to."""
    return [case for _, case in rows_of_tables(tables_of(cases))]


def rows_of_tables(tables):
    """Of each application its key, and the case that its row and the rows of the other tables come to."""
    links = "application" if "application" in tables["engagements"] else "worker"
    keys = {"employments": "worker", "approvals": "worker", "engagements": links, "pensions": "worker"}
    held = {}
    for name, key in keys.items():
        for row in _rows(tables[name]):
            held.setdefault((name, row[key]), []).append(row)
    for row in _rows(tables["applications"]):
        rows = [
            None if row.get(f"{name}_known") is False else held.get((name, row[key]), []) for name, key in keys.items()
        ]
        yield row["application"], case_of(row, Rows(*rows[:3], rows[3][0] if rows[3] else None), _as_text)


def _as_text(identifier):
    return None if identifier is None else str(identifier)


def _rows(columns):
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def owed(case, **options):
    """The row of a case, from the decision that ``evaluate`` gives."""
    decision = evaluate(case, **options)
    found = [cell for finding in decision.findings for cell in (finding.verdict.value, finding.reason)]
    decisive = " ".join(finding.condition for finding in decision.findings if finding.decisive)
    missing = sorted({re.sub(r"\[\d+\]", "[*]", each.path) for each in decision.missing})
    reference = decision.reference_quarter
    return (
        decision.outcome.value,
        *found,
        decisive,
        decision.dimona.expected,
        decision.dimona.warning_may_be_ignored,
        " ".join(missing),
        None if reference is None else str(reference),
        decision.provisional,
    )


def given(answer):
    """The rows of an answer in plain values, by the key of the application."""
    frame = nw.from_native(answer)
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    columns = [
        [None if null else value for value, null in zip(column.to_list(), column.is_null().to_list(), strict=True)]
        for column in (frame[name] for name in TOLD)
    ]
    return {row[0]: row[1:] for row in zip(*columns, strict=True)}


def row_of(answer, expected):
    """The columns in which an answer is not what is owed."""
    return [(name, a, b) for name, a, b in zip(TOLD[1:], answer, expected, strict=True) if a != b]


def differences(cases, kind, convert=None, **options):
    """Of each case whose row differs from what is owed to it: the case and the columns."""
    told = as_told(cases)
    frames = {name: (convert or KINDS[kind])(table) for name, table in arrow(tables_of(told)).items()}
    rows = given(evaluate_frame(frames.pop("applications"), **frames, **options))
    assert len(rows) == len(told)
    expected = {str(number): (case, owed(case, **options)) for number, case in enumerate(told, 1)}
    return [(case, row_of(rows[key], row)) for key, (case, row) in expected.items() if rows[key] != row]
