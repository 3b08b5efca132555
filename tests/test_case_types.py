"""The case and its parts as types, and the named readings."""

import copy
import datetime as dt
import pickle
from collections import Counter
from datetime import date
from fractions import Fraction

import attrs
import pytest
from case_strategies import cases, employments
from hypothesis import given, settings

from flexirules import approval, case, sector
from flexirules.approval import Approval
from flexirules.case import (
    Case,
    Declaration,
    Employment,
    Engagement,
    Formalities,
    Pension,
    Worker,
    before,
)
from flexirules.errors import InvalidInput, WrongType
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.readings import READINGS

T = Quarter(2026, 4)
NAMES = {
    **vars(sector),
    **vars(approval),
    **vars(case),
    "WorkFraction": WorkFraction,
    "Quarter": Quarter,
    "datetime": dt,
}


def said(kind, act):
    """The whole text of the error that an act raises."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return str(caught.value)


@given(cases())
@settings(max_examples=60)
def test_case_round_trips(value):
    """A case comes back equal, with the same hash, from repr, pickle and copy."""
    shown = eval(repr(value), dict(NAMES))  # noqa: S307 - the library's own repr
    for back in (shown, pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert (back, hash(back)) == (value, hash(value))


@given(employments)
def test_evolve_nothing(job):
    """An employment evolved without a change is equal."""
    assert attrs.evolve(job) == job


def test_absent_and_empty_differ():
    """Not known and known: none are two things."""
    assert Case(quarter=T) != Case(quarter=T, engagements=())


def test_lists_become_tuples():
    """A list is taken over as a tuple, so that the caller's list is not shared."""
    mine = [Employment(employer="a")]
    worker = Worker(employments=mine)
    mine.append(Employment(employer="b"))
    assert worker.employments == (Employment(employer="a"),)


@pytest.mark.parametrize("value", ["4/5", "0.8", "80%", Fraction(4, 5), WorkFraction(4, 5)])
def test_fraction_is_converted(value):
    """An employment takes any exact spelling of its fraction."""
    assert Employment(fraction=value).fraction == WorkFraction(4, 5)


def test_pickle_goes_through_the_constructor():
    """A fraction of 9 put past the checks does not survive a pickle."""
    job = Employment(fraction="4/5")
    object.__setattr__(job, "fraction", WorkFraction(9))
    assert said(InvalidInput, lambda: pickle.loads(pickle.dumps(job))) == (
        "fraction: one job is a fraction in 0..1, not '9'"
    )


def test_first_day_default():
    """Without a start the law is read on the first day of T."""
    assert Case(quarter=T).first_day == date(2026, 10, 1)


def test_first_day_given():
    """With a start the law is read on that day."""
    assert Case(quarter=T, start=date(2026, 12, 31)).first_day == date(2026, 12, 31)


def test_reference_quarter():
    """The reference quarter is T-3."""
    assert Case(quarter=T).reference_quarter == Quarter(2026, 1)


def test_before_the_first_quarter():
    """The first quarters of the type have no T-3, and that is no error."""
    assert (before(Quarter(1900, 3), 3), before(Quarter(1900, 4), 3)) == (None, Quarter(1900, 1))


def test_readings_are_sorted():
    """Readings are one set of choices, in whatever order they were made."""
    pairs = (("suspensions", "all_unpaid"), ("notice_employer", "any"))
    assert Case(quarter=T, readings=pairs) == Case(quarter=T, readings=dict(pairs))


def test_reading_default():
    """The default of a reading is its first value."""
    assert READINGS["notice_employer"].default == "flexi"


def test_json_on_the_type():
    """A case reads and writes its JSON form."""
    value = Case(quarter=T, engagements=())
    assert Case.from_json(value.to_json(indent=2)) == value


@pytest.mark.parametrize("law", ["belgian", "dutch", "north_macedonian"])
def test_habitual_legislation(law):
    """The legislation is a lower-case adjective."""
    assert Worker(habitual_legislation=law).habitual_legislation == law


def thousand_and_one():
    """One entry more than a list may have."""
    return [Employment(employer=f"e{i}") for i in range(1001)]


ADJECTIVE = "habitual_legislation: a lower-case adjective such as dutch or belgian, not"


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (lambda: Employment(quarter="2026Q1"), WrongType, "quarter: expected a Quarter, not str"),
        (lambda: Employment(employer=418), WrongType, "employer: expected text, not int"),
        (
            lambda: Employment(employer="Cafe\u0301"),
            InvalidInput,
            r"employer: an identifier is in Unicode form NFC: 'Cafe\u0301'",
        ),
        (
            lambda: Employment(employer="a\u200bb"),
            InvalidInput,
            r"employer: an identifier holds printable characters only: 'a\u200bb'",
        ),
        (
            lambda: Employment(fraction=0.8),
            WrongType,
            'fraction: expected an exact fraction such as "4/5", "0.8", "80%" or 1, not float',
        ),
        (lambda: Employment(fraction="5/4"), InvalidInput, "fraction: one job is a fraction in 0..1, not '5/4'"),
        (
            lambda: Employment(fraction=WorkFraction.total([WorkFraction(1, 3), WorkFraction(1, 10**20 - 9)])),
            InvalidInput,
            "fraction: a number has at most 20 digits",
        ),
        (
            lambda: Employment(status="boss"),
            InvalidInput,
            (
                "status: expected one of apprentice, employee, flexi_job, minor_part_time, occasional_agriculture, "
                "occasional_horeca, self_employed, statutory, student, not 'boss'"
            ),
        ),
        (lambda: Employment(status=["employee"]), WrongType, "status: expected text, not list"),
        (
            lambda: Employment(scheme="french"),
            InvalidInput,
            "scheme: expected one of belgium, foreign, overseas, not 'french'",
        ),
        (lambda: Employment(scheme=None), WrongType, "scheme: expected text, not NoneType"),
        (lambda: Employment(deferred_pay=0), WrongType, "deferred_pay: expected True or False, not int"),
        (
            lambda: Pension(kind="state"),
            InvalidInput,
            "kind: expected one of company_supplement, none, retirement, survivor, transition_allowance, not 'state'",
        ),
        (lambda: Pension(since="2026-01-01"), WrongType, "since: expected a date, not str"),
        (lambda: Pension(register="x"), InvalidInput, "register: expected one of belgium, foreign, not 'x'"),
        (
            lambda: Worker(birth_date=date(1899, 12, 31)),
            InvalidInput,
            "birth_date: a year lies between 1900 and 2199, not 1899",
        ),
        (
            lambda: Worker(birth_date=dt.datetime(1987, 3, 14)),  # noqa: DTZ001 - naive on purpose
            WrongType,
            "birth_date: expected a date, not datetime",
        ),
        (lambda: Worker(employments="abc"), WrongType, "employments: expected a list or tuple of Employment, not str"),
        (lambda: Worker(employments=[None]), WrongType, "employments[0]: expected an Employment, not NoneType"),
        (
            lambda: Worker(employments=[Employment(), Employment(employer="a"), Employment()]),
            InvalidInput,
            "employments[2]: the same entry as employments[0]: the row was read twice",
        ),
        (
            lambda: Worker(employments=thousand_and_one()),
            InvalidInput,
            "employments: a list has at most 1000 entries, not 1001",
        ),
        (lambda: Worker(pension="none"), WrongType, "pension: expected a Pension, not str"),
        (lambda: Worker(habitual_legislation="Dutch"), InvalidInput, f"{ADJECTIVE} 'Dutch'"),
        (lambda: Worker(habitual_legislation="français"), InvalidInput, f"{ADJECTIVE} 'français'"),
        (lambda: Worker(habitual_legislation="_"), InvalidInput, f"{ADJECTIVE} '_'"),
        (lambda: Worker(habitual_legislation=None), WrongType, "habitual_legislation: expected text, not NoneType"),
        (
            lambda: Engagement(employer=""),
            InvalidInput,
            "employer: an identifier neither is empty nor begins or ends with a space: ''",
        ),
        (
            lambda: Engagement(kind="friend"),
            InvalidInput,
            "kind: expected one of employment, flexi_job, occasional, statutory, student, not 'friend'",
        ),
        (lambda: Engagement(fraction=80), InvalidInput, "fraction: one job is a fraction in 0..1, not '80'"),
        (lambda: Engagement(from_="2026-01-01"), WrongType, "from: expected a date, not str"),
        (lambda: Engagement(affiliated="no"), WrongType, "affiliated: expected True or False, not str"),
        (
            lambda: Engagement(from_=date(2026, 2, 1), until=date(2026, 1, 31)),
            InvalidInput,
            "until: a period ends on or after its first day, not 2026-01-31 after 2026-02-01",
        ),
        (
            lambda: Engagement(notice_from=date(2026, 2, 1), notice_until=date(2026, 1, 31)),
            InvalidInput,
            "notice_until: a period ends on or after its first day, not 2026-01-31 after 2026-02-01",
        ),
        (lambda: Declaration(filed_on=1), WrongType, "filed_on: expected a date, not int"),
        (lambda: Declaration(result="X"), InvalidInput, "result: expected one of A, B, S, W, not 'X'"),
        (
            lambda: Declaration(anomalies=["90017-510", "90017510"]),
            InvalidInput,
            """anomalies[1]: an anomaly is written like "90017-510", not '90017510'""",
        ),
        (lambda: Declaration(anomalies=[1]), WrongType, "anomalies[0]: expected a str, not int"),
        (
            lambda: Formalities(framework_agreement="yes"),
            WrongType,
            "framework_agreement: expected True or False, not str",
        ),
        (lambda: Formalities(declaration="W"), WrongType, "declaration: expected a Declaration, not str"),
        (lambda: Case(quarter="2026Q4"), WrongType, "quarter: expected a Quarter, not str"),
        (
            lambda: Case(quarter=T, start=date(2027, 1, 1)),
            InvalidInput,
            "start: the first day of work lies in 2026Q4, not on 2027-01-01",
        ),
        (lambda: Case(quarter=T, worker={}), WrongType, "worker: expected a Worker, not dict"),
        (
            lambda: Case(quarter=T, approvals=(x for x in ())),
            WrongType,
            "approvals: expected a list or tuple of Approval, not generator",
        ),
        (
            lambda: Case(quarter=T, approvals=[Approval(), Approval()]),
            InvalidInput,
            "approvals[1]: the same entry as approvals[0]: the row was read twice",
        ),
        (
            lambda: Case(quarter=T, readings=["notice_employer"]),
            WrongType,
            "readings: expected a mapping of reading names to values, not list",
        ),
        (
            lambda: Case(quarter=T, readings=("ab",)),
            WrongType,
            "readings: expected pairs of a name and a value, not str",
        ),
        (lambda: Case(quarter=T, readings={1: "any"}), WrongType, "readings: expected text, not int"),
        (
            lambda: Case(quarter=T, readings={"notice_employer": True}),
            WrongType,
            "readings.notice_employer: expected text, not bool",
        ),
        (
            lambda: Case(quarter=T, readings={"mood": "good"}),
            InvalidInput,
            f"readings.mood: no such reading 'mood'; known: {', '.join(READINGS)}",
        ),
        (
            lambda: Case(quarter=T, readings={"notice_employer": "all"}),
            InvalidInput,
            "readings.notice_employer: expected one of flexi, any, not 'all'",
        ),
        (
            lambda: Case(quarter=T, readings=(("notice_employer", "any"), ("notice_employer", "flexi"))),
            InvalidInput,
            "readings.notice_employer: chosen twice",
        ),
    ],
)
def test_refused(act, kind, text):
    """What is impossible is refused with what was given and what is possible."""
    assert said(kind, act) == text


def test_unknown_keyword():
    """A misspelt field is refused by its name."""
    with pytest.raises(TypeError, match="abroard"):
        Employment(abroard=True)


def test_frozen():
    """A case cannot be changed."""
    value = Case(quarter=T)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.start = date(2026, 10, 1)


@pytest.mark.slow
def test_the_strategy_meets_every_part():
    """The strategy makes cases with every part known, and with every part not known, often enough to count."""
    seen = Counter()

    @given(cases())
    @settings(max_examples=200, database=None, derandomize=True)
    def count(value):
        for field in attrs.fields(Case):
            seen[field.name, getattr(value, field.name) in (None, ())] += 1

    count()
    optional = [field.name for field in attrs.fields(Case) if field.name != "quarter"]
    assert [(name, empty) for name in optional for empty in (True, False) if seen[name, empty] < 10] == []
