"""Exactness, as the contract defines it: of every partial input of the cells, settled exactly when completions agree.

The completions are the cells themselves, taken from the trees, so that nothing here is shared with the code that
settles a case of which something is open.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, product
from typing import Final, NamedTuple

import attrs

from flexirules._evaluate import evaluate
from flexirules.case import Case, Pension, Worker
from flexirules.finding import OUTCOMES
from flexirules.law import access, ties
from flexirules.law.ruleset import Era
from flexirules.predicate import MET, NOT_MET
from flexirules.proof.cells import Cell, Proven
from flexirules.proof.groups import Facts
from flexirules.proof.obligations import Obligation

Levels = tuple[int, ...]
"""The outcome of a cell for each way to decide the open points of law."""
Nodes = Mapping[str, tuple[str, ...]]
"""Of each path that may be open the things that it holds."""


class Row(NamedTuple):
    """A cell as a completion: the facts that make the case, what the case shows of them, and the outcomes."""

    facts: Facts
    shown: Facts
    levels: Levels


WORKER: Final = "$.worker"
JOBS: Final = "$.worker.employments"
PENSION: Final = "$.worker.pension"
KIND: Final = "$.worker.pension.kind"
SINCE: Final = "$.worker.pension.since"
BORN: Final = "$.worker.birth_date"
LETTERS: Final = "$.approvals"
LINKS: Final = "$.engagements"
LINK: Final = "$.engagements[0]"
FIELDS: Final = ("employer", "affiliated", "kind", "fraction", "from_")


class Plan(NamedTuple):
    """How a group is taken apart: its completions, what each path holds, which are open together, and the case."""

    rows: list[Row]
    nodes: Nodes
    patterns: list[tuple[str, ...]]
    may_be: Callable[[Facts, tuple[str, ...]], bool]
    case: Callable[[Facts, tuple[str, ...]], Case]

    def inputs(self) -> "Iterator[tuple[tuple[str, ...], list[Row]]]":
        """Every partial input: the paths that are open, and all its completions."""
        for opened in self.patterns:
            things = {thing for path in opened for thing in self.nodes[path]}
            known = [thing for thing in self.rows[0].shown if thing not in things]
            completions: dict[tuple[object, ...], list[Row]] = {}
            for row in self.rows:
                if self.may_be(row.shown, opened):
                    completions.setdefault(tuple([row.shown[thing] for thing in known]), []).append(row)
            yield from ((opened, mine) for mine in completions.values())


def work_plan(proven: Proven, era: Era) -> Plan:
    """Work, pension and decisions: the jobs, the pension or a part of it, the letters, the worker."""
    group = proven.group
    names = group.facts()
    jobs = tuple(name for name in names if name in access.HISTORY_FACTS)
    pension = tuple(name for name in ("pension_kind", "pension_timing", "pension_register") if name in names)
    age = tuple(name for name in ("age",) if name in names)
    nodes: dict[str, tuple[str, ...]] = {
        JOBS: jobs,
        PENSION: pension,
        KIND: pension[:1],
        SINCE: pension[1:2],
        LETTERS: ("decision", "no_decision"),
        BORN: age,
        WORKER: (*jobs, *pension, *age),
    }
    inside = {PENSION: {KIND, SINCE}, WORKER: {JOBS, PENSION, KIND, SINCE, BORN}}
    patterns = [opened for opened in _subsets(nodes) if not any(inside.get(node, set()) & {*opened} for node in opened)]

    def may_be(shown: Facts, opened: tuple[str, ...]) -> bool:
        # Letters that contradict each other come to an approval or to none: each of these is looked at by itself.
        if LETTERS in opened and shown["decision"] == "unsettled":
            return False
        # Without a pension there is no day on which it began.
        return not (SINCE in opened and KIND not in opened and shown.get("pension_kind") == "none")

    cases: dict[tuple[object, ...], Case] = {}

    def case(facts: Facts, opened: tuple[str, ...]) -> Case:
        drawn = facts | {"pension_kind": "retirement"} if KIND in opened and pension else facts
        key = tuple(drawn.values())
        whole = cases.get(key)
        if whole is None:
            whole = cases[key] = group.case(drawn, era)
        letters = None if LETTERS in opened else whole.approvals
        return attrs.evolve(whole, approvals=letters, worker=_worker(whole.worker, opened))

    rows = [Row(cell.facts, cell.facts, cell.outcomes) for cell in proven.cells]
    return Plan(rows, nodes, patterns, may_be, case)


def _worker(worker: Worker | None, opened: tuple[str, ...]) -> Worker | None:
    """The worker without what is open."""
    if worker is None or WORKER in opened:
        return None
    pension = None if PENSION in opened else worker.pension
    if pension is not None:
        kind, since = None if KIND in opened else pension.kind, None if SINCE in opened else pension.since
        pension = Pension(kind=kind, since=since, register=pension.register)
    jobs = None if JOBS in opened else worker.employments
    born = None if BORN in opened else worker.birth_date
    return attrs.evolve(worker, employments=jobs, pension=pension, birth_date=born)


def link_plan(proven: Proven, era: Era) -> Plan:
    """One link: with whom, whether of the group, the contract, its size, its first day, all links."""
    group = proven.group
    shown = ("party", "affiliated", "kind", "size", "span")
    paths = [f"{LINK}.{field.rstrip('_')}" for field in FIELDS]
    nodes: dict[str, tuple[str, ...]] = {}
    for path, of_link in zip(paths, shown, strict=True):
        nodes[path] = (of_link,)
    patterns = [*_subsets(nodes), (LINKS,)]
    nodes[LINKS] = (*shown, "ended", "severance", "notice")

    def case(facts: Facts, opened: tuple[str, ...]) -> Case:
        whole = group.case(facts, era)
        if LINKS in opened or whole.engagements is None:
            return attrs.evolve(whole, engagements=None)
        [link] = whole.engagements
        changes: dict[str, bool | None] = {"affiliated": facts["affiliated"] is True}
        changes |= {field: None for path, field in zip(paths, FIELDS, strict=True) if path in opened}
        return attrs.evolve(whole, engagements=(attrs.evolve(link, **changes),))  # type: ignore[arg-type]  # by field

    rows = [row for cell in proven.cells for row in _of_link(cell, proven)]
    return Plan(rows, nodes, patterns, lambda _shown, _opened: True, case)


def _of_link(cell: Cell, proven: Proven) -> Iterator[Row]:
    """A cell as a case shows it: who the other party is, whether it belongs to the group, and the days."""
    facts, names, levels = cell.facts, proven.group.facts(), cell.outcomes
    place = facts["place"]
    party = place if place in (ties.EMPLOYER, ties.USER) else "another"
    flags: tuple[bool, ...] = (False, True)
    if ties.AFFILIATE in names["place"] and party == "another":
        flags = (place == ties.AFFILIATE,)
    # Where the law does not ask whether a contract still runs, one that began may have ended or not.
    open_ended = ({"running": True},) if facts.get("begun") and "running" not in names else ()
    for more, flag in product(({}, *open_ended), flags):
        made = facts | more | {"affiliated": flag}
        running, begun = made.get("running", False), made.get("begun", False)
        shown = {
            "party": party,
            "affiliated": flag,
            "kind": facts.get("kind"),
            "size": facts.get("size"),
            "span": (running, begun),
            "ended": begun and not running,
            "severance": facts.get("severance"),
            "notice": facts.get("notice"),
        }
        yield Row(made, shown, levels)


def _subsets(nodes: Nodes) -> Iterator[tuple[str, ...]]:
    for count in range(1, len(nodes) + 1):
        yield from combinations(nodes, count)


def exact(proven: Proven, era: Era, plan: Plan) -> Obligation:
    """Ask evaluate() about every partial input, and compare its answer with all completions of it."""
    inputs, broken = 0, ""
    for opened, mine in plan.inputs():
        inputs += 1
        reached = {level for row in mine for level in row.levels}
        missing = {path for path in opened if len(reached) > 1 and _matters(mine, plan.nodes[path])}
        partial = plan.case(mine[0].facts, opened)
        decision = evaluate(partial, law=era.law)
        said = OUTCOMES.index(decision.outcome)
        right = reached == {said} if len(reached) == 1 else NOT_MET < said < MET
        if not right or {entry.path for entry in decision.missing} != missing:
            broken = min(broken or partial.to_json(), partial.to_json(), key=len)
    says = f"{proven.group.name}: settled exactly when all completions agree, and what is missing is what matters"
    return Obligation("exact", says, inputs, broken)


def _matters(rows: list[Row], things: tuple[str, ...]) -> bool:
    """Whether two completions that differ in the things of one path alone have different outcomes."""
    others = [thing for thing in rows[0].shown if thing not in things]
    alike: dict[tuple[object, ...], Levels] = {}
    return any(alike.setdefault(tuple([row.shown[o] for o in others]), row.levels) != row.levels for row in rows)
