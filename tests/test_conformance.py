"""Every conformance case, through the JSON form alone: the library seen as its callers see it."""

import json
from pathlib import Path

import pytest

from flexirules import Case, evaluate

CASES = Path(__file__).parent / "cases"


def conformance_cases():
    """Every case of every file, in order."""
    return [case for file in sorted(CASES.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))]


def answer(given):
    """The decision in its JSON form."""
    return json.loads(evaluate(Case.from_json(json.dumps(given))).to_json())


@pytest.mark.parametrize(
    ("given", "expect"), [pytest.param(case["given"], case["expect"], id=case["id"]) for case in conformance_cases()]
)
def test_case(given, expect):
    """The decision says all that the case expects; where a part is a subset, what it adds is its own."""
    decision = answer(given)
    verdicts = {condition["id"]: condition["verdict"] for condition in decision["conditions"]}
    conditions = expect.get("conditions", {})
    dimona = expect.get("dimona", {})
    wanted = expect.get("missing_includes", [])
    paths = {entry["path"] for entry in decision["missing"]}
    seen = {
        "outcome": decision["outcome"],
        "conditions": {name: verdicts.get(name) for name in conditions},
        "dimona": {name: decision["dimona"].get(name) for name in dimona},
        "missing_includes": [path for path in wanted if path in paths],
        "reference_quarter": decision["reference_quarter"],
    }
    assert seen == {
        "outcome": expect["outcome"],
        "conditions": conditions,
        "dimona": dimona,
        "missing_includes": wanted,
        "reference_quarter": expect.get("reference_quarter", decision["reference_quarter"]),
    }


def test_ids_are_unique():
    """An id names one case: it is never reused."""
    ids = [case["id"] for case in conformance_cases()]
    assert len(ids) == len(set(ids))


def test_expectations_are_all_read():
    """A key that this runner does not know would be an expectation that nobody checks."""
    known = {"outcome", "conditions", "dimona", "missing_includes", "reference_quarter"}
    assert {key for case in conformance_cases() for key in case["expect"]} <= known


def test_every_case_has_a_source():
    """A case is evidence only with a source."""
    assert [case["id"] for case in conformance_cases() if not (case["source"] and case["title"])] == []
