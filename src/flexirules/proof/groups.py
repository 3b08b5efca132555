"""Conditions that share facts, and one case for each cell into which the constants of the law cut those facts."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, product
from typing import Final, NamedTuple

import attrs

from flexirules.approval import Approval
from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
from flexirules.dated import FIRST_DAY
from flexirules.fraction import WorkFraction
from flexirules.law import access, ties
from flexirules.law.formalities import (
    AGENCY,
    AHEAD,
    IN_TIME,
    LACKING,
    LATE,
    NOT_DATED,
    SIGNED,
    TOO_EARLY,
    file_from,
)
from flexirules.law.ruleset import Era
from flexirules.predicate import Atom, Cited, Open, atoms, holds, points
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector

Facts = dict[str, object]


class Group(NamedTuple):
    """Conditions that share facts: each with its ways (to be met; of a link: to bar), and how to make a case.

    ``otherwise``: where the law says why no way holds, the bars that say so.
    """

    name: str
    ways: Mapping[str, tuple[Cited, ...]]
    bars: bool
    feasible: Callable[[Facts], bool]
    build: Callable[[Facts, Era, date], Case]
    otherwise: Mapping[str, tuple[Cited, ...]] = {}

    def trees(self) -> tuple[Cited, ...]:
        """Every way, and every bar besides."""
        return tuple(tree for each in (self.ways, self.otherwise) for trees in each.values() for tree in trees)

    def atoms(self) -> frozenset[Atom]:
        """Every comparison of a fact with a constant."""
        return frozenset().union(*map(atoms, self.trees()))

    def facts(self, *, edges: bool = False) -> dict[str, tuple[object, ...]]:
        """Every fact with one value for each piece that the law's constants cut it into; or both edges of each."""
        every = self.atoms()
        return {name: pieces(name, every, edges=edges) for name in sorted({atom.fact for atom in every})}

    def cells(self, *, edges: bool = False) -> Iterator[Facts]:
        """One completion of each cell that can be; or one for each choice of edges."""
        domains = self.facts(edges=edges)
        for values in product(*domains.values()):
            cell = dict(zip(domains, values, strict=True))
            if self.feasible(cell):
                yield cell

    def case(self, facts: Facts, era: Era, start: date | None = None) -> Case:
        """A case of a cell, all else being ordinary: that starts on the second day of the era, or on another day."""
        return self.build(facts, era, start or start_of(era))

    def points(self) -> tuple[str, ...]:
        """The unsettled points of law."""
        return tuple(sorted(frozenset().union(*map(points, self.trees()))))


def pieces(name: str, every: frozenset[Atom], *, edges: bool = False) -> tuple[object, ...]:
    """Values of a fact that stand for all: one for each way in which its atoms can come out; or both edges of each."""
    if edges:
        return candidates(name, every)
    return tuple(piece[0] for piece in runs(name, every))


def runs(name: str, every: frozenset[Atom]) -> tuple[tuple[object, ...], ...]:
    """The candidates of a fact, by piece."""
    found = candidates(name, every)
    if name in EDGES:
        return tuple((candidate,) for candidate in found)
    mine = [atom for atom in every if atom.fact == name]
    # Neighbours with the same truths are one piece; two that are apart stay two, so that more can be compared to less.
    alike = groupby(found, key=lambda candidate: [holds(atom, candidate) for atom in mine])
    return tuple(tuple(same) for _, same in alike)


def candidates(name: str, every: frozenset[Atom]) -> tuple[object, ...]:
    """Values of a fact on both sides of everything to which the law compares it, in order."""
    constants = [atom.constant for atom in every if atom.fact == name]
    fractions = sorted(constant for constant in constants if isinstance(constant, WorkFraction))
    numbers = sorted(constant for constant in constants if type(constant) is int)
    if name in VALUES:
        return VALUES[name]
    if fractions:
        # On each mark, and just below it, which stands for all down to the mark before.
        return tuple(sorted({*fractions, *map(just_below, (*fractions, access.FULL_TIME))}))
    if numbers:
        return tuple(range(max(0, numbers[0] - 1), numbers[-1] + 2))
    if any(isinstance(constant, bool) for constant in constants):
        return (False, True)
    words = {word for c in constants for word in (c if isinstance(c, frozenset) else (c,))}
    return tuple(dict.fromkeys((*sorted(map(str, words)), OTHER.get(name, "other"))))


def just_below(mark: WorkFraction) -> WorkFraction:
    """What stands for all that is less than a mark, down to the mark before."""
    return WorkFraction(mark.numerator * 100 - mark.denominator, mark.denominator * 100)


EDGES: Final = frozenset(("belgian_work", "counted_work"))
"""Facts of which a value on a mark and one above it are looked at apart, whatever the law says of them."""
VALUES: Final[dict[str, tuple[object, ...]]] = {
    "pension_timing": (access.BEFORE_T1, access.BY_START, access.INSIDE_T, access.AFTER_T),
    "agreement": (AGENCY, SIGNED, AHEAD, LACKING),
    "filing": (AHEAD, NOT_DATED, TOO_EARLY, IN_TIME, LATE),
}
"""All that a fact can be, where that is no matter of constants."""
OTHER: Final = {
    "decision": "none",
    "pension_kind": "none",
    "pension_register": "foreign",
    "kind": "flexi_job",
    "place": ties.ELSEWHERE,
    "legislation": "dutch",
}
"""What a fact is where it is none of the words that the law names."""


def work_group(era: Era) -> Group:
    """Employment and no-reduction over work, pension and decisions."""
    ways = {"employment": era.employment, "no-reduction": era.no_reduction}
    return Group(_under("work, pension and decisions", era), ways, False, _possible_work, _work_case)


def link_group(era: Era, *, via_agency: bool) -> Group:
    """The five ties over one link in T."""

    def possible(facts: Facts) -> bool:
        return via_agency or facts["place"] != ties.USER

    def build(facts: Facts, era: Era, start: date) -> Case:
        return _link_case(facts, era, start, via_agency=via_agency)

    ways = dict(era.blocks(via_agency))
    if era.readings["notice_employer"] == "any":
        # Notice with anybody blocks, and a case has no field for it: beside every link the law is as good as open.
        anybody = Cited((ties.PROVISIONS["notice"],), "notice-with-anybody-not-known", Open("C2"))
        ways["notice"] = (*ways["notice"], anybody)
    name = "one link in T, through an agency" if via_agency else "one link in T"
    return Group(_under(name, era), ways, True, possible, build)


def check_group(era: Era) -> Group:
    """The automatic check over what is declared and what the pension register shows."""
    ways = {"dimona": (Cited(("NSSO-dimona-ok",), "automatic-check", era.automatic_check),)}
    return Group(_under("the automatic check", era), ways, False, _possible_check, _check_case)


def papers_group(era: Era) -> Group:
    """The day, the legislation, the framework agreement and the declaration."""
    ways, bars = era.formalities
    return Group("day, legislation and papers", ways, False, _possible_papers, _papers_case, bars)


def _under(name: str, era: Era) -> str:
    """The name of a group, with the readings that are not the default."""
    return ", ".join((name, *(f"{reading}={value}" for reading, value in era.chosen)))


def _possible_papers(facts: Facts) -> bool:
    """What is blocked was filed; work without a start in law is looked at with all papers ahead."""
    if facts["filing"] == AHEAD and facts["blocked"]:
        return False
    ahead = facts["agreement"] == facts["filing"] == AHEAD and facts["legislation"] == "belgian"
    return ahead or bool(facts["in_force"])


def _possible_check(facts: Facts) -> bool:
    """What is declared for T-3 with others is part of all that is."""
    work, volume = facts["declared_work"], facts.get("declared_t3")
    return not (isinstance(work, WorkFraction) and isinstance(volume, WorkFraction) and work > volume)


def _possible_work(facts: Facts) -> bool:
    """Belgian work is part of what counts, that is part of all work; a decision is none or one."""
    belgian, counted, volume = (facts.get(name) for name in ("belgian_work", "counted_work", "volume_t3"))
    if isinstance(belgian, WorkFraction) and isinstance(counted, WorkFraction) and belgian > counted:
        return False
    if isinstance(counted, WorkFraction) and isinstance(volume, WorkFraction) and counted > volume:
        return False
    return "no_decision" not in facts or facts["no_decision"] is (facts.get("decision") == "none")


def start_of(era: Era) -> date:
    """A day of the era that is not the first of its quarter, so that a contract can end before it."""
    return era.day + timedelta(1)


def _part(fraction: object) -> Fraction:
    assert isinstance(fraction, WorkFraction)
    return Fraction(fraction.numerator, fraction.denominator)


@lru_cache(maxsize=4096)
def _job(quarter: Quarter, employer: str, part: Fraction, scheme: str = "belgium") -> Employment:
    fraction = WorkFraction(part.numerator, part.denominator)
    return Employment(quarter=quarter, employer=employer, fraction=fraction, status="employee", scheme=scheme)


@lru_cache(maxsize=256)
def ordinary(era: Era, start: date) -> Case:
    """A case of the era that is eligible: full-time work with a bank, flexi work in a café."""
    quarter = Quarter.of(start)
    jobs = tuple(_job(quarter - back, "bank", Fraction(1)) for back in (3, 4, 5))
    return Case(
        quarter=quarter,
        start=start,
        worker=Worker(employments=jobs, pension=Pension(kind="none")),
        employer=Employer("cafe", Sector(joint_committee="302", public=False, nace=Nace("56101", "2008"))),
        function=Function("ordinary"),
        engagements=(),
        approvals=(),
        readings=era.chosen,
    )


def _work_case(facts: Facts, era: Era, start: date) -> Case:
    """Work, pension and letters so that each fact has its value; what counts without being Belgian was done abroad."""
    case = ordinary(era, start)
    quarter = case.quarter
    belgian, counted = _part(facts["belgian_work"]), _part(facts["counted_work"])
    volume = _part(facts.get("volume_t3", facts["counted_work"]))
    jobs = [_job(quarter - 3, "bank", belgian)]
    if counted > belgian:
        jobs.append(_job(quarter - 3, "abroad", counted - belgian, "overseas"))
    if volume > counted:
        jobs.append(_job(quarter - 3, "cafe", volume - counted))
    jobs += [
        _job(quarter - back, "bank", _part(facts[name]))
        for back, name in ((4, "volume_t4"), (5, "volume_t5"))
        if name in facts
    ]
    if facts.get("same_employer_drop"):
        jobs += [_job(quarter - 5, "works", Fraction(1)), _job(quarter - 4, "works", Fraction(4, 5))]
    answers = {"none": (), "granted": (True,), "refused": (False,), "unsettled": (True, False)}[str(facts["decision"])]
    letters = tuple(Approval(quarter=quarter, granted=answer, issued_on=start) for answer in answers)
    papers = Formalities(declaration=Declaration(filed_on=start, result="A")) if facts["accepted"] else None
    born = start.replace(year=start.year - int(str(facts["age"]))) if "age" in facts else None
    worker = Worker(employments=tuple(jobs), pension=_pension(facts, quarter, start), birth_date=born)
    return attrs.evolve(case, worker=worker, approvals=letters, formalities=papers)


def _check_case(facts: Facts, era: Era, start: date) -> Case:
    """Declared work with a bank; what is declared of T-3 besides was with the flexi-job employer."""
    as_work = {"declared_t3": "volume_t3", "declared_t4": "volume_t4", "declared_t5": "volume_t5"}
    as_work |= {"declared_same_drop": "same_employer_drop"}
    work = {as_work.get(name, name): value for name, value in facts.items()}
    declared = facts["declared_work"]
    work |= {"belgian_work": declared, "counted_work": declared, "decision": "none", "accepted": False}
    return _work_case(work, era, start)


def _pension(facts: Facts, quarter: Quarter, start: date) -> Pension:
    if "pension_kind" not in facts:
        return Pension(kind="none")
    begins = {
        access.BEFORE_T1: (quarter - 1).first_day - timedelta(1),
        access.BY_START: start,
        access.INSIDE_T: quarter.last_day,
        access.AFTER_T: quarter.last_day + timedelta(1),
    }
    since = next(day for timing, day in begins.items() if timing == facts["pension_timing"])
    # What is no pension in law begins on a day too.
    kind = {"none": "company_supplement"}.get(str(facts["pension_kind"]), str(facts["pension_kind"]))
    return Pension(kind=kind, since=since, register=str(facts["pension_register"]))


def _papers_case(facts: Facts, era: Era, start: date) -> Case:
    """An ordinary case with its papers in this state; or one of the day before the law, with nothing filed."""
    case = ordinary(era, start)
    if not facts["in_force"]:
        day = FIRST_DAY - timedelta(1)
        return attrs.evolve(case, quarter=Quarter.of(day), start=day)
    first = file_from(case.quarter)
    filed_on = {TOO_EARLY: first - timedelta(1), IN_TIME: first, LATE: start + timedelta(1)}.get(str(facts["filing"]))
    result = "B" if facts["blocked"] else "A" if facts["filing"] == NOT_DATED else None
    signed = {SIGNED: True, LACKING: False}.get(str(facts["agreement"]))
    papers = Formalities(framework_agreement=signed, declaration=Declaration(filed_on=filed_on, result=result))
    agency = Agency("agency") if facts["agreement"] == AGENCY else None
    assert case.worker is not None
    worker = attrs.evolve(case.worker, habitual_legislation=str(facts["legislation"]))
    return attrs.evolve(case, formalities=papers, agency=agency, worker=worker)


def _link_case(facts: Facts, era: Era, start: date, *, via_agency: bool) -> Case:
    """An ordinary case with one link."""
    case = ordinary(era, start)
    last = case.quarter.last_day
    own = "agency" if via_agency else "cafe"
    employer = {ties.EMPLOYER: own, ties.USER: "cafe", ties.AFFILIATE: "sister"}.get(str(facts["place"]), "mill")
    running, begun = facts.get("running", False), facts.get("begun", False)
    since = start - timedelta(400) if begun else start + timedelta(1) if running else last + timedelta(1)
    until = start - timedelta(1) if begun and not running else None
    link = Engagement(
        employer=employer,
        kind=str(facts.get("kind", "flexi_job")),
        fraction=facts.get("size", WorkFraction(1)),
        from_=since,
        until=until,
        affiliated=facts["place"] == ties.AFFILIATE,
        severance_until=start if facts.get("severance") else None,
        notice_from=start if facts.get("notice") else None,
        notice_until=start if facts.get("notice") else None,
    )
    return attrs.evolve(case, engagements=(link,), agency=Agency("agency") if via_agency else None)
