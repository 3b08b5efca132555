"""The whole law of one quarter, 2026Q4, decided by hand on wide rows: ``python benchmarks/by_hand.py``.

What one would write instead of the library for one quarter, default readings, and rows of which everything is known:
lazy expressions of Polars, one query of DuckDB, and formulas of OpenFisca-Core. The same columns in, and the same
columns out as of a data frame of the library, which takes its turn among them, and once more with the same rows as five
tables; so do the first two. Every row is checked: the competitors against each other, a sample against ``evaluate``. A
competitor that is not installed is left out.

Outside of what they decide: agencies, public employers, another legislation, anomalies, and whatever is not known.
"""

import argparse
import gc
import importlib.util
import math
import operator
import sys
import time
from datetime import date
from functools import reduce
from itertools import accumulate, groupby
from random import Random

import numpy as np
import pyarrow as pa

from flexirules.finding import VERDICTS
from flexirules.frames.answers import ANSWER as ANSWER_COLUMNS
from flexirules.frames.answers import VERDICT_COLUMNS, WORDS

CHECKED, SAMPLE, ROUNDS = 20_000, 3_000, 5
SIZES = (10**5, 10**6)
MANY = 250_000
"""From so many rows on the streaming engine of Polars is the faster one."""
EPOCH = date(1970, 1, 1)
FIRST_DAY, LAST_DAY, FILE_FROM = date(2026, 10, 1), date(2026, 12, 31), date(2026, 8, 31)
FULL_TIME = 10_000

SUMS = ("belgian_work", "counted_work", "volume_t3", "volume_t4", "volume_t5")
OF_A_LINK = ("employer", "kind", "numerator", "denominator", "from", "until", "affiliated")
OF_A_LINK += ("notice_from", "notice_until", "severance_until")
NOT_SETTLED = ("116", "132", "144", "145", "207", "320")
"""Of these committees the law does not say whether they may."""
COMMITTEES = ("302", "201", "202", "311", "312", "119", "118.03", "314", "140.03", "200", *NOT_SETTLED)
ACTIVITIES = ("ordinary", "artistic", "regulated_care", "event_organisation")
BARRED = ("artistic", "regulated_care")
ANY_CONTRACT = ("employment", "statutory", "student", "occasional")
LINK_KINDS = (*ANY_CONTRACT, "flexi_job")
KINDS = {
    "quarter": ("2026Q4",),
    "joint_committee": COMMITTEES,
    "activity": ACTIVITIES,
    "pension": ("none", "retirement", "survivor", "transition_allowance"),
    "pension_register": ("belgium", "foreign"),
    "decision": ("none", "granted", "refused"),
    "link_kind": LINK_KINDS,
    "result": ("A", "W", "B", "S"),
}
"""The columns of one of a few words, and these words in the order of their codes."""
COMMITTEE, ACTIVITY, PENSION, REGISTER, DECISION, LINK_KIND, RESULT = (
    {word: code for code, word in enumerate(KINDS[name])} for name in [*KINDS][1:]
)
PLACE = {name: {word: code for code, word in enumerate(words)} for name, words in WORDS.items()}
"""The codes of the words of the answer."""

NOT_MET, UNKNOWN, NEEDS_DECISION, MET = (verdict.value for verdict in VERDICTS)
LADDERS = {
    "in_force": [("", MET, "law-in-force")],
    "legislation": [("", MET, "belgian-legislation")],
    "sector": [("sector_in_doubt", UNKNOWN, "law-not-settled"), ("", MET, "sector-open")],
    "function": [("function_barred", NOT_MET, "function-barred"), ("", MET, "function-free")],
    "employment": [
        ("enough_in_belgium", MET, "four-fifths-in-belgium"),
        ("granted", MET, "approval-held"),
        ("pensioner", MET, "pensioner"),
        ("dimona_accepted", MET, "dimona-accepted"),
        ("approval_pending", NEEDS_DECISION, "approval-pending"),
        ("approval_elsewhere", NEEDS_DECISION, "approval-other-quarter"),
        ("approval_needed", NEEDS_DECISION, "approval-needed"),
        ("pension_in_time", NEEDS_DECISION, "foreign-pension"),
        ("pension_in_doubt", UNKNOWN, "pension-day-not-settled"),
        ("dimona_differs", UNKNOWN, "dimona-and-facts-differ"),
        ("approval_refused", NOT_MET, "approval-refused"),
        ("", NOT_MET, "below-four-fifths"),
    ],
    "no_reduction": [
        ("not_reduced", MET, "no-reduction"),
        ("pensioner", MET, "pensioner-not-tested"),
        ("pension_in_time", NEEDS_DECISION, "foreign-pension"),
        ("pension_in_doubt", UNKNOWN, "pension-day-not-settled"),
        ("granted", UNKNOWN, "approval-and-reduction"),
        ("", NOT_MET, "reduced-from-full-time"),
    ],
    "own_employer": [("own_contract", NOT_MET, "own-employer-tie"), ("", MET, "no-tie")],
    "severance": [("own_severance", NOT_MET, "severance-with-flexi-employer"), ("", MET, "no-tie")],
    "notice": [("own_notice", NOT_MET, "notice-with-flexi-employer"), ("", MET, "no-tie")],
    "agency_user": [("", MET, "does-not-apply")],
    "affiliated": [
        ("affiliated_job", NOT_MET, "affiliated-tie"),
        ("affiliated_statute", UNKNOWN, "statutory-tie-not-settled"),
        ("", MET, "no-tie"),
    ],
    "framework_agreement": [("signed", MET, "framework-agreement-signed"), ("", NOT_MET, "no-framework-agreement")],
    "declaration": [
        ("blocked", NOT_MET, "declaration-blocked"),
        ("filed_late", NOT_MET, "declared-late"),
        ("filed_early", NOT_MET, "declared-too-early"),
        ("", MET, "declared-in-time"),
    ],
}
"""Of each condition what decides it, first match first: a boolean by its name, the verdict and the reason.

The booleans are what each competitor writes by hand.
"""


def day(value):
    """A date as days since 1970."""
    return (value - EPOCH).days


# --- the rows --------------------------------------------------------------------------------------------------------


def rows(number, seed=20261127):
    """So many rows as a PyArrow table: every reason that there is for such rows is met in 100,000."""
    draw = np.random.default_rng(seed)
    start = day(FIRST_DAY) + np.where(draw.random(number) < 0.4, 0, draw.integers(0, 92, number))
    columns = {
        "application": np.arange(1, number + 1),
        "quarter": np.zeros(number, dtype=np.int8),
        "employer": draw.integers(1, 5_000, number, dtype=np.int32),
        "start": start,
        "birth_date": draw.integers(day(date(1950, 1, 1)), day(date(2008, 1, 1)), number),
        "joint_committee": _mixed(draw, number, {code: 10 if code < 10 else 1 for code in range(len(COMMITTEES))}),
        "public": np.zeros(number, dtype=np.bool_),
        "activity": _mixed(draw, number, {0: 93, 1: 2, 2: 3, 3: 2}),
        "full_time": np.full(number, FULL_TIME, dtype=np.int32),
        **_work(draw, number),
        **_pension(draw, number, start),
        "decision": _mixed(draw, number, {0: 92, 1: 5, 2: 3}),
        "other_approval": draw.random(number) < 0.06,
        "linked": draw.random(number) < 0.08,
    }
    columns |= _link(draw, columns)
    filed = _mixed(draw, number, {-31: 5, -10: 30, -1: 50, 0: 10, 1: 3, 9: 2})
    columns["framework_agreement"] = draw.random(number) < 0.97
    columns["filed_on"] = np.where(
        draw.random(number) < 0.05, day(FILE_FROM) - draw.integers(0, 2, number), start + filed
    )
    columns["result"] = _mixed(draw, number, {0: 60, 1: 25, 2: 3, 3: 12})
    columns["requested"] = draw.random(number) < 0.1
    return pa.table({name: _arrow(name, values) for name, values in columns.items()})


def _mixed(draw, number, weights):
    """Values by their weights."""
    shares = np.cumsum(list(weights.values())) / sum(weights.values())
    return np.array(list(weights))[np.searchsorted(shares, draw.random(number), side="right")]


def _sizes(draw, number):
    """Work of one quarter, often at one of the marks."""
    marks = {0: 10, 10_000: 45, 9_999: 5, 8_000: 12, 7_999: 5, 12_000: 3, -1: 20}
    found = _mixed(draw, number, marks)
    return np.where(found < 0, draw.integers(0, 15_001, number), found)


def _work(draw, number):
    belgian = _sizes(draw, number)
    abroad = np.where(draw.random(number) < 0.1, _sizes(draw, number), 0)
    # What is lacking to one of the marks shows more than any other size.
    abroad = np.where(draw.random(number) < 0.03, np.maximum(8_000 - belgian, 0), abroad)
    counted = np.minimum(belgian + abroad, 15_000)
    # With the flexi-job employer nobody has more than one full-time job.
    tied = np.where(draw.random(number) < 0.07, np.minimum(_sizes(draw, number), FULL_TIME), 0)
    third = np.minimum(counted + tied, 15_000)
    fourth, fifth = (np.where(draw.random(number) < 0.75, third, _sizes(draw, number)) for _ in "45")
    found = {"belgian_work": belgian, "counted_work": counted, "volume_t3": third, "volume_t4": fourth}
    return {name: values.astype(np.int32) for name, values in (found | {"volume_t5": fifth}).items()}


def _pension(draw, number, start):
    kind = _mixed(draw, number, {0: 82, 1: 14, 2: 2, 3: 2})
    begins = _mixed(draw, number, {-4000: 50, -180: 5, -1: 10, 0: 10, 1: 10, 20: 10, 200: 5})
    since = np.where(draw.random(number) < 0.05, day(LAST_DAY) + draw.integers(0, 2, number), start + begins)
    register = (kind > 0) & (draw.random(number) < 0.2)
    return {"pension": kind, "pension_since": np.ma.array(since, mask=kind == 0), "pension_register": register}


def _link(draw, columns):
    number, linked, start = len(columns["start"]), columns["linked"], columns["start"]
    own = draw.random(number) < 0.5
    numerator = _mixed(draw, number, {100: 40, 80: 20, 79: 5, 99: 5, 50: 20, 10: 5, 0: 5})
    since = start + _mixed(draw, number, {-2_000: 60, -1: 5, 0: 10, 1: 10, 200: 15})
    until = since + _mixed(draw, number, {0: 10, 1: 10, 1_900: 10, 1_999: 10, 2_000: 10, 3_000: 10})
    until = np.where(draw.random(number) < 0.1, day(FIRST_DAY) - draw.integers(0, 2, number), until)
    notice = start + _mixed(draw, number, {-90: 60, -1: 10, 0: 10, 100: 20})
    notice_until = notice + _mixed(draw, number, {0: 20, 14: 20, 80: 20, 120: 20})
    severance = day(FIRST_DAY) + _mixed(draw, number, {-60: 20, -1: 20, 0: 20, 50: 20})
    warned, paid = draw.random(number) < 0.2, draw.random(number) < 0.2
    drawn = {
        "link_employer": np.where(own, columns["employer"], draw.integers(5_000, 9_000, number)).astype(np.int32),
        "link_kind": _mixed(draw, number, {0: 40, 1: 20, 2: 10, 3: 10, 4: 20}),
        "link_numerator": numerator.astype(np.int32),
        "link_denominator": np.full(number, 100, dtype=np.int32),
        "link_from": since,
        "link_until": np.ma.array(np.maximum(since, until), mask=draw.random(number) < 0.5),
        "link_affiliated": draw.random(number) < 0.6,
        "link_notice_from": np.ma.array(notice, mask=~warned),
        "link_notice_until": np.ma.array(notice_until, mask=~warned),
        "link_severance_until": np.ma.array(severance, mask=~paid),
    }
    return {name: np.ma.array(v, mask=~linked | np.ma.getmaskarray(v)) for name, v in drawn.items()}


DAYS = ("start", "birth_date", "pension_since", "filed_on", "link_from", "link_until")
DAYS += ("link_notice_from", "link_notice_until", "link_severance_until")


def _arrow(name, values):
    """A column as PyArrow keeps it: of a few words as a dictionary, of days as dates."""
    plain, mask = np.ma.getdata(values), np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) else None
    if name in KINDS:
        return pa.DictionaryArray.from_arrays(pa.array(plain.astype(np.int8), mask=mask), pa.array(KINDS[name]))
    if name in DAYS:
        return pa.array(plain.astype(np.int32), mask=mask).cast(pa.date32())
    return pa.array(plain, mask=mask)


# --- one row as a case -----------------------------------------------------------------------------------------------


def case_of(row):
    """A row, a mapping of plain values, as the library's ``Case``."""
    import flexirules as f

    quarter, employer = f.Quarter(2026, 4), str(row["employer"])
    sector = f.Sector(joint_committee=row["joint_committee"], public=row["public"])
    declaration = f.Declaration(filed_on=row["filed_on"], result=row["result"], anomalies=())
    return f.Case(
        quarter=quarter,
        start=row["start"],
        worker=f.Worker(
            birth_date=row["birth_date"],
            employments=tuple(_jobs(row, employer)),
            pension=f.Pension(kind=row["pension"], since=row["pension_since"], register=row["pension_register"]),
        ),
        employer=f.Employer(employer, sector),
        function=f.Function(row["activity"]),
        engagements=(_engagement(row),) if row["linked"] else (),
        approvals=tuple(_approvals(row, quarter)),
        requests=(f.Request(quarter=quarter),) if row["requested"] else (),
        formalities=f.Formalities(framework_agreement=row["framework_agreement"], declaration=declaration),
    )


def _jobs(row, employer):
    """A sum above one full-time job is one such job with each of several employers, and the rest with another."""
    from flexirules import Employment, Quarter, WorkFraction

    third, whole = Quarter(2026, 1), row["full_time"]
    sums = (
        (third, "other", "belgium", row["belgian_work"]),
        (third, "abroad", "overseas", row["counted_work"] - row["belgian_work"]),
        (third, employer, "belgium", row["volume_t3"] - row["counted_work"]),
        (Quarter(2025, 4), "other", "belgium", row["volume_t4"]),
        (Quarter(2025, 3), "other", "belgium", row["volume_t5"]),
    )
    for quarter, name, scheme, total in sums:
        # Work with the flexi-job employer is one job: the library refuses a name twice.
        assert name != employer or total <= whole
        for place, done in enumerate(range(0, total, whole)):
            part = WorkFraction(min(whole, total - done), whole)
            mine = f"{name}-{place + 1}" if place else name
            yield Employment(quarter=quarter, employer=mine, fraction=part, status="employee", scheme=scheme)


def _engagement(row):
    from flexirules import Engagement, WorkFraction

    return Engagement(
        employer=str(row["link_employer"]),
        kind=row["link_kind"],
        fraction=WorkFraction(row["link_numerator"], row["link_denominator"]),
        from_=row["link_from"],
        until=row["link_until"],
        affiliated=row["link_affiliated"],
        notice_from=row["link_notice_from"],
        notice_until=row["link_notice_until"],
        severance_until=row["link_severance_until"],
    )


def _approvals(row, quarter):
    from flexirules import Approval, Quarter

    if row["decision"] != "none":
        yield Approval(quarter=quarter, granted=row["decision"] == "granted", issued_on=FILE_FROM)
    if row["other_approval"]:
        yield Approval(quarter=Quarter(2026, 3), granted=True, issued_on=FILE_FROM)


# --- the law by hand: what it comes to -------------------------------------------------------------------------------


def runs(ladder):
    """The verdicts of a ladder from the top, each with the booleans of its rungs; no booleans for all that is left."""
    for verdict, rungs in groupby(ladder, key=operator.itemgetter(1)):
        names = [name for name, _, _ in rungs]
        yield verdict, names if all(names) else []


BELOW_MET = {
    verdict: [condition for condition, ladder in LADDERS.items() if any(rung[1] == verdict for rung in ladder)]
    for verdict in (NOT_MET, UNKNOWN, NEEDS_DECISION)
}
"""Of each verdict below met, the lowest first, the conditions that can come to it."""
OUTCOME_OF = dict(zip((NOT_MET, UNKNOWN, NEEDS_DECISION, MET), WORDS["outcome"], strict=True))


def _decisive_words():
    """The text of every set of decisive conditions in the order of their codes; the first condition is the low bit."""
    yield ""
    for conditions in BELOW_MET.values():
        for bits in range(1, 1 << len(conditions)):
            yield " ".join(c.replace("_", "-") for place, c in enumerate(conditions) if bits >> place & 1)


DECISIVE = tuple(_decisive_words())
BEFORE = dict(zip(BELOW_MET, accumulate((2 ** len(c) - 1 for c in BELOW_MET.values()), initial=0), strict=False))
"""Of each verdict below met the last code of those before it."""


# --- Polars ----------------------------------------------------------------------------------------------------------


def by_polars(table):
    """Lazy expressions of Polars: the facts, what follows from them, the verdicts, and what these come to."""
    return _polars(_polars_frame(table).lazy(), len(table))


def by_polars_on_tables(table):
    """The same on five tables, which are put into wide rows before."""
    return _polars(_polars_wide(**{n: f.lazy() for n, f in _polars_frames(as_tables(table)).items()}), len(table))


def _polars_frames(tables):
    return {name: _polars_frame(table) for name, table in tables.items()}


def _polars_frame(table):
    """A table as a frame of Polars, in which what holds one of a few words is enumerated."""
    import polars as pl

    words = {field.name: _words(table[field.name]) for field in table.schema if pa.types.is_dictionary(field.type)}
    return pl.from_arrow(table).with_columns(pl.col(name).cast(pl.Enum(w)) for name, w in words.items())


def _polars_wide(applications, employments, approvals, engagements, pensions):
    """What is said of a worker in the row of the application: nobody looks for jobs read twice, or for what is open."""
    import polars as pl

    c = pl.col
    jobs = employments.join(applications.select("worker", own="employer"), on="worker")
    third, other, size = c("quarter") == "2026Q1", c("employer") != c("own"), c("numerator")
    of_jobs = {
        "belgian_work": third & other & (c("scheme") == "belgium"),
        "counted_work": third & other,
        "volume_t3": third,
        "volume_t4": c("quarter") == "2025Q4",
        "volume_t5": c("quarter") == "2025Q3",
    }
    jobs = jobs.select("worker", **{name: pl.when(mine).then(size).otherwise(0) for name, mine in of_jobs.items()})
    here = c("quarter") == "2026Q4"
    letters = approvals.group_by("worker").agg(
        granted=(here & c("granted")).any(), refused=(here & ~c("granted")).any(), other_approval=(~here).any()
    )
    links = engagements.select("worker", c("*").exclude("worker").name.prefix("link_"), linked=True)
    drawn = pensions.select("worker", "register", pension="kind", pension_since="since").rename(
        {"register": "pension_register"}
    )
    wide = applications
    for more in (jobs.group_by("worker").agg(c(*of_jobs).sum()), letters, links, drawn):
        wide = wide.join(more, on="worker", how="left")
    refused = pl.when(c("refused")).then(pl.lit("refused")).otherwise(pl.lit("none"))
    decision = pl.when(c("granted")).then(pl.lit("granted")).otherwise(refused)
    return wide.with_columns(
        c(*of_jobs).fill_null(0),
        c("linked", "other_approval").fill_null(value=False),
        full_time=pl.lit(FULL_TIME, pl.Int32),
        decision=decision.cast(pl.Enum(KINDS["decision"])),
    )


def _polars(wide, number):
    import polars as pl

    c = pl.col
    dimona = [("dimona_shown", "ok"), ("pension_in_doubt_shown", "unknown"), ("", "warning")]
    plan = (
        wide.with_columns(**_polars_beforehand())
        .with_columns(**_polars_facts())
        .with_columns(**_polars_consequences())
        .with_columns(*_polars_verdicts(), _polars_ladder("dimona", [(c(b) if b else None, w) for b, w in dimona]))
        .with_columns(**dict(_polars_below_met()))
        .with_columns(outcome=_polars_outcome(), decisive=_polars_decisive(), missing=pl.lit(""))
        .select("application", *ANSWER_COLUMNS)
    )

    # What is shared stands in the plan once: to look for more would take as long as tens of thousands of rows.
    settings = {"optimizations": pl.QueryOptFlags.none(), "engine": "in-memory" if number < MANY else "streaming"}

    def one():
        return plan.collect(**settings)

    def read(found):
        return found.sort("application").select(ANSWER_COLUMNS).to_dict(as_series=False)

    return one, read


def _polars_beforehand():
    """What several facts have in common."""
    import polars as pl

    c = pl.col
    return {
        "four_fifths": c("full_time") * 4,
        "declared_t3": c("volume_t3") - c("counted_work") + c("belgian_work"),
        "drawn": (c("pension") == "retirement") | (c("pension") == "survivor"),
        "own_link": c("link_employer") == c("employer"),
    }


def _polars_facts():
    """What the columns say, null where there is no link."""
    import polars as pl

    c = pl.col
    start, since, drawn, own = map(c, ("start", "pension_since", "drawn", "own_link"))

    def enough(name):
        return c(name) * 5 >= c("four_fifths")

    def reduced(name):
        return enough(name) & (c(name) < c("full_time"))

    def one_of(name, words):
        return reduce(operator.or_, [c(name) == word for word in words])

    ended_before = {
        name: (c("link_until") < end).fill_null(False) for name, end in (("T", FIRST_DAY), ("start", start))
    }
    reduced_size = (c("link_numerator") * 5 >= c("link_denominator") * 4) & (
        c("link_numerator") < c("link_denominator")
    )
    return {
        "sector_in_doubt": one_of("joint_committee", NOT_SETTLED),
        "function_barred": one_of("activity", BARRED),
        "enough_in_belgium": enough("belgian_work"),
        "enough": enough("counted_work"),
        "undecided": c("decision") == "none",
        "granted": c("decision") == "granted",
        "refused": c("decision") == "refused",
        "accepted": c("result") == "A",
        "registered": c("pension_register") == "belgium",
        "pension_in_time": (drawn & (since <= start)).fill_null(False),
        "pension_in_doubt": (drawn & (since > start) & (since <= LAST_DAY)).fill_null(False),
        "full_t4": c("volume_t4") >= c("full_time"),
        "reduced_t3": reduced("volume_t3"),
        "reduced_t3_shown": reduced("declared_t3"),
        "reduced_in_t4": (c("volume_t5") >= c("full_time")) & reduced("volume_t4"),
        "own_contract": own & (c("link_kind") != "flexi_job") & (c("link_from") <= start) & ~ended_before["T"],
        "own_severance": own & (c("link_severance_until") >= FIRST_DAY),
        "own_notice": own & (c("link_notice_from") <= LAST_DAY) & (c("link_notice_until") >= FIRST_DAY),
        "reduced_at_affiliate": ~own
        & c("link_affiliated")
        & (c("link_from") <= LAST_DAY)
        & ~ended_before["start"]
        & reduced_size,
        "signed": c("framework_agreement"),
        "blocked": c("result") == "B",
        "filed_late": c("filed_on") > start,
        "filed_early": c("filed_on") < FILE_FROM,
    }


def _polars_consequences():
    """What follows from the facts."""
    import polars as pl

    c = pl.col
    needed = c("enough") & c("undecided")
    pensioner = c("pension_in_time") & c("registered")
    shown = c("enough_in_belgium") & ~c("reduced_in_t4") & ~(c("full_t4") & c("reduced_t3_shown"))
    return {
        "pensioner": pensioner,
        "dimona_accepted": c("accepted") & (needed | c("pension_in_time") | c("pension_in_doubt")),
        "approval_needed": needed,
        "approval_pending": needed & c("requested"),
        "approval_elsewhere": needed & c("other_approval"),
        "dimona_differs": c("accepted") & ~c("refused"),
        "approval_refused": c("enough") & c("refused"),
        "not_reduced": ~(c("reduced_in_t4") | (c("full_t4") & c("reduced_t3"))),
        "affiliated_job": c("reduced_at_affiliate") & (c("link_kind") == "employment"),
        "affiliated_statute": c("reduced_at_affiliate") & (c("link_kind") == "statutory"),
        "dimona_shown": shown | pensioner,
        "pension_in_doubt_shown": c("pension_in_doubt") & c("registered"),
        "warning_may_be_ignored": c("granted") & ~c("filed_late"),
    }


def _polars_ladder(column, rungs):
    """A column of words: that of the first boolean that holds, or the last one."""
    import polars as pl

    kind = pl.Enum(WORDS[column])
    *above, (_, word) = rungs
    found = pl.lit(word, kind)
    for boolean, word in reversed(above):
        found = pl.when(boolean).then(pl.lit(word, kind)).otherwise(found)
    return found.alias(column)


def _polars_verdicts():
    import polars as pl

    for condition, ladder in LADDERS.items():
        levels = [(pl.any_horizontal(names) if names else None, verdict) for verdict, names in runs(ladder)]
        yield _polars_ladder(condition, levels)
        yield _polars_ladder(f"{condition}_reason", [(pl.col(b) if b else None, reason) for b, _, reason in ladder])


def _polars_below_met():
    """Of each verdict below met whether any condition comes to it, and which ones as bits."""
    import polars as pl

    for verdict, conditions in BELOW_MET.items():
        here = [pl.col(c) == pl.lit(verdict, pl.Enum(WORDS[c])) for c in conditions]
        yield verdict, reduce(operator.or_, here)
        bits = [pl.when(yes).then(pl.lit(1 << place, pl.UInt16)).otherwise(0) for place, yes in enumerate(here)]
        yield f"{verdict}_bits", reduce(operator.add, bits)


def _polars_outcome():
    import polars as pl

    return _polars_ladder("outcome", [(None if v == MET else pl.col(v), word) for v, word in OUTCOME_OF.items()])


def _polars_decisive():
    import polars as pl

    code = pl.lit(0, pl.UInt16)
    for verdict in reversed(BELOW_MET):
        bits = pl.col(f"{verdict}_bits") + pl.lit(BEFORE[verdict], pl.UInt16)
        code = pl.when(pl.col(verdict)).then(bits).otherwise(code)
    return pl.lit(pl.Series(DECISIVE)).gather(code)


# --- DuckDB ----------------------------------------------------------------------------------------------------------


def _quoted(words):
    return ", ".join(f"'{word}'" for word in words)


def _sql_case(rungs, kind):
    """A CASE that ends in its last word; only that word where it is the only one."""
    *above, (_, last) = rungs
    said = " ".join(f"WHEN {boolean} THEN '{word}'::{kind}" for boolean, word in above)
    return f"CASE {said} ELSE '{last}'::{kind} END" if above else f"'{last}'::{kind}"


def _sql_verdicts():
    for condition, ladder in LADDERS.items():
        verdicts = [(" OR ".join(names), verdict) for verdict, names in runs(ladder)]
        yield f"{_sql_case(verdicts, 'verdict')} AS {condition}"
        yield f"{_sql_case([(b, reason) for b, _, reason in ladder], 'reason')} AS {condition}_reason"


def _sql_outcome():
    holds = {v: " OR ".join(f"{c} = '{v}'" for c in conditions) for v, conditions in BELOW_MET.items()}
    return _sql_case([(holds.get(v, ""), word) for v, word in OUTCOME_OF.items()], "outcome")


def _sql_decisive():
    for verdict, conditions in BELOW_MET.items():
        bits = " + ".join(
            f"if({c} = '{verdict}', {1 << place}::USMALLINT, 0::USMALLINT)" for place, c in enumerate(conditions)
        )
        yield f"WHEN '{OUTCOME_OF[verdict]}' THEN {BEFORE[verdict]}::USMALLINT + {bits}"


# What is said of a worker in the row of the application: nobody looks for jobs read twice, or for what is open.
WIDE_OF_TABLES = f"""
CREATE TEMP VIEW wide AS
WITH jobs AS (
    SELECT worker,
        sum(numerator) FILTER (quarter = '2026Q1' AND e.employer <> a.employer AND scheme = 'belgium') AS belgian_work,
        sum(numerator) FILTER (quarter = '2026Q1' AND e.employer <> a.employer) AS counted_work,
        sum(numerator) FILTER (quarter = '2026Q1') AS volume_t3,
        sum(numerator) FILTER (quarter = '2025Q4') AS volume_t4,
        sum(numerator) FILTER (quarter = '2025Q3') AS volume_t5
    FROM employments AS e JOIN (SELECT worker, employer FROM applications) AS a USING (worker) GROUP BY worker),
letters AS (
    SELECT worker, bool_or(quarter = '2026Q4' AND granted) AS granted,
        bool_or(quarter = '2026Q4' AND NOT granted) AS refused, bool_or(quarter <> '2026Q4') AS other_approval
    FROM approvals GROUP BY worker)
SELECT a.*, {FULL_TIME}::INTEGER AS full_time,
    {", ".join(f"coalesce({name}, 0)::INTEGER AS {name}" for name in SUMS)},
    CASE WHEN l.granted THEN 'granted' WHEN l.refused THEN 'refused' ELSE 'none' END AS decision,
    coalesce(l.other_approval, false) AS other_approval,
    p.kind AS pension, p.since AS pension_since, p.register AS pension_register,
    n.worker IS NOT NULL AS linked, {", ".join(f"n.{name} AS link_{name}" for name in OF_A_LINK)}
FROM applications AS a LEFT JOIN jobs USING (worker) LEFT JOIN letters AS l USING (worker)
    LEFT JOIN engagements AS n USING (worker) LEFT JOIN pensions AS p USING (worker)
"""  # noqa: S608 - made of constants

# What only a few rows have stands behind CASE, which looks at no other rows.
SQL = f"""
WITH facts AS (
    SELECT *,
        joint_committee IN ({_quoted(NOT_SETTLED)}) AS sector_in_doubt,
        activity IN ({_quoted(BARRED)}) AS function_barred,
        belgian_work * 5 >= full_time * 4 AS enough_in_belgium,
        counted_work * 5 >= full_time * 4 AS enough,
        decision = 'none' AS undecided,
        decision = 'granted' AS granted,
        decision = 'refused' AS refused,
        result = 'A' AS accepted,
        pension_register = 'belgium' AS registered,
        CASE WHEN pension IN ('retirement', 'survivor') THEN pension_since <= start ELSE false END AS pension_in_time,
        CASE WHEN pension IN ('retirement', 'survivor')
            THEN pension_since > start AND pension_since <= DATE '{LAST_DAY}' ELSE false END AS pension_in_doubt,
        volume_t4 >= full_time AS full_t4,
        volume_t3 * 5 >= full_time * 4 AND volume_t3 < full_time AS reduced_t3,
        (volume_t3 - counted_work + belgian_work) * 5 >= full_time * 4
            AND volume_t3 - counted_work + belgian_work < full_time AS reduced_t3_shown,
        volume_t5 >= full_time AND volume_t4 * 5 >= full_time * 4 AND volume_t4 < full_time AS reduced_in_t4,
        CASE WHEN linked THEN link_employer = employer AND link_kind <> 'flexi_job' AND link_from <= start
            AND (link_until IS NULL OR link_until >= DATE '{FIRST_DAY}') ELSE false END AS own_contract,
        CASE WHEN linked THEN link_employer = employer AND link_severance_until >= DATE '{FIRST_DAY}'
            ELSE false END AS own_severance,
        CASE WHEN linked THEN link_employer = employer AND link_notice_from <= DATE '{LAST_DAY}'
            AND link_notice_until >= DATE '{FIRST_DAY}' ELSE false END AS own_notice,
        CASE WHEN linked THEN link_employer <> employer AND link_affiliated AND link_from <= DATE '{LAST_DAY}'
            AND (link_until IS NULL OR link_until >= start) AND link_numerator * 5 >= link_denominator * 4
            AND link_numerator < link_denominator ELSE false END AS reduced_at_affiliate,
        framework_agreement AS signed,
        result = 'B' AS blocked,
        filed_on > start AS filed_late,
        filed_on < DATE '{FILE_FROM}' AS filed_early
    FROM wide),
consequences AS (
    SELECT *,
        pension_in_time AND registered AS pensioner,
        accepted AND ((enough AND undecided) OR pension_in_time OR pension_in_doubt) AS dimona_accepted,
        enough AND undecided AS approval_needed,
        enough AND undecided AND requested AS approval_pending,
        enough AND undecided AND other_approval AS approval_elsewhere,
        accepted AND NOT refused AS dimona_differs,
        enough AND refused AS approval_refused,
        NOT (reduced_in_t4 OR (full_t4 AND reduced_t3)) AS not_reduced,
        reduced_at_affiliate AND link_kind = 'employment' AS affiliated_job,
        reduced_at_affiliate AND link_kind = 'statutory' AS affiliated_statute,
        (enough_in_belgium AND NOT reduced_in_t4 AND NOT (full_t4 AND reduced_t3_shown))
            OR (pension_in_time AND registered) AS dimona_shown,
        granted AND NOT filed_late AS warning_may_be_ignored
    FROM facts),
said AS (
    SELECT application, {", ".join(_sql_verdicts())},
        CASE WHEN dimona_shown THEN 'ok'::dimona WHEN pension_in_doubt AND registered THEN 'unknown'::dimona
            ELSE 'warning'::dimona END AS dimona,
        warning_may_be_ignored
    FROM consequences),
decided AS (SELECT *, {_sql_outcome()} AS outcome FROM said),
coded AS (SELECT *, CASE outcome {" ".join(_sql_decisive())} ELSE 0::USMALLINT END AS code FROM decided)
SELECT application, {", ".join("'' AS missing" if name == "missing" else name for name in ANSWER_COLUMNS)}
FROM coded JOIN decisive_words USING (code)
"""  # noqa: S608 - made of constants


def by_duckdb(table):
    """One query of DuckDB on a table of its own; the words of decisive conditions are a table too, by their code."""
    return _duckdb({"wide": table})


def by_duckdb_on_tables(table):
    """The same on five tables, which are put into wide rows before."""
    return _duckdb(as_tables(table), WIDE_OF_TABLES)


def _duckdb(tables, *beforehand):
    import duckdb

    connection = duckdb.connect()
    for name, table in tables.items():
        _create(connection, table, name)
    for statement in beforehand:
        connection.execute(statement)
    enums = {"verdict": WORDS["sector"], "reason": WORDS["sector_reason"]}
    enums |= {"outcome": WORDS["outcome"], "dimona": WORDS["dimona"], "decisive_kind": dict.fromkeys(DECISIVE)}
    for name, words in enums.items():
        connection.execute(f"CREATE TYPE {name} AS ENUM ({_quoted(words)})")
    connection.execute("CREATE TABLE decisive_words (code USMALLINT, decisive decisive_kind)")
    connection.executemany("INSERT INTO decisive_words VALUES (?, ?)", [*enumerate(DECISIVE)])

    # Parsed once, like the plan of Polars; it is planned and run anew each time.
    query = connection.sql(SQL)

    def one():
        return query.to_arrow_table()

    def read(found):
        return found.sort_by("application").select(ANSWER_COLUMNS).to_pydict()

    return one, read


def _create(connection, table, called):
    """The rows as a table of DuckDB, in which what holds one of a few words is enumerated."""
    enumerated = {
        name: _quoted(_words(column))
        for name, column in zip(table.column_names, table.columns, strict=True)
        if pa.types.is_dictionary(column.type)
    }
    columns = [
        f'"{name}"::ENUM({enumerated[name]}) AS "{name}"' if name in enumerated else f'"{name}"'
        for name in table.column_names
    ]
    connection.register("source", table)
    connection.execute(f"CREATE TABLE {called} AS SELECT {', '.join(columns)} FROM source")  # noqa: S608 - names of ours
    connection.unregister("source")


def _words(column):
    """The words of a column of one of a few."""
    return column.combine_chunks().dictionary.to_pylist()


# --- OpenFisca -------------------------------------------------------------------------------------------------------

FAR = 2**30
"""A day that never comes."""
NOBODY = -1
WITHOUT = {"link_severance_until": -FAR, "link_employer": NOBODY, "link_kind": NOBODY, "link_affiliated": False}
WITHOUT |= {"link_numerator": 0, "link_denominator": 1}
"""What stands for null; of all other days the one that never comes."""
READ = (
    *("employer", "start", "joint_committee", "activity", "full_time", "belgian_work", "counted_work"),
    *("volume_t3", "volume_t4", "volume_t5", "pension", "pension_since", "pension_register", "decision"),
    *("other_approval", "link_employer", "link_kind", "link_numerator", "link_denominator", "link_from", "link_until"),
    *("link_affiliated", "link_notice_from", "link_notice_until", "link_severance_until", "framework_agreement"),
    *("filed_on", "result", "requested"),
)
"""The columns that the law asks of; the application, the quarter and the day of birth are not among them."""


def _numbers(table):
    """The columns that are read as arrays of numpy: codes, days, and no nulls."""
    for name in READ:
        column = table[name].combine_chunks()
        if name in KINDS:
            column = column.indices.cast(pa.int32())
        elif name in DAYS:
            column = column.cast(pa.int32())
        if column.null_count:
            column = column.fill_null(WITHOUT.get(name, FAR))
        # The verdict on the agreement has the name of its column.
        yield "signed" if name == "framework_agreement" else name, column.to_numpy(zero_copy_only=False)


def _one_of(column, codes, words):
    return reduce(operator.or_, [column == codes[word] for word in words])


def _enough(size, full):
    return size * 5 >= full * 4


def _reduced(size, full):
    return _enough(size, full) & (size < full)


def _drawn(v):
    return _one_of(v("pension"), PENSION, ("retirement", "survivor"))


def _dropped(v, third):
    """Full-time in T-4 and reduced in T-3, or full-time in T-5 and reduced in T-4."""
    return v("reduced_in_t4") | ((v("volume_t4") >= v("full_time")) & _reduced(third, v("full_time")))


START, END = day(FIRST_DAY), day(LAST_DAY)
FORMULAS = {
    "sector_in_doubt": lambda v: _one_of(v("joint_committee"), COMMITTEE, NOT_SETTLED),
    "function_barred": lambda v: _one_of(v("activity"), ACTIVITY, BARRED),
    "enough_in_belgium": lambda v: _enough(v("belgian_work"), v("full_time")),
    "enough": lambda v: _enough(v("counted_work"), v("full_time")),
    "granted": lambda v: v("decision") == DECISION["granted"],
    "refused": lambda v: v("decision") == DECISION["refused"],
    "accepted": lambda v: v("result") == RESULT["A"],
    "registered": lambda v: v("pension_register") == REGISTER["belgium"],
    "pension_in_time": lambda v: _drawn(v) & (v("pension_since") <= v("start")),
    "pension_in_doubt": lambda v: _drawn(v) & (v("pension_since") > v("start")) & (v("pension_since") <= END),
    "pensioner": lambda v: v("pension_in_time") & v("registered"),
    "reduced_in_t4": lambda v: (v("volume_t5") >= v("full_time")) & _reduced(v("volume_t4"), v("full_time")),
    "not_reduced": lambda v: ~_dropped(v, v("volume_t3")),
    "dimona_accepted": lambda v: v("accepted") & (v("approval_needed") | v("pension_in_time") | v("pension_in_doubt")),
    "approval_needed": lambda v: v("enough") & (v("decision") == DECISION["none"]),
    "approval_pending": lambda v: v("approval_needed") & v("requested"),
    "approval_elsewhere": lambda v: v("approval_needed") & v("other_approval"),
    "dimona_differs": lambda v: v("accepted") & ~v("refused"),
    "approval_refused": lambda v: v("enough") & v("refused"),
    "own_link": lambda v: v("link_employer") == v("employer"),
    "own_contract": lambda v: (
        v("own_link")
        & (v("link_kind") != LINK_KIND["flexi_job"])
        & (v("link_from") <= v("start"))
        & (v("link_until") >= START)
    ),
    "own_severance": lambda v: v("own_link") & (v("link_severance_until") >= START),
    "own_notice": lambda v: v("own_link") & (v("link_notice_from") <= END) & (v("link_notice_until") >= START),
    "reduced_at_affiliate": lambda v: (
        ~v("own_link")
        & v("link_affiliated")
        & (v("link_from") <= END)
        & (v("link_until") >= v("start"))
        & _reduced(v("link_numerator"), v("link_denominator"))
    ),
    "affiliated_job": lambda v: v("reduced_at_affiliate") & (v("link_kind") == LINK_KIND["employment"]),
    "affiliated_statute": lambda v: v("reduced_at_affiliate") & (v("link_kind") == LINK_KIND["statutory"]),
    "blocked": lambda v: v("result") == RESULT["B"],
    "filed_late": lambda v: v("filed_on") > v("start"),
    "filed_early": lambda v: v("filed_on") < day(FILE_FROM),
    "dimona_shown": lambda v: (
        (v("enough_in_belgium") & ~_dropped(v, v("volume_t3") - v("counted_work") + v("belgian_work"))) | v("pensioner")
    ),
    "pension_in_doubt_shown": lambda v: v("pension_in_doubt") & v("registered"),
    "warning_may_be_ignored": lambda v: v("granted") & ~v("filed_late"),
}
"""The booleans, each from columns and other booleans."""


def _first_match(v, rungs):
    """The code of the first boolean that holds, or the last code.

    Arithmetic on single bytes: ``np.where`` and ``np.select`` take ten times as long.
    """
    *above, (_, last) = rungs
    found = np.uint8(last)
    for boolean, code in reversed(above):
        found = ((found ^ np.uint8(code)) * boolean(v)) ^ found
    return found


def _any(names):
    return lambda v: reduce(operator.or_, map(v, names))


def _is(condition, verdict):
    code = PLACE[condition][verdict]
    return lambda v: v(condition) == code


def _any_condition(verdict):
    here = [_is(c, verdict) for c in BELOW_MET[verdict]]
    return lambda v: reduce(operator.or_, [yes(v) for yes in here])


def _decisive(v):
    """The code of the decisive conditions: the bits of the lowest verdict that there is."""
    code = np.uint16(0)
    for verdict in reversed(BELOW_MET):
        bits = np.uint16(BEFORE[verdict])
        for place, condition in enumerate(BELOW_MET[verdict]):
            bits = _is(condition, verdict)(v) * np.uint16(1 << place) + bits
        code = ((code ^ bits) * v(verdict)) ^ code
    return code


def _openfisca_codes():
    """The formulas of the columns of the answer that are codes, by their names."""
    for condition, ladder in LADDERS.items():
        verdicts = [(_any(names), PLACE[condition][verdict]) for verdict, names in runs(ladder)]
        place = PLACE[f"{condition}_reason"]
        yield condition, verdicts
        yield f"{condition}_reason", [(_any([name]), place[reason]) for name, _, reason in ladder]
    yield "outcome", [(_any([verdict]), PLACE["outcome"][word]) for verdict, word in OUTCOME_OF.items()]
    dimona = {"dimona_shown": "ok", "pension_in_doubt_shown": "unknown", "": "warning"}
    yield "dimona", [(_any([name]), PLACE["dimona"][word]) for name, word in dimona.items()]


def openfisca_system(columns):
    """A tax-benefit system of one entity: the columns, the booleans, and the columns of the answer as codes."""
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = Entity("person", "persons", "A person", "")
    system = TaxBenefitSystem([person])

    def add(name, value_type, said=None, **more):
        fields = {"value_type": value_type, "entity": person, "definition_period": DateUnit.YEAR, "label": name, **more}
        if said:
            fields["formula"] = lambda who, period: said(lambda asked: who(asked, period))
        system.add_variable(type(name, (Variable,), fields))

    for name, values in columns.items():
        add(name, bool if values.dtype == np.bool_ else int)
    for name, said in FORMULAS.items():
        add(name, bool, said)
    for verdict in BELOW_MET:
        add(verdict, bool, _any_condition(verdict))
    for name, rungs in _openfisca_codes():
        if len(rungs) == 1:
            add(name, int, default_value=rungs[0][1])
        else:
            add(name, int, lambda v, rungs=rungs: _first_match(v, rungs))
    add("decisive", int, _decisive)
    return system


def by_openfisca(table):
    """Formulas of OpenFisca; a pass tells the time of the calculation, and that with a new population besides."""
    from openfisca_core.simulations import SimulationBuilder

    columns = dict(_numbers(table))
    system = openfisca_system(columns)
    asked = [name for name in ANSWER_COLUMNS if name != "missing"]

    def one():
        before = time.perf_counter()
        simulation = SimulationBuilder().build_default_simulation(system, count=len(table))
        for name, values in columns.items():
            simulation.set_input(name, "2026", values)
        ready = time.perf_counter()
        found = {name: simulation.calculate(name, "2026") for name in asked}
        after = time.perf_counter()
        return (after - ready, after - before), found

    def read(found):
        words = {**WORDS, "decisive": DECISIVE, "warning_may_be_ignored": (False, True)}
        said = {name: [words[name][code] for code in codes.tolist()] for name, codes in found.items()}
        return said | {"missing": [""] * len(table)}

    return one, read


# --- the library on the same rows ------------------------------------------------------------------------------------


def by_frame_polars(table):
    """``evaluate_frame`` on a frame of Polars."""
    return _evaluated_by_polars({"applications": table})


def by_frame_duckdb(table):
    """``evaluate_frame`` on a table of DuckDB, its answer as a table of PyArrow."""
    return _evaluated_by_duckdb({"applications": table})


def by_tables_polars(table):
    """``evaluate_frame`` on the same rows as five frames of Polars."""
    return _evaluated_by_polars(as_tables(table))


def by_tables_duckdb(table):
    """``evaluate_frame`` on the same rows as five tables of DuckDB, its answer as a table of PyArrow."""
    return _evaluated_by_duckdb(as_tables(table))


def _evaluated_by_polars(tables):
    from flexirules.frames import evaluate_frame

    frames = _polars_frames(tables)

    def one():
        return evaluate_frame(**frames)

    def read(found):
        return found.sort("application").select(ANSWER_COLUMNS).to_dict(as_series=False)

    return one, read


def _evaluated_by_duckdb(tables):
    import duckdb

    from flexirules.frames import evaluate_frame

    connection = duckdb.connect()
    for name, found in tables.items():
        _create(connection, found, name)

    def one():
        return evaluate_frame(**{name: connection.table(name) for name in tables}).to_arrow_table()

    def read(found):
        return found.sort_by("application").select(ANSWER_COLUMNS).to_pydict()

    return one, read


def as_tables(table):
    """The same rows as five tables: a job for each full-time job of a sum, in the order of the workers."""
    worker = table["application"].to_numpy()
    sums = {name: table[name].to_numpy() for name in SUMS}
    belgian, counted, third, fourth, fifth = sums.values()
    own = table["employer"].to_numpy()
    jobs = []
    for quarter, abroad, total, employer in (
        (0, False, belgian, 10_000),
        (0, True, counted - belgian, 20_000),
        (0, False, third - counted, own),
        (1, False, fourth, 10_000),
        (2, False, fifth, 10_000),
    ):
        for place in range(2):
            size = np.clip(total - place * FULL_TIME, 0, FULL_TIME)
            there = size > 0
            number = there.sum()
            with_whom = employer[there] if employer is own else employer + 1000 * place + worker[there] % 1000
            jobs.append((worker[there], np.full(number, quarter), with_whom, size[there], np.full(number, abroad)))
    whose, quarter, employer, size, abroad = map(np.concatenate, zip(*jobs, strict=True))
    order = np.argsort(whose, kind="stable")
    employments = {
        "worker": whose[order],
        "quarter": _few(quarter[order], ("2026Q1", "2025Q4", "2025Q3")),
        "employer": employer[order].astype(np.int32),
        "numerator": size[order].astype(np.int32),
        "denominator": np.full(len(order), FULL_TIME, dtype=np.int32),
        "status": _few(np.zeros(len(order)), ("employee",)),
        "scheme": _few(abroad[order], ("belgium", "overseas")),
    }
    said = table["decision"].combine_chunks().indices.to_numpy()
    decided, elsewhere = said > 0, table["other_approval"].to_numpy()
    approvals = {
        "worker": np.concatenate((worker[decided], worker[elsewhere])),
        "quarter": _few(np.repeat((0, 1), (decided.sum(), elsewhere.sum())), ("2026Q4", "2026Q3")),
        "granted": np.concatenate((said[decided] == DECISION["granted"], np.ones(elsewhere.sum(), dtype=np.bool_))),
    }
    links = table.filter(table["linked"])
    engagements = {"worker": links["application"]}
    engagements |= {name.removeprefix("link_"): links[name] for name in links.column_names if name.startswith("link_")}
    pensions = {"worker": worker, "kind": table["pension"]}
    pensions |= {"since": table["pension_since"], "register": table["pension_register"]}
    gone = {"full_time", *sums, "decision", "other_approval", "linked"}
    kept = [name for name in table.column_names if name not in gone and not name.startswith(("link_", "pension"))]
    return {
        "applications": table.select(kept).append_column("worker", pa.array(worker)),
        "employments": pa.table(employments),
        "approvals": pa.table(approvals),
        "engagements": pa.table(engagements),
        "pensions": pa.table(pensions),
    }


def _few(codes, words):
    """A column of one of a few words."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(words))


# --- the check and the times -----------------------------------------------------------------------------------------

POLARS, DUCKDB, OPENFISCA = "Polars by hand", "DuckDB by hand", "OpenFisca, calculation alone"
POLARS_ON_TABLES, DUCKDB_ON_TABLES = f"{POLARS}, five tables", f"{DUCKDB}, five tables"
WITH_INPUT = "OpenFisca, simulation and calculation"
COMPETITORS = {
    POLARS: ("polars", by_polars),
    DUCKDB: ("duckdb", by_duckdb),
    POLARS_ON_TABLES: ("polars", by_polars_on_tables),
    DUCKDB_ON_TABLES: ("duckdb", by_duckdb_on_tables),
    OPENFISCA: ("openfisca_core", by_openfisca),
    "evaluate_frame, Polars": ("polars", by_frame_polars),
    "evaluate_frame, DuckDB": ("duckdb", by_frame_duckdb),
    "evaluate_frame on five tables, Polars": ("polars", by_tables_polars),
    "evaluate_frame on five tables, DuckDB": ("duckdb", by_tables_duckdb),
}
OWN = {"evaluate_frame, Polars": POLARS, "evaluate_frame, DuckDB": DUCKDB}
OWN |= {
    "evaluate_frame on five tables, Polars": POLARS_ON_TABLES,
    "evaluate_frame on five tables, DuckDB": DUCKDB_ON_TABLES,
}
"""Of what the library does what one would write by hand."""
WIDE = {f"evaluate_frame on five tables, {kind}": f"evaluate_frame, {kind}" for kind in ("Polars", "DuckDB")}
WIDE |= {POLARS_ON_TABLES: POLARS, DUCKDB_ON_TABLES: DUCKDB}
"""Of what it does with five tables what it does with the same rows, wide."""


def competitors(table):
    """Of each that is installed its name, its pass and its reader."""
    for what, (module, by) in COMPETITORS.items():
        if importlib.util.find_spec(module) is not None:
            yield (what, *by(table))


def by_evaluate(row):
    """The cells of the answer to one row, by the library."""
    from flexirules import evaluate

    decision = evaluate(case_of(row))
    said = {name: (f.verdict.value, f.reason) for name, f in zip(VERDICT_COLUMNS, decision.findings, strict=True)}
    return {
        "outcome": decision.outcome.value,
        **{name: verdict for name, (verdict, _) in said.items()},
        **{f"{name}_reason": reason for name, (_, reason) in said.items()},
        "decisive": " ".join(f.condition for f in decision.findings if f.decisive),
        "dimona": decision.dimona.expected,
        "warning_may_be_ignored": decision.dimona.warning_may_be_ignored,
        "missing": " ".join(sorted(missing.path for missing in decision.missing)),
    }


def check(number=CHECKED, sample=SAMPLE):
    """Whether all say the same of every row, and of a sample the same as ``evaluate``; it prints what it found."""
    table = rows(number)
    places = sorted(Random(1).sample(range(number), sample))  # noqa: S311 - nothing here is secret
    true = [by_evaluate(row) for row in table.take(places).to_pylist()]
    first, good = None, True
    for what, one, read in competitors(table):
        found = read(one()[1] if what == OPENFISCA else one())
        first = first or found
        for name in ANSWER_COLUMNS:
            wrong = [p for p, row in zip(places, true, strict=True) if row[name] != found[name][p]]
            apart = [p for p, (a, b) in enumerate(zip(found[name], first[name], strict=True)) if a != b]
            if wrong or apart:
                good = False
                print(f"{what}: {name}: {len(wrong)} unlike evaluate {wrong[:5]}, {len(apart)} unlike {apart[:5]}")
        print(f"{what}: {number:,} rows compared, {sample:,} of them with evaluate")
    there_are = {(condition, reason) for condition, ladder in LADDERS.items() for _, _, reason in ladder}
    met = {(c, reason) for c in LADDERS for reason in (first or {}).get(f"{c}_reason", ())}
    print(f"{len(met)} of {len(there_are)} reasons by condition occurred; not: {sorted(there_are - met)}")
    print(f"{len(set((first or {}).get('decisive', ())))} sets of decisive conditions")
    return good


def times(number):
    """Of each competitor the best of several passes, which take turns, in nanoseconds a row."""
    found = {}
    passes = [*competitors(rows(number))]
    for _ in range(ROUNDS if number < 10**7 else 2):
        for what, one, _ in passes:
            gc.collect()
            before = time.perf_counter()
            answer = one()
            seconds = {what: time.perf_counter() - before}
            if what == OPENFISCA:
                seconds = dict(zip((OPENFISCA, WITH_INPUT), answer[0], strict=True))
            del answer
            for name, took in seconds.items():
                found[name] = min(found.get(name, math.inf), took)
    return {name: seconds / number * 1e9 for name, seconds in found.items()}


def main():
    """Check, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="ten million rows too")
    options = parser.parse_args()
    good = check()
    print()
    print(
        "| what | rows | ns a row | over the same by hand | over the same rows, wide | over OpenFisca with its inputs |"
    )
    print("|---|--:|--:|--:|--:|--:|")
    for number in (*SIZES, *([10**7] if options.large else [])):
        found = times(number)
        for what, nanoseconds in found.items():
            others = (found.get(OWN.get(what)), found.get(WIDE.get(what)), found.get(WITH_INPUT))
            ratios = " | ".join(f"{nanoseconds / other:.2f}" if other else "" for other in others)
            print(f"| {what} | {number:,} | {nanoseconds:,.1f} | {ratios} |")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
