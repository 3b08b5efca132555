"""Article 4 § 1 a) to e): the other links in T with the flexi-job employer, the user, the agency or an affiliate."""

from datetime import date
from typing import TYPE_CHECKING, Final

from flexirules.dated import Tie
from flexirules.law import turns
from flexirules.law.access import FOUR_FIFTHS, FULL_TIME
from flexirules.predicate import AllOf, Cited, Fact, Open, Predicate

if TYPE_CHECKING:
    from flexirules.law.ruleset import Era

CONDITIONS: Final = ("own-employer", "severance", "notice", "agency-user", "affiliated")

RUNNING: Final = "running"
"""The contract runs on some day from the first flexi day to the end of T."""
BEGUN: Final = "begun"
"""The contract touches T and began on or before the first flexi day."""

EMPLOYER: Final = "employer"
"""The link is with the flexi-job employer in law: the employer, or the agency where the work goes through one."""
USER: Final = "user"
"""The link is with the user of an agency worker."""
AFFILIATE: Final = "affiliate"
"""The link is with another undertaking of the group."""
ELSEWHERE: Final = "elsewhere"

place = Fact("place")
kind = Fact("kind")
size = Fact("size")
running = Fact("running")
begun = Fact("begun")
severance = Fact("severance")
notice = Fact("notice")

_ANY_CONTRACT: Final = frozenset(("employment", "statutory", "student", "occasional"))

TIES: Final = (
    Tie(
        condition="own-employer",
        provision="L2015-4-1-a",
        kinds=frozenset(("employment",)),
        at_least=FOUR_FIFTHS,
        span=RUNNING,
        effective_from=None,
        effective_to=date(2023, 12, 31),
    ),
    Tie(
        condition="own-employer",
        provision="L2015-4-1-a",
        kinds=_ANY_CONTRACT,
        span=BEGUN,
        effective_from=date(2024, 1, 1),
        effective_to=None,
    ),
    Tie(
        condition="agency-user",
        provision="L2015-4-1-d",
        kinds=_ANY_CONTRACT - {"statutory"},
        span=BEGUN,
        open_kinds=frozenset(("statutory",)),
        effective_from=date(2022, 5, 7),
        effective_to=None,
    ),
    Tie(
        condition="affiliated",
        provision="L2015-4-1-e",
        kinds=frozenset(("employment",)),
        at_least=FOUR_FIFTHS,
        span=RUNNING,
        open_kinds=frozenset(("statutory",)),
        effective_from=date(2024, 1, 1),
        effective_to=date(2026, 6, 30),
    ),
    Tie(
        condition="affiliated",
        provision="L2015-4-1-e",
        kinds=frozenset(("employment",)),
        at_least=FOUR_FIFTHS,
        below=FULL_TIME,
        span=RUNNING,
        open_kinds=frozenset(("statutory",)),
        effective_from=date(2026, 7, 1),
        effective_to=None,
    ),
)
"""The contracts that block, by era. Severance (b) and notice (c) are periods, not contracts."""

PROVISIONS: Final = {
    "own-employer": "L2015-4-1-a",
    "severance": "L2015-4-1-b",
    "notice": "L2015-4-1-c",
    "agency-user": "L2015-4-1-d",
    "affiliated": "L2015-4-1-e",
}

_PLACES: Final = {"own-employer": EMPLOYER, "agency-user": USER, "affiliated": AFFILIATE}


def blocks(era: "Era", via_agency: bool) -> dict[str, tuple[Cited, ...]]:
    """What of one link blocks, by condition: met is a bar. A condition that is not named cannot be not met."""
    found: dict[str, tuple[Cited, ...]] = {}
    for condition, period in (("severance", severance), ("notice", notice)):
        provision = PROVISIONS[condition]
        bars = [Cited((provision,), f"{condition}-with-flexi-employer", period.yes() & place.equals(EMPLOYER))]
        if condition == "notice" and era.readings["notice_employer"] == "any":
            bars.append(Cited((provision,), "notice-with-another", period.yes() & place.differs(EMPLOYER)))
        if via_agency:
            at_user = AllOf((period.yes(), place.equals(USER), Open("agency-period")))
            bars.append(Cited((provision,), "agency-period-not-settled", at_user))
        found[condition] = tuple(bars)
    for tie in era.ties:
        if tie.condition == "agency-user" and not via_agency:
            continue
        if tie.condition == "own-employer" and via_agency and not agency_is_employer(era):
            continue
        bars = [Cited((tie.provision,), f"{tie.condition}-tie", _contract(tie, tie.kinds))]
        if tie.open_kinds:
            doubted = _contract(tie, tie.open_kinds) & Open("statutory-tie")
            bars.append(Cited((tie.provision,), "statutory-tie-not-settled", doubted))
        found[tie.condition] = (*found.get(tie.condition, ()), *bars)
    return {condition: found[condition] for condition in CONDITIONS if condition in found}


def not_applicable(era: "Era", condition: str, via_agency: bool) -> str:
    """The provision by which a condition that cannot be not met does not apply."""
    cleared = via_agency and condition == "own-employer" and turns.AGENCY_CLEARED in era.turns
    return "R2026-agency" if cleared else PROVISIONS[condition]


def agency_is_employer(era: "Era") -> bool:
    """Whether a contract with the agency itself blocks (reading C6)."""
    return era.readings["agency_as_employer"] == "agency" and turns.AGENCY_CLEARED not in era.turns


def _contract(tie: Tie, kinds: frozenset[str]) -> AllOf:
    parts: list[Predicate] = [place.equals(_PLACES[tie.condition]), kind.one_of(*sorted(kinds))]
    parts.append(running.yes() if tie.span == RUNNING else begun.yes())
    if tie.at_least is not None:
        parts.append(size >= tie.at_least)
    if tie.below is not None:
        parts.append(size < tie.below)
    return AllOf(tuple(parts))
