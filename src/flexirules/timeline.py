"""A plan as a picture: each quarter in a row with its T-3, T-4 and T-5, letters and changes of law, as SVG."""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from flexirules.approval import decision_for
from flexirules.case import before
from flexirules.language import ENGLISH, speaker
from flexirules.markup import COLOURS, svg, tag
from flexirules.planner import Plan, PlannedQuarter
from flexirules.quarter import Quarter
from flexirules.texts import OUTCOME_WORDS

__all__ = ["drawn", "timeline"]

WIDTH: Final = 116
HEIGHT: Final = 34
TOP: Final = 46
INK: Final = "#1f2328"
LAW: Final = "#6e40c9"


def timeline(plan: Plan, language: str = ENGLISH) -> str:
    """The picture as SVG text, self-contained; every colour is said in words too.

    >>> from flexirules import Case, Quarter
    >>> from flexirules.planner import plan
    >>> timeline(plan(Case(quarter=Quarter(2026, 4)), through=Quarter(2026, 4))).startswith("<svg xmlns")
    True
    """
    return svg(drawn(plan, language)) + "\n"


def drawn(plan: Plan, language: str) -> Element:
    """The picture as an element."""
    say = speaker(language)
    first, last = plan.quarters[0].quarter, plan.quarters[-1].quarter
    columns = [*(before(first, 5) or first).until(last)]
    width, height = WIDTH * len(columns) + 2, TOP + HEIGHT * len(plan.quarters) + 2
    said = "; ".join(f"{each.quarter}: {say(OUTCOME_WORDS[each.outcome.value])}" for each in plan.quarters)
    return tag(
        "svg",
        tag("title", say("Flexi-jobs from {first} to {last}").format(first=first, last=last)),
        tag("desc", said),
        tag("rect", width=width, height=height, fill="#ffffff"),
        (_words(WIDTH * place + WIDTH // 2, 16, str(quarter), INK) for place, quarter in enumerate(columns)),
        _changes(plan, columns, height, say("law {day}")),
        (_row(each, TOP + HEIGHT * row, columns, language) for row, each in enumerate(plan.quarters)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        lang=language,
        font_family="sans-serif",
        font_size=11,
    )


def _changes(plan: Plan, columns: list[Quarter], height: int, words: str) -> Iterator[Element]:
    for event in plan.calendar:
        if event.code == "law-changes":
            quarter = event.quarter
            share = (event.day - quarter.first_day).days / (quarter.last_day - quarter.first_day).days
            x = round(WIDTH * (columns.index(quarter) + share), 1)
            yield tag("line", x1=x, y1=20, x2=x, y2=height, stroke=LAW, stroke_dasharray="4 3")
            yield _words(x + 4, 34, words.format(day=event.day), LAW, anchor="start")


def _row(planned: PlannedQuarter, y: int, columns: list[Quarter], language: str) -> Iterator[Element]:
    say = speaker(language)
    box = {"y": y + 3, "width": WIDTH - 6, "height": HEIGHT - 8}
    for back in (3, 4, 5):
        quarter = before(planned.quarter, back)
        if quarter in columns:
            untold = quarter in planned.untold
            x = WIDTH * columns.index(quarter)
            dashes = "3 3" if untold else None
            yield tag("rect", x=x + 3, fill="#f6f8fa", stroke="#59636e", stroke_dasharray=dashes, **box)
            yield _words(x + WIDTH // 2, y + 20, f"T-{back} ?" if untold else f"T-{back}", INK)
    x = WIDTH * columns.index(planned.quarter)
    outcome = planned.outcome.value
    held = decision_for(planned.quarter, planned.decision.case.approvals or ()) == "granted"
    yield tag("rect", x=x + 3, rx=3, fill=COLOURS[outcome], **box)
    yield _words(x + WIDTH // 2, y + 15, say("T, with a letter") if held else "T", "#ffffff")
    yield _words(x + WIDTH // 2, y + 26, say(OUTCOME_WORDS[outcome]), "#ffffff")


def _words(x: float, y: float, text: str, colour: str, anchor: str = "middle") -> Element:
    return tag("text", text, x=x, y=y, fill=colour, text_anchor=anchor)
