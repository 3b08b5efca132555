"""The law of one era folded to expressions over wide rows: the same trees that ``evaluate`` reads, column by column.

They hold for rows of which all that is asked is known (``known``): there every atom is true or false, and what is left
open is law that is not settled. Then a verdict is the highest level that a way reaches, the outcome is the lowest
verdict, and nothing is missing. That both engines agree is tested on rows drawn
at the edges of the law, in every quarter in which it changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_, ge, gt, le, lt, ne, or_
from typing import Any, Final, NamedTuple, TypeAlias

import narwhals as nw

from flexirules.finding import CONDITIONS
from flexirules.fraction import WorkFraction
from flexirules.frames.cells import born_by
from flexirules.frames.columns import MAX_NUMBER
from flexirules.frames.reading import Read
from flexirules.frames.ready import MOST_WORK
from flexirules.law import access, ties, turns
from flexirules.law.formalities import AHEAD, IN_TIME, LACKING, LATE, NOT_DATED, SIGNED, TOO_EARLY
from flexirules.law.ruleset import Era
from flexirules.predicate import LEVELS, MET, NOT_MET, UNKNOWN, Atom, Cited, Predicate, fold
from flexirules.settle.ties import FREE

Truth: TypeAlias = nw.Expr | bool
"""Whether something holds in a row; a plain boolean where it is so in all."""
Compared: TypeAlias = Callable[[Any, Any], nw.Expr]
"""A comparison of a column with a column or a constant."""
Rung: TypeAlias = tuple[Truth, int, str]
"""A truth with the verdict and the reason that it gives, where none before it holds."""
Ladder: TypeAlias = list[Rung]
"""Rungs of which the last always holds."""
OF_A_LINK: Final = ("link_employer", "link_kind", "link_numerator", "link_denominator", "link_from", "link_affiliated")
"""What is asked of every link."""
_FACTOR: Final = 5
_MOST_IN_32_BITS: Final = 2**31 // (_FACTOR * MOST_WORK) - 1
"""With full-time jobs of at most so many parts all sums can be compared in 32 bits, a few times as large."""
_SMALL: Final = (nw.Int8, nw.Int16, nw.Int32, nw.UInt8, nw.UInt16, nw.UInt32)


def every(*parts: Truth) -> Truth:
    """Whether all of these hold."""
    if any(part is False for part in parts):
        return False
    open_parts = [part for part in parts if not isinstance(part, bool)]
    return reduce(and_, open_parts) if open_parts else True


def some(*parts: Truth) -> Truth:
    """Whether any of these holds."""
    if any(part is True for part in parts):
        return True
    open_parts = [part for part in parts if not isinstance(part, bool)]
    return reduce(or_, open_parts) if open_parts else False


def no(part: Truth) -> Truth:
    """Whether this does not hold."""
    return not part if isinstance(part, bool) else ~part


def at_level(level: int, node: Predicate, atom: Callable[[Atom], Truth]) -> Truth:
    """Whether a tree comes to a level or more, where every atom is true or false."""
    return fold(
        node,
        atom=atom,
        settled=lambda verdict: verdict >= level,
        open_point=lambda _: level <= UNKNOWN,
        every=lambda parts: every(*parts),
        some=lambda parts: some(*parts),
        cited=lambda _, part: part,
    )


class Columns:
    """The columns of the applications as the law asks them."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._schema = read.raw.collect_schema()

    def present(self, name: str) -> bool:
        """Whether there is a column that says something."""
        return name in self._read.types

    def held(self, name: str) -> bool:
        """Whether there is a column, of the caller or of ours."""
        return name in self._schema

    def choices(self, name: str) -> list[object]:
        """The values of a column of text that may occur; null is none of them."""
        said = self._read.words.get(name, {}).values()
        return list(dict.fromkeys(value for value in said if value is not None))

    def word(self, name: str, values: Iterable[object]) -> Truth:
        """Whether a column of text holds one of some values."""
        said, wanted = self._read.words.get(name, {}).items(), frozenset(values)
        return self._holds(name, [word for word, value in said if value is not None and value in wanted])

    def bad(self, name: str) -> Truth:
        """Whether a column of text holds what cannot be read."""
        return self._holds(name, [word for word, value in self._read.words.get(name, {}).items() if value is None])

    def _holds(self, name: str, words: Sequence[str]) -> Truth:
        if not words:
            return False
        cell = nw.col(name)
        held = reduce(or_, (cell == word for word in words)) if len(words) <= 8 else cell.is_in(words)
        return held.fill_null(value=False)

    def flag(self, name: str) -> Truth:
        """Whether a column of booleans says yes."""
        return nw.col(name).fill_null(value=False) if self.present(name) else False

    def number(self, name: str, factor: int = 1) -> nw.Expr:
        """A column of whole numbers times a factor, wide enough for that; null for what is too large to be one."""
        cell, dtype = nw.col(name), self._schema[name]
        if self._narrow(name) and factor <= _FACTOR:
            return cell if factor == 1 else cell * factor
        if dtype in _SMALL:
            cell = cell.cast(nw.Int64)
        elif self._read.raw.implementation.is_duckdb():
            # There a product that is too large is an error, wherever it stands.
            cell = nw.when((cell > -MAX_NUMBER) & (cell < MAX_NUMBER)).then(cell.cast(nw.Int64))
        elif dtype != nw.Int64:
            cell = cell.cast(nw.Int64)
        return cell if factor == 1 else cell * factor

    def _narrow(self, name: str) -> bool:
        """Whether a column is compared in 32 bits: what these do not hold is no error in Polars."""
        return self._read.raw.implementation.is_polars() and bool(self._schema[name] == nw.Int32)

    def most(self, *names: str) -> int:
        """The largest full-time job, in parts, with which nothing becomes too large to be compared."""
        return _MOST_IN_32_BITS if any(map(self._narrow, names)) else MAX_NUMBER - 1


class Stages:
    """Expressions by the step in which they are worked out: what several others need is worked out once."""

    def __init__(self) -> None:
        self.steps: list[dict[str, nw.Expr]] = []
        self._names: dict[tuple[object, ...], str] = {}

    def keep(self, step: int, about: tuple[object, ...], truth: Callable[[], nw.Expr]) -> nw.Expr:
        """A column of an expression that is worked out in a step, once for all that is about the same."""
        name = self._names.get((step, *about))
        if name is None:
            name = self._names[step, *about] = f"_{step}_{len(self._names)}"
            while len(self.steps) <= step:
                self.steps.append({})
            self.steps[step][name] = truth()
        return nw.col(name)

    def held(self, step: int, about: tuple[object, ...], truth: Truth) -> Truth:
        """The same of a truth."""
        return truth if isinstance(truth, bool) else self.keep(step, about, lambda: truth)


BEFOREHAND, FACTS, RUNGS = range(3)
"""The steps before the verdicts: what is compared, the facts, and what follows from them."""


class Folded(NamedTuple):
    """The law of an era over wide rows.

    ``ladders``: of each condition, in the order of the law. ``shown``, ``shown_in_doubt``: whether the automatic check
    says yes, and whether it is not settled. ``ignored``: whether a warning may be.
    """

    ladders: dict[str, Ladder]
    shown: Truth
    shown_in_doubt: Truth
    ignored: Truth


class Days(NamedTuple):
    """The days of a quarter that are compared."""

    first: date
    last: date
    turn: date
    file_from: date


def folded(era: Era, days: Days, columns: Columns, stages: Stages, scope: Mapping[str, Ladder]) -> Folded:
    """The law of an era in a quarter; ``scope``: the ladders of sector and function."""
    facts = _Facts(era, days, columns, stages)
    work = {"employment": facts.employment(), "no-reduction": facts.no_reduction()}
    ladders = facts.papers() | dict(scope) | work | facts.links()
    automatic = [at_level(level, era.automatic_check, facts.atom) for level in (MET, UNKNOWN)]
    return Folded(
        ladders={name: _kept(stages, name, ladders[name]) for name in CONDITIONS},
        shown=stages.held(RUNGS, ("shown",), automatic[0]),
        shown_in_doubt=stages.held(RUNGS, ("doubt",), automatic[1]),
        ignored=every(columns.word("decision", ("granted",)), no(facts.late())),
    )


def _kept(stages: Stages, name: str, ladder: Ladder) -> Ladder:
    """A ladder of which every truth is a column, without what can never be reached.

    One of its rungs always holds, so that the last one needs not be asked.
    """
    reached: Ladder = []
    for truth, verdict, reason in ladder:
        if truth is not False:
            reached.append((truth, verdict, reason))
        if truth is True:
            break
    *above, (_, verdict, reason) = reached
    found = [(stages.held(RUNGS, (name, place), truth), v, r) for place, (truth, v, r) in enumerate(above)]
    return [*found, (True, verdict, reason)]


class _Facts:
    """The atoms of an era as truths over the columns."""

    def __init__(self, era: Era, days: Days, columns: Columns, stages: Stages) -> None:
        self._era = era
        self._days = days
        self._columns = columns
        self._stages = stages

    # --- work, pension and decisions ---------------------------------------------------------------------------------

    def atom(self, atom: Atom) -> Truth:
        """Whether one fact on work, pension or decisions passes its constant."""
        return self._stages.held(FACTS, ("atom", atom), self._atom(atom))

    def _atom(self, atom: Atom) -> Truth:
        fact, constant = atom.fact, atom.constant
        if fact in access.WORK_FACTS:
            assert isinstance(constant, WorkFraction)
            return self._compared(fact, atom.operator, constant)
        if fact == "pension_timing":
            assert isinstance(constant, int)
            by = self._drawn_by(constant)
            return by if atom.operator == "<=" else every(by, no(self._drawn_by(constant - 1)))
        if fact == "age":
            assert isinstance(constant, int)
            return self._aged(constant)
        if fact == "accepted":
            return self._yes(atom, self._columns.word("result", ("A",)))
        if fact == "no_decision":
            return self._yes(atom, self._columns.word("decision", ("none",)))
        if fact == "pension_register":
            # Where nothing is said it is the Belgian one.
            belgian = no(self._columns.word(fact, ("foreign",)))
            return belgian if atom.operator == "==" else no(belgian)
        values = constant if isinstance(constant, frozenset) else (constant,)
        held = self._columns.word(_COLUMN_OF[fact], values)
        return no(held) if atom.operator == "!=" else held

    @staticmethod
    def _yes(atom: Atom, truth: Truth) -> Truth:
        return truth if (atom.constant is True) == (atom.operator == "==") else no(truth)

    def _compared(self, fact: str, operator: str, mark: WorkFraction) -> Truth:
        """A sum of work against a part of a full-time job, exactly."""
        total = self._times(fact, mark.denominator)
        part = self._times("full_time", mark.numerator)
        return _COMPARED[operator](total, part)

    def _times(self, name: str, factor: int) -> nw.Expr:
        if factor == 1 and (column := self._column_of(name)) is not None:
            return self._columns.number(column)
        return self._stages.keep(BEFOREHAND, ("times", name, factor), lambda: self._sum(name, factor))

    def _sum(self, name: str, factor: int) -> nw.Expr:
        column = self._column_of(name)
        if column is not None:
            return self._columns.number(column, factor)
        # Work with the flexi-job employer was Belgian.
        parts = ("belgian_work", "counted_work", "volume_t3")
        belgian, counted, third = (self._columns.number(part, factor) for part in parts)
        return third - counted + belgian

    def _column_of(self, name: str) -> str | None:
        """The column of a sum: one of its own where the jobs are in a table."""
        return name if self._columns.held(name) else _SUM_COLUMNS.get(name)

    def _drawn_by(self, timing: int) -> Truth:
        """Whether a pension began before T-1, by the first day of flexi work, or in T."""
        compares, end = ((lt, self._days.turn), (le, nw.col("start")), (le, self._days.last))[timing]
        return self._stages.held(BEFOREHAND, ("drawn by", timing), self._day("pension_since", compares, end))

    def _aged(self, age: int) -> Truth:
        """Rows in which it depends on the day of the quarter are not among those of which all is known."""
        if not self._columns.present("birth_date"):
            return False
        return nw.col("birth_date") <= born_by(self._days.first, age)

    def employment(self) -> Ladder:
        """The ways in, the highest level first, and why none is open."""
        enough = self.atom(access.counted_work >= access.FOUR_FIFTHS)
        refused = no(self.atom(access.decision.differs("refused")))
        return [
            *self._by_level(self._era.employment),
            (every(enough, refused), NOT_MET, "approval-refused"),
            (self._on_own_account(), NOT_MET, "not-employee"),
            (True, NOT_MET, "below-four-fifths"),
        ]

    def _on_own_account(self) -> Truth:
        return nw.col(ON_OWN_ACCOUNT).fill_null(value=False) if self._columns.held(ON_OWN_ACCOUNT) else False

    def no_reduction(self) -> Ladder:
        """The ways of not being barred, the highest level first."""
        return [*self._by_level(self._era.no_reduction), (True, NOT_MET, "reduced-from-full-time")]

    def _by_level(self, ways: Sequence[Cited]) -> Iterator[Rung]:
        for level in reversed(LEVELS):
            for way in ways:
                truth = at_level(level, way, self.atom)
                if way.reason == "approval-needed":
                    yield every(truth, self._columns.flag("requested")), level, "approval-pending"
                    yield every(truth, self._columns.flag("other_approval")), level, "approval-other-quarter"
                yield truth, level, way.reason

    # --- the ties ----------------------------------------------------------------------------------------------------

    def links(self) -> dict[str, Ladder]:
        """What the one link blocks or leaves open; of two bars of one level the reason that comes last is given."""
        bars = self._era.blocks(via_agency=False)
        found: dict[str, Ladder] = {}
        for condition in ties.CONDITIONS:
            rungs: Ladder = []
            for level, verdict in ((MET, NOT_MET), (UNKNOWN, UNKNOWN)):
                for bar in sorted(bars.get(condition, ()), key=lambda bar: bar.reason, reverse=True):
                    rungs.append((at_level(level, bar, self._of_link), verdict, bar.reason))
            free = FREE[condition].reason if condition in bars else "does-not-apply"
            found[condition] = [*rungs, (True, MET, free)]
        return found

    def _of_link(self, atom: Atom) -> Truth:
        # Without these columns all is known only of rows that have no link.
        told = all(map(self._columns.present, OF_A_LINK))
        return self._stages.held(FACTS, ("link", atom), told and self._atom_of_link(atom))

    def _atom_of_link(self, atom: Atom) -> Truth:
        constant, own = atom.constant, self._own
        match atom.fact:
            case "place":
                affiliated = every(self._columns.flag("link_affiliated"), no(own()))
                place = {ties.EMPLOYER: own(), ties.USER: False, ties.AFFILIATE: affiliated}[str(constant)]
                return no(place) if atom.operator == "!=" else place
            case "kind":
                assert isinstance(constant, frozenset)
                return self._columns.word("link_kind", constant)
            case "size":
                assert isinstance(constant, WorkFraction)
                size = self._columns.number("link_numerator", constant.denominator)
                mark = self._columns.number("link_denominator", constant.numerator)
                return (size >= mark if atom.operator == ">=" else size < mark).fill_null(value=False)
        return self._spans(atom.fact)

    def _own(self) -> Truth:
        same = (nw.col("link_employer") == nw.col("employer")).fill_null(value=False)
        return self._stages.keep(BEFOREHAND, ("own link",), lambda: same)

    def _spans(self, fact: str) -> Truth:
        first, last, start = self._days.first, self._days.last, nw.col("start")
        owed_from = first if self._era.owed_from_first else start
        match fact:
            case "running":
                return every(self._day("link_from", le, last), no(self._day("link_until", lt, start)))
            case "begun":
                return every(self._day("link_from", le, start), no(self._day("link_until", lt, first)))
            case "notice":
                runs = self._day("link_notice_until", ge, owed_from)
                return every(self._day("link_notice_from", le, last), runs)
        return self._day("link_severance_until", ge, owed_from)

    def _day(self, name: str, compares: Compared, day: date | nw.Expr) -> Truth:
        """Whether a day is there and compares so with another."""
        return compares(nw.col(name), day).fill_null(value=False) if self._columns.present(name) else False

    # --- the day and the papers --------------------------------------------------------------------------------------

    def papers(self) -> dict[str, Ladder]:
        """Met by the first way that holds, not met by the first bar; what lies ahead is a fact."""
        ways, bars = self._era.formalities
        return {
            condition: [
                *((at_level(MET, way, self._of_papers), MET, way.reason) for way in ways[condition]),
                *((at_level(MET, bar, self._of_papers), NOT_MET, bar.reason) for bar in bars[condition]),
            ]
            for condition in ways
        }

    def late(self) -> Truth:
        """Whether it was filed after the first day of work."""
        return self._stages.held(BEFOREHAND, ("late",), self._day("filed_on", gt, nw.col("start")))

    def _of_papers(self, atom: Atom) -> Truth:
        return self._stages.held(FACTS, ("papers", atom), self._atom_of_papers(atom))

    def _atom_of_papers(self, atom: Atom) -> Truth:
        match atom.fact:
            case "in_force":
                return (turns.IN_FORCE in self._era.turns) == atom.constant
            case "blocked":
                return self._yes(atom, self._columns.word("result", ("B",)))
            case "legislation":
                # Where nothing is said it is the Belgian one.
                others = [v for v in self._columns.choices("habitual_legislation") if v != "belgian"]
                other = self._columns.word("habitual_legislation", others)
                return other if atom.operator == "!=" else no(other)
            case "agreement":
                return self._agreement(str(atom.constant))
        return self._filing(str(atom.constant))

    def _agreement(self, state: str) -> Truth:
        if not self._columns.present("framework_agreement"):
            return state == AHEAD
        signed = nw.col("framework_agreement")
        ahead = signed.is_null()
        yes = self._columns.flag("framework_agreement")
        return {SIGNED: yes, AHEAD: ahead, LACKING: every(no(ahead), no(yes))}.get(state, False)

    def _filing(self, state: str) -> Truth:
        filed, answered = nw.col("filed_on"), self._columns.present("result")
        told: Truth = ~nw.col("result").is_null() if answered else False
        if not self._columns.present("filed_on"):
            return {AHEAD: no(told), NOT_DATED: told}.get(state, False)
        early, late, undated = self._day("filed_on", lt, self._days.file_from), self.late(), filed.is_null()
        return {
            AHEAD: every(undated, no(told)),
            NOT_DATED: every(undated, told),
            LATE: late,
            TOO_EARLY: early,
            IN_TIME: every(no(undated), no(late), no(early)),
        }[state]


ON_OWN_ACCOUNT: Final = "_on_own_account"
"""A column: whether a worker has worked on own account in T-3. Sums that are ready in a row are of employees."""
_COMPARED: Final[Mapping[str, Compared]] = {"<": lt, ">=": ge, "!=": ne}
_COLUMN_OF: Final = {"decision": "decision", "pension_kind": "pension"}
_SUM_COLUMNS: Final = {
    **{name: name for name in ("full_time", "belgian_work", "counted_work", "volume_t3", "volume_t4", "volume_t5")},
    "declared_work": "belgian_work",
    "declared_t4": "volume_t4",
    "declared_t5": "volume_t5",
}
"""Which column is a sum of work of a row: all but one that is made of three."""


# --- the answer ------------------------------------------------------------------------------------------------------


def verdicts(ladder: Ladder) -> list[tuple[Truth, int]]:
    """The verdicts of a ladder from the top, those that follow each other as one."""
    found: list[tuple[list[Truth], int]] = []
    for truth, verdict, _ in ladder:
        if found and found[-1][1] == verdict:
            found[-1][0].append(truth)
        else:
            found.append(([truth], verdict))
    return [(some(*truths), verdict) for truths, verdict in found]


def worded(rungs: Sequence[tuple[Truth, str]], words: nw.Enum | type[nw.String]) -> nw.Expr:
    """The word of the first truth that holds; the last one always does."""
    *above, (truth, word) = rungs
    assert truth is True
    found = nw.lit(word, dtype=words)
    for held, said in reversed(above):
        assert not isinstance(held, bool)
        found = nw.when(held).then(nw.lit(said, dtype=words)).otherwise(found)
    return found
