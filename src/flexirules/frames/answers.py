"""The answers: one row of every cell is settled as a case is, and what it comes to serves its whole cell."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import attrs

from flexirules.approval import decision_for
from flexirules.block import Block, Ladder, missing, outcome
from flexirules.case import Case, Employment, Engagement
from flexirules.decision import warned_otherwise
from flexirules.finding import CONDITIONS, OUTCOMES, VERDICTS
from flexirules.frames.cells import Digits
from flexirules.law.ruleset import Era, Ruleset, expected
from flexirules.predicate import MET
from flexirules.quarter import FIRST_YEAR, LAST_YEAR
from flexirules.sector import Agency, Employer
from flexirules.settle import settle
from flexirules.settle.formalities import formalities, grounds
from flexirules.settle.scope import scope
from flexirules.settle.ties import links
from flexirules.settle.work import work
from flexirules.texts import REASONS

Answer = tuple[object, ...]
"""The cells of one decision, in the order of ``ANSWER``."""


def column_of(condition: str) -> str:
    """A condition as the name of a column."""
    return condition.replace("-", "_")


VERDICT_COLUMNS: Final = tuple(map(column_of, CONDITIONS))
REASON_COLUMNS: Final = tuple(f"{name}_reason" for name in VERDICT_COLUMNS)
ANSWER: Final = (
    "outcome",
    *(name for pair in zip(VERDICT_COLUMNS, REASON_COLUMNS, strict=True) for name in pair),
    "decisive",
    "dimona",
    "warning_may_be_ignored",
    "missing",
)
"""The columns of a decision that depend on the cells alone."""
COLUMNS: Final = ("application", *ANSWER, "reference_quarter", "era", "provisional", "law", "problems")
"""The columns of the answer, in their order."""

WORDS: Final[Mapping[str, Sequence[str]]] = {
    "outcome": [outcome.value for outcome in OUTCOMES],
    **dict.fromkeys(VERDICT_COLUMNS, tuple(verdict.value for verdict in VERDICTS)),
    **dict.fromkeys(REASON_COLUMNS, tuple(sorted(REASONS))),
    "dimona": ["ok", "warning", "unknown"],
}
"""The columns that hold one of a few words, and these words."""


def days_words(law: Ruleset) -> dict[str, Sequence[str]]:
    """The columns that hold what is the same for many rows, and their words: what is enumerated in DuckDB only."""
    return {"reference_quarter": _QUARTERS, "era": [day.isoformat() for day in law.eras], "law": [law.digest]}


_QUARTERS: Final = tuple(f"{year}Q{number}" for year in range(FIRST_YEAR, LAST_YEAR + 1) for number in range(1, 5))
SCOPE, WORK, LINKS, PAPERS = range(4)
_POSITION: Final = re.compile(r"\[\d+\]")


class Part(NamedTuple):
    """What a case comes to in one kind of cell.

    Its blocks, and whether a letter was granted, or Dimona warned of something that no letter covers.

    The day and the legislation stand with the papers, before the agreement and the declaration.
    """

    blocks: tuple[Block, ...]
    granted: bool = False
    otherwise: bool = False


def _granted(case: Case) -> bool:
    return decision_for(case.quarter, case.approvals or ()) == "granted"


def content(part: Part) -> tuple[object, ...]:
    """Two parts with the same content say the same in every decision."""
    return (part.granted, part.otherwise, *map(_content, part.blocks))


def _content(block: Block) -> tuple[object, ...]:
    lows: dict[str, int] = {}
    for path, low in block.matters:
        place = anywhere(path)
        lows[place] = min(low, lows.get(place, low))
    said = tuple((ladder.rank, ladder.reason) for ladder in block.ladders)
    return (said, block.levels, block.rank, tuple(sorted(lows.items())), block.automatic)


def anywhere(path: str) -> str:
    """A path without the places in lists, which the rows of a table do not have."""
    return _POSITION.sub("[*]", path)


def together(parts: Sequence[Part]) -> Answer:
    """The answer of four parts."""
    grounds, papers = parts[PAPERS].blocks
    blocks = (grounds, *parts[SCOPE].blocks, *parts[WORK].blocks, *parts[LINKS].blocks, papers)
    ignored = parts[WORK].granted and not parts[PAPERS].otherwise
    return _answer(blocks, ignored=ignored)


def alone(case: Case, blocks: tuple[Block, ...]) -> Answer:
    """The answer to one case."""
    return _answer(blocks, ignored=_granted(case) and not warned_otherwise(case))


def _answer(blocks: tuple[Block, ...], *, ignored: bool) -> Answer:
    ladders: list[Ladder] = [ladder for block in blocks for ladder in block.ladders]
    lowest = outcome(blocks)
    decisive = [
        condition
        for condition, ladder in zip(CONDITIONS, ladders, strict=True)
        if lowest < MET and ladder.rank == lowest
    ]
    said = [cell for ladder in ladders for cell in (VERDICTS[ladder.rank].value, ladder.reason)]
    paths = sorted({anywhere(path) for path in missing(blocks)})
    return (OUTCOMES[lowest].value, *said, " ".join(decisive), expected(blocks), ignored, " ".join(paths))


class Decider:
    """Decides cases under one law, and remembers those that are alike but for the names of parties."""

    def __init__(self, law: Ruleset, chosen: tuple[tuple[str, str], ...]) -> None:
        self.law = law
        self.chosen = chosen
        self.answers: dict[Answer, int] = {}
        """Every answer that was given, with its number."""
        self._alike: dict[Case, int] = {}

    def blocks(self, case: Case) -> tuple[Block, ...]:
        """What becomes of a case."""
        day = case.first_day
        return settle(case, day, self.law.on(day, self.chosen)).blocks

    def part(self, place: int, case: Case) -> Part:
        """What becomes of a case that names its parties in one kind of cell."""
        day = case.first_day
        era = self.law.on(day, self.chosen)
        if place == SCOPE:
            return Part((scope(case, era),))
        if place == WORK:
            return Part((work(case, day, era),), granted=_granted(case))
        if place == LINKS:
            return Part(links(case, day, era))
        return Part((grounds(case, era), formalities(case, day, era)), otherwise=warned_otherwise(case))

    def settled(self, place: int, case: Case) -> "Settled":
        """The same of a case that is in no cell."""
        part = self.part(place, case)
        return Settled(part, content(part))

    def number(self, answer: Answer) -> int:
        """The number of an answer."""
        return self.answers.setdefault(answer, len(self.answers))

    def by_itself(self, case: Case) -> int:
        """The number of the answer to a case that is in no cell."""
        alike = unnamed(case)
        found = self._alike.get(alike)
        if found is None:
            found = self._alike[alike] = self.number(alone(alike, self.blocks(alike)))
        return found


MOST_CELLS: Final = 100_000
"""So many cells of frames are remembered in one era: they are more than those of cases, and take less."""


class Memory:
    """What the cells of one kind come to: it is kept with the law of their era, for the frames that come after."""

    def __init__(self, place: int, key: Digits) -> None:
        self._about = (place, key.names)
        self._key = key
        self._held: dict[int, Settled] = {}
        self._alike: dict[tuple[object, ...], Settled] = {}

    def has(self, cell: int) -> bool:
        """Whether it is known what a cell comes to."""
        era, said = self._of(cell)
        found = era.parts.get(said)
        if found is not None:
            assert isinstance(found, Settled)
            self._held[cell] = found
        return found is not None

    def keep(self, cell: int, part: Part) -> None:
        """Remember what a cell comes to."""
        era, said = self._of(cell)
        new = Settled(part, content(part))
        found = self._held[cell] = self._alike.setdefault(new.content, new)
        era.remember(era.parts, said, found, MOST_CELLS)

    def __getitem__(self, cell: int) -> "Settled":
        return self._held[cell]

    def _of(self, cell: int) -> tuple[Era, tuple[object, ...]]:
        *said, era = self._key.read(cell)
        assert isinstance(era, Era)
        return era, (*self._about, *said)


class Settled(NamedTuple):
    """What a cell comes to, and what of it is said in decisions."""

    part: Part
    content: tuple[object, ...]


class Classes:
    """What the cells of one kind come to: cells that come to the same have one number."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self._known: dict[int, tuple[int, Settled]] = {}

    def number(self, settled: Settled) -> int:
        """The number of a part."""
        # Many cells hold one and the same object, which is found much faster than by what it says.
        known = self._known.get(id(settled))
        if known is not None:
            return known[0]
        part, said = settled
        found = self._numbers.setdefault(said, len(self.parts))
        if found == len(self.parts):
            self.parts.append(part)
        self._known[id(settled)] = found, settled
        return found


def unnamed(case: Case) -> Case:
    """The same case with other names: no answer depends on what a party is called, nor on the order of its jobs."""
    worker = case.worker
    jobs = (worker.employments if worker is not None else None) or ()
    links = case.engagements or ()
    agency = case.agency.id if case.agency is not None else None
    order = sorted(jobs, key=_of_job)
    ordered = sorted(links, key=_of_link)
    names: dict[str, str] = {}
    held = [case.employer.id if case.employer is not None else None, agency]
    for name in (*held, *(job.employer for job in order), *(link.employer for link in ordered)):
        if name is not None:
            names.setdefault(name, f"party-{len(names)}")
    if worker is not None and worker.employments is not None:
        renamed = tuple(attrs.evolve(job, employer=_name(names, job.employer)) for job in order)
        worker = attrs.evolve(worker, employments=renamed)
    return attrs.evolve(
        case,
        worker=worker,
        employer=None if case.employer is None else Employer(_name(names, case.employer.id), case.employer.sector),
        agency=None if case.agency is None else Agency(_name(names, agency)),
        engagements=None
        if case.engagements is None
        else tuple(attrs.evolve(link, employer=_name(names, link.employer)) for link in ordered),
    )


def _name(names: Mapping[str, str], name: str | None) -> str | None:
    return None if name is None else names[name]


def _of_job(job: Employment) -> tuple[str, ...]:
    return tuple(map(repr, (job.quarter, job.status, job.scheme, job.deferred_pay, job.fraction)))


def _of_link(link: Engagement) -> str:
    return repr(attrs.evolve(link, employer=None))
