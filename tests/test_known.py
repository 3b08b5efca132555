"""Two engines for wide rows, columns and cells: they agree on every row of which all is known, in every era."""

import os
from datetime import date, timedelta
from random import Random

import attrs
import duckdb
import narwhals as nw
import polars as pl
import pytest
from pools import by_engine

from flexirules import InvalidInput, Quarter, WorkFraction, frames
from flexirules.frames import evaluate_frame, known, scopes
from flexirules.law.ruleset import MOST_REMEMBERED, current
from flexirules.readings import READINGS

ROWS = int(os.environ.get("FLEXIRULES_ROWS", "200"))
"""So many of each quarter; every night there are more."""
DAY = timedelta(1)
QUARTERS = sorted({f"{day.year}Q{(day.month + 2) // 3}" for day in current().eras if day.year > 1900} | {"2026Q4"})
"""Every quarter in which the law changed, and the last one."""
COMMITTEES = ("302", "200", "118.03", "116", "144", "322")
WHOLE = 10
SIZES = (0, 7, 8, 9, 10, 12)


def row(draw, quarter, committees=COMMITTEES):
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
        "joint_committee": draw.choice(committees),
        "nace": draw.choice(["56101", None]),
        "public": draw.choice([False, False, True]),
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

    monkeypatch.setattr(frames, "by_columns", count)
    by_engine(monkeypatch, "columns")
    by_columns = evaluate_frame(frame, **options)
    by_engine(monkeypatch, "cells")
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
    quarter = Quarter.parse(draw.choice(["2025Q1", "2026Q4"]))
    # Each place is judged anew under a reading, which is what takes the time.
    frame = frame_of([row(draw, quarter, ("330", "144")) for _ in range(ROWS // 2)])
    by_columns, by_cells, _ = both_ways(monkeypatch, frame, readings=readings)
    assert [(*found, frame.row(found[1], named=True)) for found in unlike(by_columns, by_cells)] == []


def few(quarter, **columns):
    """Three rows with only what must be there to decide them by columns."""
    start = Quarter.parse(quarter).first_day
    told = {"application": [1, 2, 3], "quarter": quarter, "employer": "mine", "start": start, "full_time": 5}
    told |= {"belgian_work": [4, 3, 0], "counted_work": [4, 4, 0], "volume_t3": [4, 4, 0], "volume_t4": 5}
    told |= {"volume_t5": [0, 4, 5], "decision": ["none", "none", "refused"], "linked": False, "pension": "none"}
    return pl.DataFrame(told | {"joint_committee": "302", "activity": "ordinary", "public": False} | columns)


class TestWhichRows:
    """Which rows are decided by columns, and which are left to their cells."""

    @pytest.mark.parametrize(
        ("quarter", "columns", "decided"),
        [
            ("2026Q4", {}, 3),
            ("2019Q1", {}, 3),
            ("1901Q2", {}, 3),
            ("2026Q4", {"pension": ["none", "retirement", "none"]}, 2),
            ("2026Q4", {"linked": [True, False, None]}, 1),
            ("2026Q4", {"linked": [True, False, False], "link_employer": ["x", None, None]}, 2),
            ("2026Q4", {"result": ["A", None, "W"]}, 3),
            ("2026Q4", {"through_agency": [True, False, None]}, 2),
            ("2026Q4", {"anomalies": [None, "90017-510", ""]}, 1),
            ("2026Q4", {"joint_committee": [None, "302", "302"]}, 2),
        ],
    )
    def test_columns_that_are_not_there(self, quarter, columns, decided, monkeypatch):
        """What no column tells is not known, lies ahead, or is not asked; both engines agree on that."""
        by_columns, by_cells, rows = both_ways(monkeypatch, few(quarter, **columns))
        assert rows == decided
        assert [*unlike(by_columns, by_cells)] == []

    @pytest.mark.parametrize(("born", "decided"), [(None, 0), (1990, 3), (1954, 0), (1953, 3)])
    def test_an_age_in_the_quarter(self, born, decided, monkeypatch):
        """Who has a birthday that counts in the quarter is left to the cells, where the practice by age is read."""
        columns = {} if born is None else {"birth_date": date(born, 2, 1)}
        practice = {"age_shortcut": "practice"}
        by_columns, by_cells, rows = both_ways(monkeypatch, few("2019Q1", **columns), readings=practice)
        assert rows == decided
        assert [*unlike(by_columns, by_cells)] == []

    def test_a_horizon_in_the_quarter(self, monkeypatch):
        """What lies after the last day for which the texts were checked is provisional, row by row."""
        law = attrs.evolve(current(), horizon=date(2026, 11, 23))
        starts = [date(2026, 11, 23), date(2026, 11, 24), date(2026, 10, 1)]
        by_columns, by_cells, rows = both_ways(monkeypatch, few("2026Q4", start=starts), law=law)
        assert rows == 3
        assert by_columns["provisional"].to_list() == [False, True, False]
        assert [*unlike(by_columns, by_cells)] == []

    def test_so_long_ago(self, monkeypatch):
        """Where there is no T-5 its work cannot be told."""
        by_engine(monkeypatch, "columns")
        with pytest.raises(InvalidInput, match="so long ago"):
            evaluate_frame(few("1901Q1"))

    @pytest.mark.parametrize("wrong", [{"full_time": 2**62}, {"volume_t4": 2**62}, {"link_denominator": 2**62}])
    @pytest.mark.parametrize("kind", ["polars", "duckdb"])
    def test_numbers_that_are_too_large(self, kind, wrong, monkeypatch):
        """They are refused like all others that cannot be, and none is too large to be refused."""
        by_engine(monkeypatch, "columns")
        link = {"link_employer": "mine", "link_kind": "student", "link_numerator": 1, "link_denominator": 2}
        link |= {"link_from": date(2020, 1, 1), "link_affiliated": False}
        frame = few("2026Q4", linked=True, **link | wrong)
        with pytest.raises(InvalidInput, match=r"\(3 rows, the first: 1, 2, 3\)"):
            evaluate_frame(frame if kind == "polars" else duckdb.from_arrow(frame.to_arrow()))

    @pytest.mark.parametrize("kind", [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt64])
    def test_every_width(self, kind, monkeypatch):
        """Sums are exact in whole numbers of any width: a hundredth below four fifths is below them."""
        sums = {"full_time": 100, "belgian_work": [80, 79, 0], "counted_work": [80, 79, 0], "volume_t3": [80, 79, 0]}
        frame = few("2026Q4", **sums).with_columns(
            pl.col(name).cast(kind) for name in (*sums, "volume_t4", "volume_t5")
        )
        by_columns, by_cells, rows = both_ways(monkeypatch, frame)
        assert rows == 3
        assert by_columns["employment"].to_list() == ["met", "not_met", "not_met"]
        assert [*unlike(by_columns, by_cells)] == []

    def test_the_largest_of_32_bits(self, monkeypatch):
        """What is too large for sums in 32 bits is left to the cells, which are wider."""
        frame = few("2026Q4", full_time=[2 * 10**7, 3 * 10**7, 2**31 - 1])
        whole = frame["full_time"]
        sums = {name: whole * 4 // 5 - pl.Series([0, 0, 1]) for name in ("belgian_work", "counted_work", "volume_t3")}
        frame = frame.with_columns(**sums, volume_t4=whole, volume_t5=whole).cast({pl.Int64: pl.Int32})
        by_columns, by_cells, rows = both_ways(monkeypatch, frame)
        assert rows == 1
        assert by_columns["employment"].to_list() == ["met", "met", "not_met"]
        assert [*unlike(by_columns, by_cells)] == []

    def test_the_same_columns_in_another_engine(self, monkeypatch):
        """What is not too large for DuckDB may be so for Polars, whose numbers have 32 bits: no plan serves both."""
        law = attrs.evolve(current())
        whole = [2 * 10**7, 3 * 10**7, 2**31 - 1]
        sums = dict.fromkeys(("belgian_work", "counted_work", "volume_t3", "volume_t4", "volume_t5"), whole)
        quarters = [few(quarter, full_time=whole, **sums) for quarter in ("2026Q3", "2026Q4")]
        frame = pl.concat(quarters).with_columns(application=pl.Series(range(6))).cast({pl.Int64: pl.Int32})
        found = {}
        for given, decided in ((of_duckdb(frame), 6), (frame, 2)):
            by_columns, by_cells, rows = both_ways(monkeypatch, given, law=law)
            assert rows == decided
            told = [each.pl() if given is not frame else each for each in (by_columns, by_cells)]
            found[decided] = [each.sort("application")["employment_reason"].to_list() for each in told]
        assert found[6] == found[2] == [["four-fifths-in-belgium"] * 6] * 2

    def test_a_mark_of_ones_own(self, monkeypatch):
        """A law of one's own may compare a link with parts of a job that 32 bits do not hold."""
        [tie] = (t for t in current().ties if t.condition == "affiliated" and t.effective_to is None)
        law = attrs.evolve(current(), ties=(attrs.evolve(tie, at_least=WorkFraction(9_998, 10_000)),))
        below = 2 * 10**7
        link = {"link_employer": "sister", "link_kind": "employment", "link_affiliated": True}
        link |= {"link_from": date(2020, 1, 1), "link_denominator": below}
        frame = few("2026Q4", linked=True, link_numerator=[below - 4_000, below - 4_001, below], **link)
        by_columns, by_cells, rows = both_ways(monkeypatch, frame.cast({pl.Int64: pl.Int32}), law=law)
        assert rows == 3
        assert by_columns["affiliated"].to_list() == ["not_met", "met", "met"]
        assert [*unlike(by_columns, by_cells)] == []

    def test_words_of_a_type_of_their_own(self, monkeypatch):
        """Categories and enumerations hold the words that text does; one that no column may hold is refused."""
        frame = few("2026Q4", result=pl.Series(["A", None, "B"], dtype=pl.Enum(["no such word", "B", "A"])))
        frame = frame.with_columns(pl.col("decision").cast(pl.Categorical))
        connection = duckdb.connect()
        connection.register("given", frame.cast({pl.Categorical: pl.String}).to_arrow())
        enumerated = "result::ENUM('no such word', 'B', 'A') AS result"
        connection.execute(f"CREATE TABLE wide AS SELECT * REPLACE ({enumerated}) FROM given")  # noqa: S608 - ours
        for given in (frame, connection.table("wide")):
            by_columns, by_cells, rows = both_ways(monkeypatch, given)
            assert rows == 3
            one, other = (
                found if given is frame else found.pl().sort("application") for found in (by_columns, by_cells)
            )
            assert one["declaration_reason"].to_list() == [
                "filing-day-not-known",
                "declaration-ahead",
                "declaration-blocked",
            ]
            assert [*unlike(one, other)] == []
        connection.execute("UPDATE wide SET result = 'no such word' WHERE application = 2")
        by_engine(monkeypatch, "columns")
        with pytest.raises(InvalidInput, match=r"not 'no such word' \(1 rows, the first: 2\)"):
            evaluate_frame(connection.table("wide"))

    def test_a_notice_with_one_day(self, monkeypatch):
        """Of a notice period both days are asked."""
        link = {"link_employer": "mine", "link_kind": "student", "link_numerator": 1, "link_denominator": 2}
        link |= {"link_from": date(2020, 1, 1), "link_affiliated": False}
        days = pl.Series([None, None, date(2026, 1, 1)], dtype=pl.Date)
        by_columns, by_cells, rows = both_ways(monkeypatch, few("2026Q4", linked=True, link_notice_from=days, **link))
        assert rows == 2
        assert [*unlike(by_columns, by_cells)] == []

    def test_places_that_occur(self, monkeypatch):
        """With many words of employers and functions those combinations alone are settled that occur."""
        monkeypatch.setattr(scopes, "FEW_PLACES", 0)
        frame = few("2026Q4", joint_committee=["302", "200", None], activity=["ordinary", "artistic", "ordinary"])
        by_columns, by_cells, rows = both_ways(monkeypatch, frame, law=attrs.evolve(current()))
        assert rows == 2
        assert [*unlike(by_columns, by_cells)] == []

    def test_too_many_places(self, monkeypatch):
        """Where employers and functions say too many things all rows are left to their cells."""
        monkeypatch.setattr(scopes, "FEW_PLACES", 0)
        monkeypatch.setattr(scopes, "MOST_CELLS", 0)
        assert both_ways(monkeypatch, few("2026Q4"), law=attrs.evolve(current()))[2] == 0

    @pytest.mark.parametrize("told", [True, False])
    def test_a_horizon_within_a_quarter(self, told, monkeypatch):
        """What lies beyond the horizon is provisional, by the day of each row; a day that is not said is the first."""
        law = attrs.evolve(current(), horizon=date(2026, 11, 15))
        frame = few("2026Q4", start=[date(2026, 10, 1), date(2026, 11, 15), date(2026, 11, 16)])
        by_columns, by_cells, rows = both_ways(monkeypatch, frame if told else frame.drop("start"), law=law)
        assert rows == 3
        assert by_columns["provisional"].to_list() == [False, False, told]
        assert [*unlike(by_columns, by_cells)] == []

    def test_the_memory_of_cells(self, monkeypatch):
        """What is remembered of the cells of earlier frames stays, however many they are."""
        law = attrs.evolve(current())
        era = law.on(date(2026, 10, 1))
        era.parts.update({("cell", number): None for number in range(MOST_REMEMBERED)})
        both_ways(monkeypatch, few("2026Q4"), law=law)
        assert len(era.parts) > MOST_REMEMBERED

    def test_the_order_of_the_rows(self, monkeypatch):
        """The answers stand as the applications do, whichever engine gave them."""
        frame = pl.concat([few("2026Q4", linked=[False, None, False]), few("2026Q3", application=[9, 8, 7])])
        by_columns, by_cells, rows = both_ways(monkeypatch, frame)
        assert rows == 5
        assert by_columns["application"].to_list() == [1, 2, 3, 9, 8, 7]
        assert [*unlike(by_columns, by_cells)] == []

    def test_one_key_for_two_rows(self, monkeypatch):
        """A key that stands twice is refused."""
        by_engine(monkeypatch, "columns")
        with pytest.raises(InvalidInput, match="there is one row for each application"):
            evaluate_frame(few("2026Q4", application=[1, 2, 1]))

    @pytest.mark.parametrize(
        ("linked", "quarters", "decided"),
        [(False, "2026Q4", 3), ([False, None, False], "2026Q4", 0), (False, "2026Q3", 0)],
    )
    def test_lazy_frames(self, linked, quarters, decided, monkeypatch):
        """A lazy frame of Polars keeps its order: all of it is decided by columns, or by cells."""
        frame = few("2026Q4", linked=linked)
        if quarters != "2026Q4":
            frame = pl.concat([frame, few(quarters, application=[9, 8, 7])])
        by_columns, by_cells, rows = both_ways(monkeypatch, frame.lazy())
        assert rows == decided
        assert [*unlike(by_columns.collect(), by_cells.collect())] == []

    @pytest.mark.parametrize(("linked", "decided"), [(False, 3), ([False, None, False], 2)])
    def test_duckdb(self, linked, decided, monkeypatch):
        """In DuckDB the rows that are left to their cells stand beside the others."""
        relation = duckdb.from_arrow(
            few("2026Q4", linked=pl.Series([linked] * 3 if decided == 3 else linked)).to_arrow()
        )
        by_columns, by_cells, rows = both_ways(monkeypatch, relation)
        assert rows == decided
        assert [*unlike(*(found.pl().sort("application") for found in (by_columns, by_cells)))] == []
        assert by_columns.types == by_cells.types

    @pytest.mark.parametrize("committee", ["VARCHAR", "ENUM('302', '200', '116')"])
    def test_duckdb_by_number_and_by_words(self, committee, monkeypatch):
        """What employers and functions come to is asked by their words, or found by a number: it is the same."""
        frame = few("2026Q4", joint_committee=["302", "200", "116"], activity=["ordinary", "artistic", None])
        relation = of_duckdb(frame, joint_committee=committee)
        found = []
        for most in (scopes.MOST_WORDS, -1):
            monkeypatch.setattr(scopes, "MOST_WORDS", most)
            by_columns, by_cells, rows = both_ways(monkeypatch, relation, law=attrs.evolve(current()))
            assert rows == 2
            assert [*unlike(*(each.pl().sort("application") for each in (by_columns, by_cells)))] == []
            found.append(by_columns.pl().sort("application").drop("law"))
        assert found[0].equals(found[1])


CONNECTIONS = []
"""They are closed when nobody knows them any more."""


def of_duckdb(frame, **types):
    """A relation of a table ``wide`` of its own, with some columns of other types."""
    connection = duckdb.connect()
    CONNECTIONS.append(connection)
    connection.register("given", frame.to_arrow())
    replaced = ", ".join(f"{name}::{kind} AS {name}" for name, kind in types.items())
    asked = f"* REPLACE ({replaced})" if types else "*"
    connection.execute(f"CREATE TABLE wide AS SELECT {asked} FROM given")  # noqa: S608 - ours
    return connection.table("wide")


class TestWhenItIsRead:
    """In DuckDB the answers to wide rows of which all is known are worked out when they are read."""

    @pytest.fixture
    def wide(self, monkeypatch):
        """A relation, and the answers to its rows, that nobody has read as yet."""
        by_engine(monkeypatch, "columns")
        relation = of_duckdb(few("2026Q4"))
        return relation, evaluate_frame(relation)

    def test_no_table_is_left(self, wide):
        """The connection has no table but that of the caller, and the answers can be read more than once."""
        relation, answers = wide
        assert relation.query("t", "SELECT count(*) FROM duckdb_tables()").fetchall() == [(1,)]
        assert answers.fetchall() == answers.fetchall()
        assert len(answers.fetchall()) == 3

    @pytest.mark.parametrize(
        "change",
        [
            "linked = NULL",
            "decision = 'perhaps'",
            "joint_committee = '999'",
            "quarter = '2026Q3'",
            "start = DATE '2027-01-01'",
            "belgian_work = 6",
            "full_time = NULL",
        ],
    )
    def test_a_row_of_which_not_all_is_known_any_more(self, wide, change):
        """Where the rows were changed in between, and are not such that the question holds, it is no answer."""
        relation, answers = wide
        relation.query("t", f"UPDATE wide SET {change} WHERE application = 2")  # noqa: S608 - ours
        with pytest.raises(duckdb.Error, match="not as it was when the applications were looked at"):
            answers.fetchall()
        with pytest.raises(duckdb.Error, match="not as it was"):
            answers.select("sector").fetchall()

    def test_a_row_of_which_all_is_known_still(self, wide):
        """What is changed and can be decided is decided as it is when it is read."""
        relation, answers = wide
        told = "application, employment, employment_reason"
        assert answers.select(told).order("application").fetchall()[0] == (1, "met", "four-fifths-in-belgium")
        relation.query("t", "UPDATE wide SET belgian_work = 3, counted_work = 3 WHERE application = 1")
        assert answers.select(told).order("application").fetchall()[0] == (1, "not_met", "below-four-fifths")
