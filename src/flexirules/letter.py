"""The letter to the OSS: what a case tells filled in, what it does not tell left blank, nothing added."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import attrs

from flexirules._checks import check_quarter
from flexirules.case import Case, before
from flexirules.errors import InvalidInput
from flexirules.language import ENGLISH, speaker
from flexirules.quarter import Quarter
from flexirules.texts import SCHEMES, value_text

__all__ = ["Letter", "letter"]

OSS: Final = "overseas@rsz.fgov.be"
"""Source: the page of the OSS on flexi-jobs for expats."""
BLANK: Final = "." * 30


@attrs.frozen(kw_only=True)
class Letter:
    """A letter ready to be completed and sent: the address, the subject, and the lines of the text."""

    to: str
    subject: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text of the letter."""
        return "\n".join(self.lines)

    @property
    def link(self) -> str:
        """A link that opens it as an e-mail."""
        body = "\r\n".join(self.lines)
        return f"mailto:{self.to}?subject={quote(self.subject)}&body={quote(body)}"


def letter(case: Case, *, quarter: Quarter | None = None, language: str = ENGLISH) -> Letter:
    """Write to the OSS for the written decision of the NSSO on the T-3 of a quarter.

    Args:
        case: what is known.
        quarter: that of the flexi-job; ``None``: the one of the case.
        language: ``nl``, ``fr``, ``de`` or ``en``.

    Raises:
        InvalidInput: a quarter that has no T-3, or a language that is none of the four.

    >>> from flexirules import Case, Quarter
    >>> letter(Case(quarter=Quarter(2026, 4))).subject
    'Flexi-job in 2026Q4: request for the written decision on 2026Q1'

    Source: Overseas Social Security, public page on flexi-jobs for expats (``OSS-approval``).
    """
    say = speaker(language)
    if quarter is None:
        quarter = case.quarter
    check_quarter("quarter", quarter)
    reference = before(quarter, 3)
    if reference is None:
        raise InvalidInput("E-QUARTER", "quarter", f"{quarter} has no third quarter before it")
    subject = say("Flexi-job in {quarter}: request for the written decision on {reference}")
    return Letter(
        to=OSS,
        subject=subject.format(quarter=quarter, reference=reference),
        lines=(
            say("Dear Sir or Madam,"),
            "",
            say("I would like to do a flexi-job. Dimona cannot see all of what the employment condition asks for."),
            say("Please check it for the reference quarter and let me have the NSSO's written approval or refusal."),
            "",
            *_facts(case, quarter, reference, language),
            "",
            say("My work in the reference quarter:"),
            *_work(case, reference, language),
            "",
            say("Yours faithfully,"),
            "",
            say("Name: {blank}").format(blank=BLANK),
            say("Address: {blank}").format(blank=BLANK),
            say("Date and signature: {blank}").format(blank=BLANK),
        ),
    )


def _facts(case: Case, quarter: Quarter, reference: Quarter, language: str) -> Iterator[str]:
    say = speaker(language)
    for text, each in (
        (say("Quarter of the flexi-job (T): {quarter}, from {first} to {last}"), quarter),
        (say("Reference quarter (T-3): {quarter}, from {first} to {last}"), reference),
    ):
        yield text.format(quarter=each, first=each.first_day, last=each.last_day)
    own = quarter == case.quarter
    if own and case.start is not None:
        yield say("First day of the work: {day}").format(day=case.start)
    employer = case.employer.id if case.employer is not None else None
    yield say("Flexi-job employer: {employer}").format(employer=employer or BLANK)
    filed = case.formalities.declaration if own and case.formalities is not None else None
    if filed is not None and filed.result == "W":
        yield say("Dimona declaration of {day}: answered with a warning").format(day=filed.filed_on or BLANK)
    pension = case.worker.pension if case.worker is not None else None
    if pension is not None and pension.register == "foreign" and pension.kind not in (None, "none"):
        kind = value_text("pension_kind", pension.kind, language)
        text = say("Pension that the Belgian register does not show: {kind}, since {day}")
        yield text.format(kind=kind, day=pension.since or BLANK)
    for held in case.approvals or ():
        if held.granted is not None:
            decision = value_text("decision", "granted" if held.granted else "refused", language)
            text = say("Decision for {quarter}: {decision}, dated {day}, reference {reference}")
            yield text.format(
                quarter=held.quarter or BLANK,
                decision=decision,
                day=held.issued_on or BLANK,
                reference=held.reference or BLANK,
            )


def _work(case: Case, reference: Quarter, language: str) -> Iterator[str]:
    say = speaker(language)
    told = (case.worker.employments if case.worker is not None else None) or ()
    found = [job for job in told if job.quarter == reference]
    line = say("- employer: {employer}; part of a full-time job: {fraction}; as: {status}; {scheme}")
    for job in found:
        yield line.format(
            employer=job.employer or BLANK,
            fraction=BLANK if job.fraction is None else job.fraction,
            status=BLANK if job.status is None else value_text("status", job.status, language),
            scheme=say(SCHEMES[job.scheme]),
        )
    if not found:
        yield say("- employer, part of a full-time job, as what: {blank}").format(blank=BLANK)
