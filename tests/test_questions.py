"""What to ask next: only what can still change the outcome, in order, to an end; and what was not needed."""

import json
from datetime import date

import attrs
import pytest
from floors import holds

from flexirules import Case, Employer, Engagement, Function, Outcome, Quarter, Sector, Worker, evaluate
from flexirules.__main__ import main
from flexirules.approval import Approval
from flexirules.case import Employment, Pension
from flexirules.law.ruleset import current
from flexirules.proof.cells import decided
from flexirules.proof.exactness import link_plan, work_plan
from flexirules.proof.groups import link_group, work_group
from flexirules.questions import ORDER, minimal, next_questions
from flexirules.testing.strategies import cases, partial_cases
from flexirules.texts import QUESTIONS

T = Quarter(2026, 4)


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(2018, 1, 1), date(2026, 7, 1)])
@pytest.mark.parametrize("part", ["work", "links"])
def test_asking_ends(day, part):
    """Of every partial cell, asked and answered one after the other, each question matters, and the end is its cell.

    Of all ways to answer the first and the last are gone through.
    """
    era = current().on(day)
    group = work_group(era) if part == "work" else link_group(era, via_agency=True)
    proven = decided(group).thinned()
    plan = work_plan(proven, era) if part == "work" else link_plan(proven, era)
    asked_at_all = set()
    for opened, completions in plan.inputs():
        for row in (completions[0], completions[-1]):
            still, case = opened, plan.case(row.facts, opened)
            while questions := next_questions(case):
                path = questions[0].path
                assert path in still
                asked_at_all.update(question.path for question in questions)
                still = tuple(other for other in still if other != path)
                case = plan.case(row.facts, still)
            whole = evaluate(plan.case(row.facts, ()))
            if len(set(row.levels)) == 1:
                assert evaluate(case).outcome is whole.outcome
    assert len(asked_at_all) >= 2


@pytest.mark.slow
def test_only_what_is_missing():
    """Of drawn partial cases exactly what is missing is asked, each once, in the order of the table."""

    def check(case):
        questions = next_questions(case)
        paths = [question.path for question in questions]
        assert sorted(paths) == [missing.path for missing in evaluate(case).missing]
        places = [next(n for n, prefix in enumerate(ORDER) if path.startswith(prefix)) for path in paths]
        assert places == sorted(places)
        return bool(paths)

    holds(check, partial_cases(), floors={True: 60, False: 40}, number=250)


def test_every_question_has_its_place():
    """Every path that can be missing stands somewhere in the order."""
    assert all(any(path.startswith(prefix) for prefix in ORDER) for path in QUESTIONS)


def test_entry_by_entry():
    """Of a list one entry is asked after the other, the tenth after the second."""
    links = tuple(Engagement(employer="cafe", from_=date(2020, 1, 1), notice_from=None) for _ in range(11))
    found = [q.path for q in next_questions(Case(quarter=T, employer=Employer("cafe"), engagements=links))]
    entries = [path for path in found if path.startswith("$.engagements[")]
    assert entries.index("$.engagements[2].kind") < entries.index("$.engagements[10].kind")


@pytest.mark.slow
def test_minimal_cases():
    """What is left of a drawn case gives the same outcome, asks nothing, and less of it would not do."""

    def check(case):
        decision = evaluate(case)
        found = minimal(case)
        again = evaluate(found.case)
        assert again.outcome is decision.outcome
        assert again.missing == decision.missing
        assert minimal(found.case).not_needed == ()
        return decision.outcome

    floors = {Outcome.ELIGIBLE: 30, Outcome.NOT_ELIGIBLE: 30}
    holds(check, cases(), floors=floors, number=200)


def expat():
    """An expat with the letter in hand, of whom more is known than the answer takes."""
    jobs = tuple(
        Employment(quarter=T - back, employer="acme", fraction="1", status="employee", scheme="overseas")
        for back in (3, 4, 5)
    )
    worker = Worker(employments=jobs, pension=Pension(kind="none"), birth_date=date(1987, 3, 14))
    return Case(
        quarter=T,
        worker=worker,
        employer=Employer("cafe", Sector(joint_committee="302")),
        engagements=(),
        approvals=(Approval(quarter=T, granted=True),),
    )


def test_the_expat():
    """With the letter nobody needs to know the age or the pension; what the worker will do is still to be asked."""
    case = expat()
    assert [question.path for question in next_questions(case)] == ["$.function"]
    assert minimal(case).not_needed == ()
    told = attrs.evolve(case, function=Function("ordinary"))
    assert minimal(told).not_needed == ("$.worker.birth_date", "$.worker.pension", "$.employer.id")


def test_command(tmp_path, capsys):
    """``flexirules ask`` prints the questions in order, or what was not needed where none is left."""
    path = tmp_path / "case.json"
    path.write_text(expat().to_json(), encoding="utf-8")
    assert main(["ask", str(path)]) == 0
    assert capsys.readouterr().out == "$.function (employer): What will the worker do?\n"
    dutch = Case(quarter=T, worker=Worker(habitual_legislation="dutch", birth_date=date(1987, 3, 14)))
    path.write_text(dutch.to_json(), encoding="utf-8")
    assert main(["ask", str(path)]) == 0
    assert capsys.readouterr().out == "Nothing is left to ask.\n   Not needed: $.worker.birth_date\n"
    assert main(["ask", "--json", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == {"questions": [], "not_needed": ["$.worker.birth_date"]}
