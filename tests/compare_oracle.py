"""The second reading of the law and the library, compared at scale: prints counts and every difference.

    python tests/compare_oracle.py [--cells] [--scope] [--random N] [--partial N] [--every K] [--seed S] [--processes P]

``--cells``: every cell of every era. ``--scope``: every whole case of a small scope (about a million). ``--random``:
whole cases drawn at random; ``--partial``: with facts taken out. ``--every K``: only every K-th of cells and scope. The
status is 1 where one difference was found.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import combinations_with_replacement, islice, product
from time import perf_counter

import oracle
import oracle_cases

from flexirules import InvalidInput, Quarter, evaluate
from flexirules.codec import case_from_document
from flexirules.law.ruleset import current
from flexirules.testing._vectors import every_cell

CHUNK = 2_000
MOST_SHOWN = 20


def cells() -> Iterator[dict]:
    """The case of every cell of every era."""
    return (json.loads(case.to_json()) for _, case in every_cell(current()))


DAYS = (date(2016, 1, 1), date(2018, 1, 1), date(2022, 7, 1), date(2024, 1, 1), date(2026, 7, 1))
"""A day of each law on persons."""
KINDS = (("employee", "belgium"), ("employee", "overseas"), ("employee", "foreign"), ("student", "belgium"))


def scope() -> Iterator[dict]:
    """At most two jobs in T-3, T-4 or T-5, on, below and above the marks, with others or in the café itself.

    Each with every kind of pension, letter and declaration, in a sector that was always admitted and in one that never
    was by name: 72 jobs, 2,701 sets of them, five pensions, four letters, two declarations, two sectors, five days.
    """
    for day in DAYS:
        quarter = Quarter.of(day)
        jobs = [
            {"quarter": str(quarter - back), "employer": employer, "fraction": size, "status": status, "scheme": scheme}
            for back, size, (status, scheme), employer in product(
                (3, 4, 5), ("79/100", "4/5", "1"), KINDS, ("bank", "cafe")
            )
        ]
        held = [(), *((job,) for job in jobs), *combinations_with_replacement(jobs, 2)]
        old, by_start, later = quarter.first_day - timedelta(400), day, quarter.last_day
        pensions = [
            {"kind": "none"},
            *({"kind": "retirement", "since": since.isoformat()} for since in (old, by_start, later)),
            {"kind": "survivor", "since": old.isoformat(), "register": "foreign"},
        ]
        letters = [[]] + [
            [{"quarter": str(of), "granted": granted, "issued_on": day.isoformat()}]
            for of, granted in ((quarter, True), (quarter, False), (quarter + 1, True))
        ]
        papers = [None, {"declaration": {"filed_on": day.isoformat(), "result": "A"}}]
        for work, pension, letter, paper, committee in product(held, pensions, letters, papers, ("302", "999")):
            # The same row twice is refused, as read twice.
            if len(work) == 2 and work[0] == work[1]:
                continue
            yield {
                "quarter": str(quarter),
                "start": day.isoformat(),
                "worker": {"employments": list(work), "pension": pension},
                "employer": {"id": "cafe", "sector": {"joint_committee": committee, "public": False}},
                "function": {"activity": "ordinary"},
                "engagements": [],
                "approvals": letter,
                **({} if paper is None else {"formalities": paper}),
            }


def known(decision, said: dict, expected: dict) -> bool:
    """The two differences that are kept: a verdict, never the outcome nor what is missing (docs/decisions/0002)."""
    mine, its = said["conditions"], expected["conditions"]
    differing = {name: (mine[name], its[name]) for name in mine if mine[name] != its[name]}
    given = decision.case
    unknown_function = (given.function is None or given.function.activity is None) and given.agency is not None
    kept = (unknown_function and differing == {"sector": ("unknown", "met")}) or (
        decision.finding("employment").reason == "every-way-agrees" and differing == {"employment": ("met", "unknown")}
    )
    return kept and all(said[key] == expected[key] for key in ("outcome", "missing"))


WHOLE = ("outcome", "conditions", "dimona", "reference_quarter")
PARTIAL = ("outcome", "conditions", "missing")


def compared(cases: list[dict], *, whole: bool) -> tuple[Counter, list[dict]]:
    """Outcomes and reasons, and the cases on which the two differ."""
    counted: Counter = Counter()
    wrong = []
    for case in cases:
        try:
            decision = evaluate(case_from_document(case))
        except InvalidInput as error:
            # The generator may draw one row twice, which the contract refuses.
            if error.code != "E-DUPLICATE":
                raise
            continue
        said = {
            "outcome": decision.outcome.value,
            "conditions": {finding.condition: finding.verdict.value for finding in decision.findings},
            "dimona": {
                "expected": decision.dimona.expected,
                "warning_may_be_ignored": decision.dimona.warning_may_be_ignored,
                "file_from": decision.dimona.file_from.isoformat(),
                "file_before": decision.dimona.file_before.isoformat(),
            },
            "reference_quarter": str(decision.reference_quarter),
        }
        if not whole:
            said["missing"] = sorted(entry.path for entry in decision.missing)
        expected = oracle.decide_whole(case) if whole else oracle.decide(case)
        keys = WHOLE if whole else PARTIAL
        counted["outcome", said["outcome"]] += 1
        counted.update((finding.condition, finding.reason) for finding in decision.findings)
        if not whole and known(decision, said, expected):
            counted["recorded", "docs/decisions/0002"] += 1
        elif any(said[key] != expected[key] for key in keys):
            wrong.append({"case": case, "differs": [[k, said[k], expected[k]] for k in keys if said[k] != expected[k]]})
    return counted, wrong


def drawn(seed: int, number: int, *, whole: bool) -> tuple[Counter, list[dict]]:
    """So many random cases of one seed, compared."""
    draw = oracle_cases.whole_cases if whole else oracle_cases.partial_cases
    return compared(draw(seed, number), whole=whole)


def listed(name: str, part: int, parts: int, every: int) -> tuple[Counter, list[dict]]:
    """One part of the cells or of the scope, compared."""
    makes = {"cells": cells, "scope": scope}[name]
    counted: Counter = Counter()
    wrong: list[dict] = []
    mine = islice(makes(), part * every, None, parts * every)
    while chunk := list(islice(mine, CHUNK)):
        more, differing = compared(chunk, whole=True)
        counted += more
        wrong += differing[:MOST_SHOWN]
    return counted, wrong


def main() -> int:
    """Compare what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", action="store_true")
    parser.add_argument("--scope", action="store_true")
    for name, default in (("random", 0), ("partial", 0), ("every", 1), ("seed", 1), ("processes", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    differing = 0
    with ProcessPoolExecutor(options.processes) as pool:
        for name in ("cells", "scope"):
            if getattr(options, name):
                parts = range(options.processes)
                futures = [pool.submit(listed, name, part, options.processes, options.every) for part in parts]
                differing += report(name, (future.result() for future in futures))
        for name, number in (("random", options.random), ("partial", options.partial)):
            if number:
                # So few at a time are waiting that ten million take no more memory than ten thousand.
                first = options.seed * 1_000_000
                parts = [(first + n, min(CHUNK, number - n * CHUNK)) for n in range(-(-number // CHUNK))]
                differing += report(name, in_turn(pool, parts, options.processes * 2, whole=name == "random"))
    return 1 if differing else 0


def in_turn(pool, parts, waiting, *, whole):
    """The results of every seed with its number of cases, in order, with so many at work or waiting."""
    futures = []
    for seed, number in parts:
        futures.append(pool.submit(drawn, seed, number, whole=whole))
        if len(futures) >= waiting:
            yield futures.pop(0).result()
    for future in futures:
        yield future.result()


def write(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def report(name, results) -> int:
    """Print the counts of one comparison and its differences; how many there are."""
    began = perf_counter()
    counted: Counter = Counter()
    differing = 0
    for more, wrong in results:
        counted += more
        for one in wrong:
            differing += 1
            if differing <= MOST_SHOWN:
                write(json.dumps(one, ensure_ascii=False))
    cases = sum(number for (kind, _), number in counted.items() if kind == "outcome")
    outcomes = {value: number for (kind, value), number in sorted(counted.items()) if kind in ("outcome", "recorded")}
    reasons = sum(1 for kind, _ in counted if kind not in ("outcome", "recorded"))
    rate = cases / (perf_counter() - began)
    write(f"{name}: {cases} cases, {differing} differ; {outcomes}; {reasons} reasons; {rate:.0f} a second")
    return differing


if __name__ == "__main__":
    sys.exit(main())
