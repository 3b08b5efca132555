"""Times of single operations: ``python -m pytest benchmarks``. For the ratios that travel, run ``ratios.py``."""

import json
from itertools import cycle

import floor
import pytest
from workload import CASES, LINES, ROWS, built, everything

from flexirules import Case, evaluate


@pytest.mark.benchmark(group="decision")
def test_floor(benchmark):
    """The yardstick: a hand-written function over a tuple."""
    rows = cycle(ROWS)
    benchmark(lambda: floor.floor(next(rows)))


@pytest.mark.benchmark(group="decision")
def test_evaluate(benchmark):
    """A decision from a built case."""
    cases = cycle(CASES)
    benchmark(lambda: evaluate(next(cases)))


@pytest.mark.benchmark(group="decision")
def test_evaluate_everything(benchmark):
    """The same with findings, actions, missing facts and digest."""
    cases = cycle(CASES)
    benchmark(lambda: everything(evaluate(next(cases))))


@pytest.mark.benchmark(group="case")
def test_case(benchmark):
    """A case with three employments from Python values."""
    benchmark(built)


@pytest.mark.benchmark(group="json")
def test_json_floor(benchmark):
    """The standard library alone on the same documents."""
    pairs = cycle([(line, json.loads(evaluate(Case.from_json(line)).to_json())) for line in LINES[:200]])

    def there_and_back():
        line, decision = next(pairs)
        json.loads(line)
        return json.dumps(decision)

    benchmark(there_and_back)


@pytest.mark.benchmark(group="json")
def test_json_line(benchmark):
    """A JSON line in, a JSON line out."""
    lines = cycle(LINES[:200])
    benchmark(lambda: evaluate(Case.from_json(next(lines))).to_json())
