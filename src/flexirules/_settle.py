"""Settle a case: every completion of what is absent or too coarse, law that is not settled open both ways.

Conditions that share no fact are settled apart, in blocks; their composition is the minimum of verdicts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

import attrs

from flexirules.approval import Approval, decision_for
from flexirules.case import Case, Employment, Engagement, Pension
from flexirules.dated import FIRST_DAY, on
from flexirules.fraction import WorkFraction
from flexirules.law import access, ties
from flexirules.law import scope as law_scope
from flexirules.law.scope import Place, Scope
from flexirules.predicate import AnyOf, Atom, Cited, Predicate, atoms, holds, known_in, points, rank
from flexirules.quarter import Quarter
from flexirules.readings import READINGS
from flexirules.sector import Agency, Employer, Function, Sector

CONDITIONS: Final = (
    "in-force",
    "legislation",
    "sector",
    "function",
    "employment",
    "no-reduction",
    *ties.CONDITIONS,
    "framework-agreement",
    "declaration",
)
"""In the order of a reader's questions."""

MOST_COMPLETIONS: Final = 20_000
"""Above so many completions of one block nothing is enumerated: what is open stays unknown."""

DIMONA_T3: Final = "90017-510"
"""The anomaly for which a written approval lets a warning be ignored."""
FILE_DAYS_BEFORE: Final = 31
"""A FLX may be filed from so many days before the first day of the quarter (NSSO-dimona-31)."""


class Ladder(NamedTuple):
    """The ladder's verdict of one condition, its reason code and the provisions and paths behind it."""

    rank: int
    reason: str
    provisions: tuple[str, ...] = ()


class Block(NamedTuple):
    """Conditions that share facts: their verdicts, and the outcome of every completion by what was filled in."""

    verdicts: dict[str, Ladder]
    keys: tuple[str, ...]
    outcomes: dict[tuple[int, ...], int]
    automatic: frozenset[int] = frozenset()


class Settled(NamedTuple):
    """Everything there is to say of a case before texts are made."""

    outcome: int
    verdicts: dict[str, Ladder]
    missing: tuple[str, ...]
    automatic: frozenset[int]


def resolved_readings(case: Case, extra: Mapping[str, str]) -> dict[str, str]:
    """Every reading with the value in use: the defaults, the case's own, then the caller's."""
    return {name: reading.default for name, reading in READINGS.items()} | dict(case.readings) | dict(extra)


# ------------------------------------------------------------------------------------------------- composition


def settle(case: Case, readings: Mapping[str, str]) -> Settled:
    """Settle a case; where there is no employer at all, that is one open node."""
    settled = _settle(case, readings)
    if case.employer is not None:
        return settled
    missing = {"$.employer" if path.startswith("$.employer.") else path for path in settled.missing}
    return settled._replace(missing=tuple(sorted(missing)))


def _settle(case: Case, readings: Mapping[str, str]) -> Settled:
    """Settle a case for every way in which unnamed parties may be one with named ones."""
    settled = [_compose(_blocks(variant, readings)) for variant in _identities(case)]
    first = settled[0][0]
    if len(settled) == 1:
        return first
    verdicts = {c: _common([s.verdicts[c] for s, _ in settled]) for c in CONDITIONS}
    reached = frozenset().union(*(r for _, r in settled))
    outcome = next(iter(reached)) if len(reached) == 1 else min(v.rank for v in verdicts.values())
    missing = {path for s, _ in settled for path in s.missing}
    if len(reached) > 1 and len({r for _, r in settled}) > 1:
        missing |= _unnamed(case)
    return Settled(outcome, verdicts, tuple(sorted(missing)), frozenset().union(*(s.automatic for s, _ in settled)))


def _common(found: list[Ladder]) -> Ladder:
    return found[0] if len({v.rank for v in found}) == 1 else Ladder(1, "party-not-known")


def _unnamed(case: Case) -> set[str]:
    paths = set()
    if case.employer is None or case.employer.id is None:
        paths.add("$.employer" if case.employer is None else "$.employer.id")
    if case.agency is not None and case.agency.id is None:
        paths.add("$.agency.id")
    return paths


def _identities(case: Case) -> Iterator[Case]:
    """The case as it stands, or once for each party that an unnamed employer or agency may be."""
    paths = _unnamed(case)
    if not paths:
        yield case
        return
    parties = {job.employer for job in _jobs(case)} | {link.employer for link in case.engagements or ()}
    named = sorted(party for party in parties if party is not None)
    for employer in [*named, "\N{EM DASH}"] if "$.agency.id" not in paths or len(paths) > 1 else [None]:
        for agency in [*named, "\N{HORIZONTAL BAR}"] if "$.agency.id" in paths else [None]:
            if employer is not None and employer == agency:
                continue
            variant = case
            if employer is not None:
                variant = attrs.evolve(variant, employer=_named(employer, case.employer))
            if agency is not None:
                variant = attrs.evolve(variant, agency=Agency(agency))
            yield variant


def _named(id: str, employer: Employer | None) -> Employer:
    return Employer(id, employer.sector if employer is not None else None)


def _compose(blocks: list[Block]) -> tuple[Settled, frozenset[int]]:
    verdicts: dict[str, Ladder] = {}
    for block in blocks:
        verdicts.update(block.verdicts)
    reached = {3}
    for block in blocks:
        levels = set(block.outcomes.values())
        reached = {min(a, b) for a in reached for b in levels}
    outcome = next(iter(reached)) if len(reached) == 1 else min(v.rank for v in verdicts.values())
    best = [max(block.outcomes.values()) for block in blocks]
    missing: set[str] = set()
    if len(reached) > 1:
        for position, block in enumerate(blocks):
            others = min((b for i, b in enumerate(best) if i != position), default=3)
            missing |= _mattering(block, others)
    automatic = frozenset().union(*(block.automatic for block in blocks))
    return Settled(outcome, {c: verdicts[c] for c in CONDITIONS}, tuple(sorted(missing)), automatic), frozenset(reached)


def _mattering(block: Block, others: int) -> set[str]:
    """The paths in which alone two completions differ, with outcomes that differ under the best of the rest."""
    found: set[str] = set()
    for position, key in enumerate(block.keys):
        if not key.startswith("$") or key in found:
            continue
        lowest: dict[tuple[int, ...], tuple[int, int]] = {}
        for assignment, level in block.outcomes.items():
            rest = assignment[:position] + assignment[position + 1 :]
            low, high = lowest.get(rest, (level, level))
            lowest[rest] = low, high = min(low, level), max(high, level)
            if low < high and low < others:
                found.add(key)
                break
    return found


Axis = tuple[str, list[object]]


def _enumerate(axes: list[Axis]) -> Iterator[tuple[tuple[int, ...], tuple[object, ...]]]:
    for choice in product(*(range(len(values)) for _, values in axes)):
        yield choice, tuple(axes[i][1][c] for i, c in enumerate(choice))


def _size(axes: list[Axis]) -> int:
    total = 1
    for _, values in axes:
        total *= len(values)
    return total


def _blocks(case: Case, readings: Mapping[str, str]) -> list[Block]:
    day = case.first_day
    blocks = [_constant(case, day), _scope_block(case, day, readings), _work_block(case, day, readings)]
    return [*blocks, *_tie_blocks(case, day, readings), _formalities_block(case, day)]


def _single(verdicts: dict[str, Ladder]) -> Block:
    return Block(verdicts, (), {(): min(v.rank for v in verdicts.values())})


def _constant(case: Case, day: date) -> Block:
    begun = day >= FIRST_DAY
    law = case.worker.habitual_legislation if case.worker is not None else "belgian"
    return _single(
        {
            "in-force": Ladder(3 if begun else 0, "law-in-force" if begun else "before-the-law", ("L2015-37",)),
            "legislation": Ladder(3, "belgian-legislation", ("EU883-13",))
            if law == "belgian"
            else Ladder(0, "other-legislation", ("EU883-13",)),
        }
    )


# ------------------------------------------------------------------------------------------------- sector, function


def _scope_block(case: Case, day: date, readings: Mapping[str, str]) -> Block:
    sector = case.employer.sector if case.employer is not None else None
    unknown_employer = case.employer is None
    return _scope_of(sector, unknown_employer, case.function, case.agency is not None, day, _frozen(readings))


@lru_cache(maxsize=4096)
def _scope_of(
    sector: Sector | None,
    unknown_employer: bool,
    function: Function | None,
    via_agency: bool,
    day: date,
    frozen: tuple[tuple[str, str], ...],
) -> Block:
    """Article 2 reads the employer, the function and the day alone, so one answer serves every worker."""
    readings = dict(frozen)
    case = Case(
        quarter=Quarter.of(day),
        start=day,
        employer=None if unknown_employer else Employer(None, sector),
        function=function,
        agency=Agency() if via_agency else None,
    )
    axes, build = _places(case, day)
    agency = case.agency is not None
    results: dict[tuple[int, ...], Scope] = {}
    keys = tuple(key for key, _ in axes)
    if _size(axes) > MOST_COMPLETIONS * 10:
        unknown = Ladder(1, "sector-facts-missing")
        return Block({"sector": unknown, "function": unknown}, keys[:1], {(0,): 0, (1,): 3})
    cached: dict[Place, Scope] = {}
    for choice, values in _enumerate(axes):
        place = build(values)
        if place not in cached:
            cached[place] = law_scope.scope(place, day, agency, readings)
        results[choice] = cached[place]
    known_activity = case.function is not None and case.function.activity is not None
    another_can = known_activity and any(found.holds for found in results.values())
    for choice, found in results.items():
        if another_can and found.function_reason == "activity-not-admitted":
            results[choice] = Scope(0, "sector-not-listed", None, 3, "function-free", None, False)
    return _scope_verdicts(keys, results)


def _places(case: Case, day: date) -> tuple[list[Axis], Callable[[tuple[object, ...]], Place]]:
    """What is open about the employer and the function, and how to make a place of what is filled in."""
    employer, function = case.employer, case.function
    sector = employer.sector if employer is not None else None
    lists, communities, fund = law_scope.tests(day)
    axes: list[Axis] = []
    path = "$.employer.sector."
    known: dict[str, object] = {}

    def field(name: str, value: object, alternatives: Iterable[object]) -> None:
        if value is not None:
            known[name] = value
        else:
            axes.append((path + name, list(alternatives)))

    committee = sector.joint_committee.code if sector is not None and sector.joint_committee is not None else None
    public = sector.public if sector is not None else None
    if committee is not None:
        below = law_scope.children(committee, day)
        known["public"] = bool(public)
        field("joint_committee", None if below else committee, (committee, *below))
    else:
        field("public", public, (False, True))
        if public:
            known["joint_committee"] = ""
        else:
            field("joint_committee", None, law_scope.committees(day))
    nace = sector.nace if sector is not None else None
    code = nace.code if nace is not None else None
    version = nace.version if nace is not None else None
    if not lists:
        known["nace"] = frozenset()
    elif code is not None:
        known["nace"] = law_scope.lists_of(code, day)
    else:
        field("nace", None, law_scope.signatures(day))
    if version is None and day < law_scope.NACE_2025_FROM:
        version = "2008"
    whole_open = employer is None or sector is None
    # Where nothing is known of the employer, the lists of 2008 alone reach every answer.
    field("nace_version", version if lists and not whole_open else "2008", ("2008", "2025"))
    if lists and version != "2008" and not whole_open:
        alike: list[object] = [True, False] if code is None else list(law_scope.signatures(day))
        axes.append(("nace-2025-list-not-read", alike))
    authority = sector.authority if sector is not None else None
    if not communities:
        known["authority"] = ""
    else:
        field("authority", None if authority == "local" else authority, ("flemish", "german_speaking", "french"))
    field("bakery_fund", (sector.bakery_fund if sector is not None else None) if fund else False, (False, True))
    if whole_open:
        whole = "$.employer" if employer is None else "$.employer.sector"
        axes = _merged(whole, axes)
    activity = function.activity if function is not None else None
    if activity is None:
        axes.append(("$.function" if function is None else "$.function.activity", list(law_scope.activities(day))))
    if committee == law_scope.AGENCY_COMMITTEE and case.agency is None:
        axes.append(("$.agency", [False, True]))
    names = [key.removeprefix(path) for key, _ in axes]

    def build(values: tuple[object, ...]) -> Place:
        filled = dict(known)
        for name, value in zip(names, values, strict=True):
            if isinstance(value, dict):
                filled.update(value)
            else:
                filled[name] = value
        of_list = filled["nace"]
        if filled["nace_version"] == "2025" and lists:
            on_new = filled["nace-2025-list-not-read"]
            of_list = (of_list if on_new else frozenset()) if code is None else on_new
        via = filled.get("$.agency")
        chosen = (
            activity if activity is not None else filled["$.function" if function is None else "$.function.activity"]
        )
        jc = str(filled["joint_committee"])
        return Place(
            jc=jc if via is None else law_scope.USER_ADMITTED if via else law_scope.USER_NOT_ADMITTED,
            public=bool(filled["public"]),
            lists=of_list,  # type: ignore[arg-type]  # the axis holds sets of lists
            authority=str(filled["authority"]),
            fund=bool(filled["bakery_fund"]),
            activity=str(chosen),
        )

    return axes, build


def _merged(path: str, axes: list[Axis]) -> list[Axis]:
    """Several open fields as one, where the node that holds them is absent."""
    law = [axis for axis in axes if not axis[0].startswith("$")]
    rest = [axis for axis in axes if axis[0].startswith("$")]
    names = [key.removeprefix("$.employer.sector.") for key, _ in rest]
    combined: list[object] = [dict(zip(names, values, strict=True)) for _, values in _enumerate(rest)]
    return [(path, combined), *law]


def _scope_verdicts(keys: tuple[str, ...], results: dict[tuple[int, ...], Scope]) -> Block:
    found = list(results.values())
    ranks = {s.sector for s in found}
    functions = {s.function for s in found}
    if not any(s.holds for s in found) and len(ranks) > 1:
        barred = {0 if s.function_reason == "function-barred" else 3 for s in found}
        sector = Ladder(0, "sector-not-listed")
        function = Ladder(barred.pop(), "function-free") if len(barred) == 1 else Ladder(1, "activity-not-known")
    else:
        one = found[0]
        if len(ranks) == 1:
            basis = (one.sector_row.basis,) if one.sector_row is not None else ()
            sector = Ladder(one.sector, one.sector_reason, basis)
        else:
            sector = Ladder(1, _why_open(keys))
        if len(functions) == 1:
            basis = (one.function_row.basis,) if one.function_row is not None else ()
            function = Ladder(one.function, one.function_reason, basis)
        else:
            function = Ladder(1, "activity-not-known")
    outcomes: dict[tuple[int, ...], int] = {}
    for choice, s in results.items():
        level = min(s.sector, s.function)
        if s.sector == 1 and s.function:
            outcomes[*choice, 0], outcomes[*choice, 1] = 0, 3
        else:
            outcomes[*choice, 0] = outcomes[*choice, 1] = level
    return Block({"sector": sector, "function": function}, (*keys, "law"), outcomes)


def _why_open(keys: tuple[str, ...]) -> str:
    if "$.agency" in keys:
        return "agency-user-needed"
    if keys == ("nace-2025-list-not-read",):
        return keys[0]
    return "sector-facts-missing"


# ------------------------------------------------------------------------------------------------- work and pension

ZERO: Final = WorkFraction(0)


def _frozen(readings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(readings.items()))


@lru_cache(maxsize=4096)
def _trees(day: date, readings: tuple[tuple[str, str], ...]) -> tuple[tuple[Cited, ...], tuple[Cited, ...], Predicate]:
    chosen = dict(readings)
    return access.employment(day, chosen), access.no_reduction(day, chosen), access.automatic_check(day, chosen)


def pension_timing(since: date, quarter: Quarter, start: date) -> int:
    """Where the first day of a pension lies against T-2, the first flexi day and T."""
    first = quarter.first_day
    month = first.month - 3
    t1 = date(first.year if month > 0 else first.year - 1, month if month > 0 else month + 12, 1)
    if since < t1:
        return access.BEFORE_T1
    if since <= start:
        return access.BY_START
    return access.INSIDE_T if since <= quarter.last_day else access.AFTER_T


def _work_block(case: Case, day: date, readings: Mapping[str, str]) -> Block:
    employment, reduction, check = _trees(day, _frozen(readings))
    axes: list[Axis] = []
    overrides: dict[str, object] = {}
    whole_worker = case.worker is None
    worker = case.worker
    declaration = case.formalities.declaration if case.formalities is not None else None
    accepted = declaration is not None and declaration.result == "A"
    _work_axes(case, readings, axes)
    pension = worker.pension if worker is not None else None
    if pension is None:
        kinds: list[object] = [("none", access.AFTER_T, "belgium")]
        kinds += [("retirement", t, r) for t in range(4) for r in ("belgium", "foreign")]
        axes.append(("$.worker" if whole_worker else "$.worker.pension", kinds))
    else:
        _pension_axes(pension, axes)
    if case.approvals is None:
        axes.append(("$.approvals", ["none", "granted", "refused"]))
        if not accepted:
            overrides["no_decision"] = True
    else:
        _approval_axes(case.approvals, case.quarter, axes)
    if readings["age_shortcut"] == "practice":
        born = worker.birth_date if worker is not None else None
        if born is None:
            axes.append(("$.worker" if whole_worker else "$.worker.birth_date", [0, 200]))
    if whole_worker:
        axes = _one_worker(axes)
    open_points = sorted(frozenset().union(*(points(c) for c in (*employment, *reduction)), points(check)))
    axes += [_both_ways(point) for point in open_points if _can_matter(point, case, day, accepted)]
    if _size(axes) > MOST_COMPLETIONS:
        unknown = Ladder(1, "work-facts-missing")
        outcomes = {tuple(int(i == p) for i in range(len(axes))): 3 * (p >= 0) for p in range(-1, len(axes))}
        keys = tuple(key for key, _ in axes)
        return Block({"employment": unknown, "no-reduction": unknown}, keys, outcomes, frozenset((0, 3)))
    names = [key for key, _ in axes]
    both: dict[tuple[object, ...], tuple[int, int, int]] = {}
    outcomes = {}
    seen: list[tuple[dict[str, object], tuple[int, int, int]]] = []
    for choice, values in _enumerate(axes):
        filled = dict(zip(names, values, strict=True))
        facts = _facts(case, day, readings, filled, accepted)
        key = (*facts.values(), *(filled.get(p) for p in open_points))
        if key not in both:
            known = known_in(facts)

            def point(name: str, filled: dict[str, object] = filled) -> bool | None:
                return bool(filled.get(name))

            levels = (
                rank(AnyOf(employment), known, point),
                rank(AnyOf(reduction), known, point),
                rank(check, known, point),
            )
            both[key] = levels
            seen.append((facts, levels))
        levels = both[key]
        outcomes[choice] = min(levels[0], levels[1])
    ladder = _agreed(employment + reduction, [f for f, _ in seen], overrides)
    verdicts = {
        "employment": _verdict(case, employment, {levels[0] for _, levels in seen}, ladder, seen[0][0]),
        "no-reduction": _verdict(case, reduction, {levels[1] for _, levels in seen}, ladder, seen[0][0]),
    }
    return Block(verdicts, tuple(names), outcomes, frozenset(levels[2] for _, levels in seen))


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
    return pension_timing(pension.since, case.quarter, day) == access.INSIDE_T


def _both_ways(point: str) -> Axis:
    return point, [True, False]


def _one_worker(axes: list[Axis]) -> list[Axis]:
    """Everything about a worker of whom nothing is known, as one open node."""
    mine = [(key, values) for key, values in axes if key == "$.worker"]
    rest = [axis for axis in axes if axis[0] != "$.worker"]
    combined: list[object] = [values for _, values in _enumerate(mine)]
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
    ways: tuple[Cited, ...],
    levels: set[int],
    known: Callable[[Atom], bool | None],
    facts: Mapping[str, object],
) -> Ladder:
    ranks = [rank(way, known, lambda _: None) for way in ways]
    level = levels.pop() if len(levels) == 1 else max(ranks)
    if level == 0:
        return _not_met(case, ways, facts)
    for way, found in zip(ways, ranks, strict=True):
        if level == 1 and (not points(way) or any(known(atom) is None for atom in atoms(way))):
            continue
        if found == level:
            return Ladder(level, _pending(case, way.reason), (way.provision,))
    reason = "work-facts-missing" if level == 1 else "every-way-agrees"
    return Ladder(level, reason, (ways[0].provision,))


def _pending(case: Case, reason: str) -> str:
    if reason != "approval-needed":
        return reason
    if case.requests and any(r.quarter == case.quarter for r in case.requests):
        return "approval-pending"
    return "approval-other-quarter" if case.approvals else reason


def _not_met(case: Case, ways: tuple[Cited, ...], facts: Mapping[str, object]) -> Ladder:
    if ways[0].reason != "four-fifths-in-belgium":
        return Ladder(0, "reduced-from-full-time", ("L2015-4-1-last",))
    if facts["decision"] == "refused" and holds(access.counted_work >= access.FOUR_FIFTHS, facts["counted_work"]):
        return Ladder(0, "approval-refused", ("OSS-approval",))
    jobs = _jobs(case)
    if any(j.status == "self_employed" and j.quarter == case.reference_quarter for j in jobs):
        return Ladder(0, "not-employee", ("L2015-4-1",))
    return Ladder(0, "below-four-fifths", ("L2015-4-1",))


def _work_axes(case: Case, readings: Mapping[str, str], axes: list[Axis]) -> None:
    jobs = case.worker.employments if case.worker is not None else None
    if jobs is None:
        path = "$.worker" if case.worker is None else "$.worker.employments"
        axes.append((path, list(_work_states(readings))))
        return
    looked_at = [case.quarter.index - n for n in (3, 4, 5)]
    for position, job in enumerate(jobs):
        if job.quarter is not None and job.quarter.index not in looked_at:
            continue
        path = f"$.worker.employments[{position}]"
        if job.quarter is None:
            axes.append((f"{path}.quarter", [*looked_at, 0]))
        if job.employer is None:
            axes.append((f"{path}.employer", [_flexi(case), *_agency(case), "\N{EM DASH}other"]))
        if job.status is None:
            axes.append((f"{path}.status", ["employee", "flexi_job"]))
        if job.fraction is None:
            axes.append((f"{path}.fraction", list(_edges(jobs, position))))
    tied = {_flexi(case), *_agency(case)}
    if case.agency is not None and readings["t3_agency_ties"] == "unknown":
        if any(
            (j.employer is None or j.employer in tied) and (j.quarter is None or j.quarter.index == looked_at[0])
            for j in jobs
        ):
            axes.append(("C14", [True, False]))


def _jobs(case: Case) -> tuple[Employment, ...]:
    return (case.worker.employments if case.worker is not None else None) or ()


def _flexi(case: Case) -> str:
    return (case.employer.id if case.employer is not None else None) or "\N{EM DASH}"


def _agency(case: Case) -> tuple[str, ...]:
    return (case.agency.id,) if case.agency is not None and case.agency.id is not None else ()


def _edges(jobs: tuple[Employment, ...], position: int) -> set[WorkFraction]:
    """Fractions that stand for all in one open job: every side of four fifths and of full time, alone and in sums."""
    from fractions import Fraction

    quarter = jobs[position].quarter
    others = [
        Fraction(j.fraction.numerator, j.fraction.denominator)
        for j in jobs
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
    return {WorkFraction(e.numerator, e.denominator) for e in edges if 0 <= e <= 1 and e.denominator < 10**19}


def _work_states(readings: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Everything that a worker of unknown history may have worked, one history for each way of passing the edges."""
    marks = [ZERO, access.FOUR_FIFTHS, access.FULL_TIME]
    if readings["reduction_band"] == "exact":
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
                    if readings["reduction_employer"] == "any":
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


def _facts(
    case: Case, day: date, readings: Mapping[str, str], filled: Mapping[str, object], accepted: bool
) -> dict[str, object]:
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
        work = dict(given) if isinstance(given, dict) else _sums(case, day, readings, filled, accepted)
        if pension is None:
            kind, timing, register = filled["$.worker.pension"]  # type: ignore[misc]
        else:
            kind = pension.kind or filled["$.worker.pension.kind"]
            if pension.since is not None:
                timing = pension_timing(pension.since, case.quarter, day)
            else:
                timing = filled.get("$.worker.pension.since", access.AFTER_T)
            register = pension.register
        born = filled.get("$.worker.birth_date", 0)
        if readings["age_shortcut"] == "practice" and case.worker.birth_date is not None:
            from dateutil.relativedelta import relativedelta

            born = relativedelta(day, case.worker.birth_date).years
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


def _sums(
    case: Case, day: date, readings: Mapping[str, str], filled: Mapping[str, object], accepted: bool
) -> dict[str, object]:
    """The sums over jobs of one completion, exact."""
    counts = {row.status for row in on(access.COUNTING, day) if row.counts}
    deferred_counts = access.DEFERRED_PAY.in_force(day)
    flexi, agency = _flexi(case), _agency(case)
    reading = readings["t3_agency_ties"]
    tied_counts = bool(filled.get("C14")) if reading == "unknown" else reading == "count"
    t3 = case.quarter.index - 3
    parts: dict[str, list[WorkFraction]] = {name: [] for name in access.WORK_FACTS}
    employers: dict[str, list[list[WorkFraction]]] = {}
    declarers: dict[str, list[list[WorkFraction]]] = {}
    for position, job in enumerate(_jobs(case)):
        path = f"$.worker.employments[{position}]"
        quarter = filled.get(f"{path}.quarter") if job.quarter is None else job.quarter.index
        back = t3 - quarter if isinstance(quarter, int) and quarter else -1
        if not 0 <= back <= 2:
            continue
        status = job.status or filled[f"{path}.status"]
        if status not in counts or (job.deferred_pay and not deferred_counts):
            continue
        if job.scheme == "foreign" and readings["foreign_work"] == "belgian_only":
            continue
        fraction = job.fraction if job.fraction is not None else filled[f"{path}.fraction"]
        assert isinstance(fraction, WorkFraction)
        employer = job.employer or str(filled[f"{path}.employer"])
        name = ("t3", "t4", "t5")[back]
        parts[f"volume_{name}"].append(fraction)
        employers.setdefault(employer, [[], [], []])[back].append(fraction)
        declared = job.scheme == "belgium" and not job.deferred_pay
        if declared:
            parts[f"declared_{name}"].append(fraction)
            declarers.setdefault(employer, [[], [], []])[back].append(fraction)
        tied = employer == flexi or employer in agency
        if back or (tied and case.agency is None):
            continue
        if not tied or tied_counts or (accepted and reading == "unknown"):
            parts["counted_work"].append(fraction)
            if job.scheme == "belgium":
                parts["belgian_work"].append(fraction)
        if declared and (not tied or tied_counts):
            parts["declared_work"].append(fraction)
    facts: dict[str, object] = {name: WorkFraction.total(found) for name, found in parts.items()}
    facts["same_employer_drop"] = _same_employer_drop(employers, readings)
    facts["declared_same_drop"] = _same_employer_drop(declarers, readings)
    return facts


def _same_employer_drop(employers: Mapping[str, list[list[WorkFraction]]], readings: Mapping[str, str]) -> bool:
    """Whether the work with one employer fell from full-time (reading C1 ``same``)."""
    totals = ([WorkFraction.total(part) for part in volumes] for volumes in employers.values())
    return any(_drop(t4, t3, readings) or _drop(t5, t4, readings) for t3, t4, t5 in totals)


def _drop(earlier: WorkFraction, later: WorkFraction, readings: Mapping[str, str]) -> bool:
    """Full-time before and reduced after, with one employer (reading C1 ``same``)."""
    if readings["reduction_band"] == "exact":
        return earlier >= access.FULL_TIME and later == access.FOUR_FIFTHS
    return earlier >= access.FULL_TIME and access.FOUR_FIFTHS <= later < access.FULL_TIME


# ------------------------------------------------------------------------------------------------- ties in T


def _applicable(case: Case, day: date, readings: Mapping[str, str]) -> tuple[str, ...]:
    """The tie conditions that can be not met for this case on this day."""
    found = ["severance", "notice"]
    if case.agency is None or _agency_blocks(day, readings):
        found.append("own-employer")
    if case.agency is not None and any(t.condition == "agency-user" for t in on(ties.TIES, day)):
        found.append("agency-user")
    if any(t.condition == "affiliated" for t in on(ties.TIES, day)):
        found.append("affiliated")
    return tuple(c for c in ties.CONDITIONS if c in found)


def _agency_blocks(day: date, readings: Mapping[str, str]) -> bool:
    return readings["agency_as_employer"] == "agency" and day <= ties.AGENCY_AS_EMPLOYER_TO


def _tie_blocks(case: Case, day: date, readings: Mapping[str, str]) -> list[Block]:
    applicable = _applicable(case, day, readings)
    free = {
        c: Ladder(3, "no-tie" if c in applicable else "does-not-apply", (ties.PROVISIONS[c],)) for c in ties.CONDITIONS
    }
    if case.engagements is None:
        verdicts = dict(free)
        for condition in applicable:
            verdicts[condition] = Ladder(1, "engagements-not-known", (ties.PROVISIONS[condition],))
        return [Block(verdicts, ("$.engagements",), {(0,): 3, (1,): 0}), *_any_notice(readings, verdicts)]
    blocks: list[Block] = []
    worst = dict(free)
    for position, engagement in enumerate(case.engagements):
        block = _tie_block(case, day, readings, engagement, f"$.engagements[{position}]")
        blocks.append(block)
        for condition, verdict in block.verdicts.items():
            if verdict.rank < worst[condition].rank:
                worst[condition] = verdict
    blocks = [Block({}, block.keys, block.outcomes) for block in blocks]
    extra = _any_notice(readings, worst)
    return [Block(worst, (), {(): 3}), *blocks, *extra]


def _any_notice(readings: Mapping[str, str], verdicts: dict[str, Ladder]) -> list[Block]:
    """Reading C2 ``any``: notice with anybody blocks, and the case has no field for it."""
    if readings["notice_employer"] != "any":
        return []
    if verdicts["notice"].rank == 3:
        verdicts["notice"] = Ladder(1, "notice-with-anybody-not-known", ("L2015-4-1-c",))
    return [Block({}, ("C2",), {(0,): 3, (1,): 0})]


def _tie_block(case: Case, day: date, readings: Mapping[str, str], link: Engagement, path: str) -> Block:
    """One engagement: which of the five it blocks, in every completion."""
    axes = _tie_axes(case, day, link, path)
    names = [key for key, _ in axes]
    if _size(axes) > MOST_COMPLETIONS:
        return Block({c: Ladder(1, "tie-facts-missing") for c in ties.CONDITIONS}, tuple(names[:1]), {(0,): 0, (1,): 3})
    results: dict[tuple[int, ...], dict[str, str]] = {}
    for choice, values in _enumerate(axes):
        filled = dict(zip((n.removeprefix(path + ".") for n in names), values, strict=True))
        completed = _completed(link, filled)
        if completed is not None:
            results[choice] = blocking(completed, case, day, readings)
    verdicts = {}
    outcomes: dict[tuple[int, ...], int] = {}
    law = sorted({code for r in results.values() for code in r.values() if code in OPEN_TIES})
    for condition in ties.CONDITIONS:
        answers = {r.get(condition, "") for r in results.values()}
        provisions = (ties.PROVISIONS[condition],)
        if answers == {""}:
            continue
        if "" not in answers and not answers & OPEN_TIES:
            verdicts[condition] = Ladder(0, min(answers), provisions)
        elif answers - {""} <= OPEN_TIES and "" not in answers:
            verdicts[condition] = Ladder(1, min(answers), provisions)
        else:
            verdicts[condition] = Ladder(1, "tie-facts-missing", provisions)
    for choice, result in results.items():
        for chosen in product((0, 1), repeat=len(law)):
            blocked = any(code not in OPEN_TIES or chosen[law.index(code)] for code in result.values())
            outcomes[*choice, *chosen] = 0 if blocked else 3
    return Block(verdicts, (*names, *law), outcomes)


OPEN_TIES: Final = frozenset(("agency-period-not-settled", "statutory-tie-not-settled"))
"""Reasons of ties that are not settled in law."""


def _tie_axes(case: Case, day: date, link: Engagement, path: str) -> list[Axis]:
    axes: list[Axis] = []
    first, last = case.quarter.first_day, case.quarter.last_day
    one = timedelta(1)
    days: list[date] = sorted({first - one * 200, first - one, first, day, day + one, last, last + one})
    own = {_flexi(case), *_agency(case)}
    if link.employer is None:
        axes.append((f"{path}.employer", [_flexi(case), *_agency(case), "\N{EM DASH}other"]))
    if link.affiliated is None and (link.employer is None or link.employer not in own):
        axes.append((f"{path}.affiliated", [False, True]))
    if link.kind is None:
        axes.append((f"{path}.kind", ["employment", "statutory", "student", "flexi_job"]))
    if link.fraction is None:
        axes.append((f"{path}.fraction", [ZERO, access.FOUR_FIFTHS, access.FULL_TIME]))
    if link.from_ is None:
        known = [link.until] if link.until is not None else []
        axes.append((f"{path}.from", [*sorted({*days, *known})]))
    if (link.notice_from is None) != (link.notice_until is None):
        name = "notice_from" if link.notice_from is None else "notice_until"
        others = [d for d in (link.notice_from, link.notice_until) if d is not None]
        axes.append((f"{path}.{name}", [*sorted({*days, *others})]))
    return axes


def _completed(link: Engagement, filled: dict[str, object]) -> Engagement | None:
    """The engagement with what was filled in; None where the days cannot be so."""
    values = {("from_" if name == "from" else name): value for name, value in filled.items()}
    begin, end = values.get("from_", link.from_), link.until
    if isinstance(begin, date) and end is not None and begin > end:
        return None
    begin, end = values.get("notice_from", link.notice_from), values.get("notice_until", link.notice_until)  # type: ignore[assignment]
    if isinstance(begin, date) and isinstance(end, date) and begin > end:
        return None
    return attrs.evolve(link, **values)  # type: ignore[arg-type]  # the axes hold values of each field


def blocking(link: Engagement, case: Case, day: date, readings: Mapping[str, str]) -> dict[str, str]:
    """Which conditions one whole engagement blocks, each with its reason."""
    found: dict[str, str] = {}
    first, last = case.quarter.first_day, case.quarter.last_day
    flexi, agency = _flexi(case), _agency(case)
    at_user = link.employer == flexi
    at_agency = link.employer in agency
    owed_from = first if readings["period_extent"] == "quarter" else day
    severance = link.severance_until is not None and link.severance_until >= owed_from
    notice = (
        link.notice_from is not None
        and link.notice_until is not None
        and link.notice_from <= last
        and link.notice_until >= owed_from
    )
    employer_in_law = at_user if case.agency is None else at_agency
    for condition, holds_now in (("severance", severance), ("notice", notice)):
        if holds_now and employer_in_law:
            found[condition] = f"{condition}-with-flexi-employer"
        elif holds_now and at_user:
            found[condition] = "agency-period-not-settled"
    if notice and not employer_in_law and readings["notice_employer"] == "any":
        found["notice"] = "notice-with-another"
    for tie in on(ties.TIES, day):
        if tie.condition == "own-employer":
            there = employer_in_law and (case.agency is None or _agency_blocks(day, readings))
        elif tie.condition == "agency-user":
            there = case.agency is not None and at_user
        else:
            there = link.affiliated is True and not at_user and not at_agency
        if there and _spans(tie, link, first, last, day) and _sized(tie, link):
            if link.kind in tie.kinds:
                found[tie.condition] = f"{tie.condition}-tie"
            elif link.kind in tie.open_kinds:
                found[tie.condition] = "statutory-tie-not-settled"
    return found


def _spans(tie: ties.Tie, link: Engagement, first: date, last: date, day: date) -> bool:
    assert link.from_ is not None
    if tie.span == ties.RUNNING:
        return link.from_ <= last and (link.until is None or link.until >= day)
    return link.from_ <= day and (link.until is None or link.until >= first)


def _sized(tie: ties.Tie, link: Engagement) -> bool:
    assert link.fraction is not None
    return (tie.at_least is None or link.fraction >= tie.at_least) and (tie.below is None or link.fraction < tie.below)


# ------------------------------------------------------------------------------------------------- formalities


def _formalities_block(case: Case, day: date) -> Block:
    formalities = case.formalities
    agreement = formalities.framework_agreement if formalities is not None else None
    if case.agency is not None:
        framework = Ladder(3, "agency-contract", ("L2015-7",))
    elif agreement is False:
        framework = Ladder(0, "no-framework-agreement", ("L2015-6",))
    else:
        framework = Ladder(3, "framework-agreement-signed" if agreement else "framework-agreement-ahead", ("L2015-6",))
    filed = formalities.declaration if formalities is not None else None
    cited = ("NSSO-dimona-ok", "NSSO-dimona-31")
    if filed is None or (filed.filed_on is None and filed.result is None and not filed.anomalies):
        declaration = Ladder(3, "declaration-ahead", cited)
    elif filed.result == "B":
        declaration = Ladder(0, "declaration-blocked", cited)
    elif filed.filed_on is None:
        declaration = Ladder(3, "filing-day-not-known", cited)
    elif filed.filed_on > day:
        declaration = Ladder(0, "declared-late", cited)
    elif filed.filed_on < file_from(case.quarter):
        declaration = Ladder(0, "declared-too-early", cited)
    else:
        declaration = Ladder(3, "declared-in-time", cited)
    return _single({"framework-agreement": framework, "declaration": declaration})


def file_from(quarter: Quarter) -> date:
    """The first day on which a FLX for the quarter may be filed."""
    return quarter.first_day - timedelta(FILE_DAYS_BEFORE)
