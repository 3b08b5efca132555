"""What became of many applications: counts by outcome and by condition, as a table of text and as a picture."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

import narwhals as nw

from flexirules.finding import CONDITIONS, OUTCOMES, VERDICTS
from flexirules.frames.answers import VERDICT_COLUMNS
from flexirules.frames.columns import NUMBER, TEXT
from flexirules.frames.kinds import frame_of, rows_of, whole_number
from flexirules.language import ENGLISH, message, speaker
from flexirules.markup import COLOURS, svg, tag
from flexirules.texts import CONDITIONS as QUESTIONS
from flexirules.texts import OUTCOME_WORDS
from flexirules.texts import VERDICTS as VERDICT_WORDS

BAR: Final = 560
"""The width of a whole bar."""
LEFT: Final = 250
STEP: Final = 30
TOP: Final = 58
OF_VERDICT: Final = dict(
    zip((v.value for v in VERDICTS), (COLOURS[outcome.value] for outcome in OUTCOMES), strict=True)
)
"""A verdict has the colour of the outcome that it forces."""
APPLICATIONS: Final = message("{number} applications")
UNREAD: Final = message("not read")


Parts = Sequence[tuple[str, str, int]]
"""Of each part of a bar its colour, its word and its number."""
ROOM: Final = 70
"""So wide is a part that has room for its number."""
INK: Final = "#1f2328"


class Summary(NamedTuple):
    """Of each outcome how many rows, of each condition how many rows by verdict, and how many could not be read."""

    rows: int
    outcomes: Mapping[str, int]
    conditions: Mapping[str, Mapping[str, int]]
    unread: int


def summary_of(decisions: object) -> Summary:
    """Count the rows that ``evaluate_frame`` gave.

    Raises:
        WrongType: no data frame.
    """
    frame = frame_of("decisions", decisions)[0]
    names = ("outcome", *VERDICT_COLUMNS)
    groups = frame.group_by(*names).agg(nw.len().alias("_rows"))
    outcomes: Counter[str] = Counter()
    conditions: dict[str, Counter[str]] = {condition: Counter() for condition in CONDITIONS}
    unread = 0
    for row in rows_of(groups, {**dict.fromkeys(names, TEXT), "_rows": NUMBER}):
        number = whole_number(row["_rows"])
        if row["outcome"] is None:
            unread += number
            continue
        outcomes[str(row["outcome"])] += number
        for condition, name in zip(CONDITIONS, VERDICT_COLUMNS, strict=True):
            conditions[condition][str(row[name])] += number
    return Summary(
        outcomes.total() + unread,
        {outcome.value: outcomes[outcome.value] for outcome in OUTCOMES},
        {name: {verdict.value: found[verdict.value] for verdict in VERDICTS} for name, found in conditions.items()},
        unread,
    )


def lines(summary: Summary, language: str = ENGLISH) -> Iterator[str]:
    """The counts as a table of text."""
    say = speaker(language)
    yield say(APPLICATIONS).format(number=summary.rows)
    for outcome, number in summary.outcomes.items():
        yield f"  {number:>12}  {say(OUTCOME_WORDS[outcome])}"
    if summary.unread:
        yield f"  {summary.unread:>12}  {say(UNREAD)}"
    words = [say(VERDICT_WORDS[verdict.value]) for verdict in VERDICTS]
    widths = [max(12, len(word)) for word in words]
    names = max(map(len, CONDITIONS))
    yield ""
    yield " ".join((" " * names, *(word.rjust(width) for word, width in zip(words, widths, strict=True))))
    for condition, found in summary.conditions.items():
        counts = (str(number).rjust(width) for number, width in zip(found.values(), widths, strict=True))
        yield " ".join((condition.ljust(names), *counts))


def picture(summary: Summary, language: str = ENGLISH) -> str:
    """The verdicts of every condition as bars, as SVG text, self-contained; every number is said in words too."""
    return svg(_drawn(summary, language)) + "\n"


def _drawn(summary: Summary, language: str) -> Element:
    say = speaker(language)
    height = TOP + STEP * (1 + len(summary.conditions)) + 10
    title = say(APPLICATIONS).format(number=summary.rows - summary.unread)
    said = "; ".join(f"{say(OUTCOME_WORDS[outcome])}: {number}" for outcome, number in summary.outcomes.items())
    by_outcome = [(COLOURS[outcome], say(OUTCOME_WORDS[outcome]), n) for outcome, n in summary.outcomes.items()]
    bars = [(title, by_outcome)]
    for condition, found in summary.conditions.items():
        parts = [(OF_VERDICT[verdict], say(VERDICT_WORDS[verdict]), number) for verdict, number in found.items()]
        bars.append((say(QUESTIONS[condition]), parts))
    return tag(
        "svg",
        tag("title", title),
        tag("desc", said),
        tag("rect", width=LEFT + BAR + 20, height=height, fill="#ffffff"),
        _legend(say),
        (_bar(words, parts, TOP + STEP * place) for place, (words, parts) in enumerate(bars)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {LEFT + BAR + 20} {height}",
        role="img",
        lang=language,
        font_family="sans-serif",
        font_size=12,
    )


def _legend(say: Callable[[str], str]) -> Iterator[Element]:
    """Each colour with its two words: of a condition, and of the whole."""
    pairs = zip(VERDICTS, OUTCOMES, strict=True)
    for place, (verdict, outcome) in enumerate(pairs):
        x = 10 + place * (LEFT + BAR) // 4
        words = f"{say(VERDICT_WORDS[verdict.value])} / {say(OUTCOME_WORDS[outcome.value])}"
        yield tag("rect", x=x, y=14, width=14, height=14, fill=COLOURS[outcome.value])
        yield tag("text", words, x=x + 20, y=26, fill=INK)


def _bar(words: str, parts: Parts, y: int) -> Iterator[Element]:
    """One bar: its name, and its parts with their numbers where there is room."""
    yield tag("text", words, x=LEFT - 10, y=y + 16, fill=INK, text_anchor="end")
    total, x = sum(number for _, _, number in parts) or 1, float(LEFT)
    for colour, word, number in parts:
        width = round(BAR * number / total, 2)
        if number:
            hover = tag("title", f"{word}: {number}")
            yield tag("rect", hover, x=round(x, 2), y=y, width=width, height=STEP - 8, fill=colour)
        if width >= ROOM:
            middle = round(x + width / 2, 2)
            yield tag("text", str(number), x=middle, y=y + 16, fill="#ffffff", text_anchor="middle")
        x += width
