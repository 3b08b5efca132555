"""The law as one value: ``evaluate(case, law=...)``, eras, and a memory that is bounded."""

import os
import pickle
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest

import flexirules
from flexirules import (
    Case,
    Employer,
    Employment,
    Function,
    Outcome,
    Pension,
    Quarter,
    Sector,
    Worker,
    WrongType,
    evaluate,
)
from flexirules.dated import changes
from flexirules.law import ruleset
from flexirules.law.ruleset import Ruleset, current

DAY = timedelta(1)


def case(status="employee", **fields):
    """An ordinary case of 2025, eligible but for what is given."""
    job = Employment(quarter=Quarter(2024, 4), employer="bank", fraction="4/5", status=status)
    given = {
        "quarter": Quarter(2025, 3),
        "worker": Worker(employments=(job,), pension=Pension(kind="none")),
        "employer": Employer(id="cafe", sector=Sector(joint_committee="302")),
        "function": Function("ordinary"),
        "engagements": (),
        "approvals": (),
    }
    return Case(**(given | fields))


STUDENTS_COUNT = attrs.evolve(
    current(),
    name="students-count",
    counting=tuple(attrs.evolve(row, counts=True) if row.status == "student" else row for row in current().counting),
)
"""Another law, in which the work of students counts in T-3."""


class TestLaw:
    """Another law in the place of that of the release."""

    @pytest.mark.parametrize(("law", "outcome"), [(None, "not_eligible"), (STUDENTS_COUNT, "eligible")])
    def test_it_decides(self, law, outcome):
        """The tables of the law that is given decide."""
        assert evaluate(case("student"), law=law).outcome.value == outcome

    def test_it_is_named(self):
        """A decision says under which law it was made."""
        assert evaluate(case(), law=STUDENTS_COUNT).to_document()["law"]["ruleset"] == "students-count"

    def test_it_has_its_own_digest(self):
        """Another row gives another digest."""
        assert STUDENTS_COUNT.digest != current().digest

    def test_the_same_answer_under_another_law_is_another_decision(self):
        """Two decisions are equal only under one and the same law."""
        assert evaluate(case(), law=STUDENTS_COUNT) != evaluate(case())

    def test_the_law_of_the_release_is_the_default(self):
        """To give the law of the release changes nothing."""
        assert evaluate(case(), law=current()) == evaluate(case())

    @pytest.mark.parametrize("law", ["2026-11-23", date(2026, 11, 23), {}])
    def test_what_is_no_law_is_refused(self, law):
        """Anything but a ruleset is refused."""
        with pytest.raises(WrongType) as caught:
            evaluate(case(), law=law)
        assert str(caught.value) == f"law: expected a Ruleset, not {type(law).__name__}"

    def test_repr(self):
        """A ruleset is shown by its name."""
        assert repr(STUDENTS_COUNT) == "<Ruleset students-count>"


class TestPickle:
    """Rulesets and decisions go through pickle."""

    def test_the_law_of_the_release(self):
        """The law of the release stays one and the same."""
        assert pickle.loads(pickle.dumps(current())) is current()

    def test_another_law(self):
        """Another law keeps its tables."""
        copy = pickle.loads(pickle.dumps(STUDENTS_COUNT))
        assert (type(copy), copy.name, copy.counting) == (Ruleset, STUDENTS_COUNT.name, STUDENTS_COUNT.counting)

    @pytest.mark.parametrize("law", [None, STUDENTS_COUNT])
    def test_a_decision(self, law):
        """A decision is the same afterwards."""
        decision = evaluate(case("student"), law=law)
        assert pickle.loads(pickle.dumps(decision)) == decision


class TestEras:
    """Runs of days with the same law."""

    def test_every_change_begins_one(self):
        """Each day on which a row begins or has just ended is the first of an era."""
        law = current()
        tables = (*law.sectors, *law.nace, *law.counting, *law.exemption, *law.age_practice, *law.ties)
        assert set(changes(tables)) <= set(law.eras)

    def test_in_order(self):
        """Eras stand in order, none twice."""
        assert list(current().eras) == sorted(set(current().eras))

    @pytest.mark.parametrize("first", current().eras[1:])
    def test_a_day_belongs_to_one(self, first):
        """The first day of an era belongs to it, the day before to another."""
        law = current()
        assert (law.on(first) is law.on(first), law.on(first - DAY) is law.on(first)) == (True, False)

    def test_readings_make_another(self):
        """The law under another reading is another law."""
        day = date(2025, 7, 1)
        assert current().on(day) is not current().on(day, (("care_nace_330", "true"),))


class TestMemory:
    """What is remembered is bounded, and what is forgotten is found again."""

    def test_cells(self, monkeypatch):
        """With room for two cells only, a hundred cases get the same answers, twice."""
        cases = [case(worker=worker(n)) for n in range(50)] * 2
        expected = [evaluate(one).outcome for one in cases]
        monkeypatch.setattr(ruleset, "MOST_REMEMBERED", 2)
        law = attrs.evolve(current())
        assert [evaluate(one, law=law).outcome for one in cases] == expected

    def test_days(self, monkeypatch):
        """With room for two days only, every day of a quarter is answered."""
        monkeypatch.setattr(ruleset, "MOST_REMEMBERED", 2)
        law = attrs.evolve(current())
        days = [date(2026, 5, 15) + n * DAY for n in range(90)]
        found = {evaluate(case(quarter=Quarter.of(day), start=day), law=law).outcome for day in days}
        assert found <= {Outcome.NOT_ELIGIBLE}


def worker(number):
    """A worker with so many per cent in T-3, T-4 and T-5."""
    jobs = [
        Employment(quarter=Quarter(2024, 4) - back, employer="bank", fraction=f"{50 + number}%", status="employee")
        for back in range(3)
    ]
    return Worker(employments=jobs, pension=Pension(kind="none"))


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_the_digest_is_the_same_everywhere(seed):
    """The digest of the law depends on no order that a process chooses for itself."""
    source = str(Path(flexirules.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", "from flexirules.law.ruleset import current; print(current().digest)"],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == current().digest
