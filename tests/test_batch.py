"""``flexirules batch``: a file of applications in, a file of decisions out, whole or not at all."""

import json
import signal
import subprocess
import sys
from xml.etree import ElementTree as ET

import polars as pl
import pyarrow.parquet
import pytest
from pools import arrow

from flexirules import InvalidInput, WrongType
from flexirules.__main__ import main
from flexirules.finding import CONDITIONS
from flexirules.frames import COLUMNS, evaluate_frame
from flexirules.frames.batch import run
from flexirules.frames.summary import lines, picture, summary_of
from flexirules.testing import population

TABLES = ("applications", "employments", "approvals", "engagements", "pensions")
ROWS = 200


@pytest.fixture(scope="module")
def pool():
    """A small pool as Polars frames, without the one or the other row that was read twice."""
    found = {name: pl.from_arrow(table) for name, table in arrow(population(ROWS, 9)).items()}
    found["employments"] = found["employments"].unique(maintain_order=True)
    return found


@pytest.fixture(scope="module")
def owed(pool):
    """The answers of the frames."""
    frames = dict(pool)
    return evaluate_frame(frames.pop("applications"), **frames)


def files_of(pool, folder, ending):
    """The pool in files of one form."""
    found = {}
    for name, frame in pool.items():
        found[name] = folder / f"{name}{ending}"
        write = {".parquet": frame.write_parquet, ".csv": frame.write_csv, ".jsonl": frame.write_ndjson}
        write[ending](found[name])
    return found


def read(path):
    """A file of decisions, in the order of the applications, every cell as text."""
    reads = {".parquet": pl.read_parquet, ".csv": pl.read_csv, ".jsonl": pl.read_ndjson}
    options = {} if path.suffix == ".parquet" else {"infer_schema_length": None}
    return texts(reads[path.suffix](path, **options))


def texts(frame):
    """Every cell as text, by the number of the application."""
    return (
        frame.select(COLUMNS).with_columns(pl.all().cast(pl.String)).sort(pl.col("application").cast(pl.Int64)).rows()
    )


def command(files, output, *more):
    """The arguments of the command for some files."""
    tables = [part for name in TABLES[1:] for part in (f"--{name}", str(files[name]))]
    return ["batch", str(files["applications"]), *tables, "-o", str(output), *more]


@pytest.mark.slow
class TestFiles:
    """Files of every form, read and written by every engine."""

    @pytest.mark.parametrize(
        ("engine", "ending", "memory"),
        [
            ("polars", ".parquet", None),
            ("polars", ".csv", None),
            ("polars", ".jsonl", None),
            ("duckdb", ".csv", None),
            ("duckdb", ".jsonl", "200MB"),
        ],
    )
    def test_answers(self, engine, ending, memory, pool, owed, tmp_path):
        """What is written is what the frames answer, with little memory too; nothing but that file is left behind."""
        files = files_of(pool, tmp_path, ending)
        output = tmp_path / f"decisions{ending}"
        before = {path.name for path in tmp_path.iterdir()}
        summary = run(files, output, engine=engine, memory=memory)
        # In the form .csv an empty text and nothing are one.
        nothing = ("", None) if ending == ".csv" else ()
        expected = [tuple(None if cell in nothing else cell for cell in row) for row in texts(owed)]
        assert [tuple(None if cell in nothing else cell for cell in row) for row in read(output)] == expected
        assert {path.name for path in tmp_path.iterdir()} == before | {output.name}
        assert summary == summary_of(owed)
        assert summary.rows == ROWS

    @pytest.mark.parametrize("engine", ["duckdb", "polars"])
    def test_wide_rows(self, engine, tmp_path):
        """One file of wide rows is enough, its sums, days and flags read from text."""
        columns = "application,quarter,employer,joint_committee,public,activity,framework_agreement,filed_on,result,"
        columns += (
            "full_time,belgian_work,counted_work,volume_t3,volume_t4,volume_t5,decision,linked,pension,pension_since"
        )
        rows = (
            "1,2026Q4,cafe,302,false,ordinary,true,2026-09-30,A,65,52,52,52,0,0,none,false,none,",
            "2,2026Q4,cafe,302,false,ordinary,true,2026-09-30,W,65,51,51,51,0,0,none,false,none,",
            "3,2026Q4,cafe,302,false,ordinary,true,2026-09-30,A,65,0,0,0,0,0,none,false,retirement,2020-01-01",
        )
        (tmp_path / "a.csv").write_text("\n".join((columns, *rows, "")), encoding="utf-8")
        run({"applications": tmp_path / "a.csv"}, tmp_path / "d.csv", engine=engine)
        decided = {row["application"]: row for row in pl.read_csv(tmp_path / "d.csv").iter_rows(named=True)}
        said = [(decided[key]["outcome"], decided[key]["employment_reason"]) for key in (1, 2, 3)]
        assert said == [
            ("eligible", "four-fifths-in-belgium"),
            ("not_eligible", "below-four-fifths"),
            ("eligible", "pensioner"),
        ]


class TestWholeOrNotAtAll:
    """There is never a file that looks finished and is not."""

    def test_killed(self, tmp_path):
        """Killed half-way there is no file of decisions."""
        many = {name: pl.from_arrow(table) for name, table in arrow(population(20_000, 2)).items()}
        files = files_of(many, tmp_path, ".parquet")
        output = tmp_path / "decisions.parquet"
        arguments = command(files, output, "--report-errors")
        with subprocess.Popen([sys.executable, "-m", "flexirules", *arguments], stderr=subprocess.PIPE) as program:
            assert b"reads applications" in program.stderr.readline()
            program.send_signal(signal.SIGKILL)
            assert program.wait() == -signal.SIGKILL
        assert not output.exists()

    def test_refused(self, pool, tmp_path, capsys):
        """Where a row cannot be read nothing is written, an old file stays as it was, and what is wrong is said."""
        bad = pool["applications"].with_columns(quarter=pl.lit("2026Q5"))
        files = files_of(pool | {"applications": bad}, tmp_path, ".parquet")
        output = tmp_path / "decisions.parquet"
        output.write_bytes(b"of yesterday")
        assert main(command(files, output, "--engine", "polars")) == 2
        assert output.read_bytes() == b"of yesterday"
        assert f"({ROWS} rows" in capsys.readouterr().err
        assert main(command(files, output, "--engine", "polars", "--report-errors")) == 0
        assert pyarrow.parquet.read_table(output)["outcome"].null_count == ROWS

    @pytest.mark.parametrize("engine", ["duckdb", "polars"])
    def test_no_number(self, engine, tmp_path, capsys):
        """A file of which a cell is no number where one is asked for is refused in one sentence."""
        (tmp_path / "a.csv").write_text("application,worker,quarter\n1,1,2026Q4\n", encoding="utf-8")
        (tmp_path / "e.csv").write_text(
            "worker,quarter,employer,numerator,denominator,status\n1,2026Q1,b,four,5,employee\n", encoding="utf-8"
        )
        arguments = ["batch", str(tmp_path / "a.csv"), "--employments", str(tmp_path / "e.csv"), "--engine", engine]
        assert main([*arguments, "-o", str(tmp_path / "d.csv")]) == 2
        assert capsys.readouterr().err.count("Traceback") == 0
        assert not (tmp_path / "d.csv").exists()


class TestCommand:
    """What the command prints, draws and refuses."""

    def test_summary_and_plot(self, pool, owed, tmp_path, capsys):
        """It prints the counts of every outcome and condition, in any language, and draws them."""
        files = files_of(pool, tmp_path, ".parquet")
        plot = tmp_path / "plot.svg"
        assert main(command(files, tmp_path / "d.parquet", "--plot", str(plot), "--lang", "nl")) == 0
        said = capsys.readouterr()
        assert said.out == "\n".join(lines(summary_of(owed), "nl")) + "\n"
        assert "settles" in said.err
        assert plot.read_text(encoding="utf-8") == picture(summary_of(owed), "nl")

    def test_picture(self, owed):
        """The picture has a bar for all and one for each condition, and the widths of each bar add up."""
        drawing = ET.fromstring(picture(summary_of(owed)))  # noqa: S314 - made by ourselves
        bars = [e for e in drawing.iter() if e.tag.endswith("rect") and len(e)]
        by_row = {}
        for bar in bars:
            by_row.setdefault(bar.get("y"), []).append(float(bar.get("width")))
        assert len(by_row) == 1 + len(CONDITIONS)
        assert all(abs(sum(widths) - 560) < 1 for widths in by_row.values())

    def test_unread_rows_are_counted(self, pool):
        """Rows that could not be read are counted apart."""
        frames = dict(pool)
        asked = frames.pop("applications").with_columns(
            quarter=pl.when(pl.col("application").cast(pl.Int64) <= 7).then(pl.lit("x")).otherwise("quarter")
        )
        summary = summary_of(evaluate_frame(asked, **frames, errors="report"))
        assert (summary.rows, summary.unread) == (ROWS, 7)
        assert "not read" in "\n".join(lines(summary))

    @pytest.mark.parametrize(("name", "engine", "code"), [("a.xlsx", "duckdb", "E-FILE"), ("a.csv", "dask", "E-WORD")])
    def test_refusals(self, name, engine, code, tmp_path):
        """An ending that is not read, an engine that there is not."""
        with pytest.raises(InvalidInput) as refused:
            run({"applications": tmp_path / name}, tmp_path / "d.csv", engine=engine)
        assert refused.value.code == code

    def test_a_fault_of_ours(self, tmp_path, monkeypatch):
        """An error that no engine raised is not called bad input."""
        (tmp_path / "a.csv").write_text("application,quarter\n1,2026Q4\n", encoding="utf-8")
        monkeypatch.setattr("flexirules.frames.batch.evaluate_frame", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run({"applications": tmp_path / "a.csv"}, tmp_path / "d.csv", engine="polars")

    @pytest.mark.parametrize("engine", ["duckdb", "polars"])
    @pytest.mark.parametrize(
        ("column", "value"), [("numerator", "0.8"), ("since", "10/05/2026"), ("deferred_pay", "yes")]
    )
    def test_nothing_is_guessed(self, engine, column, value, tmp_path):
        """A fraction that is no whole number, a day in another form, a word for a flag: refused, never rounded."""
        cells = {"worker": "1", "quarter": "2026Q1", "employer": "b", "numerator": "4", "denominator": "5"}
        table, row = "employments", cells | {"status": "employee", "deferred_pay": "false"} | {column: value}
        if column == "since":
            table, row = "pensions", {"worker": "1", "kind": "retirement", "since": value}
        (tmp_path / "a.csv").write_text("application,worker,quarter\n1,1,2026Q4\n", encoding="utf-8")
        (tmp_path / "t.csv").write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
        with pytest.raises(InvalidInput):
            run({"applications": tmp_path / "a.csv", table: tmp_path / "t.csv"}, tmp_path / "d.csv", engine=engine)

    @pytest.mark.parametrize("engine", ["duckdb", "polars"])
    def test_a_key_that_comes_late(self, engine, tmp_path):
        """A key of JSON Lines that only a late row has is read like any other."""
        rows = [json.dumps({"application": str(n), "quarter": "2026Q4"}) for n in range(25_000)]
        rows[24_000] = json.dumps({"application": "24000", "quarter": "2026Q4", "agency": "x"})
        (tmp_path / "a.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
        run({"applications": tmp_path / "a.jsonl"}, tmp_path / "d.parquet", engine=engine)
        decided = pl.read_parquet(tmp_path / "d.parquet")
        through = decided.filter(pl.col("framework_agreement_reason") == "agency-contract")
        assert through["application"].to_list() == ["24000"]

    @pytest.mark.parametrize("output", ["a.csv", "a[1].csv", "folder.csv"])
    def test_outputs(self, output, tmp_path):
        """The decisions go to a file of their own, whose name is no pattern."""
        (tmp_path / "a.csv").write_text("application,quarter\n1,2026Q4\n", encoding="utf-8")
        (tmp_path / "folder.csv").mkdir()
        with pytest.raises(InvalidInput):
            run({"applications": tmp_path / "a.csv"}, tmp_path / output)
        assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("application")
        with pytest.raises(InvalidInput):
            run({}, tmp_path / "d.csv")

    def test_no_file(self, tmp_path, capsys):
        """A file that is not there."""
        assert main(["batch", str(tmp_path / "a.csv"), "-o", str(tmp_path / "d.csv")]) == 2
        assert "No such file" in capsys.readouterr().err

    @pytest.mark.parametrize("module", ["narwhals", "duckdb"])
    def test_without_the_extra(self, module, tmp_path, monkeypatch, capsys):
        """Without the library it needs the command names the extra."""
        (tmp_path / "a.csv").write_text("application,quarter\n1,2026Q4\n", encoding="utf-8")
        # What is imported anew stands in the package too, and has to go from there as well.
        monkeypatch.setattr("flexirules.frames", sys.modules["flexirules.frames"])
        for name in [name for name in sys.modules if name.partition(".")[0] == module or "flexirules.frames" in name]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, module, None)
        assert main(["batch", str(tmp_path / "a.csv"), "-o", str(tmp_path / "d.csv")]) == 2
        assert "needs the extra" in capsys.readouterr().err

    def test_no_frame(self):
        """A summary is of decisions."""
        with pytest.raises(WrongType):
            summary_of([])
        assert "reference_quarter" in COLUMNS
