"""What the pages ask of Python: to run an example, and to answer a case of the explorer."""

import ast
import contextlib
import io
import json
import traceback
from datetime import date
from enum import Enum
from importlib import import_module

import attrs

NAMES: dict[str, object] = {"__name__": "__main__"}


def run(code: str) -> str:
    """Run a program of a page, among the names of those before it."""
    return _run(code, NAMES)


def run_as(name: str, code: str) -> str:
    """Run the example of a docstring among the names of its module, as the doctests do."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found = import_module(".".join(parts[:end]))
        except ImportError:
            continue
        module = getattr(getattr(found, parts[end]), "__module__", found.__name__)
        return _run(code, dict(vars(import_module(module))))
    return _run(code, NAMES)


def _run(code: str, names: dict[str, object]) -> str:
    """Run a program as the prompt does, and give what it prints; expressions print their value."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            for node in ast.parse(code).body:
                exec(compile(ast.Interactive([node]), "<example>", "single"), names)
        except BaseException as error:  # whatever an example raises is what it shows
            printed.write("".join(traceback.format_exception_only(error)))
    return printed.getvalue()


def answer(text: str, language: str) -> str:
    """What the explorer shows of a case: outcome, what still matters, card, timeline, and the case as Python."""
    from flexirules import Case, FlexirulesError, evaluate
    from flexirules.cards import outcome, sections
    from flexirules.dated import Provision
    from flexirules.markup import html, tag
    from flexirules.planner import plan
    from flexirules.questions import next_questions
    from flexirules.timeline import drawn

    try:
        case = Case.from_json(text)
        decision = evaluate(case)
        questions = next_questions(case)
    except FlexirulesError as error:
        return json.dumps({"problems": [problem._asdict() for problem in error.problems]})

    def page(cited: Provision) -> str:
        return f"law/provisions/{cited.id.replace('/', '-')}.html"

    body = tag("div", sections(decision, language, "h3", page), class_="flexirules", lang=language)
    return json.dumps(
        {
            "outcome": decision.outcome.value,
            "said": html(tag("div", outcome(decision, language), class_="flexirules", lang=language)),
            "asks": [question.path for question in questions],
            "card": html(body),
            "timeline": html(drawn(plan(case, through=case.quarter), language)),
            "python": f"{_imports(case)}\n\n{_source(case)}",
            "json": json.dumps(json.loads(case.to_json()), indent=2, ensure_ascii=False),
        }
    )


def form(language: str) -> str:
    """The labels and choices of the explorer in a language, from the texts of the library."""
    from flexirules.cards import STYLE
    from flexirules.dated import sector_rows
    from flexirules.language import speaker
    from flexirules.texts import ACTIVITIES, EVENTS, FACTS, QUESTIONS, SCHEMES, VALUES

    say = speaker(language)

    def words(table: dict[str, str]) -> dict[str, str]:
        return {code: say(text) for code, text in table.items()}

    names: dict[str, str] = {}
    for row in sector_rows():
        if row.jc not in ("", "*"):
            names.setdefault(row.jc, row.name)
    return json.dumps(
        {
            "style": STYLE,
            "questions": words(QUESTIONS),
            "facts": words(FACTS),
            "events": words(EVENTS),
            "activities": words(ACTIVITIES),
            "schemes": words(SCHEMES),
            "values": {fact: words(table) for fact, table in VALUES.items()},
            "committees": names,
        }
    )


def _source(value: object, indent: int = 0) -> str:
    """A value as Python, without what is the default."""
    pad = " " * 4 * (indent + 1)
    if isinstance(value, tuple):
        if not value:
            return "()"
        return "(\n" + "".join(f"{pad}{_source(each, indent + 1)},\n" for each in value) + " " * 4 * indent + ")"
    if (
        isinstance(value, Enum)
        or not attrs.has(type(value))
        or type(value).__name__ in {"Quarter", "JointCommittee", "WorkFraction"}
    ):
        if isinstance(value, date):
            return f"date({value.year}, {value.month}, {value.day})"
        name = type(value).__name__
        return f'"{value}"' if name in {"JointCommittee", "WorkFraction"} else repr(value)
    told = [
        f"{pad}{field.name}={_source(getattr(value, field.name), indent + 1)},\n"
        for field in attrs.fields(type(value))
        if field.init and (getattr(value, field.name) != field.default or field.default is attrs.NOTHING)
    ]
    return f"{type(value).__name__}(\n{''.join(told)}{' ' * 4 * indent})" if told else f"{type(value).__name__}()"


def _imports(case: object) -> str:
    """The imports that the Python of a case needs."""
    used: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, tuple):
            for each in value:
                look(each)
        elif isinstance(value, date):
            used.add("date")
        elif attrs.has(type(value)):
            name = type(value).__name__
            if name not in {"JointCommittee", "WorkFraction"}:
                used.add(name)
                for field in attrs.fields(type(value)):
                    look(getattr(value, field.name, None))

    look(case)
    own = ", ".join(sorted({*used} - {"date"}))
    dates = "from datetime import date\n\n" if "date" in used else ""
    return f"{dates}from flexirules import {own}"
