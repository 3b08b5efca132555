"""Employment and no-reduction: work, pension and decisions, on every completion of what is open.

A case whose jobs are all known falls into a cell: every number only as far as the law compares it. Each cell is settled
once in an era; what jobs leave open is enumerated for the case alone.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Final

from flexirules.approval import Approval, decision_for
from flexirules.block import MOST_COMPLETIONS, Axis, Block, Ladder, completed, enumerate_axes, shared, size, too_many
from flexirules.case import Case, Employment, Pension
from flexirules.dated import on
from flexirules.fraction import WorkFraction
from flexirules.law import access
from flexirules.law.ruleset import Era
from flexirules.predicate import AnyOf, Atom, Cited, atoms, holds, known_in, points, rank
from flexirules.quarter import Quarter
from flexirules.settle.cells import accepted_by_dimona, age_on, cell, noted
from flexirules.settle.parties import ANOTHER, agency_ids, flexi_id
from flexirules.settle.sums import sums

ZERO: Final = WorkFraction(0)


def work(case: Case, day: date, era: Era) -> Block:
    """The verdicts of ``employment`` and ``no-reduction``, and the answer of the automatic check."""
    key = cell(case, day, era)
    if key is None:
        return _settled(case, day, era)
    block = era.works.get(key)
    return block if block is not None else era.remember(era.works, key, shared(_settled(case, day, era)))


def _settled(case: Case, day: date, era: Era) -> Block:
    """The two verdicts over every completion of what the case leaves open."""
    employment, reduction, check = era.employment, era.no_reduction, era.automatic_check
    accepted = accepted_by_dimona(case)
    axes: list[Axis] = []
    overrides: dict[str, object] = {}
    worker = case.worker
    _work_axes(case, era, axes)
    pension = worker.pension if worker is not None else None
    if pension is None:
        kinds: list[object] = [("none", access.AFTER_T, "belgium")]
        kinds += [("retirement", t, r) for t in range(4) for r in ("belgium", "foreign")]
        axes.append(("$.worker" if worker is None else "$.worker.pension", kinds))
    else:
        _pension_axes(pension, axes)
    if case.approvals is None:
        axes.append(("$.approvals", ["none", "granted", "refused"]))
        if not accepted:
            overrides["no_decision"] = True
    else:
        _approval_axes(case.approvals, case.quarter, axes)
    if era.age_read and (worker is None or worker.birth_date is None):
        axes.append(("$.worker" if worker is None else "$.worker.birth_date", [0, 200]))
    if worker is None:
        axes = _one_worker(axes)
    open_points = sorted(frozenset().union(*(points(tree) for tree in (*employment, *reduction, check))))
    axes += [(point, [True, False]) for point in open_points if _can_matter(point, case, day, accepted)]
    if size(axes) > MOST_COMPLETIONS:
        unknown = Ladder(1, "work-facts-missing")
        return too_many((unknown, unknown), axes, (0, 3))
    names = [key for key, _ in axes]
    levels_of: dict[tuple[object, ...], tuple[int, int, int]] = {}
    outcomes: dict[tuple[int, ...], int] = {}
    seen: list[dict[str, object]] = []
    for choice, values in enumerate_axes(axes):
        filled = dict(zip(names, values, strict=True))
        facts = _facts(case, day, era, filled, accepted)
        key = (*facts.values(), *(filled.get(p) for p in open_points))
        levels = levels_of.get(key)
        if levels is None:
            known = known_in(facts)

            def point(name: str, filled: dict[str, object] = filled) -> bool | None:
                return bool(filled.get(name))

            levels = levels_of[key] = (
                rank(AnyOf(employment), known, point),
                rank(AnyOf(reduction), known, point),
                rank(check, known, point),
            )
            seen.append(facts)
        outcomes[choice] = min(levels[0], levels[1])
    known = _agreed(employment + reduction, seen, overrides)
    ladders = (
        _verdict(case, era, employment, {levels[0] for levels in levels_of.values()}, known, seen),
        _verdict(case, era, reduction, {levels[1] for levels in levels_of.values()}, known, seen),
    )
    return completed(ladders, tuple(names), outcomes, {levels[2] for levels in levels_of.values()})


def _can_matter(point: str, case: Case, day: date, accepted: bool) -> bool:
    """Whether the facts that stand before an unsettled point can hold; where they cannot, it is not filled in."""
    approvals = case.approvals
    if point == "A7":
        return accepted
    if point == "C17":
        return approvals is not None and len(approvals) > 1
    if point == "C12":
        return approvals is None or any(a.granted is not False for a in approvals)
    pension = case.worker.pension if case.worker is not None else None
    if pension is None or pension.since is None:
        return pension is None or pension.kind != "none"
    return access.timing_of(pension.since, case.quarter, day) == access.INSIDE_T


def _one_worker(axes: list[Axis]) -> list[Axis]:
    """Everything about a worker of whom nothing is known, as one open node."""
    mine = [(key, values) for key, values in axes if key == "$.worker"]
    rest = [axis for axis in axes if axis[0] != "$.worker"]
    combined: list[object] = [values for _, values in enumerate_axes(mine)]
    return [("$.worker", combined), *rest]


def _agreed(
    cited: tuple[Cited, ...], seen: list[dict[str, object]], overrides: Mapping[str, object]
) -> Callable[[Atom], bool | None]:
    """Atoms on which all completions agree; the others are not known."""
    answers: dict[Atom, bool | None] = {}
    for part in cited:
        for atom in atoms(part):
            if atom.fact in overrides:
                answers[atom] = holds(atom, overrides[atom.fact])
            else:
                values = {holds(atom, facts[atom.fact]) for facts in seen}
                answers[atom] = values.pop() if len(values) == 1 else None
    return answers.__getitem__


def _verdict(
    case: Case,
    era: Era,
    ways: tuple[Cited, ...],
    levels: set[int],
    known: Callable[[Atom], bool | None],
    seen: list[dict[str, object]],
) -> Ladder:
    ranks = [rank(way, known, lambda _: None) for way in ways]
    level = levels.pop() if len(levels) == 1 else max(ranks)
    if level == 0:
        return _not_met(case, era, ways, seen)
    for way, found in zip(ways, ranks, strict=True):
        if level == 1 and (not points(way) or any(known(atom) is None for atom in atoms(way))):
            continue
        if found == level:
            return Ladder(level, _pending(case, way.reason), way.provisions + _noted_by(case, era, way.reason))
    reason = "work-facts-missing" if level == 1 else "every-way-agrees"
    return Ladder(level, reason, ways[0].provisions)


def _pending(case: Case, reason: str) -> str:
    if reason != "approval-needed":
        return reason
    if case.requests and any(r.quarter == case.quarter for r in case.requests):
        return "approval-pending"
    given = any(a.granted is not False for a in case.approvals or ())
    return "approval-other-quarter" if given else reason


def _not_met(case: Case, era: Era, ways: tuple[Cited, ...], seen: list[dict[str, object]]) -> Ladder:
    if ways[0].reason != "four-fifths-in-belgium":
        return Ladder(0, "reduced-from-full-time", ("L2015-4-1-last",))
    enough = access.counted_work >= access.FOUR_FIFTHS
    if any(facts["decision"] == "refused" and holds(enough, facts["counted_work"]) for facts in seen):
        return Ladder(0, "approval-refused", ("OSS-approval",))
    reason = "not-employee" if "self_employed" in noted(case, era) else "below-four-fifths"
    return Ladder(0, reason, ("L2015-4-1", *_noted_by(case, era, reason)))


def _noted_by(case: Case, era: Era, reason: str) -> tuple[str, ...]:
    """The provisions on work in T-3 that was left out, or that counts by a provision of its own."""
    found = noted(case, era)
    if reason in ("approval-needed", "approval-held"):
        return ("NSSO-foreign",) if "foreign" in found else ()
    if reason not in ("four-fifths-in-belgium", "below-four-fifths", "not-employee"):
        return ()
    rows = (row for row in on(era.law.counting, era.day) if row.status in found)
    cited = (row.provision for row in rows if reason != "four-fifths-in-belgium" or row.counts)
    return tuple(dict.fromkeys(provision for provision in cited if provision != "L2015-4-1"))


def _work_axes(case: Case, era: Era, axes: list[Axis]) -> None:
    held = case.worker.employments if case.worker is not None else None
    if held is None:
        path = "$.worker" if case.worker is None else "$.worker.employments"
        axes.append((path, list(_work_states(era))))
        return
    looked_at = [case.quarter.index - n for n in (3, 4, 5)]
    for position, job in enumerate(held):
        if job.quarter is not None and job.quarter.index not in looked_at:
            continue
        path = f"$.worker.employments[{position}]"
        if job.quarter is None:
            axes.append((f"{path}.quarter", [*looked_at, 0]))
        if job.employer is None:
            axes.append((f"{path}.employer", [flexi_id(case), *agency_ids(case), ANOTHER]))
        if job.status is None:
            axes.append((f"{path}.status", ["employee", "flexi_job"]))
        if job.fraction is None:
            axes.append((f"{path}.fraction", [*_edges(held, position)]))
    tied = {flexi_id(case), *agency_ids(case)}
    if case.agency is not None and era.tied_work == "unknown":
        if any(
            (j.employer is None or j.employer in tied) and (j.quarter is None or j.quarter.index == looked_at[0])
            for j in held
        ):
            axes.append(("C14", [True, False]))


def _edges(held: tuple[Employment, ...], position: int) -> list[WorkFraction]:
    """Fractions that stand for all in one open job: every side of four fifths and of full time, alone and in sums."""
    from fractions import Fraction

    quarter = held[position].quarter
    others = [
        Fraction(j.fraction.numerator, j.fraction.denominator)
        for j in held
        if j.fraction is not None and (quarter is None or j.quarter is None or j.quarter == quarter)
    ]
    sums = {Fraction(0)}
    for other in others[:6]:
        sums |= {s + other for s in sums}
    sums.add(sum(others, Fraction(0)))
    edges = {Fraction(0), Fraction(1)}
    for total in sums:
        for mark in (Fraction(4, 5), Fraction(1)):
            gap = mark - total
            edges |= {gap, gap - Fraction(1, 10**6 * gap.denominator)}
    return [WorkFraction(e.numerator, e.denominator) for e in sorted(edges) if 0 <= e <= 1 and e.denominator < 10**19]


def _work_states(era: Era) -> Iterator[dict[str, object]]:
    """Everything that a worker of unknown history may have worked, one history for each way of passing the edges."""
    marks = [ZERO, access.FOUR_FIFTHS, access.FULL_TIME]
    if era.readings["reduction_band"] == "exact":
        marks.insert(2, WorkFraction(9, 10))
    for b, a, v3 in product(marks, repeat=3):
        if b <= a <= v3:
            for v4, v5 in product(marks, repeat=2):
                for dropped in (False, True):
                    yield {
                        "belgian_work": b,
                        "counted_work": a,
                        "volume_t3": v3,
                        "volume_t4": v4,
                        "volume_t5": v5,
                        "declared_work": b,
                        "declared_t3": v3,
                        "declared_t4": v4,
                        "declared_t5": v5,
                        "same_employer_drop": dropped,
                        "declared_same_drop": dropped,
                    }
                    if era.readings["reduction_employer"] == "any":
                        break


def _pension_axes(pension: Pension, axes: list[Axis]) -> None:
    if pension.kind is None:
        axes.append(("$.worker.pension.kind", ["none", "retirement"]))
    if pension.since is None and pension.kind in (None, *access.PENSIONERS):
        axes.append(("$.worker.pension.since", [0, 1, 2, 3]))


def _approval_axes(approvals: tuple[Approval, ...], quarter: Quarter, axes: list[Axis]) -> None:
    mine = [(i, a) for i, a in enumerate(approvals) if a.quarter is None or a.quarter == quarter]
    days = sorted({a.issued_on for _, a in mine if a.issued_on is not None})
    for position, approval in mine:
        path = f"$.approvals[{position}]"
        if approval.quarter is None:
            axes.append((f"{path}.quarter", [True, False]))
        if approval.granted is None:
            axes.append((f"{path}.granted", [True, False]))
        if approval.issued_on is None and len(mine) > 1:
            span = days or [quarter.first_day]
            before, after = span[0] - timedelta(1), span[-1] + timedelta(1)
            axes.append((f"{path}.issued_on", [before, *span, after, after + timedelta(1)]))


def _facts(case: Case, day: date, era: Era, filled: Mapping[str, object], accepted: bool) -> dict[str, object]:
    """The facts of one completion about work, pension and decisions."""
    pension = case.worker.pension if case.worker is not None else None
    work: dict[str, object]
    born: object = None
    if case.worker is None:
        parts = filled["$.worker"]
        assert isinstance(parts, tuple)
        work, (kind, timing, register) = dict(parts[0]), parts[1]
        born = parts[2] if len(parts) > 2 else 0
    else:
        given = filled.get("$.worker.employments")
        work = dict(given) if isinstance(given, dict) else sums(case, era, filled, accepted)
        if pension is None:
            kind, timing, register = filled["$.worker.pension"]  # type: ignore[misc]
        else:
            kind = pension.kind or filled["$.worker.pension.kind"]
            if pension.since is not None:
                timing = access.timing_of(pension.since, case.quarter, day)
            else:
                timing = filled.get("$.worker.pension.since", access.AFTER_T)
            register = pension.register
        born = filled.get("$.worker.birth_date", 0)
        if era.age_read and case.worker.birth_date is not None:
            born = age_on(day, case.worker.birth_date)
    decision = filled["$.approvals"] if case.approvals is None else _decision(case.approvals, case.quarter, filled)
    return {
        **work,
        "decision": decision,
        "no_decision": decision == "none",
        "accepted": accepted,
        "pension_kind": kind,
        "pension_timing": timing,
        "pension_register": register,
        "age": born,
    }


def _decision(approvals: tuple[Approval, ...], quarter: Quarter, filled: Mapping[str, object]) -> str:
    done = []
    for position, approval in enumerate(approvals):
        path = f"$.approvals[{position}]"
        mine = filled.get(f"{path}.quarter", approval.quarter == quarter)
        if mine:
            done.append(
                Approval(
                    quarter=quarter,
                    granted=filled.get(f"{path}.granted", approval.granted),  # type: ignore[arg-type]
                    issued_on=filled.get(f"{path}.issued_on", approval.issued_on),  # type: ignore[arg-type]
                )
            )
    return decision_for(quarter, tuple(done))
