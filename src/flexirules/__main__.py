"""The command line: ``flexirules`` and ``python -m flexirules``."""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, Final

from flexirules._evaluate import evaluate
from flexirules.case import Case
from flexirules.dated import on, provisions, sector_rows
from flexirules.decision import Decision
from flexirules.document import MAX_TEXT
from flexirules.errors import FlexirulesError, InvalidInput, Problem, show
from flexirules.finding import Outcome
from flexirules.language import ENGLISH, LANGUAGES, speaker
from flexirules.law.ruleset import Ruleset, current
from flexirules.quarter import Quarter
from flexirules.readings import check_readings
from flexirules.sector import JointCommittee

MOST_PROCESSES: Final = 256


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
    case, as_json, reading, language, known_at = _shared()
    decide = commands.add_parser(
        "evaluate", help="decide one case, or one case a line", parents=[case, as_json, reading, language, known_at]
    )
    decide.add_argument("--lines", action="store_true", help="read JSON Lines and write one decision a line")
    decide.set_defaults(run=_evaluate)
    explain = commands.add_parser(
        "why",
        help="what forces the answer to a case, and what would change it",
        parents=[case, as_json, reading, language],
    )
    explain.set_defaults(run=_why)
    ask = commands.add_parser(
        "ask", help="what to ask next, the cheapest answer first", parents=[case, as_json, language]
    )
    ask.set_defaults(run=_ask)
    report = commands.add_parser(
        "report", help="one page for a file or a printer, with the letter to the OSS", parents=[case, reading, language]
    )
    report.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.html", help="where to write it")
    report.set_defaults(run=_report)
    ahead = commands.add_parser(
        "plan", help="from when: the quarters ahead, and what to do on which day", parents=[case, language]
    )
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
    changed = commands.add_parser(
        "diff",
        help="every class of cases whose answer differs between two days",
        parents=[as_json, language, known_at],
    )
    changed.add_argument("before", type=_day, metavar="DATE")
    changed.add_argument("after", type=_day, metavar="DATE")
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

    batch = commands.add_parser(
        "batch",
        help="decide a file of applications (extra frames, and duckdb, polars or pyspark)",
        parents=[reading, language],
    )
    batch.add_argument("applications", type=Path, metavar="FILE", help="Parquet, CSV or JSON Lines, by its ending")
    for table, says in (
        ("employments", "the work of the workers"),
        ("approvals", "the written decisions of the NSSO"),
        ("engagements", "the other links with the employers"),
        ("pensions", "the pensions of the workers"),
    ):
        batch.add_argument(f"--{table}", type=Path, metavar="FILE", help=says)
    batch.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="where to write the decisions")
    batch.add_argument("--engine", choices=("duckdb", "polars", "spark"), default="duckdb")
    batch.add_argument("--master", default="local[*]", help="of Spark (default: local[*])")
    batch.add_argument(
        "--memory", default=None, metavar="SIZE", help="what DuckDB takes before it goes to disk, as 4GB"
    )
    batch.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the verdicts of every condition")
    batch.add_argument(
        "--report-errors", action="store_true", help="write rows that cannot be read with what is wrong, and go on"
    )
    batch.set_defaults(run=_batch)

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


def _shared() -> Iterator[argparse.ArgumentParser]:
    """What several commands take: a case, the JSON form, readings, a language."""
    arguments: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
        (("case",), {"metavar": "CASE.json", "help": "a file, or - for standard input"}),
        (("--json",), {"action": "store_true", "help": "print JSON"}),
        (
            ("--reading",),
            {"action": "append", "default": [], "metavar": "NAME=VALUE", "help": "how to read a disputed point"},
        ),
        (("--lang",), {"choices": LANGUAGES, "default": ENGLISH, "help": "the language of the texts"}),
        (
            ("--known-at",),
            {
                "type": _day,
                "default": None,
                "metavar": "DATE",
                "help": "the law as it was published on a day; of two days compared, on the first",
            },
        ),
    )
    for names, options in arguments:
        parser = argparse.ArgumentParser(add_help=False)
        parser.add_argument(*names, **options)
        yield parser


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
    if options.json:
        _print_json({"why": decision.why().to_document(), "why_not": decision.what_would_change().to_document()})
    else:
        from flexirules.plain import of_explanation

        _print_lines(of_explanation(decision, options.lang))
    return 0


def _print_json(document: object) -> None:
    """JSON is UTF-8, whatever the terminal or the environment prefer."""
    _utf_8(sys.stdout)
    print(json.dumps(document, indent=2, ensure_ascii=False))


def _print_lines(lines: Iterable[str]) -> None:
    print("\n".join(lines))


def _ask(options: argparse.Namespace) -> int:
    from flexirules.questions import minimal, next_questions

    with _source(options.case) as source:
        case = _case(source)
    questions, spare = next_questions(case), minimal(case).not_needed
    if options.json:
        asked = [{"path": q.path, "holder": q.holder, "question": q.question_in(options.lang)} for q in questions]
        _print_json({"questions": asked, "not_needed": list(spare)})
        return 0
    from flexirules.plain import of_missing

    say = speaker(options.lang)
    if questions:
        _print_lines(of_missing(questions, options.lang))
    else:
        print(say("Nothing is left to ask."))
        _print_lines("   " + say("Not needed: {path}").format(path=path) for path in spare)
    return 0


def _report(options: argparse.Namespace) -> int:
    from flexirules.report import report

    readings = _readings(options.reading)
    with _source(options.case) as source:
        page = report(_case(source), language=options.lang, readings=readings)
    options.output.write_text(page, encoding="utf-8")
    print(options.output)
    return 0


def _plan(options: argparse.Namespace) -> int:
    from flexirules.planner import plan

    with _source(options.case) as source:
        if options.lines:
            _utf_8(sys.stdout)
            return _each_line(source, lambda case, number: json.dumps(_rolled_over(case, number, options.told)))
        case = _case(source)
    found = plan(case, through=options.through, told=options.told)
    if options.json:
        _print_json(found.to_document(language=options.lang))
    elif options.svg:
        _utf_8(sys.stdout)
        print(found.to_svg(language=options.lang), end="")
    elif options.ical:
        sys.stdout.buffer.write(found.to_ical(language=options.lang))
    else:
        from flexirules.plain import of_plan

        _print_lines(of_plan(found, options.lang))
    return 0


def _rolled_over(case: Case, number: int, told: Quarter | None) -> dict[str, object]:
    """Whether one of a pool drops out in the next quarter, and why."""
    from flexirules.planner import plan

    now, then = plan(case, through=case.quarter + 1, told=told).quarters
    return {
        "line": number,
        "quarter": str(now.quarter),
        "outcome": now.outcome.value,
        "next": str(then.quarter),
        "next_outcome": then.outcome.value,
        "if_work_goes_on": None if then.if_work_goes_on is None else then.if_work_goes_on.value,
        "drops_out": _drops_out(now.outcome, then.outcome),
        "hangs_on": list(then.hangs_on),
    }


def _drops_out(now: Outcome, then: Outcome) -> bool | None:
    """Whether someone who may work now may not in the next quarter as things stand; None where that is not known."""
    if now is not Outcome.ELIGIBLE or then is Outcome.ELIGIBLE:
        return False
    return None if then is Outcome.UNDETERMINED else True


def _decide(source: BinaryIO, options: argparse.Namespace, readings: Mapping[str, str]) -> int:
    language, law = options.lang, _law_known_at(options.known_at)

    def decide(case: Case) -> Decision:
        return evaluate(case, law=law, readings=readings)

    if options.lines:
        _utf_8(sys.stdout)
        return _each_line(source, lambda case, _: decide(case).to_json(language=language))
    decision = decide(_case(source))
    if options.json:
        _print_json(decision.to_document(language=language))
    else:
        from flexirules.plain import of_decision

        _print_lines(of_decision(decision, language, colour=sys.stdout.isatty()))
    return 0


def _law_known_at(day: date | None) -> Ruleset | None:
    """The law as it was published on a day; that of this release where none is named."""
    return None if day is None else current().known_at(day)


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


def _each_line(source: BinaryIO, answer: Callable[[Case, int], str]) -> int:
    """Answer each case of JSON Lines on a line of its own; of a line that cannot be read, what is wrong with it."""
    status = 0
    progress = sys.stderr.isatty()
    for number, line in enumerate(_bounded(source), 1):
        if not line.strip():
            continue
        try:
            print(answer(Case.from_json(_decoded(line)), number))
        except FlexirulesError as error:
            status = 2
            print(json.dumps({"error": [_problem(p) for p in error.problems], "line": number}, ensure_ascii=False))
        if progress and number % 1000 == 0:
            print(f"\r{number} cases", end="", file=sys.stderr)
    return status


def _problem(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "path": problem.path, "message": problem.message}


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

    found = diff(options.before, options.after, law_before=_law_known_at(options.known_at))
    if options.json:
        _print_json(found.to_document())
    else:
        from flexirules.plain import of_diff

        _print_lines(of_diff(found, options.lang))
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
    from flexirules.proof import certificate, verify

    processes = options.processes or os.cpu_count() or 1
    if options.mutants:
        return _mutants(processes)
    quarter, readings = options.quarter, options.readings
    if options.json:
        found = certificate(quarter=quarter, readings=readings, processes=processes)
        _print_json(found)
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
    from flexirules.testing.strength import strength

    found = strength(current(), processes=processes)
    for name in found.survived:
        print(f"   SURVIVED {name}")
    noticed, asked = found.killed, found.killed + len(found.survived)
    print(f"{noticed} of {asked} mutants noticed; {len(found.equivalent)} more are proven to say what the law says")
    return 1 if found.survived else 0


def _batch(options: argparse.Namespace) -> int:
    try:
        from flexirules.frames.batch import run
        from flexirules.frames.summary import lines, picture
    except ModuleNotFoundError as missing:
        raise _no_extra("batch", "frames", missing) from None
    names = ("applications", "employments", "approvals", "engagements", "pensions")
    files = {name: path for name in names if (path := getattr(options, name)) is not None}
    try:
        summary = run(
            files,
            options.output,
            engine=options.engine,
            master=options.master,
            memory=options.memory,
            errors="report" if options.report_errors else "raise",
            readings=_readings(options.reading),
            tell=lambda said: print(f"flexirules: {said}", file=sys.stderr),
        )
    except ModuleNotFoundError as missing:
        raise _no_extra(f"--engine {options.engine}", options.engine, missing) from None
    print("\n".join(lines(summary, options.lang)))
    if options.plot is not None:
        options.plot.write_text(picture(summary, options.lang), encoding="utf-8")
    return 0


def _no_extra(what: str, extra: str, missing: ModuleNotFoundError) -> FlexirulesError:
    return FlexirulesError("E-EXTRA", what, f"needs the extra {extra} of this package: there is no {missing.name}")


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
