"""The same case, the same bytes: in every process, thread and version of Python.

``same.txt`` holds the SHA-256 of all answers. Where a change of law or of words is meant to change answers,
``python tests/test_always_the_same.py`` prints the new one; ``answers.txt`` says which answers move.
"""

import copy
import datetime as dt
import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import attrs
import pytest
from floors import QUIET
from hypothesis import given
from hypothesis import strategies as st

import flexirules
from flexirules import Case, approval, evaluate, sector
from flexirules import case as case_types
from flexirules.dated import FIRST_DAY
from flexirules.finding import Outcome, Verdict
from flexirules.law.ruleset import current
from flexirules.testing import official
from flexirules.testing.situations import persons, readings
from flexirules.testing.strategies import REGISTERED, cases, partial_cases

KEPT = Path(__file__).parent / "same.txt"
THREADS = 32


def all_cases():
    """Official cases, and every situation of persons on the days of each change."""
    import json

    found = [Case.from_json(json.dumps(vector.given)) for vector in official()]
    for day in (day for day in current().eras if day >= FIRST_DAY):
        for situations in (persons(day), readings(day)):
            found += situations.values()
    return found


def digest():
    """One number for all cases and answers."""
    found = hashlib.sha256()
    for case in all_cases():
        found.update(case.to_json().encode() + b"\n" + evaluate(case).to_json().encode() + b"\n")
    return found.hexdigest()


def test_as_it_was_kept():
    """The answers are those that were kept, by whichever version of Python this is run."""
    assert digest() == KEPT.read_text(encoding="ascii").strip()


@pytest.mark.parametrize("seed", ["0", "1", "4294967295", "random"])
def test_whatever_the_hash_seed(seed):
    """Neither sets nor dictionaries let the seed of the process through."""
    run = subprocess.run(
        [sys.executable, __file__],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == KEPT.read_text(encoding="ascii").strip()


def test_threads_on_one_ruleset():
    """Thirty-two threads that ask one ruleset at once, of which nothing is remembered yet, each get the same bytes."""
    law = attrs.evolve(current())
    every = all_cases()[::7]
    together = Barrier(THREADS)

    def ask(number):
        together.wait()
        order = every[number:] + every[:number]
        said = {id(case): evaluate(case, law=law).to_json() for case in order}
        return [said[id(case)] for case in every]

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))
    expected = [evaluate(case).to_json() for case in every]
    assert all(said == expected for said in found)


NAMES = {
    **{name: getattr(flexirules, name) for name in flexirules.__all__},
    **{kind.__name__: kind for kind in REGISTERED},
    "JointCommittee": sector.JointCommittee,
    "datetime": dt,
}
"""All that a repr may name."""


@pytest.mark.parametrize("kind", REGISTERED, ids=lambda kind: kind.__name__)
def test_every_type_comes_back(kind):
    """Each value comes back equal, and with the same hash, from its repr, a pickle, a copy and a deep copy."""
    ways = (
        lambda value: eval(repr(value), dict(NAMES)),  # noqa: S307 - what this test just made
        lambda value: pickle.loads(pickle.dumps(value)),
        copy.copy,
        copy.deepcopy,
    )

    @QUIET
    @given(st.from_type(kind))
    def check(value):
        for way in ways:
            back = way(value)
            assert (type(back), back, hash(back)) == (kind, value, hash(value))

    check()


@QUIET
@given(cases() | partial_cases())
def test_a_case_and_its_decision_come_back(case):
    """From JSON a case comes back equal, and from a pickle a decision says the same bytes."""
    assert Case.from_json(case.to_json()) == case
    decision = evaluate(case)
    said = decision.to_json()
    assert {pickle.loads(pickle.dumps(decision)).to_json(), copy.deepcopy(decision).to_json()} == {said}


@pytest.mark.parametrize("word", [*Outcome, *Verdict], ids=str)
def test_words_come_back(word):
    """An outcome and a verdict are one object, wherever they come back from."""
    assert pickle.loads(pickle.dumps(word)) is copy.copy(word) is copy.deepcopy(word) is word


def test_every_type_is_asked():
    """Of the types of a case none is left out above."""
    modules = (case_types, approval, sector)
    known = {*REGISTERED, sector.JointCommittee}
    found = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and attrs.has(kind) and kind.__module__ == module.__name__
    }
    assert found <= known


if __name__ == "__main__":
    sys.stdout.write(digest() + "\n")
