"""The law as Markdown, read from the ruleset: provisions, conditions with their decision tables, sectors, changes.

One more interpreter of the same trees and tables: nothing that the law says is written here.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from flexirules import evaluate
from flexirules.codec import case_from_document
from flexirules.dated import FIRST_DAY, VERIFIED_ON, Provision, provision_versions, provisions
from flexirules.explain import NAMES
from flexirules.explain.covers import covering
from flexirules.explain.tables import Trees, spell
from flexirules.finding import CONDITIONS, VERDICTS
from flexirules.language import LANGUAGES, speaker
from flexirules.law.publication import ENDED_BY, LIST_REPLACED
from flexirules.law.ruleset import Era, current
from flexirules.law.ties import CONDITIONS as TIES
from flexirules.predicate import Atom, Cited, Predicate, citations, fold
from flexirules.proof import verify
from flexirules.proof.groups import Group, link_group, papers_group, work_group
from flexirules.proof.obligations import Obligation
from flexirules.quarter import Quarter
from flexirules.readings import READINGS
from flexirules.testing import vectors
from flexirules.testing._vectors import official
from flexirules.texts import CONDITIONS as NAMES_OF_CONDITIONS
from flexirules.texts import FACTS, REASONS, VALUES, value_text
from flexirules.texts import VERDICTS as WORDS_OF_VERDICTS

CONFIDENCE = {
    "law": "read in the statute",
    "official": "read in an official text",
    "several": "several secondary sources",
    "one": "one secondary source",
    "inferred": "our own reading; no source says it in terms",
    "unknown": "not known",
}
SETTLED = {
    "yes": "settled",
    "default": "an open point, decided by a named reading",
    "no": "not settled: where it matters the answer is *unknown*",
}
MOST_CASES = 6
"""So many cases are named of a provision and a reason."""
_OPERATORS = {"<": "<", "<=": "≤", ">=": "≥", "==": "is", "!=": "is not", "in": "is one of"}


class Undocumented(Exception):
    """A provision that decides and has no citation, no case, or no day on which it was gone through."""


# --- what cites what -------------------------------------------------------------------------------------------------


@cache
def cases_by_provision() -> dict[str, dict[tuple[str, str], list[str]]]:
    """Of each provision, by condition and reason, the cases in which a finding cites it: official ones first."""
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for vector in (*official(), *vectors()):
        for finding in evaluate(case_from_document(vector.given)).findings:
            for name in finding.provisions:
                cases = found.setdefault(name, {}).setdefault((finding.condition, finding.reason), [])
                if vector.id not in cases and len(cases) < MOST_CASES:
                    cases.append(vector.id)
    return found


@cache
def proven() -> tuple[Obligation, ...]:
    """What was proven of the law in force at the horizon; an obligation that does not hold stops the build."""
    [(_, found), *_] = verify(quarter=Quarter.of(current().horizon))
    for each in found:
        if not each.holds:
            raise Undocumented(f"not proven: {each.id}, {each.says}: {each.broken}")
    return tuple(found)


def proven_of(condition: str) -> tuple[Obligation, ...]:
    """What was proven of the group of a condition."""
    era = current().on(current().horizon)
    if condition in {"sector", "function"}:
        names = ["sectors"]
    else:
        every = work_group(era), link_group(era, via_agency=False), link_group(era, via_agency=True), papers_group(era)
        names = [group.name for group in every if condition in group.ways]
    return tuple(each for each in proven() if each.says.split(":")[0] in names)


def check() -> None:
    """Refuse a provision without citation, case or verified date."""
    cases = cases_by_provision()
    for each in provisions():
        lacking = [
            what
            for what, there in (
                ("a citation", each.citation),
                ("a source", each.source),
                ("a case", each.id in cases or each.informs),
                ("a day on which it was gone through", VERIFIED_ON),
            )
            if not there
        ]
        if lacking:
            raise Undocumented(f"{each.id} v{each.version} has no {' and no '.join(lacking)}")


# --- trees -----------------------------------------------------------------------------------------------------------


def ways(era: Era) -> dict[str, dict[str, tuple[Cited, ...]]]:
    """Of each condition that is a tree the ways in which it is met, or what bars it, as the era has them."""
    opened, barred = era.formalities
    papers = {name: {"met": opened[name], "not met": barred[name]} for name in opened}
    work = {"employment": {"met": era.employment}, "no-reduction": {"met": era.no_reduction}}
    ties = {name: _bars(name, era) for name in TIES}
    found = papers | work | ties
    return {name: found[name] for name in CONDITIONS if name in found}


def _bars(condition: str, era: Era) -> dict[str, tuple[Cited, ...]]:
    """What of one link bars; through an agency apart where that differs."""
    direct, agency = (era.blocks(via_agency).get(condition, ()) for via_agency in (False, True))
    return {"not met": direct} | ({"not met, through an agency": agency} if agency != direct else {})


def atom_text(atom: Atom) -> str:
    """A comparison in words."""
    fact = NAMES.get(atom.fact, atom.fact)
    name = FACTS.get(fact, fact.replace("_", " "))
    if isinstance(atom.constant, bool):
        return name if atom.constant is (atom.operator == "==") else f"not: {name}"
    several = sorted(atom.constant) if isinstance(atom.constant, frozenset) else [atom.constant]
    words = " or ".join(_constant(fact, value) for value in several)
    if fact == "pension_timing" and atom.operator == "<=":
        return f"{name}: {words}, or earlier"
    return f"{name} {_OPERATORS[atom.operator]} {words}"


def _constant(fact: str, value: object) -> str:
    return value_text(fact, spell(fact, value))


def sentence(node: Predicate) -> str:
    """A tree in words: all of joined by *and*, any of by *or*."""
    text = fold(
        node,
        atom_text,
        lambda rank: "always" if rank == 3 else "never" if rank == 0 else "the NSSO says so in writing",
        lambda point: f"law that is not settled ({point})",
        lambda parts: f"({'; **and** '.join(parts)})",
        lambda parts: f"({'; **or** '.join(parts)})",
        lambda _, part: part,
    )
    return text[1:-1] if text.startswith("(") else text


def graph(title: str, trees: Iterable[Cited]) -> str:
    """Trees as a graph in the language of Graphviz."""
    lines = ["digraph {", "rankdir=LR; bgcolor=transparent;"]
    lines.append('node [shape=box, fontname="sans-serif", fontsize=10, style="rounded,filled", fillcolor="#f6f8fa"];')
    made: list[str] = []

    def node(label: str, *children: str, shape: str = "") -> str:
        name = f"n{len(made)}"
        made.append(name)
        escaped = label.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'{name} [label="{escaped}"{shape}];')
        lines.extend(f"{name} -> {child};" for child in children)
        return name

    tops = [
        fold(
            tree,
            lambda atom: node(atom_text(atom)),
            lambda rank: node("always" if rank == 3 else "never" if rank == 0 else "the NSSO says so in writing"),
            lambda point: node(f"not settled: {point}", shape=', fillcolor="#fff8c5"'),
            lambda parts: node("all of", *parts),
            lambda parts: node("any of", *parts),
            lambda cited, part: node(f"{cited.reason} [{', '.join(cited.provisions)}]", part, shape=", penwidth=2"),
        )
        for tree in trees
    ]
    node(title, *tops, shape=', fillcolor="#ddf4ff"')
    return "\n".join([*lines, "}"])


def spans(condition: str) -> Iterator[tuple[date, date | None, Era]]:
    """The runs of eras in which a condition reads alike, the latest first, each with its first and last day."""
    law = current()
    starts = [day for day in law.eras if "in-force" in law.on(day).turns]
    runs = []
    for _, run in groupby(starts, key=lambda day: repr(ways(law.on(day))[condition])):
        runs.append([*run])
    ends = [run[0] - timedelta(1) for run in runs[1:]] + [None]
    yield from reversed([(run[0], end, law.on(run[0])) for run, end in zip(runs, ends, strict=True)])


# --- pages -----------------------------------------------------------------------------------------------------------


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table of Markdown."""
    heads = [*heads]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') or ' ' for cell in row)} |"
    yield ""


def link(name: str) -> str:
    """A link to the page of a provision."""
    return f"[{name}](/law/provisions/{slug(name)}.md)"


def of_condition(name: str) -> str:
    """A link to the page of a condition."""
    return f"[{NAMES_OF_CONDITIONS[name]}](/law/conditions/{name}.md)"


def slug(name: str) -> str:
    """The name of a file for a provision."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", name)


def links(names: Iterable[str]) -> str:
    """Links to provisions."""
    return ", ".join(map(link, names))


def source(each: Provision) -> str:
    """Where a provision can be read, and when that was done."""
    addresses = ", ".join(f"<{address}>" for address in each.source)
    return f"{addresses} (gone through on {VERIFIED_ON})"


def span(first: date | None, last: date | None) -> str:
    """From one day to another."""
    begun = "on every day, as the first is not known" if first is None else f"from {first}"
    return begun if last is None else f"{begun} to {last}"


def provision_page(name: str) -> Iterator[str]:
    """One provision in all its versions: our words, citation, dates, what comes of it, and what shows that."""
    versions = provision_versions()[name]
    latest = versions[-1]
    yield from (f"# {name}", "", f"**{latest.citation}**", "")
    yield f"> {latest.content}"
    yield ""
    for each in reversed(versions):
        if len(versions) > 1:
            yield from (f"## Version {each.version}", "")
            if each is not latest:
                yield from (f"> {each.content}", "")
        yield from _about(each)
    cases = cases_by_provision().get(name, {})
    if cases:
        yield from ("## What comes of it", "")
        for (condition, reason), ids in cases.items():
            yield from (f"### {of_condition(condition)}: `{reason}`", "")
            texts = [(code, speaker(code)(REASONS[reason])) for code in LANGUAGES]
            yield from table(("language", "text"), texts)
            yield f"Cases: {', '.join(f'`{each}`' for each in ids)}."
            yield ""
    elif latest.informs:
        yield from (f"It decides nothing by itself: {latest.informs}.", "")
    yield from _trees_of(name)
    yield from _rows_of(name)
    if cases:
        yield from _proofs(condition for condition, _ in cases)
    touched = [reading for reading in READINGS.values() if name in touched_by(reading.name)]
    if touched:
        yield from ("## Where it is read in more than one way", "")
        for reading in touched:
            values = ", ".join(f"`{value}`" for value in reading.values)
            yield f"- `{reading.name}` ({reading.id}): {reading.why}. Values, the default first: {values}."
        yield ""


def _proofs(conditions: Iterable[str]) -> Iterator[str]:
    law = current()
    yield from ("## What is proven", "")
    yield f"In every cell of the law in force on {law.horizon}, of the group of conditions to which it belongs:"
    yield ""
    for each in dict.fromkeys(each for condition in dict.fromkeys(conditions) for each in proven_of(condition)):
        yield f"- `{each.id}`, {each.cells} cells: {each.says}"
    yield ""


def _list_ended() -> date | None:
    """The last day of the list of sectors, which a rule replaced."""
    begun = next(each.effective_from for each in provisions() if each.id == LIST_REPLACED)
    return None if begun is None else begun - timedelta(1)


def _about(each: Provision) -> Iterator[str]:
    ended = ENDED_BY.get(each.id, LIST_REPLACED if each.effective_to == _list_ended() else "")
    newer = [v for v in provision_versions()[each.id] if v.version > each.version]
    by = f"version {newer[0].version}" if newer else link(ended) if ended else "not told"
    rows = [
        ("citation", each.citation),
        ("condition", of_condition(each.condition) if each.condition in CONDITIONS else "none"),
        ("in force", span(each.effective_from, each.effective_to)),
        ("published", f"{each.published_on}" if each.published_on else "not known"),
        ("how sure", f"`{each.confidence}`: {CONFIDENCE[each.confidence]}"),
        ("settled", SETTLED[each.settled]),
        ("source", source(each)),
    ]
    if each.effective_to is not None:
        rows.insert(3, ("ended by", by))
    yield from table(("what", "told"), rows)


def _trees_of(name: str) -> Iterator[str]:
    """The latest trees that cite a provision, in words and as a graph."""
    law = current()
    for day in reversed(law.eras):
        for condition, verdicts in ways(law.on(day)).items():
            for verdict, trees in verdicts.items():
                mine = [tree for tree in trees if any(name in cited.provisions for cited in citations(tree))]
                if mine:
                    yield from (f"## As a condition, from {max(day, FIRST_DAY)} on", "")
                    yield f"*{NAMES_OF_CONDITIONS[condition]}*, {verdict}:"
                    yield ""
                    yield from (f"- `{tree.reason}`: {sentence(tree)}" for tree in mine)
                    yield ""
                    yield from ("```{graphviz}", graph(f"{condition}: {verdict}", mine), "```", "")
                    return


def _rows_of(name: str) -> Iterator[str]:
    law = current()
    rows = [row for row in law.sectors if row.basis == name]
    if rows:
        yield from ("## Rows of the list of sectors", "")
        yield from table(SECTOR_HEADS, (sector_cells(row, dated=True) for row in rows))
    codes = [row for row in law.nace if row.basis == name]
    if codes:
        yield from ("## Main activities (NACE-BEL 2008)", "")
        told = ((f"`{row.nace}`", row.list, span(row.effective_from, row.effective_to)) for row in codes)
        yield from table(("code", "list", "in force"), told)


@cache
def touched_by(reading: str) -> frozenset[str]:
    """The provisions of the ways and bars that another value of a reading changes, on any day."""
    law, found = current(), set()
    for day in law.eras:
        default = _cited(law.on(day))
        for value in READINGS[reading].values[1:]:
            found |= {name for tree in default ^ _cited(law.on(day, ((reading, value),))) for name in tree.provisions}
    return frozenset(found)


def _cited(era: Era) -> frozenset[Cited]:
    return frozenset(tree for verdicts in ways(era).values() for trees in verdicts.values() for tree in trees)


SECTOR_HEADS = ("effect", "committee", "name", "asks for", "basis", "in force")


def sector_cells(row: object, *, dated: bool) -> tuple[str, ...]:
    """A row of the list of sectors as cells."""
    asks = [f"main activity {VALUES['main_activity'].get(row.nace_list, row.nace_list)}"] if row.nace_list else []
    asks += [f"activity: {VALUES['activity'][row.activity]}"] if row.activity else []
    asks += [VALUES["authority"][row.authority]] if row.authority else []
    asks += ["in the bakery fund"] if row.bakery_fund else []
    asks += [] if row.public is None else ["public employer" if row.public else "private employer"]
    committee = {"": "any", "*": "any"}.get(row.jc, row.jc)
    cells = (row.effect, committee, row.name, "; ".join(asks), link(row.basis))
    return (*cells, span(row.effective_from, row.effective_to)) if dated else cells


def condition_page(condition: str) -> Iterator[str]:
    """One condition: its name in four languages, how it reads on which days, and its decision tables."""
    say = {code: speaker(code) for code in LANGUAGES}
    yield f"# {NAMES_OF_CONDITIONS[condition]}"
    yield ""
    names = [say[code](NAMES_OF_CONDITIONS[condition]) for code in LANGUAGES]
    yield from table(LANGUAGES, [names])
    mine = [each for each in provisions() if each.condition == condition]
    if mine:
        yield from ("## Provisions", "")
        yield from provision_table(mine)
    if condition in {"sector", "function"}:
        yield "It is decided by the rows of the [list of sectors](/law/sectors.md), the narrowest row before others."
        yield ""
        return
    for first, last, era in spans(condition):
        yield from (f"## {span(max(first, FIRST_DAY), last).capitalize()}", "")
        for verdict, trees in ways(era)[condition].items():
            yield f"{verdict.capitalize()}:" if trees else f"{verdict.capitalize()}: never."
            yield ""
            for tree in trees:
                text = REASONS[tree.reason].rstrip(".")
                yield f"- {text} (`{tree.reason}`, {links(tree.provisions)}): {sentence(tree)}"
            yield ""
        yield from decision_tables(condition, era)
        for verdict, trees in ways(era)[condition].items():
            if trees:
                yield from ("```{graphviz}", graph(f"{condition}: {verdict}", trees), "```", "")


def decision_tables(condition: str, era: Era) -> Iterator[str]:
    """The decision table of a condition in an era; of a tie also that through an agency."""
    for name, group in groups(condition, era):
        cells = Trees(group, {})
        facts = [fact for fact in cells.facts if len(cells.values[fact]) > 1]
        if not facts:
            continue
        rows = []
        for level, mine in enumerate(cells.verdicts()):
            for values, _ in covering(cells, mine) if mine else ():
                told = [
                    ", ".join(
                        value_text(fact, word) for word in cells.words(fact, values[fact])
                    ) if fact in values else "\N{EN DASH}"
                    for fact in facts
                ]  # fmt: skip
                rows.append((*told, f"**{WORDS_OF_VERDICTS[VERDICTS[level].value]}**"))
        yield f"Decision table{name}. Hit policy: any (rows that overlap say the same); \N{EN DASH} does not matter."
        yield ""
        yield from (":::{div} wide", "")
        yield from table((*(FACTS[NAMES.get(fact, fact)] for fact in facts), "verdict"), rows)
        yield from (":::", "")


def groups(condition: str, era: Era) -> Iterator[tuple[str, Group]]:
    """The group of a condition alone, and of a tie also through an agency where that differs."""

    def always(_: dict[str, object]) -> bool:
        return True

    work, papers = work_group(era), papers_group(era)
    if condition in work.ways:
        yield "", work._replace(ways={condition: work.ways[condition]})
    elif condition in papers.ways:
        bars = {condition: papers.otherwise[condition]}
        yield "", papers._replace(ways={condition: papers.ways[condition]}, otherwise=bars, feasible=_filed)
    else:
        direct, agency = (link_group(era, via_agency=via).ways.get(condition, ()) for via in (False, True))
        if direct:
            yield "", link_group(era, via_agency=False)._replace(ways={condition: direct}, feasible=always)
        if agency and agency != direct:
            group = link_group(era, via_agency=True)
            yield ", through an agency", group._replace(ways={condition: agency}, feasible=always)


def _filed(facts: dict[str, object]) -> bool:
    """What is still to be filed was not blocked."""
    return not (facts.get("blocked") and facts.get("filing") == "ahead")


def provision_table(rows: Iterable[Provision]) -> Iterator[str]:
    """Provisions with their words, dates and how sure they are."""
    yield from table(
        ("provision", "what it says, in our words", "in force", "how sure"),
        (
            (link(each.id), each.content, span(each.effective_from, each.effective_to), f"`{each.confidence}`")
            for each in rows
        ),
    )


def index_page() -> Iterator[str]:
    """Everything that the law says, condition by condition, in the order of a reader's questions."""
    law = current()
    yield from ("# The law", "")
    yield (
        f"Every paragraph that the library knows, in our words, from {FIRST_DAY} to {law.horizon}; ruleset "
        f"{law.name}, sources gone through on {VERIFIED_ON}. A click on a provision shows its citation, the link to "
        "its text, what comes of it, and the cases that show it."
    )
    yield ""
    yield "Search in the page (Ctrl+F), or go by condition:"
    yield ""
    yield from (f"- {of_condition(name)}" for name in CONDITIONS)
    yield from ("- [The list of sectors](sectors.md)", "- [What changed, day by day](changes.md)")
    yield from ("- [What is not settled](open.md)", "- [From paragraph to case](matrix.md)", "")
    for condition in (*CONDITIONS, "none"):
        mine = [each for each in provisions() if each.condition == condition]
        if mine:
            title = NAMES_OF_CONDITIONS.get(condition, "Beside the conditions")
            yield from (f"## {title}", "")
            yield from provision_table(mine)
    yield from toctree(
        "sectors", "changes", "open", "matrix", *(f"conditions/{name}" for name in CONDITIONS), "provisions"
    )


def toctree(*names: str) -> Iterator[str]:
    """Pages below a page, for the list at its side."""
    yield from ("```{toctree}", ":hidden:", ":maxdepth: 1", "", *names, "```", "")


def provisions_page() -> Iterator[str]:
    """Every provision by its id."""
    yield from ("# All provisions", "")
    yield from provision_table(versions[-1] for versions in provision_versions().values())
    yield from toctree(*(f"provisions/{slug(name)}" for name in provision_versions()))


def sectors_page() -> Iterator[str]:
    """The list of sectors of every era, and a picture of all."""
    law = current()
    yield from ("# The list of sectors", "")
    yield (
        "What was open when. Every bar is a row of the list: green lets in, red keeps out, brown is not settled, blue "
        "is a limit on volume. The tables below say the same in words."
    )
    yield ""
    yield from (":::{div} wide", "", "```{raw} html", timeline(), "```", ":::", "")
    starts = [day for day in law.eras if "in-force" in law.on(day).turns]
    listed = [(day, law.on(day).rows) for day in starts]
    for place, (day, rows) in reversed([*enumerate(listed)]):
        if place and rows == listed[place - 1][1]:
            continue
        yield from (f"## From {max(day, FIRST_DAY)}", "")
        yield from table(SECTOR_HEADS[:-1], (sector_cells(row, dated=False) for row in rows))


EFFECTS = {"ALLOW": "#1a7f37", "DENY": "#b42318", "UNKNOWN": "#6b5200", "CAP": "#0b5cad"}


def timeline() -> str:
    """All rows of the list over all eras, as SVG."""
    from flexirules.markup import svg, tag

    law = current()
    first, last = FIRST_DAY, law.horizon
    wide, left, high = 640, 330, 15

    def x(day: date) -> float:
        return round(left + wide * (day - first).days / (last - first).days, 1)

    rows = sorted(law.sectors, key=lambda row: (row.jc in ("", "*"), row.jc, row.effective_from or first))
    years = [date(year, 1, 1) for year in range(2016, last.year + 1)]
    height = 24 + high * len(rows)
    ink = "#1f2328"
    return svg(
        tag(
            "svg",
            tag("title", f"Every row of the list of sectors, from {first.year} on"),
            tag("rect", width=left + wide + 10, height=height, fill="#ffffff"),
            (
                [
                    tag("line", x1=x(day), x2=x(day), y1=18, y2=height, stroke="#d1d9e0"),
                    tag("text", str(day.year), x=x(day), y=13, fill=ink, text_anchor="middle"),
                ]
                for day in years
            ),
            (
                [
                    tag("text", f"{row.jc} {row.name}"[:52], x=4, y=34 + high * place, fill=ink),
                    tag(
                        "rect",
                        tag("title", f"{row.effect}: {span(row.effective_from, row.effective_to)}"),
                        x=x(row.effective_from or first),
                        y=25 + high * place,
                        width=max(2, round(x(min(row.effective_to or last, last)) - x(row.effective_from or first), 1)),
                        height=high - 4,
                        fill=EFFECTS[row.effect],
                    ),
                ]
                for place, row in enumerate(rows)
            ),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {left + wide + 10} {height}",
            role="img",
            font_family="sans-serif",
            font_size=10,
        )
    )


def changes_page() -> Iterator[str]:
    """The days on which the law changed."""
    law = current()
    yield from ("# What changed", "")
    yield "Every class of cases whose answer differs between the day before and the day itself, from the law diff."
    yield ""
    days = [day for day in law.eras if day >= FIRST_DAY]
    yield from (f"- [{day}](changes/{day}.md)" for day in reversed(days))
    yield ""
    yield from toctree(*(f"changes/{day}" for day in reversed(days)))


def change_page(day: date) -> Iterator[str]:
    """What changed on one day."""
    from flexirules.lawdiff import diff

    found = diff(day - timedelta(1), day)
    yield from (f"# {day}", "")
    for title, rows in (("Began", found.began), ("Ended the day before", found.ended)):
        if rows:
            yield from (f"## {title}", "")
            yield from provision_table(rows)
    yield from ("## Cases whose answer differs", "")
    yield from ("```{raw} html", found.to_html(), "```", "") if found.rows else ("None.", "")


def matrix_page() -> Iterator[str]:
    """From paragraph to condition, message and case."""
    yield from ("# From paragraph to case", "")
    yield (
        "Every provision with the conditions in which it decides, the reasons that cite it, and cases that show it: "
        "official ones by their id, others from the cells of the law; and the properties that are proven of the group "
        "of that condition in every cell, as [the proof](/proof.md) tells them."
    )
    yield from ("", ":::{div} wide", "")
    rows = []
    for name, versions in provision_versions().items():
        cases = cases_by_provision().get(name, {})
        for (condition, reason), ids in cases.items():
            shown = ", ".join(f"`{each}`" for each in ids[:2])
            ids_of = ", ".join(f"`{each}`" for each in dict.fromkeys(each.id for each in proven_of(condition)))
            rows.append((link(name), f"[{condition}](/law/conditions/{condition}.md)", f"`{reason}`", shown, ids_of))
        if not cases:
            rows.append((link(name), versions[-1].condition, "", f"none: {versions[-1].informs}", ""))
    yield from table(("provision", "condition", "message", "cases", "proven properties"), rows)
    yield from (":::", "")


def open_page() -> Iterator[str]:
    """What is not settled: provisions, rows of the list of sectors, and where the texts end."""
    law = current()
    yield from ("# What is not settled", "")
    yield (
        f"The sources were gone through on {VERIFIED_ON}; the horizon is {law.horizon}. A decision for a later start "
        "is given on the law as it was known, and marked provisional. Where one of the following matters, the answer "
        "is *unknown*, or depends on a [named reading](/readings.md)."
    )
    yield ""
    for settled, title in (("no", "Open points"), ("default", "Decided by a named default")):
        mine = [each for each in provisions() if each.settled == settled]
        if mine:
            yield from (f"## {title}", "")
            yield from provision_table(mine)
    rows = [row for row in law.on(law.horizon).rows if row.effect == "UNKNOWN"]
    yield from ("## Rows of the list of sectors", "", f"In force on {law.horizon}:", "")
    yield from table((*SECTOR_HEADS[:-1], "remark"), ((*sector_cells(row, dated=False), row.note) for row in rows))
    yield from ("## Resting on little", "")
    yield "Provisions that decide, on one secondary source or on our own reading alone; the reason says so each time."
    yield ""
    yield from provision_table(p for p in provisions() if p.confidence in {"one", "inferred"} and not p.informs)


def readings_page() -> Iterator[str]:
    """Every named reading, and the provisions that it touches."""
    yield from ("# The readings", "")
    yield (
        "Where sources disagree, a named reading takes a side; the default comes first. A case or a caller may choose "
        'another (`evaluate(case, readings={"notice_employer": "any"})`), and a decision that depends on one says so.'
    )
    yield ""
    rows = []
    for reading in READINGS.values():
        values = ", ".join(f"`{value}`" for value in reading.values)
        acts_on = "the rows of the list of sectors" if reading.id == "sectors" else "how the facts of a case are read"
        touched = links(sorted(touched_by(reading.name))) or f"none: it acts on {acts_on}"
        rows.append((f"`{reading.name}`", reading.id, reading.why, values, touched))
    yield from table(("reading", "id", "what is disputed", "values", "provisions touched"), rows)


def pages() -> Iterator[tuple[str, str]]:
    """Every page about the law: its path without ending, and its text."""
    check()
    law = current()
    made = {
        "law/index": index_page(),
        "law/sectors": sectors_page(),
        "law/changes": changes_page(),
        "law/matrix": matrix_page(),
        "law/open": open_page(),
        "law/provisions": provisions_page(),
        "readings": readings_page(),
    }
    made |= {f"law/conditions/{name}": condition_page(name) for name in CONDITIONS}
    made |= {f"law/provisions/{slug(name)}": provision_page(name) for name in provision_versions()}
    made |= {f"law/changes/{day}": change_page(day) for day in law.eras if day >= FIRST_DAY}
    for path, lines in made.items():
        yield path, "\n".join(lines) + "\n"
