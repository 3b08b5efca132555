"""A plan as a picture: each quarter in a row with its T-3, T-4 and T-5, letters and changes of law, as SVG."""

from collections.abc import Iterator
from html import escape
from typing import Final

from flexirules.approval import decision_for
from flexirules.case import before
from flexirules.planner import Plan, PlannedQuarter
from flexirules.quarter import Quarter
from flexirules.texts import OUTCOME_WORDS

__all__ = ["timeline"]

WIDTH: Final = 92
HEIGHT: Final = 34
FONT: Final = 'font-family="sans-serif" font-size="11"'
TOP: Final = 46
COLOURS: Final = {
    "eligible": "#1a7f37",
    "not_eligible": "#b42318",
    "clarification_required": "#0b5cad",
    "undetermined": "#6b5200",
}
"""Dark enough for white words on them: each contrast is above 4.5."""


def timeline(plan: Plan) -> str:
    """The picture as SVG text, self-contained; every colour is said in words too.

    >>> from flexirules import Case, Quarter
    >>> from flexirules.planner import plan
    >>> timeline(plan(Case(quarter=Quarter(2026, 4)), through=Quarter(2026, 4))).startswith("<svg xmlns")
    True
    """
    first, last = plan.quarters[0].quarter, plan.quarters[-1].quarter
    columns = [*(before(first, 5) or first).until(last)]
    width, height = WIDTH * len(columns) + 2, TOP + HEIGHT * len(plan.quarters) + 2
    said = "; ".join(f"{each.quarter} {OUTCOME_WORDS[each.outcome.value]}" for each in plan.quarters)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" {FONT}>',
        f"<title>Flexi-jobs from {first} to {last}</title>",
        f"<desc>{escape(said)}</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for place, quarter in enumerate(columns):
        parts.append(_words(WIDTH * place + WIDTH // 2, 16, str(quarter), "#1f2328"))
    for event in plan.calendar:
        if event.code == "law-changes":
            share = (event.day - event.quarter.first_day).days / (
                (event.quarter.last_day - event.quarter.first_day).days
            )
            x = round(WIDTH * (columns.index(event.quarter) + share), 1)
            parts.append(f'<line x1="{x}" y1="20" x2="{x}" y2="{height}" stroke="#6e40c9" stroke-dasharray="4 3"/>')
            parts.append(_words(x + 4, 34, f"law {event.day}", "#6e40c9", anchor="start"))
    for row, each in enumerate(plan.quarters):
        parts += _row(each, TOP + HEIGHT * row, columns)
    return "\n".join((*parts, "</svg>", ""))


def _row(planned: PlannedQuarter, y: int, columns: list[Quarter]) -> Iterator[str]:
    for back in (3, 4, 5):
        quarter = before(planned.quarter, back)
        if quarter in columns:
            untold = quarter in planned.untold
            dashes = ' stroke-dasharray="3 3"' if untold else ""
            x = WIDTH * columns.index(quarter)
            yield (
                f'<rect x="{x + 3}" y="{y + 3}" width="{WIDTH - 6}" height="{HEIGHT - 8}" fill="#f6f8fa"'
                f' stroke="#59636e"{dashes}/>'
            )
            yield _words(x + WIDTH // 2, y + 20, f"T-{back}{' ?' if untold else ''}", "#1f2328")
    x = WIDTH * columns.index(planned.quarter)
    word = OUTCOME_WORDS[planned.outcome.value]
    yield (
        f'<rect x="{x + 3}" y="{y + 3}" width="{WIDTH - 6}" height="{HEIGHT - 8}" rx="3"'
        f' fill="{COLOURS[planned.outcome.value]}"/>'
    )
    yield _words(x + WIDTH // 2, y + 15, "T", "#ffffff")
    held = decision_for(planned.quarter, planned.decision.case.approvals or ()) == "granted"
    yield _words(x + WIDTH // 2, y + 26, f"{word}, letter" if held else word, "#ffffff")


def _words(x: float, y: float, text: str, colour: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
