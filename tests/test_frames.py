"""Data frames answer as ``evaluate`` does, row by row, in every kind of frame."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from types import SimpleNamespace

import attrs
import duckdb
import narwhals as nw
import oracle_cases
import polars as pl
import pyarrow as pa
import pytest
from drawn import drawn
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from pools import KINDS, TOLD, arrow, by_engine, differences, given

from flexirules import Approval, Case, Employment, InvalidInput, Pension, Quarter, Worker, WrongType, evaluate
from flexirules.case import Engagement
from flexirules.frames import COLUMNS, evaluate_frame, tables_of
from flexirules.frames.cells import Key
from flexirules.frames.columns import AT_HAND, DAY, FLAG, ID, NUMBER, TABLES, TEXT
from flexirules.law.ruleset import current
from flexirules.sector import Agency, Employer, Function, Sector
from flexirules.testing import official, population
from flexirules.testing._population import pieces
from flexirules.testing._vectors import every_cell
from flexirules.testing.strategies import cases, partial_cases

T = Quarter(2026, 4)
EACH = pytest.mark.parametrize("kind", KINDS)
BOTH = pytest.mark.parametrize("engine", ["cells", "columns"], indirect=True)
EACH_BY_BOTH = pytest.mark.parametrize(
    ("kind", "engine"),
    [*((kind, "cells") for kind in KINDS), *((kind, "columns") for kind in ("polars", "duckdb"))],
    indirect=["engine"],
)


@pytest.fixture
def engine(request, monkeypatch):
    """Rows of which all is known are decided column by column, or by their cells like all others."""
    by_engine(monkeypatch, request.param)
    return request.param


def official_cases():
    """The official cases, by the readings that each of them chooses."""
    found = sorted((Case.from_json(json.dumps(vector.given)) for vector in official()), key=lambda case: case.readings)
    return {readings: list(group) for readings, group in groupby(found, key=lambda case: case.readings)}


def person(*jobs, **said):
    """A case in the hotel trade in which all is known, but for what is said."""
    known = {
        "quarter": T,
        "worker": Worker(employments=jobs, pension=Pension(kind="none")),
        "employer": Employer("cafe", Sector(joint_committee="302", public=False)),
        "function": Function("ordinary"),
        "engagements": (),
        "approvals": (),
    }
    return Case(**(known | said))


def job(fraction, back=3, employer="bank", status="employee", **said):
    """A job so many quarters before T."""
    return Employment(quarter=T - back, employer=employer, fraction=fraction, status=status, **said)


def tables(*asked, **changed):
    """The tables of some cases in Polars, with other columns where that is said."""
    found = {name: pl.from_arrow(table) for name, table in arrow(tables_of(asked)).items()}
    for name, columns in changed.items():
        found[name] = found[name].with_columns(**columns)
    return found


def asked(frames, **options):
    """What the frames come to."""
    frames = dict(frames)
    return evaluate_frame(frames.pop("applications"), **frames, **options)


def test_documented_columns():
    """The reference lists every column of every table, with its type and what it says."""
    page = (Path(__file__).parent.parent / "docs" / "frames.md").read_text(encoding="utf-8")
    words = {ID: "identifier", TEXT: "text", DAY: "date", FLAG: "boolean", NUMBER: "whole number"}
    for name, columns in TABLES.items():
        rows = [f"| `{c.name}`{', needed' * c.needed} | {words[c.type]} | {c.says} |" for c in columns]
        assert f"### {name}\n" in page
        assert "\n".join(rows) in page
    for name, columns in AT_HAND.items():
        rows = [f"| `{c.name}` | {words[c.type]} | {c.says} |" for c in columns]
        assert "\n".join([f"| instead of `{name}` | type | what it says |", "|---|---|---|", *rows]) in page
    assert all(f"`{name}`" in page for name in COLUMNS if name in ("decisive", "dimona", "missing", "law", "problems"))


def for_engine(found, engine):
    """The cases that an engine is asked: column by column each quarter has a plan of its own, and takes its time."""
    return [case for case in found if case.quarter == T] if engine == "columns" else found


@pytest.mark.slow
class TestAgreement:
    """Every column of every row is what ``evaluate`` says of the case."""

    @EACH_BY_BOTH
    def test_official_cases(self, kind, engine):
        """All official cases, in every kind of frame."""
        for readings, group in official_cases().items():
            if (kind, engine) == ("polars", "cells") or not readings:
                assert differences(for_engine(group, engine), kind, readings=dict(readings)) == []

    @EACH_BY_BOTH
    def test_others_of_their_kind(self, kind, engine):
        """Cases drawn at random, whole and with facts taken out, in every kind of frame."""
        drawn_cases = [*drawn(oracle_cases.whole_cases(11, 300)), *drawn(oracle_cases.partial_cases(12, 80))]
        asked_cases = [case for case in drawn_cases if not case.readings]
        assert differences(for_engine(asked_cases, engine), kind) == []

    @BOTH
    def test_cells(self, engine):
        """Every nineteenth cell of every era, column by column a quarter of them; the nightly run asks all."""
        step = 19 * (4 if engine == "columns" else 1)
        assert differences([case for _, case in islice(every_cell(current()), 0, None, step)], "polars") == []

    def test_every_reading(self):
        """Under each value of each reading, cases drawn at random, a third of them with facts taken out."""
        from flexirules.readings import READINGS

        drawn_cases = [*drawn(oracle_cases.whole_cases(21, 60)), *drawn(oracle_cases.partial_cases(22, 30))]
        for name, reading in READINGS.items():
            for value in reading.values[1:]:
                assert differences(drawn_cases, "polars", readings={name: value}) == [], (name, value)

    def test_few_cases_under_every_reading(self):
        """Under each value of each reading cases whose work lies at a mark of the law, and a few drawn at random."""
        from flexirules.readings import READINGS

        held = [person(job("4/5"), job("1", back=4), job("1", back=5)), person(job("4/5", scheme="overseas"))]
        held += [Case(quarter=T), person(worker=Worker(employments=()), function=None)]
        held += [*drawn(oracle_cases.whole_cases(23, 5)), *drawn(oracle_cases.partial_cases(24, 5))]
        for name, reading in READINGS.items():
            for value in reading.values[1:]:
                assert differences(held, "polars", readings={name: value}) == [], (name, value)

    @settings(max_examples=25, deadline=None)
    @examples(st.lists(cases() | partial_cases(), max_size=12))
    def test_any_pool(self, pool):
        """Any cases, of several eras in one frame, with anything not known."""
        assert differences(list(map(plain, pool)), "polars") == []

    def test_population(self):
        """A synthetic pool, of which the rows of several hundred cells are decided by one row each."""
        frames = {name: pl.DataFrame(table, infer_schema_length=None) for name, table in population(3000, 5).items()}
        answer = asked(frames, errors="report")
        assert Counter(answer["outcome"]).keys() == {o.value for o in evaluate(person()).outcome.__class__}
        assert answer["problems"].null_count() == 3000


def plain(case):
    """The case under the default readings."""
    return attrs.evolve(case, readings=())


@BOTH
@pytest.mark.usefixtures("engine")
class TestEdges:
    """What a frame could get wrong where one case cannot."""

    def outcomes(self, *asked_cases, **options):
        """The outcomes of some cases, each like that of the case itself."""
        assert differences(asked_cases, "polars", **options) == []
        return [evaluate(case, **options).outcome.value for case in asked_cases]

    def test_sums_are_exact(self):
        """Eight tenths in many parts are four fifths, and a hair less is not, whatever the denominators are."""
        tenths = [job("1/10", employer=f"e{n}") for n in range(8)]
        days = [job("26/65", employer="a"), job("152/380", employer="b")]
        less = [job("266666666/333333333", employer="a"), job("1/999999999", employer="b")]
        found = self.outcomes(person(*tenths), person(*days), person(*less), person(job("79999/100000")))
        assert found == ["eligible", "eligible", "not_eligible", "not_eligible"]

    def test_denominators_without_a_common_one(self):
        """Fractions with no denominator in common that 64 bits hold are added exactly all the same."""
        primes = [999_999_000_001, 999_999_999_989, 100_000_000_003, 99_999_999_977]
        parts = [person(job(f"{4 * (p // 5)}/{p}", employer="a"), job("1/5", employer="b")) for p in primes]
        below = [person(job(f"{4 * (p // 5)}/{p}")) for p in primes]
        assert self.outcomes(*parts, *below) == ["eligible"] * 4 + ["not_eligible"] * 4

    def test_an_open_size_beside_known_work(self):
        """A job whose size is not known takes nothing from the work beside it, and adds to it what it may."""
        enough = person(job("4/5", employer="a"), job(None, employer="b"))
        half = person(job("1/2", employer="a"), job(None, employer="b"))
        others = person(job(None, employer="a"), job(None, employer="b"), job("1/2", employer="c"))
        abroad = person(job(None, scheme="overseas"), job("4/5", employer="b"))
        assert self.outcomes(enough, half, others, abroad)[:2] == ["eligible", "undetermined"]

    def test_work_that_does_not_count_leaves_nothing_open(self):
        """However many jobs of which it is known that they do not count have no size, nothing is open by them."""
        flexi = [job(None, employer=f"f{n}", status="flexi_job") for n in range(8)]
        unknown = [job(None, employer=None, status="student"), Employment(status="apprentice")]
        assert self.outcomes(person(job("4/5")), person(job("4/5"), *flexi, *unknown)) == ["eligible"] * 2

    def test_jobs_in_any_order(self):
        """The order of jobs says nothing, whatever they leave open."""
        held = [job(f"{n}/20", employer=f"e{n}", status=None if n % 2 else "employee") for n in range(1, 9)]
        held.append(job(None, employer="open"))
        answers = {evaluate(person(*held[n:], *held[:n])).finding("employment") for n in range(len(held))}
        assert len(answers) == 1

    def test_several_eras_in_one_frame(self):
        """Each row is read under the law of its own first day."""
        farm = Employer("farm", Sector(joint_committee="144", public=False))
        days = [
            date(2016, 1, 1),
            date(2023, 12, 31),
            date(2024, 1, 1),
            date(2024, 3, 31),
            date(2026, 6, 30),
            date(2026, 7, 1),
        ]
        asked_cases = [
            person(
                quarter=Quarter.of(day),
                start=day,
                employer=firm,
                worker=Worker(employments=(), pension=Pension(kind="none")),
            )
            for day in days
            for firm in (farm, Employer("cafe", Sector(joint_committee="302", public=False)))
        ]
        self.outcomes(*asked_cases)
        answer = asked(tables(*asked_cases))
        assert answer["era"].n_unique() >= 5

    def test_one_worker_with_several_applications(self):
        """Jobs, letters, links and pension of a worker serve every application of that worker, each by its quarter."""
        frames = {
            "applications": pl.DataFrame(
                {
                    "application": [1, 2, 3],
                    "worker": [7, 7, 7],
                    "quarter": ["2026Q4", "2027Q1", "2026Q4"],
                    "employer": [1, 1, 9],
                }
            ),
            "employments": pl.DataFrame(
                {
                    "worker": [7],
                    "quarter": ["2026Q1"],
                    "employer": [9],
                    "numerator": [1],
                    "denominator": [1],
                    "status": ["employee"],
                }
            ),
            "approvals": pl.DataFrame({"worker": [7], "quarter": ["2027Q1"], "granted": [True]}),
            "engagements": pl.DataFrame(
                {
                    "worker": [7],
                    "employer": [9],
                    "kind": ["employment"],
                    "numerator": [1],
                    "denominator": [1],
                    "from": [date(2020, 1, 1)],
                }
            ),
            "pensions": pl.DataFrame({"worker": [7], "kind": ["none"]}),
        }
        answer = asked(frames)
        assert answer["employment_reason"].to_list() == ["four-fifths-in-belgium", "approval-held", "below-four-fifths"]
        assert answer["own_employer"].to_list() == ["met", "met", "not_met"]

    def test_a_link_of_which_little_is_known(self):
        """A table of links may tell no more than with whom they are."""
        link = person(job("1"), engagements=(Engagement(employer="cafe"),))
        frames = tables(link)
        frames["engagements"] = frames["engagements"].select("application", "employer")
        assert asked(frames)["own_employer"].to_list() == [evaluate(link).finding("own-employer").verdict.value]

    def test_links_in_any_order(self):
        """Two links say the same in either order, and many are no fewer than two."""
        mine = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2020, 1, 1))
        open_one = Engagement(employer="cafe", from_=date(2020, 1, 1))
        group = Engagement(employer="sister", kind="statutory", fraction="4/5", from_=date(2020, 1, 1), affiliated=True)
        sets = [
            (mine, open_one),
            (open_one, mine),
            (group, open_one),
            (open_one, group, mine),
            (group,) * 3,
            (open_one,) * 2,
        ]
        self.outcomes(*(person(job("1"), engagements=links) for links in sets))

    def test_nameless_parties(self):
        """Where an employer or an agency has no name it may be anyone."""
        full = job("1")
        found = [
            person(full, employer=Employer(None, Sector(joint_committee="302", public=False))),
            person(full, agency=Agency(None)),
            person(full, agency=Agency("agency")),
            person(job("1", employer=None)),
            person(full, employer=Employer(None), engagements=(Engagement(employer="a"), Engagement(employer="b"))),
        ]
        # The second of two that are alike is answered as the first.
        self.outcomes(*found, *found)

    @pytest.mark.parametrize("reading", ["unknown", "count", "exclude"])
    def test_work_with_the_agency(self, reading):
        """Work in T-3 with the agency or the user, by each reading of what that is."""
        through = Agency("agency")
        found = [person(job("1", employer=whom), agency=through) for whom in ("agency", "cafe", "bank")]
        self.outcomes(*found, readings={"t3_agency_ties": reading})

    def test_letters(self):
        """None, one, one for another quarter, two, a refusal, one that says neither."""
        abroad = job("1", scheme="overseas")
        on, later = date(2026, 9, 1), date(2026, 9, 2)
        letters = [
            None, (), (Approval(quarter=T, granted=True),), (Approval(quarter=T - 1, granted=True),),
            (Approval(quarter=T, granted=False),), (Approval(quarter=T),), (Approval(granted=True),),
            (Approval(quarter=T, granted=True, issued_on=on), Approval(quarter=T, granted=False, issued_on=later)),
            (Approval(quarter=T, granted=True), Approval(quarter=T - 1, granted=False)),
        ]  # fmt: skip
        self.outcomes(*(person(abroad, approvals=held) for held in letters))

    def test_nothing_is_known(self):
        """A row with a quarter and nothing else is a case with a quarter and nothing else."""
        answer = asked({"applications": pl.DataFrame({"application": ["a"], "quarter": ["2026Q4"]})})
        decision = evaluate(Case(quarter=T))
        assert answer["outcome"].to_list() == [decision.outcome.value]
        assert answer["missing"][0].split() == sorted(missing.path for missing in decision.missing)

    def test_empty_columns(self):
        """A column with nothing in it, or a table without rows, may have no type: nothing is known, or none is."""
        asked_for = {"application": [1], "quarter": ["2026Q4"], "worker": [5], "employer": [None], "activity": [None]}
        nobody = {"application": [1], "quarter": ["2026Q4"], "worker": [None]}
        jobs = {name: [] for name in ("worker", "quarter", "employer", "numerator", "denominator", "status")}
        first = asked({"applications": pl.DataFrame(asked_for), "employments": pl.DataFrame(jobs)})
        assert first["employment"].to_list() == ["unknown"]
        assert "$.worker.employments" not in first["missing"][0]
        second = asked({"applications": pl.DataFrame(nobody), "employments": pl.DataFrame(jobs)})
        assert "$.worker" in second["missing"][0].split()

    def test_the_size_of_a_cell(self):
        """Where the texts are too many for a cell's number that is said, and nothing overflows."""
        key = Key()
        key.add("text", nw.lit(0), 2**62)
        with pytest.raises(InvalidInput, match="too many different values"):
            key.add("flag", nw.lit(0), 2)

    def test_no_rows(self):
        """An empty table has an empty answer, with all columns."""
        schema = {"application": pl.Int64, "quarter": pl.String}
        assert asked({"applications": pl.DataFrame(schema=schema)}).columns == list(COLUMNS)

    def test_another_law(self):
        """The law that is given decides, and its digest stands in the answer."""
        law = current().known_at(date(2024, 4, 1))
        farm = person(quarter=Quarter(2024, 2), employer=Employer("farm", Sector(joint_committee="144", public=False)))
        assert differences([farm], "polars", law=law) == []
        assert asked(tables(farm), law=law)["law"].to_list() == [law.digest]
        assert asked(tables(farm))["sector"].to_list() == ["not_met"]


class TestShape:
    """What comes back: a frame of the same kind, one row for each row."""

    @EACH
    def test_kind(self, kind):
        """The answer has the kind of the frames that were given, and is lazy where they were."""
        frames = {name: KINDS[kind](table) for name, table in arrow(tables_of([person(job("1"))])).items()}
        answer = asked(frames)
        assert type(answer) is type(frames["applications"])
        assert nw.from_native(answer).collect_schema().names() == list(COLUMNS)

    @pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
    def test_order(self, kind):
        """Where rows have an order the answers have it too."""
        pool = [person(job("1") if n % 3 else job("1/2"), quarter=T) for n in range(200)]
        frames = {name: KINDS[kind](table) for name, table in arrow(tables_of(pool)).items()}
        assert [*given(asked(frames))] == [str(n) for n in range(1, 201)]

    def test_no_function_of_ours_runs_in_the_plan(self):
        """A lazy answer is lookups and expressions; no row is handed to Python."""
        frames = {name: frame.lazy() for name, frame in tables(*(person(job("1")) for _ in range(5))).items()}
        plan = asked(frames).explain(optimized=False).lower()
        assert "gather" in plan
        assert "python" not in plan
        assert "map" not in plan

    def test_words_have_a_type(self):
        """The columns of a few words are enumerated in Polars and categorical in pandas."""
        frames = tables(person(job("1")))
        assert isinstance(asked(frames).schema["outcome"], pl.Enum)
        converted = {name: KINDS["pandas"](table) for name, table in arrow(tables_of([person()])).items()}
        assert str(asked(converted)["sector_reason"].dtype) == "category"

    def test_identifiers_may_be_numbers(self):
        """Whole numbers serve as identifiers, and the same number is the same party."""
        frames = tables(
            person(job("1", employer="5"), employer=Employer("5", Sector(joint_committee="302", public=False)))
        )
        numbers = {
            "applications": {name: pl.col(name).cast(pl.Int64) for name in ("employer", "agency")},
            "employments": {"employer": pl.col("employer").cast(pl.Int32)},
        }
        found = {name: frame.with_columns(**numbers.get(name, {})) for name, frame in frames.items()}
        found["engagements"] = found["engagements"].with_columns(pl.col("employer").cast(pl.Int64))
        assert asked(found)["employment_reason"].to_list() == ["below-four-fifths"]

    def test_nothing_is_loaded_with_the_library(self):
        """``import flexirules`` loads no narwhals."""
        program = "import sys, flexirules; sys.exit('narwhals' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


class TestRefusals:
    """What cannot be read is said before any work, with counts and the first rows."""

    def problems(self, frames, **options):
        """Code, path and message of everything that is wrong."""
        with pytest.raises((InvalidInput, WrongType)) as refused:
            asked(frames, **options)
        return [(problem.code, problem.path, problem.message) for problem in refused.value.problems]

    def test_everything_at_once(self):
        """All problems of all tables come in one error, each with its count and the keys of the first rows."""
        frames = tables(*(person(job("1")) for _ in range(6)))
        frames["applications"] = frames["applications"].with_columns(
            quarter=pl.Series(["2026Q4", "2026Q5", "2026-Q3", None, "2026Q4", "2026Q4"]),
            activity=pl.Series(["ordinary", "ordinary", "ordinary", "ordinary", "Ordinary", None]),
        )
        frames["employments"] = frames["employments"].with_columns(
            numerator=pl.Series([1, 5, -1, 1, None, 1]), denominator=pl.Series([1, 4, 5, 0, 5, 1])
        )
        frames["pensions"] = pl.concat([frames["pensions"], frames["pensions"].head(2)])
        found = self.problems(frames)
        said = """a quarter is written like "2024Q3", not '2026-Q3' (1 rows, the first: '3')"""
        assert found[0] == ("E-QUARTER-TEXT", "applications.quarter", said)
        assert [(code, path) for code, path, _ in found] == [
            ("E-QUARTER-TEXT", "applications.quarter"),
            ("E-QUARTER-TEXT", "applications.quarter"),
            ("E-WORD", "applications.activity"),
            ("E-QUARTER", "applications.quarter"),
            ("E-FRACTION-RANGE", "employments.numerator"),
            ("E-DUPLICATE", "pensions.worker"),
        ]
        assert found[4][2].endswith("(4 rows, the first: 'worker-2', 'worker-3', 'worker-4')")

    def test_reported(self):
        """With ``report`` bad rows come back with what is wrong, all others are decided, and none is lost."""
        pool = [person(job("1")) for _ in range(5)]
        frames = tables(*pool)
        frames["applications"] = frames["applications"].with_columns(
            quarter=pl.Series(["2026Q4", "2026Q5", "2026Q4", "2026Q4", "2026Q4"]),
            joint_committee=pl.Series(["302", "PC302", "302", "302", "302"]),
        )
        frames["employments"] = frames["employments"].with_columns(numerator=pl.Series([1, 1, 2, 1, 1]))
        answer = asked(frames, errors="report")
        assert answer["outcome"].to_list() == ["eligible", None, None, "eligible", "eligible"]
        assert answer["problems"].to_list() == [
            None,
            "E-QUARTER-TEXT:applications.quarter E-COMMITTEE:applications.joint_committee",
            "E-FRACTION-RANGE:employments.numerator",
            None,
            None,
        ]

    @EACH
    def test_reported_in_every_kind(self, kind):
        """So it is in every kind of frame, lazy ones included."""
        frames = arrow(tables_of([person(job("1")), person(job("1")), person(job("1"))]))
        frames["applications"] = frames["applications"].set_column(
            frames["applications"].column_names.index("quarter"), "quarter", pa.array(["2026Q4", "2026Q9", "2026Q4"])
        )
        answer = nw.from_native(asked({n: KINDS[kind](t) for n, t in frames.items()}, errors="report")).lazy().collect()
        rows = dict(zip(answer["application"].to_list(), answer["problems"].is_null().to_list(), strict=True))
        assert rows == {"1": True, "2": False, "3": True}

    def test_all_rows_are_bad(self):
        """Where no row can be read there is an answer for each all the same."""
        frames = {"applications": pl.DataFrame({"application": [1, 2], "quarter": ["x", "y"]})}
        answer = asked(frames, errors="report")
        assert answer["outcome"].to_list() == [None, None]
        assert answer["problems"].null_count() == 0

    def test_columns(self):
        """A column that is missing or that nobody knows is named."""
        frame = pl.DataFrame({"application": [1], "quartr": ["2026Q4"]})
        found = self.problems({"applications": frame})
        assert [(code, path) for code, path, _ in found] == [
            ("E-COLUMN", "applications.quartr"),
            ("E-COLUMN", "applications.quarter"),
        ]

    def test_floats(self):
        """A float column is refused, whose NaN would compare as false and whose 0.8 is no four fifths."""
        frames = tables(person(job("1")), employments={"numerator": pl.lit(0.8)})
        assert self.problems(frames)[0][:2] == ("E-TYPE", "employments.numerator")
        assert "NaN" in self.problems(frames)[0][2]

    def test_pandas_floats_with_holes(self):
        """So is what classic pandas makes of whole numbers with holes."""
        import pandas as pd

        frames = {name: KINDS["pandas"](table) for name, table in arrow(tables_of([person(job("1"))])).items()}
        frames["employments"] = pd.concat([frames["employments"]] * 2).assign(numerator=[float("nan"), 1.0])
        assert self.problems(frames)[0][:2] == ("E-TYPE", "employments.numerator")

    @pytest.mark.parametrize(
        ("table", "column", "values"),
        [
            ("applications", "start", ["2026-10-05"]),
            ("applications", "public", ["false"]),
            ("applications", "quarter", [20264]),
            ("employments", "denominator", ["5"]),
        ],
    )
    def test_types(self, table, column, values):
        """Text for a day or a flag, a number for a quarter, text for a number."""
        frames = tables(person(job("1")), **{table: {column: pl.Series(values)}})
        assert self.problems(frames)[0][:2] == ("E-TYPE", f"{table}.{column}")

    def test_a_time_of_day(self):
        """A day with a time of day is no day."""
        frames = tables(person(), applications={"start": pl.lit("2026-10-05 07:30:00").str.to_datetime()})
        assert self.problems(frames)[0][:2] == ("E-DATE", "applications.start")

    def test_days_outside(self):
        """A start outside the quarter, and days of which no calendar of ours knows."""
        frames = tables(person(), person(), applications={"start": pl.Series([date(2026, 9, 30), date(2300, 1, 1)])})
        assert {code for code, _, _ in self.problems(frames)} == {"E-START", "E-YEAR"}

    def test_identifiers(self):
        """Identifiers with spaces at an end, empty ones, and rows without the key to which they belong."""
        frames = tables(*(person(job("1")) for _ in range(3)))
        frames["employments"] = frames["employments"].with_columns(
            employer=pl.Series([" bank", "", "bank"]), worker=pl.Series(["worker-1", "worker-2", None])
        )
        found = [(code, path) for code, path, _ in self.problems(frames)]
        assert found == [("E-NAME", "employments.employer"), ("E-NAME", "employments.worker")]

    def test_names_that_no_case_would_hold(self):
        """What a party is called decides nothing, so a name with what cannot be printed is a name."""
        frames = tables(person(job("1"), employer=Employer("cafe", Sector(joint_committee="302", public=False))))
        odd = {"applications": "employer", "employments": "employer"}
        renamed = {
            n: f.with_columns((pl.col(odd[n]) + "\u202e").alias(odd[n])) if n in odd else f for n, f in frames.items()
        }
        assert asked(renamed)["outcome"].to_list() == ["eligible"]

    def test_identifiers_of_two_types(self):
        """A number and a text are never the same party, so that one column of each is refused."""
        frames = tables(person(job("1")), employments={"worker": pl.lit(1)})
        assert self.problems(frames)[0][:2] == ("E-TYPE", "employments.worker")

    @pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
    def test_keys_at_the_ends_of_64_bits(self, kind):
        """A key given twice is found whatever stands between."""
        table = pa.table({"application": [0, 2**63 - 1, -2, 0], "quarter": ["2026Q4"] * 4})
        with pytest.raises(InvalidInput, match="there is one row for each application"):
            evaluate_frame(KINDS[kind](table))

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "duckdb"])
    def test_midnight_with_a_zone(self, kind):
        """Midnight somewhere is the day that it is there, and no day begins before it."""
        times = pa.array(["2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z"]).cast(pa.timestamp("us", "UTC"))
        start = times.cast(pa.timestamp("us", "Europe/Brussels"))
        table = pa.table({"application": [1, 2], "quarter": ["2026Q4"] * 2, "start": start})
        with pytest.raises(InvalidInput) as error:
            evaluate_frame(KINDS[kind](table))
        [problem] = error.value.problems
        assert (problem.code, "(1 rows, the first: 2)" in problem.message) == ("E-START", True)

    def test_the_last_day_before_all_calendars(self):
        """The day before the first of all years is a day that cannot be, and not one that is not known."""
        born = pl.Series([None, -719_163, -(2**31) + 1, 2**31 - 1], dtype=pl.Int32).cast(pl.Date)
        frame = pl.DataFrame({"application": [1, 2, 3, 4], "quarter": ["2026Q4"] * 4, "birth_date": born})
        with pytest.raises(
            InvalidInput, match=r"birth_date: a year lies between 1900 and 2199 \(3 rows, the first: 2, 3, 4\)"
        ):
            evaluate_frame(frame)

    def test_the_infinite_day_of_duckdb(self):
        """Infinity is no day, and not one that is not known."""
        frame = duckdb.sql("SELECT 1 AS application, '2026Q4' AS quarter, 'infinity'::DATE AS birth_date")
        with pytest.raises(InvalidInput, match="a year lies between 1900 and 2199"):
            evaluate_frame(frame)

    @pytest.mark.parametrize("name", ["asked", "found_0", "lookup", "_"])
    def test_tables_of_the_caller(self, name):
        """Tables that the caller has on the connection do not get in the way, whatever they are called."""
        connection = duckdb.connect()
        connection.execute(f'CREATE TABLE "{name}" AS SELECT 7 AS x')
        frame = connection.sql(
            "SELECT 1 AS application, '2026Q4' AS \"quarter\", 'none' AS pension, '302' AS joint_committee"
        )
        assert len(evaluate_frame(frame).fetchall()) == 1

    def test_two_columns_of_one_name_in_duckdb(self):
        """A relation with a name twice is refused too."""
        frame = duckdb.sql("SELECT 1 AS application, 2 AS Application, '2026Q4' AS \"quarter\"")
        with pytest.raises(InvalidInput, match="applications: two columns have one name"):
            evaluate_frame(frame)

    @pytest.mark.parametrize("kind", ["pandas", "pyarrow"])
    def test_categories_of_numbers(self, kind):
        """A category that is a number is no text."""
        numbers = pa.array([302]).dictionary_encode()
        table = pa.table({"application": [1], "quarter": ["2026Q4"], "joint_committee": numbers})
        with pytest.raises(WrongType, match=r"applications\.joint_committee: expected text, .* not numbers"):
            evaluate_frame(table.to_pandas() if kind == "pandas" else table)

    @pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
    def test_categories_of_text(self, kind):
        """Text may be categorical."""
        committees = pa.array(["302", None, "999"]).dictionary_encode()
        table = pa.table({"application": [1, 2, 3], "quarter": ["2026Q4"] * 3, "joint_committee": committees})
        found = given(evaluate_frame(KINDS[kind](table)))
        place = TOLD.index("sector") - 1
        assert [row[place] for row in found.values()] == ["met", "unknown", "met"]

    def test_words_that_no_row_has(self):
        """Of the words that a column may hold those that no row has cost nothing, and are no fault."""
        words = [f"{number:05}" for number in range(1500)]
        frame = pl.DataFrame({"application": [1, 2], "quarter": ["2026Q4"] * 2, "joint_committee": ["302", None]})
        frame = frame.with_columns(pl.col("joint_committee").cast(pl.Enum([*words, "302"])))
        assert evaluate_frame(frame)["sector"].to_list() == ["met", "unknown"]
        bad = frame.with_columns(joint_committee=pl.Series([words[7], None], dtype=frame.schema["joint_committee"]))
        with pytest.raises(InvalidInput) as error:
            evaluate_frame(bad)
        assert [(p.path, words[7] in p.message) for p in error.value.problems] == [
            ("applications.joint_committee", True)
        ]

    @pytest.mark.parametrize("dtype", [pl.UInt64, pl.Int128])
    def test_numbers_of_more_than_64_bits(self, dtype):
        """A whole number that 64 bits with a sign do not hold is refused; in the same type a smaller one is read."""
        frames = tables(person(job("1")))
        wide = {
            name: frame.with_columns(worker=pl.Series([2**63], dtype=dtype))
            for name, frame in frames.items()
            if "worker" in frame.columns and len(frame)
        }
        assert ("E-TYPE", "applications.worker") in {found[:2] for found in self.problems(frames | wide)}
        narrow = {name: frame.with_columns(worker=pl.Series([2**63 - 1], dtype=dtype)) for name, frame in wide.items()}
        empty = {"approvals": frames["approvals"].with_columns(pl.col("worker").cast(pl.Int64))}
        assert asked(frames | empty | narrow)["employment"].to_list() == ["met"]

    @pytest.mark.parametrize("kind", ["pandas", "pyarrow"])
    def test_two_columns_of_one_name(self, kind):
        """Where two columns have one name nobody can say which is meant."""
        table = pa.table([[1], ["2026Q4"], ["2026Q3"]], names=["application", "quarter", "quarter"])
        with pytest.raises(InvalidInput, match="applications: two columns have one name"):
            evaluate_frame(table.to_pandas() if kind == "pandas" else table)

    def test_other_kinds_of_frame(self, monkeypatch):
        """A kind of frame that narwhals knows and no test of ours does is refused."""
        other = SimpleNamespace(implementation=nw.Implementation.DASK, collect_schema=dict)
        monkeypatch.setattr(nw, "from_native", lambda _: other)
        with pytest.raises(WrongType, match="expected a pandas, Polars, PyArrow"):
            evaluate_frame(object())

    def test_rows_read_twice(self):
        """The same row twice makes half time full time: in any spelling of the same fraction."""
        frames = tables(person(job("4/5"), job("1/5")), person(job("4/5")))
        twice = frames["employments"].with_columns(
            numerator=pl.col("numerator") * 13, denominator=pl.col("denominator") * 13
        )
        frames["employments"] = pl.concat(
            [frames["employments"], twice.head(1).with_columns(scheme=pl.lit(None, dtype=pl.String))]
        )
        found = self.problems(frames)
        assert [(code, path) for code, path, _ in found] == [("E-DUPLICATE", "employments.worker")]
        prime = 999_999_000_001
        odd = tables(
            person(job(f"1/{prime}"), job("1/999999999989", employer="a"), job("1/100000000003", employer="b"))
        )
        again = odd["employments"].with_columns(pl.col("numerator", "denominator") * 2)
        odd["employments"] = pl.concat([odd["employments"], again])
        assert [(code, path) for code, path, _ in self.problems(odd)] == [("E-DUPLICATE", "employments.worker")]
        # One worker with fractions of every kind, and another with plain ones: both are found.
        mixed = [frames["employments"].head(1), twice.head(1)]
        mixed = [rows.with_columns(worker=pl.lit("worker-9")) for rows in mixed]
        odd["employments"] = pl.concat([odd["employments"], *mixed])
        assert len(self.problems(odd)) == 2
        letters = tables(person(approvals=(Approval(quarter=T, granted=True),)))
        letters["approvals"] = pl.concat([letters["approvals"]] * 2)
        assert self.problems(letters)[0][:2] == ("E-DUPLICATE", "approvals.worker")

    def test_keys_given_twice(self):
        """Two rows with the key of an application."""
        frames = tables(person(), person(), applications={"application": pl.lit("1")})
        assert self.problems(frames)[0][:2] == ("E-DUPLICATE", "applications.application")
        assert asked(frames, errors="report")["outcome"].to_list() == [None, None]

    def test_too_many(self):
        """A worker with more jobs than a list may have."""
        frames = tables(person(*(job("0", employer=f"e{n}") for n in range(1000))))
        more = frames["employments"].head(1).with_columns(employer=pl.lit("one more"))
        frames["employments"] = pl.concat([frames["employments"], more])
        assert self.problems(frames)[0][:2] == ("E-TOO-MANY", "employments.worker")

    def test_periods(self):
        """A period that ends before it begins."""
        frames = tables(person(engagements=(Engagement(employer="cafe", from_=date(2026, 1, 2)),)))
        frames["engagements"] = frames["engagements"].with_columns(until=pl.lit(date(2026, 1, 1)))
        assert self.problems(frames)[0][:2] == ("E-PERIOD", "engagements.until")

    @pytest.mark.parametrize(("numerator", "denominator"), [(-1, None), (-1, -1), (None, -1), (10**18, 1)])
    def test_numbers_below_zero(self, numerator, denominator):
        """A number below zero is refused, and is not taken for one that is not there."""
        size = {"numerator": pl.lit(numerator, dtype=pl.Int64), "denominator": pl.lit(denominator, dtype=pl.Int64)}
        frames = tables(person(job("1")), employments=size)
        assert self.problems(frames)[0][:2] == ("E-FRACTION-RANGE", "employments.numerator")

    @pytest.mark.parametrize("kind", ["polars-lazy", "duckdb"])
    def test_rows_of_nobody(self, kind):
        """An application without a key comes back with what is wrong; a job of nobody is refused even then."""
        frames = arrow(tables_of([person(job("1")), person(job("1"))]))
        place = frames["applications"].column_names.index("application")
        frames["applications"] = frames["applications"].set_column(place, "application", pa.array(["1", None]))
        given_frames = {name: KINDS[kind](frames[name]) for name in ("applications", "employments")}
        answer = nw.from_native(asked(given_frames, errors="report")).collect()
        assert sorted(answer["problems"].is_null().to_list()) == [False, True]
        nobody = tables(person(job("1")), employments={"worker": pl.lit(None, dtype=pl.String)})
        assert self.problems(nobody, errors="report")[0][:2] == ("E-NAME", "employments.worker")

    def test_no_column_of_workers(self):
        """What is wrong with the jobs of workers whom no application names concerns none."""
        jobs = tables(person(job("1")), employments={"numerator": pl.lit(2)})["employments"]
        frames = {"applications": pl.DataFrame({"application": [1], "quarter": ["2026Q4"]}), "employments": jobs}
        assert asked(frames, errors="report")["problems"].to_list() == [None]

    def test_large_text_of_arrow(self):
        """PyArrow has two types of text, and tables from Polars have the other one."""
        frames = {n: f.to_arrow() for n, f in tables(person(job("1/2"), job("1/3", employer="bank"))).items()}
        assert asked(frames)["employment"].to_pylist() == ["met"]

    @pytest.mark.parametrize("column", ["start", "filed_on"])
    def test_days_before_any_calendar(self, column):
        """A year of zero is no year, and neither is one below."""
        frames = tables(person(), applications={column: pl.lit(-800_000, dtype=pl.Int32).cast(pl.Date)})
        assert self.problems(frames)[0][:2] == ("E-YEAR", f"applications.{column}")

    def test_nothing_in_a_key(self):
        """A quarter that no row has, and jobs that belong to nobody."""
        frames = {"applications": pl.DataFrame({"application": [1], "quarter": [None]})}
        assert self.problems(frames)[0][:2] == ("E-QUARTER", "applications.quarter")
        frames = tables(person(job("1")), employments={"worker": pl.lit(None)})
        assert self.problems(frames)[0][:2] == ("E-NAME", "employments.worker")

    def test_the_key_of_links(self):
        """Links belong to an application or to a worker, never to both."""
        frames = tables(person(job("1"), engagements=()), engagements={"worker": pl.lit("worker-1")})
        assert self.problems(frames)[0][:2] == ("E-COLUMN", "engagements")

    def test_no_frames(self):
        """Something that is no frame, frames of two kinds, and words that mean nothing."""
        frames = tables(person(job("1")))
        assert self.problems({"applications": [1]})[0][:2] == ("E-TYPE", "applications")
        mixed = frames | {"employments": KINDS["pyarrow"](frames["employments"].to_arrow())}
        assert self.problems(mixed)[0][:2] == ("E-TYPE", "employments")
        assert self.problems(frames, errors="ignore")[0][:2] == ("E-WORD", "errors")
        assert self.problems(frames, law="mine")[0][:2] == ("E-TYPE", "law")
        assert self.problems(frames, readings={"no": "such"})[0][0] == "E-READING"


class TestPopulation:
    """The synthetic pool."""

    def test_the_same_again(self):
        """The same seed gives the same pool, another seed another."""
        assert population(50, 3) == population(50, 3)
        assert population(50, 3) != population(50, 4)

    def test_in_pieces(self):
        """A pool may be made in pieces, whose keys are all different."""
        first, second = (population(20, 1, first=start)["applications"]["application"] for start in (1, 21))
        assert first + second == [*range(1, 41)]

    @pytest.mark.parametrize("wrong", [{"number": -1}, {"number": 1.5}, {"seed": "x"}, {"first": None}])
    def test_refusals(self, wrong):
        """What is no whole number, or a negative one."""
        with pytest.raises((InvalidInput, WrongType)):
            population(**({"number": 1, "seed": 1} | wrong))

    def test_pieces(self):
        """A large pool comes in pieces, the last of them smaller."""
        assert [len(tables_["applications"]["application"]) for tables_ in pieces(25, 1, 10)] == [10, 10, 5]
