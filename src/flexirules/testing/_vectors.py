"""Conformance vectors: cases with their answers, in the JSON form, for every program that decides the same law."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Final, TypeVar

import attrs

from flexirules._evaluate import evaluate
from flexirules.case import Case
from flexirules.dated import FIRST_DAY, Dated, NaceRow
from flexirules.decision import Decision
from flexirules.errors import InvalidInput, show
from flexirules.law.ruleset import Era, Ruleset, current
from flexirules.proof.cells import decided
from flexirules.proof.exactness import link_plan, work_plan
from flexirules.testing import situations
from flexirules.testing.mutants import GROUPS, Cells, of_trees

LEVELS: Final = ("core", "full")
FILES: Final = ("dimona", "missing", "persons", "readings", "sectors", "seed")
"""The files of official cases."""


R = TypeVar("R", bound=Dated)


@attrs.frozen(kw_only=True, hash=False)
class Vector:
    """One case in its JSON form, and what has to be said of it.

    Args:
        id: names one case; that of an official case is never used again, others are made anew from the law.
        title: what it is, in a few words.
        source: where the answer can be read; ``cells`` where it is that of the law's own cells.
        given: the case.
        expect: of the decision ``outcome``, verdicts of ``conditions`` by id, parts of ``dimona``,
            ``reference_quarter``, all paths that are ``missing``, or some (``missing_includes``). The rest is free.
    """

    id: str
    title: str
    source: str
    given: Mapping[str, object]
    expect: Mapping[str, object]

    def to_json(self) -> str:
        """One line of JSON."""
        import json

        return json.dumps(attrs.asdict(self), ensure_ascii=False)


def official() -> tuple[Vector, ...]:
    """The cases whose answers are published, or follow from a published text.

    >>> len(official()) == len({vector.id for vector in official()})
    True
    """
    import json
    from importlib.resources import files

    found: list[Vector] = []
    for name in FILES:
        text = files("flexirules.testing").joinpath("cases", f"{name}.json").read_text(encoding="utf-8")
        names = ("id", "title", "source", "given", "expect")
        found += [Vector(**{name: case[name] for name in names}) for case in json.loads(text)]
    return tuple(found)


def vectors(level: str = "core", *, law: Ruleset | None = None) -> Iterator[Vector]:
    """The vectors of a level.

    Args:
        level: ``core``: the official cases, every row of every table on the days around its first and its last, cells
            that tell every mutant of a tree apart, and partial cases of every kind. ``full``: all cells of all eras
            besides.
        law: ``None``: the law of this release.

    Raises:
        InvalidInput: no such level.

    >>> next(vectors()).id
    'dimona-window-2026q4'
    """
    if level not in LEVELS:
        raise InvalidInput("E-LEVEL", "level", f"expected one of core, full, not {show(level)}")
    return _vectors(level, law or current())


def _vectors(level: str, law: Ruleset) -> Iterator[Vector]:
    yield from official()
    for name, case in cases(level, law):
        yield of_case(name, case, law)


def of_case(name: str, case: Case, law: Ruleset) -> Vector:
    """A vector that expects what the library says."""
    import json

    said = said_of(evaluate(case, law=law))
    return Vector(id=name, title=name, source="cells", given=json.loads(case.to_json()), expect=said)


def said_of(decision: Decision) -> dict[str, object]:
    """All of a decision that has to be the same everywhere."""
    return _said(decision.to_document())


def differences(expect: Mapping[str, object], document: Mapping[str, object]) -> list[str]:
    """What a decision in its JSON form says otherwise than a vector expects; empty where it agrees.

    >>> differences({"outcome": "eligible"}, {"outcome": "not_eligible"})
    ['outcome: eligible expected, not_eligible said']
    """
    said = _said(document)
    found = []
    for name, wanted in expect.items():
        got = said.get(name)
        if isinstance(wanted, Mapping):
            parts = got if isinstance(got, Mapping) else {}
            found += [_differs(f"{name}.{k}", v, parts.get(k)) for k, v in wanted.items() if parts.get(k) != v]
        elif name == "missing_includes":
            paths = _list(said["missing"])
            found += [_differs(name, path, paths) for path in _list(wanted) if path not in paths]
        elif got != wanted:
            found.append(_differs(name, wanted, got))
    return found


def _differs(name: str, wanted: object, got: object) -> str:
    return f"{name}: {wanted} expected, {got} said"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _said(document: Mapping[str, object]) -> dict[str, object]:
    """The parts of a decision that vectors ask for, whoever made it: nothing is taken to be well-formed."""
    conditions = [entry for entry in _list(document.get("conditions")) if isinstance(entry, Mapping)]
    missing = [entry for entry in _list(document.get("missing")) if isinstance(entry, Mapping)]
    return {
        "outcome": document.get("outcome"),
        "conditions": {str(entry.get("id")): entry.get("verdict") for entry in conditions},
        "dimona": document.get("dimona"),
        "reference_quarter": document.get("reference_quarter"),
        "missing": sorted(str(entry.get("path")) for entry in missing),
    }


def manifest(level: str = "core", *, law: Ruleset | None = None) -> dict[str, object]:
    """What the vectors of a level are: ruleset and digest, how many, of which outcomes, their sum, and the licence."""
    import hashlib

    law = law or current()
    counted: dict[str, int] = {}
    official_ones, digest = {vector.id for vector in official()}, hashlib.sha256()
    mine = 0
    for vector in vectors(level, law=law):
        outcome = str(vector.expect["outcome"])
        counted[outcome] = counted.get(outcome, 0) + 1
        mine += vector.id in official_ones
        digest.update(vector.to_json().encode() + b"\n")
    total = sum(counted.values())
    return {
        "ruleset": law.name,
        "digest": law.digest,
        "level": level,
        "vectors": total,
        "official": mine,
        "from_cells": total - mine,
        "outcomes": dict(sorted(counted.items())),
        "sha256": digest.hexdigest(),
        "licence": "MIT",
    }


def cases(level: str, law: Ruleset) -> Iterator[tuple[str, Case]]:
    """The cases of a level that are made from the law, each with its name."""
    yield from _by_row(law)
    eras = [law.on(day) for day in law.eras if day >= FIRST_DAY]
    for name, era, places in chosen(law):
        group = GROUPS[name](era)
        facts = list(group.cells(edges=True))
        for place in places:
            yield f"{era.day}/{name}/{place}", group.case(facts[place], era)
    for era in _turning_points(eras):
        for number, (opened, case) in enumerate(_partial(era)):
            yield f"{era.day}/without {', '.join(opened)}/{number}", case
    if level == "full":
        yield from every_cell(law)


def every_cell(law: Ruleset) -> Iterator[tuple[str, Case]]:
    """The case of each cell of each group of each era, with its name."""
    for era in (law.on(day) for day in law.eras if day >= FIRST_DAY):
        for name, make in GROUPS.items():
            group = make(era)
            for place, cell in enumerate(decided(group).thinned().cells):
                yield f"{era.day}/every {name}/{place}", group.case(cell.facts, era)


def _by_row(law: Ruleset) -> Iterator[tuple[str, Case]]:
    """Each row of each table on the days around its first and its last day."""
    edges = [day for start in law.eras if start >= FIRST_DAY for day in (start - situations.DAY, start)]
    for day in edges:
        for name, case in situations.persons(day).items():
            yield f"{day}/persons/{name}", case
        for name, case in situations.readings(day).items():
            yield f"{day}/readings/{name}", case
        for name, case in situations.sectors(day, _near(law.sectors, day), law):
            yield f"{day}/sectors/{name}", case
        for name, case in situations.no_version(day, law):
            yield f"{day}/activities/{name}", case
        for name, case in situations.activities(day, _asked_near(law, day), law):
            yield f"{day}/activities/{name}", case


def _asked_near(law: Ruleset, day: date) -> list[NaceRow]:
    """The codes on lists that change around a day, or for which a row of the list of sectors asks that changes then."""
    lists = {row.nace_list for row in _near(law.sectors, day)}
    near = {id(row) for row in _near(law.nace, day)}
    return [row for row in law.nace if id(row) in near or (row.list in lists and row.in_force(day))]


def _near(rows: Iterable[R], day: date) -> list[R]:
    """The rows of which a day is the first or the last, or next to one of these; those without a first on the first."""
    around = (day, day + situations.DAY)
    return [
        row
        for row in rows
        if row.effective_from in around
        or (row.effective_to is not None and row.effective_to + situations.DAY in around)
        or (row.effective_from is None and day == FIRST_DAY)
    ]


@cache
def chosen(law: Ruleset) -> tuple[tuple[str, Era, tuple[int, ...]], ...]:
    """Of each group of each era whose trees differ from those before, cells that tell every mutant of a tree apart."""
    found: dict[tuple[str, date], set[int]] = {}
    cells: dict[tuple[str, date], Cells] = {}
    for mutant, name, group, changed in of_trees(law):
        [day] = mutant.days
        if (name, day) not in cells:
            cells[name, day] = Cells(group)
        mine = cells[name, day]
        differing = mine.differing(changed)
        taken = found.setdefault((name, day), set())
        if differing and not any(differing >> place & 1 for place in taken):
            taken.add(differing.bit_length() - 1)
    return tuple((name, law.on(day), tuple(sorted(places))) for (name, day), places in found.items())


def _turning_points(eras: list[Era]) -> Iterator[Era]:
    """The eras whose trees on persons differ from those before."""
    seen = set()
    for era in eras:
        kind = (era.employment, era.no_reduction, *era.blocks(False).items(), *era.blocks(True).items())
        if kind not in seen:
            seen.add(kind)
            yield era


def _partial(era: Era) -> Iterator[tuple[tuple[str, ...], Case]]:
    """Of each set of paths that may be open together one partial case that is settled, and one that is not."""
    for name, plan_of in (("work", work_plan), ("link", link_plan), ("link by an agency", link_plan)):
        plan = plan_of(decided(GROUPS[name](era)).thinned(), era)
        found: dict[tuple[tuple[str, ...], bool], Case] = {}
        for opened, rows in plan.inputs():
            kind = (opened, len({level for row in rows for level in row.levels}) > 1)
            if kind not in found:
                found[kind] = plan.case(rows[0].facts, opened)
        for (opened, _), case in found.items():
            yield opened, case
