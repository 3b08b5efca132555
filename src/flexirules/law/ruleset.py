"""Ruleset: all tables of the law as one value, and Era: the law on one day under chosen readings."""

from bisect import bisect_right
from datetime import date
from functools import cache, cached_property
from typing import Final, NamedTuple, TypeVar

import attrs

from flexirules._checks import check_day
from flexirules.block import Block, Ladder, Link, missing, outcome
from flexirules.dated import (
    HORIZON,
    AgePractice,
    Counting,
    Exemption,
    NaceRow,
    Provision,
    SectorRow,
    Tie,
    Turn,
    changes,
    nace_rows,
    on,
    provision,
    sector_rows,
    tables_digest,
)
from flexirules.finding import CONDITIONS, CONFIDENCES, OUTCOMES, VERDICTS, Finding
from flexirules.fraction import WorkFraction
from flexirules.law import access, formalities, ties, turns
from flexirules.law.scope import Place, Scope
from flexirules.predicate import MET, NOT_MET, Atom, Cited, Ladders, Predicate, atoms, compiled, points
from flexirules.readings import READINGS

MOST_REMEMBERED: Final = 20_000
"""So many cells of one kind are remembered in one era; then the memory begins anew."""

BEFORE_ALL: Final = date(1900, 1, 1)
K = TypeVar("K")
V = TypeVar("V")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Ruleset:
    """The law that decides: every dated table, by name. ``attrs.evolve`` makes another law of it.

    Args:
        name: what a decision calls it.
        horizon: the last day for which the texts were checked.
        sectors, nace: article 2. counting, exemption, age_practice: article 4 § 1 to § 3. ties: article 4 § 1 a) to e).
        turns: the days from which the law reads otherwise.
        published_by: the day of which it is the law as published; ``None``: all that is known today.

    >>> current().name
    '2026-11-23'
    """

    name: str
    horizon: date
    sectors: tuple[SectorRow, ...]
    nace: tuple[NaceRow, ...]
    counting: tuple[Counting, ...]
    exemption: tuple[Exemption, ...]
    age_practice: tuple[AgePractice, ...]
    ties: tuple[Tie, ...]
    turns: tuple[Turn, ...]
    published_by: date | None = None
    _eras: "dict[tuple[date, tuple[tuple[str, str], ...]], Era]" = attrs.field(init=False, factory=dict)
    _starts: tuple[date, ...] = attrs.field(init=False, default=())

    def __attrs_post_init__(self) -> None:
        tables = (
            *self.sectors,
            *self.nace,
            *self.counting,
            *self.exemption,
            *self.age_practice,
            *self.ties,
            *self.turns,
        )
        object.__setattr__(self, "_starts", (BEFORE_ALL, *sorted(changes(tables))))

    @property
    def eras(self) -> tuple[date, ...]:
        """The first day of each run of days with the same law, the first of them before there was any."""
        return self._starts

    def on(self, day: date, readings: tuple[tuple[str, str], ...] = ()) -> "Era":
        """The law on a day, under readings that are not the default (sorted by name)."""
        era = self._eras.get((day, readings))
        if era is None:
            start = self._starts[bisect_right(self._starts, day) - 1]
            era = self._eras.get((start, readings))
            if era is None:
                era = self._eras[start, readings] = Era(self, start, readings)
            if len(self._eras) >= MOST_REMEMBERED:
                self._eras.clear()
            self._eras[day, readings] = era
        return era

    def known_at(self, day: date) -> "Ruleset":
        """The law as it was published on a day: what a decree said for days before its own publication is left out.

        Where a table does not tell when a text was published, it counts as known from the day on which it began.

        >>> from datetime import date
        >>> from flexirules import Case, Employer, Function, Quarter, Sector, evaluate
        >>> employer = Employer("farm", Sector(joint_committee="144"))
        >>> farm = Case(quarter=Quarter(2024, 2), employer=employer, function=Function("ordinary"))
        >>> evaluate(farm).finding("sector").verdict.value
        'not_met'
        >>> evaluate(farm, law=current().known_at(date(2024, 4, 1))).finding("sector").verdict.value
        'met'
        """
        from flexirules.law.publication import known_at

        check_day("day", day)
        return known_at(self, day)

    def provision(self, name: str, day: date) -> Provision:
        """The version of a provision in force on a day, as far as it was published; the nearest one where none is."""
        if self.published_by is None:
            return provision(name, day)
        from flexirules.law.publication import known_versions

        versions = known_versions(name, self.published_by)
        return next((version for version in versions if version.in_force(day)), versions[-1])

    @property
    def digest(self) -> str:
        """SHA-256 over all tables, the carried files included."""
        return _digest(self)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        if self is current():
            return current, ()
        fields = (field for field in attrs.fields(Ruleset) if field.init)
        return _rebuilt, tuple((field.name, getattr(self, field.name)) for field in fields)

    def __repr__(self) -> str:
        return f"<Ruleset {self.name}>"


def _rebuilt(*fields: tuple[str, object]) -> Ruleset:
    return Ruleset(**dict(fields))  # type: ignore[arg-type]  # the fields of a ruleset, as they were


class Circuit(NamedTuple):
    """The three trees on work, pension and decisions over the truth of their atoms, those of some facts before all."""

    first: tuple[Atom, ...]
    second: tuple[Atom, ...]
    employment: tuple[Ladders, ...]
    no_reduction: tuple[Ladders, ...]
    automatic_check: Ladders
    points: tuple[str, ...]

    @classmethod
    def of(cls, era: "Era", facts: frozenset[str]) -> "Circuit":
        """The trees of an era, way by way, with the atoms on these facts first."""
        trees = (*era.employment, *era.no_reduction, era.automatic_check)
        every = sorted(frozenset().union(*map(atoms, trees)), key=repr)
        # Those on work by its quarter, so that the truths of each quarter stand together.
        first = tuple(sorted((atom for atom in every if atom.fact in facts), key=_quarters_back))
        second = tuple(atom for atom in every if atom.fact not in facts)
        places = {atom: place for place, atom in enumerate((*first, *second))}
        employment = tuple(compiled(way, places) for way in era.employment)
        no_reduction = tuple(compiled(way, places) for way in era.no_reduction)
        open_points = tuple(sorted(frozenset().union(*map(points, trees))))
        return cls(first, second, employment, no_reduction, compiled(era.automatic_check, places), open_points)


def _quarters_back(atom: Atom) -> int:
    return next((back for back, names in enumerate(access.OF_QUARTER) if atom.fact in names), len(access.OF_QUARTER))


class Bars(NamedTuple):
    """What of one link blocks, ready for many completions: the atoms, each bar by condition, and the open points."""

    atoms: tuple[Atom, ...]
    bars: dict[str, tuple[tuple[str, Ladders], ...]]
    points: tuple[str, ...]

    @classmethod
    def of(cls, trees: dict[str, tuple[Cited, ...]]) -> "Bars":
        """The bars of an era, each with its reason."""
        every = [bar for bars in trees.values() for bar in bars]
        places = {atom: place for place, atom in enumerate(sorted(frozenset().union(*map(atoms, every)), key=repr))}
        bars = {name: tuple((bar.reason, compiled(bar, places)) for bar in bars) for name, bars in trees.items()}
        return cls(tuple(places), bars, tuple(sorted(frozenset().union(*map(points, every)))))


OneSide = tuple[list[tuple[bool, ...]], dict[tuple[int, ...], int]]
"""The truths of the atoms that completions of one side reach, and which of them each completion has."""


class Era:
    """The law on every day of one era, under chosen readings, with what was settled in it already."""

    def __init__(self, law: Ruleset, day: date, chosen: tuple[tuple[str, str], ...]) -> None:
        self.law = law
        self.day = day
        """The first day of the era, which stands for all."""
        self.chosen = chosen
        self.readings = {name: reading.default for name, reading in READINGS.items()} | dict(chosen)
        self.tied_work = self.readings["t3_agency_ties"]
        self.turns = frozenset(turn.name for turn in on(law.turns, day))
        # The practice took an age for a pension, and by the other reading a pension alone opens no way.
        self.age_read = self.readings["age_shortcut"] == "practice" and self.readings["pension_and_t3"] != "both"
        self.by_employer = self.readings["reduction_employer"] == "same"
        self.foreign_counts = self.readings["foreign_work"] != "belgian_only"
        self.owed_from_first = self.readings["period_extent"] == "quarter"
        self.grounds: dict[bool, Block] = {}
        self.papers: dict[tuple[str, str, bool], Block] = {}
        self.pieces: dict[tuple[int, int], int] = {}
        self.scopes: dict[tuple[object, ...], Block] = {}
        self.plans: dict[tuple[object, ...], object] = {}
        self.places: dict[tuple[object, ...], Block] = {}
        self.by_committee: dict[str, tuple[SectorRow, ...]] = {}
        self.judged: dict[tuple[Place, bool], Scope] = {}
        self.works: dict[tuple[object, ...], Block] = {}
        self.histories: dict[tuple[object, ...], OneSide] = {}
        self.others: dict[tuple[object, ...], OneSide] = {}
        self.together: dict[tuple[Block, ...], tuple[Block, ...]] = {}
        self.links: dict[tuple[object, ...], Link] = {}
        self.settled: dict[tuple[object, ...], Settled] = {}
        self.parts: dict[tuple[object, ...], object] = {}
        """What the cells of data frames come to."""
        self.unlinked: dict[tuple[bool, bool], tuple[Block, ...]] = {}

    def piece(self, numerator: int, denominator: int) -> int:
        """On which side of each mark a sum of work lies: odd between two marks, even on one, never 0."""
        known = self.pieces.get((numerator, denominator))
        if known is not None:
            return known
        piece = 1
        for n, d in self.work_marks:
            left, right = numerator * d, n * denominator
            piece += (left >= right) + (left > right)
        return self.remember(self.pieces, (numerator, denominator), piece)

    def remember(self, kept: dict[K, V], key: K, found: V, most: int = MOST_REMEMBERED) -> V:
        """Keep what was settled for a cell, one of so many."""
        if len(kept) >= most:
            kept.clear()
        kept[key] = found
        return found

    @cached_property
    def rows(self) -> tuple[SectorRow, ...]:
        """The rows of the list of sectors in force; volume limits never decide."""
        return tuple(row for row in on(self.law.sectors, self.day) if row.effect != "CAP")

    @cached_property
    def nace(self) -> tuple[NaceRow, ...]:
        """The rows of the lists of main activities in force."""
        return on(self.law.nace, self.day)

    @cached_property
    def counting(self) -> frozenset[str]:
        """The statuses that count in T-3, ``deferred_pay`` among them where it does."""
        return frozenset(row.status for row in on(self.law.counting, self.day) if row.counts)

    @cached_property
    def exemption(self) -> tuple[Exemption, ...]:
        """The pensioner's exemption in force."""
        return on(self.law.exemption, self.day)

    @cached_property
    def age_practice(self) -> tuple[AgePractice, ...]:
        """The practice by age of the day."""
        return on(self.law.age_practice, self.day)

    @cached_property
    def employment(self) -> tuple[Cited, ...]:
        """The ways in; any one is enough."""
        return access.employment(self)

    @cached_property
    def no_reduction(self) -> tuple[Cited, ...]:
        """The ways of not being barred by a reduction; any one is enough."""
        return access.no_reduction(self)

    @cached_property
    def automatic_check(self) -> Predicate:
        """What Dimona sees by itself."""
        return access.automatic_check(self)

    @cached_property
    def formalities(self) -> tuple[dict[str, tuple[Cited, ...]], dict[str, tuple[Cited, ...]]]:
        """Of the day, the legislation and the papers the ways, one of which is enough, and the bars."""
        return formalities.WAYS, formalities.BARS

    def circuit(self, worker_known: bool) -> Circuit:
        """The three trees on work, pension and decisions, ready for many completions."""
        return self._circuits[worker_known]

    @cached_property
    def _circuits(self) -> "tuple[Circuit, Circuit]":
        return Circuit.of(self, access.WORKER_FACTS), Circuit.of(self, access.HISTORY_FACTS)

    @cached_property
    def work_marks(self) -> tuple[tuple[int, int], ...]:
        """The constants to which the law compares sums of work, in order, as numerator and denominator."""
        trees = (*self.employment, *self.no_reduction, self.automatic_check)
        compared = {atom.constant for tree in trees for atom in atoms(tree) if atom.fact in access.WORK_FACTS}
        marks = sorted(mark for mark in compared if isinstance(mark, WorkFraction))
        return tuple((mark.numerator, mark.denominator) for mark in marks)

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The contracts that block."""
        return on(self.law.ties, self.day)

    @cached_property
    def tie_sizes(self) -> tuple[WorkFraction, ...]:
        """The sizes of a contract at which a tie begins or ends, in order."""
        compared = (a.constant for bars in self._bars for a in bars.atoms if a.fact == "size")
        return tuple(sorted({size for size in compared if isinstance(size, WorkFraction)}))

    @cached_property
    def _blocks(self) -> "tuple[dict[str, tuple[Cited, ...]], dict[str, tuple[Cited, ...]]]":
        return ties.blocks(self, via_agency=False), ties.blocks(self, via_agency=True)

    @cached_property
    def _bars(self) -> tuple[Bars, Bars]:
        return Bars.of(self._blocks[False]), Bars.of(self._blocks[True])

    def bars(self, via_agency: bool) -> Bars:
        """The same, ready for many completions."""
        return self._bars[via_agency]

    def blocks(self, via_agency: bool) -> "dict[str, tuple[Cited, ...]]":
        """What of one link blocks, by condition."""
        return self._blocks[via_agency]


def expected(blocks: tuple[Block, ...]) -> str:
    """The predicted answer to a timely FLX of these blocks: ``ok``, ``warning`` or ``unknown``."""
    answers = {answer for block in blocks for answer in block.automatic}
    return "ok" if answers == {MET} else "warning" if answers == {NOT_MET} else "unknown"


class Settled:
    """What all cases of one cell come to: one answer, made once in an era and shared."""

    def __init__(self, blocks: tuple[Block, ...], era: Era) -> None:
        self.blocks = blocks
        self.era = era
        self.outcome = OUTCOMES[outcome(blocks)]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What each condition came to; decisive are those that alone force an outcome below eligible."""
        lowest = OUTCOMES.index(self.outcome)
        ladders = [ladder for block in self.blocks for ladder in block.ladders]
        return tuple(
            Finding(
                condition=condition,
                verdict=VERDICTS[ladder.rank],
                reason=ladder.reason,
                decisive=lowest < MET and ladder.rank == lowest,
                provisions=ladder.provisions,
                confidence=self._confidence(ladder),
            )
            for condition, ladder in zip(CONDITIONS, ladders, strict=True)
        )

    def _confidence(self, ladder: Ladder) -> str:
        """That of the weakest text behind a verdict."""
        found = [self.era.law.provision(name, self.era.day).confidence for name in ladder.provisions]
        return max((ladder.confidence, *found), key=CONFIDENCES.index)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The paths of the facts of which two values lead to different outcomes."""
        return missing(self.blocks)

    @cached_property
    def expected(self) -> str:
        """The predicted answer to a timely FLX: ``ok``, ``warning`` or ``unknown``."""
        return expected(self.blocks)

    @property
    def signature(self) -> tuple[object, ...]:
        """Two answers with the same signature say the same under the same law."""
        return (self.outcome, self.findings, self.missing, self.expected, self.era.chosen, self.era.law.digest)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _settled, (self.blocks, self.era.law, self.era.day, self.era.chosen)


def _settled(blocks: tuple[Block, ...], law: Ruleset, day: date, chosen: tuple[tuple[str, str], ...]) -> Settled:
    return Settled(blocks, law.on(day, chosen))


@cache
def current() -> Ruleset:
    """The law that this release carries."""
    return Ruleset(
        name="2026-11-23",
        horizon=HORIZON,
        sectors=sector_rows(),
        nace=nace_rows(),
        counting=access.COUNTING,
        exemption=access.EXEMPTION,
        age_practice=access.AGE_PRACTICE,
        ties=ties.TIES,
        turns=turns.TURNS,
    )


@cache
def _digest(law: Ruleset) -> str:
    import hashlib

    found = hashlib.sha256(tables_digest().encode())
    for table in (law.sectors, law.nace, law.counting, law.exemption, law.age_practice, law.ties, law.turns):
        for row in table:
            found.update(repr([_ordered(value) for value in attrs.astuple(row, recurse=False)]).encode())
    return found.hexdigest()


def _ordered(value: object) -> object:
    """The same value, the same text in every process."""
    return sorted(value) if isinstance(value, frozenset) else value
