"""The command line: ``flexirules`` and ``python -m flexirules``."""

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from flexirules._evaluate import evaluate
from flexirules.case import Case
from flexirules.dated import on, provisions, sector_rows
from flexirules.decision import Decision
from flexirules.document import MAX_TEXT
from flexirules.errors import FlexirulesError, InvalidInput, Problem, show
from flexirules.finding import Outcome
from flexirules.quarter import Quarter
from flexirules.readings import check_readings
from flexirules.sector import JointCommittee
from flexirules.texts import FACTS, OUTCOMES

if TYPE_CHECKING:
    from flexirules.planner import Plan

MOST_PROCESSES: Final = 256
_COLOURS: Final = {"met": "32", "not_met": "31", "unknown": "33", "needs_decision": "36"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 for any answer, 2 for input that cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FlexirulesError as error:
        print(f"flexirules: {error}", file=sys.stderr)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, UnicodeError) as error:
        print(f"flexirules: {error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="flexirules", description="Who may do a Belgian flexi-job, and on which paragraph."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    decide = commands.add_parser("evaluate", help="decide one case, or one case a line")
    decide.add_argument("case", metavar="CASE.json", help="a file, or - for standard input")
    decide.add_argument("--json", action="store_true", help="print the decision as JSON")
    decide.add_argument("--lines", action="store_true", help="read JSON Lines and write one decision a line")
    decide.add_argument(
        "--reading", action="append", default=[], metavar="NAME=VALUE", help="how to read a disputed point"
    )
    decide.set_defaults(run=_evaluate)
    explain = commands.add_parser("why", help="what forces the answer to a case, and what would change it")
    explain.add_argument("case", metavar="CASE.json", help="a file, or - for standard input")
    explain.add_argument("--json", action="store_true", help="print the two trees as JSON")
    explain.add_argument(
        "--reading", action="append", default=[], metavar="NAME=VALUE", help="how to read a disputed point"
    )
    explain.set_defaults(run=_why)
    ask = commands.add_parser("ask", help="what to ask next, the cheapest answer first")
    ask.add_argument("case", metavar="CASE.json", help="a file, or - for standard input")
    ask.add_argument("--json", action="store_true", help="print the questions as JSON")
    ask.set_defaults(run=_ask)
    ahead = commands.add_parser("plan", help="from when: the quarters ahead, and what to do on which day")
    ahead.add_argument("case", metavar="CASE.json", help="a file, or - for standard input")
    ahead.add_argument("--through", type=_quarter, default=None, metavar="Q", help="the last quarter (default: T+4)")
    ahead.add_argument(
        "--told",
        type=_quarter,
        default=None,
        metavar="Q",
        help="the last quarter of which all work is told (default: T-3)",
    )
    form = ahead.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the plan as JSON")
    form.add_argument("--ical", action="store_true", help="print the calendar as iCalendar (extra calendar)")
    form.add_argument("--svg", action="store_true", help="print the quarters as a picture")
    form.add_argument(
        "--lines",
        action="store_true",
        help="read JSON Lines: who drops out in the quarter after that of the case, and why",
    )
    ahead.set_defaults(run=_plan)
    law = commands.add_parser("law", help="the provisions in force, with their citations")
    law.add_argument(
        "--on", type=_day, default=None, metavar="DATE", help="a day, YYYY-MM-DD (default: the last day checked)"
    )
    law.add_argument("--condition", default=None, metavar="ID")
    law.set_defaults(run=_law)
    changed = commands.add_parser("diff", help="every class of cases whose answer differs between two days")
    changed.add_argument("before", type=_day, metavar="DATE")
    changed.add_argument("after", type=_day, metavar="DATE")
    changed.add_argument("--json", action="store_true", help="print the table as JSON, with a case for each row")
    changed.set_defaults(run=_diff)
    sectors = commands.add_parser("sectors", help="which sectors are open, on what condition")
    sectors.add_argument("committee", nargs="?", metavar="JC")
    sectors.add_argument("--on", type=_day, default=None, metavar="DATE")
    sectors.set_defaults(run=_sectors)
    verify = commands.add_parser("verify", help="prove the law cell by cell, era by era")
    which = verify.add_mutually_exclusive_group()
    which.add_argument("--quarter", type=_quarter, default=None, metavar="Q", help="the eras of one quarter, YYYYQn")
    which.add_argument("--all", action="store_true", help="every era since 1 December 2015 (the default)")
    verify.add_argument("--readings", action="store_true", help="also under the other values of the readings")
    verify.add_argument("--processes", type=_processes, default=None, help="so many at work (default: one a CPU)")
    verify.add_argument("--json", action="store_true", help="print the certificate as JSON")
    verify.add_argument("--mutants", action="store_true", help="how many mutants of the law the vectors notice")
    verify.set_defaults(run=_verify)

    conformance = commands.add_parser("conformance", help="vectors for other programs that decide the same law")
    to = conformance.add_mutually_exclusive_group(required=True)
    to.add_argument("--command", metavar='"PROGRAM ..."', help="test it: one case a line in, one decision a line out")
    to.add_argument("--write", metavar="FOLDER", type=Path, help="write the vectors as JSON Lines, with a manifest")
    conformance.add_argument("--level", choices=("core", "full"), default="core", help="how many (default: core)")
    conformance.add_argument("--vectors", metavar="FILE.jsonl", type=Path, help="those of a file written before")
    conformance.set_defaults(run=_conformance)
    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("which", choices=("case", "decision"))
    schema.set_defaults(run=_schema)
    return parser


def _day(text: str) -> date:
    if len(text) != 10:
        raise argparse.ArgumentTypeError(f"a day is written YYYY-MM-DD, not {text[:40]!r}")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no such day: {text!r}") from None


def _readings(pairs: Iterable[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidInput("E-READING", "--reading", f"a reading is written NAME=VALUE, not {pair[:40]!r}")
        chosen[name] = value
    return chosen


def _evaluate(options: argparse.Namespace) -> int:
    readings = _readings(options.reading)
    check_readings(tuple(sorted(readings.items())))
    with _source(options.case) as source:
        return _decide(source, options, readings)


@contextmanager
def _source(name: str) -> Iterator[BinaryIO]:
    """A file by its name, or standard input."""
    if name == "-":
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as source:
            yield source


def _case(source: BinaryIO) -> Case:
    """The one case that a file holds; of a longer text no more is read than shows that it is too long."""
    return Case.from_json(_decoded(source.read(MAX_TEXT + 1)))


def _why(options: argparse.Namespace) -> int:
    readings = _readings(options.reading)
    with _source(options.case) as source:
        decision = evaluate(_case(source), readings=readings)
    from flexirules.explain.trees import lines

    because, instead = decision.why(), decision.what_would_change()
    if options.json:
        _utf_8(sys.stdout)
        print(json.dumps({"why": because.to_document(), "why_not": instead.to_document()}, indent=2))
        return 0
    print(f"{decision.quarter}: {OUTCOMES[decision.outcome.value]}")
    if because.tree is None or instead.tree is None:
        print("\nNothing forces this: it hangs on what is missing or on law that is not settled.")
        for missing in decision.missing:
            print(f"   {missing.path} ({missing.holder}): {missing.question}")
        return 0
    for title, tree in (("Why", because.tree), ("What would change it", instead.tree)):
        print(f"\n{title}")
        for line in lines(tree, 1):
            print(line)
    return 0


def _ask(options: argparse.Namespace) -> int:
    from flexirules.questions import minimal, next_questions

    with _source(options.case) as source:
        case = _case(source)
    questions, spare = next_questions(case), minimal(case).not_needed
    if options.json:
        _utf_8(sys.stdout)
        asked = [{"path": q.path, "holder": q.holder, "question": q.question} for q in questions]
        print(json.dumps({"questions": asked, "not_needed": list(spare)}, indent=2, ensure_ascii=False))
        return 0
    for question in questions:
        print(f"{question.path} ({question.holder}): {question.question}")
    if not questions:
        print("Nothing is left to ask.")
        for path in spare:
            print(f"   not needed: {path}")
    return 0


def _plan(options: argparse.Namespace) -> int:
    from flexirules.planner import plan

    with _source(options.case) as source:
        if options.lines:
            _utf_8(sys.stdout)
            return _pool(source, options.told)
        case = _case(source)
    found = plan(case, through=options.through, told=options.told)
    if options.json:
        _utf_8(sys.stdout)
        print(json.dumps(found.to_document(), indent=2, ensure_ascii=False))
    elif options.svg:
        _utf_8(sys.stdout)
        print(found.to_svg(), end="")
    elif options.ical:
        sys.stdout.buffer.write(found.to_ical())
    else:
        print("\n".join(_planned(found)))
    return 0


def _planned(plan: "Plan") -> Iterator[str]:
    for each in plan.quarters:
        yield f"{each.quarter}: {OUTCOMES[each.outcome.value]}"
        if each.untold:
            yield f"   work not told: {', '.join(map(str, each.untold))}"
        if each.if_work_goes_on is not None:
            yield f"   if the work goes on: {OUTCOMES[each.if_work_goes_on.value]}"
        if each.hangs_on:
            yield f"   hangs on: {', '.join(each.hangs_on)}"
    yield f"First quarter known to be eligible: {plan.first_eligible or 'none'}"
    yield from ("", "Calendar", *(f"   {event.day} {event.quarter}: {event.text}" for event in plan.calendar))


def _pool(source: BinaryIO, told: Quarter | None) -> int:
    """Who of a pool drops out in the next quarter, and why: one line each."""
    from flexirules.planner import plan

    status = 0
    for number, line in enumerate(_bounded(source), 1):
        if not line.strip():
            continue
        try:
            case = Case.from_json(_decoded(line))
            now, then = plan(case, through=case.quarter + 1, told=told).quarters
            found: dict[str, object] = {
                "line": number,
                "quarter": str(now.quarter),
                "outcome": now.outcome.value,
                "next": str(then.quarter),
                "next_outcome": then.outcome.value,
                "if_work_goes_on": None if then.if_work_goes_on is None else then.if_work_goes_on.value,
                "drops_out": _drops_out(now.outcome, then.outcome),
                "hangs_on": list(then.hangs_on),
            }
        except FlexirulesError as error:
            status = 2
            found = {"error": [_problem(p) for p in error.problems], "line": number}
        print(json.dumps(found, ensure_ascii=False))
    return status


def _drops_out(now: Outcome, then: Outcome) -> bool | None:
    """Whether someone who may work now may not in the next quarter as things stand; None where that is not known."""
    if now is not Outcome.ELIGIBLE or then is Outcome.ELIGIBLE:
        return False
    return None if then is Outcome.UNDETERMINED else True


def _decide(source: BinaryIO, options: argparse.Namespace, readings: Mapping[str, str]) -> int:
    if options.lines or options.json:
        # JSON is UTF-8, whatever the terminal or the environment prefer.
        _utf_8(sys.stdout)
    if options.lines:
        return _lines(source, readings)
    decision = evaluate(_case(source), readings=readings)
    print(decision.to_json(indent=2) if options.json else _report(decision, colour=sys.stdout.isatty()))
    return 0


def _utf_8(stream: object) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8")


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(text) > MAX_TEXT:
            # The last character may have been cut in two; the reader says that the text is too long.
            return text.decode("utf-8", "replace")
        message = f"a case is UTF-8 text; byte {error.start + 1} is not"
        raise InvalidInput("E-JSON", "$", message) from None


def _bounded(source: BinaryIO) -> Iterator[bytes]:
    """Lines, of which never more is held than a case may have: the rest of a longer one is read and forgotten."""
    while line := source.readline(MAX_TEXT + 2):
        rest = line
        while rest and not rest.endswith(b"\n") and len(rest) == MAX_TEXT + 2:
            rest = source.readline(MAX_TEXT + 2)
        yield line


def _lines(source: BinaryIO, readings: Mapping[str, str]) -> int:
    status = 0
    progress = sys.stderr.isatty()
    for number, line in enumerate(_bounded(source), 1):
        if not line.strip():
            continue
        try:
            print(evaluate(Case.from_json(_decoded(line)), readings=readings).to_json())
        except FlexirulesError as error:
            status = 2
            print(json.dumps({"error": [_problem(p) for p in error.problems], "line": number}, ensure_ascii=False))
        if progress and number % 1000 == 0:
            print(f"\r{number} cases", end="", file=sys.stderr)
    return status


def _problem(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "path": problem.path, "message": problem.message}


def _report(decision: Decision, *, colour: bool) -> str:
    def paint(verdict: str) -> str:
        return f"\x1b[{_COLOURS[verdict]}m{verdict:<14}\x1b[0m" if colour else f"{verdict:<14}"

    lines = [f"{decision.quarter}: {OUTCOMES[decision.outcome.value]}", "", "Why"]
    for finding in decision.findings:
        mark = "*" if finding.decisive else " "
        lines.append(f" {mark} {finding.condition:<20} {paint(finding.verdict.value)} {finding.text}")
    if decision.missing:
        lines += ["", "What is missing"]
        lines += [f"   {m.path} ({m.holder}): {m.question}" for m in decision.missing]
    if decision.actions:
        lines += ["", "What to do"]
        lines += [f"   {a.text}" + (f" By {a.by}." if a.by else "") for a in decision.actions]
    dimona = decision.dimona
    lines += [
        "",
        f"Dimona: file from {dimona.file_from}, before the work on {dimona.file_before}; expected: {dimona.expected}",
    ]
    if dimona.warning_may_be_ignored:
        lines.append("   A warning may be ignored: the written approval for this quarter is held.")
    cited = dict.fromkeys(p for f in decision.findings for p in f.provisions)
    known = {p.id: p for p in provisions() if p.in_force(decision.read_on)}
    lines += [
        "",
        f"Law read on {decision.read_on}" + (" (provisional: beyond the horizon)" if decision.provisional else ""),
    ]
    lines += [f"   {name}: {known[name].citation} [{known[name].confidence}]" for name in cited if name in known]
    lines += [f"   reading {name}={value}" for name, value in decision.readings]
    return "\n".join(lines)


def _law(options: argparse.Namespace) -> int:
    from flexirules.dated import HORIZON

    for row in on(provisions(), options.on or HORIZON):
        if options.condition in (None, row.condition):
            span = f"{row.effective_from or '?'} to {row.effective_to or 'open'}"
            print(f"{row.id} v{row.version} [{row.condition}] {span} ({row.confidence})")
            print(f"    {row.citation}")
            print(f"    {row.content}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from flexirules.lawdiff import diff

    found = diff(options.before, options.after)
    if options.json:
        _utf_8(sys.stdout)
        print(json.dumps(found.to_document(), indent=2, ensure_ascii=False))
        return 0
    for row in found.rows:
        print(f"{row.part}: {row.before.value} -> {row.after.value} [{', '.join(row.provisions)}]")
        for fact, values in row.facts:
            print(f"   {FACTS[fact]}: {', '.join(values)}")
    idle = {(each.id, each.version) for each in found.without_effect}
    for title, provisions_of in (("Ended", found.ended), ("Began", found.began)):
        for each in provisions_of:
            why = f": changes no answer{f', {each.informs}' if each.informs else ''}"
            print(f"{title} {each.id} v{each.version}{why if (each.id, each.version) in idle else ''}")
    return 0


def _sectors(options: argparse.Namespace) -> int:
    from flexirules.dated import HORIZON
    from flexirules.law.scope import committee_matches

    code = JointCommittee(options.committee).code if options.committee is not None else None
    for row in on(sector_rows(), options.on or HORIZON):
        if code is None or (row.jc and committee_matches(row, code)):
            tests = [f"NACE on {row.nace_list}"] * bool(row.nace_list) + [f"activity {row.activity}"] * bool(
                row.activity
            )
            tests += [f"authority {row.authority}"] * bool(row.authority) + ["in the bakery fund"] * row.bakery_fund
            tests += [] if row.public is None else ["public employer" if row.public else "private employer"]
            print(f"{row.effect:<8} {row.jc or '-':<8} {row.name}" + (f" ({', '.join(tests)})" if tests else ""))
    return 0


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except FlexirulesError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _processes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PROCESSES):
        raise argparse.ArgumentTypeError(f"from 1 to {MOST_PROCESSES} processes, not {show(text)}")
    return int(text)


def _verify(options: argparse.Namespace) -> int:
    from flexirules.law.ruleset import current
    from flexirules.proof import certificate, verify

    processes = options.processes or os.cpu_count() or 1
    if options.mutants:
        return _mutants(processes)
    quarter, readings = options.quarter, options.readings
    if options.json:
        found = certificate(quarter=quarter, readings=readings, processes=processes)
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0 if found["holds"] else 1
    broken = total = 0
    for day, obligations in verify(quarter=quarter, readings=readings, processes=processes):
        print(f"{day}: {sum(o.cells for o in obligations)} cells, {len(obligations)} obligations")
        for obligation in obligations:
            total += 1
            if not obligation.holds:
                broken += 1
                print(f"   BROKEN {obligation.id}: {obligation.says}\n      {obligation.broken}")
            if obligation.remark:
                print(f"   {obligation.id}: {obligation.remark}")
    print(f"{total - broken} of {total} obligations hold; ruleset {current().name}, {current().digest}")
    return 1 if broken else 0


def _mutants(processes: int) -> int:
    from flexirules.law.ruleset import current
    from flexirules.testing.strength import strength

    found = strength(current(), processes=processes)
    for name in found.survived:
        print(f"   SURVIVED {name}")
    noticed, asked = found.killed, found.killed + len(found.survived)
    print(f"{noticed} of {asked} mutants noticed; {len(found.equivalent)} more are proven to say what the law says")
    return 1 if found.survived else 0


MOST_SHOWN: Final = 20


def _conformance(options: argparse.Namespace) -> int:
    from flexirules.testing import conformance, vectors

    if options.write is not None:
        for file in conformance.write(options.write, options.level):
            print(file)
        return 0
    asked = conformance.read(options.vectors) if options.vectors is not None else vectors(options.level)
    total = differing = 0
    for difference in conformance.run(options.command, asked):
        total += 1
        if difference is not None:
            differing += 1
            if differing <= MOST_SHOWN:
                print(f"{difference.vector.id}: {'; '.join(difference.says)}")
                print(f"   {json.dumps(difference.vector.given, ensure_ascii=False)}")
    print(f"{total - differing} of {total} vectors agree")
    return 1 if differing else 0


def _schema(options: argparse.Namespace) -> int:
    print(files("flexirules").joinpath("schema", f"{options.which}.schema.json").read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
