"""Article 4 § 1, § 2 and § 3: the four fifths in T-3, the pensioner, the expat's letter, and the reduction."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from flexirules.dated import AgePractice, Counting, Exemption
from flexirules.fraction import WorkFraction
from flexirules.law import turns
from flexirules.predicate import (
    MET_ALWAYS,
    NEVER,
    WRITTEN_DECISION,
    AllOf,
    AnyOf,
    Cited,
    Fact,
    Open,
    Predicate,
)

if TYPE_CHECKING:
    from flexirules.law.ruleset import Era
    from flexirules.quarter import Quarter

FULL_TIME: Final = WorkFraction(1)
FOUR_FIFTHS: Final = WorkFraction(4, 5)


def _counting(status: str, counts: bool, provision: str, start: date | None = None) -> Counting:
    return Counting(status=status, counts=counts, provision=provision, effective_from=start, effective_to=None)


COUNTING: Final = (
    _counting("employee", True, "L2015-4-1"),
    _counting("statutory", True, "L2015-4-1"),
    _counting("self_employed", False, "L2015-4-1"),
    _counting("flexi_job", False, "L2015-4-2-a"),
    _counting("apprentice", False, "L2015-4-2-b"),
    _counting("student", False, "L2015-4-2-c"),
    _counting("minor_part_time", False, "L2015-4-2-d"),
    _counting("occasional_agriculture", False, "L2015-4-2-e"),
    _counting("occasional_horeca", False, "L2015-4-2-f"),
    _counting("deferred_pay", True, "L2015-4-4", date(2018, 1, 1)),
)
"""Which statuses count (persons.md, section 2); a temporary teacher's summer days do from 2018 on."""

BEFORE_T1: Final = 0
"""The pension runs on or before the last day of T-2."""
BY_START: Final = 1
"""After that, on or before the first day of flexi work."""
INSIDE_T: Final = 2
"""After the first day of flexi work, inside T."""
AFTER_T: Final = 3
"""After T."""


EXEMPTION: Final = (
    Exemption(latest=BEFORE_T1, open_at=None, effective_from=date(2018, 1, 1), effective_to=date(2026, 6, 30)),
    Exemption(latest=BY_START, open_at=INSIDE_T, effective_from=date(2026, 7, 1), effective_to=None),
)
"""L2015-4-3 in its versions; before 2018 never."""


AGE_PRACTICE: Final = (
    AgePractice(age=65, effective_from=date(2018, 1, 1), effective_to=date(2024, 12, 31)),
    AgePractice(age=66, effective_from=date(2025, 1, 1), effective_to=date(2025, 9, 30)),
)

PENSION: Final = ("L2015-4-3", "L2015-3-7")
"""The exemption, and who is a pensioner."""
PENSIONERS: Final = ("retirement", "survivor")

belgian_work = Fact("belgian_work")
counted_work = Fact("counted_work")
decision = Fact("decision")
no_decision = Fact("no_decision")
accepted = Fact("accepted")
pension_kind = Fact("pension_kind")
pension_timing = Fact("pension_timing")
pension_register = Fact("pension_register")
age = Fact("age")
volume_t3 = Fact("volume_t3")
volume_t4 = Fact("volume_t4")
volume_t5 = Fact("volume_t5")
same_employer_drop = Fact("same_employer_drop")
declared_work = Fact("declared_work")
declared_t3 = Fact("declared_t3")
declared_t4 = Fact("declared_t4")
declared_t5 = Fact("declared_t5")
declared_same_drop = Fact("declared_same_drop")

WORK_FACTS: Final = (
    "belgian_work",
    "counted_work",
    "volume_t3",
    "volume_t4",
    "volume_t5",
    "declared_work",
    "declared_t3",
    "declared_t4",
    "declared_t5",
)
"""The facts that are exact fractions."""
WITH_OTHERS: Final = ("belgian_work", "counted_work", "declared_work")
"""Those of them that leave out work with the flexi-job employer."""
DROPS: Final = ("same_employer_drop", "declared_same_drop")
OF_QUARTER: Final = (
    (*WITH_OTHERS, "volume_t3", "declared_t3", *DROPS),
    ("volume_t4", "declared_t4"),
    ("volume_t5", "declared_t5"),
)
"""What the jobs in T-3, in T-4 and in T-5 show, where no employer is looked at alone."""


HISTORY_FACTS: Final = frozenset((*WORK_FACTS, *DROPS))
"""What jobs alone show."""
WORKER_FACTS: Final = HISTORY_FACTS | {"pension_kind", "pension_timing", "pension_register", "age"}
"""What a worker alone shows."""


def employment(era: "Era") -> tuple[Cited, ...]:
    """The ways in, in the order in which a reason is given; any one is enough."""
    ways = [
        Cited(("L2015-4-1",), "four-fifths-in-belgium", belgian_work >= FOUR_FIFTHS),
        Cited(("OSS-approval",), "approval-held", decision.equals("granted")),
    ]
    in_time, in_doubt = _pension(era)
    if era.readings["pension_and_t3"] == "both":
        in_time, in_doubt = NEVER, NEVER
    if in_time is not NEVER:
        ways.append(Cited(PENSION, "pensioner", AllOf((in_time, pension_register.equals("belgium")))))
    if era.age_read:
        ways += [Cited(("NSSO-age-shortcut",), "age-practice", age >= row.age) for row in era.age_practice]
    enough = counted_work >= FOUR_FIFTHS
    at_work = AllOf((enough, accepted.yes(), decision.equals("none")))
    on_conflict = AllOf((accepted.yes(), decision.equals("unsettled")))
    on_pension = AllOf((AnyOf((in_time, in_doubt)), accepted.yes()))
    needed = AllOf((enough, no_decision.yes(), WRITTEN_DECISION))
    ways += [
        Cited(("NSSO-dimona-ok",), "dimona-accepted", AnyOf((at_work, on_conflict, on_pension))),
        Cited(("OSS-approval",), "approval-needed", needed),
    ]
    if in_time is not NEVER:
        ways.append(Cited(PENSION, "foreign-pension", AllOf((in_time, WRITTEN_DECISION))))
    conflict = AllOf((decision.equals("unsettled"), Open("C17")))
    ways.append(Cited(("OSS-approval",), "approvals-conflict", conflict))
    if in_doubt is not NEVER:
        shown = AnyOf((pension_register.equals("belgium"), WRITTEN_DECISION))
        ways.append(
            Cited(("R2026-pensioner",), "pension-day-not-settled", AllOf((in_doubt, shown, Open("R2026-pensioner"))))
        )
    differ = AllOf((accepted.yes(), decision.differs("refused"), Open("A7")))
    return (*ways, Cited(("NSSO-dimona-ok",), "dimona-and-facts-differ", differ))


def _pension(era: "Era") -> tuple[Predicate, Predicate]:
    """A pension that runs in time, and one of which it is not settled; whatever the register shows."""
    for row in era.exemption:
        drawn = pension_kind.one_of(*PENSIONERS)
        in_time = AllOf((drawn, pension_timing <= row.latest))
        if row.open_at is None:
            return in_time, NEVER
        return in_time, AllOf((drawn, pension_timing.equals(row.open_at)))
    return NEVER, NEVER


def no_reduction(era: "Era") -> tuple[Cited, ...]:
    """Met by any one of these: no reduction, a pensioner, and where a letter is held what reading C12 makes of it."""
    if turns.REDUCTION not in era.turns:
        return (Cited(("L2015-4-1-last",), "not-yet-in-force", MET_ALWAYS),)
    if era.readings["reduction_employer"] == "same":
        stable: Predicate = same_employer_drop.no()
    else:
        stable = _no_drop(volume_t3, volume_t4, volume_t5, era.readings)
    ways = [Cited(("L2015-4-1-last",), "no-reduction", stable)]
    if era.readings["reduction_pensioner"] == "practice":
        in_time, in_doubt = _pension(era)
        shown = pension_register.equals("belgium")
        ways.append(Cited(("NSSO-reduction-pensioner",), "pensioner-not-tested", AllOf((in_time, shown))))
        ways.append(Cited(("NSSO-reduction-pensioner",), "foreign-pension", AllOf((in_time, WRITTEN_DECISION))))
        if in_doubt is not NEVER:
            part = AllOf((in_doubt, AnyOf((shown, WRITTEN_DECISION)), Open("R2026-pensioner")))
            ways.append(Cited(("R2026-pensioner",), "pension-day-not-settled", part))
    if era.readings["approval_and_reduction"] != "facts":
        says = MET_ALWAYS if era.readings["approval_and_reduction"] == "letter" else Open("C12")
        granted = AllOf((decision.equals("granted"), says))
        ways.append(Cited(("L2015-4-1-last",), "approval-and-reduction", granted))
        unsettled = AllOf((decision.equals("unsettled"), Open("C17"), says))
        ways.append(Cited(("L2015-4-1-last",), "approval-and-reduction", unsettled))
    return tuple(ways)


def _no_drop(third: Fact, fourth: Fact, fifth: Fact, readings: Mapping[str, str]) -> Predicate:
    """Neither full-time in T-4 and reduced in T-3, nor full-time in T-5 and reduced in T-4."""

    def not_reduced(volume: Fact) -> AnyOf:
        if readings["reduction_band"] == "exact":
            return AnyOf((volume < FOUR_FIFTHS, volume.differs(FOUR_FIFTHS)))
        return AnyOf((volume < FOUR_FIFTHS, volume >= FULL_TIME))

    return AllOf((AnyOf((fourth < FULL_TIME, not_reduced(third))), AnyOf((fifth < FULL_TIME, not_reduced(fourth)))))


def automatic_check(era: "Era") -> Predicate:
    """What declarations and the pension register alone show for a timely FLX: met is ``ok``, not met ``warning``."""
    shown: Predicate = declared_work >= FOUR_FIFTHS
    if turns.REDUCTION in era.turns:
        if era.readings["reduction_employer"] == "same":
            shown = AllOf((shown, declared_same_drop.no()))
        else:
            shown = AllOf((shown, _no_drop(declared_t3, declared_t4, declared_t5, era.readings)))
    if era.readings["pension_and_t3"] == "both":
        return shown
    in_time, in_doubt = _pension(era)
    registered = pension_register.equals("belgium")
    ways = [shown]
    if in_time is not NEVER:
        ways.append(AllOf((in_time, registered)))
    if in_doubt is not NEVER:
        ways.append(AllOf((in_doubt, registered, Open("R2026-pensioner"))))
    return AnyOf(tuple(ways))


def timing_of(since: date, quarter: "Quarter", start: date) -> int:
    """Where the first day of a pension lies against T-2, the first flexi day and T."""
    if since < date((quarter.index - 1) // 4, (quarter.index - 1) % 4 * 3 + 1, 1):
        return BEFORE_T1
    if since <= start:
        return BY_START
    return INSIDE_T if since <= quarter.last_day else AFTER_T
