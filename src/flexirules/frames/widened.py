"""Five tables as wide rows: what the other tables say of an application of one quarter, ready in its row.

Only what is plain is said: jobs that leave nothing open, at most one letter for the quarter, at most one link. Of all
else the columns are null, which says that it is not known, and these rows are decided by their cells.
"""

from collections.abc import Mapping

import narwhals as nw

from flexirules.frames.columns import AT_HAND, DECISIONS, FLAG, NUMBER
from flexirules.frames.folded import ON_OWN_ACCOUNT
from flexirules.frames.jobs import ODD, OWN, SIZELESS, SUMS, worked
from flexirules.frames.kinds import ROW, Frame
from flexirules.frames.reading import Read, flag, key_of, quarter_indices
from flexirules.frames.ready import at_hand
from flexirules.law import access
from flexirules.law.ruleset import Era
from flexirules.quarter import Quarter


def can_be_widened(tables: Mapping[str, Read]) -> bool:
    """Whether all that is asked of a row is in its own columns, or in a table."""
    applications = tables["applications"]
    missing = [name for name in AT_HAND if not at_hand(applications, name)]
    keyed = {"worker", "application"} if "worker" in applications.types else {"application"}
    return all(name in tables and key_of(tables[name]) in keyed for name in missing)


def widened(tables: Mapping[str, Read], quarter: Quarter, era: Era) -> Read:
    """The applications of one quarter and era with the columns that replace the other tables."""
    read = tables["applications"]
    if "employments" in tables:
        read = _with_work(read, tables["employments"], quarter, era)
    if "approvals" in tables:
        read = _with_letters(read, tables["approvals"], quarter)
    if "engagements" in tables:
        read = _with_link(read, tables["engagements"])
    return _with_pension(read, tables["pensions"]) if "pensions" in tables else read


def _told(read: Read, name: str, key: str = "worker") -> nw.Expr:
    """Whether what a table shows of a worker, or of an application, is all that there is."""
    told = ~nw.col(key).is_null()
    known = f"{name}_known"
    return told & nw.col(known).fill_null(value=True) if known in read.types else told


def _with(read: Read, raw: Frame, types: Mapping[str, str], words: Mapping[str, Mapping[str, object]]) -> Read:
    return read._replace(raw=raw, types={**read.types, **types}, words={**read.words, **words})


def _with_work(read: Read, employments: Read, quarter: Quarter, era: Era) -> Read:
    indices = quarter_indices(employments)
    looked_at = [code for code, index in indices.items() if 3 <= quarter.index - index <= 5]
    jobs = employments.frame.filter(nw.col("quarter").is_in([0, *looked_at]))
    numbers = {"_t": quarter.index, "_law": 0, "_via": 0}
    same = (nw.lit(number, dtype=nw.Int32).alias(name) for name, number in numbers.items())
    asked = read.raw.select(ROW, "worker", nw.col("employer").alias("_employer"), *same)
    work = worked(asked, ("employer",), [era], employments.of(jobs), [0])
    frame = read.raw.join(work.frame, on=ROW, how="left").with_columns(
        nw.col(name).fill_null(0) for name in work.numbers
    )
    open_jobs = nw.sum_horizontal(*(work.columns[name] for name in (ODD, *SIZELESS)))
    plain = _told(read, "employments") & (open_jobs == 0)
    size = nw.when(plain).then(nw.lit(work.whole, dtype=nw.Int64))
    sums = {fact: work.columns[name] for name, fact in zip(SUMS, access.WORK_FACTS, strict=True)}
    frame = frame.with_columns(full_time=size, **sums, **{ON_OWN_ACCOUNT: work.columns[OWN] > 0}).drop(*work.numbers)
    return _with(read, frame, {column.name: NUMBER for column in AT_HAND["employments"]}, {})


def _with_letters(read: Read, approvals: Read, quarter: Quarter) -> Read:
    code = next((code for code, index in quarter_indices(approvals).items() if index == quarter.index), 0)
    granted, mine = approvals.number("granted"), (nw.col("quarter") == code) & (nw.col("quarter") > 0)
    letters = approvals.frame.select(
        "worker",
        flag(mine).alias("_mine"),
        flag(mine & (granted == 2)).alias("_granted"),
        flag(~mine & (granted == 2)).alias("_other"),
        flag((granted == 0) | (nw.col("quarter") == 0)).alias("_doubt"),
    )
    found = ("_mine", "_granted", "_other", "_doubt")
    frame = read.raw.join(letters.group_by("worker").agg(nw.col(*found).sum()), on="worker", how="left")
    frame = frame.with_columns(nw.col(*found).fill_null(0))
    answer = nw.when(nw.col("_granted") == 1).then(nw.lit("granted")).otherwise(nw.lit("refused"))
    said = nw.when(nw.col("_mine") == 0).then(nw.lit("none")).otherwise(answer)
    plain = _told(read, "approvals") & (nw.col("_doubt") == 0) & (nw.col("_mine") <= 1)
    columns = nw.when(plain).then(said).alias("decision"), (nw.col("_other") > 0).alias("other_approval")
    decisions = {word: word for word in DECISIONS}
    types = {column.name: column.type for column in AT_HAND["approvals"]}
    return _with(read, frame.with_columns(*columns).drop(*found), types, {"decision": decisions})


def _with_link(read: Read, engagements: Read) -> Read:
    key = key_of(engagements)
    names = [name for name in engagements.types if name != key]
    least = [nw.col(name).min().alias(f"link_{name}") for name in names]
    links = engagements.raw.group_by(key).agg(nw.len().alias("_links"), *least)
    # Of several links none is told: what is least of each column is what one link says only if there is one.
    frame = read.raw.join(links, on=key, how="left")
    number = nw.col("_links").fill_null(0)
    linked = nw.when(_told(read, "engagements", key) & (number <= 1)).then(number == 1).alias("linked")
    types = {"linked": FLAG} | {f"link_{name}": engagements.types[name] for name in names}
    words = {f"link_{name}": engagements.words[name] for name in names if name in engagements.words}
    return _with(read, frame.with_columns(linked).drop("_links"), types, words)


def _with_pension(read: Read, pensions: Read) -> Read:
    named = {"kind": "pension", "since": "pension_since", "register": "pension_register"}
    named = {name: column for name, column in named.items() if name in pensions.types}
    drawn = pensions.raw.select("worker", *(nw.col(name).alias(column) for name, column in named.items()))
    types = {column: pensions.types[name] for name, column in named.items()}
    words = {column: pensions.words[name] for name, column in named.items() if name in pensions.words}
    return _with(read, read.raw.join(drawn, on="worker", how="left"), types, words)
