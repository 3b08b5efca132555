"""Whole data frames beside what decides the same by hand: ``python benchmarks/frames.py [--quick] [--spark]``.

Three measurements in one run, of which only the ratios travel: the small decision of ``floor.py`` on wide rows, by
those who could write it by hand; the same situations through ``evaluate_frame``, which decides by the real law; and the
growth of ``evaluate_frame`` on its own population. Competitors take turns, and the best of several rounds counts. A
competitor that is not installed is left out; numpy and PyArrow are needed, since the tables are made with them.
"""

import argparse
import contextlib
import gc
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from random import Random

import floor
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PIECE = 100_000
"""So many rows are made at a time, so that the rows as Python objects never fill the memory."""
SAMPLE = 500
"""On so many rows the outcome of a frame is compared with that of the single case."""
MOST = {"zen-engine, loop": 10_000, "flexirules, evaluate in a loop": 20_000, "floor, loop": 1_000_000}
"""What decides one row at a time is measured on at most so many rows, and scaled."""
POLARS, DUCKDB, OPENFISCA = "Polars by hand", "DuckDB by hand", "OpenFisca, calculation alone"
DISTRIBUTIONS = (
    "flexirules",
    "narwhals",
    "polars",
    "duckdb",
    "pandas",
    "pyarrow",
    "pyspark",
    "numpy",
    "OpenFisca-Core",
    "zen-engine",
)
LOW = [low for _, low, _ in floor.WINDOWS]
HIGH = [high for _, _, high in floor.WINDOWS]
B = floor.BIT
BOOLEANS = ("pens", "pens2", "contract", "notice", "sever", "overseas")
EPOCH = date(1970, 1, 1).toordinal()
TABLES = ("applications", "employments", "approvals", "engagements", "pensions")


def installed(module):
    """Whether a module can be imported."""
    return importlib.util.find_spec(module) is not None


# --- the rows of the yardstick ---------------------------------------------------------------------------------------


def wide_rows(number, seed=20261123):
    """The rows of the yardstick as columns of numpy, and what the floor says of each row."""
    pieces = []
    for place, first in enumerate(range(0, number, PIECE)):
        rows = [_one_job_there(row) for row in floor.make_cases(min(PIECE, number - first), seed + place)]
        said = [floor.floor(row) for row in rows]
        columns = dict(zip(floor.FIELDS, zip(*rows, strict=True), strict=True))
        columns["sector"] = [floor.SECTOR_INT[word] for word in columns["sector"]]
        piece = {name: np.array(values, dtype=_type(name)) for name, values in columns.items()}
        piece["_outcome"] = np.array([outcome for outcome, _ in said], dtype=np.int32)
        piece["_codes"] = np.array([sum(B[code] for code in codes) for _, codes in said], dtype=np.int32)
        pieces.append(piece)
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _one_job_there(row):
    """The row with one job at the flexi-job employer: the library refuses a job twice; 1 row in 2000."""
    places = [place for place in (4, 7, 10) if row[place] == row[3]]
    for place in places[1:]:
        row = (*row[:place], row[3] + place, *row[place + 1 :])
    return row


def _type(name):
    return np.bool_ if name in BOOLEANS else np.int8 if name == "sector" else np.int32


def as_tuples(wide, places):
    """The rows at some places as the tuples that they were."""
    columns = [wide[name][places].tolist() for name in floor.FIELDS]
    columns[2] = [floor.SECTOR_LIST[number] for number in columns[2]]
    return list(zip(*columns, strict=True))


# --- the small decision by hand --------------------------------------------------------------------------------------
# Everywhere the same steps: what refuses by itself, the pension, too little work, the reduction; codes and outcome.


def by_polars(wide):
    """Lazy expressions of Polars over the wide columns."""
    import polars as pl

    frame = pl.DataFrame({name: wide[name] for name in floor.FIELDS}).with_row_index("row")
    c, when = pl.col, pl.when
    sector, on, a = c("sector"), c("on"), {n: c(f"a{n}") for n in "123"}

    def bit(condition, code):
        return when(condition).then(pl.lit(B[code], pl.Int32)).otherwise(pl.lit(0, pl.Int32))

    ok = (
        ((sector < 8) & (on >= LOW[0]))
        | ((sector >= 8) & (sector < 16) & (on >= LOW[1]))
        | ((sector >= 16) & (sector < 24) & (on >= LOW[2]) & (on <= HIGH[2]))
    )
    own = {n: when(c(f"e{n}") != c("flexi")).then(a[n]).otherwise(0) for n in "123"}
    cut = [(c(f"b{n}") >= 10_000) & (a[n] >= 8000) & (a[n] < 10_000) for n in "123"]
    abroad = when(c("approval") == c("quarter")).then(B["A1"]).when(c("approval") > 0).then(B["W2"]).otherwise(B["W1"])
    none = pl.lit(0, pl.Int32)
    plan = (
        frame.lazy()
        .with_columns(
            hard=bit(~ok, "R01")
            + bit(c("contract"), "R02")
            + bit(c("notice"), "R03")
            + bit(c("sever"), "R04")
            + bit(c("affil") >= 8000, "R05"),
            pension=when(c("pens") & (c("age") >= 260)).then(B["P1"]).when(c("pens2")).then(B["P2"]).otherwise(none),
            work=when(own["1"] + own["2"] + own["3"] >= 8000)
            .then(none)
            .when(c("overseas"))
            .then(abroad)
            .otherwise(B["R06"])
            + bit(cut[0] | cut[1] | cut[2], "R07"),
        )
        .select("row", codes=c("hard") + when(c("pension") > 0).then(c("pension")).otherwise(c("work")))
        .with_columns(
            outcome=when(c("codes") & floor.REFUSE_MASK != 0)
            .then(pl.lit(2, pl.Int8))
            .when(c("codes") & floor.CLARIFY_MASK != 0)
            .then(pl.lit(1, pl.Int8))
            .otherwise(pl.lit(0, pl.Int8))
        )
    )

    def one():
        return plan.collect()

    def read(found):
        found = found.sort("row")
        return found["outcome"].to_numpy(), found["codes"].to_numpy()

    return one, read


SQL = f"""
WITH parts AS (
    SELECT row,
        CASE WHEN (sector < 8 AND "on" >= {LOW[0]}) OR (sector >= 8 AND sector < 16 AND "on" >= {LOW[1]})
            OR (sector >= 16 AND sector < 24 AND "on" >= {LOW[2]} AND "on" <= {HIGH[2]}) THEN 0 ELSE {B["R01"]} END
        + CASE WHEN contract THEN {B["R02"]} ELSE 0 END
        + CASE WHEN notice THEN {B["R03"]} ELSE 0 END
        + CASE WHEN sever THEN {B["R04"]} ELSE 0 END
        + CASE WHEN affil >= 8000 THEN {B["R05"]} ELSE 0 END
        + CASE WHEN pens AND age >= 260 THEN {B["P1"]} WHEN pens2 THEN {B["P2"]} ELSE
            CASE
                WHEN CASE WHEN e1 <> flexi THEN a1 ELSE 0 END + CASE WHEN e2 <> flexi THEN a2 ELSE 0 END
                    + CASE WHEN e3 <> flexi THEN a3 ELSE 0 END >= 8000 THEN 0
                WHEN NOT overseas THEN {B["R06"]}
                WHEN approval = quarter THEN {B["A1"]}
                WHEN approval > 0 THEN {B["W2"]}
                ELSE {B["W1"]} END
            + CASE WHEN (b1 >= 10000 AND a1 >= 8000 AND a1 < 10000) OR (b2 >= 10000 AND a2 >= 8000 AND a2 < 10000)
                OR (b3 >= 10000 AND a3 >= 8000 AND a3 < 10000) THEN {B["R07"]} ELSE 0 END
        END AS codes
    FROM wide)
SELECT row, codes, CASE WHEN codes & {floor.REFUSE_MASK} <> 0 THEN 2
    WHEN codes & {floor.CLARIFY_MASK} <> 0 THEN 1 ELSE 0 END AS outcome
FROM parts
"""  # noqa: S608 - made of constants


def by_duckdb(wide):
    """SQL of DuckDB over the same columns in a table of its own."""
    import duckdb

    connection = duckdb.connect()
    number = len(wide["on"])
    source = pa.table({"row": np.arange(number, dtype=np.int32), **{name: wide[name] for name in floor.FIELDS}})
    connection.register("source", source)
    connection.execute("CREATE TABLE wide AS SELECT * FROM source")
    connection.unregister("source")

    def one():
        return connection.sql(SQL).to_arrow_table()

    def read(found):
        found = found.sort_by("row")
        return found["outcome"].to_numpy(), found["codes"].to_numpy()

    return one, read


def openfisca_system():
    """A tax-benefit system of one entity, its two formulas written for whole columns."""
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = Entity("person", "persons", "A person", "")
    system = TaxBenefitSystem([person])

    def add(name, value_type, **more):
        fields = {"value_type": value_type, "entity": person, "definition_period": DateUnit.YEAR, **more}
        system.add_variable(type(name, (Variable,), {"label": name, **fields}))

    nobody = 2**31 - 1
    low = np.array([LOW[s // 8] if s < 24 else nobody for s in range(len(floor.SECTOR_LIST))], dtype=np.int32)
    high = np.array([min(HIGH[s // 8], nobody) if s < 24 else 0 for s in range(len(floor.SECTOR_LIST))], dtype=np.int32)

    def codes(who, period):
        v = {name: who(name, period) for name in floor.FIELDS}
        sector, on = v["sector"], v["on"]
        hard = (
            ((on < low[sector]) | (on > high[sector])) * np.int32(B["R01"])
            + v["contract"] * np.int32(B["R02"])
            + v["notice"] * np.int32(B["R03"])
            + v["sever"] * np.int32(B["R04"])
            + (v["affil"] >= 8000) * np.int32(B["R05"])
        )
        total = sum(v[f"a{n}"] * (v[f"e{n}"] != v["flexi"]) for n in "123")
        reduced = [(v[f"b{n}"] >= 10_000) & (v[f"a{n}"] >= 8000) & (v[f"a{n}"] < 10_000) for n in "123"]
        letter = v["approval"]
        abroad = np.where(letter == v["quarter"], B["A1"], np.where(letter > 0, B["W2"], B["W1"]).astype(np.int32))
        work = np.where(total >= 8000, 0, np.where(v["overseas"], abroad, B["R06"])) + np.where(
            reduced[0] | reduced[1] | reduced[2], B["R07"], 0
        )
        freed = [v["pens"] & (v["age"] >= 260), v["pens2"]]
        return hard + np.where(freed[0], B["P1"], np.where(freed[1], B["P2"], work))

    def outcome(who, period):
        found = who("codes", period)
        return np.where(found & floor.REFUSE_MASK, 2, np.where(found & floor.CLARIFY_MASK, 1, 0))

    for name in floor.FIELDS:
        add(name, bool if name in BOOLEANS else int)
    add("codes", int, formula=codes)
    add("outcome", int, formula=outcome)
    return system


def by_openfisca(wide):
    """OpenFisca: a pass that takes the time of the calculation and of all that a new population needs besides."""
    from openfisca_core.simulations import SimulationBuilder

    system = openfisca_system()
    number = len(wide["on"])
    columns = {n: wide[n] if n in BOOLEANS else wide[n].astype(np.int32) for n in floor.FIELDS}

    def one():
        before = time.perf_counter()
        simulation = SimulationBuilder().build_default_simulation(system, count=number)
        for name, values in columns.items():
            simulation.set_input(name, "2026", values)
        ready = time.perf_counter()
        found = simulation.calculate("outcome", "2026")
        after = time.perf_counter()
        return (after - ready, after - before), (found, simulation.calculate("codes", "2026"))

    return one


def zen_graph():
    """The decision as one node of expressions, which is zen-engine's best path."""
    written = {
        "hard": f"(((sector < 8 and on >= {LOW[0]}) or (sector >= 8 and sector < 16 and on >= {LOW[1]})"
        f" or (sector >= 16 and sector < 24 and on >= {LOW[2]} and on <= {HIGH[2]})) ? 0 : {B['R01']})"
        f" + (contract ? {B['R02']} : 0) + (notice ? {B['R03']} : 0) + (sever ? {B['R04']} : 0)"
        f" + (affil >= 8000 ? {B['R05']} : 0)",
        "pension": f"(pens and age >= 260) ? {B['P1']} : (pens2 ? {B['P2']} : 0)",
        "short": "($.pension > 0 or (e1 != flexi ? a1 : 0) + (e2 != flexi ? a2 : 0) + (e3 != flexi ? a3 : 0) >= 8000)"
        f" ? 0 : (overseas ? (approval == quarter ? {B['A1']} : (approval > 0 ? {B['W2']} : {B['W1']})) : {B['R06']})",
        "cut": "($.pension == 0 and ((b1 >= 10000 and a1 >= 8000 and a1 < 10000)"
        " or (b2 >= 10000 and a2 >= 8000 and a2 < 10000) or (b3 >= 10000 and a3 >= 8000 and a3 < 10000)))"
        f" ? {B['R07']} : 0",
        "codes": "$.hard + $.pension + $.short + $.cut",
        "outcome": f"($.hard > 0 or $.cut > 0 or $.short == {B['R06']}) ? 2"
        f" : (($.short == {B['W1']} or $.short == {B['W2']}) ? 1 : 0)",
    }
    expressions = [{"id": key, "key": key, "value": value} for key, value in written.items()]
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {
                "id": "all",
                "type": "expressionNode",
                "name": "all",
                "position": place,
                "content": {"expressions": expressions},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "all"},
            {"id": "2", "type": "edge", "sourceId": "all", "targetId": "out"},
        ],
    }


def by_zen(rows):
    """zen-engine row by row, through its fair door: a static loader, and ``evaluate`` with a key."""
    import zen

    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"flexi": zen_graph()}}})
    contexts = [{**floor.as_dict(row), "sector": floor.SECTOR_INT[row[2]]} for row in rows]

    def one():
        return [engine.evaluate("flexi", context)["result"] for context in contexts]

    def read(found):
        return np.array([f["outcome"] for f in found]), np.array([f["codes"] for f in found])

    return one, read


# --- the situations as tables of the library -------------------------------------------------------------------------


def spelled(numbers, words):
    """A column of text: of each number its word."""
    return pa.array(words, type=pa.string()).take(pa.array(numbers))


def quarters(numbers):
    """A column of quarters as text, such as 2026Q4."""
    first = int(numbers.min()) if len(numbers) else 0
    last = int(numbers.max()) if len(numbers) else 0
    return spelled(numbers - first, [f"{q // 4}Q{q % 4 + 1}" for q in range(first, last + 1)])


def days(ordinals, known=None):
    """A column of dates; where ``known`` is false there is none."""
    numbers = (ordinals - EPOCH).astype(np.int32)
    return pa.array(numbers, mask=None if known is None else ~known).cast(pa.date32())


def always(value, number, kind):
    """A column with one value, or with nothing."""
    return pa.array([value], type=kind).take(pa.array(np.zeros(number, dtype=np.int32)))


def tables_of_floor(wide):
    """The same situations as ``workload.to_case`` makes, as the five tables of ``evaluate_frame``."""
    number = len(wide["on"])
    key = np.arange(1, number + 1, dtype=np.int64)
    flexi = wide["flexi"].astype(np.int64) * 4
    on, quarter = wide["on"], wide["quarter"]
    applications = {
        "application": key,
        "quarter": quarters(quarter),
        "worker": key,
        "employer": flexi,
        "start": days(on),
        "joint_committee": spelled(wide["sector"], [word[2:5] for word in floor.SECTOR_LIST]),
        "nace": always(None, number, pa.string()),
        "public": always(False, number, pa.bool_()),
        "activity": always("ordinary", number, pa.string()),
        "agency": always(None, number, pa.int64()),
    }
    pensioner = wide["pens"]
    pensions = {
        "worker": key,
        "kind": spelled(pensioner.astype(np.int32), ["none", "retirement"]),
        "since": days(on - np.where(wide["pens2"], 400, 1), pensioner),
    }
    letter = wide["approval"] > 0
    approvals = {
        "worker": key[letter],
        "quarter": quarters(wide["approval"][letter]),
        "granted": always(True, int(letter.sum()), pa.bool_()),
    }
    return {
        "applications": pa.table(applications),
        "employments": pa.table(_jobs(wide, key, flexi)),
        "approvals": pa.table(approvals),
        "engagements": pa.table(_links(wide, key, flexi)),
        "pensions": pa.table(pensions),
    }


def _jobs(wide, key, flexi):
    found = {name: [] for name in ("worker", "quarter", "employer", "numerator", "abroad")}
    for slot in "123":
        held = wide[f"e{slot}"] > 0
        employer = np.where(wide[f"e{slot}"] == wide["flexi"], flexi, wide[f"e{slot}"].astype(np.int64) * 4 + int(slot))
        for back, size in ((3, f"a{slot}"), (4, f"b{slot}"), (5, f"b{slot}")):
            part = wide[size][held].astype(np.int64)
            found["worker"].append(key[held])
            found["quarter"].append(wide["quarter"][held] - back)
            found["employer"].append(employer[held])
            found["numerator"].append(part)
            found["abroad"].append(wide["overseas"][held] & (part == 0) & (back == 3))
    columns = {name: np.concatenate(values) for name, values in found.items()}
    order = np.argsort(columns["worker"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    abroad = columns["abroad"]
    return {
        "worker": columns["worker"],
        "quarter": quarters(columns["quarter"]),
        "employer": columns["employer"],
        "numerator": np.where(abroad, 1, columns["numerator"]),
        "denominator": np.where(abroad, 1, 10_000),
        "status": always("employee", len(abroad), pa.string()),
        "scheme": spelled(abroad.astype(np.int32), ["belgium", "overseas"]),
    }


def _links(wide, key, flexi):
    on = wide["on"].astype(np.int64)
    kinds = (wide["contract"], wide["notice"], wide["sever"], wide["affil"] > 0)
    which = np.concatenate([np.full(int(where.sum()), place) for place, where in enumerate(kinds)])
    at = np.concatenate([np.flatnonzero(where) for where in kinds])
    order = np.argsort(at, kind="stable")
    which, at = which[order], at[order]
    contract, notice, sever, group = (which == place for place in range(4))
    start, sized = on[at], contract | group
    return {
        "worker": key[at],
        "employer": np.where(group, 1, flexi[at]),
        "kind": always("employment", len(at), pa.string()),
        "numerator": pa.array(np.where(contract, 1, wide["affil"][at].astype(np.int64)), mask=~sized),
        "denominator": pa.array(np.where(contract, 2, 10_000), mask=~sized),
        "from": days(start, sized),
        "until": days(start - 1, notice),
        "affiliated": pa.array(group, mask=~group),
        "notice_from": days(start - 1, notice),
        "notice_until": days(start, notice),
        "severance_until": days(start, sever),
    }


def write_floor(wide, folder):
    """The tables of the yardstick's rows, and the rows of the sample, in files."""
    for name, table in tables_of_floor(wide).items():
        pq.write_table(table, folder / f"{name}.parquet")
    number = len(wide["on"])
    places = sorted(Random(1).sample(range(number), min(SAMPLE, number)))  # noqa: S311 - nothing here is secret
    (folder / "sample.json").write_text(
        json.dumps([[p + 1, row] for p, row in zip(places, as_tuples(wide, places), strict=True)])
    )


def write_population(number, folder, seed=7):
    """The library's own population, in files."""
    from flexirules.frames.columns import DAY, FLAG, ID, NUMBER, TEXT
    from flexirules.frames.columns import TABLES as COLUMNS
    from flexirules.testing._population import pieces

    kinds = {ID: pa.int64(), TEXT: pa.string(), DAY: pa.date32(), FLAG: pa.bool_(), NUMBER: pa.int64()}
    with contextlib.ExitStack() as stack:
        writers = {}
        for tables in pieces(number, seed, PIECE):
            for name, given in tables.items():
                columns = given
                types = {c.name: pa.string() if c.name == "reference" else kinds[c.type] for c in COLUMNS[name]}
                table = pa.table({n: pa.array(values, type=types[n]) for n, values in columns.items()})
                if name not in writers:
                    writers[name] = stack.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", table.schema))
                writers[name].write_table(table)


def peak():
    """The most memory that this process and those below it had resident, in MB, and how that is known."""
    if not Path("/proc/self/status").exists():
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (2**20 if sys.platform == "darwin" else 2**10)
    # Not ru_maxrss, which a child of vfork takes over from its parent.
    parents, most = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            parents[int(status.parent.name)] = int(fields["PPid"])
            most[int(status.parent.name)] = int(fields.get("VmHWM", "0 kB").split()[0])
    found, wanted = 0, {os.getpid()}
    while wanted:
        found += sum(most[one] for one in wanted)
        wanted = {one for one, parent in parents.items() if parent in wanted}
    return found / 2**10


def opened(kind, folder):
    """The tables of a folder as frames of a kind, and how the answer is worked out to its end."""
    files = {name: str(folder / f"{name}.parquet") for name in TABLES}
    if kind in ("Polars eager", "Polars lazy"):
        import polars as pl

        frames = {name: pl.read_parquet(file) for name, file in files.items()}
        if kind == "Polars lazy":
            return {name: frame.lazy() for name, frame in frames.items()}, lambda found: found.collect()
        return frames, lambda found: found
    if kind == "DuckDB":
        import duckdb

        connection = duckdb.connect()
        for name, file in files.items():
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608 - both ours
        return {name: connection.table(name) for name in files}, lambda found: found.to_arrow_table()
    if kind == "pandas":
        import pandas as pd

        types = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        frames = {n: pq.read_table(f).to_pandas(types_mapper=types.get, date_as_object=False) for n, f in files.items()}
        return frames, lambda found: found
    session = spark(kind)
    return (
        {name: session.read.parquet(file) for name, file in files.items()},
        lambda found: found.write.format("noop").mode("overwrite").save(),
    )


def spark(master):
    """A session of Spark with two workers or two threads."""
    from pyspark.sql import SparkSession

    # Workers start an interpreter of their own, which must be this one.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # The workers of a local cluster reach the driver by its address; the machine's name may lead nowhere.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "8",
        "spark.driver.memory": "2g",
        "spark.executor.memory": "2g" if master.startswith("local[") else "1g",
    }
    builder = SparkSession.builder.master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.range(10).count()
    return session


def child(kind, folder):
    """In a fresh process: the first call and the second, the memory, and whether the sample is right."""
    folder = Path(folder)
    before = time.perf_counter()
    from flexirules.frames import evaluate_frame

    imported = time.perf_counter() - before
    before = time.perf_counter()
    frames, finish = opened(kind, folder)
    loaded, held = time.perf_counter() - before, peak()
    seconds, most = [], 0
    for _ in range(2):
        gc.collect()
        before = time.perf_counter()
        found = finish(evaluate_frame(**frames))
        seconds.append(time.perf_counter() - before)
        most = most or peak()
    if (folder / "sample.json").exists():
        wrong = differences(found, json.loads((folder / "sample.json").read_text()))
        if wrong:
            sys.exit(f"{kind}: the frame and evaluate differ on {len(wrong)} of the sample, such as {wrong[:3]}")
    figures = {"cold": seconds[0], "warm": seconds[1], "import": imported, "load": loaded, "held": held, "peak": most}
    print(json.dumps(figures))


def differences(found, sample):
    """The applications of the sample of which the frame and the single case say different things."""
    import narwhals as nw
    from workload import to_case

    from flexirules import evaluate

    keys = [key for key, _ in sample]
    few = nw.from_native(found, eager_only=True).select("application", "outcome")
    few = few.filter(nw.col("application").is_in(keys))
    said = {int(key): str(outcome) for key, outcome in few.iter_rows()}
    true = {key: evaluate(to_case(tuple(row))).outcome.value for key, row in sample}
    return [(key, said.get(key), outcome) for key, outcome in true.items() if said.get(key) != outcome]


def run_child(kind, folder):
    """The figures of a fresh process; None and its last words where it fails."""
    done = subprocess.run(
        [sys.executable, __file__, "--child", kind, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["no words"])[-1]
    return json.loads(done.stdout.strip().splitlines()[-1]), None


# --- the rounds ------------------------------------------------------------------------------------------------------


class Best:
    """The best time of everything by its name and its number of rows."""

    def __init__(self):
        self.seconds = {}
        self.memory = {}
        self.failures = {}

    def add(self, what, number, seconds):
        """One more time of it."""
        key = what, number
        self.seconds[key] = min(self.seconds.get(key, math.inf), seconds)

    def over(self, what, number, other):
        """The ratio to another, row by row, as text."""
        base = self.seconds.get((other, number))
        return f"{self.seconds[what, number] / base:.3g}" if base else "-"


def timed(function):
    """How long a call takes without the garbage collector, and what it returns."""
    gc.collect()
    gc.disable()
    try:
        before = time.perf_counter()
        found = function()
        return time.perf_counter() - before, found
    finally:
        gc.enable()


def agreed(what, found, wide, number):
    """Stop where outcome or codes of a row differ from the floor."""
    for said, name in zip(found, ("_outcome", "_codes"), strict=True):
        wrong = np.flatnonzero(np.asarray(said) != wide[name][:number])
        if len(wrong) or len(said) != number:
            sys.exit(f"{what}: {name[1:]} differs from the floor on {len(wrong)} of {number} rows, first {wrong[:5]}")


def passes(wide, number):
    """Of each competitor its name, its pass, its reader, and on how many rows it works."""
    if installed("polars"):
        yield (POLARS, *by_polars(wide), number)
    if installed("duckdb"):
        yield (DUCKDB, *by_duckdb(wide), number)
    if installed("openfisca_core"):
        yield OPENFISCA, by_openfisca(wide), None, number
    if installed("zen"):
        rows = min(number, MOST["zen-engine, loop"])
        yield ("zen-engine, loop", *by_zen(as_tuples(wide, slice(rows))), rows)
    yield (*_floor_pass(wide, number),)
    yield (*_scalar_pass(wide, number),)


def _floor_pass(wide, number):
    name = "floor, loop"
    rows = as_tuples(wide, slice(min(number, MOST[name])))

    def one():
        return [floor.floor(row) for row in rows]

    def read(found):
        return [said for said, _ in found], [sum(B[code] for code in codes) for _, codes in found]

    return name, one, read, len(rows)


def _scalar_pass(wide, number):
    from workload import to_case

    from flexirules import evaluate

    name = "flexirules, evaluate in a loop"
    cases = [to_case(row) for row in as_tuples(wide, slice(min(number, MOST[name])))]

    def one():
        for case in cases:
            evaluate(case)

    return name, one, None, len(cases)


def same_situations(best, number, rounds, folder):
    """The small decision by everybody, and the same situations as frames, taking turns."""
    wide = wide_rows(number)
    write_floor(wide, folder)
    competitors = list(passes(wide, number))
    gc.freeze()
    kinds = [kind for kind, module in KINDS.items() if installed(module) and (kind != "pandas" or number <= 10**6)]
    for turn in range(rounds):
        for what, one, read, rows in competitors:
            seconds, found = timed(one)
            if what == OPENFISCA:
                (alone, whole), found = found
                best.add(what, number, alone)
                best.add("OpenFisca, simulation and calculation", number, whole)
            else:
                best.add(what, number, seconds * number / rows)
            if turn == 0 and (read or what == OPENFISCA):
                agreed(what, read(found) if read else found, wide, rows)
            del found
        for kind in kinds:
            figures, failure = run_child(kind, folder)
            if failure:
                best.failures[kind, number] = failure
                continue
            best.add(f"evaluate_frame, {kind}, first call", number, figures["cold"])
            best.add(f"evaluate_frame, {kind}, second call", number, figures["warm"])
    gc.unfreeze()


KINDS = {"Polars eager": "polars", "Polars lazy": "polars", "DuckDB": "duckdb", "pandas": "pandas"}
"""The kinds of frame, and which module each needs."""


def growth(best, number, rounds, kinds, folder):
    """The population of the library, each kind in a process of its own, taking turns."""
    for _ in range(rounds):
        for kind in kinds:
            figures, failure = run_child(kind, folder)
            if failure:
                best.failures[kind, number] = failure
                continue
            best.add((kind, "cold"), number, figures["cold"])
            best.add((kind, "warm"), number, figures["warm"])
            held, most = best.memory.get((kind, number), (math.inf, math.inf))
            best.memory[kind, number] = min(held, figures["held"]), min(most, figures["peak"])


# --- what is printed -------------------------------------------------------------------------------------------------


def decision_table(best):
    """The table of the small decision and of the same situations, as lines of markdown."""
    yield "| what | rows | seconds | ns a row | over Polars by hand | over DuckDB by hand | over OpenFisca |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for (what, number), seconds in sorted(best.seconds.items(), key=lambda item: item[0][1]):
        ratios = " | ".join(best.over(what, number, other) for other in (POLARS, DUCKDB, OPENFISCA))
        yield f"| {what} | {number:,} | {seconds:.4f} | {seconds / number * 1e9:,.1f} | {ratios} |"


def growth_table(best):
    """The table of the growth, as lines of markdown; the last column is 1 where growth is linear."""
    heads = ("rows", "first call, s", "second, s", "ns a row, first", "second", "MB before", "MB at the peak")
    yield f"| evaluate_frame on the population | {' | '.join(heads)} | bytes a row | exponent |"
    yield f"|---|{'--:|' * (len(heads) + 2)}"
    for kind in dict.fromkeys(what for (what, _), _ in best.seconds):
        earlier = None
        for (what, word), number in sorted(best.seconds, key=lambda key: key[1]):
            if (what, word) != (kind, "cold"):
                continue
            cold, warm = best.seconds[(kind, "cold"), number], best.seconds[(kind, "warm"), number]
            held, most = best.memory[kind, number]
            power = math.log(warm / earlier[1]) / math.log(number / earlier[0]) if earlier else None
            earlier = number, warm
            yield (
                f"| {kind} | {number:,} | {cold:.3f} | {warm:.3f} | {cold / number * 1e9:,.0f} | "
                f"{warm / number * 1e9:,.0f} | {held:,.0f} | {most:,.0f} | {(most - held) * 2**20 / number:,.0f} | "
                f"{'-' if power is None else f'{power:.2f}'} |"
            )


def machine():
    """The machine and the versions, in lines."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield f"{python}, {platform.system()} {platform.machine()}, {cores} cores"
    found = []
    for name in DISTRIBUTIONS:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} left out")
    yield ", ".join(found)


COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f", "#000000", "#8c564b", "#9467bd")


def svg(series):
    """Lines on two logarithmic axes, seconds over rows; where decades are alike in both, linear is a slope of one."""
    points = [point for line in series.values() for point in line]
    left, right = (round_(math.log10(v)) for round_, v in ((math.floor, min(points)[0]), (math.ceil, max(points)[0])))
    times = [seconds for _, seconds in points]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    right, high = max(right, left + 1), max(high, low + 1)
    width, height, x0, y0 = 520, 380, 70, 30

    def at(number, seconds):
        x = x0 + (math.log10(number) - left) / (right - left) * width
        y = y0 + height - (math.log10(seconds) - low) / (high - low) * height
        return f"{x:.1f},{y:.1f}"

    tall = max(height + 90, 50 + 18 * len(series))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 {tall}" font-family="sans-serif" font-size="12">',
        "<title>Seconds over rows, both logarithmic</title>",
        f'<rect width="920" height="{tall}" fill="#ffffff"/>',
    ]
    for power in range(left, right + 1):
        x = x0 + (power - left) / (right - left) * width
        lines += [
            f'<line x1="{x:.1f}" y1="{y0}" x2="{x:.1f}" y2="{y0 + height}" stroke="#dddddd"/>',
            f'<text x="{x:.1f}" y="{y0 + height + 18}" text-anchor="middle">{10**power:,}</text>',
        ]
    for power in range(low, high + 1):
        y = y0 + height - (power - low) / (high - low) * height
        lines += [
            f'<line x1="{x0}" y1="{y:.1f}" x2="{x0 + width}" y2="{y:.1f}" stroke="#dddddd"/>',
            f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>',
        ]
    lines.append(f'<text x="{x0 + width / 2}" y="{y0 + height + 40}" text-anchor="middle">rows</text>')
    lines.append(f'<text x="{x0 - 6}" y="{y0 - 10}" text-anchor="end">seconds</text>')
    ends = sorted(series.items(), key=lambda item: -item[1][-1][1])
    for place, (name, line) in enumerate(ends):
        colour, dash = COLOURS[place % len(COLOURS)], ' stroke-dasharray="5 3"' if place >= len(COLOURS) else ""
        y = y0 + 10 + 18 * place
        drawn = " ".join(at(*point) for point in line)
        lines += [
            f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>',
            *(f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in drawn.split()),
            f'<path d="M{x0 + width + 14} {y}h20" stroke="{colour}" stroke-width="2"{dash}/>',
            f'<text x="{x0 + width + 40}" y="{y + 4}">{name}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def drawn(decided, grown):
    """Of each line of the drawing its points."""
    series = {}
    for (what, number), seconds in decided.seconds.items():
        if "first call" not in what:
            series.setdefault(what.replace(", second call", ""), []).append((number, seconds))
    for ((kind, word), number), seconds in grown.seconds.items():
        if word == "warm":
            series.setdefault(f"population, {kind}", []).append((number, seconds))
    return {name: sorted(points) for name, points in series.items()}


def folder_of(stack):
    """A folder that goes away with the stack."""
    return Path(stack.enter_context(tempfile.TemporaryDirectory()))


def spark_growth(best, sizes):
    """The growth on Spark: two workers in processes of their own where that works, else two threads."""
    masters = ["local-cluster[2,1,2048]", "local[2]"]
    for number in sizes:
        with contextlib.ExitStack() as stack:
            folder = folder_of(stack)
            write_population(number, folder)
            while masters:
                print(f"growth, Spark {masters[0]}, {number:,} rows ...", flush=True)
                growth(best, number, 1, masters[:1], folder)
                if (masters[0], number) not in best.failures:
                    break
                if len(masters) > 1:
                    print(f"left out: Spark {masters[0]}: {best.failures.pop((masters[0], number))}", flush=True)
                del masters[0]


def measure(options):
    """Everything, as two collections of times."""
    decided, grown = Best(), Best()
    sizes, rounds = ((10**4, 10**5), 2) if options.quick else ((10**5, 10**6), 5)
    more = (10**7,) if options.large else ()
    for number in (*sizes, *more) if options.only != "growth" else ():
        print(f"the same situations, {number:,} rows ...", flush=True)
        with contextlib.ExitStack() as stack:
            same_situations(decided, number, rounds if number < 10**7 else 2, folder_of(stack))
    kinds = [kind for kind in ("Polars eager", "Polars lazy", "DuckDB") if installed(KINDS[kind])]
    for number in _grown(options, more):
        print(f"growth, {number:,} rows ...", flush=True)
        with contextlib.ExitStack() as stack:
            folder = folder_of(stack)
            write_population(number, folder)
            growth(grown, number, min(rounds, 3) if number < 10**7 else 1, kinds, folder)
    if options.spark and not installed("pyspark"):
        print("left out: Spark, not installed")
    elif options.spark:
        spark_growth(grown, (10**4, 10**5) if options.quick else (10**5, 10**6, *more))
    return decided, grown


def _grown(options, more):
    if options.only == "same":
        return ()
    return (10**4, 10**5) if options.quick else (10**4, 10**5, 10**6, *more)


def main():
    """Measure, print the tables, and draw the growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rows and rounds, coarser figures")
    parser.add_argument("--large", action="store_true", help="ten million rows too")
    parser.add_argument("--spark", action="store_true", help="Spark too")
    parser.add_argument("--only", choices=("same", "growth"), help="one of the two measurements")
    parser.add_argument("--svg", metavar="FILE", type=Path, help="draw the growth")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child)
        return 0
    decided, grown = measure(options)
    print()
    print("\n".join(machine()))
    for name, module in {**KINDS, "OpenFisca": "openfisca_core", "zen-engine": "zen"}.items():
        if not installed(module):
            print(f"left out: {name}, not installed")
    print()
    print("\n".join(decision_table(decided)))
    print()
    print("\n".join(growth_table(grown)))
    if options.svg:
        options.svg.write_text(svg(drawn(decided, grown)), encoding="utf-8")
    failures = {**decided.failures, **grown.failures}
    for (kind, number), failure in failures.items():
        print(f"FAILED: evaluate_frame, {kind}, {number:,} rows: {failure}")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
