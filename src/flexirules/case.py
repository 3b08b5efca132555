"""Case: what is known about a worker, an employer and a quarter.

``None`` is not known; an empty tuple is known: none.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from flexirules._checks import (
    Value,
    check_day,
    check_flag,
    check_kind,
    check_quarter,
    check_text,
    check_word,
    rows,
    unrepeated,
)
from flexirules.approval import Approval, Request
from flexirules.errors import FlexirulesError, InvalidInput, show, wrong_type
from flexirules.fraction import MAX_DIGITS, WorkFraction
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function

STATUSES: Final = (
    "employee",
    "statutory",
    "self_employed",
    "flexi_job",
    "apprentice",
    "student",
    "minor_part_time",
    "occasional_agriculture",
    "occasional_horeca",
)
SCHEMES: Final = ("belgium", "overseas", "foreign")
PENSION_KINDS: Final = ("retirement", "survivor", "transition_allowance", "company_supplement", "none")
REGISTERS: Final = ("belgium", "foreign")
ENGAGEMENT_KINDS: Final = ("employment", "statutory", "student", "occasional", "flexi_job")
RESULTS: Final = ("A", "W", "B", "S")
_STATUSES: Final = frozenset(STATUSES)
_SCHEMES: Final = frozenset(SCHEMES)
_PENSION_KINDS: Final = frozenset(PENSION_KINDS)
_REGISTERS: Final = frozenset(REGISTERS)
_ENGAGEMENT_KINDS: Final = frozenset(ENGAGEMENT_KINDS)
_RESULTS: Final = frozenset(RESULTS)
_MANY: Final = 10**MAX_DIGITS


def _fraction(value: object) -> WorkFraction | None:
    if type(value) is WorkFraction or value is None:
        return value
    try:
        return WorkFraction.of(value)  # type: ignore[arg-type]  # it refuses what it does not know
    except FlexirulesError as error:
        raise type(error)(error.code, "fraction", error.message) from None


def _check_job(fraction: WorkFraction) -> None:
    if fraction.numerator > fraction.denominator:
        raise InvalidInput("E-FRACTION-RANGE", "fraction", f"one job is a fraction in 0..1, not {show(str(fraction))}")
    if fraction.denominator >= _MANY:
        raise InvalidInput("E-FRACTION", "fraction", f"a number has at most {MAX_DIGITS} digits")


@attrs.frozen(kw_only=True)
class Employment(Value):
    """Work of one quarter with one employer.

    Args:
        quarter: when; only T-3, T-4 and T-5 are looked at.
        employer: opaque; no national or enterprise number is needed.
        fraction: part of a full-time job of the reference person of the sector where *that* work is done, 0 to 1.
        status: one of ``STATUSES``; only ``employee`` and ``statutory`` count.
        scheme: who sees the work: ``belgium`` (NSSO), ``overseas`` (OSS) or ``foreign``.
        deferred_pay: a temporary teacher's summer days covered by deferred pay.

    >>> Employment(quarter=Quarter(2026, 1), employer="acme", fraction="4/5", status="employee").fraction
    WorkFraction(4, 5)

    Source: Law of 16 November 2015, art. 4 § 1 and § 2, consulted 2026-11-23.
    """

    quarter: Quarter | None = None
    employer: str | None = None
    fraction: WorkFraction | None = attrs.field(default=None, converter=_fraction)
    status: str | None = None
    scheme: str = "belgium"
    deferred_pay: bool = False

    def __attrs_post_init__(self) -> None:
        if type(self.quarter) is not Quarter and self.quarter is not None:
            check_quarter("quarter", self.quarter)
        if self.employer is not None:
            check_text("employer", self.employer)
        fraction = self.fraction
        if fraction is not None and not fraction.numerator <= fraction.denominator < _MANY:
            _check_job(fraction)
        status, scheme = self.status, self.scheme
        if status is not None and (type(status) is not str or status not in _STATUSES):
            check_word("status", status, _STATUSES)
        if type(scheme) is not str or scheme not in _SCHEMES:
            check_word("scheme", scheme, _SCHEMES)
        if self.deferred_pay is not False:
            check_flag("deferred_pay", self.deferred_pay)


@attrs.frozen(kw_only=True)
class Pension(Value):
    """A pension, or that there is ``none``. Only ``retirement`` and ``survivor`` make a pensioner.

    Args:
        kind: one of ``PENSION_KINDS``.
        since: the first day of the pension.
        register: ``belgium``, or ``foreign`` where the pension register does not show it.
    """

    kind: str | None = None
    since: date | None = None
    register: str = "belgium"

    def __attrs_post_init__(self) -> None:
        if self.kind is not None:
            check_word("kind", self.kind, _PENSION_KINDS)
        if self.since is not None:
            check_day("since", self.since)
        check_word("register", self.register, _REGISTERS)


def _when_and_where(job: Employment) -> tuple[int, str | None]:
    return job.quarter.index if job.quarter is not None else 0, job.employer


@attrs.frozen(kw_only=True)
class Worker(Value):
    """The worker: work, pension, age, and whose social security governs the flexi-job."""

    birth_date: date | None = None
    employments: tuple[Employment, ...] | None = None
    pension: Pension | None = None
    habitual_legislation: str = "belgian"

    def __attrs_post_init__(self) -> None:
        if self.birth_date is not None:
            check_day("birth_date", self.birth_date)
        if self.employments is not None:
            jobs = rows("employments", self.employments, Employment)
            unrepeated("employments", jobs, _when_and_where)
            if jobs is not self.employments:
                object.__setattr__(self, "employments", jobs)
        if self.pension is not None:
            check_kind("pension", self.pension, Pension)
        law = self.habitual_legislation
        if law != "belgian":
            check_text("habitual_legislation", law)
            if not (law.isascii() and law.replace("_", "").isalpha() and law.islower()):
                raise InvalidInput(
                    "E-WORD",
                    "habitual_legislation",
                    f"a lower-case adjective such as dutch or belgian, not {show(law)}",
                )


@attrs.frozen(kw_only=True)
class Engagement(Value):
    """Another link in T with the flexi-job employer, the user, the agency or an undertaking affiliated with it.

    Args:
        employer: with whom.
        kind: one of ``ENGAGEMENT_KINDS``.
        fraction: size of the contract, 0 to 1.
        from_: its first day. until: its last day; ``None``: still running.
        affiliated: whether that employer belongs to the same group; never needed for the flexi-job employer
            and the agency.
        notice_from, notice_until: the notice period; both ``None``: no notice.
        severance_until: the last day covered by severance pay; ``None``: none.

    Source: Law of 16 November 2015, art. 4 § 1 a) to e), consulted 2026-11-23.
    """

    employer: str | None = None
    kind: str | None = None
    fraction: WorkFraction | None = attrs.field(default=None, converter=_fraction)
    from_: date | None = None
    until: date | None = None
    affiliated: bool | None = None
    notice_from: date | None = None
    notice_until: date | None = None
    severance_until: date | None = None

    def __attrs_post_init__(self) -> None:
        if self.employer is not None:
            check_text("employer", self.employer)
        if self.kind is not None:
            check_word("kind", self.kind, _ENGAGEMENT_KINDS)
        if self.fraction is not None:
            _check_job(self.fraction)
        for name in ("from_", "until", "notice_from", "notice_until", "severance_until"):
            day = getattr(self, name)
            if day is not None:
                check_day(name.rstrip("_"), day)
        if self.affiliated is not None:
            check_flag("affiliated", self.affiliated)
        for first, last in (("from_", "until"), ("notice_from", "notice_until")):
            begin, end = getattr(self, first), getattr(self, last)
            if begin is not None and end is not None and end < begin:
                raise InvalidInput(
                    "E-PERIOD", last, f"a period ends on or after its first day, not {end} after {begin}"
                )


@attrs.frozen(kw_only=True)
class Declaration(Value):
    """The Dimona FLX as filed.

    Args:
        filed_on: the day of filing.
        result: ``A`` accepted, ``W`` accepted with a warning, ``B`` blocked, ``S`` answer awaited; ``None``: awaited.
        anomalies: codes such as ``90017-510``; unknown codes are kept and reported.
    """

    filed_on: date | None = None
    result: str | None = None
    anomalies: tuple[str, ...] | None = None

    def __attrs_post_init__(self) -> None:
        if self.filed_on is not None:
            check_day("filed_on", self.filed_on)
        if self.result is not None:
            check_word("result", self.result, _RESULTS)
        if self.anomalies is not None:
            codes = rows("anomalies", self.anomalies, str)
            for position, code in enumerate(codes):
                zone, _, number = code.partition("-")
                if not (len(zone) == 5 and len(number) == 3 and code.isascii() and (zone + number).isdigit()):
                    raise InvalidInput(
                        "E-ANOMALY",
                        f"anomalies[{position}]",
                        f'an anomaly is written like "90017-510", not {show(code)}',
                    )
            object.__setattr__(self, "anomalies", codes)


@attrs.frozen(kw_only=True)
class Formalities(Value):
    """What was signed and filed. What is ``None`` still lies ahead."""

    framework_agreement: bool | None = None
    declaration: Declaration | None = None

    def __attrs_post_init__(self) -> None:
        if self.framework_agreement is not None:
            check_flag("framework_agreement", self.framework_agreement)
        if self.declaration is not None:
            check_kind("declaration", self.declaration, Declaration)


_NONE: Final = ()


def _which_quarter(approval: Approval) -> int:
    return approval.quarter.index if approval.quarter is not None else 0


def _readings(value: object) -> tuple[tuple[str, str], ...]:
    if value is _NONE:
        return _NONE
    if isinstance(value, Mapping):
        value = tuple(sorted(value.items(), key=str))
    if type(value) is not tuple:
        raise wrong_type("readings", value, "a mapping of reading names to values")
    for pair in value:
        if type(pair) is not tuple or len(pair) != 2:
            raise wrong_type("readings", pair, "pairs of a name and a value")
        check_text("readings", pair[0])
        if type(pair[1]) is not str:
            raise wrong_type(f"readings.{pair[0]}", pair[1], "text")
    return tuple(sorted(value))


@attrs.frozen(kw_only=True)
class Case(Value):
    """One question: may this worker do this flexi-job with this employer in this quarter?

    Args:
        quarter: T.
        start: the first day of flexi work in T, on which the law is read; ``None``: the first day of T.
        worker, employer, function: what is known of them.
        agency: the temporary-work agency, where the work goes through one.
        engagements, approvals: links in T, and written decisions of the NSSO; ``None`` is not known, empty is none.
        requests: questions put to the OSS.
        formalities: what was signed and filed.
        readings: how to read the law where sources disagree, a mapping of names to values.

    >>> Case(quarter=Quarter(2026, 4)).first_day.isoformat()
    '2026-10-01'

    Raises:
        InvalidInput: an impossible value. WrongType: a refused type.
    """

    quarter: Quarter
    start: date | None = None
    worker: Worker | None = None
    employer: Employer | None = None
    function: Function | None = None
    agency: Agency | None = None
    engagements: tuple[Engagement, ...] | None = None
    approvals: tuple[Approval, ...] | None = None
    requests: tuple[Request, ...] | None = None
    formalities: Formalities | None = None
    readings: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_readings)

    def __attrs_post_init__(self) -> None:
        if type(self.quarter) is not Quarter:
            check_quarter("quarter", self.quarter)
        if self.start is not None:
            check_day("start", self.start)
            if self.start not in self.quarter:
                raise InvalidInput(
                    "E-START", "start", f"the first day of work lies in {self.quarter}, not on {self.start}"
                )
        if self.worker is not None and type(self.worker) is not Worker:
            check_kind("worker", self.worker, Worker)
        if self.employer is not None and type(self.employer) is not Employer:
            check_kind("employer", self.employer, Employer)
        if self.function is not None and type(self.function) is not Function:
            check_kind("function", self.function, Function)
        if self.agency is not None:
            check_kind("agency", self.agency, Agency)
        if self.formalities is not None:
            check_kind("formalities", self.formalities, Formalities)
        # An empty tuple is as it shall be: most lists of most cases are.
        if self.engagements is not None and self.engagements is not _NONE:
            object.__setattr__(self, "engagements", rows("engagements", self.engagements, Engagement))
        if self.approvals is not None and self.approvals is not _NONE:
            object.__setattr__(self, "approvals", rows("approvals", self.approvals, Approval))
            unrepeated("approvals", self.approvals, _which_quarter)
        if self.requests is not None and self.requests is not _NONE:
            object.__setattr__(self, "requests", rows("requests", self.requests, Request))
        if self.readings:
            from flexirules.readings import check_readings

            check_readings(self.readings)

    @property
    def first_day(self) -> date:
        """The day on which the law is read."""
        return self.start if self.start is not None else self.quarter.first_day

    @property
    def reference_quarter(self) -> Quarter | None:
        """T-3 (referentiekwartaal, trimestre de référence); None before the first quarter of the type."""
        return before(self.quarter, 3)

    @classmethod
    def from_json(cls, text: str) -> "Case":
        """Read the JSON form; every problem of the document comes in one error, each with its path."""
        from flexirules.codec import read_case

        return read_case(text)

    def to_json(self, *, indent: int | None = None) -> str:
        """Write the JSON form, lossless: what is not known is left out."""
        from flexirules.document import write_case

        return write_case(self, indent=indent)


def before(quarter: Quarter, quarters: int) -> Quarter | None:
    """The quarter so many before; None where the type has none (before 1900Q1)."""
    index = quarter.index - quarters
    return Quarter.from_index(index) if index >= 1900 * 4 else None
