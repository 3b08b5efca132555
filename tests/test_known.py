"""Two engines for wide rows, columns and cells: they agree on every row of which all is known, in every era."""

from datetime import date, timedelta
from random import Random

import narwhals as nw
import polars as pl
import pytest

from flexirules import Quarter
from flexirules.frames import evaluate_frame, known
from flexirules.law.ruleset import current
from flexirules.readings import READINGS

ROWS = 1_000
DAY = timedelta(1)
QUARTERS = sorted({f"{day.year}Q{(day.month + 2) // 3}" for day in current().eras if day.year > 1900} | {"2026Q4"})
"""Every quarter in which the law changed, and the last one."""
COMMITTEES = ("302", "201", "200", "118.03", "119", "116", "144", "322", "330", "225", "999")
WHOLE = 10
SIZES = (0, 7, 8, 9, 10, 12)


def row(draw, quarter):
    """One row of which everything is known, at and around each edge."""
    first, last = quarter.first_day, quarter.last_day
    start = draw.choice([first, first + 30 * DAY, last, *(d for d in current().eras if first <= d <= last)])
    days = [first - 200 * DAY, (quarter - 1).first_day - DAY, (quarter - 1).first_day, first - DAY, first]
    days += [start - DAY, start, start + DAY, last, last + DAY]
    kind = draw.choice(["none", "none", "none", "retirement", "survivor", "transition_allowance"])
    belgian, counted = sorted((draw.choice(SIZES), draw.choice(SIZES)))
    own = draw.choice([0, 0, 0, 1, 8, 10])
    found = {
        "quarter": str(quarter),
        "employer": 1,
        "start": start,
        "birth_date": draw.choice([date(first.year - 65, 2, 3), date(first.year - 67, 1, 1), date(1990, 5, 6)]),
        "joint_committee": draw.choice(COMMITTEES),
        "nace": draw.choice(["56101", "93110", "47110", "88911", None]),
        "public": draw.choice([False, False, None, True]),
        "activity": draw.choice(["ordinary", "ordinary", "artistic", "regulated_care", "event_organisation"]),
        "habitual_legislation": draw.choice(["belgian", None, "other"]),
        "full_time": WHOLE,
        "belgian_work": draw.choice([belgian, counted]),
        "counted_work": counted,
        "volume_t3": counted + own,
        "volume_t4": draw.choice(SIZES),
        "volume_t5": draw.choice(SIZES),
        "pension": kind,
        "pension_since": draw.choice(days) if kind != "none" else None,
        "pension_register": draw.choice([None, "belgium", "foreign"]) if kind != "none" else None,
        "decision": draw.choice(["none", "none", "granted", "refused"]),
        "other_approval": draw.choice([None, True]),
        "framework_agreement": draw.choice([None, True, True, False]),
        "filed_on": draw.choice([None, start, start - DAY, start + DAY, first - 31 * DAY, first - 32 * DAY]),
        "result": draw.choice([None, "A", "W", "W", "B", "S"]),
        "requested": draw.choice([None, True]),
        "linked": draw.random() < 0.6,
    }
    if found["linked"]:
        found |= {
            "link_employer": draw.choice([1, 2]),
            "link_kind": draw.choice(["employment", "employment", "statutory", "student", "occasional", "flexi_job"]),
            "link_numerator": draw.choice([7, 8, 9, 10]),
            "link_denominator": 10,
            "link_affiliated": draw.choice([True, True, False]),
        }
        begin, end = sorted((draw.choice(days), draw.choice(days)))
        found |= {"link_from": begin, "link_until": draw.choice([None, end])}
        if draw.random() < 0.3:
            found["link_notice_from"], found["link_notice_until"] = sorted((draw.choice(days), draw.choice(days)))
        found["link_severance_until"] = draw.choice([None, None, draw.choice(days)])
    return found


ENUMS = ("quarter", "joint_committee", "activity", "pension", "decision", "result", "link_kind")


def frame_of(rows):
    """Rows as a frame of Polars, in which some columns of text are enumerated."""
    names = dict.fromkeys(name for each in rows for name in each)
    frame = pl.DataFrame({"application": range(len(rows))} | {name: [r.get(name) for r in rows] for name in names})
    words = {name: sorted(set(frame[name].drop_nulls())) for name in ENUMS}
    return frame.with_columns(pl.col(name).cast(pl.Enum(found)) for name, found in words.items())


def both_ways(monkeypatch, frame, **options):
    """What a frame comes to column by column, and by its cells; and how many rows were decided by columns."""
    counted = []
    decided = known.by_columns

    def count(applications, *others):
        found = decided(applications, *others)
        counted.append(0 if found is None else found[0].select(nw.len()).collect().item())
        return found

    monkeypatch.setattr("flexirules.frames.by_columns", count)
    monkeypatch.setattr(known, "FEWEST", 0)
    by_columns = evaluate_frame(frame, **options)
    monkeypatch.setattr(known, "FEWEST", 2**62)
    return by_columns, evaluate_frame(frame, **options), counted[0]


def unlike(one, other):
    """The columns in which two answers differ, with the first key and what they say of it."""
    assert one.columns == other.columns
    assert one.schema == other.schema
    for name in one.columns:
        where = one[name].ne_missing(other[name])
        if where.any():
            place = where.arg_max()
            yield name, place, one[name][place], other[name][place]


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_quarter_in_which_the_law_changed(quarter, monkeypatch):
    """Columns and cells say the same of rows of which everything is known, under the default readings."""
    draw = Random(quarter)  # noqa: S311 - cases to try, not secrets
    frame = frame_of([row(draw, Quarter.parse(quarter)) for _ in range(ROWS)])
    by_columns, by_cells, decided = both_ways(monkeypatch, frame)
    # Of the others it depends on more than this: the day of an age, or what else the employer does.
    assert decided > ROWS // 2
    assert [(*found, frame.row(found[1], named=True)) for found in unlike(by_columns, by_cells)] == []


SETS = [
    {name: choice}
    for name, reading in READINGS.items()
    for choice in reading.values
    if choice != reading.default and (name, choice) != ("reduction_employer", "same")
]


@pytest.mark.parametrize("readings", SETS, ids=str)
def test_every_reading(readings, monkeypatch):
    """The same under every other reading."""
    draw = Random(str(readings))  # noqa: S311 - cases to try, not secrets
    for quarter in ("2025Q1", "2026Q4"):
        frame = frame_of([row(draw, Quarter.parse(quarter)) for _ in range(ROWS // 3)])
        by_columns, by_cells, _ = both_ways(monkeypatch, frame, readings=readings)
        assert [(*found, frame.row(found[1], named=True)) for found in unlike(by_columns, by_cells)] == []
