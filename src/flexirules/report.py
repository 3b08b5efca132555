"""One page for a file or a printer: the answer, what to do, the quarters ahead, the letter to the OSS, and the law."""

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from flexirules._evaluate import evaluate
from flexirules.cards import STYLE, calendar, outcome, quarters, sections
from flexirules.case import Case
from flexirules.decision import Decision
from flexirules.finding import Verdict
from flexirules.language import ENGLISH, speaker
from flexirules.law.ruleset import Ruleset
from flexirules.letter import letter
from flexirules.markup import html, tag
from flexirules.planner import Plan, plan
from flexirules.quarter import Quarter
from flexirules.texts import ACTIVITIES, READ

__all__ = ["report"]

_NONE: Final[Mapping[str, str]] = {}
_PAGE: Final = """
body { background: #f6f8fa; margin: 0 }
main.flexirules { box-sizing: border-box; margin: 0 auto; max-width: 60rem; padding: 1rem clamp(1rem, 4vw, 3rem) }
main.flexirules h1 { font-size: 1.6rem }
.flexirules .letter { border: 1px solid #d1d9e0; padding: 1rem; white-space: pre-wrap }
@media print { body { background: #ffffff } main.flexirules { max-width: none; padding: 0 } }
"""


def report(
    case: Case, *, language: str = ENGLISH, law: Ruleset | None = None, readings: Mapping[str, str] = _NONE
) -> str:
    """A page of HTML about a case, self-contained: no script, no other file.

    Args:
        case: what is known.
        language: ``nl``, ``fr``, ``de`` or ``en``.
        law: as in ``evaluate``.
        readings: as in ``evaluate``.

    Raises:
        InvalidInput: a language that is none of the four, or a reading that does not exist.

    >>> from flexirules import Case, Quarter
    >>> report(Case(quarter=Quarter(2026, 4)), language="fr").splitlines()[:2]
    ['<!DOCTYPE html>', '<html lang="fr">']
    """
    say = speaker(language)
    decision = evaluate(case, law=law, readings=readings)
    ahead = plan(case, law=law, readings=readings)
    title = say("Flexi-job in {quarter}").format(quarter=decision.quarter)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", STYLE, _PAGE),
    )
    main = tag(
        "main",
        tag("h1", title),
        outcome(decision, language),
        _told(decision, language),
        sections(decision, language, "h2"),
        tag("h2", say("The quarters ahead")),
        quarters(ahead, language),
        calendar(ahead, language, "h2"),
        _letter(decision, ahead, language),
        tag("h2", say("The law that was read")),
        _law(decision, language),
        class_="flexirules",
    )
    return f'<!DOCTYPE html>\n<html lang="{language}">\n{html(head)}\n{html(tag("body", main))}\n</html>\n'


def _told(decision: Decision, language: str) -> Iterator[Element]:
    """Which case it is."""
    say, case = speaker(language), decision.case
    if decision.reference_quarter is not None:
        yield tag("p", say("Reference quarter (T-3): {quarter}").format(quarter=decision.reference_quarter))
    yield tag("p", say("First day of the work: {day}").format(day=decision.read_on))
    if case.employer is not None and case.employer.id is not None:
        yield tag("p", say("Flexi-job employer: {employer}").format(employer=case.employer.id))
    if case.function is not None and case.function.activity is not None:
        activity = say(ACTIVITIES[case.function.activity])
        yield tag("p", say("Function: {activity}").format(activity=activity))


def _letter(decision: Decision, ahead: Plan, language: str) -> Iterator[Element]:
    say, quarter = speaker(language), _to_ask_for(decision, ahead)
    if quarter is None:
        return
    found = letter(decision.case, quarter=quarter, language=language)
    yield tag("h2", say("Letter to the OSS for {quarter}").format(quarter=quarter))
    for event in ahead.calendar:
        if event.code == "ask-oss-from" and event.quarter == quarter:
            yield tag("p", tag("strong", f"{event.day}"), " ", event.text_in(language))
    yield tag("p", tag("a", say("Open as an e-mail to {address}").format(address=found.to), href=found.link))
    yield tag("div", tag("p", tag("strong", found.subject)), tag("p", found.text), class_="letter")


def _to_ask_for(decision: Decision, ahead: Plan) -> Quarter | None:
    """The first quarter for which a written decision is needed and was not yet asked for."""
    employment = decision.finding("employment")
    if employment.verdict is Verdict.NEEDS_DECISION and employment.reason != "approval-pending":
        return decision.quarter
    return next((each.quarter for each in ahead.quarters[1:] if each.asks_oss), None)


def _law(decision: Decision, language: str) -> Iterator[Element]:
    say, law = speaker(language), decision.law
    yield tag("p", say(READ[decision.provisional]).format(day=decision.read_on))
    yield tag("p", say("Ruleset: {name}, {digest}").format(name=law.name, digest=law.digest))
    for name, value in decision.readings:
        yield tag("p", say("Reading: {name}={value}").format(name=name, value=value))
    yield tag("p", say("This is not legal advice. The employer answers for the declaration, and the NSSO decides."))
