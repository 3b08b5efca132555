"""How strong the vectors are: which mutants of the law they notice, and which are proven to say what the law says."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from flexirules.case import Case
from flexirules.law.ruleset import Era, Ruleset, Settled
from flexirules.settle import settle
from flexirules.testing._vectors import cases, official
from flexirules.testing.mutants import Mutant, of_rows, of_trees, same

Told = tuple[object, ...]
UNDER: Final = ((), (("age_shortcut", "practice"),), (("agency_as_employer", "agency"),))
"""The default, and the readings under which a table is read that is not otherwise."""


class Strength(NamedTuple):
    """How many mutants were noticed, and the names of those that were not: proven equivalent, and surviving."""

    killed: int
    equivalent: tuple[str, ...]
    survived: tuple[str, ...]


def strength(law: Ruleset, *, processes: int = 1) -> Strength:
    """Ask the vectors of level ``core`` under every mutant of every row and tree of a law."""
    if processes == 1:
        parts = [_share(law, 0, 1)]
    else:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(processes) as pool:
            parts = list(pool.map(_share, *zip(*[(law, n, processes) for n in range(processes)], strict=True)))
    return Strength(
        sum(part.killed for part in parts),
        tuple(sorted(name for part in parts for name in part.equivalent)),
        tuple(sorted(name for part in parts for name in part.survived)),
    )


def mutants(law: Ruleset) -> Iterator[Mutant]:
    """Every mutant of every row and of every tree."""
    return chain(of_rows(law), (found.mutant for found in of_trees(law)))


def _share(law: Ruleset, remainder: int, divisor: int) -> Strength:
    asked = Asked(law)
    killed, equivalent, survived = 0, [], []
    for number, mutant in enumerate(mutants(law)):
        if number % divisor != remainder:
            continue
        if asked.notices(mutant):
            killed += 1
        elif asked.proven_same(mutant):
            equivalent.append(mutant.name)
        else:
            survived.append(mutant.name)
    return Strength(killed, tuple(equivalent), tuple(survived))


class Asked:
    """The vectors of a law by day and by era, each with what the law says of it."""

    def __init__(self, law: Ruleset) -> None:
        self.law = law
        self.by_day: dict[date, list[tuple[Case, Told]]] = {}
        self.by_era: dict[date, list[tuple[Case, Told]]] = {}
        mine = [(vector.id, Case.from_json(_text(vector.given))) for vector in official()]
        mine += cases("core", law)
        # A mutant is mostly of a row of the lists, which these ask for: they come first.
        mine.sort(key=lambda named: "/persons/" in named[0])
        for _, case in mine:
            day = case.first_day
            era = law.on(day, case.readings)
            told = (case, _told(settle(case, day, era)))
            self.by_day.setdefault(day, []).append(told)
            self.by_era.setdefault(era.day, []).append(told)

    def proven_same(self, mutant: Mutant) -> bool:
        """Whether on every day on which a mutant can show it says on every cell what the law says."""
        under = UNDER[:1] if mutant.same_law else UNDER
        return all(same(self.law.on(day, how), mutant.on(day, how)) for day in mutant.days for how in under)

    def notices(self, mutant: Mutant) -> bool:
        """Whether one vector has another answer under a mutant."""
        for day in mutant.days:
            laws: dict[tuple[tuple[str, str], ...], Era] = {}
            for case, told in self.by_era.get(day, ()) if mutant.same_law else self.by_day.get(day, ()):
                era = laws.get(case.readings)
                if era is None:
                    if mutant.same_law and case.readings:
                        continue
                    era = laws[case.readings] = mutant.on(day, case.readings)
                try:
                    if _told(settle(case, case.first_day, era)) != told:
                        return True
                except (AssertionError, LookupError, ValueError):
                    # A law in which a case cannot be settled any more.
                    return True
        return False


def _text(given: object) -> str:
    import json

    return json.dumps(given)


def _told(settled: Settled) -> Told:
    verdicts = tuple(ladder.rank for block in settled.blocks for ladder in block.ladders)
    return settled.outcome, verdicts, settled.expected, settled.missing
