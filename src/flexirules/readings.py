"""The named readings: where sources disagree, which side to take. Each has a default; the caller may choose another."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from flexirules.errors import InvalidInput, show


@attrs.frozen
class Reading:
    """A disputed point of the law: its name, its values (the default first), its id in the law papers and why."""

    name: str
    values: tuple[str, ...]
    id: str
    why: str

    @property
    def default(self) -> str:
        """What holds where the caller says nothing."""
        return self.values[0]


READINGS: Final[Mapping[str, Reading]] = MappingProxyType(
    {
        r.name: r
        for r in (
            Reading("reduction_employer", ("any", "same"), "C1", "the text names no employer"),
            Reading("notice_employer", ("flexi", "any"), "C2", "the text does not say with whom the notice runs"),
            Reading("suspensions", ("closed_list", "all_unpaid"), "C3", "acts on how the caller fills the fraction"),
            Reading("foreign_work", ("on_proof", "belgian_only"), "C4", "whether work abroad counts on proof"),
            Reading("pension_and_t3", ("either", "both"), "C5", "whether a pensioner must also reach four fifths"),
            Reading(
                "agency_as_employer",
                ("user", "agency"),
                "C6",
                "whether a contract with the agency blocks; to 2026-06-30",
            ),
            Reading("age_shortcut", ("off", "practice"), "C7", "a practice by age, never law, for T 2018Q1 to 2025Q3"),
            Reading(
                "period_extent", ("quarter", "days"), "C10", "whether a day of notice or severance blocks all of T"
            ),
            Reading(
                "reduction_pensioner", ("practice", "text"), "C11", "whether a pensioner is tested for a reduction"
            ),
            Reading(
                "approval_and_reduction", ("unknown", "letter", "facts"), "C12", "a letter held against a stated drop"
            ),
            Reading("reduction_band", ("below_full", "exact"), "C13", "whether a reduction is to exactly four fifths"),
            Reading(
                "t3_agency_ties", ("unknown", "count", "exclude"), "C14", "work in T-3 with the same agency or user"
            ),
            Reading("public_default", ("unknown", "open"), "sectors", "public employers from 2026-07-01"),
            Reading(
                "carry_over", ("unknown", "true", "false"), "sectors", "whether the exclusions of 2024 and 2025 go on"
            ),
            Reading("care_nace_330", ("false", "true"), "sectors", "whether the care list is tested for 330 too"),
        )
    }
)
"""Every reading by its name, in the order of the law papers."""


def check_readings(pairs: tuple[tuple[str, str], ...]) -> None:
    """Refuse a reading that does not exist, and one chosen twice."""
    seen: set[str] = set()
    for name, value in pairs:
        path = f"readings.{name}"
        if name not in READINGS:
            raise InvalidInput("E-READING", path, f"no such reading {show(name)}; known: {', '.join(READINGS)}")
        if value not in READINGS[name].values:
            raise InvalidInput(
                "E-READING", path, f"expected one of {', '.join(READINGS[name].values)}, not {show(value)}"
            )
        if name in seen:
            raise InvalidInput("E-READING", path, "chosen twice")
        seen.add(name)


def chosen_readings(own: tuple[tuple[str, str], ...], caller: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The readings that are not the default, sorted: the case's own, then the caller's, which go first."""
    check_readings(tuple(sorted(caller.items())))
    chosen = dict(own) | dict(caller)
    return tuple((name, value) for name, value in sorted(chosen.items()) if value != READINGS[name].default)
