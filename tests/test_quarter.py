"""Quarter: arithmetic is plain, spelling is one, types do not mix."""

import copy
import pickle
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexirules.errors import InvalidInput, WrongType
from flexirules.quarter import FIRST_YEAR, LAST_YEAR, Quarter

FIRST, LAST = Quarter(FIRST_YEAR, 1), Quarter(LAST_YEAR, 4)
# The edges stand in the strategy by hand: a search at random would hardly meet them.
quarters = st.one_of(st.sampled_from((FIRST, LAST)), st.integers(FIRST.index, LAST.index).map(Quarter.from_index))


def said(kind, act):
    """The whole text of the error that an act raises."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return str(caught.value)


@given(quarters)
def test_text_round_trip(quarter):
    """A quarter reads back from its text."""
    assert Quarter.parse(str(quarter)) == quarter


@given(quarters)
def test_repr_round_trip(quarter):
    """A quarter's repr can be pasted back."""
    assert eval(repr(quarter), {"Quarter": Quarter}) == quarter  # noqa: S307 - the library's own repr


@given(quarters)
def test_pickle_and_copy(quarter):
    """A quarter comes back equal and with the same hash from pickle and copy."""
    for back in (pickle.loads(pickle.dumps(quarter)), copy.copy(quarter), copy.deepcopy(quarter)):
        assert (back, hash(back)) == (quarter, hash(quarter))


@given(quarters, st.integers(-1300, 1300))
def test_arithmetic(quarter, step):
    """Adding and taking away the same number of quarters changes nothing, inside the range of the type."""
    if FIRST.index <= quarter.index + step <= LAST.index:
        assert quarter + step - step == quarter


@given(quarters)
def test_every_day_lies_in_its_quarter(quarter):
    """The first and the last day lie in the quarter, and the days beside them do not."""
    first, last = quarter.first_day, quarter.last_day
    assert first in quarter
    assert last in quarter
    assert (first.day, Quarter.of(first), Quarter.of(last)) == (1, quarter, quarter)
    if quarter != LAST:
        assert last.toordinal() + 1 == (quarter + 1).first_day.toordinal()


@given(quarters, quarters)
def test_order(left, right):
    """Quarters are ordered by time."""
    assert (left < right, left <= right) == (left.first_day < right.first_day, left.first_day <= right.first_day)


def test_parts():
    """Year and number are what was given."""
    quarter = Quarter(2026, 4)
    assert (quarter.year, quarter.number, quarter.index) == (2026, 4, 8107)


def test_day_outside():
    """The first day of the next quarter is not in this one."""
    assert date(2027, 1, 1) not in Quarter(2026, 4)


def test_day_before():
    """The last day of the quarter before is not in this one."""
    assert date(2026, 9, 30) not in Quarter(2026, 4)


def test_until():
    """`until` includes both ends."""
    assert list(Quarter(2026, 4).until(Quarter(2027, 2))) == [Quarter(2026, 4), Quarter(2027, 1), Quarter(2027, 2)]


def test_until_backwards():
    """`until` an earlier quarter is empty."""
    assert list(Quarter(2026, 4).until(Quarter(2026, 3))) == []


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (lambda: Quarter("2026", 1), WrongType, "year: expected an integer year, not str"),
        (lambda: Quarter(2026, True), WrongType, "number: expected an integer from 1 to 4, not bool"),
        (lambda: Quarter(1899, 4), InvalidInput, "year: a year lies between 1900 and 2199, not 1899"),
        (lambda: Quarter(2200, 1), InvalidInput, "year: a year lies between 1900 and 2199, not 2200"),
        (lambda: Quarter(2026, 5), InvalidInput, "number: a year has quarters 1, 2, 3, 4, not 5"),
        (lambda: Quarter(2026, 0), InvalidInput, "number: a year has quarters 1, 2, 3, 4, not 0"),
        (lambda: Quarter.parse(20264), WrongType, 'expected text such as "2024Q3", not int'),
        (lambda: Quarter.parse("2026Q5"), InvalidInput, """a quarter is written like "2024Q3", not '2026Q5'"""),
        (lambda: Quarter.parse("2026q4"), InvalidInput, """a quarter is written like "2024Q3", not '2026q4'"""),
        (lambda: Quarter.parse("2026-4"), InvalidInput, """a quarter is written like "2024Q3", not '2026-4'"""),
        (lambda: Quarter.parse("202aQ4"), InvalidInput, """a quarter is written like "2024Q3", not '202aQ4'"""),
        (lambda: Quarter.parse("2026Q²"), InvalidInput, """a quarter is written like "2024Q3", not '2026Q²'"""),
        (lambda: Quarter.parse(""), InvalidInput, """a quarter is written like "2024Q3", not ''"""),
        (lambda: Quarter.parse("2026Q"), InvalidInput, """a quarter is written like "2024Q3", not '2026Q'"""),
        (lambda: Quarter.parse("2026Q41"), InvalidInput, """a quarter is written like "2024Q3", not '2026Q41'"""),
        (lambda: Quarter.of(datetime(2026, 1, 1)), WrongType, "expected a date, not datetime"),  # noqa: DTZ001 - naive on purpose
        (lambda: Quarter.from_index("1"), WrongType, "index: expected an integer, not str"),
        (lambda: FIRST - 1, InvalidInput, "year: a year lies between 1900 and 2199, not 1899"),
    ],
)
def test_refused(act, kind, text):
    """What is no quarter is refused with what was given and what is possible."""
    assert said(kind, act) == text


@pytest.mark.parametrize(
    "act",
    [
        lambda: Quarter(2026, 1) + "1",
        lambda: Quarter(2026, 1) + True,
        lambda: Quarter(2026, 1) - Quarter(2025, 1),
        lambda: Quarter(2026, 1) < "2026Q2",
    ],
)
def test_no_mixing(act):
    """Quarters neither add nor compare with another type."""
    with pytest.raises(TypeError, match=r"unsupported operand|not supported between"):
        act()


def test_unequal_to_text():
    """A quarter is not equal to its text."""
    assert Quarter(2026, 1) != "2026Q1"
