"""Data frames: a whole pool of applications decided at once, by the same law as one case.

The extra ``frames`` brings narwhals, through which pandas, Polars, PyArrow, DuckDB and PySpark are served alike.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import narwhals as nw

from flexirules.case import Case, before
from flexirules.errors import FlexirulesError, InvalidInput, WrongType, collected, show, wrong_type
from flexirules.frames.answers import (
    ANSWER,
    COLUMNS,
    LINKS,
    WORDS,
    WORK,
    Answer,
    Classes,
    Decider,
    Memory,
    Part,
    days_words,
    together,
)
from flexirules.frames.cases import Row, Rows, case_of, names_of_our_own, tables_of
from flexirules.frames.cells import BY_ITSELF, CELLS, DAY, OPEN, Day, Key, dated, in_cells
from flexirules.frames.checks import Trouble, checked, refused, with_problems
from flexirules.frames.columns import AT_HAND, ID, NUMBER, TABLES, TEXT, Column
from flexirules.frames.kinds import (
    ROW,
    Frame,
    distinct,
    frame_of,
    in_order,
    integers,
    kept,
    numbered,
    rows_of,
    small,
    whole_number,
    worded,
)
from flexirules.frames.known import by_columns
from flexirules.frames.lookups import Lookup, looked_up, taken
from flexirules.frames.reading import Read, columns_of, good, key_of, read, with_types
from flexirules.frames.ready import at_hand, check_at_hand, rows_at_hand
from flexirules.law.ruleset import Ruleset, current
from flexirules.readings import chosen_readings

__all__ = ["COLUMNS", "evaluate_frame", "tables_of"]

_NONE: Final[Mapping[str, str]] = {}


def evaluate_frame(
    applications: object,
    *,
    employments: object = None,
    approvals: object = None,
    engagements: object = None,
    pensions: object = None,
    law: Ruleset | None = None,
    readings: Mapping[str, str] = _NONE,
    errors: str = "raise",
    progress: Callable[[str], None] = lambda _: None,
) -> object:
    """Decide every application of a table, each as ``evaluate`` decides its case.

    Args:
        applications: one question a row, a data frame of any kind; it may have the columns that replace other tables.
        employments: the work of the workers, a data frame of the same kind; ``None``: of that nothing is known but what
            the applications themselves say. So with the others.
        approvals: the written decisions of the NSSO, likewise.
        engagements: the other links in T, likewise.
        pensions: the pensions of the workers, likewise.
        law: the tables of the law; ``None``: those of this release.
        readings: how to read the law where sources disagree, for all rows.
        errors: ``"raise"``: rows that cannot be read are an error that lists them; ``"report"``: they come back with
            ``problems``, and all others are decided.
        progress: is told, in a few words, how far it is.

    Returns:
        A frame of the same kind with the columns ``COLUMNS``, one row for each row of ``applications``: in the same
        order where the kind has one, and lazy where it was lazy.

    Raises:
        InvalidInput: a column that is missing or unknown; with ``"raise"`` rows that cannot be read; a reading that
            does not exist.
        WrongType: no data frame, frames of different kinds, a column of another type, no ``Ruleset``.
    """
    if errors not in ("raise", "report"):
        raise InvalidInput("E-WORD", "errors", f"expected one of raise, report, not {show(errors)}")
    if law is not None and type(law) is not Ruleset:
        raise wrong_type("law", law, "a Ruleset")
    law = law or current()
    chosen = chosen_readings((), readings)
    natives = dict(zip(TABLES, (applications, employments, approvals, engagements, pensions), strict=True))
    progress(f"reads {', '.join(name for name, native in natives.items() if native is not None)}")
    tables = _tables(natives, chosen)
    applications_read = tables["applications"]
    others = {name: table for name, table in tables.items() if name != "applications"}
    if not applications_read.lazy:
        # What is at hand is read once, and not again for each question.
        others = {name: table.of(kept(table.frame)) for name, table in others.items()}
    found = _check(others)
    tables = {"applications": applications_read, **others}
    of_columns = None if found else by_columns(tables, law, chosen, progress)
    if of_columns is None:
        return _native(_by_cells(tables, law, chosen, progress, errors=errors, found=found), applications_read)
    frame, rest = of_columns
    if rest is not None:
        by_cells = _by_cells({**others, "applications": rest}, law, chosen, progress, errors=errors, found=found)
        frame = kept(nw.concat([frame.select(ROW, *COLUMNS), by_cells.select(ROW, *COLUMNS)]))
    return _native(frame, applications_read)


def _native(frame: Frame, applications: Read) -> object:
    """The answer as a frame of the caller's kind, in the order of the applications where they have one."""
    if applications.lazy:
        whole = tuple(frame.collect_schema().names()) == COLUMNS
        return nw.to_native(frame if whole else frame.select(*COLUMNS))
    if ROW in frame.collect_schema() and not in_order(frame):
        frame = frame.sort(ROW)
    return nw.to_native(frame.select(*COLUMNS).collect())


def _by_cells(
    tables: dict[str, Read],
    law: Ruleset,
    chosen: tuple[tuple[str, str], ...],
    progress: Callable[[str], None],
    *,
    errors: str,
    found: list[Trouble],
) -> Frame:
    """The answers by the cells of the rows; ``found``: what is wrong with the other tables."""
    tables = dict(tables)
    asked, days = dated(tables.pop("applications"), law, chosen)
    if not asked.lazy:
        asked = asked.of(kept(asked.frame))
    asked, wrong = checked(asked)
    found = [*wrong, *found]
    # A row that belongs to nobody can be reported with no application, and may not be left out without a word.
    fatal = found if errors == "raise" else [trouble for trouble in found if trouble.ownerless]
    if fatal:
        raise refused(fatal)
    whole = asked.frame
    if found:
        whole = with_problems(whole, found)
        asked = asked.of(whole.filter(nw.col("problems").is_null()))
        tables = {name: good(table) for name, table in tables.items()}
    progress("looks for the cells of all rows")
    every = [tables.get(name) for name in TABLES if name != "applications"]
    cells, keys = in_cells(asked, days, *every)
    answers, numbers = _decided(kept(cells), keys, asked, tables, Decider(law, chosen), progress)
    return _result(whole if found else None, numbers, answers, days, law, asked)


def _check(tables: dict[str, Read]) -> list[Trouble]:
    """Check some tables; what is wrong with them."""
    found: list[Trouble] = []
    for name, table in tables.items():
        tables[name], wrong = checked(table)
        found += wrong
    return found


def _tables(natives: Mapping[str, object], chosen: tuple[tuple[str, str], ...]) -> dict[str, Read]:
    """Every table that there is, read."""
    first, lazy = frame_of("applications", natives["applications"])
    there = frozenset(first.collect_schema())
    found: dict[str, Read] = {}
    for name, native in natives.items():
        if native is None:
            continue
        frame = frame_of(name, native)[0]
        if frame.implementation != first.implementation:
            raise wrong_type(name, native, f"a frame of the same kind as applications, which is {first.implementation}")
        frame = with_types(name, frame, first)
        columns = columns_of(name, frame)
        if name == "engagements" and ("application" in columns) == ("worker" in columns):
            raise InvalidInput("E-COLUMN", name, "the key is one of application and worker")
        frame = frame.select(*_with_identifiers(frame, columns))
        if name == "applications":
            frame = frame.with_columns(nw.col("application").alias(ROW)) if lazy else numbered(frame)
        found[name] = read(name, frame, columns, lazy=lazy)
    _check_identifiers(found)
    check_at_hand(found["applications"], there, found, dict(chosen))
    return found


def _with_identifiers(frame: Frame, columns: Mapping[str, Column]) -> Iterator[nw.Expr]:
    """The columns of a table, its identifiers as text or as whole numbers of one size.

    PyArrow has several types of text, of which it joins none with another.
    """
    schema, arrow = frame.collect_schema(), frame.implementation.is_pyarrow()
    for name, column in columns.items():
        cell = nw.col(name)
        if column.type == ID:
            kind = nw.Int64 if schema[name].is_integer() else nw.String
            yield cell if schema[name] == kind and not arrow else cell.cast(kind)
        else:
            yield cell.cast(nw.String) if arrow and column.type == TEXT else cell


def _check_identifiers(tables: Mapping[str, Read]) -> None:
    """What names the same thing in two places has one type: a number is never the same party as a text."""
    problems: list[FlexirulesError] = []
    kinds: dict[str, tuple[str, nw.dtypes.DType]] = {}
    for table, found in tables.items():
        schema = found.raw.collect_schema()
        for name in (name for name, kind in found.types.items() if kind == ID and name != "reference"):
            path, kind = f"{table}.{name}", schema[name]
            first, expected = kinds.setdefault(_SAME.get(name, name), (path, kind))
            if kind != expected:
                problems.append(WrongType("E-TYPE", path, f"expected {expected} as in {first}, not {kind}"))
    if problems:
        raise collected(problems)


_SAME: Final = {"agency": "employer", "link_employer": "employer"}
NUMBER_OF: Final = "_number"
_COMBINED: Final = "_combined"


def _decided(
    cells: Frame,
    keys: Mapping[str, Key],
    asked: Read,
    tables: Mapping[str, Read],
    decider: Decider,
    progress: Callable[[str], None],
) -> tuple[list[Answer], Frame]:
    """Every answer that occurs, and of each application its number."""
    of_row = asked.types["application"] if asked.lazy else NUMBER
    named = cells.filter(nw.col(OPEN) == 0)
    stand = [_stand(named, kind, of_row) for kind in CELLS]
    memories = [Memory(place, keys[kind]) for place, kind in enumerate(CELLS)]
    nameless = _rows_in(cells.filter(nw.col(OPEN) == 1), of_row)
    new = [[cell for cell in rows if not memory.has(cell)] for memory, (rows, _) in zip(memories, stand, strict=True)]
    alone = {row for _, rows in stand for row in rows}.union(nameless)
    progress(f"settles {sum(map(len, new))} new cells, and {len(alone)} rows by themselves")
    wanted = alone.union(rows[cell] for cells_new, (rows, _) in zip(new, stand, strict=True) for cell in cells_new)
    cases = _cases(asked, tables, wanted) if wanted else {}
    lookups, parts = [], []
    for place, (kind, memory, (rows, by_row)) in enumerate(zip(CELLS, memories, stand, strict=True)):
        for cell in new[place]:
            memory.keep(cell, decider.part(place, cases[rows[cell]]))
        classes = Classes()
        numbers = [classes.number(memory[cell]) for cell in rows]
        by_row_numbers = {row: classes.number(decider.settled(place, cases[row])) for row in by_row}
        lookups.append(Lookup(kind, [*rows], {kind: numbers}, by_row_numbers))
        parts.append(classes.parts)
    frame = looked_up(cells, asked.raw, *lookups)
    code: nw.Expr = nw.col(CELLS[0])
    for kind, different in zip(CELLS[1:], parts[1:], strict=True):
        code = code * max(1, len(different)) + nw.col(kind)
    frame = kept(frame.with_columns(code.alias(_COMBINED)).select(ROW, "application", DAY, OPEN, _COMBINED))
    combined = integers(distinct(frame.filter(nw.col(OPEN) == 0), _COMBINED), _COMBINED)
    progress(f"puts together {len(combined)} combinations")
    combinations = [number for (number,) in combined]
    answers = [decider.number(together(_taken_apart(number, parts))) for number in combinations]
    rows_alone = {row: decider.by_itself(cases[row]) for row in nameless}
    frame = looked_up(frame, asked.raw, Lookup(_COMBINED, combinations, {_COMBINED: answers}, rows_alone))
    return list(decider.answers), frame.rename({_COMBINED: NUMBER_OF})


def _stand(named: Frame, kind: str, of_row: str) -> tuple[dict[int, object], list[object]]:
    """Of each cell of a kind one row that stands for it, and the rows that are in none."""
    groups = named.filter(nw.col(kind) != BY_ITSELF).group_by(kind).agg(nw.col(ROW).min().alias(ROW))
    rows = rows_of(groups, {kind: NUMBER, ROW: of_row})
    alone = _rows_in(named.filter(nw.col(kind) == BY_ITSELF), of_row) if kind in (CELLS[WORK], CELLS[LINKS]) else []
    return {whole_number(row[kind]): row[ROW] for row in rows}, alone


def _rows_in(frame: Frame, of_row: str) -> list[object]:
    return [row[ROW] for row in rows_of(frame.select(ROW), {ROW: of_row})]


def _taken_apart(number: int, parts: Sequence[Sequence[Part]]) -> list[Part]:
    """The four parts of a number that stands for them together."""
    found = []
    for different in reversed(parts):
        number, place = divmod(number, max(1, len(different)))
        found.append(different[place])
    return found[::-1]


def _cases(asked: Read, tables: Mapping[str, Read], wanted: Iterable[object]) -> dict[object, Case]:
    """The cases of some applications, by their row."""
    rows = sorted(wanted, key=lambda row: (str(type(row)), row))
    few = small(asked.raw, {ROW: rows}, {ROW: ROW})
    applications = rows_of(
        asked.raw.join(few, on=ROW, how="semi"),
        {**asked.types, ROW: asked.types["application"] if asked.lazy else NUMBER},
    )
    found: dict[str, dict[object, list[Row]]] = {}
    for name, table in tables.items():
        key = key_of(table)
        keys = sorted({row.get(key) for row in applications} - {None}, key=lambda k: (str(type(k)), k))
        held = found.setdefault(name, {})
        if keys:
            of_them = table.raw.join(small(table.raw, {key: keys}, {key: key}), on=key, how="semi")
            for row in rows_of(of_them, table.types):
                held.setdefault(row[key], []).append(row)
    ready = frozenset(name for name in AT_HAND if at_hand(asked, name))
    return {
        row[ROW]: case_of(row, rows_at_hand(row, _rows(row, tables, found), ready), names_of_our_own())
        for row in applications
    }


def _rows(row: Row, tables: Mapping[str, Read], found: Mapping[str, Mapping[object, list[Row]]]) -> Rows:
    def of(name: str) -> list[Row] | None:
        if name not in tables or row.get(f"{name}_known") is False:
            return None
        key = row.get(key_of(tables[name]))
        return None if key is None else found[name].get(key, [])

    pension = of("pensions")
    return Rows(of("employments"), of("approvals"), of("engagements"), pension[0] if pension else None)


def _nothing(name: str) -> nw.Expr:
    """A column of the answer where no row has any."""
    flags = ("warning_may_be_ignored", "provisional")
    return nw.lit(None, dtype=nw.Boolean if name in flags else nw.String).alias(name)


def _result(
    marked: Frame | None,
    numbers: Frame,
    answers: Sequence[Answer],
    days: Sequence[Day],
    law: Ruleset,
    asked: Read,
) -> Frame:
    """The answers beside the keys of the applications; ``marked``: all of them, with what is wrong with some."""
    frame = numbers.select(ROW, "application", DAY, NUMBER_OF)
    if marked is not None:
        frame = marked.select(ROW, "application", DAY, "problems").join(
            frame.select(ROW, NUMBER_OF), on=ROW, how="left"
        )
    else:
        frame = frame.with_columns(nw.lit(None, dtype=nw.String).alias("problems"))
    if asked.raw.implementation.is_polars() and not asked.lazy:
        # What is taken by its place stays in order, so that it is put in order while it is narrow.
        frame = kept(frame)
        frame = frame if in_order(frame) else kept(frame.sort(ROW))
    if answers:
        said = {name: [answer[place] for answer in answers] for place, name in enumerate(ANSWER)}
        frame = taken(frame, NUMBER_OF, asked.raw, said, WORDS)
    else:
        frame = worded(frame.with_columns(_nothing(name) for name in ANSWER), WORDS)
    of_days: dict[str, list[object]] = {
        "reference_quarter": [str(quarter) if (quarter := before(day.quarter, 3)) else None for day in days],
        "era": [day.era.day.isoformat() for day in days],
        "provisional": [day.start > law.horizon for day in days],
    }
    # A row whose quarter cannot be read is of no day.
    of_days = {name: [None, *values] for name, values in of_days.items()}
    frame = taken(frame, DAY, asked.raw, of_days, {}) if days else frame.with_columns(map(_nothing, of_days))
    frame = frame.with_columns(nw.lit(law.digest).alias("law"))
    return worded(frame, days_words(law)) if asked.raw.implementation.is_duckdb() else frame
