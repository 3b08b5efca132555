"""Terms over columns: both engines say of every row what the term says, as plain Python reads it."""

import operator
from datetime import date, timedelta
from itertools import product

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexirules.frames.answers import WORDS
from flexirules.frames.derived import derived, filtered, times
from flexirules.frames.terms import (
    NOTHING,
    Term,
    added,
    alike,
    bits,
    code,
    column,
    digits,
    every,
    filled,
    flag,
    found,
    no,
    number,
    said,
    some,
    spaced,
    term,
    unless,
    where,
    within,
    word,
    worded,
)

MARK = date(2026, 10, 1)
VALUES = {
    "yes": (None, False, True),
    "also": (None, False, True),
    "size": (None, 3, 4, 5),
    "word": (None, "x", "y", "z"),
    "day": (None, MARK - timedelta(1), MARK, MARK + timedelta(1)),
    "name": ("one", " one", ""),
}
ROWS = [dict(zip(VALUES, row, strict=True)) for row in product(*VALUES.values())]
"""Every combination of what may stand in a row."""
FULL = [row for row in ROWS if None not in row.values()]
TYPES = {"size": pl.Int32, "word": pl.Enum(["z", "x", "y"]), "day": pl.Date, "yes": pl.Boolean, "also": pl.Boolean}
COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
COMPARED |= {"==": operator.eq, "!=": operator.ne, "+": operator.add, "-": operator.sub}


def frame_of(kind, rows):
    """The rows as a lazy frame."""
    table = pl.DataFrame({"row": range(len(rows))} | {name: [r[name] for r in rows] for name in VALUES}).cast(TYPES)
    if kind == "polars":
        return nw.from_native(table.lazy())
    connection = duckdb.connect()
    CONNECTIONS.append(connection)
    connection.register("given", table.to_arrow())
    words = ", ".join(f"'{word}'" for word in TYPES["word"].categories)
    connection.execute(f"CREATE TABLE t AS SELECT * REPLACE (word::ENUM({words}) AS word) FROM given")  # noqa: S608 - ours
    return nw.from_native(connection.table("t"))


CONNECTIONS = []
"""They are closed when nobody knows them any more."""
FRAMES = {(kind, len(rows)): frame_of(kind, rows) for kind in ("polars", "duckdb") for rows in (ROWS, FULL)}


def value(each, row):  # noqa: C901 - a case for each operation
    """What a term is in a row, read as its words say; a comparison with nothing does not hold."""
    if isinstance(each, bool):
        return each
    args = each.args
    match each.op:
        case "column" | "flag":
            return row[args[0]] if each.op == "column" else row[args[0]] is True
        case "constant":
            return args[0]
        case "number":
            return None if row[args[0]] is None else row[args[0]] * args[1]
        case "filled":
            return args[1] if row[args[0]] is None else row[args[0]]
        case "word":
            return row[args[0]] in args[1]
        case "missing":
            return value(args[0], row) is None
        case "spaced":
            return row[args[0]] != row[args[0]].strip() or not row[args[0]]
        case "within":
            return all(row[name] is None or args[1] <= row[name] <= args[2] for name in args[0])
        case "and" | "or":
            return (all if each.op == "and" else any)(value(part, row) for part in args)
        case "not":
            return not value(args[0], row)
        case "where":
            condition, then, otherwise = args
            return value(then, row) if value(condition, row) else otherwise
        case "said":
            return {None: 0, False: 1, True: 2}[row[args[0]]]
        case "code":
            return dict(args[1]).get(row[args[0]], 0)
        case "digits":
            total = 0
            for digit, size in args[0]:
                total = total * size + value(digit, row)
            return total
        case "found":
            place, keys, values = args
            absent = None if isinstance(values[0], str) else 0
            return dict(zip(keys, values, strict=True)).get(value(place, row), absent)
        case "worded":
            return next((word for truth, word in args[1] if value(truth, row)), args[2])
        case "bits":
            return sum(value(truth, row) << place for place, truth in enumerate(args[0]))
        case "added":
            return next((value(each, row) + more for truth, each, more in args[0] if value(truth, row)), 0)
    one, other = (value(part, row) for part in args)
    missing = one is None or other is None
    if each.op in "+-":
        return None if missing else COMPARED[each.op](one, other)
    return not missing and COMPARED[each.op](one, other)


SIZES = st.sampled_from([number("size"), number("size", 4), number("size", 50), number("size", 5) - number("size")])
MARKS = st.sampled_from([term(4), term(15), term(20), number("size", 4), number("size") + number("size", 3)])
DAYS = st.sampled_from([column("day"), filled("day", MARK)])
PLAIN = st.one_of(
    st.sampled_from([flag("yes"), flag("also"), column("day").missing, column("word").there, spaced("name")]),
    st.lists(st.sampled_from("xyz"), unique=True).map(lambda words: word("word", words)),
    st.builds(lambda op, one, other: Term(op, (one, other)), st.sampled_from(["<", "<=", ">", ">="]), SIZES, MARKS),
    st.builds(lambda op, day: Term(op, (day, term(MARK))), st.sampled_from(["<", "<=", ">", ">="]), DAYS),
    st.sampled_from([number("size").same(4), number("size").differs(4), said("also").same(1)]),
    st.sampled_from([term(3) < 4, term(MARK) > MARK]),
    st.sampled_from([within(["day"], MARK, MARK), within([], MARK, MARK)]),
    st.booleans(),
)
TRUTHS = st.recursive(
    PLAIN,
    lambda parts: st.one_of(
        st.lists(parts, max_size=3).map(lambda found: every(*found)),
        st.lists(parts, max_size=3).map(lambda found: some(*found)),
        parts.map(no),
        st.builds(where, parts, parts, otherwise=st.booleans()),
    ),
    max_leaves=12,
)


def ladder(truths, words):
    """A word for each truth, and one that stands where none holds."""
    rungs = [(truth, word) for truth, word in zip(truths, words, strict=False) if not isinstance(truth, bool)]
    return worded("dimona", [*rungs, (True, words[-1])])


def check(wanted, rows, **options):
    """Whether both engines say of each row what plain Python says."""
    for kind in ("polars", "duckdb"):
        made = derived(FRAMES[kind, len(rows)], wanted, ["row"], **options).collect().sort("row")
        for name, each in wanted.items():
            assert made[name].to_list() == [value(each, row) for row in rows], (kind, name)


@given(st.lists(TRUTHS, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_truths(truths):
    """Truths of any depth, with what is not there anywhere, several at once and with parts in common."""
    check({f"truth {place}": truth for place, truth in enumerate(truths)}, ROWS)


@given(st.lists(TRUTHS, min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_rows_of_which_nothing_is_missing(truths):
    """Where it is said that columns are full the same is found, at less cost."""
    check({f"truth {place}": truth for place, truth in enumerate(truths)}, FULL, dense=VALUES)


@given(st.lists(TRUTHS, min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_what_is_made_of_truths(truths):
    """Words by ladders, bits, and small numbers by what holds first, some of them made of others."""
    words = WORDS["dimona"]
    held = [truth for truth in truths if isinstance(truth, Term)]
    named = ladder(truths, words)
    wanted = (
        {"word": named, "is ok": named.same("ok"), "bits": bits(held), "none": NOTHING} if held else {"word": named}
    )
    if held:
        wanted["added"] = added([(truth, bits(held), 7) for truth in held])
    check({name: each for name, each in wanted.items() if each != NOTHING}, ROWS)


@given(TRUTHS, st.lists(PLAIN, max_size=3))
@settings(max_examples=200)
def test_unless(truth, never):
    """Where it is known that some truths do not hold, a truth says the same without them."""
    never = {each for each in never if isinstance(each, Term)}
    short = unless(truth, never)
    for row in ROWS:
        if not any(value(each, row) for each in never):
            assert value(short, row) == value(truth, row)


@given(st.lists(PLAIN, max_size=4), st.lists(PLAIN, max_size=2))
@settings(max_examples=200)
def test_every_and_some(parts, others):
    """What is said twice, or is so in all rows, changes nothing."""
    for joined, plain in ((every, all), (some, any)):
        whole = joined(joined(*parts), *others, *parts)
        for row in ROWS:
            assert value(whole, row) == plain(value(part, row) for part in (*parts, *others))


class TestPlaces:
    """What stands for a number made of what a row says."""

    codes = code("word", {"x": 1, "z": 2, "y": 2})
    place = digits([(codes, 3), (said("also"), 3)])

    def test_numbers(self):
        """A number of its own for each combination, and what stands for it; 0 where nothing does."""
        wanted = {"code": self.codes, "said": said("yes"), "place": self.place}
        wanted |= {"found": found(self.place, [0, 4, 8], [3, 300, 5]), "few": found(self.place, [8], [1])}
        check(wanted, ROWS)
        check(wanted, FULL, dense=VALUES)

    def test_texts(self):
        """A text stands for a number likewise; what stands at one place is looked up at once."""
        check(
            {"text": found(self.place, range(9), "abcdefghi"), "other": found(self.place, range(9), "ihgfedcba")}, ROWS
        )

    def test_codes_in_the_order_of_a_type(self):
        """Where the codes are the places of the words in the type of the column nothing is looked up."""
        check({"code": code("word", {"z": 1, "x": 2, "y": 3})}, ROWS)

    @pytest.mark.parametrize("size", [2**31, 2**40])
    def test_large_numbers(self, size):
        """Numbers of more than 32 bits, that are found in a list of pairs."""
        place = digits([(said("yes"), 3), (said("also"), size)])
        check({"place": place, "found": found(place, [0, 2, size, 2 * size + 1], [1, 2, 3, 4])}, ROWS)


def test_columns_of_text():
    """Words of a column that is not enumerated have their codes too."""
    table = pl.DataFrame({"word": ["x", None, "y", "it's"]})
    wanted = {"code": code("word", {"it's": 1, "x": 2, "y": 3}), "held": word("word", ["it's"])}
    for frame in (table.lazy(), duckdb.from_arrow(table.to_arrow())):
        made = derived(nw.from_native(frame), wanted, ["word"]).collect()
        found = {row["word"]: (row["code"], row["held"]) for row in made.iter_rows(named=True)}
        assert found == {"x": (2, False), None: (0, False), "y": (3, False), "it's": (1, True)}


def test_the_same_in_all_rows():
    """A word that all rows have; in DuckDB it is of a type of its few words, or of many."""
    wanted = {
        "word": alike(["b", "a"], "a"),
        "many": alike([str(n) for n in range(200)], "7"),
        "none": NOTHING,
        "on": True,
    }
    for kind in ("polars", "duckdb"):
        made = derived(FRAMES[kind, len(FULL)], wanted, ["row"]).collect()
        assert made.drop("row").unique().rows() == [("a", "7", None, True)]


@pytest.mark.parametrize("kind", ["polars", "duckdb"])
def test_rows_in_which_it_holds(kind):
    """These rows are counted, or kept with all their columns."""
    truth = every(flag("yes"), number("size") > 3)
    expected = [place for place, row in enumerate(ROWS) if value(truth, row)]
    frame = FRAMES[kind, len(ROWS)]
    assert times(frame, truth) == len(expected)
    assert sorted(filtered(frame, truth).collect()["row"].to_list()) == expected
    assert filtered(frame, truth=True) is frame
    assert (times(frame, truth=True), times(frame, truth=False)) == (len(ROWS), 0)


@pytest.mark.parametrize("largest", [2**31 - 1, 2**63 - 1, 2**64 - 1])
def test_numbers_that_are_too_large(largest):
    """Products and differences of what is too large are no error in a row that does not matter."""
    table = pl.DataFrame({"size": pl.Series([1, largest], dtype=pl.UInt64 if largest >= 2**63 else None)})
    wanted = {"product": number("size", 50) > number("size"), "sum": number("size") + number("size") > term(1)}
    if largest < 2**63:
        table = table.cast(pl.Int32 if largest < 2**31 else pl.Int64)
    for frame in (table.lazy(), duckdb.from_arrow(table.to_arrow())):
        if largest == 2**64 - 1 and isinstance(frame, pl.LazyFrame):
            continue
        made = derived(nw.from_native(frame), wanted, ["size"]).collect().sort("size")
        assert (made["product"].to_list()[0], made["sum"].to_list()[0]) == (True, True)
