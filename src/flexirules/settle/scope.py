"""Sector and function: article 2 on every place that the employer and the function may be."""

from collections.abc import Callable, Iterable

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
from flexirules.law.ruleset import Era
from flexirules.law.scope import Place, Scope


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
    axes, build = _places(case, era)
    if size(axes) > MOST_COMPLETIONS * 10:
        unknown = Ladder(1, "sector-facts-missing")
        return too_many((unknown, unknown), axes)
    keys = tuple(key for key, _ in axes)
    results: dict[tuple[int, ...], Scope] = {}
    found: dict[Place, Scope] = {}
    for choice, values in enumerate_axes(axes):
        place = build(values)
        if place not in found:
            found[place] = article_2.scope(place, era, case.agency is not None)
        results[choice] = found[place]
    known_activity = case.function is not None and case.function.activity is not None
    if known_activity and any(s.holds for s in found.values()):
        for choice, s in results.items():
            if s.function_reason == "activity-not-admitted":
                results[choice] = Scope(0, "sector-not-listed", None, 3, "function-free", None, False)
    return _verdicts(keys, results)


def _places(case: Case, era: Era) -> tuple[list[Axis], Callable[[tuple[object, ...]], Place]]:
    """What is open about the employer and the function, and how to make a place of what is filled in."""
    employer, function = case.employer, case.function
    sector = employer.sector if employer is not None else None
    lists, communities, fund = article_2.tests(era)
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
        below = article_2.children(committee, era)
        known["public"] = bool(public)
        field("joint_committee", None if below else committee, (committee, *below))
    else:
        field("public", public, (False, True))
        if public:
            known["joint_committee"] = ""
        else:
            field("joint_committee", None, article_2.committees(era))
    nace = sector.nace if sector is not None else None
    code = nace.code if nace is not None else None
    version = nace.version if nace is not None else None
    if not lists:
        known["nace"] = frozenset()
    elif code is not None:
        known["nace"] = article_2.lists_of(code, era)
    else:
        field("nace", None, article_2.signatures(era))
    if version is None and era.day < article_2.NACE_2025_FROM:
        version = "2008"
    whole_open = employer is None or sector is None
    # Where nothing is known of the employer, the lists of 2008 alone reach every answer.
    field("nace_version", version if lists and not whole_open else "2008", ("2008", "2025"))
    if lists and version != "2008" and not whole_open:
        alike: list[object] = [True, False] if code is None else list(article_2.signatures(era))
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
        axes.append(("$.function" if function is None else "$.function.activity", list(article_2.activities(era))))
    if committee == article_2.AGENCY_COMMITTEE and case.agency is None:
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
            jc=jc if via is None else article_2.USER_ADMITTED if via else article_2.USER_NOT_ADMITTED,
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
    combined: list[object] = [dict(zip(names, values, strict=True)) for _, values in enumerate_axes(rest)]
    return [(path, combined), *law]


def _verdicts(keys: tuple[str, ...], results: dict[tuple[int, ...], Scope]) -> Block:
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
            sector = _by_row(one.sector, one.sector_reason, one.sector_row)
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
    if keys == ("nace-2025-list-not-read",):
        return keys[0]
    return "sector-facts-missing"
