"""Hypothesis strategies for quarters, work, sectors, letters and cases, built from the cells of the law.

They need Hypothesis: the extra ``hypothesis`` of this package. Every value is made, none is searched for: the law cuts
each fact into pieces (below four fifths, four fifths exactly, above), a combination of pieces is a cell, and a case is
put together from cells that have the verdicts it shall have. Days are drawn around the first and the last of a quarter
and the days on which the law changes. Values shrink towards a case in which nothing is out of the ordinary.

Where Hypothesis is installed, ``hypothesis.strategies.from_type`` makes every type of a case in this way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

import attrs
from hypothesis import assume, reject
from hypothesis import strategies as st

from flexirules._checks import check_flag
from flexirules._evaluate import evaluate
from flexirules.approval import Approval, Request
from flexirules.case import (
    PENSION_KINDS,
    REGISTERS,
    RESULTS,
    SCHEMES,
    STATUSES,
    Case,
    Declaration,
    Employment,
    Engagement,
    Formalities,
    Pension,
    Worker,
)
from flexirules.dated import FIRST_DAY
from flexirules.errors import InvalidInput, show, wrong_type
from flexirules.finding import OUTCOMES, VERDICTS, Outcome
from flexirules.fraction import WorkFraction
from flexirules.law.formalities import AGENCY, NOT_DATED
from flexirules.law.ruleset import Era, current
from flexirules.proof.cells import decided
from flexirules.proof.groups import Facts
from flexirules.proof.obligations import by_place
from flexirules.quarter import Quarter
from flexirules.sector import ACTIVITIES, NACE_VERSIONS, Agency, Employer, Function, Nace, Sector
from flexirules.testing import situations
from flexirules.testing.mutants import GROUPS

if TYPE_CHECKING:
    from flexirules.fraction import Exact

__all__ = ["approvals", "cases", "counterexample", "partial_cases", "quarters", "sectors", "work_fractions"]

T = TypeVar("T")
DAY: Final = timedelta(1)
MOST_OPEN: Final = 4
"""So many facts of a partial case are not known, or fewer."""


def quarters(first: Quarter | None = None, last: Quarter | None = None) -> st.SearchStrategy[Quarter]:
    """Quarters, often those in which the law changed, and their neighbours.

    Args:
        first: the earliest; ``None``: 2015Q4, in which the law began.
        last: the latest; ``None``: the last for which the law has been looked through.

    Raises:
        WrongType: no quarter.
        InvalidInput: the last lies before the first.

    >>> from hypothesis import find
    >>> find(quarters(Quarter(2024, 1)), lambda quarter: quarter != Quarter(2024, 1)) > Quarter(2024, 1)
    True
    """
    _check_quarter("first", first)
    _check_quarter("last", last)
    first, last = first or Quarter.of(FIRST_DAY), last or Quarter.of(current().horizon)
    if last < first:
        raise InvalidInput("E-PERIOD", "last", f"the last quarter, {last}, lies before the first, {first}")
    turns = [Quarter.of(day) for day in current().eras if day >= FIRST_DAY]
    near = sorted({first, last, *turns, *(quarter - 1 for quarter in turns)})
    edges = [quarter for quarter in near if first <= quarter <= last]
    return st.sampled_from(edges) | st.integers(first.index, last.index).map(Quarter.from_index)


def work_fractions(near: "Exact | None" = None, *, largest: "Exact" = 1) -> st.SearchStrategy[WorkFraction]:
    """Exact fractions of full-time work: on a mark of the law, just below it, just above, and between.

    Args:
        near: a fraction as ``WorkFraction.of`` takes it, from which none is farther than a tenth; ``None``: all
            marks of the law, and whatever lies between no work and ``largest``.
        largest: none is larger; one job is at most full time.

    Raises:
        WrongType, InvalidInput: no exact fraction, or ``near`` is larger than ``largest``.

    >>> from hypothesis import find
    >>> find(work_fractions(near="4/5"), lambda fraction: True)
    WorkFraction(4, 5)
    """
    most = WorkFraction.of(largest)
    mark = None if near is None else WorkFraction.of(near)
    if mark is not None and mark > most:
        raise InvalidInput("E-FRACTION-RANGE", "near", f"{mark} is more than the largest, {most}")
    if mark is None:
        numbers = st.tuples(st.integers(0, 100), st.integers(1, 100))
        other = numbers.map(lambda pair: WorkFraction(most.numerator * pair[0], most.denominator * max(pair)))
    else:
        other = st.integers(-100, 100).map(lambda n: min(_moved(mark, n, 1000), most))
    edges = dict.fromkeys(found for one in (marks() if mark is None else (mark,)) for found in _beside(one))
    return st.sampled_from([found for found in edges if found <= most] or [most]) | other


@cache
def marks() -> tuple[WorkFraction, ...]:
    """Every fraction with which the law compares work, in any era."""
    law = current()
    groups = [make(law.on(day)) for day in law.eras for make in GROUPS.values()]
    constants = {atom.constant for group in groups for atom in group.atoms()}
    return tuple(sorted(mark for mark in constants if isinstance(mark, WorkFraction)))


def _beside(mark: WorkFraction) -> list[WorkFraction]:
    steps = ((0, 1), (-1, 100), (1, 100), (-1, 10**6), (1, 10**6))
    return list(dict.fromkeys(_moved(mark, n, of) for n, of in steps))


def _moved(mark: WorkFraction, n: int, of: int) -> WorkFraction:
    """A fraction by so much above or below a mark, but never below no work."""
    return WorkFraction(max(0, mark.numerator * of + n * mark.denominator), mark.denominator * of)


def sectors(on: date | None = None) -> st.SearchStrategy[Sector]:
    """Sectors of employers that the law of a day tells apart: each row of the list, and each but for one thing.

    Args:
        on: the day; ``None``: the last day for which the law has been looked through.

    Raises:
        WrongType: no date.
        InvalidInput: a day before the law.

    >>> from hypothesis import find
    >>> find(sectors(on=date(2016, 1, 1)), lambda sector: not sector.public).joint_committee
    JointCommittee('302')
    """
    day = current().horizon if on is None else on
    if type(day) is not date:
        raise wrong_type("on", on, "a date")
    if day < FIRST_DAY:
        raise InvalidInput("E-DATE", "on", f"the law began on {FIRST_DAY}, not before {day}")
    return employers(current().on(day), via_agency=False).any().map(_sector)


def _sector(place: tuple[Employer, Function]) -> Sector:
    sector = place[0].sector
    assert sector is not None
    return sector


def approvals(quarter: Quarter | None = None, *, granted: bool | None = None) -> st.SearchStrategy[Approval]:
    """Letters in which the NSSO approves or refuses a quarter.

    Args:
        quarter: for which the letter is; ``None``: any.
        granted: whether it approves; ``None``: either.

    Raises:
        WrongType: no quarter, or neither True nor False.

    >>> from hypothesis import find
    >>> find(approvals(Quarter(2026, 4), granted=True), lambda letter: True).covers(Quarter(2026, 4))
    True
    """
    _check_quarter("quarter", quarter)
    if granted is not None:
        check_flag("granted", granted)

    def letters(of: Quarter) -> st.SearchStrategy[Approval]:
        answers = st.booleans() if granted is None else st.just(granted)
        return st.builds(Approval, quarter=st.just(of), granted=answers, issued_on=st.none() | _days_in(of))

    return quarters().flatmap(letters) if quarter is None else letters(quarter)


def cases(outcome: Outcome | str | None = None, *, quarter: Quarter | None = None) -> st.SearchStrategy[Case]:
    """Whole cases: all is known that the law asks for.

    Args:
        outcome: the outcome that each case has, or its name; ``None``: all four, none of them rarely.
        quarter: the quarter of the flexi-job; ``None``: any since the law began, up to the horizon of the law.

    Raises:
        WrongType: neither an outcome nor its name; no quarter.
        InvalidInput: no such outcome; a quarter of which no day has law.

    >>> from hypothesis import find
    >>> evaluate(find(cases("not_eligible"), lambda case: True)).outcome
    <Outcome.NOT_ELIGIBLE: 'not_eligible'>
    """
    _check_quarter("quarter", quarter)
    first, last = (Quarter.of(day) for day in (FIRST_DAY, current().horizon))
    if quarter is not None and not first <= quarter <= last:
        raise InvalidInput("E-PERIOD", "quarter", f"a quarter lies between {first} and {last}, not {quarter}")
    return _cases(_outcome(outcome), quarter)


def counterexample(
    holds: Callable[[Case], bool], among: st.SearchStrategy[Case] | None = None, *, number: int = 500, seed: int = 0
) -> Case | None:
    """The simplest case that was found in which something does not hold; ``None`` where none was found.

    Args:
        holds: what is said of every case.
        among: which cases; ``None``: ``cases()``.
        number: so many are tried.
        seed: where the search begins; with the same one the same case is found.

    >>> counterexample(lambda case: evaluate(case).outcome is Outcome.ELIGIBLE, cases("eligible"), number=20) is None
    True
    """
    from random import Random

    from hypothesis import find, settings
    from hypothesis.errors import NoSuchExample

    quiet = settings(max_examples=number, database=None, deadline=None)
    chance = Random(seed)  # noqa: S311 - nothing here is secret
    try:
        return find(cases() if among is None else among, lambda case: not holds(case), settings=quiet, random=chance)
    except NoSuchExample:
        return None


def partial_cases(of: Case | None = None, *, quarter: Quarter | None = None) -> st.SearchStrategy[Case]:
    """Cases in which from one to four facts are not known, wherever they stand: a field, a row, or all of a list.

    What says something where it is left out (no agency, a contract that runs on, nothing filed yet) is not left out.

    Args:
        of: the whole case that each of them leaves open in part; ``None``: any.
        quarter: as of :func:`cases`; not beside ``of``, which has a quarter.

    Raises:
        WrongType: no case; no quarter.
        InvalidInput: as by :func:`cases`; both a case and a quarter; a case of which nothing is known.

    >>> from hypothesis import find
    >>> find(partial_cases(quarter=Quarter(2026, 4)), lambda case: True).quarter
    Quarter(2026, 4)
    """
    if of is None:
        return cases(quarter=quarter).flatmap(_opened)
    if not isinstance(of, Case):
        raise wrong_type("of", of, "a case")
    if quarter is not None:
        raise InvalidInput("E-PERIOD", "quarter", f"the case is one of {of.quarter}: give one of the two")
    if not any(_known(of)):
        raise InvalidInput("E-MISSING", "of", "nothing is known that could be left out")
    return _opened(of)


def _check_quarter(name: str, value: object) -> None:
    if value is not None and not isinstance(value, Quarter):
        raise wrong_type(name, value, "a quarter")


def _outcome(value: object) -> Outcome | None:
    if value is None or isinstance(value, Outcome):
        return value
    if not isinstance(value, str):
        raise wrong_type("outcome", value, "an outcome or its name")
    named = {outcome.value: outcome for outcome in OUTCOMES}
    if value not in named:
        raise InvalidInput("E-OUTCOME", "outcome", f"expected one of {', '.join(named)}, not {show(value)}")
    return named[value]


def _days_in(quarter: Quarter) -> st.SearchStrategy[date]:
    """The days of a quarter, often its first and last and those around a change of the law, within what is known."""
    first, last = max(quarter.first_day, FIRST_DAY), min(quarter.last_day, current().horizon)
    if last < first:
        first, last = quarter.first_day, quarter.last_day
    around = [day for turn in current().eras for day in (turn - DAY, turn) if first <= day <= last]
    inside = first + (last - first) / 2
    return st.sampled_from(list(dict.fromkeys((inside, first, first + DAY, *around, last)))) | st.dates(first, last)


# ---------------------------------------------------------------------------------------------------- from the cells


class Found(Generic[T]):
    """Values by their verdict, from met down to not met, with a strategy for each choice of verdicts."""

    def __init__(self, pairs: Iterable[tuple[T, int]]) -> None:
        by_verdict: dict[int, list[T]] = {}
        for one, verdict in sorted(pairs, key=lambda pair: -pair[1]):
            by_verdict.setdefault(verdict, []).append(one)
        self.verdicts = frozenset(by_verdict)
        self._at = {verdict: st.sampled_from(values) for verdict, values in by_verdict.items()}
        self._from: dict[int, st.SearchStrategy[T]] = {}

    def any(self) -> st.SearchStrategy[T]:
        """One of all."""
        return st.one_of(*self._at.values())

    def of(self, level: int, *, exactly: bool) -> st.SearchStrategy[T]:
        """One of those with a verdict; or first a verdict that is no lower, and then one of those that have it."""
        if exactly:
            return self._at[level]
        if level not in self._from:
            no_lower = [values for verdict, values in self._at.items() if verdict >= level]
            self._from[level] = st.sampled_from(no_lower).flatmap(lambda values: values)
        return self._from[level]


@cache
def cells(era: Era, name: str) -> Found[Facts]:
    """The cells of a group of conditions, by the lowest of their verdicts: the shortest cases come first."""
    return Found(_cells(era, name))


@cache
def papers(era: Era, *, agency: bool, accepted: bool) -> Found[Facts]:
    """Papers since the law began, with an agency or without; what Dimona accepted is said with the work."""

    def fits(cell: Facts) -> bool:
        said = cell["blocked"] if accepted else cell["filing"] == NOT_DATED and not cell["blocked"]
        return bool(cell["in_force"]) and (cell["agreement"] == AGENCY) is agency and not said

    return Found((cell, verdict) for cell, verdict in _cells(era, "papers") if fits(cell))


def _cells(era: Era, name: str) -> tuple[tuple[Facts, int], ...]:
    group = GROUPS[name](era)
    # Eras with the same trees have the same cells.
    key = (*group.ways.items(), *group.otherwise.items())
    if key not in _KNOWN:
        proven = decided(group).thinned()
        found = [(cell.facts, min(proven.answers(cell))) for cell in proven.cells]
        _KNOWN[key] = tuple(sorted(found, key=lambda one: len(group.case(one[0], era).to_json())))
    return _KNOWN[key]


_KNOWN: Final[dict[tuple[object, ...], tuple[tuple[Facts, int], ...]]] = {}


@cache
def employers(era: Era, *, via_agency: bool) -> Found[tuple[Employer, Function]]:
    """Every employer that the list of sectors tells apart, with what is to be done, by the lower of the two verdicts.

    Alone, or as the user of an agency.
    """
    cases = list(by_place(era, via_agency=via_agency))
    for _, case in situations.sectors(era.day, era.rows, current()):
        decision = evaluate(case)
        if (case.agency is not None) is via_agency and not decision.missing:
            verdicts = [decision.finding(name).verdict for name in ("sector", "function")]
            cases.append((case, min(map(VERDICTS.index, verdicts))))
    found = {(c.employer, c.function): verdict for c, verdict in cases if c.employer and c.function}
    return Found(found.items())


@st.composite
def _cases(draw: st.DrawFn, outcome: Outcome | None, quarter: Quarter | None) -> Case:
    start = draw(_days_in(draw(quarters()) if quarter is None else quarter))
    era = current().on(start)
    agency = draw(st.booleans())
    linked = "link by an agency" if agency else "link"
    level = OUTCOMES.index(draw(st.sampled_from(OUTCOMES[::-1])) if outcome is None else outcome)
    work, links, places = cells(era, "work"), cells(era, linked), employers(era, via_agency=agency)
    # One group of conditions has the verdict that the case shall have, and the others have none that is lower.
    verdicts = (work.verdicts, links.verdicts, places.verdicts, papers(era, agency=agency, accepted=False).verdicts)
    bound = draw(st.sampled_from([number for number, found in enumerate(verdicts) if level in found]))
    facts = draw(work.of(level, exactly=bound == 0))
    tied = [draw(links.of(level, exactly=bound == 1)) for _ in range(draw(st.integers(int(bound == 1), 2)))]
    employer, function = draw(places.of(level, exactly=bound == 2))
    fitting = papers(era, agency=agency, accepted=bool(facts["accepted"]))
    signed = GROUPS["papers"](era).case(draw(fitting.of(level, exactly=bound == 3)), era, start)
    case = GROUPS["work"](era).case(facts, era, start)
    assert case.worker is not None
    assert signed.worker is not None
    assert signed.formalities is not None
    case = attrs.evolve(
        case,
        worker=attrs.evolve(case.worker, habitual_legislation=signed.worker.habitual_legislation),
        employer=employer,
        function=function,
        agency=Agency("agency") if agency else None,
        engagements=tuple(link for one in tied for link in GROUPS[linked](era).case(one, era, start).engagements or ()),
        formalities=_accepted(signed.formalities) if facts["accepted"] else signed.formalities,
    )
    # On the first and the last day of a quarter the day before or after is not in it, and the cell is another.
    assume(outcome is None or evaluate(case).outcome is outcome)
    return case


def _accepted(papers: Formalities) -> Formalities:
    declaration = papers.declaration or Declaration()
    return attrs.evolve(papers, declaration=attrs.evolve(declaration, result="A"))


# ------------------------------------------------------------------------------------------------------- partial


def _opened(case: Case) -> st.SearchStrategy[Case]:
    places = st.lists(st.sampled_from(list(_known(case))), min_size=1, max_size=MOST_OPEN, unique=True)
    return places.map(lambda found: _without_all(case, found))


Path = tuple[str | int, ...]


ANSWERS: Final = frozenset(
    (
        *("start", "agency", "until", "severance_until", "notice_until", "public", "reference"),
        *("formalities", "framework_agreement", "declaration", "filed_on", "result", "anomalies"),
    )
)
"""What says something where it is left out: that there is none, that nothing was done yet, or a default."""


def _known(value: object, path: Path = ()) -> Iterator[Path]:
    """Where something is known that may be left out, so that it is not known any more."""
    if isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from _known(entry, (*path, position))
    elif attrs.has(kind := type(value)) and kind not in (WorkFraction, Quarter):
        for field in attrs.fields(kind):
            known = getattr(value, field.name)
            # A public employer without a committee has none.
            answers = field.name in ANSWERS or (field.name == "joint_committee" and getattr(value, "public", False))
            if field.default is None and known is not None and not answers:
                yield (*path, field.name)
            yield from _known(known, (*path, field.name))


def _without_all(case: Case, paths: Sequence[Path]) -> Case:
    for path in paths:
        try:
            case = cast(Case, _without(case, path))
        except InvalidInput:
            # Two letters of which the answers are not known any more are one letter twice.
            reject()
    return case


def _without(value: Any, path: Path) -> object:  # noqa: ANN401 - whatever stands in a case
    if value is None or not path:
        return None
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        return tuple(_without(entry, rest) if n == head else entry for n, entry in enumerate(value))
    return attrs.evolve(value, **{head: _without(getattr(value, head), rest)})


# ---------------------------------------------------------------------------------------------------- registered


def _words(values: Sequence[T]) -> st.SearchStrategy[T | None]:
    return st.sampled_from((*values, None))


_IDS: Final = st.sampled_from(("cafe", "bank", "mill", "sister", "agency"))


def employments() -> st.SearchStrategy[Employment]:
    """Work of one quarter with one employer."""
    return st.builds(
        Employment,
        quarter=quarters(Quarter(2014, 3)),
        employer=_IDS,
        fraction=work_fractions(),
        status=_words(STATUSES),
        scheme=st.sampled_from(SCHEMES),
        deferred_pay=st.booleans(),
    )


def engagements() -> st.SearchStrategy[Engagement]:
    """Links with an employer in the quarter of a flexi-job."""
    held = cases().map(lambda case: case.engagements or ())
    return held.filter(bool).flatmap(st.sampled_from)


def declarations() -> st.SearchStrategy[Declaration]:
    """Declarations to Dimona."""
    return st.builds(Declaration, filed_on=st.none() | quarters().flatmap(_days_in), result=_words(RESULTS))


REGISTERED: Final[Mapping[type, Callable[[], st.SearchStrategy[Any]]]] = {
    Quarter: quarters,
    WorkFraction: work_fractions,
    Sector: sectors,
    Approval: approvals,
    Case: lambda: cases() | partial_cases(),
    Worker: lambda: cases().map(lambda case: case.worker),
    Employment: employments,
    Engagement: engagements,
    Pension: lambda: st.builds(
        Pension,
        kind=_words(PENSION_KINDS),
        since=st.none() | quarters().flatmap(_days_in),
        register=st.sampled_from(REGISTERS),
    ),
    Employer: lambda: st.builds(Employer, _IDS, sectors()),
    Nace: lambda: st.builds(Nace, st.from_regex(r"[0-9]{5}", fullmatch=True), _words(NACE_VERSIONS)),
    Function: lambda: st.builds(Function, _words(ACTIVITIES)),
    Agency: lambda: st.builds(Agency, _IDS),
    Request: lambda: st.builds(Request, quarter=quarters(), by=_words(("worker", "employer"))),
    Declaration: declarations,
    Formalities: lambda: st.builds(Formalities, framework_agreement=_words((True, False)), declaration=declarations()),
}
"""How each type of a case is made where Hypothesis is asked for the type."""
