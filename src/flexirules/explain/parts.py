"""What a case shows of the facts of each part of the law: the values that each may have, and where it is told."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from flexirules.case import Case
from flexirules.explain.tables import (
    NO_MORE,
    Places,
    Table,
    Trees,
    Value,
    link_table,
    no_further_link,
    papers_table,
    places_table,
    spell,
    work_table,
)
from flexirules.law import ties
from flexirules.law.ruleset import Settled
from flexirules.law.scope import Place
from flexirules.settle.formalities import facts_of_papers
from flexirules.settle.identities import identities
from flexirules.settle.scope import places_of
from flexirules.settle.ties import facts_of_link
from flexirules.settle.work import facts_of_work

PATHS: Final = {
    "in_force": "$.start",
    "legislation": "$.worker.habitual_legislation",
    "jc": "$.employer.sector.joint_committee",
    "public": "$.employer.sector.public",
    "lists": "$.employer.sector.nace",
    "authority": "$.employer.sector.authority",
    "fund": "$.employer.sector.bakery_fund",
    "activity": "$.function.activity",
    "belgian_work": "$.worker.employments",
    "counted_work": "$.worker.employments",
    "decision": "$.approvals",
    "accepted": "$.formalities.declaration.result",
    "pension_kind": "$.worker.pension.kind",
    "pension_timing": "$.worker.pension.since",
    "pension_register": "$.worker.pension.register",
    "age": "$.worker.birth_date",
    "volume_t3": "$.worker.employments",
    "volume_t4": "$.worker.employments",
    "volume_t5": "$.worker.employments",
    "same_employer_drop": "$.worker.employments",
    "links": "$.engagements",
    "place": ".employer",
    "kind": ".kind",
    "size": ".fraction",
    "begun": ".from",
    "running": ".until",
    "severance": ".severance_until",
    "notice": ".notice_until",
    "agreement": "$.formalities.framework_agreement",
    "filing": "$.formalities.declaration.filed_on",
    "blocked": "$.formalities.declaration.result",
}
"""Every fact, in the order of a reader's questions, with the path at which a case tells it, or of a link its end."""


class Part(NamedTuple):
    """One part of the law with what a case shows of its facts.

    ``known``: of each fact that is known the values that it may have, more than one where it is known in part only.
    ``shown``: its text. ``at``: the path of a link. ``provisions``: those of its findings, where no tree says them.
    """

    table: Table
    known: Mapping[str, frozenset[Value]]
    shown: Mapping[str, str]
    at: str = ""
    provisions: tuple[str, ...] = ()

    def path(self, fact: str) -> str:
        """Where a case tells a fact."""
        return self.at + PATHS[fact]

    def agreeing(self, facts: Iterable[str] | None = None) -> int:
        """The cells that agree with what is known of some facts; of all where none are named."""
        cells = self.table.every
        for fact in self.known if facts is None else facts:
            cells &= self.table.agree(fact, self.known[fact])
        return cells

    def standing(self, fact: str, cells: int, levels: Iterable[int]) -> tuple[str, ...]:
        """The provisions that compare a fact and come to one of some levels, the same in all of some cells."""
        return self.table.standing(fact, cells, levels) if isinstance(self.table, Trees) else self.provisions

    def turning(self, fact: str, changed: Iterable[str], after: int) -> tuple[str, ...]:
        """The provisions that compare a fact and come to other levels in some cells, where some facts have changed."""
        if isinstance(self.table, Places):
            told = "jc" in self.known and "jc" not in changed
            return self.table.cited(after, tuple(map(str, self.known["jc"])) if told else None)
        return self.table.turning(fact, self.agreeing(), after) if isinstance(self.table, Trees) else self.provisions


def parts(case: Case, settled: Settled) -> tuple[Part, ...]:
    """Every part of the law with what a case shows; empty where too much is open to go through it."""
    day, era = case.first_day, settled.era
    via_agency = case.agency is not None
    named = identities(case)
    places = places_of(case, era)
    if named is None or places is None:
        return ()
    work: list[dict[str, object]] = []
    for each in named:
        found = facts_of_work(each, day, era)
        if found is None:
            return ()
        work += found
    papers = facts_of_papers(case, day, era)
    return (
        _part(papers_table(era, via_agency=via_agency), [papers]),
        _place(case, places, settled),
        _part(work_table(era), work, tuple(_not_told(case))),
        *_links(case, settled, named),
    )


def _part(table: Trees, completions: Iterable[Mapping[str, object]], apart: tuple[str, ...] = (), at: str = "") -> Part:
    raw: dict[str, dict[object, None]] = {}
    for facts in completions:
        for name, value in facts.items():
            raw.setdefault(name, {})[value] = None
    known: dict[str, frozenset[Value]] = {}
    shown = {}
    for fact in PATHS:
        if fact in raw and fact in table.facts and fact not in apart:
            values = frozenset(table.piece(fact, value) for value in raw[fact])
            if len(values) < len(table.values[fact]):
                known[fact] = values
                single = len(raw[fact]) == 1
                shown[fact] = spell(fact, *raw[fact]) if single else " or ".join(table.words(fact, values))
    return Part(table, known, shown, at)


def _not_told(case: Case) -> Iterator[str]:
    """What is no fact of a case though the law gives it a value: when a pension began that is none."""
    pension = case.worker.pension if case.worker is not None else None
    if pension is not None and pension.since is None:
        yield "pension_timing"
    if pension is not None and pension.kind == "none":
        yield "pension_register"


def _place(case: Case, places: Iterable[Place], settled: Settled) -> Part:
    """Sector and function; what the case does not tell is not known, also where no row of its committee asks."""
    sector = case.employer.sector if case.employer is not None else None
    function = case.function
    told: dict[str, str | None] = {"activity": function.activity if function is not None else None}
    if sector is not None:
        committee, nace = sector.joint_committee, sector.nace
        told |= {
            "jc": committee.code if committee is not None else "none" if sector.public else None,
            "public": None if committee is None and sector.public is None else str(bool(sector.public)).lower(),
            "lists": nace.code if nace is not None else None,
            "authority": None if sector.authority == "local" else sector.authority,
            "fund": None if sector.bakery_fund is None else str(sector.bakery_fund).lower(),
        }
    table = places_table(settled.era, via_agency=case.agency is not None)
    fields = {field: frozenset(getattr(place, field) for place in places) for field, text in told.items() if text}
    known = {field: fields[field] for field in PATHS if field in fields}
    shown = {field: str(told[field]) for field in known}
    return Part(table, known, shown, provisions=_provisions(settled, ("sector", "function")))


def _provisions(settled: Settled, conditions: Iterable[str]) -> tuple[str, ...]:
    """The provisions of some findings."""
    named = (name for finding in settled.findings if finding.condition in conditions for name in finding.provisions)
    return tuple(dict.fromkeys(named))


def _links(case: Case, settled: Settled, named: Iterable[Case]) -> Iterator[Part]:
    """Every link, and that there is no other."""
    via_agency, links = case.agency is not None, case.engagements
    day, era = case.first_day, settled.era
    for position, link in enumerate(links or ()):
        contracts = (facts for each in named for facts in facts_of_link(each, day, era, link))
        yield _part(link_table(era, via_agency=via_agency), contracts, at=f"$.engagements[{position}]")
    table = no_further_link(open_anyhow=era.readings["notice_employer"] == "any")
    known = {} if links is None else {"links": frozenset((NO_MORE,))}
    shown = {} if links is None else {"links": str(len(links))}
    yield Part(table, known, shown, provisions=_provisions(settled, ties.CONDITIONS))
