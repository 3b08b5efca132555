"""The answers of every quarter, kept in ``answers.txt``: a change of law changes no answer for the days before it.

One line for the first day of each quarter since 2015Q4 and each day on which the law changed: sectors, what each row
of the list describes, then the situations of persons, a letter each. Where a change of law is meant to change answers,
``python tests/test_snapshot.py`` prints the new text; the difference to the old one is then what the changelog has to
say.
"""

import sys
from datetime import date
from pathlib import Path

from flexirules import Nace, Quarter, Sector, evaluate
from flexirules.law.ruleset import current
from flexirules.testing.situations import case, employer_of, persons

KEPT = Path(__file__).parent / "answers.txt"
LETTERS = {"met": "+", "not_met": "-", "unknown": "?", "needs_decision": "!"}
OUTCOMES = {"eligible": "+", "not_eligible": "-", "undetermined": "?", "clarification_required": "!"}
ROWS = [row for row in current().sectors if row.effect != "CAP"]
"""Volume limits never decide."""
COMMITTEES = sorted({row.jc for row in current().sectors if row.jc not in ("", "*")} | {"999"})


def sector(committee):
    """A private employer of a committee, with a main activity on no list."""
    nowhere = Nace("00000", "2008")
    return Sector(joint_committee=committee, public=False, nace=nowhere, authority="french", bakery_fund=False)


def both(one):
    """The lower verdict of sector and function, as a letter."""
    decision = evaluate(one)
    verdicts = [decision.finding(condition).verdict.value for condition in ("sector", "function")]
    return LETTERS[min(verdicts, key=["not_met", "unknown", "needs_decision", "met"].index)]


def answers():
    """The whole text."""
    quarters = (Quarter(2016, 1) + n for n in range(Quarter.of(current().horizon).index - Quarter(2016, 1).index + 1))
    days = sorted({*(q.first_day for q in quarters), *(d for d in current().eras if d >= date(2015, 12, 1))})
    lines = [
        "sectors: " + " ".join(COMMITTEES),
        "rows: " + " ".join(row.id for row in ROWS),
        "persons: " + ", ".join(persons(days[0])),
    ]
    for day in days:
        sectors = "".join(both(case(day, sector=sector(committee))) for committee in COMMITTEES)
        rows = "".join(both(employer_of(day, row, current())) for row in ROWS)
        outcomes = "".join(OUTCOMES[evaluate(one).outcome.value] for one in persons(day).values())
        lines.append(f"{day} {sectors} {rows} {outcomes}")
    return "\n".join(lines) + "\n"


def test_every_answer_is_as_it_was():
    """The answers of every era are those that were kept."""
    assert answers().splitlines() == KEPT.read_text(encoding="utf-8").splitlines()


def test_every_verdict_comes_up():
    """The kept answers are worth keeping: each verdict and each outcome is among them."""
    text = "".join(line for line in KEPT.read_text(encoding="utf-8").splitlines()[3:])
    assert set(LETTERS.values()) <= set(text)


if __name__ == "__main__":
    sys.stdout.write(answers())
