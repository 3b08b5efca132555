"""Every row of bad_inputs.yaml: bad input is refused with the right words, treacherous input is read as it is."""

import copy
import itertools
import json
import pickle
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
import yaml

from flexirules import evaluate
from flexirules.approval import Approval
from flexirules.case import Case, Employment, Engagement, Pension, Worker
from flexirules.codec import read_case
from flexirules.document import write_case
from flexirules.errors import FlexirulesError, InvalidInput, WrongType
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.sector import Employer, Function, Sector

ROWS = yaml.safe_load((Path(__file__).parent / "bad_inputs.yaml").read_text(encoding="utf-8"))["rows"]
LONGEST = 500
T = Quarter(2025, 2)
GOOD = {
    "quarter": "2025Q2",
    "worker": {
        "employments": [{"quarter": "2024Q3", "employer": "a", "fraction": "4/5", "status": "employee"}],
        "pension": {"kind": "none"},
    },
    "employer": {"id": "flexi", "sector": {"joint_committee": "302"}},
    "engagements": [],
    "approvals": [],
}
ERRORS = {
    "InvalidInput": InvalidInput,
    "WrongType": WrongType,
    "TypeError": TypeError,
    "AttributeError": AttributeError,
    "attrs.exceptions.FrozenInstanceError": attrs.exceptions.FrozenInstanceError,
}


def job(fraction, k=-3, who="a", scheme="belgium"):
    """An employment of a fraction in T+k."""
    return Employment(quarter=T + k, employer=who, fraction=fraction, status="employee", scheme=scheme)


def approval(quarter=T, granted=True):
    """A written decision of the NSSO."""
    return Approval(quarter=quarter, granted=granted)


def case(*jobs, t=T, jc="302", approvals=(), engagements=()):
    """A case in which everything but the jobs and the decisions is known and in order."""
    return Case(
        quarter=t,
        worker=Worker(employments=jobs, pension=Pension(kind="none")),
        employer=Employer("flexi", Sector(joint_committee=jc, public=False)),
        function=Function("ordinary"),
        engagements=engagements,
        approvals=approvals,
    )


def outcome(given):
    """The outcome of a case, by its word in the JSON form."""
    return evaluate(given).outcome.value


def condition(given, name):
    """One condition of the decision, in its JSON form."""
    conditions = json.loads(evaluate(given).to_json())["conditions"]
    return next(found for found in conditions if found["id"] == name)


def verdict(given, name):
    """The verdict of one condition."""
    return condition(given, name)["verdict"]


def reason(given, name):
    """The reason of one condition."""
    return condition(given, name)["reason"]


NAMES = {
    "Approval": Approval,
    "Case": Case,
    "Decimal": Decimal,
    "Employment": Employment,
    "Engagement": Engagement,
    "Fraction": Fraction,
    "InvalidInput": InvalidInput,
    "Quarter": Quarter,
    "Sector": Sector,
    "T": T,
    "WorkFraction": WorkFraction,
    "Worker": Worker,
    "approval": approval,
    "attrs": attrs,
    "case": case,
    "copy": copy,
    "datetime": datetime,
    "evaluate": evaluate,
    "itertools": itertools,
    "job": job,
    "outcome": outcome,
    "pickle": pickle,
    "read_case": read_case,
    "reason": reason,
    # From Python 3.13 and attrs 24.2 on there is copy.replace; before, evolve is the way to vary.
    "replace": copy.replace if hasattr(copy, "replace") and hasattr(Case, "__replace__") else attrs.evolve,
    "timezone": timezone,
    "verdict": verdict,
    "write_case": write_case,
}


def value_of(expression, **more):
    """The value of an expression of the list."""
    return eval(expression, {**NAMES, **more})  # noqa: S307 - the expressions stand in a file of this folder


def laid_over(keys):
    """The text of the good document with some keys laid over it."""
    document = {**GOOD, **keys}
    return json.dumps({key: value for key, value in document.items() if value != "~drop"})


def act(given):
    """Do what a row says, and give what comes of it."""
    [(kind, what)] = given.items()
    return ACTS[kind](what)


ACTS = {
    "parse": Quarter.parse,
    "py": value_of,
    "json": read_case,
    "json_py": lambda expression: read_case(value_of(expression)),
    "doc": lambda keys: read_case(laid_over(keys)),
}
REFUSED = [row for row in ROWS if "error" in row["expect"]]
ACCEPTED = [row for row in ROWS if "equal" in row["expect"]]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in REFUSED])
def test_refused(row):
    """The row is refused by the right kind of error, with its code, its path and the words that help."""
    expect = row["expect"]
    with pytest.raises(ERRORS[expect["error"]]) as caught:
        act(row["input"])
    error = caught.value
    text = str(error)
    assert [word for word in expect["says"] if word not in text] == []
    if isinstance(error, FlexirulesError):
        assert type(error) is ERRORS[expect["error"]]
        codes = [expect["code"]] if isinstance(expect["code"], str) else expect["code"]
        assert error.code in codes
        assert error.path == expect.get("path", error.path)
        assert max(len(problem.message) for problem in error.problems) <= LONGEST


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ACCEPTED])
def test_accepted(row):
    """The row is accepted and comes out as it should."""
    if "doc" in row["input"]:
        assert value_of(row["expect"]["equal"], TEXT=laid_over(row["input"]["doc"]))
    else:
        assert act(row["input"]) == value_of(row["expect"]["equal"])


def test_every_row_is_run():
    """Every row expects one thing, and no id is used twice."""
    assert len(REFUSED) + len(ACCEPTED) == len(ROWS) == len({row["id"] for row in ROWS})
