"""Wide rows of which all that is asked is known: they are decided column by column, all others by their cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

import narwhals as nw

from flexirules.case import before
from flexirules.finding import OUTCOMES, VERDICTS
from flexirules.frames.answers import COLUMNS, column_of, days_words
from flexirules.frames.cells import born_by
from flexirules.frames.columns import AT_HAND, DAY, ID, NUMBER, TEXT
from flexirules.frames.derived import derived, filtered, times
from flexirules.frames.folded import OF_A_LINK, Columns, Days, Folded, folded, verdicts
from flexirules.frames.kinds import ROW, Frame, integers, kept, numbered, rising, rows_of, whole_number, worked_out
from flexirules.frames.reading import Read
from flexirules.frames.ready import MOST_WORK, SUMS, sums_fit
from flexirules.frames.scopes import scopes
from flexirules.frames.terms import (
    NOTHING,
    Term,
    Truth,
    added,
    alike,
    bits,
    column,
    every,
    flag,
    found,
    no,
    number,
    said,
    some,
    spaced,
    term,
    where,
    within,
    worded,
)
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
    present = applications.types
    some_open = some(
        *(column(name).missing for name in ("worker", "employer") if name in present),
        *(column(name).there for name in ("agency", "anomalies") if name in present),
        *(flag(name) for name in ("through_agency",) if name in present),
        *(said(name).same(1) for table in AT_HAND if (name := f"{table}_known") in present),
    )
    return times(applications.raw, some_open) == 0


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
    held = _rows_of_quarters(applications, rows)
    groups = [*_large(held, rows, law, chosen)]
    in_order = lazy and raw.implementation.is_polars()
    # Where each employer is looked at alone, sums over all do not say enough.
    if not groups or (in_order and len(groups) > 1) or any(group.era.by_employer for group in groups):
        return None
    progress("decides the rows of which all is known")
    alone = len(tables) == len(held) == len(groups) == 1
    # What is joined would be joined twice.
    later, whole = alone and raw.implementation.is_duckdb(), alone and not lazy
    pieces, sure = [], 0
    for group in groups:
        of_quarter = Columns(applications, group.quarter).word("quarter", (group.quarter,))
        mine = applications._replace(raw=raw if len(held) == 1 else filtered(raw, of_quarter))
        wide = widened({**tables, "applications": mine}, group.quarter, group.era)
        plan = planned(wide, group, law, later=later)
        if plan is None:
            return None
        if later and times(wide.raw, plan.known) == rows:
            return plan.checked(wide.raw), None
        # Where the rows stay in their order they need no number, unless some of them are left.
        marked = plan.marked(wide.raw, *([] if whole else [ROW]))
        # What is not known of a row must not change between this and the answer.
        answers = kept(marked) if lazy else worked_out(marked, rows)
        ((here,),) = integers(answers.select(nw.col(KNOWN).cast(nw.Int64).sum().fill_null(0)), KNOWN)
        if here < rows:
            answers = (numbered(answers) if whole else answers).filter(nw.col(KNOWN))
        pieces.append(answers)
        sure += here
    frame = pieces[0] if len(pieces) == 1 else nw.concat(pieces)
    if sure == rows:
        return frame, None
    if in_order:
        return None
    decided_rows = frame.select(ROW)
    # The others are asked again and again, and few.
    raw, read = (kept(each.join(decided_rows, on=ROW, how="anti")) for each in (raw, applications.frame))
    return frame, applications._replace(raw=raw).of(read)


def _rows_of_quarters(applications: Read, rows: int) -> dict[object, int]:
    """How many rows each quarter has; those that cannot be read are together."""
    words = applications.words.get("quarter", {})
    if len(words) == 1:
        # Those of which no quarter is known are not decided here anyway.
        return dict.fromkeys(words.values(), rows)
    counted = applications.raw.group_by("quarter").agg(nw.len().alias("_rows"))
    found = counted.select(nw.col("quarter").cast(nw.String), nw.col("_rows").cast(nw.Int64))
    held: dict[object, int] = {}
    for row in rows_of(found, {"quarter": TEXT, "_rows": NUMBER}):
        quarter = words.get(str(row["quarter"]))
        held[quarter] = held.get(quarter, 0) + whole_number(row["_rows"])
    return held


def _large(held: Mapping[object, int], rows: int, law: Ruleset, chosen: tuple[tuple[str, str], ...]) -> Iterator[Group]:
    """The groups of the quarters that are large enough for a plan of their own."""
    for quarter, mine in held.items():
        if isinstance(quarter, Quarter):
            groups = groups_of(quarter, law, chosen)
            if rows and mine >= len(groups) * fewest(rows):
                yield from groups


def _rows_of_one_key_each(applications: Read) -> int:
    """How many rows there are; 0 where two of them have the same key."""
    raw, key = applications.raw, nw.col("application")
    rising_rows = rising(raw, "application")
    if rising_rows is not None:
        return rising_rows
    counted = raw.select(nw.len().cast(nw.Int64).alias("rows"), key.n_unique().cast(nw.Int64).alias("keys"))
    ((rows, keys),) = integers(counted, "rows", "keys")
    return rows if rows == keys else 0


class Plan(NamedTuple):
    """How the rows of a group are decided.

    ``known``: of which rows all is known; ``holds``: of which rows enough, if no fault has to be looked for;
    ``answers``: the columns of the answer of these.
    """

    known: Truth
    holds: Truth
    answers: Mapping[str, Term | bool]

    def marked(self, frame: Frame, *kept: str) -> Frame:
        """All rows with an answer, and whether all is known of them."""
        return derived(frame, {KNOWN: self.known, **self.answers}, [*kept, "application"], dense=NEEDED)

    def checked(self, frame: Frame) -> Frame:
        """The answers, where all is known of every row: of DuckDB they are worked out when they are asked for."""
        answers = {name: self.answers[name] for name in COLUMNS[1:]}
        return derived(frame, answers, COLUMNS[:1], dense=NEEDED, holds=self.holds)


def known(read: Read, group: Group, columns: Columns, *, later: bool) -> tuple[Truth, Truth]:
    """Whether all is known of a row of a group, and whether besides nothing is wrong with it that changes no answer.

    ``later``: words are asked for that no row has as yet.
    """
    parts: list[Truth] = [
        columns.word("quarter", (group.quarter,)),
        columns.start >= group.first,
        columns.start <= group.last,
        *(column(name).there for name in NEEDED if name not in ("full_time", *SUMS)),
        no(columns.flag("through_agency")),
        *(column(name).missing for name in ("agency", "anomalies") if columns.present(name)),
        *_read_well(read, columns, later=later),
        *_summed(columns),
        _linked(columns),
        *_of_age(group, columns),
    ]
    pensioner = columns.word("pension", PENSIONERS)
    parts.append(no(every(pensioner, not columns.present("pension_since") or column("pension_since").missing)))
    told = (column(name).missing for name in read.types if name.startswith("link_"))
    return every(*parts), some(columns.flag("linked"), every(*told))


NEEDED: Final = ("application", "employer", "linked", "decision", "pension", "full_time", *SUMS)
"""The columns of which nothing is missing where all is known."""


def _read_well(read: Read, columns: Columns, *, later: bool) -> Iterator[Truth]:
    """Whether every cell can be read."""
    schema = read.raw.collect_schema()
    for name, kind in read.types.items():
        if kind == TEXT:
            new = later and not isinstance(schema[name], nw.Enum)
            yield (
                some(column(name).missing, columns.word(name, columns.choices(name))) if new else no(columns.bad(name))
            )
        elif kind == ID and not schema[name].is_integer():
            yield no(spaced(name))
    days = [name for name, kind in read.types.items() if kind == DAY and name != "start"]
    yield within(days, date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def _summed(columns: Columns) -> list[Truth]:
    """Whether the sums of work are known, and as they must be."""
    whole, *sums = map(number, ("full_time", *SUMS))
    return [whole <= columns.most("full_time", *SUMS), *sums_fit(whole, number("full_time", MOST_WORK), sums)]


def _linked(columns: Columns) -> Truth:
    """Whether all is known of the link, if there is one."""
    if not all(columns.present(name) for name in OF_A_LINK):
        return no(columns.flag("linked"))
    numerator, denominator = number("link_numerator"), number("link_denominator")
    bound = columns.most("link_numerator", "link_denominator")
    parts: list[Truth] = [*(column(name).there for name in OF_A_LINK)]
    parts += [numerator >= 0, numerator <= denominator, denominator > 0, denominator <= bound]
    if columns.present("link_until"):
        parts.append(some(column("link_until").missing, column("link_until") >= column("link_from")))
    notice = [column(name) for name in ("link_notice_from", "link_notice_until") if columns.present(name)]
    if len(notice) == 2:
        first, last = notice
        parts.append(some(every(first.missing, last.missing), last >= first))
    else:
        parts += [each.missing for each in notice]
    return where(columns.flag("linked"), every(*parts), otherwise=True)


def _of_age(group: Group, columns: Columns) -> Iterator[Truth]:
    """Whether each age that is asked is had on all days of the group, or on none."""
    ages = [row.age for row in group.era.age_practice] if group.era.age_read else []
    if ages and not columns.present("birth_date"):
        yield False
        return
    for age in ages:
        born = column("birth_date")
        yield some(born <= born_by(group.first, age), born > born_by(group.last, age))


# --- the answer ------------------------------------------------------------------------------------------------------


def planned(read: Read, group: Group, law: Ruleset, *, later: bool) -> Plan | None:
    """How the rows of a group are decided; ``None`` where their places say too many things."""
    quarter, era = group.quarter, group.era
    columns = Columns(read, quarter)
    about = (columns.shape, quarter, group.first, group.last, later)
    known_plan = era.plans.get(about)
    if known_plan is not None:
        assert isinstance(known_plan, Plan)
        return known_plan
    scope = scopes(columns, quarter, era)
    if scope is None:
        return None
    turn = before(quarter, 1)
    assert turn is not None
    days = Days(quarter.first_day, quarter.last_day, turn.first_day, file_from(quarter))
    law_of_day = folded(era, days, columns, {"sector": scope.sector, "function": scope.function})
    of_day = {"reference_quarter": str(before(quarter, 3)), "era": era.day.isoformat(), "law": law.digest}
    answers: dict[str, Term | bool] = {
        "missing": term(""),
        **{name: alike(days_words(law)[name], word) for name, word in of_day.items()},
    }
    split = group.first <= law.horizon < group.last
    answers["provisional"] = columns.start > law.horizon if split else group.first > law.horizon
    answers |= {"problems": NOTHING, **dict(_answers(law_of_day))}
    enough, well = known(read, group, columns, later=later)
    holds = every(enough, scope.settled)
    plan = Plan(every(holds, well), holds, answers)
    if scope.lasting:
        era.remember(era.plans, about, plan)
    return plan


def _answers(law: Folded) -> Iterator[tuple[str, Term | bool]]:
    """The verdicts and reasons, what Dimona answers, the outcome and the decisive conditions."""
    verdict_of = {}
    for condition, ladder in law.ladders.items():
        name = column_of(condition)
        verdict_of[condition] = worded(name, [(t, VERDICTS[v].value) for t, v in verdicts(ladder)])
        yield name, verdict_of[condition]
        yield f"{name}_reason", worded(f"{name}_reason", [(t, r) for t, _, r in ladder])
    answers = [(law.shown, "ok"), (law.shown_in_doubt, "unknown"), (True, "warning")]
    yield "dimona", worded("dimona", [(truth, word) for truth, word in answers if truth is not False])
    yield "warning_may_be_ignored", law.ignored
    # Of each verdict below met which conditions come to it.
    below = {
        verdict: {
            name: verdict_of[name].same(VERDICTS[verdict].value)
            for name, ladder in law.ladders.items()
            if any(rung[1] == verdict for rung in ladder)
        }
        for verdict in (NOT_MET, UNKNOWN, NEEDS_DECISION)
    }
    outcomes = [(some(*below[v].values()) if v < MET else True, word.value) for v, word in enumerate(OUTCOMES)]
    yield "outcome", worded("outcome", [(truth, word) for truth, word in outcomes if truth is not False])
    yield "decisive", _decisive([here for here in below.values() if here])


def _decisive(below: Iterable[Mapping[str, Term]]) -> Term:
    """The names of the conditions that decide, found by the place of these in a list of all that there may be."""
    words, rungs = [""], []
    for here in below:
        held, names = some(*here.values()), [*here]
        assert isinstance(held, Term)
        rungs.append((held, bits([*here.values()]), len(words) - 1))
        words += [" ".join(name for p, name in enumerate(names) if n >> p & 1) for n in range(1, 1 << len(names))]
    return found(added(rungs), range(len(words)), words)
