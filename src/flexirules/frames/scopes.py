"""Sector and function of wide rows: every combination of words that occurs is settled once, and found by its number."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, TypeVar

from flexirules.block import Block
from flexirules.frames.answers import MOST_CELLS, SCOPE, Memory, Part
from flexirules.frames.cases import Rows, case_of, names_of_our_own
from flexirules.frames.cells import SAID, SCOPE_FLAGS, SCOPE_TEXTS, Digits
from flexirules.frames.derived import derived
from flexirules.frames.folded import Columns, Ladder
from flexirules.frames.kinds import distinct, integers
from flexirules.frames.terms import Term, Truth, code, column, digits, every, flag, found, no, said, some
from flexirules.law.ruleset import Era
from flexirules.predicate import UNKNOWN
from flexirules.quarter import Quarter
from flexirules.settle.scope import scope

FEW_PLACES: Final = 1_000
"""So many combinations are settled without a look at which of them occur."""
_PLACE: Final = "_place"


class Scopes(NamedTuple):
    """What the combinations come to.

    ``settled``: in which rows nothing is open but law. ``lasting``: all combinations that there may be are among them.
    """

    sector: Ladder
    function: Ladder
    settled: Truth
    lasting: bool


def scopes(columns: Columns, quarter: Quarter, era: Era) -> Scopes | None:
    """What sector and function come to in an era; ``None`` where too many different things are said."""
    place, key = _placed(columns, era)
    numbers = [*range(key.size)]
    if key.size > FEW_PLACES:
        numbers = [n for (n,) in integers(distinct(derived(columns.frame, {_PLACE: place}), _PLACE), _PLACE)]
        if len(numbers) > MOST_CELLS:
            return None
    memory = Memory(SCOPE, key)
    blocks: dict[int, Block] = {}
    for number in numbers:
        if not memory.has(number):
            row = {"quarter": str(quarter), "employer": "mine", **dict(zip(key.names, key.read(number), strict=True))}
            memory.keep(number, Part((scope(case_of(row, Rows(), names_of_our_own()), era),)))
        (blocks[number],) = memory[number].part.blocks
    of_words = _by_words(columns, key, blocks) if key.size <= FEW_PLACES else None
    if of_words is not None:
        return of_words
    settled = _at(place, {number: int(_settled(block)) for number, block in blocks.items()}).same(1)
    sector, function = (_ladder(place, {n: _said(block, of) for n, block in blocks.items()}) for of in (0, 1))
    return Scopes(sector, function, settled, lasting=key.size <= FEW_PLACES)


def _placed(columns: Columns, era: Era) -> tuple[Term, Digits]:
    """The number of the combination of words in each row, and what such a number means."""
    key, parts = Digits(), []
    for name in SCOPE_TEXTS:
        choices = columns.choices(name) if columns.present(name) else []
        if choices:
            codes = {word: _code(choices, value) for word, value in columns.words(name).items()}
            parts.append((code(name, codes), len(choices) + 1))
        key.next(name, len(choices) + 1, [None, *choices].__getitem__)
    for name in SCOPE_FLAGS:
        if columns.present(name):
            parts.append((said(name), len(SAID)))
        key.next(name, len(SAID) if columns.present(name) else 1, SAID.__getitem__)
    key.next("via", 1)
    key.next("law", 1, lambda _: era)
    return digits(parts), key


def _code(choices: Sequence[object], value: object) -> int:
    return 0 if value is None else 1 + choices.index(value)


_Said: TypeAlias = tuple[int, str]
"""A verdict and its reason."""


def _said(block: Block, of: int) -> _Said:
    ladder = block.ladders[of]
    return ladder.rank, ladder.reason


def _settled(block: Block) -> bool:
    """Whether nothing is open but law: then the outcomes are those of the lowest verdict."""
    return not block.matters and block.levels == (0b1001 if block.rank == UNKNOWN else 1 << block.rank)


def _ladder(place: Term, rungs: Mapping[int, _Said]) -> Ladder:
    """A ladder by what a number comes to; what most numbers say comes last."""
    *others, last = [rung for rung, _ in reversed(Counter(rungs.values()).most_common())]
    classes = {rung: number for number, rung in enumerate((last, *others))}
    at = _at(place, {number: classes[rung] for number, rung in rungs.items()})
    return [*((at.same(classes[rung]), *rung) for rung in others), (True, *last)]


def _at(place: Term, numbers: Mapping[int, int]) -> Term:
    return found(place, [*numbers], [*numbers.values()])


# --- without a number ------------------------------------------------------------------------------------------------

MOST_WORDS: Final = 60
"""With more words to be looked for in a row a number is found sooner."""
_Row: TypeAlias = tuple[object, ...]
"""A combination: a value for each column."""
What = TypeVar("What", bound=Hashable)
"""What a combination comes to."""


def _by_words(columns: Columns, key: Digits, blocks: Mapping[int, Block]) -> Scopes | None:
    """What the combinations come to by the words themselves, if these are few; every combination is there."""
    names = [name for name in key.names if name in (*SCOPE_TEXTS, *SCOPE_FLAGS)]
    rows = {key.read(number)[: len(names)]: block for number, block in blocks.items()}
    opened = {row: not _settled(block) for row, block in rows.items()}
    # Values that leave everything open: such rows are not asked anything else.
    shut = [
        (place, value)
        for place in range(len(names))
        for value in dict.fromkeys(row[place] for row in rows)
        if all(is_open for row, is_open in opened.items() if row[place] == value)
    ]
    # Where all is open nothing is asked: any combination says it.
    rest = [row for row in rows if not any(row[place] == value for place, value in shut)] or [*rows][:1]
    left = _asked(columns, names, {row: opened[row] for row in rest}).get(True, False)
    settled = no(some(left, *(_holds(columns, names[place], [value]) for place, value in shut)))
    sector, function = (_rungs(_asked(columns, names, {row: _said(rows[row], of) for row in rest})) for of in (0, 1))
    words = sum(map(_words, (settled, *(truth for truth, _, _ in (*sector, *function)))))
    return Scopes(sector, function, settled, lasting=True) if words <= MOST_WORDS else None


def _asked(columns: Columns, names: Sequence[str], rows: Mapping[_Row, What]) -> dict[What, Truth]:
    """Of each thing that the combinations come to where it is so, by as few columns as can be."""
    if len({*rows.values()}) == 1:
        return {next(iter(rows.values())): True}
    splits = [_split(place, rows) for place in range(len(names))]
    # Of the columns on which something hangs that by which the fewest parts are made.
    place = min((p for p, parts in enumerate(splits) if len(parts) > 1), key=lambda p: len(splits[p]))
    found: dict[What, Truth] = {}
    for part, values in splits[place].items():
        here = _holds(columns, names[place], values)
        for what, truth in _asked(columns, [*names[:place], *names[place + 1 :]], dict(part)).items():
            found[what] = some(found.get(what, False), every(here, truth))
    return found


def _split(place: int, rows: Mapping[_Row, What]) -> dict[frozenset[tuple[_Row, What]], list[object]]:
    """The values of a column by what hangs on the others where they stand."""
    held: dict[object, list[tuple[_Row, What]]] = {}
    for row, what in rows.items():
        held.setdefault(row[place], []).append(((*row[:place], *row[place + 1 :]), what))
    parts: dict[frozenset[tuple[_Row, What]], list[object]] = {}
    for value, others in held.items():
        parts.setdefault(frozenset(others), []).append(value)
    return parts


def _holds(columns: Columns, name: str, values: Sequence[object]) -> Truth:
    """Whether a column holds one of some values; ``None`` is that it holds none."""
    there = [value for value in values if value is not None]
    missing = None in values and (not columns.present(name) or column(name).missing)
    if name in SCOPE_TEXTS:
        return some(missing, columns.word(name, there))
    return some(missing, True in there and flag(name), False in there and said(name).same(1))


def _rungs(asked: Mapping[_Said, Truth]) -> Ladder:
    """A ladder, at the end of which stands what takes most words to ask for."""
    *others, last = sorted(asked, key=lambda what: _words(asked[what]))
    return [*((asked[what], *what) for what in others), (True, *last)]


def _words(truth: Truth) -> int:
    """How many words a truth looks for in a row."""
    if isinstance(truth, bool):
        return 0
    return len(truth.args[1]) if truth.op == "word" else sum(map(_words, truth.terms))
