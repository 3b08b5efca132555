"""Mutants of the law: every row of every table dropped, shifted by a day or changed, and each of them is noticed.

The tables are the law, and tools that mutate code do not touch them. A mutant that survives is a rule that nothing
asks.
"""

from datetime import date, timedelta

import attrs
import pytest
from situations import said

from flexirules.fraction import WorkFraction
from flexirules.law.ruleset import current

DAY = timedelta(1)
LAW = current()
EQUIVALENT = {
    "sectors S-322-v1 drop",  # to 2017 the row says that the row of the user decides, and decides nothing itself
    "sectors S-322-v1 from",
    "sectors S-322-v1 to",
    "sectors D-322 drop",  # it lets in what the general rule lets in, on the same provision
    "sectors D-322 from",
    "sectors S-CAP-CHILDCARE drop",  # volume limits never decide
    "sectors S-CAP-CHILDCARE from",
    "sectors S-CAP-CHILDCARE to",
    "sectors D-CAP-CHILDCARE drop",
    "sectors D-CAP-CHILDCARE from",
}
"""Mutants that change nothing in what the law says."""


def name_of(row):
    """What a row is called."""
    return next(
        getattr(row, field) for field in ("id", "status", "condition", "nace", "age", "latest") if hasattr(row, field)
    )


def mutants(table):
    """The name of every mutant of a table, with the law that it makes."""
    rows = getattr(LAW, table)
    for position, row in enumerate(rows):
        changed = {"drop": None}
        if row.effective_from is not None:
            changed["from"] = {"effective_from": row.effective_from + DAY}
        if row.effective_to is not None:
            changed["to"] = {"effective_to": row.effective_to - DAY}
        if table == "counting":
            # A kind of work of which nothing is said does not count: only what counts can be dropped.
            changed = {key: change for key, change in changed.items() if key != "drop" or row.counts}
            changed["flip"] = {"counts": not row.counts}
        if table == "exemption":
            changed["latest"] = {"latest": row.latest + 1}
            changed["open"] = {"open_at": None if row.open_at is not None else row.latest + 1}
        if table == "ties":
            changed["size"] = {"at_least": None if row.at_least else WorkFraction(1, 2)}
            changed["below"] = {"below": None if row.below else WorkFraction(1)}
            changed |= {f"-{kind}": {"kinds": row.kinds - {kind}} for kind in row.kinds}
            changed |= {f"-open-{kind}": {"open_kinds": row.open_kinds - {kind}} for kind in row.open_kinds}
        for key, change in changed.items():
            mine = () if change is None else (attrs.evolve(row, **change),)
            yield f"{table} {name_of(row)} {key}", row, {table: (*rows[:position], *mine, *rows[position + 1 :])}


def days_near(row):
    """The days on which a change of a row can show: its first and its last day, and one between."""
    first = row.effective_from or date(2015, 12, 1)
    last = row.effective_to or date(2026, 12, 31)
    return dict.fromkeys((max(first, date(2015, 12, 1)), last, first + (last - first) // 2))


KNOWN = {}


def told(law, day):
    """What a law says on a day; of the law of the release it is asked once."""
    if law is not LAW:
        return list(said(law, day))
    if day not in KNOWN:
        KNOWN[day] = list(said(law, day))
    return KNOWN[day]


@pytest.mark.parametrize("table", ["counting", "exemption", "age_practice", "ties", "sectors", "nace"])
def test_every_mutant_is_noticed(table):
    """No mutant of a table survives, but for those that change nothing."""
    survivors = {
        name
        for name, row, change in mutants(table)
        if all(told(attrs.evolve(LAW, **change), day) == told(LAW, day) for day in days_near(row))
    }
    assert survivors == {name for name in EQUIVALENT if name.startswith(f"{table} ")}
