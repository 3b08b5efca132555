"""Employment and no-reduction: work, pension and decisions, on every completion of what is open.

A case whose jobs are all known falls into a cell: every number only as far as the law compares it. Each cell is settled
once in an era; what jobs leave open is enumerated for the case alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from flexirules.approval import Approval, decision_for
from flexirules.block import (
    MOST_COMPLETIONS,
    Axis,
    Block,
    Ladder,
    Side,
    completed_by_sides,
    enumerate_axes,
    shared,
    size,
    too_many,
)
from flexirules.case import Case, Employment
from flexirules.dated import on
from flexirules.fraction import WorkFraction
from flexirules.law import access
from flexirules.law.ruleset import Circuit, Era, OneSide
from flexirules.predicate import (
    LEVELS,
    MET,
    NEEDS_DECISION,
    NOT_MET,
    UNKNOWN,
    Atom,
    Cited,
    Ladders,
    atoms,
    columns,
    holds,
    points,
    undecided,
)
from flexirules.quarter import Quarter
from flexirules.settle.cells import Plain, accepted_by_dimona, age_on, cell, noted, plain
from flexirules.settle.parties import ANOTHER, agency_ids, flexi_id
from flexirules.settle.sums import sums

if TYPE_CHECKING:
    from fractions import Fraction

ZERO: Final = WorkFraction(0)
OWN_ACCOUNT: Final = "self_employed"
"""Of the statuses that do not count the one that has a reason of its own."""


def work(case: Case, day: date, era: Era) -> Block:
    """The verdicts of ``employment`` and ``no-reduction``, and the answer of the automatic check."""
    key = cell(case, day, era)
    if key is None:
        return _settled(case, day, era, None)
    block = era.works.get(key)
    return block if block is not None else era.remember(era.works, key, shared(_settled(case, day, era, key)))


def _settled(case: Case, day: date, era: Era, key: tuple[object, ...] | None) -> Block:
    """The two verdicts over every completion of what the case leaves open.

    What jobs leave open and what all else leaves open meet only in the truth of the law's atoms: each side is filled in
    apart, and once for all cells that have it in common. Of a worker of whom nothing is known the pension stands on the
    side of the jobs, as part of one open node.
    """
    worker = case.worker
    circuit = era.circuit(worker is not None)
    accepted = accepted_by_dimona(case)
    mine, others = _axes(case, era, (flexi_id(case), *agency_ids(case), ANOTHER))
    if max(size(mine), size(others)) > MOST_COMPLETIONS:
        unknown = Ladder(1, "work-facts-missing")
        return too_many((unknown, unknown), mine + others, (0, 3))
    if key is None or worker is None:
        first, by_jobs, second, by_others = _classes(case, day, era, mine, others)
    else:
        (first, by_jobs), (second, by_others) = _remembered(case, day, era, (mine, others), key)
    rows, reached = _together(circuit, first, second)
    # As long as no letter is known to be held a decision is needed; so too where there is none or an approval.
    needed = (case.approvals is None and not accepted) or reached[0] == {NEEDS_DECISION, MET}
    agreed = _agreed(circuit, first, second, no_decision=needed)
    known = dict(zip((*circuit.first, *circuit.second), agreed, strict=True))
    refused = _may_be_refused(circuit, first, second)
    ladders = (
        _verdict(case, era, era.employment, reached[0], circuit.employment, known, refused),
        _verdict(case, era, era.no_reduction, reached[1], circuit.no_reduction, known, refused),
    )
    # Of a worker of whom nothing is known all is one open node: one choice among its histories and pensions.
    if worker is None:
        by_jobs = {(position,): kind for position, kind in enumerate(by_jobs.values())}
        mine = [("$.worker", [])]
    return completed_by_sides(
        ladders,
        Side(tuple(key for key, _ in mine), by_jobs),
        Side((*(key for key, _ in others), "law"), by_others),
        rows,
        reached[2],
    )


def work_outcomes(
    case: Case, day: date, era: Era, parties: Iterable[str], which: int
) -> dict[tuple[object, ...], tuple[int, ...]] | None:
    """Of every completion of the jobs the outcome with each of all else; None for too many.

    Jobs of unnamed employers are with one of these parties.

    Of a history that is not known two states are in the key, that have all work in common and differ in whose it is:
    of two identities that are compared ``which`` (0, 1) has the one or the other.
    """
    mine, others = _axes(case, era, parties)
    if max(size(mine), size(others)) > MOST_COMPLETIONS:
        return None
    first, by_jobs, second, _ = _classes(case, day, era, mine, others)
    rows, _ = _together(era.circuit(case.worker is not None), first, second)
    kinds: dict[tuple[object, ...], int] = {}
    if mine and mine[-1][0] == "$.worker.employments":
        volumes = [_volumes(state) for state in mine[-1][1]]
        alike: dict[tuple[object, ...], list[int]] = {}
        for position, found in enumerate(volumes):
            alike.setdefault(found, []).append(position)
        # Through an agency tied work may count all the same, and then it does not matter whose it was.
        counts = era.tied_work == "count" or (era.tied_work == "unknown" and accepted_by_dimona(case))
        anybody = case.agency is not None and counts
        for (*choice, state), kind in by_jobs.items():
            for other in (state,) if anybody else alike[volumes[state]]:
                kinds[*choice, *((state, other) if which == 0 else (other, state))] = kind
    elif mine and mine[-1][0] == "C14":
        kinds = {(*choice,): kind for choice, kind in by_jobs.items()}
    else:
        # Where C14 is not open both answers come to the same.
        kinds = {(*choice, answer): kind for choice, kind in by_jobs.items() for answer in (0, 1)}
    return {choice: rows[kind] for choice, kind in kinds.items()}


def _volumes(state: object) -> tuple[object, ...]:
    """All work of a history, whoever it was with."""
    assert isinstance(state, dict)
    return tuple([value for name, value in state.items() if name not in access.WITH_OTHERS])


def _axes(case: Case, era: Era, parties: Iterable[str]) -> tuple[list[Axis], list[Axis]]:
    """What jobs leave open, and what all else does."""
    mine: list[Axis] = []
    others: list[Axis] = []
    _pension_axes(case, era, mine if case.worker is None else others)
    _approval_axes(case, others)
    _work_axes(case, era, mine, parties)
    return mine, others


def facts_of_work(case: Case, day: date, era: Era) -> Iterator[dict[str, object]] | None:
    """The facts of every completion on the side of the jobs, then on the other; None for too many."""
    mine, others = _axes(case, era, (flexi_id(case), *agency_ids(case), ANOTHER))
    if max(size(mine), size(others)) > MOST_COMPLETIONS:
        return None
    completions = (*_of_jobs(case, day, era, mine), *_of_others(case, day, era, others))
    return (facts for _, facts in completions)


Truths = tuple[bool, ...]
Classes = dict[tuple[int, ...], int]


def _classes(
    case: Case, day: date, era: Era, mine: list[Axis], others: list[Axis]
) -> tuple[list[tuple[bool, ...]], Classes, list[tuple[bool, ...]], Classes]:
    """The truths of the atoms on each side that completions reach, and which of them each completion has."""
    return *_classes_of_jobs(case, day, era, mine), *_classes_of_others(case, day, era, others)


def _remembered(
    case: Case, day: date, era: Era, axes: tuple[list[Axis], list[Axis]], key: tuple[object, ...]
) -> tuple[OneSide, OneSide]:
    """The same by side: the last part of a cell is about the jobs, and all before it about all else."""
    accepted, letters, _, drawn, age, *volumes = key
    mine, others = axes
    jobs = (accepted, *volumes)
    by_jobs = era.histories.get(jobs) or era.remember(era.histories, jobs, _classes_of_jobs(case, day, era, mine))
    rest = (accepted, letters, drawn, age)
    by_others = era.others.get(rest) or era.remember(era.others, rest, _classes_of_others(case, day, era, others))
    return by_jobs, by_others


def _classes_of_jobs(case: Case, day: date, era: Era, axes: list[Axis]) -> OneSide:
    circuit = era.circuit(case.worker is not None)
    truths: dict[Truths, int] = {}
    classes: Classes = {}
    for choice, held in _truths_of_jobs(case, day, era, axes, circuit.first):
        classes[choice] = truths.setdefault(held, len(truths))
    return list(truths), classes


def _classes_of_others(case: Case, day: date, era: Era, axes: list[Axis]) -> OneSide:
    circuit = era.circuit(case.worker is not None)
    truths: dict[Truths, int] = {}
    classes: Classes = {}
    ways = [*product((True, False), repeat=len(circuit.points))]
    for choice, facts in _of_others(case, day, era, axes):
        held = tuple([holds(atom, facts[atom.fact]) for atom in circuit.second])
        for way, decided in enumerate(ways):
            classes[*choice, way] = truths.setdefault(held + decided, len(truths))
    return list(truths), classes


def _truths_of_jobs(
    case: Case, day: date, era: Era, axes: list[Axis], every: tuple[Atom, ...]
) -> Iterator[tuple[tuple[int, ...], Truths]]:
    """The truths of the atoms for every completion of the jobs: those on work in T-3 before those on T-4 and on T-5."""
    quarters = _by_quarter(case, era, axes)
    if quarters is None:
        for choice, facts in _of_jobs(case, day, era, axes):
            yield choice, tuple([holds(atom, facts[atom.fact]) for atom in every])
        return
    # Each quarter has sums of its own, so what is open in one is added up once, whatever is open in the others.
    accepted = accepted_by_dimona(case)
    kept: tuple[dict[tuple[int, ...], Truths], ...] = ({}, {}, {})
    asked = [[atom for atom in every if atom.fact in names] for names in access.OF_QUARTER]
    for choice, values in enumerate_axes(axes):
        held: Truths = ()
        for back, places in enumerate(quarters):
            mine = tuple([choice[place] for place in places])
            part = kept[back].get(mine)
            if part is None:
                facts = sums(case, era, _filled(axes, values), accepted, only=back)
                part = kept[back][mine] = tuple([holds(atom, facts[atom.fact]) for atom in asked[back]])
            held += part
        yield choice, held


Completions = Iterator[tuple[tuple[int, ...], dict[str, object]]]


def _of_jobs(case: Case, day: date, era: Era, axes: list[Axis]) -> Completions:
    """The facts of every completion of the jobs; of a worker of whom nothing is known, with the pension."""
    accepted = accepted_by_dimona(case)
    for choice, values in enumerate_axes(axes):
        filled = _filled(axes, values)
        pension = _pension(case, day, era, filled) if case.worker is None else {}
        yield choice, _history(case, era, filled, accepted) | pension


def _by_quarter(case: Case, era: Era, axes: list[Axis]) -> tuple[list[int], ...] | None:
    """The places of the axes of jobs in T-3, T-4 and T-5; None where the work of the quarters cannot be told apart."""
    held = case.worker.employments if case.worker is not None else None
    if held is None or era.by_employer or any(job.quarter is None for job in held):
        return None
    found: tuple[list[int], ...] = ([], [], [])
    for place, (key, _) in enumerate(axes):
        back = 0
        if key.startswith(_JOB):
            quarter = held[int(key[len(_JOB) : key.index("]")])].quarter
            assert quarter is not None
            back = case.quarter.index - 3 - quarter.index
        found[back].append(place)
    return found


_JOB: Final = "$.worker.employments["


def _of_others(case: Case, day: date, era: Era, axes: list[Axis]) -> Completions:
    """The facts of every completion of all else."""
    accepted = accepted_by_dimona(case)
    for choice, values in enumerate_axes(axes):
        filled = _filled(axes, values)
        pension = _pension(case, day, era, filled) if case.worker is not None else {}
        yield choice, _decided(case, filled, accepted) | pension


def _filled(axes: list[Axis], values: tuple[object, ...]) -> dict[str, object]:
    return {key: value for (key, _), value in zip(axes, values, strict=True)}


def _together(
    circuit: Circuit, first: list[tuple[bool, ...]], second: list[tuple[bool, ...]]
) -> tuple[list[tuple[int, ...]], tuple[set[int], set[int], set[int]]]:
    """The outcome of each completion of one side with each of the other, and the levels that the three trees reach.

    All completions at once: each bit of a number stands for one, with those of the other side next to each other.
    """
    width = len(second)
    block = (1 << width) - 1
    every = (1 << width * len(first)) - 1
    repeated = every // block
    bits = [block * column for column in columns(first, width)]
    atoms_and_points = [repeated * column for column in columns(second)]
    bits += atoms_and_points[: len(circuit.second)]
    points = dict(zip(circuit.points, atoms_and_points[len(circuit.second) :], strict=True))
    planes = []
    for ways in (circuit.employment, circuit.no_reduction, (circuit.automatic_check,)):
        needed = met = 0
        for _, to_needed, to_met in ways:
            needed |= to_needed(bits, points, every)
            met |= to_met(bits, points, every)
        planes.append((needed, met))
    employment, reduction, automatic = (
        {level for level, found in ((NOT_MET, every & ~needed), (NEEDS_DECISION, needed & ~met), (MET, met)) if found}
        for needed, met in planes
    )
    needed, met = planes[0][0] & planes[1][0], planes[0][1] & planes[1][1]
    rows = []
    for position in range(len(first)):
        mine, sure = needed >> position * width & block, met >> position * width & block
        rows.append(tuple([2 * (mine >> j & 1) + (sure >> j & 1) for j in range(width)]))
    return rows, (employment, reduction, automatic)


def _agreed(
    circuit: Circuit, first: Iterable[tuple[bool, ...]], second: Iterable[tuple[bool, ...]], *, no_decision: bool
) -> list[int]:
    """The verdict of each atom on which all completions agree; the others are not known.

    ``no_decision``: none is taken to be held.
    """
    columns = [*zip(*first, strict=True), *[*zip(*second, strict=True)][: len(circuit.second)]]
    answers = [UNKNOWN if len(set(column)) > 1 else MET if column[0] else NOT_MET for column in columns]
    if no_decision:
        answers[len(circuit.first) + circuit.second.index(access.no_decision.yes())] = MET
    return answers


def _may_be_refused(
    circuit: Circuit,
    first: Iterable[tuple[bool, ...]],
    second: Iterable[tuple[bool, ...]],
) -> bool:
    """Whether a completion has enough work and a refusal."""
    enough = circuit.first.index(access.counted_work >= access.FOUR_FIFTHS)
    unrefused = circuit.second.index(access.decision.differs("refused"))
    return any(truths[enough] for truths in first) and not all(truths[unrefused] for truths in second)


def _verdict(
    case: Case,
    era: Era,
    ways: tuple[Cited, ...],
    reached: set[int],
    compiled_ways: tuple[Ladders, ...],
    known: Mapping[Atom, int],
    refused: bool,
) -> Ladder:
    bits = [[verdict >= least for verdict in known.values()] for least in LEVELS]
    given = [*zip(bits, undecided(era.circuit(worker_known=True).points, 1), strict=True)]
    ranks = [sum([at(*known_at, 1) for at, known_at in zip(way, given, strict=True)]) for way in compiled_ways]
    level = reached.pop() if len(reached) == 1 else max(ranks)
    if level == 0:
        return _not_met(case, era, ways, refused)
    for way, found in zip(ways, ranks, strict=True):
        if level == 1 and (not points(way) or any(known[atom] == UNKNOWN for atom in atoms(way))):
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


def _not_met(case: Case, era: Era, ways: tuple[Cited, ...], refused: bool) -> Ladder:
    if ways[0].reason != "four-fifths-in-belgium":
        return Ladder(0, "reduced-from-full-time", ("L2015-4-1-last",))
    if refused:
        return Ladder(0, "approval-refused", ("OSS-approval",))
    reason = "not-employee" if OWN_ACCOUNT in noted(case, era) else "below-four-fifths"
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


def _work_axes(case: Case, era: Era, axes: list[Axis], parties: Iterable[str]) -> None:
    held = case.worker.employments if case.worker is not None else None
    if held is None:
        axes.append(("$.worker.employments", list(_work_states(era))))
        return
    looked_at = [case.quarter.index - n for n in (3, 4, 5)]
    history = plain(case, held, era)
    for position, job in enumerate(held):
        if job.quarter is not None and job.quarter.index not in looked_at:
            continue
        if job.status is not None and job.status not in era.counting:
            continue
        path = f"$.worker.employments[{position}]"
        if job.quarter is None:
            axes.append((f"{path}.quarter", [*looked_at, 0]))
        if job.employer is None:
            axes.append((f"{path}.employer", [*parties]))
        if job.status is None:
            axes.append((f"{path}.status", ["employee", "flexi_job"]))
        if job.fraction is None:
            axes.append((f"{path}.fraction", [*_edges(_sums(held, position, history))]))
    tied = {flexi_id(case), *agency_ids(case)}
    if case.agency is not None and era.tied_work == "unknown":
        if any(
            (j.employer is None or j.employer in tied) and (j.quarter is None or j.quarter.index == looked_at[0])
            for j in held
        ):
            axes.append(("C14", [True, False]))


def _sums(held: tuple[Employment, ...], position: int, history: Plain | None) -> "set[Fraction]":
    """What the other work of the quarter of an open job may come to, alone and in sums."""
    from fractions import Fraction

    quarter = held[position].quarter
    if history is not None:
        # All other work of the quarter counts for the same sums.
        back = next(back for back, found in enumerate(history.jobs) if found is not None and found[0] == position)
        return {Fraction(history.totals[back].numerator, history.totals[back].denominator)}
    # In order of size, so that the order of the jobs says nothing.
    others = sorted(
        Fraction(j.fraction.numerator, j.fraction.denominator)
        for j in held
        if j.fraction is not None and (quarter is None or j.quarter is None or j.quarter == quarter)
    )
    sums = {Fraction(0)}
    for other in others[:6]:
        sums |= {s + other for s in sums}
    sums.add(sum(others, Fraction(0)))
    return sums


def _edges(sums: "set[Fraction]") -> list[WorkFraction]:
    """Fractions that stand for all in one open job: each side of four fifths and of full time, with each sum."""
    from fractions import Fraction

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


def _pension_axes(case: Case, era: Era, axes: list[Axis]) -> None:
    worker = case.worker
    pension = worker.pension if worker is not None else None
    if pension is None:
        kinds: list[object] = [("none", access.AFTER_T, "belgium")]
        kinds += [("retirement", t, r) for t in range(4) for r in ("belgium", "foreign")]
        axes.append(("$.worker.pension", kinds))
    else:
        if pension.kind is None:
            axes.append(("$.worker.pension.kind", ["none", "retirement"]))
        if pension.since is None and pension.kind in (None, *access.PENSIONERS):
            axes.append(("$.worker.pension.since", [0, 1, 2, 3]))
    if era.age_read and (worker is None or worker.birth_date is None):
        axes.append(("$.worker.birth_date", [0, 200]))


def _approval_axes(case: Case, axes: list[Axis]) -> None:
    if case.approvals is None:
        axes.append(("$.approvals", ["none", "granted", "refused"]))
        return
    quarter = case.quarter
    mine = [(i, a) for i, a in enumerate(case.approvals) if a.quarter is None or a.quarter == quarter]
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


def _history(case: Case, era: Era, filled: Mapping[str, object], accepted: bool) -> dict[str, object]:
    """The facts of one completion about work."""
    given = filled.get("$.worker.employments")
    return given if isinstance(given, dict) else sums(case, era, filled, accepted)


def _pension(case: Case, day: date, era: Era, filled: Mapping[str, object]) -> dict[str, object]:
    """The facts of one completion about pension and age."""
    worker = case.worker
    pension = worker.pension if worker is not None else None
    if pension is None:
        whole = filled["$.worker.pension"]
        assert isinstance(whole, tuple)
        kind, timing, register = whole
    else:
        kind = pension.kind or filled["$.worker.pension.kind"]
        timing = filled.get("$.worker.pension.since", access.AFTER_T)
        if pension.since is not None:
            timing = access.timing_of(pension.since, case.quarter, day)
        register = pension.register
    age = filled.get("$.worker.birth_date", 0)
    if era.age_read and worker is not None and worker.birth_date is not None:
        age = age_on(day, worker.birth_date)
    return {"pension_kind": kind, "pension_timing": timing, "pension_register": register, "age": age}


def _decided(case: Case, filled: Mapping[str, object], accepted: bool) -> dict[str, object]:
    """The facts of one completion about letters and Dimona."""
    decision = filled["$.approvals"] if case.approvals is None else _decision(case.approvals, case.quarter, filled)
    return {"decision": decision, "no_decision": decision == "none", "accepted": accepted}


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
