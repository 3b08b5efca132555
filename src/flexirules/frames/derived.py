"""Columns made of terms: by expressions of Polars, or by one query of DuckDB."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import narwhals as nw

from flexirules.frames.kinds import Frame, asked, integers, lazy
from flexirules.frames.lookups import asked_with
from flexirules.frames.terms import Term, Truth


def derived(
    frame: Frame,
    wanted: Mapping[str, Term | bool],
    kept: Sequence[str] = (),
    *,
    dense: Collection[str] = (),
    holds: Truth = True,
) -> Frame:
    """Some columns of a frame, and new ones by their names.

    ``dense``: columns of which nothing is missing in the rows that matter. ``holds``: for DuckDB, what is so in all
    rows; if the frame is another one when it is worked out, and it is not, that is an error.
    """
    native: Any = nw.to_native(frame)
    about = tuple(frame.collect_schema().items()), tuple(wanted.items())
    if frame.implementation.is_polars():
        from flexirules.frames import in_polars

        made = in_polars.made(*about, frozenset(dense))
        for step in made.steps:
            native = native.with_columns(step)
        return lazy(nw.from_native(native.select(*kept, *made.wanted)))
    from flexirules.frames import in_duckdb

    query = in_duckdb.query(*about, tuple(kept), frozenset(dense), holds)
    for kind in query.types:
        asked(native, kind)
    return lazy(nw.from_native(asked_with(native, query.text, query.tables)))


def filtered(frame: Frame, truth: Truth) -> Frame:
    """The rows in which something holds."""
    if truth is True:
        return frame
    names = frame.collect_schema().names()
    return derived(frame, {_HOLDS: truth}, names).filter(nw.col(_HOLDS)).drop(_HOLDS)


def times(frame: Frame, truth: Truth) -> int:
    """In how many rows something holds."""
    # Beside a column, so that what is so in all rows stands in each.
    first = frame.collect_schema().names()[:1]
    holds = derived(frame, {_HOLDS: truth}, first).select(nw.col(_HOLDS).cast(nw.Int64).sum().fill_null(0))
    return integers(holds, _HOLDS)[0][0]


_HOLDS: Final = "_holds"
