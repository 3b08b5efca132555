"""A second reading of the law, plain nested ifs written without sight of the library, gives the same answers.

``compare_oracle.py`` asks the same of many more cases; here are some at each run, and those that Hypothesis makes of
cells, in which edges meet that random cases rarely bring together.
"""

import json

import oracle_cases
import pytest
from compare_oracle import compared
from floors import holds

from flexirules.testing.strategies import cases, partial_cases

pytestmark = pytest.mark.slow

WHOLE = 800
PARTIAL = 60


@pytest.mark.parametrize("seed", [11, 12])
def test_whole_cases(seed):
    """On whole cases outcome, every verdict and the predicted answer agree, and every outcome comes up."""
    counted, wrong = compared(oracle_cases.whole_cases(seed, WHOLE), whole=True)
    assert wrong == []
    outcomes = {what: number for (kind, what), number in counted.items() if kind == "outcome"}
    assert min(outcomes.values()) >= 10
    assert len(outcomes) == 4


@pytest.mark.parametrize("seed", [21, 22])
def test_partial_cases(seed):
    """On cases with facts taken out, the outcome and exactly what is missing agree with brute force."""
    counted, wrong = compared(oracle_cases.partial_cases(seed, PARTIAL), whole=False)
    assert wrong == []
    assert counted["outcome", "undetermined"] >= 10


def agreed(whole):
    """Compare one case; its outcome."""

    def check(case):
        counted, wrong = compared([json.loads(case.to_json())], whole=whole)
        assert wrong == []
        return next(what for kind, what in counted if kind == "outcome")

    return check


OUTCOMES = ("eligible", "not_eligible", "undetermined", "clarification_required")


def test_cases_of_cells():
    """On whole cases that are made of cells the two agree."""
    holds(agreed(whole=True), cases(), floors=dict.fromkeys(OUTCOMES, 13), number=600)


def test_partial_cases_of_cells():
    """On such cases with facts left out they agree on the outcome and on exactly what is missing."""
    holds(agreed(whole=False), partial_cases(), floors=dict.fromkeys(OUTCOMES, 2), number=300)
