"""Every conformance case, through the JSON form alone: the library seen as its callers see it."""

import json

import pytest

from flexirules import Case, evaluate
from flexirules.testing import differences, official


def answer(given):
    """The decision in its JSON form."""
    return json.loads(evaluate(Case.from_json(json.dumps(given))).to_json())


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector.id) for vector in official()])
def test_case(vector):
    """The decision says all that the case expects; where a part is a subset, what it adds is its own."""
    assert differences(vector.expect, answer(vector.given)) == []


def test_ids_are_unique():
    """An id names one case: it is never reused."""
    ids = [vector.id for vector in official()]
    assert len(ids) == len(set(ids))


def test_there_are_some():
    """All official cases are carried."""
    assert len(official()) >= 147


def test_expectations_are_all_read():
    """A key that the comparison does not know would be an expectation that nobody checks."""
    known = {"outcome", "conditions", "dimona", "missing_includes", "reference_quarter"}
    assert {key for vector in official() for key in vector.expect} <= known
