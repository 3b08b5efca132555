"""What other tables would say, ready in the rows of the applications: the same answers as from the tables."""

from datetime import date
from random import Random

import attrs
import polars as pl
import pytest
from pools import KINDS, as_frame, by_engine, given, owed, row_of

from flexirules import (
    Approval,
    Case,
    Declaration,
    Employer,
    Employment,
    Engagement,
    Formalities,
    Function,
    InvalidInput,
    JointCommittee,
    Pension,
    Quarter,
    Request,
    Sector,
    Worker,
    WorkFraction,
)
from flexirules.frames import evaluate_frame
from flexirules.law.ruleset import current
from flexirules.sector import Agency


@pytest.fixture(autouse=True, params=["columns", "cells"])
def engine(request, monkeypatch):
    """Rows of which all is known are decided column by column, or by their cells like all others."""
    by_engine(monkeypatch, request.param)
    return request.param


FULL = 10_000
SIZES = (0, 1, 4_000, 7_999, 8_000, 8_001, 9_999, 10_000, 10_001, 15_000, 20_000)
QUARTERS = (
    "2016Q1",
    "2018Q1",
    "2022Q3",
    "2023Q4",
    "2024Q1",
    "2024Q2",
    "2025Q1",
    "2025Q4",
    "2026Q2",
    "2026Q3",
    "2026Q4",
)


def days(draw, quarter):
    """Days on and around the edges of a quarter, or none."""
    first, last = quarter.first_day, quarter.last_day
    other = (quarter + 1).first_day
    return draw.choice([None, None, date(2015, 3, 1), first, last, date(first.year, first.month, 15), other])


def row(draw, quarters=QUARTERS):
    """One row with everything at hand, of which a part is not known."""
    quarter = Quarter.parse(draw.choice(quarters))
    found = {
        "quarter": str(quarter),
        "employer": draw.choice(["mine", "mine", "mine", "yours"]),
        "start": draw.choice([None, quarter.first_day, quarter.last_day]),
        "birth_date": draw.choice([None, date(1950, 6, 1), date(1990, 1, 1)]),
        "joint_committee": draw.choice(["302", "201", "200", "118.03", "999", None]),
        "public": False,
        "activity": draw.choice(["ordinary", "ordinary", "regulated_care", None]),
        "agency": draw.choice([None, None, None, "agent"]),
        "framework_agreement": draw.choice([None, True, False]),
        "filed_on": draw.choice([None, quarter.first_day]),
        "result": draw.choice([None, "A", "W", "B"]),
        "requested": draw.choice([None, True]),
        **dict.fromkeys(("full_time", "belgian_work", "counted_work", "volume_t3", "volume_t4", "volume_t5")),
        **dict.fromkeys(("decision", "other_approval", "linked", "pension", "pension_since", "pension_register")),
        **dict.fromkeys(f"link_{name}" for name in LINK),
    }
    if draw.random() < 0.85:
        own = draw.choice([0, 0, 0, 1, 8_000, 10_000])
        belgian, counted = sorted((draw.choice(SIZES), draw.choice(SIZES)))
        belgian = draw.choice([belgian, counted])
        found |= {"full_time": FULL, "belgian_work": belgian, "counted_work": counted, "volume_t3": counted + own}
        found |= {"volume_t4": draw.choice(SIZES), "volume_t5": draw.choice(SIZES)}
    if draw.random() < 0.85:
        found |= {"decision": draw.choice(["none", "granted", "refused"]), "other_approval": draw.choice([None, True])}
    if draw.random() < 0.85:
        kind = draw.choice(["none", "none", "retirement", "survivor", "transition_allowance"])
        found |= {"pension": kind, "pension_register": draw.choice([None, "belgium", "foreign"])}
        found["pension_since"] = None if kind == "none" else days(draw, quarter)
    if draw.random() < 0.85:
        found["linked"] = draw.random() < 0.6
    if found["linked"]:
        found |= {
            "link_employer": draw.choice(["mine", "yours", "agent", None]),
            "link_kind": draw.choice(["employment", "statutory", "student", "occasional", "flexi_job", None]),
            "link_affiliated": draw.choice([None, True, False]),
            "link_from": draw.choice([None, date(2015, 3, 1), quarter.first_day, quarter.last_day]),
            "link_until": draw.choice([None, quarter.last_day, (quarter + 1).first_day]),
        }
        if draw.random() < 0.8:
            found |= {"link_numerator": draw.choice([3, 4, 5]), "link_denominator": 5}
        if draw.random() < 0.3:
            found |= {"link_notice_from": date(2015, 3, 1), "link_notice_until": days(draw, quarter)}
        if draw.random() < 0.3:
            found["link_severance_until"] = days(draw, quarter)
    return found


LINK = (
    "employer",
    "kind",
    "numerator",
    "denominator",
    "from",
    "until",
    "affiliated",
    "notice_from",
    "notice_until",
    "severance_until",
)


def jobs(row, quarter):
    """Jobs that come to the sums of a row, with as many employers as it takes."""
    sums = (
        (3, "belgium", row["belgian_work"], None),
        (3, "overseas", row["counted_work"] - row["belgian_work"], None),
        (3, "belgium", row["volume_t3"] - row["counted_work"], row["employer"]),
        (4, "belgium", row["volume_t4"], None),
        (5, "belgium", row["volume_t5"], None),
    )
    for back, scheme, number, employer in sums:
        for place, done in enumerate(range(0, number, FULL)):
            yield Employment(
                quarter=quarter - back,
                employer=employer or f"{scheme}-{place}",
                fraction=WorkFraction(min(number - done, FULL), FULL),
                status="employee",
                scheme=scheme,
            )


def case_of(row):
    """The case of which a row tells."""
    quarter = Quarter.parse(row["quarter"])
    committee = row["joint_committee"]
    papers = {name: row[name] for name in ("filed_on", "result")}
    filed = Declaration(**papers) if any(papers.values()) else None
    signed = row["framework_agreement"]
    letters = [Approval(quarter=quarter, granted=row["decision"] == "granted")] if row["decision"] != "none" else []
    letters += [Approval(quarter=quarter - 1, granted=True)] if row["other_approval"] else []
    size = None if row["link_numerator"] is None else WorkFraction(row["link_numerator"], row["link_denominator"])
    told = {name: row[f"link_{name}"] for name in LINK if name not in ("numerator", "denominator", "from")}
    links = [Engagement(fraction=size, from_=row["link_from"], **told)] if row["linked"] else []
    pension = None
    if row["pension"] is not None:
        pension = Pension(
            kind=row["pension"], since=row["pension_since"], register=row["pension_register"] or "belgium"
        )
    worker = Worker(
        birth_date=row["birth_date"],
        employments=None if row["full_time"] is None else tuple(jobs(row, quarter)),
        pension=pension,
    )
    return Case(
        quarter=quarter,
        start=row["start"],
        worker=None if worker == Worker() else worker,
        employer=Employer(
            row["employer"], Sector(joint_committee=committee and JointCommittee(committee), public=False)
        ),
        function=row["activity"] and Function(row["activity"]),
        agency=row["agency"] and Agency(row["agency"]),
        engagements=None if row["linked"] is None else tuple(links),
        approvals=None if row["decision"] is None else tuple(letters),
        requests=(Request(quarter=quarter),) if row["requested"] else None,
        formalities=Formalities(framework_agreement=signed, declaration=filed) if filed or signed is not None else None,
    )


def table(rows):
    """Rows as columns, with a key."""
    return {"application": [*range(len(rows))]} | {name: [row[name] for row in rows] for name in rows[0]}


OTHERS = ({"t3_agency_ties": "count"}, {"t3_agency_ties": "exclude"}, {"approval_and_reduction": "facts"})


@pytest.mark.parametrize(
    ("kind", "readings", "engine"),
    [
        *((kind, {}, "cells") for kind in KINDS),
        *(("polars", readings, "cells") for readings in OTHERS),
        *(("polars", readings, "columns") for readings in ({}, *OTHERS)),
        ("duckdb", {}, "columns"),
    ],
    indirect=["engine"],
)
def test_any_row(kind, readings, engine):
    """Rows with sums of work, a letter, a link and a pension at hand come to what the case of which they tell does."""
    draw = Random(f"{kind}{readings}")  # noqa: S311 - cases to try, not secrets
    # Column by column each quarter has a plan of its own, and DuckDB takes a second for each.
    quarters = QUARTERS[-1:] if (kind, engine) == ("duckdb", "columns") else QUARTERS
    rows = [row(draw, quarters) for _ in range(400)]
    answer = given(evaluate_frame(as_frame("applications", table(rows), kind), readings=readings))
    expected = [owed(case_of(row), readings=readings) for row in rows]
    wrong = [
        (rows[place], row_of(answer[str(place)], told))
        for place, told in enumerate(expected)
        if answer[str(place)] != told
    ]
    assert wrong[:3] == []


def test_enumerated_words():
    """Words that Polars enumerates are read by their places, in whatever order they stand; others may stand there."""
    draw = Random("enumerated")  # noqa: S311 - cases to try, not secrets
    rows = [row(draw, QUARTERS[-3:]) for _ in range(400)]
    frame = as_frame("applications", table(rows), "polars")
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String and name not in NAMES]
    every = {name: sorted(set(frame[name].drop_nulls()), reverse=True) for name in texts}
    enums = frame.with_columns(pl.col(name).cast(pl.Enum(["no such word", *words])) for name, words in every.items())
    assert given(evaluate_frame(enums)) == given(evaluate_frame(frame))


def test_an_enumerated_word_that_cannot_be_read():
    """A word that no column may hold is refused where a row has it."""
    kinds = pl.Enum(["friend", "none"])
    frame = pl.DataFrame(
        {"application": [1, 2], "quarter": "2026Q4", "pension": pl.Series(["none", "friend"], dtype=kinds)}
    )
    with pytest.raises(
        InvalidInput, match=r"applications\.pension: expected one of .* not 'friend' \(1 rows, the first: 2\)"
    ):
        evaluate_frame(frame)


NAMES = ("application", "employer", "agency", "link_employer")


def asked(**columns):
    """What one row with a few columns comes to."""
    given = {"application": [1], "quarter": ["2026Q4"], "employer": ["mine"]}
    return evaluate_frame(as_frame("applications", given | {name: [cell] for name, cell in columns.items()}, "polars"))


WORK = {"full_time": 5, "belgian_work": 4, "counted_work": 4, "volume_t3": 4, "volume_t4": 0, "volume_t5": 0}


class TestMemory:
    """What is remembered of the cells of one frame is right for every other."""

    def test_beside_a_table(self):
        """Work with the agency stays doubtful where the letters are a table, whatever stands in the rows before."""
        told = {"worker": "w", "agency": "agent", "pension": "none", "joint_committee": "302", "activity": "ordinary"}
        sums = {"full_time": 10, "belgian_work": 4, "counted_work": 4, "volume_t3": 12, "volume_t4": 0, "volume_t5": 0}
        through = {"application": 1, "quarter": "2026Q4", "employer": "mine", **told, **sums}
        rows = [through, {**through, "application": 2, "agency": None}]
        letters = pl.DataFrame({"worker": ["x"], "quarter": ["2026Q4"], "granted": [True]})
        for order in (rows, rows[::-1]):
            answer = evaluate_frame(pl.DataFrame(order), approvals=letters, law=attrs.evolve(current()))
            said = dict(answer.select("application", "employment").iter_rows())
            assert said == {1: "unknown", 2: "not_met"}

    def test_another_law(self):
        """Where a law of one's own compares sizes with other numbers, no cell stands for two of them."""
        [tie] = (t for t in current().ties if t.condition == "affiliated" and t.effective_from == date(2024, 1, 1))
        days = {"effective_from": date(2023, 1, 1), "effective_to": date(2023, 12, 31)}
        law = attrs.evolve(current(), ties=(*current().ties, attrs.evolve(tie, at_least=WorkFraction(13, 20), **days)))
        link = {"link_employer": "sister", "link_kind": "employment", "link_affiliated": True, "link_denominator": 10}
        told = {"employer": "mine", "linked": True, "link_from": date(2015, 1, 1), **link}
        row = {"application": 1, "quarter": "2026Q4", "link_numerator": 9, **told}
        assert evaluate_frame(pl.DataFrame([row]), law=law)["affiliated"].to_list() == ["not_met"]
        rows = [{**row, "link_numerator": 7}, {**row, "application": 2, "quarter": "2023Q2", "link_numerator": 7}]
        assert evaluate_frame(pl.DataFrame(rows), law=law)["affiliated"].to_list() == ["met", "not_met"]


class TestSums:
    """Sums of work are exact, and asked for as a whole."""

    @pytest.mark.parametrize(
        ("work", "reason"),
        [(4, "four-fifths-in-belgium"), (3, "below-four-fifths"), (5, "four-fifths-in-belgium")],
    )
    def test_the_mark(self, work, reason):
        """Four fifths exactly are enough, and the least bit less is not."""
        row = {name: work if value else 0 for name, value in WORK.items()} | {"full_time": 5}
        answer = asked(**row, decision="none", pension="none")
        assert answer["employment_reason"].to_list() == [reason]

    def test_just_below_the_mark(self):
        """A part in a thousand million below four fifths is below them."""
        whole = 10**9
        work = 8 * 10**8 - 1
        row = {**WORK, "full_time": whole, "belgian_work": work, "counted_work": work, "volume_t3": work}
        assert asked(**row, decision="none", pension="none")["employment"].to_list() == ["not_met"]
        more = row | dict.fromkeys(("belgian_work", "counted_work", "volume_t3"), work + 1)
        assert asked(**more, decision="none", pension="none")["employment"].to_list() == ["met"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"full_time": 0},
            {"full_time": None},
            {"full_time": 10**15},
            {"belgian_work": -1},
            {"belgian_work": 5},
            {"counted_work": 5},
            {"volume_t3": 10},
            {"volume_t4": 51},
            {"volume_t5": None},
        ],
    )
    def test_what_cannot_be(self, wrong):
        """Sums that contradict each other, or of which some are missing, are refused."""
        with pytest.raises(InvalidInput, match=r"applications\.full_time: full_time and the five sums are all given"):
            asked(**{**WORK, **wrong})

    def test_all_six(self):
        """Without a column of the sums nothing can be said of the others."""
        with pytest.raises(InvalidInput) as error:
            asked(full_time=5, belgian_work=4)
        assert [problem.path for problem in error.value.problems] == [
            f"applications.{name}" for name in ("counted_work", "volume_t3", "volume_t4", "volume_t5")
        ]

    def test_whose_work_is_left_out(self):
        """Sums that leave out an employer need that employer."""
        with pytest.raises(InvalidInput, match="need the employer whom they leave out"):
            asked(**{**WORK, "employer": None})

    def test_long_ago(self):
        """Where there is no T-5 its work cannot be told."""
        with pytest.raises(InvalidInput, match=r"applications\.quarter: of T-5 nothing can be told so long ago"):
            asked(**{**WORK, "quarter": "1901Q1"})
        assert len(asked(**{**WORK, "quarter": "1901Q2"})) == 1

    def test_each_employer_alone(self):
        """By the reading that looks at each employer alone sums do not say enough, and nothing is guessed."""
        frame = as_frame(
            "applications", {"application": [1], "quarter": ["2026Q4"]} | {n: [w] for n, w in WORK.items()}, "polars"
        )
        with pytest.raises(InvalidInput, match="each employer is looked at alone"):
            evaluate_frame(frame, readings={"reduction_employer": "same"})


class TestOthers:
    """What is told of a letter, a link or a pension."""

    @pytest.mark.parametrize(
        ("columns", "column"),
        [
            ({"decision": None, "other_approval": True}, "decision"),
            ({"pension": None, "pension_since": date(2020, 1, 1)}, "pension"),
            ({"pension": None, "pension_register": "foreign"}, "pension"),
            ({"linked": None, "link_employer": "mine"}, "linked"),
            ({"linked": False, "link_kind": "employment"}, "linked"),
            ({"linked": False, "link_numerator": 1, "link_denominator": 2}, "linked"),
        ],
    )
    def test_of_what_is_not_there(self, columns, column):
        """Of what is not there nothing can be told."""
        with pytest.raises(InvalidInput, match=rf"applications\.{column}: of what is not there nothing can be told"):
            asked(**columns)

    @pytest.mark.parametrize(
        ("columns", "says"),
        [
            ({"link_numerator": 6, "link_denominator": 5}, r"link_numerator: a fraction in 0\.\.1"),
            ({"link_numerator": 1, "link_denominator": None}, r"link_numerator: a fraction in 0\.\.1"),
            (
                {"link_from": date(2026, 10, 2), "link_until": date(2026, 10, 1)},
                "link_until: a period ends on or after",
            ),
            (
                {"link_notice_from": date(2026, 10, 2), "link_notice_until": date(2026, 10, 1)},
                "link_notice_until: a period ends on or after",
            ),
            ({"link_kind": "friend"}, "link_kind: expected one of employment,"),
        ],
    )
    def test_a_link_that_cannot_be(self, columns, says):
        """The sizes and the periods of a link are checked as those of a table are."""
        with pytest.raises(InvalidInput, match=says):
            asked(linked=True, **columns)

    def test_empty_columns(self):
        """Where a whole group of columns is empty, of whatever type, nothing is known; else it says what is missing."""
        rows = {"application": [1], "quarter": ["2026Q4"], "employer": ["mine"], "linked": [None]}
        untyped = pl.DataFrame(rows, schema_overrides={"linked": pl.Null})
        empty = untyped.with_columns(
            link_kind=pl.lit(None, dtype=pl.String), link_denominator=pl.lit(None, dtype=pl.Int64)
        )
        assert evaluate_frame(empty)["missing"].to_list() == evaluate_frame(untyped.drop("linked"))["missing"].to_list()
        with pytest.raises(InvalidInput, match=r"applications\.linked: the column is missing, as there is link_kind"):
            evaluate_frame(untyped.with_columns(link_kind=pl.lit("employment")))
        link = empty.with_columns(linked=pl.lit(value=True), link_employer=pl.lit("mine"))
        assert len(evaluate_frame(link)) == 1

    def test_the_first_column_is_needed(self):
        """Whether there is a link has to be said where something is said of it."""
        with pytest.raises(InvalidInput, match=r"applications\.linked: the column is missing, as there is link_kind"):
            asked(link_kind="employment")

    @pytest.mark.parametrize(
        ("name", "column"),
        [
            ("employments", WORK),
            ("approvals", {"decision": "none"}),
            ("engagements", {"linked": False}),
            ("pensions", {"pension": "none"}),
        ],
    )
    def test_one_of_both(self, name, column):
        """A table and the columns that replace it are not given together, nor with what tells whether it is known."""
        rows = {"application": [1], "quarter": ["2026Q4"], "worker": ["w"], "employer": ["mine"]}
        rows |= {column: [cell] for column, cell in column.items()}
        empty = {
            "employments": {
                "worker": [],
                "quarter": [],
                "employer": [],
                "numerator": [],
                "denominator": [],
                "status": [],
            },
            "approvals": {"worker": [], "quarter": [], "granted": []},
            "engagements": {"application": [], "employer": []},
            "pensions": {"worker": [], "kind": []},
        }
        frame = as_frame("applications", rows, "polars")
        with pytest.raises(InvalidInput, match=f"either this column or the table {name}, not both"):
            evaluate_frame(frame, **{name: as_frame(name, empty[name], "polars")})
        if name != "pensions":
            known = as_frame("applications", rows | {f"{name}_known": [True]}, "polars")
            with pytest.raises(InvalidInput, match=f"either this column or {name}_known, not both"):
                evaluate_frame(known)

    def test_reported(self):
        """With a report the bad row is marked, and the other one decided."""
        rows = {
            "application": [1, 2],
            "quarter": ["2026Q4"] * 2,
            "pension": [None, "none"],
            "pension_register": ["belgium"] * 2,
        }
        answer = evaluate_frame(as_frame("applications", rows, "polars"), errors="report")
        assert answer["problems"].to_list() == ["E-COLUMN:applications.pension", None]
        assert answer["outcome"].is_null().to_list() == [True, False]
