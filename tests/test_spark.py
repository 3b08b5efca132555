"""PySpark for real: a cluster of two workers on this machine, the same answers, and no row handed to Python."""

import io
import json
from contextlib import redirect_stdout
from time import sleep

import pytest
from drawn import drawn
from oracle_cases import partial_cases, whole_cases
from pools import arrow, as_told, given, owed
from test_frames import asked, official_cases

from flexirules.frames import tables_of
from flexirules.frames.batch import run

pyspark = pytest.importorskip("pyspark", reason="asks for the dependency group spark, and for Java")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::FutureWarning")]

MASTER = "local-cluster[2,1,1024]"


@pytest.fixture(scope="module")
def spark():
    """A session on two workers of one core each."""
    from pyspark.sql import SparkSession

    # Small tables and long plans: to compile code for each of them would take minutes.
    settings = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master(MASTER)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_two_workers(spark):
    """The cluster has two workers, which are programs of their own."""
    for _ in range(60):
        executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
        if executors == 2:
            break
        sleep(1)
    assert executors == 2


def test_answers(spark):
    """The official cases and others answer as ``evaluate`` does; a bad row comes back marked; no Python in the plan."""
    pool = [*official_cases()[()], *drawn(whole_cases(31, 60)), *drawn(partial_cases(32, 20))]
    told = as_told([case for case in pool if not case.readings])
    tables = tables_of(told)
    tables["applications"]["quarter"][4] = "2026Q5"
    answer = asked({name: spark.createDataFrame(table) for name, table in arrow(tables).items()}, errors="report")
    rows = given(answer)
    assert len(rows) == len(told)
    assert rows["5"][0] is None
    wrong = [case for n, case in enumerate(told, 1) if n != 5 and tuple(rows[str(n)]) != owed(case)]
    assert wrong == []
    shown = io.StringIO()
    with redirect_stdout(shown):
        answer.explain(extended=True)
    assert "Join" in shown.getvalue()
    assert not any(word in shown.getvalue() for word in ("Python", "Pandas", "ArrowEval"))


def test_batch(spark, tmp_path):
    """The command writes one file with it, as with any other engine."""
    (tmp_path / "a.csv").write_text(
        "application,quarter,joint_committee\n1,2026Q4,302\n2,2015Q1,302\n", encoding="utf-8"
    )
    summary = run({"applications": tmp_path / "a.csv"}, tmp_path / "d.jsonl", engine="spark", master=MASTER)
    assert summary.outcomes == {"not_eligible": 1, "undetermined": 1, "clarification_required": 0, "eligible": 0}
    decided = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(row["application"], row["outcome"]) for row in decided} == {("1", "undetermined"), ("2", "not_eligible")}
