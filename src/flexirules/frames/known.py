"""Wide rows of which all that is asked is known: they are decided column by column, all others by their cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add, or_
from typing import Any, Final, NamedTuple

import narwhals as nw

from flexirules.case import before
from flexirules.finding import CONDITIONS, OUTCOMES, VERDICTS
from flexirules.frames.answers import WORDS, column_of
from flexirules.frames.cells import Key, born_by
from flexirules.frames.columns import AT_HAND, DAY, ID, NUMBER, TEXT
from flexirules.frames.folded import (
    OF_A_LINK,
    Columns,
    Days,
    Folded,
    Stages,
    Truth,
    every,
    folded,
    no,
    some,
    verdicts,
    worded,
)
from flexirules.frames.kinds import ROW, Frame, enumerates, integers, kept, rising, rows_of, whole_number, worked_out
from flexirules.frames.lookups import taken
from flexirules.frames.reading import Read, spaced
from flexirules.frames.ready import MOST_WORK, SUMS, sums_fit
from flexirules.frames.scopes import placed, scopes
from flexirules.frames.widened import can_be_widened, widened
from flexirules.law.access import PENSIONERS
from flexirules.law.formalities import file_from
from flexirules.law.ruleset import Era, Ruleset
from flexirules.predicate import MET, NEEDS_DECISION, NOT_MET, UNKNOWN
from flexirules.quarter import FIRST_YEAR, LAST_YEAR, Quarter

KNOWN: Final = "_known"
"""Whether a row is decided here."""
FEWEST: Final = 20_000
"""With fewer rows for each quarter and era a plan of its own takes longer than the cells of all."""
MOST_GROUPS: Final = 4
"""A quarter and era with less than the part of all rows that one of so many has is left to the cells likewise."""


def fewest(rows: int) -> int:
    """How many of so many rows one quarter and era needs for a plan of its own."""
    return max(FEWEST, rows // MOST_GROUPS)


class Group(NamedTuple):
    """The days of one quarter that have the same law."""

    quarter: Quarter
    first: date
    last: date
    era: Era


def groups_of(quarter: Quarter, law: Ruleset, chosen: tuple[tuple[str, str], ...]) -> list[Group]:
    """The days of a quarter by their law; none of a quarter that goes back too far."""
    if before(quarter, 5) is None:
        return []
    starts = [quarter.first_day, *(day for day in law.eras if quarter.first_day < day <= quarter.last_day)]
    ends = [*(day - timedelta(1) for day in starts[1:]), quarter.last_day]
    return [Group(quarter, first, last, law.on(first, chosen)) for first, last in zip(starts, ends, strict=True)]


def may_be_known(tables: Mapping[str, Read], chosen: tuple[tuple[str, str], ...]) -> bool:
    """Whether rows can be decided here: all that is asked is in their columns or in a table, and days are days."""
    applications = tables["applications"]
    kind = applications.raw.implementation
    schemas = ((table.types, table.raw.collect_schema()) for table in tables.values())
    return (
        (kind.is_polars() or kind.is_duckdb())
        and can_be_widened(tables)
        and "employer" in applications.types
        and all(schema[name] == nw.Date for types, schema in schemas for name, of in types.items() if of == DAY)
        # What notice with anybody comes to is asked of no column.
        and dict(chosen).get("notice_employer", "own") != "any"
    )


def closed(applications: Read) -> bool:
    """Whether no application by itself leaves anything open.

    Where some do, all five tables are read for their cells anyway, and to put them into rows before takes longer than
    it spares.
    """
    columns = Columns(applications)
    some_open = some(
        *(nw.col(name).is_null() for name in ("worker", "employer") if columns.present(name)),
        *(~nw.col(name).is_null() for name in ("agency", "anomalies") if columns.present(name)),
        columns.flag("through_agency"),
        *(~nw.col(name) for table in AT_HAND if columns.present(name := f"{table}_known")),
    )
    # There is a column of employers, as may_be_known wants.
    assert not isinstance(some_open, bool)
    held = applications.raw.filter(some_open.fill_null(value=False)).select(nw.len().alias("_rows"))
    return integers(held, "_rows") == [(0,)]


def by_columns(
    tables: Mapping[str, Read],
    law: Ruleset,
    chosen: tuple[tuple[str, str], ...],
    progress: Callable[[str], None],
) -> tuple[Frame, Read | None] | None:
    """The answers to the rows of which all is known, and the other rows, if there are any.

    ``None`` where no row can be decided here: it is not known what the columns of a row come to, two rows have one key,
    or the frame has an order that would be lost.
    """
    if not may_be_known(tables, chosen):
        return None
    applications = tables["applications"]
    if len(tables) > 1 and not closed(applications):
        return None
    raw, lazy = applications.raw, applications.lazy
    rows = _rows_of_one_key_each(applications)
    held = _rows_of_quarters(applications)
    groups = [*_large(held, rows, law, chosen)]
    in_order = lazy and raw.implementation.is_polars()
    # Where each employer is looked at alone, sums over all do not say enough.
    if not groups or (in_order and len(groups) > 1) or any(group.era.by_employer for group in groups):
        return None
    progress("decides the rows of which all is known")
    applications, places = placed(applications)
    raw, pieces, sure = applications.raw, [], 0
    for group in groups:
        of_quarter = Columns(applications).word("quarter", (group.quarter,))
        mine = raw if len(held) == 1 else raw.filter(_column(of_quarter))
        mine = mine.with_columns(_start(applications, group.quarter).alias("start"))
        wide = widened({**tables, "applications": applications._replace(raw=mine)}, group.quarter, group.era)
        answers = decided(wide, places, group, law)
        if answers is None:
            return None
        # What is not known of a row must not change between this and the answer.
        answers = kept(answers) if lazy else worked_out(answers, rows)
        ((here,),) = integers(answers.select(nw.col(KNOWN).cast(nw.Int64).sum().fill_null(0)), KNOWN)
        pieces.append(_with_day(answers if here == rows else answers.filter(nw.col(KNOWN)), group, law))
        sure += here
    frame = pieces[0] if len(pieces) == 1 else nw.concat(pieces)
    if sure == rows:
        return frame, None
    if in_order:
        return None
    decided_rows = frame.select(ROW)
    # The others are asked again and again, and few.
    raw, read = (kept(each.join(decided_rows, on=ROW, how="anti")) for each in (raw, applications.frame))
    return frame, applications._replace(raw=raw, frame=read)


def _start(applications: Read, quarter: Quarter) -> nw.Expr:
    """The first day of work; where nothing is said it is that of the quarter."""
    first = nw.lit(quarter.first_day, dtype=nw.Date)
    return nw.col("start").fill_null(first) if "start" in applications.types else first


def _rows_of_quarters(applications: Read) -> dict[object, int]:
    """How many rows each quarter has; those that cannot be read are together."""
    counted = applications.raw.group_by("quarter").agg(nw.len().alias("_rows"))
    found = counted.select(nw.col("quarter").cast(nw.String), nw.col("_rows").cast(nw.Int64))
    words = applications.words.get("quarter", {})
    held: dict[object, int] = {}
    for row in rows_of(found, {"quarter": TEXT, "_rows": NUMBER}):
        quarter = words.get(str(row["quarter"]))
        held[quarter] = held.get(quarter, 0) + whole_number(row["_rows"])
    return held


def _large(held: Mapping[object, int], rows: int, law: Ruleset, chosen: tuple[tuple[str, str], ...]) -> Iterator[Group]:
    """The groups of the quarters that are large enough for a plan of their own."""
    for quarter, number in held.items():
        if isinstance(quarter, Quarter):
            groups = groups_of(quarter, law, chosen)
            if rows and number >= len(groups) * fewest(rows):
                yield from groups


def _rows_of_one_key_each(applications: Read) -> int:
    """How many rows there are; 0 where two of them have the same key."""
    raw, key = applications.raw, nw.col("application")
    if not applications.lazy and rising(raw, "application"):
        return int(raw.select(nw.len()).collect().item())
    counted = raw.select(nw.len().cast(nw.Int64).alias("rows"), key.n_unique().cast(nw.Int64).alias("keys"))
    ((rows, keys),) = integers(counted, "rows", "keys")
    return rows if rows == keys else 0


def _with_day(answers: Frame, group: Group, law: Ruleset) -> Frame:
    """The answers with what is the same for all days of a group."""
    reference = before(group.quarter, 3)
    same = {"missing": "", "reference_quarter": str(reference), "era": group.era.day.isoformat(), "law": law.digest}
    columns = [nw.lit(value).alias(name) for name, value in same.items()]
    if group.first > law.horizon or group.last <= law.horizon:
        columns.append(nw.lit(value=group.first > law.horizon).alias("provisional"))
    return answers.with_columns(*columns, nw.lit(None, dtype=nw.String).alias("problems"))


def known(read: Read, group: Group, columns: Columns) -> Truth:
    """Whether all is known of a row of a group, and nothing is wrong with it."""
    start = nw.col("start")
    parts: list[Truth] = [
        columns.word("quarter", (group.quarter,)),
        (start >= group.first) & (start <= group.last),
        *(~nw.col(name).is_null() for name in ("application", "employer", "linked", "decision", "pension")),
        no(columns.flag("through_agency")),
        *(nw.col(name).is_null() for name in ("agency", "anomalies") if columns.present(name)),
        *_read_well(read, columns),
        *_summed(columns),
        *_linked(read, columns),
        *_of_age(group, columns),
    ]
    if columns.present("pension_since"):
        parts.append(some(no(columns.word("pension", PENSIONERS)), ~nw.col("pension_since").is_null()))
    else:
        parts.append(no(columns.word("pension", PENSIONERS)))
    return every(*parts)


def _read_well(read: Read, columns: Columns) -> Iterator[Truth]:
    """Whether every cell can be read."""
    schema = read.raw.collect_schema()
    for name, kind in read.types.items():
        cell = nw.col(name)
        if kind == TEXT:
            yield no(columns.bad(name))
        elif kind == ID and not schema[name].is_integer():
            yield ~spaced(cell)
        elif kind == DAY and name != "start":
            years = (cell >= date(FIRST_YEAR, 1, 1)) & (cell <= date(LAST_YEAR, 12, 31))
            yield years.fill_null(value=True)


def _summed(columns: Columns) -> Iterator[Truth]:
    """Whether the sums of work are known, and as they must be."""
    whole, *sums = map(columns.number, ("full_time", *SUMS))
    yield whole <= columns.most("full_time", *SUMS)
    yield sums_fit(whole, columns.number("full_time", MOST_WORK), sums)


def _linked(read: Read, columns: Columns) -> Iterator[Truth]:
    """Whether all is known of the link, if there is one."""
    linked = columns.flag("linked")
    told = [name for name in read.types if name.startswith("link_")]
    if not all(columns.present(name) for name in OF_A_LINK):
        yield no(linked)
        yield from (nw.col(name).is_null() for name in told)
        return
    numerator, denominator = map(columns.number, ("link_numerator", "link_denominator"))
    bound = columns.most("link_numerator", "link_denominator")
    sized = (numerator >= 0) & (numerator <= denominator) & (denominator > 0) & (denominator <= bound)
    parts: list[Truth] = [*(~nw.col(name).is_null() for name in OF_A_LINK), sized]
    if columns.present("link_until"):
        parts.append((nw.col("link_until") >= nw.col("link_from")).fill_null(value=True))
    notice = [name for name in ("link_notice_from", "link_notice_until") if columns.present(name)]
    if len(notice) == 2:
        first, last = map(nw.col, notice)
        parts.append(some(first.is_null() & last.is_null(), (last >= first).fill_null(value=False)))
    else:
        parts += [nw.col(name).is_null() for name in notice]
    yield some(every(linked, *parts), every(no(linked), *(nw.col(name).is_null() for name in told)))


def _of_age(group: Group, columns: Columns) -> Iterator[Truth]:
    """Whether each age that is asked is had on all days of the group, or on none."""
    ages = [row.age for row in group.era.age_practice] if group.era.age_read else []
    if ages and not columns.present("birth_date"):
        yield False
        return
    for age in ages:
        born = nw.col("birth_date")
        yield (born <= born_by(group.first, age)) | (born > born_by(group.last, age))


# --- the answer ------------------------------------------------------------------------------------------------------


def decided(read: Read, places: Key, group: Group, law: Ruleset) -> Frame | None:
    """The rows with their answers and whether all is known of them; ``None`` where their places say too many things."""
    scope = scopes(read, places, group.quarter, group.era)
    if scope is None:
        return None
    read = read._replace(raw=scope.frame)
    columns, stages = Columns(read), Stages()
    quarter = group.quarter
    turn = before(quarter, 1)
    assert turn is not None
    days = Days(quarter.first_day, quarter.last_day, turn.first_day, file_from(quarter))
    ladders = {"sector": scope.sector, "function": scope.function}
    found = folded(group.era, days, columns, stages, ladders)
    enums = enumerates(read.raw)
    said = dict(_said(found, enums=enums))
    sure = every(known(read, group, columns), scope.settled)
    frame = read.raw.with_columns(_column(sure).alias(KNOWN))
    for step in stages.steps:
        frame = frame.with_columns(**step)
    frame = frame.with_columns(**said)
    reached, decisive = _reached(found)
    frame = frame.with_columns(**reached)
    place, words = _decisive(decisive)
    outcome = worded(
        [(nw.col(_is(v)) if v < MET else True, word.value) for v, word in enumerate(OUTCOMES) if v in (*decisive, MET)],
        _words("outcome", enums=enums),
    )
    provisional = (nw.col("start") > law.horizon).alias("provisional")
    by_day = [provisional] if group.first <= law.horizon < group.last else []
    frame = frame.select(ROW, "application", *said, outcome.alias("outcome"), place.alias(_PLACE), *by_day, KNOWN)
    return taken(frame, _PLACE, read.raw, {"decisive": words}, {})


_PLACE: Final = "_place_of_decisive"


def _words(name: str, *, enums: bool) -> Any:  # noqa: ANN401 - a type of narwhals
    return nw.Enum(list(WORDS[name])) if enums else nw.String


def _column(truth: Truth) -> nw.Expr:
    return nw.lit(truth) if isinstance(truth, bool) else truth.fill_null(value=False)


def _said(found: Folded, *, enums: bool) -> Iterator[tuple[str, nw.Expr]]:
    """The verdicts and reasons, and what Dimona answers."""
    for condition, ladder in found.ladders.items():
        name = column_of(condition)
        yield name, worded([(t, VERDICTS[v].value) for t, v in verdicts(ladder)], _words(name, enums=enums))
        reason = f"{name}_reason"
        yield reason, worded([(t, r) for t, _, r in ladder], _words(reason, enums=enums))
    answers = [(found.shown, "ok"), (found.shown_in_doubt, "unknown"), (True, "warning")]
    answers = [(truth, word) for truth, word in answers if truth is not False]
    yield "dimona", worded(answers, _words("dimona", enums=enums))
    yield "warning_may_be_ignored", _column(found.ignored)


def _is(verdict: int) -> str:
    return f"_is_{verdict}"


def _reached(found: Folded) -> tuple[dict[str, nw.Expr], dict[int, list[str]]]:
    """Of each verdict below met whether any condition comes to it, and which, as bits; and which conditions may."""
    columns: dict[str, nw.Expr] = {}
    below = {
        verdict: [name for name in CONDITIONS if any(rung[1] == verdict for rung in found.ladders[name])]
        for verdict in (NOT_MET, UNKNOWN, NEEDS_DECISION)
    }
    may = {verdict: names for verdict, names in below.items() if names}
    for verdict, names in may.items():
        here = [nw.col(column_of(name)) == VERDICTS[verdict].value for name in names]
        columns[_is(verdict)] = reduce(or_, here)
        bits = [nw.when(yes).then(_small(1 << p)).otherwise(_small(0)) for p, yes in enumerate(here)]
        columns[f"_bits_{verdict}"] = reduce(add, bits)
    return columns, may


def _small(number: int) -> nw.Expr:
    """A number of at most sixteen bits, which is what the bits of all conditions need."""
    return nw.lit(number, dtype=nw.Int16)


def _decisive(may: Mapping[int, Sequence[str]]) -> tuple[nw.Expr, list[str]]:
    """The place of the decisive conditions in a list of all that there may be, and that list."""
    words, place = [""], _small(0)
    steps: list[tuple[int, int]] = []
    for verdict, names in may.items():
        steps.append((verdict, len(words) - 1))
        words += [" ".join(name for p, name in enumerate(names) if bits >> p & 1) for bits in range(1, 1 << len(names))]
    for verdict, offset in reversed(steps):
        place = nw.when(nw.col(_is(verdict))).then(nw.col(f"_bits_{verdict}") + _small(offset)).otherwise(place)
    return place, words
