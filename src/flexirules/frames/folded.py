"""The law of one era folded to terms over wide rows: the same trees that ``evaluate`` reads, column by column.

They hold for rows of which all that is asked is known (``known``): there every atom is true or false, and what is left
open is law that is not settled. Then a verdict is the highest level that a way reaches, the outcome is the lowest
verdict, and nothing is missing. That both engines agree is tested on rows drawn
at the edges of the law, in every quarter in which it changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import ge, gt, le, lt
from typing import Any, Final, NamedTuple, TypeAlias

import narwhals as nw

from flexirules.finding import CONDITIONS
from flexirules.fraction import WorkFraction
from flexirules.frames.cells import born_by
from flexirules.frames.columns import MAX_NUMBER
from flexirules.frames.engine import FACTOR
from flexirules.frames.kinds import Frame
from flexirules.frames.reading import Read
from flexirules.frames.ready import MOST_WORK
from flexirules.frames.terms import (
    Term,
    Truth,
    column,
    every,
    filled,
    flag,
    no,
    number,
    some,
    term,
    unless,
    where,
    word,
)
from flexirules.law import access, ties, turns
from flexirules.law.formalities import AHEAD, IN_TIME, LACKING, LATE, NOT_DATED, SIGNED, TOO_EARLY
from flexirules.law.ruleset import Era
from flexirules.predicate import LEVELS, MET, NOT_MET, UNKNOWN, Atom, Cited, Predicate, fold
from flexirules.quarter import Quarter
from flexirules.settle.ties import FREE

Compared: TypeAlias = Callable[[Any, Any], Term]
"""A comparison of a column with a column or a constant."""
Rung: TypeAlias = tuple[Truth, int, str]
"""A truth with the verdict and the reason that it gives, where none before it holds."""
Ladder: TypeAlias = list[Rung]
"""Rungs of which the last always holds."""
OF_A_LINK: Final = ("link_employer", "link_kind", "link_numerator", "link_denominator", "link_from", "link_affiliated")
"""What is asked of every link."""
_MOST_IN_32_BITS: Final = 2**31 // (FACTOR * MOST_WORK) - 1
"""With full-time jobs of at most so many parts all sums can be compared in 32 bits, a few times as large."""


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
    """The columns of the applications of one quarter as the law asks them."""

    def __init__(self, read: Read, quarter: Quarter) -> None:
        self.frame: Frame = read.raw
        self._read = read
        self._schema = read.raw.collect_schema()
        first = quarter.first_day
        self.start: Term = filled("start", first) if self.present("start") else term(first)
        """The first day of work; where nothing is said it is that of the quarter."""

    @property
    def shape(self) -> tuple[object, ...]:
        """All that a plan depends on but the law: not what stands in their rows."""
        words = ((name, *found.items()) for name, found in self._read.words.items())
        return (self.frame.implementation, *self._read.types.items(), *self._schema.items(), *words)

    def present(self, name: str) -> bool:
        """Whether there is a column that says something."""
        return name in self._read.types

    def held(self, name: str) -> bool:
        """Whether there is a column, of the caller or of ours."""
        return name in self._schema

    def words(self, name: str) -> Mapping[str, object]:
        """The words that a column of text may hold, and what they stand for."""
        return self._read.words.get(name, {})

    def choices(self, name: str) -> list[object]:
        """The values of a column of text that may occur; null is none of them."""
        return list(dict.fromkeys(value for value in self.words(name).values() if value is not None))

    def word(self, name: str, values: Iterable[object]) -> Truth:
        """Whether a column of text holds one of some values."""
        wanted = frozenset(values)
        return word(name, [word for word, value in self.words(name).items() if value is not None and value in wanted])

    def bad(self, name: str) -> Truth:
        """Whether a column of text holds what cannot be read."""
        return word(name, [word for word, value in self.words(name).items() if value is None])

    def flag(self, name: str) -> Truth:
        """Whether a column of booleans says yes."""
        return self.present(name) and flag(name)

    def most(self, *names: str) -> int:
        """The largest full-time job, in parts, with which nothing becomes too large to be compared."""
        narrow = self.frame.implementation.is_polars() and any(self._schema[name] == nw.Int32 for name in names)
        return _MOST_IN_32_BITS if narrow else MAX_NUMBER - 1


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


def folded(era: Era, days: Days, columns: Columns, scope: Mapping[str, Ladder]) -> Folded:
    """The law of an era in a quarter; ``scope``: the ladders of sector and function."""
    facts = _Facts(era, days, columns)
    work = {"employment": facts.employment(), "no-reduction": facts.no_reduction()}
    ladders = facts.papers() | dict(scope) | work | facts.links()
    automatic = [at_level(level, era.automatic_check, facts.atom) for level in (MET, UNKNOWN)]
    return Folded(
        ladders={name: _reached(ladders[name]) for name in CONDITIONS},
        shown=automatic[0],
        shown_in_doubt=automatic[1],
        ignored=every(columns.word("decision", ("granted",)), no(facts.late())),
    )


def _reached(ladder: Ladder) -> Ladder:
    """A ladder without what can never be reached."""
    found: Ladder = []
    passed: set[Term] = set()
    for whole, verdict, reason in ladder:
        truth = unless(whole, passed)
        if truth is not False:
            found.append((truth, verdict, reason))
        if isinstance(truth, bool):
            if truth:
                break
            continue
        passed |= {truth, *(truth.terms if truth.op == "or" else ())}
    *above, (_, verdict, reason) = found
    # One of its rungs always holds, so that the last one needs not be asked.
    return [*above, (True, verdict, reason)]


class _Facts:
    """The atoms of an era as truths over the columns."""

    def __init__(self, era: Era, days: Days, columns: Columns) -> None:
        self._era = era
        self._days = days
        self._columns = columns

    # --- work, pension and decisions ---------------------------------------------------------------------------------

    def atom(self, atom: Atom) -> Truth:
        """Whether one fact on work, pension or decisions passes its constant."""
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

    def _times(self, name: str, factor: int) -> Term:
        column = self._column_of(name)
        if column is not None:
            return number(column, factor)
        # Work with the flexi-job employer was Belgian.
        belgian, counted, third = (number(part, factor) for part in ("belgian_work", "counted_work", "volume_t3"))
        return third - counted + belgian

    def _column_of(self, name: str) -> str | None:
        """The column of a sum: one of its own where the jobs are in a table."""
        return name if self._columns.held(name) else _SUM_COLUMNS.get(name)

    def _drawn_by(self, timing: int) -> Truth:
        """Whether a pension began before T-1, by the first day of flexi work, or in T."""
        compares, end = ((lt, self._days.turn), (le, self._columns.start), (le, self._days.last))[timing]
        there = no(self._columns.word("pension", ("none",)))
        return where(there, self._day("pension_since", compares, end))

    def _aged(self, age: int) -> Truth:
        """Rows in which it depends on the day of the quarter are not among those of which all is known."""
        if not self._columns.present("birth_date"):
            return False
        return column("birth_date") <= born_by(self._days.first, age)

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
        return self._columns.held(ON_OWN_ACCOUNT) and flag(ON_OWN_ACCOUNT)

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
                    holds = where(self._columns.flag("linked"), at_level(level, bar, self._of_link))
                    rungs.append((holds, verdict, bar.reason))
            free = FREE[condition].reason if condition in bars else "does-not-apply"
            found[condition] = [*rungs, (True, MET, free)]
        return found

    def _of_link(self, atom: Atom) -> Truth:
        # Without these columns all is known only of rows that have no link.
        told = all(map(self._columns.present, OF_A_LINK))
        return told and self._atom_of_link(atom)

    def _atom_of_link(self, atom: Atom) -> Truth:
        constant, own = atom.constant, column("link_employer").same(column("employer"))
        match atom.fact:
            case "place":
                affiliated = every(self._columns.flag("link_affiliated"), no(own))
                places: dict[str, Truth] = {ties.EMPLOYER: own, ties.USER: False, ties.AFFILIATE: affiliated}
                place = places[str(constant)]
                return no(place) if atom.operator == "!=" else place
            case "kind":
                assert isinstance(constant, frozenset)
                return self._columns.word("link_kind", constant)
            case "size":
                assert isinstance(constant, WorkFraction)
                size = number("link_numerator", constant.denominator)
                mark = number("link_denominator", constant.numerator)
                return size >= mark if atom.operator == ">=" else size < mark
        return self._spans(atom.fact)

    def _spans(self, fact: str) -> Truth:
        first, last, start = self._days.first, self._days.last, self._columns.start
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

    def _day(self, name: str, compares: Compared, day: date | Term) -> Truth:
        """Whether a day is there and compares so with another."""
        return self._columns.present(name) and compares(column(name), day)

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
        return self._day("filed_on", gt, self._columns.start)

    def _of_papers(self, atom: Atom) -> Truth:
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
        ahead, yes = column("framework_agreement").missing, flag("framework_agreement")
        return {SIGNED: yes, AHEAD: ahead, LACKING: every(no(ahead), no(yes))}.get(state, False)

    def _filing(self, state: str) -> Truth:
        told = self._columns.present("result") and column("result").there
        if not self._columns.present("filed_on"):
            return {AHEAD: no(told), NOT_DATED: told}.get(state, False)
        early, late, undated = self._day("filed_on", lt, self._days.file_from), self.late(), column("filed_on").missing
        return {
            AHEAD: every(undated, no(told)),
            NOT_DATED: every(undated, told),
            LATE: late,
            TOO_EARLY: early,
            IN_TIME: every(no(undated), no(late), no(early)),
        }[state]


ON_OWN_ACCOUNT: Final = "_on_own_account"
"""A column: whether a worker has worked on own account in T-3. Sums that are ready in a row are of employees."""
_COMPARED: Final[Mapping[str, Compared]] = {"<": lt, ">=": ge, "!=": Term.differs}
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
