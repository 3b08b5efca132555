"""What is proven of an era, one function for each obligation."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import product
from typing import Final, NamedTuple

import attrs

from flexirules._evaluate import evaluate
from flexirules.approval import Approval, decision_for
from flexirules.case import Case
from flexirules.dated import FIRST_DAY, SectorRow
from flexirules.decision import Decision
from flexirules.finding import CONDITIONS, OUTCOMES, VERDICTS
from flexirules.fraction import WorkFraction
from flexirules.law import scope, ties, turns
from flexirules.law.access import timing_of
from flexirules.law.formalities import AGENCY, AHEAD, LACKING, NOT_DATED, SIGNED, filed_in
from flexirules.law.ruleset import Era
from flexirules.predicate import MET, NOT_MET, known_in, rank
from flexirules.proof.cells import Cell, Proven
from flexirules.proof.groups import Facts, ordinary, start_of
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector
from flexirules.settle.scope import any_employer

Named = dict[str, dict[str, str]]
"""The facts that a decision names, by condition."""


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


def total(proven: Proven, era: Era) -> Obligation:
    """Each cell has one verdict of each condition, the same by both interpreters; open law is not guessed."""
    group, wrong = proven.group, []
    for cell in proven.cells:
        known = known_in(cell.facts)
        again = tuple(tuple(rank(way, known, lambda _: None) for way in ways) for ways in group.ways.values())
        right = again == cell.undecided
        for column, verdict in zip(zip(*cell.verdicts, strict=True), proven.undecided(cell), strict=True):
            guessed = len(set(column)) > 1 and verdict in (NOT_MET, MET)
            right = right and not guessed and min(column) <= verdict <= max(column)
        if not right:
            wrong.append(cell)
    says = f"{group.name}: each cell has one verdict, and open law is not guessed"
    return Obligation("total", says, len(proven.cells), proven.smallest(wrong, era))


Asked = list[tuple[Cell, Decision]]
"""Every cell with what evaluate() says of its case."""


def asked(proven: Proven, era: Era) -> Asked:
    """Ask evaluate() about the case of every cell."""
    return [(cell, evaluate(proven.group.case(cell.facts, era), law=era.law)) for cell in proven.cells]


def sound(proven: Proven, era: Era, answers: Asked) -> Obligation:
    """The library's answer to the case of each cell is that of the trees: deriving facts adds nothing."""
    group, wrong = proven.group, []
    for cell, decision in answers:
        said = [decision.finding(condition).verdict for condition in group.ways]
        if said != [VERDICTS[level] for level in proven.answers(cell)]:
            wrong.append(cell)
    says = f"{group.name}: evaluate() answers the case of each cell alike"
    return Obligation("sound", says, len(proven.cells), proven.smallest(wrong, era))


def predicted(proven: Proven, era: Era, answers: Asked) -> Obligation:
    """The predicted answer of Dimona is that of the tree: ok where it shows enough, not known where law is open."""
    wrong = []
    for cell, decision in answers:
        levels = set(cell.outcomes)
        expected = "ok" if levels == {MET} else "warning" if levels == {NOT_MET} else "unknown"
        if decision.dimona.expected != expected:
            wrong.append(cell)
    says = f"{proven.group.name}: the answer of Dimona is predicted alike"
    return Obligation("predicted", says, len(proven.cells), proven.smallest(wrong, era))


def no_gap(proven: Proven, era: Era) -> Obligation:
    """Of the ways and the bars of a condition exactly one side holds, and only one of its bars."""
    wrong = []
    for cell in proven.cells:
        known = known_in(cell.facts)
        for condition, bars in proven.group.otherwise.items():
            met = any(rank(way, known, lambda _: None) == MET for way in proven.group.ways[condition])
            if met + sum(rank(bar, known, lambda _: None) == MET for bar in bars) != 1:
                wrong.append(cell)
    says = f"{proven.group.name}: either a way holds or one bar"
    return Obligation("no-gap", says, len(proven.cells), proven.smallest(wrong, era))


def not_masked(proven: Proven) -> Obligation:
    """Each provision decides alone in some cell: without it the verdict would be another."""
    masked = []
    for column, (condition, ways) in enumerate(proven.group.ways.items()):
        alone: set[int] = set()
        for levels in {ways_of[column] for cell in proven.cells for ways_of in cell.decided}:
            highest = max(levels)
            if highest > NOT_MET and levels.count(highest) == 1:
                alone.add(levels.index(highest))
        masked += [f"{condition}: {way.reason}" for place, way in enumerate(ways) if place not in alone]
    says = f"{proven.group.name}: each provision decides alone in some cell"
    return Obligation("not-masked", says, len(proven.cells), "; ".join(masked))


def not_idle(proven: Proven) -> Obligation:
    """For each fact two cells that differ in it alone have different outcomes."""
    idle = []
    for name in proven.group.facts():
        # Whether there is no decision is the decision said once more, and changes with it.
        apart = {name, "no_decision"} if name == "decision" else {name}
        alike: dict[tuple[object, ...], tuple[int, ...]] = {}
        if name != "no_decision" and not any(
            alike.setdefault(_key(cell.facts, apart), cell.outcomes) != cell.outcomes for cell in proven.cells
        ):
            idle.append(name)
    says = f"{proven.group.name}: each fact alone can change the outcome"
    return Obligation("not-idle", says, len(proven.cells), ", ".join(idle))


def _decided(facts: Facts, answer: str) -> Facts:
    return facts | {"decision": answer, "no_decision": False}


def _key(facts: Facts, apart: Iterable[str] = ()) -> tuple[object, ...]:
    """The values of a cell's facts, those of some left out: the facts of one group always come in one order."""
    return tuple([value for name, value in facts.items() if name not in apart])


def letters(proven: Proven, era: Era) -> Obligation:
    """A refusal closes only its own way in, an approval cures no other condition, and no letter counts elsewhere."""
    by_facts = {_key(cell.facts): cell for cell in proven.cells}
    wrong = []
    for cell in proven.cells:
        if cell.facts["decision"] != "none":
            continue
        without = proven.undecided(cell)
        refused = by_facts[_key(_decided(cell.facts, "refused"))]
        granted = by_facts[_key(_decided(cell.facts, "granted"))]
        # That Dimona accepted the declaration says nothing any more where the NSSO refused in writing.
        if without[0] == MET and not cell.facts["accepted"] and proven.undecided(refused)[0] != MET:
            wrong.append(refused)
        if without[1] != MET and proven.undecided(granted)[1] == MET:
            wrong.append(granted)
    broken = proven.smallest(wrong, era)
    quarter = Quarter.of(era.day)
    for step, answer in product((-2, -1, 1, 2), (True, False)):
        if decision_for(quarter, (Approval(quarter=quarter + step, granted=answer),)) != "none":
            broken = broken or f"a letter for {quarter + step} counts in {quarter}"
    says = "a refusal closes its own way only, an approval cures nothing else, no letter counts in another quarter"
    return Obligation("letters", says, len(proven.cells), broken)


def monotone(proven: Proven, era: Era) -> Obligation:
    """More counted work in T-3 never harms, except through the rule on reductions, of which one case is shown."""
    by_facts = {_key(cell.facts): cell for cell in proven.cells}
    wrong, exceptions = [], []
    for name, values in proven.group.facts().items():
        if name not in ("belgian_work", "counted_work", "volume_t3"):
            continue
        for cell, more in product(proven.cells, values):
            less = cell.facts[name]
            assert isinstance(less, WorkFraction)
            assert isinstance(more, WorkFraction)
            other = by_facts.get(_key(cell.facts | {name: more})) if more > less else None
            if other is None:
                continue
            pairs = list(zip(cell.verdicts, other.verdicts, strict=True))
            if any(after[0] < before[0] for before, after in pairs):
                wrong.append(other)
            if any(after[1] < before[1] for before, after in pairs):
                exceptions.append(other)
    remark = f"the exception: {proven.smallest(exceptions, era)}" if exceptions else ""
    says = "more work in T-3 never harms, except through no-reduction"
    return Obligation("monotone", says, len(proven.cells), proven.smallest(wrong, era), remark)


def sectors(era: Era) -> tuple[Obligation, ...]:
    """Article 2: no two rows as narrow as each other disagree, and each row decides for the employer it describes."""
    contradiction, cells = "", 0
    if turns.OPEN_UNLESS_EXCLUDED in era.turns:
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
    mine = [row for row in era.rows if row.jc != scope.AGENCY_COMMITTEE or turns.USER_ADMITTED in era.turns]
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


def not_idle_sectors(era: Era) -> Obligation:
    """Of everything that the list of sectors asks, two employers that differ in it alone have different outcomes."""
    rows = era.rows
    asked_of = {"jc": True, "activity": any(row.activity for row in rows), "public": any(row.public for row in rows)}
    asked_of |= {"lists": any(row.nace_list for row in rows), "authority": any(row.authority for row in rows)}
    asked_of |= {"fund": any(row.bakery_fund for row in rows)}
    found = list(places(era))
    idle = []
    for name in [name for name, is_asked in asked_of.items() if is_asked]:
        values = {getattr(place, name) for place, _ in found}
        if all(level_of(place._replace(**{name: value}), era) == level for place, level in found for value in values):
            idle.append(name)
    return Obligation("not-idle", "sectors: each thing asked alone can change the outcome", len(found), ", ".join(idle))


def level_of(place: scope.Place, era: Era, *, via_agency: bool = False) -> int:
    """The lower verdict of sector and function."""
    found = scope.scope(place, era, via_agency)
    return min(found.sector, found.function)


def places(era: Era) -> Iterator[tuple[scope.Place, int]]:
    """Every employer and activity that the list of sectors tells apart, with the lower of its two verdicts."""
    return ((place, level_of(place, era)) for place in each_place(era))


def each_place(era: Era) -> Iterator[scope.Place]:
    """Every employer and activity that the list of sectors tells apart."""
    activities = scope.tests(era.rows, era).activities
    for employer, activity in product(any_employer(era), activities):
        yield scope.Place(**employer, activity=activity)  # type: ignore[arg-type]  # the fields of a place


def explained(proven: Proven, era: Era, answers: Asked, again: Callable[[Named, Case], Facts]) -> Obligation:
    """Decided again from nothing but the facts that a decision names, the trees give the verdict that it gave."""
    group, wrong = proven.group, []
    for cell, decision in answers:
        known = known_in(again({condition: decision.facts(condition) for condition in group.ways}, decision.case))
        ranks = [max(rank(way, known, lambda _: None) for way in ways) for ways in group.ways.values()]
        if [VERDICTS[found] for found in ranks] != [decision.finding(condition).verdict for condition in group.ways]:
            wrong.append(cell)
    says = f"{group.name}: decided again from the facts that it names, each verdict is the same"
    return Obligation("explained", says, len(proven.cells), proven.smallest(wrong, era))


def work_named(named: Named, case: Case) -> Facts:
    """The facts on work, pension and decisions that a decision names; what it does not name is not known."""
    work, volumes = named["employment"], named["no-reduction"]
    facts: Facts = {name: WorkFraction.of(work[name]) for name in ("belgian_work", "counted_work") if name in work}
    facts |= {name.replace("work", "volume"): WorkFraction.of(volume) for name, volume in volumes.items()}
    facts |= {"accepted": work.get("dimona_result") == "A"}
    if "decision" in work:
        facts |= {"decision": work["decision"], "no_decision": work["decision"] == "none"}
    if "pension" in work:
        since = date.fromisoformat(work["pension_since"]) if "pension_since" in work else date.max
        facts |= {"pension_kind": work["pension"], "pension_register": work.get("pension_register")}
        facts |= {"pension_timing": timing_of(since, case.quarter, case.first_day)}
    return facts


def papers_named(named: Named, case: Case) -> Facts:
    """The facts on day, legislation and papers that a decision names."""
    start = date.fromisoformat(named["in-force"]["start"])
    framework, filed = named["framework-agreement"], named["declaration"]
    signed = {"true": SIGNED, "false": LACKING, None: AHEAD}[framework.get("framework_agreement")]
    filing = AHEAD if "result" not in filed else NOT_DATED
    if "filed_on" in filed:
        filing = filed_in(date.fromisoformat(filed["filed_on"]), case.quarter, start)
    return {
        "in_force": start >= FIRST_DAY,
        "legislation": named["legislation"]["habitual_legislation"],
        "agreement": AGENCY if framework.get("via_agency") == "true" else signed,
        "filing": filing,
        "blocked": filed.get("result") == "B",
    }


def links_explained(proven: Proven, era: Era, answers: Asked) -> Obligation:
    """A tie names the link by which it is not met or not known, with the reason of the finding, and no other."""
    group, wrong = proven.group, []
    for cell, decision in answers:
        for condition in group.ways:
            finding = decision.finding(condition)
            free = finding.verdict is VERDICTS[MET]
            if decision.facts(condition) != ({} if free else {"$.engagements[0]": finding.reason}):
                wrong.append(cell)
    says = f"{group.name}: a tie names the link that bars, with its reason"
    return Obligation("explained", says, len(proven.cells), proven.smallest(wrong, era))


BY_TABLE: Final = ("sector", "function")
"""Conditions that are rows of a dated table, read by one matcher."""


def opaque(groups: Iterable[Proven], era: Era) -> Obligation:
    """Every condition is a tree of comparisons or rows of a table: none is a function that says more than it shows."""
    trees = {condition for proven in groups for condition in proven.group.ways}
    # A tie that an era does not know cannot be not met.
    never = {*ties.CONDITIONS} - {*era.blocks(via_agency=True), *era.blocks(via_agency=False)}
    left = [condition for condition in CONDITIONS if condition not in {*trees, *BY_TABLE, *never}]
    says = "opaque provisions: none; sector and function are rows of a table, all other conditions are trees"
    return Obligation("opaque", says, len(CONDITIONS), ", ".join(left))


def composed(era: Era, work: Proven, links: Proven, papers: Proven) -> Obligation:
    """The outcome of a case is the minimum over the groups: one case of each verdict of each, with each of the rest."""
    samples = (
        _samples(work, era, lambda facts: not facts["accepted"]),
        _samples(links, era, lambda _: True),
        _samples(papers, era, lambda facts: bool(facts["in_force"]) and facts["agreement"] != AGENCY),
        _of_sectors(era),
    )
    broken, cells = "", 0
    for chosen in product(*(found.items() for found in samples)):
        levels, (of_work, of_links, of_papers, of_sector) = zip(*chosen, strict=True)
        assert of_work.worker is not None
        assert of_papers.worker is not None
        legislation = of_papers.worker.habitual_legislation
        case = attrs.evolve(
            of_work,
            engagements=of_links.engagements,
            formalities=of_papers.formalities,
            worker=attrs.evolve(of_work.worker, habitual_legislation=legislation),
            employer=of_sector.employer,
            function=of_sector.function,
        )
        cells += 1
        if OUTCOMES.index(evaluate(case, law=era.law).outcome) != min(levels):
            broken = min(broken or case.to_json(), case.to_json(), key=len)
    return Obligation("composition", "the outcome is the minimum over the groups", cells, broken)


def _samples(proven: Proven, era: Era, fit: Callable[[Facts], bool]) -> dict[int, Case]:
    """One case of each verdict of a group."""
    found: dict[int, Case] = {}
    for cell in proven.cells:
        level = min(proven.answers(cell))
        if level not in found and fit(cell.facts):
            found[level] = proven.group.case(cell.facts, era)
    return found


def _of_sectors(era: Era) -> dict[int, Case]:
    """One case of each verdict on sector and function."""
    found: dict[int, Case] = {}
    for case, level in by_place(era):
        found.setdefault(level, case)
    return found


def by_place(era: Era, *, via_agency: bool = False) -> Iterator[tuple[Case, int]]:
    """An ordinary case with each employer and activity that the list of sectors tells apart, with the lower verdict.

    Of no listed main activity, and of no committee of which it is asked which agency, or which subcommittee.
    """
    for place in each_place(era):
        if place.lists or place.jc == scope.AGENCY_COMMITTEE or scope.children(place.jc, era):
            continue
        sector = Sector(
            joint_committee=place.jc,
            nace=Nace("00000", "2008"),
            public=place.public,
            authority=place.authority,
            bakery_fund=place.fund,
        )
        case = attrs.evolve(
            ordinary(era, start_of(era)),
            employer=Employer("cafe", sector),
            function=Function(place.activity),
            agency=Agency("agency") if via_agency else None,
        )
        yield case, level_of(place, era, via_agency=via_agency)
