"""Frames and ``evaluate``, compared at scale: prints counts and every difference.

    python tests/compare_frames.py [--cells] [--population N] [--seed S] [--kinds NAME ...]

``--cells``: every cell of every era. ``--population``: so many applications of the synthetic pool, each read back as a
case and asked alone. ``--kinds``: of polars, polars-lazy, pandas, pyarrow, duckdb, spark. The status is 1 where one
difference was found.
"""

import argparse
import sys
from time import perf_counter

from pools import KINDS, arrow, differences, given, owed, row_of, rows_of_tables

from flexirules.frames import evaluate_frame
from flexirules.law.ruleset import current
from flexirules.testing import population
from flexirules.testing._vectors import every_cell

CHUNK = 50_000
MOST_SHOWN = 20


def spark():
    """How a PyArrow table becomes a Spark one, on a cluster of two workers."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local-cluster[2,1,2048]").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session.createDataFrame


def told(found, what, number, began):
    """Print what differs; how many."""
    for case, columns in found[:MOST_SHOWN]:
        sys.stdout.write(f"   {columns}\n   {case!r}\n")
    sys.stdout.write(f"{what}: {number} rows, {len(found)} differ; {perf_counter() - began:.0f} s\n")
    sys.stdout.flush()
    return len(found)


def cells(kind, convert):
    """Every cell of every era, in one kind of frame."""
    began, asked = perf_counter(), [case for _, case in every_cell(current())]
    found = []
    for start in range(0, len(asked), CHUNK):
        found += differences(asked[start : start + CHUNK], kind, convert=convert)
    return told(found, f"cells in {kind}", len(asked), began)


def pool(kind, convert, number, seed):
    """A synthetic pool, each row of which is asked alone too."""
    began, found = perf_counter(), []
    for first in range(1, number + 1, CHUNK):
        tables = population(min(CHUNK, number + 1 - first), seed, first=first)
        frames = {name: convert(table) for name, table in arrow(tables).items()}
        rows = given(evaluate_frame(frames.pop("applications"), **frames))
        for key, case in rows_of_tables(tables):
            if rows[str(key)] != (expected := owed(case)):
                found.append((case, row_of(rows[str(key)], expected)))
    return told(found, f"population in {kind}", number, began)


def main():
    """Run what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", action="store_true")
    parser.add_argument("--population", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", choices=(*KINDS, "spark"), default=["polars"])
    options = parser.parse_args()
    differ = 0
    for kind in options.kinds:
        convert = spark() if kind == "spark" else KINDS[kind]
        if options.cells:
            differ += cells(kind, convert)
        if options.population:
            differ += pool(kind, convert, options.population, options.seed)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
