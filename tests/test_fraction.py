"""WorkFraction: exact, never a float, never rounded."""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexirules.errors import InvalidInput, WrongType
from flexirules.fraction import WorkFraction

EDGES = (WorkFraction(0), WorkFraction(1), WorkFraction(4, 5), WorkFraction(1, 10**20 - 1), WorkFraction(10**20 - 1))
fractions = st.one_of(
    st.sampled_from(EDGES), st.builds(WorkFraction, st.integers(0, 10**20 - 1), st.integers(1, 10**20 - 1))
)


def exact(fraction):
    """The same number as the standard library holds it."""
    return Fraction(fraction.numerator, fraction.denominator)


def said(kind, act):
    """The whole text of the error that an act raises."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return str(caught.value)


@given(fractions)
def test_text_round_trip(fraction):
    """A fraction reads back from its text."""
    assert WorkFraction.parse(str(fraction)) == fraction


@given(fractions)
def test_repr_round_trip(fraction):
    """A fraction's repr can be pasted back."""
    assert eval(repr(fraction), {"WorkFraction": WorkFraction}) == fraction  # noqa: S307 - the library's own repr


@given(st.lists(fractions, max_size=4))
def test_pickle_and_copy_of_sums(parts):
    """A sum, of any number of digits, comes back equal and with the same hash from pickle and copy."""
    total = WorkFraction.total(parts)
    for back in (pickle.loads(pickle.dumps(total)), copy.copy(total), copy.deepcopy(total)):
        assert (back, hash(back)) == (total, hash(total))


@given(st.lists(fractions, max_size=6))
def test_total_is_exact(parts):
    """A sum over jobs is the sum of the rationals, in lowest terms."""
    assert exact(WorkFraction.total(parts)) == sum(map(exact, parts), Fraction(0))


@given(fractions, fractions)
def test_order_is_exact(left, right):
    """Fractions compare as the rationals that they are."""
    assert (left < right, left >= right, left == right) == (
        exact(left) < exact(right),
        exact(left) >= exact(right),
        exact(left) == exact(right),
    )


@given(fractions, fractions)
def test_addition_commutes(left, right):
    """The order in which jobs are added does not matter."""
    assert left + right == right + left


@pytest.mark.parametrize(
    "value", ["4/5", "8/10", "0.8", "80%", "80.0%", Decimal("0.8"), Fraction(4, 5), Decimal("8e-1")]
)
def test_spellings_of_four_fifths(value):
    """Every accepted spelling of four fifths is four fifths."""
    assert WorkFraction.of(value) == WorkFraction(4, 5)


@pytest.mark.parametrize("value", [1, "1", "1/1", "100%", Decimal(1), Decimal("1E0"), WorkFraction(1)])
def test_spellings_of_one(value):
    """Every accepted spelling of full time is full time."""
    assert WorkFraction.of(value) == WorkFraction(1)


def test_decimal_exponent():
    """A decimal with a positive exponent is its value."""
    assert WorkFraction.of(Decimal("1E+1")) == WorkFraction(10)


def test_twenty_digits():
    """Twenty digits are read whole, on whichever side of the point they stand."""
    read = [WorkFraction.parse(text) for text in ("0.1234567890123456789", "1234567890.1234567890")]
    assert [exact(fraction) for fraction in read] == [
        Fraction(1234567890123456789, 10**19),
        Fraction(12345678901234567890, 10**10),
    ]


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (WorkFraction(0), "0"),
        (WorkFraction(1), "1"),
        (WorkFraction(2), "2"),
        (WorkFraction(1, 2), "1/2"),
        (WorkFraction(4, 5), "4/5"),
    ],
)
def test_text(fraction, text):
    """A whole number is written as one, and every other fraction with its denominator."""
    assert str(fraction) == text


def test_a_decimal_of_twenty_digits():
    """A decimal has as many digits as a text may have."""
    assert WorkFraction.of(Decimal(12345678901234567890)) == WorkFraction(12345678901234567890)


@pytest.mark.parametrize("exponent", [-20, 20])
def test_a_decimal_without_work(exponent):
    """No work is no work, with as many places behind the point, or before it, as a text may have digits."""
    assert WorkFraction.of(Decimal((0, (0,), exponent))) == WorkFraction(0)


def test_eight_tenths_are_four_fifths():
    """Tenths add up to four fifths, which binary floats deny."""
    assert WorkFraction.total([WorkFraction(1, 10)] * 8) == WorkFraction(4, 5)
    assert 0.7 + 0.1 < 0.8


def test_days():
    """52 days of 65 are four fifths."""
    assert WorkFraction.from_days(52, 65) == WorkFraction(4, 5)


def test_hours():
    """30.4 hours of 38 are exactly four fifths."""
    assert WorkFraction.from_hours("30.4", 38) == WorkFraction(4, 5)


def test_hours_of_a_broken_week():
    """The hours of a full-time job may be no whole number either: 30.8 of 38.5 are four fifths."""
    assert WorkFraction.from_hours("30.8", "38.5") == WorkFraction(4, 5)


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (
            lambda: WorkFraction(0.8),
            WrongType,
            "numerator: expected an integer (an exact fraction is written 4/5, never a binary float), not float",
        ),
        (lambda: WorkFraction(-1, 5), InvalidInput, "numerator: work is never negative, not -1"),
        (lambda: WorkFraction(1, 0), InvalidInput, "denominator: the reference of a work fraction is more than 0"),
        (lambda: WorkFraction(10**20), InvalidInput, "numerator: a number has at most 20 digits"),
        (lambda: WorkFraction(1, 10**20), InvalidInput, "denominator: a number has at most 20 digits"),
        (lambda: WorkFraction(10**20 + 1), InvalidInput, "numerator: a number has at most 20 digits"),
        (lambda: WorkFraction(1, 10**20 + 1), InvalidInput, "denominator: a number has at most 20 digits"),
        (lambda: WorkFraction(1, -2), InvalidInput, "denominator: work is never negative, not -2"),
        (lambda: WorkFraction.parse(1), WrongType, "expected text, not int"),
        (
            lambda: WorkFraction.parse("4/0"),
            InvalidInput,
            """a work fraction is written like "4/5", "0.8" or "80%", not '4/0'""",
        ),
        (
            lambda: WorkFraction.parse("0,8"),
            InvalidInput,
            """a work fraction is written like "4/5", "0.8" or "80%", not '0,8'""",
        ),
        (
            lambda: WorkFraction.parse("0.8\n"),
            InvalidInput,
            """a work fraction is written like "4/5", "0.8" or "80%", not '0.8\\n'""",
        ),
        (
            lambda: WorkFraction.parse("0.33333333333333333333"),
            InvalidInput,
            "a number has at most 20 digits, '0.33333333333333333333' more",
        ),
        (
            lambda: WorkFraction.parse("12345678901.1234567890"),
            InvalidInput,
            "a number has at most 20 digits, '12345678901.1234567890' more",
        ),
        (
            lambda: WorkFraction.of(0.8),
            WrongType,
            'expected an exact fraction such as "4/5", "0.8", "80%" or 1, not float',
        ),
        (
            lambda: WorkFraction.of(True),
            WrongType,
            'expected an exact fraction such as "4/5", "0.8", "80%" or 1, not bool',
        ),
        (
            lambda: WorkFraction.of(Decimal("NaN")),
            InvalidInput,
            "expected a finite number of at most 20 digits, not Decimal('NaN')",
        ),
        (
            lambda: WorkFraction.of(Decimal("1E-21")),
            InvalidInput,
            "expected a finite number of at most 20 digits, not Decimal('1E-21')",
        ),
        (
            lambda: WorkFraction.of(Decimal(123456789012345678901)),
            InvalidInput,
            "expected a finite number of at most 20 digits, not Decimal('123456789012345678901')",
        ),
        (lambda: WorkFraction.of(Decimal("-0.5")), InvalidInput, "work is never negative, not -5/10"),
        (lambda: WorkFraction.of(Fraction(-1, 5)), InvalidInput, "work is never negative, not -1/5"),
        (lambda: WorkFraction.from_hours(0, 0), InvalidInput, "the reference of a work fraction is more than 0"),
        (lambda: WorkFraction.from_hours(1, 0), InvalidInput, "the reference of a work fraction is more than 0"),
    ],
)
def test_refused(act, kind, text):
    """What is no exact fraction is refused with what was given and what is possible."""
    assert said(kind, act) == text


@pytest.mark.parametrize("act", [lambda: WorkFraction(1) + 1, lambda: WorkFraction(1) < 2])
def test_no_mixing(act):
    """Fractions neither add nor compare with another type."""
    with pytest.raises(TypeError, match=r"unsupported operand|not supported between"):
        act()


def test_unequal_to_a_number():
    """A work fraction is not equal to a plain number."""
    assert WorkFraction(1) != 1


def test_callers_fraction_is_not_shared():
    """A ``Fraction`` that the caller changes later changes nothing here."""
    mine = Fraction(4, 5)
    held = WorkFraction.of(mine)
    mine._numerator = 1
    assert held == WorkFraction(4, 5)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("fractions", "Frac"),
        ("accounts", "Fraction"),
        ("fractions", "Fractions"),
        ("decimal", "Context"),
        ("decimal", "Decimals"),
        ("payroll", "Fraction"),
        ("payroll", "Decimal"),
    ],
)
def test_only_the_types_of_the_standard_library(module, name):
    """A type that has the module or the name of an exact number in common with it, and not both, is refused."""
    stranger = type(name, (), {"__module__": module})()
    assert said(WrongType, lambda: WorkFraction.of(stranger)) == (
        f'expected an exact fraction such as "4/5", "0.8", "80%" or 1, not {name}'
    )


@pytest.mark.parametrize(
    "parts",
    [
        (WorkFraction(5 * 10**19), WorkFraction(5 * 10**19)),
        (WorkFraction(1, 2**20), WorkFraction(1, 5**20)),
        (WorkFraction(1, 10**11), WorkFraction(1, 10**11 + 3)),
    ],
    ids=["a numerator of 21 digits", "a denominator of 21 digits", "a denominator of 23 digits"],
)
def test_a_sum_of_more_digits_comes_back(parts):
    """A sum with more digits than a fraction may be given comes back equal, whichever of its two numbers is long."""
    total = WorkFraction.total(parts)
    assert pickle.loads(pickle.dumps(total)) == total


@pytest.mark.parametrize("fraction", EDGES)
def test_a_pickle_is_read_through_the_constructor(fraction):
    """What fits a fraction is unpickled by the constructor, whose checks hold for a pickle too."""
    assert fraction.__reduce__() == (WorkFraction, (fraction.numerator, fraction.denominator))
