"""What the jobs of each application add up to: the nine sums of work that the law compares, and what jobs leave open.

A job beside an application is of one of a few kinds. What a kind adds is said once, in plain words (``_adds``), and
looked up for all jobs. The sums of an application are added up as the digits of a few whole numbers.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import product
from operator import add, or_
from typing import Final, NamedTuple

import narwhals as nw

from flexirules.frames.kinds import ROW, Frame
from flexirules.frames.lookups import Lookup, looked_up, taken
from flexirules.frames.reading import Read, flag, quarter_indices, whole_of
from flexirules.law import access
from flexirules.law.ruleset import Era
from flexirules.settle.cells import SLOTS
from flexirules.settle.work import OWN_ACCOUNT

SUMS: Final = tuple(f"_sum_{slot}" for slot in range(len(access.WORK_FACTS)))
"""The sums of ``WORK_FACTS``, in parts of a full-time job."""
SIZELESS: Final = ("_sizeless_3", "_sizeless_4", "_sizeless_5")
"""Of T-3, T-4 and T-5 how many jobs leave their size open."""
ODD: Final = "_odd"
"""How many jobs leave open more than their size, or have a size that is no whole number of the common parts."""
SPECIAL: Final = "_special"
"""How many jobs do not count for every sum of their quarter."""
OWN: Final = "_own"
"""How many jobs in T-3 are on own account."""
COUNTS: Final = (*SIZELESS, ODD, SPECIAL, OWN)


class Worked(NamedTuple):
    """What the jobs come to for each application that has any: its row and a few whole numbers, and what these say.

    ``numbers``: the names of their columns. ``columns``: the sums and the counts, as expressions over them. ``whole``:
    into how many parts a full-time job is divided.
    """

    frame: Frame
    numbers: tuple[str, ...]
    columns: dict[str, nw.Expr]
    whole: int


_OPEN, _FITS, _ELSE = range(3)
"""The size of a job: not known, a whole number of the common parts, or none."""
_NOT_KNOWN: Final = 3
"""Stands for the quarter of a job, if that is not T-3, T-4 or T-5, which are 0, 1 and 2."""


class _Kind(NamedTuple):
    """A kind of job beside an application."""

    back: int
    status: object
    scheme: object
    deferred: bool
    size: int
    named: bool
    tied: bool
    via: bool
    law: Era


class _Adds(NamedTuple):
    """What a job of a kind adds: its size to which of the sums, and one to which of the counts."""

    sums: tuple[int, ...]
    counts: tuple[str, ...]


def _adds(kind: _Kind) -> _Adds:
    law, known = kind.law, kind.back != _NOT_KNOWN
    counting = kind.status in law.counting
    if not counting and kind.status is not None:
        # Whatever else is not known of it, it counts for nothing.
        return _Adds((), (OWN,) if kind.status == OWN_ACCOUNT and kind.back == 0 else ())
    tied, belgian = kind.tied and kind.back == 0, kind.scheme not in ("overseas", "foreign")
    told = known and counting and kind.named and kind.size != _ELSE
    odd = not told or (tied and kind.via and law.tied_work == "unknown")
    counts = [ODD] if odd else []
    if counting and (tied or not belgian or kind.deferred):
        counts.append(SPECIAL)
    if known and counting and kind.size == _OPEN:
        counts.append(SIZELESS[kind.back])
    refused = kind.deferred and "deferred_pay" not in law.counting
    refused = refused or (kind.scheme == "foreign" and not law.foreign_counts)
    if odd or refused or kind.size != _FITS:
        return _Adds((), tuple(counts))
    counted = kind.back == 0 and (not tied or (kind.via and law.tied_work == "count"))
    return _Adds(SLOTS[kind.back][counted][belgian][belgian and not kind.deferred], tuple(counts))


def worked(asked: Frame, parties: Sequence[str], eras: Sequence[Era], employments: Read, laws: Sequence[int]) -> Worked:
    """What the jobs of the workers add up to for each application.

    ``asked``: of each application its row, its worker, T, its law and its parties, which are named. ``laws``: of each
    era the number of its law on work.
    """
    whole = whole_of(employments)
    digits = _Digits()
    digits.lay_out(whole, employments.most, [*map(_adds, _kinds(employments, eras, laws))])
    found = _beside(asked, parties, employments, whole, 1 + max(laws, default=0))
    if digits.looked_up:
        found = taken(found, _CODE, employments.raw, digits.looked_up, {})
    of_row = found.select(ROW, *digits.of_a_job()).group_by(ROW).agg(*(nw.col(name).sum() for name in digits.numbers))
    # DuckDB gives sums in a type of its own, in which everything takes long.
    of_row = of_row.with_columns(nw.col(name).cast(nw.Int64) for name in digits.numbers)
    return Worked(of_row, tuple(digits.numbers), digits.columns, whole)


_CODE: Final = "_kind"
_VALUE: Final = "_value"


def _kinds(employments: Read, eras: Sequence[Era], laws: Sequence[int]) -> Iterator[_Kind]:
    """Every kind of job that there may be, in the order of its number."""
    flags, deferred = (False, True), (False, True) if "deferred_pay" in employments.types else (False,)
    of_law = [eras[laws.index(law)] for law in range(1 + max(laws, default=0))] if eras else []
    statuses, schemes = ([None, *employments.values.get(name, ())] for name in ("status", "scheme"))
    every = (range(4), statuses, schemes, deferred, range(3), flags, flags, flags, of_law)
    yield from (_Kind(*kind) for kind in product(*every))


def _beside(asked: Frame, parties: Sequence[str], employments: Read, whole: int, laws: int) -> Frame:
    """Every job beside every application of its worker that looks at its quarter: the row, the kind and the size."""
    numerator, denominator = employments.number("numerator"), employments.number("denominator")
    below = nw.when(denominator > 0).then(denominator).otherwise(nw.lit(1))
    fits = nw.when(whole % below == 0).then(nw.lit(_FITS)).otherwise(nw.lit(_ELSE))
    size = nw.when(denominator > 0).then(fits).otherwise(nw.lit(_OPEN))
    kind = employments.number("status") * employments.size("scheme") + employments.number("scheme")
    kinds = employments.size("status") * employments.size("scheme") * 6
    if "deferred_pay" in employments.types:
        kind, kinds = kind * 2 + flag(employments.number("deferred_pay") == 2), kinds * 2
    kind = (kind * 3 + size) * 2 + flag(employments.known("employer"))
    value = nw.when(denominator > 0).then(numerator * (whole // below)).otherwise(nw.lit(0))
    index = quarter_indices(employments)
    jobs = looked_up(employments.frame, employments.raw, Lookup("quarter", [*index], {"index": [*index.values()]}))
    jobs = jobs.select(
        "worker",
        "index",
        kind.cast(nw.Int64).alias(_CODE),
        value.cast(nw.Int64).alias(_VALUE),
        *(["employer"] if "employer" in employments.types else []),
    )
    found = jobs.join(asked, on="worker", how="inner")
    back = nw.col("_t") - 3 - nw.col("index")
    found = found.filter(((back >= 0) & (back <= 2)) | (nw.col("index") == 0))
    place = nw.when(nw.col("index") == 0).then(nw.lit(_NOT_KNOWN)).otherwise(back)
    tied = [nw.col("employer") == nw.col(f"_{name}") for name in parties if "employer" in employments.types]
    at_party = reduce(or_, (condition.fill_null(value=False) for condition in tied), nw.lit(value=False))
    code = ((place * kinds + nw.col(_CODE)) * 2 + flag(at_party)) * 2 + nw.col("_via")
    return found.select(ROW, (code * laws + nw.col("_law")).cast(nw.Int64).alias(_CODE), _VALUE)


class _Digits:
    """Sums and counts as the digits of a few whole numbers, each with room for the most that there may be.

    ``looked_up``: what is found for a kind of job: how many times its size is in a number, and what else it adds to it.
    """

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.columns: dict[str, nw.Expr] = {}
        self.looked_up: dict[str, list[int]] = {}
        self._room = 2**63

    def lay_out(self, whole: int, most: int, table: Sequence[_Adds]) -> None:
        """Give each sum and each count its digit, where there are at most so many jobs of a worker."""
        sums: dict[tuple[bool, ...], list[str]] = {}
        for slot, name in enumerate(SUMS):
            sums.setdefault(tuple(slot in adds.sums for adds in table), []).append(name)
        for held, names in sums.items():
            self._lay(names, held, most * whole + 1, _TIMES)
        for name in COUNTS:
            self._lay([name], [name in adds.counts for adds in table], most + 1, _BESIDES)

    def _lay(self, names: Sequence[str], held: Sequence[bool], size: int, part: str) -> None:
        if not any(held):
            self.columns.update(dict.fromkeys(names, nw.lit(0, dtype=nw.Int64)))
            return
        if self._room * size >= 2**63:
            self.numbers.append(f"_number_{len(self.numbers)}")
            self._room = 1
        number = nw.col(self.numbers[-1])
        digit = (number // self._room if self._room > 1 else number) % size
        self.columns.update(dict.fromkeys(names, digit))
        column = self.looked_up.setdefault(f"{self.numbers[-1]}{part}", [0] * len(held))
        for kind, adds in enumerate(held):
            column[kind] += adds * self._room
        self._room *= size

    def of_a_job(self) -> Iterator[nw.Expr]:
        """What one job adds to each number, of its size and what was looked up."""
        for name in self.numbers:
            times, besides = (nw.col(f"{name}{part}") for part in (_TIMES, _BESIDES))
            parts = [times * nw.col(_VALUE)] if f"{name}{_TIMES}" in self.looked_up else []
            parts += [besides] if f"{name}{_BESIDES}" in self.looked_up else []
            yield reduce(add, parts).alias(name)


_TIMES: Final = "_times"
_BESIDES: Final = "_besides"
