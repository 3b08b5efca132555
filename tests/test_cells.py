"""An answer that is looked up by its cell is the one that the case itself would get."""

import json

import attrs
import oracle_cases
import pytest
from drawn import drawn

from flexirules import Case, evaluate
from flexirules.law.ruleset import current


def answer(decision):
    """All that a decision says."""
    return decision.outcome, decision.findings, decision.missing, decision.dimona, decision.actions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("generate", "seed", "number"),
    [(oracle_cases.whole_cases, 31, 600), (oracle_cases.partial_cases, 32, 400)],
)
def test_the_memory_changes_no_answer(generate, seed, number):
    """A ruleset that remembers the cells of all cases before gives the same answer as one that remembers nothing."""
    wrong = [
        case
        for case in drawn(generate(seed, number))
        if answer(evaluate(case)) != answer(evaluate(case, law=attrs.evolve(current())))
    ]
    assert wrong == []


def test_cases_of_one_cell_share_their_answer():
    """Two cases of one cell are answered by one and the same object, so that a pool of workers costs little memory."""
    one, other = (Case.from_json(json.dumps(given)) for given in (GIVEN, {**GIVEN, "worker": OTHER}))
    assert evaluate(one).findings is evaluate(other).findings


def test_work_through_an_agency_has_a_cell():
    """Work in T-3 with a party to an agency, of which it is not settled whether it counts, is settled once for all."""
    through = {**GIVEN, "agency": {"id": "agent"}}
    job = {"quarter": "2025Q2", "employer": "agent", "status": "employee"}
    answers = []
    for fraction in ("9/10", "19/20", "1/2"):
        given = {**through, "worker": {**OTHER, "employments": [{**job, "fraction": fraction}]}}
        answers.append(evaluate(Case.from_json(json.dumps(given))))
    assert answers[0].findings is answers[1].findings
    said = [each.finding("employment").verdict.value for each in answers]
    assert said == ["unknown", "unknown", "not_met"]


GIVEN = {
    "quarter": "2026Q1",
    "worker": {
        "employments": [{"quarter": "2025Q2", "employer": "bank", "fraction": "9/10", "status": "employee"}],
        "pension": {"kind": "none"},
    },
    "employer": {"id": "cafe", "sector": {"joint_committee": "302"}},
    "function": {"activity": "ordinary"},
    "engagements": [],
    "approvals": [],
}
OTHER = {
    "employments": [{"quarter": "2025Q2", "employer": "mill", "fraction": "19/20", "status": "statutory"}],
    "pension": {"kind": "none"},
}
