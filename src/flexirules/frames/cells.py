"""The cell of every row: each number only as far as the law compares it, and all of it in four whole numbers.

Two rows with the same number come to the same in the conditions that it is about. Nothing here decides anything: one
row of each cell is decided by ``evaluate``, and the others of its cell like it. Rows that leave a job, a letter or a
party open are in no cell; each of them is decided by itself.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, reduce
from operator import or_
from typing import Final, NamedTuple

import narwhals as nw

from flexirules.case import before
from flexirules.errors import InvalidInput
from flexirules.frames.jobs import ODD, OWN, SIZELESS, SPECIAL, SUMS, worked
from flexirules.frames.kinds import ROW, Calendar, Frame, calendar_of, distinct, integers
from flexirules.frames.lookups import Lookup, looked_up
from flexirules.frames.reading import Fault, Read, flag, key_of, quarters
from flexirules.frames.ready import at_hand, letters_of, sums_known, sums_of
from flexirules.law import access, turns
from flexirules.law.formalities import file_from
from flexirules.law.ruleset import Era, Ruleset
from flexirules.predicate import atoms
from flexirules.quarter import Quarter
from flexirules.settle.cells import FINE, age_on

SCOPE: Final = "_scope"
WORK: Final = "_work"
LINKS: Final = "_links"
PAPERS: Final = "_papers"
CELLS: Final = (SCOPE, WORK, LINKS, PAPERS)
"""The four numbers: sector and function; employment and the reduction; the five ties; the day and the papers."""
SCOPE_TEXTS: Final = ("joint_committee", "nace", "nace_version", "authority", "activity")
SCOPE_FLAGS: Final = ("public", "bakery_fund")
"""The columns on sector and function."""
SAID: Final = (None, False, True)
"""What the number of a flag means."""
OPEN: Final = "_open"
"""1 for a row that does not name its parties: it is in no cell."""
BY_ITSELF: Final = -1
"""The number of a row whose work or whose links leave too much open for a cell, or are too many."""
DAY: Final = "_day"
"""Which of the days a row is of: quarter, first day of work, and era."""

_DOUBTFUL: Final = "_doubtful"
_LAWS: Final = tuple(f"{cell}_law" for cell in CELLS)
_JOINED: Final = ("_t", "_era", *_LAWS, "_first", "_start", "_last", "_turn", "_from")
"""Of a day: T, its era, which law it has of each kind of cell, the first day of T, of work, the last of T, the first
of T-1, and the first to file on."""


_SPAN: Final = 10**8
"""More than any day as a number."""


class Day(NamedTuple):
    """A quarter and a first day of work that occur, with the law of that day."""

    quarter: Quarter
    start: date
    era: Era


Meaning = Callable[[int], object]


class Digits:
    """What a number made of digits means, each digit below its size, whatever else is in the frame."""

    def __init__(self) -> None:
        self.size = 1
        self._digits: list[tuple[str, int, Meaning]] = []

    def next(self, name: str, size: int, meaning: Meaning = int) -> None:
        """One more digit."""
        self.size *= size
        self._digits.append((name, size, meaning))
        if self.size >= 2**63:
            raise InvalidInput("E-TOO-MANY", "applications", "the columns of text have too many different values")

    def read(self, number: int) -> tuple[object, ...]:
        """What a number says, digit by digit."""
        said = []
        for _, size, meaning in reversed(self._digits):
            number, digit = divmod(number, size)
            said.append(meaning(digit))
        return tuple(said[::-1])

    @property
    def names(self) -> tuple[str, ...]:
        """Of what each digit tells."""
        return tuple(name for name, _, _ in self._digits)


class Key(Digits):
    """Such a number in each row."""

    def __init__(self) -> None:
        super().__init__()
        self.number: nw.Expr = nw.lit(0, dtype=nw.Int64)

    def add(self, name: str, digit: nw.Expr, size: int, meaning: Meaning = int) -> None:
        """One more digit."""
        if size > 1:
            self.number = self.number * size + digit.cast(nw.Int64)
        self.next(name, size, meaning)


def _word(read: Read, name: str) -> Meaning:
    """What the code of a text means."""
    values = [None, *read.values.get(name, ())]
    return values.__getitem__


def _unless_nothing(key: Key) -> Meaning:
    """What a number means that is one more than that of a key, or 0."""
    # The same numbers come again and again in the cells of a frame.
    read = cache(key.read)
    return lambda number: read(number - 1) if number else None


def _between(cuts: "Cuts") -> Meaning:
    """Between which cuts a number lies."""
    return lambda passed: (*cuts[max(passed - 1, 0) : passed], "|", *cuts[passed : passed + 1])


def dated(applications: Read, law: Ruleset, chosen: tuple[tuple[str, str], ...]) -> tuple[Read, list[Day]]:
    """The applications with the days on which each depends; a start outside its quarter is a fault."""
    frame, start = applications.frame, applications.number("start")
    calendar = calendar_of(frame)
    pair = (
        nw.when((nw.col("quarter") > 0) & ~calendar.outside(start))
        .then(nw.col("quarter").cast(nw.Int64) * _SPAN + start)
        .otherwise(nw.lit(0))
    )
    frame = frame.with_columns(pair.cast(nw.Int64).alias(DAY))
    days: list[Day] = []
    pairs: list[int] = []
    for (found,) in sorted(integers(distinct(frame.filter(nw.col(DAY) > 0), DAY), DAY)):
        code, number = divmod(found, _SPAN)
        quarter = applications.values["quarter"][code - 1]
        assert isinstance(quarter, Quarter)
        if not number or quarter.first_day <= calendar.day(number) <= quarter.last_day:
            day = calendar.day(number) if number else quarter.first_day
            days.append(Day(quarter, day, law.on(day, chosen)))
            pairs.append(found)
    frame = looked_up(frame, applications.raw, Lookup(DAY, pairs, {DAY: [*range(1, len(days) + 1)]}))
    outside = (nw.col("quarter") > 0) & (nw.col(DAY) == 0)
    applications.faults.append(Fault("E-QUARTER", "quarter", "a quarter is needed", nw.col("quarter") == 0))
    applications.faults.append(Fault("E-START", "start", "the first day of work lies in the quarter", outside))
    return applications.of(frame), days


def _with_days(applications: Read, days: list[Day]) -> Read:
    """The applications with what of their days is compared."""
    eras = list(dict.fromkeys(day.era for day in days))
    marks, laws, calendar = _ages(eras), _laws(eras), calendar_of(applications.frame)
    joined = [_of_day(day, [eras.index(day.era), *laws[eras.index(day.era)]], marks, calendar) for day in days]
    names = (*_JOINED, *(f"_aged_{age}" for age in marks))
    columns = {name: [values[place] for values in joined] for place, name in enumerate(names)}
    lookup = Lookup(DAY, [*range(1, len(days) + 1)], columns)
    return applications.of(looked_up(applications.frame, applications.raw, lookup))


def _laws(eras: list[Era]) -> list[tuple[int, ...]]:
    """Of each era which law it has of each kind of cell: eras that say the same of it have one number."""
    said: list[list[tuple[object, ...]]] = [
        [(era.rows, era.nace, era.turns) for era in eras],
        [(era.employment, era.no_reduction, era.automatic_check, era.counting) for era in eras],
        [tuple(tuple(era.blocks(via).items()) for via in (False, True)) for era in eras],
        [(turns.IN_FORCE in era.turns,) for era in eras],
    ]
    return [*zip(*([list(dict.fromkeys(laws)).index(law) for law in laws] for laws in said), strict=True)]


def _of_day(day: Day, laws: list[int], marks: list[int], calendar: Calendar) -> list[int]:
    turn = before(day.quarter, 1)
    days = (
        day.quarter.first_day,
        day.start,
        day.quarter.last_day,
        turn.first_day if turn is not None else date.min,
        file_from(day.quarter),
        *(born_by(day.start, age) for age in marks),
    )
    return [day.quarter.index, *laws, *map(calendar.number, days)]


def _ages(eras: list[Era]) -> list[int]:
    return sorted({row.age for era in eras if era.age_read for row in era.age_practice})


def born_by(day: date, age: int) -> date:
    """The latest day of birth of those who have an age on a day."""
    born = date(day.year - age, day.month, min(day.day, 28))
    while age_on(day, born + timedelta(1)) >= age:
        born += timedelta(1)
    return born


Keys = dict[str, Key]


def in_cells(
    applications: Read,
    days: list[Day],
    employments: Read | None,
    approvals: Read | None,
    engagements: Read | None,
    pensions: Read | None,
) -> tuple[Frame, Keys]:
    """Of every application its row, its key, its day and its cells, and whether it is in none; and the four keys.

    The last digit of each is the law of its kind, and means an era that has it.
    """
    eras = list(dict.fromkeys(day.era for day in days))
    applications = _with_days(applications, days)
    frame, (scope, work, papers), told = _of_applications(applications, eras)
    # What is carried along is dropped as soon as nothing asks for it any more, and the longest table comes last.
    frame = _with_pension(frame, applications, pensions, work).drop("_turn")
    frame, links = _with_links(frame, applications, eras, engagements)
    frame = frame.drop("_first", "_start", "_last")
    frame = _with_letters(frame, approvals, work)
    frame = _with_jobs(frame, applications, eras, employments, work)
    known = [nw.col(name) == 1 for name in told] + [nw.col("_drawn") == 1, nw.col("_jobs_known") == 1]
    work.add("worker", flag(reduce(or_, known)), 2)
    _add_law(work, 1, eras)
    by_itself = nw.when(nw.col(_DOUBTFUL) == 1).then(nw.lit(BY_ITSELF)).otherwise(work.number)
    frame = frame.with_columns(by_itself.cast(nw.Int64).alias(WORK)).select(ROW, "application", DAY, OPEN, *CELLS)
    return frame, dict(zip(CELLS, (scope, work, links, papers), strict=True))


def _add_law(key: Key, kind: int, eras: list[Era]) -> None:
    laws = [law[kind] for law in _laws(eras)]
    key.add("law", nw.col(_LAWS[kind]), max(1, len(eras)), lambda number: eras[laws.index(number)])


def _of_applications(applications: Read, eras: list[Era]) -> tuple[Frame, tuple[Key, Key, Key], list[str]]:
    """What the applications alone show: the cells of scope and papers, and what belongs to the cells of work.

    And the three keys, of that of work the digits that are known so far, and the names of columns that tell something
    of the worker.
    """
    via = flag(applications.known("agency") | (applications.number("through_agency") == 2))
    frame = applications.frame.with_columns(via.alias("_via"), flag(applications.known("worker")).alias("_worker"))
    nameless = ~applications.known("employer") | ((nw.col("_via") == 1) & ~applications.known("agency"))
    scope, papers, work = Key(), Key(), Key()
    for name in SCOPE_TEXTS:
        scope.add(name, applications.number(name), applications.size(name), _word(applications, name))
    for name in SCOPE_FLAGS:
        scope.add(name, applications.number(name), 3 if name in applications.types else 1, SAID.__getitem__)
    for name in ("habitual_legislation", "result", "anomalies"):
        papers.add(name, applications.number(name), applications.size(name), _word(applications, name))
    papers.add("framework_agreement", applications.number("framework_agreement"), 3)
    papers.add("filed", _filed(applications), 4)
    for kind, key in ((0, scope), (3, papers)):
        key.add("via", nw.col("_via"), 2)
        _add_law(key, kind, eras)
    accepted = _codes(applications.values.get("result", []), "A")
    ages: Cuts = [(age, 1, True) for age in _ages(eras)]
    aged = Key()
    aged.add("age", nw.lit(0), len(ages) + 1, _between(ages))
    work.add("accepted", flag(applications.number("result").is_in(accepted)), 2)
    work.add("requested", flag(applications.number("requested") == 2), 2)
    work.add("age", _aged(applications, eras), len(ages) + 2, _unless_nothing(aged))
    told = {
        "_born": applications.number("birth_date") > 0,
        "_legislation": applications.number("habitual_legislation") > 0,
    }
    known = {
        "_approvals_known": (nw.col("_worker") == 1) & (applications.number("approvals_known") != 1),
        "_jobs_known": (nw.col("_worker") == 1) & (applications.number("employments_known") != 1),
        "_links_known": applications.number("engagements_known") != 1,
    }
    ready = {name: flag(condition) for name, condition in {**told, **known}.items()} | _ready(applications, eras)
    frame = frame.with_columns(
        scope.number.alias(SCOPE),
        papers.number.alias(PAPERS),
        work.number.alias(WORK),
        flag(nameless).alias(OPEN),
        *(number.cast(nw.Int64).alias(name) for name, number in ready.items()),
    )
    parties = [name for name in ("worker", "employer", "agency") if name in applications.types]
    carried = ("_via", "_worker", DAY, "_t", "_era", *_LAWS[1:3], "_first", "_start", "_last", "_turn")
    frame = frame.select(ROW, "application", *parties, *carried, OPEN, SCOPE, PAPERS, WORK, *ready)
    work.number = nw.col(WORK)
    return frame, (scope, work, papers), [*told]


def _ready(applications: Read, eras: list[Era]) -> dict[str, nw.Expr]:
    """What is at hand in the rows of the applications, and need not be looked for in another table."""
    found: dict[str, nw.Expr] = {_DOUBTFUL: nw.lit(0)}
    if at_hand(applications, "employments"):
        sums, odd = sums_of(applications, eras[0].tied_work if eras else "unknown")
        pieces = _pieces(sums, applications.number("full_time"), eras).number + 1
        known = sums_known(applications)
        found["_jobs_known"] = flag(known)
        found["_pieces"] = nw.when(known).then(pieces).otherwise(nw.lit(0))
        found[_DOUBTFUL] = flag(known & odd)
    if at_hand(applications, "approvals"):
        found["_letters_code"] = letters_of(applications)
    if at_hand(applications, "engagements"):
        linked = applications.number("linked")
        employer, agency = (name if name in applications.types else "" for name in ("employer", "agency"))
        number = _link(applications, "link_", (employer, agency), eras).number
        found["_link"] = nw.when(linked == 2).then(number + 2).otherwise(linked)
    if at_hand(applications, "pensions"):
        found["_kind"] = applications.number("pension")
        found["_since"] = applications.number("pension_since")
        foreign = _codes(applications.values.get("pension_register", []), "foreign")
        found["_foreign"] = flag(applications.number("pension_register").is_in(foreign))
        found["_drawn"] = flag(applications.number("pension") > 0)
    return found


def _nothing(name: str) -> nw.Expr:
    return nw.lit(0, dtype=nw.Int64).alias(name)


def _filed(applications: Read) -> nw.Expr:
    """Where the day of filing lies: 0 not known, 1 too early, 2 in time, 3 late."""
    filed = applications.number("filed_on")
    place = nw.when(filed == 0).then(nw.lit(0)).when(filed < nw.col("_from")).then(nw.lit(1))
    return place.when(filed <= nw.col("_start")).then(nw.lit(2)).otherwise(nw.lit(3)).cast(nw.Int64)


def _aged(applications: Read, eras: list[Era]) -> nw.Expr:
    """Which ages the worker has: 0 where that is not known or not asked."""
    born, marks = applications.number("birth_date"), _ages(eras)
    if not marks:
        return nw.lit(0, dtype=nw.Int64)
    reached = [flag(born <= nw.col(f"_aged_{age}")) for age in marks]
    return nw.when(born == 0).then(nw.lit(0)).otherwise(nw.sum_horizontal(nw.lit(1), *reached)).cast(nw.Int64)


def _with_letters(frame: Frame, approvals: Read | None, work: Key) -> Frame:
    """What the letters come to: 0 not known, 1 none, then for T none, refused or granted, with two flags each."""
    if "_letters_code" in frame.collect_schema():
        work.add("letters", nw.col("_letters_code"), 14)
        return frame
    if approvals is None or "worker" not in frame.collect_schema():
        return frame
    granted = approvals.number("granted")
    found = approvals.frame.with_columns(
        flag(granted != 1).alias("_doubt"), flag(nw.col("quarter") == 0).alias("_dateless"), granted.alias("_granted")
    )
    of_worker = found.group_by("worker").agg(
        nw.len().alias("_letters"), nw.col("_doubt").max(), nw.col("_dateless").max()
    )
    frame = frame.join(of_worker, on="worker", how="left")
    added = ["_letters", "_doubt", "_dateless"]
    mine, answer = nw.lit(0, dtype=nw.Int64), nw.lit(0, dtype=nw.Int64)
    index = quarters(approvals)
    if index is not None:
        for_quarter = (
            found.join(index, on="quarter", how="inner")
            .group_by("worker", "index")
            .agg(nw.len().alias("_mine"), nw.col("_granted").max())
        )
        frame = frame.join(for_quarter, left_on=["worker", "_t"], right_on=["worker", "index"], how="left")
        added += ["_mine", "_granted"]
        mine, answer = nw.col("_mine"), nw.col("_granted")
    frame = frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in added))
    known = nw.col("_approvals_known") == 1
    doubtful = (nw.col("_dateless") == 1) | (mine > 1) | ((mine == 1) & (answer == 0))
    state = 2 + answer * 4 + flag(nw.col("_letters") > 1) * 2 + nw.col("_doubt")
    code = nw.when(~known).then(nw.lit(0)).when(nw.col("_letters") == 0).then(nw.lit(1)).otherwise(state)
    work.add("letters", nw.col("_letters_code"), 14)
    coded = code.cast(nw.Int64).alias("_letters_code")
    doubted = flag((nw.col(_DOUBTFUL) == 1) | (known & doubtful)).alias(_DOUBTFUL)
    return frame.with_columns(coded, doubted).drop(*added)


def _with_pension(frame: Frame, applications: Read, pensions: Read | None, work: Key) -> Frame:
    """The pension: 0 not known, then its kind, where its first day lies, and its register."""
    added = ("_drawn", "_kind", "_since", "_foreign")
    if at_hand(applications, "pensions"):
        kind = applications.size("pension"), _word(applications, "pension")
    elif pensions is None or "worker" not in frame.collect_schema():
        return frame.with_columns(_nothing("_drawn"))
    else:
        foreign = _codes(pensions.values.get("register", []), "foreign")
        found = pensions.frame.select(
            nw.col("worker"),
            nw.lit(1, dtype=nw.Int64).alias("_drawn"),
            pensions.number("kind").alias("_kind"),
            pensions.number("since").alias("_since"),
            flag(pensions.number("register").is_in(foreign)).alias("_foreign"),
        )
        frame = frame.join(found, on="worker", how="left")
        frame = frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in added))
        kind = pensions.size("kind"), _word(pensions, "kind")
    since = nw.col("_since")
    timing = (
        nw.when(since == 0)
        .then(nw.lit(4))
        .when(since < nw.col("_turn"))
        .then(nw.lit(access.BEFORE_T1))
        .when(since <= nw.col("_start"))
        .then(nw.lit(access.BY_START))
        .when(since <= nw.col("_last"))
        .then(nw.lit(access.INSIDE_T))
        .otherwise(nw.lit(access.AFTER_T))
    )
    key = Key()
    key.add("kind", nw.col("_kind"), *kind)
    key.add("since", timing, 5)
    key.add("foreign", nw.col("_foreign"), 2)
    code = nw.when(nw.col("_drawn") == 1).then(key.number + 1).otherwise(nw.lit(0)).cast(nw.Int64)
    work.add("pension", nw.col("_pension_code"), key.size + 1, _unless_nothing(key))
    return frame.with_columns(code.alias("_pension_code")).drop(*added[1:])


Cuts = list[tuple[int, int, bool]]
"""Where numbers are cut: numerator, denominator, and whether what lies on the mark is on the far side."""


def _cuts(eras: list[Era]) -> list[Cuts]:
    """Where the law cuts each sum of work."""
    found: dict[str, set[tuple[int, int, bool]]] = {name: set() for name in access.WORK_FACTS}
    for era in eras:
        for tree in (*era.employment, *era.no_reduction, era.automatic_check):
            for atom in atoms(tree):
                if atom.fact in found:
                    mark = atom.constant
                    assert not isinstance(mark, str | bool | int | frozenset)
                    found[atom.fact].add((mark.numerator, mark.denominator, True))
                    if atom.operator not in ("<", ">="):
                        found[atom.fact].add((mark.numerator, mark.denominator, False))
    return [rising(cuts) for cuts in found.values()]


def rising(cuts: Iterable[tuple[int, int, bool]]) -> Cuts:
    """Cuts in the order in which a number passes them."""
    return sorted(cuts, key=lambda cut: (Fraction(cut[0], cut[1]), not cut[2]))


def _pieces(sums: list[nw.Expr], whole: nw.Expr | int, eras: list[Era]) -> Key:
    """On which side of its cuts each sum lies."""
    key = Key()
    for total, cuts in zip(sums, _cuts(eras), strict=True):
        key.add("sum", _piece(total, whole, cuts), len(cuts) + 1, _between(cuts))
    return key


def _piece(total: nw.Expr, whole: nw.Expr | int, cuts: Cuts) -> nw.Expr:
    """How many of the cuts a sum has passed; ``whole`` is a full-time job."""
    passed = [
        flag((total * below >= above * whole) if on else (total * below > above * whole)) for above, below, on in cuts
    ]
    return nw.sum_horizontal(*passed) if passed else nw.lit(0, dtype=nw.Int64)


def _with_jobs(frame: Frame, applications: Read, eras: list[Era], employments: Read | None, work: Key) -> Frame:
    """The pieces of all sums of work: 0 not known."""
    if at_hand(applications, "employments"):
        # All is Belgian or not by the sums alone: nobody works on own account, and no job leaves its size open.
        key = _pieces([nw.lit(0)] * len(access.WORK_FACTS), 1, eras)
        work.add("sums", nw.col("_pieces"), key.size + 1, _unless_nothing(key))
        return frame
    if employments is None or "worker" not in frame.collect_schema():
        return frame.with_columns(_nothing("_jobs_known"))
    parties = [name for name in ("employer", "agency") if name in applications.types]
    law = nw.col(_LAWS[1]).alias("_law")
    asked = frame.select(ROW, "worker", "_t", law, "_via", *(nw.col(name).alias(f"_{name}") for name in parties))
    jobs = worked(asked, parties, eras, employments, [law[1] for law in _laws(eras)])
    key = _pieces([nw.col(name) for name in SUMS], jobs.whole, eras)
    key.add(OWN, flag(nw.col(OWN) > 0), 2)
    for name in SIZELESS:
        key.add(name, nw.col(name), 2)
    odd = (nw.col(ODD) > 0) | _more_open(jobs.whole)
    pieces = jobs.frame.select(ROW, **jobs.columns).select(
        ROW, (key.number + 1).cast(nw.Int64).alias("_pieces"), flag(odd).alias("_odd")
    )
    frame = frame.join(pieces, on=ROW, how="left")
    # Who has no job in these quarters has worked nothing.
    frame = frame.with_columns(nw.col("_pieces").fill_null(1), nw.col("_odd").fill_null(0))
    known = nw.col("_jobs_known") == 1
    # By the reading that looks at each employer alone, sums over all do not say enough.
    by_itself = known if any(era.by_employer for era in eras) else known & (nw.col("_odd") == 1)
    known_pieces = nw.when(known).then(nw.col("_pieces")).otherwise(nw.lit(0))
    work.add("jobs", known_pieces, key.size + 1, _unless_nothing(key))
    return frame.with_columns(flag(by_itself | (nw.col(_DOUBTFUL) == 1)).alias(_DOUBTFUL))


def _more_open(whole: int) -> nw.Expr:
    """Whether sizes of jobs are open in a history that is not plain, or more than one in a quarter."""
    open_in = [nw.col(name) for name in SIZELESS]
    some = nw.sum_horizontal(*open_in) > 0
    if whole > FINE:
        return some
    return reduce(or_, (number > 1 for number in open_in)) | (some & (nw.col(SPECIAL) > 0))


def _codes(values: list[object], *wanted: str) -> list[int]:
    return [code for code, value in enumerate(values, 1) if value in wanted]


def _link(links: Read, prefix: str, parties: tuple[str, str], eras: list[Era]) -> Key:
    """One link: with whom, how large, and where its days lie; its columns have a prefix, and the parties have names."""
    whom: nw.Expr = nw.lit(3)
    for place, name in ((2, parties[1]), (1, parties[0])):
        if name and f"{prefix}employer" in links.types:
            same = (nw.col(f"{prefix}employer") == nw.col(name)).fill_null(value=False)
            whom = nw.when(same).then(nw.lit(place)).otherwise(whom)
    whom = nw.when(links.known(f"{prefix}employer")).then(whom).otherwise(nw.lit(0))
    sizes = rising({(m.numerator, m.denominator, True) for era in eras for m in era.tie_sizes})
    numerator, denominator = links.number(f"{prefix}numerator"), links.number(f"{prefix}denominator")
    size = nw.when(denominator <= 0).then(nw.lit(0)).otherwise(_piece(numerator, denominator, sizes) + 1)
    link = Key()
    link.add("whom", whom, 4)
    link.add("affiliated", links.number(f"{prefix}affiliated"), 3)
    link.add("kind", links.number(f"{prefix}kind"), links.size(f"{prefix}kind"), _word(links, f"{prefix}kind"))
    open_size = Key()
    open_size.add("size", nw.lit(0), len(sizes) + 1, _between(sizes))
    link.add("size", size, len(sizes) + 2, _unless_nothing(open_size))
    for name in ("from", "until", "notice_from", "notice_until", "severance_until"):
        link.add(name, _in_quarter(links.number(prefix + name)), 6 if prefix + name in links.types else 1)
    return link


def _with_links(frame: Frame, applications: Read, eras: list[Era], engagements: Read | None) -> tuple[Frame, Key]:
    """The cell of the links in T: 0 not known, 1 none, then the one or the two that there are."""
    key = Key()
    key.add("via", nw.col("_via"), 2)
    first_day = flag(nw.col("_start") == nw.col("_last"))
    if at_hand(applications, "engagements"):
        link = _link(applications, "link_", ("", ""), eras)
        key.add("links", nw.col("_link"), 2 + link.size, _links_read(link))
        key.add("last day", first_day, 2)
        _add_law(key, 2, eras)
        return frame.with_columns(key.number.alias(LINKS)), key
    if engagements is None or (key_of(engagements) == "worker" and "worker" not in applications.types):
        _add_law(key, 2, eras)
        return frame.with_columns(key.number.alias(LINKS)), key
    by = key_of(engagements)
    wanted = [name for name in ("employer", "agency") if name in applications.types]
    asked = frame.select(ROW, by, "_first", "_start", "_last", *(nw.col(n).alias(f"_{n}") for n in wanted))
    found = engagements.frame.join(asked, on=by, how="inner")
    employer, agency = (f"_{name}" if name in wanted else "" for name in ("employer", "agency"))
    link = _link(engagements, "", (employer, agency), eras)
    of_row = (
        found.with_columns(link.number.alias("_link"))
        .group_by(ROW)
        .agg(nw.len().alias("_links_held"), nw.col("_link").min().alias("_least"), nw.col("_link").max().alias("_most"))
    )
    frame = frame.join(of_row, on=ROW, how="left")
    frame = frame.with_columns(
        *(nw.col(name).fill_null(0).cast(nw.Int64) for name in ("_links_held", "_least", "_most"))
    )
    held, least, most = nw.col("_links_held"), nw.col("_least"), nw.col("_most")
    known = nw.col("_links_known") == 1
    if by == "worker":
        known = known & (nw.col("_worker") == 1)
    code = (
        nw.when(~known)
        .then(nw.lit(0))
        .when(held == 0)
        .then(nw.lit(1))
        .when(held == 1)
        .then(least + 2)
        .otherwise(2 + link.size + least * link.size + most)
    )
    key.add("links", code, 2 + link.size + link.size**2, _links_read(link))
    key.add("last day", first_day, 2)
    _add_law(key, 2, eras)
    number = nw.when(known & (held > 2)).then(nw.lit(BY_ITSELF)).otherwise(key.number)
    return frame.with_columns(number.cast(nw.Int64).alias(LINKS)).drop("_links_held", "_least", "_most"), key


def _links_read(link: Key) -> Meaning:
    """What the number of links means: not known, none, one or two."""

    def read(number: int) -> object:
        if number < 2:
            return number
        number -= 2
        if number < link.size:
            return (link.read(number),)
        return tuple(map(link.read, divmod(number - link.size, link.size)))

    return read


def _in_quarter(day: nw.Expr) -> nw.Expr:
    """Where a day lies: 0 not known, then before T, before, on and after the first day of work, and after T."""
    return (
        nw.when(day == 0)
        .then(nw.lit(0))
        .when(day < nw.col("_first"))
        .then(nw.lit(1))
        .when(day < nw.col("_start"))
        .then(nw.lit(2))
        .when(day == nw.col("_start"))
        .then(nw.lit(3))
        .when(day <= nw.col("_last"))
        .then(nw.lit(4))
        .otherwise(nw.lit(5))
        .cast(nw.Int64)
    )
