"""Every speed target as a ratio, in one run: ``python benchmarks/ratios.py [--quick]``.

Only ratios travel from one machine to another, so each figure but those of the proof is measured beside its own
baseline, alternating, and the best of several repetitions of both is compared. Times of processes are user plus system.
"""

import argparse
import gc
import json
import platform
import resource
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import floor
from workload import CASES, LINES, ROWS, built, everything

from flexirules import Case, evaluate
from flexirules.planner import plan
from flexirules.questions import next_questions

EXAMPLE = str(Path(__file__).parent.parent / "examples" / "returning-expat.json")


def alternate(repetitions, *passes):
    """The best time of each pass, in seconds, the passes taking turns."""
    best = [float("inf")] * len(passes)
    gc.collect()
    gc.disable()
    try:
        for depth in range(repetitions):
            for position, one in enumerate(passes):
                before = time.perf_counter()
                at_depth(depth, one)
                best[position] = min(best[position], time.perf_counter() - before)
    finally:
        gc.enable()
    return best


def over(function, inputs):
    """A pass: the function on each input, nothing kept."""

    def one():
        for value in inputs:
            function(value)

    return one


def process(*arguments):
    """A pass: a fresh interpreter, measured by its user and system time."""

    def one():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return one


def alternate_processes(repetitions, *passes):
    """The best user and system time of each pass, taking turns; a first round warms the disk's cache."""
    for one in passes:
        one()
    best = [float("inf")] * len(passes)
    for _ in range(repetitions):
        for position, one in enumerate(passes):
            best[position] = min(best[position], one())
    return best


def seconds(*arguments):
    """How long a command takes on the clock."""
    before = time.perf_counter()
    subprocess.run([sys.executable, "-m", "flexirules", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - before


def kept_bytes():
    """Bytes of a kept decision beyond its case, what all decisions share not counted."""
    for case in CASES:
        evaluate(case)
    kept = [None] * len(CASES)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for position, case in enumerate(CASES):
        kept[position] = evaluate(case)
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(kept)


def at_depth(depth, function):
    """Call a function so many frames deeper: about one depth in twenty maps memory for the stack at every call."""
    return function() if depth == 0 else at_depth(depth - 1, function)


def tail():
    """The 99th percentile over the median of single decisions, each the best of fifteen visits to its case.

    One visit says more of the machine than of the decision: there the yardstick itself has a ratio of about 7.
    """
    best = [float("inf")] * len(CASES)

    def visit():
        for position, case in enumerate(CASES):
            before = time.perf_counter_ns()
            evaluate(case)
            best[position] = min(best[position], time.perf_counter_ns() - before)

    for depth in range(15):
        at_depth(depth, visit)
    best.sort()
    return best[len(best) * 99 // 100] / best[len(best) // 2]


def measure(repetitions, processes):
    """Yield name, figure, bar, moonshot and unit of every target."""
    evaluations = alternate(
        repetitions,
        over(floor.floor, ROWS),
        over(evaluate, CASES),
        over(lambda case: everything(evaluate(case)), CASES),
        over(lambda _: built(), ROWS),
    )
    yardstick = evaluations[0]
    yield "evaluate(case) / floor", evaluations[1] / yardstick, 15, 8, "x"
    yield "and everything asked for / floor", evaluations[2] / yardstick, 80, 40, "x"
    yield "Case with three employments / floor", evaluations[3] / yardstick, 30, 15, "x"

    # What explains is measured beside the decision that it explains; no bar was set for it.
    decisions = [evaluate(case) for case in CASES[:200]]
    for decision in decisions:
        decision.why()
    explained = alternate(
        max(3, repetitions // 4),
        over(floor.floor, ROWS[:200]),
        over(lambda decision: decision.why(), decisions),
        over(lambda decision: decision.what_would_change(), decisions),
        over(next_questions, [decision.case for decision in decisions]),
        over(lambda case: plan(case, through=case.quarter + 11), [decision.case for decision in decisions[::20]] * 20),
    )
    names = ("why", "what would change", "next questions", "plan of twelve quarters")
    for name, figure in zip(names, explained[1:], strict=True):
        yield f"{name} / floor", figure / explained[0], float("inf"), float("inf"), "x"

    lines = LINES[:500]
    pairs = [(line, json.loads(evaluate(Case.from_json(line)).to_json())) for line in lines]
    base, line = alternate(
        max(3, repetitions // 3),
        over(lambda pair: (json.loads(pair[0]), json.dumps(pair[1])), pairs),
        over(lambda text: evaluate(Case.from_json(text)).to_json(), lines),
    )
    yield "JSON line in and out / json.loads + json.dumps", line / base, 8, 4, "x"

    yield "kept decision beyond its case", kept_bytes(), 300, 150, "B"
    yield "p99 / p50 of one decision", tail(), 2.5, 1.5, "x"

    base, imported = alternate_processes(processes, process("-c", "import attrs"), process("-c", "import flexirules"))
    yield "import flexirules / import attrs", imported / base, 2.0, 1.4, "x"
    base, command = alternate_processes(
        processes, process("-c", "import attrs, json"), process("-m", "flexirules", "evaluate", EXAMPLE)
    )
    yield "flexirules evaluate FILE / import attrs, json", command / base, 4, 2, "x"

    # A proof is over when it is over: its targets are seconds, on two cores.
    proof = ("verify", "--processes", "2")
    yield "proof of the largest era", min(seconds(*proof, "--quarter", "2026Q3") for _ in range(3)), 5, 1, "s"
    yield "proof of all eras", seconds(*proof, "--all"), 60, 15, "s"


def main():
    """Print the table; the exit status says whether every bar was reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, coarser figures")
    quick = parser.parse_args().quick
    print(f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}")
    print(f"{'':48}{'measured':>10}{'bar':>8}{'moonshot':>10}")
    missed = 0
    for name, figure, bar, moonshot, unit in measure(5 if quick else 20, 5 if quick else 25):
        reached = (
            "no bar"
            if bar == float("inf")
            else "moonshot"
            if figure <= moonshot
            else "bar"
            if figure <= bar
            else "MISSED"
        )
        missed += figure > bar
        print(f"{name:48}{figure:8.2f} {unit}{bar:8g}{moonshot:10g}  {reached}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
