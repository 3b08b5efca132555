"""WorkFraction: a part of a full-time job, exact."""

import re
from functools import total_ordering
from math import gcd
from typing import TYPE_CHECKING, Final

import attrs

from flexirules.errors import InvalidInput, show, wrong_type

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction
    from typing import TypeAlias

    Exact: TypeAlias = "int | str | Decimal | Fraction | WorkFraction"

MAX_DIGITS: Final = 20
_LIMIT: Final = 10**MAX_DIGITS
_RATIO: Final = re.compile(r"([0-9]{1,20})/([0-9]{1,20})")
_DECIMAL: Final = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?(%?)")
_ACCEPTED: Final = 'an exact fraction such as "4/5", "0.8", "80%" or 1'


def _integer(path: str, value: int) -> int:
    if type(value) is not int:
        raise wrong_type(path, value, "an integer (an exact fraction is written 4/5, never a binary float)")
    if not 0 <= value < _LIMIT:
        if value < 0:
            raise InvalidInput("E-FRACTION-RANGE", path, f"work is never negative, not {show(value)}")
        raise InvalidInput("E-FRACTION", path, f"a number has at most {MAX_DIGITS} digits")
    return value


@total_ordering
@attrs.frozen(init=False, repr=False, order=False, eq=True)
class WorkFraction:
    """A part of a full-time job (tewerkstellingsbreuk, fraction d'occupation, Beschäftigungsbruch), never rounded.

    A job is 0 to 1; a sum over jobs may be more. Binary floats are refused, since ``30.4 / 38`` is four fifths and
    as a float is less.

    >>> WorkFraction.parse("0.7") + WorkFraction.parse("10%") >= WorkFraction(4, 5)
    True
    >>> WorkFraction.from_days(52, 65)
    WorkFraction(4, 5)

    Raises:
        InvalidInput: negative, a zero reference, more than 20 digits, or text in another form.
        WrongType: a float, a bool, or anything else that is not an exact number.

    Source: Law of 16 November 2015, art. 4 § 1, consulted 2026-11-23.
    """

    numerator: int
    denominator: int

    def __init__(self, numerator: int, denominator: int = 1) -> None:
        if not (
            type(numerator) is int and type(denominator) is int and 0 <= numerator < _LIMIT and 0 < denominator < _LIMIT
        ):
            _integer("numerator", numerator)
            _integer("denominator", denominator)
            raise InvalidInput("E-FRACTION", "denominator", "the reference of a work fraction is more than 0")
        common = gcd(numerator, denominator)
        object.__setattr__(self, "numerator", numerator // common)
        object.__setattr__(self, "denominator", denominator // common)

    @classmethod
    def parse(cls, text: str) -> "WorkFraction":
        """Read ``4/5``, ``0.8`` or ``80%``."""
        if type(text) is not str:
            raise wrong_type("", text, "text")
        if (ratio := _RATIO.fullmatch(text)) and int(ratio[2]):
            return cls(int(ratio[1]), int(ratio[2]))
        if number := _DECIMAL.fullmatch(text):
            decimals = number[2] or ""
            if len(number[1]) + len(decimals) > MAX_DIGITS:
                raise InvalidInput(
                    "E-FRACTION-TEXT", "", f"a number has at most {MAX_DIGITS} digits, {show(text)} more"
                )
            scale = 10 ** len(decimals) * (100 if number[3] else 1)
            whole = int(number[1] + decimals)
            common = gcd(whole, scale)
            return cls(whole // common, scale // common)
        raise InvalidInput(
            "E-FRACTION-TEXT", "", f'a work fraction is written like "4/5", "0.8" or "80%", not {show(text)}'
        )

    @classmethod
    def of(cls, value: "Exact") -> "WorkFraction":
        """The fraction that an exact value stands for: text, an int, a ``Decimal`` or a ``Fraction``."""
        kind = type(value)
        if kind is WorkFraction:
            return value  # type: ignore[return-value]  # the exact type was just compared
        if kind is str:
            return cls.parse(value)  # type: ignore[arg-type]  # the exact type was just compared
        if kind is int:
            return cls(value)  # type: ignore[arg-type]  # the exact type was just compared
        if kind.__module__ == "fractions" and kind.__name__ == "Fraction":
            return cls(*_ratio(value.numerator, value.denominator))  # type: ignore[union-attr]
        if kind.__module__ in ("decimal", "_decimal", "_pydecimal") and kind.__name__ == "Decimal":
            sign, digits, exponent = value.as_tuple()  # type: ignore[union-attr]
            if not isinstance(exponent, int) or abs(exponent) > MAX_DIGITS or len(digits) > MAX_DIGITS:
                raise InvalidInput(
                    "E-FRACTION", "", f"expected a finite number of at most 20 digits, not {show(value)}"
                )
            whole = int("".join(map(str, digits))) * (-1 if sign else 1)
            return cls(*_ratio(whole * 10 ** max(exponent, 0), 10 ** max(-exponent, 0)))
        raise wrong_type("", value, _ACCEPTED)

    @classmethod
    def from_days(cls, worked: int, reference: int) -> "WorkFraction":
        """Days worked over the days of a full-time job in the same period."""
        return cls(worked, reference)

    @classmethod
    def from_hours(cls, worked: "Exact", reference: "Exact") -> "WorkFraction":
        """Hours worked over the hours of a full-time job in the same period, each an exact number."""
        w, r = cls.of(worked), cls.of(reference)
        return cls(*_ratio(w.numerator * r.denominator, w.denominator * r.numerator))

    @classmethod
    def total(cls, parts: "Iterable[WorkFraction]") -> "WorkFraction":
        """The exact sum over jobs; 0 for none."""
        numerator, denominator = 0, 1
        for part in parts:
            numerator = numerator * part.denominator + part.numerator * denominator
            denominator *= part.denominator
            common = gcd(numerator, denominator)
            numerator //= common
            denominator //= common
        return _unchecked(numerator, denominator)

    def __add__(self, other: "WorkFraction") -> "WorkFraction":
        if other.__class__ is not WorkFraction:
            return NotImplemented
        return WorkFraction.total((self, other))

    def __lt__(self, other: object) -> bool:
        if other.__class__ is not WorkFraction:
            return NotImplemented
        assert isinstance(other, WorkFraction)
        return self.numerator * other.denominator < other.numerator * self.denominator

    def __str__(self) -> str:
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"

    def __repr__(self) -> str:
        return f"WorkFraction({self.numerator}, {self.denominator})"

    def __reduce__(self) -> tuple[object, tuple[int, int]]:
        fits = self.numerator < _LIMIT and self.denominator < _LIMIT
        return (WorkFraction if fits else _unchecked), (self.numerator, self.denominator)


def _ratio(numerator: int, denominator: int) -> tuple[int, int]:
    """A ratio in lowest terms, refused with a message where it is negative or has too many digits."""
    if numerator < 0:
        raise InvalidInput("E-FRACTION-RANGE", "", f"work is never negative, not {numerator}/{denominator}")
    if denominator == 0:
        raise InvalidInput("E-FRACTION", "", "the reference of a work fraction is more than 0")
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


def _unchecked(numerator: int, denominator: int) -> WorkFraction:
    """A sum: exact, of any number of digits."""
    fraction = object.__new__(WorkFraction)
    object.__setattr__(fraction, "numerator", numerator)
    object.__setattr__(fraction, "denominator", denominator)
    return fraction
