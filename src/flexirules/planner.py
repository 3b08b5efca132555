"""From when: the quarters ahead, what each hangs on, and on which days something has to be done.

A case speaks of one quarter. What it says of the employer, the function, the pension, the legislation and the links
that still run is taken to stay as it is. What it cannot say is left open: work that is still to be done, or not yet
told, in a later T-3, T-4 or T-5, and the written decisions that are still to come.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

import attrs

from flexirules._checks import check_quarter
from flexirules._evaluate import evaluate
from flexirules.approval import decision_for
from flexirules.case import Case, Employment, Formalities, before
from flexirules.decision import Decision
from flexirules.errors import InvalidInput
from flexirules.finding import Outcome, Verdict
from flexirules.language import ENGLISH, speaker
from flexirules.law.formalities import file_from
from flexirules.law.ruleset import Ruleset, current
from flexirules.quarter import Quarter

__all__ = ["Event", "Plan", "PlannedQuarter", "plan"]

MOST_QUARTERS: Final = 40
"""So many quarters ahead are planned at most."""
QUARTERS_AHEAD: Final = 4
LAST_QUARTER: Final = Quarter(2199, 4)
_NONE: Final[Mapping[str, str]] = {}
MOST_ROWS: Final = 1000
ADDED: Final = 5
"""A list has so many entries at most, of which so many are added for what is not told."""
ELSEWHERE: Final = "\N{EM DASH}elsewhere"
"""Stands for an employer of work that is not told yet."""


@attrs.frozen(kw_only=True)
class PlannedQuarter:
    """One quarter, as far as it is known.

    Args:
        decision: on the case of that quarter. Work that is not told is open in it.
        untold: those of its T-3, T-4 and T-5 of which the work is not told, the latest first.
        if_work_goes_on: the outcome if in each of them the work is that of the last quarter that was told; ``None``
            where nothing is untold, or nothing was told.
        asks_oss: whether, now or if the work goes on, a written decision of the NSSO for this quarter is needed.
    """

    decision: Decision
    untold: tuple[Quarter, ...]
    if_work_goes_on: Outcome | None
    asks_oss: bool

    @property
    def quarter(self) -> Quarter:
        """The quarter of the flexi-job."""
        return self.decision.quarter

    @property
    def outcome(self) -> Outcome:
        """The outcome as far as it is known today."""
        return self.decision.outcome

    @property
    def reference(self) -> str | None:
        """T-3, as text."""
        quarter = self.decision.reference_quarter
        return None if quarter is None else str(quarter)

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """The conditions that are not met, or not known to be."""
        return tuple(f.condition for f in self.decision.findings if f.verdict is not Verdict.MET)


@attrs.frozen(kw_only=True, order=True)
class Event:
    """A day on which something can, or has to, be done for a quarter, or on which something ends or begins.

    ``code``: ``ask-oss-from`` (T-3 is over), ``file-from``, ``ask-oss-by``, ``file-by``, ``approval-lapses``,
    ``pension-begins``, ``law-changes``.
    """

    day: date
    code: str
    quarter: Quarter

    @property
    def text(self) -> str:
        """What it is, as an English sentence."""
        return self.text_in(ENGLISH)

    def text_in(self, language: str) -> str:
        """The same in one of the four languages."""
        from flexirules.texts import EVENTS

        return speaker(language)(EVENTS[self.code])


@attrs.frozen(kw_only=True)
class Plan:
    """The quarters from that of a case on, in order, and the calendar, by day."""

    quarters: tuple[PlannedQuarter, ...]
    calendar: tuple[Event, ...]

    @property
    def first_eligible(self) -> Quarter | None:
        """The first quarter that is known to be eligible."""
        return next((each.quarter for each in self.quarters if each.outcome is Outcome.ELIGIBLE), None)

    @property
    def first_possible(self) -> Quarter | None:
        """The first quarter that is not known to be impossible."""
        return next((each.quarter for each in self.quarters if each.outcome is not Outcome.NOT_ELIGIBLE), None)

    def to_document(self, *, language: str = ENGLISH) -> dict[str, object]:
        """The JSON form as plain values; its texts in one of the four languages."""
        return {
            "quarters": [
                {
                    "quarter": str(each.quarter),
                    "reference_quarter": each.reference,
                    "outcome": each.outcome.value,
                    "if_work_goes_on": None if each.if_work_goes_on is None else each.if_work_goes_on.value,
                    "untold": [str(quarter) for quarter in each.untold],
                    "hangs_on": list(each.hangs_on),
                    "asks_oss": each.asks_oss,
                    "provisional": each.decision.provisional,
                }
                for each in self.quarters
            ],
            "first_eligible": None if self.first_eligible is None else str(self.first_eligible),
            "first_possible": None if self.first_possible is None else str(self.first_possible),
            "calendar": [
                {
                    "day": event.day.isoformat(),
                    "code": event.code,
                    "quarter": str(event.quarter),
                    "text": event.text_in(language),
                }
                for event in self.calendar
            ],
        }

    def to_svg(self, *, language: str = ENGLISH) -> str:
        """The quarters as a picture, self-contained SVG."""
        from flexirules.timeline import timeline

        return timeline(self, language)

    def to_html(self, *, language: str = ENGLISH) -> str:
        """A card of HTML, self-contained, in one of the four languages; a notebook shows the English one."""
        from flexirules.cards import plan_card

        return plan_card(self, language)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_ical(self, *, language: str = ENGLISH) -> bytes:
        """The calendar as iCalendar (RFC 5545), a whole-day entry for each day; wants the extra ``calendar``."""
        from icalendar import Calendar
        from icalendar import Event as Entry

        made = Calendar()
        made.add("prodid", f"-//flexirules//plan//{language.upper()}")
        made.add("version", "2.0")
        for event in self.calendar:
            entry = Entry()
            entry.add("uid", f"{event.quarter}-{event.code}-{event.day.isoformat()}@flexirules")
            # The same plan is the same file: an entry is stamped with its own day.
            entry.add("dtstamp", datetime.combine(event.day, time(), UTC))
            entry.add("dtstart", event.day)
            entry.add("summary", f"{event.quarter}: {event.text_in(language)}")
            made.add_component(entry)
        return bytes(made.to_ical())


def plan(
    case: Case,
    *,
    through: Quarter | None = None,
    told: Quarter | None = None,
    law: Ruleset | None = None,
    readings: Mapping[str, str] = _NONE,
) -> Plan:
    """Plan the quarters from that of a case on.

    Args:
        case: what is known for its own quarter.
        through: the last quarter; ``None``: four quarters ahead.
        told: the last quarter of which the case holds all work; ``None``: T-3 of its own quarter.
        law: as in ``evaluate``.
        readings: as in ``evaluate``.

    Raises:
        InvalidInput: ``through`` before the case's quarter or more than 40 quarters ahead.

    >>> from flexirules import Case, Quarter
    >>> [each.outcome.value for each in plan(Case(quarter=Quarter(2015, 3)), through=Quarter(2015, 4)).quarters]
    ['not_eligible', 'not_eligible']
    """
    first = case.quarter
    if through is None:
        through = Quarter.from_index(min(first.index + QUARTERS_AHEAD, LAST_QUARTER.index))
    check_quarter("through", through)
    if not first.index <= through.index <= first.index + MOST_QUARTERS:
        raise InvalidInput(
            "E-PLAN", "through", f"a plan ends from {first} to {MOST_QUARTERS} quarters later, not in {through}"
        )
    if told is None:
        told = before(first, 3) or first
    check_quarter("told", told)
    law = law or current()
    quarters = tuple(_planned(case, quarter, told, law, readings) for quarter in first.until(through))
    return Plan(quarters=quarters, calendar=tuple(sorted(set(_calendar(case, quarters, law)))))


def _planned(case: Case, quarter: Quarter, told: Quarter, law: Ruleset, readings: Mapping[str, str]) -> PlannedQuarter:
    looked_at = [found for back in (3, 4, 5) if (found := before(quarter, back)) is not None]
    untold = tuple(each for each in looked_at if each > told)
    moved = _moved(case, quarter)
    by_employer = (dict(case.readings) | dict(readings)).get("reduction_employer") == "same"
    decision = evaluate(_open(moved, untold, by_employer=by_employer), law=law, readings=readings)
    going_on = None
    last = [job for job in _jobs(case) if job.quarter == told]
    if untold and last:
        going_on = evaluate(_going_on(moved, untold, last), law=law, readings=readings)
    asks = any(
        each is not None and each.finding("employment").verdict is Verdict.NEEDS_DECISION
        for each in (decision, going_on)
    )
    return PlannedQuarter(
        decision=decision,
        untold=untold,
        if_work_goes_on=None if going_on is None else going_on.outcome,
        asks_oss=asks,
    )


def _moved(case: Case, quarter: Quarter) -> Case:
    """The case of a later quarter: all papers of that quarter lie ahead, but an agreement that was signed stays."""
    if quarter == case.quarter:
        return case
    signed = case.formalities is not None and case.formalities.framework_agreement is True
    papers = Formalities(framework_agreement=True) if signed else None
    return attrs.evolve(case, quarter=quarter, start=None, formalities=papers)


def _jobs(case: Case) -> tuple[Employment, ...]:
    return (case.worker.employments if case.worker is not None else None) or ()


def _open(case: Case, untold: tuple[Quarter, ...], *, by_employer: bool) -> Case:
    """The case with whatever may be worked in the quarters of which it does not tell."""
    worker = case.worker
    if worker is None or worker.employments is None or not untold:
        return case
    known = {job.quarter for job in worker.employments}
    reference = before(case.quarter, 3)
    nothing = len(untold) == 3 and not known & {*untold}
    if nothing or by_employer or len(worker.employments) > MOST_ROWS - ADDED:
        # That is what an absent list says; with whom one works is too much to leave open, and a list has an end.
        return attrs.evolve(case, worker=attrs.evolve(worker, employments=None))
    flexi = case.employer.id if case.employer is not None else None
    more = []
    for quarter in untold:
        more.append(Employment(quarter=quarter, employer=ELSEWHERE, status="employee"))
        if quarter == reference:
            more.append(Employment(quarter=quarter, employer=ELSEWHERE, status="employee", scheme="overseas"))
            more.append(Employment(quarter=quarter, employer=flexi, status="employee"))
    return attrs.evolve(case, worker=attrs.evolve(worker, employments=(*worker.employments, *more)))


def _going_on(case: Case, untold: tuple[Quarter, ...], last: list[Employment]) -> Case:
    """The case in which the work of the last quarter that was told goes on."""
    assert case.worker is not None
    kept = tuple(job for job in _jobs(case) if job.quarter not in untold)
    more = tuple(attrs.evolve(job, quarter=quarter) for quarter in untold for job in last)
    return attrs.evolve(case, worker=attrs.evolve(case.worker, employments=kept + more))


def _calendar(case: Case, quarters: tuple[PlannedQuarter, ...], law: Ruleset) -> Iterator[Event]:
    for each in quarters:
        quarter = each.quarter
        if decision_for(quarter, case.approvals or ()) == "granted":
            yield Event(day=quarter.last_day, code="approval-lapses", quarter=quarter)
        if each.outcome is Outcome.NOT_ELIGIBLE:
            continue
        start = each.decision.read_on
        if each.asks_oss:
            # The question makes sense once T-3 is over; the page of the OSS sets no first day.
            yield Event(day=(quarter - 2).first_day, code="ask-oss-from", quarter=quarter)
            yield Event(day=start, code="ask-oss-by", quarter=quarter)
        yield Event(day=file_from(quarter), code="file-from", quarter=quarter)
        yield Event(day=start, code="file-by", quarter=quarter)
    first, last = quarters[0].quarter.first_day, quarters[-1].quarter.last_day
    pension = case.worker.pension if case.worker is not None else None
    if pension is not None and pension.since is not None and first <= pension.since <= last:
        yield Event(day=pension.since, code="pension-begins", quarter=Quarter.of(pension.since))
    for day in law.eras:
        if first < day <= last:
            yield Event(day=day, code="law-changes", quarter=Quarter.of(day))
