"""What rows have wrong among each other, and which applications it touches."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import narwhals as nw

from flexirules._checks import MAX_ENTRIES
from flexirules.errors import FlexirulesError, InvalidInput, Problem
from flexirules.frames.columns import NUMBER
from flexirules.frames.kinds import Frame, distinct, integers, rising, rows_of, small, surely_different, whole_number
from flexirules.frames.reading import (
    SHOWN_ROWS,
    Fault,
    Read,
    counted,
    faults_of_periods,
    faults_of_size,
    flag,
    good,
    key_of,
    problem,
    show_keys,
    whole_of,
)
from flexirules.frames.ready import faults_at_hand


class Trouble(NamedTuple):
    """Something wrong with some rows: what to say, and the keys of the applications or workers concerned.

    ``where``: of the applications themselves, in which rows it is so. ``ownerless``: there is no key to name.
    """

    problem: Problem
    key: str
    keys: Frame
    where: nw.Expr | None = None
    ownerless: bool = False


def add_faults(read: Read) -> None:
    """The faults of single rows that more than one cell shows."""
    if read.name in ("employments", "engagements"):
        read.faults.extend(faults_of_size(read))
    if read.name == "engagements":
        read.faults.extend(faults_of_periods(read))
    if read.name == "applications":
        read.faults.extend(faults_at_hand(read))
    key = key_of(read)
    read.faults.append(Fault("E-NAME", key, f"the {key} of a row is needed", nw.col(key).is_null()))


def checked(read: Read) -> tuple[Read, list[Trouble]]:
    """A table that was read, with how many rows have one key at most, and everything that is wrong with it."""
    add_faults(read)
    key = key_of(read)
    own = read.name == "applications"
    found = []
    for place, number in counted(read).items():
        fault = read.faults[place]
        keys = distinct(read.frame.filter(fault.where).filter(~nw.col(key).is_null()), key)
        ownerless = not own and fault.column == key and fault.message.endswith("is needed")
        found.append(Trouble(problem(read, fault, number, key), key, keys, fault.where if own else None, ownerless))
    # What was found already is not looked at again, where it might make other numbers too large.
    left = good(read) if found else read
    if read.name in ("applications", "pensions"):
        return read, found + _repeated_keys(left)
    if read.name != "engagements":
        found += _repeated_rows(left)
    most = _most(left, key)
    if most > MAX_ENTRIES:
        found += _too_many(left, key)
    return read._replace(most=min(most, MAX_ENTRIES)), found


def _repeated_keys(read: Read) -> list[Trouble]:
    """Rows of one key, where there is one row for each."""
    key = key_of(read)
    if rising(read.raw, key) is not None:
        return []
    named = read.frame.filter(~nw.col(key).is_null())
    return _trouble(read, key, _groups(named, [key]), "E-DUPLICATE", f"there is one row for each {key}")


def _repeated_rows(read: Read) -> list[Trouble]:
    """Rows that say the same: it is asked at first whether any agree in who, when and with whom."""
    key = key_of(read)
    narrow = [name for name in ("worker", "quarter", "employer") if name in read.types]
    if surely_different(read.frame, narrow):
        return []
    again = _groups(read.frame, narrow)
    if not rows_exist(again):
        return []
    candidates = read.frame.join(distinct(again, key), on=key, how="semi")
    columns = {f"_{name}": said for name, said in _said(read).items()}
    candidates = candidates.with_columns(**columns)
    says = "the same row as another: it was read twice"
    if read.name != "employments":
        return _trouble(read, key, _groups(candidates, [*narrow, *columns]), "E-DUPLICATE", says)
    odd = distinct(candidates.filter(nw.col("_denominator") > 0), "worker")
    plain = candidates.join(odd, on="worker", how="anti")
    found = _trouble(read, key, _groups(plain, [*narrow, *columns]), "E-DUPLICATE", says)
    others = _in_other_spellings(candidates.join(odd, on="worker", how="semi"), narrow, read)
    return found + _trouble(read, key, others, "E-DUPLICATE", says)


def _in_other_spellings(candidates: Frame, narrow: list[str], read: Read) -> Frame:
    """Rows that agree once their fractions are reduced, of workers with one that has no denominator in common.

    Such workers are few, and looked at one by one.
    """
    others = ("_status", "_scheme", "_deferred_pay", *_RATIO)
    types = {**dict.fromkeys(others, NUMBER), **{name: read.types[name] for name in narrow}, "quarter": NUMBER}
    times: Counter[tuple[object, ...]] = Counter()
    for row in rows_of(candidates, types):
        below = whole_number(row["denominator"])
        size = Fraction(whole_number(row["numerator"]), below) if below > 0 else None
        times[row["worker"], size, *(row[name] for name in types if name not in _RATIO)] += 1
    twice = {row[0]: number for row, number in times.items() if number > 1}
    return small(read.raw, {"worker": list(twice), "_times": list(twice.values())}, {"worker": "worker"})


_RATIO: Final = ("numerator", "denominator")


def _said(read: Read) -> dict[str, nw.Expr]:
    """What rows say besides, in one spelling: four fifths are 52/65, and no scheme is the Belgian one."""
    if read.name == "approvals":
        letter = nw.col("reference") if "reference" in read.types else nw.lit(0)
        return {"granted": read.number("granted"), "issued_on": read.number("issued_on"), "letter": letter}
    whole, numerator, denominator = whole_of(read), read.number("numerator"), read.number("denominator")
    plain = (denominator > 0) & (whole % nw.when(denominator > 0).then(denominator).otherwise(nw.lit(1)) == 0)
    below = nw.when(plain).then(denominator).otherwise(nw.lit(whole))
    schemes = [code for code, value in enumerate(read.values.get("scheme", ()), 1) if value != "belgium"]
    scheme = read.number("scheme")
    return {
        "status": read.number("status"),
        "scheme": nw.when(scheme.is_in(schemes)).then(scheme).otherwise(nw.lit(0)),
        "deferred_pay": flag(read.number("deferred_pay") == 2),
        "numerator": numerator * (whole // below),
        "denominator": nw.when(plain).then(nw.lit(0)).otherwise(denominator),
    }


def _groups(frame: Frame, columns: Sequence[str]) -> Frame:
    return frame.group_by(*columns).agg(nw.len().alias("_times")).filter(nw.col("_times") > 1)


def rows_exist(frame: Frame) -> bool:
    """Whether a frame has any row."""
    return bool(integers(frame.select(nw.len().alias("_rows")), "_rows")[0][0])


def _most(read: Read, key: str) -> int:
    """How many rows at most have the same key; at least one."""
    rows = read.frame.group_by(key).agg(nw.len().alias("_times"))
    [most] = rows_of(rows.select(nw.col("_times").max()), {"_times": NUMBER})
    return max(1, whole_number(most["_times"] or 0))


def _too_many(read: Read, key: str) -> list[Trouble]:
    many = read.frame.group_by(key).agg(nw.len().alias("_times")).filter(nw.col("_times") > MAX_ENTRIES)
    return _trouble(read, key, many, "E-TOO-MANY", f"a list has at most {MAX_ENTRIES} entries")


def _trouble(read: Read, key: str, groups: Frame, code: str, says: str) -> list[Trouble]:
    found = integers(groups.select(nw.col("_times").cast(nw.Int64).sum().fill_null(0)), "_times")
    number = found[0][0] if found else 0
    if not number:
        return []
    keys = distinct(groups.filter(~nw.col(key).is_null()), key)
    first = [row[key] for row in rows_of(keys.head(SHOWN_ROWS), {key: read.types[key]})]
    said = Problem(code, f"{read.name}.{key}", f"{says} ({number} rows, the first: {show_keys(first)})")
    return [Trouble(said, key, keys)]


def refused(found: Sequence[Trouble]) -> FlexirulesError:
    """One error that lists everything."""
    problems = tuple(trouble.problem for trouble in found)
    return InvalidInput(problems[0].code, problems[0].path, problems[0].message, problems)


def with_problems(frame: Frame, found: Sequence[Trouble]) -> Frame:
    """The applications with what is wrong with each, null where nothing is."""
    found = [trouble for trouble in found if trouble.key in frame.collect_schema()]
    if not found:
        return frame.with_columns(nw.lit(None, dtype=nw.String).alias("problems"))
    names = [f"_wrong_{place}" for place in range(len(found))]
    for name, trouble in zip(names, found, strict=True):
        if trouble.where is not None:
            frame = frame.with_columns(flag(trouble.where).alias(name))
            continue
        keys = trouble.keys.with_columns(nw.lit(1, dtype=nw.Int64).alias(name))
        frame = frame.join(keys, on=trouble.key, how="left")
    frame = frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in names))
    said = [
        nw.when(nw.col(name) == 1).then(nw.lit(f"{trouble.problem.code}:{trouble.problem.path}"))
        for name, trouble in zip(names, found, strict=True)
    ]
    wrong = nw.sum_horizontal(*(nw.col(name) for name in names)) > 0
    text = nw.when(wrong).then(nw.concat_str(*said, separator=" ", ignore_nulls=True))
    return frame.with_columns(text.alias("problems")).drop(*names)
