"""Quarter: the unit in which the law of flexi-jobs counts."""

from collections.abc import Iterator
from datetime import date
from functools import cache, total_ordering
from typing import Final, Self

import attrs

from flexirules.errors import InvalidInput, show, wrong_type

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


@cache
def _first_day(index: int) -> date:
    return date(index // 4, index % 4 * 3 + 1, 1)


@cache
def _text(index: int) -> str:
    return f"{index // 4}Q{index % 4 + 1}"


@cache
def _last_day(index: int) -> date:
    month = index % 4 * 3 + 3
    return date(index // 4, month, 31 if month in (3, 12) else 30)


@total_ordering
@attrs.frozen(init=False, repr=False, order=False, eq=True)
class Quarter:
    """A calendar quarter (kwartaal, trimestre, Quartal), from 1900Q1 to 2199Q4.

    >>> Quarter.parse("2026Q4") - 3
    Quarter(2026, 1)
    >>> str(Quarter(2026, 4)), Quarter(2026, 4).first_day.isoformat()
    ('2026Q4', '2026-10-01')

    Raises:
        InvalidInput: no such year or quarter.
        WrongType: anything but two integers.

    Source: the belgif ``YearQuarter`` form, ``YYYYQn``, consulted 2026-11-23.
    """

    index: int
    """Quarters since year 0, so that arithmetic is plain arithmetic."""

    def __init__(self, year: int, number: int) -> None:
        if type(year) is not int:
            raise wrong_type("year", year, "an integer year")
        if type(number) is not int:
            raise wrong_type("number", number, "an integer from 1 to 4")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidInput("E-YEAR", "year", f"a year lies between {FIRST_YEAR} and {LAST_YEAR}, not {show(year)}")
        if not 1 <= number <= 4:
            raise InvalidInput("E-QUARTER", "number", f"a year has quarters 1, 2, 3, 4, not {show(number)}")
        object.__setattr__(self, "index", year * 4 + number - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026Q4``, and no other spelling."""
        if type(text) is not str:
            raise wrong_type("", text, 'text such as "2024Q3"')
        if not (len(text) == 6 and text.isascii() and text[:4].isdigit() and text[4] == "Q" and text[5] in "1234"):
            raise InvalidInput("E-QUARTER-TEXT", "", f'a quarter is written like "2024Q3", not {show(text)}')
        return cls(int(text[:4]), int(text[5]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day lies. A ``datetime`` is refused: its quarter depends on a time zone."""
        if type(day) is not date:
            raise wrong_type("", day, "a date")
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def from_index(cls, index: int) -> Self:
        """The quarter with this ``index``."""
        if type(index) is not int:
            raise wrong_type("index", index, "an integer")
        return cls(index // 4, index % 4 + 1)

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.index // 4

    @property
    def number(self) -> int:
        """1 to 4."""
        return self.index % 4 + 1

    @property
    def first_day(self) -> date:
        """The first day of the quarter."""
        return _first_day(self.index)

    @property
    def last_day(self) -> date:
        """The last day of the quarter."""
        return _last_day(self.index)

    def until(self, last: "Quarter") -> Iterator["Quarter"]:
        """Every quarter from this one to ``last``, both included; none where ``last`` lies before."""
        return map(Quarter.from_index, range(self.index, last.index + 1))

    def __contains__(self, day: date) -> bool:
        return Quarter.of(day).index == self.index

    def __add__(self, quarters: int) -> "Quarter":
        if type(quarters) is not int:
            return NotImplemented
        return Quarter.from_index(self.index + quarters)

    def __sub__(self, other: int) -> "Quarter":
        if type(other) is not int:
            return NotImplemented
        return Quarter.from_index(self.index - other)

    def __lt__(self, other: object) -> bool:
        if other.__class__ is not Quarter:
            return NotImplemented
        assert isinstance(other, Quarter)
        return self.index < other.index

    def __str__(self) -> str:
        return _text(self.index)

    def __repr__(self) -> str:
        return f"Quarter({self.index // 4}, {self.index % 4 + 1})"

    def __reduce__(self) -> tuple[type["Quarter"], tuple[int, int]]:
        return Quarter, (self.year, self.number)
