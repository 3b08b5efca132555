"""Proof by cells: every provision of an era checked on one representative of each cell of its facts.

Every condition compares one fact with one constant, so the constants cut each fact into finitely many pieces, and
inside a cell of pieces no answer changes. What holds for one case of every cell holds for all. Conditions that share no
fact are proven apart; their composition is the minimum of verdicts.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby, pairwise, product
from time import perf_counter
from typing import Final, NamedTuple

import attrs

from flexirules._evaluate import evaluate
from flexirules.approval import Approval, decision_for
from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
from flexirules.dated import FIRST_DAY, SectorRow
from flexirules.finding import OUTCOMES, VERDICTS
from flexirules.fraction import WorkFraction
from flexirules.law import access, scope, ties
from flexirules.law.ruleset import Era, Ruleset, current
from flexirules.predicate import MET, NOT_MET, Atom, Cited, atoms, compiled, holds, known_in, points, rank, undecided
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector
from flexirules.settle.scope import any_employer

Facts = dict[str, object]


class Obligation(NamedTuple):
    """One thing that was to be proven: on how many cells, and the smallest case that breaks it, as JSON or words."""

    id: str
    says: str
    cells: int
    broken: str = ""
    remark: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was proven."""
        return not self.broken

    def to_document(self) -> dict[str, object]:
        """The JSON form as plain values."""
        found: dict[str, object] = {"id": self.id, "says": self.says, "cells": self.cells, "holds": self.holds}
        if self.broken:
            found["broken"] = self.broken
        if self.remark:
            found["remark"] = self.remark
        return found


class Group(NamedTuple):
    """Conditions that share facts: each with its ways (to be met; of a link: to bar), and how to make a case."""

    name: str
    ways: Mapping[str, tuple[Cited, ...]]
    bars: bool
    feasible: Callable[[Facts], bool]
    case: Callable[[Facts, Era], Case]

    def facts(self) -> dict[str, tuple[object, ...]]:
        """Every fact with one value for each piece that the law's constants cut it into."""
        every = frozenset().union(*(atoms(way) for ways in self.ways.values() for way in ways))
        return {name: pieces(name, every) for name in sorted({atom.fact for atom in every})}

    def cells(self) -> Iterator[Facts]:
        """One completion of each cell that can be."""
        domains = self.facts()
        for values in product(*domains.values()):
            cell = dict(zip(domains, values, strict=True))
            if self.feasible(cell):
                yield cell

    def points(self) -> tuple[str, ...]:
        """The unsettled points of law."""
        return tuple(sorted(frozenset().union(*(points(way) for ways in self.ways.values() for way in ways))))


def pieces(name: str, every: frozenset[Atom]) -> tuple[object, ...]:
    """Values of a fact that stand for all: one for each way in which its atoms can come out."""
    mine = [atom for atom in every if atom.fact == name]
    constants = [atom.constant for atom in mine]
    fractions = sorted(constant for constant in constants if isinstance(constant, WorkFraction))
    numbers = sorted(constant for constant in constants if type(constant) is int)
    candidates: list[object] = []
    if name in VALUES:
        candidates = list(VALUES[name])
    elif fractions:
        halves = [WorkFraction(f.numerator, f.denominator * 2) for f in fractions]
        between = [
            WorkFraction(a.numerator * b.denominator + b.numerator * a.denominator, 2 * a.denominator * b.denominator)
            for a, b in pairwise([*fractions, WorkFraction(1)])
        ]
        candidates = [*sorted({*halves[:1], *fractions, *between})]
    elif numbers:
        candidates = list(range(max(0, numbers[0] - 1), numbers[-1] + 2))
    elif any(isinstance(constant, bool) for constant in constants):
        candidates = [False, True]
    else:
        words = {word for c in constants for word in (c if isinstance(c, frozenset) else (c,))}
        candidates = [*sorted(map(str, words)), OTHER.get(name, "other")]
    if name in EDGES:
        return tuple(candidates)
    # Neighbours with the same truths are one piece; two that are apart stay two, so that more can be compared to less.
    alike = groupby(candidates, key=lambda candidate: [holds(atom, candidate) for atom in mine])
    return tuple(next(same) for _, same in alike)


EDGES: Final = frozenset(("belgian_work", "counted_work"))
"""Facts of which a value on a mark and one above it are looked at apart, whatever the law says of them."""
VALUES: Final = {
    "pension_timing": (access.BEFORE_T1, access.BY_START, access.INSIDE_T, access.AFTER_T),
}
"""All that a fact can be, where that is no matter of constants."""
OTHER: Final = {
    "decision": "none",
    "pension_kind": "none",
    "pension_register": "foreign",
    "kind": "flexi_job",
    "place": ties.ELSEWHERE,
}
"""What a fact is where it is none of the words that the law names."""


# ------------------------------------------------------------------------------------------------- the groups


def work_group(era: Era) -> Group:
    """Employment and no-reduction over work, pension and decisions."""
    ways = {"employment": era.employment, "no-reduction": era.no_reduction}
    return Group("work, pension and decisions", ways, False, _possible_work, _work_case)


def link_group(era: Era, *, via_agency: bool) -> Group:
    """The five ties over one link in T."""

    def possible(facts: Facts) -> bool:
        return via_agency or facts["place"] != ties.USER

    def case(facts: Facts, era: Era) -> Case:
        return _link_case(facts, era, via_agency=via_agency)

    name = "one link in T, through an agency" if via_agency else "one link in T"
    return Group(name, era.blocks(via_agency), True, possible, case)


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


def _job(quarter: Quarter, employer: str, part: Fraction, scheme: str = "belgium") -> Employment:
    fraction = WorkFraction(part.numerator, part.denominator)
    return Employment(quarter=quarter, employer=employer, fraction=fraction, status="employee", scheme=scheme)


def ordinary(era: Era) -> Case:
    """A case of the era that is eligible: full-time work with a bank, flexi work in a café."""
    quarter = Quarter.of(era.day)
    jobs = tuple(_job(quarter - back, "bank", Fraction(1)) for back in (3, 4, 5))
    return Case(
        quarter=quarter,
        start=start_of(era),
        worker=Worker(employments=jobs, pension=Pension(kind="none")),
        employer=Employer("cafe", Sector(joint_committee="302", public=False, nace=Nace("56101", "2008"))),
        function=Function("ordinary"),
        engagements=(),
        approvals=(),
    )


def _work_case(facts: Facts, era: Era) -> Case:
    """Work, pension and letters so that each fact has its value; what counts without being Belgian was done abroad."""
    case = ordinary(era)
    quarter, start = case.quarter, case.first_day
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
    begins = {
        access.BEFORE_T1: (quarter - 1).first_day - timedelta(1),
        access.BY_START: start,
        access.INSIDE_T: quarter.last_day,
        access.AFTER_T: quarter.last_day + timedelta(1),
    }
    pension = Pension(kind="none")
    if facts.get("pension_kind", "none") != "none":
        since = begins[facts["pension_timing"]]  # type: ignore[index]  # one of the four timings
        pension = Pension(kind="retirement", since=since, register=str(facts["pension_register"]))
    answers = {"none": (), "granted": (True,), "refused": (False,), "unsettled": (True, False)}[str(facts["decision"])]
    letters = tuple(Approval(quarter=quarter, granted=answer, issued_on=start) for answer in answers)
    papers = Formalities(declaration=Declaration(filed_on=start, result="A")) if facts["accepted"] else None
    worker = Worker(employments=tuple(jobs), pension=pension)
    return attrs.evolve(case, worker=worker, approvals=letters, formalities=papers)


def _link_case(facts: Facts, era: Era, *, via_agency: bool) -> Case:
    """An ordinary case with one link."""
    case = ordinary(era)
    start, last = case.first_day, case.quarter.last_day
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


# ------------------------------------------------------------------------------------------------- the obligations


class Cell(NamedTuple):
    """The facts of a cell, and the level of every way for each way to decide the open points, and undecided."""

    facts: Facts
    decided: tuple[tuple[tuple[int, ...], ...], ...]
    undecided: tuple[tuple[int, ...], ...]


class Proven(NamedTuple):
    """A group with its cells, decided once for all obligations."""

    group: Group
    cells: list[Cell]

    def verdicts(self, cell: Cell) -> list[tuple[int, ...]]:
        """The verdicts of the conditions, for each way to decide the open points."""
        return [tuple(_verdict(self.group, ways) for ways in levels) for levels in cell.decided]

    def undecided(self, cell: Cell) -> tuple[int, ...]:
        """The verdicts of the conditions where no open point is decided."""
        return tuple(_verdict(self.group, ways) for ways in cell.undecided)

    def answers(self, cell: Cell) -> list[int]:
        """What evaluate() should say: the verdict on which all agree, or the undecided one."""
        columns = zip(*self.verdicts(cell), strict=True)
        pairs = zip(columns, self.undecided(cell), strict=True)
        return [column[0] if len(set(column)) == 1 else undecided for column, undecided in pairs]

    def witness(self, cell: Cell, era: Era) -> str:
        """The case of a cell, which ``flexirules evaluate`` reads."""
        return self.group.case(cell.facts, era).to_json()


def _verdict(group: Group, ways: tuple[int, ...]) -> int:
    """The verdict of a condition from the levels of its ways: where they are bars, what bars is not met."""
    level = max(ways)
    return {NOT_MET: MET, MET: NOT_MET}.get(level, level) if group.bars else level


def decided(group: Group) -> Proven:
    """Every cell of a group, decided by the compiled form of the law."""
    every = sorted(frozenset().union(*(atoms(way) for ways in group.ways.values() for way in ways)), key=repr)
    places = {atom: place for place, atom in enumerate(every)}
    fast = [[compiled(way, places) for way in ways] for ways in group.ways.values()]
    names = group.points()
    choices = [dict(zip(names, choice, strict=True)) for choice in product((NOT_MET, MET), repeat=len(names))]
    cells = []
    for facts in group.cells():
        truths = [MET if holds(atom, facts[atom.fact]) else NOT_MET for atom in every]

        def levels(point: Callable[[str], int], truths: list[int] = truths) -> tuple[tuple[int, ...], ...]:
            return tuple(tuple([way(truths, point) for way in ways]) for ways in fast)

        each = tuple(levels(choice.__getitem__) for choice in choices)
        cells.append(Cell(facts, each, levels(undecided)))
    return Proven(group, cells)


def total(proven: Proven, era: Era) -> Obligation:
    """Each cell has one verdict of each condition, the same by both interpreters; open law is not guessed."""
    group = proven.group
    broken = ""
    for cell in proven.cells:
        known = known_in(cell.facts)
        again = tuple(tuple(rank(way, known, lambda _: None) for way in ways) for ways in group.ways.values())
        wrong = again != cell.undecided
        for column, verdict in zip(zip(*proven.verdicts(cell), strict=True), proven.undecided(cell), strict=True):
            guessed = len(set(column)) > 1 and verdict in (NOT_MET, MET)
            wrong = wrong or guessed or not min(column) <= verdict <= max(column)
        if wrong:
            broken = broken or proven.witness(cell, era)
    says = f"{group.name}: each cell has one verdict, and open law is not guessed"
    return Obligation("total", says, len(proven.cells), broken)


def sound(proven: Proven, era: Era) -> Obligation:
    """The library's answer to the case of each cell is that of the trees: deriving facts adds nothing."""
    group = proven.group
    broken = ""
    for cell in proven.cells:
        decision = evaluate(group.case(cell.facts, era), law=era.law)
        said = [decision.finding(condition).verdict for condition in group.ways]
        if said != [VERDICTS[level] for level in proven.answers(cell)]:
            broken = broken or proven.witness(cell, era)
    return Obligation(
        "sound", f"{group.name}: evaluate() answers the case of each cell alike", len(proven.cells), broken
    )


def not_masked(proven: Proven) -> Obligation:
    """Each provision decides alone in some cell: without it the verdict would be another."""
    masked = []
    for column, (condition, ways) in enumerate(proven.group.ways.items()):
        alone: set[int] = set()
        for cell in proven.cells:
            for levels in cell.decided:
                highest = max(levels[column])
                if highest > NOT_MET and levels[column].count(highest) == 1:
                    alone.add(levels[column].index(highest))
        masked += [f"{condition}: {way.reason}" for place, way in enumerate(ways) if place not in alone]
    says = f"{proven.group.name}: each provision decides alone in some cell"
    return Obligation("not-masked", says, len(proven.cells), "; ".join(masked))


def not_idle(proven: Proven) -> Obligation:
    """For each fact two cells that differ in it alone have different outcomes."""
    outcome = {_key(cell.facts): [min(levels) for levels in proven.verdicts(cell)] for cell in proven.cells}
    idle = []
    for name, values in proven.group.facts().items():
        # Whether there is no decision is the decision said once more, and changes with it.
        if name != "no_decision" and not any(
            outcome.get(_key(_with(cell.facts, name, value)), here) != here
            for cell in proven.cells
            for here in (outcome[_key(cell.facts)],)
            for value in values
        ):
            idle.append(name)
    says = f"{proven.group.name}: each fact alone can change the outcome"
    return Obligation("not-idle", says, len(proven.cells), ", ".join(idle))


def _with(facts: Facts, name: str, value: object) -> Facts:
    changed = facts | {name: value}
    if "no_decision" in changed:
        changed["no_decision"] = changed["decision"] == "none"
    return changed


def _key(facts: Facts) -> tuple[object, ...]:
    return tuple([facts[name] for name in sorted(facts)])


def letters(proven: Proven, era: Era) -> Obligation:
    """A refusal closes only its own way in, an approval cures no other condition, and no letter counts elsewhere."""
    by_facts = {_key(cell.facts): cell for cell in proven.cells}
    broken = ""
    for cell in proven.cells:
        if cell.facts["decision"] != "none":
            continue
        without = proven.undecided(cell)
        refused = by_facts[_key(_with(cell.facts, "decision", "refused"))]
        granted = by_facts[_key(_with(cell.facts, "decision", "granted"))]
        # That Dimona accepted the declaration says nothing any more where the NSSO refused in writing.
        if without[0] == MET and not cell.facts["accepted"] and proven.undecided(refused)[0] != MET:
            broken = broken or proven.witness(refused, era)
        if without[1] != MET and proven.undecided(granted)[1] == MET:
            broken = broken or proven.witness(granted, era)
    quarter = Quarter.of(era.day)
    for step, answer in product((-2, -1, 1, 2), (True, False)):
        if decision_for(quarter, (Approval(quarter=quarter + step, granted=answer),)) != "none":
            broken = broken or f"a letter for {quarter + step} counts in {quarter}"
    says = "a refusal closes its own way only, an approval cures nothing else, no letter counts in another quarter"
    return Obligation("letters", says, len(proven.cells), broken)


def monotone(proven: Proven, era: Era) -> Obligation:
    """More counted work in T-3 never harms, except through the rule on reductions, of which one case is shown."""
    by_facts = {_key(cell.facts): cell for cell in proven.cells}
    broken = remark = ""
    for name in ("belgian_work", "counted_work", "volume_t3"):
        values = [value for value in proven.group.facts().get(name, ()) if isinstance(value, WorkFraction)]
        for cell, more in product(proven.cells, values):
            less = cell.facts[name]
            other = by_facts.get(_key(cell.facts | {name: more}))
            if other is None or not isinstance(less, WorkFraction) or more <= less:
                continue
            pairs = list(zip(proven.verdicts(cell), proven.verdicts(other), strict=True))
            if any(after[0] < before[0] for before, after in pairs):
                broken = broken or proven.witness(other, era)
            if not remark and any(after[1] < before[1] for before, after in pairs):
                remark = "the exception: " + proven.witness(other, era)
    says = "more work in T-3 never harms, except through no-reduction"
    return Obligation("monotone", says, len(proven.cells), broken, remark)


def sectors(era: Era) -> tuple[Obligation, ...]:
    """Article 2: no two rows as narrow as each other disagree, and each row decides for the employer it describes."""
    contradiction, cells = "", 0
    if era.day >= scope.USER_RULE_ENDS:
        activities = scope.tests(era.rows, era).activities
        for employer, activity in product(list(any_employer(era)), activities):
            place = scope.Place(**employer, activity=activity)  # type: ignore[arg-type]  # the fields of a place
            cells += 1
            fitting = [
                row
                for row in era.rows
                if row.effect != "DENY"
                and row.activity in ("", activity)
                and scope.employer_matches(row, place, era.readings)
            ]
            best = max((row.specificity for row in fitting), default=None)
            narrowest = [row for row in fitting if row.specificity == best]
            if len({row.effect for row in narrowest}) > 1:
                contradiction = contradiction or f"{place}: {', '.join(row.id for row in narrowest)}"
    # To 2017 the row of committee 322 says that the row of the user decides, and decides nothing itself.
    mine = [row for row in era.rows if row.jc != scope.AGENCY_COMMITTEE or era.day >= scope.USER_RULE_FROM]
    idle = [row.id for row in mine if not _decides(row, era)]
    return (
        Obligation("no-contradiction", "sectors: no two rows that are as narrow disagree", cells, contradiction),
        Obligation("not-masked", "sectors: each row decides for some employer", len(mine), ", ".join(idle)),
    )


def _decides(row: SectorRow, era: Era) -> bool:
    """Whether for the employer that a row describes the answer would be another, or rest on another row, without it."""
    committee = f"{row.jc}.99" if row.jc in ("118", "202") else row.jc if row.jc not in ("", "*") else "999"
    committee = "302" if row.effect == "DENY" and committee == "999" else committee
    place = scope.Place(
        jc=committee,
        public=bool(row.public),
        lists=frozenset((scope.list_of(row, era.readings) or row.nace_list,)) - {""},
        authority=row.authority or "french",
        fund=row.bakery_fund,
        activity=row.activity or "ordinary",
    )
    found = scope.scope(place, era, agency=row.jc == scope.AGENCY_COMMITTEE)
    return row in (found.sector_row, found.function_row)


def composed(era: Era, work: Proven, links: Proven) -> Obligation:
    """The outcome of a case is the minimum over the groups: one case of each verdict of one with each of another."""

    def samples(proven: Proven) -> dict[int, Case]:
        found: dict[int, Case] = {}
        for cell in proven.cells:
            levels = {min(verdicts) for verdicts in proven.verdicts(cell)}
            if len(levels) == 1 and not levels <= found.keys():
                found[levels.pop()] = proven.group.case(cell.facts, era)
        return found

    broken, cells = "", 0
    for (one, first), (two, second) in product(samples(work).items(), samples(links).items()):
        both = attrs.evolve(first, engagements=second.engagements)
        cells += 1
        if OUTCOMES.index(evaluate(both, law=era.law).outcome) != min(one, two):
            broken = broken or both.to_json()
    return Obligation("composition", "the outcome is the minimum over the groups", cells, broken)


def verify(
    law: Ruleset | None = None, quarter: Quarter | None = None
) -> "Iterator[tuple[date, tuple[Obligation, ...]]]":
    """Prove every era of a law since its first day, or those of one quarter; an era by its first day.

    >>> days = [day.isoformat() for day, proven in verify(quarter=Quarter(2019, 1)) if all(o.holds for o in proven)]
    >>> days
    ['2018-01-01']
    """
    law = law or current()
    days = [day for day in law.eras if day >= FIRST_DAY]
    if quarter is not None:
        inside = [day for day in days if day in quarter]
        first = law.on(quarter.first_day).day
        days = [first, *inside] if first >= FIRST_DAY and first not in inside else inside
    for day in days:
        yield day, era_obligations(law.on(day))


def era_obligations(era: Era) -> tuple[Obligation, ...]:
    """Everything that is proven of one era."""
    work, links, agency = (
        decided(group)
        for group in (work_group(era), link_group(era, via_agency=False), link_group(era, via_agency=True))
    )
    found: list[Obligation] = []
    for proven in (work, links, agency):
        found += [total(proven, era), sound(proven, era), not_masked(proven), not_idle(proven)]
    found += [letters(work, era), monotone(work, era), *sectors(era), composed(era, work, links)]
    return tuple(found)


def certificate(law: Ruleset | None = None, quarter: Quarter | None = None) -> dict[str, object]:
    """What was proven, as plain values: ruleset, digest, each era with its obligations, and how long it took.

    All but ``seconds`` is the same each time.
    """
    began = perf_counter()
    law = law or current()
    proven = list(verify(law, quarter))
    return {
        "ruleset": law.name,
        "digest": law.digest,
        "holds": all(obligation.holds for _, obligations in proven for obligation in obligations),
        "cells": sum(obligation.cells for _, obligations in proven for obligation in obligations),
        "seconds": round(perf_counter() - began, 1),
        "eras": [
            {"from": day.isoformat(), "obligations": [obligation.to_document() for obligation in obligations]}
            for day, obligations in proven
        ],
    }
