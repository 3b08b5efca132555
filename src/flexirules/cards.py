"""Decisions, plans and law diffs as cards of HTML, for notebooks and for the report: self-contained and accessible."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from flexirules.dated import Provision, provision
from flexirules.decision import Decision, Finding
from flexirules.explain import Way
from flexirules.explain.trees import Leaf
from flexirules.language import speaker
from flexirules.lawdiff import LawDiff, Row
from flexirules.markup import COLOURS, Content, html, tag
from flexirules.plain import of_consequence, of_dimona, of_facts, of_first, of_outcome, of_quarter, of_row
from flexirules.planner import Plan
from flexirules.texts import (
    CONDITIONS,
    HOLDERS,
    PARTS,
    VERDICTS,
    citation_text,
)
from flexirules.timeline import drawn

__all__ = ["decision_card", "diff_card", "plan_card"]

MOST_ROWS: Final = 200
"""So many classes of cases are shown of a law diff; the JSON form and the command have all."""
MOST_SHOWN: Final = 3
"""So many of the smallest sets are shown."""

_VERDICT_COLOURS: Final = {
    "met": COLOURS["eligible"],
    "not_met": COLOURS["not_eligible"],
    "needs_decision": COLOURS["clarification_required"],
    "unknown": COLOURS["undetermined"],
}
_OUTCOME_RULES: Final = "".join(f".flexirules .{name} {{ background: {colour} }}\n" for name, colour in COLOURS.items())
_VERDICT_RULES: Final = "".join(
    f".flexirules .{name} {{ color: {colour} }}\n" for name, colour in _VERDICT_COLOURS.items()
)
STYLE: Final = f"""
.flexirules {{ background: #ffffff; color: #1f2328; font: 1rem/1.5 system-ui, sans-serif; padding: 1rem;
  overflow-wrap: anywhere }}
.flexirules h1, .flexirules h2, .flexirules h3 {{ font-size: 1.15rem; line-height: 1.3; margin: 1.2rem 0 .4rem }}
.flexirules ul {{ list-style: none; margin: 0; padding: 0 }}
.flexirules li {{ border-top: 1px solid #d1d9e0; padding: .4rem 0 }}
.flexirules p {{ margin: .2rem 0 }}
.flexirules a {{ color: #0550ae }}
.flexirules .outcome {{ border-radius: .3rem; color: #ffffff; font-weight: 600; padding: .5rem .8rem }}
.flexirules .verdict {{ font-weight: 600 }}
.flexirules .cited {{ color: #59636e; font-size: .875rem }}
.flexirules .wide {{ overflow-x: auto }}
.flexirules .wide svg {{ display: block; min-width: 60rem; width: 100% }}
.flexirules table {{ border-collapse: collapse; font-size: .875rem; overflow-wrap: normal }}
.flexirules caption {{ font-weight: 600; padding: .4rem 0; text-align: left }}
.flexirules td, .flexirules th {{ border: 1px solid #d1d9e0; padding: .3rem .5rem; text-align: left;
  vertical-align: top }}
{_OUTCOME_RULES}{_VERDICT_RULES}@media print {{ .flexirules .wide {{ overflow: visible }}
  .flexirules .wide svg {{ min-width: 0 }} .flexirules .outcome {{ print-color-adjust: exact }} }}
"""
"""What a card looks like, whatever the page around it does; the outcome and every verdict are words too."""


def decision_card(decision: Decision, language: str) -> str:
    """The answer with everything that belongs to it."""
    return _card(language, outcome(decision, language), sections(decision, language, "h3"))


def plan_card(plan: Plan, language: str) -> str:
    """The quarters ahead and the calendar."""
    return _card(language, quarters(plan, language), calendar(plan, language, "h3"))


def diff_card(found: LawDiff, language: str) -> str:
    """The classes of cases that differ, as a table, and the provisions that ended and began."""
    say = speaker(language)
    text = say("Cases whose answer differs between {before} and {after}")
    caption = text.format(before=found.before, after=found.after)
    heads = (say("Part of the law"), say("Cases"), say("Before"), say("After"), say("Provisions"))
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", (tag("th", head, scope="col") for head in heads))),
        tag("tbody", (_row(row, found.after, language) for row in found.rows[:MOST_ROWS])),
    )
    more = len(found.rows) - MOST_ROWS
    return _card(
        language,
        _wide(table, caption),
        [tag("p", say("Further rows: {count}").format(count=more))] if more > 0 else (),
        (
            tag("p", text.format(provisions=", ".join(f"{each.id} v{each.version}" for each in listed)))
            for text, listed in ((say("Ended: {provisions}"), found.ended), (say("Began: {provisions}"), found.began))
            if listed
        ),
    )


def _card(language: str, *content: Content) -> str:
    return html(tag("div", tag("style", STYLE), content, class_="flexirules", lang=language))


def _wide(content: Element, name: str) -> Element:
    """What may be wider than a telephone: it is scrolled by itself, also with the keyboard."""
    return tag("div", content, class_="wide", role="region", tabindex=0, aria_label=name)


def outcome(decision: Decision, language: str) -> Element:
    """The quarter and the answer."""
    line = of_outcome(decision.quarter, decision.outcome, language)
    return tag("p", line, class_=f"outcome {decision.outcome.value}")


def source(cited: Provision) -> str | None:
    """Where the text of a provision can be read."""
    return cited.source[0] if cited.source else None


def sections(
    decision: Decision, language: str, heading: str, link: Callable[[Provision], str | None] = source
) -> Iterator[Element]:
    """What to do, what is missing, the conditions, what forces the answer and what would change it, and the law."""
    say = speaker(language)
    if decision.actions:
        dated = (
            (action.text_in(language), "" if action.by is None else say("By {day}.").format(day=action.by))
            for action in decision.actions
        )
        yield tag(heading, say("What to do"))
        yield tag("ul", (tag("li", text, [" ", tag("strong", by)] if by else ()) for text, by in dated))
    if decision.missing:
        yield tag(heading, say("What is missing"))
        asked = ((each.question_in(language), say(HOLDERS[each.holder])) for each in decision.missing)
        yield tag("ul", (tag("li", question, " ", tag("span", f"({who})", class_="cited")) for question, who in asked))
    yield tag(heading, say("Why"))
    texts = zip(decision.findings, decision.texts(language=language), strict=True)
    yield tag("ul", (_condition(decision, finding, text, language, link) for finding, text in texts))
    yield from _explained(decision, language, heading)
    yield tag(heading, say("Dimona declaration"))
    yield from (tag("p", line) for line in of_dimona(decision, language))


def _condition(
    decision: Decision, finding: Finding, text: str, language: str, link: Callable[[Provision], str | None]
) -> Element:
    say, verdict = speaker(language), finding.verdict.value
    return tag(
        "li",
        tag("strong", say(CONDITIONS[finding.condition])),
        " \N{EN DASH} ",
        tag("span", say(VERDICTS[verdict]), class_=f"verdict {verdict}"),
        tag("p", text),
        (tag("p", citation(each, language, link(each)), class_="cited") for each in decision.cited(finding.condition)),
    )


def citation(cited: Provision, language: str, address: str | None) -> Element:
    """A provision as a lawyer cites it, linked to where it can be read."""
    words = citation_text(cited.instrument, cited.article, language)
    return tag("span", words) if address is None else tag("a", words, href=address)


def _explained(decision: Decision, language: str, heading: str) -> Iterator[Element]:
    say = speaker(language)
    because, instead = decision.why(), decision.what_would_change()
    changes = sorted(instead.sets(), key=lambda found: not all(isinstance(w, Way) and w.open_to_act for w in found))
    for title, sets in (
        (say("These facts alone force the answer"), because.sets(most=1)),
        (say("What would change the answer"), changes[:MOST_SHOWN]),
    ):
        if sets:
            yield tag(heading, title)
            yield tag("ul", (tag("li", (tag("p", line) for line in _lines(found, language))) for found in sets))


def _lines(leaves: Iterable[Leaf], language: str) -> Iterator[str]:
    for leaf in leaves:
        yield from of_facts(leaf, language)
        if isinstance(leaf, Way):
            yield from of_consequence(leaf, language)


def quarters(plan: Plan, language: str) -> Iterator[Element]:
    """The picture, and what it shows in words."""
    say = speaker(language)
    yield _wide(drawn(plan, language), say("Timeline"))
    yield tag("p", of_first(plan, language))
    yield tag(
        "ul",
        (
            tag("li", outcome(each.decision, language), (tag("p", line) for line in of_quarter(each, language)))
            for each in plan.quarters
        ),
    )


def calendar(plan: Plan, language: str, heading: str) -> Iterator[Element]:
    """The days on which something can or has to be done."""
    say = speaker(language)
    if plan.calendar:
        yield tag(heading, say("Calendar"))
        yield tag(
            "ul",
            (
                tag("li", tag("strong", f"{event.day}"), f" ({event.quarter}) ", event.text_in(language))
                for event in plan.calendar
            ),
        )


def _row(row: Row, day: date, language: str) -> Element:
    say = speaker(language)
    cited = (
        tag("p", citation(each, language, source(each))) for each in (provision(name, day) for name in row.provisions)
    )
    return tag(
        "tr",
        tag("th", say(PARTS[row.part]), tag("p", row.name, class_="cited"), scope="row"),
        tag("td", (tag("p", line) for line in of_row(row, language))),
        (
            tag("td", tag("span", say(VERDICTS[verdict.value]), class_=f"verdict {verdict.value}"))
            for verdict in (row.before, row.after)
        ),
        tag("td", cited, class_="cited"),
    )
