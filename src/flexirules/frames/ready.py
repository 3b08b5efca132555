"""What another table would say, ready in the row of an application: sums of work, letter, link and pension."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final

import narwhals as nw

from flexirules.case import before
from flexirules.errors import FlexirulesError, InvalidInput, collected
from flexirules.frames.cases import Row, Rows
from flexirules.frames.columns import AT_HAND, DECISIONS, ID, MAX_NUMBER, NUMBER
from flexirules.frames.kinds import integers
from flexirules.frames.reading import ABSENT, Fault, Read, faults_of_periods, faults_of_size, flag
from flexirules.quarter import Quarter

SUMS: Final = ("belgian_work", "counted_work", "volume_t3", "volume_t4", "volume_t5")
MOST_WORK: Final = 10
"""No worker is taken to do the work of more full-time jobs than this in one quarter."""


def at_hand(read: Read, table: str) -> bool:
    """Whether the applications have the columns that replace a table."""
    return AT_HAND[table][0].name in read.types


def check_at_hand(read: Read, there: Container[str], tables: Iterable[str], chosen: Mapping[str, str]) -> None:
    """Refuse columns that say what a table says too, or that say nothing without others.

    ``there``: the names of all columns, those that are empty included.

    Raises:
        InvalidInput: such columns, or a reading under which sums of work do not say enough.
    """
    problems: list[FlexirulesError] = []
    for table, columns in AT_HAND.items():
        present = [column.name for column in columns if column.name in read.types]
        wanted = columns if table == "employments" else columns[:1]
        if not present or (columns[0].name in there and _all_null(read, columns[0].name, present)):
            continue
        path = f"applications.{present[0]}"
        if table in tables:
            problems.append(InvalidInput("E-COLUMN", path, f"either this column or the table {table}, not both"))
        if f"{table}_known" in read.types:
            problems.append(InvalidInput("E-COLUMN", path, f"either this column or {table}_known, not both"))
        problems += [
            InvalidInput("E-COLUMN", f"applications.{column.name}", f"the column is missing, as there is {present[0]}")
            for column in wanted
            if column.name not in present
        ]
        if table == "employments" and chosen.get("reduction_employer") == "same":
            says = "by the reading reduction_employer=same each employer is looked at alone, which sums do not show"
            problems.append(InvalidInput("E-READING", path, says))
    if problems:
        raise collected(problems)


def _all_null(read: Read, first: str, others: Iterable[str]) -> bool:
    """Whether the first column of a group is empty, and nothing is said by the others."""
    if first in read.types:
        return False
    said = reduce(or_, (~nw.col(name).is_null() for name in others))
    return integers(read.raw.filter(said).select(nw.len().alias("said")), "said") == [(0,)]


def faults_at_hand(read: Read) -> Iterator[Fault]:
    """What such columns may have wrong."""
    if at_hand(read, "employments"):
        given = _given(read, "full_time", *SUMS)
        yield Fault("E-FRACTION-RANGE", "full_time", _SUMS_SAY, given & ~_summed(read))
        early = [
            code
            for code, quarter in enumerate(read.values.get("quarter", ()), 1)
            if isinstance(quarter, Quarter) and before(quarter, 5) is None
        ]
        if early:
            says = "of T-5 nothing can be told so long ago"
            yield Fault("E-YEAR", "quarter", says, given & read.number("quarter").is_in(early))
        says = "sums of work with other employers need the employer whom they leave out"
        yield Fault("E-NAME", "employer", says, given & ~read.known("employer"))
    if at_hand(read, "engagements"):
        yield from faults_of_size(read, "link_")
        yield from faults_of_periods(read, "link_")
    for table in ("approvals", "engagements", "pensions"):
        first, *others = (column.name for column in AT_HAND[table])
        if at_hand(read, table) and _told(read, *others):
            nothing = read.number(first) != 2 if table == "engagements" else read.number(first) == 0
            yield Fault("E-COLUMN", first, "of what is not there nothing can be told", nothing & _given(read, *others))


_SUMS_SAY: Final = (
    "full_time and the five sums are all given or none of them, belgian_work in counted_work in volume_t3, of which at "
    f"most one full-time job with the flexi-job employer, and no sum above {MOST_WORK} full-time jobs"
)


def _told(read: Read, *names: str) -> bool:
    return any(name in read.types for name in names)


def _given(read: Read, *names: str) -> nw.Expr:
    """Whether any of some columns says anything."""
    said: list[nw.Expr] = []
    for name in names:
        if name not in read.types:
            continue
        kind = read.types[name]
        said.append(read.known(name) if kind == ID else read.number(name) != (ABSENT if kind == NUMBER else 0))
    return reduce(or_, said)


def _summed(read: Read) -> nw.Expr:
    """Whether the sums of work are known, and as they must be."""
    whole = read.number("full_time")
    most = nw.when(whole < MAX_NUMBER).then(whole).otherwise(nw.lit(0)) * MOST_WORK
    fits: nw.Expr = reduce(and_, sums_fit(whole, most, [read.number(name) for name in SUMS]))
    return fits


def sums_fit(whole: Any, most: Any, sums: Sequence[Any]) -> list[Any]:  # noqa: ANN401 - of two kinds of expression
    """What holds of the five sums of work if they can be true together, none of them above the most that there may be.

    Of columns of any kind that are compared and subtracted.
    """
    belgian, counted, third, fourth, fifth = sums
    rising = [belgian >= 0, belgian <= counted, counted <= third, third <= most, third - counted <= whole]
    return [whole > 0, *rising, fourth >= 0, fourth <= most, fifth >= 0, fifth <= most]


def sums_known(read: Read) -> nw.Expr:
    """Whether the sums of work are known, in rows without a fault."""
    return read.number("full_time") > 0


def sums_of(read: Read, reading: str) -> tuple[list[nw.Expr], nw.Expr]:
    """The nine sums of ``WORK_FACTS``, and whether work with a party to an agency leaves open what counts."""
    belgian, counted, third, fourth, fifth = map(read.number, SUMS)
    tied, via = third - counted, nw.col("_via")
    own = tied * via if reading == "count" else nw.lit(0, dtype=nw.Int64)
    sums = [belgian + own, counted + own, third, fourth, fifth, belgian + own, belgian + tied, fourth, fifth]
    return sums, (via == 1) & (tied > 0) if reading == "unknown" else nw.lit(value=False)


def letters_of(read: Read) -> nw.Expr:
    """What the letters come to, as ``cells`` numbers it."""
    values = read.values.get("decision", [])
    other = flag(read.number("other_approval") == 2)
    found: nw.Expr = nw.lit(0, dtype=nw.Int64)
    for code, word in enumerate(values, 1):
        letter = DECISIONS.index(str(word))
        alone = {0: 1, 1: 2 + 2 * 4 + 1, 2: 2 + 1 * 4}[letter]
        with_other = {0: 3, 1: 2 + 2 * 4 + 3, 2: 2 + 1 * 4 + 3}[letter]
        said = nw.when(other == 1).then(nw.lit(with_other)).otherwise(nw.lit(alone))
        found = nw.when(read.number("decision") == code).then(said).otherwise(found)
    return found.cast(nw.Int64)


def rows_at_hand(row: Row, tables: Rows, ready: frozenset[str]) -> Rows:
    """The rows of the tables that the row of an application replaces."""
    quarter = Quarter.parse(str(row["quarter"]))
    if "employments" in ready and row["full_time"] is not None:
        tables = tables._replace(employments=[*_jobs(row, quarter)])
    if "approvals" in ready and row["decision"] is not None:
        tables = tables._replace(approvals=[*_letters(row, quarter)])
    if "engagements" in ready and row["linked"] is not None:
        link = {name.removeprefix("link_"): value for name, value in row.items() if name.startswith("link_")}
        tables = tables._replace(engagements=[link] if row["linked"] else [])
    if "pensions" in ready and row["pension"] is not None:
        drawn = {"kind": row["pension"], "since": row.get("pension_since"), "register": row.get("pension_register")}
        tables = tables._replace(pension=drawn)
    return tables


def _jobs(row: Row, quarter: Quarter) -> Iterator[Row]:
    """Jobs that come to the sums: each at most a full-time one, with an employer of its own."""
    whole, belgian, counted, third, fourth, fifth = (_number(row[name]) for name in ("full_time", *SUMS))
    kinds = (
        (3, "belgium", belgian, "other"),
        (3, "overseas", counted - belgian, "other"),
        (3, "belgium", third - counted, "own"),
        (4, "belgium", fourth, "other"),
        (5, "belgium", fifth, "other"),
    )
    for back, scheme, number, whose in kinds:
        for place in range(-(-number // whole)):
            yield {
                "quarter": str(before(quarter, back)),
                "employer": row["employer"] if whose == "own" else (scheme, place),
                "numerator": min(whole, number - place * whole),
                "denominator": whole,
                "status": "employee",
                "scheme": scheme,
            }


def _letters(row: Row, quarter: Quarter) -> Iterator[Row]:
    if row["decision"] != "none":
        yield {"quarter": str(quarter), "granted": row["decision"] == "granted"}
    if row.get("other_approval"):
        another = before(quarter, 1) or quarter + 1
        yield {"quarter": str(another), "granted": True}


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
