"""A synthetic population of applications, for tests and benchmarks at scale."""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Final

from flexirules.errors import InvalidInput, show, wrong_type
from flexirules.frames.cases import Tables
from flexirules.frames.columns import TABLES
from flexirules.quarter import Quarter

MOST: Final = 10**9
Weights = Mapping[Any, int]
"""Values, each with its weight."""

_QUARTERS: Final[Weights] = {
    "2026Q4": 60, "2026Q3": 12, "2026Q2": 8, "2026Q1": 4, "2025Q4": 4, "2025Q1": 3, "2024Q4": 2, "2024Q2": 2,
    "2024Q1": 1, "2023Q2": 1, "2022Q3": 1, "2018Q1": 1, "2016Q3": 1,
}  # fmt: skip
_SECTORS: Final[Weights] = {
    ("302", None): 42, ("201", None): 7, ("202", None): 6, ("311", None): 5, ("312", None): 3, ("119", None): 6,
    ("118.03", None): 4, ("330", "86101"): 5, ("314", None): 3, ("303.03", None): 1, ("140.03", None): 2,
    ("149.04", None): 1, ("112", None): 2, ("132", None): 1, ("144", None): 1, ("145", None): 1, ("333", None): 1,
    ("223", None): 1, ("225", "85201"): 1, ("200", None): 2, ("999", None): 1, ("124", None): 1, ("118", None): 1,
    (None, None): 2,
}  # fmt: skip
_ACTIVITIES: Final[Weights] = {"ordinary": 94, "artistic": 1, "regulated_care": 2, "event_organisation": 1, None: 2}
_FRACTIONS: Final[Weights] = {
    (1, 1): 48, (65, 65): 12, (4, 5): 9, (52, 65): 5, (304, 380): 2, (9, 10): 2, (1, 2): 8, (33, 65): 4, (3, 4): 4,
    (51, 65): 2, (79, 100): 1, (2, 5): 1, (1, 5): 1, (None, None): 1,
}  # fmt: skip
_STATUSES: Final[Weights] = {
    "employee": 860, "statutory": 60, "self_employed": 30, "flexi_job": 15, "student": 15, "apprentice": 10,
    "occasional_horeca": 5, "minor_part_time": 4, None: 1,
}  # fmt: skip
_SCHEMES: Final[Weights] = {"belgium": 970, "overseas": 20, "foreign": 10}
_JOBS: Final[Weights] = {0: 14, 1: 70, 2: 13, 3: 3}
_EARLIER: Final[Weights] = {"the same": 88, "full": 7, "none": 5}
_PENSIONS: Final[Weights] = {"none": 86, "retirement": 11, "survivor": 1, "transition_allowance": 1, None: 1}
_LINKS: Final[Weights] = {0: 955, 1: 40, 2: 4, 3: 1}
_LINK_KINDS: Final[Weights] = {"employment": 6, "student": 1, "occasional": 1, "flexi_job": 8, "statutory": 1, None: 1}
_FILED: Final[Weights] = {"ahead": 55, "A": 30, "W": 8, "B": 1, "S": 6}


class _Weighted:
    """Draws values by their weights, one random number each."""

    def __init__(self, weights: Weights) -> None:
        self.values: list[object] = [*weights]
        self.sums = [*accumulate(weights.values())]

    def many(self, draw: Random, number: int) -> list[object]:
        return draw.choices(self.values, cum_weights=self.sums, k=number)

    def one(self, draw: Random) -> object:
        return self.values[bisect(self.sums, draw.random() * self.sums[-1])]


def population(number: int, seed: int, *, first: int = 1) -> Tables:
    """So many applications with their jobs, letters, links and pensions, as the tables of ``evaluate_frame``.

    The mix is that of a pool which is asked again each quarter, with every rarer thing often enough to be met: three in
    five for the last quarter of 2026, the others back to 2016; two in five in the hotel trade; one worker in seven
    without work in T-3 and one in eight with a pension; three in a hundred with work abroad, and a letter for most of
    them; one in twenty with another link with the employer; one in a hundred of most cells not known. The figures are
    ours and describe nobody.

    Args:
        number: how many applications; each is of a worker of its own.
        seed: the same seed gives the same population, on every Python.
        first: the number of the first application, so that a large population can be made in pieces.

    Raises:
        WrongType: no whole numbers.
        InvalidInput: a number that is negative or too large.

    >>> tables = population(3, 1)
    >>> len(tables["applications"]["application"]), len(tables["pensions"]["worker"]) <= 3
    (3, True)
    """
    for name, value in (("number", number), ("seed", seed), ("first", first)):
        if type(value) is not int:
            raise wrong_type(name, value, "a whole number")
        if not 0 <= value <= MOST:
            raise InvalidInput("E-RANGE", name, f"a number between 0 and {MOST}, not {show(value)}")
    draw = Random(f"{seed}/{first}")  # noqa: S311 - nothing here is secret
    found: Tables = {name: {column.name: [] for column in columns} for name, columns in TABLES.items()}
    del found["engagements"]["application"]
    applications = _applications(draw, number, first)
    found["applications"] = applications
    drawn = (_Weighted(weights) for weights in (_JOBS, _EARLIER, _FRACTIONS, _STATUSES, _SCHEMES, _LINKS, _LINK_KINDS))
    _with_rows(draw, found, applications, [*drawn])
    return found


def _applications(draw: Random, number: int, first: int) -> dict[str, list[object]]:
    keys = [*range(first, first + number)]
    quarters = _Weighted(_QUARTERS).many(draw, number)
    sectors = _Weighted(_SECTORS).many(draw, number)
    filed = _Weighted(_FILED).many(draw, number)
    starts = [_start(draw, str(quarter)) for quarter in quarters]
    # A community is told of schools and public employers, the bakery fund of bakers: elsewhere nobody asks.
    public: list[object] = [*draw.choices([False, True, None], cum_weights=[97, 99, 100], k=number)]
    authorities = draw.choices([None, "flemish", "french", "local"], cum_weights=[10, 60, 90, 100], k=number)
    funds = draw.choices([True, False, None], cum_weights=[80, 95, 100], k=number)
    agencies = draw.choices([None, 1, 2, 3], cum_weights=[96, 98, 99, 100], k=number)
    return {
        "application": [*keys],
        "quarter": quarters,
        "worker": [*keys],
        "employer": draw.choices(range(1_000_000, 1_000_000 + max(50, number // 20)), k=number),
        "start": [*starts],
        "birth_date": [date(1955, 1, 1) + timedelta(draw.randrange(18_000)) for _ in keys],
        "habitual_legislation": draw.choices(
            [None, "belgian", "dutch", "french"], cum_weights=[90, 98, 99, 100], k=number
        ),
        "joint_committee": [sector[0] for sector in sectors if isinstance(sector, tuple)],
        "nace": [sector[1] for sector in sectors if isinstance(sector, tuple)],
        "nace_version": [
            None if not isinstance(sector, tuple) or sector[1] is None else version
            for sector, version in zip(
                sectors, draw.choices(["2008", None], cum_weights=[9, 10], k=number), strict=True
            )
        ],
        "public": public,
        "authority": [
            authority if where == ("225", "85201") or of_state else None
            for where, of_state, authority in zip(sectors, public, authorities, strict=True)
        ],
        "bakery_fund": [
            fund if where == ("118.03", None) else None for where, fund in zip(sectors, funds, strict=True)
        ],
        "activity": _Weighted(_ACTIVITIES).many(draw, number),
        "agency": [*agencies],
        "through_agency": [None] * number,
        "framework_agreement": draw.choices([None, True, False], cum_weights=[40, 99, 100], k=number),
        "filed_on": [_filed_on(draw, word, str(q), s) for word, q, s in zip(filed, quarters, starts, strict=True)],
        "result": [None if word == "ahead" else word for word in filed],
        "anomalies": ["90017-510" if word == "W" else None for word in filed],
        "requested": draw.choices([None, True], cum_weights=[99, 100], k=number),
        "employments_known": draw.choices([None, False], cum_weights=[99, 100], k=number),
        "engagements_known": draw.choices([None, False], cum_weights=[99, 100], k=number),
        "approvals_known": draw.choices([None, False], cum_weights=[99, 100], k=number),
    }


def _start(draw: Random, quarter: str) -> date | None:
    if draw.random() < 0.6:
        return None
    first = Quarter.parse(quarter).first_day
    return first + timedelta(draw.randrange(90))


def _filed_on(draw: Random, word: object, quarter: str, start: date | None) -> date | None:
    if word == "ahead" or draw.random() < 0.02:
        return None
    day = start or Quarter.parse(quarter).first_day
    return day + timedelta(draw.choice((-45, -20, -10, -3, -1, -1, 0, 0, 0, 0, 0, 1)))


def _with_rows(
    draw: Random, found: Tables, applications: Mapping[str, list[object]], drawn: Sequence[_Weighted]
) -> None:
    """The rows of the other tables of every application."""
    number_of_jobs, earlier, fraction, status, scheme, number_of_links, kind = drawn
    pensions = _Weighted(_PENSIONS)
    columns = (applications[name] for name in ("worker", "quarter", "employer"))
    for worker, text, employer in zip(*columns, strict=True):
        quarter = Quarter.parse(str(text))
        abroad = False
        for place in range(_number(number_of_jobs.one(draw))):
            seen = scheme.one(draw)
            abroad = abroad or seen != "belgium"
            # One job at most is with the flexi-job employer: two that agree in all would be one row read twice.
            there = draw.random() < 0.03 and place == 0
            held = employer if there else 2_000_000 + draw.randrange(200_000) * 3 + place
            _add_job(draw, found["employments"], (worker, quarter, held, seen), earlier, fraction, status)
        if abroad or draw.random() < 0.005:
            _add_letters(draw, found["approvals"], worker, quarter)
        for _ in range(_number(number_of_links.one(draw))):
            _add_link(draw, found["engagements"], (worker, quarter, employer), kind, fraction)
        pension = pensions.one(draw)
        if pension is not None:
            days = draw.choice((-4000, -900, -95, -91, -90, -1, 0, 1, 60, 91))
            since = quarter.first_day + timedelta(days)
            told = pension != "none" and draw.random() < 0.98
            register = "foreign" if draw.random() < 0.04 else "belgium"
            _add(found["pensions"], worker, pension, since if told else None, register)


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value


def _add(table: Mapping[str, list[object]], *values: object) -> None:
    for column, value in zip(table.values(), values, strict=True):
        column.append(value)


def _add_job(
    draw: Random,
    table: Mapping[str, list[object]],
    job: tuple[object, Quarter, object, object],
    earlier: _Weighted,
    fraction: _Weighted,
    status: _Weighted,
) -> None:
    """A job in T-3 with the two quarters before it."""
    worker, quarter, employer, scheme = job
    size, word = fraction.one(draw), status.one(draw)
    deferred = draw.random() < 0.003
    for back in (3, 4, 5):
        assert isinstance(size, tuple)
        _add(table, worker, str(quarter - back), employer, *size, word, scheme, deferred)
        before = earlier.one(draw)
        if before == "none":
            break
        size = (1, 1) if before == "full" else size


def _add_letters(draw: Random, table: Mapping[str, list[object]], worker: object, quarter: Quarter) -> None:
    for back in draw.choice(((), (0,), (0,), (0,), (1,), (0, 1), (0, 0))):
        granted = draw.choice((True, True, True, False))
        issued_on = quarter.first_day - timedelta(draw.randrange(1, 60))
        _add(table, worker, str(quarter - back), granted, issued_on, f"letter-{draw.randrange(10**9)}")


def _add_link(
    draw: Random,
    table: Mapping[str, list[object]],
    of: tuple[object, Quarter, object],
    kind: _Weighted,
    fraction: _Weighted,
) -> None:
    worker, quarter, employer = of
    elsewhere = draw.random() < 0.3
    size = fraction.one(draw)
    assert isinstance(size, tuple)
    since = quarter.first_day + timedelta(draw.choice((-900, -400, -30, 0, 20, 100)))
    until = None if draw.random() < 0.6 else since + timedelta(draw.choice((29, 390, 420, 950)))
    notice = quarter.first_day + timedelta(draw.randrange(-40, 60)) if draw.random() < 0.1 else None
    owed = quarter.first_day + timedelta(draw.randrange(-40, 60)) if draw.random() < 0.05 else None
    whom = 3_000_000 + draw.randrange(1000) if elsewhere else employer
    group = draw.choice((True, False, None)) if elsewhere else None
    ends = None if notice is None else notice + timedelta(28)
    _add(table, worker, whom, kind.one(draw), *size, since, until, group, notice, ends, owed)


def pieces(number: int, seed: int, size: int) -> Iterable[Tables]:
    """A large population in pieces of so many applications, the last of them smaller."""
    for first in range(1, number + 1, size):
        yield population(min(size, number + 1 - first), seed, first=first)
