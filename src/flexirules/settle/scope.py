"""Sector and function: article 2 on every place that the employer and the function may be."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Final

from flexirules.block import (
    MOST_COMPLETIONS,
    Axis,
    Block,
    Ladder,
    completed,
    enumerate_axes,
    shared,
    size,
    too_many,
)
from flexirules.case import Case
from flexirules.dated import SectorRow
from flexirules.law import scope as article_2
from flexirules.law import turns
from flexirules.law.ruleset import Era
from flexirules.law.scope import Place, Scope
from flexirules.sector import Sector

Build = Callable[[tuple[object, ...]], Place]
MOST_PLACES: Final = MOST_COMPLETIONS * 10


def scope(case: Case, era: Era) -> Block:
    """The verdicts of ``sector`` and ``function``: one answer serves every worker of one employer and function."""
    employer, function = case.employer, case.function
    sector = employer.sector if employer is not None else None
    activity = function.activity if function is not None else False
    via_agency = case.agency is not None
    key: tuple[object, ...]
    if sector is None:
        key = (employer is None, activity, via_agency)
    else:
        committee, nace = sector.joint_committee, sector.nace
        key = (
            committee.code if committee is not None else None,
            activity,
            via_agency,
            sector.public,
            sector.authority,
            sector.bakery_fund,
            (nace.code, nace.version) if nace is not None else None,
        )
    block = era.scopes.get(key)
    return block if block is not None else era.remember(era.scopes, key, shared(_settled(case, era)))


def _settled(case: Case, era: Era) -> Block:
    axes, known, build = _places(case, era)
    key: tuple[object, ...]
    # Employers that differ in nothing that a row tests are one.
    asked = tuple((name, None if name in _WHOLE else tuple(options)) for name, options in axes)
    key = (asked, tuple(sorted(known.items())), case.agency is not None, _activity_known(case))
    block = era.places.get(key)
    return block if block is not None else era.remember(era.places, key, _completed(case, era, axes, build))


def _activity_known(case: Case) -> bool:
    return case.function is not None and case.function.activity is not None


def _completed(case: Case, era: Era, axes: list[Axis], build: Build) -> Block:
    """Article 2 on every place that there may be."""
    if size(axes) > MOST_PLACES:
        unknown = Ladder(1, "sector-facts-missing")
        return too_many((unknown, unknown), axes)
    keys = tuple(key for key, _ in axes)
    results: dict[tuple[int, ...], Scope] = {}
    for choice, values in enumerate_axes(axes):
        place, via_agency = build(values), case.agency is not None
        # What is open in one case is open in others: the same places come again and again.
        found = era.judged.get((place, via_agency))
        if found is None:
            found = article_2.scope(place, era, via_agency)
            era.remember(era.judged, (place, via_agency), found)
        results[choice] = found
    if _activity_known(case) and any(s.holds for s in results.values()):
        for choice, s in results.items():
            if s.sector and not s.holds:
                barred = s.function_reason == "function-barred"
                function = (0, s.function_reason, s.function_row) if barred else (3, "function-free", None)
                results[choice] = Scope(0, "sector-not-listed", None, *function, False)
    return _verdicts(keys, results, by_user=case.agency is not None and turns.OPEN_UNLESS_EXCLUDED not in era.turns)


def places_of(case: Case, era: Era) -> set[Place] | None:
    """Every place that the employer and the function may be; None for too many."""
    axes, _, build = _places(case, era)
    if size(axes) > MOST_PLACES:
        return None
    return {build(values) for _, values in enumerate_axes(axes)}


def _places(case: Case, era: Era) -> tuple[list[Axis], dict[str, object], Build]:
    """What is open about the employer and the function, what is known, and how to make a place of what is filled in.

    A field is open only where a row that the committee can match tests it.
    """
    employer, function = case.employer, case.function
    sector = employer.sector if employer is not None else None
    activity = function.activity if function is not None else None
    known: dict[str, object] = {}
    axes: list[Axis] = []
    if sector is None:
        axes.append(("$.employer" if employer is None else "$.employer.sector", list(any_employer(era))))
        tests = article_2.tests(era.rows, era)
    else:
        tests = _employer_axes(sector, era, known, axes)
    if activity is None:
        axes.append(("$.function" if function is None else "$.function.activity", list(tests.activities)))
    else:
        known["activity"] = activity if activity in tests.activities else tests.activities[0]
    committee = sector.joint_committee.code if sector is not None and sector.joint_committee is not None else None
    if committee == article_2.AGENCY_COMMITTEE and case.agency is None:
        axes.append(("$.agency", [article_2.USER_NOT_ADMITTED, article_2.USER_ADMITTED]))
    fields = [_FIELDS.get(key, key) for key, _ in axes]

    def build(values: tuple[object, ...]) -> Place:
        filled = dict(known)
        for field, value in zip(fields, values, strict=True):
            if field == "employer":
                assert isinstance(value, dict)
                filled.update(value)
            else:
                filled[field] = value
        lists = filled["lists"]
        if filled.get("nace_version") == "2025":
            on_new = filled[NACE_2025]
            lists = on_new if isinstance(on_new, frozenset) else lists if on_new else frozenset()
        assert isinstance(lists, frozenset)
        return Place(
            jc=str(filled.get("user", filled["jc"])),
            public=bool(filled["public"]),
            lists=lists,
            authority=str(filled["authority"]),
            fund=bool(filled["fund"]),
            activity=str(filled["activity"]),
        )

    return axes, known, build


_WHOLE: Final = ("$.employer", "$.employer.sector")
"""Nodes of which all employers of the era are options, the same for every case."""
NACE_2025: Final = "nace-2025-list-not-read"
_FIELDS: Final = {
    "$.employer": "employer",
    "$.employer.sector": "employer",
    "$.employer.sector.joint_committee": "jc",
    "$.employer.sector.public": "public",
    "$.employer.sector.nace": "lists",
    "$.employer.sector.nace_version": "nace_version",
    "$.employer.sector.authority": "authority",
    "$.employer.sector.bakery_fund": "fund",
    "$.function": "activity",
    "$.function.activity": "activity",
    "$.agency": "user",
}
"""To which part of a place each path belongs."""


def _employer_axes(sector: Sector, era: Era, known: dict[str, object], axes: list[Axis]) -> article_2.Tests:
    """What is known and what is open of a sector; the tests of the rows that its committee can match."""
    path = "$.employer.sector."
    committee = sector.joint_committee.code if sector.joint_committee is not None else None
    if committee is not None:
        candidates = (committee, *article_2.children(committee, era))
    else:
        candidates = ("",) if sector.public else article_2.committees(era)

    def field(name: str, value: object, alternatives: Iterable[object]) -> None:
        options = list(alternatives) if value is None else [value]
        if len(options) == 1:
            known[_FIELDS[path + name]] = options[0]
        else:
            axes.append((path + name, options))

    tests = article_2.tests([r for r in era.rows if any(article_2.committee_matches(r, c) for c in candidates)], era)
    field("public", bool(sector.public) if committee is not None else sector.public, (False, True))
    field("joint_committee", None, candidates)
    nace = sector.nace
    code, version = (nace.code, nace.version) if nace is not None else (None, None)
    used = frozenset[str]().union(*tests.lists)
    field("nace", None if code is None else article_2.lists_of(code, era) & used, tests.lists)
    if version is None and turns.NACE_2025 not in era.turns:
        version = "2008"
    if len(tests.lists) > 1 and version != "2008":
        field("nace_version", version, ("2008", "2025"))
        axes.append((NACE_2025, [True, False] if code is None else list(tests.lists)))
    authority = None if sector.authority == "local" else sector.authority
    # A community that no row names is like any other of that kind, and a fund that none asks for like no fund.
    field(
        "authority", authority if authority in (None, *tests.authorities) else tests.authorities[-1], tests.authorities
    )
    field("bakery_fund", sector.bakery_fund if True in tests.funds else False, tests.funds)
    return tests


def any_employer(era: Era) -> Iterator[dict[str, object]]:
    """Employers that stand for all: each committee with what the rows that it can match test.

    The lists of 2008 alone reach every answer.
    """
    for committee in article_2.committees(era):
        for public in (False, True):
            rows = [
                row for row in era.rows if article_2.committee_matches(row, committee) and row.public in (None, public)
            ]
            tests = article_2.tests(rows, era)
            for lists, authority, fund in product(tests.lists, tests.authorities, tests.funds):
                yield {"jc": committee, "public": public, "lists": lists, "authority": authority, "fund": fund}


def _verdicts(keys: tuple[str, ...], results: dict[tuple[int, ...], Scope], *, by_user: bool) -> Block:
    found = list(results.values())
    ranks = {s.sector for s in found}
    functions = {s.function for s in found}
    if not any(s.holds for s in found) and len(ranks) > 1:
        barred = {0 if s.function_reason == "function-barred" else 3 for s in found}
        sector = Ladder(0, "sector-not-listed", tuple(sorted({s.decree for s in found if s.decree})))
        function = Ladder(barred.pop(), "function-free") if len(barred) == 1 else Ladder(1, "activity-not-known")
    else:
        one = found[0]
        if len(ranks) == 1:
            sector = _by_row(one.sector, one.sector_reason, one.sector_row)
            if by_user and sector.provisions:
                sector = sector._replace(provisions=tuple(dict.fromkeys((*sector.provisions, article_2.BY_USER))))
            if one.decree:
                sector = sector._replace(provisions=(one.decree,))
        else:
            sector = Ladder(1, _why_open(keys))
        if len(functions) == 1:
            function = _by_row(one.function, one.function_reason, one.function_row)
        else:
            function = Ladder(1, "activity-not-known")
    outcomes: dict[tuple[int, ...], int] = {}
    for choice, s in results.items():
        level = min(s.sector, s.function)
        if s.sector == 1 and s.function:
            outcomes[*choice, 0], outcomes[*choice, 1] = 0, 3
        else:
            outcomes[*choice, 0] = outcomes[*choice, 1] = level
    return completed((sector, function), (*keys, "law"), outcomes)


def _by_row(verdict: int, reason: str, row: SectorRow | None) -> Ladder:
    return Ladder(verdict, reason) if row is None else Ladder(verdict, reason, (row.basis,), row.confidence)


def _why_open(keys: tuple[str, ...]) -> str:
    if "$.agency" in keys:
        return "agency-user-needed"
    if keys == (NACE_2025,):
        return keys[0]
    return "sector-facts-missing"
