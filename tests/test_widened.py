"""Five tables by columns: they come to what the same rows come to with everything at hand, and by their cells."""

from datetime import date
from random import Random

import polars as pl
import pytest
from pools import KINDS, arrow, by_engine
from test_known import DAY, QUARTERS, ROWS, both_ways, frame_of, row, unlike

from flexirules import Quarter
from flexirules.frames import evaluate_frame, known, tables_of
from flexirules.frames.cases import Rows, case_of, names_of_our_own
from flexirules.frames.columns import AT_HAND
from flexirules.frames.ready import rows_at_hand

T = Quarter(2026, 4)


def as_tables(rows, kind="polars"):
    """Wide rows as five tables, numbered from 1."""
    cases = [case_of(each, rows_at_hand(each, Rows(), frozenset(AT_HAND)), names_of_our_own()) for each in rows]
    return {name: KINDS[kind](table) for name, table in arrow(tables_of(cases)).items()}


def by_both(monkeypatch, tables, **options):
    """What tables come to column by column, and by their cells; and how many rows were decided by columns."""
    return both_ways(monkeypatch, tables["applications"], **others(tables), **options)


def others(tables):
    """All tables but the applications."""
    return {name: table for name, table in tables.items() if name != "applications"}


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_quarter_in_which_the_law_changed(quarter, monkeypatch):
    """Tables and wide rows that say the same come to the same, by columns and by cells."""
    draw = Random(f"tables of {quarter}")  # noqa: S311 - cases to try, not secrets
    rows = [row(draw, Quarter.parse(quarter)) for _ in range(ROWS // 4)]
    by_columns, by_cells, decided = by_both(monkeypatch, as_tables(rows))
    assert decided > len(rows) // 3
    assert [(*found, rows[found[1]]) for found in unlike(by_columns, by_cells)] == []
    wide = frame_of([{name: value for name, value in each.items() if name != "requested"} for each in rows])
    requested = pl.Series("requested", [each["requested"] for each in rows])
    wide = wide.with_columns(requested, application=pl.Series([f"{number}" for number in range(1, len(rows) + 1)]))
    assert [(*found, rows[found[1]]) for found in unlike(by_columns, evaluate_frame(wide))] == []


def job(worker=1, quarter=T - 3, employer=2, size=(4, 5), status="employee", **said):
    """One job."""
    numerator, denominator = size
    job = {"worker": worker, "quarter": str(quarter), "employer": employer}
    return job | {"numerator": numerator, "denominator": denominator, "status": status} | said


def pool(jobs, letters=(), links=(), **said):
    """The tables of one worker, with an application in T in which all else is known."""
    applications = {"application": [1], "quarter": [str(T)], "worker": [1], "employer": [1], "start": [T.first_day]}
    applications |= {"joint_committee": ["302"], "public": [False], "activity": ["ordinary"]}
    applications |= {"framework_agreement": [True], "filed_on": [T.first_day - DAY], "result": ["A"]}
    applications |= {name: value if isinstance(value, pl.Series) else [value] for name, value in said.items()}
    job_types = {"scheme": pl.String, "deferred_pay": pl.Boolean, "employer": pl.Int64, "status": pl.String}
    letter_types = {"worker": pl.Int64, "quarter": pl.String, "granted": pl.Boolean}
    link_types = {"worker": pl.Int64, "employer": pl.Int64, "kind": pl.String, "numerator": pl.Int64}
    link_types |= {"denominator": pl.Int64, "from": pl.Date, "affiliated": pl.Boolean}
    numbers = {"worker": pl.Int64, "quarter": pl.String, "numerator": pl.Int64, "denominator": pl.Int64}
    return {
        "applications": pl.DataFrame(applications),
        "employments": pl.DataFrame([*jobs], schema=numbers | job_types),
        "approvals": pl.DataFrame([*letters], schema=letter_types),
        "engagements": pl.DataFrame([*links], schema=link_types),
        "pensions": pl.DataFrame({"worker": [1], "kind": ["none"]}),
    }


def letter(quarter=T, granted=True):
    """One letter."""
    return {"worker": 1, "quarter": None if quarter is None else str(quarter), "granted": granted}


def link(**said):
    """One link with the flexi-job employer."""
    found = {"worker": 1, "employer": 1, "kind": "employment", "numerator": 1, "denominator": 2, "affiliated": False}
    return found | {"from": date(2020, 1, 1)} | said


PLAIN = {
    "nothing at all": pool([]),
    "two parts": pool([job(size=(2, 5)), job(employer=3, size=(8, 20))]),
    "with the flexi-job employer": pool([job(employer=1), job(size=(1, 5))]),
    "on own account": pool([job(status="self_employed")]),
    "a flexi-job beside": pool([job(), job(employer=3, status="flexi_job")]),
    "abroad": pool([job(scheme="overseas")], [letter(), letter(T - 1, granted=False)]),
    "abroad and an approval for another quarter": pool([job(scheme="overseas")], [letter(T - 1)]),
    "abroad and refused": pool([job(scheme="overseas")], [letter(granted=False), letter(T - 1)]),
    "abroad before": pool([job(scheme="overseas"), *(job(quarter=T - n, size=(1, 1)) for n in (4, 5))]),
    "under a foreign scheme": pool([job(scheme="foreign")], [letter()]),
    "pay that is deferred": pool([job(deferred_pay=True), job(quarter=T - 4, deferred_pay=True)], [letter()]),
    "a quarter that is not looked at": pool([job(quarter=T - 6), job(quarter=T - 2)]),
    "a reduction": pool([job(), *(job(quarter=T - n, size=(1, 1)) for n in (4, 5))]),
    "a link": pool([job()], links=[link()]),
    "a small link with another": pool([job()], links=[link(employer=7, affiliated=True)]),
    "no start": pool([job()], start=pl.Series([None], dtype=pl.Date)),
}
OPEN = {
    "no size": pool([job(), job(employer=3, size=(None, None))]),
    "no employer": pool([job(employer=None)]),
    "no status": pool([job(status=None)]),
    "no quarter": pool([job() | {"quarter": None}]),
    "no denominator in common": pool([job(size=(p // 2, p)) for p in (999_999_000_001, 999_999_999_989)]),
    "two letters for T": pool([job(scheme="overseas")], [letter(), letter(granted=False)]),
    "a letter of no quarter": pool([job(scheme="overseas")], [letter(None)]),
    "a letter that says nothing": pool([job(scheme="overseas")], [letter(granted=None)]),
    "two links": pool([job()], links=[link(), link(kind="student")]),
    "a link of no kind": pool([job()], links=[link(kind=None)]),
    "jobs that are not known": pool([job()], employments_known=False),
    "letters that are not known": pool([job()], approvals_known=False),
    "links that are not known": pool([job()], engagements_known=False),
    "no pension row": pool([job()]) | {"pensions": pl.DataFrame({"worker": [2], "kind": ["none"]})},
    "no worker": pool([job()], worker=pl.Series([None], dtype=pl.Int64)),
    "an agency": pool([job()], agency=9),
}


@pytest.mark.parametrize(
    ("tables", "decided"),
    [pytest.param(tables, n, id=name) for n, each in ((1, PLAIN), (0, OPEN)) for name, tables in each.items()],
)
def test_what_is_plain(tables, decided, monkeypatch):
    """What leaves nothing open is decided by columns, all else by its cell, and both say the same."""
    by_columns, by_cells, rows = by_both(monkeypatch, tables)
    assert rows == decided
    assert [*unlike(by_columns, by_cells)] == []


def test_a_reading_by_employer(monkeypatch):
    """Where each employer is looked at alone sums over all do not say enough."""
    tables = PLAIN["a reduction"]
    by_columns, by_cells, rows = by_both(monkeypatch, tables, readings={"reduction_employer": "same"})
    assert rows == 0
    assert [*unlike(by_columns, by_cells)] == []


def test_several_applications_of_one_worker(monkeypatch):
    """Jobs, letters, links and pension of a worker serve every application, each by its quarter and its employer."""
    tables = PLAIN["with the flexi-job employer"]
    others = {"application": [1, 2, 3], "employer": [1, 2, 1], "quarter": [str(T), str(T), str(T - 1)]}
    first = [T.first_day, T.first_day, (T - 1).first_day]
    applications = pl.concat([tables["applications"]] * 3).with_columns(
        *(pl.Series(name, values) for name, values in others.items()), start=pl.Series(first), filed_on=pl.Series(first)
    )
    by_columns, by_cells, rows = by_both(monkeypatch, tables | {"applications": applications})
    assert rows == 3
    assert by_columns["employment"].to_list() == ["unknown", "met", "unknown"]
    assert [*unlike(by_columns, by_cells)] == []


def test_tables_and_columns(monkeypatch):
    """Some may be tables, and some columns at hand."""
    tables = {name: table for name, table in PLAIN["a link"].items() if name != "pensions"}
    applications = tables["applications"].with_columns(pension=pl.lit("none"))
    by_columns, by_cells, rows = by_both(monkeypatch, tables | {"applications": applications})
    assert rows == 1
    assert [*unlike(by_columns, by_cells)] == []


def test_a_table_that_is_missing(monkeypatch):
    """Of what no table and no column tells nothing is known of any row."""
    tables = {name: table for name, table in PLAIN["a link"].items() if name != "approvals"}
    by_columns, by_cells, rows = by_both(monkeypatch, tables)
    assert rows == 0
    assert [*unlike(by_columns, by_cells)] == []


@pytest.mark.parametrize("name", ["jobs that are not known", "no worker", "an agency"])
def test_where_some_are_open(name, monkeypatch):
    """Where an application by itself leaves anything open, all are read for their cells at once."""
    closed = known.closed
    tables = PLAIN["a link"] | {
        "applications": pl.concat([pool([])["applications"], OPEN[name]["applications"]], how="diagonal").with_columns(
            application=pl.Series([1, 2])
        )
    }
    by_engine(monkeypatch, "columns")
    monkeypatch.setattr(known, "closed", closed)
    seen = []
    evaluate_frame(tables["applications"], **others(tables), progress=seen.append)
    assert "decides the rows of which all is known" not in seen
    seen.clear()
    evaluate_frame(tables["applications"].head(1), **others(tables), progress=seen.append)
    assert "decides the rows of which all is known" in seen
