"""Decisions, explanations, plans and law diffs as plain text, line by line, in one of the four languages."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from flexirules.decision import Decision, Missing
from flexirules.finding import Outcome
from flexirules.language import message, speaker
from flexirules.quarter import Quarter
from flexirules.texts import (
    CONDITIONS,
    EXPECTED,
    FACTS,
    HOLDERS,
    OUTCOMES,
    PARTS,
    READ,
    REMEDIES,
    VERDICTS,
    citation_text,
    value_text,
)

if TYPE_CHECKING:
    from flexirules.explain.trees import Leaf, Node, Way
    from flexirules.lawdiff import LawDiff, Row
    from flexirules.planner import Plan, PlannedQuarter

__all__ = [
    "of_consequence",
    "of_decision",
    "of_diff",
    "of_dimona",
    "of_explanation",
    "of_facts",
    "of_first",
    "of_missing",
    "of_outcome",
    "of_plan",
    "of_quarter",
    "of_row",
]

_COLOURS: Final = {"met": "32", "not_met": "31", "unknown": "33", "needs_decision": "36"}
_BEGUN: Final = {False: message("Ended: {provision}"), True: message("Began: {provision}")}
_WITHOUT_EFFECT: Final = {
    False: message("Ended, and changes no answer: {provision}"),
    True: message("Began, and changes no answer: {provision}"),
}


def of_outcome(quarter: Quarter, outcome: Outcome, language: str) -> str:
    """The quarter and the answer."""
    say = speaker(language)
    return say("{quarter}: {outcome}").format(quarter=quarter, outcome=say(OUTCOMES[outcome.value]))


def of_decision(decision: Decision, language: str, *, colour: bool) -> Iterator[str]:
    """The answer, why, what is missing, what to do, Dimona, and the law that was read."""
    say = speaker(language)
    names = {code: say(name) for code, name in CONDITIONS.items()}
    words = {code: say(word) for code, word in VERDICTS.items()}
    wide, across = max(map(len, names.values())), max(map(len, words.values()))
    yield of_outcome(decision.quarter, decision.outcome, language)
    yield from ("", say("Why"))
    for finding, text in zip(decision.findings, decision.texts(language=language), strict=True):
        verdict = f"{words[finding.verdict.value]:<{across}}"
        if colour:
            verdict = f"\x1b[{_COLOURS[finding.verdict.value]}m{verdict}\x1b[0m"
        mark = "*" if finding.decisive else " "
        yield f" {mark} {names[finding.condition]:<{wide}} {verdict} {text}"
    if decision.missing:
        yield from ("", say("What is missing"))
        yield from (f"   {line}" for line in of_missing(decision.missing, language))
    if decision.actions:
        yield from ("", say("What to do"))
        for action in decision.actions:
            by = "" if action.by is None else say("By {day}.").format(day=action.by)
            yield f"   {action.text_in(language)} {by}".rstrip()
    between, *expected = of_dimona(decision, language)
    yield from ("", between, *(f"   {line}" for line in expected), "")
    yield say(READ[decision.provisional]).format(day=decision.read_on)
    for cited in dict.fromkeys(each for f in decision.findings for each in decision.cited(f.condition)):
        yield f"   {cited.id}: {citation_text(cited.instrument, cited.article, language)} [{cited.confidence}]"
    for reading, value in decision.readings:
        yield "   " + say("Reading: {name}={value}").format(name=reading, value=value)


def of_dimona(decision: Decision, language: str) -> Iterator[str]:
    """Between which days the FLX is filed, what Dimona is expected to answer, and whether a warning may be ignored."""
    say, dimona = speaker(language), decision.dimona
    between = say("Dimona FLX: file from {first} on, before the work begins on {start}.")
    yield between.format(first=dimona.file_from, start=dimona.file_before)
    yield say(EXPECTED[dimona.expected])
    if dimona.warning_may_be_ignored:
        yield say("A warning may be ignored: the written approval for this quarter is held.")


def of_missing(missing: Iterable[Missing], language: str) -> Iterator[str]:
    """A line for each fact that is missing: where it stands, who holds it, and the question."""
    say = speaker(language)
    for each in missing:
        yield f"{each.path} ({say(HOLDERS[each.holder])}): {each.question_in(language)}"


def of_explanation(decision: Decision, language: str) -> Iterator[str]:
    """What forces the answer and what would change it, or that nothing forces it and what is missing."""
    say, because, instead = speaker(language), decision.why(), decision.what_would_change()
    yield of_outcome(decision.quarter, decision.outcome, language)
    yield ""
    if because.tree is None or instead.tree is None:
        yield say("Nothing forces this: it hangs on what is missing or on law that is not settled.")
        yield from (f"   {line}" for line in of_missing(decision.missing, language))
        return
    yield say("Why")
    yield from _tree(because.tree, language, 1)
    yield from ("", say("What would change it"))
    yield from _tree(instead.tree, language, 1)


def _tree(node: "Node", language: str, depth: int) -> Iterator[str]:
    """A line for each ground and each change."""
    from flexirules.explain import Every, Some, Way

    say, indent = speaker(language), "   " * depth
    match node:
        case Every((part,)) | Some((part,)):
            yield from _tree(part, language, depth)
        case Every(parts) | Some(parts):
            yield indent + (say("All of these:") if isinstance(node, Every) else say("Any one of these:"))
            for part in parts:
                yield from _tree(part, language, depth + 1)
        case _:
            yield from (f"{indent}- {line}" for line in of_facts(node, language))
            if isinstance(node, Way):
                yield from (f"{indent}  {line}" for line in of_consequence(node, language))


def of_facts(leaf: "Leaf", language: str) -> Iterator[str]:
    """A line for each fact of a leaf of an explanation: the value found, and the other or the required ones."""
    from flexirules.explain import Ground

    say = speaker(language)
    if isinstance(leaf, Ground):
        line = say("{fact}: {found} (stands with: {required})").format(
            fact=say(FACTS[leaf.fact]),
            found=value_text(leaf.fact, leaf.found, language),
            required=_values(leaf.fact, leaf.required, language),
        )
        yield f"{line}{_cited(leaf.provisions)}"
    else:
        for change in leaf.changes:
            found = value_text(change.fact, change.found, language)
            to = _values(change.fact, change.to, language)
            line = say("{fact}: {found} -> {to}").format(fact=say(FACTS[change.fact]), found=found, to=to)
            yield f"{line}{_cited(change.provisions)}"


def of_consequence(way: "Way", language: str) -> Iterator[str]:
    """The verdict to which a change leads, and what somebody can still do for it."""
    say = speaker(language)
    yield say("Then: {verdict}").format(verdict=say(VERDICTS[way.verdict.value]))
    yield from (say(REMEDIES[each]) for each in dict.fromkeys(c.remedy for c in way.changes if c.remedy))


def _values(fact: str, values: Iterable[str], language: str) -> str:
    return ", ".join(value_text(fact, value, language) for value in values)


def _cited(provisions: tuple[str, ...]) -> str:
    return f" [{', '.join(provisions)}]" if provisions else ""


def of_plan(plan: "Plan", language: str) -> Iterator[str]:
    """Quarter by quarter the answer and what it hangs on, then the calendar."""
    say = speaker(language)
    for each in plan.quarters:
        yield of_outcome(each.quarter, each.outcome, language)
        yield from (f"   {line}" for line in of_quarter(each, language))
    yield of_first(plan, language)
    yield from ("", say("Calendar"))
    for event in plan.calendar:
        yield f"   {event.day} {event.quarter}: {event.text_in(language)}"


def of_quarter(planned: "PlannedQuarter", language: str) -> Iterator[str]:
    """What the answer for a quarter ahead hangs on."""
    say = speaker(language)
    if planned.untold:
        yield say("Work not told: {quarters}").format(quarters=", ".join(map(str, planned.untold)))
    if planned.if_work_goes_on is not None:
        yield say("If the work goes on: {outcome}").format(outcome=say(OUTCOMES[planned.if_work_goes_on.value]))
    if planned.hangs_on:
        conditions = ", ".join(say(CONDITIONS[condition]) for condition in planned.hangs_on)
        yield say("Hangs on: {conditions}").format(conditions=conditions)


def of_first(plan: "Plan", language: str) -> str:
    """The first quarter that is known to be eligible."""
    say = speaker(language)
    if plan.first_eligible is None:
        return say("No quarter is known yet to be eligible.")
    return say("First quarter known to be eligible: {quarter}").format(quarter=plan.first_eligible)


def of_row(row: "Row", language: str) -> Iterator[str]:
    """The facts that the cases of a row have in common."""
    say = speaker(language)
    for fact, values in row.facts:
        yield say("{fact}: {values}").format(fact=say(FACTS[fact]), values=_values(fact, values, language))


def of_diff(found: "LawDiff", language: str) -> Iterator[str]:
    """Each class of cases that differs, then the provisions that ended and began."""
    say = speaker(language)
    if not found.rows:
        yield say("No answer differs.")
    for row in found.rows:
        before, after = (say(VERDICTS[verdict.value]) for verdict in (row.before, row.after))
        line = say("{name}, {part}: {before} -> {after}")
        line = line.format(name=row.name, part=say(PARTS[row.part]), before=before, after=after)
        yield f"{line}{_cited(row.provisions)}"
        yield from (f"   {line}" for line in of_row(row, language))
    idle = {(each.id, each.version) for each in found.without_effect}
    for began, listed in ((False, found.ended), (True, found.began)):
        for each in listed:
            text = _WITHOUT_EFFECT if (each.id, each.version) in idle else _BEGUN
            yield say(text[began]).format(provision=f"{each.id} v{each.version}")
            if each.informs and (each.id, each.version) in idle:
                yield f"   {say(each.informs)}"
